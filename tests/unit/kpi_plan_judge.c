/* What a final period does to action plans: the decision of contract section 7, case by case. */
#include "kpi/plan_judge.h"
#include "tests/support/suite.h"

static const int16_t Q1 = 2025 * 4 + 0, Q2 = 2025 * 4 + 1, Q3 = 2025 * 4 + 2, LAST_YEAR = 2024 * 4 + 3;

static const struct kpi RATED = {.ref = "1.9", .raises_plan = true};
static const struct kpi UNRATED = {.ref = "1.5"};

enum { PLANS = 2 };
struct case_row {
    const char *label;
    struct judged_plan plans[PLANS]; /* kpi.p NULL: none */
    const struct kpi *kpi;
    enum rag rag;
    enum plan_judging how;
    enum plan_effect want;
    size_t which; /* for the effects that move a plan */
};

#define NO_PLAN                                                                                              \
    { .status = PLAN_WITHDRAWN }
#define PLAN(ref, period, state, when, hand)                                                                 \
    { STR("AP-1"), STR(ref), period, state, when, hand, -1, RAG_NONE }
/* The same, judged before by a final period. */
#define SEEN(ref, period, state, seen, colour)                                                               \
    { STR("AP-1"), STR(ref), period, state, 1, false, seen, colour }

/* Judged is 2025-26-Q2. */
static const struct case_row CASES[] = {
    {"a red without a plan opens one", {NO_PLAN}, &RATED, RAG_RED, PLANS_JUDGE_ALL, PLAN_OPENS, 0},
    {"not for a KPI that raises none", {NO_PLAN}, &UNRATED, RAG_RED, PLANS_JUDGE_ALL, PLAN_STAYS, 0},
    {"not in a later period that only loses", {NO_PLAN}, &RATED, RAG_RED, PLANS_ONLY_RELIEVE, PLAN_STAYS, 0},
    {"a plan that is open serves, and is still red",
     {PLAN("1.9", Q1, PLAN_AGREED, 1, false)},
     &RATED,
     RAG_RED,
     PLANS_JUDGE_ALL,
     PLAN_IS_STILL_RED,
     0},
    {"of this very quarter it is not still red",
     {PLAN("1.9", Q2, PLAN_DRAFT, 1, false)},
     &RATED,
     RAG_RED,
     PLANS_JUDGE_ALL,
     PLAN_STAYS,
     0},
    {"signed again and still red says it once",
     {SEEN("1.9", Q1, PLAN_AGREED, Q2, RAG_RED)},
     &RATED,
     RAG_RED,
     PLANS_JUDGE_ALL,
     PLAN_STAYS,
     0},
    {"signed again and now amber is news",
     {SEEN("1.9", Q1, PLAN_AGREED, Q2, RAG_RED)},
     &RATED,
     RAG_AMBER,
     PLANS_JUDGE_ALL,
     PLAN_PROPOSES_CLOSING,
     0},
    {"a later period has spoken",
     {SEEN("1.9", Q1, PLAN_AGREED, Q3, RAG_RED)},
     &RATED,
     RAG_GREEN,
     PLANS_JUDGE_ALL,
     PLAN_STAYS,
     0},
    {"that of another KPI does not",
     {PLAN("1.6", Q1, PLAN_AGREED, 1, false)},
     &RATED,
     RAG_RED,
     PLANS_JUDGE_ALL,
     PLAN_OPENS,
     0},
    {"red again within the year reopens",
     {PLAN("1.9", Q1, PLAN_CLOSED, 1, false)},
     &RATED,
     RAG_RED,
     PLANS_JUDGE_ALL,
     PLAN_REOPENS,
     0},
    {"the newest of two that were closed",
     {PLAN("1.9", Q1, PLAN_CLOSED, 1, false), PLAN("1.9", Q1, PLAN_CLOSED, 2, true)},
     &RATED,
     RAG_RED,
     PLANS_JUDGE_ALL,
     PLAN_REOPENS,
     1},
    {"one of last year is over",
     {PLAN("1.9", LAST_YEAR, PLAN_CLOSED, 1, false)},
     &RATED,
     RAG_RED,
     PLANS_JUDGE_ALL,
     PLAN_OPENS,
     0},
    {"one of a later quarter is not again",
     {PLAN("1.9", Q3, PLAN_CLOSED, 1, false)},
     &RATED,
     RAG_RED,
     PLANS_JUDGE_ALL,
     PLAN_OPENS,
     0},
    {"closed while this quarter was red: decided",
     {PLAN("1.9", Q2, PLAN_CLOSED, 1, false)},
     &RATED,
     RAG_RED,
     PLANS_JUDGE_ALL,
     PLAN_STAYS,
     0},
    {"a withdrawn one is no plan",
     {PLAN("1.9", Q2, PLAN_WITHDRAWN, 1, false)},
     &RATED,
     RAG_RED,
     PLANS_JUDGE_ALL,
     PLAN_OPENS,
     0},
    {"green later closes",
     {PLAN("1.9", Q1, PLAN_AGREED, 1, false)},
     &RATED,
     RAG_GREEN,
     PLANS_JUDGE_ALL,
     PLAN_CLOSES,
     0},
    {"amber later proposes it",
     {PLAN("1.9", Q1, PLAN_AGREED, 1, false)},
     &RATED,
     RAG_AMBER,
     PLANS_JUDGE_ALL,
     PLAN_PROPOSES_CLOSING,
     0},
    {"once",
     {SEEN("1.9", Q1, PLAN_AGREED, Q2, RAG_AMBER)},
     &RATED,
     RAG_AMBER,
     PLANS_JUDGE_ALL,
     PLAN_STAYS,
     0},
    {"no data later says nothing",
     {PLAN("1.9", Q1, PLAN_AGREED, 1, false)},
     &RATED,
     RAG_NO_DATA,
     PLANS_JUDGE_ALL,
     PLAN_STAYS,
     0},
    {"a period that only loses proposes nothing",
     {PLAN("1.9", Q1, PLAN_AGREED, 1, false)},
     &RATED,
     RAG_AMBER,
     PLANS_ONLY_RELIEVE,
     PLAN_STAYS,
     0},
    {"a period that only loses closes nothing",
     {PLAN("1.9", Q1, PLAN_AGREED, 1, false)},
     &RATED,
     RAG_GREEN,
     PLANS_ONLY_RELIEVE,
     PLAN_STAYS,
     0},
    {"a plan of a later quarter is not closed",
     {PLAN("1.9", Q3, PLAN_DRAFT, 1, false)},
     &RATED,
     RAG_GREEN,
     PLANS_JUDGE_ALL,
     PLAN_STAYS,
     0},
    {"amber now withdraws that of the quarter",
     {PLAN("1.9", Q2, PLAN_DRAFT, 1, false)},
     &RATED,
     RAG_AMBER,
     PLANS_JUDGE_ALL,
     PLAN_IS_WITHDRAWN,
     0},
    {"no data too",
     {PLAN("1.9", Q2, PLAN_DRAFT, 1, false)},
     &RATED,
     RAG_NO_DATA,
     PLANS_ONLY_RELIEVE,
     PLAN_IS_WITHDRAWN,
     0},
    {"one opened by hand is not withdrawn",
     {PLAN("1.9", Q2, PLAN_DRAFT, 1, true)},
     &RATED,
     RAG_GREEN,
     PLANS_JUDGE_ALL,
     PLAN_STAYS,
     0},
};

static void decisions(void) {
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const struct case_row *c = &CASES[i];
        size_t count = 0, which = 99;
        while (count < PLANS && c->plans[count].kpi.p)
            count++;
        enum plan_effect got = plan_judge(c->plans, count, c->kpi, c->rag, Q2, c->how, &which);
        CHECK(got == c->want, "%s: effect %d, expected %d", c->label, got, c->want);
        bool moves = c->want != PLAN_STAYS && c->want != PLAN_OPENS;
        CHECK(which == (moves ? c->which : 99), "%s: plan %zu", c->label, which);
    }
}

/* Each effect is a step that the life of a plan knows, and one that the service takes by itself. */
static void effects_are_steps(void) {
    static const struct {
        enum plan_effect effect;
        const char *name;
        enum plan_status from, to;
    } WANT[] = {
        {PLAN_REOPENS, "REOPENED", PLAN_CLOSED, PLAN_DRAFT},
        {PLAN_CLOSES, "CLOSED", PLAN_AGREED, PLAN_CLOSED},
        {PLAN_IS_WITHDRAWN, "WITHDRAWN", PLAN_SUBMITTED, PLAN_WITHDRAWN},
    };
    for (size_t i = 0; i < sizeof WANT / sizeof *WANT; i++) {
        enum plan_status to = plan_effect_status(WANT[i].effect, WANT[i].from);
        const struct plan_step *s = plan_step_find(WANT[i].from, to);
        CHECK(to == WANT[i].to && s && s->by & PLAN_BY_ITSELF, "%s", WANT[i].name);
        CHECK(s->effect == plan_effect_happening(WANT[i].effect), "%s happens as the table says",
              WANT[i].name);
        CHECK(str_is(str_of(plan_effect_name(WANT[i].effect)), WANT[i].name), "%s", WANT[i].name);
    }
    CHECK(str_is(str_of(plan_effect_name(PLAN_OPENS)), "OPENED") &&
              plan_effect_status(PLAN_OPENS, PLAN_CLOSED) == PLAN_REQUIRED,
          "a new plan is REQUIRED");
    CHECK(plan_effect_status(PLAN_IS_STILL_RED, PLAN_AGREED) == PLAN_AGREED &&
              plan_effect_status(PLAN_PROPOSES_CLOSING, PLAN_DRAFT) == PLAN_DRAFT,
          "what is still red, and a proposal, change no status");
}

static void whom_it_concerns(void) {
    struct judged_plan plans[] = {PLAN("1.9", Q1, PLAN_CLOSED, 1, false),
                                  PLAN("1.6", Q2, PLAN_DRAFT, 1, false)};
    CHECK(!plan_judge_concerns(plans, 2, Q1) && plan_judge_concerns(plans, 2, Q2) &&
              !plan_judge_concerns(plans, 0, Q2),
          "a period of which a plan is open");
}

void suite_kpi_plan_judge(void) {
    suite_add("kpi_plan_judge", NULL, NULL);
    case_add("each case of a red, a recovery and a correction", decisions);
    case_add("each effect is a step of a plan's life", effects_are_steps);
    case_add("which periods are looked at again", whom_it_concerns);
}
