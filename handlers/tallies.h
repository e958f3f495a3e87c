/* tallies: the counts of all providers of a service, ready for figures_compute(): one of each provider by each version of the framework that
 * is asked for, since what is counted is the framework's to say. */
#ifndef QD_HANDLERS_TALLIES_H
#define QD_HANDLERS_TALLIES_H

#include "handlers/tally_cache.h"
#include "handlers/target.h"
#include "kpi/figures.h"

struct service_tallies {
    struct provider_tally **providers; /* those of the ratings */
    struct rating
        *ratings; /* oldest first; providers in the order of service_view.providers, in the request's arena */
    size_t rating_count;
    struct shared_tally **shared; /* `count` a rating */
    size_t count;                 /* of providers */
    int32_t as_at;                /* as they were asked for */
    uint32_t authority;
};

/* Quarters [from, to], and what they are compared with: all quarters, of a history. */
struct quarters {
    int16_t from, to;
};
#define QUARTERS_ALL ((struct quarters){0, INT16_MAX})

/* One tally per provider of the service, also of one that the framework does not name (nothing is expected of it; its rows count). Give back with tallies_release(). */
enum err tallies_load(struct request *r, const struct service_view *v, struct quarters of, int32_t as_at,
                      int64_t known_at, uint32_t authority, struct service_tallies *out);
/* The same of what is in force, without the database: false where it is not all in memory, and then there is nothing to give back. */
bool tallies_recall(struct request *r, const struct service_view *v, struct quarters of, int32_t as_at,
                    uint32_t authority, struct service_tallies *out);
/* The counts by which a quarter among those that were asked for is rated. */
const struct rating *tallies_of(const struct service_tallies *t, int16_t period);
/* Another tally of a provider in one of the ratings, for a question of what would be. It stays whoever's it is. */
void tallies_replace(struct service_tallies *t, size_t rating, size_t provider, const struct tally *tally);
/* The question for the whole service in one quarter, to be narrowed. */
struct figures_question tallies_question(const struct service_tallies *t, int16_t period);
/* The reasons behind the counts of the index-th provider's part, as the quarter is rated; *out NULL where it has sent nothing. Valid until tallies_release(). */
enum err tallies_why(struct request *r, const struct service_tallies *t, const struct service_view *v,
                     int16_t period, size_t index, int64_t known_at, enum part_id part,
                     const struct explain_table **out);
void tallies_release(struct request *r, struct service_tallies *t);

#endif
