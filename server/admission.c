/* admission: the checks of a request's header, in one fixed order: guard, address, key, right, parameters, content type,
 * length (the order of systemd's journal-remote, with the key before anything that would tell a stranger more). The first
 * fault stays; the body of a refused request is still read and thrown away, within limits.
 *
 * Must not read the body, must not answer, must not block: it runs on the I/O thread. */
#include "base/date.h"
#include "server/basic.h"
#include "server/correlation.h"
#include "server/exchange.h"
#include "server/origin.h"
#include "server/query.h"

static str trim_blanks(str s) {
    while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
        s.n--;
    return s;
}

static enum err find_route(struct exchange *x) {
    struct request *r = &x->request;
    struct match match;
    str path = str_sub(x->target, 0, str_find(x->target, '?'));
    enum err e = router_match(x->server->router, &x->arena, x->facts.method, path, &r->fault, &match);
    if (e) { /* whoever asks; the key is not looked at */
        const struct fault why = r->fault;
        enum err limit = exchange_meter_stranger(x);
        if (limit) return limit;
        r->fault = why;
        if (e == ERR_METHOD_NOT_ALLOWED)
            reply_header(r, &x->reply, "Allow", route_allow(&x->arena, match.methods));
        return e;
    }
    r->route = match.route;
    r->path = match.path;
    memcpy(r->params, match.params, sizeof r->params);
    return OK;
}

/* Where feed keys may ask: the tools that read feeds can store a user and a password, and often nothing else. */
static bool takes_basic(const struct route *route) {
    return route->roles & ROLE_FEED;
}

/* One text for every reason, so that nobody learns which part of a key was right. */
static enum err unauthenticated(struct exchange *x) {
    bool basic = takes_basic(x->request.route);
    enum err e = exchange_meter_failure(x);
    if (e) return e;
    x->rate.limit = 0; /* what is left of it is nothing to plan with */
    reply_header(&x->request, &x->reply, "WWW-Authenticate",
                 basic ? STR("Bearer, Basic realm=\"quarterday feeds\"") : STR("Bearer"));
    return fail(&x->request.fault, ERR_UNAUTHENTICATED, "Send a valid key: Authorization: Bearer <key>%s",
                basic ? ", or Basic with the key as the password" : "");
}

static str credential_of(struct exchange *x) {
    str credential = request_header(&x->request, "Authorization");
    str scheme = str_cut(&credential, ' ');
    if (!credential.p) return STR_NONE;
    credential = str_trim(credential);
    if (str_eq_nocase(scheme, STR("Bearer"))) return credential;
    bool basic = takes_basic(x->request.route) && str_eq_nocase(scheme, STR("Basic"));
    return basic ? basic_password(&x->arena, credential) : STR_NONE;
}

static enum err find_principal(struct exchange *x) {
    struct request *r = &x->request;
    if (r->route->roles == ROLE_ANYONE) return exchange_meter_stranger(x);
    str credential = credential_of(x);
    struct principal who = {0};
    const struct server_settings *s = &x->server->settings;
    if (!credential.n || !s->authenticate ||
        s->authenticate(s->app, credential, x->seen, &x->from, &who) != OK)
        return unauthenticated(x);
    x->who = who;
    r->who = &x->who;
    return exchange_meter_key(x);
}

enum err exchange_check_key(struct exchange *x) {
    const struct request *r = &x->request;
    const struct server_settings *s = &x->server->settings;
    if (!r->who || !s->in_force || s->in_force(s->app, r->who)) return OK;
    return unauthenticated(x);
}

static enum err check_right(struct exchange *x) {
    struct request *r = &x->request;
    switch (authorise(r->who, r->route, request_param(r, "service"), request_param(r, "provider"))) {
    case OK: return OK;
    case ERR_UNAUTHENTICATED: return unauthenticated(x);
    case ERR_FORBIDDEN:
        return fail(
            &r->fault, ERR_FORBIDDEN,
            "The role, audience or scopes of this key do not allow that. Use a key that may, or ask whoever "
            "issued this one for another");
    default:
        return request_hides(
            r,
            fail(
                &r->fault, ERR_NOT_FOUND,
                "There is nothing at this address that this key can see. Look at the service, the provider and the "
                "spelling"));
    }
}

static enum err read_query(struct exchange *x) {
    struct request *r = &x->request;
    str raw = x->target;
    str_cut(&raw, '?');
    return query_parse(&x->arena, raw, r->route->query ? r->route->query : "", &r->fault, r->query,
                       &r->query_count);
}

static enum err check_type(struct exchange *x) {
    struct request *r = &x->request;
    bool has_body = guard_has_body(&x->facts);
    if (r->route->body == BODY_NONE)
        return has_body ? fail(&r->fault, ERR_BAD_REQUEST, "This address takes no body; send none") : OK;
    str encoding = request_header(r, "Content-Encoding");
    x->gzipped = encoding.p && str_eq_nocase(str_trim(encoding), STR("gzip")) &&
                 r->route->body == BODY_ROWS && x->server->settings.gzip_ratio;
    if (encoding.p && !x->gzipped && !str_eq_nocase(str_trim(encoding), STR("identity")))
        return fail(&r->fault, ERR_UNSUPPORTED_MEDIA_TYPE,
                    "Send the body as it is, without Content-Encoding");
    str type = request_content_type(r);
    if (!type.p || str_is(type, "application/json")) return OK;
    if (r->route->body == BODY_JSON)
        return fail(&r->fault, ERR_UNSUPPORTED_MEDIA_TYPE, "Send Content-Type: application/json");
    if (str_is(type, "text/csv")) return OK;
    return fail(&r->fault, ERR_UNSUPPORTED_MEDIA_TYPE,
                "Send Content-Type: text/csv or application/json, or none");
}

uint64_t exchange_body_cap(const struct exchange *x) {
    if (!x->request.route) return 0;
    switch (x->request.route->body) {
    case BODY_JSON: return JSON_BODY_MAX;
    case BODY_ROWS: return x->server->settings.body_cap;
    default: return 0;
    }
}

static enum err check_length(struct exchange *x) {
    uint64_t cap = exchange_body_cap(x);
    if (x->facts.length <= cap) return OK;
    return fail(&x->request.fault, ERR_BODY_TOO_LARGE, "At most %llu bytes", (unsigned long long)cap);
}

/* Trailing blanks matter to the guard ("chunked " is not chunked) and to nobody after it. */
static void hand_headers_to_handlers(struct request *r, struct pair *headers, size_t count) {
    for (size_t i = 0; i < count; i++)
        headers[i].value = trim_blanks(headers[i].value);
    r->headers = headers;
    r->header_count = count;
}

static enum err judge(struct exchange *x, const struct guard_input *in, struct pair *headers) {
    enum err e;
    if ((e = guard_check(in, &x->request.fault, &x->facts))) return e;
    hand_headers_to_handlers(&x->request, headers, in->header_count);
    x->request.method = x->facts.method;
    if (atomic_load(&x->server->stopping)) {
        x->close = true;
        return fail(&x->request.fault, ERR_UNAVAILABLE, "The service is stopping");
    }
    if ((e = find_route(x))) return e;
    if ((e = find_principal(x))) return e;
    if ((e = check_right(x))) return e;
    if ((e = read_query(x))) return e;
    if ((e = check_type(x))) return e;
    if ((e = check_length(x))) return e;
    bool asks = x->server->settings.before_body && guard_has_body(&x->facts);
    return asks ? x->server->settings.before_body(&x->request) : OK;
}

void exchange_admit(struct exchange *x, const char *method, const char *version, struct pair *headers,
                    size_t count, bool garbled) {
    const struct guard_input in = {method, version, x->target, headers, count, str_of(x->server->hosts),
                                   garbled};
    x->request.path = str_sub(
        x->target, 0, str_find(x->target, '?')); /* what problem documents name until a route is found */
    x->from = origin_of(&x->peer, &x->server->settings, headers, count);
    correlation_choose(headers, count, x->request.correlation);
    judge(x, &in, headers);
    if (x->facts.close) x->close = true;
}
