/* The calendar's day: London's midnight at the ends of summer time, and a thread that does each day's work once, by an injected clock. */
#include <stdatomic.h>
#include <time.h>

#include "server/daily.h"
#include "tests/support/suite.h"

static int64_t at(const char *text) {
    int64_t t = 0;
    CHECK(instant_parse(str_of(text), &t), "%s", text);
    return t;
}

static void midnights(void) {
    static const struct {
        int year, month, day;
        const char *begins;
    } DAYS[] = {
        {2026, 3, 28, "2026-03-28T00:00:00Z"},  /* winter */
        {2026, 3, 29, "2026-03-29T00:00:00Z"},  /* the night in which the clocks go forward: at 01:00 UTC */
        {2026, 3, 30, "2026-03-29T23:00:00Z"},  /* summer */
        {2026, 10, 25, "2026-10-24T23:00:00Z"}, /* they go back at 01:00 UTC: the day begins in summer */
        {2026, 10, 26, "2026-10-26T00:00:00Z"}, /* and has 25 hours */
        {2026, 7, 1, "2026-06-30T23:00:00Z"},   {2027, 1, 1, "2027-01-01T00:00:00Z"},
    };
    for (size_t i = 0; i < sizeof DAYS / sizeof *DAYS; i++) {
        int32_t day = day_from_civil(DAYS[i].year, DAYS[i].month, DAYS[i].day);
        int64_t begins = london_midnight(day);
        CHECK(begins == at(DAYS[i].begins), "%s", DAYS[i].begins);
        CHECK(london_day(begins) == day && london_day(begins - 1) == day - 1,
              "%s: a microsecond before is yesterday", DAYS[i].begins);
    }
}

static void patience(void) {
    CHECK(daily_patience(at("2026-06-30T22:59:59.500Z")) == 500, "half a second before a summer's midnight");
    CHECK(daily_patience(at("2026-06-30T22:59:59.999999Z")) == 1, "never less than a millisecond");
    CHECK(daily_patience(at("2026-01-31T23:59:30Z")) == 30000, "half a minute before a winter's");
    CHECK(daily_patience(at("2026-06-30T23:00:00Z")) == 60000, "at midnight itself the next one is far");
    CHECK(daily_patience(at("2026-06-30T23:59:30Z")) == 60000,
          "UTC's midnight is none of London's in summer");
}

static _Atomic int64_t the_time;
static int64_t injected(void) {
    return the_time;
}
static _Atomic int works, failures_left;
static _Atomic int32_t last_day;
static bool work(void *context, int32_t day) {
    (void)context;
    works++;
    last_day = day;
    if (failures_left > 0) {
        failures_left--;
        return false;
    }
    return true;
}

/* Until it has worked `n` times, a minute at most; then a little longer, in which it must not work again. */
static bool worked(int n) {
    const struct timespec little = {.tv_nsec = 5000000};
    for (int i = 0; i < 12000 && works < n; i++)
        nanosleep(&little, NULL);
    for (int i = 0; i < 10; i++)
        nanosleep(&little, NULL);
    return works == n;
}

static void reset(const char *now) {
    the_time = at(now);
    works = failures_left = 0;
}

/* The clock stands 20 ms before a midnight, so that the thread looks again after 20 ms; then it is moved over. */
static void one_day_after_the_other(void) {
    reset("2026-03-29T22:59:59.980Z");
    struct daily *d = daily_start(&(struct daily_how){.work = work, .fixed_day = DAY_NONE, .now = injected});
    CHECK(worked(1) && last_day == day_from_civil(2026, 3, 29), "at the start the day that it is, once: %d",
          works);
    the_time = at("2026-03-29T23:00:00Z");
    CHECK(worked(2) && last_day == day_from_civil(2026, 3, 30), "at midnight of summer time the next: %d",
          works);
    daily_stop(d);
}

static void tries_again(void) {
    reset("2026-10-24T22:59:59.990Z");
    failures_left = 2;
    struct daily *d = daily_start(&(struct daily_how){.work = work, .fixed_day = DAY_NONE, .now = injected});
    CHECK(worked(3), "what failed twice is done the third time, and then not again: %d", works);
    daily_stop(d);
}

static void a_fixed_day(void) {
    reset("2026-06-30T22:59:59.990Z");
    int32_t fixed = day_from_civil(2026, 2, 20);
    struct daily *d = daily_start(&(struct daily_how){.work = work, .fixed_day = fixed, .now = injected});
    CHECK(worked(1) && last_day == fixed, "of the setting `today`, once");
    the_time = at("2026-06-30T23:00:00Z");
    CHECK(worked(1), "whatever the clock says: %d", works);
    daily_stop(d);
    daily_stop(NULL);
}

void suite_server_daily(void) {
    suite_add("server_daily", NULL, NULL);
    case_add("London's midnight at the ends of summer time", midnights);
    case_add("how long until it", patience);
    case_add("each day's work is done once", one_day_after_the_other);
    case_add("what failed is tried again", tries_again);
    case_add("a fixed day is one day", a_fixed_day);
}
