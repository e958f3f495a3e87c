/* kept: finished replies in memory, so that the same question is answered again without a worker and without the database. A reply is
 * good for the state in which it was made (server_settings.reply_state). The key says everything else that the bytes depend on. What was used longest ago goes first when there is no room. Any thread. */
#ifndef QD_SERVER_KEPT_H
#define QD_SERVER_KEPT_H

#include "server/http.h"

struct kept_replies;
struct kept; /* counted; never changes */

/* NULL for most_bytes 0: nothing is kept. drop_prepared() ends what kept_prepared_give() gave. */
struct kept_replies *kept_new(size_t most_bytes, void (*drop_prepared)(void *prepared));
void kept_free(struct kept_replies *all); /* when nobody holds one any more */

/* The reply to that question in that state, or NULL. Give back with kept_drop(). */
struct kept *kept_find(struct kept_replies *all, str key, struct reply_state now);
/* Takes the body of the reply over; the reply is then the kept one, as kept_fill() makes it. It is held also where there is no room to keep it. */
struct kept *kept_put(struct kept_replies *all, str key, struct reply_state made_in, struct reply *p);
/* Makes the reply; its bytes live as long as the kept one is held. */
void kept_fill(const struct kept *k, struct reply *p);
void kept_drop(struct kept_replies *all, struct kept *k);

/* What reply.c makes of it for the library costs a dozen allocations; one that has been sent is sent again, with the headers of the next
 * request. NULL: there is none just now. */
void *kept_prepared_take(struct kept_replies *all, struct kept *k);
void kept_prepared_give(struct kept_replies *all, struct kept *k, void *prepared);

#endif
