/* What would surprise: a follower is `behind` from when something may have come until a question has found nothing more; its stream is
 * fed only while it waits, so that memory holds one page for each at most. A notice that is lost with its connection costs nothing: when
 * the connection has been made anew, everybody counts as behind. */
#include "handlers/event_streams.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/arena.h"

enum { PAGE = 100, AGAIN_MS = 1000 };

/* What a reader gets at once, and when nothing else has come for a while. */
#define GREETING "retry: 2000\n\n"
static const str HEARTBEAT = {":\n\n", 3};

struct follower {
    struct follower *next;
    struct stream *stream;
    struct store_events_ask ask; /* after: how far it has come */
    bool behind;
    struct arena arena; /* holds the texts of ask, and this struct */
};

struct event_streams {
    const char *database;
    bool standby; /* nobody can listen there: it is asked again and again */
    pthread_t thread;
    int bell; /* eventfd */
    atomic_bool stopping;
    pthread_mutex_t lock; /* of the newcomers */
    struct follower *newcomers;
    /* the thread's own */
    struct db *ears, *db;
    struct follower *followers;
    bool stale; /* something may have come */
};

/* ---- one page ---- */

struct page {
    const struct store_events_ask *ask;
    struct buf *text;
    int64_t cursor;
    bool more;
};

static void write_event(struct buf *out, str service, const struct store_event *event) {
    buf_printf(out, "id: %lld\nevent: %.*s\ndata: ", (long long)event->seq, STR_ARG(event->kind));
    struct json j = json_to(out);
    store_event_write(&j, service, event);
    buf_add_cstr(out, "\n\n");
}

static enum err read_page(struct db *db, void *context, struct fault *fault) {
    (void)fault;
    struct page *page = context;
    struct arena arena = ARENA_EMPTY;
    struct store_event *events;
    size_t count = 0;
    uint64_t total = 0;
    int64_t newest = 0;
    buf_clear(page->text);
    enum err e = store_events_newest(db, page->ask->service, &newest);
    if (e == OK) e = store_events_list(db, page->ask, &arena, &events, &count, &total);
    for (size_t i = 0; e == OK && i < count; i++)
        write_event(page->text, page->ask->service, &events[i]);
    page->more = total > count;
    page->cursor = page->more ? events[count - 1].seq : newest > page->ask->after ? newest : page->ask->after;
    arena_free(&arena);
    return e;
}

/* ---- everybody ---- */

static bool same_place(const struct store_events_ask *a, const struct store_events_ask *b) {
    return a->after == b->after && a->kinds == b->kinds && str_eq(a->service, b->service) &&
           str_eq(a->provider, b->provider);
}

static bool is_hungry(const struct follower *f) {
    return f->behind && stream_state(f->stream) == STREAM_WAITS;
}

/* This one, and all after it who stand at the same place. */
static enum err serve(struct event_streams *all, struct follower *first, struct buf *text) {
    struct store_events_ask ask = first->ask;
    struct page page = {.ask = &ask, .text = text};
    struct fault fault = {.err = OK};
    db_act_for(all->db, ask.provider.n ? (struct db_scope){.service = ask.service, .provider = ask.provider}
                                       : DB_SERVICE(ask.service));
    enum err e = db_transaction(
        all->db, &(struct db_work){.run = read_page, .context = &page, .read_only = true}, &fault);
    if (e != OK) return e;
    for (struct follower *f = first; f; f = f->next) {
        if (!same_place(&f->ask, &ask) || !is_hungry(f)) continue;
        f->ask.after = page.cursor;
        f->behind = page.more;
        if (text->n) stream_put(f->stream, buf_str(text));
    }
    return OK;
}

static enum err serve_all(struct event_streams *all) {
    struct buf text = BUF_EMPTY;
    enum err e = OK;
    for (struct follower *f = all->followers; f && e == OK; f = f->next)
        while (e == OK && is_hungry(f))
            e = serve(all, f, &text);
    buf_free(&text);
    return e;
}

static void follower_free(struct follower *f) {
    stream_drop(f->stream);
    struct arena arena = f->arena;
    arena_free(&arena);
}

static void forget_who_has_gone(struct event_streams *all) {
    for (struct follower **at = &all->followers; *at;) {
        struct follower *f = *at;
        if (stream_state(f->stream) != STREAM_OVER) {
            at = &f->next;
            continue;
        }
        *at = f->next;
        follower_free(f);
    }
}

static void take_newcomers(struct event_streams *all) {
    pthread_mutex_lock(&all->lock);
    struct follower *f = all->newcomers;
    all->newcomers = NULL;
    pthread_mutex_unlock(&all->lock);
    while (f) {
        struct follower *next = f->next;
        f->next = all->followers;
        all->followers = f;
        f = next;
    }
}

/* ---- the thread ---- */

static void ring(void *context) {
    struct event_streams *all = context;
    const uint64_t one = 1;
    while (write(all->bell, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

static void wait_for_something(struct event_streams *all, int socket, int ms) {
    struct pollfd p[2] = {{.fd = all->bell, .events = POLLIN}, {.fd = socket, .events = POLLIN}};
    uint64_t rings;
    if (poll(p, socket < 0 ? 1 : 2, ms) <= 0) return;
    if (p[0].revents && read(all->bell, &rings, sizeof rings) < 0) return;
    if (socket >= 0 && p[1].revents && store_events_heard(all->ears)) all->stale = true;
}

static void *feed(void *context) {
    struct event_streams *all = context;
    while (!atomic_load(&all->stopping)) {
        int socket = -1;
        bool listening = !all->standby && store_events_listen(all->ears, &socket) == OK;
        if (!listening) all->stale = true;
        for (struct follower *f = all->followers; f && all->stale; f = f->next)
            f->behind = true;
        all->stale = !listening;
        take_newcomers(all);
        forget_who_has_gone(all);
        bool served = serve_all(all) == OK;
        wait_for_something(all, listening ? socket : -1, listening && served ? -1 : AGAIN_MS);
    }
    return NULL;
}

struct event_streams *event_streams_start(const char *database, bool standby) {
    struct event_streams *all = must_calloc(1, sizeof *all);
    all->database = database;
    all->standby = standby;
    all->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    pthread_mutex_init(&all->lock, NULL);
    all->ears = db_new(database, "quarterday streams listen");
    all->db = db_new(database, "quarterday streams");
    if (all->bell >= 0 && pthread_create(&all->thread, NULL, feed, all) == 0) return all;
    if (all->bell >= 0) close(all->bell);
    db_free(all->ears);
    db_free(all->db);
    pthread_mutex_destroy(&all->lock);
    free(all);
    return NULL;
}

void event_streams_stop(struct event_streams *all) {
    if (!all) return;
    atomic_store(&all->stopping, true);
    ring(all);
    pthread_join(all->thread, NULL);
    take_newcomers(all);
    while (all->followers) {
        struct follower *f = all->followers;
        all->followers = f->next;
        follower_free(f);
    }
    db_free(all->ears);
    db_free(all->db);
    close(all->bell);
    pthread_mutex_destroy(&all->lock);
    free(all);
}

/* ---- newcomers ---- */

enum err event_streams_follow(struct event_streams *all, struct request *r, struct reply *p,
                              const struct store_events_ask *ask) {
    struct stream *stream;
    if (!all) return fail(&r->fault, ERR_UNAVAILABLE, "The thread that feeds streams does not run");
    const struct stream_feeder feeder = {.called = ring, .context = all, .heartbeat = HEARTBEAT};
    enum err e = stream_begin(r, p, &feeder, &stream);
    if (e != OK || !stream) return e;
    struct arena arena = ARENA_EMPTY;
    struct follower *f = ARENA_NEW(&arena, struct follower);
    f->stream = stream;
    f->ask = *ask;
    f->ask.limit = PAGE;
    f->ask.service = arena_str(&arena, ask->service);
    f->ask.provider = arena_str(&arena, ask->provider);
    f->behind = true;
    f->arena = arena;
    stream_put(stream, STR(GREETING));
    pthread_mutex_lock(&all->lock);
    f->next = all->newcomers;
    all->newcomers = f;
    pthread_mutex_unlock(&all->lock);
    ring(all);
    return OK;
}
