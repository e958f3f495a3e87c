/* sites: where people are seen, carried forward from period to period (contract section 4). The postcode of a site, unlike that of
 * a person, is stored. Read as parts/episodes.h. */
#ifndef QD_RETURNS_PARTS_SITES_H
#define QD_RETURNS_PARTS_SITES_H

#include "returns/code_list.h"
#include "returns/parts/parts.h"

/* clang-format off */
#define SITE_COLUMNS(X) \
    X(SITE_ID, "siteId", COL_ID, .flags = COLUMN_REQUIRED | COLUMN_KEY, .example = "MAIN", .aliases = "Site", .meaning = "Your own id of the site.") \
    X(SITE_NAME, "name", COL_TEXT, .flags = COLUMN_REQUIRED, .most = 200, .example = "Clapton Pharmacy", .aliases = "Site name", .meaning = "Its name.") \
    X(SITE_SETTING, "setting", COL_CODE, .list = &code_list_setting, .example = "13", .aliases = "Setting type", .meaning = "Kind of place; episodes without one take it.") \
    X(SITE_POSTCODE, "postcode", COL_POSTCODE, .example = "E5 0LP", .aliases = "Post code", .meaning = "Its postcode.") \
    X(SITE_TIMES, "clinicTimes", COL_TEXT, .most = 500, .example = "Mon 9-12, Thu 14-18", .aliases = "Times|Opening times", .meaning = "When people are seen.")
/* clang-format on */

enum site_column {
#define X(index, ...) index,
    SITE_COLUMNS(X)
#undef X
};

#endif
