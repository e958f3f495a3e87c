/* framework_cache: each version of each framework is parsed once and kept for the life of the process: versions are immutable and few. */
#ifndef QD_HANDLERS_FRAMEWORK_CACHE_H
#define QD_HANDLERS_FRAMEWORK_CACHE_H

#include "db/store.h"
#include "kpi/framework.h"

struct framework_cache;
struct framework_cache *framework_cache_new(void);
void framework_cache_free(struct framework_cache *c);
/* The parsed framework, valid as long as the cache. Safe from every worker. */
enum err framework_cache_get(struct framework_cache *c, struct db *db, str id, int version,
                             struct fault *fault, const struct framework **out);

#endif
