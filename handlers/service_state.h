/* service_state: how a service stands now, as one transaction read it: its providers, the versions of its framework, which quarters are final, which
 * returns are signed off, its plans. Kept while nothing of the service changes, and shared: of many figures that are asked for after
 * a change, one reads this, and the others wait for it and ask the database nothing.
 *
 * It is good by the rule of db/freshness.h, as finished answers are: kept with the number from before its transaction began, used while
 * the number is the same. Nothing in it depends on who asks: the database shows these tables to everybody who acts for the service. */
#ifndef QD_HANDLERS_SERVICE_STATE_H
#define QD_HANDLERS_SERVICE_STATE_H

#include "db/store_periods.h"
#include "db/store_plans.h"
#include "handlers/target.h"

struct service_state {
    struct service_view view; /* of no quarter yet: service_view_of() */
    struct store_period *periods;
    size_t period_count;
    int16_t signed_from; /* the first quarter whose sign-offs are here */
    struct store_signed *signed_off;
    size_t signed_count;
    struct store_plan_mark *plans; /* newest quarter first */
    size_t plan_count;
};

/* One of each service that was asked for: there are few. Any thread. */
struct service_states;
struct service_states *service_states_new(void);
void service_states_free(struct service_states *all); /* NULL does nothing */

/* A request's look at the memory, from before its transaction to its end. */
struct state_look {
    struct service_states *all; /* NULL: nothing is remembered for this request */
    struct state_place *place;
    struct shared_state *held;
    str service;
    uint64_t number;
    bool is_reading; /* others wait for us */
};

/* What is remembered and good for the quarter and for a request that has come as far as its Quarterday-After says; or NULL: read it, let
 * service_state_keep() have it, and be quick: others wait, though not for long. Always to be ended. */
const struct service_state *service_state_begin(struct request *r, str service, int16_t period,
                                                struct state_look *out);
void service_state_end(struct state_look *look);

/* TX. Reads it, with the sign-offs from the year before the quarter's on; known_at INSTANT_NONE: now, by one statement (and others for versions of
 * frameworks that this process has not met, which never change). It lives until the look ends, or reads again. */
enum err service_state_read(struct request *r, struct state_look *look, int64_t known_at, int16_t period,
                            struct fault *fault, const struct service_state **out);
/* What was read is remembered: after a transaction that went well, and read what is in force now. */
void service_state_keep(struct state_look *look);

/* NULL: nothing has happened to the quarter. */
const struct store_period *service_state_period(const struct service_state *s, int16_t period);

#endif
