/* The two charts of rates in the history of a KPI: the P chart of a share, and the U chart of a rate that is none: with 2.1 turned round (calls for each that was answered
 * first time) more is counted above the line than below it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/changed_framework.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

static struct service *s;
#define HISTORY "/v1/kpis/city-and-hackney/2.1"

static int begin(void) {
    s = service_start(&(struct service_options){.today = "2026-02-10", .commands_beside = true});
    return s ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

static void send(const char *period, const char *month, int calls, int answered) {
    char path[120], csv[120];
    snprintf(path, sizeof path, "/v1/returns/city-and-hackney/homerton/%s/contacts", period);
    snprintf(csv, sizeof csv, "month,callsReceived,callsAnsweredFirstTime\n%s,%d,%d\n", month, calls,
             answered);
    struct answer a = service_put(s, s->homerton, path, "text/csv", str_of(csv));
    CHECK(a.status == 201, "%s: %ld", path, a.status);
    answer_free(&a);
}

static void check_near(const struct answer *a, const char *path, double want) {
    double got = strtod(answer_text(a, path), NULL);
    CHECK(fabs(got - want) < 0.0001, "%s is %s, expected %.6f", path, answer_text(a, path), want);
}

static void share(void) {
    send("2025-26-Q1", "2025-04", 100, 80);
    send("2025-26-Q2", "2025-07", 400, 360);
    struct answer a = service_get(s, s->commissioner, HISTORY);
    CHECK(a.status == 200 && strcmp(answer_text(&a, "uChart"), "null") == 0, "%ld, %s", a.status,
          answer_text(&a, "uChart"));
    check_near(&a, "pChart.centre", 88);
    check_near(&a, "pChart.limits.0.lower", 100 * (0.88 - 3 * sqrt(0.88 * 0.12 / 100)));
    check_near(&a, "pChart.limits.1.upper", 100 * (0.88 + 3 * sqrt(0.88 * 0.12 / 400)));
    answer_free(&a);
}

static void no_share(void) {
    framework_load_changed(s, "2026-02-10",
                           "\"numerator\": \"callsAnsweredFirstTime\", \"denominator\": \"callsReceived\"",
                           "\"numerator\": \"callsReceived\", \"denominator\": \"callsAnsweredFirstTime\"");
    struct answer a = service_get(s, s->commissioner, HISTORY);
    CHECK(a.status == 200 && strcmp(answer_text(&a, "pChart"), "null") == 0, "%ld, %s", a.status,
          answer_text(&a, "pChart"));
    double centre = 500.0 / 440;
    check_near(&a, "uChart.centre", 100 * centre);
    check_near(&a, "uChart.limits.0.lower", 100 * (centre - 3 * sqrt(centre / 80)));
    check_near(&a, "uChart.limits.1.upper", 100 * (centre + 3 * sqrt(centre / 360)));
    CHECK(strcmp(answer_text(&a, "uChart.limits.0.period"), "2025-26-Q1") == 0, "%s",
          answer_text(&a, "uChart.limits.0.period"));
    answer_free(&a);
}

void suite_http_rate_charts(void) {
    suite_add("http rate charts", begin, end);
    case_add("a share has a P chart", share);
    case_add("a rate that is none has a U chart", no_share);
}
