/* The right of access: what is stored about one person, by the provider's own reference, for that provider alone; and neither log nor
 * audit has the reference. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    s = service_start(NULL);
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
    case_add("neither log nor audit has the reference", nowhere_else);
}
