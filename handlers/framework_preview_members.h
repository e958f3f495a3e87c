/* framework_preview_members: what a changed framework does to single members of breakdowns that have targets of their own ("by", "key")
 * under either version: the rows of GET /v1/breakdowns/{service}/{period}, as `targets` there holds them, under both. */
#ifndef QD_HANDLERS_FRAMEWORK_PREVIEW_MEMBERS_H
#define QD_HANDLERS_FRAMEWORK_PREVIEW_MEMBERS_H

#include "handlers/target.h"

/* TX. Rows into the open array, by KPI as the new version orders them, then by member, quarter and view; what the new one no longer has comes
 * last. Of the quarters from `from` on, those of one version in force after the other. Nothing is read where neither version sets such targets. */
enum err preview_members_write(struct request *r, const struct service_view *now,
                               const struct framework *next, int16_t from, int32_t as_at, struct json *j);

#endif
