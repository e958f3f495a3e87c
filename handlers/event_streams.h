/* event_streams: feeds everybody who follows the events of a service as a stream (server-sent events). One thread and two connections to the
 * database for all of them: it is woken by the commit that brings an event, and by a reader who has taken what it was given. Those
 * who stand at the same place and may see the same are served by one question to the database. */
#ifndef QD_HANDLERS_EVENT_STREAMS_H
#define QD_HANDLERS_EVENT_STREAMS_H

#include "db/store_events.h"
#include "server/http.h"

struct event_streams;
/* database: conninfo, borrowed; a standby, where nobody can listen, is asked each second. NULL where no thread could be made. */
struct event_streams *event_streams_start(const char *database, bool standby);
/* When the server has stopped. NULL does nothing. */
void event_streams_stop(struct event_streams *all);

/* Makes the reply a stream of the events that are asked for; limit does not count. The last thing that a handler does. `all` NULL:
 * ERR_UNAVAILABLE. Otherwise as stream_begin(). */
enum err event_streams_follow(struct event_streams *all, struct request *r, struct reply *p,
                              const struct store_events_ask *ask);

#endif
