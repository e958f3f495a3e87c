/* kpi_status: contract section 6: every colour at its boundary, every status in its order, targets to
 * date. */
#include <stdio.h>

#include "kpi/status.h"
#include "tests/support/shelf.h"
#include "tests/support/suite.h"

#define COUNT_OF(list) (sizeof(list) / sizeof *(list))
#define MANY 1000000 /* rows enough to show the last digit */

static struct framework *sample;

static int open_sample(void) {
    sample = framework_sample();
    return 0;
}

static int close_sample(void) {
    framework_free(sample);
    return 0;
}

static const char *name_or_null(enum rag r) {
    return rag_name(r) ? rag_name(r) : "null";
}

static struct fraction target_to_date(const struct kpi *k, const struct kpi_year *y, int quarter) {
    struct shares shares = shares_of_profile(y);
    return amount_to_date(k, y->annual, &shares, quarter);
}

static enum rag rate(const struct framework *f, const char *ref, int64_t numerator, int64_t denominator) {
    const struct kpi *k = framework_kpi(f, str_of(ref));
    const struct kpi_year *y = kpi_year_find(k, 2025);
    struct status_case c = {
        .sent = true, .due = denominator, .numerator = numerator, .denominator = denominator};
    return status_of(k, y, &c, &(struct goal){.target = target_to_date(k, y, 2)});
}

static void rates_of_the_sample(void) {
    static const struct {
        const char *label, *ref;
        int64_t numerator, denominator;
        enum rag expected;
    } CASES[] = {
        {"1.4 exactly 50 %", "1.4", 50, 100, RAG_GREEN},
        {"1.4 just below 50 %", "1.4", 499999, MANY, RAG_AMBER},
        {"1.4 target x 0.95 exactly, 47.5 %", "1.4", 475, 1000, RAG_AMBER},
        {"1.4 just below 47.5 %", "1.4", 474999, MANY, RAG_RED},
        {"1.4 nobody", "1.4", 0, 7, RAG_RED},
        {"1.4 all", "1.4", 7, 7, RAG_GREEN},
        {"1.4 prints 50.00 but is 49.996 %", "1.4", 49996, 100000, RAG_AMBER},
        {"1.5 exactly 60 %", "1.5", 60, 100, RAG_GREEN},
        {"1.5 just below 60 %", "1.5", 599999, MANY, RAG_AMBER},
        {"1.5 just above 50 %", "1.5", 500001, MANY, RAG_AMBER},
        {"1.5 exactly 50 % earns nothing", "1.5", 50, 100, RAG_RED},
        {"1.5 below 50 %", "1.5", 499999, MANY, RAG_RED},
        {"1.6 85 %", "1.6", 85, 100, RAG_GREEN},
        {"1.6 80.75 % exactly", "1.6", 8075, 10000, RAG_AMBER},
        {"1.6 below 80.75 %", "1.6", 80749, 100000, RAG_RED},
        {"1.9 just below 15 %", "1.9", 149999, MANY, RAG_GREEN},
        {"1.9 exactly 15.00 % is not below 15", "1.9", 15, 100, RAG_AMBER},
        {"1.9 target x 1.05 exactly, 15.75 %", "1.9", 1575, 10000, RAG_AMBER},
        {"1.9 just above 15.75 %", "1.9", 157501, MANY, RAG_RED},
        {"1.9 none lost", "1.9", 0, 9, RAG_GREEN},
        {"1.14 95 %", "1.14", 95, 100, RAG_GREEN},
        {"1.14 90.25 %", "1.14", 9025, 10000, RAG_AMBER},
        {"1.14 below 90.25 %", "1.14", 90249, 100000, RAG_RED},
        {"4.3d exactly 1.5 %", "4.3d", 15, 1000, RAG_GREEN},
        {"4.3d just below 1.5 %", "4.3d", 14999, MANY, RAG_AMBER},
        {"4.3d 1.425 % exactly", "4.3d", 1425, 100000, RAG_AMBER},
        {"4.3d below 1.425 %", "4.3d", 14249, MANY, RAG_RED},
        {"1.8 has no target yet", "1.8", 1, 2, RAG_BASELINE},
        {"1.12 has no target yet", "1.12", 0, 2, RAG_BASELINE},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        enum rag got = rate(sample, CASES[i].ref, CASES[i].numerator, CASES[i].denominator);
        CHECK(got == CASES[i].expected, "%s: %s", CASES[i].label, name_or_null(got));
    }
}

static void counts_of_the_sample(void) {
    static const struct {
        const char *label, *ref;
        int quarter;
        int64_t value;
        enum rag expected;
    } CASES[] = {
        {"1.1 Q1 target 400", "1.1", 1, 400, RAG_GREEN},
        {"1.1 Q1 one below", "1.1", 1, 399, RAG_AMBER},
        {"1.1 Q1 target x 0.95", "1.1", 1, 380, RAG_AMBER},
        {"1.1 Q1 one below that", "1.1", 1, 379, RAG_RED},
        {"1.1 Q2 800", "1.1", 2, 800, RAG_GREEN},
        {"1.1 Q4 1599", "1.1", 4, 1599, RAG_AMBER},
        {"1.1 Q4 1519", "1.1", 4, 1519, RAG_RED},
        {"1.3 Q1 25", "1.3", 1, 25, RAG_GREEN},
        {"1.3 Q1 24 is 96 %", "1.3", 1, 24, RAG_AMBER},
        {"1.3 Q1 23 is 92 %", "1.3", 1, 23, RAG_RED},
        {"nobody is 0, and rated", "1.1", 1, 0, RAG_RED},
        {"3.1 Q1 floor(1.5) = 1", "3.1", 1, 1, RAG_GREEN},
        {"3.1 Q1 one short", "3.1", 1, 0, RAG_AMBER},
        {"3.1 Q2 3", "3.1", 2, 3, RAG_GREEN},
        {"3.1 Q2 one short", "3.1", 2, 2, RAG_AMBER},
        {"3.1 Q2 two short", "3.1", 2, 1, RAG_RED},
        {"3.1 Q3 floor(4.5) = 4", "3.1", 3, 4, RAG_GREEN},
        {"3.1 Q3 two short", "3.1", 3, 2, RAG_RED},
        {"3.1 Q4 6", "3.1", 4, 6, RAG_GREEN},
        {"3.3 Q1 floor(0.5) = 0: none is green", "3.3", 1, 0, RAG_GREEN},
        {"3.3 Q4 none is two short", "3.3", 4, 0, RAG_RED},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        const struct kpi *k = framework_kpi(sample, str_of(CASES[i].ref));
        const struct kpi_year *y = kpi_year_find(k, 2025);
        struct status_case c = {.sent = true, .numerator = CASES[i].value};
        enum rag got = status_of(k, y, &c, &(struct goal){.target = target_to_date(k, y, CASES[i].quarter)});
        CHECK(got == CASES[i].expected, "%s: %s", CASES[i].label, name_or_null(got));
    }
}

/* Kinds of tolerance and directions that the sample does not use. */
static void other_tolerances(void) {
    static const struct {
        const char *label;
        enum kpi_direction direction;
        bool strict;
        enum tolerance_kind kind;
        struct decimal value, green, red, target;
        int64_t thousandths; /* of a percent */
        enum rag expected;
    } CASES[] = {
        {"2 points below 50: 48",
         KPI_HIGHER,
         false,
         TOLERANCE_POINTS,
         {2, 0},
         {0, 0},
         {0, 0},
         {50, 0},
         48000,
         RAG_AMBER},
        {"2 points below 50: 47.999",
         KPI_HIGHER,
         false,
         TOLERANCE_POINTS,
         {2, 0},
         {0, 0},
         {0, 0},
         {50, 0},
         47999,
         RAG_RED},
        {"2.5 points above 15: 17.5",
         KPI_LOWER,
         true,
         TOLERANCE_POINTS,
         {25, 1},
         {0, 0},
         {0, 0},
         {15, 0},
         17500,
         RAG_AMBER},
        {"2.5 points above 15: 17.501",
         KPI_LOWER,
         true,
         TOLERANCE_POINTS,
         {25, 1},
         {0, 0},
         {0, 0},
         {15, 0},
         17501,
         RAG_RED},
        {"lower, not strict, on the target",
         KPI_LOWER,
         false,
         TOLERANCE_RELATIVE,
         {5, 0},
         {0, 0},
         {0, 0},
         {15, 0},
         15000,
         RAG_GREEN},
        {"higher and strict, on the target",
         KPI_HIGHER,
         true,
         TOLERANCE_RELATIVE,
         {5, 0},
         {0, 0},
         {0, 0},
         {50, 0},
         50000,
         RAG_AMBER},
        {"no tolerance: amber is empty",
         KPI_HIGHER,
         false,
         TOLERANCE_RELATIVE,
         {0, 0},
         {0, 0},
         {0, 0},
         {50, 0},
         49999,
         RAG_RED},
        {"10 % of 40: 36",
         KPI_HIGHER,
         false,
         TOLERANCE_RELATIVE,
         {10, 0},
         {0, 0},
         {0, 0},
         {40, 0},
         36000,
         RAG_AMBER},
        {"limits, lower: on green",
         KPI_LOWER,
         false,
         TOLERANCE_LIMITS,
         {0, 0},
         {10, 0},
         {20, 0},
         {10, 0},
         10000,
         RAG_GREEN},
        {"limits, lower: between",
         KPI_LOWER,
         false,
         TOLERANCE_LIMITS,
         {0, 0},
         {10, 0},
         {20, 0},
         {10, 0},
         19999,
         RAG_AMBER},
        {"limits, lower: on red",
         KPI_LOWER,
         false,
         TOLERANCE_LIMITS,
         {0, 0},
         {10, 0},
         {20, 0},
         {10, 0},
         20000,
         RAG_RED},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct kpi k = {.unit = KPI_PERCENT, .direction = CASES[i].direction, .strict = CASES[i].strict};
        struct kpi_year y = {.has_target = true, .annual = CASES[i].target, .tolerance = CASES[i].kind};
        y.tolerance_value = CASES[i].value;
        y.green_limit = CASES[i].green;
        y.red_limit = CASES[i].red;
        enum rag got = status_decide(&k, &y, fraction_of(CASES[i].thousandths, 1000),
                                     &(struct goal){.target = target_to_date(&k, &y, 1)});
        CHECK(got == CASES[i].expected, "%s: %s", CASES[i].label, name_or_null(got));
    }
}

/* "In this order": each row meets its own condition and all later ones. */
static void order_of_statuses(void) {
    static const struct {
        const char *label;
        bool sent;
        int64_t due, numerator, denominator;
        bool has_target;
        enum rag expected;
    } CASES[] = {
        {"never sent: before all else", false, 0, 0, 0, false, RAG_NO_DATA},
        {"sent, nothing due: before denominator and baseline", true, 0, 0, 0, false, RAG_NOT_DUE},
        {"due, but the denominator is 0: before baseline", true, 5, 0, 0, false, RAG_NO_DATA},
        {"baseline: before the colour", true, 5, 0, 5, false, RAG_BASELINE},
        {"the colour", true, 5, 0, 5, true, RAG_RED},
    };
    struct kpi k = {.unit = KPI_PERCENT};
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct kpi_year y = {.has_target = CASES[i].has_target, .annual = {50, 0}, .tolerance_value = {5, 0}};
        struct status_case c = {CASES[i].sent, CASES[i].due, CASES[i].numerator, CASES[i].denominator};
        enum rag got = status_of(&k, &y, &c, &(struct goal){.target = target_to_date(&k, &y, 1)});
        CHECK(got == CASES[i].expected, "%s: %s", CASES[i].label, name_or_null(got));
    }
    k.unit = KPI_COUNT;
    struct kpi_year y = {.has_target = true, .annual = {0, 0}, .tolerance_value = {5, 0}};
    for (int q = 0; q < 4; q++)
        y.profile[q] = DECIMAL(25 * (q + 1));
    struct status_case none = {.sent = true};
    CHECK(status_of(&k, &y, &none, &(struct goal){.target = fraction_of(0, 1)}) == RAG_GREEN,
          "a count is never NOT_DUE; 0 of 0 is green");
}

static void profiled_targets(void) {
    static const struct {
        const char *label;
        int64_t annual;
        int64_t profile[4];
        bool whole;
        const char *expected[4];
    } CASES[] = {
        {"linear", 1600, {25, 50, 75, 100}, false, {"400", "800", "1200", "1600"}},
        {"exact, not rounded", 50, {25, 50, 75, 100}, false, {"12.5", "25", "37.5", "50"}},
        {"seasonal", 1900, {20, 52, 71, 100}, false, {"380", "988", "1349", "1900"}},
        {"nothing in Q1", 100, {0, 0, 33, 100}, false, {"0", "0", "33", "100"}},
        {"6 sessions", 6, {25, 50, 75, 100}, true, {"1", "3", "4", "6"}},
        {"4 sessions", 4, {25, 50, 75, 100}, true, {"1", "2", "3", "4"}},
        {"2 sessions", 2, {25, 50, 75, 100}, true, {"0", "1", "1", "2"}},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct kpi k = {.unit = KPI_COUNT, .whole_units = CASES[i].whole};
        struct kpi_year y = {.has_target = true, .annual = DECIMAL(CASES[i].annual)};
        for (int q = 0; q < 4; q++)
            y.profile[q] = DECIMAL(CASES[i].profile[q]);
        for (int q = 1; q <= 4; q++) {
            struct buf text = BUF_EMPTY;
            buf_add_fraction(&text, target_to_date(&k, &y, q));
            CHECK(str_is(buf_str(&text), CASES[i].expected[q - 1]), "%s Q%d: %.*s", CASES[i].label, q,
                  STR_ARG(buf_str(&text)));
            buf_free(&text);
        }
    }
}

static void earned(void) {
    static const struct {
        const char *label;
        int64_t numerator, denominator;
        const char *expected;
    } CASES[] = {
        {"60 % exactly", 60, 100, "FULL"},
        {"above", 61, 100, "FULL"},
        {"just below 60 %", 599999, MANY, "PART"},
        {"52.5 %", 525, 1000, "PART"},
        {"just above 50 %", 500001, MANY, "PART"},
        {"50 % exactly", 50, 100, "NONE"},
        {"below", 49, 100, "NONE"},
        {"no value", 0, 0, NULL},
    };
    const struct kpi_year *y = kpi_year_find(framework_kpi(sample, STR("1.5")), 2025);
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct fraction percent = fraction_of(CASES[i].numerator * 100, CASES[i].denominator);
        const char *got = earned_name(earned_of(y, percent)), *expected = CASES[i].expected;
        CHECK(expected ? got && strcmp(got, expected) == 0 : !got, "%s: %s", CASES[i].label,
              got ? got : "null");
    }
}

static void limits_for_explanations(void) {
    const struct kpi *lost = framework_kpi(sample, STR("1.9"));
    struct status_limits l =
        status_limits_of(lost, kpi_year_find(lost, 2025), &(struct goal){.target = fraction_of(15, 1)});
    CHECK(fraction_cmp(l.green, fraction_of(15, 1)) == 0 &&
              fraction_cmp(l.amber, fraction_of(1575, 100)) == 0,
          "1.9: green below 15, amber up to 15.75");
    const struct kpi *stretch = framework_kpi(sample, STR("1.5"));
    l = status_limits_of(stretch, kpi_year_find(stretch, 2025), &(struct goal){.target = fraction_of(60, 1)});
    CHECK(fraction_cmp(l.green, fraction_of(60, 1)) == 0 && fraction_cmp(l.amber, fraction_of(50, 1)) == 0,
          "1.5: 60 and 50");
}

void suite_kpi_status(void);
void suite_kpi_status(void) {
    suite_add("unit kpi status", open_sample, close_sample);
    case_add("rates of the sample at every boundary", rates_of_the_sample);
    case_add("counts of the sample at every boundary", counts_of_the_sample);
    case_add("points, limits, strict, lower is better", other_tolerances);
    case_add("statuses in their order", order_of_statuses);
    case_add("targets to date", profiled_targets);
    case_add("earned", earned);
    case_add("limits for explanations", limits_for_explanations);
}
