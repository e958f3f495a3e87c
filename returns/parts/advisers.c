#include "returns/parts/advisers.h"

#include "returns/facts.h"

static const struct column COLUMNS[] = {
#define X(index, ...) {__VA_ARGS__},
    ADVISER_COLUMNS(X)
#undef X
};
_Static_assert(COLUMN_COUNT(COLUMNS) <= COLUMNS_MAX, "a row has room for COLUMNS_MAX");

const struct part part_advisers = {
    .id = PART_ADVISERS,
    .name = "advisers",
    .table = "adviser",
    .meaning = "One row per adviser; the list stays in force until the next one.",
    .columns = COLUMNS,
    .column_count = COLUMN_COUNT(COLUMNS),
    .fact_bytes = sizeof(struct fact_adviser),
};
