/* framework_cache: each version of each framework, beside each version of the bank holidays, is parsed once and kept for the life of the process: versions are immutable and few. */
#ifndef QD_HANDLERS_FRAMEWORK_CACHE_H
#define QD_HANDLERS_FRAMEWORK_CACHE_H

#include "db/store.h"
#include "kpi/versions.h"

struct framework_cache;
struct framework_cache *framework_cache_new(void);
void framework_cache_free(struct framework_cache *c);
/* A parsed version of the service's framework beside its bank holidays, valid as long as the cache. Safe from every worker. */
enum err framework_cache_get(struct framework_cache *c, struct db *db, const struct store_service *service,
                             int version, struct fault *fault, const struct framework **out);
/* The version that rates the quarter. */
enum err framework_cache_of_period(struct framework_cache *c, struct db *db,
                                   const struct store_service *service, int16_t period, struct fault *fault,
                                   const struct framework **out);
/* Every version that rates a quarter; the list is the arena's. */
enum err framework_cache_all(struct framework_cache *c, struct db *db, const struct store_service *service,
                             struct arena *a, struct fault *fault, struct frameworks_in_force *out);

#endif
