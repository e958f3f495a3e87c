/* row_changes: how a new version differs from the one it replaces: rows by key created, updated, unchanged, removed. */
#ifndef QD_HANDLERS_ROW_CHANGES_H
#define QD_HANDLERS_ROW_CHANGES_H

#include "returns/facts.h"

struct row_changes {
    uint32_t created, updated, unchanged, removed;
};
/* The same for rows without a key, of which several may be equal: nothing is ever updated. */
struct row_changes row_changes_count_keyless(const struct row_digests *before,
                                             const struct row_digests *after);
/* Keys are unique within each side. Pure, O(n). */
struct row_changes row_changes_count(const struct row_digests *before, const struct row_digests *after);

#endif
