/* crew: a bounded queue of jobs and the worker threads that take from it. Each lane has a crew of its own, so that uploads
 * never stand in the way of reads. */
#ifndef QD_SERVER_CREW_H
#define QD_SERVER_CREW_H

#include "base/err.h"

struct job {
    struct job *next;
    int64_t queued_ms;
    /* Runs on a worker's thread, exactly once. refused: the job waited too long or the crew is going home; answer that, and do
     * not start. The job may be freed by this call. */
    void (*run)(struct job *job, void *worker, bool refused);
};

struct crew_settings {
    const char *name;
    unsigned workers, queue_limit;
    unsigned patience_ms;                 /* a job that waited longer is refused */
    void *(*worker_begin)(void *context); /* on the worker's own thread; may be NULL */
    void (*worker_end)(void *worker);
    void *context;
};

struct crew;
enum err crew_start(const struct crew_settings *settings, struct fault *fault, struct crew **out);
/* Takes a place in the queue; false when it is full or closed. A place that was taken must be used by crew_push(). */
bool crew_reserve(struct crew *crew);
void crew_push(struct crew *crew, struct job *job);
/* No more places; what waits is refused, what runs runs to its end; returns when the threads have ended. */
void crew_stop(struct crew *crew);
void crew_free(struct crew *crew);

#endif
