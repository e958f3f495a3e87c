/* store_national: what the commissioner adds to the national return of a quarter: finance, reasons, and the numbered copies of what was
 * sent. All three are versions of a JSON document; what is in them the handlers know. */
#ifndef QD_DB_STORE_NATIONAL_H
#define QD_DB_STORE_NATIONAL_H

#include "db/store.h"

enum national_kind { NATIONAL_FINANCE, NATIONAL_REASONS, NATIONAL_SUBMISSION, NATIONAL_KIND_COUNT };
const char *national_kind_name(enum national_kind k); /* "FINANCE" */

struct store_national_entry {
    int16_t period;
    enum national_kind kind;
    int32_t version; /* 0: none was entered */
    int64_t seq, at;
    str key_id;
    str body; /* JSON */
};

/* The newest of each kind, by period; known_at INSTANT_NONE: everything. */
enum err store_national_newest(struct db *db, str service, int16_t first, int16_t last, int64_t known_at,
                               struct arena *a, struct store_national_entry **out, size_t *out_count);
/* Everything of a quarter, newest first; of the copies only {"ready","reason"}. */
enum err store_national_list(struct db *db, str service, int16_t period, struct arena *a,
                             struct store_national_entry **out, size_t *out_count);
/* ERR_NOT_FOUND. */
enum err store_national_get(struct db *db, str service, int16_t period, enum national_kind kind,
                            int32_t version, struct arena *a, struct store_national_entry *out);
/* TX, after store_service_lock(). Adds e->body as the next version, with audit line and event; sets version and seq. */
enum err store_national_put(struct db *db, str service, struct store_national_entry *e, str correlation);

#endif
