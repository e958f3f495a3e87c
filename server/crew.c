/* crew: a mutex, a condition and a list. Knows jobs, not requests; never calls the HTTP library. */
#include "server/crew.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/arena.h"
#include "server/clock.h"

/* Parsers and libpq run here; sanitizers need more than a megabyte. */
enum { STACK_BYTES = 4 * 1024 * 1024 };

struct crew {
    struct crew_settings settings;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct job *first, **last;
    unsigned places; /* reserved or waiting */
    bool closed;
    unsigned threads;
    pthread_t thread[];
};

/* The oldest job, or NULL when the lane is closed and empty. */
static struct job *take(struct crew *crew, bool *out_refused) {
    pthread_mutex_lock(&crew->lock);
    while (!crew->first && !(crew->closed && !crew->places))
        pthread_cond_wait(&crew->changed, &crew->lock);
    struct job *job = crew->first;
    if (job) {
        crew->first = job->next;
        if (!crew->first) crew->last = &crew->first;
        crew->places--;
        *out_refused = crew->closed || clock_ms() - job->queued_ms > (int64_t)crew->settings.patience_ms;
        if (crew->closed && !crew->places) pthread_cond_broadcast(&crew->changed);
    }
    pthread_mutex_unlock(&crew->lock);
    return job;
}

static void *work(void *argument) {
    struct crew *crew = argument;
    void *worker = crew->settings.worker_begin ? crew->settings.worker_begin(crew->settings.context) : NULL;
    bool refused = false;
    for (struct job *job; (job = take(crew, &refused));)
        job->run(job, worker, refused);
    if (crew->settings.worker_end) crew->settings.worker_end(worker);
    return NULL;
}

enum err crew_start(const struct crew_settings *settings, struct fault *fault, struct crew **out) {
    struct crew *crew = must_calloc(1, sizeof *crew + settings->workers * sizeof crew->thread[0]);
    crew->settings = *settings;
    crew->last = &crew->first;
    pthread_mutex_init(&crew->lock, NULL);
    pthread_cond_init(&crew->changed, NULL);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    int wrong = 0;
    while (!wrong && crew->threads < settings->workers) {
        wrong = pthread_create(&crew->thread[crew->threads], &attributes, work, crew);
        if (!wrong) crew->threads++;
    }
    pthread_attr_destroy(&attributes);
    if (wrong) {
        crew_stop(crew);
        crew_free(crew);
        return fail(fault, ERR_UNAVAILABLE, "Cannot start the %s workers: %s", settings->name,
                    strerror(wrong));
    }
    *out = crew;
    return OK;
}

bool crew_reserve(struct crew *crew) {
    pthread_mutex_lock(&crew->lock);
    bool free_place = !crew->closed && crew->places < crew->settings.queue_limit;
    if (free_place) crew->places++;
    pthread_mutex_unlock(&crew->lock);
    return free_place;
}

void crew_push(struct crew *crew, struct job *job) {
    job->next = NULL;
    job->queued_ms = clock_ms();
    pthread_mutex_lock(&crew->lock);
    *crew->last = job;
    crew->last = &job->next;
    pthread_cond_signal(&crew->changed);
    pthread_mutex_unlock(&crew->lock);
}

void crew_stop(struct crew *crew) {
    pthread_mutex_lock(&crew->lock);
    crew->closed = true;
    pthread_cond_broadcast(&crew->changed);
    pthread_mutex_unlock(&crew->lock);
    for (unsigned i = 0; i < crew->threads; i++)
        pthread_join(crew->thread[i], NULL);
    crew->threads = 0;
}

void crew_free(struct crew *crew) {
    pthread_cond_destroy(&crew->changed);
    pthread_mutex_destroy(&crew->lock);
    free(crew);
}
