/* consequences: what a change of one provider's return does beyond the KPIs' figures: statuses, completeness of the national collection,
 * payment, action plans; each before and after. In receipts, dry runs and restatements. */
#ifndef QD_HANDLERS_CONSEQUENCES_H
#define QD_HANDLERS_CONSEQUENCES_H

#include "handlers/plan_forecast.h"

/* Writes one object. Asks the database nothing. */
enum err consequences_write(const struct moved_question *q, const struct plan_ground *ground, struct arena *a,
                            struct json *j);

#endif
