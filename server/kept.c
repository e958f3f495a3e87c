/* kept: a table of chains and a list in the order of use, under one lock that is held for a few pointers' time. Bytes are counted with
 * everything that a reply brings along, so that many small ones do not cost more than the limit says. */
#include "server/kept.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/hash.h"

/* As many prepared ones as threads usually send at once; about so many bytes each. */
enum { CHAINS = 4096, PART_OF_ALL = 8, PREPARED_MOST = 4, PREPARED_BYTES = 2500 };

struct kept {
    struct kept *next;          /* of the chain */
    struct kept *newer, *older; /* of the list */
    unsigned holders;           /* under the lock; the table is one while it has it */
    size_t weight;
    uint64_t hash;
    struct reply_state made_in;
    char *texts; /* key and values of headers */
    str key;
    void *prepared[PREPARED_MOST];
    unsigned prepared_count;
    struct reply reply; /* its body is ours; sent as lasting bytes */
};

struct kept_replies {
    pthread_mutex_t lock;
    void (*drop_prepared)(void *prepared);
    size_t most, weight;
    struct kept *newest, *oldest;
    struct kept *chains[CHAINS];
};

struct kept_replies *kept_new(size_t most_bytes, void (*drop_prepared)(void *prepared)) {
    if (!most_bytes) return NULL;
    struct kept_replies *all = must_calloc(1, sizeof *all);
    pthread_mutex_init(&all->lock, NULL);
    all->most = most_bytes;
    all->drop_prepared = drop_prepared;
    return all;
}

static void let_go(struct kept_replies *all, struct kept *k) {
    if (--k->holders) return;
    while (k->prepared_count)
        all->drop_prepared(k->prepared[--k->prepared_count]);
    buf_free(&k->reply.body);
    free(k->texts);
    free(k);
}

/* ---- the list ---- */

static void unlink_from_list(struct kept_replies *all, struct kept *k) {
    *(k->newer ? &k->newer->older : &all->newest) = k->older;
    *(k->older ? &k->older->newer : &all->oldest) = k->newer;
}

static void make_newest(struct kept_replies *all, struct kept *k) {
    k->newer = NULL;
    k->older = all->newest;
    *(k->older ? &k->older->newer : &all->oldest) = k;
    all->newest = k;
}

/* ---- the table ---- */

static struct kept **place_of(struct kept_replies *all, uint64_t hash, str key) {
    struct kept **at = &all->chains[hash % CHAINS];
    while (*at && ((*at)->hash != hash || !str_eq((*at)->key, key)))
        at = &(*at)->next;
    return at;
}

static void take_out(struct kept_replies *all, struct kept **at) {
    struct kept *k = *at;
    *at = k->next;
    unlink_from_list(all, k);
    all->weight -= k->weight;
    let_go(all, k);
}

static void make_room(struct kept_replies *all, size_t weight) {
    while (all->oldest && all->weight + weight > all->most)
        take_out(all, place_of(all, all->oldest->hash, all->oldest->key));
}

void kept_free(struct kept_replies *all) {
    if (!all) return;
    while (all->oldest)
        take_out(all, place_of(all, all->oldest->hash, all->oldest->key));
    pthread_mutex_destroy(&all->lock);
    free(all);
}

static bool same_state(struct reply_state a, struct reply_state b) {
    return a.generation == b.generation && a.day == b.day;
}

struct kept *kept_find(struct kept_replies *all, str key, struct reply_state now) {
    uint64_t hash = hash128_of(key).a;
    pthread_mutex_lock(&all->lock);
    struct kept **at = place_of(all, hash, key), *k = *at;
    if (k && same_state(k->made_in, now)) {
        unlink_from_list(all, k);
        make_newest(all, k);
        k->holders++;
    } else if (k) {
        take_out(all, at);
        k = NULL;
    }
    pthread_mutex_unlock(&all->lock);
    return k;
}

void kept_drop(struct kept_replies *all, struct kept *k) {
    if (!k) return;
    pthread_mutex_lock(&all->lock);
    let_go(all, k);
    pthread_mutex_unlock(&all->lock);
}

void *kept_prepared_take(struct kept_replies *all, struct kept *k) {
    pthread_mutex_lock(&all->lock);
    void *prepared = k->prepared_count ? k->prepared[--k->prepared_count] : NULL;
    pthread_mutex_unlock(&all->lock);
    return prepared;
}

void kept_prepared_give(struct kept_replies *all, struct kept *k, void *prepared) {
    pthread_mutex_lock(&all->lock);
    bool room = k->prepared_count < PREPARED_MOST;
    if (room) k->prepared[k->prepared_count++] = prepared;
    pthread_mutex_unlock(&all->lock);
    if (!room) all->drop_prepared(prepared);
}

/* ---- a reply ---- */

/* A copy with a NUL behind it, since the library wants C strings. */
static str put_text(char **at, str s) {
    str copy = {*at, s.n};
    if (s.n) memcpy(*at, s.p, s.n);
    (*at)[s.n] = '\0';
    *at += s.n + 1;
    return copy;
}

static struct kept *make(str key, struct reply_state made_in, struct reply *p) {
    struct kept *k = must_calloc(1, sizeof *k);
    size_t texts = key.n + 1;
    for (size_t i = 0; i < p->header_count; i++)
        texts += p->headers[i].value.n + 1;
    char *at = k->texts = must_calloc(1, texts);
    k->hash = hash128_of(key).a;
    k->key = put_text(&at, key);
    k->made_in = made_in;
    k->reply = *p;
    k->reply.body.p = must_realloc(p->body.p, p->body.n); /* what it could have grown to is not kept */
    k->reply.body.room = p->body.n;
    p->body = BUF_EMPTY;
    for (size_t i = 0; i < p->header_count; i++)
        k->reply.headers[i].value = put_text(&at, p->headers[i].value);
    k->weight = sizeof *k + texts + k->reply.body.room + PREPARED_BYTES;
    k->holders = 1;
    return k;
}

void kept_fill(const struct kept *k, struct reply *p) {
    *p = k->reply;
    p->body = BUF_EMPTY;
    p->lasting = buf_str(&k->reply.body);
}

struct kept *kept_put(struct kept_replies *all, str key, struct reply_state made_in, struct reply *p) {
    struct kept *k = make(key, made_in, p);
    kept_fill(k, p);
    if (k->weight > all->most / PART_OF_ALL) return k;
    pthread_mutex_lock(&all->lock);
    struct kept **at = place_of(all, k->hash, k->key);
    if (*at) take_out(all, at);
    make_room(all, k->weight);
    k->next = all->chains[k->hash % CHAINS];
    all->chains[k->hash % CHAINS] = k;
    make_newest(all, k);
    k->holders++;
    all->weight += k->weight;
    pthread_mutex_unlock(&all->lock);
    return k;
}
