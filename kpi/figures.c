/* figures: sums the providers' tallies for a quarter and for the year to date, and asks kpi/status.c what
 * that comes to. */
#include "kpi/figures.h"

static bool is_in_view(const struct figures_question *q, const struct provider_tally *p) {
    return !q->view || p->provider == q->view;
}

/* Periods [from, to] of one year: a quarter, or the year to date. */
struct span {
    int16_t from, to;
    bool year_to_date;
};

static struct span quarter_of(int16_t period) {
    return (struct span){period, period, false};
}

static struct span year_to_date_of(int16_t period) {
    return (struct span){period_of(period_year(period), 1), period, true};
}

/* ---- sums over providers ---- */

static int64_t tally_span(const struct tally *t, int element, struct span s) {
    int64_t n = 0;
    for (int16_t p = s.from; p <= s.to; p++)
        n += tally_get(t, p, element);
    return n;
}

static int64_t sum(const struct figures_question *q, int element, struct span s) {
    int64_t n = 0;
    for (size_t i = 0; i < q->provider_count && element >= 0; i++) {
        const struct provider_tally *p = &q->providers[i];
        if (p->tally && is_in_view(q, p)) n += tally_span(p->tally, element, s);
    }
    return n;
}

/* What of a KPI is counted; an element over episodes, and one over the national return (-1: none). */
struct counted {
    int records, national;
};
#define COUNTED(k, what)                                                                                     \
    (struct counted) {                                                                                       \
        (k)->what, (k)->national.what                                                                        \
    }

static int64_t sum_all(const struct figures_question *q, struct counted c, struct span s) {
    return sum(q, c.records, s) + sum(q, c.national, s);
}

static int64_t sum_of_service(const struct figures_question *q, struct counted c, struct span s) {
    struct figures_question all = *q;
    all.view = NULL;
    return sum_all(&all, c, s);
}

/* Distinct per provider, summed. */
static int64_t sum_distinct(const struct figures_question *q, int distinct, struct span s) {
    int64_t n = 0;
    for (size_t i = 0; i < q->provider_count; i++) {
        const struct provider_tally *p = &q->providers[i];
        if (p->tally && is_in_view(q, p)) n += tally_distinct(p->tally, s.to, distinct, s.year_to_date);
    }
    return n;
}

/* The cells of a national return belong to no authority. */
static bool tells_national(const struct figures_question *q, const struct kpi *k) {
    return k->national.numerator >= 0 && !q->by_authority;
}

/* Has the provider sent for the period what the KPI is counted from? */
static bool has_told(const struct figures_question *q, const struct tally *t, const struct kpi *k,
                     int16_t p) {
    return tally_sent(t, p, k->part) || (tells_national(q, k) && tally_sent(t, p, PART_NATIONAL));
}

/* Late measures ask for any period at all, since their cohorts come from earlier ones. */
static bool has_sent(const struct figures_question *q, const struct tally *t, const struct kpi *k,
                     struct span s) {
    if (k->late) return t->sent_ever >> k->part & 1u;
    for (int16_t p = s.from; p <= s.to; p++) {
        if (has_told(q, t, k, p)) return true;
    }
    return false;
}

static bool was_sent(const struct figures_question *q, const struct kpi *k, struct span s) {
    if (q->by_authority && !k->has_authority) return false;
    for (size_t i = 0; i < q->provider_count; i++) {
        const struct provider_tally *p = &q->providers[i];
        if (p->tally && is_in_view(q, p) && has_sent(q, p->tally, k, s)) return true;
    }
    return false;
}

/* ---- one view ---- */

static struct fraction target_of(const struct kpi *k, const struct kpi_year *year, struct span s) {
    struct fraction to_date = target_to_date(k, year, period_quarter(s.to));
    if (k->unit == KPI_PERCENT || s.year_to_date) return to_date;
    return fraction_sub(to_date, target_to_date(k, year, period_quarter(s.to) - 1));
}

struct fraction figure_value(const struct kpi *kpi, const struct figure *f) {
    if (!f->has_value) return (struct fraction){0, 0};
    if (kpi->unit == KPI_COUNT) return fraction_of(f->numerator, 1);
    return fraction_mul(fraction_of(f->numerator, f->denominator), fraction_of(100, 1));
}

static enum rag rag_of_view(const struct figures_question *q, const struct kpi *k,
                            const struct kpi_year *year, struct span s) {
    if (q->view && k->unit == KPI_COUNT) return RAG_NONE; /* the targets of counts are the service's */
    struct status_case c = {
        .sent = was_sent(q, k, s),
        .due = sum_all(q, COUNTED(k, due), s),
        .numerator = sum_all(q, COUNTED(k, numerator), s),
        .denominator = sum_all(q, COUNTED(k, denominator), s),
    };
    return status_of(k, year, &c, target_of(k, year, s));
}

static struct figure figure_of(const struct figures_question *q, const struct kpi *k,
                               const struct kpi_year *year, struct span s) {
    struct figure f = {.has_numbers = was_sent(q, k, s), .rag = rag_of_view(q, k, year, s)};
    f.has_target = year->has_target;
    if (f.has_target) f.target = target_of(k, year, s);
    if (!f.has_numbers) return f;
    f.numerator = sum_all(q, COUNTED(k, numerator), s);
    f.denominator = sum_all(q, COUNTED(k, denominator), s);
    f.has_value = k->unit == KPI_COUNT || f.denominator > 0;
    f.has_distinct = k->distinct >= 0;
    if (f.has_distinct) f.distinct_clients = sum_distinct(q, k->distinct, s);
    f.has_unknown = k->unknown >= 0;
    f.unknown = sum_all(q, COUNTED(k, unknown), s);
    f.service_numerator = sum_of_service(q, COUNTED(k, numerator), s);
    f.has_share = q->view && k->unit == KPI_COUNT && f.service_numerator > 0;
    return f;
}

/* ---- beside the views ---- */

/* A provider whose national return does not tell of the KPI is missing from it, expected or not. */
static bool is_left_out(const struct figures_question *q, const struct tally *t, const struct kpi *k) {
    return k->part == PART_EPISODES && tally_sent(t, q->period, PART_NATIONAL) && !tells_national(q, k);
}

static void coverage_of(const struct figures_question *q, struct kpi_figures *out) {
    const struct kpi *k = out->kpi;
    for (size_t i = 0; i < q->provider_count; i++) {
        const struct provider_tally *p = &q->providers[i];
        if (!is_in_view(q, p)) continue;
        out->partial |= p->tally && is_left_out(q, p->tally, k);
        if (!p->provider || !framework_expects_for(p->provider, k, q->period)) continue;
        out->coverage_expected++;
        out->coverage_reported += p->tally && has_told(q, p->tally, k, q->period);
    }
    out->partial |= out->coverage_reported < out->coverage_expected;
}

/* The headline of the period before, across years, at the same day. */
static void previous_of(const struct figures_question *q, struct kpi_figures *out) {
    int16_t before = (int16_t)(q->period - 1);
    const struct kpi_year *year = kpi_year_find(out->kpi, period_year(before));
    out->previous_period = before;
    out->previous_rag = year ? rag_of_view(q, out->kpi, year, year_to_date_of(before)) : RAG_NO_DATA;
    out->has_previous = out->previous_rag != RAG_NO_DATA && out->previous_rag != RAG_NONE;
}

static void forecast_of(const struct figures_question *q, struct kpi_figures *out) {
    if (out->kpi->unit != KPI_COUNT || !out->year_to_date.has_value) return;
    struct fraction share = fraction_of_decimal(out->year->profile[period_quarter(q->period) - 1]);
    out->has_forecast = share.num > 0;
    if (!out->has_forecast) return;
    struct fraction percent = fraction_mul(fraction_of(out->year_to_date.numerator, 1), fraction_of(100, 1));
    out->forecast = fraction_div(percent, share);
}

static void figures_of_kpi(const struct figures_question *q, const struct kpi *k, struct kpi_figures *out) {
    struct span quarter = quarter_of(q->period), to_date = year_to_date_of(q->period);
    *out = (struct kpi_figures){.kpi = k, .year = kpi_year_find(k, period_year(q->period))};
    out->quarter = figure_of(q, k, out->year, quarter);
    out->year_to_date = figure_of(q, k, out->year, to_date);
    out->cohort_from = period_first_day(q->period) - k->cohort_days;
    out->cohort_to = period_last_day(q->period) - k->cohort_days;
    out->rag = out->year_to_date.rag;
    coverage_of(q, out);
    previous_of(q, out);
    forecast_of(q, out);
    if (k->earns) out->earned = earned_of(out->year, figure_value(k, &out->year_to_date));
    out->quarter_due = sum(q, k->waiting, quarter) == 0;
    out->all_due = sum(q, k->waiting, to_date) == 0;
}

enum err figures_compute(const struct figures_question *q, struct kpi_figures *out) {
    if (!framework_has_period(q->framework, q->period)) return ERR_NOT_FOUND;
    for (size_t i = 0; i < q->framework->kpi_count; i++)
        figures_of_kpi(q, &q->framework->kpis[i], &out[i]);
    return OK;
}

void figures_summarise(const struct kpi_figures *list, size_t count, int out[RAG_COUNT]) {
    memset(out, 0, sizeof(int) * RAG_COUNT);
    for (size_t i = 0; i < count; i++)
        out[list[i].rag]++;
}
