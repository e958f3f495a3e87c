/* See webhooks.h. One event of a webhook is under way at a time, and its result is stored before the next begins, so that a receiver hears
 * of them in their order. Killed in between, the event is sent again: same id, same bytes. */
#include "server/webhooks.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "db/store_webhooks.h"
#include "server/clock.h"
#include "server/log.h"
#include "server/webhook_backoff.h"

enum { AT_ONCE = 16, LOOK_MS = 2000, IDLE_MS = 50, DOWN_MS = 1000, GRACE_MS = 5000, GONE = 410 };

struct sending {
    struct arena arena; /* holds this struct and its texts */
    struct store_webhook_due due;
};

struct webhooks {
    const char *database;
    struct webhook_poster *poster;
    pthread_t thread;
    atomic_bool stopping;
    /* the thread's own */
    struct db *db;
    struct sending *under_way[AT_ONCE];
    int count;
    bool was_ours, found;         /* found: something was due at the last look */
    int64_t passed_at, looked_at; /* clock_ms() */
};

/* ---- beginning ---- */

static void list_busy(const struct webhooks *w, struct buf *out) {
    for (int i = 0; i < AT_ONCE; i++)
        if (w->under_way[i])
            buf_printf(out, "%s%.*s/%.*s", out->n ? " " : "", STR_ARG(w->under_way[i]->due.service),
                       STR_ARG(w->under_way[i]->due.webhook));
}

static struct sending *sending_of(const struct store_webhook_due *due) {
    struct arena arena = ARENA_EMPTY;
    struct sending *s = ARENA_NEW(&arena, struct sending);
    s->due = (struct store_webhook_due){
        .service = arena_str(&arena, due->service),
        .webhook = arena_str(&arena, due->webhook),
        .url = arena_str(&arena, due->url),
        .secret = arena_str(&arena, due->secret),
        .seq = due->seq,
        .attempts = due->attempts,
        .id = arena_str(&arena, due->id),
        .body = arena_str(&arena, due->body),
    };
    s->arena = arena;
    return s;
}

static void sending_free(struct sending *s) {
    explicit_bzero((char *)(uintptr_t)s->due.secret.p, s->due.secret.n);
    struct arena arena = s->arena;
    arena_free(&arena);
}

static void begin(struct webhooks *w, const struct store_webhook_due *due) {
    struct sending *s = sending_of(due);
    const struct webhook_post post = {
        .url = s->due.url,
        .secret = s->due.secret,
        .webhook = s->due.webhook,
        .id = s->due.id,
        .body = s->due.body,
        .attempt = s->due.attempts + 1,
        .at = instant_now(),
    };
    int free_place = 0;
    while (w->under_way[free_place])
        free_place++;
    if (!webhook_poster_send(w->poster, &post, s)) {
        sending_free(s);
        return;
    }
    w->under_way[free_place] = s;
    w->count++;
}

static enum err run_pass(struct db *db, void *context, struct fault *fault) {
    (void)fault;
    return store_webhooks_pass(db, buf_str(context));
}

/* It only spares looks their way over events that are nobody's, so a deadline day's thousand uploads need it no more often than a quiet one's. */
static enum err pass(struct webhooks *w, struct buf *busy) {
    struct fault fault = {.err = OK};
    int64_t now = clock_ms();
    if (w->passed_at && now - w->passed_at < LOOK_MS) return OK;
    enum err e =
        db_transaction(w->db, &(struct db_work){.run = run_pass, .context = busy, .aside = true}, &fault);
    if (e == OK) w->passed_at = now;
    return e;
}

/* Whatever is due, as far as there is room. What was read over a connection that was made anew meanwhile is another process's, unless this
 * one gets hold of the lock again. */
static enum err begin_what_is_due(struct webhooks *w) {
    struct buf busy = BUF_EMPTY;
    struct arena arena = ARENA_EMPTY;
    struct store_webhook_due *due;
    size_t count = 0;
    bool ours = false;
    buf_reserve(&busy, 1);
    list_busy(w, &busy);
    enum err e = pass(w, &busy);
    if (e == OK)
        e = store_webhooks_due(w->db, buf_str(&busy), (uint64_t)(AT_ONCE - w->count), &arena, &due, &count);
    if (e == OK) e = store_webhooks_claim(w->db, &ours);
    w->found = e == OK && count > 0;
    for (size_t i = 0; e == OK && i < count; i++) {
        if (ours) begin(w, &due[i]);
        explicit_bzero((char *)(uintptr_t)due[i].secret.p, due[i].secret.n);
    }
    buf_free(&busy);
    arena_free(&arena);
    return e;
}

/* ---- ending ---- */

struct result {
    const struct store_webhook_due *due;
    const struct webhook_answer *answer;
    int64_t wait_ms;
    str pause;
};

static enum err store_result(struct db *db, void *context, struct fault *fault) {
    (void)fault;
    const struct result *r = context;
    return store_webhook_result(db, r->due, r->answer->status, str_of(r->answer->error), r->wait_ms,
                                r->pause);
}

static void log_result(const struct result *r) {
    char status[12];
    const bool taken = !r->answer->error[0];
    const char *event = taken ? "webhook-delivered" : r->wait_ms < 0 ? "webhook-dead" : "webhook-failed";
    snprintf(status, sizeof status, "%d", r->answer->status);
    log_event(taken            ? LOG_DEBUG
              : r->wait_ms < 0 ? LOG_WARN
                               : LOG_INFO,
              event, "service", r->due->service.p, "webhook", r->due->webhook.p, "eventId", r->due->id.p,
              "status", status, "error", r->answer->error, NULL);
}

static void forget(struct webhooks *w, struct sending *s) {
    for (int i = 0; i < AT_ONCE; i++)
        if (w->under_way[i] == s) w->under_way[i] = NULL;
    w->count--;
    sending_free(s);
}

/* A result that cannot be stored is no result: the event is sent again. */
static void end(struct webhooks *w, const struct webhook_answer *answer) {
    struct sending *s = answer->context;
    struct fault fault = {.err = OK};
    uint32_t dice;
    random_bytes(&dice, sizeof dice);
    struct result r = {.due = &s->due, .answer = answer};
    if (answer->error[0]) r.wait_ms = webhook_backoff_ms(s->due.attempts + 1, dice);
    if (answer->status == GONE && s->due.seq) {
        r.pause = STR("The receiver answered 410 Gone.");
        if (r.wait_ms < 0) r.wait_ms = 0; /* it waits for whoever resumes it */
    }
    enum err e =
        db_transaction(w->db, &(struct db_work){.run = store_result, .context = &r, .aside = true}, &fault);
    if (e == OK) log_result(&r);
    else log_event(LOG_ERROR, "webhook-result-lost", "eventId", s->due.id.p, "reason", fault.detail, NULL);
    forget(w, s);
}

static void end_what_is_done(struct webhooks *w) {
    struct webhook_answer answer;
    while (webhook_poster_take(w->poster, &answer))
        end(w, &answer);
}

/* ---- the thread ---- */

/* Where nothing was due, a deadline day's uploads are looked through so often and no oftener. How long to wait first; 0: not at all. */
static int rest_ms(const struct webhooks *w) {
    int64_t since = clock_ms() - w->looked_at;
    return w->found || w->count || !w->looked_at || since >= IDLE_MS ? 0 : (int)(IDLE_MS - since);
}

/* One look. How long to wait afterwards, in milliseconds. */
static int look(struct webhooks *w, int *out_socket) {
    bool ours = false;
    *out_socket = -1;
    int rest = rest_ms(w);
    if (rest) return rest;
    store_events_heard(w->db); /* what has come is looked for below, and wakes nobody again */
    enum err e = store_events_listen(w->db, out_socket);
    if (e == OK) e = store_webhooks_claim(w->db, &ours);
    if (e == OK && ours && w->count < AT_ONCE) e = begin_what_is_due(w);
    if (e == OK && ours != w->was_ours)
        log_event(LOG_INFO, ours ? "webhooks-ours" : "webhooks-elsewhere", NULL, NULL);
    w->looked_at = clock_ms();
    if (e == OK) w->was_ours = ours;
    else {
        log_event(LOG_WARN, "webhooks-wait", "reason", db_last_error(w->db), NULL);
        *out_socket = -1;
    }
    if (e != OK) return DOWN_MS;
    return store_events_heard(w->db) ? 0 : LOOK_MS; /* what came while we looked may not have been seen */
}

static void finish(struct webhooks *w) {
    for (int64_t until = clock_ms() + GRACE_MS; w->count && clock_ms() < until; end_what_is_done(w))
        webhook_poster_wait(w->poster, -1, 100);
}

static void *run(void *context) {
    struct webhooks *w = context;
    w->db = db_new(w->database, "quarterday webhooks");
    db_act_for(w->db, DB_EVERYBODY);
    while (!atomic_load(&w->stopping)) {
        int socket;
        int wait_ms = look(w, &socket);
        webhook_poster_wait(w->poster, socket, wait_ms);
        end_what_is_done(w);
    }
    finish(w);
    db_free(w->db);
    return NULL;
}

struct webhooks *webhooks_start(const char *database, const struct webhook_poster_how *how) {
    struct webhooks *w = must_calloc(1, sizeof *w);
    w->database = database;
    w->poster = webhook_poster_new(how);
    if (w->poster && pthread_create(&w->thread, NULL, run, w) == 0) return w;
    webhook_poster_free(w->poster);
    free(w);
    return NULL;
}

void webhooks_stop(struct webhooks *w) {
    if (!w) return;
    atomic_store(&w->stopping, true);
    webhook_poster_wake(w->poster);
    pthread_join(w->thread, NULL);
    webhook_poster_free(w->poster);
    for (int i = 0; i < AT_ONCE; i++)
        if (w->under_way[i]) sending_free(w->under_way[i]);
    free(w);
}
