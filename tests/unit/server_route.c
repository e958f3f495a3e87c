/* server_route: which path finds which route, and what is refused on the way. */
#include "server/route.h"
#include "tests/support/suite.h"

static enum err nothing(struct request *r, struct reply *p) {
    (void)r, (void)p;
    return OK;
}

#define ROUTE(name, method, pattern)                                                                         \
    { name, METHOD_##method, pattern, 0, LANE_INLINE, BODY_NONE, "", nothing, NULL }
static const struct route ROUTES[] = {
    ROUTE("root", GET, "/v1"),
    ROUTE("part.put", PUT, "/v1/returns/{service}/{provider}/{period}/{part}"),
    ROUTE("part.get", GET, "/v1/returns/{service}/{provider}/{period}/{part}"),
    ROUTE("history", GET, "/v1/returns/{service}/{provider}/{period}/history"),
    ROUTE("submit", POST, "/v1/returns/{service}/{provider}/{period}/submission"),
    ROUTE("status", GET, "/v1/returns/{service}/{provider}/{period}"),
    ROUTE("list", GET, "/v1/returns"),
    ROUTE("keys", GET, "/v1/keys"),
    ROUTE("key.issue", POST, "/v1/keys"),
    ROUTE("key.revoke", DELETE, "/v1/keys/{id}"),
    ROUTE("live", GET, "/health/live"),
};

static struct router *router;
static struct arena arena;

static int begin(void) {
    struct fault f = {0};
    router = router_new(ROUTES, sizeof ROUTES / sizeof *ROUTES, &f);
    return router ? 0 : 1;
}

static int end(void) {
    router_free(router);
    arena_free(&arena);
    return 0;
}

static void finds(void) {
    static const struct {
        const char *label;
        enum method method;
        const char *path;
        enum err err;
        const char *route;
    } CASES[] = {
        {"a literal path", METHOD_GET, "/v1", OK, "root"},
        {"HEAD is served by GET", METHOD_HEAD, "/v1", OK, "root"},
        {"four parameters", METHOD_PUT, "/v1/returns/city-and-hackney/homerton/2025-26-Q1/episodes", OK,
         "part.put"},
        {"the same path by GET is another route", METHOD_GET, "/v1/returns/a/b/2025-26-Q1/episodes", OK,
         "part.get"},
        {"a literal beats a parameter", METHOD_GET, "/v1/returns/a/b/2025-26-Q1/history", OK, "history"},
        {"and hides the parameter's methods", METHOD_PUT, "/v1/returns/a/b/2025-26-Q1/history",
         ERR_METHOD_NOT_ALLOWED, NULL},
        {"an escaped plain character is the character", METHOD_GET, "/v1/returns/a/b/2025%2D26-Q1", OK,
         "status"},
        {"in lower-case hex too", METHOD_GET, "/v1/%6beys", OK, "keys"},
        {"known path, other method", METHOD_PATCH, "/v1/keys", ERR_METHOD_NOT_ALLOWED, NULL},
        {"OPTIONS is another method", METHOD_OPTIONS, "/v1", ERR_METHOD_NOT_ALLOWED, NULL},
        {"unknown path", METHOD_GET, "/v2", ERR_NOT_FOUND, NULL},
        {"case matters", METHOD_GET, "/V1", ERR_NOT_FOUND, NULL},
        {"a longer path", METHOD_GET, "/v1/keys/a/b", ERR_NOT_FOUND, NULL},
        {"a slash at the end is another path", METHOD_GET, "/v1/", ERR_NOT_FOUND, NULL},
        {"the empty parameter", METHOD_DELETE, "/v1/keys/", ERR_NOT_FOUND, NULL},
        {"a parameter of 64 characters", METHOD_DELETE,
         "/v1/keys/0123456789012345678901234567890123456789012345678901234567890123", OK, "key.revoke"},
        {"a parameter of 65", METHOD_DELETE,
         "/v1/keys/01234567890123456789012345678901234567890123456789012345678901234", ERR_NOT_FOUND, NULL},
        {"a tilde is in no parameter", METHOD_DELETE, "/v1/keys/a~b", ERR_NOT_FOUND, NULL},
        {"a colon neither", METHOD_DELETE, "/v1/keys/a:b", ERR_NOT_FOUND, NULL},
        {"an escaped slash", METHOD_DELETE, "/v1/keys/a%2Fb", ERR_BAD_REQUEST, NULL},
        {"an escaped NUL", METHOD_DELETE, "/v1/keys/a%00b", ERR_BAD_REQUEST, NULL},
        {"an escaped space", METHOD_DELETE, "/v1/keys/a%20b", ERR_BAD_REQUEST, NULL},
        {"UTF-8 in the path", METHOD_DELETE, "/v1/keys/%C3%A9", ERR_BAD_REQUEST, NULL},
        {"a broken escape", METHOD_DELETE, "/v1/keys/a%2", ERR_BAD_REQUEST, NULL},
        {"an escape of no hex digits", METHOD_DELETE, "/v1/keys/a%zz", ERR_BAD_REQUEST, NULL},
        {"a dot segment", METHOD_GET, "/v1/./keys", ERR_BAD_REQUEST, NULL},
        {"a double dot segment", METHOD_GET, "/v1/keys/..", ERR_BAD_REQUEST, NULL},
        {"an escaped dot segment", METHOD_GET, "/v1/keys/%2e%2e", ERR_BAD_REQUEST, NULL},
        {"three dots are a name", METHOD_DELETE, "/v1/keys/...", OK, "key.revoke"},
        {"no slash at all", METHOD_GET, "v1", ERR_NOT_FOUND, NULL},
        {"nothing", METHOD_GET, "", ERR_NOT_FOUND, NULL},
        {"more segments than any route", METHOD_GET, "/a/a/a/a/a/a/a/a/a/a/a/a/a/a", ERR_NOT_FOUND, NULL},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct match m = {0};
        struct fault f = {0};
        enum err e = router_match(router, &arena, CASES[i].method, str_of(CASES[i].path), &f, &m);
        CHECK(e == CASES[i].err, "%s: %s", CASES[i].label, err_info(e)->code);
        CHECK(e == f.err, "%s: the fault says the same", CASES[i].label);
        if (!e) CHECK(strcmp(m.route->name, CASES[i].route) == 0, "%s: %s", CASES[i].label, m.route->name);
    }
}

static void gives_parameters(void) {
    struct match m;
    router_match(router, &arena, METHOD_GET, STR("/v1/returns/city/home%72ton/2025-26-Q1/follow-ups"), NULL,
                 &m);
    struct request r = {.route = m.route};
    memcpy(r.params, m.params, sizeof r.params);
    CHECK(str_is(request_param(&r, "service"), "city"), "the first by name");
    CHECK(str_is(request_param(&r, "provider"), "homerton"), "decoded");
    CHECK(str_is(request_param(&r, "part"), "follow-ups"), "the last by name");
    CHECK(request_param(&r, "nothing").n == 0 && request_param(&r, "nothing").p, "an unknown name is empty");
    CHECK(str_is(m.path, "/v1/returns/city/homerton/2025-26-Q1/follow-ups"), "the path is decoded");
}

static void names_methods(void) {
    static const struct {
        const char *path, *allow;
    } CASES[] = {
        {"/v1/keys", "GET, HEAD, POST"},
        {"/v1/keys/x", "DELETE"},
        {"/v1/returns/a/b/c/episodes", "GET, HEAD, PUT"},
        {"/v1/returns/a/b/c/submission", "POST"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct match m;
        CHECK(router_match(router, &arena, METHOD_PATCH, str_of(CASES[i].path), NULL, &m) ==
                  ERR_METHOD_NOT_ALLOWED,
              "%s", CASES[i].path);
        CHECK(str_is(route_allow(&arena, m.methods), CASES[i].allow), "%s: %.*s", CASES[i].path,
              STR_ARG(route_allow(&arena, m.methods)));
    }
}

static void refuses_bad_tables(void) {
    static const struct {
        const char *label;
        struct route routes[2];
    } CASES[] = {
        {"the same twice", {ROUTE("a", GET, "/x/{id}"), ROUTE("b", GET, "/x/{name}")}},
        {"no slash", {ROUTE("a", GET, "/x"), ROUTE("b", GET, "x")}},
        {"too many parameters", {ROUTE("a", GET, "/x"), ROUTE("b", GET, "/{a}/{b}/{c}/{d}/{e}/{f}/{g}")}},
        {"no handler", {ROUTE("a", GET, "/x"), {.name = "b", .pattern = "/y"}}},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct fault f = {0};
        CHECK(!router_new(CASES[i].routes, 2, &f) && f.err == ERR_INTERNAL && strstr(f.detail, "Route b"),
              "%s: %s", CASES[i].label, f.detail);
    }
}

void suite_server_route(void) {
    suite_add("server_route", begin, end);
    case_add("each path finds its route, or the right refusal", finds);
    case_add("parameters by name, decoded", gives_parameters);
    case_add("Allow lists what the path knows", names_methods);
    case_add("a table that cannot be used stops the start", refuses_bad_tables);
}
