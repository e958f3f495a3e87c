#include "returns/parts/episodes.h"

#include "returns/facts.h"

static const struct column COLUMNS[] = {
#define X(index, ...) {__VA_ARGS__},
    EPISODE_COLUMNS(X)
#undef X
};
_Static_assert(COLUMN_COUNT(COLUMNS) <= COLUMNS_MAX, "a row has room for COLUMNS_MAX");

const struct part part_episodes = {
    .id = PART_EPISODES,
    .name = "episodes",
    .table = "episode",
    .meaning = "One row per quit attempt whose quit date lies in the period.",
    .columns = COLUMNS,
    .column_count = COLUMN_COUNT(COLUMNS),
    .fact_bytes = sizeof(struct fact_episode),
};
