#include "handlers/moved.h"

#include "handlers/dashboard_write.h"

static bool period_differs(const struct tally *x, const struct tally *y, const struct framework *f,
                           int16_t p) {
    for (int part = 0; part < PART_COUNT; part++)
        if (tally_sent(x, p, (enum part_id)part) != tally_sent(y, p, (enum part_id)part)) return true;
    for (size_t e = 0; e < f->element_count; e++)
        if (tally_get(x, p, (int)e) != tally_get(y, p, (int)e)) return true;
    for (size_t d = 0; d < f->distinct_count; d++)
        if (tally_distinct(x, p, (int)d, false) != tally_distinct(y, p, (int)d, false)) return true;
    return false;
}

static bool figure_moved(const struct kpi *kpi, const struct figure *x, const struct figure *y) {
    if (x->rag != y->rag || x->has_value != y->has_value) return true;
    if (!x->has_value) return false;
    if (kpi->unit == KPI_COUNT) return x->numerator != y->numerator;
    return fraction_cmp(fraction_of(x->numerator, x->denominator),
                        fraction_of(y->numerator, y->denominator)) != 0;
}

static void view_write(struct json *j, int16_t period, const char *view, const struct kpi *kpi,
                       const struct figure *before, const struct figure *after) {
    if (!figure_moved(kpi, before, after)) return;
    char text[PERIOD_TEXT];
    json_object_begin(j);
    json_field_cstr(j, "period", period_format(period, text));
    json_field_cstr(j, "view", view);
    json_field_cstr(j, "ref", kpi->ref);
    json_key(j, "before");
    figure_write(j, kpi, before);
    json_key(j, "after");
    figure_write(j, kpi, after);
    json_end(j);
}

static enum err period_write(const struct moved_question *q, const struct provider_tally *after,
                             int16_t period, struct kpi_figures *x, struct kpi_figures *y, struct json *j) {
    struct figures_question ask = {
        .framework = q->framework,
        .period = period,
        .as_at = q->as_at,
        .providers = q->service->providers,
        .provider_count = q->service->count,
    };
    enum err e = figures_compute(&ask, x);
    if (e == ERR_NOT_FOUND)
        return OK; /* a year that the framework does not rate: it only feeds later cohorts */
    ask.providers = after;
    if (e == OK) e = figures_compute(&ask, y);
    if (e != OK) return e;
    for (size_t k = 0; k < q->framework->kpi_count; k++) {
        view_write(j, period, "QUARTER", x[k].kpi, &x[k].quarter, &y[k].quarter);
        view_write(j, period, "YEAR_TO_DATE", x[k].kpi, &x[k].year_to_date, &y[k].year_to_date);
    }
    return OK;
}

enum err moved_write(const struct moved_question *q, struct arena *a, struct json *j) {
    const struct framework *f = q->framework;
    const struct tally nothing = {.first = 1, .last = 0};
    const struct tally *before = q->service->providers[q->provider].tally;
    if (!before) before = &nothing;
    struct provider_tally *after = ARENA_ARRAY(a, struct provider_tally, q->service->count);
    memcpy(after, q->service->providers, q->service->count * sizeof *after);
    after[q->provider].tally = q->after;
    struct kpi_figures *x = ARENA_ARRAY(a, struct kpi_figures, f->kpi_count);
    struct kpi_figures *y = ARENA_ARRAY(a, struct kpi_figures, f->kpi_count);

    /* A change in a quarter moves the year to date of the quarters after it; a part that was never sent before moves the late measures of all. */
    int16_t first = period_of(f->first_year, 1), last = period_of(f->last_year, 4);
    bool everywhere = before->sent_ever != q->after->sent_ever, year_moved = false;
    enum err e = OK;
    json_array_begin(j);
    for (int16_t p = first; p <= last && e == OK; p++) {
        if (period_quarter(p) == 1) year_moved = false;
        if (period_differs(before, q->after, f, p)) year_moved = true;
        if (year_moved || everywhere) e = period_write(q, after, p, x, y, j);
    }
    json_end(j);
    return e;
}
