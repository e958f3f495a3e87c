#include "server/watch.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/arena.h"
#include "db/freshness.h"

enum { ROUND_MS = 250, COMPARE_MS = 50 };

struct watch {
    struct db *db; /* the thread's own */
    pthread_t thread;
    bool standby;
    atomic_bool stop;
};

static void *run(void *context) {
    struct watch *w = context;
    while (!atomic_load(&w->stop))
        w->standby ? freshness_compare(w->db, COMPARE_MS) : freshness_watch(w->db, ROUND_MS);
    freshness_end();
    return NULL;
}

enum err watch_start(const char *conninfo, bool standby, struct fault *fault, struct watch **out) {
    struct watch *w = must_calloc(1, sizeof *w);
    w->db = db_new(conninfo, "quarterday watch");
    w->standby = standby;
    db_act_for(w->db, DB_EVERYBODY);
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
