#include "handlers/tallies.h"

/* What stands beside a figure is of the same year or the one before. */
static bool is_asked(const struct service_view *v, size_t i, struct quarters of) {
    int16_t first = of.from ? period_of(period_year(of.from) - 1, 1) : 0;
    bool ended = i + 1 < v->in_force.count && v->in_force.list[i + 1].from <= first;
    return !ended && v->in_force.list[i].from <= of.to;
}

/* Where the counts are asked for: in memory alone, or in the database too. */
struct source {
    struct request *r;
    const struct service_view *view;
    int64_t known_at;
    bool from_memory;
};

/* ERR_NOT_FOUND: not in memory. */
static enum err find(const struct source *from, const struct tally_key *key, struct shared_tally **out) {
    struct tally_cache *cache = app_of(from->r)->tallies;
    if (!from->from_memory) return tally_cache_get(cache, db_of(from->r), key, from->known_at, out);
    *out = tally_cache_recall(cache, key);
    return *out ? OK : ERR_NOT_FOUND;
}

static enum err load_rating(const struct source *from, struct service_tallies *t,
                            struct framework_in_force in_force) {
    const struct service_view *v = from->view;
    struct provider_tally *providers = ARENA_ARRAY(from->r->arena, struct provider_tally, t->count);
    struct shared_tally **shared = &t->shared[t->rating_count * t->count];
    t->providers[t->rating_count] = providers;
    t->ratings[t->rating_count++] = (struct rating){in_force.from, in_force.framework, providers};
    enum err e = OK;
    for (size_t i = 0; i < t->count && e == OK; i++) {
        const struct store_provider *p = &v->providers[i];
        providers[i].provider = framework_provider_find(in_force.framework, p->id);
        if (p->stamp == 0) continue;
        struct tally_key key = {v->service.id, p->id, p->stamp, in_force.framework, t->as_at, t->authority};
        e = find(from, &key, &shared[i]);
        if (e == OK) providers[i].tally = shared_tally_get(shared[i]);
    }
    return e;
}

static enum err load(const struct source *from, struct quarters of, int32_t as_at, uint32_t authority,
                     struct service_tallies *out) {
    const struct service_view *v = from->view;
    struct arena *a = from->r->arena;
    size_t versions = v->in_force.count;
    *out = (struct service_tallies){
        .providers = ARENA_ARRAY(a, struct provider_tally *, versions),
        .ratings = ARENA_ARRAY(a, struct rating, versions),
        .shared = ARENA_ARRAY(a, struct shared_tally *, versions * v->provider_count),
        .count = v->provider_count,
        .as_at = as_at,
        .authority = authority,
    };
    enum err e = OK;
    for (size_t i = 0; i < versions && e == OK; i++)
        if (is_asked(v, i, of)) e = load_rating(from, out, v->in_force.list[i]);
    if (e != OK) tallies_release(from->r, out);
    return e;
}

enum err tallies_load(struct request *r, const struct service_view *v, struct quarters of, int32_t as_at,
                      int64_t known_at, uint32_t authority, struct service_tallies *out) {
    return load(&(struct source){r, v, known_at, false}, of, as_at, authority, out);
}

bool tallies_recall(struct request *r, const struct service_view *v, struct quarters of, int32_t as_at,
                    uint32_t authority, struct service_tallies *out) {
    return load(&(struct source){r, v, INSTANT_NONE, true}, of, as_at, authority, out) == OK;
}

const struct rating *tallies_of(const struct service_tallies *t, int16_t period) {
    size_t i = t->rating_count - 1;
    while (i > 0 && t->ratings[i].from > period)
        i--;
    return &t->ratings[i];
}

void tallies_replace(struct service_tallies *t, size_t rating, size_t provider, const struct tally *tally) {
    t->providers[rating][provider].tally = tally;
}

struct figures_question tallies_question(const struct service_tallies *t, int16_t period) {
    const struct rating *by = tallies_of(t, period);
    return (struct figures_question){
        .framework = by->framework,
        .period = period,
        .as_at = t->as_at,
        .providers = by->providers,
        .provider_count = t->count,
        .by_authority = t->authority != 0,
        .authority = t->authority,
        .ratings = t->ratings,
        .rating_count = t->rating_count,
    };
}

enum err tallies_why(struct request *r, const struct service_tallies *t, const struct service_view *v,
                     int16_t period, size_t index, int64_t known_at, enum part_id part,
                     const struct explain_table **out) {
    const struct store_provider *p = &v->providers[index];
    const struct rating *by = tallies_of(t, period);
    struct shared_tally *shared = t->shared[(size_t)(by - t->ratings) * t->count + index];
    *out = NULL;
    if (!shared) return OK;
    struct tally_key key = {v->service.id, p->id, p->stamp, by->framework, t->as_at, t->authority};
    return tally_cache_why(app_of(r)->tallies, db_of(r), &key, known_at, shared, part, out);
}

void tallies_release(struct request *r, struct service_tallies *t) {
    for (size_t i = 0; i < t->rating_count * t->count; i++) {
        tally_release(app_of(r)->tallies, t->shared[i]);
        t->shared[i] = NULL;
    }
}
