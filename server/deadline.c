/* deadline: each visitor has one atomic number, the moment when its time is over; I/O threads move it, the janitor compares.
 * The list has a lock, which also keeps the janitor from a socket that is being closed. shutdown(2) is all it does:
 * libmicrohttpd then sees the end of the connection and cleans up on its own thread. */
#include "server/deadline.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/hash.h"
#include "server/clock.h"
#include "server/log.h"

enum { ROUND_MS = 100, CIVIL_MS = 2000, ROOM_AT_ONCE = 64, STREETS = 1024 };

struct visitor {
    struct visitor *next, **here; /* of all, the newest first */
    struct visitor *neighbour,
        **doorstep;         /* of one street of addresses, the newest first; no doorstep: counts for none */
    struct address network; /* for which it counts */
    struct deadlines *all;
    void *owner;
    int fd;
    bool came_before; /* has had a request answered */
    bool is_stand_in; /* counts for the client of its request */
    int64_t came_at, body_from;
    _Atomic int64_t over_at; /* milliseconds of the monotonic clock */
    atomic_bool late, welcome;
};

struct deadlines {
    struct deadline_rules rules;
    pthread_mutex_t lock;
    pthread_cond_t stop;
    bool stopping;
    unsigned count;
    struct visitor *first;
    struct visitor *streets[STREETS];
    pthread_t janitor;
};

static void show_out(struct visitor *v) {
    atomic_store(&v->late, true);
    atomic_store_explicit(&v->over_at, INT64_MAX, memory_order_relaxed);
    shutdown(v->fd, SHUT_RDWR);
}

static void sweep(struct deadlines *all) {
    int64_t now = clock_about_ms();
    for (struct visitor *v = all->first; v; v = v->next) {
        if (atomic_load_explicit(&v->over_at, memory_order_relaxed) > now) continue;
        show_out(v);
    }
}

static void *watch(void *argument) {
    struct deadlines *all = argument;
    pthread_mutex_lock(&all->lock);
    while (!all->stopping) {
        sweep(all);
        pthread_mutex_unlock(&all->lock);
        log_flush(); /* whoever comes by so often takes the lines along */
        pthread_mutex_lock(&all->lock);
        if (all->stopping) break;
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += ROUND_MS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        pthread_cond_timedwait(&all->stop, &all->lock, &until);
    }
    pthread_mutex_unlock(&all->lock);
    return NULL;
}

enum err deadlines_start(const struct deadline_rules *rules, struct fault *fault, struct deadlines **out) {
    struct deadlines *all = must_calloc(1, sizeof *all);
    all->rules = *rules;
    pthread_mutex_init(&all->lock, NULL);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&all->stop, &attributes);
    pthread_condattr_destroy(&attributes);
    int wrong = pthread_create(&all->janitor, NULL, watch, all);
    if (wrong) {
        all->stopping = true;
        deadlines_free(all);
        return fail(fault, ERR_UNAVAILABLE, "Cannot start the deadline thread: %s", strerror(wrong));
    }
    *out = all;
    return OK;
}

void deadlines_stop(struct deadlines *all) {
    pthread_mutex_lock(&all->lock);
    all->stopping = true;
    pthread_cond_signal(&all->stop);
    pthread_mutex_unlock(&all->lock);
    pthread_join(all->janitor, NULL);
}

void deadlines_free(struct deadlines *all) {
    pthread_cond_destroy(&all->stop);
    pthread_mutex_destroy(&all->lock);
    free(all);
}

unsigned deadlines_count(struct deadlines *all) {
    pthread_mutex_lock(&all->lock);
    unsigned n = all->count;
    pthread_mutex_unlock(&all->lock);
    return n;
}

/* ---- room ---- */

static bool may_be_shown_out(const struct visitor *v, int64_t now) {
    return now - v->came_at >= CIVIL_MS && !atomic_load(&v->welcome) && !atomic_load(&v->late);
}

void deadlines_make_room(struct deadlines *all) {
    struct visitor *oldest[ROOM_AT_ONCE];
    size_t n = 0;
    int64_t now = clock_about_ms();
    pthread_mutex_lock(&all->lock);
    size_t most =
        all->count / ROOM_AT_ONCE; /* few at a time: an honest one among them is younger than the rest */
    most = most < 1 ? 1 : most > ROOM_AT_ONCE ? ROOM_AT_ONCE : most;
    for (struct visitor *v = all->first; v; v = v->next)
        if (may_be_shown_out(v, now)) oldest[n++ % most] = v;
    for (size_t i = 0; i < n && i < most; i++)
        show_out(oldest[i]);
    pthread_mutex_unlock(&all->lock);
}

static struct visitor **street_of(struct deadlines *all, const struct address *network) {
    struct hash128 h = hash128_of((str){(const char *)network->bytes, sizeof network->bytes});
    return &all->streets[h.a % STREETS];
}

/* How many count for that network; the oldest of them that may be shown out, or NULL. */
static unsigned neighbours(struct deadlines *all, const struct address *network,
                           struct visitor **out_oldest) {
    int64_t now = clock_about_ms();
    unsigned n = 0;
    *out_oldest = NULL;
    for (struct visitor *v = *street_of(all, network); v; v = v->neighbour) {
        if (memcmp(&v->network, network, sizeof *network) != 0 || atomic_load(&v->late)) continue;
        n++;
        if (may_be_shown_out(v, now)) *out_oldest = v;
    }
    return n;
}

bool deadlines_admit(struct deadlines *all, const struct address *from, unsigned most) {
    struct address network = address_network(from);
    struct visitor *oldest;
    pthread_mutex_lock(&all->lock);
    bool room = neighbours(all, &network, &oldest) < most;
    if (!room && oldest) show_out(oldest);
    pthread_mutex_unlock(&all->lock);
    return room || oldest;
}

static void leave_street(struct visitor *v) {
    if (!v->doorstep) return;
    *v->doorstep = v->neighbour;
    if (v->neighbour) v->neighbour->doorstep = v->doorstep;
    v->doorstep = NULL;
}

static void enter_street(struct visitor *v, const struct address *network) {
    struct visitor **street = street_of(v->all, network);
    v->network = *network;
    v->neighbour = *street;
    v->doorstep = street;
    if (v->neighbour) v->neighbour->doorstep = &v->neighbour;
    *street = v;
}

bool visitor_stands_for(struct visitor *v, const struct address *client, unsigned most) {
    struct deadlines *all = v->all;
    struct address network = address_network(client);
    struct visitor *oldest;
    pthread_mutex_lock(&all->lock);
    leave_street(v);
    bool room = neighbours(all, &network, &oldest) < most;
    if (room) enter_street(v, &network);
    pthread_mutex_unlock(&all->lock);
    v->is_stand_in = room;
    return room;
}

static void stands_for_nobody(struct visitor *v) {
    if (!v->is_stand_in) return;
    pthread_mutex_lock(&v->all->lock);
    leave_street(v);
    pthread_mutex_unlock(&v->all->lock);
    v->is_stand_in = false;
}

void visitor_welcome(struct visitor *v) {
    atomic_store(&v->welcome, true);
}

/* ---- visits ---- */

static void set_end(struct visitor *v, int64_t at) {
    atomic_store_explicit(&v->over_at, at, memory_order_relaxed);
}

struct visitor *visitor_arrive(struct deadlines *all, int fd, void *owner, const struct address *from) {
    struct visitor *v = must_calloc(1, sizeof *v);
    struct address network = from ? address_network(from) : (struct address){{0}};
    v->all = all;
    v->owner = owner;
    v->fd = fd;
    v->came_at = clock_about_ms();
    set_end(v, v->came_at + all->rules.header_ms);
    pthread_mutex_lock(&all->lock);
    if (from) enter_street(v, &network);
    v->next = all->first;
    v->here = &all->first;
    if (v->next) v->next->here = &v->next;
    all->first = v;
    all->count++;
    pthread_mutex_unlock(&all->lock);
    return v;
}

void visitor_leave(struct visitor *v) {
    struct deadlines *all = v->all;
    pthread_mutex_lock(&all->lock);
    leave_street(v);
    *v->here = v->next;
    if (v->next) v->next->here = v->here;
    all->count--;
    pthread_mutex_unlock(&all->lock);
    free(v);
}

void *visitor_owner(const struct visitor *v) {
    return v->owner;
}

/* The first header shares its time with the handshake: its end stands since the arrival. */
void visitor_header_begins(struct visitor *v) {
    if (v->came_before) set_end(v, clock_about_ms() + v->all->rules.header_ms);
}

void visitor_body_begins(struct visitor *v) {
    v->body_from = clock_about_ms();
    visitor_body_grows(v, 0);
}

static int64_t at_least_the_rate(const struct deadline_rules *rules, int64_t from, uint64_t bytes) {
    uint64_t earned = bytes / (uint64_t)rules->min_rate;
    int64_t most = rules->request_ms, allowed = rules->grace_ms;
    if (earned > (uint64_t)most / 1000) allowed = most;
    else allowed += (int64_t)(bytes * 1000 / (uint64_t)rules->min_rate);
    return from + (allowed < most ? allowed : most);
}

void visitor_body_grows(struct visitor *v, uint64_t received) {
    set_end(v, at_least_the_rate(&v->all->rules, v->body_from, received));
}

void visitor_waits(struct visitor *v) {
    set_end(v, INT64_MAX);
}

void visitor_reply_begins(struct visitor *v, uint64_t bytes) {
    set_end(v, at_least_the_rate(&v->all->rules, clock_about_ms(), bytes));
}

void visitor_rests(struct visitor *v) {
    stands_for_nobody(v);
    v->came_before = true;
    set_end(v, clock_about_ms() + v->all->rules.idle_ms);
}

bool visitor_was_late(const struct visitor *v) {
    return atomic_load(&v->late);
}
