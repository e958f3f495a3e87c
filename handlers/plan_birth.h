/* plan_birth: what a final period does to the action plans of its service: every red that raises plans gets one, a green closes what is
 * open from earlier, a correction that removes the red withdraws it. In the transaction that makes the period final or signs it again. */
#ifndef QD_HANDLERS_PLAN_BIRTH_H
#define QD_HANDLERS_PLAN_BIRTH_H

#include "base/json.h"
#include "db/store_plans.h"
#include "handlers/target.h"
#include "kpi/figures.h"
#include "kpi/plan_judge.h"

/* TX, after store_service_lock(). Writes into j an array of what was done: [{"id","kpi","effect":…}]: kpi/plan_judge.h has the effects. */
enum err plans_judge(struct request *r, const struct service_view *v, int16_t period, int64_t at,
                     struct json *j);

/* TX. The plan of one KPI with its figures as they are now, not yet stored: for a red, or opened by hand. */
enum err plan_draw_up(struct request *r, const struct service_view *v, const struct kpi_figures *f,
                      int16_t period, int64_t at, struct store_plan *out);

/* TX. The same of a theme over several KPIs, in the order given: its kpi is their refs joined by ';', its attributedTo all of theirs. */
enum { PLAN_THEME_MAX = 16 };
enum err plan_draw_up_theme(struct request *r, const struct service_view *v,
                            const struct kpi_figures *const *list, size_t count, int16_t period, int64_t at,
                            struct store_plan *out);

#endif
