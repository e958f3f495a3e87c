/* smallest_change: what would have to be different for a KPI to be amber, or green? Exact: it asks kpi/status.c itself, so that the
 * answer and the colour can never disagree, and one less is always not enough.
 *
 * A rate can be moved in two ways. Changing: people already in the denominator count otherwise (one more of those who were lost is
 * reached; one fewer is lost). Adding: people come into numerator and denominator together (one more pregnant woman sets a quit
 * date) or, where lower is better, into the denominator alone. A count only grows. */
#ifndef QD_KPI_SMALLEST_CHANGE_H
#define QD_KPI_SMALLEST_CHANGE_H

#include "kpi/status.h"

struct change {
    bool reachable; /* false: not in this way, however many (a rate cannot pass 100 %) */
    int64_t count;  /* 0: it is so already */
};
struct smallest_change {
    struct change changing; /* rates; of a count never reachable */
    struct change adding;   /* rates: joining the denominator; counts: more of them */
};

/* goal: the colour, or a better one. against: of the view, as in status_decide(). denominator without meaning for
 * counts. Only for years with a target. */
struct smallest_change smallest_change_to(enum rag goal, const struct kpi *kpi, const struct kpi_year *year,
                                          int64_t numerator, int64_t denominator, const struct goal *against);

#endif
