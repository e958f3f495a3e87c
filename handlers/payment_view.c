/* See payment_view.h. Everything is worked out from exact fractions in kpi/payment.c; here it is only written. */
#include "handlers/payment_view.h"

#include "db/store_periods.h"
#include "handlers/number_write.h"
#include "handlers/snapshot_ask.h"

enum err payment_ask_read(struct request *r, struct payment_ask *out) {
    struct payment_ask ask = {.r = r,
                              .service = request_param(r, "service"),
                              .as_at = app_today(app_of(r)),
                              .known_at = INSTANT_NONE};
    str year = request_param(r, "year");
    if (!year_parse(year, &ask.year))
        return fail(&r->fault, ERR_NOT_FOUND, "There is no year '%.*s'. Years are written like 2025-26.",
                    STR_ARG(year));
    enum err e = query_day(r, "asAt", &ask.as_at);
    if (e == OK) e = query_instant(r, "knownAt", &ask.known_at);
    if (e == OK) e = query_snapshot(r, ask.service, &ask.as_at, &ask.known_at);
    if (e == OK) *out = ask;
    return e;
}

/* ---- the figures ---- */

/* Of the paid KPI at the end of the year, of those providers together. */
static enum err figures_of(const struct payment_view *v, const struct service_tallies *t, size_t from,
                           size_t count, struct kpi_figures *all, struct kpi_figures *out) {
    const struct framework *f = v->view.framework;
    struct figures_question q = tallies_question(t, period_of(v->ask->year, 4));
    figures_question_narrow(&q, from, count);
    enum err e = figures_compute(&q, all);
    if (e == OK) *out = all[f->payment_kpi - f->kpis];
    return e;
}

static enum err load_parts(struct payment_view *v, const struct service_tallies *t, struct kpi_figures *all) {
    struct arena *a = v->ask->r->arena;
    enum err e = OK;
    v->parts = ARENA_ARRAY(a, struct payment_part, t->count);
    v->part_count = t->count;
    for (size_t i = 0; e == OK && i < t->count; i++) {
        struct kpi_figures own;
        e = figures_of(v, t, i, 1, all, &own);
        if (e != OK) return e;
        const struct figure *y = &own.year_to_date;
        v->parts[i] = (struct payment_part){
            .provider = v->view.providers[i].id,
            .numerator = y->has_numbers ? y->numerator : 0,
            .denominator = y->has_numbers ? y->denominator : 0,
        };
    }
    return e;
}

static void share_out(struct payment_view *v) {
    struct arena *a = v->ask->r->arena;
    int64_t *numerators = ARENA_ARRAY(a, int64_t, v->part_count);
    int64_t *pence = ARENA_ARRAY(a, int64_t, v->part_count);
    for (size_t i = 0; i < v->part_count; i++)
        numerators[i] = v->parts[i].numerator;
    payment_split(v->year.pay.payment_pence, numerators, v->part_count, pence);
    for (size_t i = 0; i < v->part_count; i++)
        v->parts[i].pence = pence[i];
}

static enum err load_figures(struct payment_view *v, struct kpi_figures *out) {
    struct service_tallies t;
    const struct payment_ask *ask = v->ask;
    int16_t q4 = period_of(ask->year, 4);
    enum err e = tallies_load(ask->r, &v->view, (struct quarters){q4, q4}, ask->as_at, ask->known_at, 0, &t);
    if (e != OK) return e;
    struct kpi_figures *all = ARENA_ARRAY(ask->r->arena, struct kpi_figures, v->view.framework->kpi_count);
    e = figures_of(v, &t, 0, t.count, all, out);
    if (e == OK) e = load_parts(v, &t, all);
    tallies_release(ask->r, &t);
    return e;
}

enum err payment_view_load(const struct payment_ask *ask, struct payment_view *out, struct fault *fault) {
    struct kpi_figures f;
    struct store_period q4;
    char text[YEAR_TEXT];
    *out = (struct payment_view){.ask = ask};
    enum err e =
        service_view_load(ask->r, ask->service, ask->known_at, period_of(ask->year, 4), &out->view, fault);
    if (e != OK) return e;
    const struct framework *fw = out->view.framework;
    if (!payment_year_is_agreed(fw, ask->year))
        return fail(fault, ERR_NOT_FOUND, "The framework %s agrees no payment by results for %s.", fw->id,
                    year_format(ask->year, text));
    e = load_figures(out, &f);
    if (e == OK)
        e = store_period_get(db_of(ask->r), ask->service, period_of(ask->year, 4), ask->r->arena, &q4);
    if (e != OK) return e;
    out->year = payment_year_of(fw, ask->year, &f);
    out->final = q4.final && f.all_due && (ask->known_at == INSTANT_NONE || q4.final_at <= ask->known_at);
    share_out(out);
    return OK;
}

/* ---- writing ---- */

static void write_workings(struct json *j, const struct payment_view *v) {
    const struct payment_terms *t = &v->year.terms;
    const struct payment *p = &v->year.pay;
    json_key(j, "workings");
    json_object_begin(j);
    fraction_field(j, "poolPercent", true, fraction_of_decimal(t->pool_percent));
    fraction_field(j, "noneUntilPercent", true, fraction_of_decimal(t->none_until));
    fraction_field(j, "fullFromPercent", true, fraction_of_decimal(t->full_from));
    exact_field(j, "pool", p->exact_pool);
    exact_field(j, "rate", p->rate);
    exact_field(j, "share", p->share);
    exact_field(j, "payment", p->exact_payment);
    json_field_cstr(
        j, "rule",
        "pool = contract value x pool percent; share = (rate - none until) / (full from - none until), from 0 to 1; "
        "payment = pool x share, in pence, rounded half up once");
    json_end(j);
}

static void write_parts(struct json *j, const struct payment_view *v) {
    json_key(j, "providers");
    json_array_begin(j);
    for (size_t i = 0; i < v->part_count; i++) {
        const struct payment_part *p = &v->parts[i];
        json_object_begin(j);
        json_field_str(j, "provider", p->provider);
        json_field_int(j, "numerator", p->numerator);
        json_field_int(j, "denominator", p->denominator);
        json_key(j, "ratePercent");
        percent_write(j, p->numerator, p->denominator);
        json_key(j, "numeratorSharePercent");
        percent_write(j, p->numerator, v->year.numerator);
        json_key(j, "denominatorSharePercent");
        percent_write(j, p->denominator, v->year.denominator);
        json_field_int(j, "paymentPence", p->pence);
        json_end(j);
    }
    json_end(j);
}

void payment_view_write(struct json *j, const struct payment_view *v) {
    char text[YEAR_TEXT];
    const struct payment_year *y = &v->year;
    json_field_str(j, "service", v->ask->service);
    json_field_cstr(j, "year", year_format(v->ask->year, text));
    json_field_cstr(j, "kpi", v->view.framework->payment_kpi->ref);
    json_field_int(j, "contractValuePence", y->contract_pence);
    json_field_int(j, "poolPence", y->pay.pool_pence);
    json_field_int(j, "numerator", y->numerator);
    json_field_int(j, "denominator", y->denominator);
    json_key(j, "ratePercent");
    percent_write(j, y->numerator, y->denominator);
    json_field_int(j, "paymentPence", y->pay.payment_pence);
    json_field_cstr(j, "status", v->final ? "FINAL" : "FORECAST");
    write_workings(j, v);
    write_parts(j, v);
}
