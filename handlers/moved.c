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

struct moved_pair moved_pair_new(const struct moved_question *q, struct arena *a) {
    struct moved_pair pair = {
        .providers = ARENA_ARRAY(a, struct provider_tally, q->service->count),
        .before = ARENA_ARRAY(a, struct kpi_figures, q->framework->kpi_count),
        .after = ARENA_ARRAY(a, struct kpi_figures, q->framework->kpi_count),
    };
    memcpy(pair.providers, q->service->providers, q->service->count * sizeof *pair.providers);
    pair.providers[q->provider].tally = q->after;
    return pair;
}

enum err moved_figures(const struct moved_question *q, const struct framework_provider *view, int16_t period,
                       struct moved_pair *pair) {
    struct figures_question ask = {
        .framework = q->framework,
        .period = period,
        .as_at = q->as_at,
        .providers = q->service->providers,
        .provider_count = q->service->count,
        .view = view,
    };
    enum err e = figures_compute(&ask, pair->before);
    ask.providers = pair->providers;
    return e == OK ? figures_compute(&ask, pair->after) : e;
}

enum err moved_visit(const struct moved_question *q, struct moved_pair *pair,
                     void (*visit)(void *context, int16_t period, const struct moved_pair *pair),
                     void *context) {
    const struct framework *f = q->framework;
    const struct tally nothing = {.first = 1, .last = 0};
    const struct tally *before = q->service->providers[q->provider].tally;
    if (!before) before = &nothing;

    /* A change in a quarter moves the year to date of the quarters after it; a part that was never sent before moves the late measures of all. */
    int16_t first = period_of(f->first_year, 1), last = period_of(f->last_year, 4);
    bool everywhere = before->sent_ever != q->after->sent_ever, year_moved = false;
    enum err e = OK;
    for (int16_t p = first; p <= last && e == OK; p++) {
        if (period_quarter(p) == 1) year_moved = false;
        if (period_differs(before, q->after, f, p)) year_moved = true;
        if (!year_moved && !everywhere) continue;
        e = moved_figures(q, NULL, p, pair);
        if (e == OK) visit(context, p, pair);
        if (e == ERR_NOT_FOUND)
            e = OK; /* a year that the framework does not rate: it only feeds later cohorts */
    }
    return e;
}

struct writing {
    const struct framework *framework;
    struct json *j;
};

static void write_period(void *context, int16_t period, const struct moved_pair *pair) {
    struct writing *w = context;
    for (size_t k = 0; k < w->framework->kpi_count; k++) {
        const struct kpi_figures *x = &pair->before[k], *y = &pair->after[k];
        view_write(w->j, period, "QUARTER", x->kpi, &x->quarter, &y->quarter);
        view_write(w->j, period, "YEAR_TO_DATE", x->kpi, &x->year_to_date, &y->year_to_date);
    }
}

enum err moved_write(const struct moved_question *q, struct arena *a, struct json *j) {
    struct moved_pair pair = moved_pair_new(q, a);
    struct writing w = {q->framework, j};
    json_array_begin(j);
    enum err e = moved_visit(q, &pair, write_period, &w);
    json_end(j);
    return e;
}
