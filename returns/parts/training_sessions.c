#include "returns/parts/training_sessions.h"

#include "returns/facts.h"

static const struct column COLUMNS[] = {
#define X(index, ...) {__VA_ARGS__},
    TRAINING_COLUMNS(X)
#undef X
};
_Static_assert(COLUMN_COUNT(COLUMNS) <= COLUMNS_MAX, "a row has room for COLUMNS_MAX");

const struct part part_training_sessions = {
    .id = PART_TRAINING_SESSIONS,
    .name = "training-sessions",
    .table = "training_session",
    .meaning = "One row per training session held in the period.",
    .columns = COLUMNS,
    .column_count = COLUMN_COUNT(COLUMNS),
    .fact_bytes = sizeof(struct fact_training_session),
};
