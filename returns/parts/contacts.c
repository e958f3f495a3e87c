#include "returns/parts/contacts.h"

#include "returns/facts.h"

static const struct column COLUMNS[] = {
#define X(index, ...) {__VA_ARGS__},
    CONTACT_COLUMNS(X)
#undef X
};
_Static_assert(COLUMN_COUNT(COLUMNS) <= COLUMNS_MAX, "a row has room for COLUMNS_MAX");

const struct part part_contacts = {
    .id = PART_CONTACTS,
    .name = "contacts",
    .table = "contact",
    .meaning = "One row per month: calls and e-mails received.",
    .columns = COLUMNS,
    .column_count = COLUMN_COUNT(COLUMNS),
    .fact_bytes = sizeof(struct fact_contact),
};
