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
    struct moved_known *known;        /* what has been worked out: moved_begin() */
};
/* Comes before all that follows; the arena lives as long as the question. */
void moved_begin(struct moved_question *q, struct arena *a);

/* The service's figures of one period without and with the change, by the KPIs of the version that rates it. */
struct moved_pair {
    const struct framework *framework;
    const struct kpi_figures *before, *after; /* the same list, where nothing that they are made of differs */
};
/* Worked out when it is asked for the first time. ERR_NOT_FOUND: a year that is not rated. */
enum err moved_figures(const struct moved_question *q, int16_t period, struct moved_pair *out);

struct moved_figure {
    struct kpi_figures before, after;
};
/* Of one KPI of the version that rates the period. own: of the provider instead of the service; ERR_NOT_FOUND also where that version does
 * not know it. */
enum err moved_figure(const struct moved_question *q, bool own, int16_t period, const struct kpi *kpi,
                      struct moved_figure *out);
/* Calls visit() for each period whose figures may have moved, in their order. */
enum err moved_visit(const struct moved_question *q,
                     void (*visit)(void *context, int16_t period, const struct moved_pair *pair),
                     void *context);

/* Writes the array [{"period","view","ref","before":{...},"after":{...}}], by period, then as its version of the framework orders its KPIs. */
enum err moved_write(const struct moved_question *q, struct json *j);

#endif
