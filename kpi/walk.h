/* walk: row by row through what is in force of one provider, each row with everything that a framework's elements ask of it. For
 * answers that need rows and not only counts: explanations, the rows behind a count, breakdowns. kpi/tally.c counts all elements of
 * all rows at once and means the same by each (a test compares the two). */
#ifndef QD_KPI_WALK_H
#define QD_KPI_WALK_H

#include "kpi/book.h"
#include "kpi/element.h"
#include "kpi/framework.h"
#include "kpi/items.h"

struct walked {
    const struct framework *framework;
    const struct held *held;
    int32_t as_at;
    uint32_t row;          /* 1 is the first of its version */
    const void *fact;      /* the part's fact struct; of an episode with the setting of its site */
    uint64_t derived;      /* enum derived; harm reduction: HARM_EPISODE_QUIT4 */
    uint64_t met;          /* column conditions, as kpi/column.h numbers them */
    struct outcomes known; /* episodes */
    struct items items;    /* episodes */
};
typedef void walk_fn(void *context, const struct walked *w);

struct walk_question {
    const struct framework *framework;
    const struct book *book;
    int32_t as_at;
    uint32_t authority; /* 0: all. Parts without an authority are then left out */
    enum part_id part;  /* one that elements count */
    int16_t from, to;   /* periods of the returns to walk through */
};
void walk(const struct walk_question *q, walk_fn *fn, void *context);

/* What the row adds to an element, whatever its period: 0 where it does not belong. The row's part is the element's. */
int64_t walked_adds(const struct walked *w, const struct element *e);
/* The period in which the row counts for an element of this cohort. */
int16_t walked_period(const struct walked *w, enum cohort cohort);
/* How far back the returns lie whose rows count in a period, in quarters: 0 but for late cohorts. */
int walk_reach(const struct framework *f, enum cohort cohort);

#endif
