#include "handlers/event_types.h"

static enum err refuse(struct request *r, str name, enum err unknown) {
    struct buf known = BUF_EMPTY;
    for (int k = 0; k < EVENT_COUNT; k++)
        buf_printf(&known, "%s%s", k ? ", " : "", event_kind_name((enum event_kind)k));
    enum err e = fail(&r->fault, unknown,
                      "'%.*s' is no type of event; write some of these, with commas between: %.*s.",
                      STR_ARG(name), STR_ARG(buf_str(&known)));
    buf_free(&known);
    return e;
}

enum err event_types_read(struct request *r, str types, enum err unknown, uint32_t *out) {
    *out = 0;
    while (types.p) {
        enum event_kind kind;
        str name = str_cut(&types, ',');
        if (!event_kind_parse(name, &kind)) return refuse(r, name, unknown);
        *out |= 1u << kind;
    }
    return OK;
}
