#include "server/daily.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/arena.h"
#include "server/clock.h"

struct daily {
    struct daily_how how;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t told;
    bool stopping;
};

enum { MINUTE_MS = 60000 };

int64_t daily_patience(int64_t now) {
    int64_t left = (london_midnight(london_day(now) + 1) - now + 999) / 1000;
    if (left > MINUTE_MS) return MINUTE_MS;
    return left < 1 ? 1 : left;
}

/* True when it is time to stop. */
static bool sleep_for(struct daily *d, int64_t ms) {
    int64_t until = clock_ms() + ms;
    struct timespec t = {.tv_sec = until / 1000, .tv_nsec = until % 1000 * 1000000};
    pthread_mutex_lock(&d->lock);
    while (!d->stopping && clock_ms() < until)
        pthread_cond_timedwait(&d->told, &d->lock, &t);
    bool stopping = d->stopping;
    pthread_mutex_unlock(&d->lock);
    return stopping;
}

static void *run(void *context) {
    struct daily *d = context;
    int32_t done = DAY_NONE;
    for (int64_t wait = 1; !sleep_for(d, wait);) {
        int64_t now = d->how.now();
        int32_t day = d->how.fixed_day != DAY_NONE ? d->how.fixed_day : london_day(now);
        if (day != done && d->how.work(d->how.context, day)) done = day;
        wait = daily_patience(d->how.now());
    }
    return NULL;
}

struct daily *daily_start(const struct daily_how *how) {
    struct daily *d = must_calloc(1, sizeof *d);
    pthread_condattr_t monotonic;
    d->how = *how;
    if (!d->how.now) d->how.now = instant_now;
    pthread_mutex_init(&d->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&d->told, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (pthread_create(&d->thread, NULL, run, d) == 0) return d;
    pthread_cond_destroy(&d->told);
    pthread_mutex_destroy(&d->lock);
    free(d);
    return NULL;
}

void daily_stop(struct daily *d) {
    if (!d) return;
    pthread_mutex_lock(&d->lock);
    d->stopping = true;
    pthread_cond_signal(&d->told);
    pthread_mutex_unlock(&d->lock);
    pthread_join(d->thread, NULL);
    pthread_cond_destroy(&d->told);
    pthread_mutex_destroy(&d->lock);
    free(d);
}
