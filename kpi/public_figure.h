/* public_figure: a figure of a KPI as a wider audience sees it: numbers through kpi/disclose.h, the status decided again from what is
 * left of them, none where a number is `*`. No interval, clients, unknown, share, forecast or status of the quarter before: each would
 * narrow down what was rounded. */
#ifndef QD_KPI_PUBLIC_FIGURE_H
#define QD_KPI_PUBLIC_FIGURE_H

#include "kpi/disclose.h"
#include "kpi/figures.h"

struct public_figure {
    bool has_numbers, has_value, suppressed;
    struct disclosed numerator, denominator; /* the denominator of KPI_PERCENT only */
    enum rag rag;                            /* RAG_NONE: suppressed, or it has none */
};
struct public_figure public_figure_of(const struct kpi *kpi, const struct kpi_year *year,
                                      const struct figure *f);

#endif
