#include "returns/parts/referrals.h"

#include "returns/facts.h"

static const struct column COLUMNS[] = {
#define X(index, ...) {__VA_ARGS__},
    REFERRAL_COLUMNS(X)
#undef X
};
_Static_assert(COLUMN_COUNT(COLUMNS) <= COLUMNS_MAX, "a row has room for COLUMNS_MAX");

const struct part part_referrals = {
    .id = PART_REFERRALS,
    .name = "referrals",
    .table = "referral",
    .meaning = "One row per referral received in the period.",
    .columns = COLUMNS,
    .column_count = COLUMN_COUNT(COLUMNS),
    .fact_bytes = sizeof(struct fact_referral),
};
