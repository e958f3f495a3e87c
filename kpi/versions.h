/* versions: which version of a framework rates which quarter (contract section 2: a locked year keeps its version). Pure: it follows
 * from the stored versions alone, so that the same instant gives the same answer for ever.
 *
 * A quarter is rated by the newest version whose date of effect is not after it. So a later version takes over from its own date on, also
 * from one that was to begin later still. */
#ifndef QD_KPI_VERSIONS_H
#define QD_KPI_VERSIONS_H

#include "kpi/framework.h"

/* A version and the first quarter that it rates; 0: from the beginning. */
struct dated_version {
    int version;
    int16_t from;
};
/* known: the versions that were received, oldest first, at least one. Fills out (room for count + 1) with those that rate a quarter, each
 * until the next; the first has from 0: what lies before every date of effect is the first version's. Returns how many. */
size_t versions_in_force(const struct dated_version *known, size_t count, struct dated_version *out);

/* Of those in force, the version that rates the quarter. */
int version_of_period(const struct dated_version *in_force, size_t count, int16_t period);

/* The same, read. */
struct framework_in_force {
    int16_t from;
    const struct framework *framework;
};
struct frameworks_in_force {
    const struct framework_in_force *list; /* the first has from 0 */
    size_t count;
};
const struct framework *framework_of_period(const struct frameworks_in_force *all, int16_t period);
/* The quarters that the i-th of them rates, as far as its own years go. False: none. */
bool frameworks_quarters_of(const struct frameworks_in_force *all, size_t i, int16_t *out_first,
                            int16_t *out_last);
/* The first and the last quarter that a version rates; first > last where there is none. Between them there may be gaps. */
void frameworks_quarters(const struct frameworks_in_force *all, int16_t *out_first, int16_t *out_last);

#endif
