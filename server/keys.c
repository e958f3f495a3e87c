/* keys: an immutable snapshot of all keys in force, replaced as a whole. While the database is down the last
 * snapshot stays.
 *
 * Must not: keep a secret (only its SHA-256 is known), tell why a key was refused, or read the database on a
 * caller's thread. */
#include "server/keys.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "db/store.h"
#include "server/key_format.h"
#include "server/log.h"

enum { WAIT_MS = 250, RELOAD_MS = 2000 };

struct entry {
    uint8_t secret_sha256[SHA256_BYTES];
    int64_t expires_at;
    bool sample;
    struct principal who;
};

struct snapshot {
    size_t count;
    struct entry entries[]; /* by id */
};

struct keys {
    struct db *db; /* the watching thread's own */
    pthread_t thread;
    atomic_bool stop;
    pthread_rwlock_t lock; /* of the pointer: readers hold it while they look at what it points to */
    struct snapshot *now;
};

/* ---- loading ---- */

static bool copy_text(char *out, size_t room, str s) {
    if (s.n >= room) return false;
    if (s.n) memcpy(out, s.p, s.n);
    out[s.n] = '\0';
    return true;
}

/* A key that does not fit into a principal could only be cut, and then be somebody else's: it opens
 * nothing. */
static bool entry_of(const struct store_key *k, struct entry *out) {
    *out = (struct entry){.expires_at = k->expires_at, .sample = k->sample, .who.role = (enum role)k->role};
    memcpy(out->secret_sha256, k->secret_sha256, sizeof out->secret_sha256);
    return copy_text(out->who.key_id, sizeof out->who.key_id, k->id) &&
           copy_text(out->who.service, sizeof out->who.service, k->service) &&
           copy_text(out->who.provider, sizeof out->who.provider, k->provider) &&
           copy_text(out->who.audience, sizeof out->who.audience, k->audience);
}

static int by_id(const void *a, const void *b) {
    return strcmp(((const struct entry *)a)->who.key_id, ((const struct entry *)b)->who.key_id);
}

static struct snapshot *snapshot_of(const struct store_key *list, size_t n) {
    struct snapshot *s = must_calloc(1, sizeof *s + n * sizeof s->entries[0]);
    for (size_t i = 0; i < n; i++) {
        if (list[i].revoked_at != INSTANT_NONE) continue;
        if (entry_of(&list[i], &s->entries[s->count])) s->count++;
    }
    qsort(s->entries, s->count, sizeof s->entries[0], by_id);
    return s;
}

static enum err load(struct keys *keys) {
    struct arena a = ARENA_EMPTY;
    struct store_key *list;
    size_t n;
    enum err e = store_keys_list(keys->db, &a, &list, &n);
    if (e == OK) {
        struct snapshot *fresh = snapshot_of(list, n);
        pthread_rwlock_wrlock(&keys->lock);
        struct snapshot *old = keys->now;
        keys->now = fresh;
        pthread_rwlock_unlock(&keys->lock);
        free(old);
    }
    arena_free(&a);
    return e;
}

/* ---- watching ---- */

static int64_t now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void *keys_watch(void *context) {
    struct keys *keys = context;
    int64_t loaded_at = now_ms();
    bool was_failing = false;
    while (!atomic_load(&keys->stop)) {
        bool reconnected;
        bool changed = store_wait_for_change(keys->db, WAIT_MS, &reconnected);
        if (!changed && now_ms() - loaded_at < RELOAD_MS) continue;
        bool failing = load(keys) != OK;
        loaded_at = now_ms();
        if (failing && !was_failing)
            log_event(LOG_WARN, "keys-not-reloaded", "words", db_last_error(keys->db), NULL);
        if (!failing && was_failing)
            log_event(LOG_INFO, "keys-reloaded", "words", "the database answers again", NULL);
        was_failing = failing;
    }
    return NULL;
}

enum err keys_open(const char *conninfo, struct fault *fault, struct keys **out) {
    struct keys *keys = must_calloc(1, sizeof *keys);
    pthread_rwlock_init(&keys->lock, NULL);
    keys->db = db_new(conninfo, "quarterday keys");
    enum err e = load(keys);
    if (e != OK)
        e = fail(fault, ERR_UNAVAILABLE, "The keys cannot be read from the database: %s",
                 db_last_error(keys->db));
    else if (pthread_create(&keys->thread, NULL, keys_watch, keys) != 0)
        e = fail(fault, ERR_UNAVAILABLE, "No thread can be started to watch the keys");
    if (e == OK) {
        *out = keys;
        return OK;
    }
    db_free(keys->db);
    pthread_rwlock_destroy(&keys->lock);
    free(keys->now);
    free(keys);
    return e;
}

void keys_close(struct keys *keys) {
    if (!keys) return;
    atomic_store(&keys->stop, true);
    pthread_join(keys->thread, NULL);
    db_free(keys->db);
    pthread_rwlock_destroy(&keys->lock);
    free(keys->now);
    free(keys);
}

/* ---- asking ---- */

static const struct entry *find(const struct snapshot *s, str id) {
    struct entry wanted = {.expires_at = 0};
    if (!copy_text(wanted.who.key_id, sizeof wanted.who.key_id, id)) return NULL;
    return bsearch(&wanted, s->entries, s->count, sizeof s->entries[0], by_id);
}

enum err keys_authenticate(struct keys *keys, str credential, struct principal *out) {
    static const struct entry NOBODY = {
        .expires_at = INSTANT_NONE}; /* compared with when there is no such id: the same work */
    struct key_parts parts;
    if (!key_parse(credential, &parts)) return ERR_UNAUTHENTICATED;
    int64_t now = instant_now();
    pthread_rwlock_rdlock(&keys->lock);
    const struct entry *found = find(keys->now, parts.id);
    const struct entry *entry = found ? found : &NOBODY;
    bool good = secret_eq(entry->secret_sha256, parts.secret_sha256, SHA256_BYTES);
    good = good & (found != NULL) & (entry->sample == parts.sample) & (entry->expires_at > now);
    if (good) *out = entry->who;
    pthread_rwlock_unlock(&keys->lock);
    return good ? OK : ERR_UNAUTHENTICATED;
}

bool keys_have_sample(struct keys *keys) {
    bool any = false;
    int64_t now = instant_now();
    pthread_rwlock_rdlock(&keys->lock);
    for (size_t i = 0; i < keys->now->count; i++)
        any |= keys->now->entries[i].sample && keys->now->entries[i].expires_at > now;
    pthread_rwlock_unlock(&keys->lock);
    return any;
}
