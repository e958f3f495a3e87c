/* rates: sets of four words; a name belongs to one set. A word is 20 bits that tell names of a set apart, and 44 bits of the instant at
 * which the bucket is full, in steps of 10 microseconds since the table was made: enough for five years of one process.
 *
 * Surprise: two threads that bring a name in at the same moment may both find a place; one of the two is then forgotten soon, and
 * meanwhile the name has a few tokens more. A lock would cost every request more than that is worth. */
#include "server/rates.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"

enum { WAYS = 4, TIME_BITS = 44, STEP_US = 10, NAME_MAX_BYTES = 64, SEED_BYTES = 16 };
static const uint64_t MINUTE = 60 * 1000000 / STEP_US;
static const uint64_t TIME_MASK = (UINT64_C(1) << TIME_BITS) - 1;

struct rates {
    size_t sets;
    char seed[SEED_BYTES]; /* so that nobody outside can choose whose bucket is his */
    _Atomic int64_t began; /* of the first use; 0: not yet */
    _Atomic uint64_t words[];
};

struct rates *rates_new(size_t room) {
    struct rates *r = must_calloc(1, sizeof *r + room * sizeof r->words[0]);
    r->sets = room / WAYS;
    random_bytes(r->seed, sizeof r->seed);
    return r;
}

void rates_free(struct rates *r) {
    free(r);
}

static struct hash128 hash_of(const struct rates *r, str name) {
    char text[SEED_BYTES + NAME_MAX_BYTES];
    size_t n = name.n < NAME_MAX_BYTES ? name.n : NAME_MAX_BYTES;
    memcpy(text, r->seed, SEED_BYTES);
    if (n) memcpy(text + SEED_BYTES, name.p, n);
    return hash128_of((str){text, SEED_BYTES + n});
}

/* Steps since the table was first used; the first is 1, so that a word of 0 is a bucket that is full. */
static uint64_t step_of(struct rates *r, int64_t now_us) {
    int64_t began = atomic_load_explicit(&r->began, memory_order_relaxed), none = 0;
    if (!began) {
        atomic_compare_exchange_strong(&r->began, &none, now_us);
        began = atomic_load(&r->began);
    }
    return now_us > began ? (uint64_t)(now_us - began) / STEP_US + 1 : 1;
}

/* The word of that tag, or the one that is full, or will be first. */
static _Atomic uint64_t *place_of(struct rates *r, size_t set, uint64_t tag, uint64_t *out_word) {
    _Atomic uint64_t *words = &r->words[set * WAYS], *best = words;
    uint64_t best_word = 0, earliest = UINT64_MAX;
    for (size_t i = 0; i < WAYS; i++) {
        uint64_t word = atomic_load_explicit(&words[i], memory_order_relaxed);
        if (word >> TIME_BITS == tag && word) {
            *out_word = word;
            return &words[i];
        }
        if ((word & TIME_MASK) >= earliest) continue;
        earliest = word & TIME_MASK;
        best = &words[i];
        best_word = word;
    }
    *out_word = best_word;
    return best;
}

static unsigned seconds_of(uint64_t steps) {
    const uint64_t second = 1000000 / STEP_US;
    return (unsigned)((steps + second - 1) / second);
}

/* full: when the bucket will be full again, with what is taken now. */
static bool judge(uint64_t full, uint64_t now, uint64_t each, unsigned per_minute, struct rate_left *out) {
    uint64_t owed = full - now;
    bool granted = owed <= each * per_minute;
    *out = (struct rate_left){.limit = per_minute};
    if (granted) {
        out->remaining = (unsigned)((each * per_minute - owed) / each);
        out->reset = seconds_of(owed);
    } else {
        out->reset = seconds_of(owed - each);
        out->wait = seconds_of(owed - each * per_minute);
    }
    return granted;
}

bool rates_take(struct rates *r, str name, unsigned per_minute, int64_t now_us, struct rate_left *out) {
    *out = (struct rate_left){.limit = 0};
    if (!per_minute) return true;
    struct hash128 h = hash_of(r, name);
    uint64_t now = step_of(r, now_us), each = MINUTE / per_minute, tag = h.b >> TIME_BITS;
    for (;;) {
        uint64_t word;
        _Atomic uint64_t *place = place_of(r, h.a % r->sets, tag, &word);
        bool is_ours = word && word >> TIME_BITS == tag;
        uint64_t full = is_ours && (word & TIME_MASK) > now ? word & TIME_MASK : now;
        if (!judge(full + each, now, each, per_minute, out)) return false;
        uint64_t next = tag << TIME_BITS | ((full + each) & TIME_MASK);
        if (atomic_compare_exchange_weak_explicit(place, &word, next, memory_order_relaxed,
                                                  memory_order_relaxed))
            return true;
    }
}
