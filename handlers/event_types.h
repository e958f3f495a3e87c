/* event_types: "RETURN_REFUSED,PERIOD_FINAL" of a request. */
#ifndef QD_HANDLERS_EVENT_TYPES_H
#define QD_HANDLERS_EVENT_TYPES_H

#include "db/store_events.h"
#include "server/http.h"

/* Bits 1 << enum event_kind. A name that is none is the error `unknown`, and the fault lists those that there are. */
enum err event_types_read(struct request *r, str types, enum err unknown, uint32_t *out);

#endif
