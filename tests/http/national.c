/* A provider that sends the national return, over HTTPS: accepted, refused, read back; episodes or national and the way
 * from one to the other; what it stands in for when signing off; its figures beside another provider's episodes on the
 * dashboard, in the receipt, in completeness and in the payment. The return is that of tests/support/national.h. */
#include <stdio.h>

#include "tests/support/answers.h"
#include "tests/support/national.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

enum { Q2 = 2025 * 4 + 1 };

static struct service *s;

static int begin(void) {
    s = service_start(NULL);
    return s ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

static const char *path_of(const char *provider, const char *rest) {
    static char path[2][200];
    static int turn;
    char *at = path[turn ^= 1];
    snprintf(at, sizeof path[0], "/v1/returns/city-and-hackney/%s/%s", provider, rest);
    return at;
}

static struct answer put_at(const char *provider, const char *rest, enum body_format format, str body,
                            long status) {
    struct answer a =
        service_put(s, strcmp(provider, "homerton") == 0 ? s->homerton : s->pharmacies,
                    path_of(provider, rest), format == FORMAT_CSV ? "text/csv" : "application/json", body);
    CHECK(a.status == status, "%s %s: %ld, expected %ld: %.*s", provider, rest, a.status, status,
          a.body.n < 2000 ? (int)a.body.n : 2000, a.body.p ? a.body.p : "");
    return a;
}

static struct answer put_national(const char *rest, enum body_format format, const char *changes,
                                  long status) {
    struct buf body = BUF_EMPTY;
    national_add(&body, format, Q2, changes);
    struct answer a = put_at("pharmacies", rest, format, buf_str(&body), status);
    buf_free(&body);
    return a;
}

static void put_csv(const char *provider, const char *rest, const char *body, long status) {
    struct answer a = put_at(provider, rest, FORMAT_CSV, str_of(body), status);
    answer_free(&a);
}

#define EPISODE_HEADER_SHORT                                                                                 \
    "episodeId,clientId,localAuthority,quitDate,ageAtQuitDate,outcome4w,followUp4wDate,nssec\n"
/* Of the other provider: quit, not quit, and one due without an outcome. */
#define RECORDS                                                                                              \
    EPISODE_HEADER_SHORT "E-1,C-1,E09000012,2025-07-01,43,1,2025-07-29,08\n"                                 \
                         "E-2,C-2,E09000012,2025-07-02,43,2,2025-07-30,01\n"                                 \
                         "E-3,C-3,E09000012,2025-07-03,43,,,\n"

static void in_and_out(void) {
    struct answer a = put_national("2025-26-Q2/national?dryRun=true", FORMAT_CSV, NULL, 200);
    check_text(&a, "rows", "468");
    check_text(&a, "stored", "false");
    answer_free(&a);
    a = put_national("2025-26-Q2/national", FORMAT_CSV, NULL, 201);
    check_text(&a, "rows", "468");
    check_text(&a, "created", "468");
    check_text(&a, "warningCount", "0");
    answer_free(&a);
    a = put_national("2025-26-Q2/national", FORMAT_JSON, "1D SET=41", 200);
    check_text(&a, "updated", "1");
    check_text(&a, "unchanged", "467");
    answer_free(&a);
    a = service_get(s, s->pharmacies, path_of("pharmacies", "2025-26-Q2/national"));
    check_text(&a, "version", "2");
    check_text(&a, "rows.358.part", "1D");
    check_text(&a, "rows.358.key1", "null");
    check_text(&a, "rows.358.measure", "SET");
    check_text(&a, "rows.358.value", "41");
    answer_free(&a);
    struct ask ask = {.path = path_of("pharmacies", "2025-26-Q2/national"),
                      .key = s->pharmacies,
                      .headers = {"Accept: text/csv"}};
    struct answer down = service_ask(s, &ask);
    a = put_at("pharmacies", "2025-26-Q2/national", FORMAT_CSV, buf_str(&down.body), 200);
    check_text(&a, "unchanged", "468");
    answer_free(&a);
    answer_free(&down);
    a = service_get(s, s->homerton, path_of("pharmacies", "2025-26-Q2/national"));
    CHECK(a.status == 404, "another's return is not there: %ld", a.status);
    answer_free(&a);
}

static void refused(void) {
    struct answer a =
        put_national("2025-26-Q2/national", FORMAT_CSV, "1B 02 2 LOST=11|-1A A 1 SET|1H 13 QUIT=x", 422);
    check_text(&a, "errorCount", "3");
    check_text(&a, "errors.0.row", "0");
    check_text(&a, "errors.0.code", "MISSING_VALUE");
    check_text(&a, "errors.0.detail", "The cell 1A A 1 SET is missing.");
    check_text(&a, "errors.1.row", "242");
    check_text(&a, "errors.1.line", "243");
    check_text(&a, "errors.1.column", "value");
    check_text(&a, "errors.1.code", "INCONSISTENT");
    check_text(&a, "errors.2.code", "BAD_NUMBER");
    answer_free(&a);
    a = service_get(s, s->pharmacies, path_of("pharmacies", "2025-26-Q2/national"));
    check_text(&a, "version", "3");
    answer_free(&a);
}

/* One or the other, both ways; a nil return takes the first back. */
static void either(void) {
    const char *const NIL = "part,key1,key2,measure,value,reason\n";
    struct answer a = put_at("pharmacies", "2025-26-Q2/episodes", FORMAT_CSV, STR(RECORDS), 422);
    check_text(&a, "errorCount", "1");
    check_text(&a, "errors.0.row", "0");
    check_text(&a, "errors.0.code", "EPISODES_AND_NATIONAL");
    answer_free(&a);
    put_csv("pharmacies", "2025-26-Q2/episodes?dryRun=true", EPISODE_HEADER_SHORT, 422);
    put_csv("pharmacies", "2025-26-Q1/episodes", EPISODE_HEADER_SHORT, 201); /* another period */
    put_csv("pharmacies", "2025-26-Q2/follow-ups", "episodeId,stage,date,outcome\n", 201);
    put_csv("pharmacies", "2025-26-Q2/national", NIL, 200);
    put_csv("pharmacies", "2025-26-Q2/episodes", RECORDS, 201);
    a = put_national("2025-26-Q2/national", FORMAT_CSV, NULL, 422);
    check_text(&a, "errorCount", "1");
    check_text(&a, "errors.0.code", "EPISODES_AND_NATIONAL");
    answer_free(&a);
    a = service_get(s, s->pharmacies, "/v1/dashboards/city-and-hackney/2025-26-Q2");
    check_text(&a, "kpis.0.quarter.numerator", "3");
    answer_free(&a);
    put_csv("pharmacies", "2025-26-Q2/episodes", EPISODE_HEADER_SHORT, 200);
    a = put_national("2025-26-Q2/national", FORMAT_CSV, NULL, 200);
    check_text(&a, "version", "5");
    answer_free(&a);
}

static const char *kpi(const struct answer *a, const char *ref, const char *member) {
    char path[80];
    for (int i = 0; i < 29; i++) {
        snprintf(path, sizeof path, "kpis.%d.ref", i);
        if (strcmp(answer_text(a, path), ref) != 0) continue;
        snprintf(path, sizeof path, "kpis.%d.%s", i, member);
        return answer_text(a, path);
    }
    return "(no such KPI)";
}

struct figure_case {
    const char *ref, *numerator, *denominator, *partial;
};

static void check_figures(const char *query, const char *key, const struct figure_case *cases, size_t count) {
    char path[120];
    snprintf(path, sizeof path, "/v1/dashboards/city-and-hackney/2025-26-Q2%s", query);
    struct answer a = service_get(s, key, path);
    CHECK(a.status == 200, "%s: %ld", path, a.status);
    for (size_t i = 0; i < count; i++) {
        const struct figure_case *c = &cases[i];
        CHECK(strcmp(kpi(&a, c->ref, "quarter.numerator"), c->numerator) == 0, "%s%s: %s", c->ref, query,
              kpi(&a, c->ref, "quarter.numerator"));
        CHECK(strcmp(kpi(&a, c->ref, "quarter.denominator"), c->denominator) == 0, "%s%s: of %s", c->ref,
              query, kpi(&a, c->ref, "quarter.denominator"));
        CHECK(strcmp(kpi(&a, c->ref, "partial"), c->partial) == 0, "%s%s: partial %s", c->ref, query,
              kpi(&a, c->ref, "partial"));
    }
    answer_free(&a);
}
#define CHECK_FIGURES(query, key, cases) check_figures(query, key, cases, sizeof(cases) / sizeof *(cases))

/* Beside homerton's three: 100 + 3 people, 50 + 1 quit, 14 + 1 lost; nobody's 12 weeks end in the quarter. */
static void on_the_dashboard(void) {
    static const struct figure_case BOTH[] = {
        {"1.1", "103", "null", "false"}, {"1.2", "3", "null", "true"},   {"1.4", "51", "103", "false"},
        {"1.5", "51", "103", "false"},   {"1.6", "44", "51", "false"},   {"1.9", "15", "103", "false"},
        {"4.2", "46", "103", "false"},   {"4.3b", "30", "103", "false"}, {"4.3c", "5", "103", "false"},
        {"4.5", "4", "103", "false"},    {"1.7", "0", "0", "true"},      {"4.1", "0", "3", "true"},
    };
    static const struct figure_case OWN[] = {
        {"1.1", "100", "null", "false"}, {"1.4", "50", "100", "false"}, {"4.1", "null", "null", "true"}};
    static const struct figure_case HACKNEY[] = {{"1.1", "3", "null", "true"}, {"1.4", "1", "3", "true"}};
    struct answer a = put_at("homerton", "2025-26-Q2/episodes", FORMAT_CSV, STR(RECORDS), 201);
    bool moved = false;
    for (int i = 0; i < 60 && !moved; i++) {
        char path[60];
        snprintf(path, sizeof path, "kpis.%d.ref", i);
        if (strcmp(answer_text(&a, path), "1.4") != 0) continue;
        snprintf(path, sizeof path, "kpis.%d.after.numerator", i);
        moved = strcmp(answer_text(&a, path), "51") == 0;
    }
    CHECK(moved, "the receipt names 1.4 with 51 of 103");
    answer_free(&a);
    CHECK_FIGURES("", s->commissioner, BOTH);
    CHECK_FIGURES("", s->pharmacies, OWN);
    CHECK_FIGURES("?localAuthority=E09000012", s->commissioner, HACKNEY);
    a = service_get(s, s->commissioner, "/v1/dashboards/city-and-hackney/2025-26-Q2");
    CHECK(strcmp(kpi(&a, "4.2", "quarter.unknown"), "6") == 0, "5, and E-3: %s",
          kpi(&a, "4.2", "quarter.unknown"));
    CHECK(strcmp(kpi(&a, "4.2", "quarter.valueAmongKnown"), "47.42") == 0, "46 / 97: %s",
          kpi(&a, "4.2", "quarter.valueAmongKnown"));
    CHECK(strcmp(kpi(&a, "1.1", "coverage.reported"), "2") == 0 &&
              strcmp(kpi(&a, "1.7", "coverage.reported"), "1") == 0,
          "coverage");
    answer_free(&a);
}

static void receipt_of_its_own(void) {
    struct answer a =
        put_national("2025-26-Q2/national", FORMAT_CSV, "1D SET=42|1E 01 SET=49|1E 08 SET=46", 200);
    check_text(&a, "kpis.0.ref", "4.2");
    check_text(&a, "kpis.0.before.numerator", "46");
    check_text(&a, "kpis.0.after.numerator", "47");
    answer_free(&a);
}

/* 468 of 468 cells; homerton has 3 x 8 items (no outcome of E-3 among the complete) and nssec three times. */
static void completeness_and_payment(void) {
    struct answer a = service_get(s, s->commissioner, "/v1/completeness/city-and-hackney/2025-26-Q2");
    check_text(&a, "providers.1.provider", "pharmacies");
    check_text(&a, "providers.1.complete", "468");
    check_text(&a, "providers.1.required", "468");
    const json_t *all = answer_at(&a, "required"), *records = answer_at(&a, "providers.0.required");
    CHECK(json_integer_value(all) == json_integer_value(records) + 468, "the service is the sum");
    long long required = json_integer_value(all), complete = json_integer_value(answer_at(&a, "complete"));
    answer_free(&a);
    a = service_get(s, s->commissioner, "/v1/dashboards/city-and-hackney/2025-26-Q2");
    char text[24];
    snprintf(text, sizeof text, "%lld", complete);
    CHECK(strcmp(kpi(&a, "1.14", "quarter.numerator"), text) == 0, "1.14 is the same: %s", text);
    snprintf(text, sizeof text, "%lld", required);
    CHECK(strcmp(kpi(&a, "1.14", "quarter.denominator"), text) == 0, "1.14 is the same: %s", text);
    answer_free(&a);
    a = service_get(s, s->commissioner, "/v1/payments/city-and-hackney/2025-26");
    check_text(&a, "numerator", "51");
    check_text(&a, "denominator", "103");
    answer_free(&a);
}

/* Episodes and follow-ups are expected of pharmacies; the return stands in for both. */
static void signing_off(void) {
    struct answer a = service_get(s, s->pharmacies, path_of("pharmacies", "2025-26-Q2"));
    check_text(&a, "missingParts.0", "referrals");
    check_text(&a, "missingParts.2", "training-sessions");
    answer_free(&a);
    put_csv("pharmacies", "2025-26-Q2/referrals", "referralId,receivedDate\n", 201);
    put_csv("pharmacies", "2025-26-Q2/contacts", "month,callsReceived,callsAnsweredFirstTime\n", 201);
    put_csv("pharmacies", "2025-26-Q2/training-sessions", "sessionId,date,type,attendees\n", 201);
    struct ask sign = {
        .method = "POST", .path = path_of("pharmacies", "2025-26-Q2/submission"), .key = s->pharmacies};
    a = service_ask(s, &sign);
    CHECK(a.status == 200, "signed: %ld %.*s", a.status, (int)a.body.n, a.body.p);
    check_text(&a, "return.status", "SUBMITTED");
    answer_free(&a);
    put_csv("pharmacies", "2025-26-Q2/national", "part,key1,key2,measure,value,reason\n",
            422); /* needs a reason */
    put_csv("pharmacies", "2025-26-Q2/national?reason=Wrong+form", "part,key1,key2,measure,value,reason\n",
            200);
    a = service_get(s, s->pharmacies, path_of("pharmacies", "2025-26-Q2"));
    check_text(&a, "resignNeeded", "true");
    check_text(&a, "missingParts.0", "(absent)"); /* episodes and follow-ups are there as nil returns */
    answer_free(&a);
}

/* Never sent anything else: the return alone, and nil at that, stands in. */
static void nil_stands_in(void) {
    put_csv("pharmacies", "2025-26-Q3/national", "part,key1,key2,measure,value,reason\n", 201);
    struct answer a = service_get(s, s->pharmacies, path_of("pharmacies", "2025-26-Q3"));
    check_text(&a, "missingParts.0", "referrals");
    answer_free(&a);
    a = service_get(s, s->commissioner, "/v1/dashboards/city-and-hackney/2025-26-Q3");
    CHECK(strcmp(kpi(&a, "1.1", "quarter.numerator"), "0") == 0, "nil is 0: %s",
          kpi(&a, "1.1", "quarter.numerator"));
    CHECK(strcmp(kpi(&a, "1.4", "quarter.rag"), "NOT_DUE") == 0, "an empty cohort");
    CHECK(strcmp(kpi(&a, "4.1", "quarter.rag"), "NO_DATA") == 0, "episodes were never sent");
    answer_free(&a);
}

void suite_http_national(void);
/* The template of a quarter has its cells: as it is it is refused, each cell once; with zeros typed in it is accepted. */
static void template_filled_in(void) {
    static const char *const PERIODS[] = {"2019-20-Q1", "2025-26-Q3"}; /* one of each form */
    for (size_t i = 0; i < 2; i++) {
        char path[80], rest[80], rows[24];
        struct buf filled = BUF_EMPTY;
        snprintf(path, sizeof path, "/v1/templates/national?period=%s", PERIODS[i]);
        snprintf(rest, sizeof rest, "%s/national?dryRun=true", PERIODS[i]);
        struct answer t = service_get(s, s->pharmacies, path);
        CHECK(t.status == 200, "%s: %ld", path, t.status);
        long cells = -1; /* without the header */
        for (str left = buf_str(&t.body); left.n;) {
            str line = str_cut(&left, '\n');
            bool open = str_ends_with(line, STR(",,\r"));
            buf_add(&filled, line.p, line.n - (open ? 2 : 0));
            buf_add_cstr(&filled, open ? "0,\r\n" : "\n");
            cells++;
        }
        snprintf(rows, sizeof rows, "%ld", cells);
        CHECK(cells > 200, "%s has %ld cells", PERIODS[i], cells);
        struct answer a = put_at("pharmacies", rest, FORMAT_CSV, buf_str(&t.body), 422);
        check_text(&a, "errorCount", rows);
        check_text(&a, "errors.0.code", "MISSING_VALUE");
        check_text(&a, "errors.0.column", "value");
        answer_free(&a);
        a = put_at("pharmacies", rest, FORMAT_CSV, buf_str(&filled), 200);
        check_text(&a, "rows", rows);
        check_text(&a, "warningCount", "0");
        answer_free(&a);
        answer_free(&t);
        buf_free(&filled);
    }
}

void suite_http_national(void) {
    suite_add("http_national", begin, end);
    case_add("in as CSV and JSON, read back, in again", in_and_out);
    case_add("refused: missing, contradicting and wrong cells", refused);
    case_add("episodes or national", either);
    case_add("beside another provider's episodes on the dashboard", on_the_dashboard);
    case_add("its receipt names what moved", receipt_of_its_own);
    case_add("completeness and payment", completeness_and_payment);
    case_add("it stands in for episodes and follow-ups", signing_off);
    case_add("a nil return stands in too", nil_stands_in);
    case_add("the template has the cells of its quarter, to be typed into", template_filled_in);
}
