#include "handlers/lookup_cache.h"

#include <pthread.h>
#include <stdlib.h>

struct kept_lookup {
    struct kept_lookup *next;
    char lookup[16], edition[65];
    int32_t version;
    struct buf pack; /* malloc'ed: aligned for the numbers in it */
    int users;
};

struct lookup_cache {
    pthread_mutex_t lock;
    struct kept_lookup *first;
};

struct lookup_cache *lookup_cache_new(void) {
    struct lookup_cache *c = must_calloc(1, sizeof *c);
    pthread_mutex_init(&c->lock, NULL);
    return c;
}

static void kept_free(struct kept_lookup *k) {
    buf_free(&k->pack);
    free(k);
}

void lookup_cache_free(struct lookup_cache *c) {
    while (c->first) {
        struct kept_lookup *next = c->first->next;
        kept_free(c->first);
        c->first = next;
    }
    pthread_mutex_destroy(&c->lock);
    free(c);
}

static bool is_same_list(const struct kept_lookup *k, const struct store_lookup *l) {
    return str_is(l->lookup, k->lookup) && str_is(l->edition, k->edition);
}

/* Under the lock. */
static struct kept_lookup *find(struct lookup_cache *c, const struct store_lookup *l) {
    for (struct kept_lookup *k = c->first; k; k = k->next)
        if (k->version == l->version && is_same_list(k, l)) return k;
    return NULL;
}

/* Under the lock: versions older than this one that nobody holds. */
static void drop_older(struct lookup_cache *c, const struct store_lookup *l) {
    for (struct kept_lookup **at = &c->first; *at;) {
        struct kept_lookup *k = *at;
        if (k->users || k->version >= l->version || !is_same_list(k, l)) {
            at = &k->next;
            continue;
        }
        *at = k->next;
        kept_free(k);
    }
}

static bool copy_name(char *out, size_t room, str name) {
    if (name.n >= room) return false;
    if (name.n) memcpy(out, name.p, name.n);
    out[name.n] = '\0';
    return true;
}

static enum err load(struct db *db, const struct store_lookup *l, struct kept_lookup **out) {
    struct kept_lookup *k = must_calloc(1, sizeof *k);
    k->version = l->version;
    bool named = copy_name(k->lookup, sizeof k->lookup, l->lookup) &&
                 copy_name(k->edition, sizeof k->edition, l->edition);
    enum err e = named ? store_lookup_pack(db, l, &k->pack) : ERR_INTERNAL;
    if (e == OK) *out = k;
    else kept_free(k);
    return e;
}

/* Two workers may load the same version at once; the first to arrive is kept. */
static enum err acquire(struct lookup_cache *c, struct db *db, const struct store_lookup *l,
                        struct kept_lookup **out) {
    pthread_mutex_lock(&c->lock);
    struct kept_lookup *known = find(c, l), *fresh = NULL;
    if (known) known->users++;
    pthread_mutex_unlock(&c->lock);
    if (!known) {
        enum err e = load(db, l, &fresh);
        if (e != OK) return e;
        pthread_mutex_lock(&c->lock);
        known = find(c, l);
        if (!known) {
            known = fresh;
            fresh = NULL;
            known->next = c->first;
            c->first = known;
        }
        known->users++;
        drop_older(c, l);
        pthread_mutex_unlock(&c->lock);
        if (fresh) kept_free(fresh);
    }
    *out = known;
    return OK;
}

/* A version without rows takes the lookup out of use. */
static bool open_pack(struct lookups_in_use *l, const struct store_lookup *version, str pack) {
    if (str_is(version->lookup, "imd")) {
        l->lookups.imd = &l->imd;
        return lookup_open_imd(pack, &l->imd);
    }
    l->lookups.postcodes = &l->postcodes;
    return lookup_open_postcodes(pack, &l->postcodes);
}

enum err lookups_acquire(struct lookup_cache *c, struct db *db, str edition, struct arena *a,
                         struct lookups_in_use *out, struct fault *fault) {
    struct store_lookup *newest;
    size_t count;
    *out = (struct lookups_in_use){.count = 0};
    enum err e = store_lookups_in_use(db, edition, a, &newest, &count);
    for (size_t i = 0; e == OK && i < count && out->count < 2; i++) {
        if (newest[i].rows == 0) continue;
        size_t at = out->count;
        e = acquire(c, db, &newest[i], &out->held[at]);
        if (e != OK) break;
        out->versions[at] = newest[i];
        out->count++;
        if (!open_pack(out, &newest[i], buf_str(&out->held[at]->pack)))
            e = fail(fault, ERR_INTERNAL, "lookup %.*s version %d cannot be read: load it again",
                     STR_ARG(newest[i].lookup), newest[i].version);
    }
    return e;
}

void lookups_release(struct lookup_cache *c, struct lookups_in_use *l) {
    pthread_mutex_lock(&c->lock);
    for (size_t i = 0; i < l->count; i++)
        l->held[i]->users--;
    pthread_mutex_unlock(&c->lock);
    l->count = 0;
}
