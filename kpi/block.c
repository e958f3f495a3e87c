#include "kpi/block.h"

#include "kpi/items.h"

/* ---- turning round ---- */

/* Two words: what every processor that we build for handles at once. */
typedef uint64_t pair __attribute__((vector_size(16)));
enum { PAIRS = 32 };

/* Of 64 words of 64 bits: changes the upper bits of a word for the lower ones of that 2 * `apart` words further on. */
static inline void exchange(pair words[PAIRS], size_t apart, uint64_t lower) {
    const pair MASK = {lower, lower};
    const int by = (int)(2 * apart);
    for (size_t from = 0; from < PAIRS; from += 2 * apart)
        for (size_t k = from; k < from + apart; k++) {
            pair t = ((words[k] >> by) ^ words[k + apart]) & MASK;
            words[k] ^= t << by;
            words[k + apart] ^= t;
        }
}

/* The same of the two words of each pair. */
static inline void exchange_within(pair words[PAIRS]) {
    for (size_t k = 0; k < PAIRS; k++) {
        uint64_t first = words[k][0], second = words[k][1];
        uint64_t t = ((first >> 1) ^ second) & 0x5555555555555555u;
        words[k] = (pair){first ^ t << 1, second ^ t};
    }
}

/* Bit b of word r becomes bit r of word b. */
static void turn(pair words[PAIRS]) {
    exchange(words, 16, 0x00000000ffffffffu);
    exchange(words, 8, 0x0000ffff0000ffffu);
    exchange(words, 4, 0x00ff00ff00ff00ffu);
    exchange(words, 2, 0x0f0f0f0f0f0f0f0fu);
    exchange(words, 1, 0x3333333333333333u);
    exchange_within(words);
}

/* Each row's bits become a set for each bit. Rows behind the last are in none. */
static void turn_rows(const uint64_t *rows, size_t count, struct row_set *sets, size_t bits) {
    for (size_t w = 0; w < ROW_SET_WORDS; w++) {
        pair words[PAIRS] = {{0}};
        size_t n = count > 64 * w ? count - 64 * w : 0;
        if (n) memcpy(words, rows + 64 * w, (n < 64 ? n : 64) * sizeof *rows);
        if (n) turn(words);
        for (size_t b = 0; b < bits; b++)
            sets[b].words[w] = words[b / 2][b % 2];
    }
}

/* ---- filling ---- */

static void settle(struct block *b, const struct block_of *of, const struct fact_episode *rows) {
    b->rows = rows;
    if (!of->sites->count) return;
    for (size_t i = 0; i < b->count; i++) {
        struct fact_episode *room = &b->settled[i];
        const struct fact_episode *e = carried_settle(of->sites, of->held->period, &rows[i], room);
        if (e != room) *room = *e;
    }
    b->rows = b->settled;
}

static void resolve(struct block *b, const struct block_of *of) {
    for (size_t i = 0; i < b->count; i++)
        resolve_prefetch_row(of->resolver, &b->rows[i]);
    for (size_t i = 0; i < b->count; i++)
        resolve_episode(of->resolver, &b->rows[i], of->held->seq, &b->known[i]);
}

static void fill_items(struct block *b, const struct block_of *of) {
    uint64_t bits[BLOCK_ROWS];
    for (size_t i = 0; i < b->count; i++) {
        bool due4 = b->row_derived[i] & derived_bit(DERIVED_DUE4);
        struct items items =
            items_of(&b->rows[i], &b->known[i], due4, of->held->period, &of->framework->items);
        bits[i] = items.required | (uint64_t)items.complete << 16;
    }
    turn_rows(bits, b->count, b->items, 32);
}

void block_fill(struct block *b, const struct block_of *of, const struct fact_episode *rows, size_t count) {
    uint64_t met[BLOCK_ROWS];
    b->count = count;
    for (size_t i = 0; i < count; i++)
        resolve_prefetch(of->resolver, &rows[i]);
    settle(b, of, rows);
    for (size_t i = 0; i < count; i++)
        b->quit[i] = fact_day_value(b->rows[i].quit);
    resolve(b, of);
    derive_many(of->settings, b->rows, b->known, count, b->row_derived);
    conditions_met_many(&of->framework->plans[PART_EPISODES], b->rows, sizeof *b->rows, count, met);
    turn_rows(b->row_derived, count, b->derived, 64);
    turn_rows(met, count, b->met, 64);
    if (of->with_items) fill_items(b, of);
}

/* ---- asking ---- */

void block_match(const struct block *b, const struct element_test *t, struct row_set *rows) {
    for (uint64_t left = t->derived_care; left; left &= left - 1) {
        unsigned bit = (unsigned)__builtin_ctzll(left);
        if (t->derived_want >> bit & 1u) row_set_keep(rows, &b->derived[bit]);
        else row_set_drop(rows, &b->derived[bit]);
    }
    for (uint64_t left = t->columns; left; left &= left - 1)
        row_set_keep(rows, &b->met[__builtin_ctzll(left)]);
}

static int64_t count_items(const struct row_set *items, const struct row_set *rows) {
    int64_t n = 0;
    for (size_t i = 0; i < ITEM_COUNT; i++) {
        struct row_set with = *rows;
        row_set_keep(&with, &items[i]);
        n += row_set_count(&with);
    }
    return n;
}

int64_t block_sum(const struct block *b, const struct element_test *t, const struct row_set *rows) {
    switch (t->sum) {
    case SUM_ROWS: return row_set_count(rows);
    case SUM_REQUIRED_ITEMS: return count_items(b->items, rows);
    case SUM_COMPLETE_ITEMS: return count_items(b->items + 16, rows);
    case SUM_COLUMN: break; /* episodes have no column that is summed */
    }
    return 0;
}
