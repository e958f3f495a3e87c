/* The supplement and the code lists over HTTPS: every line of the seed, in its order, with who sent it, what was sent, and the sums
 * that mean something. */
#include <stdio.h>

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

static void put(const char *key, const char *provider, const char *period, const char *part,
                const char *body) {
    char path[160];
    snprintf(path, sizeof path, "/v1/returns/city-and-hackney/%s/%s/%s", provider, period, part);
    struct answer a = service_put(s, key, path, "text/csv", str_of(body));
    CHECK(a.status == 201, "%s %s: %ld %.*s", provider, part, a.status, STR_ARG(buf_str(&a.body)));
    answer_free(&a);
}

static void check(const struct answer *a, const char *path, const char *want) {
    CHECK(strcmp(answer_text(a, path), want) == 0, "%s is %s, expected %s", path, answer_text(a, path), want);
}

#define SESSIONS "sessionId,date,type,topic,attendees,outOfHours,ncsctCertified,organisations\n"

static void send_all(void) {
    put(s->homerton, "homerton", "2025-26-Q1", "sites",
        "siteId,name,clinicTimes\nMAIN,Homerton Row,Mon 9-12\n");
    put(s->homerton, "homerton", "2025-26-Q1", "advisers",
        "adviserId,organisation,qualification\nA1,Homerton,NCSCT practitioner\n");
    put(s->homerton, "homerton", "2025-26-Q1", "training-sessions",
        SESSIONS "T0,2025-04-14,PRACTITIONER,,8,Y,,\n");
    put(s->homerton, "homerton", "2025-26-Q2", "contacts",
        "month,callsReceived,callsAnsweredFirstTime,emailsReceived\n2025-07,100,90,7\n2025-08,50,50,\n");
    put(s->pharmacies, "pharmacies", "2025-26-Q2", "contacts",
        "month,callsReceived,callsAnsweredFirstTime\n2025-07,20,20\n");
    put(s->homerton, "homerton", "2025-26-Q2", "referrals",
        "referralId,receivedDate,destinationSite,destinationType\nR1,2025-07-14,MAIN,13\nR2,2025-07-14,MAIN,13\nR3,2025-07-14,,\n");
    put(s->homerton, "homerton", "2025-26-Q2", "web-analytics",
        "month,visitors,bounceRatePercent,supportIssues,averageResolveHours\n2025-07,100,40.5,2,1.5\n2025-08,60,20,1,3\n");
    put(s->homerton, "homerton", "2025-26-Q2", "media-activity",
        "date,channel,language\n2025-07-14,X,English\n2025-07-14,X,Turkish\n2025-07-15,X,\n");
    put(s->homerton, "homerton", "2025-26-Q2", "training-sessions",
        SESSIONS
        "T1,2025-07-14,SPECIALTY,VAPING,6,N,Y,Homerton:4;Hackney Council:2\n"
        "T2,2025-07-15,SPECIALTY,VAPING,5,N,Y,Homerton:5\nT3,2025-07-16,SPECIALTY,MENTAL_HEALTH,9,N,N,\n"
        "T4,2025-07-17,REFRESHER,,9,,,\nT5,2025-07-18,VBA,,9,Y,,\n");
}

static void lines(void) {
    static const struct {
        const char *name, *path, *want;
    } CASES[] = {
        {"serviceDeliveryLocations", "rows.0.values.clinicTimes", "Mon 9-12"},
        {"contactsByEmailAndPhone", "totals.quarter.callsReceived", "170"},
        {"referralDestinations", "rows.0.values.referrals", "2"},
        {"websiteVisitors", "totals.quarter.visitors", "160"},
        {"pagesViewed", "totals.quarter.pageViews", "null"},
        {"bounceRate", "totals.quarter", "(absent)"},
        {"topVisitedPages", "rows.1.values.topPages", "null"},
        {"newVisitors", "rows.0.values.newVisitors", "null"},
        {"webChatsAndVideoCalls", "totals.quarter.webChats", "null"},
        {"websiteDowntime", "totals.quarter.supportIssues", "3"},
        {"digitalMediaActivity", "totals.quarter.inOtherLanguages", "1"},
        {"trainingOutOfHours", "totals.quarter.outOfHours", "0"},
        {"attendeesByOrganisation", "totals.quarter.attendees", "11"},
        {"advisersAndQualifications", "rows.0.values.qualification", "NCSCT practitioner"},
        {"certifiedSpecialtySessions", "totals.quarter.VAPING", "1"},
    };
    send_all();
    struct answer a = service_get(s, s->commissioner, "/v1/supplement/city-and-hackney/2025-26-Q2");
    CHECK(a.status == 200, "%ld", a.status);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char path[120];
        snprintf(path, sizeof path, "items.%zu.item", i);
        check(&a, path, CASES[i].name);
        snprintf(path, sizeof path, "items.%zu.%s", i, CASES[i].path);
        check(&a, path, CASES[i].want);
    }
    check(&a, "items.15", "(absent)");
    check(&a, "items.0.rows.0.period", "2025-26-Q1"); /* lists carry forward */
    check(&a, "items.1.totals.quarter.emailsReceived", "7");
    check(&a, "items.1.rows.2.provider", "pharmacies");
    check(&a, "items.2.rows.0.values.destinationSite", "MAIN");
    check(&a, "items.2.rows.1.values.destinationSite", "null");
    check(&a, "items.2.totals.quarter.referrals", "3");
    check(&a, "items.5.rows.0.values.bounceRatePercent", "40.5");
    check(&a, "items.10.totals.quarter.inEnglish", "1");
    check(&a, "items.10.totals.quarter.languageNotGiven", "1");
    /* three specialty sessions and a refresher, none out of hours; with that of Q1 one of five */
    check(&a, "items.11.totals.quarter.sessions", "4");
    check(&a, "items.11.totals.quarter.atLeastTenPercent", "false");
    check(&a, "items.11.totals.quarter.outOfHoursNotGiven", "1");
    check(&a, "items.11.totals.yearToDate.sharePercent", "20");
    check(&a, "items.11.totals.yearToDate.atLeastTenPercent", "true");
    check(&a, "items.12.rows.0.values.organisation", "Hackney Council");
    check(&a, "items.12.rows.1.values.attendees", "9");
    check(&a, "items.14.totals.quarter.sessions", "1"); /* five came to T2, T3 is not certified */
    check(&a, "items.14.totals.yearToDate.MENTAL_HEALTH", "0");
    answer_free(&a);
}

static void who_sees_what(void) {
    struct answer a = service_get(s, s->pharmacies, "/v1/supplement/city-and-hackney/2025-26-Q2");
    check(&a, "provider", "pharmacies");
    check(&a, "items.1.totals.quarter.callsReceived", "20");
    check(&a, "items.0.rows.0", "(absent)");
    answer_free(&a);
    a = service_get(s, s->pharmacies, "/v1/supplement/city-and-hackney/2025-26-Q2?provider=homerton");
    CHECK(a.status == 404, "another's: %ld", a.status);
    answer_free(&a);
    a = service_get(s, s->commissioner, "/v1/supplement/city-and-hackney/2025-26-Q2?provider=homerton");
    check(&a, "items.1.totals.quarter.callsReceived", "150");
    answer_free(&a);
    a = service_get(s, s->checker, "/v1/supplement/city-and-hackney/2025-26-Q2");
    CHECK(a.status == 403, "the checker: %ld", a.status);
    answer_free(&a);
    struct ask ask = {.path = "/v1/supplement/city-and-hackney/2025-26-Q2",
                      .key = s->commissioner,
                      .headers = {"Accept: text/csv"}};
    a = service_ask(s, &ask);
    str csv = buf_str(&a.body);
    static const char ROW[] =
        "2,bounceRate,bounce rate,ROW,homerton,2025-26-Q2,1,1,bounceRatePercent,40.5\r\n";
    static const char SUM[] = "2,websiteVisitors,number of website visitors,QUARTER,,,,,visitors,160\r\n";
    CHECK(memmem(csv.p, csv.n, ROW, sizeof ROW - 1) && memmem(csv.p, csv.n, SUM, sizeof SUM - 1), "%.*s",
          STR_ARG(csv));
    answer_free(&a);
}

static bool has(const struct answer *a, const char *text) {
    return memmem(a->body.p, a->body.n, text, strlen(text)) != NULL;
}

static void code_lists(void) {
    struct answer a = service_get(s, s->homerton, "/v1/code-lists?period=2025-26-Q2");
    CHECK(a.status == 200 && has(&a, "\"list\":\"gender\"") &&
              has(&a, "\"list\":\"episodes.followUp4wMethod\"") &&
              has(&a, "\"code\":\"E09000012\",\"label\":\"Hackney\""),
          "national lists, own words, authorities");
    CHECK(has(&a, "\"code\":\"LA\""), "the provisional aids from 2024-25 on");
    answer_free(&a);
    a = service_get(s, s->commissioner, "/v1/code-lists?period=2023-24-Q2");
    CHECK(!has(&a, "\"code\":\"LA\""), "but not before");
    answer_free(&a);
    a = service_get(s, s->commissioner, "/v1/code-lists");
    check(&a, "period", "null");
    CHECK(has(&a, "\"code\":\"LA\"") && has(&a, "\"validFrom\":\"2"), "all of them, with their validity");
    answer_free(&a);
    struct ask ask = {
        .path = "/v1/code-lists?period=2025-26-Q2", .key = s->homerton, .headers = {"Accept: text/csv"}};
    a = service_ask(s, &ask);
    CHECK(has(&a, "list,code,label,validFrom,validTo\r\n") &&
              has(&a, "localAuthority,E09000012,Hackney,,\r\n"),
          "as CSV");
    answer_free(&a);
}

void suite_http_supplement(void);
void suite_http_supplement(void) {
    suite_add("http_supplement", begin, end);
    case_add("every line, in the order of the seed", lines);
    case_add("who sees what, as CSV too", who_sees_what);
    case_add("code lists", code_lists);
}
