/* http: the small questions that handlers ask of a request. Pure over struct request; knows no library. */
#include "server/http.h"

#include "server/log.h"

str request_param(const struct request *r, const char *name) {
    str wanted = str_of(name);
    size_t n = 0;
    for (str rest = str_of(r->route->pattern); rest.p && n < PARAMS_MAX;) {
        str segment = str_cut(&rest, '/');
        if (segment.n < 3 || segment.p[0] != '{') continue;
        if (str_eq(str_sub(segment, 1, segment.n - 1), wanted)) return r->params[n];
        n++;
    }
    return STR("");
}

str request_query(const struct request *r, const char *name) {
    for (size_t i = 0; i < r->query_count; i++)
        if (str_is(r->query[i].name, name)) return r->query[i].value;
    return STR_NONE;
}

str request_header(const struct request *r, const char *name) {
    str wanted = str_of(name);
    for (size_t i = 0; i < r->header_count; i++)
        if (str_eq_nocase(r->headers[i].name, wanted)) return r->headers[i].value;
    return STR_NONE;
}

str request_content_type(const struct request *r) {
    str header = request_header(r, "Content-Type");
    if (!header.p) return STR_NONE;
    str type = str_trim(str_cut(&header, ';'));
    char *lower = arena_alloc(r->arena, type.n + 1);
    for (size_t i = 0; i < type.n; i++)
        lower[i] = ascii_lower(type.p[i]);
    return (str){lower, type.n};
}

enum err request_flag(struct request *r, const char *name, bool *out) {
    str value = request_query(r, name);
    if (!value.p || str_is(value, "false")) *out = false;
    else if (!value.n || str_is(value, "true")) *out = true;
    else return fail(&r->fault, ERR_BAD_PARAMETER, "The parameter %s is true or false", name);
    return OK;
}

void reply_header(struct request *r, struct reply *p, const char *name, str value) {
    for (size_t i = 0; i < p->header_count; i++)
        if (str_eq_nocase(p->headers[i].name, str_of(name))) {
            p->headers[i].value = arena_str(r->arena, value);
            return;
        }
    if (p->header_count == REPLY_HEADERS_MAX) {
        log_event(LOG_ERROR, "reply-header-refused", "name", name, "why", "too many", "correlationId",
                  r->correlation, NULL);
        return;
    }
    p->headers[p->header_count++] = (struct pair){str_of(name), arena_str(r->arena, value)};
}
