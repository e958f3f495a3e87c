/* freshness: a table of counters. Services share a place when their hashes do; then one's change makes the other be read again, too. */
#include "db/freshness.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "base/hash.h"
#include "db/statements.h"

enum { PLACES = 1024, LEASE_MS = 2000, PROOF_MS = 500 };

static _Atomic uint64_t moves[PLACES], moves_of_all, moves_of_any;
static _Atomic int64_t trusted_until; /* milliseconds of the monotonic clock */

static int64_t now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void sleep_ms(int ms) {
    struct timespec t = {ms / 1000, ms % 1000 * 1000000L};
    nanosleep(&t, NULL);
}

static _Atomic uint64_t *place_of(str service) {
    return &moves[hash128_of(service).a % PLACES];
}

/* Both parts only go up, so the same sum means that neither has moved in between. */
uint64_t freshness_of(str service) {
    if (now_ms() >= atomic_load(&trusted_until)) return 0;
    if (str_is(service, "*")) return 1 + atomic_load(&moves_of_any);
    return 1 + atomic_load(&moves_of_all) + atomic_load(place_of(service));
}

void freshness_moved(str service) {
    atomic_fetch_add(str_is(service, "*") ? &moves_of_all : place_of(service), 1);
    atomic_fetch_add(&moves_of_any, 1);
}

void freshness_end(void) {
    atomic_store(&trusted_until, 0);
}

int64_t freshness_now(void) {
    return now_ms();
}

bool freshness_wants_proof(void) {
    return now_ms() + LEASE_MS >= atomic_load(&trusted_until) + PROOF_MS;
}

void freshness_trust(int64_t since) {
    atomic_store(&trusted_until, since + LEASE_MS);
}

/* ---- comparing ---- */

struct known {
    size_t count;
    struct acting *services; /* of each the id only */
    int64_t *stamps;
};

/* The watching thread's own. */
static struct known known;

static bool knows_same_services(const struct rows *rows, size_t count) {
    if (count != known.count) return false;
    for (size_t i = 0; i < count; i++)
        if (!str_is(rows_text(rows, (int)i, 0), known.services[i].service)) return false;
    return true;
}

static void know_anew(const struct rows *rows, size_t count) {
    free(known.services);
    free(known.stamps);
    known = (struct known){count, must_calloc(count + 1, sizeof *known.services),
                           must_calloc(count + 1, sizeof *known.stamps)};
    for (size_t i = 0; i < count; i++) {
        str id = rows_text(rows, (int)i, 0);
        memcpy(known.services[i].service, id.p, id.n < ID_ROOM ? id.n : ID_ROOM - 1);
        known.stamps[i] = rows_int8(rows, (int)i, 1);
    }
}

static void compare(const struct rows *rows) {
    size_t count = (size_t)rows_count(rows);
    if (!knows_same_services(rows, count)) {
        know_anew(rows, count);
        freshness_moved(STR("*"));
    }
    for (size_t i = 0; i < count; i++) {
        int64_t stamp = rows_int8(rows, (int)i, 1);
        if (stamp != known.stamps[i]) freshness_moved(str_of(known.services[i].service));
        known.stamps[i] = stamp;
    }
}

void freshness_compare(struct db *db, int timeout_ms) {
    ROWS rows = ROWS_NONE;
    int64_t since = now_ms();
    if (db_query(db, STMT_services_stamps, NULL, &rows) == OK) {
        compare(&rows);
        freshness_trust(since);
    } else {
        freshness_end();
    }
    sleep_ms(timeout_ms);
}
