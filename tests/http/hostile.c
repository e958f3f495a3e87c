/* The table of hostile files over HTTPS, each as a dry run: status, code, row, line, column and words as a client sees them. */
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

void suite_http_hostile(void) {
    suite_add("http_hostile", begin, end);
    case_add("each of the hostile files gets its status, code, row, line, column and words", every_file);
}
