/* What the calendar tells by itself, over HTTPS: a return that comes due, one that is overdue, a plan that comes due; the day before, the
 * day of and the day after, each once. Dates by hand: the provider's deadline of 2025-26-Q3 is 2026-02-25, that of Q4 2026-05-26; 14 days
 * before are 02-11 and 05-12, three days before 02-22 and 05-23. */
#include <stdio.h>
#include <string.h>

#include "tests/support/answers.h"
#include "tests/support/changed_framework.h"
#include "tests/support/quarter.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

static struct service *s;
#define RETURNS "/v1/returns/city-and-hackney/"
#define PERIODS "/v1/periods/city-and-hackney/"

static int begin(void) {
    s = service_start(&(struct service_options){.today = "2026-02-10", .commands_beside = true});
    return s ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

/* "RETURN_DUE homerton 14 of 13; …" of the events of a quarter that a key sees: type, provider, daysBefore (- where there is none) and the
 * days left or over. */
static const char *told(const char *key, const char *period, const char *types) {
    static char text[2000];
    char path[200], at[60], kind[40], who[40], before[20], left[20];
    snprintf(path, sizeof path, "/v1/events?limit=500&types=%s", types);
    struct answer a = service_get(s, key, path);
    CHECK(a.status == 200, "%s: %ld", path, a.status);
    text[0] = '\0';
    for (size_t i = 0; i < json_array_size(answer_at(&a, "results")); i++) {
        snprintf(at, sizeof at, "results.%zu.data.period", i);
        if (strcmp(answer_text(&a, at), period) != 0) continue;
        snprintf(at, sizeof at, "results.%zu.type", i);
        snprintf(kind, sizeof kind, "%s", answer_text(&a, at));
        snprintf(at, sizeof at, "results.%zu.data.provider", i);
        snprintf(who, sizeof who, "%s", answer_text(&a, at));
        snprintf(at, sizeof at, "results.%zu.data.daysBefore", i);
        snprintf(before, sizeof before, "%s", answer_text(&a, at));
        bool due = strcmp(before, "(absent)") != 0;
        snprintf(at, sizeof at, "results.%zu.data.%s", i, due ? "daysLeft" : "daysOverdue");
        snprintf(left, sizeof left, "%s", answer_text(&a, at));
        size_t n = strlen(text);
        snprintf(text + n, sizeof text - n, "%s%s %s %s of %s", n ? "; " : "", kind + strlen("RETURN_"), who,
                 left, due ? before : "-");
    }
    answer_free(&a);
    return text;
}

#define BOTH "RETURN_DUE,RETURN_OVERDUE"
static void check_told(const char *period, const char *want) {
    const char *got = told(s->commissioner, period, BOTH);
    CHECK(strcmp(got, want) == 0, "%s: '%s', expected '%s'", period, got, want);
}

static void send_part(const char *provider, const char *period, const char *part, const char *csv,
                      const char *query) {
    char path[200];
    snprintf(path, sizeof path, RETURNS "%s/%s/%s%s", provider, period, part, query);
    struct answer a = service_put(s, strcmp(provider, "homerton") == 0 ? s->homerton : s->pharmacies, path,
                                  "text/csv", str_of(csv));
    CHECK(a.status == 201 || a.status == 200, "%s: %ld", path, a.status);
    answer_free(&a);
}

static void send_and_sign(const char *provider, const char *period) {
    static const char *const PARTS[][2] = {
        {"episodes", "episodeId,clientId,localAuthority,quitDate,ageAtQuitDate\n"},
        {"follow-ups", "episodeId,stage,date,outcome\n"},
        {"referrals", "referralId,receivedDate\n"},
        {"contacts", "month,callsReceived,callsAnsweredFirstTime\n"},
        {"training-sessions", "sessionId,date,type,attendees\n"},
    };
    char path[200];
    for (size_t i = 0; i < 5; i++)
        send_part(provider, period, PARTS[i][0], PARTS[i][1], "");
    snprintf(path, sizeof path, RETURNS "%s/%s/submission", provider, period);
    struct answer a = service_send(s, "POST", strcmp(provider, "homerton") == 0 ? s->homerton : s->pharmacies,
                                   path, NULL, "");
    CHECK(a.status == 200, "%s: %ld", path, a.status);
    answer_free(&a);
}

/* ---- the days of one quarter ---- */

#define Q3 "2025-26-Q3"
#define FIRST "DUE homerton 14 of 14; DUE pharmacies 14 of 14"
static void reminded(void) {
    quarter_run_calendar(s, "2026-02-10", "");
    check_told(Q3, "");
    quarter_run_calendar(s, "2026-02-11", "");
    check_told(Q3, FIRST);
    quarter_run_calendar(s, "2026-02-11", "");
    quarter_run_calendar(s, "2026-02-21", "");
    check_told(Q3, FIRST);
    struct answer a = service_get(s, s->homerton, "/v1/events?types=RETURN_DUE&limit=500");
    check_text(&a, "metadata.total", "1"); /* its own alone */
    check_text(&a, "results.0.data.provider", "homerton");
    check_text(&a, "results.0.data.deadline", "2026-02-25");
    check_text(&a, "results.0.data.missingParts",
               "[\"episodes\",\"follow-ups\",\"referrals\",\"contacts\",\"training-sessions\"]");
    check_text(&a, "results.0.data.resignNeeded", "false");
    answer_free(&a);
}

/* Nobody ran it on the 22nd: who is still reminded is told what is left on the day that it is. Homerton signs in between. */
static void caught_up(void) {
    send_and_sign("homerton", Q3);
    quarter_run_calendar(s, "2026-02-24", "");
    check_told(Q3, FIRST "; DUE pharmacies 1 of 3");
    quarter_run_calendar(s, "2026-02-25", ""); /* the deadline itself is in time */
    check_told(Q3, FIRST "; DUE pharmacies 1 of 3");
}

#define LATE "; OVERDUE pharmacies 1 of -"
static void overdue(void) {
    struct answer a = service_get(s, s->commissioner, "/v1/dashboards/city-and-hackney/" Q3);
    CHECK(a.status == 200, "%ld", a.status);
    char as_of[60];
    snprintf(as_of, sizeof as_of, "%s", answer_header(&a, "x-data-as-of"));
    answer_free(&a);
    quarter_run_calendar(s, "2026-02-26", "");
    check_told(Q3, FIRST "; DUE pharmacies 1 of 3" LATE);
    quarter_run_calendar(s, "2026-02-26", "");
    quarter_run_calendar(s, "2026-03-05", "");
    check_told(Q3, FIRST "; DUE pharmacies 1 of 3" LATE);
    CHECK(strcmp(told(s->homerton, Q3, "RETURN_OVERDUE"), "") == 0, "who signed in time is not overdue");
    a = service_get(s, s->commissioner, "/v1/dashboards/city-and-hackney/" Q3);
    CHECK(strcmp(as_of, "(absent)") != 0 && strcmp(as_of, answer_header(&a, "x-data-as-of")) == 0,
          "figures are known up to %s, not %s, however much is told", as_of,
          answer_header(&a, "x-data-as-of"));
    answer_free(&a);
}

/* A calendar that began only now tells what is still owed of this year, and nothing of years that are over. */
static void old_debts(void) {
    check_told("2025-26-Q1", "OVERDUE homerton 169 of -; OVERDUE pharmacies 169 of -");
    check_told("2024-25-Q4", "");
    check_told("2026-27-Q1", "");
}

/* ---- another quarter: moved, changed after signing, locked, final ---- */

#define Q4 "2025-26-Q4"
static void moved(void) {
    service_kill(s);
    CHECK(service_restart(s, &(struct service_options){.today = "2026-05-11", .commands_beside = true}),
          "starts again");
    framework_load_changed(s, "2026-05-11", "\"nationalDays\": 28}",
                           "\"nationalDays\": 28, \"" Q4 "\": {\"provider\": \"2026-06-01\"}}");
    quarter_run_calendar(s, "2026-05-17", "");
    check_told(Q4, "");
    quarter_run_calendar(s, "2026-05-18", "");
    check_told(Q4, FIRST);
    framework_load_changed(s, "2026-05-11", "\"nationalDays\": 28}",
                           "\"nationalDays\": 28, \"" Q4 "\": {\"provider\": \"2026-06-03\"}}");
    quarter_run_calendar(s, "2026-05-19", "");
    check_told(Q4, FIRST);
    quarter_run_calendar(s, "2026-05-20", ""); /* another deadline is told anew */
    check_told(Q4, FIRST "; " FIRST);
}

static void changed_after_signing(void) {
    send_and_sign("homerton", Q4);
    send_part("homerton", Q4, "contacts", "month,callsReceived,callsAnsweredFirstTime\n2026-01,5,5\n",
              "?reason=found");
    struct answer a =
        service_send(s, "POST", s->commissioner, PERIODS Q4 "/lock", NULL, "{\"reason\":\"audit\"}");
    CHECK(a.status == 200, "locked: %ld", a.status);
    answer_free(&a);
    quarter_run_calendar(s, "2026-05-31", "");
    check_told(Q4, FIRST "; " FIRST); /* nothing can be sent: nobody is waited for */
    a = service_send(s, "POST", s->commissioner, PERIODS Q4 "/unlock", NULL, "{\"reason\":\"done\"}");
    CHECK(a.status == 200, "unlocked: %ld", a.status);
    answer_free(&a);
    quarter_run_calendar(s, "2026-05-31", "");
    check_told(Q4, FIRST "; " FIRST "; DUE homerton 3 of 3; DUE pharmacies 3 of 3");
    a = service_get(s, s->homerton, "/v1/events?limit=500&types=RETURN_DUE");
    char last[60];
    snprintf(last, sizeof last, "results.%zu.data.resignNeeded",
             json_array_size(answer_at(&a, "results")) - 1);
    check_text(&a, last, "true");
    answer_free(&a);
}

/* Signed in time and changed since: not overdue. The other one is, unless the commissioner has made the quarter final without it. */
static void final_waits_for_nobody(void) {
    struct answer a =
        service_send(s, "POST", s->commissioner, PERIODS Q4 "/finalisation", NULL, "{\"reason\":\"agreed\"}");
    CHECK(a.status == 200, "final: %ld", a.status);
    answer_free(&a);
    quarter_run_calendar(s, "2026-06-04", "");
    CHECK(strcmp(told(s->commissioner, Q4, "RETURN_OVERDUE"), "") == 0, "%s",
          told(s->commissioner, Q4, "RETURN_OVERDUE"));
}

/* ---- who is expected ---- */

static void not_expected(void) {
    framework_load_changed(s, "2026-06-04", "\"to\": null\n    },",
                           "\"to\": \"2025-26-Q4\"\n    },"); /* homerton is first */
    quarter_run_calendar(s, "2026-08-28", "");                /* the deadline of 2026-27-Q1 is 2026-08-25 */
    check_told("2026-27-Q1", "OVERDUE pharmacies 3 of -");
}

/* ---- plans ---- */

static size_t plans_told(void) {
    struct answer a = service_get(s, s->commissioner, "/v1/events?limit=500&types=PLAN_DUE");
    size_t count = json_array_size(answer_at(&a, "results"));
    if (count) check_text(&a, "results.0.data.dueDate", "2026-05-26");
    if (count) check_text(&a, "results.0.data.daysLeft", "3");
    answer_free(&a);
    return count;
}

/* Those that were born when Q4 became final, on 2026-05-11, are due on 2026-05-26: ten working days, one bank holiday. */
static void plans(void) {
    struct answer a = service_get(s, s->commissioner, "/v1/action-plans?status=REQUIRED&limit=500");
    size_t count = json_array_size(answer_at(&a, "results"));
    char path[100], header[60];
    snprintf(path, sizeof path, "/v1/action-plans/%s", answer_text(&a, "results.0.id"));
    CHECK(count > 1, "%zu plans were born", count);
    answer_free(&a);
    a = service_get(s, s->commissioner, path);
    snprintf(header, sizeof header, "If-Match: %s", answer_header(&a, "etag"));
    answer_free(&a);
    quarter_run_calendar(s, "2026-05-22", "");
    CHECK(plans_told() == 0, "the day before");
    a = service_ask(
        s,
        &(struct ask){
            .method = "PATCH",
            .path = path,
            .key = s->commissioner,
            .type = "application/json",
            .headers = {header},
            .body = STR(
                "{\"nonComplianceReason\":\"a\",\"what\":\"b\",\"how\":\"c\",\"who\":\"d\",\"when\":\"2026-27-Q4\",\"status\":\"SUBMITTED\"}")});
    CHECK(a.status == 200, "submitted: %ld %.*s", a.status, STR_ARG(buf_str(&a.body)));
    answer_free(&a);
    quarter_run_calendar(s, "2026-05-23", "");
    CHECK(plans_told() == count - 1, "all but the one that is submitted: %zu of %zu", plans_told(), count);
    quarter_run_calendar(s, "2026-05-23", "");
    quarter_run_calendar(s, "2026-05-27", "");
    CHECK(plans_told() == count - 1, "once, and not after the day");
}

void suite_http_due(void) {
    suite_add("http due", begin, end);
    case_add("a return is reminded of on its days, once", reminded);
    case_add("a calendar that did not run tells what holds now", caught_up);
    case_add("overdue from the day after the deadline; no figure moves", overdue);
    case_add("this year's debts are told, older ones not", old_debts);
    case_add("a deadline that the framework moves is another one", moved);
    case_add("what was changed after signing is due again; a locked quarter is not", changed_after_signing);
    case_add("a final quarter waits for nobody", final_waits_for_nobody);
    case_add("who is no longer expected is not told", not_expected);
    case_add("a plan is reminded of until it is submitted", plans);
}
