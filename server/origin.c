#include "server/origin.h"

#include <netinet/in.h>

struct address origin_of_socket(const struct sockaddr *at) {
    struct address a = {{0}};
    if (at && at->sa_family == AF_INET)
        address_of_v4(&((const struct sockaddr_in *)(const void *)at)->sin_addr, &a);
    if (at && at->sa_family == AF_INET6)
        memcpy(a.bytes, &((const struct sockaddr_in6 *)(const void *)at)->sin6_addr, sizeof a.bytes);
    return a;
}

static str last_value(const struct pair *headers, size_t count, const char *name) {
    str value = STR_NONE;
    for (size_t i = 0; i < count; i++)
        if (str_eq_nocase(headers[i].name, str_of(name))) value = headers[i].value;
    return value;
}

/* What stands behind the last separator that is in no quotes. */
static str last_element(str list, char separator) {
    size_t from = 0;
    bool quoted = false;
    for (size_t i = 0; i < list.n; i++) {
        if (list.p[i] == '"') quoted = !quoted;
        if (list.p[i] == separator && !quoted) from = i + 1;
    }
    return str_trim(str_sub(list, from, list.n));
}

/* Some proxies add the port: 192.0.2.7:4711, [2001:db8::7]:4711. */
static bool parse_node(str text, struct address *out) {
    uint64_t port;
    if (address_parse(text, out)) return true;
    size_t colon = text.n;
    while (colon && text.p[colon - 1] != ':')
        colon--;
    if (!colon || !str_to_uint(str_sub(text, colon, text.n), 65535, &port)) return false;
    str host = str_sub(text, 0, colon - 1);
    bool bracketed = host.n && host.p[0] == '[';
    return (bracketed || str_find(host, ':') == host.n) && address_parse(host, out);
}

static str unquoted(str s) {
    bool quoted = s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"';
    return quoted ? str_sub(s, 1, s.n - 1) : s;
}

/* RFC 7239: for=192.0.2.7;proto=https, for="[2001:db8::7]:4711" */
static str forwarded_for(str element) {
    while (element.p) {
        str pair = str_trim(str_cut(&element, ';'));
        str name = str_cut(&pair, '=');
        if (str_eq_nocase(name, STR("for"))) return unquoted(pair);
    }
    return STR_NONE;
}

struct address origin_of(const struct address *peer, const struct server_settings *s,
                         const struct pair *headers, size_t count) {
    struct address from = {{0}};
    if (!address_ranges_have(&s->trusted_proxies, peer)) return *peer;
    str said = last_value(headers, count, s->reads_forwarded ? "Forwarded" : "X-Forwarded-For");
    if (!said.p) return from;
    str element = last_element(said, ',');
    parse_node(s->reads_forwarded ? forwarded_for(element) : element, &from);
    return from;
}
