/* The parts beside episodes and follow-ups over HTTPS: each goes in as CSV and as JSON, is refused when it is
 * wrong, comes back as it was sent, and moves its KPIs; sites and advisers carry forward. */
#include <stdio.h>

#include "tests/support/answers.h"
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

static const char *path_of(const char *period, const char *part, const char *query) {
    static char path[200];
    snprintf(path, sizeof path, "/v1/returns/city-and-hackney/homerton/%s/%s%s", period, part, query);
    return path;
}

static struct answer put(const char *period, const char *part, const char *type, const char *body,
                         long status) {
    struct answer a = service_put(s, s->homerton, path_of(period, part, ""), type, str_of(body));
    CHECK(a.status == status, "%s: %ld, expected %ld: %.*s", part, a.status, status,
          STR_ARG(buf_str(&a.body)));
    return a;
}

static void put_csv(const char *period, const char *part, const char *body, long status) {
    struct answer a = put(period, part, "text/csv", body, status);
    answer_free(&a);
}

/* The same rows twice: as a spreadsheet has them, and as JSON with every column given. */
static const struct {
    const char *part, *csv, *json;
    const char *column, *shown; /* of the first row, read back */
} PARTS[] = {
    {"harm-reduction",
     "Pathway ID;Start date;Outcome;Episode ID;Local authority\nP-1;14/07/2025;partial_switch;E-1;Hackney\n"
     "P-2;15/07/2025;NO_CHANGE;;City of London\nP-3;16/07/2025;;;\n",
     "{\"rows\":[{\"pathwayId\":\"P-1\",\"startDate\":\"2025-07-14\",\"outcome\":\"PARTIAL_SWITCH\",\"episodeId\":\"E-1\","
     "\"localAuthority\":\"E09000012\"},{\"pathwayId\":\"P-2\",\"startDate\":\"2025-07-15\",\"outcome\":\"NO_CHANGE\","
     "\"localAuthority\":\"E09000001\"},{\"pathwayId\":\"P-3\",\"startDate\":\"2025-07-16\",\"outcome\":null}]}",
     "localAuthority", "E09000012"},
    {"referrals",
     "referralId,receivedDate,contactedDate,firstAppointmentOfferedDate,source,referrerOrganisation\n"
     "R-1,2025-07-14,2025-07-16,2025-07-21,GP,\"'=Practice, \"\"Lower\"\" Clapton\"\nR-2,2025-07-14,2025-07-17,2025-07-22,SELF,\n",
     "{\"rows\":[{\"referralId\":\"R-1\",\"receivedDate\":\"2025-07-14\",\"contactedDate\":\"2025-07-16\","
     "\"firstAppointmentOfferedDate\":\"2025-07-21\",\"source\":\"gp\",\"referrerOrganisation\":\"=Practice, \\\"Lower\\\" Clapton\"},"
     "{\"referralId\":\"R-2\",\"receivedDate\":\"2025-07-14\",\"contactedDate\":\"2025-07-17\","
     "\"firstAppointmentOfferedDate\":\"2025-07-22\",\"source\":\"SELF\"}]}",
     "referrerOrganisation", "=Practice, \"Lower\" Clapton"},
    {"contacts",
     "month,calls_received,Calls answered first time\n2025-07,100,96\n2025-08,100,93\n2025-09,0,0\n",
     "{\"rows\":[{\"month\":\"2025-07\",\"callsReceived\":100,\"callsAnsweredFirstTime\":96},"
     "{\"month\":\"2025-08\",\"callsReceived\":\"100\",\"callsAnsweredFirstTime\":\"93\"},"
     "{\"month\":\"2025-09\",\"callsReceived\":0,\"callsAnsweredFirstTime\":0,\"emailsReceived\":\"\"}]}",
     "callsReceived", "100"},
    {"training-sessions",
     "sessionId\tdate\ttype\ttopic\tattendees\tratingsReceived\tratedGoodOrVeryGood\torganisations\toutOfHours\n"
     "T-1\t2025-07-14\tVBA\t\t12\t10\t9\tHomerton:8;Hackney Council:4\tNo\nT-2\t2025-07-15\tSPECIALTY\tVAPING\t5\t\t\t\t\n",
     "{\"rows\":[{\"sessionId\":\"T-1\",\"date\":\"2025-07-14\",\"type\":\"VBA\",\"attendees\":12,\"ratingsReceived\":10,"
     "\"ratedGoodOrVeryGood\":9,\"organisations\":\"Homerton:8;Hackney Council:4\",\"outOfHours\":false},"
     "{\"sessionId\":\"T-2\",\"date\":\"2025-07-15\",\"type\":\"SPECIALTY\",\"topic\":\"VAPING\",\"attendees\":5}]}",
     "organisations", "Homerton:8;Hackney Council:4"},
    {"advisers", "Adviser ID,Organisation,Date certified\nA12,Homerton Healthcare,05/11/2024\n",
     "{\"rows\":[{\"adviserId\":\"A12\",\"organisation\":\"Homerton Healthcare\",\"certifiedDate\":\"2024-11-05\"}]}",
     "certifiedDate", "2024-11-05"},
    {"sites",
     "siteId,name,setting,postcode,clinicTimes\nMAIN,Homerton Row,22,e9 6sr,\"Mon 9-12, Thu 14-18\"\nBARE,Elsewhere,,,\n",
     "{\"rows\":[{\"siteId\":\"MAIN\",\"name\":\"Homerton Row\",\"setting\":\"22\",\"postcode\":\"E96SR\","
     "\"clinicTimes\":\"Mon 9-12, Thu 14-18\"},{\"siteId\":\"BARE\",\"name\":\"Elsewhere\"}]}",
     "postcode", "E9 6SR"},
    {"web-analytics",
     "month,visitors,New visitors,pageViews,bounce_rate,webChats,videoCalls,downtimeMinutes,supportIssues,averageResolveHours,topPages\n"
     "2025-07,100,60,320,41.50,5,2,35,3,2.25,/quit;/vaping\n2025-08,90,,,,,,,,,\n",
     "{\"rows\":[{\"month\":\"2025-07\",\"visitors\":100,\"newVisitors\":60,\"pageViews\":320,\"bounceRatePercent\":41.5,"
     "\"webChats\":5,\"videoCalls\":2,\"downtimeMinutes\":35,\"supportIssues\":3,\"averageResolveHours\":\"2.25\","
     "\"topPages\":\"/quit;/vaping\"},{\"month\":\"2025-08\",\"visitors\":90}]}",
     "bounceRatePercent", "41.5"},
    {"media-activity",
     "date,channel,language,description\n14/07/2025,Instagram,Turkish,Short video\n14/07/2025,X,,\n14/07/2025,X,,\n",
     "{\"rows\":[{\"date\":\"2025-07-14\",\"channel\":\"X\"},{\"date\":\"2025-07-14\",\"channel\":\"Instagram\",\"language\":\"Turkish\","
     "\"description\":\"Short video\"},{\"date\":\"2025-07-14\",\"channel\":\"X\"}]}",
     "channel", "X"},
};
enum { PART_CASES = sizeof PARTS / sizeof *PARTS };

static void in_and_out(void) {
    for (size_t i = 0; i < PART_CASES; i++) {
        const char *part = PARTS[i].part;
        struct answer a = put("2025-26-Q2", part, "text/csv", PARTS[i].csv, 201);
        check_text(&a, "part", part);
        check_text(&a, "version", "1");
        check_text(&a, "warningCount", "0");
        answer_free(&a);
        a = put("2025-26-Q2", part, "application/json", PARTS[i].json, 200);
        check_text(&a, "updated", "0");
        check_text(&a, "created", "0");
        check_text(&a, "removed", "0");
        answer_free(&a);
        a = service_get(s, s->homerton, path_of("2025-26-Q2", part, ""));
        char cell[64];
        snprintf(cell, sizeof cell, "rows.0.%s", PARTS[i].column);
        CHECK(a.status == 200, "%s is read back", part);
        check_text(&a, cell, PARTS[i].shown);
        answer_free(&a);
        struct ask ask = {
            .path = path_of("2025-26-Q2", part, ""), .key = s->homerton, .headers = {"Accept: text/csv"}};
        struct answer down = service_ask(s, &ask);
        a = service_put(s, s->homerton, path_of("2025-26-Q2", part, ""), "text/csv", buf_str(&down.body));
        CHECK(a.status == 200, "%s: the download goes in again: %.*s", part, STR_ARG(buf_str(&a.body)));
        check_text(&a, "updated", "0");
        check_text(&a, "created", "0");
        answer_free(&a);
        answer_free(&down);
    }
}

static void refused(void) {
    static const struct {
        const char *part, *body, *column, *code;
    } CASES[] = {
        {"harm-reduction", "pathwayId,startDate\nP,2025-10-01\n", "startDate", "OUTSIDE_PERIOD"},
        {"referrals", "referralId,receivedDate,contactedDate\nR,2025-07-14,2025-07-13\n", "contactedDate",
         "INCONSISTENT"},
        {"contacts", "month,callsReceived,callsAnsweredFirstTime\n2025-07,1,2\n", "callsAnsweredFirstTime",
         "INCONSISTENT"},
        {"contacts", "month,callsReceived,callsAnsweredFirstTime\n2025-07,1,1\n2025-07,1,1\n", "month",
         "DUPLICATE"},
        {"training-sessions", "sessionId,date,type,attendees\nT,2025-07-14,SPECIALTY,6\n", "topic",
         "MISSING_VALUE"},
        {"advisers", "adviserId\nA\n", "organisation", "MISSING_COLUMN"},
        {"sites", "siteId,name,setting\nS,x,77\n", "setting", "UNKNOWN_CODE"},
        {"web-analytics", "month,visitors,newVisitors\n2025-07,1,2\n", "newVisitors", "INCONSISTENT"},
        {"media-activity", "date,channel\n2025-10-01,X\n", "date", "OUTSIDE_PERIOD"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct answer a = put("2025-26-Q2", CASES[i].part, "text/csv", CASES[i].body, 422);
        check_text(&a, "errorCount", "1");
        check_text(&a, "errors.0.column", CASES[i].column);
        check_text(&a, "errors.0.code", CASES[i].code);
        answer_free(&a);
        a = service_get(s, s->homerton, path_of("2025-26-Q2", CASES[i].part, ""));
        check_text(&a, "version", "3");
        answer_free(&a);
    }
}

/* Rows of media-activity have no key: equal ones are counted, and nothing is ever updated. */
static void rows_without_a_key(void) {
    static const struct {
        const char *rows, *created, *unchanged, *removed;
    } CASES[] = {
        {"2025-10-14,X\n2025-10-14,X\n2025-10-15,X\n", "3", "0", "0"},
        {"2025-10-15,X\n2025-10-14,X\n2025-10-14,X\n2025-10-14,X\n", "1", "3", "0"},
        {"2025-10-14,X\n2025-10-16,Y\n", "1", "1", "3"},
    };
    for (size_t i = 0; i < 3; i++) {
        char body[200];
        snprintf(body, sizeof body, "date,channel\n%s", CASES[i].rows);
        struct answer a = put("2025-26-Q3", "media-activity", "text/csv", body, i ? 200 : 201);
        check_text(&a, "created", CASES[i].created);
        check_text(&a, "unchanged", CASES[i].unchanged);
        check_text(&a, "removed", CASES[i].removed);
        check_text(&a, "updated", "0");
        answer_free(&a);
    }
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
    const char *ref, *numerator, *denominator, *rag;
};

static void check_figures(const char *query, const struct figure_case *cases, size_t count) {
    char path[120];
    snprintf(path, sizeof path, "/v1/dashboards/city-and-hackney/2025-26-Q2%s", query);
    struct answer a = service_get(s, s->commissioner, path);
    for (size_t i = 0; i < count; i++) {
        const struct figure_case *c = &cases[i];
        CHECK(strcmp(kpi(&a, c->ref, "quarter.numerator"), c->numerator) == 0, "%s%s: %s", c->ref, query,
              kpi(&a, c->ref, "quarter.numerator"));
        CHECK(strcmp(kpi(&a, c->ref, "quarter.denominator"), c->denominator) == 0, "%s%s: of %s", c->ref,
              query, kpi(&a, c->ref, "quarter.denominator"));
        CHECK(strcmp(kpi(&a, c->ref, "quarter.rag"), c->rag) == 0, "%s%s: %s", c->ref, query,
              kpi(&a, c->ref, "quarter.rag"));
    }
    answer_free(&a);
}
#define CHECK_FIGURES(query, cases) check_figures(query, cases, sizeof(cases) / sizeof *(cases))

static void on_the_dashboard(void) {
    static const struct figure_case ALL[] = {
        {"1.12", "1", "3", "BASELINE"}, {"2.1", "189", "200", "AMBER"}, {"2.2", "1", "2", "RED"},
        {"2.3", "1", "2", "RED"},       {"3.1", "1", "null", "AMBER"},  {"3.2", "0", "null", "AMBER"},
        {"3.3", "0", "null", "AMBER"},  {"3.4", "9", "10", "GREEN"},
    };
    static const struct figure_case ON_THE_DAY[] = {
        {"2.2", "0", "0", "NOT_DUE"}, {"2.3", "0", "0", "NOT_DUE"}, {"2.1", "189", "200", "AMBER"}};
    static const struct figure_case THE_DAY_AFTER[] = {{"2.2", "1", "2", "RED"},
                                                       {"2.3", "0", "0", "NOT_DUE"}};
    static const struct figure_case CITY[] = {{"1.12", "0", "1", "BASELINE"},
                                              {"2.1", "null", "null", "NO_DATA"},
                                              {"3.1", "null", "null", "NO_DATA"}};
    CHECK_FIGURES("", ALL);
    CHECK_FIGURES("?asAt=2025-07-16", ON_THE_DAY);
    CHECK_FIGURES("?asAt=2025-07-17", THE_DAY_AFTER);
    CHECK_FIGURES("?localAuthority=E09000001", CITY);
}

#define EPISODE_FIELDS                                                                                       \
    "episodeId,clientId,localAuthority,quitDate,ageAtQuitDate,site,adviser,setting,outcome4w,followUp4wDate\n"

/* P-1 of harm-reduction names E-1: once that is a quit, the row counts no longer. */
static void a_pathway_that_became_a_quit(void) {
    struct answer a = put("2025-26-Q2", "episodes", "text/csv",
                          EPISODE_FIELDS "E-1,C-1,E09000012,2025-07-14,43,MAIN,A12,,1,2025-08-11\n"
                                         "E-2,C-2,E09000012,2025-07-14,43,NOWHERE,A99,,,\n",
                          201);
    check_text(&a, "warningCount", "2");
    check_text(&a, "warnings.0.code", "UNKNOWN_SITE");
    check_text(&a, "warnings.1.code", "UNKNOWN_ADVISER");
    check_text(&a, "warnings.1.row", "2");
    answer_free(&a);
    static const struct figure_case CASES[] = {{"1.12", "0", "2", "BASELINE"}};
    CHECK_FIGURES("", CASES);
}

/* What a referral names is looked for in the parts in force, and the finding says where; episodes that leave it behind say so. */
static void names_in_other_parts(void) {
    const char *const PERIOD = "2026-27-Q1";
    struct answer a =
        put(PERIOD, "referrals", "text/csv",
            "referralId,receivedDate,episodeId,destinationSite\nR-1,2026-04-14,N-1,NOWHERE\n", 201);
    check_text(&a, "warningCount", "1"); /* a list of sites is in force, the episodes may still come */
    check_text(&a, "warnings.0.code", "UNKNOWN_SITE");
    CHECK(strstr(answer_text(&a, "warnings.0.detail"), "sites in force, version "), "%s",
          answer_text(&a, "warnings.0.detail"));
    answer_free(&a);
    a = put(PERIOD, "episodes", "text/csv", EPISODE_FIELDS "N-2,C-2,E09000012,2026-04-14,43,,,,,\n", 201);
    check_text(&a, "warningCount", "1");
    check_text(&a, "warnings.0.code", "UNKNOWN_EPISODE");
    check_text(&a, "warnings.0.row", "0");
    check_text(&a, "warnings.0.severity", "WARNING");
    CHECK(strstr(answer_text(&a, "warnings.0.detail"), "of 2026-27-Q1, version 1, row 1"), "%s",
          answer_text(&a, "warnings.0.detail"));
    answer_free(&a);
    a = put(PERIOD, "harm-reduction", "text/csv",
            "pathwayId,startDate,episodeId\nP-1,2026-04-14,N-2\nP-2,2026-04-14,N-1\nP-3,2026-04-14,E-3\n",
            201);
    check_text(&a, "warningCount", "1"); /* E-3 is an episode of 2025-26-Q3 */
    check_text(&a, "warnings.0.row", "2");
    check_text(&a, "warnings.0.column", "episodeId");
    check_text(&a, "warnings.0.code", "UNKNOWN_EPISODE");
    CHECK(strstr(answer_text(&a, "warnings.0.detail"), "episodes of 2026-27-Q1, version 1"), "%s",
          answer_text(&a, "warnings.0.detail"));
    answer_free(&a);
    a = put(PERIOD, "episodes", "text/csv", EPISODE_FIELDS "N-1,C-2,E09000012,2026-04-14,43,,,,,\n", 200);
    check_text(&a, "warningCount", "1"); /* R-1 and P-2 have their episode now, P-1 has lost it */
    check_text(&a, "warnings.0.code", "UNKNOWN_EPISODE");
    CHECK(strstr(answer_text(&a, "warnings.0.detail"), "1 row of harm-reduction"), "%s",
          answer_text(&a, "warnings.0.detail"));
    answer_free(&a);
    a = put(PERIOD, "harm-reduction", "text/csv", "pathwayId,startDate,episodeId\nP-1,2026-04-14,N-2\n", 200);
    CHECK(strstr(answer_text(&a, "warnings.0.detail"), "took the episode with this id out"), "%s",
          answer_text(&a, "warnings.0.detail"));
    answer_free(&a);
}

/* What has lost its episode is told once, by the version that takes it out; that version sent again says it again. */
static void orphans_are_told_once(void) {
    const char *const PERIOD = "2026-27-Q2";
    static const char *const HEADER = EPISODE_FIELDS "N-7,C-7,E09000012,2026-07-14,43,,,,,\n";
    struct buf both = BUF_EMPTY;
    buf_printf(&both, "%sN-8,C-8,E09000012,2026-07-14,43,,,,,\n", HEADER);
    struct answer a = put(PERIOD, "episodes", "text/csv", both.p, 201);
    answer_free(&a);
    a = put(PERIOD, "referrals", "text/csv",
            "referralId,receivedDate,episodeId\nR-7,2026-07-14,N-8\nR-8,2026-07-14,NEVER\n", 201);
    check_text(&a, "warningCount", "1"); /* it never existed, and that is said here */
    check_text(&a, "warnings.0.row", "2");
    answer_free(&a);
    a = put(PERIOD, "episodes", "text/csv", HEADER, 200); /* takes N-8 out */
    check_text(&a, "warningCount", "1");
    check_text(&a, "warnings.0.code", "UNKNOWN_EPISODE");
    CHECK(strstr(answer_text(&a, "warnings.0.detail"), "1 row of referrals names"), "%s",
          answer_text(&a, "warnings.0.detail"));
    answer_free(&a);
    a = put(PERIOD, "episodes", "text/csv", HEADER, 200);
    check_text(&a, "warningCount", "1"); /* the same bytes, the same words */
    check_text(&a, "warnings.0.code", "UNKNOWN_EPISODE");
    answer_free(&a);
    a = put(PERIOD, "episodes", "text/csv", EPISODE_FIELDS "N-7,C-7,E09000012,2026-07-14,44,,,,,\n", 200);
    check_text(&a, "warningCount", "0"); /* neither N-8 nor NEVER is its doing */
    answer_free(&a);
    buf_free(&both);
}

/* An episode without a setting has that of its site, also when the site is corrected later. */
static void sites_carry_forward(void) {
    const char *const EPISODES = EPISODE_FIELDS "E-3,C-3,E09000012,2025-10-14,43,MAIN,A12,,,\n";
    struct answer a = put("2025-26-Q1", "episodes", "text/csv",
                          EPISODE_FIELDS "E-0,C-0,E09000012,2025-04-14,43,MAIN,A12,,,\n", 201);
    check_text(&a, "warningCount", "0"); /* no list for that quarter or before: nothing can be said */
    answer_free(&a);
    a = put("2025-26-Q3", "episodes", "text/csv", EPISODES, 201);
    check_text(&a, "warningCount", "0");
    answer_free(&a);
    const char *const DASHBOARD = "/v1/dashboards/city-and-hackney/2025-26-Q3";
    a = service_get(s, s->commissioner, DASHBOARD);
    CHECK(strcmp(kpi(&a, "1.14", "quarter.numerator"), "1") == 0, "the setting alone: %s",
          kpi(&a, "1.14", "quarter.numerator"));
    answer_free(&a);
    put_csv("2025-26-Q3", "sites", "siteId,name\nMAIN,Homerton Row\n", 201);
    a = service_get(s, s->commissioner, DASHBOARD);
    CHECK(strcmp(kpi(&a, "1.14", "quarter.numerator"), "0") == 0, "the newer list has no setting");
    answer_free(&a);
    a = put("2025-26-Q3", "sites", "text/csv", "siteId,name,setting\nMAIN,Homerton Row,22\n", 200);
    check_text(&a, "updated", "1");
    check_text(&a, "kpis.0.ref", "1.14");
    answer_free(&a);
    put_csv("2025-26-Q3", "sites", "siteId,name\n", 200);
    a = put("2025-26-Q3", "episodes", "text/csv",
            EPISODE_FIELDS "E-3,C-3,E09000012,2025-10-14,44,MAIN,A12,,,\n", 200);
    check_text(&a, "warnings.0.code", "UNKNOWN_SITE"); /* a nil return is an empty list */
    check_text(&a, "warningCount", "1");
    answer_free(&a);
}

static void nil_and_missing(void) {
    static const struct figure_case NIL[] = {{"2.1", "0", "0", "NOT_DUE"},
                                             {"2.2", "0", "0", "NOT_DUE"},
                                             {"3.1", "0", "null", "RED"},
                                             {"3.4", "0", "0", "NOT_DUE"},
                                             {"1.12", "0", "0", "NOT_DUE"}};
    put_csv("2025-26-Q2", "contacts", "month,callsReceived,callsAnsweredFirstTime\n", 200);
    put_csv("2025-26-Q2", "referrals", "referralId,receivedDate\n", 200);
    put_csv("2025-26-Q2", "training-sessions", "sessionId,date,type,attendees\n", 200);
    put_csv("2025-26-Q2", "harm-reduction", "pathwayId,startDate\n", 200);
    CHECK_FIGURES("", NIL);
    static const struct figure_case NO_CALLS[] = {{"2.1", "0", "0", "NO_DATA"}};
    put_csv("2025-26-Q2", "contacts", "month,callsReceived,callsAnsweredFirstTime\n2025-07,0,0\n", 200);
    CHECK_FIGURES("", NO_CALLS);
    struct answer a = service_get(s, s->commissioner, "/v1/dashboards/city-and-hackney/2025-26-Q1");
    static const char *const REFS[] = {"1.12", "2.1", "2.2", "2.3", "3.1", "3.2", "3.3", "3.4"};
    for (size_t i = 0; i < 8; i++)
        CHECK(strcmp(kpi(&a, REFS[i], "rag"), "NO_DATA") == 0, "%s was never sent: %s", REFS[i],
              kpi(&a, REFS[i], "rag"));
    answer_free(&a);
}

static void templates(void) {
    for (size_t i = 0; i < PART_CASES; i++) {
        char path[80];
        snprintf(path, sizeof path, "/v1/templates/%s", PARTS[i].part);
        struct answer a = service_get(s, s->homerton, path);
        CHECK(a.status == 200, "%s has a template", PARTS[i].part);
        struct answer nil = service_put(s, s->homerton, path_of("2026-27-Q1", PARTS[i].part, "?dryRun=true"),
                                        "text/csv", buf_str(&a.body));
        CHECK(nil.status == 200, "%s: the template is a nil return: %.*s", PARTS[i].part,
              STR_ARG(buf_str(&nil.body)));
        answer_free(&nil);
        answer_free(&a);
        snprintf(path, sizeof path, "/v1/templates/%s?guide=true", PARTS[i].part);
        a = service_get(s, s->homerton, path);
        CHECK(a.status == 200 && memmem(a.body.p, a.body.n, PARTS[i].column, strlen(PARTS[i].column)),
              "%s has a guide", PARTS[i].part);
        answer_free(&a);
    }
}

void suite_http_parts(void);
void suite_http_parts(void) {
    suite_add("http_parts", begin, end);
    case_add("each part goes in as CSV and JSON, comes back, goes in unchanged", in_and_out);
    case_add("each part is refused when it is wrong", refused);
    case_add("rows without a key are counted", rows_without_a_key);
    case_add("its KPIs on the dashboard", on_the_dashboard);
    case_add("a pathway that became a quit", a_pathway_that_became_a_quit);
    case_add("sites and advisers carry forward", sites_carry_forward);
    case_add("what rows name in other parts", names_in_other_parts);
    case_add("rows that lose their episode are told of once", orphans_are_told_once);
    case_add("nil returns and missing parts", nil_and_missing);
    case_add("templates and guides", templates);
}
