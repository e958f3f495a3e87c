#include "handlers/consequences.h"

#include "handlers/dashboard_write.h"
#include "handlers/plan_forecast.h"
#include "kpi/element.h"
#include "kpi/payment_year.h"

struct telling {
    const struct moved_question *q;
    const struct framework_provider *own; /* NULL: the framework does not know the provider */
    int16_t period;
    const struct kpi *completeness; /* NULL: no KPI of the framework counts it */
    struct json *j;
    struct moved_pair pair;
    bool *moved; /* by period of the framework, from its first: the completeness of it has moved */
};

/* KPI 1.14, whatever the framework calls it. */
static const struct kpi *completeness_kpi(const struct framework *f) {
    for (size_t i = 0; i < f->kpi_count; i++)
        if (f->kpis[i].denominator >= 0 && f->tests[f->kpis[i].numerator].sum == SUM_COMPLETE_ITEMS)
            return &f->kpis[i];
    return NULL;
}

static size_t index_of(const struct telling *t, const struct kpi *kpi) {
    return (size_t)(kpi - t->q->framework->kpis);
}

static bool same_numbers(const struct figure *x, const struct figure *y) {
    return x->has_numbers == y->has_numbers && x->numerator == y->numerator &&
           x->denominator == y->denominator;
}

/* ---- statuses: the headlines ---- */

static void write_statuses_of(void *context, int16_t period, const struct moved_pair *pair) {
    struct telling *t = context;
    char text[PERIOD_TEXT];
    for (size_t k = 0; k < t->q->framework->kpi_count; k++) {
        const struct kpi_figures *x = &pair->before[k], *y = &pair->after[k];
        if (x->rag == y->rag) continue;
        json_object_begin(t->j);
        json_field_cstr(t->j, "period", period_format(period, text));
        json_field_cstr(t->j, "ref", x->kpi->ref);
        json_field_cstr(t->j, "before", rag_name(x->rag));
        json_field_cstr(t->j, "after", rag_name(y->rag));
        json_end(t->j);
    }
}

static enum err write_statuses(struct telling *t) {
    json_key(t->j, "statuses");
    json_array_begin(t->j);
    enum err e = moved_visit(t->q, &t->pair, write_statuses_of, t);
    json_end(t->j);
    return e;
}

/* ---- completeness, of the return's own period and of each whose figure moved ---- */

static void note_completeness(void *context, int16_t period, const struct moved_pair *pair) {
    struct telling *t = context;
    size_t k = index_of(t, t->completeness);
    if (!same_numbers(&pair->before[k].quarter, &pair->after[k].quarter))
        t->moved[period - period_of(t->q->framework->first_year, 1)] = true;
}

static void write_share(struct json *j, const char *key, const struct figure *f) {
    int64_t complete = f->has_numbers ? f->numerator : 0, required = f->has_numbers ? f->denominator : 0;
    json_key(j, key);
    json_object_begin(j);
    json_field_int(j, "complete", complete);
    json_field_int(j, "required", required);
    json_key(j, "value");
    percent_write(j, complete, required);
    json_end(j);
}

static enum err write_shares(struct telling *t, const char *key, const struct framework_provider *view,
                             int16_t period) {
    enum err e = moved_figures(t->q, view, period, &t->pair);
    if (e != OK) return e;
    size_t k = index_of(t, t->completeness);
    json_key(t->j, key);
    json_object_begin(t->j);
    write_share(t->j, "before", &t->pair.before[k].quarter);
    write_share(t->j, "after", &t->pair.after[k].quarter);
    json_end(t->j);
    return OK;
}

static enum err write_completeness_of(struct telling *t, int16_t period) {
    char text[PERIOD_TEXT];
    json_object_begin(t->j);
    json_field_cstr(t->j, "period", period_format(period, text));
    enum err e = write_shares(t, "service", NULL, period);
    if (e == OK && t->own) e = write_shares(t, "provider", t->own, period);
    else if (e == OK) json_field_null(t->j, "provider");
    json_end(t->j);
    return e;
}

static enum err write_completeness(struct telling *t) {
    const struct framework *f = t->q->framework;
    int16_t first = period_of(f->first_year, 1), last = period_of(f->last_year, 4);
    enum err e = OK;
    if (t->completeness) e = moved_visit(t->q, &t->pair, note_completeness, t);
    json_key(t->j, "completeness");
    json_array_begin(t->j);
    for (int16_t p = first; t->completeness && e == OK && p <= last; p++)
        if (p == t->period || t->moved[p - first]) e = write_completeness_of(t, p);
    json_end(t->j);
    return e;
}

/* ---- payment, of the return's own year and of each whose figure moved ---- */

static void write_payment_side(struct json *j, const char *key, const struct payment_year *y) {
    json_key(j, key);
    json_object_begin(j);
    json_field_int(j, "numerator", y->numerator);
    json_field_int(j, "denominator", y->denominator);
    json_key(j, "ratePercent");
    percent_write(j, y->numerator, y->denominator);
    json_field_int(j, "paymentPence", y->pay.payment_pence);
    json_end(j);
}

static enum err write_payment_of(struct telling *t, int year) {
    const struct framework *f = t->q->framework;
    char text[YEAR_TEXT];
    enum err e = moved_figures(t->q, NULL, period_of(year, 4), &t->pair);
    if (e != OK) return e;
    size_t k = index_of(t, f->payment_kpi);
    const struct kpi_figures *x = &t->pair.before[k], *y = &t->pair.after[k];
    if (year != period_year(t->period) && same_numbers(&x->year_to_date, &y->year_to_date)) return OK;
    struct payment_year before = payment_year_of(f, year, x), after = payment_year_of(f, year, y);
    json_object_begin(t->j);
    json_field_cstr(t->j, "year", year_format(year, text));
    json_field_int(t->j, "poolPence", after.pay.pool_pence);
    write_payment_side(t->j, "before", &before);
    write_payment_side(t->j, "after", &after);
    json_end(t->j);
    return OK;
}

static enum err write_payment(struct telling *t) {
    const struct framework *f = t->q->framework;
    enum err e = OK;
    json_key(t->j, "payment");
    json_array_begin(t->j);
    for (int year = f->first_year; e == OK && year <= f->last_year; year++)
        if (payment_year_is_agreed(f, year)) e = write_payment_of(t, year);
    json_end(t->j);
    return e;
}

enum err consequences_write(struct request *r, const struct service_view *v, const struct moved_question *q,
                            int16_t period, int64_t known_at, struct json *j) {
    struct telling t = {
        .q = q,
        .own = q->service->providers[q->provider].provider,
        .period = period,
        .completeness = completeness_kpi(q->framework),
        .j = j,
        .moved =
            ARENA_ARRAY(r->arena, bool, (size_t)(q->framework->last_year - q->framework->first_year + 1) * 4),
        .pair = moved_pair_new(q, r->arena),
    };
    json_object_begin(j);
    enum err e = write_statuses(&t);
    if (e == OK) e = write_completeness(&t);
    if (e == OK) e = write_payment(&t);
    if (e == OK) {
        json_key(j, "plans");
        e = plan_forecast_write(r, v, q, period, known_at, j);
    }
    json_end(j);
    return e;
}
