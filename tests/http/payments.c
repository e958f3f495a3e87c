/* Payment by results over HTTPS: workings, each provider's part, statements, adjustment. By hand: 2 of 3 at homerton and 2 of 4 at the pharmacies
 * is 4/7 = 57.14 %; share (400/7 - 50) / 10 = 5/7; of GBP 36,000.00 that is 2,571,428.57 pence, so 2,571,429; half each is 1,285,714.5,
 * and the odd penny goes to the first. Then homerton finds a quit: 5/7 is beyond 60 %, all 3,600,000 are earned, 1,028,571 more. */
#include <stdio.h>
#include <string.h>

#include "tests/support/answers.h"
#include "tests/support/episodes.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

static struct service *s;
#define PAYMENT "/v1/payments/city-and-hackney/2025-26"

static int begin(void) {
    s = service_start(&(struct service_options){.today = "2026-06-01"});
    return s ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

static void send_episodes(const char *provider, const char *key, int quits, int lost, long status) {
    struct buf b = BUF_EMPTY;
    char ids[8][20], path[200];
    buf_add_cstr(&b, EPISODE_HEADER "\r\n");
    for (int i = 0; i < quits + lost; i++) {
        snprintf(ids[i], sizeof ids[i], "%.8s-%d", provider, i + 1);
        struct episode_row row = episode_good(ids[i]);
        if (i >= quits) {
            row.outcome = "3";
            row.co = "";
        }
        episode_add_csv(&b, &row);
    }
    snprintf(path, sizeof path, "/v1/returns/city-and-hackney/%s/2025-26-Q1/episodes", provider);
    struct answer a = service_put(s, key, path, "text/csv", buf_str(&b));
    CHECK(a.status == status, "%s: %ld %.300s", provider, a.status, a.body.n ? a.body.p : "");
    answer_free(&a);
    buf_free(&b);
}

static struct answer post(const char *key, const char *path, const char *body, long status) {
    struct answer a = service_send(s, "POST", key, path, NULL, body);
    CHECK(a.status == status, "POST %s %s: %ld %.300s", path, body, a.status, a.body.n ? a.body.p : "");
    return a;
}

static void refused(const char *path, const char *body, long status, const char *words) {
    struct answer a = post(s->commissioner, path, body, status);
    CHECK(strstr(answer_text(&a, "detail"), words) != NULL, "%s: %s", body, answer_text(&a, "detail"));
    answer_free(&a);
}

static void step(int number, const char *status) {
    char path[100], body[60];
    snprintf(path, sizeof path, PAYMENT "/statements/%d", number);
    snprintf(body, sizeof body, "{\"status\":\"%s\"}", status);
    struct answer a = post(s->commissioner, path, body, 200);
    check_text(&a, "status", status);
    answer_free(&a);
}

/* ---- the forecast ---- */

static void workings(void) {
    send_episodes("homerton", s->homerton, 2, 1, 201);
    send_episodes("pharmacies", s->pharmacies, 2, 2, 201);
    struct answer a = service_get(s, s->commissioner, PAYMENT);
    check_text(&a, "numerator", "4");
    check_text(&a, "denominator", "7");
    check_text(&a, "ratePercent", "57.14");
    check_text(&a, "poolPence", "3600000");
    check_text(&a, "paymentPence", "2571429");
    check_text(&a, "status", "FORECAST");
    check_text(&a, "workings.poolPercent", "5");
    check_text(&a, "workings.noneUntilPercent", "50");
    check_text(&a, "workings.fullFromPercent", "60");
    check_text(&a, "workings.pool", "3600000");
    check_text(&a, "workings.rate", "4/7");
    check_text(&a, "workings.share", "5/7");
    check_text(&a, "workings.payment", "18000000/7");
    check_text(&a, "providers.0.provider", "homerton");
    check_text(&a, "providers.0.numerator", "2");
    check_text(&a, "providers.0.denominator", "3");
    check_text(&a, "providers.0.ratePercent", "66.67");
    check_text(&a, "providers.0.numeratorSharePercent", "50");
    check_text(&a, "providers.0.denominatorSharePercent", "42.86");
    check_text(&a, "providers.0.paymentPence", "1285715");
    check_text(&a, "providers.1.paymentPence", "1285714");
    check_text(&a, "statements", "[]");
    check_text(&a, "adjustmentPence", "null");
    answer_free(&a);
}

static void a_forecast_is_not_issued(void) {
    struct answer a = post(s->commissioner, PAYMENT "/statements", "{\"comment\":\"to look at\"}", 201);
    check_text(&a, "number", "1");
    check_text(&a, "status", "DRAFT");
    check_text(&a, "duePence", "2571429");
    check_text(&a, "adjusts", "null");
    check_text(&a, "figures.workings.share", "5/7");
    check_text(&a, "history.0.comment", "to look at");
    CHECK(strcmp(answer_header(&a, "location"), PAYMENT "/statements/1") == 0, "%s",
          answer_header(&a, "location"));
    answer_free(&a);
    step(1, "AGREED");
    refused(PAYMENT "/statements/1", "{\"status\":\"ISSUED\"}", 409, "forecast");
}

/* ---- the statement ---- */

static void is_issued(void) {
    struct answer a =
        post(s->commissioner, "/v1/periods/city-and-hackney/2025-26-Q4/finalisation", "{}", 200);
    answer_free(&a);
    refused(PAYMENT "/statements/1", "{\"status\":\"ISSUED\"}", 409, "draft another");
    a = post(s->commissioner, PAYMENT "/statements", "", 201);
    check_text(&a, "number", "2");
    check_text(&a, "figures.status", "FINAL");
    answer_free(&a);
    refused(PAYMENT "/statements/1", "{\"status\":\"ISSUED\"}", 409, "Statement 2 is newer");
    refused(PAYMENT "/statements/2", "{\"status\":\"ISSUED\"}", 409, "from DRAFT to AGREED");
    step(2, "AGREED");
    refused(PAYMENT "/statements/2", "{\"status\":\"AGREED\"}", 409, "from DRAFT to AGREED");
    step(2, "ISSUED");
    refused(PAYMENT "/statements", "{}", 409, "Statement 2");
    a = service_get(s, s->commissioner, PAYMENT);
    check_text(&a, "status", "FINAL");
    check_text(&a, "adjustmentPence", "0");
    check_text(&a, "statements.1.status", "ISSUED");
    answer_free(&a);
}

static void is_adjusted(void) {
    struct answer before = service_get(s, s->commissioner, PAYMENT "/statements/2");
    send_episodes("homerton", s->homerton, 3, 0, 200);
    struct answer a = service_get(s, s->commissioner, PAYMENT);
    check_text(&a, "paymentPence", "3600000");
    check_text(&a, "workings.share", "1");
    check_text(&a, "adjustmentPence", "1028571");
    answer_free(&a);
    a = service_get(s, s->commissioner, PAYMENT "/statements/2");
    CHECK(a.status == 200 && str_eq(buf_str(&a.body), buf_str(&before.body)),
          "what was issued stays as it was, to the byte");
    answer_free(&a);
    answer_free(&before);
    a = post(s->commissioner, PAYMENT "/statements", "{}", 201);
    check_text(&a, "number", "3");
    check_text(&a, "adjusts", "2");
    check_text(&a, "issuedBeforePence", "2571429");
    check_text(&a, "duePence", "1028571");
    answer_free(&a);
    step(3, "AGREED");
    step(3, "ISSUED");
    send_episodes("homerton", s->homerton, 2, 1, 200); /* and back: less than was paid */
    a = service_get(s, s->commissioner, PAYMENT);
    check_text(&a, "adjustmentPence", "-1028571");
    answer_free(&a);
}

static void leaves_a_trail(void) {
    const char *steps = service_sql(
        s, "SELECT string_agg(kind, ' ' ORDER BY seq) FROM quarterday.event WHERE kind LIKE 'PAYMENT%'");
    static const char WANT[] = "PAYMENT_DRAFTED PAYMENT_AGREED PAYMENT_DRAFTED PAYMENT_AGREED PAYMENT_ISSUED "
                               "PAYMENT_DRAFTED PAYMENT_AGREED PAYMENT_ISSUED";
    CHECK(strcmp(steps, WANT) == 0, "events: %s", steps);
    const char *lines = service_sql(
        s, "SELECT string_agg(action, ' ' ORDER BY seq) FROM quarterday.audit WHERE action LIKE 'PAYMENT%'");
    CHECK(strcmp(lines, WANT) == 0, "audit: %s", lines);
}

static void what_is_refused(void) {
    refused(PAYMENT "/statements/9", "{\"status\":\"AGREED\"}", 404, "no statement 9");
    refused(PAYMENT "/statements/0", "{\"status\":\"AGREED\"}", 404, "numbered from 1");
    refused(PAYMENT "/statements/3", "{}", 422, "AGREED");
    refused(PAYMENT "/statements/3", "{\"status\":\"DRAFT\"}", 422, "AGREED or ISSUED");
    refused(PAYMENT "/statements/3", "{\"status\":\"PAID\"}", 422, "AGREED or ISSUED");
    refused("/v1/payments/city-and-hackney/2019-20/statements", "{}", 404, "no payment");
    struct answer a = post(s->homerton, PAYMENT "/statements", "{}", 403);
    answer_free(&a);
    a = post(s->checker, PAYMENT "/statements/3", "{\"status\":\"AGREED\"}", 403);
    answer_free(&a);
    a = service_get(s, s->homerton, PAYMENT "/statements/3");
    CHECK(a.status == 403, "a provider reads no statement: %ld", a.status);
    answer_free(&a);
}

void suite_http_payments(void) {
    suite_add("http_payments", begin, end);
    case_add("workings and parts, to the penny", workings);
    case_add("a forecast is drafted and agreed, never issued", a_forecast_is_not_issued);
    case_add("a final year is issued, once", is_issued);
    case_add("a later version is told as an adjustment; what was issued stays", is_adjusted);
    case_add("every step is an event and an audit line", leaves_a_trail);
    case_add("what is refused, in words", what_is_refused);
}
