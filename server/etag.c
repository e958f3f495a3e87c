/* etag: reads the lists of If-None-Match. An etag may hold commas, so the lists are read quote by quote, not cut at commas. */
#include "server/etag.h"

static str skip_separators(str s) {
    while (s.n && (s.p[0] == ' ' || s.p[0] == '\t' || s.p[0] == ','))
        s = str_sub(s, 1, s.n);
    return s;
}

static bool list_has(str list, str etag) {
    for (str s = skip_separators(list); s.n; s = skip_separators(s)) {
        if (s.p[0] == '*') return true;
        if (str_starts_with(s, STR("W/"))) s = str_sub(s, 2, s.n);
        if (!s.n || s.p[0] != '"') return false;
        size_t end = 1 + str_find(str_sub(s, 1, s.n), '"');
        if (end >= s.n) return false;
        if (str_eq(str_sub(s, 0, end + 1), etag)) return true;
        s = str_sub(s, end + 1, s.n);
    }
    return false;
}

bool etag_is_known(const struct request *r, str etag) {
    for (size_t i = 0; i < r->header_count; i++)
        if (str_eq_nocase(r->headers[i].name, STR("If-None-Match")) && list_has(r->headers[i].value, etag))
            return true;
    return false;
}
