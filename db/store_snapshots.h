/* store_snapshots: the questions, with both dates, that show a meeting's figures again. */
#ifndef QD_DB_STORE_SNAPSHOTS_H
#define QD_DB_STORE_SNAPSHOTS_H

#include "db/store.h"

struct store_snapshot {
    int32_t number; /* from 1, by service */
    int16_t period; /* that became final, or for which the plan opened */
    str plan;       /* empty: a period became final */
    int32_t as_at;
    int64_t known_at;
    int32_t framework_version;
};

/* TX, after store_service_lock(), in the transaction of what it is kept for. plan empty: the period became final. */
enum err store_snapshot_put(struct db *db, str service, int16_t period, str plan, int32_t as_at,
                            int64_t known_at);
/* Newest first; number 0: all. */
enum err store_snapshots_list(struct db *db, str service, int32_t number, struct arena *a,
                              struct store_snapshot **out, size_t *out_count);

#endif
