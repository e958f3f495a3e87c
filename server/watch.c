#include "server/watch.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/arena.h"
#include "db/freshness.h"

enum { ROUND_MS = 250 };

struct watch {
    struct db *db; /* the thread's own */
    pthread_t thread;
    atomic_bool stop;
};

static void *run(void *context) {
    struct watch *w = context;
    while (!atomic_load(&w->stop))
        freshness_watch(w->db, ROUND_MS);
    freshness_end();
    return NULL;
}

enum err watch_start(const char *conninfo, struct fault *fault, struct watch **out) {
    struct watch *w = must_calloc(1, sizeof *w);
    w->db = db_new(conninfo, "quarterday watch");
    if (pthread_create(&w->thread, NULL, run, w) == 0) {
        *out = w;
        return OK;
    }
    db_free(w->db);
    free(w);
    return fail(fault, ERR_UNAVAILABLE, "No thread can be started to watch for changes");
}

void watch_stop(struct watch *w) {
    atomic_store(&w->stop, true);
    pthread_join(w->thread, NULL);
    db_free(w->db);
    free(w);
}
