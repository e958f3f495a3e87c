/* daily: a thread that does a piece of work once for each day in London, from midnight on; at the start too, for the day that it is. */
#ifndef QD_SERVER_DAILY_H
#define QD_SERVER_DAILY_H

#include "base/date.h"

struct daily;
struct daily_how {
    /* Does the day's work; false: try again in a minute. Called by the thread alone. */
    bool (*work)(void *context, int32_t day);
    void *context;
    int32_t fixed_day;    /* the setting `today`: its work is done once; DAY_NONE: the clock's days */
    int64_t (*now)(void); /* NULL: instant_now() */
};
/* how is copied. NULL where no thread could be made. */
struct daily *daily_start(const struct daily_how *how);
/* Waits until the work under way is done. NULL does nothing. */
void daily_stop(struct daily *d);

/* How long to sleep, in milliseconds, when it is `now`: until the next midnight in London, but a minute at most, so that a clock that is
 * set or a machine that slept is noticed. At least 1. */
int64_t daily_patience(int64_t now);

#endif
