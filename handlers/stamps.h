/* stamps: Quarterday-Stamp of what is answered, and Quarterday-After of what is asked. Every receipt of a change says how far the service has
 * come with it; a request that sends this back is answered from figures that go at least as far, by whichever instance. */
#ifndef QD_HANDLERS_STAMPS_H
#define QD_HANDLERS_STAMPS_H

#include "handlers/app.h"

/* Around every handler that has a worker (server_settings). The first is ERR_BAD_PARAMETER where Quarterday-After is no stamp of what is asked,
 * ERR_NOT_YET where the database does not go as far (a standby after two seconds); ERR_READ_ONLY where a change is asked of a standby. */
enum err stamp_before(struct request *r);
/* Does the service, as it was read, go as far as the request's Quarterday-After, if it has one? */
bool stamp_is_reached(const struct request *r, const struct store_service *service);
void stamp_after(struct request *r, struct reply *p);

/* Of an answer with figures of one service, as the transaction saw it that has read them: its stamp, X-Data-As-Of, and, where it says nothing
 * that another moment of the same day would change, that it may be kept. known_at INSTANT_NONE: not asked for. */
void answered_from(struct request *r, struct reply *p, int64_t known_at, const struct store_service *service);

#endif
