#include "handlers/json_body.h"

#include "kpi/json_words.h"
#include "returns/personal.h"

/* Members that no person reads as a text, and that may look like numbers of one. */
static bool is_for_machines(const char *name) {
    static const char *const MEMBERS[] = {"url", "secret", "after"};
    for (size_t i = 0; i < sizeof MEMBERS / sizeof *MEMBERS; i++)
        if (strcmp(name, MEMBERS[i]) == 0) return true;
    return false;
}

static enum err check_text(struct request *r, const char *name, const json_t *value) {
    if (json_is_null(value)) return OK;
    if (!json_is_string(value)) return fail(&r->fault, ERR_INVALID, "/%s must be a text.", name);
    if (json_string_length(value) > JSON_BODY_TEXT_MAX)
        return fail(&r->fault, ERR_INVALID, "/%s is longer than %d bytes.", name, JSON_BODY_TEXT_MAX);
    const char *personal = is_for_machines(name)
                               ? NULL
                               : personal_find((str){json_string_value(value), json_string_length(value)});
    if (personal)
        return fail(&r->fault, ERR_INVALID, "/%s seems to hold %s. Write nothing about single people.", name,
                    personal);
    return OK;
}

static enum err check_name(struct request *r, const char *known, const char *name) {
    str names[24];
    size_t n = 0;
    for (str rest = str_of(known), one = str_cut(&rest, ' '); one.p && n < 24; one = str_cut(&rest, ' '))
        names[n++] = one;
    for (size_t i = 0; i < n; i++)
        if (str_is(names[i], name)) return OK;
    str near = str_nearest(str_of(name), names, n);
    if (near.p)
        return fail(&r->fault, ERR_INVALID, "There is no member '%.60s'. Did you mean '%.*s'?", name,
                    STR_ARG(near));
    return fail(&r->fault, ERR_INVALID, "There is no member '%.60s'. Known: %s.", name, known);
}

enum err json_body_malformed(struct fault *fault, const json_error_t *error) {
    return fail(fault, ERR_MALFORMED, "Line %d, column %d of the JSON: %.*s.", error->line, error->column,
                STR_ARG(json_words(error)));
}

static enum err read_object(struct request *r, const char *known, bool only_texts, json_t **out) {
    if (str_trim(r->body).n == 0) {
        *out = json_object();
        return OK;
    }
    json_error_t error;
    json_t *body = json_loadb(r->body.p, r->body.n, JSON_REJECT_DUPLICATES, &error);
    if (!body) return json_body_malformed(&r->fault, &error);
    enum err e = json_is_object(body) ? OK : fail(&r->fault, ERR_INVALID, "Send a JSON object.");
    const char *name;
    json_t *value;
    if (e == OK) {
        json_object_foreach(body, name, value) {
            e = check_name(r, known, name);
            if (e == OK && only_texts) e = check_text(r, name, value);
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

enum err json_body_read(struct request *r, const char *known, json_t **out) {
    return read_object(r, known, true, out);
}

enum err json_body_read_any(struct request *r, const char *known, json_t **out) {
    return read_object(r, known, false, out);
}

enum err json_body_take_text(struct request *r, const json_t *body, const char *name, str *out) {
    const json_t *v = json_object_get(body, name);
    if (!v || json_is_null(v)) return OK;
    enum err e = check_text(r, name, v);
    if (e == OK) *out = json_body_text(r, body, name);
    return e;
}

enum err json_body_take_number(struct request *r, const json_t *body, const char *name, uint64_t least,
                               uint64_t most, uint64_t *out) {
    const json_t *v = json_object_get(body, name);
    if (!v || json_is_null(v)) return OK;
    json_int_t n = json_integer_value(v);
    if (!json_is_integer(v) || n < 0 || (uint64_t)n < least || (uint64_t)n > most)
        return fail(&r->fault, ERR_INVALID, "/%s must be a whole number from %llu to %llu.", name,
                    (unsigned long long)least, (unsigned long long)most);
    *out = (uint64_t)n;
    return OK;
}

enum err json_body_take_list(struct request *r, const json_t *body, const char *name, str *out) {
    const json_t *list = json_object_get(body, name);
    struct buf joined = BUF_EMPTY;
    size_t i;
    const json_t *one;
    enum err e = OK;
    if (!list || json_is_null(list)) return OK;
    if (!json_is_array(list)) return fail(&r->fault, ERR_INVALID, "/%s must be a list of texts.", name);
    json_array_foreach(list, i, one) {
        if (!json_is_string(one)) e = fail(&r->fault, ERR_INVALID, "/%s/%zu must be a text.", name, i);
        if (e != OK) break;
        if (i) buf_add_char(&joined, ',');
        buf_add(&joined, json_string_value(one), json_string_length(one));
    }
    if (joined.n > JSON_BODY_TEXT_MAX)
        e = fail(&r->fault, ERR_INVALID, "/%s is longer than %d bytes.", name, JSON_BODY_TEXT_MAX);
    if (e == OK) *out = arena_str(r->arena, buf_str(&joined));
    buf_free(&joined);
    return e;
}

str json_body_text(struct request *r, const json_t *body, const char *name) {
    const json_t *v = json_object_get(body, name);
    if (!json_is_string(v)) return STR("");
    return arena_str(r->arena, str_trim((str){json_string_value(v), json_string_length(v)}));
}

bool json_body_has(const json_t *body, const char *name) {
    return json_object_get(body, name) != NULL;
}
