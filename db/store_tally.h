/* store_tally: what is in force of a provider, counted. */
#ifndef QD_DB_STORE_TALLY_H
#define QD_DB_STORE_TALLY_H

#include "db/db.h"
#include "kpi/tally.h"

struct store_tally_ask {
    str service, provider;
    int64_t known_at; /* INSTANT_NONE: everything received */
    const struct framework *framework;
    int32_t as_at;
    uint32_t authority; /* as in facts; 0: all */
};

/* What tally_count() says of the book that store_book_load() loads, without ever having all of it. Free with tally_free(). */
enum err store_tally(struct db *db, const struct store_tally_ask *ask, struct tally *out);

#endif
