/* query: percent-decoding and the checks that keep surprises out of handlers. '+' is a space, as forms and URLSearchParams
 * write it, so the '+' of a time zone must come as %2B; "?flag" and "?flag=" are the same empty value. */
#include "server/query.h"

#include "server/percent.h"

/* False on a broken escape, on control characters (NUL among them) and on what is not UTF-8. */
static bool decode(struct arena *arena, str raw, str *out) {
    char *p = arena_alloc(arena, raw.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < raw.n; i++) {
        char c = raw.p[i] == '+' ? ' ' : raw.p[i];
        if (c == '%') {
            if (!percent_decode(raw, i, &c)) return false;
            i += 2;
        }
        if ((unsigned char)c < 0x20 || c == 0x7f) return false;
        p[n++] = c;
    }
    *out = (str){p, n};
    return str_is_utf8(*out, NULL);
}

enum { KNOWN_MAX = 32 };

static size_t cut_known(const char *known, str names[KNOWN_MAX]) {
    size_t n = 0;
    for (str rest = str_of(known); rest.p && n < KNOWN_MAX;) {
        str name = str_cut(&rest, ' ');
        if (name.n) names[n++] = name;
    }
    return n;
}

/* Names longer than this are cut for the message; a cut may split a character, which the JSON writer mends. */
enum { PARAM_NAME_MAX = 40 };

static enum err unknown(str name, const str *names, size_t count, struct fault *fault) {
    if (name.n > PARAM_NAME_MAX) name.n = PARAM_NAME_MAX;
    if (!count)
        return fail(fault, ERR_UNKNOWN_PARAMETER, "Unknown parameter \"%.*s\": this address takes none",
                    STR_ARG(name));
    str near = str_nearest(name, names, count);
    if (near.p)
        return fail(fault, ERR_UNKNOWN_PARAMETER, "Unknown parameter \"%.*s\"; did you mean \"%.*s\"?",
                    STR_ARG(name), STR_ARG(near));
    char list[300];
    size_t n = 0;
    for (size_t i = 0; i < count && n + names[i].n + 2 < sizeof list; i++) {
        if (i) {
            memcpy(list + n, ", ", 2);
            n += 2;
        }
        memcpy(list + n, names[i].p, names[i].n);
        n += names[i].n;
    }
    return fail(fault, ERR_UNKNOWN_PARAMETER, "Unknown parameter \"%.*s\"; this address knows: %.*s",
                STR_ARG(name), (int)n, list);
}

static bool is_known(str name, const str *names, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (str_eq(name, names[i])) return true;
    return false;
}

enum err query_parse(struct arena *arena, str raw, const char *known, struct fault *fault,
                     struct pair out[QUERY_MAX], size_t *out_count) {
    str names[KNOWN_MAX];
    size_t known_count = cut_known(known, names), n = 0;
    for (str rest = raw; rest.p;) {
        str value = str_cut(&rest, '&');
        if (!value.n) continue;
        str name = str_cut(&value, '=');
        if (!decode(arena, name, &name))
            return fail(fault, ERR_BAD_PARAMETER, "A parameter name is not percent-encoded UTF-8 text");
        if (!is_known(name, names, known_count)) return unknown(name, names, known_count, fault);
        if (!decode(arena, value, &value))
            return fail(fault, ERR_BAD_PARAMETER,
                        "The value of \"%.*s\" is not percent-encoded UTF-8 text without control characters",
                        STR_ARG(name));
        for (size_t i = 0; i < n; i++)
            if (str_eq(out[i].name, name))
                return fail(fault, ERR_BAD_PARAMETER, "The parameter \"%.*s\" is given twice", STR_ARG(name));
        if (n == QUERY_MAX) return fail(fault, ERR_BAD_PARAMETER, "More than %d parameters", QUERY_MAX);
        out[n++] = (struct pair){name, value};
    }
    *out_count = n;
    return OK;
}
