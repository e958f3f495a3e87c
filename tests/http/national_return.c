/* The national return over HTTPS: added up from what was sent, finance and reasons, copies that stay; who may; and that
 * every change has its audit line and its event. Counts by hand: 20 people, 9 of whom quit. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/answers.h"
#include "tests/support/episodes.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

static struct service *s;

static int begin(void) {
    s = service_start(NULL);
    return s ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

#define Q2 "/v1/national-returns/city-and-hackney/2025-26-Q2"
#define FINANCE                                                                                              \
    "{\"allocation\":720000,\"cumulativeSpend\":100,\"pharmacotherapySpend\":7,\"otherAllocation\":0}"

static void send_episodes(unsigned quit) {
    char ids[20][24];
    struct buf b = BUF_EMPTY;
    buf_add_cstr(&b, EPISODE_HEADER "\r\n");
    for (unsigned i = 0; i < 20; i++) {
        snprintf(ids[i], sizeof ids[i], "e-%u", i);
        struct episode_row r = episode_good(ids[i]);
        r.quit = "2025-07-10";
        r.followed_up = "2025-08-07";
        if (i == 0) r.nssec = "";
        if (i >= 18) r.authority = "E09000001";
        if (i >= quit) {
            r.outcome = "2";
            r.co = r.satisfaction = "";
        }
        episode_add_csv(&b, &r);
    }
    struct answer a = service_put(s, s->homerton, "/v1/returns/city-and-hackney/homerton/2025-26-Q2/episodes",
                                  "text/csv", buf_str(&b));
    CHECK(a.status == 200 || a.status == 201, "%ld %.300s", a.status, a.body.n ? a.body.p : "");
    answer_free(&a);
    buf_free(&b);
}

/* The sum of a measure over a part. */
static long sum_of(const struct answer *a, const char *part, const char *measure) {
    long sum = 0;
    const json_t *row;
    size_t i;
    json_array_foreach(answer_at(a, "rows"), i, row) {
        if (strcmp(json_string_value(json_object_get(row, "part")), part) == 0 &&
            strcmp(json_string_value(json_object_get(row, "measure")), measure) == 0)
            sum += (long)json_integer_value(json_object_get(row, "value"));
    }
    return sum;
}

static void added_up(void) {
    static const char *const PARTS[] = {"1A", "1B", "1E", "1F", "1G", "1H"};
    send_episodes(9);
    struct answer a = service_get(s, s->checker, Q2);
    CHECK(a.status == 200 && json_array_size(answer_at(&a, "rows")) == 474, "%ld: every cell of the form",
          a.status);
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++)
        CHECK(sum_of(&a, PARTS[i], "SET") == 20 && sum_of(&a, PARTS[i], "QUIT") == 9, "%s: %ld of %ld",
              PARTS[i], sum_of(&a, PARTS[i], "QUIT"), sum_of(&a, PARTS[i], "SET"));
    CHECK(sum_of(&a, "1B", "NOT_QUIT") == 11 && sum_of(&a, "1B", "LOST") == 0 &&
              sum_of(&a, "1B", "CO_VALIDATED") == 9,
          "the outcomes");
    check_text(&a, "formVersion", "SSQ-2024");
    check_text(&a, "imputed", "[{\"part\":\"1E\",\"key\":\"96\",\"count\":1}]");
    CHECK(json_array_size(answer_at(&a, "checks")) == 19, "all rules");
    check_text(&a, "checks.2.passed", "false"); /* V03: the finance is missing */
    check_text(&a, "checks.6.passed", "true");
    check_text(&a, "submitted", "null");
    answer_free(&a);
    a = service_get(s, s->commissioner, Q2 "?localAuthority=City%20of%20London");
    CHECK(sum_of(&a, "1A", "SET") == 2, "%ld of the City", sum_of(&a, "1A", "SET"));
    check_text(&a, "localAuthority", "E09000001");
    answer_free(&a);
    a = service_get(s, s->commissioner, Q2 "?knownAt=2020-01-01T00:00:00Z");
    CHECK(sum_of(&a, "1A", "SET") == 0, "nothing was known then");
    answer_free(&a);
}

static void who_may(void) {
    static const char *const WRITES[][3] = {{"PUT", Q2 "/finance", FINANCE},
                                            {"PUT", Q2 "/reasons", "{\"reasons\":[]}"},
                                            {"POST", Q2 "/submission", "{}"}};
    struct answer a = service_get(s, s->homerton, Q2);
    CHECK(a.status == 403, "a provider: %ld", a.status);
    answer_free(&a);
    for (size_t i = 0; i < 3; i++) {
        a = service_send(s, WRITES[i][0], s->checker, WRITES[i][1], NULL, WRITES[i][2]);
        CHECK(a.status == 403, "a checker only reads %s: %ld", WRITES[i][1], a.status);
        answer_free(&a);
    }
    CHECK(strcmp(service_sql(s, "select count(*) from national_entry"), "0") == 0, "nothing was written");
}

static void finance_and_reasons(void) {
    struct answer a = service_send(s, "PUT", s->commissioner, Q2 "/finance", NULL, FINANCE);
    CHECK(a.status == 201, "%ld %.200s", a.status, a.body.n ? a.body.p : "");
    answer_free(&a);
    a = service_send(s, "PUT", s->commissioner, Q2 "/finance", NULL, FINANCE);
    CHECK(a.status == 200, "the same again: %ld", a.status);
    answer_free(&a);
    a = service_send(s, "PUT", s->commissioner, Q2 "/finance", "\"v2\"", FINANCE);
    CHECK(a.status == 412, "a version that there is not: %ld", a.status);
    answer_free(&a);
    a = service_send(s, "PUT", s->commissioner, Q2 "/finance", NULL, "{\"allocation\":1}");
    check_text(&a, "code", "MISSING_VALUE");
    answer_free(&a);
    a = service_send(
        s, "PUT", s->commissioner, "/v1/national-returns/city-and-hackney/2025-26-Q3/finance", NULL,
        "{\"allocation\":720000,\"cumulativeSpend\":99,\"pharmacotherapySpend\":7,\"otherAllocation\":0}");
    check_text(&a, "checks.0.id", "V14");
    check_text(&a, "checks.0.passed", "false"); /* less was spent by quarter 3 than by quarter 2 */
    answer_free(&a);
    a = service_send(s, "PUT", s->commissioner, Q2 "/reasons", NULL,
                     "{\"reasons\":[{\"part\":\"1G\",\"key1\":\"8\",\"reason\":\"Few people.\"}]}");
    check_text(&a, "reasons.0.key1", "08");
    answer_free(&a);
    CHECK(
        strcmp(
            service_sql(
                s,
                "select string_agg(kind || period || 'v' || version, ' ' order by seq) from national_entry"),
            "FINANCE8101v1 FINANCE8102v1 REASONS8101v1") == 0,
        "%s",
        service_sql(
            s, "select string_agg(kind || period || 'v' || version, ' ' order by seq) from national_entry"));
}

static void copies_stay(void) {
    struct answer a = service_send(s, "POST", s->commissioner, Q2 "/submission", NULL, "");
    CHECK(a.status == 201, "%ld %.200s", a.status, a.body.n ? a.body.p : "");
    check_text(&a, "number", "1");
    CHECK(json_is_null(answer_at(&a, "reason")), "no reason is none, not an empty one");
    answer_free(&a);
    send_episodes(10);
    a = service_get(s, s->checker, Q2);
    check_text(&a, "submitted.number", "1");
    CHECK(json_array_size(answer_at(&a, "difference")) == 9, "one more quitter moves these cells: %s",
          answer_text(&a, "difference")); /* QUIT of seven parts, with 1D; NOT_QUIT, CO of 1B */
    answer_free(&a);
    a = service_send(s, "POST", s->commissioner, Q2 "/submission", "\"v1\"",
                     "{\"reason\":\"A late outcome.\"}");
    check_text(&a, "number", "2");
    check_text(&a, "checks.18.passed", "true");
    answer_free(&a);
    a = service_get(s, s->checker, Q2 "/submissions/1");
    CHECK(sum_of(&a, "1A", "QUIT") == 9, "the first copy is as it was");
    answer_free(&a);
    a = service_get(s, s->checker, Q2 "/submissions/2");
    CHECK(sum_of(&a, "1A", "QUIT") == 10, "the second is of now");
    answer_free(&a);
    a = service_get(s, s->checker, Q2 "/history");
    check_text(&a, "metadata.total", "4");
    check_text(&a, "results.0.kind", "SUBMISSION");
    answer_free(&a);
}

static void traces(void) {
    CHECK(strcmp(service_sql(s, "select count(*) from audit where action like 'NATIONAL_%'"), "5") == 0 &&
              strcmp(service_sql(s, "select count(*) from event where kind like 'NATIONAL_%'"), "5") == 0,
          "an audit line and an event for each");
    CHECK(strcmp(service_sql(s, "select count(*) from audit where detail::text like '%Few people%'"), "0") ==
              0,
          "the words of reasons stay out of the audit");
    CHECK(
        strcmp(
            service_sql(
                s,
                "select count(*) from event e join national_entry n using (service, seq) where e.body->>'version' = n.version::text"),
            "5") == 0,
        "each event tells its version");
}

void suite_http_national_return(void) {
    suite_add("http_national_return", begin, end);
    case_add("added up from episodes, for all and by authority", added_up);
    case_add("checkers read, commissioners write, providers do neither", who_may);
    case_add("finance and reasons, with what their rules say", finance_and_reasons);
    case_add("numbered copies stay as they were", copies_stay);
    case_add("every change leaves its traces", traces);
}
