/* freshness: may what this process remembers of a service still be served? A number for each service moves with every change that the
 * process makes (db_transaction() sees to it, before its caller can tell anybody) or hears of. What was read from the database
 * after a number was taken is good as long as the number stays. Any thread; never waits.
 *
 * It hears of the changes of other processes by NOTIFY at their commit. While it does not listen, or has not heard from the database for two
 * seconds, nothing is to be trusted. */
#ifndef QD_DB_FRESHNESS_H
#define QD_DB_FRESHNESS_H

#include "db/db.h"

/* Never 0 while it can be trusted; 0: ask the database. "*": moves with the change of any service. */
uint64_t freshness_of(str service);
/* Something of the service has changed, or may have; "*": of all. */
void freshness_moved(str service);
/* Nothing is trusted until it is said again. */
void freshness_end(void);
/* For whoever watches: the database has answered a question that was sent at `since` (freshness_now()); is it time to ask again? */
void freshness_trust(int64_t since);
int64_t freshness_now(void);
bool freshness_wants_proof(void);

/* One round of the one thread that watches, on a connection of its own: waits up to timeout_ms for notices. In listen.c. */
void freshness_watch(struct db *db, int timeout_ms);
/* The same on a standby, acting for everybody, where nobody can listen: compares the stamps of all services with those of the round before, then sleeps. What is
 * served from memory is then older than the standby by one round at most. */
void freshness_compare(struct db *db, int timeout_ms);

#endif
