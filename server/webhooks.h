/* webhooks: the thread that sends events to webhooks. Of all processes on a database one does it, by a lock of its connection; when that
 * process ends, however it does, another takes over. It is woken by the commit that brings an event (while nothing is to be sent, not
 * oftener than every 50 ms), and looks every two seconds for what is due again. */
#ifndef QD_SERVER_WEBHOOKS_H
#define QD_SERVER_WEBHOOKS_H

#include "server/webhook_post.h"

struct webhooks;
/* database: conninfo, borrowed. NULL where no thread or no libcurl can be had. */
struct webhooks *webhooks_start(const char *database, const struct webhook_poster_how *how);
/* Begins nothing more and waits some seconds for what is under way; what has no answer by then is sent again by whoever is next. NULL does
 * nothing. */
void webhooks_stop(struct webhooks *w);

#endif
