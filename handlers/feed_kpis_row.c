/* The rows of the feed kpi-results: each KPI's quarter, and the year to date. */
#include "handlers/dashboard_write.h"
#include "handlers/feed_kpis.h"
#include "kpi/wilson.h"

enum { SMALL_BELOW = 8 };

/* ---- words ---- */

const char *kpi_no_value(const struct figure *f) {
    if (f->has_value) return NULL;
    if (!f->has_numbers) return "NOT_SENT";
    return f->rag == RAG_NOT_DUE ? "NOT_DUE" : "NOTHING_TO_DIVIDE_BY";
}

/* Which rule of the scheme gave the colour. */
static const char *reason_of_colour(const struct kpi_figures *f, const struct figure *v,
                                    struct fraction value) {
    bool on_target = goal_reached(f->kpi, &v->goal, value) >= REACHED_TARGET;
    bool direction = f->year->scheme == SCHEME_DIRECTION;
    bool minimum = f->year->scheme == SCHEME_FOUR_COLOURS && v->goal.minimum.den;
    switch (v->rag) {
    case RAG_BLUE: return "BEYOND_STRETCH";
    case RAG_GREEN: return direction && !on_target ? "WITHIN_TOLERANCE" : "ON_TARGET";
    case RAG_AMBER:
        return direction ? "NO_WORSE_THAN_LAST_YEAR" : minimum ? "ABOVE_MINIMUM" : "WITHIN_TOLERANCE";
    default: return minimum ? "BELOW_MINIMUM" : "BEYOND_TOLERANCE";
    }
}

static const char *reason_of(const struct kpi_figures *f, const struct figure *v, struct fraction value) {
    if (rag_rank(v->rag)) return reason_of_colour(f, v, value);
    switch (v->rag) {
    case RAG_BASELINE: return "BASELINE_YEAR";
    case RAG_NOT_DUE: return "NOT_DUE";
    case RAG_NO_DATA: return v->has_numbers ? "NOTHING_TO_DIVIDE_BY" : "NOT_SENT";
    default: return "NO_PROVIDER_TARGET";
    }
}

static int64_t rank_of(enum rag rag) {
    static const int64_t RANKS[RAG_COUNT] = {
        [RAG_RED] = 1,     [RAG_AMBER] = 2,   [RAG_GREEN] = 3, [RAG_BASELINE] = 4,
        [RAG_NOT_DUE] = 5, [RAG_NO_DATA] = 6, [RAG_BLUE] = 7};
    return RANKS[rag];
}

bool kpi_is_small(const struct kpi *k, const struct figure *f) {
    int64_t base = k->unit == KPI_PERCENT ? f->denominator : f->numerator;
    return f->has_numbers && base > 0 && base < SMALL_BELOW;
}

/* ---- columns that are the same in many rows ---- */

static void put_who(struct kpi_table *t) {
    struct feed_out *o = &t->ask->out;
    const struct figures_ask *q = &t->ask->q;
    if (feed_run_again(o, &t->who)) return;
    feed_run_begin(o, &t->who);
    feed_text(o, "service", q->service);
    feed_text(o, "provider", t->entity->id);
    feed_text(o, "providerOdsCode", STR_NONE);
    feed_text(o, "providerName", t->entity->name);
    feed_text(o, "localAuthorityCode",
              q->authority ? arena_printf(&o->row, "E%08u", (unsigned)q->authority) : STR_NONE);
    feed_period(o, t->period);
    feed_run_end(o, &t->who);
}

static void put_names(struct kpi_table *t, size_t kpi, bool quarter) {
    struct feed_out *o = &t->ask->out;
    const struct kpi *k = &t->framework->kpis[kpi];
    struct feed_run *names = &t->columns[kpi].names[quarter];
    if (feed_run_again(o, names)) return;
    feed_run_begin(o, names);
    feed_cstr(o, "kpiRef", k->ref);
    feed_cstr(o, "kpiTitle", k->title);
    feed_cstr(o, "unit", k->unit == KPI_PERCENT ? "PERCENT" : "COUNT");
    feed_cstr(o, "direction", k->direction == KPI_HIGHER ? "HIGHER" : "LOWER");
    feed_cstr(o, "view", quarter ? "QUARTER" : "YEAR_TO_DATE");
    feed_run_end(o, names);
}

static void put_version(struct kpi_table *t) {
    struct feed_out *o = &t->ask->out;
    const struct figures_ask *q = &t->ask->q;
    if (feed_run_again(o, &t->version)) return;
    feed_run_begin(o, &t->version);
    feed_int(o, "frameworkVersion", t->framework->version);
    feed_day(o, "asAt", q->as_at);
    feed_instant(o, "knownAt", q->known_at);
    feed_run_end(o, &t->version);
}

/* Whoever has no targets of their own has those of the service, whose row comes first. */
static void put_targets(struct kpi_table *t, size_t kpi, bool quarter) {
    struct feed_out *o = &t->ask->out;
    const struct kpi_figures *f = &t->figures[kpi];
    const struct figure *v = quarter ? &f->quarter : &f->year_to_date;
    bool same = !t->entity->is_provider || f->same_goals;
    struct feed_run *targets = &t->columns[kpi].targets[quarter];
    if (same && feed_run_again(o, targets)) return;
    if (same) feed_run_begin(o, targets);
    feed_fraction_if(o, "target", v->has_target, v->goal.target);
    feed_fraction_if(o, "annualTarget", f->year->has_target, fraction_of_decimal(f->year->annual));
    feed_fraction_if(o, "profiledTarget", f->year->has_target, f->year_to_date.goal.target);
    if (same) feed_run_end(o, targets);
}

/* ---- a row ---- */

void kpi_put_value(struct feed_out *o, const char *column, const struct kpi *k, const struct figure *f) {
    if (k->unit == KPI_COUNT) feed_int_if(o, column, f->has_value, f->numerator);
    else if (!f->has_value) feed_text(o, column, STR_NONE);
    else
        feed_decimal_if(o, column, true,
                        (struct decimal){percent_hundredths(f->numerator, f->denominator), 2});
}

void kpi_put_limits(struct feed_out *o, const char *lower, const char *upper, const struct kpi *k,
                    const struct figure *f, double z) {
    bool given = f->has_value && k->unit == KPI_PERCENT;
    struct interval i = given ? wilson(f->numerator, f->denominator, z) : (struct interval){0, 0};
    feed_decimal_if(o, lower, given, (struct decimal){proportion_hundredths(i.lower), 2});
    feed_decimal_if(o, upper, given, (struct decimal){proportion_hundredths(i.upper), 2});
}

/* With the value minus the target, in two decimals. */
static void put_status(struct feed_out *o, const struct kpi_figures *f, const struct figure *v) {
    struct fraction value = figure_value(f->kpi, v);
    bool given = v->has_target && value.den != 0;
    int64_t variance = given ? fraction_round(fraction_sub(value, v->goal.target), 2) : 0;
    feed_decimal_if(o, "variance", given, (struct decimal){variance, 2});
    feed_cstr(o, "rag", rag_name(v->rag));
    feed_cstr(o, "ragReason", reason_of(f, v, value));
    feed_int_if(o, "ragRank", v->rag != RAG_NONE, rank_of(v->rag));
}

static void put_plan(struct feed_out *o, const struct kpi_table *t, const struct kpi_figures *f) {
    bool service = !t->entity->is_provider;
    const struct store_plan_mark *m =
        service ? plan_mark_find(t->plans, t->plan_count, f->kpi, t->period) : NULL;
    feed_flag_if(o, "actionPlanRequired", service, f->rag == RAG_RED && f->kpi->raises_plan);
    feed_text(o, "actionPlanId", m ? m->id : STR_NONE);
}

static void write_row(struct kpi_table *t, size_t kpi, bool quarter) {
    struct feed_out *o = &t->ask->out;
    const struct kpi_figures *f = &t->figures[kpi];
    const struct kpi *k = f->kpi;
    const struct figure *v = quarter ? &f->quarter : &f->year_to_date;
    int32_t returned = t->returned[k->part];
    put_who(t);
    put_names(t, kpi, quarter);
    feed_int_if(o, "numerator", v->has_numbers, v->numerator);
    feed_int_if(o, "denominator", v->has_numbers && k->unit == KPI_PERCENT, v->denominator);
    kpi_put_value(o, "value", k, v);
    put_targets(t, kpi, quarter);
    put_status(o, f, v);
    feed_cstr(o, "trend", quarter ? trend_name(kpi_trend(t, kpi)) : NULL);
    feed_flag(o, "provisional", t->provisional);
    put_plan(o, t, f);
    feed_int_if(o, "returnVersion", returned != 0, returned);
    feed_flag(o, "partial", f->partial);
    feed_flag(o, "smallNumber", kpi_is_small(k, v));
    kpi_put_limits(o, "lower95", "upper95", k, v, WILSON_95);
    feed_cstr(o, "valueNote", kpi_no_value(v));
    put_version(t);
    feed_end_row(o);
}

void kpi_rows_write(struct kpi_table *t, size_t kpi) {
    write_row(t, kpi, true);
    write_row(t, kpi, false);
}
