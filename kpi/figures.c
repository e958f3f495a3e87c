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

static struct status_case case_of(const struct figures_question *q, const struct kpi *k, struct span s) {
    return (struct status_case){
        .sent = was_sent(q, k, s),
        .due = sum_all(q, COUNTED(k, due), s),
        .numerator = sum_all(q, COUNTED(k, numerator), s),
        .denominator = sum_all(q, COUNTED(k, denominator), s),
    };
}

/* One year's targets of a KPI, as they hold for whoever is asked for. */
struct targets {
    const struct kpi *kpi;
    const struct kpi_year *year;
    bool own;
};

static struct targets targets_of(const struct figures_question *q, const struct kpi *k, int16_t period) {
    struct targets t = {.kpi = k};
    t.year = targets_for(q, k, period_year(period), &t.own);
    return t;
}

static enum rag rag_of(const struct figures_question *q, const struct targets *t, const struct status_case *c,
                       const struct goal *goal) {
    if (q->view && t->kpi->unit == KPI_COUNT && !t->own)
        return RAG_NONE; /* the targets of counts are the service's */
    return status_of(t->kpi, t->year, c, goal);
}

/* The goal is there already. */
static void add_numbers(const struct figures_question *q, const struct targets *t, struct span s,
                        struct figure *f) {
    struct status_case c = case_of(q, t->kpi, s);
    f->has_target = t->year->has_target;
    f->rag = rag_of(q, t, &c, &f->goal);
    f->has_numbers = c.sent;
    if (!f->has_numbers) return;
    f->numerator = c.numerator;
    f->denominator = c.denominator;
    f->has_value = t->kpi->unit == KPI_COUNT || f->denominator > 0;
}

/* Clients, people of whom nothing is known, the whole that a provider has a share of. */
static void add_people(const struct figures_question *q, const struct kpi *k, struct span s,
                       struct figure *f) {
    if (!f->has_numbers) return;
    f->has_distinct = k->distinct >= 0;
    if (f->has_distinct) f->distinct_clients = sum_distinct(q, k->distinct, s);
    f->has_unknown = k->unknown >= 0;
    f->unknown = sum_all(q, COUNTED(k, unknown), s);
    f->service_numerator = sum_of_service(q, COUNTED(k, numerator), s);
    f->has_share = q->view && k->unit == KPI_COUNT && f->service_numerator > 0;
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

/* The headline of the question's own period, by itself. */
static enum rag headline_of(const struct figures_question *q, const struct kpi *k) {
    struct span to_date = span_year_to_date(q->period);
    struct targets t = targets_of(q, k, q->period);
    if (!t.year) return RAG_NO_DATA;
    struct status_case c = case_of(q, k, to_date);
    struct profile_now profile = profile_of(q, k, t.year);
    struct goal goal = goal_of(q, k, t.year, &profile, to_date);
    return rag_of(q, &t, &c, &goal);
}

/* The period before, across years, at the same day. */
static void previous_of(const struct figures_question *q, struct kpi_figures *out) {
    int16_t before = (int16_t)(q->period - 1);
    struct figures_question then;
    const struct kpi *k = figures_question_of(q, before, &then) ? figures_same_kpi(&then, out->kpi) : NULL;
    out->previous_period = before;
    out->previous_rag = k ? headline_of(&then, k) : RAG_NO_DATA;
    out->has_previous = out->previous_rag != RAG_NO_DATA && out->previous_rag != RAG_NONE;
}

static void forecast_of(const struct figures_question *q, struct kpi_figures *out) {
    if (out->kpi->unit != KPI_COUNT || !out->year_to_date.has_value) return;
    struct fraction share = out->profile.shares.to[period_quarter(q->period)];
    out->has_forecast = share.num > 0;
    if (out->has_forecast) out->forecast = fraction_div(fraction_of(out->year_to_date.numerator, 1), share);
}

/* What is asked for in both views. */
static void add_goals(const struct figures_question *q, const struct targets *t,
                      const struct kpi_figures *like, struct kpi_figures *out) {
    out->same_goals = like && like->year == t->year && goal_is_fixed(t->kpi, t->year);
    if (out->same_goals) {
        out->profile = like->profile;
        out->quarter.goal = like->quarter.goal;
        out->year_to_date.goal = like->year_to_date.goal;
        return;
    }
    out->profile = profile_of(q, t->kpi, t->year);
    out->quarter.goal = goal_of(q, t->kpi, t->year, &out->profile, span_quarter(q->period));
    out->year_to_date.goal = goal_of(q, t->kpi, t->year, &out->profile, span_year_to_date(q->period));
}

static void figures_of_kpi(const struct figures_question *q, const struct kpi *k,
                           const struct kpi_figures *like, struct kpi_figures *out) {
    struct span quarter = span_quarter(q->period), to_date = span_year_to_date(q->period);
    struct targets t = targets_of(q, k, q->period);
    *out = (struct kpi_figures){.kpi = k, .year = t.year, .own_targets = t.own};
    add_goals(q, &t, like, out);
    add_numbers(q, &t, quarter, &out->quarter);
    add_numbers(q, &t, to_date, &out->year_to_date);
    out->rag = out->year_to_date.rag;
    add_coverage(q, out);
    out->quarter_due = sum_element(q, k->waiting, quarter) == 0;
}

static void add_surroundings(const struct figures_question *q, struct kpi_figures *out) {
    struct span quarter = span_quarter(q->period), to_date = span_year_to_date(q->period);
    const struct kpi *k = out->kpi;
    add_people(q, k, quarter, &out->quarter);
    add_people(q, k, to_date, &out->year_to_date);
    out->cohort_from = period_first_day(q->period) - k->cohort_days;
    out->cohort_to = period_last_day(q->period) - k->cohort_days;
    previous_of(q, out);
    forecast_of(q, out);
    if (k->earns) out->earned = earned_of(out->year, figure_value(k, &out->year_to_date));
    out->all_due = sum_element(q, k->waiting, to_date) == 0;
}

enum err figures_compute_one(const struct figures_question *q, const struct kpi *k, struct kpi_figures *out) {
    if (!framework_has_period(q->framework, q->period)) return ERR_NOT_FOUND;
    figures_of_kpi(q, k, NULL, out);
    add_surroundings(q, out);
    return OK;
}

enum err figures_compute_bare(const struct figures_question *q, const struct kpi_figures *like,
                              struct kpi_figures *out) {
    if (!framework_has_period(q->framework, q->period)) return ERR_NOT_FOUND;
    for (size_t i = 0; i < q->framework->kpi_count; i++)
        figures_of_kpi(q, &q->framework->kpis[i], like ? &like[i] : NULL, &out[i]);
    return OK;
}

enum err figures_compute(const struct figures_question *q, struct kpi_figures *out) {
    enum err e = figures_compute_bare(q, NULL, out);
    for (size_t i = 0; e == OK && i < q->framework->kpi_count; i++)
        add_surroundings(q, &out[i]);
    return e;
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
