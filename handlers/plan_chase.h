/* plan_chase: every open plan that the calendar has escalated since yesterday takes the step, once; who has not submitted one is reminded
 * before its due date. */
#ifndef QD_HANDLERS_PLAN_CHASE_H
#define QD_HANDLERS_PLAN_CHASE_H

#include "handlers/daily_work.h"

/* TX, with the service's row held. Adds to day->done. */
enum err plans_chase(struct service_day *day);

#endif
