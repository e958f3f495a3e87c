/* tally_cache: the counts of a provider, kept while nothing of it changes. The key says everything a tally depends on: the provider's
 * stamp (its newest accepted version), the framework's version, the as-at day and the authority. The stamp is read in the same
 * snapshot as everything else of an answer, so a cached tally can never be stale; a wrong one cannot be found.
 * Architecture's `tally` table is not needed: counting anew takes milliseconds and the memory is bounded. */
#ifndef QD_HANDLERS_TALLY_CACHE_H
#define QD_HANDLERS_TALLY_CACHE_H

#include "db/store.h"
#include "kpi/explain_table.h"
#include "kpi/tally.h"

struct tally_cache;
struct tally_cache *tally_cache_new(void);
void tally_cache_free(struct tally_cache *c);

struct tally_key {
    str service, provider;
    int64_t stamp;
    const struct framework *framework;
    int32_t as_at;
    uint32_t authority;
};

/* A counted tally that may be shared; give it back with tally_release(). */
struct shared_tally;
const struct tally *shared_tally_get(const struct shared_tally *s);
void tally_release(struct tally_cache *c, struct shared_tally *s);

/* From the cache, or NULL. */
struct shared_tally *tally_cache_recall(struct tally_cache *c, const struct tally_key *key);
/* From the cache, or counted from the facts in force and kept. known_at other than INSTANT_NONE is always counted anew. */
enum err tally_cache_get(struct tally_cache *c, struct db *db, const struct tally_key *key, int64_t known_at,
                         struct shared_tally **out);
/* The reasons behind the counts of a part, of the same provider, stamp, day and authority: kept with the tally when it is asked first. *out
 * is valid until the tally is given back. */
enum err tally_cache_why(struct tally_cache *c, struct db *db, const struct tally_key *key, int64_t known_at,
                         struct shared_tally *s, enum part_id part, const struct explain_table **out);
/* Keeps a tally that was counted elsewhere (an upload's own "after"); takes over what *t owns. */
struct shared_tally *tally_cache_put(struct tally_cache *c, const struct tally_key *key, struct tally *t);

#endif
