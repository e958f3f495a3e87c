/* store_supplement: what the supplement asks of rows as a whole. */
#ifndef QD_DB_STORE_SUPPLEMENT_H
#define QD_DB_STORE_SUPPLEMENT_H

#include "db/store.h"

struct store_destination {
    str site, type; /* STR_NONE: blank */
    int64_t referrals;
};
/* Where the referrals of a version were sent, most first. */
enum err store_destinations_list(struct db *db, str service, str provider, int16_t period, int32_t version,
                                 struct arena *a, struct store_destination **out, size_t *out_count);

#endif
