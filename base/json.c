#include "base/json.h"

#include <assert.h>
#include <string.h>

struct json json_to(struct buf *out) {
    return (struct json){.out = out};
}

static void before_value(struct json *j) {
    if (j->need_comma) buf_add_char(j->out, ',');
    j->need_comma = true;
}

static void open_level(struct json *j, bool object) {
    before_value(j);
    assert(j->depth < 60);
    j->is_object = object ? j->is_object | 1ull << j->depth : j->is_object & ~(1ull << j->depth);
    j->depth++;
    j->need_comma = false;
    buf_add_char(j->out, object ? '{' : '[');
}

void json_object_begin(struct json *j) {
    open_level(j, true);
}

void json_array_begin(struct json *j) {
    open_level(j, false);
}

void json_end(struct json *j) {
    assert(j->depth > 0);
    j->depth--;
    buf_add_char(j->out, j->is_object >> j->depth & 1 ? '}' : ']');
    j->need_comma = true;
}

/* Is each byte ASCII that is no control character, quote or backslash? A byte of `odd` has its highest bit set where that of `w` does, or is
 * below 0x20, or becomes 0 when the other one is taken away by exclusive or. A borrow can mark the byte above a marked one, too. */
static bool are_plain(uint64_t w) {
    static const uint64_t ONES = 0x0101010101010101, HIGH = 0x8080808080808080;
    uint64_t quote = w ^ ONES * '"', slash = w ^ ONES * '\\', delete = w ^ ONES * 0x7f;
    uint64_t odd = w | (w - ONES * 0x20) | (quote - ONES) | (slash - ONES) | (delete - ONES);
    return !(odd & HIGH);
}

static uint64_t load(const char *p) {
    uint64_t w;
    memcpy(&w, p, sizeof w);
    return w;
}

/* Fewer than eight bytes, those in the middle perhaps twice; the rest are spaces. */
static uint64_t load_short(const char *p, size_t n) {
    uint32_t first, last;
    if (n < sizeof first) {
        const unsigned char *c = (const unsigned char *)p;
        return n ? UINT64_C(0x2020202020000000) | (uint64_t)c[0] << 16 | (uint64_t)c[n / 2] << 8 | c[n - 1]
                 : UINT64_C(0x2020202020202020);
    }
    memcpy(&first, p, sizeof first);
    memcpy(&last, p + n - sizeof last, sizeof last);
    return (uint64_t)first << 32 | last;
}

/* Nearly every text is: names of members, codes, titles. Eight bytes at a time, the last eight perhaps twice. */
static bool is_plain(str s) {
    if (s.n < sizeof(uint64_t)) return are_plain(load_short(s.p, s.n));
    for (size_t i = 0; i + sizeof(uint64_t) < s.n; i += sizeof(uint64_t))
        if (!are_plain(load(s.p + i))) return false;
    return are_plain(load(s.p + s.n - sizeof(uint64_t)));
}

static void quote_escaped(struct buf *out, str s) {
    static const char HEX[] = "0123456789abcdef";
    buf_add_char(out, '"');
    size_t plain = 0, i = 0;
    while (i < s.n) {
        unsigned char c = (unsigned char)s.p[i];
        if (c >= 0x80) {
            size_t bad = 0, width = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
            size_t end = i + width < s.n ? i + width : s.n;
            if (str_is_utf8(str_sub(s, i, end), &bad)) {
                i = end;
                continue;
            }
            buf_add(out, s.p + plain, i - plain);
            buf_add_cstr(out, "\xef\xbf\xbd");
            plain = ++i;
            continue;
        }
        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f) {
            i++;
            continue;
        }
        buf_add(out, s.p + plain, i - plain);
        switch (c) {
        case '"': buf_add(out, "\\\"", 2); break;
        case '\\': buf_add(out, "\\\\", 2); break;
        case '\n': buf_add(out, "\\n", 2); break;
        case '\r': buf_add(out, "\\r", 2); break;
        case '\t': buf_add(out, "\\t", 2); break;
        default: {
            char escape[6] = {'\\', 'u', '0', '0', HEX[c >> 4], HEX[c & 15]};
            buf_add(out, escape, 6);
        }
        }
        plain = ++i;
    }
    buf_add(out, s.p + plain, s.n - plain);
    buf_add_char(out, '"');
}

/* A plain text with its quotes, to where there is room; gives back the end. */
static char *put_quoted(char *to, str s) {
    *to++ = '"';
    if (s.n) memcpy(to, s.p, s.n);
    to[s.n] = '"';
    return to + s.n + 1;
}

void json_quote(struct buf *out, str s) {
    if (!is_plain(s)) {
        quote_escaped(out, s);
        return;
    }
    buf_reserve(out, s.n + 2);
    out->n = (size_t)(put_quoted(out->p + out->n, s) - out->p);
}

void json_key_str(struct json *j, str key) {
    struct buf *out = j->out;
    before_value(j);
    j->need_comma = false;
    if (!is_plain(key)) {
        quote_escaped(out, key);
        buf_add_char(out, ':');
        return;
    }
    buf_reserve(out, key.n + 3);
    char *end = put_quoted(out->p + out->n, key);
    *end++ = ':';
    out->n = (size_t)(end - out->p);
}

void json_str(struct json *j, str s) {
    if (!s.p) {
        json_put_null(j);
        return;
    }
    before_value(j);
    json_quote(j->out, s);
}

void json_cstr(struct json *j, const char *s) {
    json_str(j, str_of(s));
}

void json_int(struct json *j, int64_t v) {
    before_value(j);
    buf_add_int(j->out, v);
}

void json_bool(struct json *j, bool v) {
    before_value(j);
    buf_add_cstr(j->out, v ? "true" : "false");
}

void json_put_null(struct json *j) {
    before_value(j);
    buf_add_cstr(j->out, "null");
}

struct buf *json_value(struct json *j) {
    before_value(j);
    return j->out;
}

void json_raw(struct json *j, str finished) {
    before_value(j);
    buf_add_str(j->out, finished);
}
