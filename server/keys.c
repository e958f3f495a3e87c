/* keys: an immutable snapshot of all keys in force, replaced as a whole. While the database is down the last
 * snapshot stays.
 *
 * Must not: keep a secret (only its SHA-256 is known; what a connection has shown is that connection's), tell why a
 * key was refused, or read the database on a caller's thread. */
#include "server/keys.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "base/key_format.h"
#include "db/store.h"
#include "db/store_keys.h"
#include "server/log.h"

enum {
    WAIT_MS = 250,
    RELOAD_MS = 2000,
    RELOAD_READING_MS = 500,
    REFRESH_SECONDS = 2,
    USE_STEP = 60 * 1000000
};

struct entry {
    uint8_t secret_sha256[SHA256_BYTES];
    int64_t expires_at;
    bool sample;
    bool anywhere; /* no ranges */
    struct address_ranges ranges;
    struct principal who;
    _Atomic int64_t
        used_at; /* to the minute, so that a busy key's line is rarely written; INSTANT_NONE: not since the start */
    int32_t used_on; /* as stored; the watching thread's own */
};

struct snapshot {
    size_t count;
    struct entry entries[]; /* by id */
};

struct keys {
    struct db *db; /* the watching thread's own */
    pthread_t thread;
    bool only_reads; /* beside a standby: nothing is heard, nothing is written */
    atomic_bool stop;
    pthread_rwlock_t lock; /* of the pointer: readers hold it while they look at what it points to */
    struct snapshot *now;
    pthread_mutex_t turn; /* of the two numbers */
    pthread_cond_t turned;
    uint64_t wanted, done; /* refreshes asked for, and those that a load begun later has answered */
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
    *out = (struct entry){.expires_at = k->expires_at,
                          .sample = k->sample,
                          .anywhere = k->addresses.n == 0,
                          .who.role = (enum role)k->role,
                          .who.scopes = (unsigned)k->scopes,
                          .used_at = INSTANT_NONE,
                          .used_on = k->last_used_on};
    memcpy(out->secret_sha256, k->secret_sha256, sizeof out->secret_sha256);
    return address_ranges_parse(k->addresses, &out->ranges, NULL) == OK &&
           copy_text(out->who.key_id, sizeof out->who.key_id, k->id) &&
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

static struct entry *find(struct snapshot *s, str id) {
    struct entry wanted = {.expires_at = 0};
    if (!copy_text(wanted.who.key_id, sizeof wanted.who.key_id, id)) return NULL;
    return bsearch(&wanted, s->entries, s->count, sizeof s->entries[0], by_id);
}

/* What was used since the last writing must not be forgotten with the old snapshot. Nobody may read meanwhile. Those that are revoked are
 * in the old one alone: write_uses() of it tells of them. */
static void carry_over(struct snapshot *old, struct snapshot *fresh) {
    for (size_t i = 0; old && i < old->count; i++) {
        struct entry *e = find(fresh, str_of(old->entries[i].who.key_id));
        if (e) atomic_store(&e->used_at, atomic_load(&old->entries[i].used_at));
    }
}

static uint64_t refreshes_wanted(struct keys *keys) {
    pthread_mutex_lock(&keys->turn);
    uint64_t wanted = keys->wanted;
    pthread_mutex_unlock(&keys->turn);
    return wanted;
}

static void refreshed(struct keys *keys, uint64_t up_to) {
    pthread_mutex_lock(&keys->turn);
    keys->done = up_to;
    pthread_cond_broadcast(&keys->turned);
    pthread_mutex_unlock(&keys->turn);
}

/* Of that snapshot, which may have been replaced. Only the watching thread replaces it, so it may look at it without the lock. */
static void write_uses(struct keys *keys, struct snapshot *s) {
    struct store_key_use *uses = must_calloc(s->count + 1, sizeof *uses);
    size_t n = 0;
    for (size_t i = 0; i < s->count; i++) {
        struct entry *e = &s->entries[i];
        int64_t at = atomic_load(&e->used_at);
        if (at == INSTANT_NONE) continue;
        int32_t day = london_day(at);
        if (e->used_on != DAY_NONE && e->used_on >= day) continue;
        copy_text(uses[n].id, sizeof uses[n].id, str_of(e->who.key_id));
        uses[n++].day = day;
    }
    if (store_keys_used(keys->db, uses, n) == OK)
        for (size_t i = 0; i < n; i++) {
            struct entry *e = find(keys->now, str_of(uses[i].id));
            if (e) e->used_on = uses[i].day;
        }
    free(uses);
}

static enum err load(struct keys *keys) {
    uint64_t wanted =
        refreshes_wanted(keys); /* before the list is read: it answers these, and none that come later */
    struct arena a = ARENA_EMPTY;
    struct store_key *list;
    size_t n;
    enum err e = store_keys_list(keys->db, &a, &list, &n);
    if (e == OK) {
        struct snapshot *fresh = snapshot_of(list, n);
        pthread_rwlock_wrlock(&keys->lock);
        struct snapshot *old = keys->now;
        carry_over(old, fresh);
        keys->now = fresh;
        pthread_rwlock_unlock(&keys->lock);
        refreshed(keys, wanted);
        if (old && !keys->only_reads) write_uses(keys, old);
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

static bool is_refresh_wanted(struct keys *keys) {
    pthread_mutex_lock(&keys->turn);
    bool wanted = keys->wanted > keys->done;
    pthread_mutex_unlock(&keys->turn);
    return wanted;
}

static bool wait_for_change(struct keys *keys) {
    bool reconnected;
    if (!keys->only_reads) return store_keys_wait(keys->db, WAIT_MS, &reconnected);
    nanosleep(&(struct timespec){0, WAIT_MS * 1000000L}, NULL);
    return false;
}

static void *keys_watch(void *context) {
    struct keys *keys = context;
    int64_t loaded_at = now_ms();
    bool was_failing = false;
    while (!atomic_load(&keys->stop)) {
        bool changed = wait_for_change(keys);
        int64_t age = now_ms() - loaded_at;
        if (!changed && !is_refresh_wanted(keys) && age < (keys->only_reads ? RELOAD_READING_MS : RELOAD_MS))
            continue;
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

static void free_keys(struct keys *keys) {
    db_free(keys->db);
    pthread_rwlock_destroy(&keys->lock);
    pthread_cond_destroy(&keys->turned);
    pthread_mutex_destroy(&keys->turn);
    free(keys->now);
    free(keys);
}

/* Waits by the clock that nobody sets. */
static void make_turns(struct keys *keys) {
    pthread_condattr_t how;
    pthread_condattr_init(&how);
    pthread_condattr_setclock(&how, CLOCK_MONOTONIC);
    pthread_cond_init(&keys->turned, &how);
    pthread_condattr_destroy(&how);
    pthread_mutex_init(&keys->turn, NULL);
}

static enum err open_keys(const char *conninfo, bool only_reads, struct fault *fault, struct keys **out) {
    struct keys *keys = must_calloc(1, sizeof *keys);
    keys->only_reads = only_reads;
    pthread_rwlock_init(&keys->lock, NULL);
    make_turns(keys);
    keys->db = db_new(conninfo, "quarterday keys");
    db_act_for(keys->db, DB_EVERYBODY);
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
    free_keys(keys);
    return e;
}

enum err keys_open(const char *conninfo, struct fault *fault, struct keys **out) {
    return open_keys(conninfo, false, fault, out);
}

enum err keys_open_reading(const char *conninfo, struct fault *fault, struct keys **out) {
    return open_keys(conninfo, true, fault, out);
}

void keys_close(struct keys *keys) {
    if (!keys) return;
    atomic_store(&keys->stop, true);
    pthread_join(keys->thread, NULL);
    if (!keys->only_reads) write_uses(keys, keys->now);
    free_keys(keys);
}

/* ---- asking ---- */

static void note_use(struct entry *e, int64_t now) {
    int64_t before = atomic_load_explicit(&e->used_at, memory_order_relaxed);
    if (before == INSTANT_NONE || now - before >= USE_STEP)
        atomic_store_explicit(&e->used_at, now, memory_order_relaxed);
}

static bool read_key(struct key_seen *seen, str credential, struct key_parts *out) {
    return seen ? key_parse_again(seen, credential, out) : key_parse(credential, out);
}

enum err keys_authenticate(struct keys *keys, str credential, struct key_seen *seen,
                           const struct address *from, struct principal *out) {
    static const struct entry NOBODY = {
        .expires_at = INSTANT_NONE}; /* compared with when there is no such id: the same work */
    struct key_parts parts;
    if (!read_key(seen, credential, &parts)) return ERR_UNAUTHENTICATED;
    int64_t now = instant_now();
    pthread_rwlock_rdlock(&keys->lock);
    struct entry *found = find(keys->now, parts.id);
    const struct entry *entry = found ? found : &NOBODY;
    bool good = secret_eq(entry->secret_sha256, parts.secret_sha256, SHA256_BYTES);
    good = good & (found != NULL) & (entry->sample == parts.sample) & (entry->expires_at > now) &
           (entry->anywhere | address_ranges_have(&entry->ranges, from));
    if (good) {
        *out = entry->who;
        note_use(found, now);
    }
    pthread_rwlock_unlock(&keys->lock);
    if (!good && seen) key_forget(seen);
    return good ? OK : ERR_UNAUTHENTICATED;
}

bool keys_in_force(struct keys *keys, const struct principal *who) {
    int64_t now = instant_now();
    pthread_rwlock_rdlock(&keys->lock);
    const struct entry *entry = find(keys->now, str_of(who->key_id));
    bool good = entry && entry->expires_at > now && entry->who.role == who->role &&
                entry->who.scopes == who->scopes && strcmp(entry->who.service, who->service) == 0 &&
                strcmp(entry->who.provider, who->provider) == 0;
    pthread_rwlock_unlock(&keys->lock);
    return good;
}

bool keys_refresh(struct keys *keys) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += REFRESH_SECONDS;
    pthread_mutex_lock(&keys->turn);
    uint64_t mine = ++keys->wanted;
    int late = 0;
    while (keys->done < mine && !late)
        late = pthread_cond_timedwait(&keys->turned, &keys->turn, &until);
    bool known = keys->done >= mine;
    pthread_mutex_unlock(&keys->turn);
    return known;
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
