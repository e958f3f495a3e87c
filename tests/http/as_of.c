/* A question with asAt and knownAt has one answer for ever: every route with figures is asked, then all that can change is changed (parts,
 * sign-offs, final and locked quarters, also locked by the calendar, plans, statements, finance and reasons, providers, the framework, every lookup, and
 * today), and each is asked again. The instant is the one that X-Data-As-Of gave. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/episodes.h"
#include "tests/support/national.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

static struct service *s;
#define SERVICE "city-and-hackney"
#define Q1 "2025-26-Q1"
#define Q2 "2025-26-Q2"
#define RECONCILIATION "/v1/national-returns/" SERVICE "/" Q1 "/reconciliation"

static int begin(void) {
    s = service_start(NULL);
    return s ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

/* ---- what is asked ---- */

static const struct {
    const char *who, *path, *accept;
    bool dated; /* has asAt */
} ROUTES[] = {
    {"commissioner", "/v1/dashboards/" SERVICE "/" Q1 "?", NULL, true},
    {"commissioner", "/v1/dashboards/" SERVICE "/" Q2 "?localAuthority=Hackney&", NULL, true},
    {"homerton", "/v1/dashboards/" SERVICE "/" Q2 "?", NULL, true},
    {"commissioner", "/v1/dashboards/" SERVICE "/" Q1 "?disclosure=public&", NULL, true},
    {"commissioner", "/v1/kpis/" SERVICE "/1.4?", NULL, true},
    {"commissioner", "/v1/kpis/" SERVICE "/1.1?", NULL, true},
    {"commissioner", "/v1/kpis/" SERVICE "/1.4/" Q1 "/explanation?", NULL, true},
    {"commissioner", "/v1/kpis/" SERVICE "/1.1/" Q2 "/explanation?", NULL, true},
    {"homerton", "/v1/kpis/" SERVICE "/1.4/" Q1 "/rows?", NULL, true},
    {"commissioner", "/v1/breakdowns/" SERVICE "/" Q1 "?measure=quit4&by=gender&", NULL, true},
    {"commissioner", "/v1/breakdowns/" SERVICE "/" Q1 "?measure=setQuitDate&by=provider&", "text/csv", true},
    {"commissioner", "/v1/breakdowns/" SERVICE "/" Q1 "?measure=quit4&by=imdQuintile&", NULL, true},
    {"commissioner", "/v1/completeness/" SERVICE "/" Q1 "?", NULL, true},
    {"checker", "/v1/completeness?period=" Q1 "&", NULL, true},
    {"commissioner", "/v1/national-returns/" SERVICE "/" Q1 "?", NULL, true},
    {"commissioner", "/v1/national-returns/" SERVICE "/" Q1 "?", "text/csv", true},
    {"commissioner", RECONCILIATION "?provider=pharmacies&", NULL, true},
    {"commissioner", RECONCILIATION "?provider=pharmacies&", "text/csv", true},
    {"commissioner", "/v1/payments/" SERVICE "/2025-26?", NULL, true},
    {"commissioner", "/v1/supplement/" SERVICE "/" Q1 "?", NULL, false},
    {"commissioner", "/v1/supplement/" SERVICE "/" Q1 "?", "text/csv", false},
    {"commissioner", "/v1/feeds/kpi-results.json?", NULL, true},
    {"commissioner", "/v1/feeds/kpi-results.csv?", NULL, true},
    {"commissioner", "/v1/feeds/kpi-results.csv?format=fingertips&", NULL, true},
    {"commissioner", "/v1/feeds/breakdowns.csv?measure=quit4&by=gender&", NULL, true},
    {"commissioner", "/v1/feeds/completeness.csv?", NULL, true},
    {"commissioner", "/v1/feeds/returns.csv?", NULL, true},
    {"commissioner", "/v1/feeds/action-plans.csv?", NULL, true},
};
enum { ROUTE_COUNT = sizeof ROUTES / sizeof *ROUTES };

static const char *key_of(const char *who) {
    if (strcmp(who, "homerton") == 0) return s->homerton;
    return strcmp(who, "checker") == 0 ? s->checker : s->commissioner;
}

static struct answer ask(size_t i, const char *known_at) {
    char path[300], accept[40];
    snprintf(path, sizeof path, "%s%s%s%s", ROUTES[i].path, ROUTES[i].dated ? "asAt=2026-02-10&" : "",
             known_at ? "knownAt=" : "", known_at ? known_at : "");
    if (!known_at) path[strlen(path) - 1] = 0; /* the last & or ? */
    snprintf(accept, sizeof accept, "Accept: %s", ROUTES[i].accept ? ROUTES[i].accept : "*/*");
    struct answer a =
        service_ask(s, &(struct ask){.path = path, .key = key_of(ROUTES[i].who), .headers = {accept}});
    CHECK(a.status == 200, "%s: %ld %.200s", path, a.status, a.body.n ? a.body.p : "");
    return a;
}

/* ---- what is changed ---- */

static void done(const char *method, const char *key, const char *path, const char *body, long status) {
    const char *type = !body ? NULL : *body == '{' ? "application/json" : "text/csv";
    struct answer a = service_ask(s, &(struct ask){.method = method,
                                                   .path = path,
                                                   .key = key,
                                                   .type = type,
                                                   .body = body ? str_of(body) : STR_NONE});
    CHECK(a.status == status, "%s %s: %ld %.300s", method, path, a.status, a.body.n ? a.body.p : "");
    answer_free(&a);
}

static void send(const char *provider, const char *key, const char *period, const char *quit,
                 const char *seen, int people, int quitters, const char *query, long status) {
    struct buf b = BUF_EMPTY;
    char path[200], id[24];
    buf_add_cstr(&b, EPISODE_HEADER "\r\n");
    for (int i = 0; i < people; i++) {
        snprintf(id, sizeof id, "%.4s-%s-%d", provider, period, i + 1);
        struct episode_row row = episode_good(id);
        row.quit = quit;
        row.followed_up = seen;
        if (i >= quitters) row.outcome = "2", row.co = "";
        episode_add_csv(&b, &row);
    }
    buf_add(&b, "", 1);
    snprintf(path, sizeof path, "/v1/returns/" SERVICE "/%s/%s/episodes%s", provider, period, query);
    done("PUT", key, path, b.p, status);
    buf_free(&b);
}

/* The pharmacies count the cells of Q1 themselves, and take them back: what is compared stays. */
static void send_cells(const char *cells, long status) {
    enum { PERIOD = 2025 * 4 };
    struct buf b = BUF_EMPTY;
    national_add_csv(&b, PERIOD, cells);
    buf_add(&b, "", 1);
    done("PUT", s->pharmacies, "/v1/returns/" SERVICE "/pharmacies/" Q1 "/national", b.p, status);
    done("PUT", s->pharmacies, "/v1/returns/" SERVICE "/pharmacies/" Q1 "/national",
         "part,key1,key2,measure,value,reason\n", 200);
    buf_free(&b);
}

static void are_kept(void);

static void prepare(void) {
    send("homerton", s->homerton, Q1, "2025-05-01", "2025-05-29", 20, 3, "", 201);
    send_cells("*=0", 201);
    send("pharmacies", s->pharmacies, Q1, "2025-05-02", "2025-05-30", 12, 4, "", 201);
    send("homerton", s->homerton, Q2, "2025-07-10", "2025-08-07", 15, 7, "", 201);
    done("PUT", s->homerton, "/v1/returns/" SERVICE "/homerton/" Q1 "/training-sessions",
         "sessionId,date,type,attendees\nT1,2025-05-06,VBA,8\n", 201);
    done("POST", s->commissioner, "/v1/periods/" SERVICE "/" Q1 "/finalisation", NULL, 200);
    are_kept();
    done("PUT", s->commissioner, "/v1/national-returns/" SERVICE "/" Q1 "/finance",
         "{\"allocation\":720000,\"cumulativeSpend\":90000,\"pharmacotherapySpend\":7,\"otherAllocation\":0}",
         201);
}

/* Another contract value, and half the windows at 4 weeks. */
static void change_framework(void) {
    struct answer a = service_get(s, s->commissioner, "/v1/frameworks/" SERVICE);
    json_t *values = json_object_get(a.json, "contractValuePence"), *value;
    json_t *window = json_object_get(json_object_get(json_object_get(a.json, "settings"), "windows"), "4W");
    const char *year;
    size_t changed = json_object_set_new(window, "from", json_integer(29)) == 0;
    json_object_foreach(values, year, value) changed +=
        json_object_set_new(values, year, json_integer(99000000)) == 0;
    CHECK(changed == 5, "the window and four years are changed: %zu", changed);
    char *text = json_dumps(a.json, JSON_COMPACT);
    done("PUT", s->commissioner, "/v1/frameworks/" SERVICE, text, 200);
    free(text);
    answer_free(&a);
}

/* Only episodes are expected of the pharmacies now, so they can sign; they have another name, and somebody joins. */
static void change_providers(void) {
    done("PUT", s->commissioner, "/v1/services/" SERVICE "/providers/pharmacies",
         "{\"name\":\"Pharmacies\",\"expectedParts\":[\"episodes\"],\"from\":\"2025-26-Q1\",\"to\":null}",
         200);
    done("PUT", s->commissioner, "/v1/services/" SERVICE "/providers/online",
         "{\"name\":\"Online\",\"expectedParts\":[\"episodes\"],\"from\":\"2025-26-Q1\",\"to\":null}", 201);
}

static void change_all(void) {
    done("PUT", s->admin, "/v1/lookups/imd?edition=2019", "lsoa,quintile\nE01001785,5\n", 201);
    done("PUT", s->admin, "/v1/lookups/postcodes",
         "postcode,lsoa,localAuthority\nE8 1EA,E01001785,E09000012\n", 201);
    send("pharmacies", s->pharmacies, Q1, "2025-05-02", "2025-05-30", 0, 0, "", 200);
    send_cells("*=0|1A A 1 SET=1|1A A 1 QUIT=1|1B 03 1 SET=1|1B 03 1 QUIT=1|1E 08 SET=1|1E 08 QUIT=1|"
               "1F 10 SET=1|1F 10 QUIT=1|1G 08 SET=1|1G 08 QUIT=1|1H 13 SET=1|1H 13 QUIT=1",
               200);
    send("pharmacies", s->pharmacies, Q1, "2025-05-02", "2025-05-30", 13, 5, "", 200);
    send("homerton", s->homerton, Q1, "2025-05-01", "2025-05-29", 25, 22, "", 200);
    send("pharmacies", s->pharmacies, Q2, "2025-07-11", "2025-08-08", 30, 30, "", 201);
    done("PUT", s->homerton, "/v1/returns/" SERVICE "/homerton/" Q1 "/training-sessions",
         "sessionId,date,type,attendees\nT1,2025-05-06,VBA,9\nT2,2025-05-07,VBA,9\n", 200);
    done("PUT", s->homerton, "/v1/returns/" SERVICE "/homerton/" Q1 "/follow-ups",
         "episodeId,stage,date,outcome\nhome-" Q1 "-24,4W,2025-06-05,1\n", 201);
    change_providers();
    done("POST", s->pharmacies, "/v1/returns/" SERVICE "/pharmacies/" Q2 "/submission", NULL, 200);
    done("POST", s->commissioner, "/v1/periods/" SERVICE "/" Q2 "/finalisation", NULL, 200);
    done("POST", s->commissioner, "/v1/periods/" SERVICE "/" Q1 "/lock", "{\"reason\":\"Audited\"}", 200);
    done("POST", s->commissioner, "/v1/periods/" SERVICE "/" Q1 "/unlock", "{\"reason\":\"Late\"}", 200);
    done("PUT", s->commissioner, "/v1/national-returns/" SERVICE "/" Q1 "/finance",
         "{\"allocation\":720000,\"cumulativeSpend\":91000,\"pharmacotherapySpend\":9,\"otherAllocation\":0}",
         200);
    done("POST", s->commissioner, "/v1/payments/" SERVICE "/2025-26/statements", NULL, 201);
    done("PUT", s->admin, "/v1/lookups/bank-holidays", "date,title\n2025-05-06,An extra day\n", 201);
    change_framework();
}

/* ---- snapshots ---- */

static const char *const SHOWN[] = {"/v1/dashboards/" SERVICE "/" Q1,
                                    "/v1/kpis/" SERVICE "/1.4",
                                    "/v1/kpis/" SERVICE "/1.4/" Q1 "/explanation",
                                    "/v1/breakdowns/" SERVICE "/" Q1,
                                    "/v1/completeness/" SERVICE "/" Q1,
                                    "/v1/national-returns/" SERVICE "/" Q1,
                                    "/v1/payments/" SERVICE "/2025-26",
                                    "/v1/completeness",
                                    RECONCILIATION,
                                    "/v1/supplement/" SERVICE "/" Q1,
                                    "/v1/feeds/kpi-results.csv",
                                    "/v1/feeds/kpi-results.json",
                                    "/v1/feeds/breakdowns.csv",
                                    "/v1/feeds/completeness.csv",
                                    "/v1/feeds/returns.csv",
                                    "/v1/feeds/action-plans.csv"};
enum { SHOWN_COUNT = sizeof SHOWN / sizeof *SHOWN };
static struct answer final_figures[SHOWN_COUNT];

static struct answer shown(size_t i, const char *query) {
    char path[240];
    snprintf(path, sizeof path, "%s?%s%s", SHOWN[i],
             strstr(SHOWN[i], "breakdowns")       ? "measure=quit4&by=gender&"
             : strstr(SHOWN[i], "reconciliation") ? "provider=pharmacies&"
             : SHOWN[i] == SHOWN[7]               ? "period=" Q1 "&"
                                                  : "",
             query);
    struct answer a = service_get(s, s->commissioner, path);
    CHECK(a.status == 200, "%s: %ld %.200s", path, a.status, a.body.n ? a.body.p : "");
    return a;
}

static void refused(const char *query, long status) {
    char path[160];
    snprintf(path, sizeof path, "/v1/dashboards/" SERVICE "/" Q1 "?%s", query);
    struct answer a = service_get(s, s->commissioner, path);
    CHECK(a.status == status, "%s: %ld %.200s", path, a.status, a.body.n ? a.body.p : "");
    answer_free(&a);
}

/* Straight after the quarter became final: one for it, one for each plan, all of the same instant. */
static void are_kept(void) {
    struct answer a = service_get(s, s->commissioner, "/v1/snapshots/" SERVICE);
    struct answer plans = service_get(s, s->commissioner, "/v1/action-plans");
    size_t last = json_array_size(json_object_get(a.json, "results"));
    char path[40];
    CHECK(last > 1 && last == 1 + json_array_size(json_object_get(plans.json, "results")), "%zu are kept",
          last);
    snprintf(path, sizeof path, "results.%zu.reason", last - 1);
    CHECK(strcmp(answer_text(&a, path), "FINAL") == 0, "%s", answer_text(&a, path));
    snprintf(path, sizeof path, "results.%zu.number", last - 1);
    CHECK(strcmp(answer_text(&a, path), "1") == 0, "%s", answer_text(&a, path));
    CHECK(strcmp(answer_text(&a, "results.0.reason"), "PLAN") == 0 &&
              strncmp(answer_text(&a, "results.0.plan"), "AP-", 3) == 0 &&
              strcmp(answer_text(&a, "results.0.asAt"), "2026-02-20") == 0 &&
              strcmp(answer_text(&a, "results.0.frameworkVersion"), "1") == 0,
          "%.300s", a.body.n ? a.body.p : "");
    answer_free(&plans);
    answer_free(&a);
    for (size_t i = 0; i < SHOWN_COUNT; i++) {
        final_figures[i] = shown(i, "snapshot=1");
        struct answer now = shown(i, "");
        if (i == 0) {
            CHECK(strcmp(answer_text(&final_figures[0], "kpis.3.yearToDate.numerator"),
                         answer_text(&now, "kpis.3.yearToDate.numerator")) == 0 &&
                      strcmp(answer_text(&final_figures[0], "summary.RED"),
                             answer_text(&now, "summary.RED")) == 0,
                  "the snapshot has the figures of now");
            CHECK(strcmp(answer_text(&final_figures[0], "kpis.3.actionPlan.id"),
                         answer_text(&now, "kpis.3.actionPlan.id")) == 0,
                  "and the plans that opened with it");
        }
        answer_free(&now);
    }
    refused("snapshot=999", 404);
    refused("snapshot=0", 400);
    refused("snapshot=1&asAt=2026-01-01", 400);
    struct answer all = service_get(s, s->checker, "/v1/completeness?snapshot=1");
    CHECK(all.status == 400 && strstr(answer_text(&all, "detail"), "Each service numbers its own"),
          "of all services there is no snapshot: %ld %s", all.status, answer_text(&all, "detail"));
    answer_free(&all);
}

static void show_the_same(void) {
    for (size_t i = 0; i < SHOWN_COUNT; i++) {
        struct answer a = shown(i, "snapshot=1");
        CHECK(a.body.n == final_figures[i].body.n && memcmp(a.body.p, final_figures[i].body.p, a.body.n) == 0,
              "%s of the snapshot has changed", SHOWN[i]);
        answer_free(&a);
        answer_free(&final_figures[i]);
    }
}

/* ---- cases ---- */

static char known_at[40];

static void every_answer_says(void) {
    prepare();
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        struct answer a = ask(i, NULL);
        const char *said = answer_header(&a, "x-data-as-of");
        if (i == 0) snprintf(known_at, sizeof known_at, "%s", said);
        CHECK(*said && strcmp(said, known_at) == 0, "%s says %s, expected %s", ROUTES[i].path, said,
              known_at);
        answer_free(&a);
        if (strstr(ROUTES[i].path, "reconciliation")) continue; /* nothing to compare yet */
        a = ask(i, "2026-01-01T09:00:00Z");
        CHECK(strcmp(answer_header(&a, "x-data-as-of"), "2026-01-01T09:00:00.000000Z") == 0, "%s says %s",
              ROUTES[i].path, answer_header(&a, "x-data-as-of"));
        answer_free(&a);
    }
    struct answer a = ask(0, "2100-01-01T00:00:00Z");
    CHECK(strcmp(answer_header(&a, "x-data-as-of"), known_at) == 0,
          "what lies ahead is not said to be known");
    answer_free(&a);
}

static void compare(struct answer *before, const char *after_what) {
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        struct answer a = ask(i, known_at);
        bool same =
            a.body.n == before[i].body.n && a.body.n && memcmp(a.body.p, before[i].body.p, a.body.n) == 0;
        size_t at = 0;
        while (!same && at < a.body.n && at < before[i].body.n && a.body.p[at] == before[i].body.p[at])
            at++;
        size_t from = at > 60 ? at - 60 : 0;
        CHECK(same, "%s (%s) after %s, from byte %zu:\n was %.160s\n now %.160s", ROUTES[i].path,
              ROUTES[i].who, after_what, at, before[i].body.n ? before[i].body.p + from : "",
              a.body.n ? a.body.p + from : "");
        char tag[80];
        snprintf(tag, sizeof tag, "%s", answer_header(&before[i], "etag"));
        CHECK(strcmp(tag, answer_header(&a, "etag")) == 0, "%s: the ETag after %s", ROUTES[i].path,
              after_what);
        answer_free(&a);
    }
}

static void same_for_ever(void) {
    static struct answer before[ROUTE_COUNT];
    for (size_t i = 0; i < ROUTE_COUNT; i++)
        before[i] = ask(i, known_at);
    change_all();
    struct answer now = ask(0, NULL);
    CHECK(strcmp(answer_header(&now, "x-data-as-of"), known_at) > 0, "what has changed is newer");
    CHECK(now.body.n != before[0].body.n || memcmp(now.body.p, before[0].body.p, now.body.n) != 0,
          "and has moved the figures");
    answer_free(&now);
    compare(before, "the changes");
    service_kill(s);
    CHECK(service_restart(s, &(struct service_options){.today = "2026-08-01"}), "starts again");
    struct answer locked = service_get(s, s->commissioner, "/v1/returns/" SERVICE "/homerton/" Q2);
    CHECK(strcmp(answer_text(&locked, "status"), "LOCKED") == 0, "the calendar has locked: %s",
          answer_text(&locked, "status"));
    answer_free(&locked);
    compare(before, "another start, on a later day");
    show_the_same();
    for (size_t i = 0; i < ROUTE_COUNT; i++)
        answer_free(&before[i]);
}

void suite_http_as_of(void) {
    suite_add("http_as_of", begin, end);
    case_add("every answer with figures says up to when it knows", every_answer_says);
    case_add("what is asked with asAt and knownAt is answered alike for ever", same_for_ever);
}
