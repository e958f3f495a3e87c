#include "handlers/consequences.h"

#include "handlers/dashboard_write.h"
#include "kpi/element.h"
#include "kpi/payment_year.h"

struct telling {
    const struct moved_question *q;
    int16_t period;
    struct json *j;
    int16_t first, last; /* rated quarters */
    bool *moved;         /* by period, from the first: the completeness of it has moved */
};

/* KPI 1.14, whatever the framework calls it; NULL: no KPI counts it. */
static const struct kpi *completeness_kpi(const struct framework *f) {
    for (size_t i = 0; i < f->kpi_count; i++)
        if (f->kpis[i].denominator >= 0 && f->tests[f->kpis[i].numerator].sum == SUM_COMPLETE_ITEMS)
            return &f->kpis[i];
    return NULL;
}

static size_t index_of(const struct moved_pair *pair, const struct kpi *kpi) {
    return (size_t)(kpi - pair->framework->kpis);
}

static bool same_numbers(const struct figure *x, const struct figure *y) {
    return x->has_numbers == y->has_numbers && x->numerator == y->numerator &&
           x->denominator == y->denominator;
}

/* ---- statuses: the headlines ---- */

static void write_statuses_of(void *context, int16_t period, const struct moved_pair *pair) {
    struct telling *t = context;
    char text[PERIOD_TEXT];
    for (size_t k = 0; k < pair->framework->kpi_count; k++) {
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
    enum err e = moved_visit(t->q, write_statuses_of, t);
    json_end(t->j);
    return e;
}

/* ---- completeness, of the return's own period and of each whose figure moved ---- */

static void note_completeness(void *context, int16_t period, const struct moved_pair *pair) {
    struct telling *t = context;
    const struct kpi *kpi = completeness_kpi(pair->framework);
    if (!kpi) return;
    size_t k = index_of(pair, kpi);
    if (!same_numbers(&pair->before[k].quarter, &pair->after[k].quarter)) t->moved[period - t->first] = true;
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

/* Null where the framework does not know the provider. */
static enum err write_shares(struct telling *t, const struct kpi *kpi, const char *key, bool own,
                             int16_t period) {
    struct moved_figure f;
    enum err e = moved_figure(t->q, own, period, kpi, &f);
    json_key(t->j, key);
    if (e == ERR_NOT_FOUND) {
        json_put_null(t->j);
        return OK;
    }
    if (e != OK) return e;
    json_object_begin(t->j);
    write_share(t->j, "before", &f.before.quarter);
    write_share(t->j, "after", &f.after.quarter);
    json_end(t->j);
    return OK;
}

static enum err write_completeness_of(struct telling *t, const struct kpi *kpi, int16_t period) {
    char text[PERIOD_TEXT];
    json_object_begin(t->j);
    json_field_cstr(t->j, "period", period_format(period, text));
    enum err e = write_shares(t, kpi, "service", false, period);
    if (e == OK) e = write_shares(t, kpi, "provider", true, period);
    json_end(t->j);
    return e;
}

static enum err write_completeness(struct telling *t) {
    enum err e = moved_visit(t->q, note_completeness, t);
    json_key(t->j, "completeness");
    json_array_begin(t->j);
    for (int16_t p = t->first; e == OK && p <= t->last; p++) {
        const struct framework *f = service_view_framework(t->q->view, p);
        const struct kpi *kpi = framework_has_period(f, p) ? completeness_kpi(f) : NULL;
        if (kpi && (p == t->period || t->moved[p - t->first])) e = write_completeness_of(t, kpi, p);
    }
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

static enum err write_payment_of(struct telling *t, const struct framework *f, int year) {
    char text[YEAR_TEXT];
    struct moved_figure moved;
    enum err e = moved_figure(t->q, false, period_of(year, 4), f->payment_kpi, &moved);
    if (e != OK) return e;
    const struct kpi_figures *x = &moved.before, *y = &moved.after;
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
    enum err e = OK;
    json_key(t->j, "payment");
    json_array_begin(t->j);
    for (int year = period_year(t->first); e == OK && year <= period_year(t->last); year++) {
        const struct framework *f = service_view_framework(t->q->view, period_of(year, 4));
        if (payment_year_is_agreed(f, year)) e = write_payment_of(t, f, year);
    }
    json_end(t->j);
    return e;
}

enum err consequences_write(const struct moved_question *q, const struct plan_ground *ground, struct arena *a,
                            struct json *j) {
    struct telling t = {
        .q = q,
        .period = ground->period,
        .j = j,
    };
    frameworks_quarters(&q->view->in_force, &t.first, &t.last);
    t.moved = ARENA_ARRAY(a, bool, (size_t)(t.last - t.first) + 1);
    json_object_begin(j);
    enum err e = write_statuses(&t);
    if (e == OK) e = write_completeness(&t);
    if (e == OK) e = write_payment(&t);
    if (e == OK) {
        json_key(j, "plans");
        e = plan_forecast_write(q, ground, a, j);
    }
    json_end(j);
    return e;
}
