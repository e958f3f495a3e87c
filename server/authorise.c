/* authorise: may this principal do that on this object? Pure, a table of rules, no exceptions elsewhere in the code.
 *
 * The right is judged before the object, from the route alone, so that FORBIDDEN tells nothing about what exists; an object
 * of others is NOT_FOUND, the same as one that does not exist. Whatever the table does not name is refused. */
#include "server/server.h"

/* What binds a role to its objects. */
static const struct rule {
    enum role role;
    bool every_service; /* a key without a service reaches all of them */
    bool own_provider;  /* the provider of the path must be the key's */
} RULES[] = {
    {ROLE_ADMIN, true, false},    {ROLE_COMMISSIONER, false, false}, {ROLE_CHECKER, true, false},
    {ROLE_PROVIDER, false, true}, {ROLE_FEED, false, false},
};

static const struct rule *rule_of(enum role role) {
    for (size_t i = 0; i < sizeof RULES / sizeof *RULES; i++)
        if (RULES[i].role == role) return &RULES[i];
    return NULL;
}

static bool reaches(const struct rule *rule, const struct principal *who, str service, str provider) {
    str own_service = str_of(who->service), own_provider = str_of(who->provider);
    if (rule->own_provider && !own_provider.n) return false;
    if (!own_service.n && !rule->every_service) return false;
    if (service.n && own_service.n && !str_eq(service, own_service)) return false;
    if (rule->own_provider && provider.n && !str_eq(provider, own_provider)) return false;
    return true;
}

static bool lacks_scope(const struct principal *who, const struct route *route) {
    return (route->roles & CLIENT_ROWS) && who->role == ROLE_COMMISSIONER &&
           !(who->scopes & SCOPE_CLIENT_ROWS);
}

enum err authorise(const struct principal *who, const struct route *route, str service, str provider) {
    if (route->roles == ROLE_ANYONE) return OK;
    if (!who) return ERR_UNAUTHENTICATED;
    const struct rule *rule = rule_of(who->role);
    if (!rule || !(route->roles & (unsigned)who->role)) return ERR_FORBIDDEN;
    if (!str_is(str_of(who->audience), "internal") && !(route->roles & AUDIENCE_PUBLIC)) return ERR_FORBIDDEN;
    if (lacks_scope(who, route)) return ERR_FORBIDDEN;
    if ((route->roles & EVERY_SERVICE) && *who->service) return ERR_FORBIDDEN;
    return reaches(rule, who, service, provider) ? OK : ERR_NOT_FOUND;
}
