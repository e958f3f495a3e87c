/* Migrations in bad company: a runner that dies at any file, one that dies in the middle of a file, and readers who hold what a file wants.
 * The state is always that before a file or after it, and whoever comes next goes on from there. */
#include "db/crash_point.h"

#include <errno.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/db/fixture.h"

static char owner[CONNINFO_ROOM], app[CONNINFO_ROOM];

/* The migration that wants the table which everybody reads for itself alone: ALTER TABLE service. */
enum { WANTS_SERVICE = 20 };

static bool begin(void) {
    bool made = database_make_empty(owner, sizeof owner, app, sizeof app);
    CHECK(made, "an empty database");
    return made;
}

enum { NEVER = -1 };

/* Both count files: it dies between two, or at the COMMIT of the next one (in builds with crash points). */
struct runner {
    int applied, die_after, die_at_commit_after;
};

static void count_and_arm(void *context, const char *line) {
    struct runner *r = context;
    if (strncmp(line, "applied ", 8) == 0) r->applied++;
    if (r->applied == r->die_after) raise(SIGKILL);
    if (r->applied == r->die_at_commit_after) setenv("QUARTERDAY_CRASH_AT", "before_commit", 1);
}

static enum err migrate(struct runner *r, struct fault *fault) {
    struct db *db = db_new(owner, "test migrate");
    if (r->die_at_commit_after == 0) setenv("QUARTERDAY_CRASH_AT", "before_commit", 1);
    enum err e = migrate_run(db, count_and_arm, r, fault);
    db_free(db);
    return e;
}

static pid_t start_child(int die_after, int die_at_commit_after) {
    pid_t child = fork();
    if (child != 0) return child;
    struct fault fault = {.err = OK};
    struct runner r = {.die_after = die_after, .die_at_commit_after = die_at_commit_after};
    _exit(migrate(&r, &fault) == OK ? 0 : 1);
}

/* The signal that ended it; 0: it ended by itself. */
static int wait_for(pid_t child) {
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static long applied(void) {
    if (strcmp(database_ask(owner, "SELECT to_regclass('quarterday.schema_migration') IS NOT NULL"), "t") !=
        0)
        return 0;
    return strtol(database_ask(owner, "SELECT count(*) FROM schema_migration"), NULL, 10);
}

/* Whoever comes after it finds a whole schema, and the service a ready one. */
static void goes_on(const char *label) {
    struct fault fault = {.err = OK};
    struct runner r = {.die_after = NEVER, .die_at_commit_after = NEVER};
    CHECK(migrate(&r, &fault) == OK, "%s: the next runner goes on: %s", label, fault.detail);
    struct db *db = db_new(app, "test ready");
    bool ready = store_check_ready(db, &fault) == OK && store_check_catalogue(db, &fault) == OK;
    CHECK(ready, "%s: the schema is whole: %s", label, fault.detail);
    db_free(db);
}

#if defined QUARTERDAY_CRASH_POINTS || defined QUARTERDAY_TEST_BUILD
static void killed_at_each_file(void) {
    if (!begin()) return;
    int died = wait_for(start_child(NEVER, 0));
    CHECK(died == SIGKILL && applied() == 0, "the first: signal %d, %ld applied", died, applied());
    long before = 0, now;
    for (bool all = false; !all;
         before = now) { /* each applies one and dies at the next; the last finds nothing to apply */
        died = wait_for(start_child(NEVER, 1));
        now = applied();
        all = died != SIGKILL;
        CHECK(now == before + !all, "after %ld: %ld applied, signal %d", before, now, died);
        if (now != before + !all) break;
    }
    goes_on("killed at each file");
    CHECK(applied() == before && before >= WANTS_SERVICE, "%ld applied, %ld in all", before, applied());
    database_drop(owner);
}
#endif

/* ---- a reader who holds what the file wants ---- */

static bool stop_before_service(void) {
    wait_for(start_child(WANTS_SERVICE - 1, NEVER));
    CHECK(applied() == WANTS_SERVICE - 1, "%ld applied", applied());
    return applied() == WANTS_SERVICE - 1;
}

static PGconn *hold_service(void) {
    PGconn *c = PQconnectdb(app);
    PQclear(PQexec(c, "BEGIN; SELECT count(*) FROM quarterday.service"));
    CHECK(PQtransactionStatus(c) == PQTRANS_INTRANS, "a reader holds the table: %s", PQerrorMessage(c));
    return c;
}

static bool is_waiting(void) {
    return strcmp(
               database_ask(
                   owner,
                   "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE a.datname = current_database() AND "
                   "NOT l.granted AND l.relation = 'quarterday.service'::regclass AND l.mode = 'AccessExclusiveLock'"),
               "0") != 0;
}

static int64_t ms_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool wait_until_waiting(void) {
    int64_t until = ms_now() + 60000;
    while (!is_waiting() && ms_now() < until) {}
    return is_waiting() || ms_now() < until;
}

static void killed_in_a_file(void) {
    if (!begin() || !stop_before_service()) return;
    PGconn *reader = hold_service();
    pid_t child = start_child(NEVER, NEVER);
    CHECK(wait_until_waiting(), "the file is under way");
    kill(child, SIGKILL);
    CHECK(wait_for(child) == SIGKILL, "killed in the middle");
    PQfinish(reader);
    CHECK(applied() == WANTS_SERVICE - 1, "the state is that before the file: %ld applied", applied());
    goes_on("killed in a file");
    database_drop(owner);
}

static void *run_migrate(void *context) {
    struct fault fault = {.err = OK};
    struct runner r = {.die_after = NEVER, .die_at_commit_after = NEVER};
    *(bool *)context = migrate(&r, &fault) == OK;
    if (!*(bool *)context) fprintf(stderr, "migrate: %s\n", fault.detail);
    return NULL;
}

/* Others queue behind the lock that the file waits for, so it may wait for two seconds at most, and then tries again. */
static void a_long_reader(void) {
    if (!begin() || !stop_before_service()) return;
    PGconn *reader = hold_service();
    pthread_t thread;
    bool good = false;
    pthread_create(&thread, NULL, run_migrate, &good);
    CHECK(wait_until_waiting(), "the file is under way");
    int64_t begun = ms_now();
    const char *count =
        database_ask(app, "SELECT count(*) FROM service"); /* the long reader is still there */
    CHECK(strcmp(count, "0") == 0, "another reader is let through: %s", count);
    printf("\n    another reader is held up for %lld ms ", (long long)(ms_now() - begun));
    CHECK(applied() == WANTS_SERVICE - 1, "nothing was applied: %ld", applied());
    PQfinish(reader);
    pthread_join(thread, NULL);
    CHECK(good, "once the reader is gone the migration goes through");
    goes_on("a long reader");
    database_drop(owner);
}

void suite_db_migration_faults(void) {
    suite_add("db migration faults", NULL, NULL);
#if defined QUARTERDAY_CRASH_POINTS || defined QUARTERDAY_TEST_BUILD
    case_add("killed at each file: it is applied or it is not", killed_at_each_file);
#endif
    case_add("killed in the middle of a file: it is not applied", killed_in_a_file);
    case_add("a long reader holds a migration up, and others for two seconds at most", a_long_reader);
}
