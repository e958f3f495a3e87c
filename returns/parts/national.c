#include "returns/parts/national.h"

#include "returns/facts.h"

static const struct column COLUMNS[] = {
#define X(index, ...) {__VA_ARGS__},
    NATIONAL_COLUMNS(X)
#undef X
};
_Static_assert(COLUMN_COUNT(COLUMNS) <= COLUMNS_MAX, "a row has room for COLUMNS_MAX");

const struct part part_national = {
    .id = PART_NATIONAL,
    .name = "national",
    .table = "national_cell",
    .meaning =
        "One row per cell of the national return, from a provider that holds no client records; instead of episodes and follow-ups.",
    .columns = COLUMNS,
    .column_count = COLUMN_COUNT(COLUMNS),
    .fact_bytes = sizeof(struct fact_national),
};
