#include "server/refusals.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/arena.h"
#include "db/store_audit.h"
#include "server/clock.h"
#include "server/log.h"
#include "server/refusal_folds.h"

/* A burst is folded before it is told. */
enum { LOOK_MS = 250, RETRY_MS = 2000 };

struct refusals {
    const char *database;
    int64_t window_ms;
    pthread_t thread;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t told;
    struct refusal_folds folds;
    bool stopping;
    bool failing; /* the thread's own */
};

void refusals_note(struct refusals *r, const struct refusal *what) {
    if (!r) return;
    int64_t now = instant_now();
    pthread_mutex_lock(&r->lock);
    refusal_folds_add(&r->folds, what, now);
    pthread_mutex_unlock(&r->lock);
}

/* ---- telling ---- */

static enum err write_line(struct db *db, void *context, struct fault *fault) {
    (void)fault;
    const struct fold *f = context;
    return store_refusal_tell(db,
                              &(struct store_refusal){.asked = str_of(f->asked),
                                                      .own = str_of(f->own),
                                                      .key_id = str_of(f->key_id[0] ? f->key_id : "several"),
                                                      .object = str_of(f->object),
                                                      .route = f->route ? f->route->name : NULL,
                                                      .code = f->route ? err_info(f->err)->code : NULL,
                                                      .times = (int64_t)f->times,
                                                      .since = f->since});
}

/* Each line is a transaction of its own: none holds two chains at once. */
static bool tell(struct db *db, struct fold *f) {
    struct fault fault = {.err = OK};
    return db_transaction(db, &(struct db_work){.run = write_line, .context = f, .aside = true}, &fault) ==
           OK;
}

static bool take_next(struct refusals *r, size_t *place, bool last, struct fold *out) {
    pthread_mutex_lock(&r->lock);
    bool any = refusal_folds_take(&r->folds, place, clock_ms(), r->window_ms, last, out);
    pthread_mutex_unlock(&r->lock);
    return any;
}

/* The connection lasts as long as there is something to tell, which is seldom. */
static void tell_all(struct refusals *r, bool last) {
    struct fold fold;
    size_t place = 0;
    struct db *db = NULL;
    bool failed = false;
    while (!failed && take_next(r, &place, last, &fold)) {
        if (!db) {
            db = db_new(r->database, "quarterday refusals");
            db_act_for(db, DB_EVERYBODY);
        }
        failed = !tell(db, &fold);
        if (!failed) continue;
        pthread_mutex_lock(&r->lock);
        refusal_folds_give_back(&r->folds, place, &fold, clock_ms() + RETRY_MS);
        pthread_mutex_unlock(&r->lock);
    }
    if (failed && !r->failing) log_event(LOG_WARN, "refusals-not-told", "words", db_last_error(db), NULL);
    if (db) r->failing = failed;
    db_free(db);
}

/* True when it is time to stop. */
static bool sleep_a_while(struct refusals *r) {
    int64_t until = clock_ms() + LOOK_MS;
    struct timespec t = {.tv_sec = until / 1000, .tv_nsec = until % 1000 * 1000000};
    pthread_mutex_lock(&r->lock);
    while (!r->stopping && clock_ms() < until)
        pthread_cond_timedwait(&r->told, &r->lock, &t);
    bool stopping = r->stopping;
    pthread_mutex_unlock(&r->lock);
    return stopping;
}

static void *run(void *context) {
    struct refusals *r = context;
    while (!sleep_a_while(r))
        tell_all(r, false);
    tell_all(r, true);
    return NULL;
}

/* ---- life ---- */

static void free_all(struct refusals *r) {
    pthread_cond_destroy(&r->told);
    pthread_mutex_destroy(&r->lock);
    free(r);
}

struct refusals *refusals_start(const char *database, unsigned window_seconds) {
    struct refusals *r = must_calloc(1, sizeof *r);
    pthread_condattr_t monotonic;
    r->database = database;
    r->window_ms = (int64_t)window_seconds * 1000;
    pthread_mutex_init(&r->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&r->told, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (pthread_create(&r->thread, NULL, run, r) == 0) return r;
    free_all(r);
    return NULL;
}

void refusals_stop(struct refusals *r) {
    if (!r) return;
    pthread_mutex_lock(&r->lock);
    r->stopping = true;
    pthread_cond_signal(&r->told);
    pthread_mutex_unlock(&r->lock);
    pthread_join(r->thread, NULL);
    free_all(r);
}
