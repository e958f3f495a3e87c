/* row_lines: the lines of a version's rows (returns/row_pack.h), any of them at once: in memory while they are few, beyond that in an unnamed
 * file. For the files of db/ alone. */
#ifndef QD_DB_ROW_LINES_H
#define QD_DB_ROW_LINES_H

#include "db/store_changes.h"
#include "returns/body.h"
#include "returns/row_pack.h"

struct row_lines {
    struct spill kept;
    str bytes;
    struct buf ends; /* uint64_t of each row: where its line ends in `bytes`, behind its line break */
    struct body_window window;
};

/* Of one version of what is asked for; 0: none, which has no rows. Free it also after an error. */
enum err row_lines_load(struct db *db, const struct store_change_ask *ask, int32_t version,
                        struct row_lines *out);
/* The line of a row, 1-based; STR_NONE for one that is not there. Quickest in their order: what lies far before is given back. */
str row_lines_get(struct row_lines *l, uint32_t row);
void row_lines_free(struct row_lines *l);

#endif
