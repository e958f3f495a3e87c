#include "handlers/episode_index.h"

#include <stdlib.h>

#include "base/arena.h"

struct episode_slot {
    uint32_t tag; /* of the id */
    uint32_t at;  /* 1 + number of the row over all episodes of the book; 0: free */
};

static bool has_episodes(const struct held *h) {
    return h->part == PART_EPISODES && h->facts;
}

static size_t rows_of(const struct book *b) {
    size_t n = 0;
    for (size_t i = 0; i < b->count; i++)
        if (has_episodes(&b->held[i])) n += b->held[i].rows;
    return n;
}

static void add_held(struct episode_index *x, const struct held *h, uint32_t before) {
    const struct fact_episode *rows = h->facts;
    struct body_window window = held_walk(h, sizeof *rows);
    for (uint32_t k = 0; k < h->rows; k++) {
        body_window_move(&window, (const char *)&rows[k]);
        size_t at = (size_t)rows[k].id.a & x->mask;
        while (x->slots[at].at)
            at = (at + 1) & x->mask;
        x->slots[at] = (struct episode_slot){(uint32_t)rows[k].id.b, before + k + 1};
    }
}

void episode_index_build(struct episode_index *x, const struct book *book) {
    size_t size = 16, rows = rows_of(book);
    while (size < rows + rows / 2)
        size *= 2;
    *x = (struct episode_index){*book, must_calloc(size, sizeof *x->slots), size - 1, 0};
    uint32_t before = 0;
    for (size_t i = 0; i < book->count; i++) {
        if (!has_episodes(&book->held[i])) continue;
        add_held(x, &book->held[i], before);
        before += book->held[i].rows;
    }
}

static void rest_now_and_then(struct episode_index *x) {
    enum { LOOKS = 64 * 1024 };
    if (++x->looked < LOOKS) return;
    x->looked = 0;
    for (size_t i = 0; i < x->book.count; i++) {
        const struct held *h = &x->book.held[i];
        if (!has_episodes(h)) continue;
        struct body_window window = held_walk(h, sizeof(struct fact_episode));
        body_window_move(&window, (const char *)((const struct fact_episode *)h->facts + h->rows));
    }
}

static const struct fact_episode *row_at(struct episode_index *x, uint32_t at, int16_t *out_period) {
    for (size_t i = 0; i < x->book.count; i++) {
        const struct held *h = &x->book.held[i];
        if (!has_episodes(h)) continue;
        *out_period = h->period;
        if (at <= h->rows) return (const struct fact_episode *)h->facts + (at - 1);
        at -= h->rows;
    }
    return NULL;
}

const struct fact_episode *episode_index_find(struct episode_index *x, struct hash128 id, int16_t not_in,
                                              int16_t *out_period) {
    for (size_t at = (size_t)id.a & x->mask; x->slots && x->slots[at].at; at = (at + 1) & x->mask) {
        if (x->slots[at].tag != (uint32_t)id.b) continue;
        int16_t period = -1;
        rest_now_and_then(x);
        const struct fact_episode *e = row_at(x, x->slots[at].at, &period);
        if (!e || !hash128_eq(e->id, id) || period == not_in) continue;
        if (out_period) *out_period = period;
        return e;
    }
    return NULL;
}

void episode_index_free(struct episode_index *x) {
    free(x->slots);
    x->slots = NULL;
}
