/* The example of seed 003, born from uploads: a framework of its own (tests/frameworks/wirral.json) asks for 1,900 quitters a year, 993 of
 * them by the end of the second quarter; 617 are sent; the quarter becomes final, and the plan is there. What people write is the
 * seed's, field by field; what the service knows is its own. Then the form is printed by a real browser. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "tests/support/answers.h"
#include "tests/support/chromium.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"
#include "tests/support/wirral.h"

static struct service *s;
static char commissioner[128], trust[128];
static char plan[80]; /* its path */

#define TRUST "wirral-community-trust"
#define PLANS "/v1/action-plans"
#define PERFORMANCE "617; 993 expected by the end of 2025-26-Q2"

static bool issue(const char *role, const char *provider, char *out) {
    const char *argv[] = {"key",       "issue",  "--database",
                          s->owner,    "--role", role,
                          "--service", "wirral", provider ? "--provider" : NULL,
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
        struct answer a = service_get(s, trust, "/v1/dashboards/wirral/2025-26-Q2");
        long status = a.status;
        answer_free(&a);
        if (status == 200) return true;
        nanosleep(&(struct timespec){0, 10 * 1000000}, NULL);
    }
    return false;
}

static int begin(void) {
    s = service_start(&(struct service_options){.today = "2025-11-20"});
    if (!s) return 1;
    const char *load[] = {"framework", "load", "tests/frameworks/wirral.json", "--database", s->owner, NULL};
    bool good = service_command(load, NULL) == 0 && issue("commissioner", NULL, commissioner) &&
                issue("provider", TRUST, trust) && opens();
    return good ? 0 : 1;
}
static int end(void) {
    return s ? service_stop(s) : 1;
}

/* ---- 617 quitters ---- */

/* `quit` people who have quit and `others` who have not. */
static void send_quarter(const char *period, const char *quit_date, const char *followed_up, int quit,
                         int others) {
    char path[120];
    struct buf b = BUF_EMPTY;
    buf_add_cstr(
        &b,
        "episodeId,clientId,localAuthority,quitDate,ageAtQuitDate,outcome4w,followUp4wDate,followUp4wMethod,co4wPpm\n");
    for (int i = 0; i < quit + others; i++)
        buf_printf(&b, "%s-%d,%s-%d,E08000015,%s,40,%d,%s,FACE_TO_FACE,%s\n", period, i, period, i, quit_date,
                   i < quit ? 1 : 2, followed_up, i < quit ? "3" : "");
    snprintf(path, sizeof path, "/v1/returns/wirral/" TRUST "/%s/episodes", period);
    struct answer a = service_put(s, trust, path, "text/csv", buf_str(&b));
    CHECK(a.status == 201, "%s: %ld %.400s", period, a.status, a.body.n ? a.body.p : "");
    answer_free(&a);
    buf_free(&b);
}

static void born(void) {
    send_quarter("2025-26-Q1", "2025-05-10", "2025-06-07", 300, 100);
    send_quarter("2025-26-Q2", "2025-08-10", "2025-09-07", 317, 100);
    struct answer a =
        service_send(s, "POST", trust, "/v1/returns/wirral/" TRUST "/2025-26-Q1/submission", NULL, "");
    CHECK(a.status == 200, "Q1 is signed: %ld", a.status);
    check_text(&a, "periodFinal", "true");
    answer_free(&a);
    a = service_get(s, commissioner, PLANS);
    check_text(&a, "metadata.total", "0"); /* 300 of 285: green */
    answer_free(&a);
    a = service_send(s, "POST", trust, "/v1/returns/wirral/" TRUST "/2025-26-Q2/submission", NULL, "");
    CHECK(a.status == 200, "Q2 is signed: %ld", a.status);
    check_text(&a, "periodFinal", "true");
    answer_free(&a);
    a = service_get(s, commissioner, PLANS);
    check_text(&a, "metadata.total", "1");
    check_text(&a, "results.0.kpi", "Q4W");
    check_text(&a, "results.0.origin", "RED");
    snprintf(plan, sizeof plan, PLANS "/%s", answer_text(&a, "results.0.id"));
    answer_free(&a);
}

/* What nobody has typed. 993 is 52.2632 % of 1,900, rounded down to whole people. */
static void what_the_service_knows(void) {
    struct answer a = service_get(s, commissioner, plan);
    check_text(&a, "openedFor", "2025-26-Q2");
    check_text(&a, "status", "REQUIRED");
    check_text(&a, "indicatorTitle", "Smoking quitters (4 weeks)");
    check_text(&a, "strategicDirectorLead", "Policy, Performance & Public Health");
    check_text(&a, "departmentalLead", "Julie Webster, Head of Public Health");
    check_text(&a, "target", "1900");
    check_text(&a, "performanceThisPeriod", PERFORMANCE);
    check_text(&a, "figures.yearToDate.numerator", "617");
    check_text(&a, "figures.target.annual", "1900");
    check_text(&a, "figures.target.toDate", "993");
    check_text(&a, "attributedTo", "[\"" TRUST "\"]");
    char link[160];
    snprintf(link, sizeof link, "%s", answer_text(&a, "figures.explanation"));
    answer_free(&a);
    a = service_get(s, commissioner, link);
    CHECK(a.status == 200, "its explanation: %ld", a.status);
    answer_free(&a);
}

/* ---- what people write ---- */

static void add_field(struct buf *b, const char *name, const char *text) {
    if (b->n > 1) buf_add_char(b, ',');
    json_quote(b, str_of(name));
    buf_add_char(b, ':');
    json_quote(b, str_of(text));
}

static void check_write(const struct buf *body, const char *status) {
    struct answer a = service_get(s, trust, plan);
    char match[80];
    snprintf(match, sizeof match, "If-Match: %s", answer_header(&a, "etag"));
    answer_free(&a);
    a = service_ask(s, &(struct ask){.method = "PATCH",
                                     .path = plan,
                                     .key = trust,
                                     .type = "application/json",
                                     .body = buf_str(body),
                                     .headers = {match}});
    CHECK(a.status == 200, "%ld %.400s", a.status, a.body.n ? a.body.p : "");
    check_text(&a, "status", status);
    answer_free(&a);
}

#define REASON REASON_1 "\n\n" REASON_2
#define WHAT WHAT_1 "\n\n" WHAT_2
#define HOW HOW_1 "\n\n" HOW_2 "\n\n" HOW_3
#define WHO "Rebecca Mellor, Public Health"

static void written(void) {
    struct buf b = BUF_EMPTY;
    buf_add_char(&b, '{');
    add_field(&b, "nonComplianceReason", REASON);
    add_field(&b, "what", WHAT);
    add_field(&b, "how", HOW);
    add_field(&b, "who", WHO);
    add_field(&b, "when", "2025-26-Q3");
    add_field(&b, "status", "SUBMITTED");
    buf_add_char(&b, '}');
    check_write(&b, "SUBMITTED");
    buf_free(&b);
    struct answer a = service_get(s, commissioner, plan);
    check_text(&a, "nonComplianceReason", REASON);
    check_text(&a, "what", WHAT);
    check_text(&a, "how", HOW);
    check_text(&a, "who", WHO);
    check_text(&a, "when", "2025-26-Q3");
    check_text(&a, "target", "1900");
    check_text(&a, "performanceThisPeriod", PERFORMANCE);
    answer_free(&a);
}

/* ---- the form and the list ---- */

static struct answer ask_as(const char *path, const char *accept) {
    char header[60];
    snprintf(header, sizeof header, "Accept: %s", accept);
    struct answer a = service_ask(s, &(struct ask){.path = path, .key = commissioner, .headers = {header}});
    CHECK(a.status == 200, "%s as %s: %ld", path, accept, a.status);
    buf_add_char(&a.body, '\0');
    a.body.n--;
    return a;
}

/* As HTML writes it. */
static void add_escaped(struct buf *b, const char *text) {
    for (const char *p = text; *p; p++) {
        if (*p == '&') buf_add_cstr(b, "&amp;");
        else if (*p == '"') buf_add_cstr(b, "&quot;");
        else if (*p == '\n' && p[1] == '\n') buf_add_cstr(b, "</p><p>"), p++;
        else buf_add_char(b, *p);
    }
}

static void the_form(void) {
    static const char *const FIELDS[][2] = {
        {"Indicator Title", "Smoking quitters (4 weeks)"},
        {"Strategic Director Lead", "Policy, Performance & Public Health"},
        {"Departmental Lead", "Julie Webster, Head of Public Health"},
        {"Target", "1900"},
        {"Performance this Period", PERFORMANCE},
        {"Non-compliance reason", REASON},
        {"What (is required)", WHAT},
        {"How (will it be achieved)", HOW},
        {"Who (will be responsible)", WHO},
        {"When (will results be realised)", "Quarter 3, 2025-26"},
    };
    struct answer a = ask_as(plan, "text/html");
    const char *from = a.body.p;
    for (size_t i = 0; i < sizeof FIELDS / sizeof *FIELDS; i++) {
        struct buf want = BUF_EMPTY;
        buf_printf(&want, "%s</th><td><p>", FIELDS[i][0]);
        add_escaped(&want, FIELDS[i][1]);
        buf_add_cstr(&want, "</p>");
        buf_add_char(&want, '\0');
        const char *found = strstr(from, want.p);
        CHECK(found, "in its place: %s", want.p);
        if (found) from = found;
        buf_free(&want);
    }
    answer_free(&a);
}

static void the_list(void) {
    struct answer a = ask_as(PLANS, "text/csv");
    struct buf want = BUF_EMPTY;
    buf_add_cstr(&want, "," TRUST ",\"Policy, Performance & Public Health\",\"Julie Webster, Head of Public "
                        "Health\",1900,\"" PERFORMANCE "\",\"" REASON "\",\"" WHAT "\",\"");
    for (const char *p = HOW; *p; p++) {
        if (*p == '"') buf_add_char(&want, '"');
        buf_add_char(&want, *p);
    }
    buf_add_cstr(&want, "\",\"" WHO "\",2025-26-Q3,");
    buf_add_char(&want, '\0');
    CHECK(strstr(a.body.p, ",Q4W,Smoking quitters (4 weeks),SUBMITTED,2025-26-Q2,"), "%s", a.body.p);
    CHECK(strstr(a.body.p, want.p), "every field, not %s", strstr(a.body.p, TRUST));
    buf_free(&want);
    answer_free(&a);
}

/* ---- printed ---- */

static void check_printed(const char *label) {
    struct answer a = ask_as(plan, "text/html");
    bool a4;
    int pages = chromium_pages(buf_str(&a.body), s->home, &a4);
    answer_free(&a);
    if (pages < 0) {
        case_skip("chromium or pdfinfo is not installed: apt-get install chromium poppler-utils");
        return;
    }
    CHECK(pages == 1 && a4, "%s: %d pages, A4 is %d", label, pages, a4);
}

static void printed(void) {
    check_printed("the example of the seed");
}

static void fill(struct buf *b, const char *name, size_t letters, const char *words) {
    struct buf text = BUF_EMPTY;
    while (text.n < letters)
        buf_add_cstr(&text, words);
    text.p[letters] = '\0';
    add_field(b, name, text.p);
    buf_free(&text);
}

/* Every field of people as long as it may be: in words, in capitals, in a single word that has no end. */
static void printed_full(void) {
    static const char *const WORDS[] = {"Wirral Community NHS Trust works with practices. ",
                                        "WIRRAL COMMUNITY NHS TRUST WORKS WITH GPS. ",
                                        "lastingwordwithoutanend"};
    struct answer a = service_ask(s, &(struct ask){.method = "PATCH",
                                                   .path = plan,
                                                   .key = commissioner,
                                                   .type = "application/json",
                                                   .body = STR("{\"status\":\"DRAFT\",\"comment\":\"More\"}"),
                                                   .headers = {"If-Match: *"}});
    CHECK(a.status == 200, "sent back: %ld", a.status);
    answer_free(&a);
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
        struct buf b = BUF_EMPTY;
        static const char *const NAMES[] = {"nonComplianceReason", "what", "how", "who"};
        buf_add_char(&b, '{');
        for (size_t n = 0; n < 4; n++)
            fill(&b, NAMES[n], 4000, WORDS[i]);
        buf_add_char(&b, '}');
        check_write(&b, "DRAFT");
        buf_free(&b);
        check_printed(WORDS[i]);
    }
}

void suite_http_wirral(void) {
    suite_add("http wirral", begin, end);
    case_add("617 quitters of 993 are sent, the quarter is final, the plan is born", born);
    case_add("what the service knows is on it", what_the_service_knows);
    case_add("what people write is kept as they write it", written);
    case_add("the form has every field of the seed in its place", the_form);
    case_add("the list for a board paper has them too", the_list);
    case_add("the example is printed on one page", printed);
    case_add("so is a plan that is full", printed_full);
}
