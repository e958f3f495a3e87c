/* breakdown_target: what the rows of a breakdown are held against, where the framework sets targets for single members ("by", "key"):
 * a KPI that counts the very rows of a measure lends it its targets. Pure. */
#ifndef QD_KPI_BREAKDOWN_TARGET_H
#define QD_KPI_BREAKDOWN_TARGET_H

#include "kpi/breakdown.h"
#include "kpi/status.h"

/* The measure that counts what the KPI counts; false where none does. */
bool kpi_measure(const struct framework *f, const struct kpi *k, enum measure *out);

struct breakdown_target {
    const struct kpi *kpi;
    const struct kpi_year *year;
    struct goal goal; /* of the quarter, or of the year to date */
    enum rag rag;
};
enum { BREAKDOWN_TARGETS_MAX = 8 };

/* The targets of one row: of the measure, by one dimension, of the member `key`. How many, at most BREAKDOWN_TARGETS_MAX. */
size_t breakdown_targets(const struct breakdown *b, size_t member, bool year_to_date,
                         struct breakdown_target out[BREAKDOWN_TARGETS_MAX]);

#endif
