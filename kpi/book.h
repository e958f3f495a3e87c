/* book: what is in force of one provider: for each part and period the newest version received by `known
 * at`, with its facts. */
#ifndef QD_KPI_BOOK_H
#define QD_KPI_BOOK_H

#include "returns/body.h"
#include "returns/facts.h"
#include "returns/part.h"

struct held {
    enum part_id part;
    int16_t period;
    int32_t version;
    int64_t seq;         /* order of receipt over everything; later wins where dates are equal */
    int64_t received_at; /* instant */
    uint32_t rows;
    const void *facts; /* rows records of the part's fact struct, aligned to 8; borrowed */
    bool facts_mapped; /* they lie in a read-only mapping of a file: see held_walk() */
};

/* For who goes through the facts from first to last: calls body_window_move() with the record it has come to, so that a
 * return of a million rows does not sit in the process. */
static inline struct body_window held_walk(const struct held *h, size_t record) {
    struct body_window w;
    body_window_begin(&w, (str){h->facts, h->rows * record}, h->facts_mapped);
    return w;
}

struct book {
    struct held *held; /* any order; at most one per part and period */
    size_t count;
};

/* The held part of a period, or NULL. */
static inline const struct held *book_find(const struct book *b, enum part_id part, int16_t period) {
    for (size_t i = 0; i < b->count; i++)
        if (b->held[i].part == part && b->held[i].period == period) return &b->held[i];
    return NULL;
}

/* A period has episodes or national, not both (contract section 4). Both can be held only where one of them is a nil
 * return: it was taken back, so that the other could come in. Rows of each, -1 where it was never sent; of two nil
 * returns the episodes stand. */
static inline bool national_stands(int64_t national_rows, int64_t episode_rows) {
    return national_rows > 0 || (national_rows == 0 && episode_rows < 0);
}
static inline int64_t book_rows(const struct book *b, enum part_id part, int16_t period) {
    const struct held *h = book_find(b, part, period);
    return h ? (int64_t)h->rows : -1;
}
/* Held, but taken back: it counts as not sent. */
static inline bool book_is_taken_back(const struct book *b, const struct held *h) {
    if (h->part != PART_EPISODES && h->part != PART_NATIONAL) return false;
    bool stands =
        national_stands(book_rows(b, PART_NATIONAL, h->period), book_rows(b, PART_EPISODES, h->period));
    return stands != (h->part == PART_NATIONAL);
}

#endif
