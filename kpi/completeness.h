/* completeness: how much of what the national collection asks is there, per item (contract section 8, KPI 1.14), and which cells are not. Pure; the same
 * definition of items (kpi/items.h) that the KPI counts. */
#ifndef QD_KPI_COMPLETENESS_H
#define QD_KPI_COMPLETENESS_H

#include "kpi/book.h"
#include "kpi/framework.h"
#include "kpi/items.h"

struct completeness {
    int64_t required[ITEM_COUNT], complete[ITEM_COUNT];
    int64_t all_required, all_complete;
    int64_t waiting; /* episodes of the period whose 4-week window is not over at the as-at day */
};

/* Counts one provider's episodes of a period as at a day and adds them to *out. missing(), when given, is called for each incomplete cell in the order
 * of rows and items; row is 1-based, in the version in force. */
void completeness_add(const struct framework *f, const struct book *book, int16_t period, int32_t as_at,
                      struct completeness *out, void (*missing)(void *context, uint32_t row, enum item item),
                      void *context);
/* The same of a national return in force: its mandatory cells, all of them complete, since one that lacks a cell or has
 * a wrong one is refused. They are none of the items, so items add up to less than the whole. */
void completeness_add_national(const struct book *book, int16_t period, struct completeness *out);
void completeness_sum(struct completeness *to, const struct completeness *from);

/* At least `percent` (the framework's completenessPercent; contract: 95) and something required, exactly. */
bool completeness_suffices(struct decimal percent, int64_t complete, int64_t required);

#endif
