/* store_idempotency: what was answered to a POST that named an Idempotency-Key. */
#ifndef QD_DB_STORE_IDEMPOTENCY_H
#define QD_DB_STORE_IDEMPOTENCY_H

#include "base/hash.h"
#include "db/db.h"

/* Whose key it is: of everybody who holds a key of the same service and provider, on one route. */
struct store_idempotency {
    str service, provider, route, key;
};
struct store_answer {
    uint8_t request_sha256[SHA256_BYTES];
    int status;
    str location, etag, body; /* empty: none */
};

/* TX. The lock of this key until the end of the transaction; *out_ours false: another transaction has it. */
enum err store_idempotency_try(struct db *db, const struct store_idempotency *k, bool *out_ours);
/* TX. The same, but waits (lock_timeout). */
enum err store_idempotency_wait(struct db *db, const struct store_idempotency *k);
/* TX. ERR_NOT_FOUND: nothing was answered yet. */
enum err store_idempotency_get(struct db *db, const struct store_idempotency *k, struct arena *a,
                               struct store_answer *out);
/* TX */
enum err store_idempotency_put(struct db *db, const struct store_idempotency *k,
                               const struct store_answer *answer);
/* Forgets what was answered before that instant. A transaction of its own. */
enum err store_idempotency_purge(struct db *db, int64_t before);

#endif
