#include "returns/parts/harm_reduction.h"

#include "returns/facts.h"

static const struct column COLUMNS[] = {
#define X(index, ...) {__VA_ARGS__},
    HARM_REDUCTION_COLUMNS(X)
#undef X
};
_Static_assert(COLUMN_COUNT(COLUMNS) <= COLUMNS_MAX, "a row has room for COLUMNS_MAX");

const struct part part_harm_reduction = {
    .id = PART_HARM_REDUCTION,
    .name = "harm-reduction",
    .table = "harm_reduction",
    .meaning = "One row per person on the harm-reduction pathway that began in the period.",
    .columns = COLUMNS,
    .column_count = COLUMN_COUNT(COLUMNS),
    .fact_bytes = sizeof(struct fact_harm_reduction),
};
