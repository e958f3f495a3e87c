/* Rows about clients and a commissioner: never without the scope CLIENT_ROWS, a reason and an audit line, and never with clientId. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/episodes.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

static struct service *s;
static char scoped[128];
#define ROWS "/v1/returns/city-and-hackney/homerton/2025-26-Q1/episodes"

static int begin(void) {
    s = service_start(NULL);
    if (!s) return 1;
    struct answer a = service_ask(
        s,
        &(struct ask){
            .method = "POST",
            .path = "/v1/keys",
            .key = s->admin,
            .type = "application/json",
            .body = STR(
                "{\"role\":\"COMMISSIONER\",\"service\":\"city-and-hackney\",\"scopes\":[\"CLIENT_ROWS\"]}")});
    snprintf(scoped, sizeof scoped, "%s", answer_text(&a, "key"));
    answer_free(&a);
    struct episode_row row = episode_good("E-1");
    row.client = "PSEUDONYM-1";
    row.nssec = ""; /* an incomplete cell */
    struct buf b = BUF_EMPTY;
    buf_add_cstr(&b, EPISODE_HEADER "\r\n");
    episode_add_csv(&b, &row);
    a = service_put(s, s->homerton, ROWS, "text/csv", buf_str(&b));
    int bad = a.status != 201;
    answer_free(&a);
    buf_free(&b);
    return bad;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

static int lines(void) {
    return atoi(service_sql(s, "SELECT count(*) FROM audit WHERE action = 'CLIENT_ROWS_READ'"));
}

static bool mentions(const struct answer *a, const char *what) {
    return a->body.n && memmem(a->body.p, a->body.n, what, strlen(what)) != NULL;
}

static struct answer ask(const char *key, const char *path, const char *accept, long status) {
    struct answer a = service_ask(s, &(struct ask){.path = path, .key = key, .headers = {accept}});
    CHECK(a.status == status, "%s: %ld %.200s", path, a.status, a.body.n ? a.body.p : "");
    return a;
}

static void the_provider_itself(void) {
    struct answer a = ask(s->homerton, ROWS, NULL, 200);
    CHECK(mentions(&a, "PSEUDONYM-1"), "the provider gets its own pseudonyms back");
    answer_free(&a);
    CHECK(lines() == 0, "its own reading is no line of its service's audit");
}

static void without_the_scope(void) {
    struct answer a = ask(s->commissioner, ROWS "?reason=complaint%2012", NULL, 403);
    CHECK(strcmp(answer_text(&a, "code"), "FORBIDDEN") == 0 && !mentions(&a, "E-1"), "%.200s", a.body.p);
    answer_free(&a);
    a = ask(s->checker, ROWS "?reason=x", NULL, 403);
    answer_free(&a);
    a = ask(s->pharmacies, ROWS "?reason=x", NULL, 404);
    answer_free(&a);
    CHECK(lines() == 0, "nothing was read");
}

static void without_a_reason(void) {
    static const char *const NONE[] = {ROWS, ROWS "?reason=", ROWS "?reason=%20%20"};
    for (size_t i = 0; i < sizeof NONE / sizeof *NONE; i++) {
        struct answer a = ask(scoped, NONE[i], NULL, 422);
        CHECK(strcmp(answer_text(&a, "code"), "MISSING_VALUE") == 0 && !mentions(&a, "E-1"), "%.200s",
              a.body.p);
        answer_free(&a);
    }
    struct answer a = ask(scoped, ROWS "?reason=call%20ann@example.org", NULL, 400);
    CHECK(!mentions(&a, "ann@example.org"), "what is personal is not told again");
    answer_free(&a);
    CHECK(lines() == 0, "nothing was read");
}

static void with_a_reason(void) {
    static const char *const ACCEPT[] = {"Accept: application/json", "Accept: text/csv"};
    for (int i = 0; i < 2; i++) {
        struct answer a = ask(scoped, ROWS "?reason=complaint%2012", ACCEPT[i], 200);
        CHECK(mentions(&a, "E-1") && mentions(&a, "quitDate"), "the rows: %.300s", a.body.p);
        CHECK(!mentions(&a, "PSEUDONYM-1") && !mentions(&a, "clientId"),
              "without the provider's names for its clients");
        CHECK(strcmp(answer_header(&a, "cache-control"), "no-store") == 0, "%s",
              answer_header(&a, "cache-control"));
        answer_free(&a);
        CHECK(lines() == i + 1, "each reading is a line");
    }
    CHECK(
        strcmp(
            service_sql(
                s,
                "SELECT object || ' ' || (detail->>'reason') || ' ' || (detail->>'version') || ' ' || stream FROM "
                "audit WHERE action = 'CLIENT_ROWS_READ' LIMIT 1"),
            "returns/city-and-hackney/homerton/2025-26-Q1/episodes complaint 12 1 city-and-hackney") == 0,
        "what, why, which version");
    char sql[250];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM audit WHERE action = 'CLIENT_ROWS_READ' AND actor = '%.10s'", scoped + 8);
    CHECK(atoi(service_sql(s, sql)) == 2, "and whose key");
    struct answer a =
        ask(scoped, "/v1/returns/city-and-hackney/homerton/2025-26-Q1/sites?reason=x", NULL, 404);
    answer_free(&a);
    CHECK(lines() == 2, "where there is nothing nothing was read");
    a = ask(scoped, ROWS "/changes", NULL, 200);
    CHECK(!mentions(&a, "E-1"), "what changed is told in numbers");
    answer_free(&a);
}

/* The ids of the rows behind a count are about clients as much as the rows. */
static void behind_a_count(void) {
    static const char BEHIND[] = "/v1/kpis/city-and-hackney/1.1/2025-26-Q1/rows";
    static const struct {
        const char *query;
        long status;
    } CASES[] = {{"", 422},
                 {"?provider=homerton", 422},
                 {"?provider=homerton&reason=due", 422},
                 {"?provider=homerton&accessReason=%20", 422},
                 {"?provider=homerton&accessReason=ann@example.org", 400},
                 {"?accessReason=complaint", 400},
                 {"?provider=nobody&accessReason=complaint", 404}};
    char path[300];
    int before = lines();
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        snprintf(path, sizeof path, "%s%s", BEHIND, CASES[i].query);
        struct answer a = ask(scoped, path, NULL, CASES[i].status);
        CHECK(!mentions(&a, "E-1") && !mentions(&a, "ann@example"), "%.200s", a.body.p);
        answer_free(&a);
    }
    snprintf(path, sizeof path, "%s?provider=homerton&accessReason=complaint%%2012", BEHIND);
    struct answer a = ask(s->commissioner, path, NULL, 403);
    answer_free(&a);
    a = ask(s->pharmacies, path, NULL, 404);
    answer_free(&a);
    CHECK(lines() == before, "nothing was read");
    a = ask(scoped, path, NULL, 200);
    CHECK(strcmp(answer_text(&a, "results.0.id"), "E-1") == 0 && !mentions(&a, "PSEUDONYM-1"), "%.300s",
          a.body.p);
    answer_free(&a);
    CHECK(lines() == before + 1, "each reading is a line");
    CHECK(strcmp(service_sql(s, "SELECT object || ' ' || (detail->>'reason') FROM audit WHERE action = "
                                "'CLIENT_ROWS_READ' ORDER BY seq DESC LIMIT 1"),
                 "kpis/city-and-hackney/1.1/2025-26-Q1/rows?provider=homerton complaint 12") == 0,
          "what and why");
    a = ask(s->homerton, BEHIND, NULL, 200);
    CHECK(mentions(&a, "E-1") && lines() == before + 1, "the provider's own reading needs neither");
    answer_free(&a);
}

/* The contract gives a commissioner the cells that the national collection lacks, by episode: no scope, no more than the three. */
static void incomplete_cells(void) {
    static const char PATH[] = "/v1/completeness/city-and-hackney/2025-26-Q1";
    struct answer a = ask(s->commissioner, PATH, NULL, 200);
    const json_t *cell = json_array_get(answer_at(&a, "incomplete.results"), 0);
    CHECK(json_object_size(cell) == 3 && json_object_get(cell, "provider") &&
              json_object_get(cell, "episodeId") && json_object_get(cell, "item"),
          "provider, episodeId, item: %.300s", a.body.p);
    CHECK(!mentions(&a, "PSEUDONYM-1"), "and no pseudonym");
    answer_free(&a);
    a = ask(s->checker, PATH, NULL, 200);
    CHECK(!answer_at(&a, "incomplete") && !mentions(&a, "E-1"), "a checker sees counts");
    answer_free(&a);
    a = ask(s->pharmacies, PATH, NULL, 200);
    CHECK(!mentions(&a, "E-1"), "another provider sees its own");
    answer_free(&a);
}

void suite_http_client_rows(void) {
    suite_add("http_client_rows", begin, end);
    case_add("a provider gets its own rows back, pseudonyms and all", the_provider_itself);
    case_add("nobody else does without the scope", without_the_scope);
    case_add("nor with it, without a reason", without_a_reason);
    case_add("with both the rows come without clientId, and the audit says who read what and why",
             with_a_reason);
    case_add("the ids behind a count need them, too", behind_a_count);
    case_add("incomplete cells are the commissioner's by the contract, and no more than they are",
             incomplete_cells);
}
