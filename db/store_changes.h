/* store_changes: the rows in which two versions of a part differ. Which they are the digests tell (handlers/row_changes.h); what
 * they say, their lines. */
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

/* A row that differs, by its number in either version: 1-based; 0: not there. */
struct row_change {
    uint32_t before, after;
};

/* By the part's columns: in how many of the rows that stand in both versions it differs. */
enum err store_changes_columns(struct db *db, const struct store_change_ask *ask,
                               const struct row_change *changes, size_t count, uint64_t columns[COLUMNS_MAX]);

/* One row that differs. */
struct store_change {
    int32_t row_before, row_after; /* 1-based; 0: not there */
    const char *const *before; /* text of each stored column, as store_rows_read() gives them; NULL: blank */
    const char *const *after;
    const int *before_lengths, *after_lengths;
};
/* Calls row() for each of the changes, in their order, streaming. An error of row() ends it and is returned. */
enum err store_changes_read(struct db *db, const struct store_change_ask *ask,
                            const struct row_change *changes, size_t count,
                            enum err (*row)(void *context, const struct store_change *change), void *context);

#endif
