/* moved: which KPIs of the service an upload moves, in the quarter and in the year to date: the receipt's `kpis`. */
#ifndef QD_HANDLERS_MOVED_H
#define QD_HANDLERS_MOVED_H

#include "base/json.h"
#include "handlers/tallies.h"

struct moved_question {
    const struct service_view *view;
    const struct service_tallies
        *service;                     /* of all quarters, with the provider's tallies as they were before */
    size_t provider;                  /* whose tallies change: index into the providers of the service */
    const struct tally *const *after; /* one a rating of the service */
};

/* The service's figures of one period without and with the change; made once, filled period by period. */
struct moved_pair {
    const struct framework *framework;  /* the version that rates the period */
    struct kpi_figures *before, *after; /* by its KPIs */
    struct rating *ratings;             /* as they are with the change */
};
struct moved_pair moved_pair_new(const struct moved_question *q, struct arena *a);
/* own: of the provider instead of the service. ERR_NOT_FOUND: a year that is not rated, or a provider that the period's version does not
 * know. */
enum err moved_figures(const struct moved_question *q, bool own, int16_t period, struct moved_pair *pair);
/* Calls visit() for each period whose figures may have moved, in their order. */
enum err moved_visit(const struct moved_question *q, struct moved_pair *pair,
                     void (*visit)(void *context, int16_t period, const struct moved_pair *pair),
                     void *context);

/* Writes the array [{"period","view","ref","before":{...},"after":{...}}], by period, then as its version of the framework orders its KPIs. */
enum err moved_write(const struct moved_question *q, struct arena *a, struct json *j);

#endif
