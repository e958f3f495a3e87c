#include "kpi/plan.h"

static const char *const NAMES[PLAN_STATUS_COUNT] = {"REQUIRED", "DRAFT",  "SUBMITTED",
                                                     "AGREED",   "CLOSED", "WITHDRAWN"};

const char *plan_status_name(enum plan_status s) {
    return NAMES[s];
}

bool plan_status_parse(str name, enum plan_status *out) {
    for (int i = 0; i < PLAN_STATUS_COUNT; i++) {
        if (!str_is(name, NAMES[i])) continue;
        *out = (enum plan_status)i;
        return true;
    }
    return false;
}

static const char *const HAPPENINGS[PLAN_HAPPENING_COUNT] = {
    "PLAN_OPENED", "PLAN_EDITED",    "PLAN_UPDATED",          "PLAN_SUBMITTED",
    "PLAN_AGREED", "PLAN_RETURNED",  "PLAN_CLOSING_PROPOSED", "PLAN_STILL_RED",
    "PLAN_CLOSED", "PLAN_WITHDRAWN", "PLAN_REOPENED",         "PLAN_ESCALATED",
};

const char *plan_happening_name(enum plan_happening h) {
    return HAPPENINGS[h];
}

enum {
    WRITERS = PLAN_BY_PROVIDER | PLAN_BY_COMMISSIONER,
    AGREERS = PLAN_BY_COMMISSIONER,
    CLOSERS = PLAN_BY_COMMISSIONER | PLAN_BY_ITSELF
};

/* clang-format off */
const struct plan_step PLAN_STEPS[] = {
    {PLAN_REQUIRED,  PLAN_DRAFT,     WRITERS,        PLAN_NEEDS_NOTHING,    PLAN_WAS_EDITED},
    {PLAN_REQUIRED,  PLAN_SUBMITTED, WRITERS,        PLAN_NEEDS_ALL_FIELDS, PLAN_WAS_SUBMITTED},
    {PLAN_DRAFT,     PLAN_SUBMITTED, WRITERS,        PLAN_NEEDS_ALL_FIELDS, PLAN_WAS_SUBMITTED},
    {PLAN_SUBMITTED, PLAN_AGREED,    AGREERS,        PLAN_NEEDS_NOTHING,    PLAN_WAS_AGREED},
    {PLAN_SUBMITTED, PLAN_DRAFT,     AGREERS,        PLAN_NEEDS_COMMENT,    PLAN_WAS_RETURNED},
    {PLAN_REQUIRED,  PLAN_CLOSED,    CLOSERS,        PLAN_NEEDS_COMMENT,    PLAN_WAS_CLOSED},
    {PLAN_DRAFT,     PLAN_CLOSED,    CLOSERS,        PLAN_NEEDS_COMMENT,    PLAN_WAS_CLOSED},
    {PLAN_SUBMITTED, PLAN_CLOSED,    CLOSERS,        PLAN_NEEDS_COMMENT,    PLAN_WAS_CLOSED},
    {PLAN_AGREED,    PLAN_CLOSED,    CLOSERS,        PLAN_NEEDS_COMMENT,    PLAN_WAS_CLOSED},
    {PLAN_REQUIRED,  PLAN_WITHDRAWN, PLAN_BY_ITSELF, PLAN_NEEDS_COMMENT,    PLAN_WAS_WITHDRAWN},
    {PLAN_DRAFT,     PLAN_WITHDRAWN, PLAN_BY_ITSELF, PLAN_NEEDS_COMMENT,    PLAN_WAS_WITHDRAWN},
    {PLAN_SUBMITTED, PLAN_WITHDRAWN, PLAN_BY_ITSELF, PLAN_NEEDS_COMMENT,    PLAN_WAS_WITHDRAWN},
    {PLAN_AGREED,    PLAN_WITHDRAWN, PLAN_BY_ITSELF, PLAN_NEEDS_COMMENT,    PLAN_WAS_WITHDRAWN},
    {PLAN_CLOSED,    PLAN_DRAFT,     PLAN_BY_ITSELF, PLAN_NEEDS_COMMENT,    PLAN_WAS_REOPENED}, /* red again within the year */
};
/* clang-format on */
const size_t PLAN_STEP_COUNT = sizeof PLAN_STEPS / sizeof *PLAN_STEPS;

const struct plan_step *plan_step_find(enum plan_status from, enum plan_status to) {
    for (size_t i = 0; i < PLAN_STEP_COUNT; i++)
        if (PLAN_STEPS[i].from == from && PLAN_STEPS[i].to == to) return &PLAN_STEPS[i];
    return NULL;
}

bool plan_is_overdue(enum plan_status s, int32_t due_day, int32_t today) {
    return plan_is_editable(s) && today > due_day;
}

static const char *const CAUSES[PLAN_CAUSE_COUNT] = {NULL, "OVERDUE", "PROMISE_PASSED", "STILL_RED"};

const char *plan_cause_name(enum plan_cause c) {
    return CAUSES[c];
}

enum plan_cause plan_cause_of(const struct plan_clock *c, int32_t today, int32_t *out_since) {
    if (!plan_is_open(c->status)) return PLAN_NO_CAUSE;
    if (c->red_running >= 2 && today >= c->red_day) {
        *out_since = c->red_day;
        return PLAN_STILL_RED;
    }
    if (c->when >= 0 && today > period_last_day(c->when)) {
        *out_since = period_last_day(c->when) + 1;
        return PLAN_PROMISE_PASSED;
    }
    if (!plan_is_overdue(c->status, c->due_day, today)) return PLAN_NO_CAUSE;
    *out_since = c->due_day + 1;
    return PLAN_OVERDUE;
}
