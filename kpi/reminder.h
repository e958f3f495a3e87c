/* reminder: on which days before a deadline somebody is reminded of it. Pure.
 *
 * Asked on any day, also by a calendar that did not run for a while: the answer is the one reminder that has its turn then. Those
 * before it that were missed are not made up for, since what they would have said is no longer true. */
#ifndef QD_KPI_REMINDER_H
#define QD_KPI_REMINDER_H

#include <stddef.h>
#include <stdint.h>

enum { REMINDERS_MAX = 8, REMINDER_DAYS_MOST = 60, REMINDER_NONE = -1 };

struct reminder_days {
    int days[REMINDERS_MAX]; /* before the deadline, falling; 0: the day itself */
    size_t count;
};

/* How many days before the deadline the reminder is set for whose turn it is on that day: the last one that has begun. REMINDER_NONE:
 * too early for the first, or the deadline has passed. */
int reminder_on(const struct reminder_days *r, int32_t deadline, int32_t today);

#endif
