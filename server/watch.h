/* watch: the thread that hears of the changes of other processes (db/freshness.h), on a connection of its own. */
#ifndef QD_SERVER_WATCH_H
#define QD_SERVER_WATCH_H

#include "base/err.h"

struct watch;

/* conninfo stays the caller's for as long as it watches; standby: nobody can listen there. */
enum err watch_start(const char *conninfo, bool standby, struct fault *fault, struct watch **out);
void watch_stop(struct watch *w);

#endif
