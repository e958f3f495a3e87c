/* The right of access: what is stored about one person, by the provider's own reference, for that provider alone; and neither log nor
 * audit has the reference. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/database.h"
#include "tests/support/episodes.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

#define SUBJECTS "/v1/subjects/city-and-hackney"
#define RETURNS "/v1/returns/city-and-hackney/"
static struct service *s;

static void put(const char *key, const char *path, const char *body) {
    struct answer a = service_put(s, key, path, "text/csv", str_of(body));
    CHECK(a.status == 201 || a.status == 200, "%s: %ld %.*s", path, a.status, STR_ARG(buf_str(&a.body)));
    answer_free(&a);
}

static void put_episodes(const char *key, const char *path, const struct episode_row *rows, size_t n) {
    struct buf b = BUF_EMPTY;
    buf_add_cstr(&b, EPISODE_HEADER "\r\n");
    for (size_t i = 0; i < n; i++)
        episode_add_csv(&b, &rows[i]);
    buf_add_char(&b, '\0');
    put(key, path, b.p);
    buf_free(&b);
}

static int begin(void) {
    s = service_start(&(struct service_options){.commands_beside = true});
    return s ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

/* Two people; E-2 was first sent as the one's and is the other's by now. The pharmacies use the same reference for somebody else. */
static void two_people(void) {
    struct episode_row rows[] = {episode_good("E-1"), episode_good("E-2")};
    rows[0].client = rows[1].client = "SUBJECT-ONE";
    put_episodes(s->homerton, RETURNS "homerton/2025-26-Q1/episodes", rows, 2);
    rows[1].client = "SUBJECT-TWO";
    put_episodes(s->homerton, RETURNS "homerton/2025-26-Q1/episodes", rows, 2);
    struct episode_row theirs = episode_good("X-1");
    theirs.client = "SUBJECT-ONE";
    put_episodes(s->pharmacies, RETURNS "pharmacies/2025-26-Q1/episodes", &theirs, 1);
    put(s->homerton, RETURNS "homerton/2025-26-Q2/follow-ups",
        "episodeId,stage,date,outcome\nE-1,12W,2025-07-24,1\nE-2,12W,2025-07-24,2\n");
    put(s->homerton, RETURNS "homerton/2025-26-Q1/referrals",
        "referralId,receivedDate,episodeId\nR-1,2025-04-20,E-1\nR-2,2025-04-20,E-2\nR-3,2025-04-20,\n");
    put(s->homerton, RETURNS "homerton/2025-26-Q1/harm-reduction",
        "pathwayId,startDate,clientId,episodeId\nP-1,2025-05-01,SUBJECT-ONE,\nP-2,2025-05-01,,E-1\nP-3,2025-05-01,SUBJECT-TWO,E-1\n");
}

static struct answer ask(const char *key, const char *header, long status) {
    struct answer a = service_ask(s, &(struct ask){.path = SUBJECTS, .key = key, .headers = {header}});
    CHECK(a.status == status, "%s: %ld %.*s", header ? header : "none", a.status, STR_ARG(buf_str(&a.body)));
    return a;
}

static int lines(void) {
    return atoi(service_sql(s, "SELECT count(*) FROM audit WHERE action = 'SUBJECT_READ'"));
}

/* "part period version inForce row" of each row, in order. */
static void check_rows(const struct answer *a, const char *const want[], size_t n) {
    CHECK(json_array_size(answer_at(a, "rows")) == n && atoi(answer_text(a, "count")) == (int)n, "%.*s",
          STR_ARG(buf_str(&a->body)));
    for (size_t i = 0; i < n; i++) {
        static const char *const MEMBERS[] = {"part", "period", "version", "inForce", "row"};
        struct buf line = BUF_EMPTY;
        char path[40];
        for (size_t m = 0; m < 5; m++) {
            snprintf(path, sizeof path, "rows.%zu.%s", i, MEMBERS[m]);
            buf_printf(&line, "%s%s", m ? " " : "", answer_text(a, path));
        }
        CHECK(str_is(buf_str(&line), want[i]), "%.*s, expected %s", STR_ARG(buf_str(&line)), want[i]);
        buf_free(&line);
    }
}

static void everything(void) {
    static const char *const ONE[] = {
        "episodes 2025-26-Q1 1 false 1",      "episodes 2025-26-Q1 1 false 2",
        "episodes 2025-26-Q1 2 true 1",       "follow-ups 2025-26-Q2 1 true 1",
        "harm-reduction 2025-26-Q1 1 true 1", "harm-reduction 2025-26-Q1 1 true 2",
        "referrals 2025-26-Q1 1 true 1",
    };
    struct answer a = ask(s->homerton, "Subject-Reference: SUBJECT-ONE", 200);
    check_rows(&a, ONE, sizeof ONE / sizeof *ONE);
    CHECK(strcmp(answer_text(&a, "rows.0.values.clientId"), "SUBJECT-ONE") == 0 &&
              strcmp(answer_text(&a, "rows.0.values.quitDate"), "2025-05-01") == 0 &&
              strcmp(answer_text(&a, "rows.0.values.site"), "null") == 0,
          "each value: %.*s", STR_ARG(buf_str(&a.body)));
    CHECK(strcmp(answer_header(&a, "cache-control"), "no-store") == 0, "%s",
          answer_header(&a, "cache-control"));
    answer_free(&a);
    static const char *const TWO[] = {
        "episodes 2025-26-Q1 2 true 2",
        "follow-ups 2025-26-Q2 1 true 2",
        "harm-reduction 2025-26-Q1 1 true 3",
        "referrals 2025-26-Q1 1 true 2",
    };
    a = ask(s->homerton, "Subject-Reference: SUBJECT-TWO", 200);
    check_rows(&a, TWO, sizeof TWO / sizeof *TWO);
    answer_free(&a);
    CHECK(lines() == 2, "each reading is a line of the audit");
    CHECK(strcmp(service_sql(
                     s, "SELECT object || ' ' || detail FROM audit WHERE action = 'SUBJECT_READ' LIMIT 1"),
                 "subjects/city-and-hackney {\"provider\":\"homerton\",\"rows\":7}") == 0,
          "%s",
          service_sql(s, "SELECT object || ' ' || detail FROM audit WHERE action = 'SUBJECT_READ' LIMIT 1"));
}

static void of_others(void) {
    static const char *const THEIRS[] = {"episodes 2025-26-Q1 1 true 1"};
    struct answer a = ask(s->pharmacies, "Subject-Reference: SUBJECT-ONE", 200);
    check_rows(&a, THEIRS, 1);
    answer_free(&a);
    int before = lines();
    a = ask(s->pharmacies, "Subject-Reference: SUBJECT-TWO", 404);
    answer_free(&a);
    a = ask(s->homerton, "Subject-Reference: subject-one", 404);
    CHECK(!memmem(a.body.p, a.body.n, "subject-one", 11), "what is unknown is not told again");
    answer_free(&a);
    a = ask(s->homerton, "Subject-Reference: E-1", 404);
    answer_free(&a);
    a = ask(s->commissioner, "Subject-Reference: SUBJECT-ONE", 403);
    answer_free(&a);
    a = ask(s->homerton, NULL, 422);
    CHECK(strcmp(answer_text(&a, "code"), "MISSING_VALUE") == 0, "%s", answer_text(&a, "code"));
    answer_free(&a);
    a = ask(s->homerton, "Subject-Reference:  ", 422);
    answer_free(&a);
    CHECK(lines() == before, "nothing was read");
}

/* ---- erasure ---- */

static struct answer ask_erasure(const char *key, const char *query, const char *header, long status) {
    char path[300];
    snprintf(path, sizeof path, SUBJECTS "%s", query);
    struct answer a =
        service_ask(s, &(struct ask){.method = "DELETE", .path = path, .key = key, .headers = {header}});
    CHECK(a.status == status, "%s %s: %ld %.*s", query, header ? header : "none", a.status,
          STR_ARG(buf_str(&a.body)));
    return a;
}

static int erase_asked(struct buf *out, const char *hours) {
    const char *argv[] = {"erase", "--asked", "--after-hours", hours, "--database", s->owner, NULL};
    buf_clear(out);
    return service_command(argv, out);
}

static int requests(const char *where) {
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM erasure_request WHERE %s", where);
    return atoi(service_sql(s, sql));
}

static void erasure_refused(void) {
    static const char WHO[] = "Subject-Reference: SUBJECT-ONE";
    const struct {
        const char *key, *query, *header;
        long status;
    } CASES[] = {{s->homerton, "", WHO, 422},
                 {s->homerton, "?reason=", WHO, 422},
                 {s->homerton, "?reason=request%207", NULL, 422},
                 {s->homerton, "?reason=for%20ann@example.org", WHO, 400},
                 {s->homerton, "?reason=request%207", "Subject-Reference: subject-one", 404},
                 {s->homerton, "?reason=request%207", "Subject-Reference: E-1", 404},
                 {s->pharmacies, "?reason=request%207", "Subject-Reference: SUBJECT-TWO", 404},
                 {s->commissioner, "?reason=request%207", WHO, 403},
                 {s->admin, "?reason=request%207", WHO, 403},
                 {NULL, "?reason=request%207", WHO, 401}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct answer a = ask_erasure(CASES[i].key, CASES[i].query, CASES[i].header, CASES[i].status);
        CHECK(!memmem(a.body.p, a.body.n, "SUBJECT-", 8) && !memmem(a.body.p, a.body.n, "subject-one", 11),
              "nobody is named: %.*s", STR_ARG(buf_str(&a.body)));
        answer_free(&a);
    }
    CHECK(requests("true") == 0, "nothing was written down");
}

static void erasure(void) {
    struct buf out = BUF_EMPTY;
    struct answer a = ask_erasure(s->homerton, "?reason=request%207", "Subject-Reference: SUBJECT-ONE", 202);
    char number[24], asked[40];
    snprintf(number, sizeof number, "%s", answer_text(&a, "request"));
    snprintf(asked, sizeof asked, "%s", answer_text(&a, "askedAt"));
    CHECK(strcmp(answer_text(&a, "rows"), "7") == 0 && strcmp(answer_text(&a, "provider"), "homerton") == 0,
          "%.*s", STR_ARG(buf_str(&a.body)));
    answer_free(&a);
    a = ask_erasure(s->homerton, "?reason=again", "Subject-Reference: SUBJECT-ONE", 202);
    CHECK(strcmp(answer_text(&a, "request"), number) == 0 && strcmp(answer_text(&a, "askedAt"), asked) == 0,
          "asked twice it is one wish: %.*s", STR_ARG(buf_str(&a.body)));
    answer_free(&a);
    a = ask(s->homerton, "Subject-Reference: SUBJECT-ONE", 200);
    CHECK(strcmp(answer_text(&a, "erasureAskedAt"), asked) == 0, "until it is done it is told: %s",
          answer_text(&a, "erasureAskedAt"));
    answer_free(&a);
    CHECK(requests("settled_at IS NULL") == 1, "one waits");
    CHECK(erase_asked(&out, "24") == 0 && !out.n && requests("settled_at IS NULL") == 1,
          "not yet, where somebody wants to look first");
    CHECK(erase_asked(&out, "0") == 0 && memmem(out.p, out.n, "\"rows\":7", 8), "%.*s",
          STR_ARG(buf_str(&out)));
    CHECK(requests("settled_at IS NOT NULL AND rows = 7 AND reference = ''") == 1,
          "it is done, and says no more about whom");
    a = ask(s->homerton, "Subject-Reference: SUBJECT-ONE", 404);
    answer_free(&a);
    a = ask(s->homerton, "Subject-Reference: SUBJECT-TWO", 200);
    CHECK(strcmp(answer_text(&a, "count"), "4") == 0 &&
              strcmp(answer_text(&a, "erasureAskedAt"), "null") == 0,
          "the other person is whole: %.*s", STR_ARG(buf_str(&a.body)));
    answer_free(&a);
    a = ask(s->pharmacies, "Subject-Reference: SUBJECT-ONE", 200);
    answer_free(&a);
    CHECK(erase_asked(&out, "0") == 0 && !out.n, "nothing waits: %.*s", STR_ARG(buf_str(&out)));
    a = ask_erasure(s->homerton, "?reason=request%207", "Subject-Reference: SUBJECT-ONE", 404);
    answer_free(&a);
    buf_free(&out);
}

static void erasure_in_the_audit(void) {
    char text[300];
    snprintf(text, sizeof text, "%.10s", s->homerton + strlen("qd_live_"));
    CHECK(
        strcmp(service_sql(
                   s, "SELECT string_agg(action || ' ' || object || ' ' || (detail->>'provider') || ' ' || "
                      "(detail->>'rows') || ' ' || (detail->>'reason'), '; ' ORDER BY seq) FROM audit WHERE "
                      "action LIKE 'SUBJECT_ERAS%'"),
               "SUBJECT_ERASURE_ASKED subjects/city-and-hackney homerton 7 request 7; SUBJECT_ERASED "
               "subjects/city-and-hackney homerton 7 request 7") == 0,
        "%s",
        service_sql(s, "SELECT string_agg(detail::text, '; ') FROM audit WHERE action LIKE 'SUBJECT_ERAS%'"));
    CHECK(
        strcmp(service_sql(
                   s, "SELECT string_agg(DISTINCT actor, ' ') FROM audit WHERE action LIKE 'SUBJECT_ERAS%'"),
               text) == 0,
        "both are the provider's wish");
}

/* The role that answers requests could do none of it. */
static void least_privilege(void) {
    static const char *const MUST_NOT[] = {
        "UPDATE erasure_request SET settled_at = now(), rows = 0, reference = ''",
        "DELETE FROM erasure_request", "UPDATE row_pack SET lines = ''",
        "UPDATE row_pack_stored SET lines = ''", "UPDATE pack SET facts = facts"};
    for (size_t i = 0; i < sizeof MUST_NOT / sizeof *MUST_NOT; i++)
        CHECK(strcmp(database_refusal(s->app, MUST_NOT[i]), "42501") == 0, "%s: %s", MUST_NOT[i],
              database_refusal(s->app, MUST_NOT[i]));
    struct buf out = BUF_EMPTY;
    const char *argv[] = {"erase", "--asked", "--database", s->app, NULL};
    struct answer a = ask_erasure(s->homerton, "?reason=request%208", "Subject-Reference: SUBJECT-TWO", 202);
    answer_free(&a);
    CHECK(service_command(argv, &out) != 0, "nor may the command as that role");
    a = ask(s->homerton, "Subject-Reference: SUBJECT-TWO", 200);
    answer_free(&a);
    buf_free(&out);
}

static void exempt(void) {
    struct answer a = service_get(s, s->commissioner, "/v1/frameworks/city-and-hackney");
    json_t *file = json_loadb(a.body.p, a.body.n, 0, NULL), *settings = json_object_get(file, "settings");
    CHECK(settings != NULL, "the framework has settings");
    json_object_set_new(settings, "erasureRefusedBecause", json_string("Article 17(3)(c), decision 2026/4"));
    char *text = json_dumps(file, 0);
    answer_free(&a);
    a = service_ask(s, &(struct ask){.method = "PUT",
                                     .path = "/v1/frameworks/city-and-hackney",
                                     .key = s->commissioner,
                                     .type = "application/json",
                                     .body = str_of(text)});
    CHECK(a.status == 200, "%ld %.*s", a.status, STR_ARG(buf_str(&a.body)));
    answer_free(&a);
    int before = requests("true");
    a = ask_erasure(s->pharmacies, "?reason=request%209", "Subject-Reference: SUBJECT-ONE", 403);
    CHECK(memmem(a.body.p, a.body.n, "Article 17(3)(c), decision 2026/4", 33), "%.*s",
          STR_ARG(buf_str(&a.body)));
    answer_free(&a);
    CHECK(requests("true") == before, "nothing was written down");
    free(text);
    json_decref(file);
}

static void nowhere_else(void) {
    CHECK(strcmp(service_sql(s, "SELECT count(*) FROM audit a WHERE position('SUBJECT-' IN a::text) > 0"),
                 "0") == 0,
          "no line of the audit has the reference");
    char line[8192];
    size_t seen = 0;
    FILE *f = fopen(s->log_file, "r");
    while (f && fgets(line, sizeof line, f)) {
        seen += strstr(line, "subject.get") != NULL;
        CHECK(!strstr(line, "SUBJECT-ONE") && !strstr(line, "subject-one"), "in the log: %s", line);
    }
    if (f) fclose(f);
    CHECK(seen > 5, "requests are logged by their routes: %zu", seen);
}

void suite_http_subjects(void) {
    suite_add("http_subjects", begin, end);
    case_add("two people, and one of another provider with the same reference", two_people);
    case_add("all rows about a person: every part, period and version, and which are in force", everything);
    case_add("a reference is the provider's own; without one, or unknown, nothing is shown", of_others);
    case_add("erasure: who may ask, about whom, and why", erasure_refused);
    case_add("what was asked for is done by the owner's command, once, and to nobody else", erasure);
    case_add("both are in the audit, with the reason and without the reference", erasure_in_the_audit);
    case_add("the role that answers requests may erase nothing", least_privilege);
    case_add("where the framework says why not, nobody is erased on request", exempt);
    case_add("neither log nor audit has the reference", nowhere_else);
}
