/* dashboard_write: the JSON of a dashboard (contract section 6) from figures: every field, in the order of
 * the contract's example. Decides nothing: what is rounded here was judged before. */
#ifndef QD_HANDLERS_DASHBOARD_WRITE_H
#define QD_HANDLERS_DASHBOARD_WRITE_H

#include "base/json.h"
#include "db/store_plans.h"
#include "handlers/number_write.h"
#include "kpi/figures.h"

struct dashboard_head {
    str service;
    const struct framework *framework;
    int16_t period;
    int32_t as_at;
    int64_t known_at;                       /* INSTANT_NONE: everything received, written as null */
    str provider;                           /* p NULL: the service's own figures */
    uint32_t authority;                     /* as in facts; 0: all */
    const struct provider_tally *providers; /* all of the service: who has sent */
    size_t provider_count;
    bool final;            /* the period is final; `provisional` also asks whether all is due */
    const str *signed_off; /* providers whose return is signed off with nothing sent since */
    size_t signed_count;
    const struct store_plan_mark *plans; /* of the service, newest quarter first */
    size_t plan_count;
};

void dashboard_write(struct buf *out, const struct dashboard_head *head, const struct kpi_figures *figures,
                     size_t count);

/* The same figures for a wider audience (handlers/dashboard_public.c). */
struct figures_ask;
void dashboard_write_public(struct buf *out, const struct figures_ask *ask, int16_t period,
                            const struct kpi_figures *figures, size_t count);

/* {"numerator":…,"denominator":…,"value":…,"rag":…} and what applies besides, without interval: as the receipt, the history and
 * the explanation write it too. */
void figure_write(struct json *j, const struct kpi *kpi, const struct figure *f);
/* The same with "interval95" (null for counts); own_view: a provider's own counts have a share. */
void figure_write_with_interval(struct json *j, const struct kpi *kpi, const struct figure *f, bool own_view);
/* The plan that answers for the KPI in this quarter: the one opened for it, or one still open from before; or NULL. */
const struct store_plan_mark *plan_mark_find(const struct store_plan_mark *plans, size_t count,
                                             const struct kpi *k, int16_t period);
/* "ref", "section", "title", "unit", "direction". */
void kpi_write_name(struct json *j, const struct kpi *kpi);
/* "target" and "tolerance". */
void kpi_write_target(struct json *j, const struct kpi_figures *f);
#endif
