/* kpi_read: reads "kpis" of a framework file into f->kpis. Used by kpi/framework.c alone, after years,
 * windows and elements. */
#ifndef QD_KPI_KPI_READ_H
#define QD_KPI_KPI_READ_H

#include "kpi/config.h"
#include "kpi/framework.h"

/* leads: those of the whole framework, which a KPI may replace. Gives the list that f->kpis points to, so
 * that its owner can still change it; NULL on a fault. */
struct kpi *kpis_read(const struct node *n, const struct node *leads, struct framework *f);

#endif
