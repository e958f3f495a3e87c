/* checks: the arithmetic of a framework's targets, as the file itself states it ("checks"): the targets of some KPIs add up to that of
 * another, those of the providers to the service's, a target is a share of some number of people. Each check says whether its
 * breach is an error or a warning. */
#ifndef QD_KPI_CHECKS_H
#define QD_KPI_CHECKS_H

#include "kpi/config.h"
#include "kpi/framework.h"

/* top: the whole file. After the KPIs were read. */
void checks_run(const struct node *top, const struct framework *f);

#endif
