/* measure: what can be broken down (contract section 10; the "additional data required" of seed 002): which rows count above the line
 * and which below. Counts have no denominator; what the seed asks as "%" has one. Cohorts and conditions are those of the KPIs.
 *
 * What would surprise: "% of service users" counts as service users all rows of the harm reduction pathway and all people setting a
 * quit date of whom none of these rows tells, so that nobody counts twice and who counts above the line counts below it. */
#ifndef QD_KPI_MEASURE_H
#define QD_KPI_MEASURE_H

#include "kpi/walk.h"

/* name in C; name; part; cohort; above the line; below it (NULL: a count). */
/* clang-format off */
#define MEASURE_LIST(X) \
    X(SET_QUIT_DATE,  "setQuitDate",          PART_EPISODES, COHORT_QUIT_DATE,  "people setting a quit date", NULL) \
    X(QUIT4,          "quit4",                PART_EPISODES, COHORT_QUIT_DATE,  "4-week quitters", "people whose 4-week window has passed") \
    X(CO_VERIFIED4,   "coVerified4",          PART_EPISODES, COHORT_QUIT_DATE,  "4-week quitters confirmed by carbon monoxide", "4-week quitters") \
    X(LOST4,          "lost4",                PART_EPISODES, COHORT_QUIT_DATE,  "people lost to follow-up at 4 weeks", "people whose 4-week window has passed") \
    X(QUIT12,         "quit12",               PART_EPISODES, COHORT_CLOSES_12W, "people still quit at 12 weeks", "people whose 12-week window has passed") \
    X(LOST12,         "lost12",               PART_EPISODES, COHORT_CLOSES_12W, "4-week quitters lost to follow-up at 12 weeks", "4-week quitters whose 12-week window has passed") \
    X(HARM_REDUCTION, "harmReduction",        PART_HARM_REDUCTION, COHORT_PERIOD, "people on the harm reduction pathway", "service users") \
    X(HARM_NOT_QUIT,  "harmReductionNotQuit", PART_HARM_REDUCTION, COHORT_PERIOD, "people on the harm reduction pathway without a 4-week quit", "service users") \
    X(EXTENDED,       "extendedSupport",      PART_EPISODES, COHORT_QUIT_DATE,  "people who need support beyond 12 weeks", "people setting a quit date") \
    X(EXTENDED_QUIT,  "extendedSupportQuit",  PART_EPISODES, COHORT_QUIT_DATE,  "people who need support beyond 12 weeks and quit at 4 weeks", "people whose 4-week window has passed") \
    X(REFERRALS,      "referrals",            PART_REFERRALS, COHORT_PERIOD,    "referrals received", NULL) \
    X(CONDITION,      "healthCondition",      PART_EPISODES, COHORT_QUIT_DATE,  "people with a condition that smoking causes or worsens", "people setting a quit date") \
    X(MAINTAINED,     "quitMaintainedInPregnancy", PART_EPISODES, COHORT_QUIT_DATE, "pregnant quitters who did not smoke at delivery", "pregnant 4-week quitters who have delivered")
/* clang-format on */

enum measure {
#define X(name, ...) MEASURE_##name,
    MEASURE_LIST(X)
#undef X
        MEASURE_COUNT
};

struct measure_info {
    const char *name;
    enum part_id part;
    enum cohort cohort;
    const char *above, *below;
};
const struct measure_info *measure_info(enum measure m);
bool measure_parse(str name, enum measure *out);
/* "setQuitDate, quit4, ...": for messages. */
void measure_names(struct buf *out);

/* Are service users of the episodes part below the line, beside the rows of the measure's own part? */
static inline bool measure_counts_service_users(enum measure m) {
    return m == MEASURE_HARM_REDUCTION || m == MEASURE_HARM_NOT_QUIT;
}

/* Does a row of the measure's part count above the line, and below it? Whatever its period. Above is within below. */
struct measured {
    bool above, below;
};
struct measured measure_row(enum measure m, const struct walked *w);

#endif
