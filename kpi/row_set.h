/* row_set: which of up to 256 rows: a bit each. What is counted of a block of rows is counted by such sets (kpi/block.h). */
#ifndef QD_KPI_ROW_SET_H
#define QD_KPI_ROW_SET_H

#include <stddef.h>
#include <stdint.h>

enum { ROW_SET_WORDS = 4, ROW_SET_MOST = 64 * ROW_SET_WORDS };

struct row_set {
    uint64_t words[ROW_SET_WORDS];
};

static inline struct row_set row_set_first(size_t count) {
    struct row_set s;
    for (size_t w = 0; w < ROW_SET_WORDS; w++) {
        size_t in_word = count > 64 * w ? count - 64 * w : 0;
        s.words[w] = in_word >= 64 ? UINT64_MAX : (UINT64_C(1) << in_word) - 1;
    }
    return s;
}

static inline void row_set_keep(struct row_set *s, const struct row_set *with) {
    for (size_t w = 0; w < ROW_SET_WORDS; w++)
        s->words[w] &= with->words[w];
}

static inline void row_set_drop(struct row_set *s, const struct row_set *without) {
    for (size_t w = 0; w < ROW_SET_WORDS; w++)
        s->words[w] &= ~without->words[w];
}

/* Of no row: ROW_SET_MOST. */
static inline size_t row_set_least(const struct row_set *s) {
    for (size_t w = 0; w < ROW_SET_WORDS; w++)
        if (s->words[w]) return 64 * w + (size_t)__builtin_ctzll(s->words[w]);
    return ROW_SET_MOST;
}

/* By adding up neighbours in all words at once: the processors that we build for need not have an instruction for it, and a
 * call for each word costs more. */
static inline int64_t row_set_count(const struct row_set *s) {
    const uint64_t PAIRS = 0x5555555555555555u, FOURS = 0x3333333333333333u, BYTES = 0x0f0f0f0f0f0f0f0fu,
                   SHORTS = 0x00ff00ff00ff00ffu;
    uint64_t sum = 0; /* of each byte, at most 8 a word */
    for (size_t w = 0; w < ROW_SET_WORDS; w++) {
        uint64_t x = s->words[w];
        x -= x >> 1 & PAIRS;
        x = (x & FOURS) + (x >> 2 & FOURS);
        sum += (x + (x >> 4)) & BYTES;
    }
    sum = (sum & SHORTS) + (sum >> 8 & SHORTS);
    return (int64_t)(sum * 0x0001000100010001u >> 48);
}

#endif
