#include "returns/parts/web_analytics.h"

static const struct column COLUMNS[] = {
#define X(index, ...) {__VA_ARGS__},
    WEB_COLUMNS(X)
#undef X
};
_Static_assert(COLUMN_COUNT(COLUMNS) <= COLUMNS_MAX, "a row has room for COLUMNS_MAX");

const struct part part_web_analytics = {
    .id = PART_WEB_ANALYTICS,
    .name = "web-analytics",
    .table = "web_analytics",
    .meaning = "One row per month: visits to the website, its chats and its downtime.",
    .columns = COLUMNS,
    .column_count = COLUMN_COUNT(COLUMNS),
    .fact_bytes = 0,
};
