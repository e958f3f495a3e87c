/* breakdown: a measure by one or two dimensions, over the rows of all providers that are asked for (contract section 10). Pure: books
 * in, a table of numerators and denominators out. Everything is exact; kpi/disclose.h stands between it and a wider audience.
 *
 * What would surprise: sums over a dimension equal `total`, except over priority groups and conditions, which overlap. Rows of the
 * harm reduction pathway are told apart by their own columns, also where they name an episode. Of a provider's national return the cells
 * are counted where a table of the form tells the measure by these dimensions: kpi/breakdown_national.h. */
#ifndef QD_KPI_BREAKDOWN_H
#define QD_KPI_BREAKDOWN_H

#include "kpi/dimension.h"
#include "kpi/measure.h"

enum { BREAKDOWN_BY_MAX = 2, BREAKDOWN_CELLS_MAX = 250000, BREAKDOWN_ROWS_MAX = 20000 };

struct breakdown_cell {
    int64_t numerator, denominator;
};

struct breakdown {
    const struct framework *framework;
    enum measure measure;
    int16_t from, to; /* periods in which rows count */
    int32_t as_at;
    uint32_t authority; /* 0: all */
    size_t by_count;
    struct dimension_members by[BREAKDOWN_BY_MAX];
    struct breakdown_cell *cells; /* by the members of the first, then of the second */
    struct breakdown_cell total;
};

/* Can this measure be broken down so? */
bool breakdown_can(enum measure m, enum dimension d);
/* The first period of returns whose rows may count. */
int16_t breakdown_first_period(const struct breakdown *b);
/* The parts whose facts breakdown_add() reads. */
uint32_t breakdown_parts(enum measure m);

/* After the first six members are set: the members of the dimensions. Names of open ones and providers are then brought to by[]. */
void breakdown_begin(struct breakdown *b, const enum dimension *by, struct arena *a);
/* Makes the table. False: more members or cells than there is room for. */
bool breakdown_open(struct breakdown *b, struct arena *a);
/* Counts what is in force of one provider; the index is that of its member in a dimension `provider`. */
void breakdown_add(struct breakdown *b, uint32_t provider, const struct book *book);
/* The same for tables of one measure, period, day and authority that differ in dimensions only: the rows are walked through once. */
void breakdown_add_each(struct breakdown *tables, size_t count, uint32_t provider, const struct book *book);

/* The second index is 0 where there is one dimension. */
struct breakdown_cell breakdown_at(const struct breakdown *b, size_t first, size_t second);
size_t breakdown_width(const struct breakdown *b); /* members of the second dimension, or 1 */
/* Is the member in the answer? All of closed dimensions are, of open ones those that some row has, and UNKNOWN. */
bool breakdown_lists(const struct dimension_members *m, size_t at);
/* Is that cell a row of the answer? */
bool breakdown_has_row(const struct breakdown *b, size_t first, size_t second);
size_t breakdown_rows(const struct breakdown *b);

#endif
