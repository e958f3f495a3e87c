#include "handlers/reply_cache.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/hash.h"

/* A slot holds one reply, and the newest with its hash: some 20 KB each, so at most about 5 MB. */
enum { SLOTS = 256 };

struct kept {
    struct hash128 key;
    int64_t stamp; /* 0: empty; stamps begin at 1 */
    struct buf body;
    char etag[72];
};

struct reply_cache {
    pthread_mutex_t lock;
    struct kept slots[SLOTS];
};

struct reply_cache *reply_cache_new(void) {
    struct reply_cache *c = must_calloc(1, sizeof *c);
    pthread_mutex_init(&c->lock, NULL);
    return c;
}

void reply_cache_free(struct reply_cache *c) {
    for (size_t i = 0; i < SLOTS; i++)
        buf_free(&c->slots[i].body);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

bool reply_cache_get(struct reply_cache *c, str key, int64_t stamp, struct reply *out) {
    struct hash128 h = hash128_of(key);
    struct kept *k = &c->slots[h.a % SLOTS];
    pthread_mutex_lock(&c->lock);
    bool hit = k->stamp == stamp && hash128_eq(k->key, h);
    if (hit) {
        buf_clear(&out->body);
        buf_add_str(&out->body, buf_str(&k->body));
        memcpy(out->etag, k->etag, sizeof out->etag);
    }
    pthread_mutex_unlock(&c->lock);
    return hit;
}

void reply_cache_put(struct reply_cache *c, str key, int64_t stamp, const struct reply *reply) {
    struct hash128 h = hash128_of(key);
    struct kept *k = &c->slots[h.a % SLOTS];
    pthread_mutex_lock(&c->lock);
    k->key = h;
    k->stamp = stamp;
    buf_clear(&k->body);
    buf_add_str(&k->body, buf_str(&reply->body));
    memcpy(k->etag, reply->etag, sizeof k->etag);
    pthread_mutex_unlock(&c->lock);
}
