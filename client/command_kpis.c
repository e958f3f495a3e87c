/* `quarterday kpis`: the dashboard as a table, or one KPI of it in lines. */
#include "client/ask.h"
#include "client/receipt.h"
#include "client/table.h"
#include "client/text.h"
#include "client/url.h"
#include "client/value.h"
#include "server/commands.h"

static const struct command_form FORM = {
    .name = "kpis",
    .synopsis = "kpis [REF] --service SERVICE --period PERIOD [OPTION...]",
    .what =
        "Shows the KPIs of a service for a quarter and for the year to date, with their status; with REF one of them, line by\n"
        "line. In colour on a terminal (not with NO_COLOR set).",
    .takes = TAKES_SERVICE | TAKES(PROVIDER) | TAKES(PERIOD) | TAKES(AS_AT),
    .examples = "  quarterday kpis --run .run --service city-and-hackney --period 2025-26-Q3\n"
                "  quarterday kpis 1.9 --service city-and-hackney --period 2025-26-Q3 --provider homerton\n",
    .exits =
        "  0  they were printed\n  2  the service could not be asked, or has no such KPI\n  130  interrupted\n",
};

static bool is_percent(const json_t *kpi) {
    return str_is(str_of(value_text(kpi, "unit")), "PERCENT");
}

static void add_value(struct table *t, const json_t *kpi, const json_t *figure) {
    struct buf text = BUF_EMPTY;
    figure_text(&text, figure, is_percent(kpi));
    table_add(t, "%.*s", STR_ARG(buf_str(&text)));
    buf_free(&text);
}

static void add_number(struct buf *out, const json_t *number, const char *unit) {
    if (json_is_number(number)) buf_printf(out, "%.10g%s", json_number_value(number), unit);
    else buf_add_char(out, '-');
}

static void add_target(struct table *t, const json_t *kpi) {
    struct buf text = BUF_EMPTY;
    add_number(&text, value_at(value_at(kpi, "target"), "toDate"), is_percent(kpi) ? " %" : "");
    table_add(t, "%.*s", STR_ARG(buf_str(&text)));
    buf_free(&text);
}

static const char *rag_of(const json_t *kpi) {
    const char *rag = value_text(kpi, "rag");
    return *rag ? rag : "-";
}

/* ---- the table ---- */

static void view_head(struct buf *out, const json_t *d) {
    const json_t *returns = value_at(d, "returns");
    text_add_plain(out, str_of(value_text(d, "service")));
    buf_printf(out, " %s, as at %s%s; %lld of %lld returns signed off\n\n", value_text(d, "period"),
               value_text(d, "asAt"), value_true(d, "provisional") ? ", provisional" : "",
               value_int(returns, "submitted"), value_int(returns, "expected"));
}

static void view_summary(struct buf *out, const json_t *summary) {
    const char *name;
    json_t *count;
    buf_add_char(out, '\n');
    json_object_foreach((json_t *)(uintptr_t)summary, name, count)
        buf_printf(out, "%s %lld  ", name, (long long)json_integer_value(count));
    while (out->n && out->p[out->n - 1] == ' ')
        out->n--;
    buf_add_char(out, '\n');
}

static void view_all(struct buf *out, const json_t *d, bool colour) {
    struct table t;
    size_t i;
    json_t *kpi;
    view_head(out, d);
    table_begin(&t, "KPI|*status|>quarter|>year to date|>target|title");
    json_array_foreach(value_at(d, "kpis"), i, kpi) {
        table_add(&t, "%s", value_text(kpi, "ref"));
        table_add(&t, "%s", rag_of(kpi));
        add_value(&t, kpi, value_at(kpi, "quarter"));
        add_value(&t, kpi, value_at(kpi, "yearToDate"));
        add_target(&t, kpi);
        table_add(&t, "%s%s", value_text(kpi, "title"), value_true(kpi, "partial") ? " (partial)" : "");
    }
    table_write(out, &t, colour);
    view_summary(out, value_at(d, "summary"));
}

/* ---- one KPI ---- */

static void line_of_figure(struct buf *out, const char *name, const json_t *kpi, const json_t *figure,
                           bool colour) {
    buf_printf(out, "  %-14s ", name);
    figure_text(out, figure, is_percent(kpi));
    if (is_percent(kpi) && value_at(figure, "denominator"))
        buf_printf(out, " (%lld of %lld)", value_int(figure, "numerator"), value_int(figure, "denominator"));
    if (*value_text(figure, "rag")) {
        buf_add_char(out, ' ');
        text_add_rag(out, str_of(value_text(figure, "rag")), 0, colour);
    }
    buf_add_char(out, '\n');
}

static void line_of_targets(struct buf *out, const json_t *kpi) {
    const json_t *target = value_at(kpi, "target"), *tolerance = value_at(kpi, "tolerance");
    const char *unit = is_percent(kpi) ? " %" : "";
    buf_printf(out, "  %-14s ", "target");
    add_number(out, value_at(target, "toDate"), unit);
    buf_add_cstr(out, " to date, ");
    add_number(out, value_at(target, "annual"), unit);
    buf_printf(out, " a year; %s is better\n",
               str_is(str_of(value_text(kpi, "direction")), "LOWER") ? "lower" : "higher");
    buf_printf(out, "  %-14s %s", "tolerance", value_text(tolerance, "kind"));
    if (value_at(tolerance, "value")) buf_add_char(out, ' ');
    if (value_at(tolerance, "value")) add_number(out, value_at(tolerance, "value"), "");
    buf_printf(out, ", %s\n", value_text(tolerance, "source"));
}

static void view_one(struct buf *out, const json_t *kpi, bool colour) {
    const json_t *cohort = value_at(kpi, "cohort"), *coverage = value_at(kpi, "coverage"),
                 *previous = value_at(kpi, "previous"), *plan = value_at(kpi, "actionPlan");
    buf_printf(out, "%s  ", value_text(kpi, "ref"));
    text_add_plain(out, str_of(value_text(kpi, "title")));
    buf_printf(out, "\n  %-14s ", "status");
    text_add_rag(out, str_of(rag_of(kpi)), 0, colour);
    buf_add_char(out, '\n');
    line_of_figure(out, "quarter", kpi, value_at(kpi, "quarter"), colour);
    line_of_figure(out, "year to date", kpi, value_at(kpi, "yearToDate"), colour);
    line_of_targets(out, kpi);
    buf_printf(out, "  %-14s %s to %s\n", "cohort", value_text(cohort, "from"), value_text(cohort, "to"));
    buf_printf(out, "  %-14s %lld of %lld providers reported%s\n", "coverage",
               value_int(coverage, "reported"), value_int(coverage, "expected"),
               value_true(kpi, "partial") ? ": partial" : "");
    if (previous)
        buf_printf(out, "  %-14s %s in %s\n", "before", value_text(previous, "rag"),
                   value_text(previous, "period"));
    if (value_at(kpi, "forecast")) {
        buf_printf(out, "  %-14s ", "forecast");
        add_number(out, value_at(kpi, "forecast"), " for the year\n");
    }
    if (json_is_object(plan))
        buf_printf(out, "  %-14s %s, %s\n", "action plan", value_text(plan, "id"),
                   value_text(plan, "status"));
}

static const json_t *find_kpi(const json_t *d, const char *ref) {
    size_t i;
    json_t *kpi;
    json_array_foreach(value_at(d, "kpis"), i,
                       kpi) if (str_is(str_of(value_text(kpi, "ref")), ref)) return kpi;
    return NULL;
}

/* ---- the whole ---- */

static int show(const struct options *o, const struct http_answer *a) {
    struct buf out = BUF_EMPTY;
    const json_t *kpi = o->word_count ? find_kpi(a->json, o->words[0]) : NULL;
    if (o->word_count && !kpi) {
        text_say(o->form->name, "there is no KPI '%s'; `quarterday kpis` lists them (1.1 to 4.5)",
                 o->words[0]);
        return EXIT_NOT_ASKED;
    }
    if (kpi && options_has(o, OPTION_JSON)) {
        char *text = json_dumps(kpi, JSON_COMPACT | JSON_REAL_PRECISION(15));
        buf_add_cstr(&out, text);
        buf_add_char(&out, '\n');
        free(text);
    } else if (kpi) {
        view_one(&out, kpi, text_has_colour());
    } else if (!ask_print_json(o, a)) {
        view_all(&out, a->json, text_has_colour());
    }
    text_put(&out);
    return ask_end(o, EXIT_FINE);
}

static int run(const struct options *o) {
    const char *service, *period;
    if (o->word_count > 1) return options_wrong(o, "one KPI at a time, or none for all");
    int status = ask_service(o, &service);
    if (status == 0) status = ask_period(o, &period);
    if (status) return status;
    struct buf path = BUF_EMPTY;
    struct http_answer answer;
    buf_add_cstr(&path, "/v1/dashboards");
    url_add_segment(&path, service);
    url_add_segment(&path, period);
    url_add_query(&path, "provider", o->value[OPTION_PROVIDER]);
    url_add_query(&path, "asAt", o->value[OPTION_AS_AT]);
    status = ask_get(o, "commissioner", buf_str(&path), &answer);
    if (status == 0) status = show(o, &answer);
    http_close(&answer);
    buf_free(&path);
    return status;
}

int command_kpis(int argc, char **argv) {
    return options_run(&FORM, argc, argv, run);
}
