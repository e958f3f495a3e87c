#include "kpi/plan_verdict.h"

static double as_double(struct fraction f) {
    return (double)f.num / (double)f.den;
}

bool plan_verdict_of(const struct kpi *kpi, const struct kpi_figures *quarters, size_t count,
                     struct plan_verdict *out) {
    double values[PLAN_VERDICT_QUARTERS];
    struct spc_point points[PLAN_VERDICT_QUARTERS];
    const struct kpi_figures *latest = NULL;
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        struct fraction value = figure_value(kpi, &quarters[i].quarter);
        if (value.den == 0 || !quarters[i].quarter_due) continue;
        latest = &quarters[i];
        values[n++] = as_double(value);
    }
    struct spc_settings how = {.better = kpi->direction == KPI_HIGHER ? SPC_INCREASE : SPC_DECREASE};
    struct spc_limits limits;
    if (!spc_xmr(values, n, &how, &limits, points)) return false;
    *out = (struct plan_verdict){n, limits.trial, points[n - 1].signal, SPC_NO_ASSURANCE};
    if (latest->quarter.has_target)
        out->assurance = spc_assure(&limits, how.better, as_double(latest->quarter.goal.target));
    return true;
}
