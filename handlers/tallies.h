/* tallies: the counts of all providers of a service, ready for figures_compute(). */
#ifndef QD_HANDLERS_TALLIES_H
#define QD_HANDLERS_TALLIES_H

#include "handlers/tally_cache.h"
#include "handlers/target.h"

struct service_tallies {
    struct provider_tally *providers; /* in the order of service_view.providers; in the request's arena */
    struct shared_tally **shared;
    size_t count;
    int32_t as_at; /* as they were asked for */
    uint32_t authority;
};

/* One tally per provider of the service, also of one that the framework does not name (nothing is expected of it; its rows count). Give back with tallies_release(). */
enum err tallies_load(struct request *r, const struct service_view *v, int32_t as_at, int64_t known_at,
                      uint32_t authority, struct service_tallies *out);
/* The reasons behind the counts of the index-th provider's part; *out NULL where it has sent nothing. Valid until tallies_release(). */
enum err tallies_why(struct request *r, const struct service_tallies *t, const struct service_view *v,
                     size_t index, int64_t known_at, enum part_id part, const struct explain_table **out);
void tallies_release(struct request *r, struct service_tallies *t);

#endif
