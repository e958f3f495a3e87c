/* metrics: what the process has done since it started, as numbers for a monitoring system: counted by whoever ends a request, without a lock, and written
 * in the text format of Prometheus (version 0.0.4). No keys, no services, no providers: routes, statuses, times and bytes. */
#ifndef QD_SERVER_METRICS_H
#define QD_SERVER_METRICS_H

#include "server/server.h"

struct metrics;
/* routes: lasting. */
struct metrics *metrics_new(const struct route *routes, size_t route_count);
void metrics_free(struct metrics *m); /* NULL does nothing */

/* One request that has ended. route NULL: none was found; status 0: it ended without an answer. Any thread. */
void metrics_note(struct metrics *m, const struct route *route, int status, int64_t took_us, uint64_t in,
                  uint64_t out);

struct metrics_now {
    const char *version;
    unsigned under_way;
};
void metrics_write(const struct metrics *m, const struct metrics_now *now, struct buf *out);

#endif
