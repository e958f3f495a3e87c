/* once: a POST that names an Idempotency-Key is done once, however often it is sent. Every handler of a POST runs its transaction
 * through here; without the header it is db_transaction().
 *
 * The answer is kept in the transaction of the change, so there is none without the other, also when the process or the connection ends at
 * any moment. The same key with the same path, If-Match and body gets the same answer again, marked Idempotency-Replayed: true; with another request
 * it is a 422 (IDEMPOTENCY_KEY_REUSED); while the first is still at work a 409 (REQUEST_IN_PROGRESS). A refusal changed nothing and is not
 * kept: sent again the request is judged again. */
#ifndef QD_HANDLERS_ONCE_H
#define QD_HANDLERS_ONCE_H

#include "db/db.h"
#include "server/http.h"

enum { ONCE_KEPT_DAYS = 90 };

/* finish (may be NULL) sets status and headers of the answer to what work->run has done; the body is there when it ends. It runs inside the
 * transaction, and may run again. Of the headers, Location and ETag are kept. */
enum err once(struct request *r, struct reply *p, const struct db_work *work, void (*finish)(void *context));
/* Was it the answer of an earlier request? Then nothing was done now. */
bool once_was_replayed(const struct reply *p);
/* Forgets answers older than ONCE_KEPT_DAYS. */
enum err once_purge(struct db *db);

#endif
