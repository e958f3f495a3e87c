/* element: a named count of a framework: the rows of one part, within one cohort, that meet conditions; or
 * the sum of something over those rows. KPIs put two of them over each other. Read from the framework
 * file, compiled to bit tests.
 *
 * Conditions are of two sorts: derived ones (kpi/derive.h) and conditions on columns (kpi/column.h); each
 * is a bit of a row. */
#ifndef QD_KPI_ELEMENT_H
#define QD_KPI_ELEMENT_H

#include "kpi/column.h"
#include "kpi/config.h"
#include "kpi/derive.h"

/* By which day a row belongs to a period. */
enum cohort {
    COHORT_PERIOD,     /* the rows of the return of the period (all parts but episodes) */
    COHORT_QUIT_DATE,  /* episodes: the quit date */
    COHORT_CLOSES_12W, /* episodes: the end of the 12-week window */
    COHORT_CLOSES_26W,
    COHORT_CLOSES_52W,
    COHORT_COUNT
};
static inline bool cohort_is_late(enum cohort c) {
    return c >= COHORT_CLOSES_12W;
}
enum stage cohort_stage(enum cohort c); /* of a late cohort */

/* What is summed over the rows. */
enum sum { SUM_ROWS, SUM_REQUIRED_ITEMS, SUM_COMPLETE_ITEMS, SUM_COLUMN };

/* Harm reduction has one derived condition, of its own: the row's episode is quit4 (kpi/quitters.h). */
enum { HARM_EPISODE_QUIT4 = 1 };

/* Referrals: how a row stands to the limit-th working day after its receipt (KPIs 2.2, 2.3). */
enum working_days { WORKING_DAYS_ANY, WORKING_DAYS_WAITING, WORKING_DAYS_PASSED, WORKING_DAYS_IN_TIME };

/* What is tested of each row: (derived & derived_care) == derived_want and (met & columns) == columns. */
struct element_test {
    uint64_t derived_care, derived_want, columns;
    enum sum sum;
};

struct element {
    const char *name, *meaning; /* meaning may be NULL */
    enum part_id part;
    enum cohort cohort;
    struct element_test test;
    const struct fact_column *sum_column; /* SUM_COLUMN */
    enum working_days working_days;
    int working_days_limit;
    const struct fact_column *working_days_column; /* WORKING_DAYS_IN_TIME: the day it was done */
};

/* The conditions of all elements of one part; equal ones are one. */
struct condition_set {
    struct condition list[CONDITIONS_MAX];
    size_t count;
};

/* The bit of the condition in the set; the same condition has the same bit. */
uint64_t condition_add(const struct node *n, struct condition_set *set, struct condition *c);

/* Reads one member of "elements". Conditions are added to the set of the element's part (sets[part]). */
void element_read(const struct node *n, struct condition_set *sets, struct element *out);

/* Does every row of `part` belong to `whole` too? (A numerator counts members of its denominator only.)
 * Decided on the conditions as written and on what derived conditions include. */
bool element_is_within(const struct element *part, const struct element *whole);

static inline bool element_matches(const struct element_test *t, uint64_t derived, uint64_t met) {
    return !(((derived & t->derived_care) ^ t->derived_want) | (t->columns & ~met)); /* one branch */
}

#endif
