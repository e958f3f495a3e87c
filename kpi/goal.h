/* goal: what one view of a KPI is held against: target, minimum and stretch by the profile, and the value of a year before where the
 * scheme compares with it. */
#ifndef QD_KPI_GOAL_H
#define QD_KPI_GOAL_H

#include "kpi/sums.h"

/* The targets that hold for whoever is asked for: their own, or the KPI's; NULL where the framework has no such year. *own: they are
 * those of exactly this provider and authority. */
const struct kpi_year *targets_for(const struct figures_question *q, const struct kpi *k, int year,
                                   bool *own);

/* The shares by which the year's amounts are asked for. */
struct profile_now profile_of(const struct figures_question *q, const struct kpi *k,
                              const struct kpi_year *y);

/* Does it follow from the framework alone, whatever was counted and of whom? */
bool goal_is_fixed(const struct kpi *k, const struct kpi_year *y);
struct goal goal_of(const struct figures_question *q, const struct kpi *k, const struct kpi_year *y,
                    const struct profile_now *profile, struct span s);

#endif
