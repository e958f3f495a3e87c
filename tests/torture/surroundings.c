/* What is around the service fails for a while, and comes back: the database is stopped, takes no writes or no logins, file descriptors run out. No receipt is wrong
 * meanwhile, /health/ready says so, and after the cure all is well without a restart: within 2 and 5 s where times are judged, in
 * `make torture`. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/num.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include "tests/torture/clock.h"
#include "tests/torture/cluster.h"
#include "tests/torture/crowd.h"

enum { READY_FALSE_MS = 2000, BACK_MS = 5000, NEVER_MS = 60000 };

static struct service *s;

static int begin(void) {
    s = service_start(NULL);
    return s ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

/* How long until /health/ready answers so; -1: longer than a minute. */
static long until_ready_is(long status) {
    for (long began = now_ms(); now_ms() < began + NEVER_MS; nap_us(10000)) {
        struct answer a = service_get(s, NULL, "/health/ready");
        bool is = a.status == status;
        answer_free(&a);
        if (is) return now_ms() - began;
    }
    return -1;
}

static void check_refused(const char *path, long status) {
    struct answer a = service_get(s, s->commissioner, path);
    CHECK(a.status == status, "%s without a database: %ld", path, a.status);
    answer_free(&a);
}

/* What was stored just before the fault may be answered after it: only once they have been held, all that they send is sent after it. */
static void check_nothing_is_acknowledged(struct crowd *c, const char *when) {
    crowd_hold(c);
    unsigned had = crowd_acknowledged(c);
    CHECK(crowd_is_refused(c, 16), "%s: uploads are refused meanwhile", when);
    crowd_hold(c);
    CHECK(crowd_acknowledged(c) == had, "%s: %u uploads are acknowledged meanwhile", when,
          crowd_acknowledged(c) - had);
}

/* ---- the database ---- */

struct trouble {
    const char *label;
    bool (*bring)(void), (*cure)(void);
    bool is_gone; /* nothing can be read either */
};

static bool stop_database(void) {
    return cluster_do("stop");
}
static bool start_database(void) {
    return cluster_do("start");
}

static const char *database_name(void) {
    return strstr(s->owner, "dbname=") + strlen("dbname=");
}

/* SQL as the superuser, and the application's connections are made anew. */
static bool change(const char *sql) {
    return database_do_as_super("postgres", sql) &&
           database_do_as_super(
               "postgres",
               "DO $$BEGIN PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = "
               "'quarterday_app'; END$$");
}
static bool change_database(const char *how) {
    char sql[200];
    snprintf(sql, sizeof sql, "ALTER DATABASE %s %s", database_name(), how);
    return change(sql);
}
static bool allow_reading_alone(void) {
    return change_database("SET default_transaction_read_only = on");
}
static bool allow_writing(void) {
    return change_database("RESET default_transaction_read_only");
}
static bool refuse_login(void) {
    return change("ALTER ROLE quarterday_app NOLOGIN");
}
static bool allow_login(void) {
    return change("ALTER ROLE quarterday_app LOGIN");
}

/* One time: the trouble comes while uploads are under way, nothing is acknowledged while it lasts, and all goes on after the cure. */
static void go_through(struct crowd *c, const struct trouble *t, const char *when, bool thoroughly) {
    CHECK(crowd_go(c, 8), "%s: uploads are acknowledged", when);
    CHECK(t->bring(), "%s: comes", when);
    long noticed = until_ready_is(503);
    CHECK(!torture_is_slow(noticed, READY_FALSE_MS), "%s: ready is false after %ld ms", when, noticed);
    if (t->is_gone) check_refused("/v1/dashboards/city-and-hackney/2025-26-Q1", 503);
    check_refused("/health/live", 200);
    check_nothing_is_acknowledged(c, when);
    CHECK(t->cure(), "%s: goes", when);
    long back = until_ready_is(200);
    CHECK(!torture_is_slow(back, BACK_MS), "%s: ready again after %ld ms", when, back);
    CHECK(crowd_go(c, 1), "%s: uploads go on", when);
    crowd_hold(c);
    crowd_check(c, when, thoroughly);
    printf("\n    not ready %ld ms after it came, ready %ld ms after the cure ", noticed, back);
}

static void go_through_often(const struct trouble *t, unsigned cycles) {
    struct crowd *c = crowd_gather(s);
    for (unsigned cycle = 0; cycle < cycles; cycle++) {
        char when[60];
        snprintf(when, sizeof when, "%s %u", t->label, cycle);
        go_through(c, t, when, cycle + 1 == cycles);
    }
    CHECK(crowd_settle(c), "every client gets an answer in the end");
    crowd_check(c, "at the end", true);
    crowd_check_figures(c);
    crowd_dismiss(c, t->label, cycles);
}

static void the_database_is_stopped(void) {
    const struct trouble t = {"PostgreSQL stopped and started", stop_database, start_database, true};
    go_through_often(&t, torture_cycles(2, 20));
}

static void check_refusal(const struct trouble *t) {
    if (database_do_as_super("postgres", "")) go_through_often(t, torture_cycles(1, 50));
    else case_skip("there is no superuser to ask");
}

static void the_database_takes_no_writes(void) {
    check_refusal(
        &(struct trouble){"a database that takes no writes", allow_reading_alone, allow_writing, false});
}

static void the_database_takes_no_logins(void) {
    check_refusal(&(struct trouble){"a role that may not log in", refuse_login, allow_login, true});
}

/* ---- files ---- */

/* As pg_terminate_backend() would: the service must open its connections anew. */
static void end_connections(void) {
    char pids[1000];
    snprintf(pids, sizeof pids, "%s",
             service_sql(
                 s, "SELECT coalesce(string_agg(pid::text, ' '), '') FROM pg_stat_activity WHERE datname = "
                    "current_database() AND usename = 'quarterday_app'"));
    for (str rest = str_of(pids); rest.n;) {
        uint64_t pid = 0;
        if (str_to_uint(str_cut(&rest, ' '), 1u << 30, &pid) && pid > 1) kill((pid_t)pid, SIGTERM);
    }
}

/* Fewer than are open: what is open goes on, nothing more can be opened. */
static void descriptors_run_out(void) {
    unsigned cycles = torture_cycles(3, 20);
    struct rlimit usual;
    CHECK(prlimit(s->pid, RLIMIT_NOFILE, NULL, &usual) == 0, "the limit can be read");
    struct crowd *c = crowd_gather(s);
    for (unsigned cycle = 0; cycle < cycles; cycle++) {
        char when[40];
        snprintf(when, sizeof when, "cycle %u", cycle);
        CHECK(crowd_go(c, 8), "%s: uploads are acknowledged", when);
        struct rlimit few = {10, usual.rlim_max};
        CHECK(prlimit(s->pid, RLIMIT_NOFILE, &few, NULL) == 0, "%s: the limit can be set", when);
        end_connections();
        CHECK(crowd_is_refused(c, 16), "%s: uploads are refused meanwhile", when);
        CHECK(prlimit(s->pid, RLIMIT_NOFILE, &usual, NULL) == 0, "%s: and set back", when);
        long began = now_ms();
        CHECK(crowd_go(c, 8), "%s: uploads go on", when);
        CHECK(!torture_is_slow(now_ms() - began, BACK_MS), "%s: after %ld ms", when, now_ms() - began);
        long back = until_ready_is(200);
        CHECK(!torture_is_slow(back, BACK_MS), "%s: ready after %ld ms", when, back);
        crowd_hold(c);
        crowd_check(c, when, cycle + 1 == cycles);
    }
    printf("\n    %u files open at the end ", service_open_files(s));
    CHECK(service_open_files(s) < 200, "files are closed again: %u", service_open_files(s));
    CHECK(crowd_settle(c), "every client gets an answer in the end");
    crowd_check(c, "at the end", true);
    crowd_dismiss(c, "no file descriptors left", cycles);
}

void suite_torture_surroundings(void) {
    suite_add("torture_stopped", begin, end);
    case_add("the database goes and comes back", the_database_is_stopped);
    suite_add("torture_no_writes", begin, end);
    case_add("the database takes no writes for a while", the_database_takes_no_writes);
    suite_add("torture_no_logins", begin, end);
    case_add("the database lets nobody in for a while", the_database_takes_no_logins);
    suite_add("torture_descriptors", begin, end);
    case_add("file descriptors run out and are there again", descriptors_run_out);
}
