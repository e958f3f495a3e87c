/* GET /v1/kpis/{service}/{ref}: what a KPI is, and how it went: every quarter with its change, the recent trend, the XmR chart, the
 * limits of the quarters' own denominators, and where the year is heading. Statuses are exact; what a chart says decides nothing. */
#include "handlers/dashboard_write.h"
#include "handlers/figures_ask.h"
#include "handlers/handlers.h"
#include "handlers/page.h"
#include "handlers/stamps.h"
#include "kpi/chart_limits.h"
#include "kpi/element.h"
#include "kpi/forecast.h"
#include "kpi/spc.h"
#include "kpi/trend.h"

enum { QUARTERS_MAX = 64, SMALL_BELOW = 8 };

struct ask {
    struct figures_ask q;
    str ref;
    int16_t from, to;      /* -1: not asked for */
    const struct kpi *kpi; /* by the version of the as-at day, which the definition and the charts are of */
    int16_t periods[QUARTERS_MAX];
    int versions[QUARTERS_MAX];              /* of the framework */
    struct kpi_figures points[QUARTERS_MAX]; /* each by the version that rates its quarter */
    size_t count;
};

/* ---- which quarters ---- */

static void choose_quarters(struct ask *ask, int16_t *out_first, int16_t *out_last) {
    figures_ask_quarters(&ask->q, ask->from, ask->to, out_first, out_last);
    if (*out_last - *out_first >= QUARTERS_MAX) *out_first = (int16_t)(*out_last - QUARTERS_MAX + 1);
}

/* Left out: quarters whose version does not have the KPI, or does not name the provider. */
static void compute(struct ask *ask) {
    int16_t first, last;
    choose_quarters(ask, &first, &last);
    for (int16_t p = first; p <= last; p++) {
        struct figures_question q = figures_ask_question(&ask->q, p);
        const struct kpi *k = framework_kpi(q.framework, str_of(ask->kpi->ref));
        struct kpi_figures *all = ARENA_ARRAY(ask->q.r->arena, struct kpi_figures, q.framework->kpi_count);
        if (!k || (ask->q.provider.p && !q.view) || figures_compute(&q, all) != OK) continue;
        ask->periods[ask->count] = p;
        ask->versions[ask->count] = q.framework->version;
        ask->points[ask->count++] = all[k - q.framework->kpis];
    }
}

/* ---- one quarter beside another ---- */

static int16_t period_at(const struct ask *ask, size_t i) {
    return ask->periods[i];
}

static struct fraction value_at(const struct ask *ask, size_t i) {
    return figure_value(ask->points[i].kpi, &ask->points[i].quarter);
}

static const char *verdict(const struct kpi *k, int direction) {
    if (direction == 0) return "SAME";
    return (direction > 0) == (k->direction == KPI_HIGHER) ? "BETTER" : "WORSE";
}

/* The quarter's value where it is of the same unit; den 0: none. */
static struct fraction value_of_period(const struct ask *ask, int16_t period, enum kpi_unit unit) {
    for (size_t i = 0; i < ask->count; i++)
        if (ask->periods[i] == period && ask->points[i].kpi->unit == unit) return value_at(ask, i);
    return (struct fraction){0, 0};
}

/* The change of the quarter's value since `back` quarters ago; null where either has none. */
static void write_change(struct json *j, const struct ask *ask, const char *key, size_t i, int back) {
    char text[PERIOD_TEXT];
    int16_t before = (int16_t)(ask->periods[i] - back);
    json_key(j, key);
    struct fraction now = value_at(ask, i);
    struct fraction then = value_of_period(ask, before, ask->points[i].kpi->unit);
    if (now.den == 0 || then.den == 0) {
        json_put_null(j);
        return;
    }
    struct fraction change = fraction_sub(now, then);
    json_object_begin(j);
    json_field_cstr(j, "period", period_format(before, text));
    json_key(j, "change");
    decimal_write(j, (struct decimal){fraction_round(change, 2), 2});
    json_field_cstr(j, "verdict", verdict(ask->points[i].kpi, fraction_cmp(now, then)));
    json_end(j);
}

/* ---- statistics over the quarters ---- */

static double as_double(struct fraction f) {
    return (double)f.num / (double)f.den;
}

static enum spc_direction better(const struct kpi *k) {
    return k->direction == KPI_HIGHER ? SPC_INCREASE : SPC_DECREASE;
}

/* Only quarters of the same unit whose cohort is wholly due: one that is still filling would look like a fall. */
static bool is_chartable(const struct ask *ask, size_t i) {
    return ask->points[i].kpi->unit == ask->kpi->unit && value_at(ask, i).den != 0 &&
           ask->points[i].quarter_due && period_last_day(period_at(ask, i)) < ask->q.as_at;
}

struct chart {
    size_t count;
    size_t at[QUARTERS_MAX]; /* index of the quarter */
    double value[QUARTERS_MAX];
    bool drawn;
    struct spc_limits limits;
    struct spc_point points[QUARTERS_MAX];
};

static void draw(const struct ask *ask, struct chart *c) {
    for (size_t i = 0; i < ask->count; i++) {
        if (!is_chartable(ask, i)) continue;
        c->at[c->count] = i;
        c->value[c->count++] = as_double(value_at(ask, i));
    }
    struct spc_settings s = {.better = better(ask->kpi)};
    c->drawn = spc_xmr(c->value, c->count, &s, &c->limits, c->points);
}

static void write_signal(struct json *j, const struct chart *c, size_t quarter) {
    json_key(j, "spc");
    for (size_t i = 0; c->drawn && i < c->count; i++) {
        if (c->at[i] != quarter) continue;
        json_object_begin(j);
        json_field_cstr(j, "cause", spc_cause_name(c->points[i].cause));
        json_field_cstr(j, "signal", spc_signal_name(c->points[i].signal));
        json_end(j);
        return;
    }
    json_put_null(j);
}

static void write_spc(struct json *j, const struct ask *ask, const struct chart *c) {
    json_key(j, "spc");
    if (!c->drawn) {
        json_put_null(j);
        return;
    }
    const struct kpi_figures *latest = &ask->points[c->at[c->count - 1]];
    enum spc_assurance a = SPC_NO_ASSURANCE;
    if (latest->quarter.has_target)
        a = spc_assure(&c->limits, better(ask->kpi), as_double(latest->quarter.goal.target));
    json_object_begin(j);
    json_field_int(j, "points", (int64_t)c->count);
    json_field_bool(j, "trialLimits", c->limits.trial);
    statistic_field(j, "mean", c->limits.mean);
    statistic_field(j, "upper", c->limits.upper);
    statistic_field(j, "lower", c->limits.lower);
    statistic_field(j, "nearUpper", c->limits.near_upper);
    statistic_field(j, "nearLower", c->limits.near_lower);
    json_field_cstr(j, "variation", spc_signal_name(c->points[c->count - 1].signal));
    json_field_cstr(j, "assurance", spc_assurance_name(a));
    json_end(j);
}

/* The last five chartable quarters must follow one another without a gap. */
static bool last_five(const struct ask *ask, const struct chart *c, size_t *out_from) {
    if (c->count < TREND_POINTS) return false;
    *out_from = c->count - TREND_POINTS;
    return period_at(ask, c->at[c->count - 1]) - period_at(ask, c->at[*out_from]) == TREND_POINTS - 1;
}

static void write_trend(struct json *j, const struct ask *ask, const struct chart *c) {
    struct trend_result r = {TREND_UNKNOWN, 0, 0};
    size_t from = 0;
    char text[PERIOD_TEXT];
    bool counted = ask->kpi->unit == KPI_PERCENT && last_five(ask, c, &from);
    if (counted) {
        struct trend_proportion points[TREND_POINTS];
        for (size_t i = 0; i < TREND_POINTS; i++) {
            const struct figure *f = &ask->points[c->at[from + i]].quarter;
            points[i] = (struct trend_proportion){f->numerator, f->denominator};
        }
        r = trend_of_proportions(points);
    }
    int direction = (r.trend == TREND_INCREASING) - (r.trend == TREND_DECREASING);
    json_key(j, "trend");
    json_object_begin(j);
    json_field_cstr(j, "trend", trend_name(r.trend));
    json_field_cstr(j, "verdict", direction ? verdict(ask->kpi, direction) : NULL);
    if (r.trend == TREND_UNKNOWN) json_field_null(j, "chiSquared");
    else statistic_field(j, "chiSquared", r.chi_squared);
    json_field_cstr(j, "from", counted ? period_format(period_at(ask, c->at[from]), text) : NULL);
    json_field_cstr(j, "to", counted ? period_format(period_at(ask, c->at[c->count - 1]), text) : NULL);
    json_end(j);
}

/* What is counted above the line is among what is counted below it: a share. Else it is so much for each of them. */
static bool is_share(const struct ask *ask, const struct chart *c) {
    for (size_t i = 0; i < c->count; i++)
        if (ask->points[c->at[i]].quarter.numerator > ask->points[c->at[i]].quarter.denominator) return false;
    return true;
}

/* Limits of each quarter by its own denominator about the rate of all: the P chart of a share, the U chart of another rate. */
static void write_rate_chart(struct json *j, const struct ask *ask, const struct chart *c, const char *name,
                             bool fits, struct interval (*limits)(double centre, int64_t of)) {
    int64_t x = 0, n = 0;
    char text[PERIOD_TEXT];
    for (size_t i = 0; i < c->count; i++) {
        x += ask->points[c->at[i]].quarter.numerator;
        n += ask->points[c->at[i]].quarter.denominator;
    }
    json_key(j, name);
    if (!fits || ask->kpi->unit != KPI_PERCENT || n == 0) {
        json_put_null(j);
        return;
    }
    double centre = (double)x / (double)n;
    json_object_begin(j);
    statistic_field(j, "centre", centre * 100);
    json_key(j, "limits");
    json_array_begin(j);
    for (size_t i = 0; i < c->count; i++) {
        struct interval l = limits(centre, ask->points[c->at[i]].quarter.denominator);
        json_object_begin(j);
        json_field_cstr(j, "period", period_format(period_at(ask, c->at[i]), text));
        statistic_field(j, "lower", l.lower * 100);
        statistic_field(j, "upper", l.upper * 100);
        json_field_bool(j, "outside", c->value[i] > l.upper * 100 || c->value[i] < l.lower * 100);
        json_end(j);
    }
    json_end(j);
    json_end(j);
}

/* ---- the year's end ---- */

static void write_need(struct json *j, const struct kpi_figures *f, int quarter) {
    struct fraction annual = fraction_of_decimal(f->year->annual);
    struct fraction need = f->kpi->unit == KPI_COUNT
                               ? forecast_need_of_count(f->year_to_date.numerator, annual, 4 - quarter)
                               : forecast_need_of_rate(f->year_to_date.numerator, f->year_to_date.denominator,
                                                       annual, quarter, 4 - quarter);
    json_key(j, "neededPerQuarter");
    if (f->year->has_target && need.den) decimal_write(j, (struct decimal){fraction_round(need, 2), 2});
    else json_put_null(j);
}

/* From the newest quarter that has a value: where the year ends if the rest goes on like this, and what the rest must bring. */
static void write_year_end(struct json *j, const struct ask *ask) {
    char text[PERIOD_TEXT];
    size_t i = ask->count;
    while (i > 0 && !ask->points[i - 1].quarter.has_value)
        i--;
    json_key(j, "yearEnd");
    if (i == 0) {
        json_put_null(j);
        return;
    }
    const struct kpi_figures *f = &ask->points[i - 1];
    int quarter = period_quarter(period_at(ask, i - 1));
    json_object_begin(j);
    json_field_cstr(j, "from", period_format(period_at(ask, i - 1), text));
    json_key(j, "forecast");
    if (f->has_forecast) decimal_write(j, (struct decimal){fraction_round(f->forecast, 2), 2});
    else json_put_null(j);
    json_key(j, "band95");
    if (f->has_forecast) {
        double share = as_double(f->profile.shares.to[quarter]);
        struct interval band = forecast_band(f->year_to_date.numerator, share);
        json_object_begin(j);
        statistic_field(j, "lower", band.lower);
        statistic_field(j, "upper", band.upper);
        json_end(j);
    } else {
        json_put_null(j);
    }
    write_need(j, f, quarter);
    json_end(j);
}

/* ---- the answer ---- */

static void write_element(struct json *j, const struct framework *f, const char *key, int element) {
    json_key(j, key);
    if (element < 0) {
        json_put_null(j);
        return;
    }
    const struct element *e = &f->elements[element];
    json_object_begin(j);
    json_field_cstr(j, "element", e->name);
    json_field_cstr(j, "meaning", e->meaning);
    json_end(j);
}

static void write_definition(struct json *j, const struct ask *ask) {
    const struct kpi *k = ask->kpi;
    const struct framework *f = ask->q.view.framework;
    kpi_write_name(j, k);
    json_key(j, "definition");
    json_object_begin(j);
    json_field_cstr(j, "part", part_name(k->part));
    write_element(j, f, "numerator", k->numerator);
    write_element(j, f, "denominator", k->denominator);
    json_field_bool(j, "strict", k->strict);
    json_field_bool(j, "raisesPlan", k->raises_plan);
    json_end(j);
}

static void write_quarter(struct json *j, const struct ask *ask, const struct chart *c, size_t i) {
    const struct kpi_figures *f = &ask->points[i];
    bool rate = f->kpi->unit == KPI_PERCENT, own = ask->q.provider.p != NULL;
    int64_t base = rate ? f->quarter.denominator : f->quarter.numerator;
    char text[PERIOD_TEXT];
    json_object_begin(j);
    json_field_cstr(j, "period", period_format(period_at(ask, i), text));
    json_field_int(j, "frameworkVersion", ask->versions[i]);
    kpi_write_target(j, f);
    json_key(j, "quarter");
    figure_write_with_interval(j, f->kpi, &f->quarter, own);
    json_key(j, "yearToDate");
    figure_write_with_interval(j, f->kpi, &f->year_to_date, own);
    json_field_cstr(j, "rag", rag_name(f->rag));
    json_field_bool(j, "smallNumber", f->quarter.has_numbers && base > 0 && base < SMALL_BELOW);
    json_field_bool(j, "partial", f->coverage_reported < f->coverage_expected);
    json_field_bool(j, "allDue", f->quarter_due);
    write_change(j, ask, "sincePrevious", i, 1);
    write_change(j, ask, "sinceLastYear", i, 4);
    write_signal(j, c, i);
    json_end(j);
}

static void write_answer(struct ask *ask) {
    struct json j = json_to(&ask->q.p->body);
    struct chart c = {.count = 0};
    draw(ask, &c);
    json_object_begin(&j);
    json_field_str(&j, "service", ask->q.service);
    figures_ask_write_framework(&j, &ask->q);
    figures_ask_write_as_at(&j, &ask->q);
    write_definition(&j, ask);
    json_key(&j, "history");
    json_array_begin(&j);
    for (size_t i = 0; i < ask->count; i++)
        write_quarter(&j, ask, &c, i);
    json_end(&j);
    write_trend(&j, ask, &c);
    write_spc(&j, ask, &c);
    bool share = is_share(ask, &c);
    write_rate_chart(&j, ask, &c, "pChart", share, p_chart_limits);
    write_rate_chart(&j, ask, &c, "uChart", !share, u_chart_limits);
    write_year_end(&j, ask);
    json_end(&j);
}

static enum err run(struct db *db, void *context, struct fault *fault) {
    (void)db;
    struct ask *ask = context;
    buf_clear(&ask->q.p->body);
    ask->count = 0;
    enum err e = figures_ask_load_all(&ask->q, fault);
    if (e == OK) e = figures_ask_kpi(&ask->q, ask->ref, fault, &ask->kpi);
    if (e == OK) {
        compute(ask);
        write_answer(ask);
    }
    figures_ask_release(&ask->q);
    return e;
}

enum err handle_kpi_history(struct request *r, struct reply *p) {
    struct ask *ask = arena_alloc(r->arena, sizeof *ask);
    *ask = (struct ask){.ref = request_param(r, "ref"), .from = -1, .to = -1};
    enum err e = figures_ask_read(r, p, &ask->q);
    if (e == OK) e = query_period(r, "from", &ask->from);
    if (e == OK) e = query_period(r, "to", &ask->to);
    if (e != OK) return e;
    if (ask->from >= 0 && ask->to >= 0 && ask->from > ask->to)
        return fail(&r->fault, ERR_BAD_PARAMETER, "from lies after to; exchange them.");
    e = db_transaction(db_of(r), &(struct db_work){.run = run, .context = ask, .read_only = true}, &r->fault);
    if (e != OK) return e;
    answered_from(r, p, ask->q.known_at, &ask->q.view.service);
    reply_etag_of_body(p);
    return OK;
}
