/* refusals: tells the audit what keys were refused: 403, and 404 for what is of others or hidden. A thread of its own writes, so that no
 * answer waits for it, and what repeats is folded (refusal_folds.h). Requests without a good key are in the log alone: they have no name, and who
 * has none must not be able to fill the audit.
 *
 * A line stands in the chain of the service that was asked for, since those whose it is should know who knocks; where there is no such
 * service in that of the key's own; else in that of none. */
#ifndef QD_SERVER_REFUSALS_H
#define QD_SERVER_REFUSALS_H

#include "server/server.h"

struct refusals;

/* database: conninfo, borrowed. window_seconds: how long equal refusals are counted before they are told again. NULL where no thread can be had. */
struct refusals *refusals_start(const char *database, unsigned window_seconds);
/* Tells what was counted, and ends. NULL does nothing. */
void refusals_stop(struct refusals *r);
/* Any thread; takes a lock for the time of looking through a small table. NULL does nothing. */
void refusals_note(struct refusals *r, const struct refusal *what);

#endif
