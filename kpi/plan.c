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

enum {
    WRITERS = PLAN_BY_PROVIDER | PLAN_BY_COMMISSIONER,
    AGREERS = PLAN_BY_COMMISSIONER,
    CLOSERS = PLAN_BY_COMMISSIONER | PLAN_BY_ITSELF
};

/* clang-format off */
const struct plan_step PLAN_STEPS[] = {
    {PLAN_REQUIRED,  PLAN_DRAFT,     WRITERS,        PLAN_NEEDS_NOTHING},
    {PLAN_REQUIRED,  PLAN_SUBMITTED, WRITERS,        PLAN_NEEDS_ALL_FIELDS},
    {PLAN_DRAFT,     PLAN_SUBMITTED, WRITERS,        PLAN_NEEDS_ALL_FIELDS},
    {PLAN_SUBMITTED, PLAN_AGREED,    AGREERS,        PLAN_NEEDS_NOTHING},
    {PLAN_SUBMITTED, PLAN_DRAFT,     AGREERS,        PLAN_NEEDS_COMMENT},
    {PLAN_REQUIRED,  PLAN_CLOSED,    CLOSERS,        PLAN_NEEDS_COMMENT},
    {PLAN_DRAFT,     PLAN_CLOSED,    CLOSERS,        PLAN_NEEDS_COMMENT},
    {PLAN_SUBMITTED, PLAN_CLOSED,    CLOSERS,        PLAN_NEEDS_COMMENT},
    {PLAN_AGREED,    PLAN_CLOSED,    CLOSERS,        PLAN_NEEDS_COMMENT},
    {PLAN_REQUIRED,  PLAN_WITHDRAWN, PLAN_BY_ITSELF, PLAN_NEEDS_COMMENT},
    {PLAN_DRAFT,     PLAN_WITHDRAWN, PLAN_BY_ITSELF, PLAN_NEEDS_COMMENT},
    {PLAN_SUBMITTED, PLAN_WITHDRAWN, PLAN_BY_ITSELF, PLAN_NEEDS_COMMENT},
    {PLAN_AGREED,    PLAN_WITHDRAWN, PLAN_BY_ITSELF, PLAN_NEEDS_COMMENT},
    {PLAN_CLOSED,    PLAN_DRAFT,     PLAN_BY_ITSELF, PLAN_NEEDS_COMMENT}, /* red again within the year */
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

bool plan_is_escalated(enum plan_status s, int32_t due_day, int16_t when, int32_t today) {
    if (plan_is_overdue(s, due_day, today)) return true;
    return plan_is_open(s) && when >= 0 && today > period_last_day(when);
}
