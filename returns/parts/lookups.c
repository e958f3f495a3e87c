#include "returns/parts/lookups.h"

#include "returns/lookup.h"

#define X(index, ...) {__VA_ARGS__},
static const struct column IMD[] = {IMD_COLUMNS(X)};
static const struct column POSTCODES[] = {POSTCODE_COLUMNS(X)};
static const struct column HOLIDAYS[] = {HOLIDAY_COLUMNS(X)};
#undef X

const struct part lookup_imd = {
    .id = LOOKUP_IMD,
    .name = "imd",
    .meaning = "One row per LSOA: its deprivation quintile.",
    .columns = IMD,
    .column_count = COLUMN_COUNT(IMD),
    .fact_bytes = sizeof(struct fact_imd),
};

const struct part lookup_postcodes = {
    .id = LOOKUP_POSTCODES,
    .name = "postcodes",
    .meaning = "One row per postcode: its LSOA and authority.",
    .columns = POSTCODES,
    .column_count = COLUMN_COUNT(POSTCODES),
    .fact_bytes = sizeof(struct fact_postcode),
};

const struct part lookup_bank_holidays = {
    .id = LOOKUP_BANK_HOLIDAYS,
    .name = "bank-holidays",
    .meaning = "One row per bank holiday of England.",
    .columns = HOLIDAYS,
    .column_count = COLUMN_COUNT(HOLIDAYS),
    .fact_bytes = sizeof(struct fact_holiday),
};
