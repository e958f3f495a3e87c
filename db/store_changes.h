/* store_changes: what changed between two versions of a part. Worked out by the database over its rows: a constant number of statements, and
 * no more memory here than one page. */
#ifndef QD_DB_STORE_CHANGES_H
#define QD_DB_STORE_CHANGES_H

#include "db/store.h"

/* Which two versions; `from` 0 is the part before it was ever sent. */
struct store_change_ask {
    str service, provider;
    int16_t period;
    const struct part *part;
    int32_t from, to;
};

struct store_change_counts {
    uint64_t created, updated, unchanged, removed;
    uint64_t columns[COLUMNS_MAX]; /* by the part's columns: in how many updated rows it differs */
};
enum err store_changes_count(struct db *db, const struct store_change_ask *ask,
                             struct store_change_counts *out);

/* One row that differs. */
struct store_change {
    int32_t row_before, row_after; /* 1-based; 0: not there */
    const char *const *before; /* text of each stored column, as store_rows_read() gives them; NULL: blank */
    const char *const *after;
    const int *before_lengths, *after_lengths;
};
/* Calls row() for each changed row of a page, streaming: in the order of the new version, removed rows last. An error of row() ends it
 * and is returned. */
enum err store_changes_read(struct db *db, const struct store_change_ask *ask, uint64_t skip, uint64_t limit,
                            enum err (*row)(void *context, const struct store_change *change), void *context);

#endif
