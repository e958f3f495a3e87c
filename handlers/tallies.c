#include "handlers/tallies.h"

enum err tallies_load(struct request *r, const struct service_view *v, int32_t as_at, int64_t known_at,
                      uint32_t authority, struct service_tallies *out) {
    const struct framework *f = v->framework;
    struct service_tallies t = {
        .providers = ARENA_ARRAY(r->arena, struct provider_tally, v->provider_count),
        .shared = ARENA_ARRAY(r->arena, struct shared_tally *, v->provider_count),
        .count = v->provider_count,
        .as_at = as_at,
        .authority = authority,
    };
    enum err e = OK;
    for (size_t i = 0; i < t.count && e == OK; i++) {
        const struct store_provider *p = &v->providers[i];
        t.providers[i].provider = framework_provider_find(f, p->id);
        if (p->stamp == 0) continue;
        struct tally_key key = {v->service.id, p->id, p->stamp, f, as_at, authority};
        e = tally_cache_get(app_of(r)->tallies, db_of(r), &key, known_at, &t.shared[i]);
        if (e == OK) t.providers[i].tally = shared_tally_get(t.shared[i]);
    }
    *out = t;
    if (e != OK) tallies_release(r, out);
    return e;
}

enum err tallies_why(struct request *r, const struct service_tallies *t, const struct service_view *v,
                     size_t index, int64_t known_at, enum part_id part, const struct explain_table **out) {
    const struct store_provider *p = &v->providers[index];
    *out = NULL;
    if (!t->shared[index]) return OK;
    struct tally_key key = {v->service.id, p->id, p->stamp, v->framework, t->as_at, t->authority};
    return tally_cache_why(app_of(r)->tallies, db_of(r), &key, known_at, t->shared[index], part, out);
}

void tallies_release(struct request *r, struct service_tallies *t) {
    for (size_t i = 0; i < t->count; i++) {
        tally_release(app_of(r)->tallies, t->shared[i]);
        t->shared[i] = NULL;
    }
}
