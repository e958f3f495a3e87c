/* handlers_scope: for whom the database is told that a request acts. The expected column is written by hand: service and provider, * for
 * every, - for none. */
#include <stdio.h>
#include <string.h>

#include "handlers/scope.h"
#include "tests/support/suite.h"

static const struct route NO_SERVICE = {.name = "list", .pattern = "/v1/list"},
                          SERVICE = {.name = "service", .pattern = "/v1/dashboards/{service}/{period}"},
                          PROVIDER = {.name = "provider", .pattern = "/v1/returns/{service}/{provider}"};

static const char *said(bool every, str id) {
    static char text[2][80];
    static unsigned turn;
    char *out = text[turn++ % 2];
    snprintf(out, sizeof text[0], "%.*s", STR_ARG(id));
    return every ? "*" : id.n ? out : "-";
}

static void table(void) {
    static const struct {
        const char *label;
        struct principal who;
        const struct route *route;
        const char *first, *second, *query; /* of the path; ?service= */
        const char *service, *provider;
    } CASES[] = {
        {"a commissioner on the service",
         {.role = ROLE_COMMISSIONER, .service = "a"},
         &SERVICE,
         "a",
         "2025-26-Q1",
         NULL,
         "a",
         "*"},
        {"a commissioner where the path names none",
         {.role = ROLE_COMMISSIONER, .service = "a"},
         &NO_SERVICE,
         NULL,
         NULL,
         NULL,
         "a",
         "*"},
        {"a commissioner on another's",
         {.role = ROLE_COMMISSIONER, .service = "a"},
         &SERVICE,
         "b",
         "2025-26-Q1",
         NULL,
         "-",
         "-"},
        {"a commissioner who asks for another's by query",
         {.role = ROLE_COMMISSIONER, .service = "a"},
         &NO_SERVICE,
         NULL,
         NULL,
         "b",
         "-",
         "-"},
        {"a commissioner of no service",
         {.role = ROLE_COMMISSIONER},
         &SERVICE,
         "a",
         "2025-26-Q1",
         NULL,
         "-",
         "-"},
        {"a feed's key", {.role = ROLE_FEED, .service = "a"}, &NO_SERVICE, NULL, NULL, "a", "a", "*"},
        {"a provider on its own",
         {.role = ROLE_PROVIDER, .service = "a", .provider = "one"},
         &PROVIDER,
         "a",
         "one",
         NULL,
         "a",
         "one"},
        {"a provider on its service",
         {.role = ROLE_PROVIDER, .service = "a", .provider = "one"},
         &SERVICE,
         "a",
         "2025-26-Q1",
         NULL,
         "a",
         "one"},
        {"a provider where the path names none",
         {.role = ROLE_PROVIDER, .service = "a", .provider = "one"},
         &NO_SERVICE,
         NULL,
         NULL,
         NULL,
         "a",
         "one"},
        {"a provider on another provider's",
         {.role = ROLE_PROVIDER, .service = "a", .provider = "one"},
         &PROVIDER,
         "a",
         "two",
         NULL,
         "-",
         "-"},
        {"a provider on another service's",
         {.role = ROLE_PROVIDER, .service = "a", .provider = "one"},
         &PROVIDER,
         "b",
         "one",
         NULL,
         "-",
         "-"},
        {"a provider without a name",
         {.role = ROLE_PROVIDER, .service = "a"},
         &SERVICE,
         "a",
         "2025-26-Q1",
         NULL,
         "-",
         "-"},
        {"a checker of every service, on one",
         {.role = ROLE_CHECKER},
         &SERVICE,
         "a",
         "2025-26-Q1",
         NULL,
         "a",
         "*"},
        {"a checker of every service, by query",
         {.role = ROLE_CHECKER},
         &NO_SERVICE,
         NULL,
         NULL,
         "b",
         "b",
         "*"},
        {"a checker of every service, over all",
         {.role = ROLE_CHECKER},
         &NO_SERVICE,
         NULL,
         NULL,
         NULL,
         "*",
         "*"},
        {"a checker of one service, over all",
         {.role = ROLE_CHECKER, .service = "a"},
         &NO_SERVICE,
         NULL,
         NULL,
         NULL,
         "a",
         "*"},
        {"an admin of every service", {.role = ROLE_ADMIN}, &NO_SERVICE, NULL, NULL, NULL, "*", "*"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct request r = {.route = CASES[i].route, .who = &CASES[i].who};
        if (CASES[i].first) r.params[0] = str_of(CASES[i].first);
        if (CASES[i].second) r.params[1] = str_of(CASES[i].second);
        if (CASES[i].query) r.query[r.query_count++] = (struct pair){STR("service"), str_of(CASES[i].query)};
        struct db_scope scope = scope_of(&r);
        const char *service = said(scope.every_service, scope.service),
                   *provider = said(scope.every_provider, scope.provider);
        CHECK(strcmp(service, CASES[i].service) == 0 && strcmp(provider, CASES[i].provider) == 0,
              "%s: %s, %s", CASES[i].label, service, provider);
    }
    struct db_scope nobody = scope_of(&(struct request){.route = &SERVICE, .params = {STR("a")}});
    CHECK(!nobody.every_service && !nobody.every_provider && !nobody.service.n && !nobody.provider.n,
          "without a key: nobody");
}

void suite_handlers_scope(void) {
    suite_add("unit scope", NULL, NULL);
    case_add("for whom a request acts", table);
}
