#include "kpi/breakdown_target.h"

/* What the elements of a KPI must ask, and nothing else, to count what the measure counts. */
static const struct {
    enum measure measure;
    uint64_t above, below;
} PLAIN[] = {
    {MEASURE_SET_QUIT_DATE, 0, 0},
    {MEASURE_QUIT4, BIT(QUIT4), BIT(DUE4)},
    {MEASURE_CO_VERIFIED4, BIT(CO_VERIFIED4), BIT(QUIT4)},
    {MEASURE_LOST4, BIT(LOST4), BIT(DUE4)},
    {MEASURE_QUIT12, BIT(QUIT12), BIT(DUE12)},
};

static bool asks_only(const struct element *e, enum measure m, uint64_t derived) {
    const struct measure_info *info = measure_info(m);
    return e->part == info->part && e->cohort == info->cohort && e->test.derived_want == derived &&
           e->test.derived_care == derived && !e->test.columns && e->test.sum == SUM_ROWS;
}

bool kpi_measure(const struct framework *f, const struct kpi *k, enum measure *out) {
    for (size_t i = 0; i < sizeof PLAIN / sizeof *PLAIN; i++) {
        enum measure m = PLAIN[i].measure;
        bool rate = measure_info(m)->below != NULL;
        if (rate != (k->unit == KPI_PERCENT)) continue;
        if (!asks_only(&f->elements[k->numerator], m, PLAIN[i].above)) continue;
        if (rate && !asks_only(&f->elements[k->denominator], m, PLAIN[i].below)) continue;
        *out = m;
        return true;
    }
    return false;
}

static struct fraction amount(const struct kpi *k, const struct kpi_year *y, bool has, struct decimal annual,
                              int16_t period, bool year_to_date) {
    if (!has) return (struct fraction){0, 0};
    struct shares shares = shares_of_profile(y);
    int quarter = period_quarter(period);
    struct fraction to_date = amount_to_date(k, annual, &shares, quarter);
    if (k->unit == KPI_PERCENT || year_to_date) return to_date;
    return fraction_sub(to_date, amount_to_date(k, annual, &shares, quarter - 1));
}

static struct breakdown_target target_of(const struct breakdown *b, const struct kpi *k,
                                         const struct kpi_year *y, struct breakdown_cell cell,
                                         bool year_to_date) {
    struct breakdown_target t = {.kpi = k, .year = y};
    struct status_case c = {
        .sent = true, .due = cell.denominator, .numerator = cell.numerator, .denominator = cell.denominator};
    t.goal = (struct goal){
        .target = amount(k, y, y->has_target, y->annual, b->to, year_to_date),
        .minimum = amount(k, y, y->has_minimum, y->minimum, b->to, year_to_date),
        .stretch = amount(k, y, y->has_stretch, y->stretch, b->to, year_to_date),
    };
    t.rag = status_of(k, y, &c, &t.goal);
    return t;
}

static const struct kpi_year *year_of(const struct kpi_scope *s, const struct kpi *k, int year) {
    for (size_t i = 0; i < k->year_count; i++)
        if (s->years[i].year == year) return &s->years[i];
    return NULL;
}

size_t breakdown_targets(const struct breakdown *b, size_t member, bool year_to_date,
                         struct breakdown_target out[BREAKDOWN_TARGETS_MAX]) {
    const struct framework *f = b->framework;
    const struct dimension_members *by = &b->by[0];
    size_t n = 0;
    for (size_t i = 0; i < f->kpi_count && b->by_count == 1; i++) {
        const struct kpi *k = &f->kpis[i];
        enum measure m;
        if (!k->scope_count || !kpi_measure(f, k, &m) || m != b->measure) continue;
        for (size_t s = 0; s < k->scope_count && n < BREAKDOWN_TARGETS_MAX; s++) {
            const struct kpi_scope *scope = &k->scopes[s];
            if (!scope->by || strcmp(scope->by, dimension_info(by->which)->name) != 0) continue;
            const struct kpi_year *y =
                str_is(by->list[member].key, scope->key) ? year_of(scope, k, period_year(b->to)) : NULL;
            if (y) out[n++] = target_of(b, k, y, breakdown_at(b, member, 0), year_to_date);
        }
    }
    return n;
}
