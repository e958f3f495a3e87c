/* stream: a buffer between a feeder, which puts bytes in, and the library, which takes them out on the connection's I/O thread.
 *
 * What would surprise:
 * - The buffer holds only what the feeder has put in at one time: it is asked for more when all of that has been written to the socket.
 *   So a reader that does not read costs one helping of memory, and its deadline (server/deadline.h) ends it.
 * - Suspending and resuming happen under the stream's lock, and both only while nothing has ended: a connection that was told to end is
 *   never suspended again, which is what stopping needs (libmicrohttpd aborts when it is stopped with one suspended). Who resumes still
 *   holds the lock while it is inside the library, and the I/O thread cannot end the stream without it.
 * - A suspended connection does not notice that its peer is gone: the next byte does, at the latest the heartbeat; the kernel is asked to
 *   give up on an unacknowledged byte in half a minute instead of a quarter of an hour. */
#include "server/stream.h"

#include <microhttpd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "server/clock.h"
#include "server/exchange.h"

enum { ROUND_MS = 1000, UNACKNOWLEDGED_MS = 30000, BLOCK = 16 * 1024 };

struct stream {
    struct stream *next, **here; /* under the lock of all */
    struct streams *all;
    struct stream_feeder feeder;
    struct principal who;

    pthread_mutex_t lock; /* of what follows */
    unsigned holds;       /* the server's and the feeder's */
    struct buf bytes;
    size_t at; /* of bytes: so far taken */
    bool suspended;
    bool dropped; /* the feeder has nothing more */
    bool ended;   /* at once, whatever is in it */
    int64_t last_ms;
    /* The I/O thread's, as long as it sends. */
    struct MHD_Connection *connection;
    struct visitor *visitor;
    uint64_t *sent;
};

struct streams {
    struct stream_rules rules;
    pthread_mutex_t lock;
    pthread_cond_t stop;
    bool stopping, closed;
    unsigned count;
    struct stream *first;
    pthread_t keeper;
};

/* ---- one stream ---- */

static void release(struct stream *s) {
    pthread_mutex_lock(&s->lock);
    bool last = --s->holds == 0;
    pthread_mutex_unlock(&s->lock);
    if (!last) return;
    pthread_mutex_destroy(&s->lock);
    buf_free(&s->bytes);
    free(s);
}

/* With the lock. */
static void wake(struct stream *s) {
    if (!s->suspended) return;
    s->suspended = false;
    MHD_resume_connection(s->connection);
}

static void end(struct stream *s) {
    pthread_mutex_lock(&s->lock);
    s->ended = true;
    wake(s);
    pthread_mutex_unlock(&s->lock);
}

static void put(struct stream *s, str bytes) {
    if (s->ended || s->dropped) return;
    buf_add_str(&s->bytes, bytes);
    wake(s);
}

/* The server's hold ends: the connection is done with it, or never came to it. */
static void leave(void *context) {
    struct stream *s = context;
    struct streams *all = s->all;
    pthread_mutex_lock(&all->lock);
    *s->here = s->next;
    if (s->next) s->next->here = s->here;
    all->count--;
    pthread_mutex_unlock(&all->lock);
    pthread_mutex_lock(&s->lock);
    s->ended = true;
    pthread_mutex_unlock(&s->lock);
    s->feeder.called(s->feeder.context);
    release(s);
}

/* ---- the library's side ---- */

static ssize_t take(struct stream *s, char *out, size_t room) {
    size_t n = s->bytes.n - s->at;
    if (n > room) n = room;
    memcpy(out, s->bytes.p + s->at, n);
    s->at += n;
    *s->sent += n;
    s->last_ms = clock_ms();
    visitor_reply_begins(s->visitor, n);
    return (ssize_t)n;
}

static void rest(struct stream *s) {
    buf_free(&s->bytes);
    s->at = 0;
    s->suspended = true;
    visitor_waits(s->visitor);
    MHD_suspend_connection(s->connection);
}

/* Called for more when what was given before is on its way. */
static ssize_t give(void *context, uint64_t position, char *out, size_t room) {
    (void)position;
    struct stream *s = context;
    ssize_t n = 0;
    pthread_mutex_lock(&s->lock);
    bool empty = s->at == s->bytes.n;
    if (s->ended || (empty && s->dropped)) n = MHD_CONTENT_READER_END_OF_STREAM;
    else if (!empty) n = take(s, out, room);
    else rest(s);
    if (n < 0) visitor_reply_begins(s->visitor, 0);
    pthread_mutex_unlock(&s->lock);
    if (n == 0) s->feeder.called(s->feeder.context); /* the connection cannot go on before we return */
    return n;
}

static void give_up_early(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    unsigned ms = UNACKNOWLEDGED_MS;
    if (info) setsockopt(info->connect_fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, sizeof ms);
}

struct MHD_Response *stream_response(struct exchange *x) {
    struct stream *s = x->reply.stream;
    /* HEAD. Without a length the library would send the end of a chunked body, which HEAD does not have. */
    if (!s) return MHD_create_response_from_buffer(0, (void *)(uintptr_t) "", MHD_RESPMEM_PERSISTENT);
    s->connection = x->connection;
    s->visitor = x->visitor;
    s->sent = &x->sent;
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, give, s, leave);
    if (!response) return NULL;
    x->reply.stream = NULL;
    give_up_early(x->connection);
    return response;
}

void stream_abandon(struct stream *s) {
    if (s) leave(s);
}

/* ---- the feeder's side ---- */

/* With the lock of all. */
static unsigned count_of_key(const struct streams *all, const char *key_id) {
    unsigned n = 0;
    for (const struct stream *s = all->first; s; s = s->next)
        n += strcmp(s->who.key_id, key_id) == 0;
    return n;
}

static enum err find_room(struct streams *all, struct request *r) {
    if (all->closed) return fail(&r->fault, ERR_UNAVAILABLE, "The service is stopping");
    if (r->who && count_of_key(all, r->who->key_id) >= all->rules.most_per_key)
        return fail(
            &r->fault, ERR_TOO_MANY_REQUESTS,
            "This key has %u streams open, and may have no more. Close one of them, or follow with one "
            "stream for several purposes.",
            all->rules.most_per_key);
    if (all->count >= all->rules.most)
        return fail(&r->fault, ERR_UNAVAILABLE, "%u streams are open, the most that there may be",
                    all->count);
    return OK;
}

enum err stream_begin(struct request *r, struct reply *p, const struct stream_feeder *feeder,
                      struct stream **out) {
    struct streams *all =
        ((struct exchange *)((char *)r - offsetof(struct exchange, request)))->server->streams;
    *out = NULL;
    p->goes_on = true;
    if (r->method == METHOD_HEAD) return OK;
    struct stream *s = must_calloc(1, sizeof *s);
    pthread_mutex_init(&s->lock, NULL);
    s->all = all;
    s->feeder = *feeder;
    s->holds = 2;
    s->last_ms = clock_ms();
    if (r->who) s->who = *r->who;
    pthread_mutex_lock(&all->lock);
    enum err e = find_room(all, r);
    if (e == OK) {
        s->next = all->first;
        s->here = &all->first;
        if (s->next) s->next->here = &s->next;
        all->first = s;
        all->count++;
    }
    pthread_mutex_unlock(&all->lock);
    if (e == OK) {
        *out = p->stream = s;
        return OK;
    }
    p->goes_on = false;
    s->holds = 1;
    release(s);
    return e;
}

enum stream_state stream_state(struct stream *s) {
    pthread_mutex_lock(&s->lock);
    enum stream_state state = s->ended ? STREAM_OVER : s->suspended ? STREAM_WAITS : STREAM_BUSY;
    pthread_mutex_unlock(&s->lock);
    return state;
}

void stream_put(struct stream *s, str bytes) {
    pthread_mutex_lock(&s->lock);
    put(s, bytes);
    pthread_mutex_unlock(&s->lock);
}

void stream_drop(struct stream *s) {
    pthread_mutex_lock(&s->lock);
    s->dropped = true;
    wake(s);
    pthread_mutex_unlock(&s->lock);
    release(s);
}

/* ---- looking after them ---- */

static void look_at(struct streams *all, struct stream *s) {
    if (all->rules.in_force && s->who.key_id[0] && !all->rules.in_force(all->rules.app, &s->who)) {
        end(s);
        return;
    }
    pthread_mutex_lock(&s->lock);
    if (s->suspended && clock_ms() - s->last_ms >= all->rules.quiet_ms) put(s, s->feeder.heartbeat);
    pthread_mutex_unlock(&s->lock);
}

static void *keep(void *context) {
    struct streams *all = context;
    pthread_mutex_lock(&all->lock);
    while (!all->stopping) {
        for (struct stream *s = all->first; s; s = s->next)
            look_at(all, s);
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += ROUND_MS / 1000;
        pthread_cond_timedwait(&all->stop, &all->lock, &until);
    }
    pthread_mutex_unlock(&all->lock);
    return NULL;
}

enum err streams_start(const struct stream_rules *rules, struct fault *fault, struct streams **out) {
    struct streams *all = must_calloc(1, sizeof *all);
    all->rules = *rules;
    pthread_mutex_init(&all->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&all->stop, &monotonic);
    pthread_condattr_destroy(&monotonic);
    int wrong = pthread_create(&all->keeper, NULL, keep, all);
    if (wrong) {
        streams_free(all);
        return fail(fault, ERR_UNAVAILABLE, "Cannot start the thread of the streams: %s", strerror(wrong));
    }
    *out = all;
    return OK;
}

void streams_end(struct streams *all) {
    pthread_mutex_lock(&all->lock);
    all->closed = true;
    for (struct stream *s = all->first; s; s = s->next)
        end(s);
    pthread_mutex_unlock(&all->lock);
}

void streams_stop(struct streams *all) {
    pthread_mutex_lock(&all->lock);
    all->stopping = true;
    pthread_cond_signal(&all->stop);
    pthread_mutex_unlock(&all->lock);
    pthread_join(all->keeper, NULL);
}

void streams_free(struct streams *all) {
    pthread_cond_destroy(&all->stop);
    pthread_mutex_destroy(&all->lock);
    free(all);
}
