/* contacts: calls and e-mails by month (contract section 4). Read as parts/episodes.h. */
#ifndef QD_RETURNS_PARTS_CONTACTS_H
#define QD_RETURNS_PARTS_CONTACTS_H

#include "returns/parts/parts.h"

enum { CONTACTS_MOST = 10000000 };

/* clang-format off */
#define CONTACT_COLUMNS(X) \
    X(CONTACT_MONTH, "month", COL_MONTH, .flags = COLUMN_REQUIRED | COLUMN_KEY, .example = "2025-07", .meaning = "A month of the period; once each.") \
    X(CONTACT_CALLS, "callsReceived", COL_INT, .flags = COLUMN_REQUIRED, .most = CONTACTS_MOST, .example = "412", .aliases = "Calls", .meaning = "Calls received.") \
    X(CONTACT_ANSWERED, "callsAnsweredFirstTime", COL_INT, .flags = COLUMN_REQUIRED, .most = CONTACTS_MOST, .example = "390", .aliases = "Calls answered|Answered first time", .meaning = "Of these, answered the first time.") \
    X(CONTACT_EMAILS, "emailsReceived", COL_INT, .most = CONTACTS_MOST, .example = "57", .aliases = "Emails", .meaning = "E-mails received.")
/* clang-format on */

enum contact_column {
#define X(index, ...) index,
    CONTACT_COLUMNS(X)
#undef X
};

#endif
