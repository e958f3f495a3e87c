/* A second, invented service beside City and Hackney, by a framework that shares nothing with it: other ids, elements, windows, targets,
 * profiles, schemes, directions, deadlines and payment (tests/frameworks/moorland.json). From the loading of the file to plans, so
 * that whatever is compiled in would show. All numbers are worked out by hand beside the rows. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tests/support/answers.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

static struct service *s;
static char commissioner[128], dale[128], fell[128];

#define FRAMEWORK "/v1/frameworks/moorland-quits"
#define DASHBOARD "/v1/dashboards/moorland/"

/* ---- founding ---- */

static bool issue(const char *role, const char *provider, char *out) {
    const char *argv[] = {"key",       "issue",    "--database",
                          s->owner,    "--role",   role,
                          "--service", "moorland", provider ? "--provider" : NULL,
                          provider,    NULL};
    struct buf text = BUF_EMPTY;
    int status = service_command(argv, &text);
    snprintf(out, 128, "%.*s", STR_ARG(str_trim(buf_str(&text))));
    buf_free(&text);
    return status == 0;
}

/* A running service hears of new keys a moment after they are made. */
static bool opens(void) {
    for (int tries = 0; tries < 6000; tries++) {
        struct answer a = service_get(s, fell, DASHBOARD "2025-26-Q1");
        long status = a.status;
        answer_free(&a);
        if (status == 200) return true;
        nanosleep(&(struct timespec){0, 10 * 1000000}, NULL);
    }
    return false;
}

static int begin(void) {
    s = service_start(NULL);
    if (!s) return 1;
    const char *load[] = {"framework",  "load",   "tests/frameworks/moorland.json",
                          "--database", s->owner, NULL};
    bool good = service_command(load, NULL) == 0 && issue("commissioner", NULL, commissioner) &&
                issue("provider", "dale", dale) && issue("provider", "fell", fell) && opens();
    return good ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

/* ---- sending ---- */

#define HEADER                                                                                               \
    "episodeId,clientId,localAuthority,quitDate,ageAtQuitDate,ethnicCategory,housingTenure,"                 \
    "outcome4w,followUp4wDate,followUp4wMethod,co4wPpm,outcome12w,followUp12wDate\n"
#define WHERE ",E06000052,"

static void put(const char *provider, const char *period, const char *part, const char *body) {
    char path[160];
    const char *key = strcmp(provider, "dale") == 0 ? dale : fell;
    snprintf(path, sizeof path, "/v1/returns/moorland/%s/%s/%s", provider, period, part);
    struct answer a = service_put(s, key, path, "text/csv", str_of(body));
    CHECK(a.status == 201, "%s %s %s: %ld %.*s", provider, period, part, a.status, STR_ARG(buf_str(&a.body)));
    answer_free(&a);
}

/* Last year: 3, 2, 1 and 4 people, none of whom stopped; dale's of them 2, 1, 1 and 2. */
static void send_last_year(void) {
    put("dale", "2024-25-Q1", "episodes",
        HEADER "a1,a1" WHERE "2024-05-01,30,A,,2,2024-05-29,,,,\na2,a2" WHERE
               "2024-05-01,30,A,,2,2024-05-29,,,,\n");
    put("dale", "2024-25-Q2", "episodes", HEADER "a3,a3" WHERE "2024-08-01,30,A,,2,2024-08-29,,,,\n");
    put("dale", "2024-25-Q3", "episodes", HEADER "a4,a4" WHERE "2024-11-01,30,A,,2,2024-11-29,,,,\n");
    put("dale", "2024-25-Q4", "episodes",
        HEADER "a5,a5" WHERE "2025-02-01,30,A,,2,2025-03-01,,,,\na6,a6" WHERE
               "2025-02-01,30,A,,2,2025-03-01,,,,\n");
    put("fell", "2024-25-Q1", "episodes", HEADER "b1,b1" WHERE "2024-05-01,30,A,,2,2024-05-29,,,,\n");
    put("fell", "2024-25-Q2", "episodes", HEADER "b2,b2" WHERE "2024-08-01,30,A,,2,2024-08-29,,,,\n");
    put("fell", "2024-25-Q3", "episodes", HEADER);
    put("fell", "2024-25-Q4", "episodes",
        HEADER "b3,b3" WHERE "2025-02-01,30,A,,2,2025-03-01,,,,\nb4,b4" WHERE
               "2025-02-01,30,A,,2,2025-03-01,,,,\n");
}

static void send_this_year(void) {
    put("dale", "2025-26-Q1", "episodes",
        HEADER
        "d1,d1" WHERE "2025-05-01,20,AT,SOCIAL_RENT,1,2025-05-22,FACE_TO_FACE,5,,\n" /* day 21; below 6 ppm */
        "d2,d2" WHERE "2025-05-01,30,A,OWNED,1,2025-06-15,FACE_TO_FACE,6,,\n"        /* day 45; not below 6 */
        "d3,d3" WHERE "2025-05-01,24,A,SOCIAL_RENT,1,2025-05-29,FACE_TO_FACE,9,,\n"
        "d4,d4" WHERE "2025-05-01,40,A,,2,2025-05-29,,,1,2025-07-20\n" /* day 80: stopped later */
        "d5,d5" WHERE "2025-05-01,50,A,,3,2025-05-29,,,,\n"
        "d6,d6" WHERE "2025-05-01,16,A,SOCIAL_RENT,1,2025-06-20,FACE_TO_FACE,1,,\n"); /* day 50: outside */
    put("fell", "2025-26-Q1", "episodes",
        HEADER "f1,f1" WHERE "2025-05-01,25,A,OWNED,1,2025-05-29,FACE_TO_FACE,2,,\n"
               "f2,f2" WHERE "2025-05-01,17,A,,2,2025-05-29,,,,\n"
               "f3,f3" WHERE "2025-05-01,60,A,PRIVATE_RENT,1,2025-05-29,FACE_TO_FACE,,,\n"
               "f4,f4" WHERE "2025-05-01,35,A,,,,,,,\n");
    /* Thursday; by the file's calendar Friday, Monday, Tuesday are the three working days. */
    put("dale", "2025-26-Q1", "referrals",
        "referralId,receivedDate,contactedDate\nr1,2025-05-01,2025-05-06\nr2,2025-05-01,2025-05-07\n");
    put("dale", "2025-26-Q2", "episodes",
        HEADER "g1,g1" WHERE "2025-07-10,30,A,OWNED,1,2025-08-07,FACE_TO_FACE,2,,\n"
               "g2,g2" WHERE "2025-07-10,31,A,OWNED,1,2025-08-07,FACE_TO_FACE,2,,\n"
               "g3,g3" WHERE "2025-07-10,32,A,OWNED,1,2025-08-07,FACE_TO_FACE,2,,\n"
               "g4,g4" WHERE "2025-07-10,33,A,OWNED,2,2025-08-07,FACE_TO_FACE,,,\n");
}

static void returns(void) {
    send_last_year();
    send_this_year();
    struct answer a = service_get(s, dale, "/v1/returns/moorland/dale/2025-26-Q1");
    CHECK(strcmp(answer_text(&a, "deadline"), "2025-08-25") == 0, "49 + 7 days after the quarter: %s",
          answer_text(&a, "deadline"));
    answer_free(&a);
}

/* ---- figures ---- */

struct expected {
    const char *ref, *path, *want;
};

static void check_kpis(const struct answer *a, const struct expected *list, size_t count) {
    size_t kpis = json_array_size(answer_at(a, "kpis"));
    for (size_t i = 0; i < count; i++) {
        char path[120];
        size_t k = 0;
        for (bool found = false; !found && k < kpis; k += !found) {
            snprintf(path, sizeof path, "kpis.%zu.ref", k);
            found = strcmp(answer_text(a, path), list[i].ref) == 0;
        }
        snprintf(path, sizeof path, "kpis.%zu.%s", k, list[i].path);
        CHECK(strcmp(answer_text(a, path), list[i].want) == 0, "%s %s is %s, expected %s", list[i].ref,
              list[i].path, answer_text(a, path), list[i].want);
    }
}
#define CHECK_KPIS(a, list) check_kpis((a), (list), sizeof(list) / sizeof *(list))

static void figures(void) {
    static const struct expected FIRST[] = {
        {"R-all", "yearToDate.value", "10"},
        {"R-all", "target.toDate", "12"}, /* 40 x 3/10, last year's shape */
        {"R-all", "target.stretch.toDate", "18"},
        {"R-all", "target.profile.lastYear", "KNOWN"},
        {"R-all", "target.profile.shares", "[30,50,60,100]"},
        {"R-all", "target.profile.statement",
         "By the shape of 2024-25: 3, 2, 1 and 4 of 10 in its four quarters."},
        {"R-all", "yearToDate.reached", "NONE"},
        {"R-all", "rag", "RED"},
        {"R-all", "yearToDate.distinctClients", "10"},
        {"R-all", "forecast", "33.33"},
        {"R-young", "yearToDate.value", "4"}, /* 16, 17, 20, 24 */
        {"R-young", "target.toDate", "6"},
        {"R-young", "rag", "RED"},
        {"R-rest", "rag", "RED"}, /* 6 of 7 */
        {"R-rest", "raisesPlan", "false"},
        {"Q-stop", "yearToDate.value",
         "50"}, /* d1 d2 d3 f1 f3 of 10: days 21 and 45 count, day 50 does not */
        {"Q-stop", "yearToDate.reached", "TARGET"},
        {"Q-stop", "rag", "GREEN"},
        {"Q-stop", "tolerance.scheme", "FOUR_COLOURS"},
        {"Q-smoke", "yearToDate.value", "50"},
        {"Q-smoke", "target.lastYear", "100"},
        {"Q-smoke", "rag", "AMBER"}, /* more than 10 % above 40, no worse than 100 */
        {"Q-smoke", "previous.rag", "RED"},
        {"Q-co", "yearToDate.numerator", "2"}, /* d1 f1: below 6 ppm */
        {"Q-co", "yearToDate.value", "40"},
        {"Q-co", "rag", "RED"},        /* amber would end at 62.5 - 12.5 */
        {"Q-late", "rag", "BASELINE"}, /* those of February: 105 days end in May */
        {"Q-late", "yearToDate.value", "0"},
        {"Q-pay", "yearToDate.value", "60"}, /* d1 d3 f3 of 5 */
        {"Q-pay", "earned", "PART"},
        {"W-rung", "yearToDate.value", "50"},
        {"W-rung", "rag", "RED"},
    };
    struct answer a = service_get(s, commissioner, DASHBOARD "2025-26-Q1");
    CHECK(a.status == 200 && json_array_size(answer_at(&a, "kpis")) == 9, "its nine KPIs and no others: %ld",
          a.status);
    CHECK_KPIS(&a, FIRST);
    CHECK(strcmp(answer_text(&a, "summary.BLUE"), "0") == 0, "blue is counted: %s",
          answer_text(&a, "summary"));
    answer_free(&a);
    static const struct expected SECOND[] = {
        {"Q-stop", "quarter.value", "75"},
        {"Q-stop", "quarter.rag", "BLUE"},
        {"Q-stop", "quarter.reached", "STRETCH"},
        {"Q-stop", "rag", "GREEN"},
        {"R-all", "target.quarter", "8"},
        {"R-all", "partial", "true"},
        {"Q-late", "quarter.value", "10"},
        {"Q-late", "rag", "BASELINE"}, /* d4 alone of ten: stillQuit is false */
    };
    a = service_get(s, commissioner, DASHBOARD "2025-26-Q2");
    CHECK_KPIS(&a, SECOND);
    answer_free(&a);
}

static void own_targets(void) {
    static const struct expected DALE[] = {
        {"R-all", "target.annual", "24"}, {"R-all", "target.own", "true"},
        {"R-all", "target.toDate", "8"}, /* 24 x 2/6: the shape of its own last year */
        {"R-all", "rag", "RED"},          {"R-young", "rag", "null"},
    };
    static const struct expected FELL[] = {
        {"R-all", "target.annual", "16"}, {"R-all", "target.toDate", "4"}, {"R-all", "rag", "GREEN"}};
    struct answer a = service_get(s, dale, DASHBOARD "2025-26-Q1");
    CHECK_KPIS(&a, DALE);
    answer_free(&a);
    a = service_get(s, fell, DASHBOARD "2025-26-Q1");
    CHECK_KPIS(&a, FELL);
    answer_free(&a);
}

static void explained(const char *path, const char *member, const char *words) {
    struct answer a = service_get(s, commissioner, path);
    CHECK(a.status == 200 && strstr(answer_text(&a, member), words) != NULL, "%s: %ld, %s is %s", path,
          a.status, member, answer_text(&a, member));
    answer_free(&a);
}

static void explanations(void) {
#define KPI(ref) "/v1/kpis/moorland/" ref "/2025-26-Q1/explanation"
    explained(
        KPI("Q-smoke"), "sentence",
        "Amber: 5 of 10, 50 %; less than 40 % is asked for; no worse than 100 % a year before; 1 fewer would be green.");
    explained(KPI("Q-smoke"), "limits", "{\"green\":\"44\",\"amber\":\"100\",\"amberStrict\":false}");
    explained(KPI("Q-stop"), "sentence",
              "; the stretch target of 70 % is not reached; 2 more would be blue.");
    explained(KPI("Q-stop"), "limits",
              "{\"blue\":\"70\",\"green\":\"45\",\"amber\":\"30\",\"amberStrict\":false}");
    explained(KPI("Q-stop"), "excluded", "\"reason\":\"outOfWindow\"");
    explained(KPI("R-all"), "sentence", "Red: 10 of 12 expected by now");
    explained(KPI("R-all"), "rule.scheme", "TOLERANCE");
    explained(KPI("Q-smoke"), "rule.scheme", "DIRECTION");
    explained(KPI("Q-smoke"), "rule.profile", "null");
    explained(KPI("Q-co"), "rule.formula",
              "people who stopped, by a reading below 6 ppm / people who stopped");
    explained("/v1/kpis/moorland/Q-co", "definition.numerator.element", "confirmed");
    explained("/v1/breakdowns/moorland/2025-26-Q1?measure=setQuitDate&by=priorityGroup", "rows",
              "\"keys\":{\"priorityGroup\":\"TRAVELLERS\"}");
    explained("/v1/breakdowns/moorland/2025-26-Q1?measure=setQuitDate&by=priorityGroup", "rows.1.targets",
              "[{\"kpi\":\"R-all\",\"target\":5,\"rag\":\"RED\"}]"); /* 4 of a quarter of 20 */
    explained("/v1/breakdowns/moorland/2025-26-Q1?measure=quit4&by=housingTenure&view=YEAR_TO_DATE",
              "rows.2.targets",
              "[{\"kpi\":\"Q-stop\",\"target\":50,\"stretch\":80,\"rag\":\"GREEN\"}]"); /* d1 d3 of three */
    explained("/v1/breakdowns/moorland/2025-26-Q1?measure=quit4&by=housingTenure&disclosure=public", "rows.2",
              "\"suppressed\":true}"); /* and no target beside it */
    explained("/v1/completeness/moorland/2025-26-Q1", "blockers", "80 % are needed");
    explained("/v1/completeness/moorland/2025-26-Q1", "items.0.item", "ethnicCategory");
    explained("/v1/completeness/moorland/2025-26-Q1", "items.0.complete", "9"); /* its AT says nothing here */
}

/* 3 of 8 who stop in the year are tenants: 37.5 %, 7.5 of the 50 points between 30 and 80; of 7.5 % of GBP 100,000.00. */
static void payment(void) {
    struct answer a = service_get(s, commissioner, "/v1/payments/moorland/2025-26");
    CHECK(strcmp(answer_text(&a, "poolPence"), "750000") == 0, "%s", answer_text(&a, "poolPence"));
    CHECK(strcmp(answer_text(&a, "ratePercent"), "37.5") == 0, "%s", answer_text(&a, "ratePercent"));
    CHECK(strcmp(answer_text(&a, "paymentPence"), "112500") == 0, "%s", answer_text(&a, "paymentPence"));
    answer_free(&a);
    a = service_get(s, commissioner, "/v1/payments/moorland/2024-25");
    CHECK(strcmp(answer_text(&a, "poolPence"), "0") == 0, "nothing is agreed for 2024-25: %s",
          answer_text(&a, "poolPence"));
    answer_free(&a);
}

/* ---- plans ---- */

static void plans(void) {
    struct answer a = service_ask(s, &(struct ask){.method = "POST",
                                                   .path = "/v1/periods/moorland/2025-26-Q1/finalisation",
                                                   .key = commissioner,
                                                   .type = "application/json",
                                                   .body = STR("{}")});
    CHECK(a.status == 200, "%ld %.*s", a.status, STR_ARG(buf_str(&a.body)));
    answer_free(&a);
    a = service_get(s, commissioner, "/v1/action-plans?service=moorland");
    CHECK(strcmp(answer_text(&a, "metadata.total"), "4") == 0, "R-all, R-young, Q-co, W-rung: %s",
          answer_text(&a, "metadata.total"));
    answer_free(&a);
    static const struct {
        const char *kpi, *attributed;
    } PLANS[] = {{"R-all", "[\"dale\"]"}, /* fell reaches its own target */
                 {"R-young", "[\"dale\",\"fell\"]"},
                 {"Q-co", "[\"dale\",\"fell\"]"}, /* 1 of 3, and 1 of 2, which is amber */
                 {"W-rung", "[\"dale\"]"}};
    for (size_t i = 0; i < sizeof PLANS / sizeof *PLANS; i++) {
        char path[120];
        snprintf(path, sizeof path, "/v1/action-plans?service=moorland&kpi=%s", PLANS[i].kpi);
        a = service_get(s, commissioner, path);
        CHECK(strcmp(answer_text(&a, "results.0.attributedTo"), PLANS[i].attributed) == 0, "%s: %s",
              PLANS[i].kpi, answer_text(&a, "results.0.attributedTo"));
        /* Five working days after Friday 20 February, of which Monday is a bank holiday in this file alone. */
        CHECK(strcmp(answer_text(&a, "results.0.dueDate"), "2026-03-02") == 0, "%s: %s", PLANS[i].kpi,
              answer_text(&a, "results.0.dueDate"));
        CHECK(strcmp(answer_text(&a, "results.0.departmentalLead"), "Tobacco lead, Moorland") == 0, "%s: %s",
              PLANS[i].kpi, answer_text(&a, "results.0.departmentalLead"));
        answer_free(&a);
    }
}

/* Amber, so opened by hand; the KPI has a lead of its own. */
static void a_plan_by_hand(void) {
    struct answer a =
        service_ask(s, &(struct ask){.method = "POST",
                                     .path = "/v1/action-plans",
                                     .key = commissioner,
                                     .type = "application/json",
                                     .body = STR("{\"kpi\":\"Q-smoke\",\"openedFor\":\"2025-26-Q1\"}")});
    CHECK(a.status == 201, "%ld %.*s", a.status, STR_ARG(buf_str(&a.body)));
    CHECK(strcmp(answer_text(&a, "departmentalLead"), "Head of follow-up") == 0, "%s",
          answer_text(&a, "departmentalLead"));
    CHECK(strcmp(answer_text(&a, "strategicDirectorLead"), "Director of Public Health, Moorland") == 0, "%s",
          answer_text(&a, "strategicDirectorLead"));
    answer_free(&a);
}

/* ---- a new version of it ---- */

static struct answer put_changed(const char *from, const char *to, const char *query) {
    struct answer now = service_get(s, commissioner, FRAMEWORK);
    struct buf body = BUF_EMPTY;
    const char *at = now.body.n ? memmem(now.body.p, now.body.n, from, strlen(from)) : NULL;
    CHECK(at != NULL, "the framework has no %s", from);
    size_t head = at ? (size_t)(at - now.body.p) : 0;
    buf_add(&body, now.body.p, head);
    buf_add_cstr(&body, to);
    if (at) buf_add(&body, at + strlen(from), now.body.n - head - strlen(from));
    char path[120];
    snprintf(path, sizeof path, FRAMEWORK "%s", query);
    struct answer a = service_put(s, commissioner, path, "application/json", buf_str(&body));
    buf_free(&body);
    answer_free(&now);
    return a;
}

static void check_has(const struct answer *a, const char *words) {
    CHECK(a->body.n && memmem(a->body.p, a->body.n, words, strlen(words)), "no %s in %.600s", words,
          a->body.n ? a->body.p : "");
}

/* A member of a breakdown that has a target: 2 of 3 tenants have stopped; with the other window 3 do; with another target, none, or another
 * member's. Of the service nothing moves with them. */
#define TENANTS "\"by\":\"housingTenure\",\"key\":\"SOCIAL_RENT\""
#define TENANTS_ARE "{\"by\": \"housingTenure\", \"key\": \"SOCIAL_RENT\", \"target\": 50, \"stretch\": 80}"
#define TWO_OF_THREE "\"figure\":{\"numerator\":2,\"denominator\":3,\"value\":66.67,\"rag\":"
static void preview_of_members(void) {
    struct answer a = put_changed("\"to\": 49}", "\"to\": 50}", "?dryRun=true");
    check_has(
        &a,
        "{\"period\":\"2025-26-Q1\",\"view\":\"QUARTER\",\"ref\":\"Q-stop\"," TENANTS
        ",\"before\":{\"target\":50," TWO_OF_THREE "\"GREEN\",\"reached\":\"TARGET\"}},"
        "\"after\":{\"target\":50,\"figure\":{\"numerator\":3,\"denominator\":3,\"value\":100,\"rag\":\"BLUE\"");
    answer_free(&a);
    a = put_changed(TENANTS_ARE,
                    "{\"by\": \"housingTenure\", \"key\": \"SOCIAL_RENT\", \"target\": 90, \"stretch\": 95}",
                    "?dryRun=true");
    check_text(&a, "statusesMoved", "0");
    check_text(&a, "kpis.0.by", "housingTenure");
    check_has(&a, "{\"period\":\"2025-26-Q2\",\"view\":\"YEAR_TO_DATE\",\"ref\":\"Q-stop\"," TENANTS
                  ",\"before\":{\"target\":50," TWO_OF_THREE "\"GREEN\",\"reached\":\"TARGET\"}},"
                  "\"after\":{\"target\":90," TWO_OF_THREE "\"RED\"");
    answer_free(&a);
    a = put_changed("\"targets\": [" TENANTS_ARE "]", "\"targets\": []", "?dryRun=true");
    check_has(&a, TENANTS ",\"before\":{\"target\":50," TWO_OF_THREE
                          "\"GREEN\",\"reached\":\"TARGET\"}},\"after\":null}");
    check_text(&a, "statusesMoved", "0");
    answer_free(&a);
    a = put_changed(TENANTS_ARE,
                    TENANTS_ARE
                    ", {\"by\": \"housingTenure\", \"key\": \"OWNED\", \"target\": 90, \"stretch\": 95}",
                    "?dryRun=true");
    check_has(&a, "\"by\":\"housingTenure\",\"key\":\"OWNED\",\"before\":null,\"after\":{\"target\":90,");
    CHECK(!memmem(a.body.p, a.body.n, TENANTS, sizeof TENANTS - 1), "what is as it was is not told");
    answer_free(&a);
    a = put_changed("\"by\": \"priorityGroup\", \"key\": \"YOUNG\", \"target\": 20",
                    "\"by\": \"priorityGroup\", \"key\": \"YOUNG\", \"target\": 12", "?dryRun=true");
    check_has(
        &a,
        "\"view\":\"YEAR_TO_DATE\",\"ref\":\"R-all\",\"by\":\"priorityGroup\",\"key\":\"YOUNG\",\"before\":{\"target\":20,");
    answer_free(&a);
}

/* History under old and new: values, statuses and payments that flip. */
static void preview(void) {
    struct answer a =
        put_changed("\"target\": 45, \"minimum\": 30", "\"target\": 55, \"minimum\": 30", "?dryRun=true");
    CHECK(a.status == 200, "%ld %.*s", a.status, STR_ARG(buf_str(&a.body)));
    check_text(&a, "stored", "false");
    check_text(&a, "warnings", "[]");
    check_text(&a, "statusesMoved", "1"); /* the year to date of Q1; Q2's is 8 of 14 */
    check_text(&a, "payments", "[]");
    answer_free(&a);
    a = put_changed("\"to\": 49}", "\"to\": 50}",
                    "?dryRun=true"); /* d6 quit on day 50: 6 of 10, of 6 four are tenants */
    bool value_moved =
        strstr(a.body.p, "\"ref\":\"Q-stop\",\"before\":{\"target\":45,\"figure\":{\"numerator\":5,") != NULL;
    CHECK(value_moved, "the value of Q-stop moves: %.600s", a.body.p);
    check_text(&a, "payments.0.beforePence", "112500");
    check_text(&a, "payments.0.afterPence", "216667"); /* 4/9: 44.44 - 30 of 50, of 750,000 */
    answer_free(&a);
    a = put_changed("\"provider\": \"dale\", \"target\": 24",
                    "\"provider\": \"dale\", \"target\": 24, \"minimum\": 3", "?dryRun=true");
    check_text(&a, "kpis.0.provider", "dale"); /* of the service nothing moves */
    check_text(&a, "kpis.0.ref", "R-all");
    check_text(&a, "statusesMoved", "0");
    CHECK(strstr(a.body.p, "\"rag\":\"RED\",\"reached\":\"MINIMUM\"") != NULL,
          "6 of 8, the minimum being 1: %.500s", a.body.p);
    answer_free(&a);
    /* Of those in E06000052, who are all of them: 50 % against 55. */
    a = put_changed(
        "\"by\": \"housingTenure\"",
        "\"localAuthority\": \"E06000052\", \"target\": 55, \"stretch\": 90}, {\"by\": \"housingTenure\"",
        "?dryRun=true");
    check_text(&a, "kpis.0.localAuthority", "E06000052");
    check_text(&a, "statusesMoved", "0");
    CHECK(strstr(a.body.p, "\"localAuthority\":\"E06000052\",\"before\":{\"target\":45,") != NULL, "%.500s",
          a.body.p);
    CHECK(
        strstr(
            a.body.p,
            "\"after\":{\"target\":55,\"figure\":{\"numerator\":5,\"denominator\":10,\"value\":50,\"rag\":\"RED\"") !=
            NULL,
        "%.900s", a.body.p);
    answer_free(&a);
    a = put_changed("\"target\": 28", "\"target\": 29", "");
    CHECK(a.status == 422, "%ld", a.status);
    CHECK(strstr(answer_text(&a, "detail"),
                 "/kpis/0/target: is 40, but in 2025-26 the targets of R-young and R-rest add up to 41"),
          "%s", answer_text(&a, "detail"));
    answer_free(&a);
    a = put_changed("\"2025-26\": 600", "\"2025-26\": 800", "");
    check_text(&a, "stored", "true");
    check_text(&a, "warnings.0.pointer", "/kpis/1/years/2025-26/target");
    CHECK(strstr(answer_text(&a, "warnings.0.detail"), "at least 16 of the 800 smokers of 16 to 24"), "%s",
          answer_text(&a, "warnings.0.detail"));
    answer_free(&a);
    a = put_changed("[50, 50, 50, 100]", "[\"35.5\", 50, 50, 100]", "");
    check_text(&a, "stored", "true");
    answer_free(&a);
    explained(KPI("R-young"), "sentence", " of 4.26 expected by now, "); /* 35.5 % of 12 */
    explained(KPI("R-young"), "rule.profile", "[35.5,50,50,100]");
}

void suite_http_another_service(void);
void suite_http_another_service(void) {
    suite_add("http another service", begin, end);
    case_add("returns, by its own days", returns);
    case_add("figures, by its own elements, windows, profiles and schemes", figures);
    case_add("its providers are held against their own targets", own_targets);
    case_add("explanations, groups and completeness in its words", explanations);
    case_add("payment by its own KPI", payment);
    case_add("plans for its reds, by its own leads and calendar", plans);
    case_add("a plan by hand, with the KPI's own lead", a_plan_by_hand);
    case_add("a new version: what moves for members of breakdowns with targets", preview_of_members);
    case_add("a new version: what moves, what is refused, what is doubtful", preview);
}
