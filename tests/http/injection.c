/* Hostile words, through every field in which people write and every parameter of a query: what is stored is what was sent, to the byte; in JSON, CSV
 * and HTML it is words and nothing else; no header, log line or statement is made of it; and nothing that anybody sends is our failure. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "handlers/handlers.h"
#include "tests/support/episodes.h"
#include "tests/support/service.h"
#include "tests/support/suite.h"

/* For spreadsheets, browsers, terminals, PostgreSQL, shells, proxies, printf, template engines and readers of Unicode. No line breaks: those have a
 * case of their own. */
static const char *const HOSTILE[] = {
    /* spreadsheets */
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1:A9)",
    "=cmd|' /C calc'!A0",
    "=HYPERLINK(\"http://example.org/?x=\"&A1,\"click\")",
    "'=1+1",
    "''=1+1",
    "=\"=1\"",
    "-",
    "=",
    "@",
    "+",
    "-2+3+cmd|' /C calc'!D2",
    "\",=1+1,\"",
    "=1+1\",=2+2",
    "%0A-3+3+cmd|' /C calc'!D2",
    "\xef\xbc\x9d"
    "1+1",
    "x\xef\xbb\xbf=1+1",
    "x;=1+1",
    "x,\"=1+1\"",
    /* browsers */
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"><script>alert(1)</script>",
    "'><svg/onload=alert(1)>",
    "\" onmouseover=\"alert(1)",
    "' onfocus='alert(1)' autofocus='",
    "javascript:alert(1)",
    "<a href=\"javascript:alert(1)\">x</a>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</style><style>*{display:none}</style>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY y SYSTEM \"file:///etc/passwd\">]><x>&y;</x>",
    "&lt;b&gt;",
    "&amp;amp;",
    "&#60;script&#62;",
    "<iframe srcdoc=\"&lt;script&gt;\">",
    "<base href=//example.org/>",
    "<meta http-equiv=refresh content=0>",
    "{{7*7}}",
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    "<plaintext>",
    "<b",
    "`alert(1)`",
    /* databases */
    "'",
    "''",
    "\"",
    "\\",
    "\\'",
    "'; DROP TABLE quarterday.plan; --",
    "' OR '1'='1",
    "1); DELETE FROM quarterday.audit; --",
    "' UNION SELECT secret_sha256 FROM quarterday.api_key --",
    "'||(SELECT version())||'",
    "$$; SELECT pg_sleep(10); $$",
    "E'\\x27'",
    "\\x27",
    "\\N",
    "\\.",
    "\\copy plan to '/tmp/x'",
    "%' OR 1=1 --",
    "_%",
    "a\\",
    "); SET ROLE postgres; --",
    "$1",
    "$1::text",
    "quarterday.plan",
    "NULL",
    "' AND 1=CAST((SELECT current_user) AS int) --",
    "*",
    "/**/",
    "--",
    ";",
    "(",
    "1/0",
    /* shells, paths, templates of C, protocols */
    "$(reboot)",
    "`reboot`",
    "| ls -la /",
    "; cat /etc/passwd",
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "/etc/passwd%00.csv",
    "file:///etc/passwd",
    "%s%s%s%s%s%n",
    "%n%n%n%n",
    "%x %p %d",
    "%%",
    "{0}",
    "\\u0000",
    "\\r\\nSet-Cookie: a=b",
    "%0d%0aSet-Cookie:%20a=b",
    "${jndi:ldap://example.org/a}",
    "(){ :;}; echo x",
    "HTTP/1.1 200 OK",
    "Content-Length: 0",
    "data:text/html,x",
    "O:8:\"stdClass\":0:{}",
    "{\"role\":\"ADMIN\"}",
    "[]",
    "true",
    "null",
    "undefined",
    "NaN",
    "-0",
    "1e309",
    "0x1F",
    "9223372036854775808",
    "__proto__",
    "constructor",
    /* Unicode and terminals */
    "\xe2\x80\xae"
    "gnp.exe",
    "\xe2\x81\xa6"
    "x"
    "\xe2\x81\xa9",
    "x\xe2\x80\x8b"
    "zero",
    "e\xcc\x81\xcc\x81\xcc\x81",
    "\xf0\x9f\x92\xa9",
    "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7",
    "\xef\xbf\xbd",
    "\xef\xbf\xbf",
    "\xe2\x80\xa8"
    "line",
    "\xc2\x85"
    "next",
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    "\x07",
    "\x08\x08\x08",
    "\x7f",
    "\xc2\x9b"
    "31m",
    "\xc4\xb0\xc4\xb1",
    "\xc3\x9f",
    "\xd8\xa7\xd9\x84",
    "x\xe2\x80\x8fy",
};
enum { HOSTILE_COUNT = sizeof HOSTILE / sizeof *HOSTILE };

static struct service *s;
static struct arena arena;
static char plan_path[64];

static int begin(void) {
    s = service_start(&(struct service_options){.extra_flags = {"--log-level", "debug"}});
    if (!s) return 1;
    struct answer a = service_ask(
        s, &(struct ask){
               .method = "POST",
               .path = "/v1/action-plans",
               .key = s->commissioner,
               .type = "application/json",
               .body = STR("{\"kpi\":\"1.4\",\"openedFor\":\"2025-26-Q1\",\"attributedTo\":\"homerton\"}")});
    int bad = a.status != 201;
    answer_free(&a);
    a = service_get(s, s->commissioner, "/v1/action-plans");
    snprintf(plan_path, sizeof plan_path, "/v1/action-plans/%s", answer_text(&a, "results.0.id"));
    answer_free(&a);
    return bad;
}
static int end(void) {
    arena_free(&arena);
    return s ? service_stop(s) : 1;
}

/* ---- sending ---- */

static struct answer send_json(const char *method, const char *path, const char *key, json_t *body) {
    char *text = json_dumps(body, 0);
    struct answer a =
        service_ask(s, &(struct ask){.method = method,
                                     .path = path,
                                     .key = key,
                                     .type = "application/json",
                                     .body = str_of(text),
                                     .headers = {strcmp(method, "PATCH") == 0 ? "If-Match: *" : NULL}});
    free(text);
    json_decref(body);
    return a;
}

static struct answer get_as(const char *path, const char *accept) {
    char header[80];
    snprintf(header, sizeof header, "Accept: %s", accept);
    return service_ask(s, &(struct ask){.path = path, .key = s->commissioner, .headers = {header}});
}

/* Nobody can put a header into an answer, nor a page where none is. */
static void check_answer(const struct answer *a, const char *what, const char *word) {
    CHECK(a->status > 0 && a->status < 500, "%s with %s: %ld %.200s", what, word, a->status,
          a->body.n ? a->body.p : "");
    CHECK(!*answer_header(a, "set-cookie") && !*answer_header(a, "x-injected"),
          "%s with %s: a header of theirs", what, word);
    CHECK(strcmp(answer_header(a, "x-content-type-options"), "nosniff") == 0, "%s with %s", what, word);
}

/* ---- words of a plan: JSON, CSV, HTML ---- */

static const char *const WORDS[] = {
    "strategicDirectorLead", "departmentalLead", "nonComplianceReason", "what", "how", "who"};
enum { WORD_COUNT = sizeof WORDS / sizeof *WORDS };

static bool write_plan(const char *word) {
    json_t *body = json_object();
    for (size_t i = 0; i < WORD_COUNT; i++)
        json_object_set_new(body, WORDS[i], json_string(word));
    struct answer a = send_json("PATCH", plan_path, s->commissioner, body);
    check_answer(&a, "PATCH of a plan", word);
    CHECK(a.status == 200, "%s is words like all others: %ld %.200s", word, a.status,
          a.body.n ? a.body.p : "");
    bool written = a.status == 200;
    answer_free(&a);
    return written;
}

static void check_json(const char *word) {
    struct answer a = get_as(plan_path, "application/json");
    for (size_t i = 0; i < WORD_COUNT; i++)
        CHECK(strcmp(answer_text(&a, WORDS[i]), word) == 0, "%s of %s comes back as %s", WORDS[i], word,
              answer_text(&a, WORDS[i]));
    size_t raw = 0;
    for (size_t i = 0; i < a.body.n; i++)
        raw += (unsigned char)a.body.p[i] < ' ';
    CHECK(raw == 0, "%s: %zu raw control characters in JSON", word, raw);
    answer_free(&a);
}

/* The next field of a line by RFC 4180, without its quotes. */
static str next_field(const char **at, const char *end) {
    struct buf field = BUF_EMPTY;
    const char *p = *at;
    if (p < end && *p == '"') {
        for (p++; p < end && !(*p == '"' && (p + 1 == end || p[1] != '"')); p++) {
            p += *p == '"';
            buf_add_char(&field, *p);
        }
        p++;
    } else {
        for (; p < end && !strchr(",\r\n", *p); p++)
            buf_add_char(&field, *p);
    }
    *at = p < end && *p == ',' ? p + 1 : p;
    str out = arena_str(&arena, buf_str(&field));
    buf_free(&field);
    return out;
}

static bool is_formula(str field) {
    return field.n && strchr("=+-@\t\r", field.p[0]);
}

/* The fields of our words stand as they were sent, with one apostrophe where a spreadsheet would begin to reckon. */
static void check_csv(const char *word) {
    struct answer a = get_as("/v1/action-plans", "text/csv");
    const char *end = a.body.p + a.body.n, *at = memchr(a.body.p, '\n', a.body.n);
    size_t found = 0, fields = 0;
    str sent = str_of(word);
    bool guards = strspn(word, "'") < sent.n && strchr("=+-@", word[strspn(word, "'")]);
    for (at++; at < end && *at != '\r' && fields < 40; fields++) {
        str field = next_field(&at, end);
        CHECK(!is_formula(field), "a field that reckons: %.*s", STR_ARG(field));
        if (guards && field.n && field.p[0] == '\'') field = str_sub(field, 1, field.n);
        found += str_eq(field, sent);
    }
    CHECK(found >= WORD_COUNT && fields >= 20, "%s stands %zu times in %zu fields: %.*s", word, found, fields,
          STR_ARG(buf_str(&a.body)));
    answer_free(&a);
}

static size_t count_of(const struct answer *a, char c) {
    size_t n = 0;
    for (size_t i = 0; i < a->body.n; i++)
        n += a->body.p[i] == c;
    return n;
}

/* The page has as many tags and quotes whatever its words are. */
static void check_html(const char *word, size_t tags, size_t quotes) {
    struct answer a = get_as(plan_path, "text/html");
    CHECK(a.status == 200 && count_of(&a, '<') == tags && count_of(&a, '"') == quotes,
          "%s makes tags: %zu, not %zu; quotes: %zu, not %zu", word, count_of(&a, '<'), tags,
          count_of(&a, '"'), quotes);
    CHECK(strstr(answer_header(&a, "content-security-policy"), "default-src 'none'") != NULL,
          "and no script runs");
    answer_free(&a);
}

static void words_of_a_plan(void) {
    CHECK(write_plan("plain"), "a plan");
    struct answer a = get_as(plan_path, "text/html");
    size_t tags = count_of(&a, '<'), quotes = count_of(&a, '"');
    answer_free(&a);
    for (size_t i = 0; i < HOSTILE_COUNT; i++) {
        if (!write_plan(HOSTILE[i])) continue;
        check_json(HOSTILE[i]);
        check_csv(HOSTILE[i]);
        check_html(HOSTILE[i], tags, quotes);
    }
    printf(" %d strings through %d fields", (int)HOSTILE_COUNT, (int)WORD_COUNT);
}

/* ---- the other fields ---- */

static const struct field {
    const char *method, *path, *member, *rest;
    bool as_admin;
} FIELDS[] = {
    {"POST", "{plan}/updates", "text", "{\"month\":\"2025-10\"}", false},
    {"POST", "{plan}/actions", "what", "{\"who\":\"x\",\"by\":\"2026-03-01\"}", false},
    {"POST", "{plan}/actions", "who", "{\"what\":\"x\",\"by\":\"2026-03-01\"}", false},
    {"POST", "/v1/periods/city-and-hackney/2025-26-Q1/lock", "reason", "{}", false},
    {"POST", "/v1/periods/city-and-hackney/2025-26-Q1/unlock", "reason", "{}", false},
    {"POST", "/v1/payments/city-and-hackney/2025-26/statements", "comment", "{}", false},
    {"PUT", "/v1/services/city-and-hackney/providers/new", "name", "{\"expectedParts\":[]}", false},
    {"PUT", "/v1/services/city-and-hackney/providers/new", "group", "{\"name\":\"x\",\"expectedParts\":[]}",
     false},
    {"POST", "/v1/keys", "label", "{\"role\":\"CHECKER\"}", true},
    {"POST", "/v1/keys", "role", "{}", true},
    {"POST", "/v1/keys", "service", "{\"role\":\"FEED\"}", true},
    {"POST", "/v1/keys", "provider", "{\"role\":\"PROVIDER\",\"service\":\"city-and-hackney\"}", true},
    {"POST", "/v1/keys", "audience", "{\"role\":\"CHECKER\"}", true},
    {"POST", "/v1/webhooks/city-and-hackney", "url", "{}", false},
    {"POST", "/v1/webhooks/city-and-hackney", "types", "{\"url\":\"https://receiver.invalid/\"}", false},
    {"POST", "/v1/webhooks/city-and-hackney", "secret", "{\"url\":\"https://receiver.invalid/\"}", false},
    {"POST", "/v1/action-plans", "kpi", "{\"openedFor\":\"2025-26-Q1\"}", false},
    {"POST", "/v1/action-plans", "openedFor", "{\"kpi\":\"1.4\"}", false},
    {"POST", "/v1/action-plans", "comment", "{\"kpi\":\"1.4\",\"openedFor\":\"2025-26-Q1\"}", false},
    {"PATCH", "{plan}", "status", "{}", false},
    {"PATCH", "{plan}", "when", "{}", false},
    {"PATCH", "{plan}", "indicatorTitle", "{}", false},
    {"PATCH", "{plan}", "attributedTo", "{}", false},
    {"PUT", "/v1/national-returns/city-and-hackney/2025-26-Q1/finance", "allocation", "{}", false},
};

/* What is taken is told again as it was sent, wherever the answer has the member. */
static void check_echo(const struct answer *a, const struct field *f, const char *word) {
    const json_t *told = a->status < 300 ? json_object_get(a->json, f->member) : NULL;
    if (json_is_string(told) && strcmp(f->member, "secret") != 0)
        CHECK(strcmp(json_string_value(told), word) == 0, "%s %s: %s comes back as %s", f->path, f->member,
              word, json_string_value(told));
}

static void other_fields(void) {
    char path[160];
    for (size_t i = 0; i < sizeof FIELDS / sizeof *FIELDS; i++) {
        const struct field *f = &FIELDS[i];
        for (size_t w = i % 2; w < HOSTILE_COUNT; w += 2) {
            bool of_plan = strncmp(f->path, "{plan}", 6) == 0;
            snprintf(path, sizeof path, "%s%s", of_plan ? plan_path : "", of_plan ? f->path + 6 : f->path);
            json_t *body = json_loads(f->rest, 0, NULL);
            json_object_set_new(body, f->member, json_string(HOSTILE[w]));
            struct answer a = send_json(f->method, path, f->as_admin ? s->admin : s->commissioner, body);
            check_answer(&a, path, HOSTILE[w]);
            check_echo(&a, f, HOSTILE[w]);
            answer_free(&a);
        }
    }
}

/* ---- line breaks ---- */

static void line_breaks(void) {
    static const char LINES[] = "first\nX-Injected: 1\r\n\r\n=1+1";
    CHECK(write_plan(LINES), "a paragraph may have lines");
    check_csv(LINES);
    struct answer a = send_json("PUT", "/v1/services/city-and-hackney/providers/new", s->commissioner,
                                json_pack("{s:s,s:[]}", "name", "New\nX-Injected: 1", "expectedParts"));
    CHECK(a.status == 422 && strstr(answer_text(&a, "detail"), "one line") != NULL, "a name may not: %ld %s",
          a.status, answer_text(&a, "detail"));
    answer_free(&a);
    for (const char *const *h =
             (const char *const[]){"X-Correlation-ID: a%0d%0aX-Injected: 1", "X-Correlation-ID: <script>",
                                   "X-Correlation-ID: \x1b[31m", "Accept: \"><script>",
                                   "If-None-Match: \"\"\"", "If-Match: ';--", "Idempotency-Key: ' OR 1=1 --",
                                   "Subject-Reference: '; DROP TABLE quarterday.plan; --", "Range: bytes=0-1",
                                   NULL};
         *h; h++) {
        a = service_ask(
            s, &(struct ask){.path = "/v1/subjects/city-and-hackney", .key = s->homerton, .headers = {*h}});
        check_answer(&a, "a header", *h);
        answer_free(&a);
    }
}

/* ---- rows ---- */

/* The text columns of rows: what is downloaded as CSV, and goes in again, is the same; as JSON it is what was sent. */
static void rows(void) {
    static const char PATH[] = "/v1/returns/city-and-hackney/homerton/2025-26-Q1/media-activity";
    size_t taken = 0;
    for (size_t i = 0; i < HOSTILE_COUNT; i++) {
        json_t *body = json_pack("{s:[{s:s,s:s,s:s}]}", "rows", "date", "2025-05-01", "channel", "Web",
                                 "description", HOSTILE[i]);
        struct answer a = send_json("PUT", PATH, s->homerton, body);
        check_answer(&a, PATH, HOSTILE[i]);
        bool stored = a.status == 200 || a.status == 201;
        answer_free(&a);
        if (!stored) continue;
        taken++;
        a = service_get(s, s->homerton, PATH);
        CHECK(strcmp(answer_text(&a, "rows.0.description"), HOSTILE[i]) == 0, "%s is stored as %s",
              HOSTILE[i], answer_text(&a, "rows.0.description"));
        answer_free(&a);
        a = service_ask(s, &(struct ask){.path = PATH, .key = s->homerton, .headers = {"Accept: text/csv"}});
        struct answer again = service_put(s, s->homerton, PATH, "text/csv", buf_str(&a.body));
        CHECK(again.status == 200 && strcmp(answer_text(&again, "unchanged"), "1") == 0,
              "%s does not go in again: %.*s", HOSTILE[i], STR_ARG(buf_str(&a.body)));
        answer_free(&again);
        answer_free(&a);
    }
    printf(" %zu of %d are taken", taken, (int)HOSTILE_COUNT);
    CHECK(taken * 10 >= HOSTILE_COUNT * 8, "words are taken: %zu", taken);
}

/* ---- queries ---- */

static void add_encoded(struct buf *out, const char *word) {
    for (const unsigned char *p = (const unsigned char *)word; *p; p++)
        buf_printf(out, "%%%02X", *p);
}

static void fill_path(struct buf *out, const char *pattern) {
    static const struct {
        const char *name, *value;
    } VALUES[] = {{"service", "city-and-hackney"},
                  {"provider", "homerton"},
                  {"period", "2025-26-Q1"},
                  {"part", "media-activity"},
                  {"ref", "1.4"},
                  {"year", "2025-26"},
                  {"number", "1"},
                  {"feed", "returns.json"},
                  {"lookup", "imd"},
                  {"code", "not-found"},
                  {"webhook", "WH-1"},
                  {"event", "1"}};
    str rest = str_of(pattern);
    while (rest.n) {
        buf_add_str(out, str_cut(&rest, '{'));
        if (!rest.p) break;
        str name = str_cut(&rest, '}');
        const char *value = "city-and-hackney"; /* {id} of a framework, or of nothing */
        for (size_t i = 0; i < sizeof VALUES / sizeof *VALUES; i++)
            if (str_is(name, VALUES[i].name)) value = VALUES[i].value;
        buf_add_cstr(out, value);
    }
}

static const char *key_for(const struct route *route) {
    return route->roles & ROLE_COMMISSIONER ? s->commissioner
           : route->roles & ROLE_PROVIDER   ? s->homerton
                                            : s->admin;
}

static size_t queries;
static void ask_parameter(const struct route *route, str name, size_t turn) {
    for (size_t w = turn % 3; w < HOSTILE_COUNT; w += 3) {
        struct buf path = BUF_EMPTY;
        fill_path(&path, route->pattern);
        buf_printf(&path, "?%.*s=", STR_ARG(name));
        add_encoded(&path, HOSTILE[w]);
        buf_add_char(&path, '\0');
        struct answer a = service_get(s, key_for(route), path.p);
        check_answer(&a, path.p, HOSTILE[w]);
        CHECK(a.status < 400 || a.json, "a refusal in words: %s", path.p);
        answer_free(&a);
        buf_free(&path);
        queries++;
    }
}

static void every_parameter(void) {
    for (size_t i = 0, turn = 0; i < ROUTE_COUNT; i++) {
        if (ROUTES[i].method != METHOD_GET || ROUTES[i].roles == ROLE_ANYONE) continue;
        for (str rest = str_of(ROUTES[i].query), name = str_cut(&rest, ' '); name.n;
             name = str_cut(&rest, ' '))
            ask_parameter(&ROUTES[i], name, turn++);
    }
    printf(" %zu questions", queries);
}

/* ---- what is left of it ---- */

static void the_log(void) {
    struct buf line = BUF_EMPTY;
    size_t lines = 0, raw = 0;
    FILE *f = fopen(s->log_file, "r");
    for (int c; f && (c = fgetc(f)) != EOF;) {
        if (c != '\n') {
            raw += c < ' ' || c == 0x7f;
            buf_add_char(&line, (char)c);
            continue;
        }
        json_t *object = json_loadb(line.p, line.n, JSON_REJECT_DUPLICATES, NULL);
        CHECK(json_is_object(object), "a line that is no object: %.*s", STR_ARG(buf_str(&line)));
        json_decref(object);
        buf_clear(&line);
        lines++;
    }
    if (f) fclose(f);
    buf_free(&line);
    CHECK(raw == 0, "%zu raw control characters in the log", raw);
    CHECK(lines > queries, "each request is a line: %zu", lines);
}

static void nothing_ran(void) {
    CHECK(atoi(service_sql(s, "SELECT count(*) FROM plan")) > 0, "the plans are there");
    CHECK(strcmp(service_sql(s, "SELECT current_setting('is_superuser')"), "off") == 0,
          "nobody is more than before");
    const char *verify[] = {"audit", "verify", "--database", s->app, NULL};
    struct buf out = BUF_EMPTY;
    CHECK(service_command(verify, &out) == 0, "the chains are whole: %.*s", STR_ARG(buf_str(&out)));
    buf_free(&out);
}

void suite_http_injection(void) {
    suite_add("http_injection", begin, end);
    case_add("words of a plan: as sent in JSON, no formula in CSV, no tag in HTML", words_of_a_plan);
    case_add("every other field: no failure of ours, and told as sent", other_fields);
    case_add("line breaks: in paragraphs they stay, in names they are refused, in headers there are none",
             line_breaks);
    case_add("text of rows: as sent in JSON, and what is downloaded goes in again", rows);
    case_add("every parameter of every read", every_parameter);
    case_add("the log has lines of JSON and no control character", the_log);
    case_add("nothing of it ran", nothing_ran);
}
