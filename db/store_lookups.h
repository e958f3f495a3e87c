/* store_lookups: reference data in the database: versions that never change, their packs (returns/lookup.h), and which of them a
 * return was judged beside. */
#ifndef QD_DB_STORE_LOOKUPS_H
#define QD_DB_STORE_LOOKUPS_H

#include "base/buf.h"
#include "base/date.h"
#include "base/hash.h"
#include "db/db.h"
#include "returns/part.h"

struct store_lookup {
    str lookup, edition; /* edition: only of imd, otherwise empty */
    int32_t version;
    int64_t received_at;
    str key_id;
    uint8_t sha256[SHA256_BYTES];
    uint64_t bytes;
    uint32_t rows;
    uint64_t pack_bytes;
};

/* All versions of one lookup, or of all (STR_NONE), the newest of each edition first. */
enum err store_lookups_list(struct db *db, str lookup, struct arena *a, struct store_lookup **out,
                            size_t *out_count);
/* ERR_NOT_FOUND. */
enum err store_lookup_newest(struct db *db, str lookup, str edition, struct arena *a,
                             struct store_lookup *out);
/* The newest of postcodes and of imd in that edition: at most two. */
void store_lookups_in_use_ahead(struct db *db, str edition);
enum err store_lookups_in_use(struct db *db, str edition, struct arena *a, struct store_lookup **out,
                              size_t *out_count);
/* TX. Until its end nobody else writes this lookup. */
enum err store_lookup_lock(struct db *db, str lookup);
/* TX, under the lock. Writes the version and its pack, the audit line. Bank holidays change every service: l->received_at is moved on where it
 * is not later than every earlier change of all of them. The other lookups change none: what was judged beside them keeps what it got. */
enum err store_lookup_put(struct db *db, struct store_lookup *l, str pack, str correlation);
/* The whole pack of a version, appended to out. */
enum err store_lookup_pack(struct db *db, const struct store_lookup *l, struct buf *out);

/* TX, after store_version_put(). */
enum err store_version_lookup_put(struct db *db, str service, str provider, int16_t period, enum part_id part,
                                  int32_t version, const struct store_lookup *l);
struct store_version_lookup {
    enum part_id part;
    int32_t version;
    str lookup, edition;
    int32_t lookup_version;
};
/* Of all versions of a return, by part and version. */
enum err store_version_lookups_list(struct db *db, str service, str provider, int16_t period, struct arena *a,
                                    struct store_version_lookup **out, size_t *out_count);

#endif
