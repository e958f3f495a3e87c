/* plan_forecast: what the next judging of a period would do to the action plans, without and with a change of one provider's return. An
 * upload by itself moves no plan: plans are judged when a period becomes final, and again when a return of a final period is signed
 * again. */
#ifndef QD_HANDLERS_PLAN_FORECAST_H
#define QD_HANDLERS_PLAN_FORECAST_H

#include "db/store_periods.h"
#include "handlers/moved.h"
#include "kpi/plan_judge.h"

/* What a judging starts from, as it stood at known_at. */
struct plan_ground {
    int16_t period; /* of the return that changes */
    int64_t known_at;
    struct store_period *periods; /* of the service, all that something happened to */
    size_t period_count;
    struct judged_plan *plans; /* as they stand before the judging */
    size_t plan_count;
    str *signed_off; /* providers whose return of the period is signed, with nothing sent since */
    size_t signed_count;
};
/* known_at: sign-offs, finality and plans as they stood then, INSTANT_NONE: now. Into the request's arena; ahead: its questions travel with the
 * next statement (store_providers_ahead()). */
void plan_ground_ahead(struct request *r, str service, int16_t period, int64_t known_at);
enum err plan_ground_load(struct request *r, str service, int16_t period, int64_t known_at,
                          struct plan_ground *out);

/* q: the change. Writes one object: when the judging comes, what it would do, and what it would have done without the change. Asks the
 * database nothing. */
enum err plan_forecast_write(const struct moved_question *q, const struct plan_ground *ground,
                             struct arena *a, struct json *j);

#endif
