#include "returns/parts/media_activity.h"

static const struct column COLUMNS[] = {
#define X(index, ...) {__VA_ARGS__},
    MEDIA_COLUMNS(X)
#undef X
};
_Static_assert(COLUMN_COUNT(COLUMNS) <= COLUMNS_MAX, "a row has room for COLUMNS_MAX");

const struct part part_media_activity = {
    .id = PART_MEDIA_ACTIVITY,
    .name = "media-activity",
    .table = "media_activity",
    .meaning = "One row per post, film or other digital media activity.",
    .columns = COLUMNS,
    .column_count = COLUMN_COUNT(COLUMNS),
    .fact_bytes = 0,
};
