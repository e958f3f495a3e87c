/* kill -9 of one backend of PostgreSQL, and of the whole cluster, under eight uploading clients: the service, which is not started
 * again, never says that it stored what is not there, and goes on by itself. */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/support/suite.h"
#include "tests/torture/clock.h"
#include "tests/torture/cluster.h"
#include "tests/torture/crowd.h"

static struct service *s;

static int begin(void) {
    s = service_start(NULL);
    return s ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

/* ---- processes ---- */

static pid_t some_backend(void) {
    return (pid_t)strtol(
        service_sql(s, "SELECT coalesce((SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
                       "AND usename = 'quarterday_app' ORDER BY random() LIMIT 1), 0)"),
        NULL, 10);
}

static pid_t parent_of(pid_t pid) {
    char path[40], line[300] = "";
    long parent = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *f = fopen(path, "re");
    if (!f) return 0;
    const char *name_end = fgets(line, sizeof line, f) ? strrchr(line, ')') : NULL;
    if (name_end && strlen(name_end) > 4) parent = strtol(name_end + 4, NULL, 10); /* ") S 123" */
    fclose(f);
    return (pid_t)parent;
}

/* The postmaster first, so that it starts nobody anew; then those whose parent it was. They were listed before: orphans have another. */
static bool kill_cluster(void) {
    pid_t children[200],
        postmaster = parent_of((pid_t)strtol(service_sql(s, "SELECT pg_backend_pid()"), NULL, 10));
    pid_t backend = some_backend();
    size_t n = 0;
    if (backend) postmaster = parent_of(backend);
    if (postmaster <= 1) return false;
    DIR *proc = opendir("/proc");
    for (struct dirent *d; proc && (d = readdir(proc)) && n < 200;) {
        pid_t pid = (pid_t)strtol(d->d_name, NULL, 10);
        if (pid > 1 && parent_of(pid) == postmaster) children[n++] = pid;
    }
    if (proc) closedir(proc);
    bool done = kill(postmaster, SIGKILL) == 0;
    for (size_t i = 0; i < n; i++)
        kill(children[i], SIGKILL);
    return done;
}

/* The postmaster has noticed (it reaps the dead before anything else), ended all others, and lets connections in again. */
static bool recovered(pid_t victim) {
    for (long until = now_ms() + 120000; now_ms() < until; nap_us(2000))
        if (kill(victim, 0) != 0 && strcmp(service_sql(s, "SELECT 1"), "1") == 0) return true;
    return false;
}

/* ---- the cases ---- */

static int by_size(const void *a, const void *b) {
    return (*(const int *)a > *(const int *)b) - (*(const int *)a < *(const int *)b);
}

static void print_times(int *ms, unsigned n, const char *what) {
    qsort(ms, n, sizeof *ms, by_size);
    printf("\n    %s: median %d ms, p99 %d ms, most %d ms ", what, ms[n / 2], ms[n - 1 - n / 100], ms[n - 1]);
}

/* Connections that died meanwhile are found out and replaced without a client's hearing of it. */
static void check_nothing_is_refused(struct crowd *c, const char *when) {
    unsigned refused = crowd_unanswered(c);
    CHECK(crowd_go(c, 16), "%s: uploads are acknowledged again", when);
    crowd_hold(c);
    CHECK(crowd_unanswered(c) == refused, "%s: %u uploads are refused although PostgreSQL is back", when,
          crowd_unanswered(c) - refused);
}

static void a_backend_is_killed(void) {
    unsigned cycles = torture_cycles(25, 2);
    int *took = calloc(cycles, sizeof *took), *database = calloc(cycles, sizeof *database);
    uint32_t chance = 777;
    struct crowd *c = crowd_gather(s);
    for (unsigned cycle = 0; took && database && cycle < cycles; cycle++) {
        char when[40];
        snprintf(when, sizeof when, "cycle %u", cycle);
        chance = chance * 1664525u + 1013904223u;
        CHECK(crowd_go(c, 4), "%s: uploads are acknowledged", when);
        nap_us((chance >> 8) % 40000);
        /* Now and then while nobody asks: then all connections of the service are found dead only when the next request needs one. */
        if (cycle % 3 == 1) crowd_hold(c);
        unsigned refused = crowd_unanswered(c);
        pid_t victim = some_backend();
        CHECK(victim > 1 && kill(victim, SIGKILL) == 0, "%s: backend %d", when, (int)victim);
        long began = now_ms();
        CHECK(recovered(victim), "%s: PostgreSQL recovers", when);
        database[cycle] = (int)(now_ms() - began);
        CHECK(crowd_go(c, 1), "%s: the service goes on by itself", when);
        took[cycle] = (int)(now_ms() - began);
        crowd_hold(c);
        CHECK(cycle % 3 != 1 || crowd_unanswered(c) == refused, "%s: %u are refused after all is well again",
              when, crowd_unanswered(c) - refused);
        check_nothing_is_refused(c, when);
        crowd_check(c, when, cycle + 1 == cycles);
    }
    CHECK(crowd_settle(c), "every client gets an answer in the end");
    crowd_check(c, "at the end", true);
    crowd_check_figures(c);
    crowd_dismiss(c, "kill -9 of a backend", cycles);
    if (database) print_times(database, cycles, "PostgreSQL again after");
    if (took) print_times(took, cycles, "an upload acknowledged again after");
    free(took);
    free(database);
}

static void the_cluster_is_killed(void) {
    unsigned cycles = torture_cycles(10, 5);
    int *took = calloc(cycles, sizeof *took);
    uint32_t chance = 888;
    struct crowd *c = crowd_gather(s);
    for (unsigned cycle = 0; took && cycle < cycles; cycle++) {
        char when[40];
        snprintf(when, sizeof when, "cycle %u", cycle);
        chance = chance * 1664525u + 1013904223u;
        CHECK(crowd_go(c, 4), "%s: uploads are acknowledged", when);
        nap_us((chance >> 8) % 40000);
        CHECK(kill_cluster(), "%s: the cluster can be killed", when);
        CHECK(cluster_do("start"), "%s: and started again", when);
        long began = now_ms();
        CHECK(crowd_go(c, 1), "%s: the service goes on by itself", when);
        took[cycle] = (int)(now_ms() - began);
        crowd_hold(c);
        check_nothing_is_refused(c, when);
        crowd_check(c, when, cycle + 1 == cycles);
    }
    CHECK(crowd_settle(c), "every client gets an answer in the end");
    crowd_check(c, "at the end", true);
    crowd_check_figures(c);
    crowd_dismiss(c, "kill -9 of the whole cluster", cycles);
    if (took) print_times(took, cycles, "first upload after the start");
    free(took);
}

void suite_torture_database(void) {
    suite_add("torture_backend", begin, end);
    case_add("kill -9 of a backend: no receipt is wrong, and the service goes on by itself",
             a_backend_is_killed);
    suite_add("torture_cluster", begin, end);
    case_add("kill -9 of the whole cluster: the same", the_cluster_is_killed);
}
