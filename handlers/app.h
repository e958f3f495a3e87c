/* app: what every handler shares: the clock, the caches of frameworks, lookups, tallies and of how services stand; and what a worker brings: its database connection.
 * Made by server/main.c, handed through struct request. */
#ifndef QD_HANDLERS_APP_H
#define QD_HANDLERS_APP_H

#include <stdatomic.h>

#include "base/date.h"
#include "db/store.h"
#include "kpi/figures.h"
#include "server/http.h"

struct framework_cache;
struct lookup_cache;
struct tally_cache;
struct service_states;
struct fixed_texts;
struct event_streams;

struct app {
    int32_t fixed_today; /* DAY_NONE: the clock's day in London */
    const char *spool_dir;
    struct framework_cache *frameworks;
    struct lookup_cache *lookups;
    struct tally_cache *tallies;
    struct service_states *states; /* NULL: how services stand is not remembered */
    struct fixed_texts *texts;
    const char *version; /* of the program */
    bool (*know_keys)(
        void); /* waits until this process knows the keys as they are stored; false: it could not learn */
    enum err (*takes_bodies)(const char *spool_dir, struct fault *fault); /* can large bodies lie there? */
    struct event_streams *streams;                                        /* NULL where nobody serves */
    const char *replica_of; /* "": changes are taken here; else where they go to (handlers/replica.h) */
    unsigned most_waiting;  /* requests that may wait at once until a standby has come further */
    atomic_uint waiting;
    bool webhooks_inside; /* webhooks may name private addresses */
};

struct worker {
    struct db *db;
};

static inline struct app *app_of(const struct request *r) {
    return r->app;
}
/* The connection, acting for whom the request acts (scope.h). */
struct db *db_of(const struct request *r);
/* For the few things that span services though the key may be of one: reference data and what stamps all services. */
struct db *db_for_everybody(const struct request *r);

/* Today in London, or the setting `today`. */
int32_t app_today(const struct app *app);

struct app *app_new(int32_t fixed_today, const char *spool_dir, const char *version);
void app_free(struct app *app);

#endif
