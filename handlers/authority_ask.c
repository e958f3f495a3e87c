#include "handlers/authority_ask.h"

#include "returns/authority.h"

enum err query_authority(struct request *r, const char *name, uint32_t *out) {
    str v = request_query(r, name);
    if (!v.p) return OK;
    const struct authority *a = authority_by_code(v);
    if (!a) a = authority_by_name(v);
    if (a) {
        *out = (uint32_t)a->number;
        return OK;
    }
    const struct authority *near = authority_nearest(v);
    if (near)
        return fail(&r->fault, ERR_BAD_PARAMETER, "'%.*s' is no upper-tier authority. Did you mean %s (%s)?",
                    STR_ARG(v), near->name, near->code);
    return fail(&r->fault, ERR_BAD_PARAMETER,
                "'%.*s' is no English authority; write its GSS code (E09000012) or its name (Hackney).",
                STR_ARG(v));
}
