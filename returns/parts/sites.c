/* sites: where people are seen, carried forward from period to period (contract section 4). Not offered yet: see part.c.
 * The postcode of a site, unlike that of a person, is stored. */
#include "returns/code_list.h"
#include "returns/parts/parts.h"

/* clang-format off */
static const struct column COLUMNS[] = {
    {"siteId", COL_ID, .flags = COLUMN_REQUIRED | COLUMN_KEY, .example = "MAIN", .aliases = "Site", .meaning = "Your own id of the site."},
    {"name", COL_TEXT, .flags = COLUMN_REQUIRED, .most = 200, .example = "Clapton Pharmacy", .aliases = "Site name", .meaning = "Its name."},
    {"setting", COL_CODE, .list = &code_list_setting, .example = "13", .aliases = "Setting type", .meaning = "Kind of place; episodes without one take it."},
    {"postcode", COL_POSTCODE, .example = "E5 0LP", .aliases = "Post code", .meaning = "Its postcode."},
    {"clinicTimes", COL_TEXT, .most = 500, .example = "Mon 9-12, Thu 14-18", .aliases = "Times|Opening times", .meaning = "When people are seen."},
};
/* clang-format on */

const struct part part_sites = {
    .id = PART_SITES,
    .name = "sites",
    .table = "site",
    .meaning = "One row per site.",
    .columns = COLUMNS,
    .column_count = COLUMN_COUNT(COLUMNS),
};
