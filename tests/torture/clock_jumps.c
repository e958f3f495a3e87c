/* The clock of the machine jumps by hours and days, forward and back, while eight clients upload (libfaketime in the service alone; what
 * goes forward only, CLOCK_MONOTONIC, it leaves in peace, as a real jump does). Instants stay in order, no receipt is wrong, no connection
 * in use is closed. And whatever zone the process is told, the day is London's and the answers are the same. */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/support/suite.h"
#include "tests/support/tls_client.h"
#include "tests/torture/crowd.h"

static struct service *s;
static char offset_file[160];

static int begin(void) {
    s = service_start(NULL);
    if (!s) return 1;
    snprintf(offset_file, sizeof offset_file, "/tmp/qd-test-clock-%d", (int)getpid());
    return 0;
}
static int end(void) {
    unlink(offset_file);
    return s ? service_stop(s) : 1;
}

/* ---- another clock ---- */

/* NULL, with the reason said, where it cannot be used. */
static const char *library(void) {
#if defined QUARTERDAY_TEST_BUILD
    case_skip("a program with sanitizers takes no other library before its own");
    return NULL;
#else
    static char path[200];
    glob_t found;
    if (glob("/usr/lib/*/faketime/libfaketimeMT.so.1", 0, NULL, &found) == 0)
        snprintf(path, sizeof path, "%s", found.gl_pathv[0]);
    globfree(&found);
    if (path[0]) return path;
    case_skip("libfaketime is not installed");
    return NULL;
#endif
}

/* From now on the service's clock is so many seconds before or after ours. */
static bool jump(long seconds) {
    char next[200];
    snprintf(next, sizeof next, "%s.next", offset_file);
    FILE *f = fopen(next, "we");
    if (!f) return false;
    fprintf(f, "%+ld\n", seconds);
    return fclose(f) == 0 && rename(next, offset_file) == 0;
}

static bool restart_under(const char *faketime, const char *zone, const struct service_options *options) {
    service_kill(s);
    setenv("LD_PRELOAD", faketime, 1);
    setenv("FAKETIME_TIMESTAMP_FILE", offset_file, 1);
    setenv("FAKETIME_NO_CACHE", "1", 1);
    setenv("FAKETIME_DONT_FAKE_MONOTONIC", "1", 1);
    if (zone) setenv("TZ", zone, 1);
    bool started = service_restart(s, options);
    static const char *const OURS[] = {"LD_PRELOAD", "FAKETIME_TIMESTAMP_FILE", "FAKETIME_NO_CACHE",
                                       "FAKETIME_DONT_FAKE_MONOTONIC", "TZ"};
    for (size_t i = 0; i < sizeof OURS / sizeof *OURS; i++)
        unsetenv(OURS[i]);
    return started;
}

/* ---- connections ---- */

static struct tls_client *connect_to_service(void) {
    return tls_connect((uint16_t)strtoul(strrchr(s->url, ':') + 1, NULL, 10));
}

static bool still_answers(struct tls_client *c) {
    struct tls_answer a = {0};
    bool good = c && tls_send_text(c, "GET /v1 HTTP/1.1\r\nHost: localhost\r\n\r\n") &&
                tls_receive(c, &a, PATIENCE_MS) && a.status == 200;
    tls_answer_free(&a);
    return good;
}

static struct tls_client *follow_events(void) {
    char request[400];
    struct tls_client *c = connect_to_service();
    snprintf(
        request, sizeof request,
        "GET /v1/events?types=RETURN_ACCEPTED HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
        "Accept: text/event-stream\r\n\r\n",
        s->commissioner);
    bool good = c && tls_send_text(c, request) && tls_wait_for_words(c, "HTTP/1.1 200 OK\r\n", PATIENCE_MS);
    CHECK(good, "a stream begins");
    return c;
}

/* ---- jumps ---- */

static void check_sql(const char *what, const char *query) {
    const char *found = service_sql(s, query);
    CHECK(strcmp(found, "t") == 0, "%s: %s", what, found);
}

static void check_order(void) {
    check_sql(
        "versions are in the order of their instants",
        "SELECT count(*) = 0 FROM (SELECT received_at, lag(received_at) OVER (ORDER BY seq) AS before FROM "
        "version) v WHERE received_at <= before");
    check_sql(
        "so are events",
        "SELECT count(*) = 0 FROM (SELECT at, lag(at) OVER (ORDER BY seq) AS before FROM event WHERE kind = "
        "'RETURN_ACCEPTED') e WHERE at <= before");
    check_sql("nothing is later than the last change of its service",
              "SELECT max(received_at) <= (SELECT max(changed_at) FROM service) FROM version");
}

static void jumps(void) {
    enum { HOUR = 3600, DAY = 24 * HOUR };
    static const long OFFSETS[] = {3 * HOUR, -5 * HOUR, 2 * DAY, -3 * DAY, HOUR, 7 * DAY, 0};
    static const struct service_options OPTIONS = {.extra_flags = {"--idle-seconds", "600"}};
    const char *faketime = library(), *last;
    if (!faketime) return;
    CHECK(jump(0) && restart_under(faketime, NULL, &OPTIONS), "starts under another clock");
    struct tls_client *kept = connect_to_service(), *stream = follow_events();
    struct crowd *c = crowd_gather(s);
    long furthest = 0;
    for (size_t i = 0; i < sizeof OFFSETS / sizeof *OFFSETS; i++) {
        char when[40], query[200];
        snprintf(when, sizeof when, "%+ld h", OFFSETS[i] / HOUR);
        CHECK(crowd_go(c, 8), "%s: uploads before", when);
        CHECK(jump(OFFSETS[i]), "%s: jumps", when);
        CHECK(crowd_go(c, 16), "%s: uploads after", when);
        CHECK(still_answers(kept), "%s: a connection that is kept is not closed", when);
        if (OFFSETS[i] > furthest) furthest = OFFSETS[i];
        snprintf(
            query, sizeof query,
            "SELECT max(received_at) BETWEEN now() + interval '%ld s' AND now() + interval '%ld s' FROM version",
            furthest - 60 * 60, furthest + 60);
        check_sql("the newest instant is that of the furthest clock", query);
        crowd_hold(c);
        crowd_check(c, when, false);
        check_order();
    }
    CHECK(crowd_settle(c), "every client gets an answer in the end");
    crowd_check(c, "at the end", true);
    CHECK(crowd_unanswered(c) == 0, "%u requests got no good answer", crowd_unanswered(c));
    crowd_check_figures(c);
    last = service_sql(s, "SELECT 'id: ' || max(seq) || chr(10) FROM event WHERE kind = 'RETURN_ACCEPTED'");
    CHECK(tls_wait_for_words(stream, last, PATIENCE_MS), "the stream has heard of everything");
    tls_close(stream);
    tls_close(kept);
    crowd_dismiss(c, "jump of the clock", sizeof OFFSETS / sizeof *OFFSETS);
}

/* ---- zones ---- */

/* All that a day decides: figures with what is due, what is late, what is missing. In memory of the caller's. */
static void ask_all(struct buf *out) {
    static const char *const PATHS[] = {"/v1/dashboards/city-and-hackney/2025-26-Q1",
                                        "/v1/dashboards/city-and-hackney/2025-26-Q3",
                                        "/v1/returns?service=city-and-hackney&limit=200"};
    buf_clear(out);
    for (size_t i = 0; i < sizeof PATHS / sizeof *PATHS; i++) {
        struct answer a = service_get(s, s->commissioner, PATHS[i]);
        CHECK(a.status == 200, "%s: %ld", PATHS[i], a.status);
        buf_add_str(out, buf_str(&a.body));
        answer_free(&a);
    }
}

/* Half an hour before midnight UTC the day is another one in Apia, Los Angeles has eight hours to go, and in summer London is ahead. */
static void zones(void) {
    static const char *const ZONES[] = {"UTC", "Europe/London", "Pacific/Apia", "America/Los_Angeles"};
    const char *faketime = library();
    if (!faketime) return;
    struct buf first = BUF_EMPTY, now = BUF_EMPTY;
    time_t until = 23 * 3600 + 1800 - time(NULL) % 86400;
    for (size_t i = 0; i < sizeof ZONES / sizeof *ZONES; i++) {
        CHECK(jump(until) &&
                  restart_under(faketime, ZONES[i], &(struct service_options){.clock_is_believed = true}),
              "%s: starts", ZONES[i]);
        ask_all(i ? &now : &first);
        CHECK(!i || str_eq(buf_str(&first), buf_str(&now)), "%s: the same answers as with UTC", ZONES[i]);
    }
    CHECK(first.n > 1000, "there is something to compare: %zu bytes", first.n);
    buf_free(&first);
    buf_free(&now);
}

void suite_torture_clock(void) {
    suite_add("torture_clock", begin, end);
    case_add("the clock jumps by hours and days, forward and back", jumps);
    case_add("the zone of the process changes no answer", zones);
}
