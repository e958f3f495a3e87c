/* deadline: reads "deadlines" of a framework file; the questions about them are in kpi/framework.h. Used by kpi/framework.c alone. */
#ifndef QD_KPI_DEADLINE_H
#define QD_KPI_DEADLINE_H

#include "kpi/config.h"
#include "kpi/framework.h"

void deadlines_read(const struct node *n, struct framework *f);

#endif
