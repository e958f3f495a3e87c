/* plan_calendar: the daily work of chasing: every open plan that the calendar has escalated since yesterday takes the step, once. Runs as
 * often as anybody likes: what is done is found done. */
#ifndef QD_HANDLERS_PLAN_CALENDAR_H
#define QD_HANDLERS_PLAN_CALENDAR_H

#include "handlers/app.h"

struct plan_calendar_done {
    size_t services, plans; /* looked at; plans: the open ones */
    size_t escalated;
    bool elsewhere; /* another instance is at it: nothing more was done here */
};
/* today: the day in London that it is. A transaction a service. */
enum err plan_calendar_run(struct app *app, struct db *db, int32_t today, struct fault *fault,
                           struct plan_calendar_done *out);

#endif
