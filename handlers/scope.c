#include "handlers/scope.h"

/* What the path names, else the query; empty where neither does. */
static str asked_service(const struct request *r) {
    str service = request_param(r, "service");
    if (service.n) return service;
    service = request_query(r, "service");
    return service.n ? service : STR("");
}

static bool may_span_services(enum role role) {
    return role == ROLE_ADMIN || role == ROLE_CHECKER;
}

struct db_scope scope_of(const struct request *r) {
    if (!r->who) return DB_NOBODY;
    str own = str_of(r->who->service), own_provider = str_of(r->who->provider);
    str asked = asked_service(r), provider = request_param(r, "provider");
    if (own.n && asked.n && !str_eq(own, asked)) return DB_NOBODY;
    if (!own.n && !may_span_services(r->who->role)) return DB_NOBODY;
    struct db_scope scope = {.service = own.n ? own : asked};
    scope.every_service = !scope.service.n;
    if (r->who->role != ROLE_PROVIDER) {
        scope.every_provider = true;
        return scope;
    }
    if (!own_provider.n || (provider.n && !str_eq(provider, own_provider))) return DB_NOBODY;
    scope.provider = own_provider;
    return scope;
}
