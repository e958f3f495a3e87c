/* See webhook_url.h. Taken apart by libcurl, which will also connect: two readers of one address could differ. */
#include "handlers/webhook_url.h"

#include <curl/curl.h>

#include "base/inside.h"

enum { PORT_FREE = 1024, PORT_HTTPS = 443 };

/* A part, in the arena; empty where there is none. */
static str part_of(CURLU *u, CURLUPart part, unsigned flags, struct arena *a) {
    char *text = NULL;
    if (curl_url_get(u, part, &text, flags) != CURLUE_OK) return STR("");
    str out = arena_str(a, str_of(text));
    curl_free(text);
    return out;
}

static bool is_plain(str url) {
    for (size_t i = 0; i < url.n; i++)
        if ((unsigned char)url.p[i] <= ' ' || (unsigned char)url.p[i] >= 0x7f) return false;
    return true;
}

static bool has_two_dots(str host) {
    for (size_t i = 1; i < host.n; i++)
        if (host.p[i] == '.' && host.p[i - 1] == '.') return true;
    return false;
}

static enum err check_host(CURLU *u, bool allow_inside, struct arena *a, struct fault *fault) {
    str host = part_of(u, CURLUPART_HOST, 0, a);
    const char *why = NULL;
    if (host.n > 1 && host.p[0] == '[') host = str_sub(host, 1, host.n - 1);
    else if (host.n && host.p[host.n - 1] == '.') host.n--; /* "localhost." is what it is without the dot */
    if (!host.n || host.p[0] == '.' || host.p[host.n - 1] == '.' || has_two_dots(host))
        return fail(fault, ERR_INVALID,
                    "/url has a host without a name between two dots; write one like example.org.");
    if (part_of(u, CURLUPART_ZONEID, 0, a).n)
        return fail(fault, ERR_INVALID,
                    "/url names an interface of this machine (%%); write an address without.");
    if (allow_inside) return OK;
    bool is_local = str_eq_nocase(host, STR("localhost")) ||
                    (host.n > 10 && str_eq_nocase(str_sub(host, host.n - 10, host.n), STR(".localhost")));
    if (is_local) why = "this machine";
    else address_text_is_inside(host, &why);
    if (!why) return OK;
    return fail(
        fault, ERR_INVALID,
        "/url leads to %s. Webhooks go to the public Internet, unless the operator sets webhookPrivate.",
        why);
}

static enum err check_port(CURLU *u, struct arena *a, struct fault *fault) {
    uint64_t port = PORT_HTTPS;
    str text = part_of(u, CURLUPART_PORT, 0, a);
    if (text.n && !str_to_uint(text, 65535, &port)) port = 0;
    if (port == PORT_HTTPS || port >= PORT_FREE) return OK;
    return fail(fault, ERR_INVALID,
                "/url has a port of another protocol; write 443 (or none), or one from %d on.", PORT_FREE);
}

static enum err check_parts(CURLU *u, bool allow_inside, struct arena *a, struct fault *fault) {
    if (!str_is(part_of(u, CURLUPART_SCHEME, 0, a), "https"))
        return fail(fault, ERR_INVALID,
                    "/url must begin with https://: what is sent is for its receiver only.");
    if (part_of(u, CURLUPART_USER, 0, a).n || part_of(u, CURLUPART_PASSWORD, 0, a).n)
        return fail(fault, ERR_INVALID, "/url has a user or password in it. Check the signature instead.");
    if (part_of(u, CURLUPART_FRAGMENT, 0, a).n)
        return fail(fault, ERR_INVALID,
                    "/url has a fragment (#), which no receiver ever sees; leave it out.");
    enum err e = check_port(u, a, fault);
    return e == OK ? check_host(u, allow_inside, a, fault) : e;
}

enum err webhook_url_read(str url, bool allow_inside, struct arena *a, struct fault *fault, str *out) {
    if (!url.n)
        return fail(fault, ERR_MISSING_VALUE,
                    "Say where events are to be sent: /url, beginning with https://.");
    if (url.n > WEBHOOK_URL_MOST)
        return fail(fault, ERR_INVALID, "/url is longer than %d bytes.", WEBHOOK_URL_MOST);
    if (!is_plain(url))
        return fail(fault, ERR_INVALID,
                    "/url has blanks or letters outside ASCII; write them in %%XX, a host's name as xn--.");
    CURLU *u = curl_url();
    if (!u) return fail(fault, ERR_UNAVAILABLE, "There is no memory just now; try again.");
    enum err e;
    if (curl_url_set(u, CURLUPART_URL, arena_cstr(a, url), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
        e = fail(fault, ERR_INVALID, "/url is no address; write one like https://example.org/quarterday.");
    else e = check_parts(u, allow_inside, a, fault);
    if (e == OK) *out = part_of(u, CURLUPART_URL, 0, a);
    curl_url_cleanup(u);
    return e;
}
