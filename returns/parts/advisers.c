/* advisers: who advises, carried forward from period to period (contract section 4). Not offered yet: see part.c. */
#include "returns/parts/parts.h"

/* clang-format off */
static const struct column COLUMNS[] = {
    {"adviserId", COL_ID, .flags = COLUMN_REQUIRED | COLUMN_KEY, .example = "A12", .aliases = "Adviser|Advisor|Advisor id", .meaning = "Your own id of the adviser; no name."},
    {"organisation", COL_TEXT, .flags = COLUMN_REQUIRED, .most = 200, .example = "Homerton Healthcare", .meaning = "The adviser's organisation."},
    {"qualification", COL_TEXT, .most = 200, .example = "NCSCT practitioner", .meaning = "Qualification held."},
    {"certifiedDate", COL_DATE, .example = "2024-11-05", .aliases = "Date certified", .meaning = "When it was certified."},
};
/* clang-format on */

const struct part part_advisers = {
    .id = PART_ADVISERS,
    .name = "advisers",
    .table = "adviser",
    .meaning = "One row per adviser.",
    .columns = COLUMNS,
    .column_count = COLUMN_COUNT(COLUMNS),
};
