/* The feeds over HTTPS: flat rows by hand, the same figures as on the dashboard, both formats, conditional and compressed reads, feed keys and
 * Basic. homerton has four attempts in 2025-26-Q1, of which three quit: 1.4 is 3 of 4, 75 %, Wilson 30.06 to 95.44. */
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "tests/support/episodes.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

static struct service *s;
static char feed_key[128];
#define FEEDS "/v1/feeds/"

static void send_episodes(void) {
    struct buf b = BUF_EMPTY;
    struct episode_row rows[] = {episode_good("E-1"), episode_good("E-2"), episode_good("E-3"),
                                 episode_good("E-4")};
    rows[3].outcome = "3";
    rows[3].co = "";
    buf_add_cstr(&b, EPISODE_HEADER "\r\n");
    for (size_t i = 0; i < 4; i++)
        episode_add_csv(&b, &rows[i]);
    struct answer a = service_put(s, s->homerton, "/v1/returns/city-and-hackney/homerton/2025-26-Q1/episodes",
                                  "text/csv", buf_str(&b));
    CHECK(a.status == 201, "%ld %.300s", a.status, a.body.n ? a.body.p : "");
    answer_free(&a);
    buf_free(&b);
}

static int begin(void) {
    s = service_start(NULL);
    if (!s) return 1;
    const char *const argv[] = {"key",  "issue",     "--database",       s->owner,         "--role",
                                "feed", "--service", "city-and-hackney", "--expires-days", "30",
                                NULL};
    struct buf text = BUF_EMPTY;
    if (service_command(argv, &text) != 0) return 1;
    snprintf(feed_key, sizeof feed_key, "%.*s", STR_ARG(str_trim(buf_str(&text))));
    buf_free(&text);
    for (int tries = 0; tries < 600; tries++) { /* the running service hears of the key */
        struct answer a = service_get(s, feed_key, FEEDS "returns.json");
        bool known = a.status == 200;
        answer_free(&a);
        if (known) return 0;
        nanosleep(&(struct timespec){0, 100000000}, NULL);
    }
    return 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

static const char *text_of(const json_t *row, const char *column) {
    static char out[4][300];
    static unsigned turn;
    char *p = out[turn++ % 4];
    json_t *v = json_object_get(row, column);
    if (!v) return "(absent)";
    if (json_is_string(v)) return json_string_value(v);
    char *dumped = json_dumps(v, JSON_ENCODE_ANY | JSON_REAL_PRECISION(12));
    snprintf(p, 300, "%s", dumped);
    free(dumped);
    return p;
}

/* The row in which each of these columns says that; "column=value", "null" for null. */
static const json_t *row_where(const struct answer *a, const char *const conditions[]) {
    const json_t *rows = answer_at(a, "results");
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        bool fits = true;
        for (size_t c = 0; conditions[c] && fits; c++) {
            str value = str_of(conditions[c]), name = str_cut(&value, '=');
            char column[80];
            snprintf(column, sizeof column, "%.*s", STR_ARG(name));
            fits = str_is(value, text_of(row, column));
        }
        if (fits) return row;
    }
    return NULL;
}

static void check_row(const json_t *row, const char *const wanted[]) {
    CHECK(row != NULL, "the row is there");
    for (size_t i = 0; row && wanted[i]; i++) {
        str value = str_of(wanted[i]), name = str_cut(&value, '=');
        char column[80];
        snprintf(column, sizeof column, "%.*s", STR_ARG(name));
        CHECK(str_is(value, text_of(row, column)), "%s is %s, expected %.*s", column, text_of(row, column),
              STR_ARG(value));
    }
}

/* ---- rows ---- */

static void kpi_rows(void) {
    struct answer a = service_get(s, s->commissioner, FEEDS "kpi-results.json?to=2025-26-Q1");
    CHECK(a.status == 200, "%ld %.200s", a.status, a.body.n ? a.body.p : "");
    /* one quarter x (service, homerton, pharmacies) x 29 KPIs x 2 views */
    CHECK(json_array_size(answer_at(&a, "results")) == 174, "%zu rows",
          json_array_size(answer_at(&a, "results")));
    CHECK(strcmp(answer_text(&a, "metadata.total"), "174") == 0, "total %s",
          answer_text(&a, "metadata.total"));
    const json_t *row = row_where(&a, (const char *[]){"kpiRef=1.4", "view=QUARTER", "provider=null", NULL});
    check_row(row, (const char *[]){"service=city-and-hackney",
                                    "providerName=null",
                                    "financialYear=2025-26",
                                    "quarter=1",
                                    "period=2025-26-Q1",
                                    "periodStart=2025-04-01",
                                    "periodEnd=2025-06-30",
                                    "periodSort=20251",
                                    "unit=PERCENT",
                                    "direction=HIGHER",
                                    "numerator=3",
                                    "denominator=4",
                                    "value=75",
                                    "target=50",
                                    "annualTarget=50",
                                    "variance=25",
                                    "rag=GREEN",
                                    "ragReason=ON_TARGET",
                                    "ragRank=3",
                                    "trend=CANNOT_BE_CALCULATED",
                                    "provisional=true",
                                    "actionPlanRequired=false",
                                    "actionPlanId=null",
                                    "returnVersion=null",
                                    "partial=true",
                                    "smallNumber=true",
                                    "lower95=30.06",
                                    "upper95=95.44",
                                    "valueNote=null",
                                    "asAt=2026-02-20",
                                    "knownAt=null",
                                    NULL});
    row = row_where(&a, (const char *[]){"kpiRef=1.1", "view=YEAR_TO_DATE", "provider=homerton", NULL});
    check_row(row, (const char *[]){"numerator=4", "denominator=null", "value=4", "rag=null",
                                    "ragReason=NO_PROVIDER_TARGET", "ragRank=null", "trend=null",
                                    "actionPlanRequired=null", "returnVersion=1", "lower95=null", NULL});
    row = row_where(&a, (const char *[]){"kpiRef=2.1", "view=QUARTER", "provider=null", NULL});
    check_row(row, (const char *[]){"numerator=null", "value=null", "rag=NO_DATA", "valueNote=NOT_SENT",
                                    "variance=null", "ragRank=6", NULL});
    answer_free(&a);
}

/* Every figure of the feed is that of the dashboard. */
static void compare_dashboard(const struct answer *feed, const char *provider) {
    char path[200], at[40];
    snprintf(path, sizeof path, "/v1/dashboards/city-and-hackney/2025-26-Q1%s%s",
             *provider ? "?provider=" : "", provider);
    struct answer a = service_get(s, s->commissioner, path);
    const json_t *kpis = answer_at(&a, "kpis");
    size_t compared = 0;
    for (size_t i = 0; i < json_array_size(kpis); i++) {
        const json_t *kpi = json_array_get(kpis, i);
        char ref[40], who[80];
        snprintf(ref, sizeof ref, "kpiRef=%s", text_of(kpi, "ref"));
        snprintf(who, sizeof who, "provider=%s", *provider ? provider : "null");
        for (int v = 0; v < 2; v++) {
            const json_t *row =
                row_where(feed, (const char *[]){ref, who, v ? "view=YEAR_TO_DATE" : "view=QUARTER",
                                                 "period=2025-26-Q1", NULL});
            const json_t *figure = json_object_get(kpi, v ? "yearToDate" : "quarter");
            static const char *const SAME[] = {"numerator", "denominator", "value", "rag"};
            for (size_t c = 0; row && c < 4; c++, compared++) {
                snprintf(at, sizeof at, "%s", text_of(figure, SAME[c]));
                CHECK(strcmp(at, text_of(row, SAME[c])) == 0, "%s %s %s: %s, on the dashboard %s", ref, who,
                      SAME[c], text_of(row, SAME[c]), at);
            }
        }
    }
    CHECK(compared == 232, "29 KPIs, two views, four columns: %zu", compared);
    answer_free(&a);
}

static void same_as_the_dashboard(void) {
    struct answer a = service_get(s, s->commissioner, FEEDS "kpi-results.json");
    compare_dashboard(&a, "");
    compare_dashboard(&a, "homerton");
    answer_free(&a);
}

static void other_rows(void) {
    struct answer a = service_get(s, s->commissioner, FEEDS "returns.json?from=2025-26-Q1&to=2025-26-Q1");
    CHECK(json_array_size(answer_at(&a, "results")) == 2, "two providers");
    check_row(row_where(&a, (const char *[]){"provider=homerton", NULL}),
              (const char *[]){"period=2025-26-Q1", "status=OPEN", "partsExpected=5", "partsSent=1",
                               "missingParts=follow-ups;referrals;contacts;training-sessions", "rows=4",
                               "neverSent=false", "late=true", "onTime=false", "signedOffAt=null", NULL});
    check_row(row_where(&a, (const char *[]){"provider=pharmacies", NULL}),
              (const char *[]){"neverSent=true", "rows=0", "newestReceivedAt=null", NULL});
    answer_free(&a);
    a = service_get(s, s->commissioner, FEEDS "completeness.json");
    /* homerton and the service: everything and ten items each; of four attempts every item is there, 4 x 10 less nothing */
    CHECK(json_array_size(answer_at(&a, "results")) == 22, "%zu rows",
          json_array_size(answer_at(&a, "results")));
    check_row(row_where(&a, (const char *[]){"provider=homerton", "item=outcome4w", NULL}),
              (const char *[]){"complete=4", "required=4", "value=100", "sufficient=true", "waiting=0",
                               "submitted=false", NULL});
    check_row(row_where(&a, (const char *[]){"provider=null", "item=outcome4w", NULL}),
              (const char *[]){"complete=4", "required=4", "submitted=null", NULL});
    answer_free(&a);
}

/* A cell of the feed is that of the breakdown; members that nobody has are left out of the feed. */
static size_t compare_breakdown(const struct answer *feed, const char *measure, const char *by,
                                const char *provider) {
    char path[250], m[80], d[80], who[80], member[160];
    snprintf(path, sizeof path, "/v1/breakdowns/city-and-hackney/2025-26-Q1?measure=%s&by=%s%s%s", measure,
             by, *provider ? "&provider=" : "", provider);
    snprintf(m, sizeof m, "measure=%s", measure);
    snprintf(d, sizeof d, "dimension=%s", by);
    snprintf(who, sizeof who, "provider=%s", *provider ? provider : "null");
    struct answer a = service_get(s, s->commissioner, path);
    const json_t *rows = answer_at(&a, "rows");
    size_t found = 0;
    CHECK(a.status == 200 && json_array_size(rows) > 0, "%s: %ld", path, a.status);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *cell = json_array_get(rows, i);
        const json_t *keys = json_object_get(cell, "keys");
        snprintf(member, sizeof member, "member=%s", text_of(keys, by));
        const json_t *row = row_where(feed, (const char *[]){m, d, who, member, "period=2025-26-Q1", NULL});
        bool has_nobody = json_is_null(json_object_get(cell, "denominator"))
                              ? strcmp(text_of(cell, "numerator"), "0") == 0
                              : strcmp(text_of(cell, "denominator"), "0") == 0;
        CHECK((row == NULL) == has_nobody, "%s %s %s is there, or not", m, d, member);
        static const char *const SAME[] = {"numerator", "denominator", "value"};
        for (size_t c = 0; row && c < 3; c++)
            CHECK(strcmp(text_of(row, SAME[c]), text_of(cell, SAME[c])) == 0, "%s %s %s %s: %s", m, d, member,
                  SAME[c], text_of(row, SAME[c]));
        found += row != NULL;
    }
    answer_free(&a);
    return found;
}

static void breakdown_rows_of_the_feed(void) {
    struct answer a = service_get(s, s->commissioner, FEEDS "breakdowns.json?to=2025-26-Q1");
    CHECK(a.status == 200, "%ld %.300s", a.status, a.body.n ? a.body.p : "");
    check_row(row_where(&a, (const char *[]){"measure=quit4", "dimension=ALL", "provider=homerton", NULL}),
              (const char *[]){"service=city-and-hackney", "period=2025-26-Q1", "periodSort=20251",
                               "unit=PERCENT", "member=ALL", "memberLabel=null", "overlaps=false",
                               "numerator=3", "denominator=4", "value=75", "lower95=30.06", "upper95=95.44",
                               "smallNumber=true", "partial=null", "asAt=2026-02-20", "knownAt=null", NULL});
    check_row(row_where(&a, (const char *[]){"measure=setQuitDate", "dimension=ALL", "provider=null", NULL}),
              (const char *[]){"unit=COUNT", "partial=true", "numerator=4", "denominator=null", "value=4",
                               "lower95=null", "denominatorMeaning=null", NULL});
    static const char *const MEASURES[] = {"setQuitDate", "quit4", "lost12", "extendedSupport"};
    static const char *const BY[] = {"gender", "ageBand", "localAuthority", "priorityGroup", "ethnicGroup"};
    size_t cells = 0;
    for (size_t m = 0; m < 4; m++)
        for (size_t d = 0; d < 5; d++) {
            cells += compare_breakdown(&a, MEASURES[m], BY[d], "");
            cells += compare_breakdown(&a, MEASURES[m], BY[d], "homerton");
        }
    CHECK(cells >= 30, "cells were compared: %zu", cells);
    answer_free(&a);
    a = service_get(s, s->commissioner, FEEDS "breakdowns.json?measure=quit4&by=gender,ageBand");
    const json_t *rows = answer_at(&a, "results");
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const char *by = text_of(json_array_get(rows, i), "dimension");
        CHECK(strcmp(text_of(json_array_get(rows, i), "measure"), "quit4") == 0, "one measure");
        CHECK(strcmp(by, "ALL") == 0 || strcmp(by, "gender") == 0 || strcmp(by, "ageBand") == 0, "%s", by);
    }
    CHECK(json_array_size(rows) == 6, "two entities, one member of each: %zu", json_array_size(rows));
    answer_free(&a);
    a = service_get(s, s->commissioner, FEEDS "breakdowns.json?knownAt=2020-01-01T00:00:00Z");
    CHECK(strcmp(answer_text(&a, "metadata.total"), "0") == 0, "nothing was known in 2020");
    answer_free(&a);
    a = service_get(s, s->commissioner,
                    FEEDS "breakdowns.json?measure=setQuitDate&by=gender&localAuthority=E09000001");
    CHECK(a.status == 200 && strcmp(answer_text(&a, "metadata.total"), "0") == 0, "nobody of the City: %s",
          answer_text(&a, "metadata.total"));
    answer_free(&a);
}

static void reword(const char *id, const char *match, const char *body) {
    char path[120];
    snprintf(path, sizeof path, "/v1/action-plans/%s", id);
    struct answer a = service_ask(s, &(struct ask){.method = "PATCH",
                                                   .path = path,
                                                   .key = s->homerton,
                                                   .type = "application/json",
                                                   .body = str_of(body),
                                                   .headers = {match}});
    CHECK(a.status == 200, "%s: %ld %s", body, a.status, answer_text(&a, "detail"));
    answer_free(&a);
}

/* Words of a plan, a quarter and a lead are changed twice; the feed knows what was said in between, and before. */
static void plan_as_it_stood(const char *id) {
    char path[120], want[80], step[2][40];
    reword(id, "If-Match: \"v1\"",
           "{\"what\":\"First words\",\"when\":\"2025-26-Q4\",\"strategicDirectorLead\":\"Somebody\"}");
    reword(id, "If-Match: \"v2\"",
           "{\"what\":\"Second words\",\"how\":\"So\",\"when\":\"2026-27-Q1\","
           "\"strategicDirectorLead\":\"Somebody else\"}");
    snprintf(path, sizeof path, "/v1/action-plans/%s", id);
    snprintf(want, sizeof want, "id=%s", id);
    struct answer a = service_get(s, s->commissioner, path);
    snprintf(step[0], sizeof step[0], "%s", answer_text(&a, "history.0.at"));
    snprintf(step[1], sizeof step[1], "%s", answer_text(&a, "history.1.at"));
    answer_free(&a);
    snprintf(path, sizeof path, FEEDS "action-plans.json?knownAt=%s", step[1]);
    a = service_get(s, s->commissioner, path);
    check_row(row_where(&a, (const char *[]){want, NULL}),
              (const char *[]){"version=2", "status=DRAFT", "what=First words", "how=null", "when=2025-26-Q4",
                               "strategicDirectorLead=Somebody", NULL});
    answer_free(&a);
    snprintf(path, sizeof path, FEEDS "action-plans.json?knownAt=%s", step[0]);
    a = service_get(s, s->commissioner, path);
    check_row(row_where(&a, (const char *[]){want, NULL}),
              (const char *[]){"version=1", "status=REQUIRED", "what=null", "when=null",
                               "strategicDirectorLead=Director of Public Health", NULL});
    answer_free(&a);
    a = service_get(s, s->commissioner, FEEDS "action-plans.json");
    check_row(row_where(&a, (const char *[]){want, NULL}),
              (const char *[]){"version=3", "what=Second words", "how=So", "when=2026-27-Q1",
                               "strategicDirectorLead=Somebody else", NULL});
    answer_free(&a);
}

static void plans_of_a_final_quarter(void) {
    struct answer a =
        service_ask(s, &(struct ask){.method = "POST",
                                     .path = "/v1/periods/city-and-hackney/2025-26-Q1/finalisation",
                                     .key = s->commissioner,
                                     .type = "application/json",
                                     .body = STR("{}")});
    CHECK(a.status == 200, "%ld", a.status);
    answer_free(&a);
    a = service_get(s, s->commissioner, "/v1/action-plans?limit=500");
    char total[20];
    snprintf(total, sizeof total, "%s", answer_text(&a, "metadata.total"));
    CHECK(strcmp(total, "0") != 0, "1.1 is far below its target: there are plans");
    answer_free(&a);
    a = service_get(s, s->commissioner, FEEDS "action-plans.json");
    CHECK(strcmp(answer_text(&a, "metadata.total"), total) == 0, "%s plans, %s",
          answer_text(&a, "metadata.total"), total);
    const json_t *plan = row_where(&a, (const char *[]){"kpiRef=1.1", NULL});
    check_row(plan, (const char *[]){"period=2025-26-Q1", "origin=RED", "status=REQUIRED", "version=1",
                                     "attributedTo=homerton;pharmacies", "when=null", NULL});
    char id[60];
    snprintf(id, sizeof id, "actionPlanId=%s", plan ? text_of(plan, "id") : "?");
    answer_free(&a);
    a = service_get(s, s->commissioner, FEEDS "action-plans.json?knownAt=2025-07-01T00:00:00Z");
    CHECK(strcmp(answer_text(&a, "metadata.total"), "0") == 0, "none was open then");
    answer_free(&a);
    plan_as_it_stood(id + sizeof "actionPlanId=" - 1);
    a = service_get(s, s->commissioner, FEEDS "action-plans.json?from=2025-26-Q2");
    CHECK(strcmp(answer_text(&a, "metadata.total"), "0") == 0, "none of later quarters");
    answer_free(&a);
    a = service_get(s, s->commissioner, FEEDS "kpi-results.json?to=2025-26-Q1");
    check_row(row_where(&a, (const char *[]){"kpiRef=1.1", "view=QUARTER", "provider=null", NULL}),
              (const char *[]){"actionPlanRequired=true", id, NULL});
    answer_free(&a);
}

static void fingertips(void) {
    struct answer a =
        service_ask(s, &(struct ask){.path = FEEDS "kpi-results.csv?format=fingertips&to=2025-26-Q1",
                                     .key = s->commissioner});
    static const char HEADER[] =
        "Indicator ID,Indicator Name,Parent Code,Parent Name,Area Code,Area Name,Area Type,Sex,Age,Category Type,"
        "Category,Time period,Value,Lower CI 95.0 limit,Upper CI 95.0 limit,Lower CI 99.8 limit,"
        "Upper CI 99.8 limit,Count,Denominator,Value note,Recent Trend,Compared to England value or percentiles,"
        "Compared to Service value or percentiles,Time period Sortable,New data,Compared to goal\r\n";
    CHECK(str_starts_with(buf_str(&a.body), str_of(HEADER)), "the columns of Fingertips: %.700s",
          a.body.n ? a.body.p : "");
    CHECK(memmem(a.body.p, a.body.n, "2025/26 Q1,75,30.06,95.44,", 26) != NULL, "the row of 1.4");
    CHECK(memmem(a.body.p, a.body.n, ",20250100,,Green\r\n", 18) != NULL, "sorted and compared");
    size_t lines = 0;
    for (size_t i = 0; i < a.body.n; i++)
        lines += a.body.p[i] == '\n';
    CHECK(lines == 1 + 29 * 3, "one row a KPI and area: %zu", lines);
    answer_free(&a);
}

/* ---- formats ---- */

static void inflated(const struct buf *zipped, struct buf *out) {
    z_stream z = {.next_in = (Bytef *)zipped->p, .avail_in = (uInt)zipped->n};
    unsigned char piece[4096];
    int said = inflateInit2(&z, 16 + MAX_WBITS);
    while (said == Z_OK) {
        z.next_out = piece;
        z.avail_out = sizeof piece;
        said = inflate(&z, Z_NO_FLUSH);
        buf_add(out, piece, sizeof piece - z.avail_out);
    }
    CHECK(said == Z_STREAM_END, "one whole gzip stream: %d", said);
    inflateEnd(&z);
}

static struct answer get_with(const char *path, const char *header) {
    return service_ask(s, &(struct ask){.path = path, .key = s->commissioner, .headers = {header}});
}

static void check_compressed(const char *path) {
    struct buf plain = BUF_EMPTY;
    char match[120], tag[80];
    struct answer a = service_get(s, s->commissioner, path);
    struct answer z = get_with(path, "Accept-Encoding: gzip");
    CHECK(strcmp(answer_header(&z, "content-encoding"), "gzip") == 0, "%s is gzip", path);
    CHECK(strstr(answer_header(&z, "vary"), "Accept-Encoding") != NULL, "and says what it depends on");
    inflated(&z.body, &plain);
    CHECK(str_eq(buf_str(&plain), buf_str(&a.body)), "%s: the same bytes inside", path);
    snprintf(tag, sizeof tag, "%s", answer_header(&z, "etag"));
    CHECK(strcmp(tag, answer_header(&a, "etag")) != 0, "two representations, two tags");
    answer_free(&z);
    snprintf(match, sizeof match, "If-None-Match: %s", tag);
    z = service_ask(
        s, &(struct ask){.path = path, .key = s->commissioner, .headers = {"Accept-Encoding: gzip", match}});
    CHECK(z.status == 304 && z.body.n == 0, "%s unchanged: %ld", path, z.status);
    answer_free(&z);
    z = get_with(path, match);
    CHECK(z.status == 200, "the tag of the other representation is not this one's: %ld", z.status);
    answer_free(&z);
    snprintf(match, sizeof match, "If-None-Match: %s", answer_header(&a, "etag"));
    z = get_with(path, match);
    CHECK(z.status == 304, "%s unchanged: %ld", path, z.status);
    answer_free(&z);
    answer_free(&a);
    buf_free(&plain);
}

static void compressed(void) {
    static const char *const PATHS[] = {
        FEEDS "kpi-results.csv", FEEDS "kpi-results.json",  FEEDS "kpi-results.csv?format=fingertips",
        FEEDS "returns.csv",     FEEDS "action-plans.json", FEEDS "completeness.csv"};
    for (size_t i = 0; i < sizeof PATHS / sizeof *PATHS; i++)
        check_compressed(PATHS[i]);
}

static void both_formats(void) {
    static const struct {
        const char *path, *accept, *type;
    } CASES[] = {
        {FEEDS "returns.csv", "Accept: */*", "text/csv; charset=utf-8; header=present"},
        {FEEDS "returns.csv", "Accept: application/json", "text/csv; charset=utf-8; header=present"},
        {FEEDS "returns.json", "Accept: text/csv", "application/json"},
        {FEEDS "returns", "Accept: text/csv", "text/csv; charset=utf-8; header=present"},
        {FEEDS "returns", "Accept: application/json", "application/json"},
        {FEEDS "returns", NULL, "application/json"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct answer a = get_with(CASES[i].path, CASES[i].accept);
        CHECK(a.status == 200 && strcmp(answer_header(&a, "content-type"), CASES[i].type) == 0,
              "%s, %s: %ld %s", CASES[i].path, CASES[i].accept ? CASES[i].accept : "-", a.status,
              answer_header(&a, "content-type"));
        answer_free(&a);
    }
}

/* ---- who ---- */

static void base64(const char *text, char out[400]) {
    gnutls_datum_t plain = {(unsigned char *)(uintptr_t)text, (unsigned)strlen(text)}, coded;
    gnutls_base64_encode2(&plain, &coded);
    snprintf(out, 400, "%.*s", (int)coded.size, (const char *)coded.data);
    gnutls_free(coded.data);
}

static long by_basic(const char *user, const char *password, const char *path) {
    char text[300], coded[400], header[480];
    snprintf(text, sizeof text, "%s:%s", user, password);
    base64(text, coded);
    snprintf(header, sizeof header, "Authorization: Basic %s", coded);
    struct answer a = service_ask(s, &(struct ask){.path = path, .headers = {header}});
    long status = a.status;
    if (status == 401 && strncmp(path, FEEDS, sizeof FEEDS - 1) == 0)
        CHECK(strstr(answer_header(&a, "www-authenticate"), "Basic") != NULL, "%s says how",
              answer_header(&a, "www-authenticate"));
    answer_free(&a);
    return status;
}

static void who_may(void) {
    const char *const csv = FEEDS "kpi-results.csv";
    const struct {
        const char *label, *key, *path;
        long status;
    } CASES[] = {
        {"commissioner", s->commissioner, csv, 200},
        {"feed key", feed_key, csv, 200},
        {"feed key, its own service", feed_key, FEEDS "returns.csv?service=city-and-hackney", 200},
        {"feed key, another service", feed_key, FEEDS "returns.csv?service=elsewhere", 404},
        {"feed key, elsewhere", feed_key, "/v1/dashboards/city-and-hackney/2025-26-Q1", 403},
        {"feed key, payments", feed_key, "/v1/payments/city-and-hackney/2025-26", 403},
        {"feed key, returns", feed_key, "/v1/returns", 403},
        {"provider", s->homerton, csv, 403},
        {"checker", s->checker, csv, 403},
        {"admin", s->admin, csv, 403},
        {"nobody", NULL, csv, 401},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct answer a = service_get(s, CASES[i].key, CASES[i].path);
        CHECK(a.status == CASES[i].status, "%s: %ld", CASES[i].label, a.status);
        answer_free(&a);
    }
    CHECK(by_basic("excel", feed_key, csv) == 200, "Basic with the feed key");
    CHECK(by_basic("", s->commissioner, csv) == 200, "Basic with the commissioner's key, no user");
    CHECK(by_basic("excel", "nonsense", csv) == 401, "Basic with a wrong password");
    CHECK(by_basic(feed_key, "", csv) == 401, "the key is the password, not the user");
    CHECK(by_basic("x", s->commissioner, "/v1/dashboards/city-and-hackney/2025-26-Q1") == 401,
          "Basic opens nothing but feeds");
}

static void what_is_refused(void) {
    static const struct {
        const char *path;
        long status;
        const char *words;
    } CASES[] = {
        {FEEDS "kpi-result.csv", 404, "kpi-results, returns"},
        {FEEDS "kpi-results.xml", 404, "kpi-results, returns"},
        {FEEDS ".csv", 404, "kpi-results, returns"},
        {FEEDS "kpi-results.csv.csv", 404, "kpi-results, returns"},
        {FEEDS "kpi-results.csv?from=2025-26-Q3&to=2025-26-Q1", 400, "exchange"},
        {FEEDS "kpi-results.csv?from=2025", 400, "2025-26-Q1"},
        {FEEDS "kpi-results.csv?period=2025-26-Q1", 400, "period"},
        {FEEDS "kpi-results.csv?format=xlsx", 400, "fingertips"},
        {FEEDS "returns.csv?format=fingertips", 400, "kpi-results"},
        {FEEDS "returns.csv?localAuthority=Hackney", 400, "kpi-results"},
        {FEEDS "returns.csv?measure=quit4", 400, "feed breakdowns"},
        {FEEDS "kpi-results.csv?by=gender", 400, "feed breakdowns"},
        {FEEDS "breakdowns.csv?measure=quit5", 400, "setQuitDate, quit4"},
        {FEEDS "breakdowns.csv?measure=", 400, "setQuitDate, quit4"},
        {FEEDS "breakdowns.csv?by=gender,site", 400, "ageBand, gender"},
        {FEEDS "breakdowns.csv?by=adviser", 400, "ageBand, gender"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct answer a = service_get(s, s->commissioner, CASES[i].path);
        CHECK(a.status == CASES[i].status && strstr(answer_text(&a, "detail"), CASES[i].words), "%s: %ld %s",
              CASES[i].path, a.status, answer_text(&a, "detail"));
        answer_free(&a);
    }
    struct answer a = get_with(FEEDS "kpi-results.csv", "Accept: application/xml");
    CHECK(a.status == 406, "neither format: %ld", a.status);
    answer_free(&a);
}

/* Known before anything was received: the feed of figures is empty, and still a table. */
static void as_it_was_known(void) {
    struct answer a = service_get(s, s->commissioner, FEEDS "kpi-results.json?knownAt=2020-01-01T00:00:00Z");
    CHECK(a.status == 200 && strcmp(answer_text(&a, "metadata.total"), "0") == 0, "%ld %s", a.status,
          answer_text(&a, "metadata.total"));
    answer_free(&a);
    a = service_get(s, s->commissioner, FEEDS "kpi-results.json?asAt=2025-06-01&to=2025-26-Q1");
    check_row(row_where(&a, (const char *[]){"kpiRef=1.4", "view=QUARTER", "provider=null", NULL}),
              (const char *[]){"value=null", "rag=NOT_DUE", "valueNote=NOT_DUE", "asAt=2025-06-01", NULL});
    answer_free(&a);
    a = service_get(s, s->commissioner, FEEDS "returns.json?to=2025-26-Q1&knownAt=2020-01-01T00:00:00Z");
    check_row(row_where(&a, (const char *[]){"provider=homerton", "period=2025-26-Q1", NULL}),
              (const char *[]){"neverSent=true", "partsSent=0", "rows=0", "newestReceivedAt=null",
                               "signedOffAt=null", "periodFinal=false", NULL});
    answer_free(&a);
}

void suite_http_feeds(void) {
    suite_add("http_feeds", begin, end);
    case_add("four attempts are sent", send_episodes);
    case_add("kpi-results: rows by hand", kpi_rows);
    case_add("the figures are those of the dashboard", same_as_the_dashboard);
    case_add("returns and completeness: rows by hand", other_rows);
    case_add("breakdowns: rows by hand, and those of the breakdown", breakdown_rows_of_the_feed);
    case_add("as at, as known", as_it_was_known);
    case_add("CSV and JSON, by ending and by Accept", both_formats);
    case_add("feed keys and Basic open feeds, nothing else", who_may);
    case_add("what is refused, in words", what_is_refused);
    case_add("the columns of Fingertips", fingertips);
    case_add("action plans, and the rows that they answer for", plans_of_a_final_quarter);
    case_add("gzip and ETag: the same rows, two tags", compressed);
}
