/* GET /v1/audit and `quarterday audit verify` of a service in use: who sees what, pages that go on, and tampering that is found and named. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/support/database.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

static struct service *s;
#define RETURN "/v1/returns/city-and-hackney/homerton/2025-26-Q3/contacts"

static int begin(void) {
    s = service_start(&(struct service_options){.today = NULL});
    return s ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

/* As a C string; the buffer keeps it. */
static const char *said(struct buf *out) {
    buf_reserve(out, 1);
    out->p[out->n] = '\0';
    return out->p;
}

static int audit_command(const char *what, const char *flag, const char *value, struct buf *out) {
    const char *argv[] = {"audit", what, "--database", s->app, flag, value, NULL};
    buf_clear(out);
    return service_command(argv, out);
}

static void send(int calls) {
    char csv[200];
    snprintf(csv, sizeof csv, "month,callsReceived,callsAnsweredFirstTime\n2025-10,%d,9\n", calls);
    struct answer a = service_put(s, s->homerton, RETURN, "text/csv", str_of(csv));
    CHECK(a.status == 201 || a.status == 200, "%ld", a.status);
    answer_free(&a);
}

static void lines(void) {
    for (int i = 0; i < 5; i++)
        send(20 + i);
    struct answer a = service_get(s, s->commissioner, "/v1/audit?action=RETURN_ACCEPTED&limit=3");
    CHECK(a.status == 200, "%ld %.*s", a.status, STR_ARG(buf_str(&a.body)));
    CHECK(json_array_size(answer_at(&a, "results")) == 3 &&
              strcmp(answer_text(&a, "metadata.total"), "5") == 0 &&
              strcmp(answer_text(&a, "metadata.more"), "true") == 0,
          "three of five: %.*s", STR_ARG(buf_str(&a.body)));
    CHECK(strcmp(answer_text(&a, "results.0.object"),
                 "returns/city-and-hackney/homerton/2025-26-Q3/contacts?version=1") == 0,
          "%s", answer_text(&a, "results.0.object"));
    CHECK(strlen(answer_text(&a, "results.0.hash")) == 64 &&
              strlen(answer_text(&a, "results.0.previousHash")) == 64,
          "hashes");
    char path[200];
    snprintf(path, sizeof path, "/v1/audit?action=RETURN_ACCEPTED&limit=3&after=%s",
             answer_text(&a, "metadata.cursor"));
    answer_free(&a);
    a = service_get(s, s->commissioner, path);
    CHECK(json_array_size(answer_at(&a, "results")) == 2 &&
              strcmp(answer_text(&a, "metadata.more"), "false") == 0 &&
              strcmp(answer_text(&a, "metadata.cursor"), answer_text(&a, "metadata.head.line")) == 0,
          "the other two, and the cursor is the end of the chain: %.*s", STR_ARG(buf_str(&a.body)));
    CHECK(strcmp(answer_text(&a, "metadata.head.stream"), "city-and-hackney") == 0, "%s",
          answer_text(&a, "metadata.head.stream"));
    answer_free(&a);
}

static void of_whom(void) {
    const struct {
        const char *key, *query;
        long status;
        const char *what;
    } CASES[] = {{s->homerton, "", 403, "a provider"},
                 {s->checker, "", 403, "a checker"},
                 {s->commissioner, "?service=city-and-hackney", 200, "the commissioner names its own"},
                 {s->commissioner, "?service=camden", 404, "or another one"},
                 {s->admin, "?service=city-and-hackney", 200, "an admin"},
                 {s->admin, "?service=camden", 404, "of a service that is none"},
                 {s->admin, "", 200, "of none"},
                 {s->commissioner, "?after=x", 400, "no number"},
                 {s->commissioner, "?after=1000000", 400, "further than the chain"},
                 {s->commissioner, "?limit=0", 400, "no limit"},
                 {NULL, "", 401, "nobody"}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char path[100];
        snprintf(path, sizeof path, "/v1/audit%s", CASES[i].query);
        struct answer a = service_get(s, CASES[i].key, path);
        CHECK(a.status == CASES[i].status, "%s: %ld, expected %ld", CASES[i].what, a.status, CASES[i].status);
        answer_free(&a);
    }
    struct answer a = service_get(s, s->admin, "/v1/audit?action=KEY_ISSUED");
    CHECK(strcmp(answer_text(&a, "results.0.actor"), "operator") == 0, "keys of no service are there: %.*s",
          STR_ARG(buf_str(&a.body)));
    answer_free(&a);
}

/* The refusals of the case before come by themselves, within a moment; from then on nobody but us writes. */
static void refusals(void) {
    static const char TIMES[] =
        "SELECT sum((detail->>'times')::int) FROM audit WHERE action = 'ACCESS_REFUSED'";
    for (int i = 0; i < 3000 && atoi(service_sql(s, TIMES)) < 3; i++)
        nanosleep(&(struct timespec){0, 20 * 1000000}, NULL);
    struct answer a = service_get(s, s->commissioner, "/v1/audit?action=ACCESS_REFUSED");
    CHECK(json_array_size(answer_at(&a, "results")) == 2,
          "of a provider, and of who asked for a service that is none: %.*s", STR_ARG(buf_str(&a.body)));
    CHECK(strcmp(answer_text(&a, "results.0.object"), "audit") == 0 &&
              strcmp(answer_text(&a, "results.0.detail.route"), "audit.list") == 0 &&
              strcmp(answer_text(&a, "results.0.detail.code"), "FORBIDDEN") == 0 &&
              strcmp(answer_text(&a, "results.0.detail.times"), "1") == 0,
          "%.*s", STR_ARG(buf_str(&a.body)));
    answer_free(&a);
    a = service_get(s, s->admin, "/v1/audit?action=ACCESS_REFUSED");
    CHECK(json_array_size(answer_at(&a, "results")) == 1,
          "a checker of no service, in the chain of none: %.*s", STR_ARG(buf_str(&a.body)));
    answer_free(&a);
}

static void verified(void) {
    struct buf out = BUF_EMPTY;
    CHECK(audit_command("verify", NULL, NULL, &out) == 0 &&
              strstr(said(&out), "service city-and-hackney: whole, "),
          "%s", said(&out));
    CHECK(audit_command("verify", "--service", "city-and-hackney", &out) == 0, "%s", said(&out));
    CHECK(audit_command("verify", "--service", "camden", &out) == 2, "%s", said(&out));
    CHECK(audit_command("verify", "--heads", "/nowhere/heads", &out) == 2, "%s", said(&out));
    buf_free(&out);
}

/* Every change is made with the triggers off, as the owner of the tables can, and undone. */
static void found(void) {
    static const struct {
        const char *change, *says;
    } CASES[] = {
        {"UPDATE audit SET actor = 'nobody' WHERE stream = 'city-and-hackney' AND seq = 3",
         "BROKEN, line 3 was changed"},
        {"DELETE FROM audit WHERE stream = 'city-and-hackney' AND seq = 4", "BROKEN, line 4 is missing"},
        {"DELETE FROM audit WHERE stream = 'city-and-hackney' AND seq = (SELECT max(seq) FROM audit WHERE stream = 'city-and-hackney')",
         "is missing"},
        {"DELETE FROM audit_head WHERE stream = 'city-and-hackney'",
         "the head of the chain says another hash"},
    };
    struct buf out = BUF_EMPTY;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char sql[900];
        snprintf(
            sql, sizeof sql,
            "CREATE TABLE kept AS SELECT * FROM audit; CREATE TABLE kept_head AS SELECT * FROM audit_head; "
            "ALTER TABLE audit DISABLE TRIGGER USER; %s",
            CASES[i].change);
        CHECK(database_do(s->owner, sql), "%s", CASES[i].change);
        CHECK(audit_command("verify", NULL, NULL, &out) == 1 && strstr(said(&out), CASES[i].says), "%s: %s",
              CASES[i].change, said(&out));
        CHECK(database_do(s->owner,
                          "DELETE FROM audit; INSERT INTO audit SELECT * FROM kept; DELETE FROM audit_head; "
                          "INSERT INTO audit_head SELECT * FROM kept_head; DROP TABLE kept, kept_head; "
                          "ALTER TABLE audit ENABLE TRIGGER USER"),
              "restored");
    }
    CHECK(audit_command("verify", NULL, NULL, &out) == 0, "untouched it is whole: %s", said(&out));
    buf_free(&out);
}

/* The last line cut off and the head set back: whole by itself, and yet not the chain whose head was kept. */
static void kept_heads(void) {
    struct buf out = BUF_EMPTY;
    char path[] = "/tmp/quarterday-heads-XXXXXX";
    CHECK(audit_command("heads", NULL, NULL, &out) == 0 &&
              strstr(said(&out), "{\"stream\":\"city-and-hackney\",\"line\":"),
          "%s", said(&out));
    int fd = mkstemp(path);
    CHECK(fd >= 0 && write(fd, out.p, out.n) == (ssize_t)out.n && close(fd) == 0, "kept in %s", path);
    send(40);
    CHECK(audit_command("verify", "--heads", path, &out) == 0, "lines may have come: %s", said(&out));
    CHECK(
        database_do(
            s->owner,
            "ALTER TABLE audit DISABLE TRIGGER USER; "
            "DELETE FROM audit a USING audit_head h WHERE a.stream = h.stream AND a.stream = 'city-and-hackney' AND a.seq >= h.seq - 1; "
            "UPDATE audit_head h SET seq = a.seq, hash = a.hash FROM audit a WHERE a.stream = h.stream AND "
            "h.stream = 'city-and-hackney' AND a.seq = h.seq - 2; ALTER TABLE audit ENABLE TRIGGER USER"),
        "cut off");
    CHECK(audit_command("verify", NULL, NULL, &out) == 0, "whole by itself: %s", said(&out));
    CHECK(audit_command("verify", "--heads", path, &out) == 1 && strstr(said(&out), "is missing"),
          "but not as kept: %s", said(&out));
    unlink(path);
    buf_free(&out);
}

void suite_http_audit(void) {
    suite_add("http_audit", begin, end);
    case_add("lines, pages, the head", lines);
    case_add("who may see what", of_whom);
    case_add("what was refused is there, too", refusals);
    case_add("quarterday audit verify", verified);
    case_add("tampering is found and named", found);
    case_add("heads that were kept show what was cut off", kept_heads);
}
