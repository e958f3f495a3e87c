/* plan: the life of an action plan (contract section 7): its statuses, which step is whose and what it needs. Pure: one table. */
#ifndef QD_KPI_PLAN_H
#define QD_KPI_PLAN_H

#include "base/date.h"

/* clang-format off */
enum plan_status { PLAN_REQUIRED, PLAN_DRAFT, PLAN_SUBMITTED, PLAN_AGREED, PLAN_CLOSED, PLAN_WITHDRAWN, PLAN_STATUS_COUNT };
/* clang-format on */
const char *plan_status_name(enum plan_status s);
bool plan_status_parse(str name, enum plan_status *out);
static inline bool plan_is_open(enum plan_status s) {
    return s != PLAN_CLOSED && s != PLAN_WITHDRAWN;
}

/* Who takes a step. ITSELF: the service, when a period becomes final or is signed again. */
enum plan_actor { PLAN_BY_PROVIDER = 1, PLAN_BY_COMMISSIONER = 2, PLAN_BY_ITSELF = 4 };
/* What a step needs. */
enum plan_need {
    PLAN_NEEDS_NOTHING,
    PLAN_NEEDS_ALL_FIELDS, /* nonComplianceReason, what, how, who and when */
    PLAN_NEEDS_COMMENT,
};
struct plan_step {
    enum plan_status from, to;
    unsigned by; /* enum plan_actor, several */
    enum plan_need need;
};
extern const struct plan_step PLAN_STEPS[];
extern const size_t PLAN_STEP_COUNT;
/* The step from one status to another, or NULL when there is none. */
const struct plan_step *plan_step_find(enum plan_status from, enum plan_status to);
/* May the words of the form be changed in this status? */
static inline bool plan_is_editable(enum plan_status s) {
    return s == PLAN_REQUIRED || s == PLAN_DRAFT;
}

/* Past the due date and not submitted, or the quarter by which results were promised is over and the plan still open. */
bool plan_is_overdue(enum plan_status s, int32_t due_day, int32_t today);
bool plan_is_escalated(enum plan_status s, int32_t due_day, int16_t when, int32_t today);

#endif
