/* server_rates: buckets of tokens: what is granted, how long to wait, and that names do not disturb each other. */
#include "server/rates.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "tests/support/suite.h"

enum { SECOND = 1000000 };
static const int64_t START = INT64_C(123456789012345);

static bool take(struct rates *r, const char *name, unsigned limit, int64_t at, struct rate_left *left) {
    return rates_take(r, str_of(name), limit, START + at, left);
}

static void a_minute(void) {
    struct rates *r = rates_new(64);
    struct rate_left left;
    for (unsigned i = 0; i < 6; i++) {
        CHECK(take(r, "a", 6, 0, &left), "%u is granted", i);
        CHECK(left.limit == 6 && left.remaining == 5 - i && left.reset == (i + 1) * 10 && left.wait == 0,
              "%u: %u %u %u", i, left.remaining, left.reset, left.wait);
    }
    CHECK(!take(r, "a", 6, 0, &left) && left.wait == 10 && left.remaining == 0 && left.reset == 60,
          "the seventh waits %u s", left.wait);
    CHECK(!take(r, "a", 6, 10 * SECOND - 10, &left) && left.wait == 1, "a moment too early: %u", left.wait);
    CHECK(take(r, "a", 6, 10 * SECOND, &left) && left.remaining == 0, "one comes back in ten seconds");
    CHECK(!take(r, "a", 6, 10 * SECOND, &left), "and only one");
    CHECK(take(r, "b", 6, 10 * SECOND, &left) && left.remaining == 5, "another name has its own");
    CHECK(take(r, "a", 6, 200 * SECOND, &left) && left.remaining == 5, "never more than a minute's");
    rates_free(r);
}

static void no_limit(void) {
    struct rates *r = rates_new(4);
    struct rate_left left;
    for (int i = 0; i < 1000; i++)
        CHECK(take(r, "a", 0, 0, &left) && left.limit == 0, "%d", i);
    for (int i = 0; i < 2000; i++)
        CHECK(take(r, "b", RATE_MOST, 0, &left), "the largest limit: %d", i);
    CHECK(left.remaining == RATE_MOST - 2000, "%u", left.remaining);
    CHECK(take(r, "c", 1, 0, &left) && !take(r, "c", 1, 60 * SECOND - 10, &left) &&
              take(r, "c", 1, 60 * SECOND, &left),
          "the smallest");
    rates_free(r);
}

/* A crowd of names may make the table forget, which gives tokens and never takes them. */
static void a_crowd(void) {
    struct rates *r = rates_new(64);
    struct rate_left left;
    char name[24];
    int refused = 0;
    for (int i = 0; i < 10000; i++) {
        snprintf(name, sizeof name, "stranger %d", i);
        refused += !take(r, name, 6, 0, &left);
    }
    CHECK(refused == 0, "%d newcomers were refused", refused);
    rates_free(r);
}

enum { THREADS = 4, TRIES = 20000, LIMIT = 5000 };
static struct rates *shared;
static atomic_int granted;

static void *take_often(void *context) {
    (void)context;
    struct rate_left left;
    for (int i = 0; i < TRIES; i++)
        if (rates_take(shared, STR("shared"), LIMIT, START, &left)) atomic_fetch_add(&granted, 1);
    return NULL;
}

static void threads(void) {
    pthread_t all[THREADS];
    struct rate_left left;
    shared = rates_new(1024);
    CHECK(rates_take(shared, STR("shared"), LIMIT, START, &left), "its place is taken by one");
    for (int i = 0; i < THREADS; i++)
        pthread_create(&all[i], NULL, take_often, NULL);
    for (int i = 0; i < THREADS; i++)
        pthread_join(all[i], NULL);
    CHECK(atomic_load(&granted) == LIMIT - 1, "%d were granted", atomic_load(&granted));
    rates_free(shared);
}

void suite_server_rates(void) {
    suite_add("server_rates", NULL, NULL);
    case_add("a minute's tokens, the wait, and what comes back", a_minute);
    case_add("no limit, the largest and the smallest", no_limit);
    case_add("newcomers are never refused for want of room", a_crowd);
    case_add("threads together get what is there, exactly", threads);
}
