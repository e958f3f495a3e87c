/* deadline: each visitor has one atomic number, the moment when its time is over; I/O threads move it, the janitor compares.
 * The list has a lock, which also keeps the janitor from a socket that is being closed. shutdown(2) is all it does:
 * libmicrohttpd then sees the end of the connection and cleans up on its own thread. */
#include "server/deadline.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "server/clock.h"

enum { ROUND_MS = 100 };

struct visitor {
    struct visitor *next, **here;
    struct deadlines *all;
    void *owner;
    int fd;
    bool came_before; /* has had a request answered */
    int64_t body_from;
    _Atomic int64_t over_at; /* milliseconds of the monotonic clock */
    atomic_bool late;
};

struct deadlines {
    struct deadline_rules rules;
    pthread_mutex_t lock;
    pthread_cond_t stop;
    bool stopping;
    unsigned count;
    struct visitor *first;
    pthread_t janitor;
};

static void sweep(struct deadlines *all) {
    int64_t now = clock_ms();
    for (struct visitor *v = all->first; v; v = v->next) {
        if (atomic_load_explicit(&v->over_at, memory_order_relaxed) > now) continue;
        atomic_store(&v->late, true);
        atomic_store_explicit(&v->over_at, INT64_MAX, memory_order_relaxed);
        shutdown(v->fd, SHUT_RDWR);
    }
}

static void *watch(void *argument) {
    struct deadlines *all = argument;
    pthread_mutex_lock(&all->lock);
    while (!all->stopping) {
        sweep(all);
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

static void set_end(struct visitor *v, int64_t at) {
    atomic_store_explicit(&v->over_at, at, memory_order_relaxed);
}

struct visitor *visitor_arrive(struct deadlines *all, int fd, void *owner) {
    struct visitor *v = must_calloc(1, sizeof *v);
    v->all = all;
    v->owner = owner;
    v->fd = fd;
    set_end(v, clock_ms() + all->rules.header_ms);
    pthread_mutex_lock(&all->lock);
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
    if (v->came_before) set_end(v, clock_ms() + v->all->rules.header_ms);
}

void visitor_body_begins(struct visitor *v) {
    v->body_from = clock_ms();
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
    set_end(v, at_least_the_rate(&v->all->rules, clock_ms(), bytes));
}

void visitor_rests(struct visitor *v) {
    v->came_before = true;
    set_end(v, clock_ms() + v->all->rules.idle_ms);
}

bool visitor_was_late(const struct visitor *v) {
    return atomic_load(&v->late);
}
