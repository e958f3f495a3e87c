/* The whole chain over HTTPS: parts in, signed off, the period final, plans born, answered, agreed; correction and withdrawal; lock; completeness; payment. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/answers.h"
#include "tests/support/episodes.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

static struct service *s;
static char plan_id[64];

static int begin(void) {
    s = service_start(NULL);
    return s ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

#define RETURNS "/v1/returns/city-and-hackney/"
#define Q2 "2025-26-Q2"

static struct answer post(const char *key, const char *path, const char *body) {
    return service_ask(
        s, &(struct ask){
               .method = "POST", .path = path, .key = key, .type = "application/json", .body = str_of(body)});
}

static struct answer patch(const char *key, const char *path, const char *match, const char *body) {
    char header[80];
    snprintf(header, sizeof header, "If-Match: %s", match);
    return service_ask(s, &(struct ask){.method = "PATCH",
                                        .path = path,
                                        .key = key,
                                        .type = "application/json",
                                        .body = str_of(body),
                                        .headers = {match ? header : NULL}});
}

static const char *key_of(const char *provider) {
    return strcmp(provider, "homerton") == 0 ? s->homerton : s->pharmacies;
}

/* 20 episodes, of which `quit` have quit; all of Q2 2025-26, complete. */
static void send_episodes(const char *provider, unsigned quit, const char *query, long status) {
    char path[200], ids[20][24];
    struct buf b = BUF_EMPTY;
    buf_add_cstr(&b, EPISODE_HEADER "\r\n");
    for (unsigned i = 0; i < 20; i++) {
        snprintf(ids[i], sizeof ids[i], "%s-%u", provider, i);
        struct episode_row r = episode_good(ids[i]);
        r.quit = "2025-07-10";
        r.followed_up = "2025-08-07";
        if (i >= quit) {
            r.outcome = "2";
            r.co = r.satisfaction = "";
        }
        episode_add_csv(&b, &r);
    }
    snprintf(path, sizeof path, RETURNS "%s/" Q2 "/episodes%s", provider, query);
    struct answer a = service_put(s, key_of(provider), path, "text/csv", buf_str(&b));
    CHECK(a.status == status, "%s: %ld %.300s", path, a.status, a.body.n ? a.body.p : "");
    answer_free(&a);
    buf_free(&b);
}

static void send_nil(const char *provider, const char *part) {
    char path[200], template_path[80];
    snprintf(template_path, sizeof template_path, "/v1/templates/%s", part);
    struct answer t = service_get(s, key_of(provider), template_path);
    snprintf(path, sizeof path, RETURNS "%s/" Q2 "/%s", provider, part);
    struct answer a = service_put(s, key_of(provider), path, "text/csv", buf_str(&t.body));
    CHECK(a.status == 201, "nil %s of %s: %ld %.200s", part, provider, a.status, a.body.n ? a.body.p : "");
    answer_free(&t);
    answer_free(&a);
}

static void send_the_rest(const char *provider) {
    static const char *const PARTS[] = {"follow-ups", "referrals", "contacts", "training-sessions"};
    for (size_t i = 0; i < 4; i++)
        send_nil(provider, PARTS[i]);
}

static struct answer sign(const char *provider) {
    char path[200];
    snprintf(path, sizeof path, RETURNS "%s/" Q2 "/submission", provider);
    return post(key_of(provider), path, "");
}

static void parts_missing(void) {
    send_episodes("homerton", 9, "", 201);
    struct answer a = sign("homerton");
    CHECK(a.status == 409, "%ld", a.status);
    check_text(&a, "code", "PARTS_MISSING");
    check_text(&a, "missingParts", "[\"follow-ups\",\"referrals\",\"contacts\",\"training-sessions\"]");
    answer_free(&a);
    CHECK(strcmp(service_sql(s, "select count(*) from sign_off"), "0") == 0, "nothing was signed");
}

static void last_sign_off_makes_final(void) {
    send_the_rest("homerton");
    struct answer a = sign("homerton");
    CHECK(a.status == 200, "%ld %.300s", a.status, a.body.n ? a.body.p : "");
    check_text(&a, "return.status", "SUBMITTED");
    check_text(&a, "periodFinal", "false");
    answer_free(&a);
    send_episodes("pharmacies", 12, "", 201);
    send_the_rest("pharmacies");
    a = sign("pharmacies");
    check_text(&a, "periodFinal", "true");
    CHECK(json_array_size(answer_at(&a, "plans")) > 0, "reds get their plans: %s", answer_text(&a, "plans"));
    answer_free(&a);
    a = service_get(s, s->commissioner, "/v1/dashboards/city-and-hackney/" Q2);
    check_text(&a, "provisional", "false");
    check_text(&a, "returns.submitted", "2");
    size_t reds = 0, plans = 0;
    for (size_t i = 0; i < 29; i++) {
        char path[64];
        snprintf(path, sizeof path, "kpis.%zu.rag", i);
        bool red = strcmp(answer_text(&a, path), "RED") == 0;
        snprintf(path, sizeof path, "kpis.%zu.raisesPlan", i);
        red = red && strcmp(answer_text(&a, path), "true") == 0;
        snprintf(path, sizeof path, "kpis.%zu.actionPlan.status", i);
        bool plan = strcmp(answer_text(&a, path), "REQUIRED") == 0;
        CHECK(red == plan, "KPI %zu: red %d, plan %d", i, red, plan);
        reds += red;
        plans += plan;
    }
    CHECK(reds > 0 && reds == plans, "%zu reds, %zu plans", reds, plans);
    answer_free(&a);
    CHECK(strcmp(service_sql(s, "select count(*) from event where kind = 'PERIOD_FINAL'"), "1") == 0,
          "one event");
    a = sign("pharmacies");
    CHECK(a.status == 200, "signing again with nothing new is quiet");
    answer_free(&a);
    CHECK(strcmp(service_sql(s, "select count(*) from sign_off"), "2") == 0, "and signs nothing");
}

/* 1.1: 40 of 800 expected: red for certain, a count: attributed to both. */
static void life_of_a_plan(void) {
    char path[120];
    struct answer a = service_get(s, s->commissioner, "/v1/action-plans?kpi=1.1");
    check_text(&a, "metadata.total", "1");
    check_text(&a, "results.0.attributedTo", "[\"homerton\",\"pharmacies\"]");
    check_text(&a, "results.0.performanceThisPeriod", "40; 800 expected by the end of 2025-26-Q2");
    check_text(&a, "results.0.target", "1600");
    check_text(&a, "results.0.dueDate", "2026-03-06"); /* ten working days after Friday 2026-02-20 */
    snprintf(plan_id, sizeof plan_id, "%s", answer_text(&a, "results.0.id"));
    answer_free(&a);
    snprintf(path, sizeof path, "/v1/action-plans/%s", plan_id);

    a = service_ask(s, &(struct ask){.method = "PATCH",
                                     .path = path,
                                     .key = s->homerton,
                                     .type = "application/json",
                                     .body = STR("{\"what\":\"x\"}")});
    CHECK(a.status == 428, "without If-Match: %ld", a.status);
    answer_free(&a);
    a = patch(s->homerton, path, "\"v1\"",
              "{\"what\":\"More quit dates set\",\"how\":\"Work with GP practices\"}");
    CHECK(a.status == 200, "%ld", a.status);
    check_text(&a, "status", "DRAFT");
    check_text(&a, "history.1.changed.what", "More quit dates set");
    answer_free(&a);
    a = patch(s->pharmacies, path, "\"v1\"", "{\"what\":\"Something else\"}");
    CHECK(a.status == 412, "two editors never overwrite each other: %ld", a.status);
    answer_free(&a);
    a = patch(s->homerton, path, "\"v2\"", "{\"status\":\"SUBMITTED\"}");
    CHECK(a.status == 422 && strstr(answer_text(&a, "detail"), "nonComplianceReason"),
          "says what is missing: %s", answer_text(&a, "detail"));
    answer_free(&a);
    a = patch(
        s->homerton, path, "\"v2\"",
        "{\"nonComplianceReason\":\"Fewer referrals\",\"who\":\"A. Lead\",\"when\":\"2026-27-Q1\",\"status\":\"SUBMITTED\"}");
    check_text(&a, "status", "SUBMITTED");
    answer_free(&a);
    a = patch(s->homerton, path, "\"v3\"", "{\"status\":\"AGREED\"}");
    CHECK(a.status == 403, "agreeing is the commissioner's: %ld", a.status);
    answer_free(&a);
    a = patch(s->commissioner, path, "\"v3\"", "{\"status\":\"DRAFT\"}");
    CHECK(a.status == 422, "sending back needs a comment: %ld", a.status);
    answer_free(&a);
    a = patch(s->commissioner, path, "\"v3\"", "{\"status\":\"AGREED\"}");
    check_text(&a, "status", "AGREED");
    answer_free(&a);
    snprintf(path, sizeof path, "/v1/action-plans/%s/updates", plan_id);
    a = post(s->pharmacies, path, "{\"month\":\"2026-02\",\"text\":\"Two practices visited\"}");
    CHECK(a.status == 201, "%ld", a.status);
    check_text(&a, "updates.0.month", "2026-02");
    answer_free(&a);
}

static void correction_after_sign_off(void) {
    char path[120];
    struct answer a = service_get(s, s->commissioner, "/v1/action-plans?kpi=1.4&status=REQUIRED");
    /* (9 + 12) of 40 is 52.5 %: green; so 1.4 has none. 1.3 (City) is red with 0 of 50. */
    check_text(&a, "metadata.total", "0");
    answer_free(&a);
    send_episodes("homerton", 9, "", 200); /* the same bytes again need no reason: they write nothing */
    send_episodes("homerton", 2, "", 422);
    send_episodes("homerton", 2, "?reason=Outcomes%20entered%20twice", 200);
    a = service_get(s, s->homerton, RETURNS "homerton/" Q2);
    check_text(&a, "status", "OPEN");
    check_text(&a, "resignNeeded", "true");
    check_text(&a, "periodFinal", "true");
    answer_free(&a);
    a = sign(
        "homerton"); /* 14 of 40 is 35 %: red; the homerton's own rate is below, the pharmacies' 60 % is not */
    check_text(&a, "plans.0.kpi", "1.4");
    check_text(&a, "plans.0.effect", "OPENED");
    snprintf(path, sizeof path, "/v1/action-plans/%s", answer_text(&a, "plans.0.id"));
    answer_free(&a);
    a = service_get(s, s->commissioner, path);
    check_text(&a, "attributedTo", "[\"homerton\"]");
    answer_free(&a);
    a = service_get(s, s->pharmacies, path);
    CHECK(a.status == 404, "not attributed, not seen: %ld", a.status);
    answer_free(&a);
    send_episodes("homerton", 9, "?reason=The%20first%20was%20right", 200);
    a = sign("homerton");
    check_text(&a, "plans.0.effect", "WITHDRAWN");
    answer_free(&a);
    a = service_get(s, s->commissioner, path);
    check_text(&a, "status", "WITHDRAWN");
    answer_free(&a);
}

static void locks(void) {
    struct answer a = post(s->homerton, "/v1/periods/city-and-hackney/" Q2 "/lock", "");
    CHECK(a.status == 403, "locking is the commissioner's: %ld", a.status);
    answer_free(&a);
    a = post(s->commissioner, "/v1/periods/city-and-hackney/" Q2 "/lock", "{\"reason\":\"Audited\"}");
    check_text(&a, "locked", "true");
    answer_free(&a);
    send_episodes("homerton", 3, "?reason=too%20late", 409);
    a = sign("homerton");
    check_text(&a, "code", "PERIOD_LOCKED");
    answer_free(&a);
    a = service_get(s, s->homerton, "/v1/returns?period=" Q2 "&status=LOCKED");
    check_text(&a, "metadata.total", "1");
    answer_free(&a);
    a = post(s->commissioner, "/v1/periods/city-and-hackney/" Q2 "/unlock", "{}");
    CHECK(a.status == 422, "unlocking needs a reason: %ld", a.status);
    answer_free(&a);
    a = post(s->commissioner, "/v1/periods/city-and-hackney/" Q2 "/unlock",
             "{\"reason\":\"One file was missing\"}");
    check_text(&a, "locked", "false");
    answer_free(&a);
    send_episodes("homerton", 3, "?reason=now", 200);
    send_episodes("homerton", 9, "?reason=back", 200);
    a = sign("homerton");
    CHECK(a.status == 200, "%ld", a.status);
    answer_free(&a);
}

static void is_it_complete(void) {
    struct answer a = service_get(s, s->checker, "/v1/completeness/city-and-hackney/" Q2);
    check_text(&a, "complete", "400"); /* 40 episodes x 10 items, none blank */
    check_text(&a, "required", "400");
    check_text(&a, "ready", "false"); /* nobody has given the finance */
    check_text(&a, "blockers.0.code", "FINANCE_MISSING");
    CHECK(json_array_size(answer_at(&a, "blockers")) == 1, "and nothing else: %s",
          answer_text(&a, "blockers"));
    check_text(&a, "incomplete", "(absent)");
    check_text(&a, "providers.0.message", "null");
    CHECK(json_array_size(answer_at(&a, "checks")) == 19, "V01 to V19");
    answer_free(&a);
    a = service_ask(
        s,
        &(struct ask){
            .method = "PUT",
            .path = "/v1/national-returns/city-and-hackney/" Q2 "/finance",
            .key = s->commissioner,
            .type = "application/json",
            .body = STR(
                "{\"allocation\":720000,\"cumulativeSpend\":0,\"pharmacotherapySpend\":0,\"otherAllocation\":0}")});
    CHECK(a.status == 201, "%ld", a.status);
    answer_free(&a);
    a = service_get(s, s->checker, "/v1/completeness/city-and-hackney/" Q2);
    check_text(&a, "ready", "true");
    check_text(&a, "blockers", "[]");
    answer_free(&a);
    a = service_get(s, s->checker, "/v1/completeness?period=" Q2 "&ready=true");
    check_text(&a, "metadata.total", "1");
    answer_free(&a);
    a = service_get(s, s->checker, "/v1/completeness?period=2025-26-Q3&ready=true");
    check_text(&a, "metadata.total", "0");
    answer_free(&a);
    a = service_get(s, s->homerton, "/v1/completeness/city-and-hackney/" Q2);
    check_text(&a, "required", "200");
    CHECK(json_array_size(answer_at(&a, "providers")) == 1, "a provider sees its own");
    answer_free(&a);
}

static void what_is_paid(void) {
    struct answer a = service_get(s, s->commissioner, "/v1/payments/city-and-hackney/2025-26");
    /* 21 of 40 is 52.5 %: a quarter of the way from 50 to 60: a quarter of the pool of 36,000.00. */
    check_text(&a, "poolPence", "3600000");
    check_text(&a, "numerator", "21");
    check_text(&a, "ratePercent", "52.5");
    check_text(&a, "paymentPence", "900000");
    check_text(&a, "status", "FORECAST");
    answer_free(&a);
    a = service_get(s, s->homerton, "/v1/payments/city-and-hackney/2025-26");
    CHECK(a.status == 403, "%ld", a.status);
    answer_free(&a);
    a = service_get(s, s->commissioner, "/v1/payments/city-and-hackney/2019-20");
    CHECK(a.status == 404, "%ld", a.status);
    answer_free(&a);
    a = service_get(s, s->commissioner, "/v1/payments/city-and-hackney/2024-25");
    check_text(&a, "ratePercent", "null");
    check_text(&a, "paymentPence", "0");
    answer_free(&a);
}

/* A corrected earlier quarter moves the year to date of a later final one: what is red no more there is withdrawn too. */
static void send_deprived(const char *provider, const char *period, const char *quit, unsigned rows,
                          unsigned deprived, const char *query) {
    char path[200], id[32];
    struct buf b = BUF_EMPTY;
    buf_add_cstr(&b, EPISODE_HEADER "\r\n");
    for (unsigned i = 0; i < rows; i++) {
        snprintf(id, sizeof id, "%s-%s-%u", provider, period, i);
        struct episode_row r = episode_good(id);
        r.quit = quit;
        r.outcome = r.followed_up = r.method = r.co = r.satisfaction = "";
        r.imd = i < deprived ? "1" : "3";
        episode_add_csv(&b, &r);
    }
    snprintf(path, sizeof path, RETURNS "%s/%s/episodes%s", provider, period, query);
    struct answer a = service_put(s, key_of(provider), path, "text/csv", buf_str(&b));
    CHECK(a.status == 201 || a.status == 200, "%s: %ld", path, a.status);
    answer_free(&a);
    buf_free(&b);
}

static void sign_nil_year(const char *provider, const char *period) {
    static const char *const PARTS[] = {"follow-ups", "referrals", "contacts", "training-sessions"};
    char path[200], template_path[80];
    for (size_t i = 0; i < 4; i++) {
        snprintf(template_path, sizeof template_path, "/v1/templates/%s", PARTS[i]);
        struct answer t = service_get(s, key_of(provider), template_path);
        snprintf(path, sizeof path, RETURNS "%s/%s/%s", provider, period, PARTS[i]);
        struct answer a = service_put(s, key_of(provider), path, "text/csv", buf_str(&t.body));
        answer_free(&t);
        answer_free(&a);
    }
    snprintf(path, sizeof path, RETURNS "%s/%s/submission", provider, period);
    struct answer a = post(key_of(provider), path, "");
    CHECK(a.status == 200, "%s: %ld %.200s", path, a.status, a.body.n ? a.body.p : "");
    answer_free(&a);
}

static void later_quarters_are_relieved(void) {
    static const char *const PROVIDERS[] = {"homerton", "pharmacies"};
    for (size_t i = 0; i < 2; i++) {
        send_deprived(PROVIDERS[i], "2025-26-Q3", "2025-11-01", 10, 6, "");
        send_deprived(PROVIDERS[i], "2025-26-Q4", "2026-01-05", 100, 0, "");
        sign_nil_year(PROVIDERS[i], "2025-26-Q3");
        sign_nil_year(PROVIDERS[i], "2025-26-Q4");
    }
    struct answer a = service_get(s, s->commissioner, "/v1/action-plans?kpi=4.1&openedFor=2025-26-Q4");
    check_text(&a, "results.0.status", "REQUIRED"); /* 52 of 260, with the 40 of Q2: 20 % against 50 */
    answer_free(&a);
    for (size_t i = 0; i < 2; i++) {
        send_deprived(PROVIDERS[i], "2025-26-Q3", "2025-11-01", 200, 200, "?reason=late%20postcodes");
        sign_nil_year(PROVIDERS[i], "2025-26-Q3");
    }
    a = service_get(s, s->commissioner, "/v1/action-plans?kpi=4.1&openedFor=2025-26-Q4");
    check_text(&a, "results.0.status", "WITHDRAWN"); /* 440 of 640: 68.75 % */
    answer_free(&a);
}

static void by_hand(void) {
    struct answer a = post(s->commissioner, "/v1/action-plans",
                           "{\"kpi\":\"1.4\",\"openedFor\":\"2025-26-Q2\",\"comment\":\"Watch this\"}");
    CHECK(a.status == 201, "%ld %.200s", a.status, a.body.n ? a.body.p : "");
    check_text(&a, "origin", "HAND");
    answer_free(&a);
    a = post(s->commissioner, "/v1/action-plans", "{\"kpi\":\"1.4\",\"openedFor\":\"2025-26-Q2\"}");
    CHECK(a.status == 409, "one open plan of a KPI: %ld", a.status);
    answer_free(&a);
    a = post(s->commissioner, "/v1/action-plans", "{\"kpi\":\"9.9\",\"openedFor\":\"2025-26-Q2\"}");
    CHECK(a.status == 422, "%ld", a.status);
    answer_free(&a);
    a = post(s->commissioner, "/v1/action-plans", "{\"kpi\":\"1.4\",\"opened\":\"2025-26-Q2\"}");
    CHECK(a.status == 422 && strstr(answer_text(&a, "detail"), "openedFor"), "names the nearest: %s",
          answer_text(&a, "detail"));
    answer_free(&a);
}

void suite_http_chain(void) {
    suite_add("http_chain", begin, end);
    case_add("signing off without all expected parts lists what is missing", parts_missing);
    case_add("the last expected sign-off makes the period final, and each red gets its plan",
             last_sign_off_makes_final);
    case_add("a plan is drafted, submitted, agreed and followed up; nobody overwrites anybody",
             life_of_a_plan);
    case_add("a correction needs its reason and a new signature, opens and withdraws plans",
             correction_after_sign_off);
    case_add("a locked period takes nothing until it is unlocked with a reason", locks);
    case_add("completeness is told to checker, commissioner and provider, each what is theirs",
             is_it_complete);
    case_add("payment by results is the seed's example to the penny", what_is_paid);
    case_add("the commissioner opens a plan by hand", by_hand);
    case_add("a corrected quarter withdraws the plans of later ones that it makes good",
             later_quarters_are_relieved);
}
