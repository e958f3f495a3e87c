/* A service that runs on and on at several times the load of a country's deadline hour: 5 uploads and 50 dashboards a second, PostgreSQL stopped and started
 * every ten minutes. Nothing that it tells is wrong, it holds no more files in the end than after the first quarter, and what its memory
 * grows by and how its reads slow down is printed (make soak MINUTES=...; make test runs it for a moment). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "tests/support/suite.h"
#include "tests/torture/clock.h"
#include "tests/torture/cluster.h"
#include "tests/torture/crowd.h"

enum { UPLOADS = 5, READS = 50, ROUND_MS = 1000, FAULT_EVERY = 600, FILES_SLACK = 20 };

static struct service *s;

static int begin(void) {
    s = service_start(NULL);
    return s ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

/* What was seen in one second. */
struct second {
    double memory_mb;
    unsigned files;
    long slowest_read_us;
};

static double memory_mb(void) {
    return (double)service_status_kb(s, "VmRSS") * 1024 / 1e6;
}

static long now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* 503 is right only where the database has just been away. */
static long read_dashboards(bool may_fail) {
    long slowest = 0;
    for (int i = 0; i < READS; i++) {
        char path[80];
        snprintf(path, sizeof path, "/v1/dashboards/city-and-hackney/2025-26-Q%d", 1 + i % 3);
        long began = now_us();
        struct answer a = service_get(s, s->commissioner, path);
        long took = now_us() - began;
        CHECK(a.status == 200 || (may_fail && a.status == 503), "%s: %ld", path, a.status);
        answer_free(&a);
        if (took > slowest) slowest = took;
    }
    return slowest;
}

/* Megabytes an hour, by least squares. */
static double slope(const struct second *of, size_t n) {
    double x = 0, y = 0, xx = 0, xy = 0;
    for (size_t i = 0; i < n; i++) {
        double t = (double)i / 3600;
        x += t, y += of[i].memory_mb, xx += t * t, xy += t * of[i].memory_mb;
    }
    double spread = (double)n * xx - x * x;
    return spread > 0 ? ((double)n * xy - x * y) / spread : 0;
}

static int by_value(const void *a, const void *b) {
    long x = *(const long *)a, y = *(const long *)b;
    return (x > y) - (x < y);
}

/* The middle one of the slowest reads of each second. */
static long usual_slowest(const struct second *of, size_t n) {
    long *all = must_calloc(n + 1, sizeof *all);
    for (size_t i = 0; i < n; i++)
        all[i] = of[i].slowest_read_us;
    qsort(all, n, sizeof *all, by_value);
    long middle = all[n / 2];
    free(all);
    return middle;
}

static void tell(const struct second *seen, size_t n) {
    size_t warm = n / 4, rest = n - warm;
    const struct second *early = &seen[warm], *late = &seen[n - rest / 2];
    printf(
        "\n    %zu s: memory %.1f MB after the first quarter, %.1f at the end, %+.2f MB an hour; files %u and %u; slowest read of a "
        "second %ld and %ld us ",
        n, early->memory_mb, seen[n - 1].memory_mb, slope(early, rest), early->files, seen[n - 1].files,
        usual_slowest(early, rest - rest / 2), usual_slowest(late, rest / 2));
    CHECK(seen[n - 1].files <= early->files + FILES_SLACK, "files are closed: %u, then %u", early->files,
          seen[n - 1].files);
}

static bool is_soak(void) {
    return getenv("QUARTERDAY_TEST_CYCLES") != NULL;
}

static void runs_on(void) {
    unsigned seconds = torture_cycles(8, 1), faults = 0;
    if (seconds < 4) seconds = 4;
    struct second *seen = must_calloc(seconds, sizeof *seen);
    struct crowd *c = crowd_gather(s);
    for (unsigned i = 0; i < seconds; i++) {
        long began = now_ms();
        bool fault = is_soak() ? (i + 1) % FAULT_EVERY == 0 : i == seconds / 2;
        if (fault) {
            crowd_check(c, "before PostgreSQL stops", false);
            CHECK(cluster_do("stop") && cluster_do("start"), "PostgreSQL stops and starts");
            faults++;
        }
        CHECK(crowd_go(c, UPLOADS), "second %u: uploads are acknowledged", i);
        seen[i].slowest_read_us = read_dashboards(fault);
        crowd_hold(c);
        seen[i].memory_mb = memory_mb();
        seen[i].files = service_open_files(s);
        long left = ROUND_MS - (now_ms() - began);
        if (is_soak() && left > 0) nap_us((uint32_t)left * 1000);
    }
    CHECK(crowd_settle(c), "every client gets an answer in the end");
    crowd_check(c, "at the end", true);
    crowd_check_figures(c);
    tell(seen, seconds);
    crowd_dismiss(c, "PostgreSQL stopped and started", faults);
    free(seen);
}

void suite_soak(void) {
    suite_add("soak", begin, end);
    case_add("a service runs on under load and faults", runs_on);
}
