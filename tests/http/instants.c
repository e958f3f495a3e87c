/* Every change of a service is later than every change before it: all that can be changed is changed over HTTPS, one thing after the other, while
 * the service's newest change lies an hour ahead, as after a clock that has stepped back. What each stores has to lie behind that
 * instant, and nothing may lie behind the newest change that the service then names. */
#include <stdio.h>
#include <string.h>

#include "tests/support/episodes.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

static struct service *s;
#define SERVICE "city-and-hackney"
#define PERIODS "/v1/periods/" SERVICE
#define NATIONAL "/v1/national-returns/" SERVICE "/2025-26-Q1"
#define STATEMENTS "/v1/payments/" SERVICE "/2025-26/statements"

static int begin(void) {
    s = service_start(&(struct service_options){.today = "2026-02-10"});
    return s ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

/* ---- what is stored ---- */

/* Every instant at which something of the service changed, wherever it is kept. Refusals and reminders change nothing; lookups but for the bank holidays
 * change no service. */
#define INSTANTS                                                                                                                \
    "(SELECT received_at AS at FROM version UNION ALL SELECT at FROM sign_off UNION ALL SELECT at FROM period_event "           \
    "UNION ALL SELECT opened_at FROM plan UNION ALL SELECT at FROM plan_event UNION ALL SELECT at FROM plan_update "            \
    "UNION ALL SELECT at FROM national_entry UNION ALL SELECT at FROM payment_statement UNION ALL SELECT at FROM payment_step " \
    "UNION ALL SELECT received_at FROM framework UNION ALL SELECT known_at FROM snapshot "                                      \
    "UNION ALL SELECT received_at FROM lookup WHERE lookup = 'bank-holidays' "                                                  \
    "UNION ALL SELECT at FROM event WHERE kind NOT IN ('RETURN_REFUSED', 'RETURN_DUE', 'RETURN_OVERDUE', 'PLAN_DUE')) i"

static const char *changed_at(void) {
    static char text[64];
    snprintf(text, sizeof text, "%s", service_sql(s, "SELECT changed_at FROM service"));
    return text;
}

static unsigned long count(const char *where, const char *instant) {
    char query[1200];
    uint64_t n = 0;
    snprintf(query, sizeof query, "SELECT count(*) FROM " INSTANTS " WHERE %s '%s'", where, instant);
    CHECK(str_to_uint(str_of(service_sql(s, query)), UINT32_MAX, &n), "%s", query);
    return (unsigned long)n;
}

/* ---- changes ---- */

static char newest_plan[64];

static struct answer send(const char *method, const char *key, const char *path, const char *body) {
    bool is_json = *body == '{' || *body == 0;
    return service_ask(s, &(struct ask){.method = method,
                                        .path = path,
                                        .key = key,
                                        .type = is_json ? "application/json" : "text/csv",
                                        .body = str_of(body),
                                        .headers = {strstr(path, "/action-plans/") ? "If-Match: *" : NULL}});
}

/* As it is, with another contract value. */
static struct answer send_framework(const char *path) {
    struct answer a = service_get(s, s->commissioner, path);
    json_object_set_new(json_object_get(a.json, "contractValuePence"), "2025-26", json_integer(99000000));
    char *text = json_dumps(a.json, JSON_COMPACT);
    answer_free(&a);
    a = send("PUT", s->commissioner, path, text);
    free(text);
    return a;
}

/* 12 people of whom 3 have quit: red. */
static struct answer send_episodes(const char *key, const char *path) {
    struct buf b = BUF_EMPTY;
    char id[20];
    buf_add_cstr(&b, EPISODE_HEADER "\r\n");
    for (int i = 0; i < 12; i++) {
        snprintf(id, sizeof id, "e-%d", i + 1);
        struct episode_row row = episode_good(id);
        if (i >= 3) row.outcome = "2", row.co = "";
        episode_add_csv(&b, &row);
    }
    struct answer a = service_put(s, key, path, "text/csv", buf_str(&b));
    buf_free(&b);
    return a;
}

struct change {
    const char *label, *method;
    const char *path; /* + and the rest: of the plan that was opened last */
    const char *body; /* NULL: as the path says */
    long status;
    const char *at; /* where the answer says when; NULL: it does not */
    enum { COMMISSIONER, HOMERTON, PHARMACIES, ADMIN } who;
};

static void changes(const struct change *c) {
    const char *const KEYS[] = {s->commissioner, s->homerton, s->pharmacies, s->admin};
    char before[64], path[160], after[64], said[64] = "";
    snprintf(before, sizeof before, "%s", changed_at());
    unsigned long was = count("at <=", before);
    bool of_plan = *c->path == '+';
    snprintf(path, sizeof path, "%s%s%s", of_plan ? "/v1/action-plans/" : "", of_plan ? newest_plan : "",
             c->path + of_plan);
    struct answer a = c->body                           ? send(c->method, KEYS[c->who], path, c->body)
                      : strstr(c->path, "/frameworks/") ? send_framework(path)
                                                        : send_episodes(KEYS[c->who], path);
    CHECK(a.status == c->status, "%s: %ld %.300s", c->label, a.status, a.body.n ? a.body.p : "");
    if (strcmp(answer_text(&a, "kpi"), "(absent)") != 0)
        snprintf(newest_plan, sizeof newest_plan, "%s", answer_text(&a, "id"));
    if (c->at) snprintf(said, sizeof said, "%s", answer_text(&a, c->at));
    answer_free(&a);
    snprintf(after, sizeof after, "%s", changed_at());
    CHECK(strcmp(after, before) > 0, "%s: the newest change was %s and is %s", c->label, before, after);
    CHECK(count("at <=", before) == was, "%s: %lu of its instants are not later than the change before",
          c->label, count("at <=", before) - was);
    CHECK(count("at >", before) > 0, "%s: is kept with its instant", c->label);
    CHECK(count("at >", after) == 0, "%s: the service's newest change is as late as all of it", c->label);
    if (c->at) {
        char query[300];
        snprintf(query, sizeof query, "SELECT '%s'::timestamptz > '%s' AND '%s'::timestamptz <= '%s'", said,
                 before, said, after);
        CHECK(strcmp(service_sql(s, query), "t") == 0, "%s: answers %s, between %s and %s", c->label, said,
              before, after);
    }
}

static void an_hour_ahead(void) {
    static const struct change ALL[] = {
        {"an upload", "PUT", "/v1/returns/" SERVICE "/homerton/2025-26-Q1/episodes", NULL, 201, "receivedAt",
         HOMERTON},
        {"an upload of another", "PUT", "/v1/returns/" SERVICE "/pharmacies/2025-26-Q1/episodes", NULL, 201,
         NULL, PHARMACIES},
        {"other parts", "PUT", "/v1/returns/" SERVICE "/homerton/2025-26-Q1/training-sessions",
         "sessionId,date,type,attendees\n", 201, NULL, HOMERTON},
        {"a provider", "PUT", "/v1/services/" SERVICE "/providers/pharmacies",
         "{\"name\":\"Pharmacies\",\"expectedParts\":[\"episodes\"],\"from\":\"2025-26-Q1\",\"to\":null}",
         200, NULL, COMMISSIONER},
        {"a sign-off", "POST", "/v1/returns/" SERVICE "/pharmacies/2025-26-Q1/submission", "", 200,
         "return.signOff.at", PHARMACIES},
        {"finance", "PUT", NATIONAL "/finance",
         "{\"allocation\":720000,\"cumulativeSpend\":9,\"pharmacotherapySpend\":7,\"otherAllocation\":0}",
         201, "receivedAt", COMMISSIONER},
        {"a plan by hand", "POST", "/v1/action-plans", "{\"kpi\":\"1.1\",\"openedFor\":\"2025-26-Q2\"}", 201,
         "openedAt", COMMISSIONER},
        {"the period becomes final, plans open", "POST", PERIODS "/2025-26-Q1/finalisation", "", 200,
         "finalAt", COMMISSIONER},
        {"a copy of the national return", "POST", NATIONAL "/submission", "{\"reason\":\"Sent today\"}", 201,
         NULL, COMMISSIONER},
        {"it is locked", "POST", PERIODS "/2025-26-Q1/lock", "{\"reason\":\"Audited\"}", 200, NULL,
         COMMISSIONER},
        {"and unlocked", "POST", PERIODS "/2025-26-Q1/unlock", "{\"reason\":\"Late\"}", 200, NULL,
         COMMISSIONER},
        {"a theme", "POST", "/v1/action-plans",
         "{\"kpi\":\"1.8,1.9\",\"openedFor\":\"2025-26-Q2\",\"indicatorTitle\":\"Both\"}", 201, "openedAt",
         COMMISSIONER},
        {"its words", "PATCH", "+", "{\"what\":\"More clinics\"}", 200, NULL, COMMISSIONER},
        {"an action", "POST", "+/actions", "{\"what\":\"Hire\",\"who\":\"Lead\",\"by\":\"2026-03-31\"}", 201,
         NULL, COMMISSIONER},
        {"an update", "POST", "+/updates", "{\"month\":\"2026-02\",\"text\":\"Hired\"}", 201, NULL,
         COMMISSIONER},
        {"a statement", "POST", STATEMENTS, "", 201, "history.0.at", COMMISSIONER},
        {"it is agreed", "POST", STATEMENTS "/1", "{\"status\":\"AGREED\"}", 200, "history.1.at",
         COMMISSIONER},
        {"the framework", "PUT", "/v1/frameworks/" SERVICE, NULL, 200, NULL, COMMISSIONER},
        {"the bank holidays", "PUT", "/v1/lookups/bank-holidays", "date,title\n2025-05-06,An extra day\n",
         201, "loaded.receivedAt", ADMIN},
        {"the bank holidays again", "PUT", "/v1/lookups/bank-holidays", "date,title\n2025-05-07,Another\n",
         200, "loaded.receivedAt", ADMIN},
        {"another upload", "PUT", "/v1/returns/" SERVICE "/homerton/2025-26-Q2/training-sessions",
         "sessionId,date,type,attendees\n", 201, "receivedAt", HOMERTON},
    };
    service_sql(s, "UPDATE service SET changed_at = now() + interval '1 hour'");
    for (size_t i = 0; i < sizeof ALL / sizeof *ALL; i++)
        changes(&ALL[i]);
}

void suite_http_instants(void) {
    suite_add("http_instants", begin, end);
    case_add("each change is later than every one before, wherever it is kept", an_hour_ahead);
}
