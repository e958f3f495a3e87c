/* plan_tally: did the plans work? How many stand where, and how long it took from red to green. Pure. */
#ifndef QD_KPI_PLAN_TALLY_H
#define QD_KPI_PLAN_TALLY_H

#include "kpi/plan.h"
#include "kpi/status.h"

/* What of one plan is counted. */
struct plan_record {
    enum plan_status status;
    bool overdue, proposed; /* of open ones */
    int level;              /* of escalation, reached in this life */
    enum rag seen;          /* the headline of the latest final period that judged it */
    int32_t opened, closed; /* days, as the figures were worked out; closed: of a recovered one */
};
/* Closed, and green when it was. */
bool plan_has_recovered(const struct plan_record *p);

struct plan_tally {
    size_t total, open, overdue, escalated, proposed; /* the last three: of the open ones */
    size_t recovered, closed_otherwise, withdrawn;
    size_t levels[PLAN_CAUSE_COUNT]; /* of all plans, by the level reached; [0]: none */
    /* Days from opening to the judging that closed it, of the recovered ones; all 0 where there are none. */
    int32_t shortest, longest;
    int64_t median_halves; /* the median in half days: of an even number it may lie between two days */
};
/* Orders `plans` as it needs them. */
struct plan_tally plan_tally_of(struct plan_record *plans, size_t count);

#endif
