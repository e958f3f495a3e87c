#include "server/metrics.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/date.h"

/* Statuses that are counted by themselves; whatever else there may be is "other". */
static const int STATUSES[] = {0,   200, 201, 202, 304, 400, 401, 403, 404, 405, 406, 408, 409, 411,
                               412, 413, 414, 415, 417, 422, 428, 429, 431, 500, 501, 503, 505};
enum { STATUS_COUNT = sizeof STATUSES / sizeof *STATUSES, OTHER = STATUS_COUNT, STATUS_ROOM };

/* Upper ends of the times of answers, in microseconds; the last one has none. */
static const int64_t ENDS[] = {1000,   2500,   5000,    10000,   25000,    50000,   100000,
                               250000, 500000, 1000000, 5000000, 10000000, 60000000};
enum { END_COUNT = sizeof ENDS / sizeof *ENDS };

struct line {
    _Atomic uint64_t by_status[STATUS_ROOM];
};

static const char *const LANES[] = {[LANE_INLINE] = "inline", [LANE_READ] = "read", [LANE_WRITE] = "write"};
enum { LANE_COUNT = sizeof LANES / sizeof *LANES };

struct metrics {
    const struct route *routes;
    size_t route_count;
    int64_t started_at;
    _Atomic uint64_t in, out;
    _Atomic uint64_t times[LANE_COUNT][END_COUNT + 1], sum_us[LANE_COUNT];
    struct line lines[]; /* by route; the last: no route */
};

struct metrics *metrics_new(const struct route *routes, size_t route_count) {
    struct metrics *m = must_calloc(1, sizeof *m + (route_count + 1) * sizeof m->lines[0]);
    m->routes = routes;
    m->route_count = route_count;
    m->started_at = instant_now();
    return m;
}

void metrics_free(struct metrics *m) {
    free(m);
}

/* ---- counting ---- */

static void add(_Atomic uint64_t *n, uint64_t by) {
    atomic_fetch_add_explicit(n, by, memory_order_relaxed);
}

static uint64_t get(const _Atomic uint64_t *n) {
    return atomic_load_explicit(n, memory_order_relaxed);
}

static size_t place_of_status(int status) {
    size_t i = 0;
    while (i < STATUS_COUNT && STATUSES[i] != status)
        i++;
    return i;
}

static size_t place_of_time(int64_t us) {
    size_t i = 0;
    while (i < END_COUNT && us > ENDS[i])
        i++;
    return i;
}

void metrics_note(struct metrics *m, const struct route *route, int status, int64_t took_us, uint64_t in,
                  uint64_t out) {
    if (!m) return;
    add(&m->lines[route ? (size_t)(route - m->routes) : m->route_count].by_status[place_of_status(status)],
        1);
    add(&m->in, in);
    add(&m->out, out);
    if (!route) return;
    add(&m->times[route->lane][place_of_time(took_us)], 1);
    add(&m->sum_us[route->lane], took_us > 0 ? (uint64_t)took_us : 0);
}

/* ---- writing ---- */

static void begin(struct buf *out, const char *name, const char *type, const char *help) {
    buf_printf(out, "# HELP quarterday_%s %s\n# TYPE quarterday_%s %s\n", name, help, name, type);
}

static void write_requests(const struct metrics *m, struct buf *out) {
    begin(out, "requests_total", "counter",
          "Requests that have ended, by route and status; status none: without an answer.");
    for (size_t r = 0; r <= m->route_count; r++)
        for (size_t i = 0; i < STATUS_ROOM; i++) {
            uint64_t n = get(&m->lines[r].by_status[i]);
            char status[12] = "other";
            if (!n) continue;
            if (i == 0) snprintf(status, sizeof status, "none");
            else if (i < STATUS_COUNT) snprintf(status, sizeof status, "%d", STATUSES[i]);
            buf_printf(out, "quarterday_requests_total{route=\"%s\",status=\"%s\"} %llu\n",
                       r < m->route_count ? m->routes[r].name : "none", status, (unsigned long long)n);
        }
}

static void write_times(const struct metrics *m, struct buf *out) {
    begin(out, "request_seconds", "histogram",
          "From the request line to the last byte of the answer, by lane.");
    for (size_t lane = 0; lane < LANE_COUNT; lane++) {
        uint64_t sum = 0;
        for (size_t i = 0; i <= END_COUNT; i++) {
            sum += get(&m->times[lane][i]);
            char end[24] = "+Inf";
            if (i < END_COUNT) snprintf(end, sizeof end, "%g", (double)ENDS[i] / 1e6);
            buf_printf(out, "quarterday_request_seconds_bucket{lane=\"%s\",le=\"%s\"} %llu\n", LANES[lane],
                       end, (unsigned long long)sum);
        }
        uint64_t us = get(&m->sum_us[lane]);
        buf_printf(
            out,
            "quarterday_request_seconds_sum{lane=\"%s\"} %llu.%06llu\nquarterday_request_seconds_count{lane=\"%s\"} %llu\n",
            LANES[lane], (unsigned long long)(us / 1000000), (unsigned long long)(us % 1000000), LANES[lane],
            (unsigned long long)sum);
    }
}

static unsigned long long resident_bytes(void) {
    unsigned long long all = 0, resident = 0;
    FILE *f = fopen("/proc/self/statm", "re");
    if (!f) return 0;
    char line[128] = "";
    if (fgets(line, sizeof line, f)) {
        str rest = str_of(line), first = str_cut(&rest, ' '), second = str_cut(&rest, ' ');
        uint64_t n;
        if (str_to_uint(first, UINT64_MAX, &n)) all = n;
        if (all && str_to_uint(second, UINT64_MAX, &n)) resident = n;
    }
    fclose(f);
    return resident * (unsigned long long)sysconf(_SC_PAGESIZE);
}

static void write_number(struct buf *out, const char *name, const char *type, const char *help,
                         unsigned long long n) {
    begin(out, name, type, help);
    buf_printf(out, "quarterday_%s %llu\n", name, n);
}

void metrics_write(const struct metrics *m, const struct metrics_now *now, struct buf *out) {
    begin(out, "info", "gauge", "Which build this is.");
    buf_printf(out, "quarterday_info{version=\"%s\"} 1\n", now->version);
    write_number(out, "start_time_seconds", "gauge", "When it was started, in seconds since 1970.",
                 (unsigned long long)(m->started_at / 1000000));
    write_number(out, "resident_bytes", "gauge", "Memory that the process has.", resident_bytes());
    write_number(out, "requests_under_way", "gauge",
                 "Requests whose header was judged and which have not ended.", now->under_way);
    write_number(out, "received_bytes_total", "counter", "Bytes of bodies of requests.", get(&m->in));
    write_number(out, "sent_bytes_total", "counter", "Bytes of bodies of answers.", get(&m->out));
    write_requests(m, out);
    write_times(m, out);
}
