/* row_pack: the rows of a version as they are stored: lines of text, 1,024 of them together in one row of the table row_pack. A row by
 * itself costs PostgreSQL a place in the table, one in the index and a look at its owner, ten times what its bytes do.
 *
 * A line has the stored columns in their order, parted by tabs, blank ones empty; lines are parted by line breaks. Days are YYYY-MM-DD, flags t
 * and f. Only free texts can hold what parts columns and lines: there it is written with a backslash. The views of the database that
 * show them as rows (migrations/0031_row_lines.sql) read the same form. */
#ifndef QD_RETURNS_ROW_PACK_H
#define QD_RETURNS_ROW_PACK_H

#include "returns/spill.h"

enum {
    ROW_PACK_ROWS =
        1024, /* of each pack but the last; the migration that made the table has the same number */
    ROW_PACK_TAB = '\t',
    ROW_PACK_LINE = '\n',
};

/* Whose rows they are. */
struct row_pack_of {
    str service, provider;
    int16_t period, part;
    int32_t version;
};

struct row_packer {
    struct spill *to; /* NULL: lines are kept, for another packer */
    struct buf head;  /* what each pack begins with as COPY takes it */
    struct buf lines;
    uint32_t first, rows; /* of those in `lines`; 1 is the first */
};

/* Packs go to `to` as PostgreSQL's binary COPY of row_pack. NULL, `of` likewise: see above. */
void row_packer_begin(struct row_packer *p, struct spill *to, const struct row_pack_of *of);
/* Room for one more line; its bytes without the line break are told by row_packer_took(), before the next call. */
char *row_packer_room(struct row_packer *p, size_t most);
void row_packer_took(struct row_packer *p, size_t n);
/* The lines of `from` come behind those of p; from has none afterwards. */
void row_packer_move(struct row_packer *p, struct row_packer *from);
/* What is left, and the end of the COPY. */
void row_packer_end(struct row_packer *p);
void row_packer_free(struct row_packer *p);

/* Writes a free text as it stands in a line, in at most twice its bytes; returns where it ends. */
char *row_text_write(char *out, str text);
/* Takes the next column off a line: its bytes, in the arena only where a free text was written otherwise; STR_NONE when it is blank. */
str row_line_cut(str *line, struct arena *a);

#endif
