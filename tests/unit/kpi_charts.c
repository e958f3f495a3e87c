/* kpi_charts: recent trend, XmR charts and funnels, to the digits printed in domain.md 7 and shared/data/oracles.json. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "kpi/chart_limits.h"
#include "kpi/spc.h"
#include "kpi/trend.h"
#include "tests/support/suite.h"

#define COUNT_OF(list) (sizeof(list) / sizeof *(list))

/* ---- trend ---- */

static const struct trend_value RISING[] = {{24.67, 23.16, 26.25},
                                            {24.6, 23.15, 26.19},
                                            {28, 26.44, 29.64},
                                            {30.2, 28.63, 31.9},
                                            {30.6, 28.98, 32.25}};

static void trend_general(void) {
    struct trend_result r = trend_of_values(RISING);
    CHECK(fabs(r.chi_squared - 46.77) < 0.005, "chi squared of domain.md 7.3: %.4f", r.chi_squared);
    CHECK(fabs(r.slope - 1.7516) < 0.00005, "slope %.5f", r.slope);
    CHECK(r.trend == TREND_INCREASING, "%s", trend_name(r.trend));
    struct trend_value falling[TREND_POINTS];
    for (int i = 0; i < TREND_POINTS; i++)
        falling[i] = RISING[TREND_POINTS - 1 - i];
    CHECK(trend_of_values(falling).trend == TREND_DECREASING, "turned round it falls");
}

static void trend_needs_intervals(void) {
    struct trend_value points[TREND_POINTS];
    memcpy(points, RISING, sizeof points);
    points[2].lower = points[2].upper = 28;
    CHECK(trend_of_values(points).trend == TREND_UNKNOWN, "a point without an interval has no weight");
}

static void trend_guard(void) {
    /* Four level points and a leap: significant by the test, made by one point. Without it the line falls. */
    static const struct trend_value LEAP[] = {
        {10.4, 10, 10.8}, {10.2, 9.8, 10.6}, {10.1, 9.7, 10.5}, {10, 9.6, 10.4}, {12, 11.6, 12.4}};
    struct trend_result r = trend_of_values(LEAP);
    CHECK(r.chi_squared > TREND_CHI_SQUARED, "significant: %.2f", r.chi_squared);
    CHECK(r.trend == TREND_NO_CHANGE, "but one point makes it: %s", trend_name(r.trend));
}

static void trend_proportions(void) {
    static const struct trend_proportion POINTS[] = {
        {994, 40299}, {1023, 41527}, {1199, 42811}, {1332, 44064}, {1367, 44701}};
    struct trend_result r = trend_of_proportions(POINTS);
    CHECK(fabs(r.chi_squared - 47.90) < 0.005, "chi squared of domain.md 7.4: %.4f", r.chi_squared);
    CHECK(r.trend == TREND_INCREASING, "%s", trend_name(r.trend));
    struct trend_proportion none[TREND_POINTS], all[TREND_POINTS];
    memcpy(none, POINTS, sizeof none);
    memcpy(all, POINTS, sizeof all);
    none[0].count = 0;
    all[4].count = all[4].of;
    CHECK(trend_of_proportions(none).trend == TREND_UNKNOWN, "0 of n has no logit");
    CHECK(trend_of_proportions(all).trend == TREND_UNKNOWN, "n of n is refused");
    static const struct trend_proportion LEVEL[] = {{50, 100}, {51, 100}, {49, 100}, {50, 100}, {50, 100}};
    CHECK(trend_of_proportions(LEVEL).trend == TREND_NO_CHANGE, "a level rate does not move");
}

/* ---- XmR ---- */

static const double SPIKE[] = {1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1};

static void xmr_limits(void) {
    struct spc_limits l;
    struct spc_point points[COUNT_OF(SPIKE)];
    CHECK(spc_xmr(SPIKE, COUNT_OF(SPIKE), &(struct spc_settings){.better = SPC_INCREASE}, &l, points),
          "drawn");
    CHECK(fabs(l.mean - 1.9444) < 5e-5, "mean %.5f", l.mean);
    CHECK(fabs(l.upper - 6.9515) < 5e-5 && fabs(l.lower + 3.0626) < 5e-5, "all ranges: %.5f %.5f", l.upper,
          l.lower);
    CHECK(points[4].cause == SPC_OUTSIDE && points[4].signal == SPC_IMPROVEMENT_HIGH, "the 10 is outside");
    CHECK(!l.trial, "18 points are enough");
    spc_xmr(SPIKE, COUNT_OF(SPIKE), &(struct spc_settings){.better = SPC_DECREASE, .screen = true}, &l,
            points);
    CHECK(fabs(l.upper - 4.6044) < 5e-5 && fabs(l.lower + 0.7156) < 5e-5, "screened: %.5f %.5f", l.upper,
          l.lower);
    CHECK(points[4].signal == SPC_CONCERN_HIGH, "high is bad where less is better");
}

static void xmr_short(void) {
    struct spc_limits l;
    struct spc_point points[12];
    CHECK(!spc_xmr(SPIKE, 1, &(struct spc_settings){0}, &l, points), "one point has no range");
    CHECK(spc_xmr(SPIKE, 12, &(struct spc_settings){0}, &l, points) && l.trial, "12 points: trial limits");
    static const double LEVEL[] = {5, 5, 5, 5};
    spc_xmr(LEVEL, 4, &(struct spc_settings){0}, &l, points);
    CHECK(points[3].cause == SPC_COMMON, "equal points lie on their limits, not outside");
}

struct run_case {
    const char *label;
    size_t count, baseline;
    double y[12];
    enum spc_cause cause;
    unsigned flagged; /* bit per point */
};

static void xmr_runs(void) {
    static const struct run_case CASES[] = {
        {"1 to 7 rise: all seven", 7, 0, {1, 2, 3, 4, 5, 6, 7}, SPC_TREND, 0x7f},
        {"a tie breaks the trend", 7, 0, {1, 2, 3, 3, 4, 5, 6}, SPC_TREND, 0},
        {"six rising are none", 6, 0, {1, 2, 3, 4, 5, 6}, SPC_TREND, 0},
        {"seven falling, too", 7, 0, {7, 6, 5, 4, 3, 2, 1}, SPC_TREND, 0x7f},
        {"eight on one side, one on the other: the first eight",
         9,
         0,
         {2, 3, 2, 3, 2, 3, 2, 3, -8},
         SPC_SHIFT,
         0xff},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        const struct run_case *c = &CASES[i];
        struct spc_limits l;
        struct spc_point points[12];
        unsigned flagged = 0;
        spc_xmr(c->y, c->count, &(struct spc_settings){.baseline = c->baseline}, &l, points);
        for (size_t p = 0; p < c->count; p++)
            flagged |= (points[p].causes >> c->cause & 1u) << p;
        CHECK(flagged == c->flagged, "%s: flagged %x", c->label, flagged);
    }
    struct spc_limits l;
    struct spc_point points[12];
    spc_xmr(CASES[0].y, 7, &(struct spc_settings){0}, &l, points);
    CHECK(points[0].cause == SPC_OUTSIDE && points[1].cause == SPC_TREND,
          "the label is the first that holds");
}

/* Baseline 0 2 0 2 ... has mean 1, mean range 2: limits -4.32 and 6.32, near limits -2.5467 and 4.5467. */
static void xmr_two_of_three(void) {
    static const struct {
        const char *label;
        double last[3];
        enum spc_cause cause[3];
    } CASES[] = {
        {"two close ones with one between", {5, 1.5, 5}, {SPC_TWO_OF_THREE, SPC_COMMON, SPC_TWO_OF_THREE}},
        {"the third on the other side", {5, 0.5, 5}, {SPC_COMMON, SPC_COMMON, SPC_COMMON}},
        {"the third on the mean", {5, 1, 5}, {SPC_COMMON, SPC_COMMON, SPC_COMMON}},
        {"outside is not close", {5, 1.5, 7}, {SPC_COMMON, SPC_COMMON, SPC_OUTSIDE}},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        double y[11] = {0, 2, 0, 2, 0, 2, 0, 2};
        struct spc_limits l;
        struct spc_point points[11];
        memcpy(y + 8, CASES[i].last, sizeof CASES[i].last);
        spc_xmr(y, 11, &(struct spc_settings){.baseline = 8}, &l, points);
        CHECK(fabs(l.mean - 1) < 1e-12 && fabs(l.upper - 6.32) < 1e-9, "baseline: %f %f", l.mean, l.upper);
        for (int p = 0; p < 3; p++)
            CHECK(points[8 + p].cause == CASES[i].cause[p], "%s, point %d: %s", CASES[i].label, p + 1,
                  spc_cause_name(points[8 + p].cause));
    }
}

static void assurance(void) {
    struct spc_limits l = {.mean = 50, .upper = 60, .lower = 40};
    CHECK(spc_assure(&l, SPC_INCREASE, 61) == SPC_FAIL, "a target above the limits is never met");
    CHECK(spc_assure(&l, SPC_INCREASE, 39) == SPC_PASS, "one below always");
    CHECK(spc_assure(&l, SPC_INCREASE, 60) == SPC_HIT_AND_MISS, "on the limit: by chance");
    CHECK(spc_assure(&l, SPC_DECREASE, 61) == SPC_PASS && spc_assure(&l, SPC_DECREASE, 39) == SPC_FAIL,
          "less is better: reversed");
    CHECK(spc_assurance_name(spc_assure(&l, SPC_NEUTRAL, 61)) == NULL, "neutral has none");
}

/* ---- funnels ---- */

static void funnel(void) {
    static const struct {
        const char *label;
        double benchmark, value;
        int64_t of;
        enum comparison at_95, at_998;
    } CASES[] = {
        {"7.7066 % of 5,930", 8.961108687627933, 7.706576728499156, 5930, COMPARED_BETTER, COMPARED_BETTER},
        {"9.8988 % of 2,273", 8.961108687627933, 9.898812142542896, 2273, COMPARED_SIMILAR, COMPARED_SIMILAR},
        {"12.4746 % of 1,972", 8.961108687627933, 12.474645030425965, 1972, COMPARED_WORSE, COMPARED_WORSE},
        {"10.9783 % of 1,339", 12.8380, 10.9783, 1339, COMPARED_BETTER, COMPARED_SIMILAR},
        {"15.9066 % of 899", 12.8380, 15.9066, 899, COMPARED_WORSE, COMPARED_SIMILAR},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct interval narrow = funnel_limits(CASES[i].benchmark / 100, CASES[i].of, FUNNEL_95);
        struct interval wide = funnel_limits(CASES[i].benchmark / 100, CASES[i].of, FUNNEL_998);
        CHECK(funnel_compare(CASES[i].value / 100, narrow, 1) == CASES[i].at_95, "%s at 95 %%: %f to %f",
              CASES[i].label, narrow.lower, narrow.upper);
        CHECK(funnel_compare(CASES[i].value / 100, wide, 1) == CASES[i].at_998, "%s at 99.8 %%: %f to %f",
              CASES[i].label, wide.lower, wide.upper);
    }
    struct interval l = funnel_limits(0.08961108687627933, 5930, FUNNEL_95);
    CHECK(fabs(l.lower - 0.0826) < 5e-5 && fabs(l.upper - 0.0971) < 5e-5, "8.26 to 9.71 %%: %f %f", l.lower,
          l.upper);
    CHECK(funnel_compare(0.5, (struct interval){0.2, 0.4}, 0) == COMPARED_BETTER, "high is good: reversed");
}

static void p_and_u(void) {
    struct interval p = p_chart_limits(0.5, 100), u = u_chart_limits(4, 100);
    CHECK(fabs(p.lower - 0.35) < 1e-12 && fabs(p.upper - 0.65) < 1e-12, "50 %% of 100: -+ 15 points");
    CHECK(fabs(u.lower - 3.4) < 1e-12 && fabs(u.upper - 4.6) < 1e-12, "4 a unit of 100: -+ 0.6");
    p = p_chart_limits(0.99, 10);
    CHECK(p.upper == 1 && p.lower > 0.8, "cut off at 1");
    CHECK(u_chart_limits(0.01, 10).lower == 0, "cut off at 0");
}

void suite_kpi_charts(void) {
    suite_add("unit kpi charts", NULL, NULL);
    case_add("recent trend of values, to the digits of domain.md 7.3", trend_general);
    case_add("a point without an interval: no trend", trend_needs_intervals);
    case_add("one point does not make a trend", trend_guard);
    case_add("recent trend of proportions, to the digits of domain.md 7.4", trend_proportions);
    case_add("XmR limits with and without screening, domain.md 7.6", xmr_limits);
    case_add("XmR of few or equal points", xmr_short);
    case_add("trend and shift, domain.md 7.7", xmr_runs);
    case_add("two of three close to a limit", xmr_two_of_three);
    case_add("assurance", assurance);
    case_add("funnel, domain.md 7.5", funnel);
    case_add("P and U charts", p_and_u);
}
