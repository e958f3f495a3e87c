/* See url.h. Only RFC 3986's unreserved characters stay as they are. */
#include "client/url.h"

static bool is_unreserved(char c) {
    return ascii_is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

static void add_escaped(struct buf *b, str s) {
    static const char HEX[] = "0123456789ABCDEF";
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (is_unreserved(s.p[i])) {
            buf_add_char(b, s.p[i]);
            continue;
        }
        buf_add_char(b, '%');
        buf_add_char(b, HEX[c >> 4]);
        buf_add_char(b, HEX[c & 15]);
    }
}

void url_add_segment(struct buf *b, const char *segment) {
    str s = str_of(segment);
    buf_add_char(b, '/');
    if (str_is(s, ".") || str_is(s, "..")) {
        for (size_t i = 0; i < s.n; i++)
            buf_add_cstr(b, "%2E");
        return;
    }
    add_escaped(b, s);
}

void url_add_query(struct buf *b, const char *name, const char *value) {
    if (!value) return;
    str so_far = buf_str(b);
    buf_add_char(b, str_find(so_far, '?') < so_far.n ? '&' : '?');
    buf_add_cstr(b, name);
    buf_add_char(b, '=');
    add_escaped(b, str_of(value));
}

static str host_of(str url) {
    str rest = str_sub(url, 8, url.n);
    str authority = str_sub(rest, 0, str_find(rest, '/'));
    if (authority.n && authority.p[0] == '[') return str_sub(authority, 0, str_find(authority, ']') + 1);
    return str_sub(authority, 0, str_find(authority, ':'));
}

enum err url_check(str text, struct fault *fault, str *out) {
    str url = str_trim(text);
    if (str_starts_with(url, STR("http://")))
        return fail(
            fault, ERR_BAD_PARAMETER,
            "the address %.*s is not encrypted: your key and the rows would be open to everybody on the way. "
            "Give one that begins with https://",
            STR_ARG(url));
    if (!str_starts_with(url, STR("https://")))
        return fail(fault, ERR_BAD_PARAMETER,
                    "the address '%.*s' must be written https://host or https://host:port", STR_ARG(url));
    for (size_t i = 0; i < url.n; i++)
        if ((unsigned char)url.p[i] <= ' ' || (unsigned char)url.p[i] >= 0x7f ||
            str_find(STR("@?#\\\"<>"), url.p[i]) < 7)
            return fail(
                fault, ERR_BAD_PARAMETER,
                "the address '%.*s' may hold no user name, query, fragment, blank or letter beyond ASCII; "
                "write https://host or https://host:port",
                STR_ARG(url));
    while (url.n > 8 && url.p[url.n - 1] == '/')
        url.n--;
    if (host_of(url).n == 0)
        return fail(fault, ERR_BAD_PARAMETER, "the address '%.*s' names no host", STR_ARG(text));
    *out = url;
    return OK;
}

bool url_is_loopback(str url) {
    str host = host_of(url);
    return str_eq_nocase(host, STR("localhost")) || str_starts_with(host, STR("127.")) ||
           str_is(host, "[::1]");
}
