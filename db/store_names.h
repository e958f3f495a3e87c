/* store_names: the names that rows use for sites, advisers and organisations. Facts keep only their hashes. */
#ifndef QD_DB_STORE_NAMES_H
#define QD_DB_STORE_NAMES_H

#include "db/store.h"

enum store_names {
    NAMES_EPISODE_SITE,
    NAMES_EPISODE_ADVISER,
    NAMES_REFERRAL_SITE,
    NAMES_REFERRAL_ORGANISATION,
    NAMES_SITE, /* of a version of `sites`: id and what it is called */
};
struct store_name {
    str key, label; /* label STR_NONE but for NAMES_SITE */
};
/* Each name of one version once, at most 5,001 of them: more is for the caller to refuse. */
enum err store_names_list(struct db *db, str service, str provider, int16_t period, int32_t version,
                          enum store_names which, struct arena *a, struct store_name **out,
                          size_t *out_count);

#endif
