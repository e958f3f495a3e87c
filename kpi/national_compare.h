/* national_compare: a provider's own national return beside the one that is derived from its episodes, cell by cell. Pure.
 *
 * Compared are the cells of 1A to 1H: the finance of 2A and 2B is in no episode. A cell that may be left out and was not
 * sent counts as 0, as it does in the national return. */
#ifndef QD_KPI_NATIONAL_COMPARE_H
#define QD_KPI_NATIONAL_COMPARE_H

#include "kpi/national_return.h"

struct national_difference {
    int cells, differing;
    int64_t difference; /* own less derived, over all cells */
};

struct national_comparison {
    struct national_return own, derived;
    struct national_difference all, parts[NATIONAL_2A];
};

/* own: a version of `national`; book: the version of `episodes`, the follow-ups and the sites, and no `national`. */
void national_compare(const struct framework *f, const struct held *own, const struct book *book,
                      int16_t period, int32_t as_at, struct national_comparison *out);

/* Is it among the cells that are compared? */
static inline bool national_cell_is_compared(const struct national_form *form, int cell) {
    return national_row_of(form, cell)->part < NATIONAL_2A;
}
static inline int64_t national_cell_difference(const struct national_comparison *c, int cell) {
    return c->own.filled.values[cell] - c->derived.filled.values[cell];
}
static inline bool national_cell_differs(const struct national_comparison *c, int cell) {
    return national_cell_is_compared(&c->own.form, cell) && national_cell_difference(c, cell) != 0;
}

#endif
