#include "returns/json_lex.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"

enum { NAME_ROOM = 4096 }; /* a name with escapes is at most as long */

void json_lex_begin(struct json_lex *x, str text, struct fault *fault) {
    *x = (struct json_lex){.p = text.p, .end = text.p + text.n, .line = 1, .fault = fault};
}

void json_lex_end(struct json_lex *x) {
    key_set_free(&x->keys);
}

bool json_lex_fail(struct json_lex *x, const char *format, ...) {
    char what[200];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    fail(x->fault, ERR_MALFORMED, "Line %u: %s", (unsigned)x->line, what);
    return false;
}

/* What stands at p, for a message. */
static const char *found(const struct json_lex *x, char out[24]) {
    if (x->p >= x->end) return "the end of the body";
    unsigned char c = (unsigned char)*x->p;
    if (c > ' ' && c < 0x7f) snprintf(out, 24, "'%c'", c);
    else snprintf(out, 24, "byte 0x%02X", c);
    return out;
}

void json_lex_space_slow(struct json_lex *x) {
    for (; x->p < x->end; x->p++) {
        char c = *x->p;
        if (c == '\n') x->line++;
        else if (c == '\r') x->line += !(x->p + 1 < x->end && x->p[1] == '\n');
        else if (c != ' ' && c != '\t') return;
    }
}

bool json_lex_expect(struct json_lex *x, char c, const char *what) {
    char here[24];
    if (json_lex_peek(x) != c) return json_lex_fail(x, "%s expected, found %s.", what, found(x, here));
    x->p++;
    json_lex_space(x);
    return true;
}

/* ---- strings ---- */

static int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Four hex digits at p, or -1. */
static int32_t code_unit(const char *p, const char *end) {
    int32_t unit = 0;
    if (end - p < 4) return -1;
    for (int i = 0; i < 4; i++) {
        int v = hex_value(p[i]);
        if (v < 0) return -1;
        unit = unit << 4 | v;
    }
    return unit;
}

static bool is_high(int32_t unit) {
    return unit >= 0xd800 && unit <= 0xdbff;
}
static bool is_low(int32_t unit) {
    return unit >= 0xdc00 && unit <= 0xdfff;
}

/* p stands on the backslash; afterwards behind the escape. */
static bool check_escape(struct json_lex *x) {
    char c = x->end - x->p > 1 ? x->p[1] : '\0';
    if (c != 'u') {
        if (!c || !memchr("\"\\/bfnrt", c, 8))
            return json_lex_fail(x, "a backslash begins an escape that JSON does not have.");
        x->p += 2;
        return true;
    }
    int32_t unit = code_unit(x->p + 2, x->end);
    if (unit < 0) return json_lex_fail(x, "\\u must be followed by four hexadecimal digits.");
    if (unit == 0) return json_lex_fail(x, "\\u0000 is not a character that can be stored.");
    x->p += 6;
    if (is_low(unit)) return json_lex_fail(x, "\\u%04x is half of a surrogate pair.", (unsigned)unit);
    if (!is_high(unit)) return true;
    bool pair =
        x->end - x->p >= 6 && x->p[0] == '\\' && x->p[1] == 'u' && is_low(code_unit(x->p + 2, x->end));
    if (!pair) return json_lex_fail(x, "\\u%04x is half of a surrogate pair.", (unsigned)unit);
    x->p += 6;
    return true;
}

bool json_lex_string(struct json_lex *x, struct json_string *out) {
    const char *from = ++x->p;
    bool escaped = false;
    for (;;) {
        while (x->p < x->end && *x->p != '"' && *x->p != '\\' && (unsigned char)*x->p >= 0x20)
            x->p++;
        if (x->p == x->end) return json_lex_fail(x, "the body ends within a string.");
        if (*x->p == '"') break;
        if (*x->p != '\\')
            return json_lex_fail(
                x, "a line break or control character stands within a string; write it as an escape.");
        escaped = true;
        if (!check_escape(x)) return false;
    }
    *out = (struct json_string){{from, (size_t)(x->p - from)}, escaped};
    x->p++;
    return true;
}

static size_t put_utf8(char *out, uint32_t c) {
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

/* One checked escape: what it means to out, and how many bytes of raw it takes. */
static size_t unescape_one(const char *p, const char *end, char *out, size_t *out_n) {
    static const char FROM[] = "\"\\/bfnrt", TO[] = "\"\\/\b\f\n\r\t";
    if (p[1] != 'u') {
        *out = TO[(const char *)memchr(FROM, p[1], 8) - FROM];
        *out_n = 1;
        return 2;
    }
    uint32_t unit = (uint32_t)code_unit(p + 2, end);
    size_t took = 6;
    if (is_high((int32_t)unit)) {
        unit = 0x10000 + ((unit - 0xd800) << 10) + ((uint32_t)code_unit(p + 8, end) - 0xdc00);
        took = 12;
    }
    *out_n = put_utf8(out, unit);
    return took;
}

bool json_string_unescape(str raw, char *out, size_t room, size_t *out_n) {
    size_t n = 0;
    for (size_t i = 0; i < raw.n;) {
        if (n + 4 > room) return false;
        if (raw.p[i] != '\\') {
            out[n++] = raw.p[i++];
            continue;
        }
        size_t added;
        i += unescape_one(raw.p + i, raw.p + raw.n, out + n, &added);
        n += added;
    }
    *out_n = n;
    return true;
}

bool json_lex_key(struct json_lex *x, struct json_string name, uint32_t object) {
    char plain[NAME_ROOM];
    str text = name.raw;
    if (name.escaped) {
        size_t n;
        if (!json_string_unescape(name.raw, plain, sizeof plain, &n))
            return json_lex_fail(x, "a property name is longer than %d bytes.", NAME_ROOM);
        text = (str){plain, n};
    }
    enum key_put put = key_set_put(&x->keys, hash128_of(text), object);
    if (put == KEY_NO_ROOM) return json_lex_fail(x, "an object has more than %d properties.", KEY_SET_MOST);
    if (put == KEY_REPEATED) return json_lex_fail(x, "an object has the same property twice.");
    return true;
}

/* ---- numbers and literals ---- */

static bool digits(struct json_lex *x) {
    const char *from = x->p;
    while (x->p < x->end && ascii_is_digit(*x->p))
        x->p++;
    return x->p > from;
}

bool json_lex_number(struct json_lex *x, str *out) {
    const char *from = x->p;
    if (*x->p == '-') x->p++;
    bool zero = json_lex_peek(x) == '0';
    bool good = digits(x) && !(zero && x->p - from > 1 + (*from == '-'));
    if (good && json_lex_peek(x) == '.') {
        x->p++;
        good = digits(x);
    }
    if (good && (json_lex_peek(x) == 'e' || json_lex_peek(x) == 'E')) {
        x->p++;
        if (json_lex_peek(x) == '+' || json_lex_peek(x) == '-') x->p++;
        good = digits(x);
    }
    if (!good) return json_lex_fail(x, "a number is not written as JSON wants it.");
    *out = (str){from, (size_t)(x->p - from)};
    return true;
}

bool json_lex_literal(struct json_lex *x, const char *word) {
    size_t n = strlen(word);
    char here[24];
    if ((size_t)(x->end - x->p) < n || memcmp(x->p, word, n) != 0)
        return json_lex_fail(x, "a value expected, found %s.", found(x, here));
    x->p += n;
    return true;
}

/* ---- skipping ---- */

struct skipping {
    unsigned depth;                   /* levels open within the skipped value */
    uint32_t object[JSON_DEPTH_MOST]; /* serial number of each, 0 of an array */
};

/* A value that is no container; p stands on its first byte. */
static bool skip_scalar(struct json_lex *x) {
    struct json_string string;
    str number;
    char c = json_lex_peek(x);
    if (c == '"') return json_lex_string(x, &string);
    if (c == '-' || ascii_is_digit(c)) return json_lex_number(x, &number);
    return json_lex_literal(x, c == 't' ? "true" : c == 'f' ? "false" : "null");
}

static bool skip_name(struct json_lex *x, uint32_t object) {
    struct json_string name;
    char here[24];
    if (json_lex_peek(x) != '"')
        return json_lex_fail(x, "a property name in quotes expected, found %s.", found(x, here));
    if (!json_lex_string(x, &name) || !json_lex_key(x, name, object)) return false;
    json_lex_space(x);
    return json_lex_expect(x, ':', "a colon");
}

/* p stands behind a value: closes what ends here, and stands on the next value, or leaves depth 0. */
static bool skip_to_next(struct json_lex *x, struct skipping *s) {
    while (s->depth) {
        uint32_t object = s->object[s->depth - 1];
        char here[24];
        json_lex_space(x);
        char c = json_lex_peek(x);
        if (c == (object ? '}' : ']')) {
            x->p++;
            s->depth--;
            continue;
        }
        if (c != ',')
            return json_lex_fail(x, "a comma or a closing bracket expected, found %s.", found(x, here));
        x->p++;
        json_lex_space(x);
        return object ? skip_name(x, object) : true;
    }
    return true;
}

bool json_lex_skip(struct json_lex *x, unsigned depth) {
    struct skipping s = {.depth = 0};
    do {
        char c = json_lex_peek(x);
        if (c != '{' && c != '[') {
            if (!skip_scalar(x) || !skip_to_next(x, &s)) return false;
            continue;
        }
        if (depth + s.depth == JSON_DEPTH_MOST)
            return json_lex_fail(x, "values are nested more than %d deep.", JSON_DEPTH_MOST);
        uint32_t object = c == '{' ? ++x->objects : 0;
        s.object[s.depth++] = object;
        x->p++;
        json_lex_space(x);
        if (json_lex_peek(x) == (object ? '}' : ']')) {
            x->p++;
            s.depth--;
            if (!skip_to_next(x, &s)) return false;
        } else if (object && !skip_name(x, object)) {
            return false;
        }
    } while (s.depth);
    return true;
}
