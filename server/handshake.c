/* handshake: who waits is in a list, under the lock; suspending and resuming both happen with it held, so that a connection is never
 * resumed before it is suspended, and after handshakes_stop() none is suspended. Whoever has been resumed may be gone at once: only those
 * that wait are looked at. */
#include "server/handshake.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/arena.h"

enum { EVENTS = 64 };

struct handshake {
    struct handshake *next, **here; /* of those that wait */
    struct handshakes *all;
    struct MHD_Connection *connection;
    int fd;
    bool known; /* the poll has the socket */
};

struct handshakes {
    pthread_mutex_t lock;
    bool stopping;
    struct handshake *waiting;
    int poll, bell; /* the bell ends the thread */
    pthread_t porter;
};

/* With the lock. */
static void go_on(struct handshake *h) {
    *h->here = h->next;
    if (h->next) h->next->here = h->here;
    h->here = NULL;
    MHD_resume_connection(h->connection);
}

static bool still_waits(const struct handshakes *all, const struct handshake *who) {
    for (const struct handshake *h = all->waiting; h; h = h->next)
        if (h == who) return true;
    return false;
}

static void *attend(void *argument) {
    struct handshakes *all = argument;
    struct epoll_event events[EVENTS];
    for (bool rung = false; !rung;) {
        int n = epoll_wait(all->poll, events, EVENTS, -1);
        pthread_mutex_lock(&all->lock);
        for (int i = 0; i < n; i++) {
            struct handshake *h = events[i].data.ptr;
            if (!h) rung = true;
            else if (still_waits(all, h)) go_on(h);
        }
        pthread_mutex_unlock(&all->lock);
    }
    return NULL;
}

/* The socket is looked after until it has something, once; with the lock. */
static bool look_after(struct handshake *h) {
    struct epoll_event once = {.events = EPOLLIN | EPOLLRDHUP | EPOLLONESHOT, .data.ptr = h};
    if (epoll_ctl(h->all->poll, h->known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, h->fd, &once) != 0) return false;
    return h->known = true;
}

void handshake_wait(struct handshake *h) {
    struct handshakes *all = h->all;
    pthread_mutex_lock(&all->lock);
    if (!all->stopping && look_after(h)) {
        h->next = all->waiting;
        h->here = &all->waiting;
        if (h->next) h->next->here = &h->next;
        all->waiting = h;
        MHD_suspend_connection(h->connection);
    }
    pthread_mutex_unlock(&all->lock);
}

struct handshake *handshake_begin(struct handshakes *all, struct MHD_Connection *connection, int fd) {
    struct handshake *h = must_calloc(1, sizeof *h);
    *h = (struct handshake){.all = all, .connection = connection, .fd = fd};
    return h;
}

void handshake_end(struct handshake *h) {
    struct handshakes *all = h->all;
    pthread_mutex_lock(&all->lock);
    if (h->known) epoll_ctl(all->poll, EPOLL_CTL_DEL, h->fd, NULL);
    pthread_mutex_unlock(&all->lock);
    free(h);
}

static enum err begin(struct handshakes *all, struct fault *fault) {
    struct epoll_event bell = {.events = EPOLLIN};
    if (all->poll < 0 || all->bell < 0 || epoll_ctl(all->poll, EPOLL_CTL_ADD, all->bell, &bell) != 0)
        return fail(fault, ERR_UNAVAILABLE, "Cannot make an event descriptor: %s", strerror(errno));
    int wrong = pthread_create(&all->porter, NULL, attend, all);
    if (wrong)
        return fail(fault, ERR_UNAVAILABLE, "Cannot start the thread of the handshakes: %s", strerror(wrong));
    return OK;
}

enum err handshakes_start(struct fault *fault, struct handshakes **out) {
    struct handshakes *all = must_calloc(1, sizeof *all);
    pthread_mutex_init(&all->lock, NULL);
    all->poll = epoll_create1(EPOLL_CLOEXEC);
    all->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    enum err e = begin(all, fault);
    if (e) handshakes_free(all);
    else *out = all;
    return e;
}

void handshakes_stop(struct handshakes *all) {
    pthread_mutex_lock(&all->lock);
    all->stopping = true;
    while (all->waiting)
        go_on(all->waiting);
    pthread_mutex_unlock(&all->lock);
    uint64_t one = 1;
    while (write(all->bell, &one, sizeof one) < 0 && errno == EINTR)
        continue;
    pthread_join(all->porter, NULL);
}

void handshakes_free(struct handshakes *all) {
    if (all->poll >= 0) close(all->poll);
    if (all->bell >= 0) close(all->bell);
    pthread_mutex_destroy(&all->lock);
    free(all);
}
