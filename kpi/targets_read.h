/* targets_read: reads what a KPI is held against: targets, minimum and stretch, profile, tolerance and scheme, by year, for the
 * service and for single providers and authorities. Used by kpi/kpi_read.c, after what is counted. */
#ifndef QD_KPI_TARGETS_READ_H
#define QD_KPI_TARGETS_READ_H

#include "kpi/config.h"
#include "kpi/framework.h"

/* n: the KPI. Sets k->years and k->scopes. */
void targets_read(const struct node *n, const struct framework *f, struct kpi *k);

#endif
