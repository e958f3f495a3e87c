/* advisers: who advises, carried forward from period to period (contract section 4). Read as parts/episodes.h. */
#ifndef QD_RETURNS_PARTS_ADVISERS_H
#define QD_RETURNS_PARTS_ADVISERS_H

#include "returns/parts/parts.h"

/* clang-format off */
#define ADVISER_COLUMNS(X) \
    X(ADVISER_ID, "adviserId", COL_ID, .flags = COLUMN_REQUIRED | COLUMN_KEY, .example = "A12", .aliases = "Adviser|Advisor|Advisor id", .meaning = "Your own id of the adviser; no name.") \
    X(ADVISER_ORGANISATION, "organisation", COL_TEXT, .flags = COLUMN_REQUIRED, .most = 200, .example = "Homerton Healthcare", .meaning = "The adviser's organisation.") \
    X(ADVISER_QUALIFICATION, "qualification", COL_TEXT, .most = 200, .example = "NCSCT practitioner", .meaning = "Qualification held.") \
    X(ADVISER_CERTIFIED, "certifiedDate", COL_DATE, .example = "2024-11-05", .aliases = "Date certified", .meaning = "When it was certified.")
/* clang-format on */

enum adviser_column {
#define X(index, ...) index,
    ADVISER_COLUMNS(X)
#undef X
};

#endif
