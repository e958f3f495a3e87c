#include "handlers/json_body.h"

static enum err check_member(struct request *r, const char *known, const char *name, const json_t *value) {
    str names[24];
    size_t n = 0;
    for (str rest = str_of(known), one = str_cut(&rest, ' '); one.p && n < 24; one = str_cut(&rest, ' '))
        names[n++] = one;
    for (size_t i = 0; i < n; i++) {
        if (!str_is(names[i], name)) continue;
        if (json_is_null(value)) return OK;
        if (!json_is_string(value)) return fail(&r->fault, ERR_INVALID, "/%s must be a text.", name);
        if (json_string_length(value) > JSON_BODY_TEXT_MAX)
            return fail(&r->fault, ERR_INVALID, "/%s is longer than %d bytes.", name, JSON_BODY_TEXT_MAX);
        return OK;
    }
    str near = str_nearest(str_of(name), names, n);
    if (near.p)
        return fail(&r->fault, ERR_INVALID, "There is no member '%.60s'. Did you mean '%.*s'?", name,
                    STR_ARG(near));
    return fail(&r->fault, ERR_INVALID, "There is no member '%.60s'. Known: %s.", name, known);
}

enum err json_body_read(struct request *r, const char *known, json_t **out) {
    if (str_trim(r->body).n == 0) {
        *out = json_object();
        return OK;
    }
    json_error_t error;
    json_t *body = json_loadb(r->body.p, r->body.n, JSON_REJECT_DUPLICATES, &error);
    if (!body) return fail(&r->fault, ERR_MALFORMED, "Line %d of the JSON: %.200s.", error.line, error.text);
    enum err e = json_is_object(body) ? OK : fail(&r->fault, ERR_INVALID, "Send a JSON object.");
    const char *name;
    json_t *value;
    if (e == OK) {
        json_object_foreach(body, name, value) {
            e = check_member(r, known, name, value);
            if (e != OK) break;
        }
    }
    if (e != OK) {
        json_decref(body);
        return e;
    }
    *out = body;
    return OK;
}

str json_body_text(struct request *r, const json_t *body, const char *name) {
    const json_t *v = json_object_get(body, name);
    if (!json_is_string(v)) return STR("");
    return arena_str(r->arena, str_trim((str){json_string_value(v), json_string_length(v)}));
}

bool json_body_has(const json_t *body, const char *name) {
    return json_object_get(body, name) != NULL;
}
