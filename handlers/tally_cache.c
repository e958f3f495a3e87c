#include "handlers/tally_cache.h"

#include <pthread.h>
#include <stdlib.h>

/* Some 20 KB each: 150 services of 20 providers stay well under the cap. */
enum { SLOTS = 4096, ENTRIES_MAX = 4096 };

struct shared_tally {
    struct shared_tally *next; /* in its slot */
    char service[65], provider[65];
    int64_t stamp;
    const struct framework *framework;
    int32_t as_at;
    uint32_t authority;
    struct tally tally;
    unsigned users; /* the cache itself is one while it is linked */
};

struct tally_cache {
    pthread_mutex_t lock;
    size_t count, clock_hand;
    struct shared_tally *slots[SLOTS];
};

struct tally_cache *tally_cache_new(void) {
    struct tally_cache *c = must_calloc(1, sizeof *c);
    pthread_mutex_init(&c->lock, NULL);
    return c;
}

static void unuse(struct shared_tally *s) {
    if (--s->users) return;
    tally_free(&s->tally);
    free(s);
}

static void drop_slot(struct tally_cache *c, size_t slot) {
    while (c->slots[slot]) {
        struct shared_tally *s = c->slots[slot];
        c->slots[slot] = s->next;
        c->count--;
        unuse(s);
    }
}

void tally_cache_free(struct tally_cache *c) {
    for (size_t i = 0; i < SLOTS; i++)
        drop_slot(c, i);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

const struct tally *shared_tally_get(const struct shared_tally *s) {
    return &s->tally;
}

void tally_release(struct tally_cache *c, struct shared_tally *s) {
    if (!s) return;
    pthread_mutex_lock(&c->lock);
    unuse(s);
    pthread_mutex_unlock(&c->lock);
}

static size_t slot_of(const struct tally_key *k) {
    struct hash128 s = hash128_of(k->service), p = hash128_of(k->provider);
    return (size_t)((s.a ^ p.b ^ (uint64_t)(uint32_t)k->as_at * 0x9e3779b97f4a7c15u ^ k->authority) % SLOTS);
}

static bool same_question(const struct shared_tally *s, const struct tally_key *k) {
    return s->as_at == k->as_at && s->authority == k->authority && str_is(k->provider, s->provider) &&
           str_is(k->service, s->service);
}

static struct shared_tally *find(struct tally_cache *c, const struct tally_key *k) {
    for (struct shared_tally *s = c->slots[slot_of(k)]; s; s = s->next)
        if (same_question(s, k) && s->stamp == k->stamp && s->framework == k->framework) return s;
    return NULL;
}

/* Older answers to the same question go: nobody will ask with that stamp again. */
static void drop_older(struct tally_cache *c, const struct tally_key *k) {
    for (struct shared_tally **at = &c->slots[slot_of(k)]; *at;) {
        struct shared_tally *s = *at;
        if (!same_question(s, k) || s->stamp >= k->stamp) {
            at = &s->next;
            continue;
        }
        *at = s->next;
        c->count--;
        unuse(s);
    }
}

static void keep_text(char out[65], str s) {
    size_t n = s.n < 64 ? s.n : 64;
    memcpy(out, s.p, n);
    out[n] = '\0';
}

static struct shared_tally *make(const struct tally_key *key, struct tally *t) {
    struct shared_tally *s = must_calloc(1, sizeof *s);
    keep_text(s->service, key->service);
    keep_text(s->provider, key->provider);
    s->stamp = key->stamp;
    s->framework = key->framework;
    s->as_at = key->as_at;
    s->authority = key->authority;
    s->tally = *t;
    s->users = 1;
    *t = (struct tally){.first = 1, .last = 0};
    return s;
}

struct shared_tally *tally_cache_put(struct tally_cache *c, const struct tally_key *key, struct tally *t) {
    struct shared_tally *s = make(key, t);
    size_t slot = slot_of(key);
    pthread_mutex_lock(&c->lock);
    drop_older(c, key);
    if (!find(c, key)) {
        while (c->count >= ENTRIES_MAX)
            drop_slot(c, c->clock_hand = (c->clock_hand + 1) % SLOTS);
        s->next = c->slots[slot];
        c->slots[slot] = s;
        s->users++;
        c->count++;
    }
    pthread_mutex_unlock(&c->lock);
    return s;
}

enum err tally_cache_get(struct tally_cache *c, struct db *db, const struct tally_key *key, int64_t known_at,
                         struct shared_tally **out) {
    if (known_at == INSTANT_NONE) {
        pthread_mutex_lock(&c->lock);
        struct shared_tally *s = find(c, key);
        if (s) s->users++;
        pthread_mutex_unlock(&c->lock);
        if (s) {
            *out = s;
            return OK;
        }
    }
    struct arena a = ARENA_EMPTY;
    struct book book = {0};
    enum err e = store_book_load(db, key->service, key->provider, known_at, UINT32_MAX, &a, &book);
    if (e == OK) {
        struct tally t;
        struct tally_filter filter = {.authority = key->authority};
        tally_count(key->framework, &book, key->as_at, &filter, &t);
        *out = known_at == INSTANT_NONE ? tally_cache_put(c, key, &t) : make(key, &t);
    }
    arena_free(&a);
    return e;
}
