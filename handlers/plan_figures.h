/* plan_figures: a KPI as an action plan keeps it, frozen: at opening, and in each later final period that judges the plan, there with
 * the verdict of the chart (is the change more than noise?). Written once as JSON, never worked out again. */
#ifndef QD_HANDLERS_PLAN_FIGURES_H
#define QD_HANDLERS_PLAN_FIGURES_H

#include "handlers/target.h"
#include "kpi/figures.h"

/* The figures of the service for a period, in the request's arena, by the framework's KPIs; view: NULL, or of one provider.
 * ERR_NOT_FOUND: a year that the framework does not rate. */
enum err plan_service_figures(struct request *r, const struct service_view *v, int16_t period,
                              const struct framework_provider *view, struct kpi_figures **out);

/* At opening, of one KPI; JSON in the request's arena. at: the instant of the transaction, up to which the explanation that is linked knows
 * what came. */
str plan_figures_at_opening(struct request *r, const struct service_view *v, const struct kpi_figures *f,
                            int16_t period, int64_t at);
/* The same of the KPIs of a theme: "kpis", one after the other. */
str plan_figures_of_theme(struct request *r, const struct service_view *v,
                          const struct kpi_figures *const *list, size_t count, int16_t period, int64_t at);

/* What a later final period found; red_before: how many were red without a break before it. */
enum err plan_evidence(struct request *r, const struct service_view *v, const struct kpi_figures *f,
                       int16_t period, int64_t at, int red_before, str *out);

#endif
