/* csv_row: the cells of one row of a CSV file, judged. Nobody outside returns/ includes this. */
#ifndef QD_RETURNS_CSV_ROW_H
#define QD_RETURNS_CSV_ROW_H

#include "returns/judging.h"

/* Which field of a row goes to which column, in the part's order. */
struct csv_route {
    uint16_t column, field;
};

/* What the header says of the rows. */
struct csv_shape {
    struct csv_route routes[COLUMNS_MAX];
    size_t route_count;
    size_t header_count; /* without trailing blank names */
    bool header_known;   /* it names at least one column; else the rows' shape says nothing */
};

struct csv_row {
    const str *fields; /* the first header_count of them, as they stand in the file */
    size_t count;      /* of all */
    bool extra_text;   /* one beyond those is not blank */
    uint32_t line;
};

/* After judge_row_begin(). False: the row could not be judged, and has been told so; then judge_row_skip() ends it. */
bool csv_row_judge(struct judging *j, const struct csv_shape *shape, const struct csv_row *row);

/* The same for several rows at once. Column after column their cells in common forms are judged, which costs a fraction of
 * judging them row after row: the processor does the same again and again. Then, row after row, the rest. */
enum { CSV_ROWS_AT_ONCE = 32 };
/* Zeroed before the first. */
struct csv_rows_judged {
    struct value values[CSV_ROWS_AT_ONCE][COLUMNS_MAX];
    uint64_t left[CSV_ROWS_AT_ONCE]; /* a bit for each route whose cell is in no common form */
};
/* At most CSV_ROWS_AT_ONCE rows, each with all header_count fields (those that it lacks are empty) behind those of the row
 * before. */
void csv_rows_judge(const struct judging *j, const struct csv_shape *shape, const struct csv_row *rows,
                    size_t count, struct csv_rows_judged *out);
/* As csv_row_judge(), of a row whose values are among those; `left` is its own. */
bool csv_row_judge_rest(struct judging *j, const struct csv_shape *shape, const struct csv_row *row,
                        uint64_t left);

#endif
