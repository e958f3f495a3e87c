/* open_follow_up: which follow-ups of an episode are still to be made or told: the window has opened, and nothing is known of the
 * stage. Pure, beside kpi/derive.c, with the same windows.
 *
 * What would surprise: after 4 weeks only those are followed who have quit, so a later stage of somebody who is known not to have
 * quit, or to be lost, is not open; while nothing is known of the 4 weeks, it is. */
#ifndef QD_KPI_OPEN_FOLLOW_UP_H
#define QD_KPI_OPEN_FOLLOW_UP_H

#include "kpi/resolve.h"
#include "returns/judge.h"

/* The stage is open on that day. *out_days_left: until the window ends; 0 on its last day, negative once it has passed. */
bool follow_up_is_open(const struct follow_up_windows *w, const struct outcomes *known, int32_t quit_day,
                       enum stage stage, int32_t today, int32_t *out_days_left);
/* Of two open stages, by their days left, the one to be done first: windows that are open before those that have passed, the one that
 * ends first, or has passed last, before others. Negative: the first. */
int follow_up_urgency(int32_t days_left, int32_t other);

#endif
