/* episode_index: the episodes of a book by id, eight bytes a slot; the facts stay where they are and are read when 32
 * bits of the id agree. Facts that lie in a file are given back now and then, however the questions jump about. */
#ifndef QD_HANDLERS_EPISODE_INDEX_H
#define QD_HANDLERS_EPISODE_INDEX_H

#include "kpi/book.h"

struct episode_index {
    struct book book;
    struct episode_slot *slots; /* NULL: nothing was built, nothing is found */
    size_t mask;
    unsigned looked; /* facts read since their pages were given back */
};

/* The book's list and facts must live as long as the index. */
void episode_index_build(struct episode_index *x, const struct book *book);
/* The first found of that id, leaving out the episodes of `not_in` (-1: none); NULL. *out_period may be NULL. The record
 * is valid until the next call. */
const struct fact_episode *episode_index_find(struct episode_index *x, struct hash128 id, int16_t not_in,
                                              int16_t *out_period);
void episode_index_free(struct episode_index *x);

#endif
