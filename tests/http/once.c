/* Idempotency-Key over HTTPS: sent again, sent at once, sent with another request, and with the service killed in between. A draft of a
 * statement is what is counted: each POST without a key makes one more. */
#include <libpq-fe.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/support/service.h"
#include "tests/support/suite.h"

static struct service *s;
#define DRAFTS "/v1/payments/city-and-hackney/2025-26/statements"

static int begin(void) {
    s = service_start(&(struct service_options){.commands_beside = true});
    return s ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

static struct answer post(const char *key, const char *path, const char *idempotency, const char *body) {
    return service_ask(s, &(struct ask){.method = "POST",
                                        .path = path,
                                        .key = key,
                                        .type = "application/json",
                                        .body = str_of(body),
                                        .headers = {idempotency}});
}

static int number(const char *query) {
    return atoi(service_sql(s, query));
}
static int drafts(void) {
    return number("SELECT count(*) FROM payment_statement");
}

static bool same(const struct answer *a, const struct answer *b) {
    return a->status == b->status && str_eq(buf_str(&a->body), buf_str(&b->body)) &&
           strcmp(answer_header(a, "content-type"), answer_header(b, "content-type")) == 0;
}

/* ---- again ---- */

static void sent_again(void) {
    const char *key = "Idempotency-Key: 7d0c1c9e-6a1b-4d5e-9a51-0d6c4f1f7a10";
    int before = drafts();
    struct answer a = post(s->commissioner, DRAFTS, key, "{\"comment\":\"x\"}");
    CHECK(a.status == 201 && !*answer_header(&a, "idempotency-replayed"), "%ld %.200s", a.status, a.body.p);
    for (int i = 0; i < 3; i++) {
        struct answer b = post(s->commissioner, DRAFTS, key, "{\"comment\":\"x\"}");
        CHECK(same(&a, &b), "%d: %ld %.200s", i, b.status, b.body.n ? b.body.p : "");
        CHECK(strcmp(answer_header(&b, "location"), DRAFTS "/1") == 0, "%s", answer_header(&b, "location"));
        CHECK(strcmp(answer_header(&b, "idempotency-replayed"), "true") == 0,
              "it says that it is told again");
        CHECK(strcmp(answer_header(&b, "cache-control"), "no-store") == 0, "%s",
              answer_header(&b, "cache-control"));
        answer_free(&b);
    }
    CHECK(drafts() == before + 1, "done once: %d", drafts());
    answer_free(&a);
    a = post(s->commissioner, DRAFTS, key, "{\"comment\":\"y\"}");
    CHECK(a.status == 422 && strcmp(answer_text(&a, "code"), "IDEMPOTENCY_KEY_REUSED") == 0, "%ld %s",
          a.status, answer_text(&a, "code"));
    answer_free(&a);
    a = post(s->commissioner, "/v1/payments/city-and-hackney/2024-25/statements", key, "{\"comment\":\"x\"}");
    CHECK(a.status == 422, "another year is another request: %ld", a.status);
    answer_free(&a);
    a = post(s->commissioner, DRAFTS "/1", key, "{\"status\":\"AGREED\"}");
    CHECK(a.status == 200, "on another route it is another key: %ld", a.status);
    answer_free(&a);
    for (int i = 0; i < 2; i++) {
        a = post(s->commissioner, DRAFTS, NULL, "{\"comment\":\"x\"}");
        CHECK(a.status == 201, "%ld", a.status);
        answer_free(&a);
    }
    CHECK(drafts() == before + 3, "without the header each is done");
}

static void of_whom(void) {
    const char *key = "Idempotency-Key: shared-name";
    struct answer a = post(s->admin, "/v1/keys", key, "{\"role\":\"CHECKER\"}"),
                  b = post(s->admin, "/v1/keys", key, "{\"role\":\"CHECKER\"}");
    CHECK(a.status == 201 && strncmp(answer_text(&a, "key"), "qd_live_", 8) == 0, "%ld", a.status);
    CHECK(b.status == 201 && strcmp(answer_text(&b, "key"), "null") == 0 &&
              strcmp(answer_text(&b, "id"), answer_text(&a, "id")) == 0,
          "the text of a key is not told again: %.200s", b.body.p);
    char sql[200];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM idempotency WHERE position('%.20s' IN convert_from(body, 'UTF8')) > 0",
             answer_text(&a, "key") + 20);
    CHECK(number(sql) == 0, "nor is it kept");
    answer_free(&a);
    answer_free(&b);
    a = post(s->homerton, "/v1/returns/city-and-hackney/homerton/2025-26-Q1/submission", key, "{}");
    b = post(s->pharmacies, "/v1/returns/city-and-hackney/pharmacies/2025-26-Q1/submission", key, "{}");
    CHECK(a.status == 409 && b.status == 409, "each provider has keys of its own: %ld %ld", a.status,
          b.status);
    answer_free(&a);
    answer_free(&b);
}

static void badly_written(void) {
    char long_one[300];
    int n = snprintf(long_one, sizeof long_one, "Idempotency-Key: ");
    memset(long_one + n, 'a', 256);
    long_one[n + 256] = '\0';
    const char *const BAD[] = {"Idempotency-Key: a b", "Idempotency-Key: \xc3\xa9", "Idempotency-Key;",
                               long_one};
    int before = drafts();
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        struct answer a = post(s->commissioner, DRAFTS, BAD[i], "{}");
        CHECK(a.status == 400, "case %zu: %ld", i, a.status);
        answer_free(&a);
    }
    struct answer a = service_ask(s, &(struct ask){.method = "POST",
                                                   .path = DRAFTS,
                                                   .key = s->commissioner,
                                                   .type = "application/json",
                                                   .body = STR("{}"),
                                                   .headers = {"Idempotency-Key: a", "Idempotency-Key: b"}});
    CHECK(a.status == 400, "two of them: %ld", a.status);
    answer_free(&a);
    CHECK(drafts() == before, "nothing was done");
    long_one[n + 255] = '\0';
    a = post(s->commissioner, DRAFTS, long_one, "{}");
    CHECK(a.status == 201, "255 characters are no more than fit: %ld", a.status);
    answer_free(&a);
}

static void refusals_are_not_kept(void) {
    const char *key = "Idempotency-Key: refused-first",
               *path = "/v1/periods/city-and-hackney/2024-25-Q1/unlock";
    struct answer a = post(s->commissioner, path, key, "{}");
    CHECK(a.status == 422 && strcmp(answer_text(&a, "code"), "MISSING_VALUE") == 0, "%ld", a.status);
    answer_free(&a);
    a = post(s->commissioner, path, key, "{\"reason\":\"now with one\"}");
    CHECK(a.status == 200, "put right it may have the same key: %ld %.200s", a.status,
          a.body.n ? a.body.p : "");
    answer_free(&a);
}

/* ---- at once ---- */

static void while_at_work(void) {
    PGconn *other = PQconnectdb(s->app);
    PQclear(PQexec(
        other, "SELECT pg_advisory_lock(hashtextextended('city-and-hackney  statement.draft at-work', 7))"));
    int before = drafts();
    struct answer a = post(s->commissioner, DRAFTS, "Idempotency-Key: at-work", "{}");
    CHECK(a.status == 409 && strcmp(answer_text(&a, "code"), "REQUEST_IN_PROGRESS") == 0, "%ld %s", a.status,
          answer_text(&a, "code"));
    CHECK(atoi(answer_header(&a, "retry-after")) > 0, "Retry-After: %s", answer_header(&a, "retry-after"));
    answer_free(&a);
    PQclear(
        PQexec(other, "SELECT pg_advisory_unlock_all()")); /* the connection's own end may take a moment */
    PQfinish(other);
    a = post(s->commissioner, DRAFTS, "Idempotency-Key: at-work", "{}");
    CHECK(a.status == 201 && drafts() == before + 1, "then it is done: %ld", a.status);
    answer_free(&a);
}

enum { SENDERS = 8 };
static void *send_one(void *context) {
    long *status = context;
    struct answer a = post(s->commissioner, DRAFTS, "Idempotency-Key: all-at-once", "{}");
    *status = a.status;
    answer_free(&a);
    client_forget();
    return NULL;
}

static void at_once(void) {
    pthread_t threads[SENDERS];
    long status[SENDERS] = {0};
    int before = drafts(), done = 0;
    for (int i = 0; i < SENDERS; i++)
        pthread_create(&threads[i], NULL, send_one, &status[i]);
    for (int i = 0; i < SENDERS; i++) {
        pthread_join(threads[i], NULL);
        CHECK(status[i] == 201 || status[i] == 409, "%d: %ld", i, status[i]);
        done += status[i] == 201;
    }
    CHECK(done >= 1 && drafts() == before + 1, "%d got the answer, %d was made", done, drafts() - before);
}

/* ---- killed ---- */

/* What was killed may still hold its key in the database for a moment. */
static struct answer sent_until_done(const char *key) {
    struct answer a = post(s->commissioner, DRAFTS, key, "{}");
    for (int tries = 0; tries < 3000 && strcmp(answer_text(&a, "code"), "REQUEST_IN_PROGRESS") == 0;
         tries++) {
        answer_free(&a);
        usleep(20000);
        a = post(s->commissioner, DRAFTS, key, "{}");
    }
    return a;
}

static void killed(void) {
    enum { CYCLES = 8 };
    client_is_quiet = true;
    for (unsigned i = 0; i < CYCLES; i++) {
        char key[60];
        snprintf(key, sizeof key, "Idempotency-Key: killed-%u", i);
        int before = drafts();
        pid_t killer = service_kill_after(s, 500 + i * 1500);
        struct answer first = post(s->commissioner, DRAFTS, key, "{}");
        waitpid(killer, NULL, 0);
        service_kill(s);
        CHECK(service_restart(s, &(struct service_options){.commands_beside = true}), "started again");
        struct answer again = sent_until_done(key);
        CHECK(again.status == 201 && drafts() == before + 1, "cycle %u: %ld, %d made", i, again.status,
              drafts() - before);
        if (first.status == 201) CHECK(same(&first, &again), "cycle %u: what was told is told again", i);
        answer_free(&first);
        answer_free(&again);
    }
    client_is_quiet = false;
}

/* ---- ninety days ---- */

static void forgotten(void) {
    const char *argv[] = {"run-calendar", "--database", s->app, NULL};
    CHECK(
        number(
            "WITH old AS (UPDATE idempotency SET at = now() - interval '90 days 1 minute' WHERE key LIKE 'killed-%' "
            "RETURNING 1) SELECT count(*) FROM old") == 8,
        "eight grow old");
    CHECK(
        number(
            "WITH old AS (UPDATE idempotency SET at = now() - interval '89 days 23 hours' WHERE key = 'at-work' "
            "RETURNING 1) SELECT count(*) FROM old") == 1,
        "one nearly");
    int before = number("SELECT count(*) FROM idempotency");
    CHECK(service_command(argv, NULL) == 0, "the daily work");
    CHECK(number("SELECT count(*) FROM idempotency") == before - 8 &&
              number("SELECT count(*) FROM idempotency WHERE key LIKE 'killed-%'") == 0,
          "after 90 days and not before");
}

void suite_http_once(void) {
    suite_add("http_once", begin, end);
    case_add("the same request again gets the same answer, and is done once", sent_again);
    case_add("a key belongs to its service and provider; the text of an API key is told once", of_whom);
    case_add("what is no key is refused", badly_written);
    case_add("a refusal is not kept", refusals_are_not_kept);
    case_add("while the first is at work the second waits", while_at_work);
    case_add("many at once make one", at_once);
    case_add("kill -9 at any moment: sent again it is done once", killed);
    case_add("answers are forgotten after 90 days", forgotten);
}
