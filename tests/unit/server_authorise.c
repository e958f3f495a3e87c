/* server_authorise: every role against every kind of route and object. The expected column is written by hand. */
#include "server/server.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/suite.h"

enum who {
    NOBODY,
    ADMIN,
    ADMIN_A,
    COMMISSIONER_A,
    COMMISSIONER_NONE,
    CHECKER,
    CHECKER_A,
    PROVIDER_A1,
    PROVIDER_NO_SERVICE,
    PROVIDER_NO_NAME,
    FEED_A,
    FEED_NONE,
    PUBLIC_A,
    PUBLIC_PROVIDER,
    NO_AUDIENCE,
    ODD_ROLE,
    TWO_ROLES,
    SCOPED_A,
    SCOPED_CHECKER
};

static const struct principal PRINCIPALS[] = {
    [ADMIN] = {ROLE_ADMIN, "k", "", "", "internal", 0},
    [ADMIN_A] = {ROLE_ADMIN, "k", "a", "", "internal", 0},
    [COMMISSIONER_A] = {ROLE_COMMISSIONER, "k", "a", "", "internal", 0},
    [COMMISSIONER_NONE] = {ROLE_COMMISSIONER, "k", "", "", "internal", 0},
    [CHECKER] = {ROLE_CHECKER, "k", "", "", "internal", 0},
    [CHECKER_A] = {ROLE_CHECKER, "k", "a", "", "internal", 0},
    [PROVIDER_A1] = {ROLE_PROVIDER, "k", "a", "one", "internal", 0},
    [PROVIDER_NO_SERVICE] = {ROLE_PROVIDER, "k", "", "one", "internal", 0},
    [PROVIDER_NO_NAME] = {ROLE_PROVIDER, "k", "a", "", "internal", 0},
    [FEED_A] = {ROLE_FEED, "k", "a", "", "internal", 0},
    [FEED_NONE] = {ROLE_FEED, "k", "", "", "internal", 0},
    [ODD_ROLE] = {(enum role)32, "k", "a", "one", "internal", 0},
    [PUBLIC_A] = {ROLE_COMMISSIONER, "k", "a", "", "public", 0},
    [PUBLIC_PROVIDER] = {ROLE_PROVIDER, "k", "a", "one", "public", 0},
    [NO_AUDIENCE] = {ROLE_COMMISSIONER, "k", "a", "", "", 0},
    [SCOPED_A] = {ROLE_COMMISSIONER, "k", "a", "", "internal", SCOPE_CLIENT_ROWS},
    [SCOPED_CHECKER] = {ROLE_CHECKER, "k", "a", "", "internal", SCOPE_CLIENT_ROWS},
    [TWO_ROLES] = {(enum role)(ROLE_PROVIDER | ROLE_ADMIN), "k", "a", "one", "internal", 0},
};

enum { ALL = ROLE_ADMIN | ROLE_COMMISSIONER | ROLE_CHECKER | ROLE_PROVIDER };

static const struct {
    const char *label;
    enum who who;
    unsigned roles;
    const char *service, *provider;
    enum err err;
} CASES[] = {
    {"anyone may what anyone may", NOBODY, ROLE_ANYONE, "", "", OK},
    {"even with a useless key", ODD_ROLE, ROLE_ANYONE, "b", "two", OK},
    {"no key", NOBODY, ALL, "", "", ERR_UNAUTHENTICATED},
    {"no key, somebody's object", NOBODY, ROLE_PROVIDER, "a", "one", ERR_UNAUTHENTICATED},

    {"a provider's own return", PROVIDER_A1, ROLE_PROVIDER, "a", "one", OK},
    {"another provider's return", PROVIDER_A1, ROLE_PROVIDER, "a", "two", ERR_NOT_FOUND},
    {"the same provider in another service", PROVIDER_A1, ROLE_PROVIDER, "b", "one", ERR_NOT_FOUND},
    {"a service without a provider in the path", PROVIDER_A1, ALL, "a", "", OK},
    {"another service without a provider", PROVIDER_A1, ALL, "b", "", ERR_NOT_FOUND},
    {"a list without either", PROVIDER_A1, ALL, "", "", OK},
    {"a prefix of the provider's name", PROVIDER_A1, ROLE_PROVIDER, "a", "on", ERR_NOT_FOUND},
    {"the name in capitals", PROVIDER_A1, ROLE_PROVIDER, "a", "ONE", ERR_NOT_FOUND},
    {"a provider where only commissioners may", PROVIDER_A1, ROLE_COMMISSIONER, "a", "", ERR_FORBIDDEN},
    {"the right is judged before the object", PROVIDER_A1, ROLE_COMMISSIONER, "b", "", ERR_FORBIDDEN},
    {"a provider's key without a service", PROVIDER_NO_SERVICE, ROLE_PROVIDER, "a", "one", ERR_NOT_FOUND},
    {"a provider's key without a provider", PROVIDER_NO_NAME, ROLE_PROVIDER, "a", "", ERR_NOT_FOUND},

    {"a commissioner's own service", COMMISSIONER_A, ROLE_COMMISSIONER, "a", "", OK},
    {"any provider of it", COMMISSIONER_A, ROLE_COMMISSIONER | ROLE_PROVIDER, "a", "two", OK},
    {"another service", COMMISSIONER_A, ROLE_COMMISSIONER, "b", "", ERR_NOT_FOUND},
    {"a commissioner where only the provider may", COMMISSIONER_A, ROLE_PROVIDER, "a", "one", ERR_FORBIDDEN},
    {"a commissioner of no service", COMMISSIONER_NONE, ROLE_COMMISSIONER, "a", "", ERR_NOT_FOUND},

    {"a checker of every service", CHECKER, ROLE_CHECKER, "b", "two", OK},
    {"a checker of one", CHECKER_A, ROLE_CHECKER, "a", "", OK},
    {"a checker of another", CHECKER_A, ROLE_CHECKER, "b", "", ERR_NOT_FOUND},
    {"a checker where only commissioners may", CHECKER, ROLE_COMMISSIONER, "a", "", ERR_FORBIDDEN},

    {"an admin's route", ADMIN, ROLE_ADMIN, "", "", OK},
    {"an admin of every service", ADMIN, ROLE_ADMIN | ROLE_COMMISSIONER, "b", "", OK},
    {"an admin is no provider", ADMIN, ROLE_PROVIDER, "a", "one", ERR_FORBIDDEN},

    {"an admin of one service", ADMIN_A, ROLE_ADMIN, "", "", OK},
    {"in another service", ADMIN_A, ROLE_ADMIN, "b", "", ERR_NOT_FOUND},
    {"what touches every service", ADMIN, ROLE_ADMIN | EVERY_SERVICE, "", "", OK},
    {"but not by an admin of one", ADMIN_A, ROLE_ADMIN | EVERY_SERVICE, "", "", ERR_FORBIDDEN},
    {"even of the one in the path", ADMIN_A, ROLE_ADMIN | EVERY_SERVICE, "a", "", ERR_FORBIDDEN},
    {"every service is no role", ADMIN, EVERY_SERVICE, "", "", ERR_FORBIDDEN},

    {"a feed key where feed keys may", FEED_A, ROLE_COMMISSIONER | ROLE_FEED, "a", "", OK},
    {"a feed key without a service in the path", FEED_A, ROLE_FEED, "", "", OK},
    {"a feed key where all others may", FEED_A, ALL, "a", "", ERR_FORBIDDEN},
    {"a feed key of another service", FEED_A, ROLE_FEED, "b", "", ERR_NOT_FOUND},
    {"a feed key of no service", FEED_NONE, ROLE_FEED, "a", "", ERR_NOT_FOUND},
    {"a wider audience where it may", PUBLIC_A, ROLE_COMMISSIONER | AUDIENCE_PUBLIC, "a", "", OK},
    {"a wider audience elsewhere", PUBLIC_A, ALL, "a", "", ERR_FORBIDDEN},
    {"a wider audience in another service", PUBLIC_A, ALL | AUDIENCE_PUBLIC, "b", "", ERR_NOT_FOUND},
    {"a wider audience has its role's rights and no others", PUBLIC_A, ROLE_ADMIN | AUDIENCE_PUBLIC, "a", "",
     ERR_FORBIDDEN},
    {"a provider's public key on its return", PUBLIC_PROVIDER, ROLE_PROVIDER, "a", "one", ERR_FORBIDDEN},
    {"no audience is no internal one", NO_AUDIENCE, ROLE_COMMISSIONER, "a", "", ERR_FORBIDDEN},
    {"an audience is no role", COMMISSIONER_A, AUDIENCE_PUBLIC, "a", "", ERR_FORBIDDEN},

    {"client rows for a commissioner without the scope", COMMISSIONER_A,
     ROLE_PROVIDER | ROLE_COMMISSIONER | CLIENT_ROWS, "a", "one", ERR_FORBIDDEN},
    {"even of another service, which tells nothing", COMMISSIONER_A, ROLE_COMMISSIONER | CLIENT_ROWS, "b",
     "one", ERR_FORBIDDEN},
    {"client rows with the scope", SCOPED_A, ROLE_PROVIDER | ROLE_COMMISSIONER | CLIENT_ROWS, "a", "one", OK},
    {"client rows of another service with the scope", SCOPED_A, ROLE_COMMISSIONER | CLIENT_ROWS, "b", "one",
     ERR_NOT_FOUND},
    {"a provider needs no scope for its own", PROVIDER_A1, ROLE_PROVIDER | ROLE_COMMISSIONER | CLIENT_ROWS,
     "a", "one", OK},
    {"nor does it get others' rows", PROVIDER_A1, ROLE_PROVIDER | ROLE_COMMISSIONER | CLIENT_ROWS, "a", "two",
     ERR_NOT_FOUND},
    {"the scope gives no role", SCOPED_CHECKER, ROLE_PROVIDER | ROLE_COMMISSIONER | CLIENT_ROWS, "a", "one",
     ERR_FORBIDDEN},
    {"nor other routes", SCOPED_A, ROLE_PROVIDER, "a", "one", ERR_FORBIDDEN},
    {"the scope is no role", COMMISSIONER_A, CLIENT_ROWS, "a", "", ERR_FORBIDDEN},

    {"a role that does not exist", ODD_ROLE, ALL, "a", "one", ERR_FORBIDDEN},
    {"even when the route has its bit", ODD_ROLE, ALL | 32, "a", "one", ERR_FORBIDDEN},
    {"two roles at once are none", TWO_ROLES, ALL, "a", "one", ERR_FORBIDDEN},
};

static void decides(void) {
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct route route = {.roles = CASES[i].roles};
        const struct principal *who = CASES[i].who == NOBODY ? NULL : &PRINCIPALS[CASES[i].who];
        enum err e = authorise(who, &route, str_of(CASES[i].service), str_of(CASES[i].provider));
        CHECK(e == CASES[i].err, "%s: %s", CASES[i].label, err_info(e)->code);
    }
}

/* ---- every combination, against the same rules said another way: as what must hold for a yes ---- */

static const char *const IDS[] = {"", "a", "b"};
enum { ID_COUNT = 3, ROUTE_BITS = 256 };
static const struct {
    enum role role;
    bool service_needed, provider_needed;
} HOLDS[] = {
    {ROLE_ADMIN, false, false},  {ROLE_COMMISSIONER, true, false}, {ROLE_CHECKER, false, false},
    {ROLE_PROVIDER, true, true}, {ROLE_FEED, true, false},
};

/* Of a path that names somebody: it is the key's own, or the key is bound to nobody. */
static bool is_own(const char *named, const char *own, bool binds) {
    return !*named || !binds || strcmp(named, own) == 0;
}

static enum err expected(const struct principal *who, unsigned route, const char *service,
                         const char *provider) {
    if (route == ROLE_ANYONE) return OK;
    for (size_t i = 0; i < sizeof HOLDS / sizeof *HOLDS; i++) {
        if (HOLDS[i].role != who->role) continue;
        bool may = (route & (unsigned)who->role) != 0;
        may = may && (strcmp(who->audience, "internal") == 0 || (route & AUDIENCE_PUBLIC));
        may = may &&
              !((route & CLIENT_ROWS) && who->role == ROLE_COMMISSIONER && who->scopes != SCOPE_CLIENT_ROWS);
        may = may && !((route & EVERY_SERVICE) && *who->service);
        if (!may) return ERR_FORBIDDEN;
        bool bound =
            (*who->service || !HOLDS[i].service_needed) && (*who->provider || !HOLDS[i].provider_needed);
        bool own = is_own(service, who->service, *who->service != 0) &&
                   is_own(provider, who->provider, HOLDS[i].provider_needed);
        return bound && own ? OK : ERR_NOT_FOUND;
    }
    return ERR_FORBIDDEN;
}

static unsigned try_objects(const struct principal *who, const struct route *route) {
    unsigned wrong = 0;
    for (int i = 0; i < ID_COUNT * ID_COUNT; i++) {
        const char *service = IDS[i / ID_COUNT], *provider = IDS[i % ID_COUNT];
        enum err e = authorise(who, route, str_of(service), str_of(provider));
        wrong += e != expected(who, route->roles, service, provider);
    }
    return wrong;
}

/* All bits of a route (roles, audience, scope, reach) for one key. */
static unsigned try_routes(const struct principal *who) {
    unsigned wrong = 0;
    for (unsigned bits = 0; bits < ROUTE_BITS; bits++) {
        struct route route = {.roles = (bits & 31) | (bits & 32 ? AUDIENCE_PUBLIC : 0) |
                                       (bits & 64 ? CLIENT_ROWS : 0) | (bits & 128 ? EVERY_SERVICE : 0)};
        wrong += try_objects(who, &route);
    }
    return wrong;
}

static void every_combination(void) {
    static const char *const AUDIENCES[] = {"internal", "public", ""};
    unsigned wrong = 0, keys = 0;
    for (unsigned role = 0; role < 64; role++)
        for (unsigned i = 0; i < 3 * 2 * ID_COUNT * ID_COUNT; i++, keys++) {
            struct principal who = {.role = (enum role)role, .scopes = i / 3 % 2 ? SCOPE_CLIENT_ROWS : 0};
            snprintf(who.audience, sizeof who.audience, "%s", AUDIENCES[i % 3]);
            snprintf(who.service, sizeof who.service, "%s", IDS[i / 6 % ID_COUNT]);
            snprintf(who.provider, sizeof who.provider, "%s", IDS[i / 18]);
            wrong += try_routes(&who);
        }
    CHECK(wrong == 0, "%u of %u decisions are wrong", wrong, keys * ROUTE_BITS * ID_COUNT * ID_COUNT);
}

void suite_server_authorise(void) {
    suite_add("server_authorise", NULL, NULL);
    case_add("who may do what on whose object", decides);
    case_add("every key on every route and object, against the rules said another way", every_combination);
}
