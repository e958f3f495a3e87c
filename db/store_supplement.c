#include "db/store_supplement.h"

#include "db/statements.h"

static str kept(const struct rows *rows, int row, int column, struct arena *a) {
    str s = rows_text(rows, row, column);
    return s.p ? arena_str(a, s) : STR_NONE;
}

enum err store_destinations_list(struct db *db, str service, str provider, int16_t period, int32_t version,
                                 struct arena *a, struct store_destination **out, size_t *out_count) {
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, provider);
    params_int2(&p, period);
    params_int4(&p, version);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_destinations_list, &p, &rows);
    if (e != OK) return e;
    int n = rows_count(&rows);
    struct store_destination *list = ARENA_ARRAY(a, struct store_destination, (size_t)n + 1);
    for (int i = 0; i < n; i++)
        list[i] =
            (struct store_destination){kept(&rows, i, 0, a), kept(&rows, i, 1, a), rows_int8(&rows, i, 2)};
    *out = list;
    *out_count = (size_t)n;
    return OK;
}
