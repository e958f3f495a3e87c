/* GET /v1/events over HTTPS: what a provider and a commissioner are told of, cursors that go on where they stood, also after the service
 * was killed, and the answers to cursors that cannot be. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/service.h"
#include "tests/support/suite.h"

static struct service *s;
#define RETURN(provider) "/v1/returns/city-and-hackney/" provider "/2025-26-Q3/contacts"
#define GOOD "month,callsReceived,callsAnsweredFirstTime\n2025-10,10,9\n"
#define OTHER "month,callsReceived,callsAnsweredFirstTime\n2025-11,10,9\n"
#define BAD "month,callsReceived,callsAnsweredFirstTime\n2025-10,10,many\n"

/* What this suite brings about; the calendar tells of returns that come due beside it, whenever it has its turn. */
#define CHANGES "types=RETURN_ACCEPTED,RETURN_REFUSED,PERIOD_FINAL,KPI_RED,KPI_RECOVERED,PLAN_ESCALATED"

static int begin(void) {
    s = service_start(&(struct service_options){.today = NULL});
    return s ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

static void send(const char *key, const char *path, const char *csv, long want) {
    struct answer a = service_put(s, key, path, "text/csv", str_of(csv));
    CHECK(a.status == want, "%s: %ld, expected %ld", path, a.status, want);
    answer_free(&a);
}

/* "RETURN_ACCEPTED homerton; PERIOD_FINAL -" of an answer, in static memory. */
static const char *told(const struct answer *a) {
    static char text[1000];
    char path[60];
    text[0] = '\0';
    for (size_t i = 0; i < json_array_size(answer_at(a, "results")); i++) {
        size_t n = strlen(text);
        snprintf(path, sizeof path, "results.%zu.type", i);
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%s ", i ? "; " : "", answer_text(a, path));
        snprintf(path, sizeof path, "results.%zu.data.provider", i);
        const char *who = answer_text(a, path);
        snprintf(text + n, sizeof text - n, "%s", strcmp(who, "(absent)") == 0 ? "-" : who);
    }
    return text;
}

static void check_told(const char *key, const char *query, const char *want) {
    char path[300];
    snprintf(path, sizeof path, "/v1/events%s", query);
    struct answer a = service_get(s, key, path);
    CHECK(a.status == 200, "%s: %ld %.*s", path, a.status, STR_ARG(buf_str(&a.body)));
    CHECK(strcmp(told(&a), want) == 0, "%s: '%s', expected '%s'", path, told(&a), want);
    answer_free(&a);
}

/* ---- what is told ---- */

static void changes_are_told(void) {
    struct answer a = service_get(s, s->commissioner, "/v1/events?" CHANGES);
    CHECK(a.status == 200 && json_array_size(answer_at(&a, "results")) == 0, "nothing yet: %s", told(&a));
    CHECK(strcmp(answer_text(&a, "metadata.total"), "0") == 0 &&
              strcmp(answer_text(&a, "metadata.more"), "false") == 0,
          "and nothing more");
    answer_free(&a);
    send(s->homerton, RETURN("homerton"), BAD, 422);
    send(s->homerton, RETURN("homerton") "?dryRun=true", BAD, 422);
    send(s->homerton, RETURN("homerton"), GOOD, 201);
    send(s->homerton, RETURN("homerton"), GOOD, 200);
    send(s->pharmacies, RETURN("pharmacies"), GOOD, 201);
    a = service_ask(s, &(struct ask){.method = "POST",
                                     .path = "/v1/periods/city-and-hackney/2025-26-Q3/finalisation",
                                     .key = s->commissioner,
                                     .type = "application/json",
                                     .body = STR("{\"reason\":\"agreed\"}")});
    CHECK(a.status == 200, "final: %ld", a.status);
    answer_free(&a);
}

#define MINE "RETURN_REFUSED homerton; RETURN_ACCEPTED homerton"
static void each_its_own(void) {
    check_told(s->commissioner, "?" CHANGES, MINE "; RETURN_ACCEPTED pharmacies; PERIOD_FINAL -; KPI_RED -");
    check_told(s->commissioner, "?service=city-and-hackney&limit=2&" CHANGES, MINE);
    check_told(s->homerton, "?" CHANGES, MINE "; PERIOD_FINAL -");
    check_told(s->pharmacies, "?" CHANGES, "RETURN_ACCEPTED pharmacies; PERIOD_FINAL -");
    check_told(s->pharmacies, "?types=RETURN_REFUSED,RETURN_ACCEPTED", "RETURN_ACCEPTED pharmacies");
    check_told(s->commissioner, "?types=RETURN_REFUSED", "RETURN_REFUSED homerton");
}

static void what_it_says(void) {
    struct answer a = service_get(s, s->homerton, "/v1/events?limit=1&" CHANGES);
    static const struct {
        const char *path, *want;
    } SAID[] = {
        {"results.0.service", "city-and-hackney"},
        {"results.0.data.period", "2025-26-Q3"},
        {"results.0.data.part", "contacts"},
        {"results.0.data.rows", "1"},
        {"results.0.data.errors", "1"},
        {"metadata.total", "3"},
        {"metadata.limit", "1"},
        {"metadata.more", "true"},
    };
    for (size_t i = 0; i < sizeof SAID / sizeof *SAID; i++)
        CHECK(strcmp(answer_text(&a, SAID[i].path), SAID[i].want) == 0, "%s is %s, expected %s", SAID[i].path,
              answer_text(&a, SAID[i].path), SAID[i].want);
    char id[40];
    snprintf(id, sizeof id, "%s", answer_text(&a, "results.0.id"));
    CHECK(strcmp(id, answer_text(&a, "metadata.cursor")) == 0, "the cursor is the last one's id");
    str body = buf_str(&a.body);
    CHECK(!memmem(body.p, body.n, "many", 4), "no value of a row");
    answer_free(&a);
}

/* ---- following ---- */

/* Follows from `after` by pages of `limit`; appends the ids, and leaves the cursor where it came to. */
static void follow(const char *key, char *cursor, size_t room, int limit, char *ids, size_t ids_room) {
    bool more = true;
    for (int pages = 0; more && pages < 20; pages++) {
        char path[200];
        snprintf(path, sizeof path, "/v1/events?" CHANGES "&limit=%d%s%s", limit, *cursor ? "&after=" : "",
                 cursor);
        struct answer a = service_get(s, key, path);
        CHECK(a.status == 200, "%s: %ld", path, a.status);
        for (size_t i = 0; i < json_array_size(answer_at(&a, "results")); i++) {
            char at[40];
            snprintf(at, sizeof at, "results.%zu.id", i);
            size_t n = strlen(ids);
            snprintf(ids + n, ids_room - n, "%s ", answer_text(&a, at));
        }
        snprintf(cursor, room, "%s", answer_text(&a, "metadata.cursor"));
        more = strcmp(answer_text(&a, "metadata.more"), "true") == 0;
        answer_free(&a);
    }
}

static void pages_and_a_kill(void) {
    char whole[400] = "", pieces[400] = "", again[400] = "", cursor[40] = "", other[40] = "", third[40] = "";
    follow(s->commissioner, cursor, sizeof cursor, 500, whole, sizeof whole);
    follow(s->commissioner, other, sizeof other, 1, pieces, sizeof pieces);
    CHECK(strcmp(whole, pieces) == 0 && strcmp(cursor, other) == 0, "in pages '%s', at once '%s'", pieces,
          whole);
    service_kill(s);
    CHECK(service_restart(s, &(struct service_options){.today = NULL}), "starts again");
    follow(s->commissioner, third, sizeof third, 2, again, sizeof again);
    CHECK(strcmp(whole, again) == 0, "after kill -9: '%s', before: '%s'", again, whole);
    char fresh[100] = "";
    send(s->homerton, RETURN("homerton"), BAD, 422);
    follow(s->commissioner, cursor, sizeof cursor, 50, fresh, sizeof fresh);
    CHECK(strchr(fresh, ' ') && !strchr(strchr(fresh, ' ') + 1, ' ') && !strstr(whole, fresh),
          "one new one after the cursor: '%s'", fresh);
}

/* Nothing of that type comes: the cursor moves on all the same, and what is asked again is not modified. */
static void rare_types(void) {
    struct answer a = service_get(s, s->pharmacies, "/v1/events?types=RETURN_REFUSED");
    char cursor[40], etag[100], header[120], path[100];
    snprintf(cursor, sizeof cursor, "%s", answer_text(&a, "metadata.cursor"));
    snprintf(etag, sizeof etag, "%s", answer_header(&a, "etag"));
    CHECK(strcmp(cursor, "0") != 0, "the cursor is past what was looked through");
    answer_free(&a);
    snprintf(path, sizeof path, "/v1/events?types=RETURN_REFUSED");
    snprintf(header, sizeof header, "If-None-Match: %s", etag);
    a = service_ask(s, &(struct ask){.path = path, .key = s->pharmacies, .headers = {header}});
    CHECK(a.status == 304, "the same again: %ld", a.status);
    answer_free(&a);
}

static void refused_questions(void) {
    static const struct {
        const char *query, *code;
        long status;
    } ROWS[] = {
        {"?after=", "BAD_PARAMETER", 400},
        {"?after=o50", "BAD_PARAMETER", 400},
        {"?after=-1", "BAD_PARAMETER", 400},
        {"?after=9223372036854775807", "BAD_PARAMETER", 400},
        {"?after=9223372036854775808", "BAD_PARAMETER", 400},
        {"?limit=0", "BAD_PARAMETER", 400},
        {"?limit=501", "BAD_PARAMETER", 400},
        {"?types=", "BAD_PARAMETER", 400},
        {"?types=RETURN_ACCEPTED,PLAN_OPENED", "BAD_PARAMETER", 400},
        {"?cursor=1", "UNKNOWN_PARAMETER", 400},
        {"?service=elsewhere", "NOT_FOUND", 404},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char path[100];
        snprintf(path, sizeof path, "/v1/events%s", ROWS[i].query);
        struct answer a = service_get(s, s->commissioner, path);
        CHECK(a.status == ROWS[i].status && strcmp(answer_text(&a, "code"), ROWS[i].code) == 0, "%s: %ld %s",
              ROWS[i].query, a.status, answer_text(&a, "code"));
        answer_free(&a);
    }
    struct answer a = service_get(s, s->checker, "/v1/events");
    CHECK(a.status == 403, "a checker: %ld", a.status);
    answer_free(&a);
    a = service_get(s, NULL, "/v1/events");
    CHECK(a.status == 401, "nobody: %ld", a.status);
    answer_free(&a);
}

void suite_http_events(void) {
    suite_add("http events", begin, end);
    case_add("what changes is told", changes_are_told);
    case_add("each sees its own", each_its_own);
    case_add("what an event says", what_it_says);
    case_add("pages go on where they stood, also after kill -9", pages_and_a_kill);
    case_add("a cursor moves on over what is not asked for", rare_types);
    case_add("cursors and types that cannot be", refused_questions);
}
