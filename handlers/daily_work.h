/* daily_work: what the calendar alone brings about, once for each day: returns and plans that come due, returns that are overdue, plans
 * that go up a level. Runs as often as anybody likes: what is done is found done. A day that nobody worked on is not made up for:
 * what holds today is what is told today. */
#ifndef QD_HANDLERS_DAILY_WORK_H
#define QD_HANDLERS_DAILY_WORK_H

#include "handlers/app.h"

struct daily_work_done {
    size_t services, plans; /* looked at; plans: the open ones */
    size_t returns_due, returns_overdue, plans_due, escalated;
    bool elsewhere; /* another instance is at it: nothing more was done here */
};
/* today: the day in London that it is. A transaction a service. */
enum err daily_work_run(struct app *app, struct db *db, int32_t today, struct fault *fault,
                        struct daily_work_done *out);

/* One service's day, inside the transaction, its row held. For those who do the work. */
struct service_day {
    struct db *db;
    const struct framework *framework;   /* the version of today's quarter */
    struct frameworks_in_force in_force; /* and those that rate others */
    str service;
    int32_t today;
    int64_t at; /* of what is done, since the row is held */
    struct arena *arena;
    struct daily_work_done done;
};

#endif
