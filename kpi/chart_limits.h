/* chart_limits: limits for rates whose denominators differ: the funnel by which providers are compared in one quarter (domain.md
 * 5.4, method 5), and the P and U charts of one rate over time. Doubles: limits decide nothing.
 *
 * What would surprise: the funnel's limits are not symmetric (they are Wilson's, turned round), those of P and U charts are, and
 * are cut off where a rate cannot be. */
#ifndef QD_KPI_CHART_LIMITS_H
#define QD_KPI_CHART_LIMITS_H

#include <stdint.h>

#include "kpi/wilson.h"

/* Where a proportion with this denominator lies by chance when the truth is `benchmark` (0 to 1). z: FUNNEL_95, FUNNEL_998. */
#define FUNNEL_95 1.96
#define FUNNEL_998 3.0902
struct interval funnel_limits(double benchmark, int64_t of, double z);

enum comparison { COMPARED_SIMILAR, COMPARED_BETTER, COMPARED_WORSE };
const char *comparison_name(enum comparison c); /* "SIMILAR", "BETTER", "WORSE" */
/* A value beyond the limits is better or worse, by which way is good; on them it is similar. */
enum comparison funnel_compare(double value, struct interval limits, int low_is_good);

/* Three standard errors about the centre, of a proportion (0 to 1) and of a rate per unit (0 and up). of > 0. */
struct interval p_chart_limits(double centre, int64_t of);
struct interval u_chart_limits(double centre, int64_t of);

#endif
