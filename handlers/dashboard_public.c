/* The dashboard for a wider audience: every KPI with its target, rounded figures and the status that follows from them. See
 * kpi/public_figure.h for what is left out; of providers only how many were expected and have sent. */
#include "handlers/dashboard_write.h"
#include "handlers/figures_ask.h"
#include "kpi/public_figure.h"

static void number_field(struct json *j, const char *key, bool given, struct disclosed n) {
    if (!given) json_field_null(j, key);
    else if (n.suppressed) json_field_cstr(j, key, "*");
    else json_field_int(j, key, n.value);
}

static void view_write(struct json *j, const char *key, const struct kpi *k, const struct public_figure *p) {
    bool rate = k->unit == KPI_PERCENT;
    json_key(j, key);
    json_object_begin(j);
    number_field(j, "numerator", p->has_numbers, p->numerator);
    number_field(j, "denominator", p->has_numbers && rate, p->denominator);
    json_key(j, "value");
    if (!p->has_value) json_put_null(j);
    else if (rate) percent_write(j, p->numerator.value, p->denominator.value);
    else json_int(j, p->numerator.value);
    json_field_cstr(j, "rag", rag_name(p->rag));
    json_field_bool(j, "suppressed", p->suppressed);
    json_end(j);
}

static void kpi_write(struct json *j, const struct kpi_figures *f) {
    struct public_figure year = public_figure_of(f->kpi, f->year, &f->year_to_date);
    json_object_begin(j);
    kpi_write_name(j, f->kpi);
    kpi_write_target(j, f);
    json_field_null(j,
                    "quarter"); /* quarters and their sum can give small numbers away: kpi/public_table.h */
    view_write(j, "yearToDate", f->kpi, &year);
    json_field_cstr(j, "rag", rag_name(year.rag));
    json_key(j, "coverage");
    json_object_begin(j);
    json_field_int(j, "expected", f->coverage_expected);
    json_field_int(j, "reported", f->coverage_reported);
    json_end(j);
    json_field_bool(j, "partial", f->partial);
    json_end(j);
}

static void summary_write(struct json *j, const struct kpi_figures *figures, size_t count) {
    int of[RAG_COUNT] = {0};
    for (size_t i = 0; i < count; i++)
        of[public_figure_of(figures[i].kpi, figures[i].year, &figures[i].year_to_date).rag]++;
    json_key(j, "summary");
    json_object_begin(j);
    for (unsigned r = RAG_NONE + 1; r < RAG_COUNT; r++)
        if (r != RAG_BLUE || figures_have_blue(figures, count))
            json_field_int(j, rag_name((enum rag)r), of[r]);
    json_end(j);
}

void dashboard_write_public(struct buf *out, const struct figures_ask *ask, int16_t period,
                            const struct kpi_figures *figures, size_t count) {
    char text[PERIOD_TEXT];
    struct json j = json_to(out);
    json_object_begin(&j);
    json_field_str(&j, "service", ask->service);
    figures_ask_write_framework(&j, ask);
    json_field_cstr(&j, "period", period_format(period, text));
    figures_ask_write_as_at(&j, ask);
    json_field_cstr(&j, "disclosure", disclosure_name(ask->disclosure));
    summary_write(&j, figures, count);
    json_key(&j, "kpis");
    json_array_begin(&j);
    for (size_t i = 0; i < count; i++)
        kpi_write(&j, &figures[i]);
    json_end(&j);
    json_end(&j);
}
