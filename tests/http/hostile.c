/* The table of hostile files over HTTPS, each as a dry run: status, code, row, line, column and words as a client sees them; and
 * files given back with their problems. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/hostile.h"
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

static const char *text_of(const json_t *f, const char *name, const char *otherwise) {
    const char *text = json_string_value(json_object_get(f, name));
    return text ? text : otherwise;
}

static void write_findings(const json_t *list, struct buf *out) {
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *f = json_array_get(list, i);
        buf_printf(out, "%s%s%lld:%s:%s@%lld", i ? " " : "",
                   strcmp(text_of(f, "severity", ""), "WARNING") == 0 ? "~" : "",
                   (long long)json_integer_value(json_object_get(f, "row")), text_of(f, "column", "-"),
                   text_of(f, "code", ""), (long long)json_integer_value(json_object_get(f, "line")));
    }
}

static char *quoted(const char *words) {
    json_t *j = json_string(words);
    char *text = json_dumps(j, JSON_ENCODE_ANY);
    json_decref(j);
    return text;
}

/* In the table's own words. */
static void write_found(const struct answer *a, struct buf *out) {
    const char *detail = answer_text(a, "detail");
    if (a->status == 400 && strcmp(answer_text(a, "code"), "MALFORMED") == 0 &&
        strncmp(detail, "Line ", 5) == 0)
        buf_printf(out, "@%lu", strtoul(detail + 5, NULL, 10));
    write_findings(answer_at(a, a->status == 422 ? "errors" : "warnings"), out);
    buf_add(out, "", 1);
    out->n--;
}

/* The groups account for every finding. */
static bool groups_add_up(const struct answer *a) {
    const json_t *groups = answer_at(a, "summary");
    json_int_t sum = 0, all = json_integer_value(answer_at(a, "warningCount"));
    if (a->status == 400) return true;
    if (a->status == 422) all += json_integer_value(answer_at(a, "errorCount"));
    for (size_t i = 0; i < json_array_size(groups); i++)
        sum += json_integer_value(json_object_get(json_array_get(groups, i), "count"));
    return sum == all;
}

static void every_file(void) {
    struct buf bytes = BUF_EMPTY, found = BUF_EMPTY;
    for (size_t i = 0; i < hostile_count; i++) {
        const struct hostile *h = &hostile_files[i];
        char path[160];
        buf_clear(&bytes);
        buf_clear(&found);
        hostile_bytes(h, &bytes);
        snprintf(path, sizeof path, "/v1/returns/city-and-hackney/homerton/2025-26-Q2/%s?dryRun=true",
                 h->part);
        struct answer a =
            service_put(s, s->homerton, path, hostile_is_json(h) ? "application/json" : "text/csv",
                        bytes.n ? buf_str(&bytes) : STR(""));
        write_found(&a, &found);
        CHECK(a.status == h->status, "%s: %ld, not %d", h->proves, a.status, h->status);
        CHECK(strcmp(found.p, h->found) == 0, "%s: found %s, not %s", h->proves, found.p, h->found);
        char *flat = a.json ? json_dumps(a.json, JSON_COMPACT) : NULL;
        char *words = h->says ? quoted(h->says) : NULL;
        if (words) words[strlen(words) - 1] = '\0';
        CHECK(!words || (flat && strstr(flat, words + 1)), "%s: '%s' is not said", h->proves, h->says);
        CHECK(groups_add_up(&a), "%s: the groups are not all", h->proves);
        free(flat);
        free(words);
        answer_free(&a);
    }
    CHECK(strcmp(service_sql(s, "select count(*) from version"), "0") == 0, "nothing was stored");
    buf_free(&bytes);
    buf_free(&found);
}

/* ---- the file given back ---- */

static const char *const SITES = "/v1/returns/city-and-hackney/homerton/2025-26-Q2/sites";
static const char *const SITES_DRY = "/v1/returns/city-and-hackney/homerton/2025-26-Q2/sites?dryRun=true";

static struct answer send_for(const char *path, const char *type, const char *accept, str body) {
    return service_ask(s, &(struct ask){.method = "PUT",
                                        .path = path,
                                        .key = s->homerton,
                                        .type = type,
                                        .body = body,
                                        .headers = {accept}});
}

static void given_back(void) {
    static const char GOOD[] = "siteId;name\nS1;x\n", BAD[] = "siteId;name\nS1;x\n!;=1+1\n";
    static const char BAD_BACK[] =
        "siteId;name;problems\r\nS1;x;\r\n!;'=1+1;\"ERROR BAD_ID siteId: \"\"!\"\" has a character that an id must not have. "
        "Use 1 to 64 of the characters A-Z, a-z, 0-9, full stop, underscore and hyphen.\"\r\n";
    static const struct {
        const char *what, *path, *type, *accept, *body;
        long status;
        const char *text; /* NULL: JSON */
    } CASES[] = {
        {"a refusal", NULL, "text/csv", "Accept: text/csv; annotate=1", BAD, 422, BAD_BACK},
        {"a refusal of a dry run", "", "text/csv", "Accept: text/csv;annotate=1", BAD, 422, BAD_BACK},
        {"a clean dry run", "", "text/csv", "Accept: text/csv; annotate=true", GOOD, 200,
         "siteId;name;problems\r\nS1;x;\r\n"},
        {"annotate=0", NULL, "text/csv", "Accept: text/csv; annotate=0", "siteId;name\n!;x\n", 422,
         "row,line,column,code,severity,detail,fix\r\n1,2,siteId,BAD_ID,ERROR,\"\"\"!\"\" has a character that an id must not have.\",\"Use 1 to 64 of the "
         "characters A-Z, a-z, 0-9, full stop, underscore and hyphen.\"\r\n"},
        {"JSON has no file", NULL, "application/json", "Accept: text/csv; annotate=1", "{\"rows\":[]}", 406,
         NULL},
        {"JSON, where JSON will do too", "", "application/json",
         "Accept: text/csv; annotate=1; q=0.5, application/json", "{\"rows\":[]}", 200, NULL},
        {"what cannot be read is a problem", NULL, "text/csv", "Accept: text/csv; annotate=1",
         "siteId,name\n\"", 400, NULL},
        {"what is stored has a receipt", NULL, "text/csv", "Accept: text/csv; annotate=1", GOOD, 201, NULL},
        {"the same bytes, dry", "", "text/csv", "Accept: text/csv; annotate=1", GOOD, 200,
         "siteId;name;problems\r\nS1;x;\r\n"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct answer a = send_for(CASES[i].path ? SITES_DRY : SITES, CASES[i].type, CASES[i].accept,
                                   str_of(CASES[i].body));
        CHECK(a.status == CASES[i].status, "%s: %ld, not %ld", CASES[i].what, a.status, CASES[i].status);
        CHECK(!CASES[i].text || str_is(buf_str(&a.body), CASES[i].text), "%s: %.*s", CASES[i].what,
              STR_ARG(buf_str(&a.body)));
        CHECK((a.json != NULL) == (CASES[i].text == NULL), "%s: %s", CASES[i].what,
              answer_header(&a, "content-type"));
        if (CASES[i].text && strstr(CASES[i].text, "problems"))
            CHECK(strcmp(answer_header(&a, "content-disposition"),
                         "attachment; filename=\"homerton-2025-26-Q2-sites-problems.csv\"") == 0,
                  "%s: %s", CASES[i].what, answer_header(&a, "content-disposition"));
        answer_free(&a);
    }
}

/* Larger than what is kept in memory: sent from a file, every row with its error. */
static void given_back_from_a_file(void) {
    enum { ROWS = 60000 };
    struct buf body = BUF_EMPTY;
    size_t told = 0, lines = 0;
    buf_add_cstr(&body, "siteId,name\n");
    for (int i = 0; i < ROWS; i++)
        buf_printf(&body, "#%d,x\n", i);
    struct answer a = send_for(SITES, "text/csv", "Accept: text/csv; annotate=1", buf_str(&body));
    for (str rest = buf_str(&a.body); rest.n; lines++) {
        char wanted[64];
        str line = str_cut(&rest, '\n');
        snprintf(wanted, sizeof wanted, "#%zu,x,\"ERROR BAD_ID siteId: ", lines - 1);
        told += lines && str_starts_with(line, str_of(wanted));
    }
    CHECK(a.status == 422 && a.body.n > 5u << 20, "%ld with %zu bytes", a.status, a.body.n);
    CHECK(lines == ROWS + 1 && told == ROWS, "%zu lines, %zu of them told", lines, told);
    answer_free(&a);
    buf_free(&body);
}

void suite_http_hostile(void) {
    suite_add("http_hostile", begin, end);
    case_add("each of the hostile files gets its status, code, row, line, column and words", every_file);
    case_add("Accept: text/csv; annotate=1 gives the file back, when nothing is stored", given_back);
    case_add("a large file is given back, each row with its error", given_back_from_a_file);
}
