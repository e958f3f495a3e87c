/* framework_cache: each version of each framework, beside each version of the bank holidays, is parsed once and kept for the life of the process: versions are immutable and few. */
#ifndef QD_HANDLERS_FRAMEWORK_CACHE_H
#define QD_HANDLERS_FRAMEWORK_CACHE_H

#include "db/store.h"
#include "kpi/framework.h"

struct framework_cache;
struct framework_cache *framework_cache_new(void);
void framework_cache_free(struct framework_cache *c);
/* The parsed framework of the service's versions, valid as long as the cache. Safe from every worker. */
enum err framework_cache_get(struct framework_cache *c, struct db *db, const struct store_service *service,
                             struct fault *fault, const struct framework **out);

#endif
