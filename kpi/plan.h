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
/* What happens to a plan: the effect of a step, and what happens to it without one. Kept as the kind of its event. */
enum plan_happening {
    PLAN_WAS_OPENED,
    PLAN_WAS_EDITED,  /* its words or actions */
    PLAN_WAS_UPDATED, /* a month's progress */
    PLAN_WAS_SUBMITTED,
    PLAN_WAS_AGREED,
    PLAN_WAS_RETURNED, /* to those who write it, with a comment */
    PLAN_CLOSING_WAS_PROPOSED,
    PLAN_WAS_STILL_RED,
    PLAN_WAS_CLOSED,
    PLAN_WAS_WITHDRAWN,
    PLAN_WAS_REOPENED,
    PLAN_WAS_ESCALATED,
    PLAN_HAPPENING_COUNT
};
const char *plan_happening_name(enum plan_happening h); /* "PLAN_OPENED" */

struct plan_step {
    enum plan_status from, to;
    unsigned by; /* enum plan_actor, several */
    enum plan_need need;
    enum plan_happening effect;
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

/* Why a plan is escalated, the milder first: the level is the number. */
enum plan_cause { PLAN_NO_CAUSE, PLAN_OVERDUE, PLAN_PROMISE_PASSED, PLAN_STILL_RED, PLAN_CAUSE_COUNT };
const char *plan_cause_name(enum plan_cause c); /* "OVERDUE", "PROMISE_PASSED", "STILL_RED"; NULL for none */

/* What the calendar looks at. */
struct plan_clock {
    enum plan_status status;
    int32_t due_day;
    int16_t when;    /* -1: not said yet */
    int red_running; /* final periods that were red without a break, the one it was opened for among them */
    int32_t red_day; /* the day on which the last of them was judged */
};
/* The gravest cause that holds on a day. *out_since: the first day on which it held; untouched for PLAN_NO_CAUSE. A day begins at
 * midnight in London: `today` says which it is. */
enum plan_cause plan_cause_of(const struct plan_clock *c, int32_t today, int32_t *out_since);

#endif
