/* Personal data, by canaries: values that are in no other place of the world go in through every door, and are then looked for in every
 * table, in the log and in what a commissioner may read. clientId is in the rows, for its provider; postcode and date of birth are
 * nowhere; an NHS number, a telephone number and an e-mail address are refused in every free text, and not told again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "returns/part.h"
#include "tests/support/episodes.h"
#include "tests/support/receiver.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

#define CLIENT "CANARY-CLIENT-77"
#define NHS_NUMBER "943 476 5919"
#define PHONE "07700 900461"
#define MAIL "canary.person@example.org"
#define POSTCODE "W1A 9ZZ"
#define BORN "1971-12-23"

static const char *const IN_TEXT[] = {NHS_NUMBER, PHONE, MAIL};
enum { IN_TEXT_COUNT = 3 };
/* As they were sent, and as they would be kept. */
static const char *const NOWHERE[] = {NHS_NUMBER,   "9434765919",  PHONE,      "07700900461",
                                      MAIL,         POSTCODE,      "W1A9ZZ",   BORN,
                                      "23/12/1971", "CANARY-NAME", "CANARY-PC"};
enum { NOWHERE_COUNT = sizeof NOWHERE / sizeof *NOWHERE };

#define RETURN "/v1/returns/city-and-hackney/homerton/2025-26-Q1/"

static struct service *s;
static struct receiver to;
static const struct service_options OPTIONS = {.trusts_receiver = true};
static char scoped[128];

static bool holds(str text, const char *what) {
    return text.n && memmem(text.p, text.n, what, strlen(what)) != NULL;
}

/* ---- every door ---- */

static struct answer post(const char *key, const char *path, const char *body) {
    return service_ask(
        s, &(struct ask){
               .method = "POST", .path = path, .key = key, .type = "application/json", .body = str_of(body)});
}

/* What was answered told no canary, and has this status. */
static void silent(struct answer a, long status, const char *what) {
    CHECK(a.status == status, "%s: %ld, expected %ld: %.*s", what, a.status, status,
          STR_ARG(buf_str(&a.body)));
    for (size_t i = 0; i < NOWHERE_COUNT; i++)
        CHECK(!holds(buf_str(&a.body), NOWHERE[i]), "%s tells %s again: %.*s", what, NOWHERE[i],
              STR_ARG(buf_str(&a.body)));
    CHECK(!holds(buf_str(&a.body), CLIENT), "%s tells the clientId: %.*s", what, STR_ARG(buf_str(&a.body)));
    answer_free(&a);
}

static int begin(void) {
    s = service_start(&OPTIONS);
    if (!s) return 1;
    char key[200], body[200];
    snprintf(key, sizeof key, "%.*s/key.pem", (int)(strrchr(s->ca_file, '/') - s->ca_file), s->ca_file);
    if (!receiver_start(&to, s->ca_file, key)) return 1;
    snprintf(body, sizeof body, "{\"url\":\"%s/all\"}", to.url);
    struct answer a = post(s->commissioner, "/v1/webhooks/city-and-hackney", body);
    bool made = a.status == 201;
    answer_free(&a);
    a = post(s->admin, "/v1/keys",
             "{\"role\":\"COMMISSIONER\",\"service\":\"city-and-hackney\",\"scopes\":[\"CLIENT_ROWS\"]}");
    snprintf(scoped, sizeof scoped, "%s", answer_text(&a, "key"));
    answer_free(&a);
    return made ? 0 : 1;
}
static int end(void) {
    int status = s ? service_stop(s) : 1;
    receiver_stop(&to);
    return status;
}

/* Beside the columns of the part the file has some that say who somebody is. */
static void rows_about_people(void) {
    silent(
        service_put(
            s, s->homerton, RETURN "episodes", "text/csv",
            STR("episodeId,clientId,localAuthority,quitDate,dateOfBirth,postcode,gender,name,NHS number,telephone,email\r\n"
                "E-1," CLIENT ",Hackney,2025-05-01,23/12/1971," POSTCODE ",1,CANARY-NAME," NHS_NUMBER
                "," PHONE "," MAIL "\r\n")),
        201, "episodes");
    silent(service_put(s, s->homerton, RETURN "harm-reduction", "text/csv",
                       STR("pathwayId,startDate,clientId\r\nP-1,2025-05-01," CLIENT "\r\n")),
           201, "harm-reduction");
    silent(service_put(s, s->homerton, RETURN "follow-ups", "text/csv",
                       STR("episodeId,stage,date,outcome,clientId\r\nE-1,4W,2025-05-29,1," CLIENT "\r\n")),
           201, "follow-ups");
    silent(service_put(
               s, s->homerton, RETURN "referrals", "text/csv",
               STR("referralId,receivedDate,episodeId,postcode,dateOfBirth\r\nR-1,2025-04-20,E-1," POSTCODE
                   "," BORN "\r\n")),
           201, "referrals");
}

/* What cannot be read is not told either. */
static void bad_rows_about_people(void) {
    silent(service_put(s, s->homerton, RETURN "episodes", "text/csv",
                       STR("episodeId,clientId,localAuthority,quitDate,dateOfBirth,postcode\r\n"
                           "E-1,9434765919,Hackney,2025-05-01,23/12/1971 born,CANARY-PC\r\n")),
           422, "an NHS number as clientId");
    silent(service_put(s, s->homerton, RETURN "episodes", "text/csv",
                       STR("episodeId,clientId,localAuthority,quitDate,ageAtQuitDate\r\n"
                           "E-1," CLIENT " " MAIL ",Hackney,2025-05-01,40\r\n")),
           422, "a clientId with something behind it");
}

/* One row of a part as JSON: what a row must have, by the examples of its columns, and the text. */
static void add_row(struct buf *b, const struct part *part, size_t text_column, const char *text) {
    buf_add_cstr(b, "{\"rows\":[{");
    const char *between = "";
    for (size_t i = 0; i < part->column_count; i++) {
        const struct column *c = &part->columns[i];
        if (i != text_column && !(c->flags & COLUMN_REQUIRED)) continue;
        buf_printf(b, "%s\"%s\":\"%s%s\"", between, c->name, i == text_column ? "ask " : "",
                   i == text_column ? text : c->example);
        between = ",";
    }
    buf_add_cstr(b, "}]}");
}

static void try_text(const struct part *part, size_t column, const char *text) {
    char path[200];
    struct buf body = BUF_EMPTY;
    snprintf(path, sizeof path, "/v1/returns/city-and-hackney/homerton/2025-26-Q2/%s", part->name);
    add_row(&body, part, column, text);
    struct answer a = service_put(s, s->homerton, path, "application/json", buf_str(&body));
    CHECK(holds(buf_str(&a.body), "PERSONAL_IN_TEXT"), "%s of %s: %ld %.*s", part->columns[column].name,
          part->name, a.status, STR_ARG(buf_str(&a.body)));
    CHECK(holds(buf_str(&a.body), part->columns[column].name), "the column is named");
    silent(a, 422, part->columns[column].name);
    buf_free(&body);
}

static void texts_of_parts(void) {
    size_t tried = 0;
    for (int id = 0; id < PART_COUNT; id++) {
        const struct part *part = part_get((enum part_id)id);
        for (size_t c = 0; part && c < part->column_count; c++) {
            if (part->columns[c].kind != COL_TEXT) continue;
            for (size_t i = 0; i < IN_TEXT_COUNT; i++)
                try_text(part, c, IN_TEXT[i]);
            tried++;
        }
    }
    CHECK(tried >= 10, "%zu columns with free text", tried);
}

static void texts_of_forms(void) {
    static const struct {
        const char *path, *body;
    } FORMS[] = {
        {"/v1/periods/city-and-hackney/2025-26-Q1/lock", "{\"reason\":\"ask %s\"}"},
        {"/v1/periods/city-and-hackney/2025-26-Q1/unlock", "{\"reason\":\"ask %s\"}"},
        {"/v1/action-plans",
         "{\"service\":\"city-and-hackney\",\"kpi\":\"1.9\",\"openedFor\":\"2025-26-Q1\",\"comment\":\"ask %s\"}"},
        {"/v1/national-returns/city-and-hackney/2025-26-Q1/submission", "{\"reason\":\"ask %s\"}"},
        {"/v1/payments/city-and-hackney/2025-26/statements", "{\"comment\":\"ask %s\"}"},
    };
    for (size_t f = 0; f < sizeof FORMS / sizeof *FORMS; f++)
        for (size_t i = 0; i < IN_TEXT_COUNT; i++) {
            char *body = NULL;
            struct arena a = ARENA_EMPTY;
            str filled = str_of(FORMS[f].body);
            str before = str_cut(&filled, '%');
            body = arena_cstr(&a, arena_printf(&a, "%.*s%s%.*s", STR_ARG(before), IN_TEXT[i],
                                               (int)filled.n - 1, filled.p + 1));
            silent(post(s->commissioner, FORMS[f].path, body), 422, FORMS[f].path);
            arena_free(&a);
        }
    silent(service_put(s, s->homerton, RETURN "contacts?reason=ask%20canary.person@example.org", "text/csv",
                       STR("month,callsReceived,callsAnsweredFirstTime\n2025-04,1,1\n")),
           400, "the reason of a correction");
}

/* JSON that breaks off right before such a text. */
static void forms_that_break(void) {
    static const struct {
        const char *method, *path;
    } FORMS[] = {
        {"POST", "/v1/periods/city-and-hackney/2025-26-Q1/lock"},
        {"PUT", "/v1/national-returns/city-and-hackney/2025-26-Q1/reasons"},
        {"PUT", "/v1/services/city-and-hackney/providers/homerton"},
        {"PUT", "/v1/frameworks/city-and-hackney"},
    };
    for (size_t f = 0; f < sizeof FORMS / sizeof *FORMS; f++)
        for (size_t i = 0; i < IN_TEXT_COUNT; i++) {
            char body[100];
            snprintf(body, sizeof body, "{\n\"reason\" \"%s\"}", IN_TEXT[i]);
            struct answer a = service_ask(s, &(struct ask){.method = FORMS[f].method,
                                                           .path = FORMS[f].path,
                                                           .key = s->commissioner,
                                                           .type = "application/json",
                                                           .body = str_of(body),
                                                           .headers = {"If-Match: \"v1\""}});
            CHECK(strcmp(answer_text(&a, "code"), "MALFORMED") == 0 ||
                      strcmp(answer_text(&a, "code"), "INVALID") == 0,
                  "%s: %s", FORMS[f].path, answer_text(&a, "code"));
            CHECK(holds(buf_str(&a.body), "ine 2"), "%s says where: %.*s", FORMS[f].path,
                  STR_ARG(buf_str(&a.body)));
            silent(a, a.status, FORMS[f].path);
        }
    silent(post(s->commissioner, "/v1/periods/city-and-hackney/2025-26-Q1/lock", "{\"reason\":\"a\\u0000\"}"),
           400, "a NUL");
}

/* ---- every place ---- */

/* The tables in which a text is found, as it is or as bytes. */
static const char *tables_with(const char *text) {
    char sql[900];
    snprintf(
        sql, sizeof sql,
        "SELECT coalesce(string_agg(relname, ' ' ORDER BY relname), '') FROM pg_class WHERE relnamespace = 'quarterday'::regnamespace "
        "AND relkind IN ('r', 'p') AND NOT relispartition AND (xpath('//n/text()', query_to_xml(format("
        "'SELECT count(*) AS n FROM %%I t WHERE position(''%s'' IN t::text) > 0 OR position(encode(''%s''::bytea, ''hex'') IN t::text) > 0', "
        "relname), false, false, '')))[1]::text <> '0'",
        text, text);
    return service_sql(s, sql);
}

static void in_tables(void) {
    CHECK(strcmp(tables_with(CLIENT), "row_pack") == 0, "the clientId is in rows and nowhere else: %s",
          tables_with(CLIENT));
    CHECK(strcmp(tables_with("E-1"), "row_pack") == 0, "this test finds what is there: %s",
          tables_with("E-1"));
    for (size_t i = 0; i < NOWHERE_COUNT; i++)
        CHECK(strcmp(tables_with(NOWHERE[i]), "") == 0, "%s is in %s", NOWHERE[i], tables_with(NOWHERE[i]));
}

static void in_the_log(void) {
    struct buf log = BUF_EMPTY;
    char piece[4096];
    FILE *f = fopen(s->log_file, "rb");
    for (size_t n; f && (n = fread(piece, 1, sizeof piece, f)) > 0;)
        buf_add(&log, piece, n);
    if (f) fclose(f);
    CHECK(holds(buf_str(&log), "part.put"), "requests are logged");
    CHECK(!holds(buf_str(&log), CLIENT), "without the clientId");
    for (size_t i = 0; i < NOWHERE_COUNT; i++)
        CHECK(!holds(buf_str(&log), NOWHERE[i]), "%s is in the log", NOWHERE[i]);
    buf_free(&log);
}

static void in_what_others_read(void) {
    static const char *const PATHS[] = {
        "/v1/audit?service=city-and-hackney&limit=200",
        "/v1/events?service=city-and-hackney",
        RETURN "episodes?reason=audit",
        RETURN "harm-reduction?reason=audit",
        RETURN "follow-ups?reason=audit",
        RETURN "referrals?reason=audit",
        RETURN "episodes/changes",
        "/v1/returns/city-and-hackney/homerton/2025-26-Q1",
        "/v1/returns/city-and-hackney/homerton/2025-26-Q1/history",
        "/v1/dashboards/city-and-hackney/2025-26-Q1",
        "/v1/breakdowns/city-and-hackney/2025-26-Q1?measure=setQuitDate&by=gender",
        "/v1/kpis/city-and-hackney/1.4/2025-26-Q1/explanation",
        "/v1/supplement/city-and-hackney/2025-26-Q1",
        "/v1/completeness/city-and-hackney/2025-26-Q1",
        "/v1/national-returns/city-and-hackney/2025-26-Q1",
        "/v1/national-returns/city-and-hackney/2025-26-Q1/reconciliation?provider=homerton",
        "/v1/feeds/kpi-results.json?service=city-and-hackney",
        "/v1/feeds/returns.csv?service=city-and-hackney",
        "/v1/feeds/breakdowns.csv?service=city-and-hackney",
        "/v1/feeds/completeness.csv?service=city-and-hackney",
    };
    for (size_t i = 0; i < sizeof PATHS / sizeof *PATHS; i++) {
        struct answer a = service_get(s, scoped, PATHS[i]);
        silent(a, a.status == 404 ? 404 : 200, PATHS[i]);
    }
    struct answer own = service_get(s, s->homerton, RETURN "episodes");
    CHECK(holds(buf_str(&own.body), CLIENT), "the provider gets its own back");
    answer_free(&own);
}

static void in_webhooks(void) {
    CHECK(receiver_wait(&to, 4), "each return was told: %zu", receiver_count(&to));
    for (size_t n = 0; n < receiver_count(&to); n++) {
        struct received got = receiver_at(&to, n);
        CHECK(!holds(str_of(got.body), CLIENT), "%s", got.body);
        for (size_t i = 0; i < NOWHERE_COUNT; i++)
            CHECK(!holds(str_of(got.body), NOWHERE[i]), "%s is told: %s", NOWHERE[i], got.body);
    }
}

void suite_http_personal(void) {
    suite_add("http_personal", begin, end);
    case_add("rows about people are taken, and nothing that was sent is told again", rows_about_people);
    case_add("nor what could not be read", bad_rows_about_people);
    case_add("an NHS number, a telephone number, an e-mail address: refused in every text of every part",
             texts_of_parts);
    case_add("and in every text of a form", texts_of_forms);
    case_add("nor what stands where JSON breaks off", forms_that_break);
    case_add("no table holds more than the clientId in its row", in_tables);
    case_add("the log holds nothing", in_the_log);
    case_add("a commissioner reads nothing, with CLIENT_ROWS neither", in_what_others_read);
    case_add("webhooks tell nothing", in_webhooks);
}
