/* The pre-filled templates over HTTPS: only the provider's own rows, the open follow-ups first, and what comes down goes up again.
 * Today is 2026-02-20; the 4-week window of a quit date is open from 25 to 42 days after it: 2026-01-09 to 2026-01-26. */
#include <stdio.h>
#include <string.h>

#include "tests/support/answers.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

static struct service *s;
#define RETURNS "/v1/returns/city-and-hackney/homerton/"
#define TEMPLATES "/v1/templates/"

static int begin(void) {
    s = service_start(NULL);
    return s ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

static struct answer put(const char *path, str csv, long status) {
    struct answer a = service_put(s, s->homerton, path, "text/csv", csv);
    CHECK(a.status == status, "%s: %ld %.*s", path, a.status, STR_ARG(buf_str(&a.body)));
    return a;
}

static void check_body(const struct answer *a, const char *want) {
    CHECK(a->status == 200 && str_is(buf_str(&a->body), want), "%ld: '%.*s', expected '%s'", a->status,
          STR_ARG(buf_str(&a->body)), want);
}

#define HEADER "episodeId,clientId,localAuthority,quitDate,ageAtQuitDate,outcome4w,followUp4wDate,site\n"
/* Q4: one too early, three open, one told. Q3: one passed by a day at 4 weeks, one quitter whose 12 weeks are open, one who has
 * not quit, one told by the follow-ups. */
static const char Q4_ROWS[] = HEADER "N-EARLY,C-1,E09000012,2026-01-27,40,,,\n"
                                     "N-TOLD,C-2,E09000012,2026-01-20,40,1,2026-02-16,\n"
                                     "N-LATER,C-3,E09000012,2026-01-26,40,,,\n"
                                     "N-LAST,C-4,E09000012,2026-01-09,40,,,MAIN\n"
                                     "N-NEXT,C-5,E09000012,2026-01-10,40,,,\n";
static const char Q3_ROWS[] = HEADER "O-PASSED,C-6,E09000012,2025-12-31,40,,,\n"
                                     "O-QUIT,C-7,E09000012,2025-11-20,40,1,2025-12-18,\n"
                                     "O-NOT,C-8,E09000012,2025-11-20,40,2,2025-12-18,\n"
                                     "O-TOLD,C-9,E09000012,2025-11-20,40,,,\n";

static void sent(void) {
    struct answer a = put(RETURNS "2025-26-Q4/episodes", str_of(Q4_ROWS), 201);
    answer_free(&a);
    a = put(RETURNS "2025-26-Q3/episodes", str_of(Q3_ROWS), 201);
    answer_free(&a);
    a = put(RETURNS "2025-26-Q4/follow-ups", STR("episodeId,stage,date,outcome\nO-TOLD,4W,2025-12-18,2\n"),
            201);
    answer_free(&a);
}

#define FOLLOW_UPS "episodeId,stage,date,outcome,method,coPpm,coDate\r\n"

/* O-QUIT's 12 weeks: 2025-11-20 + 98 = 2026-02-26, 6 days left; N-LAST ends today, N-NEXT tomorrow, N-LATER in 17 days. */
static void follow_ups(void) {
    struct answer a =
        service_get(s, s->homerton, TEMPLATES "follow-ups?service=city-and-hackney&prefill=open");
    check_body(&a, FOLLOW_UPS "N-LAST,4W,,,,,\r\n"
                              "N-NEXT,4W,,,,,\r\n"
                              "O-QUIT,12W,,,,,\r\n"
                              "N-LATER,4W,,,,,\r\n"
                              "O-PASSED,4W,,,,,\r\n"
                              "O-TOLD,4W,2025-12-18,2,,,\r\n");
    CHECK(strcmp(answer_header(&a, "cache-control"), "no-store") == 0, "%s",
          answer_header(&a, "cache-control"));
    CHECK(strstr(answer_header(&a, "content-disposition"), "follow-ups-2025-26-Q4-open.csv") != NULL, "%s",
          answer_header(&a, "content-disposition"));
    answer_free(&a);
    /* Of an earlier quarter: its own and earlier episodes, and what was sent for it. */
    a = service_get(s, s->homerton, TEMPLATES "follow-ups?period=2025-26-Q3&prefill=open");
    check_body(&a, FOLLOW_UPS "O-QUIT,12W,,,,,\r\nO-PASSED,4W,,,,,\r\n");
    answer_free(&a);
    a = service_get(s, s->homerton, TEMPLATES "follow-ups?period=2025-26-Q2&prefill=open");
    check_body(&a, FOLLOW_UPS);
    answer_free(&a);
}

/* Filled in and sent: what was there before stays, and what is told is open no longer. */
static void filled_in(void) {
    struct answer a = put(RETURNS "2025-26-Q4/follow-ups",
                          STR(FOLLOW_UPS "N-LAST,4W,2026-02-19,1,TELEPHONE,,\r\nN-NEXT,4W,2026-02-19,3,,,\r\n"
                                         "O-QUIT,12W,2026-02-19,1,,,\r\nN-LATER,4W,2026-02-20,2,,,\r\n"
                                         "O-PASSED,4W,2026-02-10,1,,,\r\nO-TOLD,4W,2025-12-18,2,,,\r\n"),
                          200);
    check_text(&a, "unchanged", "1");
    check_text(&a, "created", "5");
    check_text(&a, "removed", "0");
    answer_free(&a);
    a = service_get(s, s->homerton, TEMPLATES "follow-ups?prefill=open");
    struct answer again = put(RETURNS "2025-26-Q4/follow-ups", buf_str(&a.body), 200);
    check_text(&again, "rows", "6");
    check_text(&again, "updated", "0");
    check_text(&again, "created", "0");
    check_text(&again, "removed", "0");
    answer_free(&again);
    answer_free(&a);
}

/* The whole part, as it is stored, the open ones first by urgency; unchanged when it goes back. */
static void episodes(void) {
    struct answer a = put(RETURNS "2025-26-Q4/follow-ups", STR("episodeId,stage,date,outcome\n"), 200);
    answer_free(&a);
    a = service_get(s, s->homerton, TEMPLATES "episodes?period=2025-26-Q4&prefill=open");
    static const char *const ORDER[] = {"N-LAST,", "N-NEXT,", "N-LATER,", "N-EARLY,", "N-TOLD,"};
    str rest = buf_str(&a.body), line = str_cut(&rest, '\n');
    CHECK(str_starts_with(line,
                          STR("episodeId,clientId,localAuthority,quitDate,ageAtQuitDate,site,adviser,lsoa,")),
          "%.*s", STR_ARG(line));
    for (size_t i = 0; i < 5; i++) {
        line = str_cut(&rest, '\n');
        CHECK(str_starts_with(line, str_of(ORDER[i])), "row %zu is %.*s", i, STR_ARG(line));
    }
    CHECK(rest.n == 0, "no more: %.*s", STR_ARG(rest));
    struct answer again = put(RETURNS "2025-26-Q4/episodes", buf_str(&a.body), 200);
    check_text(&again, "rows", "5");
    check_text(&again, "unchanged", "5");
    check_text(&again, "removed", "0");
    answer_free(&again);
    answer_free(&a);
    a = service_get(s, s->homerton, TEMPLATES "episodes?period=2024-25-Q1&prefill=open");
    CHECK(a.status == 200 && str_find(buf_str(&a.body), '\n') == a.body.n - 1,
          "nothing was sent: the header alone");
    answer_free(&a);
}

static void only_its_own(void) {
    struct answer a = service_get(s, s->pharmacies, TEMPLATES "follow-ups?prefill=open");
    check_body(&a, FOLLOW_UPS);
    answer_free(&a);
    static const struct {
        const char *query;
        long status;
    } CASES[] = {
        {"follow-ups?prefill=all", 400},
        {"follow-ups?prefill=", 400},
        {"follow-ups?prefill=open&guide=true", 400},
        {"follow-ups?prefill=open&format=json-schema", 400},
        {"contacts?prefill=open", 400},
        {"follow-ups?format=xml", 400},
        {"follow-ups?format=json-schema&guide=true", 400},
        {"follow-ups?prefill=open&service=elsewhere", 404},
        {"follow-ups?prefill=open&period=2025", 400},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char path[120];
        snprintf(path, sizeof path, TEMPLATES "%s", CASES[i].query);
        a = service_get(s, s->homerton, path);
        CHECK(a.status == CASES[i].status, "%s: %ld", CASES[i].query, a.status);
        answer_free(&a);
    }
    a = service_get(s, s->commissioner, TEMPLATES "follow-ups?prefill=open");
    CHECK(a.status == 403, "a commissioner gets no rows: %ld", a.status);
    answer_free(&a);
    a = service_get(s, s->checker, TEMPLATES "follow-ups?prefill=open");
    CHECK(a.status == 403, "nor a checker: %ld", a.status);
    answer_free(&a);
}

/* An id that a spreadsheet would run as a formula comes with an apostrophe, which the upload takes away. */
static void formula_guard(void) {
    struct answer a =
        put(RETURNS "2025-26-Q4/episodes", STR(HEADER "-1+1,C-1,E09000012,2026-01-10,40,,,\n"), 422);
    answer_free(&a); /* a plus is no character of an id, a hyphen is */
    a = put(RETURNS "2025-26-Q4/episodes", STR(HEADER "-1,C-1,E09000012,2026-01-10,40,,,\n"), 200);
    answer_free(&a);
    a = service_get(s, s->homerton, TEMPLATES "follow-ups?prefill=open&period=2025-26-Q4");
    CHECK(memmem(a.body.p, a.body.n, "\n'-1,4W,", 8) != NULL, "%.*s", STR_ARG(buf_str(&a.body)));
    answer_free(&a);
}

static void schemas(void) {
    static const struct {
        const char *query, *accept, *type;
    } CASES[] = {
        {"", "Accept: */*", "text/csv"},
        {"", "Accept: application/schema+json", "application/schema+json"},
        {"", "Accept: application/vnd.tableschema+json", "application/vnd.tableschema+json"},
        {"?format=json-schema", "Accept: */*", "application/schema+json"},
        {"?format=table-schema", "Accept: */*", "application/vnd.tableschema+json"},
        {"?format=csv", "Accept: text/csv", "text/csv"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char path[120];
        snprintf(path, sizeof path, TEMPLATES "episodes%s", CASES[i].query);
        struct answer a =
            service_ask(s, &(struct ask){.path = path, .key = s->homerton, .headers = {CASES[i].accept}});
        CHECK(a.status == 200 &&
                  strncmp(answer_header(&a, "content-type"), CASES[i].type, strlen(CASES[i].type)) == 0,
              "%s, %s: %ld %s", path, CASES[i].accept, a.status, answer_header(&a, "content-type"));
        answer_free(&a);
    }
    struct answer a = service_ask(s, &(struct ask){.path = TEMPLATES "episodes?format=json-schema",
                                                   .key = s->homerton,
                                                   .headers = {"Accept: text/csv"}});
    CHECK(a.status == 406, "format and Accept disagree: %ld", a.status);
    answer_free(&a);
    /* sexualOrientation came with 2024-25: before, the list has no code and only a blank is left. */
    a = service_get(s, s->homerton, TEMPLATES "episodes?format=json-schema&period=2023-24-Q4");
    check_text(&a, "properties.rows.items.properties.sexualOrientation.enum", "[null]");
    check_text(&a, "properties.rows.items.properties.quitDate.type", "string");
    answer_free(&a);
    a = service_get(s, s->homerton, TEMPLATES "episodes?format=json-schema&period=2024-25-Q1");
    CHECK(json_array_size(answer_at(&a, "properties.rows.items.properties.sexualOrientation.enum")) > 1, "%s",
          answer_text(&a, "properties.rows.items.properties.sexualOrientation.enum"));
    answer_free(&a);
    a = service_get(s, s->homerton, TEMPLATES "follow-ups?format=table-schema");
    check_text(&a, "primaryKey", "[\"episodeId\",\"stage\"]");
    check_text(&a, "fields.1.constraints.enum", "[\"4W\",\"12W\",\"26W\",\"52W\"]");
    answer_free(&a);
}

void suite_http_prefill(void);
void suite_http_prefill(void) {
    suite_add("http_prefill", begin, end);
    case_add("episodes and follow-ups are sent", sent);
    case_add("follow-ups to be told, the most urgent first", follow_ups);
    case_add("filled in and sent, they are told", filled_in);
    case_add("episodes, the open ones first", episodes);
    case_add("only its own, and only where it makes sense", only_its_own);
    case_add("an id that looks like a formula", formula_guard);
    case_add("schemas of a part", schemas);
}
