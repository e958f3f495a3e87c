#include "handlers/lookups_write.h"

void version_lookups_write(struct json *j, const struct store_version_lookup *all, size_t count,
                           enum part_id part, int32_t version) {
    json_array_begin(j);
    for (size_t i = 0; i < count; i++) {
        if (all[i].part != part || all[i].version != version) continue;
        json_object_begin(j);
        json_field_str(j, "lookup", all[i].lookup);
        json_field_str(j, "edition", all[i].edition.n ? all[i].edition : STR_NONE);
        json_field_int(j, "version", all[i].lookup_version);
        json_end(j);
    }
    json_end(j);
}
