/* carried: the lists that episodes refer to (sites, advisers) as they carry forward: in a period the newest
 * list holds that was sent for it or for an earlier one, whole, as it was sent. Here, too, a blank setting of
 * an episode becomes that of its site: when it is counted, so that a later correction of the sites counts.
 *
 * What would surprise: a nil return is a list too, an empty one. */
#ifndef QD_KPI_CARRIED_H
#define QD_KPI_CARRIED_H

#include "kpi/book.h"

struct carried_list {
    int16_t period;
    const struct held *held;
    uint32_t *slots; /* 1 + row, by id; 0: free */
    uint64_t mask;
};

/* All lists of one part, the newest period first. */
struct carried {
    struct carried_list *lists;
    size_t count;
};

/* part: PART_SITES or PART_ADVISERS. The book must live as long; free with carried_free(). */
void carried_build(const struct book *book, enum part_id part, struct carried *out);
void carried_free(struct carried *c);
/* The list that holds in a period, or NULL when none was ever sent until then. */
const struct carried_list *carried_at(const struct carried *c, int16_t period);
/* The record of an id (struct fact_site, struct fact_adviser) by the first half of its hash, or NULL. */
const void *carried_find(const struct carried_list *list, uint64_t id);

/* The episode with the setting of its site where its own is blank: e itself, or *room. */
const struct fact_episode *carried_settle(const struct carried *sites, int16_t period,
                                          const struct fact_episode *e, struct fact_episode *room);

#endif
