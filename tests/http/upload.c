/* The main job over HTTPS: a return goes in, is judged, stored, versioned, read back, counted. */
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

static const char *const Q1 = "/v1/returns/city-and-hackney/homerton/2025-26-Q1/episodes";
static const char *const Q2 = "/v1/returns/city-and-hackney/homerton/2025-26-Q2/episodes";
static const char *const Q1_FOLLOW_UPS = "/v1/returns/city-and-hackney/homerton/2025-26-Q1/follow-ups";
static const char *const DASHBOARD = "/v1/dashboards/city-and-hackney/2025-26-Q1";

static struct buf file_of(const struct episode_row *rows, size_t n) {
    struct buf b = BUF_EMPTY;
    buf_add_cstr(&b, EPISODE_HEADER "\r\n");
    for (size_t i = 0; i < n; i++)
        episode_add_csv(&b, &rows[i]);
    return b;
}

static void expect(struct answer *a, long status, const char *code) {
    CHECK(a->status == status, "status %ld, expected %ld: %.*s", a->status, status,
          STR_ARG(buf_str(&a->body)));
    if (code) check_text(a, "code", code);
    CHECK(answer_header(a, "x-correlation-id")[0], "a correlation id on every answer");
}

static void receipt_and_versions(void) {
    struct episode_row rows[] = {episode_good("E-1"), episode_good("E-2"), episode_good("E-3")};
    struct buf file = file_of(rows, 3);
    struct answer a = service_put(s, s->homerton, Q1, "text/csv", buf_str(&file));
    expect(&a, 201, NULL);
    check_text(&a, "version", "1");
    check_text(&a, "rows", "3");
    check_text(&a, "created", "3");
    check_text(&a, "onTime", "false"); /* 2025-26-Q1 was due on 2025-08-25; today is 2026-02-20 */
    /* The first upload of all moves the late measures of every quarter from NO_DATA to NOT_DUE. */
    check_text(&a, "kpis.0.period", "2023-24-Q1");
    check_text(&a, "kpis.0.before.rag", "NO_DATA");
    check_text(&a, "kpis.0.after.rag", "NOT_DUE");
    CHECK(strcmp(answer_header(&a, "etag"), "\"v1\"") == 0, "ETag %s", answer_header(&a, "etag"));
    CHECK(strcmp(answer_header(&a, "location"), Q1) == 0, "Location %s", answer_header(&a, "location"));
    answer_free(&a);

    a = service_put(s, s->homerton, Q1, "text/csv", buf_str(&file));
    expect(&a, 200, NULL);
    check_text(&a, "version", "1");
    check_text(&a, "unchanged", "3");
    check_text(&a, "created", "0");
    answer_free(&a);
    CHECK(strcmp(service_sql(s, "select count(*) from version"), "1") == 0,
          "the same bytes again write nothing");
    buf_free(&file);

    rows[1].outcome = "2";
    struct episode_row changed[] = {rows[0], rows[1], episode_good("E-4")};
    file = file_of(changed, 3);
    a = service_put(s, s->homerton, Q1, "text/csv", buf_str(&file));
    expect(&a, 200, NULL);
    check_text(&a, "version", "2");
    check_text(&a, "created", "1");
    check_text(&a, "updated", "1");
    check_text(&a, "unchanged", "1");
    check_text(&a, "removed", "1");
    answer_free(&a);
    buf_free(&file);

    a = service_get(s, s->homerton, "/v1/returns/city-and-hackney/homerton/2025-26-Q1/history");
    expect(&a, 200, NULL);
    check_text(&a, "metadata.total", "2");
    check_text(&a, "results.0.version", "2");
    check_text(&a, "results.1.created", "3");
    answer_free(&a);
    a = service_get(s, s->homerton, "/v1/returns/city-and-hackney/homerton/2025-26-Q1/episodes?version=1");
    expect(&a, 200, NULL);
    check_text(&a, "rows.1.outcome4w", "1");
    CHECK(json_array_size(answer_at(&a, "rows")) == 3, "the older version stays readable");
    answer_free(&a);
}

static void download_goes_back_unchanged(void) {
    struct ask ask = {.path = Q1, .key = s->homerton, .headers = {"Accept: text/csv"}};
    struct answer a = service_ask(s, &ask);
    expect(&a, 200, NULL);
    struct answer b = service_put(s, s->homerton, Q1, "text/csv", buf_str(&a.body));
    expect(&b, 200, NULL);
    check_text(&b, "unchanged", "3");
    check_text(&b, "updated", "0");
    check_text(&b, "version", "3");
    answer_free(&a);
    answer_free(&b);
}

static void every_error_at_once(void) {
    static const char FILE_TEXT[] =
        "Episode ID;Client-ID;local_authority;QUIT DATE;ageAtQuitDate;outcome4w;postcodeX\n"
        "E-10;c1;Hackney;01/05/2025;44;1;x\n"
        "E-11;c2;Atlantis;31/06/2025;200;7;x\n"
        "E-10;c3;E09000012;2025-07-01;;1;x\n";
    struct answer a = service_put(s, s->homerton, Q1, "text/csv", STR(FILE_TEXT));
    expect(&a, 422, "INVALID");
    /* row 2: authority, date, age, outcome; row 3: duplicate, outside the period, age missing */
    check_text(&a, "errorCount", "7");
    check_text(&a, "errors.0.code", "UNKNOWN_COLUMN");
    check_text(&a, "errors.0.row", "0");
    static const char *const WANT[][3] = {
        {"2", "localAuthority", "UNKNOWN_CODE"}, {"2", "quitDate", "BAD_DATE"},
        {"2", "ageAtQuitDate", "OUT_OF_RANGE"},  {"2", "outcome4w", "UNKNOWN_CODE"},
        {"3", "episodeId", "DUPLICATE"},         {"3", "quitDate", "OUTSIDE_PERIOD"},
        {"3", "ageAtQuitDate", "MISSING_VALUE"}};
    size_t found = 0;
    for (size_t i = 1; i < json_array_size(answer_at(&a, "errors")); i++) {
        char path[64];
        snprintf(path, sizeof path, "errors.%zu.severity", i);
        if (strcmp(answer_text(&a, path), "ERROR") != 0) continue;
        if (found >= 7) break;
        snprintf(path, sizeof path, "errors.%zu.row", i);
        check_text(&a, path, WANT[found][0]);
        snprintf(path, sizeof path, "errors.%zu.column", i);
        check_text(&a, path, WANT[found][1]);
        snprintf(path, sizeof path, "errors.%zu.code", i);
        check_text(&a, path, WANT[found][2]);
        found++;
    }
    CHECK(found == 7, "%zu errors listed", found);
    answer_free(&a);
    a = service_get(s, s->homerton, Q1);
    check_text(&a, "version", "3");
    answer_free(&a);
}

static void another_period_is_named(void) {
    struct episode_row row = episode_good("E-1");
    row.quit = "2025-07-10";
    row.followed_up = "2025-08-07";
    struct buf file = file_of(&row, 1);
    struct answer a = service_put(s, s->homerton, Q2, "text/csv", buf_str(&file));
    expect(&a, 422, "INVALID");
    check_text(&a, "errors.0.code", "DUPLICATE");
    CHECK(strstr(answer_text(&a, "errors.0.detail"), "2025-26-Q1"), "names the period: %s",
          answer_text(&a, "errors.0.detail"));
    answer_free(&a);
    buf_free(&file);
}

static void dry_run_leaves_no_trace(void) {
    static const char COUNTS[] =
        "select (select count(*) from version)||' '||(select count(*) from episode)||' '||(select count(*) from audit)||' '||"
        "(select count(*) from event)||' '||coalesce((select string_agg(last_value::text, ',' order by sequencename) "
        "from pg_sequences),'')";
    char before[256];
    snprintf(before, sizeof before, "%s", service_sql(s, COUNTS));
    struct episode_row rows[] = {episode_good("E-1"), episode_good("E-90")};
    struct buf file = file_of(rows, 2);
    char path[160];
    snprintf(path, sizeof path, "%s?dryRun=true", Q1);
    struct answer a = service_put(s, s->homerton, path, "text/csv", buf_str(&file));
    expect(&a, 200, NULL);
    check_text(&a, "dryRun", "true");
    check_text(&a, "created", "1");
    check_text(&a, "removed", "2");
    CHECK(json_array_size(answer_at(&a, "kpis")) > 0, "says which KPIs would move");
    answer_free(&a);
    file.n -= 20;
    a = service_put(s, s->homerton, path, "text/csv", buf_str(&file));
    expect(&a, 422, NULL);
    answer_free(&a);
    buf_free(&file);
    CHECK(strcmp(before, service_sql(s, COUNTS)) == 0, "rows and sequences before %s and after %s", before,
          service_sql(s, COUNTS));
}

static void follow_ups_count(void) {
    struct episode_row late = episode_good("E-50");
    late.outcome = late.followed_up = late.method = late.co = "";
    struct buf file = file_of(&late, 1);
    struct answer a = service_put(s, s->homerton, Q1, "text/csv", buf_str(&file));
    expect(&a, 200, NULL);
    answer_free(&a);
    buf_free(&file);
    a = service_get(s, s->commissioner, DASHBOARD);
    check_text(&a, "kpis.3.ref", "1.4");
    check_text(&a, "kpis.3.quarter.numerator", "0");
    check_text(&a, "kpis.3.quarter.denominator", "1");
    answer_free(&a);
    a = service_put(s, s->homerton, Q1_FOLLOW_UPS, "text/csv",
                    STR("episodeId,stage,date,outcome,method,coPpm\nE-50,4W,2025-05-26,1,face to face,9\n"));
    expect(&a, 201, NULL);
    answer_free(&a);
    a = service_get(s, s->commissioner, DASHBOARD);
    check_text(&a, "kpis.3.quarter.numerator", "1");
    check_text(&a, "kpis.3.quarter.rag", "GREEN");
    check_text(&a, "kpis.5.ref", "1.6");
    check_text(&a, "kpis.5.quarter.value", "100");
    answer_free(&a);
    a = service_put(s, s->homerton, Q1_FOLLOW_UPS, "text/csv",
                    STR("episodeId,stage,date,outcome\nE-404,4W,2025-05-26,1\n"));
    expect(&a, 422, "INVALID");
    check_text(&a, "errors.0.code", "UNKNOWN_EPISODE");
    answer_free(&a);
}

/* E-50 has a follow-up in force; a version without it keeps and tells of the orphan. */
static void orphans_are_told(void) {
    struct episode_row row = episode_good("E-51");
    struct buf file = file_of(&row, 1);
    char path[160];
    snprintf(path, sizeof path, "%s?dryRun=true", Q1);
    struct answer a = service_put(s, s->homerton, path, "text/csv", buf_str(&file));
    expect(&a, 200, NULL);
    check_text(&a, "removed", "1");
    check_text(&a, "warnings.0.code", "ORPHAN_FOLLOW_UP");
    check_text(&a, "warnings.0.row", "0");
    CHECK(strstr(answer_text(&a, "warnings.0.detail"), "1 follow-up in force is"), "%s",
          answer_text(&a, "warnings.0.detail"));
    answer_free(&a);
    buf_free(&file);
}

static void stale_if_match(void) {
    struct episode_row row = episode_good("E-50");
    struct buf file = file_of(&row, 1);
    struct ask ask = {.method = "PUT",
                      .path = Q1,
                      .key = s->homerton,
                      .type = "text/csv",
                      .body = buf_str(&file),
                      .headers = {"If-Match: \"v1\""}};
    struct answer a = service_ask(s, &ask);
    expect(&a, 412, "STALE");
    answer_free(&a);
    buf_free(&file);
}

/* Every KPI in its place, with nothing sent: NO_DATA throughout. */
static void empty_dashboard(void) {
    static const char *const REFS[] = {"1.1",  "1.2",  "1.3",  "1.4",  "1.5",  "1.6",  "1.7", "1.8",
                                       "1.9",  "1.10", "1.11", "1.12", "1.13", "1.14", "2.1", "2.2",
                                       "2.3",  "3.1",  "3.2",  "3.3",  "3.4",  "4.1",  "4.2", "4.3a",
                                       "4.3b", "4.3c", "4.3d", "4.4",  "4.5"};
    struct answer a = service_get(s, s->commissioner, "/v1/dashboards/city-and-hackney/2023-24-Q1");
    expect(&a, 200, NULL);
    CHECK(json_array_size(answer_at(&a, "kpis")) == 29, "29 KPIs");
    for (size_t i = 0; i < 29; i++) {
        char path[64];
        snprintf(path, sizeof path, "kpis.%zu.ref", i);
        check_text(&a, path, REFS[i]);
        snprintf(path, sizeof path, "kpis.%zu.quarter.rag", i);
        check_text(&a, path, "NO_DATA");
    }
    answer_free(&a);
}

/* Bad input: each gets the answer of the contract and leaves nothing. */
static void bad_input(void) {
    static const struct {
        const char *label, *path, *type;
        str body;
        long status;
        const char *code;
    } CASES[] = {
        {"empty body", "homerton/2025-26-Q3/episodes", "text/csv", {"", 0}, 400, "MALFORMED"},
        {"NUL byte",
         "homerton/2025-26-Q3/episodes",
         "text/csv",
         {"episodeId,clientId\nE\0,1\n", 24},
         400,
         "MALFORMED"},
        {"open quote",
         "homerton/2025-26-Q3/episodes",
         "text/csv",
         {"episodeId\n\"E1\n", 14},
         400,
         "MALFORMED"},
        {"text after quote",
         "homerton/2025-26-Q3/episodes",
         "text/csv",
         {"episodeId\n\"E1\"x\n", 16},
         400,
         "MALFORMED"},
        {"malformed JSON",
         "homerton/2025-26-Q3/episodes",
         "application/json",
         {"{\"rows\":[{]}", 12},
         400,
         "MALFORMED"},
        {"repeated key",
         "homerton/2025-26-Q3/episodes",
         "application/json",
         {"{\"rows\":[{\"episodeId\":\"1\",\"episodeId\":\"2\"}]}", 45},
         400,
         "MALFORMED"},
        {"no rows", "homerton/2025-26-Q3/episodes", "application/json", {"{}", 2}, 422, "INVALID"},
        {"wrong content type",
         "homerton/2025-26-Q3/episodes",
         "application/pdf",
         {"%PDF", 4},
         415,
         "UNSUPPORTED_MEDIA_TYPE"},
        {"missing columns",
         "homerton/2025-26-Q3/episodes",
         "text/csv",
         {"episodeId\nE1\n", 13},
         422,
         "INVALID"},
        {"unknown period", "homerton/2025-26-Q5/episodes", "text/csv", {"x\n", 2}, 404, "NOT_FOUND"},
        {"too early a period", "homerton/2017-18-Q2/episodes", "text/csv", {"x\n", 2}, 404, "NOT_FOUND"},
        {"unknown part", "homerton/2025-26-Q3/episode", "text/csv", {"x\n", 2}, 404, "NOT_FOUND"},
        {"another provider", "pharmacies/2025-26-Q3/episodes", "text/csv", {"x\n", 2}, 404, "NOT_FOUND"},
        {"unknown provider", "nobody/2025-26-Q3/episodes", "text/csv", {"x\n", 2}, 404, "NOT_FOUND"},
        {"unknown parameter",
         "homerton/2025-26-Q3/episodes?dryrun=true",
         "text/csv",
         {"x\n", 2},
         400,
         "UNKNOWN_PARAMETER"},
        {"bad flag",
         "homerton/2025-26-Q3/episodes?dryRun=perhaps",
         "text/csv",
         {"x\n", 2},
         400,
         "BAD_PARAMETER"},
    };
    char before[64];
    snprintf(before, sizeof before, "%s", service_sql(s, "select count(*) from version"));
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char path[200];
        snprintf(path, sizeof path, "/v1/returns/city-and-hackney/%s", CASES[i].path);
        struct answer a = service_put(s, s->homerton, path, CASES[i].type, CASES[i].body);
        CHECK(a.status == CASES[i].status && strcmp(answer_text(&a, "code"), CASES[i].code) == 0,
              "%s: %ld %s", CASES[i].label, a.status, answer_text(&a, "code"));
        CHECK(strstr(answer_header(&a, "content-type"), "application/problem+json"), "%s: %s", CASES[i].label,
              answer_header(&a, "content-type"));
        answer_free(&a);
    }
    CHECK(strcmp(before, service_sql(s, "select count(*) from version")) == 0, "nothing stored");
}

static void keys_and_roles(void) {
    struct {
        const char *label, *key, *path;
        long status;
    } cases[] = {
        {"no key", NULL, DASHBOARD, 401},
        {"a bad key", "qd_live_abc_def", DASHBOARD, 401},
        {"a checker has no dashboard", s->checker, DASHBOARD, 403},
        {"a commissioner has no client rows", s->commissioner, Q1, 403},
        {"another service", s->commissioner, "/v1/dashboards/elsewhere/2025-26-Q1", 404},
        {"another's return", s->pharmacies, Q1, 404},
        {"another's dashboard", s->pharmacies, "/v1/dashboards/city-and-hackney/2025-26-Q1?provider=homerton",
         404},
        {"own dashboard", s->pharmacies, DASHBOARD, 200},
        {"who we are", NULL, "/v1", 200},
        {"alive", NULL, "/health/live", 200},
        {"ready", NULL, "/health/ready", 200},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct answer a = service_get(s, cases[i].key, cases[i].path);
        CHECK(a.status == cases[i].status, "%s: %ld", cases[i].label, a.status);
        if (a.status == 401)
            CHECK(strcmp(answer_header(&a, "www-authenticate"), "Bearer") == 0, "401 says how");
        answer_free(&a);
    }
}

static void not_modified(void) {
    struct answer a = service_get(s, s->commissioner, DASHBOARD);
    char match[128];
    snprintf(match, sizeof match, "If-None-Match: %s", answer_header(&a, "etag"));
    answer_free(&a);
    struct ask ask = {.path = DASHBOARD, .key = s->commissioner, .headers = {match}};
    a = service_ask(s, &ask);
    CHECK(a.status == 304 && a.body.n == 0, "304 without a body, got %ld", a.status);
    answer_free(&a);
}

void suite_http_upload(void) {
    suite_add("http_upload", begin, end);
    case_add("a dashboard without returns has every KPI, none rated", empty_dashboard);
    case_add("a return gets its receipt, a correction its changes, the same bytes nothing",
             receipt_and_versions);
    case_add("what is downloaded goes back in unchanged", download_goes_back_unchanged);
    case_add("all errors of all rows are said at once, and nothing is stored", every_error_at_once);
    case_add("an episode id of another period is refused, naming it", another_period_is_named);
    case_add("a dry run tells the consequence and leaves no trace", dry_run_leaves_no_trace);
    case_add("follow-ups count for the episodes they belong to", follow_ups_count);
    case_add("a version that removes an episode tells of its follow-ups", orphans_are_told);
    case_add("a stale If-Match is refused", stale_if_match);
    case_add("bad input gets the answer of the contract", bad_input);
    case_add("keys open what is theirs", keys_and_roles);
    case_add("an unchanged dashboard is a 304", not_modified);
}
