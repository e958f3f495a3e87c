/* The life of an action plan over HTTPS: red, still red, amber, closed by hand, red again, green; chased by the calendar; its actions under
 * If-Match, also of many editors at once; did it work. Of 1.4 (at least 50 %) each quarter has 40
 * people due: 8, 12, 37 and 10 quit in 2025-26, 40 in 2026-27-Q1. Year to date 8/40 and 20/80 are red, 57/120 is 47.5 %, the least that is
 * amber, 67/160 is red, 40/40 green. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/answers.h"
#include "tests/support/episodes.h"
#include "tests/support/quarter.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

static struct service *s;
static char plan[64]; /* the path of the plan of 1.4 */

#define TODAY "2026-09-15" /* a Tuesday: ten working days on is the 29th */

static int begin(void) {
    s = service_start(&(struct service_options){.today = TODAY, .commands_beside = true});
    return s ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

static void check_plan(const char *path, const char *want) {
    struct answer a = service_get(s, s->commissioner, plan);
    check_text(&a, path, want);
    answer_free(&a);
}

/* "v7" of the plan as it is, with its quotes. */
static const char *tag_now(const char *path) {
    static char tag[40];
    struct answer a = service_get(s, s->commissioner, path);
    snprintf(tag, sizeof tag, "%s", answer_header(&a, "etag"));
    answer_free(&a);
    return tag;
}

/* What the feed says of it: the level that it has reached, and the newest quarter that judged it. */
static void in_feed(const char *level, const char *period, const char *rag) {
    struct answer a = service_get(s, s->commissioner, "/v1/feeds/action-plans.json");
    size_t count = json_array_size(answer_at(&a, "results")), i = 0;
    char path[48];
    const char *id = strrchr(plan, '/') + 1;
    for (; i < count; i++) {
        snprintf(path, sizeof path, "results.%zu.id", i);
        if (strcmp(answer_text(&a, path), id) == 0) break;
    }
    CHECK(i < count, "the feed has %s", id);
    const char *const want[][2] = {{"level", level}, {"latestPeriod", period}, {"latestRag", rag}};
    for (size_t k = 0; k < 3; k++) {
        snprintf(path, sizeof path, "results.%zu.%s", i, want[k][0]);
        check_text(&a, path, want[k][1]);
    }
    answer_free(&a);
}

/* ---- born ---- */

static void born(void) {
    quarter_send(s, "2025-26-Q1", "2025-05-10", "2025-06-07", 8);
    quarter_finalise(s, "2025-26-Q1", "OPENED", plan, sizeof plan);
    struct answer a = service_get(s, s->commissioner, plan);
    check_text(&a, "kpi", "1.4");
    check_text(&a, "kpis", "[\"1.4\"]");
    check_text(&a, "dueDate", "2026-09-29");
    check_text(&a, "departmentalLead", "Public Health Commissioning Manager, Stop Smoking");
    check_text(&a, "figures.yearToDate.numerator", "8");
    CHECK(strstr(answer_text(&a, "figures.explanation"),
                 "/v1/kpis/city-and-hackney/1.4/2025-26-Q1/explanation?asAt=" TODAY "&knownAt=2") != NULL,
          "%s", answer_text(&a, "figures.explanation"));
    check_text(&a, "actions", "[]");
    check_text(&a, "latest", "null");
    check_text(&a, "escalation", "null");
    in_feed("0", "null", "null");
    char path[200];
    snprintf(path, sizeof path, "%s", answer_text(&a, "figures.explanation"));
    answer_free(&a);
    a = service_get(s, s->commissioner, path);
    CHECK(a.status == 200, "the link leads to the explanation: %ld", a.status);
    answer_free(&a);
}

/* ---- actions ---- */

static void the_actions(void) {
    char actions[120], first[140];
    snprintf(actions, sizeof actions, "%s/actions", plan);
    snprintf(first, sizeof first, "%s/1", actions);
    static const char CALL[] = "{\"what\":\"Call everybody\",\"who\":\"Ann\",\"by\":\"2026-10-30\"}";
    struct answer a = service_send(s, "POST", s->homerton, actions, NULL, CALL);
    CHECK(a.status == 428, "without If-Match: %ld", a.status);
    check_text(&a, "code", "PRECONDITION_REQUIRED");
    answer_free(&a);
    a = service_send(s, "POST", s->homerton, actions, "\"v9\"", CALL);
    CHECK(a.status == 412, "stale: %ld", a.status);
    answer_free(&a);
    a = service_send(s, "POST", s->homerton, actions, "\"v1\"", "{\"what\":\"Call everybody\"}");
    CHECK(a.status == 422, "who and when are missing: %ld", a.status);
    check_text(&a, "code", "MISSING_VALUE");
    answer_free(&a);
    a = service_send(s, "POST", s->homerton, actions, "\"v1\"", CALL);
    CHECK(a.status == 201, "%ld %.300s", a.status, a.body.n ? a.body.p : "");
    check_text(&a, "status", "DRAFT");
    check_text(
        &a, "actions",
        "[{\"number\":1,\"what\":\"Call everybody\",\"who\":\"Ann\",\"by\":\"2026-10-30\",\"done\":null,\"late\":false}]");
    check_text(&a, "history.1.changed.action.what", "Call everybody");
    answer_free(&a);
    a = service_send(s, "PATCH", s->homerton, first, "\"v2\"", "{\"done\":\"2026-09-16\"}");
    CHECK(a.status == 422, "done tomorrow: %ld", a.status);
    answer_free(&a);
    a = service_send(s, "PATCH", s->homerton, first, "\"v2\"", "{\"by\":\"soon\"}");
    CHECK(a.status == 422, "no day: %ld", a.status);
    answer_free(&a);
    a = service_send(s, "PATCH", s->homerton, first, "\"v2\"",
                     "{\"who\":\"Ann and Bob\",\"by\":\"2026-09-10\"}");
    check_text(&a, "actions.0.who", "Ann and Bob");
    check_text(&a, "actions.0.late", "true");
    answer_free(&a);
    a = service_send(s, "PATCH", s->homerton, first, "\"v3\"", "{\"who\":\"Ann and Bob\"}");
    CHECK(a.status == 200, "%ld", a.status);
    check_text(&a, "version", "3");
    answer_free(&a);
    char second[140];
    snprintf(second, sizeof second, "%s/2", actions);
    a = service_send(s, "PATCH", s->homerton, second, "\"v3\"", "{\"who\":\"X\"}");
    CHECK(a.status == 404, "there is no second: %ld", a.status);
    answer_free(&a);
}

/* ---- many editors at once ---- */

enum { EDITORS = 6 };
struct editor {
    pthread_t thread;
    char body[80], match[40];
    long status;
};

static void *edit(void *context) {
    struct editor *e = context;
    char header[80];
    snprintf(header, sizeof header, "If-Match: %s", e->match);
    struct answer a = client_send(s->url, s->ca_file,
                                  &(struct ask){.method = "PATCH",
                                                .path = plan,
                                                .key = s->commissioner,
                                                .type = "application/json",
                                                .body = str_of(e->body),
                                                .headers = {header}});
    e->status = a.status;
    answer_free(&a);
    client_forget();
    return NULL;
}

static void editors(void) {
    struct editor all[EDITORS];
    char match[40];
    for (int round = 0; round < 4; round++) {
        snprintf(match, sizeof match, "%s", tag_now(plan));
        int written = 0, stale = 0, winner = -1;
        for (int i = 0; i < EDITORS; i++) {
            snprintf(all[i].body, sizeof all[i].body, "{\"what\":\"round %d editor %d\"}", round, i);
            snprintf(all[i].match, sizeof all[i].match, "%s", match);
            CHECK(pthread_create(&all[i].thread, NULL, edit, &all[i]) == 0, "a thread");
        }
        for (int i = 0; i < EDITORS; i++) {
            pthread_join(all[i].thread, NULL);
            written += all[i].status == 200;
            stale += all[i].status == 412;
            if (all[i].status == 200) winner = i;
        }
        CHECK(written == 1 && stale == EDITORS - 1, "round %d: %d wrote, %d were told", round, written,
              stale);
        char want[40];
        snprintf(want, sizeof want, "round %d editor %d", round, winner);
        check_plan("what", want);
    }
}

/* ---- submitted, agreed, reported on ---- */

static void agreed(void) {
    char updates[120], first[140];
    struct answer a = service_send(
        s, "PATCH", s->homerton, plan, tag_now(plan),
        "{\"nonComplianceReason\":\"Calls missed\",\"how\":\"In turn\",\"who\":\"Ann\",\"when\":\"2026-27-Q4\",\"status\":\"SUBMITTED\"}");
    check_text(&a, "status", "SUBMITTED");
    answer_free(&a);
    a = service_send(s, "PATCH", s->commissioner, plan, tag_now(plan), "{\"status\":\"DRAFT\"}");
    CHECK(a.status == 422, "sent back without a word: %ld", a.status);
    answer_free(&a);
    a = service_send(s, "PATCH", s->commissioner, plan, tag_now(plan),
                     "{\"status\":\"DRAFT\",\"comment\":\"Who leads?\"}");
    check_text(&a, "status", "DRAFT");
    answer_free(&a);
    a = service_send(s, "PATCH", s->homerton, plan, tag_now(plan),
                     "{\"who\":\"Ann leads\",\"status\":\"SUBMITTED\"}");
    answer_free(&a);
    a = service_send(s, "PATCH", s->commissioner, plan, tag_now(plan), "{\"status\":\"AGREED\"}");
    check_text(&a, "status", "AGREED");
    answer_free(&a);
    snprintf(first, sizeof first, "%s/actions/1", plan);
    a = service_send(s, "PATCH", s->homerton, first, tag_now(plan), "{\"who\":\"Bob\"}");
    CHECK(a.status == 409, "its words stand: %ld", a.status);
    answer_free(&a);
    a = service_send(s, "PATCH", s->homerton, first, tag_now(plan), "{\"done\":\"" TODAY "\"}");
    CHECK(a.status == 200, "that it is done is said: %ld", a.status);
    check_text(&a, "actions.0.done", TODAY);
    answer_free(&a);
    snprintf(updates, sizeof updates, "%s/updates", plan);
    a = service_send(s, "POST", s->homerton, updates, "\"v1\"",
                     "{\"month\":\"2026-09\",\"text\":\"Two called\"}");
    CHECK(a.status == 412, "If-Match is honoured: %ld", a.status);
    answer_free(&a);
    a = service_send(s, "POST", s->homerton, updates, NULL,
                     "{\"month\":\"2026-09\",\"text\":\"Two called\"}");
    CHECK(a.status == 201, "and not asked for: %ld", a.status);
    answer_free(&a);
    static const char *const MONTHS[] = {"2026-10", "2025-03"}; /* next month; before the plan's quarter */
    for (int i = 0; i < 2; i++) {
        char body[60];
        snprintf(body, sizeof body, "{\"month\":\"%s\",\"text\":\"x\"}", MONTHS[i]);
        a = service_send(s, "POST", s->homerton, updates, NULL, body);
        CHECK(a.status == 422 && strstr(answer_text(&a, "detail"), MONTHS[i]), "%s: %ld", MONTHS[i],
              a.status);
        answer_free(&a);
    }
    a = service_send(s, "PATCH", s->commissioner, plan, tag_now(plan),
                     "{\"status\":\"DRAFT\",\"comment\":\"x\"}");
    CHECK(a.status == 409, "there is no such step: %ld", a.status);
    check_text(&a, "detail", "The plan is AGREED: it can go to CLOSED from there, not to DRAFT.");
    answer_free(&a);
    a = service_send(s, "PATCH", s->homerton, plan, tag_now(plan),
                     "{\"status\":\"DRAFT\",\"comment\":\"x\"}");
    check_text(&a, "detail", "The plan is AGREED: you cannot take it to DRAFT, nor elsewhere.");
    answer_free(&a);
}

/* ---- red, red, amber, red, green ---- */

static void still_red(void) {
    quarter_send(s, "2025-26-Q2", "2025-08-10", "2025-09-07", 12);
    quarter_finalise(s, "2025-26-Q2", "STILL_RED", NULL, 0);
    struct answer a = service_get(s, s->commissioner, plan);
    check_text(&a, "status", "AGREED");
    check_text(&a, "figures.yearToDate.numerator", "8");
    check_text(&a, "latest.period", "2025-26-Q2");
    check_text(&a, "latest.rag", "RED");
    check_text(&a, "latest.yearToDate.numerator", "20");
    check_text(&a, "latest.redBefore", "1");
    check_text(&a, "latest.redRunning", "2");
    check_text(&a, "latest.spc.points", "2");
    check_text(&a, "latest.spc.variation", "COMMON_CAUSE");
    check_text(&a, "escalated", "true");
    check_text(&a, "escalation", "null"); /* the calendar has not told it yet */
    answer_free(&a);
    in_feed("0", "2025-26-Q2", "RED");
}

/* Whether the plan of a KPI is escalated, as the dashboard has it, or had it when that was known (an instant; NULL: today). */
static void check_mark(const char *period, const char *known_at, const char *kpi, const char *want) {
    char path[160];
    snprintf(path, sizeof path, "/v1/dashboards/city-and-hackney/%s%s%s", period, known_at ? "?knownAt=" : "",
             known_at ? known_at : "");
    struct answer a = service_get(s, s->commissioner, path);
    CHECK(a.status == 200, "%s: %ld", path, a.status);
    const char *found = "(absent)";
    for (size_t i = 0; i < json_array_size(answer_at(&a, "kpis")); i++) {
        snprintf(path, sizeof path, "kpis.%zu.ref", i);
        if (strcmp(answer_text(&a, path), kpi) != 0) continue;
        snprintf(path, sizeof path, "kpis.%zu.actionPlan.escalated", i);
        found = answer_text(&a, path);
        break;
    }
    CHECK(strcmp(found, want) == 0, "%s of %s is %s, expected %s", kpi, known_at ? known_at : "now", found,
          want);
    answer_free(&a);
}

static void chased(void) {
    /* Besides 1.4, every plan of the first quarter is still REQUIRED and those of a KPI that is red again are red twice. */
    quarter_run_calendar(s, TODAY, "\"day\":\"2026-09-15\"");
    struct answer a = service_get(s, s->commissioner, plan);
    check_text(&a, "escalation",
               "{\"level\":3,\"cause\":\"STILL_RED\",\"name\":\"Contractual mechanism\",\"since\":\"" TODAY
               "\"}");
    answer_free(&a);
    in_feed("3", "2025-26-Q2", "RED");
    quarter_run_calendar(s, TODAY, "\"escalated\":0,");
    quarter_run_calendar(s, "2026-09-29", "\"escalated\":0,");
    a = service_send(s, "POST", s->commissioner, "/v1/action-plans", NULL,
                     "{\"kpi\":\"1.5\",\"openedFor\":\"2025-26-Q2\"}");
    char by_hand[80];
    snprintf(by_hand, sizeof by_hand, "/v1/action-plans/%s", answer_text(&a, "id"));
    check_text(&a, "dueDate", "2026-09-29");
    answer_free(&a);
    quarter_run_calendar(s, "2026-09-29", "\"escalated\":0,"); /* the due date itself is in time */
    /* This one, and that of 1.7, whose first people of 12 weeks came due in the second quarter and made it red once. */
    quarter_run_calendar(s, "2026-09-30", "\"escalated\":2,");
    quarter_run_calendar(s, "2026-09-30", "\"escalated\":0,");
    a = service_get(s, s->commissioner, by_hand);
    check_text(&a, "escalation",
               "{\"level\":1,\"cause\":\"OVERDUE\",\"name\":\"Reminder\",\"since\":\"2026-09-30\"}");
    check_text(&a, "history.1.key", "calendar");
    check_text(&a, "history.1.comment", "Reminder: not submitted by 2026-09-29.");
    check_text(&a, "history.1.from", "REQUIRED");
    check_text(&a, "history.1.to", "REQUIRED");
    answer_free(&a);
    a = service_send(s, "PATCH", s->commissioner, by_hand, "\"v2\"", "{\"when\":\"2026-27-Q3\"}");
    CHECK(a.status == 200, "%ld", a.status);
    answer_free(&a);
    quarter_run_calendar(s, "2026-12-31",
                         "\"escalated\":0,"); /* the promised quarter runs to the end of its last day */
    quarter_run_calendar(s, "2027-01-01", "\"escalated\":1,");
    a = service_get(s, s->commissioner, by_hand);
    check_text(&a, "escalation.name", "Contract meeting");
    check_text(&a, "escalation.since", "2027-01-01");
    char born_at[40];
    snprintf(born_at, sizeof born_at, "%s", answer_text(&a, "history.0.at"));
    answer_free(&a);
    a = service_send(s, "PATCH", s->commissioner, by_hand, tag_now(by_hand), "{\"when\":\"2025-26-Q4\"}");
    CHECK(a.status == 200, "%ld", a.status);
    answer_free(&a);
    check_mark("2025-26-Q2", NULL, "1.5", "true");
    check_mark("2025-26-Q2", born_at, "1.5", "false"); /* nothing had been promised then */
    a = service_send(s, "PATCH", s->commissioner, by_hand, "*",
                     "{\"status\":\"CLOSED\",\"comment\":\"Test\"}");
    CHECK(a.status == 200, "%ld", a.status);
    answer_free(&a);
}

static void amber(void) {
    quarter_send(s, "2025-26-Q3", "2025-11-10", "2025-12-08", 37);
    quarter_finalise(s, "2025-26-Q3", "CLOSING_PROPOSED", NULL, 0);
    struct answer a = service_get(s, s->commissioner, plan);
    check_text(&a, "status", "AGREED");
    check_text(&a, "closingProposed", "true");
    check_text(&a, "latest.rag", "AMBER");
    check_text(&a, "latest.redRunning", "0");
    check_text(&a, "escalated", "false");
    check_text(&a, "escalation.level", "3"); /* what was told was told */
    answer_free(&a);
    in_feed("3", "2025-26-Q3", "AMBER");
    a = service_get(s, s->commissioner, "/v1/feeds/action-plans.csv");
    CHECK(memmem(a.body.p, a.body.n, ",who,when,level,latestPeriod,latestRag\r\n", 40) != NULL,
          "new columns come last");
    answer_free(&a);
    a = service_send(s, "PATCH", s->homerton, plan, tag_now(plan),
                     "{\"status\":\"CLOSED\",\"comment\":\"Amber\"}");
    CHECK(a.status == 403, "closing is the commissioner's: %ld", a.status);
    answer_free(&a);
    a = service_send(s, "PATCH", s->commissioner, plan, tag_now(plan),
                     "{\"status\":\"CLOSED\",\"comment\":\"Near enough\"}");
    check_text(&a, "status", "CLOSED");
    check_text(&a, "closingProposed", "false");
    answer_free(&a);
}

/* The plan of 1.1, which promised a quarter that is over, is closed as well, and comes back without the promise. */
static void close_promised(char *path, size_t room) {
    struct answer a = service_get(s, s->commissioner, "/v1/action-plans?kpi=1.1");
    snprintf(path, room, "/v1/action-plans/%s", answer_text(&a, "results.0.id"));
    answer_free(&a);
    a = service_send(
        s, "PATCH", s->commissioner, path, tag_now(path),
        "{\"what\":\"Posters\",\"when\":\"2025-26-Q4\",\"status\":\"CLOSED\",\"comment\":\"Enough\"}");
    check_text(&a, "status", "CLOSED");
    check_text(&a, "when", "2025-26-Q4");
    answer_free(&a);
}

static void relapse(void) {
    char promised[80];
    quarter_send(s, "2025-26-Q4", "2026-02-10", "2026-03-10", 10);
    close_promised(promised, sizeof promised);
    quarter_finalise(s, "2025-26-Q4", "REOPENED", NULL, 0);
    struct answer a = service_get(s, s->commissioner, plan);
    check_text(&a, "status", "DRAFT");
    check_text(&a, "latest.yearToDate.numerator", "67");
    check_text(&a, "latest.redRunning", "1");
    check_text(&a, "escalation", "null");
    check_text(&a, "nonComplianceReason", "Calls missed");
    check_text(&a, "when", "2026-27-Q4"); /* not over yet */
    check_text(&a, "dueDate", "2026-09-29");
    buf_add_char(&a.body, '\0');
    CHECK(strstr(a.body.p, "\"dueDate\":\"2026-09-29\",\"escalation\":null}"),
          "the days to answer begin anew");
    CHECK(strstr(a.body.p, "Near enough") && strstr(a.body.p, "Still red in 2025-26-Q2, which is final."),
          "with its history");
    answer_free(&a);
    a = service_get(s, s->commissioner, promised);
    check_text(&a, "status", "DRAFT");
    check_text(&a, "what", "Posters");
    check_text(&a, "when", "null");
    answer_free(&a);
}

static void green(void) {
    quarter_send(s, "2026-27-Q1", "2026-05-10", "2026-06-07", 40);
    quarter_finalise(s, "2026-27-Q1", "CLOSED", NULL, 0);
    struct answer a = service_get(s, s->commissioner, plan);
    check_text(&a, "status", "CLOSED");
    check_text(&a, "figures.yearToDate.value", "20");
    check_text(&a, "latest.period", "2026-27-Q1");
    check_text(&a, "latest.yearToDate.value", "100");
    check_text(&a, "latest.rag", "GREEN");
    check_text(&a, "latest.spc.points", "5");
    check_text(&a, "latest.spc.assurance", "HIT_AND_MISS");
    answer_free(&a);
    a = service_get(s, s->commissioner, "/v1/action-plan-summary?from=2025-26-Q1&to=2025-26-Q1");
    CHECK(a.status == 200, "%ld", a.status);
    check_text(&a, "redToGreen.plans", answer_text(&a, "recovered"));
    check_text(&a, "redToGreen.medianDays", "0");
    check_text(&a, "levels.2.name", "Contractual mechanism");
    char path[40];
    bool found = false;
    for (int i = 0; i < 40 && !found; i++) {
        snprintf(path, sizeof path, "plans.%d.id", i);
        if (strcmp(answer_text(&a, path), strrchr(plan, '/') + 1) != 0) continue;
        found = true;
        snprintf(path, sizeof path, "plans.%d.recovered", i);
        check_text(&a, path, "true");
        snprintf(path, sizeof path, "plans.%d.before.rag", i);
        check_text(&a, path, "RED");
        snprintf(path, sizeof path, "plans.%d.after.rag", i);
        check_text(&a, path, "GREEN");
    }
    CHECK(found, "the plan is among them");
    answer_free(&a);
    a = service_get(s, s->commissioner, "/v1/action-plan-summary?from=2026-27-Q1&to=2025-26-Q1");
    CHECK(a.status == 400, "from after to: %ld", a.status);
    answer_free(&a);
}

/* How often an event says this of 1.4 (of the plan, where it is one). */
static void check_events(const char *type, const char *period, int want) {
    char path[120];
    int found = 0;
    snprintf(path, sizeof path, "/v1/events?limit=500&types=%s", type);
    struct answer a = service_get(s, s->commissioner, path);
    CHECK(a.status == 200, "%s: %ld", path, a.status);
    for (size_t i = 0; i < json_array_size(answer_at(&a, "results")); i++) {
        snprintf(path, sizeof path, "results.%zu.data.kpi", i);
        bool ours = strcmp(answer_text(&a, path), "1.4") == 0;
        snprintf(path, sizeof path, "results.%zu.data.period", i);
        found += ours && strcmp(answer_text(&a, path), period) == 0;
    }
    CHECK(found == want, "%s of %s: %d, expected %d", type, period, found, want);
    answer_free(&a);
}

static void events(void) {
    check_events("KPI_RED", "2025-26-Q1", 1);
    check_events("KPI_RED", "2025-26-Q2", 1);
    check_events("KPI_RED", "2026-27-Q1", 0);
    check_events("KPI_RECOVERED", "2025-26-Q1", 0);
    check_events("KPI_RECOVERED", "2026-27-Q1", 1);
    struct answer a = service_get(s, s->homerton, "/v1/events?limit=500&types=PLAN_ESCALATED");
    size_t n = json_array_size(answer_at(&a, "results"));
    CHECK(a.status == 200 && n > 0, "a provider is told of its plans: %ld, %zu", a.status, n);
    for (size_t i = 0; i < n; i++) {
        char path[60];
        snprintf(path, sizeof path, "results.%zu.data.providers", i);
        CHECK(strstr(answer_text(&a, path), "\"homerton\"") != NULL, "of its own alone: %s",
              answer_text(&a, path));
    }
    answer_free(&a);
    a = service_get(s, s->homerton, "/v1/events?types=KPI_RED");
    CHECK(json_array_size(answer_at(&a, "results")) == 0, "not of the service's KPIs");
    answer_free(&a);
}

/* ---- figures that a correction has overtaken ---- */

static void check_sentence(const char *path, const char *want) {
    struct answer a = service_get(s, s->commissioner, path);
    CHECK(a.status == 200 && strstr(answer_text(&a, "sentence"), want), "%s: %ld %s", path, a.status,
          answer_text(&a, "sentence"));
    answer_free(&a);
}

static void corrected(void) {
#define Q1 "city-and-hackney/2025-26-Q1"
    char link[200];
    struct answer a = service_get(s, s->commissioner, plan);
    snprintf(link, sizeof link, "%s", answer_text(&a, "figures.explanation"));
    answer_free(&a);
    a = service_send(s, "POST", s->commissioner, "/v1/periods/" Q1 "/unlock", NULL,
                     "{\"reason\":\"Sent twice\"}");
    CHECK(a.status == 200, "%ld %.200s", a.status, a.body.n ? a.body.p : "");
    answer_free(&a);
    a = service_put(s, s->homerton, "/v1/returns/city-and-hackney/homerton/2025-26-Q1/episodes?reason=None",
                    "text/csv", STR(EPISODE_HEADER "\r\n"));
    CHECK(a.status == 200 || a.status == 201, "%ld %.300s", a.status, a.body.n ? a.body.p : "");
    answer_free(&a);
    check_sentence("/v1/kpis/city-and-hackney/1.4/2025-26-Q1/explanation", "0 of 20");
    check_sentence(link, "8 of 40");
#undef Q1
}

void suite_http_plans(void) {
    suite_add("http_plans", begin, end);
    case_add("a red of a final period gets its plan, with the figures and their explanation", born);
    case_add("actions: what, who, by, done, under If-Match", the_actions);
    case_add("of many editors at once one writes and the others are told", editors);
    case_add("sent back with a comment, agreed, reported on", agreed);
    case_add("red in the next final period: still red", still_red);
    case_add("the calendar chases, each step once, to the day", chased);
    case_add("amber proposes closing to the commissioner", amber);
    case_add("red again within the year reopens it with its history", relapse);
    case_add("green closes it, with before and after and the verdict", green);
    case_add("those who follow the events are told", events);
    case_add("the explanation of a plan's figures stays theirs after a correction", corrected);
}
