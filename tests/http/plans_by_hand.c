/* Action plans that are opened by hand over HTTPS: themes over several KPIs and providers, the form and the board paper of seed 003; and a
 * service that is killed and started on the day after a due date does the calendar's work. Of 1.4 all 40 people of 2026-27-Q1 have quit. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/answers.h"
#include "tests/support/quarter.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

#define OPEN "/v1/action-plans"

static struct service *s;

static int begin(void) {
    s = service_start(
        &(struct service_options){.today = "2026-09-15"}); /* a Tuesday: ten working days on is the 29th */
    return s ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

static void a_good_quarter(void) {
    quarter_send(s, "2026-27-Q1", "2026-05-10", "2026-06-07", 40);
    quarter_finalise(s, "2026-27-Q1", "(absent)", NULL, 0);
}

static struct answer ask_as(const char *key, const char *path, const char *accept) {
    char header[80];
    snprintf(header, sizeof header, "Accept: %s", accept);
    return service_ask(s, &(struct ask){.path = path, .key = key, .headers = {header}});
}

static void theme(void) {
    struct answer a = service_send(s, "POST", s->commissioner, OPEN, NULL,
                                   "{\"kpi\":\"1.6, 1.13\",\"openedFor\":\"2026-27-Q1\"}");
    CHECK(a.status == 422, "a theme needs a name: %ld", a.status);
    answer_free(&a);
    a = service_send(s, "POST", s->commissioner, OPEN, NULL,
                     "{\"kpi\":\"1.6, 1.6\",\"indicatorTitle\":\"X\",\"openedFor\":\"2026-27-Q1\"}");
    CHECK(a.status == 422, "twice the same: %ld", a.status);
    answer_free(&a);
    a = service_send(s, "POST", s->commissioner, OPEN, NULL,
                     "{\"kpi\":\"1.6\",\"attributedTo\":\"nobody\",\"openedFor\":\"2026-27-Q1\"}");
    CHECK(a.status == 422, "no such provider: %ld", a.status);
    answer_free(&a);
    a = service_send(
        s, "POST", s->commissioner, OPEN, NULL,
        "{\"kpi\":\"1.6\",\"attributedTo\":\"homerton, homerton\",\"openedFor\":\"2026-27-Q1\"}");
    CHECK(a.status == 422, "a provider twice: %ld", a.status);
    answer_free(&a);
    a = service_send(s, "POST", s->commissioner, OPEN, NULL,
                     "{\"kpi\":\"1.6\",\"openedFor\":\"2026-27-Q3\"}");
    CHECK(a.status == 422, "a quarter that begins after today: %ld", a.status);
    answer_free(&a);
    a = service_send(s, "POST", s->commissioner, OPEN, NULL, "{\"kpi\":[1.6],\"openedFor\":\"2026-27-Q1\"}");
    CHECK(a.status == 422, "a number is no KPI: %ld", a.status);
    check_text(&a, "detail", "/kpi/0 must be a text.");
    answer_free(&a);
    static const char THEME[] =
        "{\"kpi\":\"1.6, 1.13\",\"openedFor\":\"2026-27-Q1\",\"indicatorTitle\":\"What quitters say\","
        "\"attributedTo\":[\"pharmacies\",\"homerton\"]}";
    a = service_send(s, "POST", s->commissioner, OPEN, NULL, THEME);
    CHECK(a.status == 201, "%ld %.300s", a.status, a.body.n ? a.body.p : "");
    check_text(&a, "kpi", "null");
    check_text(&a, "kpis", "[\"1.6\",\"1.13\"]");
    check_text(&a, "origin", "HAND");
    check_text(&a, "indicatorTitle", "What quitters say");
    check_text(&a, "attributedTo", "[\"pharmacies\",\"homerton\"]");
    check_text(&a, "figures.kpis.0.ref", "1.6");
    check_text(&a, "figures.kpis.0.yearToDate.numerator", "40");
    check_text(&a, "figures.kpis.1.ref", "1.13");
    CHECK(strstr(answer_text(&a, "performanceThisPeriod"), "1.6: 100 % (40 of 40)") ||
              strstr(answer_text(&a, "performanceThisPeriod"), "1.6: 100.00 % (40 of 40)"),
          "%s", answer_text(&a, "performanceThisPeriod"));
    answer_free(&a);
    a = service_send(s, "POST", s->commissioner, OPEN, NULL, THEME);
    CHECK(a.status == 409, "the same theme again: %ld", a.status);
    answer_free(&a);
    a = service_get(s, s->homerton, OPEN "?kpi=1.13");
    check_text(&a, "metadata.total", "1");
    answer_free(&a);
}

/* 1.1 is red itself (40 people instead of 400), and has its plan. */
static void make_room(void) {
    struct answer a = service_get(s, s->commissioner, OPEN "?kpi=1.1&limit=1");
    char path[80];
    snprintf(path, sizeof path, OPEN "/%s", answer_text(&a, "results.0.id"));
    answer_free(&a);
    a = service_send(s, "PATCH", s->commissioner, path, "*",
                     "{\"status\":\"CLOSED\",\"comment\":\"Makes room\"}");
    CHECK(a.status == 200, "%s: %ld", path, a.status);
    answer_free(&a);
}

static void the_form(void) {
    static const char WIRRAL[] =
        "{\"kpi\":\"1.1\",\"openedFor\":\"2026-27-Q1\",\"indicatorTitle\":\"Smoking quitters (4 weeks)\","
        "\"strategicDirectorLead\":\"Policy, Performance & Public Health\","
        "\"departmentalLead\":\"Julie Webster, Head of Public Health\",\"target\":\"1900\","
        "\"performanceThisPeriod\":\"617 Wirral Wide April target is 993\"}";
    struct answer a = service_send(s, "POST", s->commissioner, OPEN, NULL, WIRRAL);
    CHECK(a.status == 409, "one open plan a KPI: %ld", a.status);
    answer_free(&a);
    make_room();
    a = service_send(s, "POST", s->commissioner, OPEN, NULL, WIRRAL);
    CHECK(a.status == 201, "%ld %.300s", a.status, a.body.n ? a.body.p : "");
    check_text(&a, "figures.yearToDate.numerator",
               "40"); /* the words are the commissioner's, the figures are not */
    char path[80];
    snprintf(path, sizeof path, OPEN "/%s", answer_text(&a, "id"));
    answer_free(&a);
    a = service_send(
        s, "PATCH", s->homerton, path, "\"v1\"",
        "{\"nonComplianceReason\":\"A 45% drop in attendance\",\"what\":\"Increase in Quit Dates Set*\",\"how\":\"Targeted work "
        "with GP practices\\n\\nMonthly SLA meeting\",\"who\":\"Rebecca Mellor, Public Health\",\"when\":\"2026-27-Q3\"}");
    CHECK(a.status == 200, "%ld", a.status);
    answer_free(&a);
    a = ask_as(s->homerton, path, "text/html");
    CHECK(a.status == 200 && strcmp(answer_header(&a, "content-type"), "text/html; charset=utf-8") == 0,
          "%ld %s", a.status, answer_header(&a, "content-type"));
    CHECK(strcmp(answer_header(&a, "etag"), "\"v2\"") == 0 &&
              strcmp(answer_header(&a, "vary"), "Accept") == 0,
          "its version");
    CHECK(strstr(answer_header(&a, "content-security-policy"), "style-src 'sha256-"), "its policy");
    buf_add_char(&a.body, '\0');
    static const char *const WORDS[] = {"Indicator Title</th><td><p>Smoking quitters (4 weeks)</p>",
                                        "<p>Policy, Performance &amp; Public Health</p>",
                                        "<p>Julie Webster, Head of Public Health</p>",
                                        "Target</th><td><p>1900</p>",
                                        "<p>617 Wirral Wide April target is 993</p>",
                                        "<p>A 45% drop in attendance</p>",
                                        "<p>Increase in Quit Dates Set*</p>",
                                        "<p>Targeted work with GP practices</p><p>Monthly SLA meeting</p>",
                                        "<p>Rebecca Mellor, Public Health</p>",
                                        "<p>Quarter 3, 2026-27</p>"};
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        CHECK(strstr(a.body.p, WORDS[i]), "%s", WORDS[i]);
    answer_free(&a);
    a = ask_as(s->commissioner, path, "image/png");
    CHECK(a.status == 406, "neither of the two: %ld", a.status);
    answer_free(&a);
    a = ask_as(s->commissioner, OPEN, "text/csv");
    CHECK(a.status == 200 && strncmp(answer_header(&a, "content-type"), "text/csv", 8) == 0, "%ld", a.status);
    buf_add_char(&a.body, '\0');
    CHECK(strstr(a.body.p, "Smoking quitters (4 weeks),DRAFT,2026-27-Q1,2026-09-29,false,false,0,"),
          "a line for the board paper");
    CHECK(strstr(a.body.p, ",\"1.6;1.13\",What quitters say,REQUIRED,"), "a theme's line");
    answer_free(&a);
}

static void in_the_service(void) {
    struct answer a = service_send(s, "POST", s->commissioner, OPEN, NULL,
                                   "{\"kpi\":\"1.8\",\"openedFor\":\"2026-27-Q1\"}");
    CHECK(a.status == 201, "%ld %.200s", a.status, a.body.n ? a.body.p : "");
    char path[80];
    snprintf(path, sizeof path, OPEN "/%s", answer_text(&a, "id"));
    answer_free(&a);
    service_kill(s);
    CHECK(service_restart(s, &(struct service_options){.today = "2026-09-30"}), "started on another day");
    const char *level = "(absent)";
    for (int tries = 0; tries < 6000 && strcmp(level, "1") != 0; tries++) {
        usleep(10000);
        a = service_get(s, s->commissioner, path);
        level = answer_text(&a, "escalation.level");
        answer_free(&a);
    }
    CHECK(strcmp(level, "1") == 0, "serve does the calendar's work of the day: level %s", level);
    quarter_run_calendar(s, "2026-09-30", "\"escalated\":0,");
}

void suite_http_plans_by_hand(void) {
    suite_add("http_plans_by_hand", begin, end);
    case_add("a quarter in which 1.4 is green", a_good_quarter);
    case_add("a theme over several KPIs and providers", theme);
    case_add("the form and the board paper", the_form);
    case_add("serve does the work of the day at its start", in_the_service);
}
