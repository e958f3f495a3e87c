/* server_crew: a queue and its workers: everything once, nothing beyond its bounds, nothing left behind. */
#include "server/crew.h"

#include <stdatomic.h>
#include <time.h>

#include "tests/support/suite.h"

struct task {
    struct job job;
    atomic_int *log; /* counts runs; refused ones count 1000 */
    long nap_ms;
};

static void run_task(struct job *job, void *worker, bool refused) {
    struct task *t = (struct task *)job;
    struct timespec nap = {0, t->nap_ms * 1000000};
    if (!refused && t->nap_ms) nanosleep(&nap, NULL);
    atomic_fetch_add(t->log, refused ? 1000 : *(int *)worker);
}

static int ONE = 1;
static atomic_int begun, ended;

static void *begin_worker(void *context) {
    atomic_fetch_add(&begun, 1);
    return context;
}

static void end_worker(void *worker) {
    (void)worker;
    atomic_fetch_add(&ended, 1);
}

static void works(void) {
    enum { TASKS = 200 };
    static struct task tasks[TASKS];
    atomic_int log = 0;
    struct crew *crew = NULL;
    struct crew_settings settings = {"test", 3, TASKS, 10000, begin_worker, end_worker, &ONE};
    atomic_store(&begun, 0);
    atomic_store(&ended, 0);
    CHECK(crew_start(&settings, NULL, &crew) == OK, "starts");
    for (size_t i = 0; i < TASKS; i++) {
        tasks[i] = (struct task){.job.run = run_task, .log = &log};
        if (crew_reserve(crew)) crew_push(crew, &tasks[i].job);
    }
    for (int i = 0; i < 6000 && atomic_load(&log) < TASKS; i++)
        nanosleep(&(struct timespec){0, 10000000}, NULL);
    CHECK(atomic_load(&log) == TASKS, "each job runs once: %d", atomic_load(&log));
    crew_stop(crew);
    CHECK(!crew_reserve(crew), "after the stop there is no place");
    crew_free(crew);
    CHECK(atomic_load(&begun) == 3 && atomic_load(&ended) == 3, "each worker began and ended: %d, %d",
          atomic_load(&begun), atomic_load(&ended));
}

static void is_bounded(void) {
    static struct task tasks[8];
    atomic_int log = 0;
    struct crew *crew = NULL;
    struct crew_settings settings = {"test", 1, 2, 10000, begin_worker, end_worker, &ONE};
    CHECK(crew_start(&settings, NULL, &crew) == OK, "starts");
    unsigned taken = 0;
    for (size_t i = 0; i < 8; i++) {
        tasks[i] = (struct task){.job.run = run_task, .log = &log, .nap_ms = 900};
        if (!crew_reserve(crew)) continue;
        taken++;
        crew_push(crew, &tasks[i].job);
    }
    CHECK(taken == 2 || taken == 3, "two wait, perhaps one runs already: %u", taken);
    crew_stop(crew);
    crew_free(crew);
    int result = atomic_load(&log);
    CHECK(result / 1000 + result % 1000 == (int)taken && result >= 1000,
          "what ran, ran; what waited was refused: %d of %u", result, taken);
}

/* A job that holds its worker until it is let go. */
static atomic_int held, let_go;

static void hold(struct job *job, void *worker, bool refused) {
    (void)job;
    (void)worker;
    atomic_store(&held, refused ? -1 : 1);
    while (!refused && !atomic_load(&let_go))
        nanosleep(&(struct timespec){0, 1000000}, NULL);
}

/* The worker is held for longer than the second job's patience. On a slow machine the first may have to be sent again. */
static void loses_patience(void) {
    enum { PATIENCE_MS = 100 };
    static struct job first;
    static struct task second;
    atomic_int log = 0;
    struct crew *crew = NULL;
    struct crew_settings settings = {"test", 1, 4, PATIENCE_MS, begin_worker, end_worker, &ONE};
    CHECK(crew_start(&settings, NULL, &crew) == OK, "starts");
    atomic_store(&let_go, 0);
    do {
        first = (struct job){.run = hold};
        atomic_store(&held, 0);
        if (crew_reserve(crew)) crew_push(crew, &first);
        while (!atomic_load(&held))
            nanosleep(&(struct timespec){0, 1000000}, NULL);
    } while (atomic_load(&held) < 0);
    second = (struct task){.job.run = run_task, .log = &log};
    if (crew_reserve(crew)) crew_push(crew, &second.job);
    nanosleep(&(struct timespec){0, 2 * PATIENCE_MS * 1000000}, NULL);
    atomic_store(&let_go, 1);
    for (int i = 0; i < 6000 && !atomic_load(&log); i++)
        nanosleep(&(struct timespec){0, 10000000}, NULL);
    CHECK(atomic_load(&log) == 1000, "the second waited too long: %d", atomic_load(&log));
    crew_stop(crew);
    crew_free(crew);
}

void suite_server_crew(void) {
    suite_add("server_crew", NULL, NULL);
    case_add("a crew runs each job once", works);
    case_add("its queue is bounded, and empties when it stops", is_bounded);
    case_add("a job that waited too long is refused", loses_patience);
}
