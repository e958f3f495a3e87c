/* moved: which KPIs of the service an upload moves, in the quarter and in the year to date: the receipt's `kpis`. */
#ifndef QD_HANDLERS_MOVED_H
#define QD_HANDLERS_MOVED_H

#include "base/json.h"
#include "handlers/tallies.h"

struct moved_question {
    const struct framework *framework;
    const struct service_tallies *service; /* with the provider's tally as it was before */
    size_t provider;                       /* whose tally changes: index into service->providers */
    const struct tally *after;
    int32_t as_at;
};

/* The service's figures of one period without and with the change; made once, filled period by period. */
struct moved_pair {
    struct kpi_figures *before, *after; /* by the framework's KPIs */
    struct provider_tally *providers;   /* as they are with the change */
};
struct moved_pair moved_pair_new(const struct moved_question *q, struct arena *a);
/* view NULL: the service's; else that provider's own. ERR_NOT_FOUND: a year that the framework does not rate. */
enum err moved_figures(const struct moved_question *q, const struct framework_provider *view, int16_t period,
                       struct moved_pair *pair);
/* Calls visit() for each period whose figures may have moved, in their order. */
enum err moved_visit(const struct moved_question *q, struct moved_pair *pair,
                     void (*visit)(void *context, int16_t period, const struct moved_pair *pair),
                     void *context);

/* Writes the array [{"period","view","ref","before":{...},"after":{...}}], by period, then as the framework orders its KPIs. */
enum err moved_write(const struct moved_question *q, struct arena *a, struct json *j);

#endif
