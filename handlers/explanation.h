/* explanation: everything that "why has this KPI this status" is answered from, gathered once (handlers/explanation.c) and written
 * (handlers/explanation_write.c). The headline is explained: the year to date. */
#ifndef QD_HANDLERS_EXPLANATION_H
#define QD_HANDLERS_EXPLANATION_H

#include "handlers/figures_ask.h"
#include "kpi/explain.h"
#include "kpi/movement.h"
#include "kpi/smallest_change.h"

struct explained_version {
    enum part_id part;
    int16_t period;
    int32_t version;
};
struct explained_provider {
    str id;
    struct kpi_figures figures, before; /* its own view; of the period and of the one before */
    struct explained_version
        *versions; /* of the parts that the KPI counts, of the periods that feed the year to date */
    size_t version_count;
    bool asked; /* of its own view: the provider that is asked for; else all */
};

struct explained {
    const struct figures_ask *ask;
    int16_t period;
    const struct kpi *kpi;
    struct kpi_figures figures, before; /* before.kpi NULL: the framework does not rate the period before */
    struct explained_provider *providers;
    size_t provider_count;
    struct explanation rows; /* of the year to date, all providers asked for */
};

void explanation_write(struct buf *out, const struct explained *x);
/* One sentence that a councillor understands. */
void explanation_sentence(struct buf *out, const struct explained *x);

#endif
