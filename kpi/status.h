/* status: what colour a KPI has, and why (contract section 6, "Status" and "In this order"). Decided on
 * exact fractions, never on what is printed. Knows targets and tolerances, no rows and no periods.
 *
 * "Why is 1.9 red at 15.8 %?" is answered here: 1.9 is lower-is-better and strict, its target is 15, its
 * tolerance 5 % of that: green below 15, amber from 15 up to 15.75, red above. */
#ifndef QD_KPI_STATUS_H
#define QD_KPI_STATUS_H

#include "base/num.h"
#include "kpi/framework.h"

enum rag {
    RAG_NONE,
    RAG_GREEN,
    RAG_AMBER,
    RAG_RED,
    RAG_BASELINE,
    RAG_NO_DATA,
    RAG_NOT_DUE,
    RAG_BLUE, /* beyond the stretch target: the four-colour scheme alone */
    RAG_COUNT
};
const char *rag_name(enum rag r);        /* "GREEN"; NULL for RAG_NONE (a provider's counts: rag null) */
bool rag_parse(str name, enum rag *out); /* *out stays where it is none */
/* A colour, and how good: 0 no colour, 1 red, 2 amber, 3 green, 4 blue. */
int rag_rank(enum rag r);

/* What a value is held against, each for the same span as the value; percentages as percent (50, not 0.5).
 * den 0: there is none. */
struct goal {
    struct fraction target;
    struct fraction minimum;   /* the least that is accepted; where lower is better, the most */
    struct fraction stretch;   /* what is striven for beyond the target */
    struct fraction last_year; /* the value of the same span a year before: the direction scheme alone */
};

/* What of one view (quarter or year to date) of one KPI decides its status. */
struct status_case {
    bool sent;           /* some provider sent the part (late measures: for any period) */
    int64_t due;         /* how many of the cohort are due; without meaning for counts */
    int64_t numerator;   /* for counts: the value */
    int64_t denominator; /* without meaning for counts */
};

/* The whole order: NO_DATA, NOT_DUE, NO_DATA, BASELINE, then the colour. */
enum rag status_of(const struct kpi *kpi, const struct kpi_year *year, const struct status_case *c,
                   const struct goal *goal);

/* The colour of a value against a goal that has a target, by the scheme of the year. */
enum rag status_decide(const struct kpi *kpi, const struct kpi_year *year, struct fraction value,
                       const struct goal *goal);

/* Where the colours end: BLUE is at or beyond `blue`, GREEN at or beyond `green` (beyond it where strict),
 * AMBER at or beyond `amber`; for own limits AMBER is strictly beyond `amber`. Beyond is above where higher is
 * better, below where lower is. den 0: there is no such colour.
 *   TOLERANCE     green from the target, amber within the tolerance
 *   DIRECTION     green within the tolerance, amber beyond it where the value is no worse than a year before
 *                 (Havering: domain.md 4.2, scheme 2)
 *   FOUR_COLOURS  blue from the stretch target, green from the target, amber from the minimum, or within the
 *                 tolerance where there is none */
struct status_limits {
    struct fraction green, amber, blue;
};
struct status_limits status_limits_of(const struct kpi *kpi, const struct kpi_year *year,
                                      const struct goal *goal);

/* How much of a goal a value reaches, whatever its colour. */
enum reached { REACHED_NOTHING_YET, REACHED_NONE, REACHED_MINIMUM, REACHED_TARGET, REACHED_STRETCH };
const char *reached_name(enum reached r); /* "NONE"; NULL for REACHED_NOTHING_YET: there is no value */
enum reached goal_reached(const struct kpi *kpi, const struct goal *goal, struct fraction value);

/* What of a year's amount is asked for by the end of quarter 1 to 4: shares that add up to 1; [0] is 0. */
struct shares {
    struct fraction to[5];
};
struct shares shares_of_profile(const struct kpi_year *year);
/* By the numerators of four quarters; false, and *out untouched, where they add up to nothing. */
bool shares_of_quarters(const int64_t numerators[4], struct shares *out);

/* Of an annual amount, what is asked for from the start of the year to the end of a quarter: of a count annual x
 * share, exact; in whole units rounded down (contract section 6, "Target to date"). Quarter 0 is 0. A rate is the
 * same in each. */
struct fraction amount_to_date(const struct kpi *kpi, struct decimal annual, const struct shares *shares,
                               int quarter);

/* How far a value is against the limits of the KPI that earns (contract section 9): by itself, apart from
 * the colour. */
enum earned { EARNED_NOTHING_YET, EARNED_FULL, EARNED_PART, EARNED_NONE };
const char *earned_name(enum earned e); /* NULL for EARNED_NOTHING_YET: there is no value */
enum earned earned_of(const struct kpi_year *year, struct fraction value);

#endif
