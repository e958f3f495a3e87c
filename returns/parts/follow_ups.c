#include "returns/parts/follow_ups.h"

#include "returns/facts.h"

static const struct column COLUMNS[] = {
#define X(index, ...) {__VA_ARGS__},
    FOLLOW_UP_COLUMNS(X)
#undef X
};
_Static_assert(COLUMN_COUNT(COLUMNS) <= COLUMNS_MAX, "a row has room for COLUMNS_MAX");

const struct part part_follow_ups = {
    .id = PART_FOLLOW_UPS,
    .name = "follow-ups",
    .table = "follow_up",
    .meaning = "Outcomes for episodes of this or an earlier period.",
    .columns = COLUMNS,
    .column_count = COLUMN_COUNT(COLUMNS),
    .fact_bytes = sizeof(struct fact_follow_up),
};
