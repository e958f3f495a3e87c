/* kpi_why: the smallest change, the movement and the forecast, by hand and against trying every number. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "kpi/forecast.h"
#include "kpi/movement.h"
#include "kpi/smallest_change.h"
#include "tests/support/suite.h"

#define COUNT_OF(list) (sizeof(list) / sizeof *(list))

/* ---- smallest change ---- */

static const struct kpi COUNT = {.unit = KPI_COUNT, .direction = KPI_HIGHER};
static const struct kpi SESSIONS = {.unit = KPI_COUNT, .direction = KPI_HIGHER, .whole_units = true};
static const struct kpi RATE = {.unit = KPI_PERCENT, .direction = KPI_HIGHER};
static const struct kpi LOST = {.unit = KPI_PERCENT, .direction = KPI_LOWER, .strict = true};
#define FIVE_PERCENT .has_target = true, .tolerance = TOLERANCE_RELATIVE, .tolerance_value = {5, 0}
static const struct kpi_year RELATIVE = {FIVE_PERCENT};
static const struct kpi_year ONE_SHORT = {
    .has_target = true, .tolerance = TOLERANCE_WHOLE, .tolerance_value = {1, 0}};
static const struct kpi_year LIMITS = {
    .has_target = true, .tolerance = TOLERANCE_LIMITS, .green_limit = {60, 0}, .red_limit = {50, 0}};

enum { NEVER = -1 };

struct change_case {
    const char *label;
    const struct kpi *kpi;
    const struct kpi_year *year;
    int64_t numerator, denominator, target;
    int64_t amber_changing, amber_adding, green_changing, green_adding; /* NEVER: not reachable */
};

static const struct change_case CHANGES[] = {
    /* seed 003: 617 of 993; amber from 943.35 */
    {"617 of 993 expected by now", &COUNT, &RELATIVE, 617, 0, 993, NEVER, 327, NEVER, 376},
    {"a count that is green", &COUNT, &RELATIVE, 993, 0, 993, NEVER, 0, NEVER, 0},
    {"two sessions short of four", &SESSIONS, &ONE_SHORT, 2, 0, 4, NEVER, 1, NEVER, 2},
    /* 1.4: 45 of 100 against 50: amber from 47.5 %. Adding quitters: (45+k)/(100+k) >= 1/2 from 10, >= 0.475 from 5 (50/105 = 47.62) */
    {"45 of 100 against 50 %", &RATE, &RELATIVE, 45, 100, 50, 3, 5, 5, 10},
    /* 1.9: 20 of 100 against < 15, amber to 15.75: 15 lost are amber, 14 green; adding reached people: 20/(100+k) */
    {"20 of 100 lost against < 15 %", &LOST, &RELATIVE, 20, 100, 15, 5, 27, 6, 34},
    {"exactly 15.0 % is not green", &LOST, &RELATIVE, 15, 100, 15, 0, 0, 1, 1},
    /* 1.5: red up to 50 %, green from 60 %: at 50 of 100 one more is amber */
    {"exactly 50 % is still red", &RATE, &LIMITS, 50, 100, 60, 1, 1, 10, 25},
    {"a target of 100 % cannot be reached by adding", &RATE, &RELATIVE, 90, 100, 100, 5, 100, 10, NEVER},
    {"nobody yet: the first that counts", &RATE, &RELATIVE, 0, 0, 50, NEVER, 1, NEVER, 1},
};

static bool is_change(struct change c, int64_t want) {
    return c.reachable ? c.count == want : want == NEVER;
}

static void changes(void) {
    for (size_t i = 0; i < COUNT_OF(CHANGES); i++) {
        const struct change_case *c = &CHANGES[i];
        struct goal target = {.target = fraction_of(c->target, 1)};
        struct smallest_change amber =
            smallest_change_to(RAG_AMBER, c->kpi, c->year, c->numerator, c->denominator, &target);
        struct smallest_change green =
            smallest_change_to(RAG_GREEN, c->kpi, c->year, c->numerator, c->denominator, &target);
        CHECK(is_change(amber.changing, c->amber_changing), "%s: amber by changing %lld", c->label,
              (long long)amber.changing.count);
        CHECK(is_change(amber.adding, c->amber_adding), "%s: amber by adding %lld", c->label,
              (long long)amber.adding.count);
        CHECK(is_change(green.changing, c->green_changing), "%s: green by changing %lld", c->label,
              (long long)green.changing.count);
        CHECK(is_change(green.adding, c->green_adding), "%s: green by adding %lld", c->label,
              (long long)green.adding.count);
    }
}

/* Every numerator of every denominator up to 40: the first number that suffices, found by trying. */
static int64_t tried(enum rag goal, const struct kpi *k, int64_t x, int64_t n, const struct goal *target,
                     bool adding) {
    int64_t most = adding ? 4000 : k->direction == KPI_HIGHER ? n - x : x;
    for (int64_t c = 0; c <= most; c++) {
        int64_t numerator = k->direction == KPI_HIGHER ? x + c : adding ? x : x - c;
        int64_t denominator = adding ? n + c : n;
        struct fraction value = fraction_mul(fraction_of(numerator, denominator), fraction_of(100, 1));
        enum rag rag = status_decide(k, &RELATIVE, value, target);
        if (rag == RAG_GREEN || rag == goal) return c;
    }
    return NEVER;
}

static void changes_by_trying(void) {
    static const int64_t TARGETS[] = {2, 15, 50, 85};
    int64_t wrong = 0, cases = 0;
    for (size_t t = 0; t < COUNT_OF(TARGETS); t++)
        for (int64_t n = 1; n <= 40; n++)
            for (int64_t x = 0; x <= n; x++)
                for (int lower = 0; lower < 2; lower++)
                    for (int g = RAG_GREEN; g <= RAG_AMBER; g++) {
                        const struct kpi *k = lower ? &LOST : &RATE;
                        struct goal target = {.target = fraction_of(TARGETS[t], 1)};
                        struct smallest_change got =
                            smallest_change_to((enum rag)g, k, &RELATIVE, x, n, &target);
                        wrong += !is_change(got.changing, tried((enum rag)g, k, x, n, &target, false));
                        wrong += !is_change(got.adding, tried((enum rag)g, k, x, n, &target, true));
                        cases += 2;
                    }
    CHECK(wrong == 0 && cases == 4 * 860 * 2 * 2 * 2, "%lld of %lld differ", (long long)wrong,
          (long long)cases);
}

/* ---- movement ---- */

static bool adds_up(const struct moving *p, const struct movement *m, size_t count) {
    int64_t x[2] = {0, 0}, n[2] = {0, 0};
    struct fraction points = fraction_of(0, 1);
    bool each = true;
    for (size_t i = 0; i < count; i++) {
        struct fraction sum = fraction_add(fraction_add(m[i].volume, m[i].mix), m[i].rate);
        each &= fraction_cmp(sum, fraction_of(p[i].numerator[1] - p[i].numerator[0], 1)) == 0;
        points = fraction_add(points, fraction_add(m[i].mix_points, m[i].rate_points));
        for (int w = 0; w < 2; w++) {
            x[w] += p[i].numerator[w];
            n[w] += p[i].denominator[w];
        }
    }
    struct fraction change = fraction_sub(fraction_of(x[1], n[1]), fraction_of(x[0], n[0]));
    return each && fraction_cmp(points, fraction_mul(change, fraction_of(100, 1))) == 0;
}

static void movement_by_hand(void) {
    /* Simpson: both providers as before, but all growth is with the weaker one. 50/100 and 20/100 -> 50/100 and 60/300. */
    static const struct moving P[] = {{{50, 50}, {100, 100}}, {{20, 60}, {100, 300}}};
    struct movement m[2];
    CHECK(movement_of_rate(P, 2, m), "there are rates");
    CHECK(m[0].rate_points.num == 0 && m[1].rate_points.num == 0, "nobody does worse");
    /* 35 % -> 27.5 %: shares 1/2, 1/2 -> 1/4, 3/4; (1/4-1/2)(50-35) + (3/4-1/2)(20-35) = -3.75 - 3.75 */
    CHECK(fraction_cmp(m[0].mix_points, fraction_of(-375, 100)) == 0, "mix of the better one");
    CHECK(fraction_cmp(m[1].mix_points, fraction_of(-375, 100)) == 0, "mix of the weaker one");
    CHECK(fraction_cmp(m[1].volume, fraction_of(70, 1)) == 0 &&
              fraction_cmp(m[1].mix, fraction_of(-30, 1)) == 0,
          "200 more people: 70 quits at 35 %%, 30 fewer since they went where 20 %% quit");
    CHECK(adds_up(P, m, 2), "it adds up");
    static const struct moving NONE[] = {{{0, 5}, {0, 10}}};
    CHECK(!movement_of_rate(NONE, 1, m), "no rate before: no movement");
}

static void movement_adds_up(void) {
    uint64_t state = 20260220;
    int64_t wrong = 0;
    for (int round = 0; round < 20000; round++) {
        struct moving p[3];
        struct movement m[3];
        for (int i = 0; i < 3; i++)
            for (int w = 0; w < 2; w++) {
                state = state * 6364136223846793005u + 1442695040888963407u;
                int64_t n = (int64_t)(state >> 33) % 1000;
                p[i].denominator[w] = (state >> 20 & 7) == 0 ? 0 : n;
                p[i].numerator[w] =
                    p[i].denominator[w] ? (int64_t)(state >> 40) % (p[i].denominator[w] + 1) : 0;
            }
        if (movement_of_rate(p, 3, m)) wrong += !adds_up(p, m, 3);
    }
    CHECK(wrong == 0, "%lld of 20,000 do not add up", (long long)wrong);
}

static void rounding_adds_up(void) {
    struct fraction thirds[] = {fraction_of(1, 3), fraction_of(1, 3), fraction_of(1, 3)};
    int64_t out[3];
    movement_round(thirds, 3, fraction_of(1, 1), 2, out);
    CHECK(out[0] + out[1] + out[2] == 100, "thirds make 1.00: %lld %lld %lld", (long long)out[0],
          (long long)out[1], (long long)out[2]);
    struct fraction mixed[] = {fraction_of(-1, 3), fraction_of(2, 3), fraction_of(-1, 3)};
    movement_round(mixed, 3, fraction_of(0, 1), 2, out);
    CHECK(out[0] + out[1] + out[2] == 0, "up and down make 0");
    CHECK(out[1] == 67 || out[1] == 66, "each within a hundredth: %lld", (long long)out[1]);
}

/* ---- forecast ---- */

static void forecasts(void) {
    CHECK(fraction_cmp(forecast_need_of_count(617, fraction_of(1900, 1), 2), fraction_of(1283, 2)) == 0,
          "617 of 1,900, half a year left: 641.5 a quarter");
    CHECK(forecast_need_of_count(1900, fraction_of(1900, 1), 2).num == 0, "reached: nothing more");
    CHECK(forecast_need_of_count(617, fraction_of(1900, 1), 0).den == 0, "no quarter left");
    /* 45 of 100 after two quarters; 100 more to come; 50 % of 200 are 100, so 55 of 100. */
    CHECK(fraction_cmp(forecast_need_of_rate(45, 100, fraction_of(50, 1), 2, 2), fraction_of(55, 1)) == 0,
          "55 %%");
    CHECK(fraction_cmp(forecast_need_of_rate(0, 300, fraction_of(50, 1), 3, 1), fraction_of(200, 1)) == 0,
          "200 %%: cannot be reached");
    struct interval band = forecast_band(400, 0.5);
    CHECK(fabs(band.lower - (800 - WILSON_95 * sqrt(800.0))) < 1e-9 &&
              fabs(band.upper + band.lower - 1600) < 1e-9,
          "800 give or take: %f to %f", band.lower, band.upper);
    band = forecast_band(400, 1);
    CHECK(band.lower == 400 && band.upper == 400, "at the end of the year nothing is open");
    band = forecast_band(1, 0.25);
    CHECK(band.lower == 1, "never below what is there");
}

void suite_kpi_why(void) {
    suite_add("unit kpi why", NULL, NULL);
    case_add("the smallest change, by hand", changes);
    case_add("the smallest change is the first that suffices", changes_by_trying);
    case_add("volume, mix and rate, by hand", movement_by_hand);
    case_add("volume, mix and rate add up to the last digit", movement_adds_up);
    case_add("rounded parts still add up", rounding_adds_up);
    case_add("forecast and need", forecasts);
}
