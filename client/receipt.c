/* See receipt.h. */
#include "client/receipt.h"

#include "client/consequences_view.h"
#include "client/findings_view.h"
#include "client/table.h"
#include "client/text.h"
#include "client/value.h"

void figure_text(struct buf *out, const json_t *figure, bool is_percent) {
    const json_t *value = value_at(figure, "value");
    if (json_is_string(value)) buf_add_cstr(out, json_string_value(value)); /* a public key's "*" */
    else if (!json_is_number(value)) buf_add_char(out, '-');
    else if (is_percent) buf_printf(out, "%.2f %%", json_number_value(value));
    else buf_printf(out, "%.10g", json_number_value(value));
}

static const char *arrow(const json_t *before, const json_t *after) {
    const json_t *x = value_at(before, "value"), *y = value_at(after, "value");
    if (!json_is_number(x) || !json_is_number(y)) return "→";
    double difference = json_number_value(y) - json_number_value(x);
    return difference > 0 ? "↑" : difference < 0 ? "↓" : "→";
}

static bool is_percent(const json_t *moved) {
    return value_at(value_at(moved, "before"), "denominator") ||
           value_at(value_at(moved, "after"), "denominator");
}

static void add_figure(struct table *t, const json_t *figure, bool percent) {
    struct buf text = BUF_EMPTY;
    figure_text(&text, figure, percent);
    table_add(t, "%.*s", STR_ARG(buf_str(&text)));
    buf_free(&text);
}

static void view_kpis(struct buf *out, const json_t *kpis, bool colour) {
    struct table t;
    size_t i;
    json_t *moved;
    if (json_array_size(kpis) == 0) {
        buf_add_cstr(out, "  no KPI moved\n");
        return;
    }
    buf_printf(out, "  %zu figure%s of KPIs moved:\n", json_array_size(kpis),
               plural((long long)json_array_size(kpis)));
    table_begin(&t, "    KPI|period|view|>before|was||>after|*now");
    json_array_foreach(kpis, i, moved) {
        const json_t *before = value_at(moved, "before"), *after = value_at(moved, "after");
        table_add(&t, "    %s", value_text(moved, "ref"));
        table_add(&t, "%s", value_text(moved, "period"));
        table_add(&t, "%s",
                  str_is(str_of(value_text(moved, "view")), "QUARTER") ? "quarter" : "year to date");
        add_figure(&t, before, is_percent(moved));
        table_add(&t, "%s", value_text(before, "rag"));
        table_add(&t, "%s", arrow(before, after));
        add_figure(&t, after, is_percent(moved));
        table_add(&t, "%s", value_text(after, "rag"));
    }
    table_write(out, &t, colour);
}

static void view_head(struct buf *out, const struct file *f, const json_t *r) {
    bool stored = value_true(r, "stored"), dry = value_true(r, "dryRun");
    text_add_plain(out, str_of(f->path));
    buf_printf(out, ": %s: %s of %s, %s, version %lld\n",
               dry      ? "would be accepted; nothing was stored"
               : stored ? "accepted"
                        : "the newest version already; nothing had to be stored",
               value_text(r, "part"), value_text(r, "provider"), value_text(r, "period"),
               value_int(r, "version"));
    buf_printf(out, "  %lld row%s: %lld created, %lld updated, %lld unchanged, %lld removed; ",
               value_int(r, "rows"), plural(value_int(r, "rows")), value_int(r, "created"),
               value_int(r, "updated"), value_int(r, "unchanged"), value_int(r, "removed"));
    buf_printf(out, "%s (deadline %s)\n", value_true(r, "onTime") ? "on time" : "late",
               value_text(r, "deadline"));
    if (value_int(r, "rows") == 0) buf_add_cstr(out, "  no rows: a nil return, there was nothing of this\n");
}

void receipt_view(struct buf *out, const struct file *f, const json_t *r, bool colour) {
    long long warnings = value_int(r, "warningCount");
    findings_view(out, f, value_at(r, "warnings"));
    view_head(out, f, r);
    if (warnings) buf_printf(out, "  %lld warning%s\n", warnings, plural(warnings));
    view_kpis(out, value_at(r, "kpis"), colour);
    consequences_view(out, value_at(r, "consequences"), colour);
}

void refusal_view(struct buf *out, const struct file *f, const json_t *p) {
    long long errors = value_int(p, "errorCount"), warnings = value_int(p, "warningCount");
    size_t told = json_array_size(value_at(p, "errors"));
    findings_view(out, f, value_at(p, "errors"));
    text_add_plain(out, str_of(f->path));
    buf_printf(out, ": refused: %lld error%s, %lld warning%s in %lld row%s", errors, plural(errors), warnings,
               plural(warnings), value_int(p, "rows"), plural(value_int(p, "rows")));
    if (value_true(p, "truncated")) buf_printf(out, "; the first %zu stand above", told);
    buf_add_char(out, '\n');
}
