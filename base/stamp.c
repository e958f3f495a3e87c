#include "base/stamp.h"

#include <inttypes.h>
#include <stdio.h>

enum { ID_MOST = 64 };

const char *stamp_format(struct stamp s, char out[STAMP_TEXT]) {
    out[0] = '\0';
    if (s.service.n && s.service.n <= ID_MOST && s.number > 0)
        snprintf(out, STAMP_TEXT, "%.*s:%" PRId64, STR_ARG(s.service), s.number);
    return out;
}

bool stamp_parse(str text, struct stamp *out) {
    uint64_t number;
    str rest = text, service = str_cut(&rest, ':');
    if (!rest.p || !service.n || service.n > ID_MOST) return false;
    if (!str_to_uint(rest, INT64_MAX, &number) || number == 0) return false;
    *out = (struct stamp){service, (int64_t)number};
    return true;
}

bool stamp_covers(struct stamp have, struct stamp asked) {
    return str_eq(have.service, asked.service) && have.number >= asked.number;
}
