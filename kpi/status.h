/* status: what colour a KPI has, and why (contract section 6, "Status" and "In this order"). Decided on
 * exact fractions, never on what is printed. Knows targets and tolerances, no rows and no periods.
 *
 * "Why is 1.9 red at 15.8 %?" is answered here: 1.9 is lower-is-better and strict, its target is 15, its
 * tolerance 5 % of that: green below 15, amber from 15 up to 15.75, red above. */
#ifndef QD_KPI_STATUS_H
#define QD_KPI_STATUS_H

#include "base/num.h"
#include "kpi/framework.h"

enum rag { RAG_NONE, RAG_GREEN, RAG_AMBER, RAG_RED, RAG_BASELINE, RAG_NO_DATA, RAG_NOT_DUE, RAG_COUNT };
const char *rag_name(enum rag r); /* "GREEN"; NULL for RAG_NONE (a provider's counts: rag null) */

/* What of one view (quarter or year to date) of one KPI decides its status. */
struct status_case {
    bool sent;           /* some provider sent the part (late measures: for any period) */
    int64_t due;         /* how many of the cohort are due; without meaning for counts */
    int64_t numerator;   /* for counts: the value */
    int64_t denominator; /* without meaning for counts */
};

/* The whole order: NO_DATA, NOT_DUE, NO_DATA, BASELINE, then the colour. target as in status_decide(). */
enum rag status_of(const struct kpi *kpi, const struct kpi_year *year, const struct status_case *c,
                   struct fraction target);

/* GREEN, AMBER or RED of a value against a target; percentages as percent (50, not 0.5). */
enum rag status_decide(const struct kpi *kpi, const struct kpi_year *year, struct fraction value,
                       struct fraction target);

/* Where green and amber end: GREEN is at or beyond `green` (beyond it where strict), AMBER at or beyond
 * `amber`; for own limits AMBER is strictly beyond `amber`. Beyond is above where higher is better, below
 * where lower is. */
struct status_limits {
    struct fraction green, amber;
};
struct status_limits status_limits_of(const struct kpi *kpi, const struct kpi_year *year,
                                      struct fraction target);

/* The target of a count from the start of the year to the end of quarter 1 to 4: annual x profile share,
 * exact; in whole units rounded down (contract section 6, "Target to date"). Quarter 0 is 0. */
struct fraction target_to_date(const struct kpi *kpi, const struct kpi_year *year, int quarter);

/* How far a value is against the limits of the KPI that earns (contract section 9): by itself, apart from
 * the colour. */
enum earned { EARNED_NOTHING_YET, EARNED_FULL, EARNED_PART, EARNED_NONE };
const char *earned_name(enum earned e); /* NULL for EARNED_NOTHING_YET: there is no value */
enum earned earned_of(const struct kpi_year *year, struct fraction value);

#endif
