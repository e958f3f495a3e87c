/* row_changes: how a new version differs from the one it replaces: rows by key created, updated, unchanged, removed. */
#ifndef QD_HANDLERS_ROW_CHANGES_H
#define QD_HANDLERS_ROW_CHANGES_H

#include "db/store_changes.h"
#include "returns/facts.h"

struct row_changes {
    uint32_t created, updated, unchanged, removed;
};
/* The same for rows without a key, of which several may be equal: nothing is ever updated. */
struct row_changes row_changes_count_keyless(const struct row_digests *before,
                                             const struct row_digests *after);
/* Keys are unique within each side. Pure, O(n). */
struct row_changes row_changes_count(const struct row_digests *before, const struct row_digests *after);

/* Which rows those are. */
struct row_change_list {
    struct row_change *changes; /* in the order of the new version, removed rows last */
    size_t count;
    struct row_changes counts;
};
/* O(n), of rows without a key O(n log n): the k-th of several equal rows is the k-th of those before. To be freed. */
void row_changes_list(const struct row_digests *before, const struct row_digests *after, bool keyed,
                      struct row_change_list *out);
void row_change_list_free(struct row_change_list *l);

#endif
