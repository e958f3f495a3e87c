/* explain_table: the reasons behind every count of one provider's part, quarter by quarter, packed: an explanation holds some hundred
 * numbers of which a handful are not zero. Counted in one pass over the rows and kept beside the tally (handlers/tally_cache.h), so that
 * the next "why" reads no row. */
#ifndef QD_KPI_EXPLAIN_TABLE_H
#define QD_KPI_EXPLAIN_TABLE_H

#include "kpi/explain.h"

struct explain_count {
    int64_t count;
    int16_t reason; /* -1: of the numerator or denominator itself */
    uint8_t standing;
};

struct explain_table {
    int16_t first, last; /* quarters; first > last: no rows */
    size_t kpi_count;
    uint32_t *begin; /* [kpi * quarters + period - first]: its first count; one more at the end */
    struct explain_count *counts;
};

/* q: framework, book, day and authority; the part is the table's. Free with explain_table_free(). */
void explain_table_count(const struct walk_question *q, enum part_id part, struct explain_table *out);
void explain_table_free(struct explain_table *t);
/* Adds what is told of a KPI (its index in the framework) in the quarters from .. to. */
void explain_table_add(const struct explain_table *t, size_t kpi, int16_t from, int16_t to,
                       struct explanation *out);

#endif
