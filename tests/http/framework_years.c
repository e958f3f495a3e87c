/* A version of a framework has a date of effect: a year whose lock day has come keeps the version it had, on every route, to the byte; an open
 * quarter moves; each quarter of what spans several is told by its own version. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/episodes.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

static struct service *s;
#define SERVICE "city-and-hackney"
#define FRAMEWORK "/v1/frameworks/" SERVICE
/* Today is 2026-02-20: the lock day of 2024-25 has come, that of 2025-26 has not. */
#define LOCKED "2024-25-Q4"

static int begin(void) {
    s = service_start(NULL);
    return s ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

static void is_text(const struct answer *a, const char *path, const char *expected) {
    CHECK(strcmp(answer_text(a, path), expected) == 0, "%s is %s, expected %s", path, answer_text(a, path),
          expected);
}

static struct answer get(const char *path) {
    struct answer a = service_get(s, s->commissioner, path);
    CHECK(a.status == 200, "%s: %ld %.300s", path, a.status, a.body.n ? a.body.p : "");
    return a;
}

static struct answer dashboard(const char *period, const char *query) {
    char path[160];
    snprintf(path, sizeof path, "/v1/dashboards/" SERVICE "/%s%s", period, query);
    return get(path);
}

/* 1.4: the fourth of the dashboard. */
#define KPI "kpis.3."

static void send(const char *period, const char *quit, const char *seen, int people, int quitters) {
    struct buf b = BUF_EMPTY;
    char path[120], id[24];
    buf_add_cstr(&b, EPISODE_HEADER "\r\n");
    for (int i = 0; i < people; i++) {
        snprintf(id, sizeof id, "h-%s-%d", period, i + 1);
        struct episode_row row = episode_good(id);
        row.quit = quit;
        row.followed_up = seen;
        if (i >= quitters) row.outcome = "2", row.co = "";
        episode_add_csv(&b, &row);
    }
    snprintf(path, sizeof path, "/v1/returns/" SERVICE "/homerton/%s/episodes", period);
    struct answer a = service_put(s, s->homerton, path, "text/csv", buf_str(&b));
    CHECK(a.status == 201, "%s: %ld %.400s", path, a.status, a.body.n ? a.body.p : "");
    answer_free(&a);
    buf_free(&b);
}

static void post(const char *path, const char *body) {
    struct answer a = service_ask(s, &(struct ask){.method = "POST",
                                                   .path = path,
                                                   .key = s->commissioner,
                                                   .type = "application/json",
                                                   .body = str_of(body)});
    CHECK(a.status == 200 || a.status == 201, "%s: %ld %.300s", path, a.status, a.body.n ? a.body.p : "");
    answer_free(&a);
}

/* The newest file with another target for 1.4, another contract value in each year, and this quarter (NULL: none). */
static struct answer put(int target, const char *from, bool dry_run) {
    struct answer a = get(FRAMEWORK);
    json_t *kpi = json_array_get(json_object_get(a.json, "kpis"), 3), *value;
    json_t *values = json_object_get(a.json, "contractValuePence");
    const char *year;
    json_object_set_new(kpi, "target", json_integer(target));
    json_object_foreach(values, year, value)
        json_object_set_new(values, year, json_integer(99000000 + target));
    if (from) json_object_set_new(a.json, "effectiveFrom", json_string(from));
    else json_object_del(a.json, "effectiveFrom");
    char *text = json_dumps(a.json, JSON_COMPACT);
    struct answer put = service_put(s, s->commissioner, dry_run ? FRAMEWORK "?dryRun=true" : FRAMEWORK,
                                    "application/json", str_of(text));
    free(text);
    answer_free(&a);
    return put;
}

/* ---- what is kept ---- */

static const char *const KEPT[] = {
    "/v1/dashboards/" SERVICE "/" LOCKED,
    "/v1/dashboards/" SERVICE "/" LOCKED "?provider=homerton",
    "/v1/dashboards/" SERVICE "/" LOCKED "?disclosure=public",
    "/v1/kpis/" SERVICE "/1.4/" LOCKED "/explanation",
    "/v1/breakdowns/" SERVICE "/" LOCKED "?measure=quit4&by=gender",
    "/v1/completeness/" SERVICE "/" LOCKED,
    "/v1/national-returns/" SERVICE "/" LOCKED,
    "/v1/payments/" SERVICE "/2024-25",
    "/v1/payments/" SERVICE "/2024-25/statements/1",
    "/v1/action-plans?openedFor=" LOCKED,
    "/v1/returns?period=" LOCKED,
    "/v1/calendar?year=2024-25",
    "/v1/snapshots/" SERVICE,
    "/v1/feeds/kpi-results.csv?to=" LOCKED,
    "/v1/feeds/returns.csv?to=" LOCKED,
    "/v1/feeds/completeness.csv?to=" LOCKED,
    "/v1/feeds/breakdowns.csv?measure=quit4&by=gender&to=" LOCKED,
};
enum { KEPT_COUNT = sizeof KEPT / sizeof *KEPT };
static struct answer kept[KEPT_COUNT];
static char known_at[40];

static void keep(void) {
    for (size_t i = 0; i < KEPT_COUNT; i++)
        kept[i] = get(KEPT[i]);
}

static void are_kept(const char *after) {
    for (size_t i = 0; i < KEPT_COUNT; i++) {
        struct answer a = get(KEPT[i]);
        bool same = a.body.n == kept[i].body.n && a.body.n && memcmp(a.body.p, kept[i].body.p, a.body.n) == 0;
        size_t at = 0;
        while (!same && at < a.body.n && at < kept[i].body.n && a.body.p[at] == kept[i].body.p[at])
            at++;
        size_t from = at > 60 ? at - 60 : 0;
        CHECK(same, "%s after %s, from byte %zu:\n was %.160s\n now %.160s", KEPT[i], after, at,
              kept[i].body.p + from, a.body.p + from);
        answer_free(&a);
    }
}

/* Of 20 people 11 quit in each quarter: 55 %, green against 50. */
static void prepare(void) {
    send(LOCKED, "2025-02-03", "2025-03-03", 20, 11);
    send("2025-26-Q1", "2025-05-01", "2025-05-29", 20, 11);
    send("2025-26-Q2", "2025-07-10", "2025-08-07", 20, 11);
    send("2025-26-Q3", "2025-10-10", "2025-11-07", 20, 11);
    post("/v1/periods/" SERVICE "/" LOCKED "/finalisation", "{}");
    post("/v1/payments/" SERVICE "/2024-25/statements", "{}");
    struct answer a = dashboard("2025-26-Q3", "");
    is_text(&a, KPI "ref", "1.4");
    is_text(&a, KPI "rag", "GREEN");
    is_text(&a, "framework.version", "1");
    snprintf(known_at, sizeof known_at, "?knownAt=%s", answer_header(&a, "x-data-as-of"));
    answer_free(&a);
    keep();
}

/* ---- cases ---- */

static void tried_first(void) {
    prepare();
    struct answer a = put(90, NULL, true);
    CHECK(a.status == 200, "%ld %.300s", a.status, a.body.n ? a.body.p : "");
    is_text(&a, "version", "2");
    is_text(&a, "stored", "false");
    is_text(&a, "effectiveFrom", "2025-26-Q1");
    const json_t *kpis = answer_at(&a, "kpis"), *row;
    size_t i;
    CHECK(json_array_size(kpis) > 0, "open quarters would move");
    json_array_foreach(kpis, i, row) {
        const char *period = json_string_value(json_object_get(row, "period"));
        CHECK(strcmp(period, "2025-26-Q1") >= 0, "%s is locked and would move", period);
    }
    is_text(&a, "payments.0.year", "2025-26");
    answer_free(&a);
    are_kept("a dry run");
}

static void locked_year_keeps(void) {
    struct answer a = put(90, NULL, false);
    CHECK(a.status == 200, "%ld %.300s", a.status, a.body.n ? a.body.p : "");
    is_text(&a, "effectiveFrom", "2025-26-Q1");
    answer_free(&a);
    are_kept("a new version");
    a = dashboard("2025-26-Q1", "");
    is_text(&a, "framework.version", "2");
    is_text(&a, KPI "rag", "RED");
    is_text(&a, KPI "previous.period", LOCKED);
    is_text(&a, KPI "previous.rag", "GREEN");
    answer_free(&a);
    a = dashboard("2025-26-Q1", known_at);
    is_text(&a, "framework.version", "1");
    is_text(&a, KPI "rag", "GREEN");
    answer_free(&a);
}

static void middle_of_a_year(void) {
    struct answer a = put(40, "2025-26-Q3", false);
    CHECK(a.status == 200, "%ld %.300s", a.status, a.body.n ? a.body.p : "");
    is_text(&a, "version", "3");
    is_text(&a, "effectiveFrom", "2025-26-Q3");
    answer_free(&a);
    are_kept("another version");
    a = dashboard("2025-26-Q2", "");
    is_text(&a, "framework.version", "2");
    is_text(&a, KPI "rag", "RED");
    answer_free(&a);
    a = dashboard("2025-26-Q3", "");
    is_text(&a, "framework.version", "3");
    is_text(&a, KPI "rag", "GREEN");
    is_text(&a, KPI "previous.rag", "RED");
    answer_free(&a);
    a = get("/v1/payments/" SERVICE "/2025-26");
    is_text(&a, "contractValuePence", "99000040");
    answer_free(&a);
    a = get(FRAMEWORK "/versions");
    is_text(&a, "metadata.total", "3");
    is_text(&a, "results.0.effectiveFrom", "2025-26-Q3");
    is_text(&a, "results.0.rates.from", "2025-26-Q3");
    is_text(&a, "results.0.rates.to", "2026-27-Q4");
    is_text(&a, "results.1.effectiveFrom", "2025-26-Q1");
    is_text(&a, "results.1.rates.to", "2025-26-Q2");
    is_text(&a, "results.2.effectiveFrom", "null");
    is_text(&a, "results.2.rates.from", "2023-24-Q1");
    is_text(&a, "results.2.rates.to", LOCKED);
    answer_free(&a);
}

/* ---- one value on every route ---- */

static const char *const PERIODS[] = {LOCKED, "2025-26-Q1", "2025-26-Q2", "2025-26-Q3"};

static void same_member(const struct answer *a, const char *path, const struct answer *b, const char *other,
                        const char *where) {
    char first[80];
    snprintf(first, sizeof first, "%s", answer_text(a, path));
    CHECK(strcmp(first, answer_text(b, other)) == 0, "%s: %s is %s on the dashboard, %s is %s", where, path,
          first, other, answer_text(b, other));
}

static void is_in_feed(const struct answer *d, const char *period) {
    char path[160];
    snprintf(path, sizeof path, "/v1/feeds/kpi-results.json?from=%s&to=%s", period, period);
    struct answer a = get(path);
    const json_t *row;
    size_t i, found = 0;
    json_array_foreach(answer_at(&a, "results"), i, row) {
        if (!json_is_null(json_object_get(row, "provider"))) continue;
        if (strcmp(json_string_value(json_object_get(row, "kpiRef")), "1.4") != 0) continue;
        if (strcmp(json_string_value(json_object_get(row, "view")), "YEAR_TO_DATE") != 0) continue;
        char at[80];
        static const char *const SAME[][2] = {{KPI "rag", "rag"},
                                              {KPI "target.toDate", "target"},
                                              {KPI "yearToDate.numerator", "numerator"},
                                              {"framework.version", "frameworkVersion"}};
        for (size_t k = 0; k < sizeof SAME / sizeof *SAME; k++) {
            snprintf(at, sizeof at, "results.%zu.%s", i, SAME[k][1]);
            same_member(d, SAME[k][0], &a, at, path);
        }
        found++;
    }
    CHECK(found == 1, "%s: %zu rows", path, found);
    answer_free(&a);
}

static void is_explained(const struct answer *d, const char *period) {
    char path[160];
    snprintf(path, sizeof path, "/v1/kpis/" SERVICE "/1.4/%s/explanation", period);
    struct answer a = get(path);
    same_member(d, KPI "rag", &a, "rag", path);
    same_member(d, "framework.version", &a, "framework.version", path);
    same_member(d, KPI "target.toDate", &a, "target.toDate", path);
    answer_free(&a);
}

static void one_value(void) {
    struct answer history = get("/v1/kpis/" SERVICE "/1.4");
    CHECK(json_array_size(answer_at(&history, "history")) >= 4, "four quarters and today's");
    for (size_t i = 0; i < sizeof PERIODS / sizeof *PERIODS; i++) {
        struct answer d = dashboard(PERIODS[i], "");
        char at[60];
        static const char *const SAME[][2] = {{KPI "rag", "rag"},
                                              {KPI "target.toDate", "target.toDate"},
                                              {KPI "yearToDate.value", "yearToDate.value"},
                                              {"framework.version", "frameworkVersion"},
                                              {"period", "period"}};
        for (size_t k = 0; k < sizeof SAME / sizeof *SAME; k++) {
            snprintf(at, sizeof at, "history.%zu.%s", i, SAME[k][1]);
            same_member(&d, SAME[k][0], &history, at, PERIODS[i]);
        }
        is_in_feed(&d, PERIODS[i]);
        is_explained(&d, PERIODS[i]);
        answer_free(&d);
    }
    answer_free(&history);
}

/* ---- what cannot be ---- */

static void refused(const char *from, const char *words) {
    struct answer a = put(45, from, false);
    CHECK(a.status == 422 && a.body.n && memmem(a.body.p, a.body.n, words, strlen(words)), "%s: %ld %.400s",
          from, a.status, a.body.n ? a.body.p : "");
    answer_free(&a);
}

static void closed_quarters(void) {
    refused(LOCKED, "/effectiveFrom: 2024-25-Q4 is locked");
    refused("2024-25-Q1", "The first quarter that can be named is 2025-26-Q1.");
    refused("2025-03-31", "The first quarter that can be named is 2025-26-Q1.");
    refused("2027-28-Q1", "/effectiveFrom");
    refused("2025-26-Q5", "/effectiveFrom");
}

/* A quarter that is locked by hand keeps its version, too; unlocked it can be changed. */
static void locked_by_hand(void) {
    post("/v1/periods/" SERVICE "/2025-26-Q2/lock", "{\"reason\":\"Audited\"}");
    refused("2025-26-Q2", "The first quarter that can be named is 2025-26-Q3.");
    struct answer before = dashboard("2025-26-Q2", "");
    struct answer a = put(95, NULL, false);
    CHECK(a.status == 200, "%ld %.300s", a.status, a.body.n ? a.body.p : "");
    is_text(&a, "effectiveFrom", "2025-26-Q3");
    answer_free(&a);
    a = dashboard("2025-26-Q2", "");
    CHECK(a.body.n == before.body.n && memcmp(a.body.p, before.body.p, a.body.n) == 0, "Q2 stays");
    answer_free(&a);
    answer_free(&before);
    a = dashboard("2025-26-Q3", "");
    is_text(&a, KPI "rag", "RED");
    answer_free(&a);
    post("/v1/periods/" SERVICE "/2025-26-Q2/unlock", "{\"reason\":\"Agreed anew\"}");
    a = put(30, NULL, true);
    is_text(&a, "effectiveFrom", "2025-26-Q1");
    answer_free(&a);
    are_kept("a lock by hand");
}

/* The same bytes again are no new version, also when the quarter that they name has been locked since. */
static void same_again(void) {
    struct answer a = put(96, "2025-26-Q4", false);
    is_text(&a, "version", "5");
    answer_free(&a);
    post("/v1/periods/" SERVICE "/2025-26-Q4/lock", "{\"reason\":\"Early\"}");
    struct answer file = get(FRAMEWORK);
    a = service_put(s, s->commissioner, FRAMEWORK, "application/json", buf_str(&file.body));
    CHECK(a.status == 200, "%ld %.300s", a.status, a.body.n ? a.body.p : "");
    is_text(&a, "version", "5");
    is_text(&a, "stored", "false");
    is_text(&a, "effectiveFrom", "2025-26-Q4");
    is_text(&a, "statusesMoved", "0");
    answer_free(&a);
    answer_free(&file);
    post("/v1/periods/" SERVICE "/2025-26-Q4/unlock", "{\"reason\":\"Too early\"}");
}

/* A provider is changed now and later, though a version for next year is stored already. */
static void provider_in_each(void) {
    struct answer a = put(50, "2026-27-Q1", false);
    is_text(&a, "version", "6");
    answer_free(&a);
    a = service_put(
        s, s->commissioner, "/v1/services/" SERVICE "/providers/homerton", "application/json",
        STR("{\"name\":\"Homerton\",\"expectedParts\":[\"episodes\"],\"from\":\"2023-24-Q1\",\"to\":null}"));
    CHECK(a.status == 200, "%ld %.300s", a.status, a.body.n ? a.body.p : "");
    answer_free(&a);
    static const char *const EXPECTED[][2] = {{"2025-26-Q1", "[\"episodes\"]"},
                                              {"2025-26-Q3", "[\"episodes\"]"},
                                              {"2025-26-Q4", "[\"episodes\"]"},
                                              {"2026-27-Q1", "[\"episodes\"]"}};
    for (size_t i = 0; i < sizeof EXPECTED / sizeof *EXPECTED; i++) {
        char path[120];
        snprintf(path, sizeof path, "/v1/returns/" SERVICE "/homerton/%s", EXPECTED[i][0]);
        a = get(path);
        is_text(&a, "expectedParts", EXPECTED[i][1]);
        answer_free(&a);
    }
    a = get("/v1/returns/" SERVICE "/homerton/" LOCKED);
    CHECK(strcmp(answer_text(&a, "expectedParts"), "[\"episodes\"]") != 0, "a locked year: as it was");
    answer_free(&a);
    a = dashboard("2025-26-Q4", "");
    is_text(&a, KPI "target.annual", "96");
    answer_free(&a);
    a = dashboard("2026-27-Q1", "?asAt=2026-06-30");
    is_text(&a, KPI "target.annual", "50");
    answer_free(&a);
    for (size_t i = 0; i < KEPT_COUNT; i++)
        answer_free(&kept[i]);
}

void suite_http_framework_years(void);
void suite_http_framework_years(void) {
    suite_add("http_framework_years", begin, end);
    case_add("a dry run tells of open quarters alone", tried_first);
    case_add("a locked year keeps its version, to the byte", locked_year_keeps);
    case_add("a version from the middle of a year on", middle_of_a_year);
    case_add("each quarter has one value on every route", one_value);
    case_add("a locked quarter cannot be named", closed_quarters);
    case_add("a quarter locked by hand keeps its version", locked_by_hand);
    case_add("the same bytes again change nothing", same_again);
    case_add("a provider is changed in each version of open quarters", provider_in_each);
}
