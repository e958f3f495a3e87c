/* store_erasure_requests: persons whom a provider wants erased: the application writes the wish down, `quarterday erase --asked` does it (as the owner
 * of the tables, by store_erasure.h). */
#ifndef QD_DB_STORE_ERASURE_REQUESTS_H
#define QD_DB_STORE_ERASURE_REQUESTS_H

#include "db/store_erasure.h"

struct store_erasure_request {
    str service, provider;
    int64_t number, asked_at;
    str reference, key_id, reason;
};
/* TX. With its line of the audit (SUBJECT_ERASURE_ASKED: how many rows, why, never about whom), unless the same waits already. Fills number and
 * asked_at as they are stored. */
enum err store_erasure_request_put(struct db *db, struct store_erasure_request *request, int64_t rows);
/* Is there one that waits? Fills number and asked_at; ERR_NOT_FOUND. */
enum err store_erasure_request_get(struct db *db, struct store_erasure_request *request);

/* Those that wait and were asked for before an instant, the oldest first, at most 1,000: service, provider, number. */
enum err store_erasure_requests_list(struct db *db, int64_t before, struct arena *a,
                                     struct store_erasure_request **out, size_t *out_count);
/* TX. Fills in the rest, and holds it until the end of the transaction. ERR_NOT_FOUND: it is settled, or another process has it. */
enum err store_erasure_request_take(struct db *db, struct arena *a, struct store_erasure_request *request);
/* TX. It is done. */
enum err store_erasure_request_settle(struct db *db, const struct store_erasure_request *request,
                                      int64_t rows);

#endif
