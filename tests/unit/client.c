/* The client without a service: command lines, addresses, which part a file is, how findings and progress are shown. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "client/connection.h"
#include "client/consequences_view.h"
#include "client/file.h"
#include "client/findings_view.h"
#include "client/progress.h"
#include "client/receipt.h"
#include "client/table.h"
#include "client/text.h"
#include "client/url.h"
#include "client/value.h"
#include "tests/support/suite.h"

static const struct command_form FORM = {.name = "test",
                                         .takes = TAKES_SERVICE | TAKES(PERIOD) | TAKES(PART) |
                                                  TAKES(DRY_RUN) | TAKES(OUTPUT) | TAKES(QUIET)};

/* What it says beside the result is not for the test's log. */
static int quietly(int (*run)(void *), void *context) {
    fflush(stderr);
    int kept = dup(STDERR_FILENO);
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(nowhere, STDERR_FILENO);
    int status = run(context);
    fflush(stderr);
    dup2(kept, STDERR_FILENO);
    close(nowhere);
    close(kept);
    return status;
}

struct line {
    char *argv[8];
    struct options options;
    bool good;
};
static int read_line(void *context) {
    struct line *l = context;
    int argc = 0, status = 0;
    while (l->argv[argc])
        argc++;
    l->good = options_read(&l->options, &FORM, argc, l->argv, &status);
    return status;
}

static void command_lines(void) {
    static const struct {
        const char *label;
        char *argv[8];
        bool good;
    } CASES[] = {
        {"value after a blank", {"t", "--period", "2025-26-Q3"}, true},
        {"value after =", {"t", "--period=2025-26-Q3"}, true},
        {"letter", {"t", "-o", "x"}, true},
        {"nothing after the name", {"t", "--period"}, false},
        {"an empty value", {"t", "--period="}, false},
        {"a value where none is wanted", {"t", "--dry-run=yes"}, false},
        {"an option of another command", {"t", "--guide"}, false},
        {"unknown letter", {"t", "-x"}, false},
        {"letters in one", {"t", "-qo"}, false},
        {"a key on the command line", {"t", "--key", "qd_live_x"}, false},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct line l = {.good = false};
        memcpy(l.argv, CASES[i].argv, sizeof l.argv);
        int status = quietly(read_line, &l);
        CHECK(l.good == CASES[i].good, "%s", CASES[i].label);
        CHECK(l.good || status == EXIT_NOT_ASKED, "%s: status %d", CASES[i].label, status);
        if (l.good) options_free(&l.options);
    }
}

static void flags_before_environment(void) {
    setenv("QUARTERDAY_PERIOD", "2024-25-Q1", 1);
    setenv("QUARTERDAY_PROVIDER", "not asked for", 1);
    struct line l = {.argv = {"t", "a.csv", "--period", "2025-26-Q3", "--", "--period", "-"}};
    CHECK(read_line(&l) == 0 && l.good, "read");
    CHECK(str_is(str_of(l.options.value[OPTION_PERIOD]), "2025-26-Q3"), "the flag wins");
    CHECK(!options_has(&l.options, OPTION_PROVIDER), "what the command does not take it does not see");
    CHECK(l.options.word_count == 3 && str_is(str_of(l.options.words[1]), "--period") &&
              str_is(str_of(l.options.words[2]), "-"),
          "after -- all are words");
    options_free(&l.options);
    l = (struct line){.argv = {"t"}};
    CHECK(read_line(&l) == 0 && str_is(str_of(l.options.value[OPTION_PERIOD]), "2024-25-Q1"),
          "the environment");
    options_free(&l.options);
    unsetenv("QUARTERDAY_PERIOD");
    unsetenv("QUARTERDAY_PROVIDER");
}

static void addresses(void) {
    static const struct {
        const char *text, *want; /* NULL: refused */
    } CASES[] = {
        {"https://127.0.0.1:8443", "https://127.0.0.1:8443"},
        {" https://example.org/ ", "https://example.org"},
        {"https://example.org/qd//", "https://example.org/qd"},
        {"https://[::1]:8443", "https://[::1]:8443"},
        {"http://example.org", NULL},
        {"HTTP://example.org", NULL},
        {"example.org", NULL},
        {"https://", NULL},
        {"https:///v1", NULL},
        {"https://user:word@example.org", NULL},
        {"https://example.org?x=1", NULL},
        {"https://example.org#x", NULL},
        {"https://exa mple.org", NULL},
        {"https://ex\xc3\xa4mple.org", NULL},
        {"file:///etc/passwd", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct fault fault = {.err = OK};
        str url = STR("");
        bool good = url_check(str_of(CASES[i].text), &fault, &url) == OK;
        CHECK(good == (CASES[i].want != NULL), "%s: %s", CASES[i].text, fault.detail);
        if (good && CASES[i].want) CHECK(str_is(url, CASES[i].want), "%s: %.*s", CASES[i].text, STR_ARG(url));
        if (!good) CHECK(fault.detail[0] != 0, "%s: it is said why", CASES[i].text);
    }
    CHECK(url_is_loopback(STR("https://127.0.0.1:1")) && url_is_loopback(STR("https://localhost")) &&
              url_is_loopback(STR("https://[::1]:1")) &&
              !url_is_loopback(STR("https://localhost.example.org")),
          "loopback");
}

static void escapes(void) {
    struct buf b = BUF_EMPTY;
    url_add_segment(&b, "a/b ?#%.csv");
    url_add_segment(&b, "..");
    url_add_segment(&b, "Zo\xc3\xab-_~");
    url_add_query(&b, "reason", "two & two = 4+\n");
    url_add_query(&b, "period", NULL);
    url_add_query(&b, "limit", "5");
    CHECK(str_is(buf_str(&b),
                 "/a%2Fb%20%3F%23%25.csv/%2E%2E/Zo%C3%AB-_~?reason=two%20%26%20two%20%3D%204%2B%0A&limit=5"),
          "%.*s", STR_ARG(buf_str(&b)));
    buf_free(&b);
}

static void names_of_files(void) {
    static const struct {
        const char *path, *part, *period; /* NULL: not certain */
    } CASES[] = {
        {"episodes.csv", "episodes", NULL},
        {"/a/referrals/2025-26-Q3_Follow ups (2).CSV", "follow-ups", "2025-26-Q3"},
        {"training_sessions-2025-26-q1.json", "training-sessions", "2025-26-Q1"},
        {"sites and advisers.csv", NULL, NULL},
        {"myepisodes.csv", NULL, NULL},
        {"episodes-2025-27-Q3.csv", "episodes", NULL},
        {"episodes 2025-26-Q3 2025-26-Q4.csv", "episodes", NULL},
        {"-", NULL, NULL},
        {"", NULL, NULL},
        {"\xc3\xa9pisodes.csv", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char period[16] = "";
        const struct part *part = file_name_part(CASES[i].path);
        bool has = file_name_period(CASES[i].path, period);
        CHECK((part != NULL) == (CASES[i].part != NULL) &&
                  (!part || str_is(str_of(part->name), CASES[i].part)),
              "%s: %s", CASES[i].path, part ? part->name : "none");
        CHECK(has == (CASES[i].period != NULL) && (!has || str_is(str_of(period), CASES[i].period)), "%s: %s",
              CASES[i].path, period);
    }
}

static void headers(void) {
    static const struct {
        const char *label;
        str body;
        const char *part; /* NULL: not certain */
    } CASES[] = {
        {"follow-ups", STR("episodeId,stage,date,outcome\n"), "follow-ups"},
        {"other spellings, semicolons, blank lines", STR("\n\nEpisode ID;Stage;DATE;out_come\n"),
         "follow-ups"},
        {"harm reduction", STR("pathwayId,startDate,outcome\n"), "harm-reduction"},
        {"a required column is missing", STR("episodeId,stage,date\n"), NULL},
        {"nothing known", STR("a,b,c\n1,2,3\n"), NULL},
        {"JSON", STR("{\"rows\":[]}"), NULL},
        {"empty", STR(""), NULL},
        {"UTF-16",
         STR("\xff\xfe"
             "a\0,\0b\0\n\0"),
         NULL},
        {"NUL", STR("epi\0sode"), NULL},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct places p;
        places_open(&p, CASES[i].body, "/tmp");
        const struct part *part = places_part(&p);
        CHECK((part != NULL) == (CASES[i].part != NULL) &&
                  (!part || str_is(str_of(part->name), CASES[i].part)),
              "%s: %s", CASES[i].label, part ? part->name : "none");
        places_close(&p);
    }
    for (int i = 0; i < PART_COUNT; i++) {
        const struct part *part = part_get((enum part_id)i);
        struct buf body = BUF_EMPTY;
        struct places p;
        for (size_t c = 0; part && c < part->column_count; c++)
            buf_printf(&body, "%s%s", c ? "," : "", part->columns[c].name);
        buf_add_char(&body, '\n');
        places_open(&p, buf_str(&body), "/tmp");
        CHECK(!part || places_part(&p) == part, "the template of %s is known", part ? part->name : "");
        places_close(&p);
        buf_free(&body);
    }
}

/* As a compiler says it: the field of the file, not of the table. */
static void findings(void) {
    struct file f = {.path = "b\033d.csv", .part = part_find(STR("follow-ups"))};
    places_open(&f.places, STR("outcome,,nonsense,Episode ID,date,stage\n"), "/tmp");
    json_t *list = json_loads(
        "[{\"row\":1,\"line\":2,\"column\":\"date\",\"code\":\"BAD_DATE\",\"severity\":\"ERROR\",\"detail\":\"D.\",\"fix\":\"F.\"},"
        "{\"row\":0,\"line\":1,\"column\":\"nonsense\",\"code\":\"UNKNOWN_COLUMN\",\"severity\":\"WARNING\",\"detail\":\"D.\",\"fix\":\"F.\"},"
        "{\"row\":0,\"line\":1,\"column\":\"column 2\",\"code\":\"UNKNOWN_COLUMN\",\"severity\":\"WARNING\",\"detail\":\"D.\",\"fix\":\"F.\"},"
        "{\"row\":3,\"line\":9,\"column\":null,\"code\":\"WRONG_FIELD_COUNT\",\"severity\":\"ERROR\",\"detail\":\"D.\",\"fix\":\"F.\"}]",
        0, NULL);
    struct buf out = BUF_EMPTY;
    findings_view(&out, &f, list);
    CHECK(str_is(buf_str(&out), "b?d.csv:2:5: error BAD_DATE: date: D. F.\n"
                                "b?d.csv:1:3: warning UNKNOWN_COLUMN: nonsense: D. F.\n"
                                "b?d.csv:1:2: warning UNKNOWN_COLUMN: column 2: D. F.\n"
                                "b?d.csv:9:1: error WRONG_FIELD_COUNT: D. F.\n"),
          "%.*s", STR_ARG(buf_str(&out)));
    buf_free(&out);
    json_decref(list);
    places_close(&f.places);
}

static void plain_text(void) {
    static const struct {
        str text;
        const char *want;
    } CASES[] = {
        {STR("Zo\xc3\xab \xe2\x86\x91 \xf0\x9f\x98\x80"), "Zo\xc3\xab \xe2\x86\x91 \xf0\x9f\x98\x80"},
        {STR("a\033[2Jb\r\n\x7f"), "a?[2Jb???"},
        {STR("c1 \xc2\x9b"
             "31m"),
         "c1 ?31m"},
        {STR("bad \xff \xc3"), "bad ? ?"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct buf out = BUF_EMPTY;
        text_add_plain(&out, CASES[i].text);
        CHECK(str_is(buf_str(&out), CASES[i].want), "%.*s", STR_ARG(buf_str(&out)));
        buf_free(&out);
    }
}

static void tables(void) {
    struct table t;
    struct buf out = BUF_EMPTY;
    table_begin(&t, "name|>n|*rag|end");
    static const char *const CELLS[] = {"Zo\xc3\xab", "7", "RED", "x", "a", "1000", "GREEN", ""};
    for (size_t i = 0; i < 8; i++)
        table_add(&t, "%s", CELLS[i]);
    table_write(&out, &t, false);
    CHECK(str_is(buf_str(&out), "name     n  rag    end\n"
                                "Zo\xc3\xab      7  RED    x\n"
                                "a     1000  GREEN\n"),
          "%.*s", STR_ARG(buf_str(&out)));
    buf_clear(&out);
    text_add_rag(&out, STR("RED"), 5, true);
    CHECK(str_is(buf_str(&out), "\033[31mRED\033[0m  "), "colour stays out of the width: %.*s",
          STR_ARG(buf_str(&out)));
    buf_free(&out);
}

static void figures(void) {
    static const struct {
        const char *json, *want;
        bool percent;
    } CASES[] = {
        {"{\"value\":52.87}", "52.87 %", true}, {"{\"value\":50}", "50.00 %", true},
        {"{\"value\":1233}", "1233", false},    {"{\"value\":null}", "-", true},
        {"{\"value\":\"*\"}", "*", false},      {"{}", "-", false},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct buf out = BUF_EMPTY;
        json_t *figure = json_loads(CASES[i].json, 0, NULL);
        figure_text(&out, figure, CASES[i].percent);
        CHECK(str_is(buf_str(&out), CASES[i].want), "%s: %.*s", CASES[i].json, STR_ARG(buf_str(&out)));
        json_decref(figure);
        buf_free(&out);
    }
}

/* Nobody moves our cursor: not by a value, nor by what stands deep inside. */
static void plain_answers(void) {
    json_t *a = json_loads(
        "{\"x\":\"\\u001b[31mred\",\"y\":[1,{\"z\":\"a\\u007fb\\u0085\"}],\"fine\":\"caf\\u00e9\"}", 0, NULL);
    value_make_plain(a);
    char *text = json_dumps(a, JSON_COMPACT | JSON_SORT_KEYS);
    CHECK(text &&
              strcmp(text, "{\"fine\":\"caf\xc3\xa9\",\"x\":\"?[31mred\",\"y\":[1,{\"z\":\"a?b?\"}]}") == 0,
          "%s", text);
    free(text);
    json_decref(a);
}

static void moved_figures(void) {
    struct file f = {.path = "e.csv"};
    struct buf out = BUF_EMPTY;
    json_t *receipt = json_loads(
        "{\"kpis\":[{\"period\":\"2025-26-Q3\",\"view\":\"QUARTER\",\"ref\":\"1.1\","
        "\"before\":{\"value\":9,\"denominator\":null,\"rag\":\"RED\"},\"after\":{\"value\":1200,\"denominator\":null,\"rag\":\"GREEN\"}}]}",
        0, NULL);
    receipt_view(&out, &f, receipt, false);
    static const char WANT[] = "    KPI  period      view     before  was     after  now\n"
                               "    1.1  2025-26-Q3  quarter       9  RED  \xe2\x86\x91   1200  GREEN\n";
    size_t n = sizeof WANT - 1;
    CHECK(out.n > n && memcmp(out.p + out.n - n, WANT, n) == 0, "%.*s", STR_ARG(buf_str(&out)));
    json_decref(receipt);
    buf_free(&out);
}

static void consequences(void) {
    struct buf out = BUF_EMPTY;
    json_t *c = json_loads(
        "{\"statuses\":[{\"period\":\"2025-26-Q2\",\"ref\":\"1.4\",\"before\":\"GREEN\",\"after\":\"RED\"}],"
        "\"completeness\":[{\"period\":\"2025-26-Q2\",\"service\":{\"before\":{\"complete\":0,\"required\":0,\"value\":null},"
        "\"after\":{\"complete\":26,\"required\":27,\"value\":96.3}},\"provider\":{\"before\":{\"complete\":9,\"required\":9,\"value\":100},"
        "\"after\":{\"complete\":9,\"required\":9,\"value\":100}}}],"
        "\"payment\":[{\"year\":\"2025-26\",\"poolPence\":3600000,\"before\":{\"ratePercent\":52.5,\"paymentPence\":900000},"
        "\"after\":{\"ratePercent\":null,\"paymentPence\":5}},"
        "{\"year\":\"2026-27\",\"poolPence\":123456789,\"before\":{\"paymentPence\":0},\"after\":{\"paymentPence\":0}}],"
        "\"plans\":{\"judgedBy\":\"SIGN_OFF\",\"effects\":[{\"period\":\"2025-26-Q2\",\"kpi\":\"1.4\",\"id\":null,\"effect\":\"OPENED\","
        "\"alsoWithout\":false},{\"period\":\"2025-26-Q1\",\"kpi\":\"1.7\",\"id\":\"AP-3\",\"effect\":\"WITHDRAWN\",\"alsoWithout\":true}],"
        "\"averted\":[{\"period\":\"2025-26-Q2\",\"kpi\":\"1.9\",\"id\":null}]}}",
        0, NULL);
    consequences_view(&out, c, false);
    static const char WANT[] =
        "  status of 1.4, 2025-26-Q2: GREEN → RED\n"
        "  completeness, 2025-26-Q2: service - (0 of 0) → 96.30 % (26 of 27); this provider stays at 100.00 % (9 of 9)\n"
        "  payment by results, 2025-26: £9,000.00 (52.50 %) → £0.05 of £36,000.00\n"
        "  payment by results, 2026-27: stays at £0.00 of £1,234,567.89\n"
        "  the next sign-off would open: a plan of KPI 1.4, 2025-26-Q2\n"
        "  the next sign-off would withdraw, as it would without this: plan AP-3 of KPI 1.7, 2025-26-Q1\n"
        "  the next sign-off would no more touch: a plan of KPI 1.9, 2025-26-Q2\n";
    CHECK(str_is(buf_str(&out), WANT), "%.*s", STR_ARG(buf_str(&out)));
    buf_clear(&out);
    consequences_view(&out, NULL, false);
    CHECK(out.n == 0, "the same bytes again have none");
    json_decref(c);
    buf_free(&out);
}

static void progress_lines(void) {
    static const struct {
        const char *what;
        uint64_t done, total;
        int64_t ms;
        size_t width;
        const char *want;
    } CASES[] = {
        {"e.csv", 0, 100000000, 500, 80, "e.csv  [........................]   0 %  0.0 of 100.0 MB"},
        {"e.csv", 50000000, 100000000, 2000, 80,
         "e.csv  [############............]  50 %  50.0 of 100.0 MB  0:03 left"},
        {"e.csv", 100000000, 100000000, 2000, 90,
         "e.csv  [########################] 100 %  100.0 of 100.0 MB  sent, being judged"},
        {"long name \xc3\xa9\xc3\xa9\xc3\xa9.csv", 0, 1000000, 0, 62,
         "long name \xc3\xa9\xc3\xa9  [........................]   0 %  0.0 of 1.0 MB"},
        {"empty", 0, 0, 0, 80, "empty  [########################] 100 %  0.0 of 0.0 MB  sent, being judged"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct buf out = BUF_EMPTY;
        progress_line(&out, CASES[i].what, CASES[i].done, CASES[i].total, CASES[i].ms, CASES[i].width);
        CHECK(str_is(buf_str(&out), CASES[i].want), "%.*s", STR_ARG(buf_str(&out)));
        CHECK(text_width(buf_str(&out)) < CASES[i].width, "it fits into %zu", CASES[i].width);
        buf_free(&out);
    }
}

void suite_client(void) {
    suite_add("unit_client", NULL, NULL);
    case_add("command lines: what is read and what is refused", command_lines);
    case_add("a flag wins over the environment; after -- all are words", flags_before_environment);
    case_add("only https addresses without a user, query or fragment", addresses);
    case_add("pieces of an address are escaped, whatever they hold", escapes);
    case_add("part and quarter are taken from a name only where it leaves no doubt", names_of_files);
    case_add("the part is known by its header only when it is certain", headers);
    case_add("findings are written as compilers do, with the field of the file", findings);
    case_add("nobody's data moves the cursor", plain_text);
    case_add("tables are aligned by characters", tables);
    case_add("figures of KPIs", figures);
    case_add("the receipt's table of figures that moved", moved_figures);
    case_add("what a version does beyond its figures, in words", consequences);
    case_add("an answer of the service is plain text", plain_answers);
    case_add("the progress line fits into its terminal", progress_lines);
}
