/* data_as_of: the header X-Data-As-Of of every answer with figures: the instant up to which what was received is in them. That is the asked-for
 * knownAt; without it (or where it lies ahead) the instant of the newest change of the service: a version, a sign-off, a final,
 * locked or unlocked period, a plan, a statement, finance or reasons, the framework or the bank holidays. The same question with
 * this value as knownAt, and with asAt, is answered with the same figures whatever is received later. */
#ifndef QD_HANDLERS_DATA_AS_OF_H
#define QD_HANDLERS_DATA_AS_OF_H

#include "db/store.h"
#include "server/http.h"

/* After the transaction, which may run twice. known_at INSTANT_NONE: not asked for. */
void data_as_of_header(struct request *r, struct reply *p, int64_t known_at, int64_t changed_at);

#endif
