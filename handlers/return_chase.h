/* return_chase: who has not signed a return off is reminded before its deadline (RETURN_DUE), and on the day after it the return is told
 * as overdue (RETURN_OVERDUE), each once.
 *
 * A period that is final or locked waits for nobody, nor does a year after the day that locks its final periods: nothing of them is told, so
 * that a service that begins is not told years of old debts. A return that was signed in time and changed since is reminded
 * of before the deadline, since it must be signed again, but is not overdue: it was in time (handlers/return_status.h). A deadline that
 * the framework moves is another deadline. */
#ifndef QD_HANDLERS_RETURN_CHASE_H
#define QD_HANDLERS_RETURN_CHASE_H

#include "handlers/daily_work.h"

/* TX, with the service's row held. Adds to day->done. */
enum err returns_chase(struct service_day *day);

#endif
