/* lookups_write: the lookups that a version was judged beside, as receipts and histories say them. */
#ifndef QD_HANDLERS_LOOKUPS_WRITE_H
#define QD_HANDLERS_LOOKUPS_WRITE_H

#include "base/json.h"
#include "db/store_lookups.h"

/* [{"lookup","edition","version"}] of one version, chosen from those of the return. */
void version_lookups_write(struct json *j, const struct store_version_lookup *all, size_t count,
                           enum part_id part, int32_t version);

#endif
