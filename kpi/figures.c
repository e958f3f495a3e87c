/* figures: sums the providers' tallies for a quarter and for the year to date, and asks kpi/status.c what
 * that comes to. */
#include "kpi/figures.h"

#include "kpi/goal.h"

/* ---- one view ---- */

struct fraction figure_value(const struct kpi *kpi, const struct figure *f) {
    if (!f->has_value) return (struct fraction){0, 0};
    if (kpi->unit == KPI_COUNT) return fraction_of(f->numerator, 1);
    return fraction_mul(fraction_of(f->numerator, f->denominator), fraction_of(100, 1));
}

/* One year of a KPI, as it holds for whoever is asked for. */
struct year_of {
    const struct kpi_year *year;
    bool own;
    struct profile_now profile;
};

static struct year_of year_of(const struct figures_question *q, const struct kpi *k, int year) {
    struct year_of y = {.year = targets_for(q, k, year, &y.own)};
    if (y.year) y.profile = profile_of(q, k, y.year);
    return y;
}

static enum rag rag_of_view(const struct figures_question *q, const struct kpi *k, const struct year_of *y,
                            struct span s) {
    if (q->view && k->unit == KPI_COUNT && !y->own)
        return RAG_NONE; /* the targets of counts are the service's */
    struct status_case c = {
        .sent = was_sent(q, k, s),
        .due = sum_all(q, COUNTED(k, due), s),
        .numerator = sum_all(q, COUNTED(k, numerator), s),
        .denominator = sum_all(q, COUNTED(k, denominator), s),
    };
    struct goal goal = goal_of(q, k, y->year, &y->profile, s);
    return status_of(k, y->year, &c, &goal);
}

static struct figure figure_of(const struct figures_question *q, const struct kpi *k, const struct year_of *y,
                               struct span s) {
    struct figure f = {.has_numbers = was_sent(q, k, s), .rag = rag_of_view(q, k, y, s)};
    f.has_target = y->year->has_target;
    f.goal = goal_of(q, k, y->year, &y->profile, s);
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

const char *last_year_name(enum last_year l) {
    static const char *const NAMES[] = {NULL, "KNOWN", "NOT_WHOLE", "EMPTY", "NOT_SHOWN"};
    return NAMES[l];
}

/* ---- beside the views ---- */

/* A provider whose national return does not tell of the KPI is missing from it, expected or not. */
static bool is_left_out(const struct figures_question *q, const struct tally *t, const struct kpi *k) {
    return k->part == PART_EPISODES && tally_sent(t, q->period, PART_NATIONAL) && !tells_national(q, k);
}

static void add_coverage(const struct figures_question *q, struct kpi_figures *out) {
    struct coverage c = coverage_of(q, out->kpi, q->period);
    out->coverage_expected = c.expected;
    out->coverage_reported = c.reported;
    out->partial = c.reported < c.expected;
    for (size_t i = 0; i < q->provider_count; i++) {
        const struct provider_tally *p = &q->providers[i];
        if (is_in_view(q, p)) out->partial |= p->tally && is_left_out(q, p->tally, out->kpi);
    }
}

/* The headline of the period before, across years, at the same day. */
static void previous_of(const struct figures_question *q, struct kpi_figures *out) {
    int16_t before = (int16_t)(q->period - 1);
    struct figures_question then;
    const struct kpi *k = figures_question_of(q, before, &then) ? figures_same_kpi(&then, out->kpi) : NULL;
    struct year_of y = k ? year_of(&then, k, period_year(before)) : (struct year_of){.year = NULL};
    out->previous_period = before;
    out->previous_rag = y.year ? rag_of_view(&then, k, &y, span_year_to_date(before)) : RAG_NO_DATA;
    out->has_previous = out->previous_rag != RAG_NO_DATA && out->previous_rag != RAG_NONE;
}

static void forecast_of(const struct figures_question *q, struct kpi_figures *out) {
    if (out->kpi->unit != KPI_COUNT || !out->year_to_date.has_value) return;
    struct fraction share = out->profile.shares.to[period_quarter(q->period)];
    out->has_forecast = share.num > 0;
    if (out->has_forecast) out->forecast = fraction_div(fraction_of(out->year_to_date.numerator, 1), share);
}

static void figures_of_kpi(const struct figures_question *q, const struct kpi *k, struct kpi_figures *out) {
    struct span quarter = span_quarter(q->period), to_date = span_year_to_date(q->period);
    struct year_of y = year_of(q, k, period_year(q->period));
    *out = (struct kpi_figures){.kpi = k, .year = y.year, .own_targets = y.own, .profile = y.profile};
    out->quarter = figure_of(q, k, &y, quarter);
    out->year_to_date = figure_of(q, k, &y, to_date);
    out->cohort_from = period_first_day(q->period) - k->cohort_days;
    out->cohort_to = period_last_day(q->period) - k->cohort_days;
    out->rag = out->year_to_date.rag;
    add_coverage(q, out);
    previous_of(q, out);
    forecast_of(q, out);
    if (k->earns) out->earned = earned_of(out->year, figure_value(k, &out->year_to_date));
    out->quarter_due = sum_element(q, k->waiting, quarter) == 0;
    out->all_due = sum_element(q, k->waiting, to_date) == 0;
}

enum err figures_compute(const struct figures_question *q, struct kpi_figures *out) {
    if (!framework_has_period(q->framework, q->period)) return ERR_NOT_FOUND;
    for (size_t i = 0; i < q->framework->kpi_count; i++)
        figures_of_kpi(q, &q->framework->kpis[i], &out[i]);
    return OK;
}

bool figures_have_blue(const struct kpi_figures *list, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (list[i].year->scheme == SCHEME_FOUR_COLOURS) return true;
    return false;
}

void figures_summarise(const struct kpi_figures *list, size_t count, int out[RAG_COUNT]) {
    memset(out, 0, sizeof(int) * RAG_COUNT);
    for (size_t i = 0; i < count; i++)
        out[list[i].rag]++;
}
