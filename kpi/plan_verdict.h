/* plan_verdict: has a KPI moved by more than chance? What the XmR chart (kpi/spc.h) of its quarters says of the last one, for the
 * closing of an action plan. Pure. */
#ifndef QD_KPI_PLAN_VERDICT_H
#define QD_KPI_PLAN_VERDICT_H

#include "kpi/figures.h"
#include "kpi/spc.h"

enum { PLAN_VERDICT_QUARTERS = 64 };

struct plan_verdict {
    size_t points; /* quarters on the chart */
    bool trial;    /* too few for firm limits */
    enum spc_signal variation;
    enum spc_assurance assurance;
};
/* quarters: of the KPI, one after the other, oldest first, at most PLAN_VERDICT_QUARTERS. Those without a value or not wholly due are
 * left out, so that one that is still filling does not look like a fall. False where no chart can be drawn; *out stays. */
bool plan_verdict_of(const struct kpi *kpi, const struct kpi_figures *quarters, size_t count,
                     struct plan_verdict *out);

#endif
