/* The form of an action plan (seed 003), field by field, and that it stays on a page; the list for a board paper. */
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "handlers/plan_form.h"
#include "tests/support/suite.h"
#include "tests/support/wirral.h"

static struct store_plan wirral(void) {
    return (struct store_plan){
        .id = STR("AP-1"),
        .kpi = STR("Q4W"),
        .opened_for = 2014 * 4 + 1,
        .status = PLAN_AGREED,
        .version = 4,
        .due_day = 16375,
        .attributed_to = STR("wirral-community-trust"),
        .title = STR("Smoking quitters (4 weeks)"),
        .strategic_lead = STR("Policy, Performance & Public Health"),
        .departmental_lead = STR("Julie Webster, Head of Public Health"),
        .target = STR("1900"),
        .performance = STR("617 Wirral Wide April target is 993"),
        .reason = STR(REASON_1 "\n\n" REASON_2),
        .what = STR(WHAT_1 "\n\n" WHAT_2),
        .how = STR(HOW_1 "\n\n" HOW_2 "\n\n" HOW_3),
        .who = STR("Rebecca Mellor, Public Health"),
        .when = 2014 * 4 + 2,
        .seen = {.period = -1},
    };
}

/* The text of the page: without its style, tags as spaces, entities as what they stand for, one space where there are several. */
static void text_of(str html, struct buf *out) {
    static const struct {
        const char *entity;
        char is;
    } ENTITIES[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}};
    const char *body = strstr(html.p, "<body");
    for (const char *p = body ? body : html.p; p < html.p + html.n;) {
        char c = *p;
        if (c == '<') {
            while (p < html.p + html.n && *p != '>')
                p++;
            c = ' ';
        }
        size_t width = 1;
        for (size_t i = 0; c == '&' && i < 4; i++)
            if (strncmp(p, ENTITIES[i].entity, strlen(ENTITIES[i].entity)) == 0) {
                width = strlen(ENTITIES[i].entity);
                c = ENTITIES[i].is;
                break;
            }
        p += width;
        if (c == '\n') c = ' ';
        if (c == ' ' && out->n && out->p[out->n - 1] == ' ') continue;
        buf_add_char(out, c);
    }
    buf_add_char(out, '\0');
}

static void the_seed(void) {
    static const char *const IN_ORDER[] = {
        "PERFORMANCE ACTION PLAN TEMPLATE",
        "This template is to be completed for ALL measures showing RED status of non-compliance against the specified target "
        "reported.",
        "INDICATOR OVERVIEW",
        "Indicator Title Smoking quitters (4 weeks)",
        "Strategic Director Lead Policy, Performance & Public Health",
        "Departmental Lead Julie Webster, Head of Public Health",
        "Target 1900",
        "CURRENT SITUATION : Detail what the performance is for this measure and reason/s for non-compliance",
        "Performance this Period 617 Wirral Wide April target is 993",
        "Non-compliance reason " REASON_1 " " REASON_2,
        "ACTIONS : This describes what's necessary or how to achieve a 'green' score. This way everyone is clear on what is "
        "required and when; knows the expected outcome and how to achieve it.",
        "What (is required) " WHAT_1 " " WHAT_2,
        "How (will it be achieved) " HOW_1 " " HOW_2 " " HOW_3,
        "Who (will be responsible) Rebecca Mellor, Public Health",
        "When (will results be realised) Quarter 3, 2014-15"};
    struct store_plan plan = wirral();
    struct buf html = BUF_EMPTY, text = BUF_EMPTY;
    plan_form_write(&html, &(struct plan_words){.plan = &plan, .service = STR("wirral"), .whole = true});
    buf_add_char(&html, '\0');
    html.n--;
    text_of(buf_str(&html), &text);
    const char *from = text.p;
    for (size_t i = 0; i < sizeof IN_ORDER / sizeof *IN_ORDER; i++) {
        const char *found = strstr(from, IN_ORDER[i]);
        CHECK(found, "in its place: %s", IN_ORDER[i]);
        if (found) from = found;
    }
    CHECK(strstr(html.p, "class=\"t90\""), "the example of the seed takes the usual type");
    CHECK(strstr(html.p, "@page{size:A4"), "on A4");
    buf_free(&html);
    buf_free(&text);
}

static void what_people_type(void) {
    struct store_plan plan = wirral();
    plan.who = STR("<script>alert(1)</script> & \"co\"");
    plan.how = STR("one\ntwo\n\n\nthree");
    plan.when = -1;
    struct store_plan_action actions[] = {{1, STR("Call <all>"), STR("Ann"), 20000, 20001}};
    struct buf html = BUF_EMPTY;
    plan_form_write(
        &html, &(struct plan_words){.plan = &plan, .actions = actions, .action_count = 1, .whole = true});
    buf_add_char(&html, '\0');
    CHECK(!strstr(html.p, "<script") &&
              strstr(html.p, "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;co&quot;"),
          "escaped");
    CHECK(strstr(html.p, "<p>one<br>two</p><p>three</p><ol>"),
          "paragraphs and lines as they were typed, then the actions");
    CHECK(strstr(html.p, "<li>Call &lt;all&gt; (Ann, by 2024-10-04; done 2024-10-05)</li>"),
          "an action with its days");
    CHECK(strstr(html.p, "realised)</th><td></td>"), "nothing is said of when");
    buf_free(&html);
}

/* The digest in the policy is that of the style that is sent. */
static void the_style(void) {
    struct store_plan plan = wirral();
    struct buf html = BUF_EMPTY;
    plan_form_write(&html, &(struct plan_words){.plan = &plan});
    buf_add_char(&html, '\0');
    const char *from = strstr(html.p, "<style>"), *to = strstr(html.p, "</style>");
    CHECK(from && to, "a style element");
    uint8_t digest[SHA256_BYTES];
    from += 7;
    sha256_of((str){from, (size_t)(to - from)}, digest);
    static const char ALPHABET[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char base64[48];
    size_t n = 0;
    for (size_t i = 0; i < SHA256_BYTES; i += 3) {
        uint32_t v = (uint32_t)digest[i] << 16 | (i + 1 < SHA256_BYTES ? (uint32_t)digest[i + 1] << 8 : 0) |
                     (i + 2 < SHA256_BYTES ? digest[i + 2] : 0u);
        for (int k = 0; k < 4; k++)
            base64[n++] = ALPHABET[v >> (18 - 6 * k) & 63];
    }
    base64[43] = '=';
    base64[44] = '\0';
    CHECK(strcmp(base64, PLAN_FORM_STYLE_SHA256) == 0, "the digest is %s", base64);
    buf_free(&html);
}

/* No printing here: the page is measured by what its longest words take. At each size the estimate of the lines fits the page, also with
 * every field as long as it may be. */
static void one_page(void) {
    CHECK(plan_form_type(0, 9) == 100, "an empty one is large");
    int before = 100;
    for (size_t chars = 0; chars <= 17000; chars += 500) {
        int type = plan_form_type(chars, 20);
        CHECK(type <= before && type >= 40, "%zu letters: %d", chars, type);
        double line = 0.43 * type / 10, per_line = 142.0 / (0.185 * type / 10);
        double height = (20 + 20 + (double)chars / per_line) * line;
        CHECK(height <= 273, "%zu letters at %d take %.0f mm of 273", chars, type, height);
        before = type;
    }
}

static void the_board_paper(void) {
    struct store_plan plan = wirral();
    plan.how = STR("=1+1");
    plan.what = STR("Ring, \"all\"");
    plan.level = 2;
    plan.seen = (struct store_plan_seen){2014 * 4 + 2, RAG_AMBER, 0, 16400};
    struct buf csv = BUF_EMPTY;
    plan_csv_header(&csv);
    plan_csv_row(&csv, &(struct plan_words){.plan = &plan, .today = 16440});
    buf_add_char(&csv, '\0');
    CHECK(strncmp(csv.p, "id,kpis,indicatorTitle,status,openedFor,dueDate,overdue,", 56) == 0, "%.80s",
          csv.p);
    const char *row = strchr(csv.p, '\n') + 1;
    CHECK(
        strncmp(
            row,
            "AP-1,Q4W,Smoking quitters (4 weeks),AGREED,2014-15-Q2,2014-11-01,false,true,2,wirral-community-trust,",
            98) == 0,
        "%s", row);
    CHECK(
        strstr(
            row,
            ",\"Ring, \"\"all\"\"\",'=1+1,\"Rebecca Mellor, Public Health\",2014-15-Q3,2014-15-Q3,AMBER,true\r\n"),
        "guarded and quoted: %s", row);
    buf_free(&csv);
}

void suite_plan_form(void) {
    suite_add("plan_form", NULL, NULL);
    case_add("the example of the seed, every field in its place", the_seed);
    case_add("what people type is text", what_people_type);
    case_add("the style is the one that the policy allows", the_style);
    case_add("it stays on one page", one_page);
    case_add("the list for a board paper", the_board_paper);
}
