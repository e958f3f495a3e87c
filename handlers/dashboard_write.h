/* dashboard_write: the JSON of a dashboard (contract section 6) from figures: every field, in the order of
 * the contract's example. Decides nothing: what is rounded here was judged before. */
#ifndef QD_HANDLERS_DASHBOARD_WRITE_H
#define QD_HANDLERS_DASHBOARD_WRITE_H

#include "base/json.h"
#include "db/store_plans.h"
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

/* Two values that the receipt, the feeds and the explanation write the same way. */
/* {"numerator":…,"denominator":…,"value":…,"rag":…} and what applies besides, without interval. */
void figure_write(struct json *j, const struct kpi *kpi, const struct figure *f);
/* numerator of denominator in percent, two decimals; null where denominator is 0. */
void percent_write(struct json *j, int64_t numerator, int64_t denominator);

#endif
