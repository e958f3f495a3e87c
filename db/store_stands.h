/* store_stands: how a service stands now, all of it by one statement, which has one snapshot: what store_service_get(), store_providers_list(),
 * store_periods_list(), store_signed_since() and store_plan_marks() tell without known_at, in the same order. */
#ifndef QD_DB_STORE_STANDS_H
#define QD_DB_STORE_STANDS_H

#include "db/store_periods.h"
#include "db/store_plans.h"

struct store_stands {
    struct store_service service;
    struct store_provider *providers;
    size_t provider_count;
    struct store_period *periods;
    size_t period_count;
    struct store_signed *signed_off; /* from a period on */
    size_t signed_count;
    struct store_plan_mark *plans;
    size_t plan_count;
};
/* ERR_NOT_FOUND when there is no such service. */
enum err store_stands_get(struct db *db, str service, int16_t signed_from, struct arena *a,
                          struct store_stands *out);

#endif
