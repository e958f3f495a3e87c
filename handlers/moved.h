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

/* Writes the array [{"period","view","ref","before":{...},"after":{...}}], by period, then as the framework orders its KPIs. */
enum err moved_write(const struct moved_question *q, struct arena *a, struct json *j);

#endif
