/* metrics_door: GET /metrics on 127.0.0.1 alone, on a port of its own, over HTTP without TLS: for a collector on the same machine. It knows no
 * keys, so it answers nobody who came by a name of another machine (a page in somebody's browser), and shows nothing of anybody. */
#ifndef QD_SERVER_METRICS_DOOR_H
#define QD_SERVER_METRICS_DOOR_H

#include "base/buf.h"
#include "base/err.h"

struct metrics_door;
/* write: called on a thread of its own for each answer. */
enum err metrics_door_open(uint16_t port, void (*write)(void *context, struct buf *out), void *context,
                           struct fault *fault, struct metrics_door **out);
void metrics_door_close(struct metrics_door *door); /* NULL does nothing */

#endif
