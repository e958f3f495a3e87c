/* framework_preview: what a changed framework does to history: every figure of every quarter that the new version would rate, and every
 * payment, under the versions in force and under the new one; those that differ are written. Nothing of it is kept: the new version may never be stored. */
#ifndef QD_HANDLERS_FRAMEWORK_PREVIEW_H
#define QD_HANDLERS_FRAMEWORK_PREVIEW_H

#include "handlers/target.h"

/* TX. Writes the members "statusesMoved", "kpis" and "payments" into the open object. from: the first quarter that it would rate; as_at: the day
 * by which is judged. */
enum err framework_preview_write(struct request *r, const struct service_view *now,
                                 const struct framework *next, int16_t from, int32_t as_at, struct json *j);

#endif
