#include "handlers/fixed_texts.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/hash.h"

/* A slot holds one text, and the newest with its hash. */
enum { SLOTS = 256 };

struct kept_text {
    bool taken;
    struct hash128 key;
    struct buf text;
};

struct fixed_texts {
    pthread_mutex_t lock;
    struct kept_text slots[SLOTS];
};

struct fixed_texts *fixed_texts_new(void) {
    struct fixed_texts *all = must_calloc(1, sizeof *all);
    pthread_mutex_init(&all->lock, NULL);
    return all;
}

void fixed_texts_free(struct fixed_texts *all) {
    for (size_t i = 0; i < SLOTS; i++)
        buf_free(&all->slots[i].text);
    pthread_mutex_destroy(&all->lock);
    free(all);
}

bool fixed_texts_get(struct fixed_texts *all, str key, struct buf *out) {
    struct hash128 h = hash128_of(key);
    struct kept_text *k = &all->slots[h.a % SLOTS];
    pthread_mutex_lock(&all->lock);
    bool hit = k->taken && hash128_eq(k->key, h);
    if (hit) buf_add_str(out, buf_str(&k->text));
    pthread_mutex_unlock(&all->lock);
    return hit;
}

void fixed_texts_put(struct fixed_texts *all, str key, str text) {
    struct hash128 h = hash128_of(key);
    struct kept_text *k = &all->slots[h.a % SLOTS];
    pthread_mutex_lock(&all->lock);
    k->taken = true;
    k->key = h;
    buf_clear(&k->text);
    buf_add_str(&k->text, text);
    pthread_mutex_unlock(&all->lock);
}
