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

/* ---- the figures ---- */

struct moved_known {
    struct arena *arena;
    struct rating *ratings;   /* as they are with the change */
    int16_t first, last;      /* rated quarters */
    struct moved_pair *pairs; /* of each, from the first; without a list: not asked for yet */
    bool *may_have_moved;     /* likewise */
};

static struct rating rating_after(const struct moved_question *q, size_t i, struct arena *a) {
    const struct rating *before = &q->service->ratings[i];
    struct provider_tally *providers = ARENA_ARRAY(a, struct provider_tally, q->service->count);
    memcpy(providers, before->providers, q->service->count * sizeof *providers);
    providers[q->provider].tally = q->after[i];
    return (struct rating){before->from, before->framework, providers};
}

static const struct tally *or_nothing(const struct tally *t) {
    static const struct tally NOTHING = {.first = 1, .last = 0};
    return t ? t : &NOTHING;
}

/* Does the quarter, or its year to it, differ in the counts by which it is rated? */
static bool year_differs(const struct moved_question *q, int16_t period) {
    const struct rating *by = tallies_of(q->service, period);
    const struct tally *before = or_nothing(by->providers[q->provider].tally),
                       *after = or_nothing(q->after[by - q->service->ratings]);
    /* A part that was never sent before moves the late measures of all quarters. */
    bool differs = before->sent_ever != after->sent_ever;
    for (int16_t p = period_of(period_year(period), 1); p <= period && !differs; p++)
        differs = period_differs(before, after, by->framework, p);
    return differs;
}

void moved_begin(struct moved_question *q, struct arena *a) {
    struct moved_known *k = q->known = ARENA_NEW(a, struct moved_known);
    k->arena = a;
    k->ratings = ARENA_ARRAY(a, struct rating, q->service->rating_count);
    for (size_t i = 0; i < q->service->rating_count; i++)
        k->ratings[i] = rating_after(q, i, a);
    frameworks_quarters(&q->view->in_force, &k->first, &k->last);
    k->pairs = ARENA_ARRAY(a, struct moved_pair, (size_t)(k->last - k->first) + 1);
    k->may_have_moved = ARENA_ARRAY(a, bool, (size_t)(k->last - k->first) + 1);
    for (int16_t p = k->first; p <= k->last; p++)
        k->may_have_moved[p - k->first] = year_differs(q, p);
}

static bool tallies_differ(const struct tally *x, const struct tally *y, const struct framework *f,
                           int16_t from, int16_t to) {
    if (x->sent_ever != y->sent_ever) return true;
    for (int16_t p = from; p <= to; p++) {
        if (period_differs(x, y, f, p)) return true;
        for (size_t d = 0; d < f->distinct_count; d++)
            if (tally_distinct(x, p, (int)d, true) != tally_distinct(y, p, (int)d, true)) return true;
    }
    return false;
}

/* Whether anything differs from which the figures of a period are made: it and its year, the quarter before with its year, and the year
 * before each in whose shape a target may lie; by whatever version counts them. */
static bool may_differ(const struct moved_question *q, int16_t period) {
    for (size_t i = 0; i < q->service->rating_count; i++) {
        const struct rating *by = &q->service->ratings[i];
        if (tallies_differ(or_nothing(by->providers[q->provider].tally), or_nothing(q->after[i]),
                           by->framework, period_of(period_year(period) - 2, 1), period))
            return true;
    }
    return false;
}

static struct figures_question question_after(const struct moved_question *q,
                                              const struct figures_question *before) {
    struct figures_question ask = *before;
    ask.ratings = q->known->ratings;
    ask.providers = ask.ratings[tallies_of(q->service, ask.period) - q->service->ratings].providers;
    return ask;
}

static enum err work_out(const struct moved_question *q, int16_t period, struct moved_pair *out) {
    struct arena *a = q->known->arena;
    struct figures_question ask = tallies_question(q->service, period), then = question_after(q, &ask);
    struct kpi_figures *before = ARENA_ARRAY(a, struct kpi_figures, ask.framework->kpi_count),
                       *after = before;
    enum err e = figures_compute(&ask, before);
    if (e == OK && may_differ(q, period)) {
        after = ARENA_ARRAY(a, struct kpi_figures, ask.framework->kpi_count);
        e = figures_compute(&then, after);
    }
    if (e == OK) *out = (struct moved_pair){ask.framework, before, after};
    return e;
}

enum err moved_figures(const struct moved_question *q, int16_t period, struct moved_pair *out) {
    if (period < q->known->first || period > q->known->last) return ERR_NOT_FOUND;
    struct moved_pair *known = &q->known->pairs[period - q->known->first];
    enum err e = known->before ? OK : work_out(q, period, known);
    if (e == OK) *out = *known;
    return e;
}

enum err moved_figure(const struct moved_question *q, bool own, int16_t period, const struct kpi *kpi,
                      struct moved_figure *out) {
    struct figures_question ask = tallies_question(q->service, period), then;
    if (own) ask.view = ask.providers[q->provider].provider;
    if (own && !ask.view) return ERR_NOT_FOUND;
    enum err e = figures_compute_one(&ask, kpi, &out->before);
    out->after = out->before;
    if (e != OK || !may_differ(q, period)) return e;
    then = question_after(q, &ask);
    return figures_compute_one(&then, kpi, &out->after);
}

/* ---- the periods ---- */

enum err moved_visit(const struct moved_question *q,
                     void (*visit)(void *context, int16_t period, const struct moved_pair *pair),
                     void *context) {
    struct moved_pair pair;
    enum err e = OK;
    for (int16_t p = q->known->first; p <= q->known->last && e == OK; p++) {
        if (!q->known->may_have_moved[p - q->known->first]) continue;
        e = moved_figures(q, p, &pair);
        if (e == OK) visit(context, p, &pair);
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

enum err moved_write(const struct moved_question *q, struct json *j) {
    json_array_begin(j);
    enum err e = moved_visit(q, write_period, j);
    json_end(j);
    return e;
}
