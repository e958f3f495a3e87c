/* plan_forecast: what the next judging of a period would do to the action plans, without and with a change of one provider's return. An
 * upload by itself moves no plan: plans are judged when a period becomes final, and again when a return of a final period is signed
 * again. */
#ifndef QD_HANDLERS_PLAN_FORECAST_H
#define QD_HANDLERS_PLAN_FORECAST_H

#include "handlers/moved.h"

/* Its questions travel with the next statement (store_providers_ahead()). */
void plan_forecast_ahead(struct request *r, str service, int16_t period, int64_t known_at);
/* q: the change; period: of the return that it is in; known_at: sign-offs, finality and plans as they stood then, INSTANT_NONE: now.
 * Writes one object: when the judging comes, what it would do, and what it would have done without the change. */
enum err plan_forecast_write(struct request *r, const struct moved_question *q, int16_t period,
                             int64_t known_at, struct json *j);

#endif
