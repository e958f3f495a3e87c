#include "handlers/target.h"

#include <stdio.h>

#include "handlers/framework_cache.h"
#include "handlers/replica.h"

enum err target_period(struct request *r, int16_t *out) {
    str text = request_param(r, "period");
    int16_t period;
    if (!period_parse(text, &period))
        return fail(&r->fault, ERR_NOT_FOUND,
                    "There is no period '%.*s'. Quarters are written like 2025-26-Q1.", STR_ARG(text));
    if (period < PERIOD_FIRST_ACCEPTED)
        return fail(&r->fault, ERR_NOT_FOUND, "Periods before 2017-18-Q3 are not kept; '%.*s' is earlier.",
                    STR_ARG(text));
    *out = period;
    return OK;
}

enum err target_part(struct request *r, const struct part **out) {
    str name = request_param(r, "part");
    const struct part *part = part_find(name);
    if (part) {
        *out = part;
        return OK;
    }
    str names[PART_COUNT];
    size_t n = 0;
    for (int i = 0; i < PART_COUNT; i++)
        if (part_get((enum part_id)i)) names[n++] = str_of(part_name((enum part_id)i));
    str near = str_nearest(name, names, n);
    struct buf all = BUF_EMPTY;
    for (size_t i = 0; i < n; i++)
        buf_printf(&all, "%s%.*s", i ? ", " : "", STR_ARG(names[i]));
    if (near.p)
        fail(&r->fault, ERR_NOT_FOUND, "There is no part '%.*s'. Did you mean '%.*s'? Parts: %.*s.",
             STR_ARG(name), STR_ARG(near), STR_ARG(buf_str(&all)));
    else
        fail(&r->fault, ERR_NOT_FOUND, "There is no part '%.*s'. Parts: %.*s.", STR_ARG(name),
             STR_ARG(buf_str(&all)));
    buf_free(&all);
    return ERR_NOT_FOUND;
}

enum err target_check(struct request *r) {
    int16_t period;
    const struct part *part;
    enum err e = replica_refuse(r);
    if (e == OK && request_param(r, "period").n) e = target_period(r, &period);
    return e == OK && request_param(r, "part").n ? target_part(r, &part) : e;
}

static enum err bad_value(struct request *r, const char *name, str value, const char *wanted) {
    return fail(&r->fault, ERR_BAD_PARAMETER, "'%.*s' is no value for %s; write %s.", STR_ARG(value), name,
                wanted);
}

enum err query_period(struct request *r, const char *name, int16_t *out) {
    str v = request_query(r, name);
    if (!v.p) return OK;
    return period_parse(v, out) ? OK : bad_value(r, name, v, "a quarter like 2025-26-Q1");
}

enum err query_day(struct request *r, const char *name, int32_t *out) {
    str v = request_query(r, name);
    if (!v.p) return OK;
    return day_parse_iso(v, out)
               ? OK
               : bad_value(r, name, v, "a day like 2026-02-20, of a year from 1800 to 2299");
}

enum err query_instant(struct request *r, const char *name, int64_t *out) {
    str v = request_query(r, name);
    if (!v.p) return OK;
    return instant_parse(v, out)
               ? OK
               : bad_value(
                     r, name, v,
                     "an instant with its zone, like 2026-02-20T09:30:00Z; in an address + is written %2B");
}

enum err query_count(struct request *r, const char *name, uint64_t max, uint64_t *out) {
    str v = request_query(r, name);
    if (!v.p) return OK;
    uint64_t n;
    if (str_to_uint(v, max, &n) && n > 0) {
        *out = n;
        return OK;
    }
    char wanted[64];
    snprintf(wanted, sizeof wanted, "a whole number from 1 to %llu", (unsigned long long)max);
    return bad_value(r, name, v, wanted);
}

enum err query_after(struct request *r, int64_t *out) {
    str v = request_query(r, "after");
    uint64_t n = 0;
    *out = 0;
    if (v.p && !str_to_uint(v, INT64_MAX, &n))
        return bad_value(r, "after", v,
                         "metadata.cursor of an earlier answer; leave it out to begin with the first");
    *out = (int64_t)n;
    return OK;
}

/* The providers as they were: named as the framework in use names them, without those that came after known_at. One that the framework
 * has no longer may have sent something, and stays. */
static enum err as_known(struct request *r, int64_t known_at, struct service_view *v) {
    const struct store_provider *all = v->providers;
    struct store_provider *list = ARENA_ARRAY(r->arena, struct store_provider, v->provider_count);
    size_t kept = 0;
    for (size_t i = 0; i < v->provider_count; i++) {
        struct store_provider p = all[i];
        const struct framework_provider *named = framework_provider_find(v->framework, p.id);
        bool known = named || known_at == INSTANT_NONE;
        enum err e = known ? OK : store_provider_known(db_of(r), v->service.id, p.id, known_at, &known);
        if (e != OK) return e;
        if (named) p.name = str_of(named->name), p.group = str_of(named->group ? named->group : "");
        if (known) list[kept++] = p;
    }
    v->providers = list;
    v->provider_count = kept;
    return OK;
}

enum err no_service(str service, struct fault *fault) {
    return fail(fault, ERR_NOT_FOUND, "There is no service '%.*s'.", STR_ARG(service));
}

enum err service_view_read(struct request *r, str service, int64_t known_at, struct arena *a,
                           struct service_view *out, struct fault *fault) {
    store_providers_ahead(db_of(r), service);
    enum err e = store_service_get(db_of(r), service, known_at, a, &out->service);
    if (e == ERR_NOT_FOUND) return no_service(service, fault);
    if (e != OK) return e;
    out->framework = NULL;
    e = framework_cache_all(app_of(r)->frameworks, db_of(r), &out->service, a, fault, &out->in_force);
    if (e != OK) return e;
    return store_providers_list(db_of(r), service, a, &out->providers, &out->provider_count);
}

enum err service_view_of(struct request *r, const struct service_view *of_no_quarter, int64_t known_at,
                         int16_t period, struct service_view *out) {
    *out = *of_no_quarter;
    out->framework = service_view_framework(out, period);
    return as_known(r, known_at, out);
}

enum err service_view_load(struct request *r, str service, int64_t known_at, int16_t period,
                           struct service_view *out, struct fault *fault) {
    struct service_view read;
    enum err e = service_view_read(r, service, known_at, r->arena, &read, fault);
    return e == OK ? service_view_of(r, &read, known_at, period, out) : e;
}

const struct framework *service_view_framework(const struct service_view *v, int16_t period) {
    return framework_of_period(&v->in_force, period);
}

const struct framework *service_view_locking(const struct service_view *v, int16_t period) {
    return service_view_framework(v, period_of(period_year(period), 4));
}

const struct store_provider *service_view_provider(const struct service_view *v, str id) {
    for (size_t i = 0; i < v->provider_count; i++)
        if (str_eq(v->providers[i].id, id)) return &v->providers[i];
    return NULL;
}
