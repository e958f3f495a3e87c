/* What is around the service fails for a while, and comes back: the database is stopped, file descriptors run out. No receipt is wrong
 * meanwhile, /health/ready says so, and after the cure all is well without a restart: within 2 and 5 s where times are judged, in
 * `make torture`. */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

#include "base/num.h"
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

static void the_database_is_stopped(void) {
    unsigned cycles = torture_cycles(2, 20);
    struct crowd *c = crowd_gather(s);
    for (unsigned cycle = 0; cycle < cycles; cycle++) {
        char when[40];
        snprintf(when, sizeof when, "cycle %u", cycle);
        CHECK(crowd_go(c, 8), "%s: uploads are acknowledged", when);
        CHECK(cluster_do("stop"), "%s: PostgreSQL stops", when);
        long noticed = until_ready_is(503);
        CHECK(!torture_is_slow(noticed, READY_FALSE_MS), "%s: ready is false after %ld ms", when, noticed);
        check_refused("/v1/dashboards/city-and-hackney/2025-26-Q1", 503);
        check_refused("/health/live", 200);
        check_nothing_is_acknowledged(c, when);
        CHECK(cluster_do("start"), "%s: PostgreSQL starts", when);
        long back = until_ready_is(200);
        CHECK(!torture_is_slow(back, BACK_MS), "%s: ready again after %ld ms", when, back);
        CHECK(crowd_go(c, 1), "%s: uploads go on", when);
        crowd_hold(c);
        crowd_check(c, when, cycle + 1 == cycles);
        printf("\n    not ready %ld ms after the stop, ready %ld ms after the start ", noticed, back);
    }
    CHECK(crowd_settle(c), "every client gets an answer in the end");
    crowd_check(c, "at the end", true);
    crowd_check_figures(c);
    crowd_dismiss(c, "PostgreSQL stopped and started", cycles);
}

static unsigned open_files(void) {
    char path[40];
    unsigned n = 0;
    snprintf(path, sizeof path, "/proc/%d/fd", (int)s->pid);
    DIR *dir = opendir(path);
    while (dir && readdir(dir))
        n++;
    if (dir) closedir(dir);
    return n;
}

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
    printf("\n    %u files open at the end ", open_files());
    CHECK(open_files() < 200, "files are closed again: %u", open_files());
    CHECK(crowd_settle(c), "every client gets an answer in the end");
    crowd_check(c, "at the end", true);
    crowd_dismiss(c, "no file descriptors left", cycles);
}

void suite_torture_surroundings(void) {
    suite_add("torture_stopped", begin, end);
    case_add("the database goes and comes back", the_database_is_stopped);
    suite_add("torture_descriptors", begin, end);
    case_add("file descriptors run out and are there again", descriptors_run_out);
}
