#include "handlers/docs_page.h"

#include <jansson.h>

#include "base/embed.h"
#include "base/err.h"
#include "handlers/html.h"
#include "returns/finding.h"

static const char STYLE[] =
    "body{font:16px/1.5 Arial,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#212b32}"
    "code,pre{font:14px/1.4 monospace;background:#f0f4f5;padding:.1em .3em}pre{padding:1rem;overflow:auto}"
    "h2{border-top:1px solid #d8dde0;padding-top:1rem;margin-top:2rem}table{border-collapse:collapse}"
    "td,th{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #d8dde0}";

str docs_openapi(void) {
    const struct embed_file *f = embed_find("openapi/openapi.json");
    return f ? (str){(const char *)f->bytes, f->size} : STR_NONE;
}

static void add_json_text(struct buf *b, const json_t *v) {
    if (json_is_string(v)) html_text(b, (str){json_string_value(v), json_string_length(v)});
}

static void page_open(struct buf *b, str title) {
    buf_add_cstr(
        b,
        "<!DOCTYPE html><html lang=\"en-GB\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>");
    html_text(b, title);
    buf_add_cstr(b, "</title><style>");
    buf_add_cstr(b, STYLE);
    buf_add_cstr(b, "</style></head><body><h1>");
    html_text(b, title);
    buf_add_cstr(b, "</h1>");
}

static void page_close(struct buf *b) {
    buf_add_cstr(b, "</body></html>\n");
}

static void write_parameters(struct buf *b, const json_t *document, const json_t *parameters) {
    if (!json_array_size(parameters)) return;
    buf_add_cstr(b, "<table><tr><th>Parameter</th><th>In</th><th>Meaning</th></tr>");
    size_t i;
    json_t *p;
    json_array_foreach(parameters, i, p) {
        str ref = str_of(json_string_value(json_object_get(p, "$ref")));
        if (ref.p && str_starts_with(ref, STR("#/components/parameters/")))
            p = json_object_get(json_object_get(json_object_get(document, "components"), "parameters"),
                                ref.p + 24);
        buf_add_cstr(b, "<tr><td><code>");
        add_json_text(b, json_object_get(p, "name"));
        buf_add_cstr(b, "</code></td><td>");
        add_json_text(b, json_object_get(p, "in"));
        buf_add_cstr(b, "</td><td>");
        add_json_text(b, json_object_get(p, "description"));
        buf_add_cstr(b, "</td></tr>");
    }
    buf_add_cstr(b, "</table>");
}

static void write_responses(struct buf *b, const json_t *document, json_t *responses) {
    buf_add_cstr(b, "<table><tr><th>Status</th><th>Meaning</th></tr>");
    const char *status;
    json_t *response;
    json_object_foreach(responses, status, response) {
        str ref = str_of(json_string_value(json_object_get(response, "$ref")));
        if (ref.p && str_starts_with(ref, STR("#/components/responses/")))
            response = json_object_get(json_object_get(json_object_get(document, "components"), "responses"),
                                       ref.p + 23);
        buf_add_cstr(b, "<tr><td>");
        html_text(b, str_of(status));
        buf_add_cstr(b, "</td><td>");
        add_json_text(b, json_object_get(response, "description"));
        buf_add_cstr(b, "</td></tr>");
    }
    buf_add_cstr(b, "</table>");
}

static void write_operation(struct buf *b, const json_t *document, const char *path, const char *method,
                            const json_t *operation) {
    buf_add_cstr(b, "<h2><code>");
    for (const char *c = method; *c; c++)
        buf_add_char(b, ascii_upper(*c));
    buf_add_char(b, ' ');
    html_text(b, str_of(path));
    buf_add_cstr(b, "</code></h2><p><strong>");
    add_json_text(b, json_object_get(operation, "summary"));
    buf_add_cstr(b, "</strong></p><p>");
    add_json_text(b, json_object_get(operation, "description"));
    buf_add_cstr(b, "</p>");
    write_parameters(b, document, json_object_get(operation, "parameters"));
    write_responses(b, document, json_object_get(operation, "responses"));
}

bool docs_write_reference(struct buf *out) {
    str text = docs_openapi();
    json_t *document = text.p ? json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, NULL) : NULL;
    if (!document) return false;
    page_open(out, STR("Quarterday: API reference"));
    buf_add_cstr(
        out,
        "<p>The same contract for programs: <a href=\"/openapi.json\">/openapi.json</a> (OpenAPI 3.1).</p><p>");
    add_json_text(out, json_object_get(json_object_get(document, "info"), "description"));
    buf_add_cstr(out, "</p>");
    const char *path, *method;
    json_t *item, *operation;
    json_object_foreach(json_object_get(document, "paths"), path, item) {
        json_object_foreach(item, method, operation) {
            if (json_is_object(operation) && json_object_get(operation, "responses"))
                write_operation(out, document, path, method, operation);
        }
    }
    page_close(out);
    json_decref(document);
    return true;
}

/* "period-locked" and "PERIOD_LOCKED" are the same. */
static bool same_code(str slug, const char *code) {
    if (slug.n != strlen(code)) return false;
    for (size_t i = 0; i < slug.n; i++)
        if (ascii_upper(slug.p[i] == '-' ? '_' : slug.p[i]) != code[i]) return false;
    return true;
}

/* The row "| `CODE` | ... |" of the tables in docs/errors.md. */
static str errors_row(const char *code) {
    const struct embed_file *f = embed_find("docs/errors.md");
    str rest = f ? (str){(const char *)f->bytes, f->size} : STR_NONE;
    while (rest.p) {
        str line = str_cut(&rest, '\n');
        str cells = line;
        if (!str_starts_with(line, STR("|"))) continue;
        str_cut(&cells, '|');
        str first = str_trim(str_cut(&cells, '|'));
        if (first.n > 2 && first.p[0] == '`' && str_is(str_sub(first, 1, first.n - 1), code)) return cells;
    }
    return STR_NONE;
}

static bool write_code(struct buf *out, const char *code, const char *title) {
    page_open(out, str_of(code));
    buf_add_cstr(out, "<p><strong>");
    html_text(out, str_of(title));
    buf_add_cstr(out, "</strong></p>");
    str cells = errors_row(code);
    while (cells.p) {
        str cell = str_trim(str_cut(&cells, '|'));
        if (!cell.n) continue;
        buf_add_cstr(out, "<p>");
        html_text(out, cell);
        buf_add_cstr(out, "</p>");
    }
    buf_add_cstr(out, "<p><a href=\"/docs\">API reference</a></p>");
    page_close(out);
    return true;
}

bool docs_write_problem(struct buf *out, str slug) {
    for (enum err e = OK + 1; e < ERR_COUNT; e++)
        if (same_code(slug, err_info(e)->code)) return write_code(out, err_info(e)->code, err_info(e)->title);
    for (int c = 0; c < FINDING_CODE_COUNT; c++)
        if (same_code(slug, finding_code_name((enum finding_code)c)))
            return write_code(out, finding_code_name((enum finding_code)c), "Found in an upload");
    return false;
}
