/* GET /v1/payments/{service}/{year}: payment by results (contract section 9), forecast until the year is over and its Q4 final. */
#include "db/store_periods.h"
#include "handlers/dashboard_write.h"
#include "handlers/handlers.h"
#include "handlers/page.h"
#include "handlers/tallies.h"
#include "kpi/payment_year.h"

struct ask {
    struct request *r;
    struct reply *p;
    str service;
    int year;
    int32_t as_at;
    int64_t known_at;
};

static enum err year_figures(struct ask *ask, const struct service_view *v, struct kpi_figures *out) {
    struct service_tallies tallies;
    enum err e = tallies_load(ask->r, v, ask->as_at, ask->known_at, 0, &tallies);
    if (e != OK) return e;
    struct figures_question q = {
        .framework = v->framework,
        .period = period_of(ask->year, 4),
        .as_at = ask->as_at,
        .providers = tallies.providers,
        .provider_count = tallies.count,
    };
    struct kpi_figures *all = ARENA_ARRAY(ask->r->arena, struct kpi_figures, v->framework->kpi_count);
    e = figures_compute(&q, all);
    if (e == OK) *out = all[v->framework->payment_kpi - v->framework->kpis];
    tallies_release(ask->r, &tallies);
    return e;
}

static enum err run(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    struct service_view view;
    struct kpi_figures f;
    struct store_period q4;
    char text[YEAR_TEXT];
    buf_clear(&ask->p->body);
    enum err e = service_view_load(ask->r, ask->service, ask->known_at, &view, fault);
    if (e != OK) return e;
    const struct framework *fw = view.framework;
    if (!payment_year_is_agreed(fw, ask->year))
        return fail(fault, ERR_NOT_FOUND, "The framework %s agrees no payment by results for %s.", fw->id,
                    year_format(ask->year, text));
    e = year_figures(ask, &view, &f);
    if (e == OK) e = store_period_get(db, ask->service, period_of(ask->year, 4), ask->r->arena, &q4);
    if (e != OK) return e;
    struct payment_year year = payment_year_of(fw, ask->year, &f);
    bool final = q4.final && f.all_due && (ask->known_at == INSTANT_NONE || q4.final_at <= ask->known_at);
    struct json j = json_to(&ask->p->body);
    json_object_begin(&j);
    json_field_str(&j, "service", ask->service);
    json_field_cstr(&j, "year", year_format(ask->year, text));
    json_field_cstr(&j, "kpi", fw->payment_kpi->ref);
    json_field_int(&j, "contractValuePence", year.contract_pence);
    json_field_int(&j, "poolPence", year.pay.pool_pence);
    json_field_int(&j, "numerator", year.numerator);
    json_field_int(&j, "denominator", year.denominator);
    json_key(&j, "ratePercent");
    percent_write(&j, year.numerator, year.denominator);
    json_field_int(&j, "paymentPence", year.pay.payment_pence);
    json_field_cstr(&j, "status", final ? "FINAL" : "FORECAST");
    json_end(&j);
    return OK;
}

enum err handle_payment(struct request *r, struct reply *p) {
    struct ask ask = {.r = r,
                      .p = p,
                      .service = request_param(r, "service"),
                      .as_at = app_today(app_of(r)),
                      .known_at = INSTANT_NONE};
    str year = request_param(r, "year");
    if (!year_parse(year, &ask.year))
        return fail(&r->fault, ERR_NOT_FOUND, "There is no year '%.*s'. Years are written like 2025-26.",
                    STR_ARG(year));
    enum err e = query_day(r, "asAt", &ask.as_at);
    if (e == OK) e = query_instant(r, "knownAt", &ask.known_at);
    if (e != OK) return e;
    e = db_transaction(db_of(r), &(struct db_work){.run = run, .context = &ask, .read_only = true},
                       &r->fault);
    if (e == OK) reply_etag_of_body(p);
    return e;
}
