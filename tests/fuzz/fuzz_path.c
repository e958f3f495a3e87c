/* fuzz_path: everything of server/ that reads a request's header: guard, routes, query, negotiation, ETags, correlation ids.
 * The input is a request header as text: "METHOD target HTTP/1.1", then fields, one a line. Beyond not crashing, it checks what
 * handlers rely on: whatever passes is clean. */
#include <stdint.h>
#include <stdlib.h>

#include "server/correlation.h"
#include "server/etag.h"
#include "server/guard.h"
#include "server/query.h"
#include "server/route.h"

static enum err nothing(struct request *r, struct reply *p) {
    (void)r, (void)p;
    return OK;
}

static const struct route ROUTES[] = {
    {"root", METHOD_GET, "/v1", 0, LANE_INLINE, BODY_NONE, "", nothing, NULL},
    {"part.put", METHOD_PUT, "/v1/returns/{service}/{provider}/{period}/{part}", 0, LANE_WRITE, BODY_ROWS,
     "dryRun reason", nothing, NULL},
    {"part.get", METHOD_GET, "/v1/returns/{service}/{provider}/{period}/{part}", 0, LANE_READ, BODY_NONE,
     "version", nothing, NULL},
    {"history", METHOD_GET, "/v1/returns/{service}/{provider}/{period}/history", 0, LANE_READ, BODY_NONE,
     "limit cursor", nothing, NULL},
    {"dashboard", METHOD_GET, "/v1/dashboards/{service}/{period}", 0, LANE_READ, BODY_NONE,
     "asAt knownAt localAuthority provider", nothing, NULL},
    {"key.revoke", METHOD_DELETE, "/v1/keys/{id}", 0, LANE_WRITE, BODY_NONE, NULL, nothing, NULL},
    {"live", METHOD_GET, "/health/live", 0, LANE_INLINE, BODY_NONE, "", nothing, NULL},
};

static void must(bool holds) {
    if (!holds) abort();
}

static void check_text(str s) {
    must(str_is_utf8(s, NULL));
    for (size_t i = 0; i < s.n; i++)
        must((unsigned char)s.p[i] >= 0x20 && s.p[i] != 0x7f);
}

static void check_word(str s) {
    must(s.n >= 1 && s.n <= PARAM_MAX_LENGTH);
    for (size_t i = 0; i < s.n; i++)
        must(ascii_is_alnum(s.p[i]) || s.p[i] == '.' || s.p[i] == '_' || s.p[i] == '-');
}

static void check_param(str s) {
    check_word(s);
    must(!str_is(s, ".") && !str_is(s, ".."));
}

static void try_route(struct request *r, enum method method, str target) {
    static struct router *router;
    if (!router) router = router_new(ROUTES, sizeof ROUTES / sizeof *ROUTES, NULL);
    struct match m;
    str query = target, path = str_cut(&query, '?');
    enum err e = router_match(router, r->arena, method, path, &r->fault, &m);
    if (e == ERR_METHOD_NOT_ALLOWED) must(route_allow(r->arena, m.methods).n > 0);
    if (e) {
        must(r->fault.err == e);
        return;
    }
    r->route = m.route;
    r->path = m.path;
    memcpy(r->params, m.params, sizeof r->params);
    for (size_t i = 0; i < PARAMS_MAX && r->params[i].p; i++)
        check_param(r->params[i]);
    if (query_parse(r->arena, query, m.route->query, &r->fault, r->query, &r->query_count)) return;
    for (size_t i = 0; i < r->query_count; i++) {
        check_text(r->query[i].value);
        must(str_eq(request_query(r, arena_cstr(r->arena, r->query[i].name)), r->query[i].value));
    }
}

static void try_headers(struct request *r) {
    static const char *const OFFERS[] = {"application/json", "text/csv"};
    size_t choice = 99;
    if (request_negotiate(r, OFFERS, 2, &choice) == OK) must(choice < 2);
    etag_is_known(r, STR("\"v3\""));
    request_content_type(r);
    char id[65];
    correlation_choose(r->headers, r->header_count, id);
    check_word(str_of(id));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena = ARENA_EMPTY;
    struct pair headers[GUARD_HEADERS_MAX + 2];
    size_t count = 0;
    str rest = {(const char *)data, size};
    str line = str_cut(&rest, '\n');
    str method = str_cut(&line, ' '), target = str_cut(&line, ' ');
    while (rest.p && count < GUARD_HEADERS_MAX + 2) {
        str value = str_cut(&rest, '\n'), name = str_cut(&value, ':');
        while (value.n && (value.p[0] == ' ' || value.p[0] == '\t'))
            value = str_sub(value, 1, value.n);
        headers[count++] = (struct pair){name, value};
    }
    const struct guard_input in = {
        arena_cstr(&arena, method), arena_cstr(&arena, line), target, headers, count, STR_NONE, false};
    struct request r = {.arena = &arena, .headers = headers, .header_count = count};
    struct guard_facts facts;
    enum err e = guard_check(&in, &r.fault, &facts);
    must(r.fault.err == e);
    if (e == OK) {
        must(facts.method < METHOD_COUNT && !facts.close && facts.trusted_headers &&
             !(facts.chunked && facts.length));
        must(target.n >= 1 && target.p[0] == '/');
    }
    /* Also what the guard refuses: nobody behind it may depend on it for memory safety. */
    try_route(&r, facts.method < METHOD_COUNT ? facts.method : METHOD_GET, target);
    try_headers(&r);
    arena_free(&arena);
    return 0;
}
