#include "handlers/service_state.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "db/freshness.h"
#include "db/store_stands.h"
#include "handlers/framework_cache.h"
#include "handlers/scope.h"
#include "handlers/stamps.h"

/* How long one waits for another's reading; then it reads by itself. */
enum { PATIENCE_MS = 100 };

struct shared_state {
    struct service_state state;
    struct arena arena; /* holds this struct too */
    unsigned users;     /* under the place's lock; the place is one while it has it */
    uint64_t number;    /* freshness_of() the service before the transaction */
};

/* Of one service; made when it is first kept, and there until the end. */
struct state_place {
    struct state_place *next;
    char service[65];
    pthread_mutex_t lock;
    pthread_cond_t read;
    bool is_being_read;
    struct shared_state *kept;
};

struct service_states {
    pthread_mutex_t lock; /* of the list */
    struct state_place *first;
};

struct service_states *service_states_new(void) {
    struct service_states *all = must_calloc(1, sizeof *all);
    pthread_mutex_init(&all->lock, NULL);
    return all;
}

static void let_go(struct shared_state *s) {
    if (!s || --s->users) return;
    struct arena a = s->arena;
    arena_free(&a);
}

void service_states_free(struct service_states *all) {
    if (!all) return;
    for (struct state_place *p = all->first, *next; p; p = next) {
        next = p->next;
        let_go(p->kept);
        pthread_mutex_destroy(&p->lock);
        pthread_cond_destroy(&p->read);
        free(p);
    }
    pthread_mutex_destroy(&all->lock);
    free(all);
}

/* ---- places ---- */

static struct state_place *place_new(str service) {
    struct state_place *p = must_calloc(1, sizeof *p);
    pthread_condattr_t attributes;
    memcpy(p->service, service.p, service.n);
    pthread_mutex_init(&p->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&p->read, &attributes);
    pthread_condattr_destroy(&attributes);
    return p;
}

/* makes: a service that is there, as its reader has found out. */
static struct state_place *place_of(struct service_states *all, str service, bool makes) {
    pthread_mutex_lock(&all->lock);
    struct state_place *p = all->first;
    while (p && !str_is(service, p->service))
        p = p->next;
    if (!p && makes && service.n < sizeof p->service) {
        p = place_new(service);
        p->next = all->first;
        all->first = p;
    }
    pthread_mutex_unlock(&all->lock);
    return p;
}

/* ---- a look ---- */

/* For which quarters the sign-offs are read: what stands beside a figure is of the same year or the one before. */
static int16_t signed_from(int16_t period) {
    return period_of(period_year(period) - 1, 1);
}

static bool is_good(const struct shared_state *s, const struct request *r, int16_t period) {
    return s && s->number == freshness_of(s->state.view.service.id) && s->state.signed_from <= period &&
           stamp_is_reached(r, &s->state.view.service);
}

static struct timespec in_a_while(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_nsec += PATIENCE_MS * 1000000L;
    t.tv_sec += t.tv_nsec / 1000000000;
    t.tv_nsec %= 1000000000;
    return t;
}

/* Under the place's lock. */
static void look_at(struct state_place *p, const struct request *r, int16_t period, struct state_look *look) {
    struct timespec until = in_a_while();
    while (p->is_being_read && !is_good(p->kept, r, period))
        if (pthread_cond_timedwait(&p->read, &p->lock, &until) != 0) break;
    if (is_good(p->kept, r, period)) {
        look->held = p->kept;
        p->kept->users++;
    } else if (!p->is_being_read) {
        p->is_being_read = look->is_reading = true;
    }
}

/* Only for whom the database would show the service as well. */
static bool acts_for(const struct request *r, str service) {
    struct db_scope scope = scope_of(r);
    return scope.every_service || str_eq(scope.service, service);
}

const struct service_state *service_state_begin(struct request *r, str service, int16_t period,
                                                struct state_look *out) {
    *out = (struct state_look){.service = service};
    if (!app_of(r)->states || !acts_for(r, service)) return NULL;
    out->number = freshness_of(service);
    if (!out->number) return NULL;
    out->all = app_of(r)->states;
    struct state_place *p = out->place = place_of(out->all, service, false);
    if (!p) return NULL;
    pthread_mutex_lock(&p->lock);
    look_at(p, r, period, out);
    pthread_mutex_unlock(&p->lock);
    return out->held ? &out->held->state : NULL;
}

static void drop_held(struct state_look *look) {
    struct state_place *p = look->place;
    if (p) pthread_mutex_lock(&p->lock);
    let_go(look->held);
    if (p) pthread_mutex_unlock(&p->lock);
    look->held = NULL;
}

void service_state_end(struct state_look *look) {
    drop_held(look);
    if (!look->is_reading) return;
    struct state_place *p = look->place;
    pthread_mutex_lock(&p->lock);
    p->is_being_read = look->is_reading = false;
    pthread_cond_broadcast(&p->read);
    pthread_mutex_unlock(&p->lock);
}

void service_state_keep(struct state_look *look) {
    struct shared_state *s = look->held;
    if (!look->all || !s) return;
    struct state_place *p = look->place ? look->place : place_of(look->all, look->service, true);
    if (!p) return;
    look->place = p;
    pthread_mutex_lock(&p->lock);
    if (!p->kept || p->kept->number <= s->number) {
        let_go(p->kept);
        p->kept = s;
        s->users++;
    }
    pthread_mutex_unlock(&p->lock);
}

/* ---- reading ---- */

static enum err read_now(struct request *r, struct service_state *s, struct arena *a, struct fault *fault,
                         str service) {
    struct store_stands now;
    enum err e = store_stands_get(db_of(r), service, s->signed_from, a, &now);
    if (e == ERR_NOT_FOUND) return no_service(service, fault);
    if (e != OK) return e;
    s->view = (struct service_view){
        .service = now.service, .providers = now.providers, .provider_count = now.provider_count};
    s->periods = now.periods;
    s->period_count = now.period_count;
    s->signed_off = now.signed_off;
    s->signed_count = now.signed_count;
    s->plans = now.plans;
    s->plan_count = now.plan_count;
    return framework_cache_all(app_of(r)->frameworks, db_of(r), &s->view.service, a, fault,
                               &s->view.in_force);
}

static enum err read_as_known(struct request *r, struct service_state *s, int64_t known_at, struct arena *a,
                              struct fault *fault, str service) {
    struct db *db = db_of(r);
    store_period_ahead(db, service, -1);
    store_signed_since_ahead(db, service, s->signed_from, known_at);
    store_plan_marks_ahead(db, service, known_at);
    enum err e = service_view_read(r, service, known_at, a, &s->view, fault);
    if (e == OK) e = store_periods_list(db, service, -1, INSTANT_NONE, a, &s->periods, &s->period_count);
    if (e == OK)
        e = store_signed_since(db, service, s->signed_from, known_at, a, &s->signed_off, &s->signed_count);
    if (e == OK) e = store_plan_marks(db, service, known_at, a, &s->plans, &s->plan_count);
    return e;
}

enum err service_state_read(struct request *r, struct state_look *look, int64_t known_at, int16_t period,
                            struct fault *fault, const struct service_state **out) {
    struct arena a = ARENA_EMPTY;
    struct shared_state *s = ARENA_NEW(&a, struct shared_state);
    drop_held(look);
    s->users = 1;
    s->number = look->number;
    s->state.signed_from = signed_from(period);
    enum err e = known_at == INSTANT_NONE ? read_now(r, &s->state, &a, fault, look->service)
                                          : read_as_known(r, &s->state, known_at, &a, fault, look->service);
    s->arena = a;
    look->held = s;
    *out = &s->state;
    return e;
}

const struct store_period *service_state_period(const struct service_state *s, int16_t period) {
    for (size_t i = 0; i < s->period_count; i++)
        if (s->periods[i].period == period) return &s->periods[i];
    return NULL;
}
