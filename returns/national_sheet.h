/* national_sheet: the national return while it is judged: the form of the period, what was filled in, and the row
 * in which each cell stands. Of fixed size, whatever the file. */
#ifndef QD_RETURNS_NATIONAL_SHEET_H
#define QD_RETURNS_NATIONAL_SHEET_H

#include "base/arena.h"
#include "returns/national_form.h"

struct national_place {
    uint32_t row, line; /* row 0: the cell was not sent */
};

struct national_sheet {
    struct national_form form;
    struct national_filled filled; /* only good values are present */
    struct arena reasons;
    struct national_place places[NATIONAL_CELLS_MAX];
    int cell; /* of the row being judged, or -1 */
    /* Rows that say no cell, by part where they say that much: each may be meant for a cell that is missing. */
    uint32_t unplaced[NATIONAL_PART_COUNT], unplaced_anywhere;
    uint32_t seen; /* rows that could be read */
};

void national_sheet_free(struct national_sheet *s); /* s may be NULL */

#endif
