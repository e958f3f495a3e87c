/* The life of a plan, the completeness threshold and the form's version: the pure parts behind sections 7 and 8. */
#include "kpi/completeness.h"
#include "kpi/plan.h"
#include "kpi/plan_tally.h"
#include "kpi/reminder.h"
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
    CHECK(!plan_is_overdue(PLAN_DRAFT, due, due) && plan_is_overdue(PLAN_DRAFT, due, due + 1),
          "overdue from the day after");
    CHECK(!plan_is_overdue(PLAN_SUBMITTED, due, due + 1), "submitted is not overdue");
}

/* Each cause, the first day on which it holds, and which of two is told. Red was judged on 9 February. */
static void levels(void) {
    const int32_t due = day_from_civil(2026, 3, 6), red = day_from_civil(2026, 2, 9);
    const int16_t q3 = period_of(2025, 3), q4 = period_of(2025, 4);
    const int32_t end3 = day_from_civil(2025, 12, 31), end4 = day_from_civil(2026, 3, 31);
    static const struct {
        const char *label;
        enum plan_status status;
        int quarter; /* of `when`; 0: not said */
        int red_running;
        int after; /* days after the due date */
        enum plan_cause want;
        int since; /* 1 the day after the due date, 2 after Q3, 3 after Q4, 4 the judging */
    } CASES[] = {
        {"in time", PLAN_REQUIRED, 0, 1, 0, PLAN_NO_CAUSE, 0},
        {"unsent the day after the due date", PLAN_REQUIRED, 0, 1, 1, PLAN_OVERDUE, 1},
        {"a draft too", PLAN_DRAFT, 0, 0, 30, PLAN_OVERDUE, 1},
        {"submitted is not late", PLAN_SUBMITTED, 0, 1, 30, PLAN_NO_CAUSE, 0},
        {"the promised quarter is over", PLAN_AGREED, 3, 1, 0, PLAN_PROMISE_PASSED, 2},
        {"the promised quarter runs on its last day", PLAN_AGREED, 4, 1, 25, PLAN_NO_CAUSE, 0},
        {"and is over the day after", PLAN_AGREED, 4, 1, 26, PLAN_PROMISE_PASSED, 3},
        {"a passed promise is graver than being late", PLAN_DRAFT, 3, 1, 30, PLAN_PROMISE_PASSED, 2},
        {"red in two periods running", PLAN_AGREED, 0, 2, 0, PLAN_STILL_RED, 4},
        {"is gravest", PLAN_DRAFT, 3, 3, 30, PLAN_STILL_RED, 4},
        {"closed is over", PLAN_CLOSED, 3, 2, 30, PLAN_NO_CAUSE, 0},
        {"withdrawn too", PLAN_WITHDRAWN, 3, 2, 30, PLAN_NO_CAUSE, 0},
    };
    const int32_t sinces[] = {DAY_NONE, due + 1, end3 + 1, end4 + 1, red};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct plan_clock c = {CASES[i].status, due,
                               CASES[i].quarter == 3   ? q3
                               : CASES[i].quarter == 4 ? q4
                                                       : (int16_t)-1,
                               CASES[i].red_running, red};
        int32_t since = DAY_NONE;
        enum plan_cause got = plan_cause_of(&c, due + CASES[i].after, &since);
        CHECK(got == CASES[i].want && since == sinces[CASES[i].since], "%s: %d since %d", CASES[i].label, got,
              since);
    }
    struct plan_clock twice = {PLAN_AGREED, due, -1, 2, red};
    int32_t since;
    CHECK(plan_cause_of(&twice, red - 1, &since) == PLAN_NO_CAUSE,
          "nobody knew the day before it was judged");
    CHECK(PLAN_OVERDUE < PLAN_PROMISE_PASSED && PLAN_PROMISE_PASSED < PLAN_STILL_RED, "levels go up");
}

/* Each day has the reminder that began last; after the deadline there is none. */
static void reminders(void) {
    static const struct reminder_days TWO = {{14, 3}, 2}, DAY_ITSELF = {{0}, 1}, NEVER = {.count = 0};
    static const struct {
        const struct reminder_days *days;
        int left, want;
    } CASES[] = {
        {&TWO, 15, REMINDER_NONE},
        {&TWO, 14, 14},
        {&TWO, 13, 14},
        {&TWO, 4, 14},
        {&TWO, 3, 3},
        {&TWO, 0, 3},
        {&TWO, -1, REMINDER_NONE},
        {&DAY_ITSELF, 1, REMINDER_NONE},
        {&DAY_ITSELF, 0, 0},
        {&DAY_ITSELF, -1, REMINDER_NONE},
        {&NEVER, 0, REMINDER_NONE},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        int got = reminder_on(CASES[i].days, 1000, 1000 - CASES[i].left);
        CHECK(got == CASES[i].want, "row %zu, %d days left: %d, expected %d", i, CASES[i].left, got,
              CASES[i].want);
    }
}

static void tallies(void) {
    struct plan_record plans[] = {
        {PLAN_CLOSED, false, false, 0, RAG_GREEN, 100, 190},
        {PLAN_CLOSED, false, false, 3, RAG_BLUE, 100, 281},
        {PLAN_CLOSED, false, false, 1, RAG_RED, 100, 150},
        {PLAN_CLOSED, false, false, 0, RAG_NONE, 100, 150},
        {PLAN_AGREED, false, true, 2, RAG_AMBER, 100, 190},
        {PLAN_DRAFT, true, false, 1, RAG_NONE, 100, DAY_NONE},
        {PLAN_WITHDRAWN, true, true, 1, RAG_AMBER, 100, 120},
    };
    struct plan_tally t = plan_tally_of(plans, sizeof plans / sizeof *plans);
    CHECK(t.total == 7 && t.open == 2 && t.overdue == 1 && t.proposed == 1, "%zu %zu %zu %zu", t.total,
          t.open, t.overdue, t.proposed);
    CHECK(t.escalated == 2 && t.levels[0] == 2 && t.levels[1] == 3 && t.levels[2] == 1 && t.levels[3] == 1,
          "levels");
    CHECK(t.recovered == 2 && t.closed_otherwise == 2 && t.withdrawn == 1,
          "closed green is recovered, else by hand");
    CHECK(t.shortest == 90 && t.longest == 181 && t.median_halves == 271, "days %d %d, median %lld halves",
          t.shortest, t.longest, (long long)t.median_halves);
    struct plan_record three[] = {{PLAN_CLOSED, false, false, 0, RAG_GREEN, 0, 50},
                                  {PLAN_CLOSED, false, false, 0, RAG_GREEN, 0, 9},
                                  {PLAN_CLOSED, false, false, 0, RAG_GREEN, 0, 30}};
    CHECK(plan_tally_of(three, 3).median_halves == 60, "of three the middle one");
    CHECK(plan_tally_of(three, 0).median_halves == 0, "of none, none");
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
    case_add("overdue turns at midnight after the day", the_calendar);
    case_add("each cause of escalation, from its first day on, the gravest told", levels);
    case_add("who is reminded on which day before a deadline", reminders);
    case_add("how many recovered, and how fast", tallies);
    case_add("95 % of the items is compared exactly", ninety_five_percent);
    case_add("the form's version goes by the quarter", forms);
}
