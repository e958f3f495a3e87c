/* lookup_cache: the packs of reference data, loaded when an upload first needs them and shared by all workers. Which versions are in
 * use is asked of the database within the upload's own transaction, so every process uses a new one at once and none needs to be told;
 * versions never change, so what is cached is never stale. Older ones go when nobody holds them. */
#ifndef QD_HANDLERS_LOOKUP_CACHE_H
#define QD_HANDLERS_LOOKUP_CACHE_H

#include "db/store_lookups.h"
#include "returns/lookup.h"

struct lookup_cache;
struct lookup_cache *lookup_cache_new(void);
void lookup_cache_free(struct lookup_cache *c);

struct kept_lookup;

/* The lookups that an upload is judged beside, and their versions. */
struct lookups_in_use {
    struct lookups lookups;
    struct lookup_imd imd;
    struct lookup_postcodes postcodes;
    struct store_lookup versions[2];
    size_t count;
    struct kept_lookup *held[2];
};
/* Of the framework's edition, as the database has them now. Give back with lookups_release(), also after a failure. */
enum err lookups_acquire(struct lookup_cache *c, struct db *db, str edition, struct arena *a,
                         struct lookups_in_use *out, struct fault *fault);
void lookups_release(struct lookup_cache *c, struct lookups_in_use *l);

#endif
