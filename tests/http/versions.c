/* Versions over HTTPS: what changed between two of them, row by row for the provider and in numbers for the commissioner. */
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

#define RETURN "/v1/returns/city-and-hackney/homerton/2025-26-Q1"
#define EPISODES RETURN "/episodes"

static void put_episodes(const struct episode_row *rows, size_t n, long status) {
    struct buf b = BUF_EMPTY;
    buf_add_cstr(&b, EPISODE_HEADER "\r\n");
    for (size_t i = 0; i < n; i++)
        episode_add_csv(&b, &rows[i]);
    struct answer a = service_put(s, s->homerton, EPISODES, "text/csv", buf_str(&b));
    CHECK(a.status == status, "%ld: %.300s", a.status, a.body.n ? a.body.p : "");
    answer_free(&a);
    buf_free(&b);
}

/* E-1 goes, E-2 had not quit after all, E-3 stays although its row moves, E-4 comes. */
static void send_two_versions(void) {
    struct episode_row first[] = {episode_good("E-1"), episode_good("E-2"), episode_good("E-3")};
    put_episodes(first, 3, 201);
    struct episode_row second[] = {episode_good("E-4"), episode_good("E-3"), episode_good("E-2")};
    second[2].outcome = "2";
    second[2].co = "";
    put_episodes(second, 3, 200);
}

static void provider_sees_the_rows(void) {
    struct answer a = service_get(s, s->homerton, EPISODES "/changes");
    CHECK(a.status == 200, "%ld %.300s", a.status, a.body.n ? a.body.p : "");
    check_text(&a, "from.version", "1");
    check_text(&a, "to.version", "2");
    check_text(&a, "created", "1");
    check_text(&a, "updated", "1");
    check_text(&a, "unchanged", "1");
    check_text(&a, "removed", "1");
    check_text(&a, "columns",
               "[{\"column\":\"outcome4w\",\"changed\":1},{\"column\":\"co4wPpm\",\"changed\":1}]");
    check_text(&a, "changes.metadata.total", "3");
    check_text(
        &a, "changes.results.0",
        "{\"change\":\"CREATED\",\"row\":1,\"rowBefore\":null,\"key\":{\"episodeId\":\"E-4\"},\"columns\":[]}");
    check_text(
        &a, "changes.results.1",
        "{\"change\":\"UPDATED\",\"row\":3,\"rowBefore\":2,\"key\":{\"episodeId\":\"E-2\"},\"columns\":["
        "{\"column\":\"outcome4w\",\"before\":\"1\",\"after\":\"2\"},"
        "{\"column\":\"co4wPpm\",\"before\":3,\"after\":null}]}");
    check_text(
        &a, "changes.results.2",
        "{\"change\":\"REMOVED\",\"row\":null,\"rowBefore\":1,\"key\":{\"episodeId\":\"E-1\"},\"columns\":[]}");
    CHECK(strstr(answer_header(&a, "cache-control"), "no-store"), "rows are not kept by anybody: %s",
          answer_header(&a, "cache-control"));
    answer_free(&a);
}

static void changes_as_csv(void) {
    struct answer a = service_ask(
        s, &(struct ask){.path = EPISODES "/changes", .key = s->homerton, .headers = {"Accept: text/csv"}});
    static const char WANT[] = "change,row,rowBefore,episodeId,column,before,after\r\n"
                               "CREATED,1,,E-4,,,\r\n"
                               "UPDATED,3,2,E-2,outcome4w,1,2\r\n"
                               "UPDATED,3,2,E-2,co4wPpm,3,\r\n"
                               "REMOVED,,1,E-1,,,\r\n";
    CHECK(a.status == 200 && str_is(buf_str(&a.body), WANT), "%ld: %.*s", a.status,
          STR_ARG(buf_str(&a.body)));
    CHECK(!answer_header(&a, "link")[0], "all is there: %s", answer_header(&a, "link"));
    answer_free(&a);
}

static void changes_in_pages(void) {
    static const char *const KEYS[] = {"E-4", "E-2", "E-1"};
    char path[200] = EPISODES "/changes?limit=1";
    for (size_t i = 0; i < 3; i++) {
        struct answer a = service_get(s, s->homerton, path);
        check_text(&a, "changes.results.0.key.episodeId", KEYS[i]);
        check_text(&a, "changes.results.1", "(absent)");
        snprintf(path, sizeof path, EPISODES "/changes?limit=1&cursor=%s",
                 answer_text(&a, "changes.metadata.cursor"));
        if (i == 2) check_text(&a, "changes.metadata.cursor", "null");
        answer_free(&a);
    }
    struct answer a = service_get(s, s->homerton, EPISODES "/changes?limit=1&cursor=1-2-o1");
    check_text(&a, "changes.results.0.key.episodeId", KEYS[1]); /* a cursor names its versions */
    check_text(&a, "changes.metadata.cursor", "1-2-o2");
    answer_free(&a);
    static const char *const OTHERS[] = {"from=2&cursor=1-2-o1", "cursor=1-2-", "cursor=1-o2", "cursor=1-2-o",
                                         "cursor=-1-2-o1"};
    for (size_t i = 0; i < sizeof OTHERS / sizeof *OTHERS; i++) {
        snprintf(path, sizeof path, EPISODES "/changes?%s", OTHERS[i]);
        a = service_get(s, s->homerton, path);
        CHECK(a.status == 400, "%s: %ld", path, a.status);
        answer_free(&a);
    }
    a = service_ask(s, &(struct ask){.path = EPISODES "/changes?limit=2",
                                     .key = s->homerton,
                                     .headers = {"Accept: text/csv"}});
    CHECK(strcmp(answer_header(&a, "link"),
                 "<" EPISODES "/changes?from=1&to=2&limit=2&cursor=o2>; rel=\"next\"") == 0,
          "%s", answer_header(&a, "link"));
    answer_free(&a);
}

static void commissioner_sees_numbers(void) {
    struct answer a = service_get(s, s->commissioner, EPISODES "/changes?from=1&to=2");
    CHECK(a.status == 200, "%ld", a.status);
    check_text(&a, "created", "1");
    check_text(&a, "columns.1.column", "co4wPpm");
    check_text(&a, "changes", "(absent)");
    CHECK(!memmem(a.body.p, a.body.n, "E-", 2), "no row of anybody: %.*s", STR_ARG(buf_str(&a.body)));
    answer_free(&a);
    a = service_ask(
        s,
        &(struct ask){.path = EPISODES "/changes", .key = s->commissioner, .headers = {"Accept: text/csv"}});
    CHECK(a.status == 406, "the rows as CSV are not for the commissioner: %ld", a.status);
    answer_free(&a);
}

static void which_versions(void) {
    static const struct {
        const char *query;
        long status;
        const char *path, *want;
    } CASES[] = {
        {"?to=1", 200, "from", "null"}, /* the first version against nothing */
        {"?to=1", 200, "created", "3"},
        {"?from=2&to=2", 200, "changes.metadata.total", "0"},
        {"?from=2&to=1", 200, "changes.results.0.key.episodeId", "E-1"}, /* and back again */
        {"?from=2&to=1", 200, "changes.results.0.change", "CREATED"},
        {"?from=9", 404, "code", "NOT_FOUND"},
        {"?to=9", 404, "detail", "episodes of this period has no version 9."},
        {"?from=0", 400, "code", "BAD_PARAMETER"},
        {"?limit=501", 400, "code", "BAD_PARAMETER"},
        {"?version=1", 400, "code", "UNKNOWN_PARAMETER"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char path[200];
        snprintf(path, sizeof path, EPISODES "/changes%s", CASES[i].query);
        struct answer a = service_get(s, s->homerton, path);
        CHECK(a.status == CASES[i].status, "%s: %ld", CASES[i].query, a.status);
        check_text(&a, CASES[i].path, CASES[i].want);
        answer_free(&a);
    }
    struct answer a = service_get(s, s->homerton, RETURN "/contacts/changes");
    CHECK(a.status == 404, "a part that was never sent: %ld", a.status);
    answer_free(&a);
    a = service_get(s, s->pharmacies, EPISODES "/changes");
    CHECK(a.status == 404, "another provider's: %ld", a.status);
    answer_free(&a);
    a = service_get(s, s->checker, EPISODES "/changes");
    CHECK(a.status == 403, "not for the checker: %ld", a.status);
    answer_free(&a);
}

/* Two columns are the key; a flag and a number are shown as they are sent. */
static void other_parts(void) {
    static const char *const BODIES[] = {
        "sessionId,date,type,attendees,outOfHours\nT-1,2025-04-14,VBA,12,No\n",
        "sessionId,date,type,attendees,outOfHours\nT-1,2025-04-14,VBA,13,Yes\n",
    };
    for (size_t i = 0; i < 2; i++) {
        struct answer a =
            service_put(s, s->homerton, RETURN "/training-sessions", "text/csv", str_of(BODIES[i]));
        CHECK(a.status == (i ? 200 : 201), "%ld", a.status);
        answer_free(&a);
    }
    struct answer a = service_get(s, s->homerton, RETURN "/training-sessions/changes");
    check_text(
        &a, "changes.results.0.columns",
        "[{\"column\":\"attendees\",\"before\":12,\"after\":13},{\"column\":\"outOfHours\",\"before\":\"N\",\"after\":\"Y\"}]");
    answer_free(&a);
    static const char *const FOLLOWED[] = {
        "episodeId,stage,date,outcome\nE-2,12W,2025-07-28,2\nE-2,26W,2025-10-20,2\n",
        "episodeId,stage,date,outcome\nE-2,12W,2025-07-28,1\nE-2,52W,2026-02-01,2\n",
    };
    for (size_t i = 0; i < 2; i++) {
        a = service_put(s, s->homerton, RETURN "/follow-ups", "text/csv", str_of(FOLLOWED[i]));
        CHECK(a.status == (i ? 200 : 201), "%ld %.300s", a.status, a.body.n ? a.body.p : "");
        answer_free(&a);
    }
    a = service_get(s, s->homerton, RETURN "/follow-ups/changes");
    check_text(
        &a, "changes.results.0",
        "{\"change\":\"UPDATED\",\"row\":1,\"rowBefore\":1,\"key\":{\"episodeId\":\"E-2\",\"stage\":\"12W\"},\"columns\":["
        "{\"column\":\"outcome\",\"before\":\"2\",\"after\":\"1\"}]}");
    check_text(&a, "changes.results.1.key", "{\"episodeId\":\"E-2\",\"stage\":\"52W\"}");
    check_text(&a, "changes.results.2.change", "REMOVED");
    answer_free(&a);
}

/* Version 2 of episodes is in force; sites were never sent. */
static void if_match(void) {
    static const struct {
        const char *part, *header;
        long status;
    } CASES[] = {
        {"episodes", "If-Match: \"v1\"", 412},
        {"episodes", "If-Match: \"v2\"", 200},
        {"episodes", "If-Match: \"v1\", \"v2\"", 200},
        {"episodes", "If-Match: *", 200},
        {"episodes", "If-Match: \"v3\"", 412},
        {"episodes", "If-Match: W/\"v2\"", 412},
        {"episodes", "If-None-Match: *", 412},
        {"episodes", NULL, 200},
        {"sites", "If-Match: \"v1\"", 412},
        {"sites", "If-Match: *", 412},
        {"sites", "If-None-Match: *", 200},
        {"sites", NULL, 200},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char path[200];
        bool sites = strcmp(CASES[i].part, "sites") == 0;
        snprintf(path, sizeof path, RETURN "/%s?dryRun=true", CASES[i].part);
        struct answer a = service_ask(
            s, &(struct ask){.method = "PUT",
                             .path = path,
                             .key = s->homerton,
                             .type = "text/csv",
                             .body = sites ? STR("siteId,name\nM,Main\n") : STR(EPISODE_HEADER "\n"),
                             .headers = {CASES[i].header}});
        CHECK(a.status == CASES[i].status, "%s, %s: %ld, expected %ld", CASES[i].part,
              CASES[i].header ? CASES[i].header : "no condition", a.status, CASES[i].status);
        if (a.status == 412) check_text(&a, "code", "STALE");
        answer_free(&a);
    }
}

/* Of two who have both seen version 2 the second is told; without a condition the last good file counts. */
static void two_at_once(void) {
    static const struct {
        const char *header, *body;
        long status;
        const char *version;
    } STEPS[] = {
        {"If-Match: \"v2\"", EPISODE_HEADER "\n", 200, "3"},
        {"If-Match: \"v2\"", EPISODE_HEADER "\r\n", 412, "(absent)"},
        {NULL, EPISODE_HEADER "\r\n", 200, "4"},
        {NULL, EPISODE_HEADER "\nE-1\n", 422, "(absent)"},
    };
    for (size_t i = 0; i < sizeof STEPS / sizeof *STEPS; i++) {
        struct answer a = service_ask(s, &(struct ask){.method = "PUT",
                                                       .path = EPISODES,
                                                       .key = s->homerton,
                                                       .type = "text/csv",
                                                       .body = str_of(STEPS[i].body),
                                                       .headers = {STEPS[i].header}});
        CHECK(a.status == STEPS[i].status, "step %zu: %ld %.200s", i, a.status, a.body.n ? a.body.p : "");
        check_text(&a, "version", STEPS[i].version);
        answer_free(&a);
    }
    struct answer a = service_get(s, s->commissioner, RETURN "/history");
    check_text(&a, "results.0.version", "4"); /* what changed, in numbers: nil after nil */
    check_text(&a, "results.0.rows", "0");
    check_text(&a, "results.1.removed", "3");
    check_text(&a, "results.1.created", "0");
    check_text(&a, "metadata.total", "8"); /* 4 of episodes, 2 of training-sessions, 2 of follow-ups */
    answer_free(&a);
    a = service_get(s, s->homerton, EPISODES "?version=1");
    check_text(&a, "rows.2.episodeId", "E-3"); /* any version is read back as it was */
    answer_free(&a);
}

void suite_http_versions(void) {
    suite_add("http_versions", begin, end);
    case_add("two versions are sent", send_two_versions);
    case_add("the provider sees rows created, updated and removed, with what was and what is",
             provider_sees_the_rows);
    case_add("the same as CSV, a line for each cell", changes_as_csv);
    case_add("changes come in pages", changes_in_pages);
    case_add("the commissioner sees numbers and no rows", commissioner_sees_numbers);
    case_add("any two versions, each way; what does not exist is said", which_versions);
    case_add("other parts, with keys of two columns", other_parts);
    case_add("If-Match and If-None-Match", if_match);
    case_add("of two who send at once the second is told", two_at_once);
}
