/* contacts: calls and e-mails by month (contract section 4). Not offered yet: see part.c. */
#include "returns/parts/parts.h"

enum { MANY = 10000000 };

/* clang-format off */
static const struct column COLUMNS[] = {
    {"month", COL_MONTH, .flags = COLUMN_REQUIRED | COLUMN_KEY, .example = "2025-07", .meaning = "A month of the period; once each."},
    {"callsReceived", COL_INT, .flags = COLUMN_REQUIRED, .most = MANY, .example = "412", .aliases = "Calls", .meaning = "Calls received."},
    {"callsAnsweredFirstTime", COL_INT, .flags = COLUMN_REQUIRED, .most = MANY, .example = "390", .aliases = "Calls answered|Answered first time", .meaning = "Of these, answered the first time."},
    {"emailsReceived", COL_INT, .most = MANY, .example = "57", .aliases = "Emails", .meaning = "E-mails received."},
};
/* clang-format on */

const struct part part_contacts = {
    .id = PART_CONTACTS,
    .name = "contacts",
    .table = "contact",
    .meaning = "One row per month: calls and e-mails received.",
    .columns = COLUMNS,
    .column_count = COLUMN_COUNT(COLUMNS),
};
