/* The life of a plan, the completeness threshold and the form's version: the pure parts behind sections 7 and 8. */
#include "kpi/completeness.h"
#include "kpi/plan.h"
#include "returns/national_form.h"
#include "tests/support/suite.h"

static void steps_and_whose(void) {
    static const struct {
        enum plan_status from, to;
        unsigned by;
        enum plan_need need;
    } WANT[] = {
        {PLAN_REQUIRED, PLAN_DRAFT, PLAN_BY_PROVIDER | PLAN_BY_COMMISSIONER, PLAN_NEEDS_NOTHING},
        {PLAN_DRAFT, PLAN_SUBMITTED, PLAN_BY_PROVIDER | PLAN_BY_COMMISSIONER, PLAN_NEEDS_ALL_FIELDS},
        {PLAN_SUBMITTED, PLAN_AGREED, PLAN_BY_COMMISSIONER, PLAN_NEEDS_NOTHING},
        {PLAN_SUBMITTED, PLAN_DRAFT, PLAN_BY_COMMISSIONER, PLAN_NEEDS_COMMENT},
        {PLAN_AGREED, PLAN_CLOSED, PLAN_BY_COMMISSIONER | PLAN_BY_ITSELF, PLAN_NEEDS_COMMENT},
        {PLAN_CLOSED, PLAN_DRAFT, PLAN_BY_ITSELF, PLAN_NEEDS_COMMENT},
        {PLAN_AGREED, PLAN_WITHDRAWN, PLAN_BY_ITSELF, PLAN_NEEDS_COMMENT},
    };
    for (size_t i = 0; i < sizeof WANT / sizeof *WANT; i++) {
        const struct plan_step *s = plan_step_find(WANT[i].from, WANT[i].to);
        CHECK(s && s->by == WANT[i].by && s->need == WANT[i].need, "%s to %s", plan_status_name(WANT[i].from),
              plan_status_name(WANT[i].to));
    }
    static const enum plan_status NEVER[][2] = {{PLAN_DRAFT, PLAN_AGREED},
                                                {PLAN_REQUIRED, PLAN_AGREED},
                                                {PLAN_WITHDRAWN, PLAN_DRAFT},
                                                {PLAN_CLOSED, PLAN_AGREED},
                                                {PLAN_AGREED, PLAN_DRAFT}};
    for (size_t i = 0; i < sizeof NEVER / sizeof *NEVER; i++)
        CHECK(!plan_step_find(NEVER[i][0], NEVER[i][1]), "%s to %s", plan_status_name(NEVER[i][0]),
              plan_status_name(NEVER[i][1]));
}

static void names(void) {
    for (int i = 0; i < PLAN_STATUS_COUNT; i++) {
        enum plan_status back = PLAN_STATUS_COUNT;
        CHECK(plan_status_parse(str_of(plan_status_name((enum plan_status)i)), &back) &&
                  back == (enum plan_status)i,
              "%d", i);
    }
    enum plan_status s = PLAN_AGREED;
    CHECK(!plan_status_parse(STR("draft"), &s) && s == PLAN_AGREED, "exact words, untouched on failure");
}

static void the_calendar(void) {
    int32_t due = day_from_civil(2026, 3, 6);
    int16_t q3 = period_of(2025, 3);
    CHECK(!plan_is_overdue(PLAN_DRAFT, due, due) && plan_is_overdue(PLAN_DRAFT, due, due + 1),
          "overdue from the day after");
    CHECK(!plan_is_overdue(PLAN_SUBMITTED, due, due + 1), "submitted is not overdue");
    CHECK(plan_is_escalated(PLAN_REQUIRED, due, -1, due + 1), "unsent after the due date is escalated");
    CHECK(!plan_is_escalated(PLAN_AGREED, due, q3, day_from_civil(2025, 12, 31)),
          "the promised quarter is still running on its last day");
    CHECK(plan_is_escalated(PLAN_AGREED, due, q3, day_from_civil(2026, 1, 1)), "and over the day after");
    CHECK(!plan_is_escalated(PLAN_CLOSED, due, q3, day_from_civil(2026, 6, 1)), "closed is not escalated");
}

static void ninety_five_percent(void) {
    CHECK(completeness_suffices(DECIMAL(95), 95, 100) && !completeness_suffices(DECIMAL(95), 94, 100),
          "exactly 95 %% suffices");
    CHECK(!completeness_suffices(DECIMAL(95), 9499, 10000) && completeness_suffices(DECIMAL(95), 9500, 10000),
          "94.99 %% does not, though it prints as 94.99");
    CHECK(completeness_suffices(DECIMAL(95), 18, 18) && !completeness_suffices(DECIMAL(95), 0, 0),
          "nothing required is not complete");
    struct decimal odd = {925, 1};
    CHECK(completeness_suffices(odd, 925, 1000) && !completeness_suffices(odd, 9249, 10000),
          "exactly 92.5 %%");
}

static void forms(void) {
    CHECK(str_is(str_of(national_form_version(period_of(2023, 4))), "SSQ-2017") &&
              str_is(str_of(national_form_version(period_of(2024, 1))), "SSQ-2024"),
          "from 1 April 2024");
}

void suite_kpi_plan(void) {
    suite_add("kpi_plan", NULL, NULL);
    case_add("each step of a plan is somebody's and has its need", steps_and_whose);
    case_add("statuses go to words and back", names);
    case_add("overdue and escalated turn at midnight after the day", the_calendar);
    case_add("95 % of the items is compared exactly", ninety_five_percent);
    case_add("the form's version goes by the quarter", forms);
}
