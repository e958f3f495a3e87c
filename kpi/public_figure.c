#include "kpi/public_figure.h"

static struct fraction value_of(const struct kpi *kpi, const struct public_figure *p) {
    if (kpi->unit == KPI_COUNT) return fraction_of(p->numerator.value, 1);
    return fraction_mul(fraction_of(p->numerator.value, p->denominator.value), fraction_of(100, 1));
}

struct public_figure public_figure_of(const struct kpi *kpi, const struct kpi_year *year,
                                      const struct figure *f) {
    struct public_figure p = {.has_numbers = f->has_numbers, .rag = f->rag};
    bool is_rate = kpi->unit == KPI_PERCENT;
    if (!f->has_numbers) return p;
    struct disclosed_rate r = disclose_rate(DISCLOSE_NHS_1_7_R5, f->numerator, f->denominator);
    p.numerator = is_rate ? r.numerator : disclose_count(DISCLOSE_NHS_1_7_R5, f->numerator);
    p.denominator = r.denominator;
    p.suppressed = p.numerator.suppressed || (is_rate && p.denominator.suppressed);
    p.has_value = f->has_value && !p.suppressed;
    if (rag_rank(f->rag) == 0) return p;
    p.rag = p.has_value ? status_decide(kpi, year, value_of(kpi, &p), &f->goal) : RAG_NONE;
    return p;
}
