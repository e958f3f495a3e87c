/* snapshot_ask: ?snapshot=n in place of asAt and knownAt: the figures as they were when a period became final or a plan opened. */
#ifndef QD_HANDLERS_SNAPSHOT_ASK_H
#define QD_HANDLERS_SNAPSHOT_ASK_H

#include "handlers/target.h"

/* Sets both to those of the snapshot; leaves them where there is no ?snapshot. ERR_BAD_PARAMETER (no number, or beside asAt or knownAt),
 * ERR_NOT_FOUND. */
enum err query_snapshot(struct request *r, str service, int32_t *as_at, int64_t *known_at);

#endif
