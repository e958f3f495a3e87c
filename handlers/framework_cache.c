#include "handlers/framework_cache.h"

#include <pthread.h>
#include <stdlib.h>

#include "db/store_lookups.h"
#include "returns/lookup.h"

struct cached {
    struct cached *next;
    struct framework *framework;
};

struct framework_cache {
    pthread_mutex_t lock;
    struct cached *first;
};

struct framework_cache *framework_cache_new(void) {
    struct framework_cache *c = must_calloc(1, sizeof *c);
    pthread_mutex_init(&c->lock, NULL);
    return c;
}

void framework_cache_free(struct framework_cache *c) {
    while (c->first) {
        struct cached *next = c->first->next;
        framework_free(c->first->framework);
        free(c->first);
        c->first = next;
    }
    pthread_mutex_destroy(&c->lock);
    free(c);
}

static const struct framework *find(const struct framework_cache *c, str id, int version, int holidays) {
    for (const struct cached *k = c->first; k; k = k->next)
        if (k->framework->version == version && k->framework->holidays_version == holidays &&
            str_is(id, k->framework->id))
            return k->framework;
    return NULL;
}

/* Two workers may parse the same new version at once; the first to arrive is kept, so that pointers stay valid. */
static const struct framework *keep(struct framework_cache *c, struct framework *fresh) {
    pthread_mutex_lock(&c->lock);
    const struct framework *known = find(c, str_of(fresh->id), fresh->version, fresh->holidays_version);
    if (!known) {
        struct cached *k = must_calloc(1, sizeof *k);
        *k = (struct cached){c->first, fresh};
        c->first = k;
    }
    pthread_mutex_unlock(&c->lock);
    if (!known) return fresh;
    framework_free(fresh);
    return known;
}

/* The loaded bank holidays into a framework that nobody else knows yet. */
static enum err add_holidays(struct db *db, struct framework *f, int version, struct fault *fault) {
    struct arena a = ARENA_EMPTY;
    struct store_lookup *all;
    size_t count;
    enum err e = store_lookups_list(db, STR("bank-holidays"), &a, &all, &count);
    for (size_t i = 0; e == OK && i < count; i++) {
        if (all[i].version != version) continue;
        struct buf pack = BUF_EMPTY;
        const int32_t *days = NULL;
        size_t n = 0;
        e = store_lookup_pack(db, &all[i], &pack);
        if (e == OK && !lookup_open_holidays(buf_str(&pack), &days, &n))
            e = fail(fault, ERR_INTERNAL, "bank-holidays version %d cannot be read: load it again", version);
        if (e == OK) framework_set_holidays(f, version, days, n);
        buf_free(&pack);
    }
    arena_free(&a);
    return e;
}

enum err framework_cache_get(struct framework_cache *c, struct db *db, const struct store_service *service,
                             int version, struct fault *fault, const struct framework **out) {
    str id = service->framework_id;
    pthread_mutex_lock(&c->lock);
    const struct framework *known = find(c, id, version, service->holidays_version);
    pthread_mutex_unlock(&c->lock);
    if (known) {
        *out = known;
        return OK;
    }
    struct arena a = ARENA_EMPTY;
    str body;
    enum err e = store_framework_get(db, id, version, &a, &body);
    struct framework *fresh = NULL;
    if (e == OK && framework_parse_stored(body, version, fault, &fresh) != OK)
        e = fail(fault, ERR_INTERNAL, "framework %.*s version %d is stored but cannot be read: load it again",
                 STR_ARG(id), version);
    arena_free(&a);
    if (e == OK && service->holidays_version) e = add_holidays(db, fresh, service->holidays_version, fault);
    if (e == OK) *out = keep(c, fresh);
    else framework_free(fresh);
    return e;
}

enum err framework_cache_of_period(struct framework_cache *c, struct db *db,
                                   const struct store_service *service, int16_t period, struct fault *fault,
                                   const struct framework **out) {
    int version = version_of_period(service->versions, service->version_count, period);
    return framework_cache_get(c, db, service, version, fault, out);
}

enum err framework_cache_all(struct framework_cache *c, struct db *db, const struct store_service *service,
                             struct arena *a, struct fault *fault, struct frameworks_in_force *out) {
    struct framework_in_force *list = ARENA_ARRAY(a, struct framework_in_force, service->version_count);
    enum err e = OK;
    for (size_t i = 0; e == OK && i < service->version_count; i++) {
        list[i].from = service->versions[i].from;
        e = framework_cache_get(c, db, service, service->versions[i].version, fault, &list[i].framework);
    }
    *out = (struct frameworks_in_force){list, service->version_count};
    return e;
}
