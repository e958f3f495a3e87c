#include "kpi/smallest_change.h"

/* Nobody adds more people than live in England. */
#define AT_MOST INT64_C(100000000)

struct search {
    enum rag goal;
    const struct kpi *kpi;
    const struct kpi_year *year;
    int64_t numerator, denominator;
    struct goal against;
    bool adding;
};

/* The value when `count` more are changed or added. */
static struct fraction value_with(const struct search *s, int64_t count) {
    if (s->kpi->unit == KPI_COUNT) return fraction_of(s->numerator + count, 1);
    bool higher = s->kpi->direction == KPI_HIGHER;
    int64_t numerator = s->numerator + (higher ? count : s->adding ? 0 : -count);
    int64_t denominator = s->denominator + (s->adding ? count : 0);
    return fraction_mul(fraction_of(numerator, denominator), fraction_of(100, 1));
}

static bool suffices(const struct search *s, int64_t count) {
    if (s->kpi->unit == KPI_PERCENT && s->denominator + (s->adding ? count : 0) <= 0) return false;
    enum rag rag = status_decide(s->kpi, s->year, value_with(s, count), &s->against);
    return rag_rank(rag) >= rag_rank(s->goal);
}

/* Each further one makes the value better or leaves it, so the first that suffices can be halved for. */
static struct change search(const struct search *s, int64_t most) {
    if (most < 0 || !suffices(s, most)) return (struct change){false, 0};
    int64_t not_enough = -1, enough = most;
    while (enough - not_enough > 1) {
        int64_t middle = not_enough + (enough - not_enough) / 2;
        if (suffices(s, middle)) enough = middle;
        else not_enough = middle;
    }
    return (struct change){true, enough};
}

struct smallest_change smallest_change_to(enum rag goal, const struct kpi *kpi, const struct kpi_year *year,
                                          int64_t numerator, int64_t denominator,
                                          const struct goal *against) {
    struct search s = {goal, kpi, year, numerator, denominator, *against, false};
    struct smallest_change out = {{false, 0}, {false, 0}};
    if (kpi->unit == KPI_PERCENT)
        out.changing = search(&s, kpi->direction == KPI_HIGHER ? denominator - numerator : numerator);
    s.adding = true;
    out.adding = search(&s, AT_MOST);
    return out;
}
