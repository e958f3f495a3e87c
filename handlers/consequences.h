/* consequences: what a change of one provider's return does beyond the KPIs' figures: statuses, completeness of the national collection,
 * payment, action plans; each before and after. In receipts, dry runs and restatements. */
#ifndef QD_HANDLERS_CONSEQUENCES_H
#define QD_HANDLERS_CONSEQUENCES_H

#include "handlers/moved.h"

/* Writes one object. period: of the return that changes; known_at: as in plan_forecast_write(). */
enum err consequences_write(struct request *r, const struct moved_question *q, int16_t period,
                            int64_t known_at, struct json *j);

#endif
