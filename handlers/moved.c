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

static struct rating rating_after(const struct moved_question *q, size_t i, struct arena *a) {
    const struct rating *before = &q->service->ratings[i];
    struct provider_tally *providers = ARENA_ARRAY(a, struct provider_tally, q->service->count);
    memcpy(providers, before->providers, q->service->count * sizeof *providers);
    providers[q->provider].tally = q->after[i];
    return (struct rating){before->from, before->framework, providers};
}

struct moved_pair moved_pair_new(const struct moved_question *q, struct arena *a) {
    size_t kpis = 0;
    struct moved_pair pair = {.ratings = ARENA_ARRAY(a, struct rating, q->service->rating_count)};
    for (size_t i = 0; i < q->service->rating_count; i++) {
        pair.ratings[i] = rating_after(q, i, a);
        if (pair.ratings[i].framework->kpi_count > kpis) kpis = pair.ratings[i].framework->kpi_count;
    }
    pair.before = ARENA_ARRAY(a, struct kpi_figures, kpis);
    pair.after = ARENA_ARRAY(a, struct kpi_figures, kpis);
    return pair;
}

enum err moved_figures(const struct moved_question *q, bool own, int16_t period, struct moved_pair *pair) {
    struct figures_question ask = tallies_question(q->service, period);
    size_t which = (size_t)(tallies_of(q->service, period) - q->service->ratings);
    pair->framework = ask.framework;
    if (own) ask.view = ask.providers[q->provider].provider;
    if (own && !ask.view) return ERR_NOT_FOUND;
    enum err e = figures_compute(&ask, pair->before);
    ask.ratings = pair->ratings;
    ask.providers = pair->ratings[which].providers;
    return e == OK ? figures_compute(&ask, pair->after) : e;
}

/* Does the quarter, or its year to it, differ in the counts by which it is rated? */
static bool year_differs(const struct moved_question *q, int16_t period) {
    static const struct tally NOTHING = {.first = 1, .last = 0};
    const struct rating *by = tallies_of(q->service, period);
    const struct tally *before = by->providers[q->provider].tally,
                       *after = q->after[by - q->service->ratings];
    if (!before) before = &NOTHING;
    /* A part that was never sent before moves the late measures of all quarters. */
    bool differs = before->sent_ever != after->sent_ever;
    for (int16_t p = period_of(period_year(period), 1); p <= period && !differs; p++)
        differs = period_differs(before, after, by->framework, p);
    return differs;
}

enum err moved_visit(const struct moved_question *q, struct moved_pair *pair,
                     void (*visit)(void *context, int16_t period, const struct moved_pair *pair),
                     void *context) {
    int16_t first, last;
    frameworks_quarters(&q->view->in_force, &first, &last);
    enum err e = OK;
    for (int16_t p = first; p <= last && e == OK; p++) {
        if (!year_differs(q, p)) continue;
        e = moved_figures(q, false, p, pair);
        if (e == OK) visit(context, p, pair);
        if (e == ERR_NOT_FOUND) e = OK; /* a year that is not rated: it only feeds later cohorts */
    }
    return e;
}

static void write_period(void *context, int16_t period, const struct moved_pair *pair) {
    struct json *j = context;
    for (size_t k = 0; k < pair->framework->kpi_count; k++) {
        const struct kpi_figures *x = &pair->before[k], *y = &pair->after[k];
        view_write(j, period, "QUARTER", x->kpi, &x->quarter, &y->quarter);
        view_write(j, period, "YEAR_TO_DATE", x->kpi, &x->year_to_date, &y->year_to_date);
    }
}

enum err moved_write(const struct moved_question *q, struct arena *a, struct json *j) {
    struct moved_pair pair = moved_pair_new(q, a);
    json_array_begin(j);
    enum err e = moved_visit(q, &pair, write_period, j);
    json_end(j);
    return e;
}
