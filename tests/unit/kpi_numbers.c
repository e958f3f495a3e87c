/* kpi_numbers: Wilson's interval to its printed digits, payment to the penny, working days, deadlines. */
#include <math.h>
#include <stdio.h>

#include "handlers/return_state.h"
#include "kpi/payment.h"
#include "kpi/wilson.h"
#include "kpi/workdays.h"
#include "tests/support/shelf.h"
#include "tests/support/suite.h"

#define COUNT_OF(list) (sizeof(list) / sizeof *(list))

/* shared/data/oracles.json and domain.md 7. */
static void wilson_oracles(void) {
    static const struct {
        const char *label;
        int64_t x, n;
        double z, lower, upper, within;
    } CASES[] = {
        {"65/100", 65, 100, WILSON_95, 0.5525444329688797, 0.7363575175690247, 1e-15},
        {"65/100, 99.8 %", 65, 100, WILSON_998, 0.4954946574070431, 0.7783540614089697, 5e-15},
        {"1045/5000", 1045, 5000, WILSON_95, 0.1979554988, 0.2204913037, 5e-11},
        {"Hackney QOF", 52764, 259767, WILSON_95, 0.201578, 0.204672, 5e-7},
        {"City QOF", 870, 8773, WILSON_95, 0.093088, 0.105599, 5e-7},
        {"contract example", 430, 820, WILSON_95, 0.4902, 0.5584, 5e-5},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct interval got = wilson(CASES[i].x, CASES[i].n, CASES[i].z);
        CHECK(fabs(got.lower - CASES[i].lower) < CASES[i].within, "%s lower %.16f", CASES[i].label,
              got.lower);
        CHECK(fabs(got.upper - CASES[i].upper) < CASES[i].within, "%s upper %.16f", CASES[i].label,
              got.upper);
    }
}

static void wilson_ends(void) {
    struct interval none = wilson(0, 10, WILSON_95), all = wilson(10, 10, WILSON_95);
    CHECK(none.lower == 0 && none.upper > 0.2 && none.upper < 0.3, "0 of 10: %f to %f", none.lower,
          none.upper);
    CHECK(all.upper == 1 && all.lower > 0.7 && all.lower < 0.8, "10 of 10: %f to %f", all.lower, all.upper);
    int64_t not_1 = 0;
    for (int64_t n = 1; n < 2000; n++)
        not_1 += wilson(n, n, WILSON_95).upper != 1 || wilson(0, n, WILSON_95).lower != 0;
    CHECK(not_1 == 0, "none and all are exact for %lld of n", (long long)not_1);
    CHECK(proportion_hundredths(0) == 0 && proportion_hundredths(1) == 10000, "0 and 100 %%");
    CHECK(proportion_hundredths(0.49021) == 4902 && proportion_hundredths(0.558351) == 5584,
          "two decimals of a percent");
}

static void payments(void) {
    static const struct {
        const char *label;
        int64_t contract, numerator, denominator, pool, payment;
    } CASES[] = {
        {"contract example: 5,250 of 10,000", 72000000, 5250, 10000, 3600000, 900000},
        {"exactly 50 %", 72000000, 5000, 10000, 3600000, 0},
        {"below 50 %", 72000000, 1, 10000, 3600000, 0},
        {"exactly 60 %", 72000000, 6000, 10000, 3600000, 3600000},
        {"above 60 %", 72000000, 9999, 10000, 3600000, 3600000},
        {"one above 50 %", 72000000, 5001, 10000, 3600000, 3600},
        {"a third: 53.333 %", 72000000, 8, 15, 3600000, 1200000},
        {"2/7 of the way is rounded once", 72000000, 37, 70, 3600000, 1028571},
        {"half a penny goes up", 100, 525, 1000, 5, 1},
        {"pool of 0.5 pence: 60 % pays it, rounded up", 10, 6, 10, 1, 1},
        {"an odd pool is not rounded first: 30.05 pence, half", 601, 55, 100, 30, 15},
        {"nothing due", 72000000, 0, 0, 3600000, 0},
        {"no contract value", 0, 6, 10, 0, 0},
        {"a very large contract", 99999999999999, 5250, 10000, 5000000000000, 1250000000000},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct payment_terms terms = {CASES[i].contract, DECIMAL(5), DECIMAL(50), DECIMAL(60)};
        struct payment got = payment_of(&terms, CASES[i].numerator, CASES[i].denominator);
        CHECK(got.pool_pence == CASES[i].pool, "%s: pool %lld", CASES[i].label, (long long)got.pool_pence);
        CHECK(got.payment_pence == CASES[i].payment, "%s: payment %lld", CASES[i].label,
              (long long)got.payment_pence);
        CHECK(got.has_rate == (CASES[i].denominator > 0), "%s: rate", CASES[i].label);
    }
    struct payment_terms terms = {72000000, DECIMAL(5), DECIMAL(50), DECIMAL(60)};
    CHECK(payment_of(&terms, 212, 401).rate_hundredths == 5287, "the rate for reading has two decimals");
}

/* Against (quit x 10 - due x 5) / due in plain integers: contract x (2n - d) / (4d), half up. */
static void payments_in_plain_integers(void) {
    int wrong = 0;
    for (int64_t due = 1; due < 130; due++) {
        for (int64_t quit = 0; quit <= due; quit++) {
            int64_t contract = 72000001 + 13 * due;
            struct payment_terms terms = {contract, DECIMAL(5), DECIMAL(50), DECIMAL(60)};
            int64_t above = 2 * quit - due; /* (rate - 50 %) x 2 due */
            if (above < 0) above = 0;
            int64_t top = contract * above, bottom = 4 * due;
            if (10 * quit >= 6 * due) top = contract, bottom = 20;
            wrong += payment_of(&terms, quit, due).payment_pence != (2 * top + bottom) / (2 * bottom);
        }
    }
    CHECK(wrong == 0, "%d of 8,514 payments differ", wrong);
}

static void working_days(void) {
    static const struct {
        const char *label, *from, *to;
        int between;
    } CASES[] = {
        {"the same day", "2025-06-02", "2025-06-02", 0},
        {"the day before", "2025-06-03", "2025-06-02", 0},
        {"Monday to Tuesday", "2025-06-02", "2025-06-03", 1},
        {"Monday to Wednesday", "2025-06-02", "2025-06-04", 2},
        {"Thursday to Saturday: still 1", "2025-06-05", "2025-06-07", 1},
        {"Thursday to Monday", "2025-06-05", "2025-06-09", 2},
        {"Friday to Saturday", "2025-06-06", "2025-06-07", 0},
        {"Saturday to Sunday", "2025-06-07", "2025-06-08", 0},
        {"Saturday to Monday", "2025-06-07", "2025-06-09", 1},
        {"over Easter 2025", "2025-04-17", "2025-04-22", 1},
        {"received on Good Friday", "2025-04-18", "2025-04-23", 2},
        {"Christmas 2025 to New Year", "2025-12-24", "2026-01-02", 4},
        {"Boxing Day moved to Monday 28th", "2026-12-24", "2026-12-29", 1},
        {"a whole year", "2025-01-01", "2026-01-01", 253},
    };
    struct framework *f = framework_sample();
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        int32_t got = workdays_between(&f->holidays, day_iso(CASES[i].from), day_iso(CASES[i].to));
        CHECK(got == CASES[i].between, "%s: %d", CASES[i].label, got);
    }
    /* Every pair of a year and a half against counting day by day; and the n-th day after is the first
     * with n between. */
    int wrong = 0;
    for (int32_t from = day_iso("2025-01-01"); from < day_iso("2026-06-30"); from++) {
        int32_t n = 0;
        for (int32_t to = from + 1; to < from + 40; to++) {
            bool counts = workday_is(&f->holidays, to);
            n += counts;
            wrong += workdays_between(&f->holidays, from, to) != n;
            wrong += counts && workday_after(&f->holidays, from, n) != to;
        }
    }
    CHECK(wrong == 0, "%d days differ from counting one by one", wrong);
    const int32_t on_saturday[] = {day_iso("2025-06-07"), day_iso("2025-06-10")};
    struct holidays h = {on_saturday, 2};
    CHECK(workdays_between(&h, day_iso("2025-06-06"), day_iso("2025-06-11")) == 2,
          "a holiday on a Saturday takes no day away");
    CHECK(workday_after(&f->holidays, day_iso("2025-06-07"), 0) == day_iso("2025-06-07"),
          "the 0th is the day itself");
    framework_free(f);
}

static void deadlines(void) {
    static const struct {
        const char *period, *follow_up_end, *provider, *national;
    } CASES[] = {
        /* The first five are those published (domain.md 1.2); the provider's day is 14 after the follow-ups' end. */
        {"2017-18-Q4", "2018-05-14", "2018-05-28", "2018-06-11"},
        {"2018-19-Q1", "2018-08-13", "2018-08-27", "2018-09-10"},
        {"2018-19-Q2", "2018-11-12", "2018-11-26", "2018-12-10"},
        {"2018-19-Q3", "2019-02-11", "2019-02-25", "2019-03-11"},
        {"2018-19-Q4", "2019-05-13", "2019-05-27", "2019-06-10"},
        {"2025-26-Q2", "2025-11-11", "2025-11-25", "2025-12-09"},
        {"2025-26-Q3", "2026-02-11", "2026-02-25", "2026-03-11"},
    };
    struct framework *f = framework_sample();
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        int16_t p = period_iso(CASES[i].period);
        CHECK(framework_follow_up_end(f, p) == day_iso(CASES[i].follow_up_end), "%s follow-up end",
              CASES[i].period);
        CHECK(framework_provider_deadline(f, p) == day_iso(CASES[i].provider), "%s provider",
              CASES[i].period);
        CHECK(framework_national_deadline(f, p) == day_iso(CASES[i].national), "%s national",
              CASES[i].period);
    }
    framework_free(f);
}

#define NAMED(members)                                                                                       \
    "\"deadlines\": {\"followUpDays\": 42, " members "\"providerDays\": 14, \"nationalDays\": 28},"
static const char SAMPLE_DEADLINES[] =
    "\"deadlines\": {\"followUpDays\": 42, \"providerDays\": 14, \"nationalDays\": 28},";

/* What the file names for a quarter holds there, and nowhere else. Q4 of 2025-26 ends on 2026-03-31, a Tuesday: + 42 is
 * 2026-05-12. */
static void named_deadlines(void) {
    static const struct {
        const char *label, *to, *period, *follow_up_end, *provider, *national, *lock;
    } CASES[] = {
        {"nothing named", NAMED(""), "2025-26-Q3", "2026-02-11", "2026-02-25", "2026-03-11", "2026-06-10"},
        {"the provider's day alone", NAMED("\"2025-26-Q3\": {\"provider\": \"2026-03-02\"}, "), "2025-26-Q3",
         "2026-02-11", "2026-03-02", "2026-03-11", "2026-06-10"},
        {"its neighbour keeps the rule", NAMED("\"2025-26-Q3\": {\"provider\": \"2026-03-02\"}, "),
         "2025-26-Q2", "2025-11-11", "2025-11-25", "2025-12-09", "2026-06-10"},
        {"the others follow the end of follow-ups, a Saturday as it is",
         NAMED("\"2025-26-Q3\": {\"followUpEnd\": \"2026-02-14\"}, "), "2025-26-Q3", "2026-02-14",
         "2026-02-28", "2026-03-14", "2026-06-10"},
        {"all three on one day",
         NAMED(
             "\"2025-26-Q3\": {\"followUpEnd\": \"2026-01-31\", \"provider\": \"2026-01-31\", \"national\": \"2026-01-31\"}, "),
         "2025-26-Q3", "2026-01-31", "2026-01-31", "2026-01-31", "2026-06-10"},
        {"the national day of Q4 moves the lock of the year",
         NAMED(
             "\"2025-26-Q4\": {\"national\": \"2026-07-01\"}, \"2025-26-Q1\": {\"provider\": \"2025-08-27\"}, "),
         "2025-26-Q1", "2025-08-11", "2025-08-27", "2025-09-08", "2026-07-02"},
        {"a quarter of a year before the framework's",
         NAMED("\"2018-19-Q1\": {\"national\": \"2018-09-11\"}, "), "2018-19-Q1", "2018-08-13", "2018-08-27",
         "2018-09-11", "2019-06-11"},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct framework *f = framework_changed(SAMPLE_DEADLINES, CASES[i].to);
        int16_t p = period_iso(CASES[i].period);
        CHECK(framework_follow_up_end(f, p) == day_iso(CASES[i].follow_up_end), "%s", CASES[i].label);
        CHECK(framework_provider_deadline(f, p) == day_iso(CASES[i].provider), "%s", CASES[i].label);
        CHECK(framework_national_deadline(f, p) == day_iso(CASES[i].national), "%s", CASES[i].label);
        CHECK(framework_lock_day(f, p) == day_iso(CASES[i].lock), "%s", CASES[i].label);
        framework_free(f);
    }
}

/* The last instant of the day of Q4's national deadline, 2026-06-09, in London (summer time) is 22:59:59.999999 UTC. */
static void locked_at_midnight(void) {
    static const struct {
        const char *instant;
        bool locked;
    } CASES[] = {
        {"2026-06-09T00:00:00Z", false},      {"2026-06-09T22:59:59.999999Z", false},
        {"2026-06-09T23:00:00Z", true},       {"2026-06-10T00:30:00+01:00", true},
        {"2026-06-10T00:59:59+02:00", false},
    };
    struct framework *f = framework_sample();
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        int64_t at = 0;
        CHECK(instant_parse(str_of(CASES[i].instant), &at), "%s", CASES[i].instant);
        for (int quarter = 1; quarter <= 4; quarter++) {
            struct store_period p = {
                .period = period_of(2025, quarter), .final = true, .lock = LOCK_BY_CALENDAR};
            CHECK(period_is_locked(f, &p, london_day(at)) == CASES[i].locked, "Q%d, %s", quarter,
                  CASES[i].instant);
            p.final = false;
            CHECK(!period_is_locked(f, &p, london_day(at)), "never final, never locked by itself");
            p.lock = LOCK_LOCKED;
            CHECK(period_is_locked(f, &p, london_day(at)), "by hand");
            p.final = true;
            p.lock = LOCK_UNLOCKED;
            CHECK(!period_is_locked(f, &p, london_day(at)), "unlocked stays open");
        }
    }
    framework_free(f);
}

static void wrong_deadlines(void) {
    static const struct {
        const char *label, *to, *pointer, *words;
    } CASES[] = {
        {"a typing error", NAMED("\"followupDays\": 40, "), "/deadlines/followupDays: ", "is no quarter"},
        {"a quarter before the collection", NAMED("\"2017-18-Q2\": {\"provider\": \"2017-12-01\"}, "),
         "/deadlines/2017-18-Q2: ", "is no quarter"},
        {"no day at all", NAMED("\"2025-26-Q3\": {}, "), "/deadlines/2025-26-Q3: ", "names no day"},
        {"not an object", NAMED("\"2025-26-Q3\": \"2026-03-02\", "), "/deadlines/2025-26-Q3: ", "object"},
        {"an unknown kind", NAMED("\"2025-26-Q3\": {\"providers\": \"2026-03-02\"}, "),
         "/deadlines/2025-26-Q3/providers: ", "provider"},
        {"no day of the calendar", NAMED("\"2025-26-Q3\": {\"provider\": \"2026-02-30\"}, "),
         "/deadlines/2025-26-Q3/provider: ", "a day"},
        {"another year", NAMED("\"2025-26-Q3\": {\"national\": \"2036-03-02\"}, "),
         "/deadlines/2025-26-Q3/national: ", "is the year right"},
        {"follow-ups that end before the quarter",
         NAMED("\"2025-26-Q3\": {\"followUpEnd\": \"2025-12-30\"}, "),
         "/deadlines/2025-26-Q3: ", "before the quarter"},
        {"the provider before the end of follow-ups",
         NAMED("\"2025-26-Q3\": {\"provider\": \"2026-02-10\"}, "),
         "/deadlines/2025-26-Q3: ", "provider would be 2026-02-10, before followUpEnd"},
        {"the provider after the national day of the rule",
         NAMED("\"2025-26-Q3\": {\"provider\": \"2026-03-12\"}, "),
         "/deadlines/2025-26-Q3: ", "national would be 2026-03-11, before provider"},
        {"after the year is locked",
         NAMED("\"2025-26-Q3\": {\"provider\": \"2026-06-10\", \"national\": \"2026-06-10\"}, "),
         "/deadlines/2025-26-Q3: ", "closes the year"},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct fault fault = {0};
        struct framework *f = NULL;
        enum err e = framework_changed_parse(SAMPLE_DEADLINES, CASES[i].to, &fault, &f);
        CHECK(e == ERR_INVALID, "%s: refused", CASES[i].label);
        CHECK(strncmp(fault.detail, CASES[i].pointer, strlen(CASES[i].pointer)) == 0, "%s: %s",
              CASES[i].label, fault.detail);
        CHECK(strstr(fault.detail, CASES[i].words) != NULL, "%s: %s", CASES[i].label, fault.detail);
        framework_free(f);
    }
}

/* Largest remainder by hand: 100 by 1:1:1 is 34, 33, 33; 900001 by 2:1 is 600000.67 and 300000.33. */
static void payments_are_split(void) {
    static const struct {
        const char *label;
        int64_t payment, numerators[3], pence[3];
    } CASES[] = {
        {"a third each", 100, {1, 1, 1}, {34, 33, 33}},
        {"two odd pence", 101, {1, 1, 1}, {34, 34, 33}},
        {"the larger remainder", 900001, {2, 1, 0}, {600001, 300000, 0}},
        {"the larger remainder is the later", 100, {1, 5, 0}, {17, 83, 0}},
        {"nobody has quit", 0, {0, 0, 0}, {0, 0, 0}},
        {"nothing is paid", 0, {5, 4, 3}, {0, 0, 0}},
        {"one has all", 3600000, {0, 7, 0}, {0, 3600000, 0}},
        {"numbers beyond 64 bits when multiplied",
         999999999999999,
         {3000000000, 3000000000, 1},
         {499999999916666, 499999999916666, 166667}},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        int64_t got[3], sum = 0;
        payment_split(CASES[i].payment, CASES[i].numerators, 3, got);
        for (size_t k = 0; k < 3; k++) {
            sum += got[k];
            CHECK(got[k] == CASES[i].pence[k], "%s, %zu: %lld", CASES[i].label, k, (long long)got[k]);
        }
        CHECK(sum == CASES[i].payment, "%s: adds up", CASES[i].label);
    }
}

void suite_kpi_numbers(void);
void suite_kpi_numbers(void) {
    suite_add("unit kpi numbers", NULL, NULL);
    case_add("Wilson: the oracles to their printed digits", wilson_oracles);
    case_add("Wilson: none and all", wilson_ends);
    case_add("payment to the penny", payments);
    case_add("payment equals plain integer arithmetic", payments_in_plain_integers);
    case_add("working days", working_days);
    case_add("deadlines of a quarter", deadlines);
    case_add("deadlines that a framework names", named_deadlines);
    case_add("a final period locks at midnight in London", locked_at_midnight);
    case_add("deadlines that cannot be are refused", wrong_deadlines);
    case_add("a payment is split to the penny", payments_are_split);
}
