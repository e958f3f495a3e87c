/* resolve: what is known of each stage of an episode, from its own columns and from the follow-ups parts
 * of all periods (contract section 4, "What is known of a stage"). Knows bundles and the order of their
 * receipt; whether a follow-up counts is decided in kpi/derive.c.
 *
 * A bundle is outcome, date, method, CO and CO date of one stage; it wins or loses as a whole. Later date
 * wins; one without a date loses to any with one; on equal dates the version received later wins; a blank
 * outcome never takes part. */
#ifndef QD_KPI_RESOLVE_H
#define QD_KPI_RESOLVE_H

#include "kpi/book.h"

/* The winning bundle of each stage; outcome 0 where nothing is known. CO only where a KPI asks for it. */
struct outcomes {
    int16_t day[STAGE_COUNT]; /* as in facts */
    int16_t co4_day;
    uint8_t outcome[STAGE_COUNT];
    uint8_t method4, co4, co12;
};

struct resolver_row {
    struct fact_follow_up row; /* a copy, so that a look-up goes to one place in memory, not two */
    int64_t seq;
};
struct resolver_slot {
    uint32_t tag; /* of the id: a slot of another episode is seen without going to its row */
    uint32_t at;  /* 1 + index of the row; 0: free */
};

/* All follow-ups rows in force of one provider, found by episode id: open addressing, one slot a row. */
struct resolver {
    struct resolver_slot *slots;
    uint64_t mask;
    struct resolver_row *rows;
    size_t count;
};

/* O(rows of the follow-ups parts). Free with resolver_free(). */
void resolver_build(const struct book *book, struct resolver *out);
void resolver_free(struct resolver *r);

/* seq: of the version that holds the episode. */
void resolve_episode(const struct resolver *r, const struct fact_episode *e, int64_t seq,
                     struct outcomes *out);

/* Hide the latency of the look-up when called some rows ahead, the first earlier than the second. */
static inline void resolve_prefetch(const struct resolver *r, const struct fact_episode *e) {
    if (r->count) __builtin_prefetch(&r->slots[e->id.a & r->mask]);
}
static inline void resolve_prefetch_row(const struct resolver *r, const struct fact_episode *e) {
    uint32_t at = r->count ? r->slots[e->id.a & r->mask].at : 0;
    if (at) __builtin_prefetch(&r->rows[at - 1]);
}

#endif
