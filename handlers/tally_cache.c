#include "handlers/tally_cache.h"

#include <pthread.h>
#include <stdlib.h>

#include "db/store_tally.h"

/* Some 20 KB each: 150 services of 20 providers stay well under the cap. The reasons of a part weigh up to four times as much. */
enum { SLOTS = 4096, WEIGHT_MAX = 4096, WHY_WEIGHT = 4 };

struct shared_tally {
    struct shared_tally *next; /* in its slot */
    char service[65], provider[65];
    int64_t stamp;
    const struct framework *framework;
    int32_t as_at;
    uint32_t authority;
    struct tally tally;
    struct explain_table *why[PART_COUNT]; /* NULL: not asked yet; once set it stays */
    size_t weight;
    bool linked;
    unsigned users; /* the cache itself is one while it is linked */
};

struct tally_cache {
    pthread_mutex_t lock;
    size_t weight, clock_hand;
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
    for (size_t p = 0; p < PART_COUNT; p++) {
        if (s->why[p]) explain_table_free(s->why[p]);
        free(s->why[p]);
    }
    free(s);
}

/* Takes the entry that *at points to out of its slot. */
static void unlink_entry(struct tally_cache *c, struct shared_tally **at) {
    struct shared_tally *s = *at;
    *at = s->next;
    s->linked = false;
    c->weight -= s->weight;
    unuse(s);
}

static void drop_slot(struct tally_cache *c, size_t slot) {
    while (c->slots[slot])
        unlink_entry(c, &c->slots[slot]);
}

static void make_room(struct tally_cache *c, size_t weight) {
    while (c->weight && c->weight + weight > WEIGHT_MAX)
        drop_slot(c, c->clock_hand = (c->clock_hand + 1) % SLOTS);
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
        if (!same_question(s, k) || s->stamp >= k->stamp) at = &s->next;
        else unlink_entry(c, at);
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
    s->weight = 1;
    *t = (struct tally){.first = 1, .last = 0};
    return s;
}

struct shared_tally *tally_cache_put(struct tally_cache *c, const struct tally_key *key, struct tally *t) {
    struct shared_tally *s = make(key, t);
    size_t slot = slot_of(key);
    pthread_mutex_lock(&c->lock);
    drop_older(c, key);
    if (!find(c, key)) {
        make_room(c, s->weight);
        s->next = c->slots[slot];
        c->slots[slot] = s;
        s->linked = true;
        s->users++;
        c->weight += s->weight;
    }
    pthread_mutex_unlock(&c->lock);
    return s;
}

struct shared_tally *tally_cache_recall(struct tally_cache *c, const struct tally_key *key) {
    pthread_mutex_lock(&c->lock);
    struct shared_tally *s = find(c, key);
    if (s) s->users++;
    pthread_mutex_unlock(&c->lock);
    return s;
}

enum err tally_cache_get(struct tally_cache *c, struct db *db, const struct tally_key *key, int64_t known_at,
                         struct shared_tally **out) {
    *out = known_at == INSTANT_NONE ? tally_cache_recall(c, key) : NULL;
    if (*out) return OK;
    struct store_tally_ask ask = {.service = key->service,
                                  .provider = key->provider,
                                  .known_at = known_at,
                                  .framework = key->framework,
                                  .as_at = key->as_at,
                                  .authority = key->authority};
    struct tally t;
    enum err e = store_tally(db, &ask, &t);
    if (e == OK) *out = known_at == INSTANT_NONE ? tally_cache_put(c, key, &t) : make(key, &t);
    return e;
}

/* ---- why ---- */

static const struct explain_table *why_of(struct tally_cache *c, const struct shared_tally *s,
                                          enum part_id part) {
    pthread_mutex_lock(&c->lock);
    const struct explain_table *t = s->why[part];
    pthread_mutex_unlock(&c->lock);
    return t;
}

/* Whoever counted first stays: others may read it already. */
static const struct explain_table *keep_why(struct tally_cache *c, struct shared_tally *s, enum part_id part,
                                            struct explain_table *t) {
    pthread_mutex_lock(&c->lock);
    if (s->linked && !s->why[part]) make_room(c, WHY_WEIGHT);
    bool first = !s->why[part];
    if (first) s->why[part] = t;
    if (first && s->linked) {
        s->weight += WHY_WEIGHT;
        c->weight += WHY_WEIGHT;
    }
    const struct explain_table *kept = s->why[part];
    pthread_mutex_unlock(&c->lock);
    if (first) return kept;
    explain_table_free(t);
    free(t);
    return kept;
}

enum err tally_cache_why(struct tally_cache *c, struct db *db, const struct tally_key *key, int64_t known_at,
                         struct shared_tally *s, enum part_id part, const struct explain_table **out) {
    struct arena a = ARENA_EMPTY;
    struct book book = {0};
    *out = why_of(c, s, part);
    if (*out) return OK;
    enum err e = store_book_load(db, key->service, key->provider, known_at, explain_parts(part), &a, &book);
    if (e == OK) {
        struct explain_table *t = must_calloc(1, sizeof *t);
        struct walk_question q = {
            .framework = key->framework, .book = &book, .as_at = key->as_at, .authority = key->authority};
        explain_table_count(&q, part, t);
        *out = keep_why(c, s, part, t);
    }
    arena_free(&a);
    return e;
}
