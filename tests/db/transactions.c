/* db_transaction: what is run again, what is not, and what happens when the connection goes. Backends are
 * ended through a second connection of the same role. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "db/connection.h"
#include "db/statements.h"
#include "db/store_periods.h"
#include "db/store_plans.h"
#include "tests/db/fixture.h"

/* Ends the backend of a connection, and waits until it is gone. */
static void end_backend(struct db *db) {
    ROWS rows = ROWS_NONE;
    char sql[200];
    if (db_query(db, STMT_backend_pid, NULL, &rows) != OK) return;
    int pid = rows_int4(&rows, 0, 0);
    snprintf(sql, sizeof sql, "SELECT pg_terminate_backend(%d, 5000)", pid);
    const char *ended = database_ask(fx.app, sql);
    CHECK(strcmp(ended, "t") == 0, "%s", ended);
}

struct script {
    int runs, settles;
    int end_backend_in_run; /* in which run (1 is the first) the backend is ended; 0: never */
    const char *sql[8];     /* one for each run: a statement that fails or not; NULL: nothing */
    enum err refuse_with;   /* what run returns after all went well */
    enum err settle_with;
    bool cut_at_commit;
};

static enum err run(struct db *db, void *context, struct fault *fault) {
    struct script *s = context;
    const char *sql = s->sql[s->runs < 7 ? s->runs : 7];
    s->runs++;
    if (s->runs == s->end_backend_in_run) end_backend(db);
    enum err e = sql ? db_command(db, sql) : OK;
    if (e == OK) e = db_command(db, "SELECT 1");
    if (e != OK) return e;
    if (s->cut_at_commit && s->runs == 1)
        end_backend(db); /* the work is done; COMMIT finds the connection dead */
    return s->refuse_with == OK ? OK : fail(fault, s->refuse_with, "refused by the work");
}

static enum err settle(struct db *db, void *context, struct fault *fault) {
    (void)fault;
    struct script *s = context;
    s->settles++;
    CHECK(db_command(db, "SELECT 1") == OK, "settle has a good connection");
    return s->settle_with;
}

#define SERIALIZE "DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END $$"
#define DEADLOCK "DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END $$"
#define UNIQUE "DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '23505'; END $$"
#define DISK_FULL "DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '53100'; END $$"
#define NONSENSE "SELECT 1/0"

static void table(void) {
    static const struct {
        const char *label;
        struct script script;
        bool with_settle;
        enum err expect;
        int runs, settles;
    } CASES[] = {
        {"all well", {.runs = 0}, false, OK, 1, 0},
        {"one serialization failure", {.sql = {SERIALIZE}}, false, OK, 2, 0},
        {"two deadlocks", {.sql = {DEADLOCK, DEADLOCK}}, false, OK, 3, 0},
        {"serialization failures without end",
         {.sql = {SERIALIZE, SERIALIZE, SERIALIZE, SERIALIZE, SERIALIZE, SERIALIZE, SERIALIZE, SERIALIZE}},
         false,
         ERR_CONFLICT,
         5,
         0},
        {"a unique violation is not run again", {.sql = {UNIQUE}}, false, ERR_CONFLICT, 1, 0},
        {"a full disk is not run again", {.sql = {DISK_FULL}}, false, ERR_UNAVAILABLE, 1, 0},
        {"a mistake of ours is not run again", {.sql = {NONSENSE}}, false, ERR_INTERNAL, 1, 0},
        {"the work's own refusal stands", {.refuse_with = ERR_INVALID}, false, ERR_INVALID, 1, 0},
        {"the backend is ended during the work", {.end_backend_in_run = 1}, false, OK, 2, 0},
        {"lost at COMMIT, nobody to ask", {.cut_at_commit = true}, false, ERR_UNAVAILABLE, 1, 0},
        {"lost at COMMIT, the work is there", {.cut_at_commit = true, .settle_with = OK}, true, OK, 1, 1},
        {"lost at COMMIT, the work is not there",
         {.cut_at_commit = true, .settle_with = ERR_NOT_FOUND},
         true,
         OK,
         2,
         1},
        {"lost at COMMIT, settle refuses",
         {.cut_at_commit = true, .settle_with = ERR_CONFLICT},
         true,
         ERR_CONFLICT,
         1,
         1},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct script s = CASES[i].script;
        struct fault fault = {.err = OK};
        enum err e = db_transaction(
            fx.db,
            &(struct db_work){.run = run, .settle = CASES[i].with_settle ? settle : NULL, .context = &s},
            &fault);
        CHECK(e == CASES[i].expect, "%s: %s, %s", CASES[i].label, err_info(e)->code, fault.detail);
        CHECK(s.runs == CASES[i].runs && s.settles == CASES[i].settles, "%s: %d runs, %d settles",
              CASES[i].label, s.runs, s.settles);
        CHECK(e == OK || fault.detail[0], "%s: a failure has words", CASES[i].label);
        CHECK(db_ping(fx.db, NULL) == OK, "%s: the connection is good afterwards: %s", CASES[i].label,
              db_last_error(fx.db));
    }
}

/* An error that the work ignored spoils its transaction: COMMIT is answered with ROLLBACK, and that must not
 * look like success. */
static enum err ignore_an_error(struct db *db, void *context, struct fault *fault) {
    (void)context;
    (void)fault;
    (void)db_command(db, NONSENSE);
    return OK;
}

static void ignored_errors(void) {
    struct fault fault = {.err = OK};
    CHECK(db_transaction(fx.db, &(struct db_work){.run = ignore_an_error}, &fault) == ERR_INTERNAL, "%s",
          fault.detail);
}

static enum err count_row(void *context, const char *const *values, const int *lengths) {
    (void)values;
    (void)lengths;
    ++*(int *)context;
    return OK;
}

static void idle_connection(void) {
    CHECK(db_ping(fx.db, NULL) == OK, "%s", db_last_error(fx.db));
    end_backend(fx.db);
    CHECK(db_ping(fx.db, NULL) == OK, "a read finds the connection dead and makes a new one: %s",
          db_last_error(fx.db));
    end_backend(fx.db);
    int rows = 0;
    struct store_version v;
    CHECK(fixture_accept(fx.db, ONE, 8101, PART_FOLLOW_UPS, 3, INSTANT_NONE, &v) == OK, "stored");
    end_backend(fx.db);
    enum err e =
        store_rows_read(fx.db, SERVICE, ONE, 8101, part_get(PART_FOLLOW_UPS), v.version, count_row, &rows);
    CHECK(e == OK && rows == 3, "so does a stream of rows: %s", db_last_error(fx.db));
    end_backend(fx.db);
    struct script s = {.runs = 0};
    CHECK(db_transaction(fx.db, &(struct db_work){.run = run, .context = &s}, NULL) == OK && s.runs == 1,
          "so does a transaction: %s", db_last_error(fx.db));
}

static enum err read_twice(struct db *db, void *context, struct fault *fault) {
    (void)fault;
    int64_t *seen = context;
    struct arena a = ARENA_EMPTY;
    struct store_service s;
    enum err e = store_service_get(db, SERVICE, INSTANT_NONE, &a, &s);
    seen[0] = s.stamp;
    struct db *other = db_new(fx.app, "other");
    db_act_for(other, DB_EVERYBODY);
    struct store_version v;
    CHECK(fixture_accept(other, ONE, 8100, PART_FOLLOW_UPS, 1, INSTANT_NONE, &v) == OK,
          "an upload in between");
    db_free(other);
    if (e == OK) e = store_service_get(db, SERVICE, INSTANT_NONE, &a, &s);
    seen[1] = s.stamp;
    arena_free(&a);
    return e;
}

static enum err write_something(struct db *db, void *context, struct fault *fault) {
    (void)context;
    (void)fault;
    return store_provider_put(db, SERVICE, ONE, STR("Other name"), STR(""), STR("operator"));
}

static void snapshots(void) {
    int64_t seen[2] = {0, 1};
    CHECK(db_transaction(fx.db, &(struct db_work){.run = read_twice, .context = seen, .read_only = true},
                         NULL) == OK,
          "%s", db_last_error(fx.db));
    CHECK(seen[0] == seen[1], "one snapshot: %lld and %lld", (long long)seen[0], (long long)seen[1]);
    CHECK(db_transaction(fx.db, &(struct db_work){.run = write_something, .read_only = true}, NULL) ==
              ERR_UNAVAILABLE,
          "it cannot write");
}

/* ---- what is asked for ahead ---- */

struct look {
    bool ahead, breaks;
    int64_t known_at;
    size_t providers, signed_off, marks;
    bool final;
};

static enum err look_around(struct db *db, void *context, struct fault *fault) {
    (void)fault;
    struct look *l = context;
    struct arena a = ARENA_EMPTY;
    struct store_provider *providers;
    struct store_plan_mark *marks;
    struct store_service s;
    struct store_period period;
    struct store_signed *signed_off;
    if (l->ahead) {
        store_providers_ahead(db, SERVICE);
        store_period_ahead(db, SERVICE, 8100);
        store_signed_since_ahead(db, SERVICE, 8100, l->known_at);
        store_signed_since_ahead(db, SERVICE, 8101, l->known_at); /* and never asked for */
        store_plan_marks_ahead(db, SERVICE, l->known_at);
    }
    if (l->breaks) db_command(db, NONSENSE);
    enum err e = store_service_get(db, SERVICE, l->known_at, &a, &s);
    if (e == OK) e = store_providers_list(db, SERVICE, &a, &providers, &l->providers);
    if (e == OK) e = store_plan_marks(db, SERVICE, l->known_at, &a, &marks, &l->marks);
    if (e == OK) e = store_period_get(db, SERVICE, 8100, &a, &period);
    if (e == OK) e = store_signed_since(db, SERVICE, 8100, l->known_at, &a, &signed_off, &l->signed_off);
    if (e == OK) e = store_signed_since(db, SERVICE, 8100, l->known_at, &a, &signed_off, &l->signed_off);
    if (e == OK) l->final = period.final;
    arena_free(&a);
    return e;
}

static void asked_ahead(void) {
    static const struct {
        const char *label;
        int64_t known_at;
        bool fresh, ended, breaks;
    } CASES[] = {
        {"on a connection that knows the statements", INSTANT_NONE, false, false, false},
        {"known at an instant", INT64_C(1893456000000000), false, false, false},
        {"on a new connection", INSTANT_NONE, true, false, false},
        {"on a new connection, known at an instant", INT64_C(1893456000000000), true, false, false},
        {"on a connection that has died", INSTANT_NONE, false, true, false},
        {"behind an error", INSTANT_NONE, false, false, true},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct look plain = {.known_at = CASES[i].known_at}, ahead = plain;
        ahead.ahead = true;
        ahead.breaks = CASES[i].breaks;
        struct db *db = CASES[i].fresh ? db_new(fx.app, "test") : fx.db;
        db_act_for(db, DB_EVERYBODY);
        CHECK(db_transaction(fx.db,
                             &(struct db_work){.run = look_around, .context = &plain, .read_only = true},
                             NULL) == OK,
              "%s: %s", CASES[i].label, db_last_error(fx.db));
        if (CASES[i].ended) end_backend(db);
        enum err e = db_transaction(
            db, &(struct db_work){.run = look_around, .context = &ahead, .read_only = true}, NULL);
        CHECK(e == (CASES[i].breaks ? ERR_INTERNAL : OK), "%s: %d %s", CASES[i].label, (int)e,
              db_last_error(db));
        CHECK(CASES[i].breaks || (ahead.providers == plain.providers && plain.providers > 0 &&
                                  ahead.signed_off == plain.signed_off && ahead.marks == plain.marks &&
                                  ahead.final == plain.final),
              "%s: the same answers", CASES[i].label);
        CHECK(db_ping(db, NULL) == OK, "%s: the connection is good afterwards: %s", CASES[i].label,
              db_last_error(db));
        if (CASES[i].fresh) db_free(db);
    }
}

static void nobody_there(void) {
    struct db *db = db_new("host=/nowhere dbname=none", "test");
    struct script s = {.runs = 0};
    struct fault fault = {.err = OK};
    CHECK(db_transaction(db, &(struct db_work){.run = run, .context = &s}, &fault) == ERR_UNAVAILABLE &&
              s.runs == 0 && fault.detail[0],
          "%s", fault.detail);
    CHECK(db_ping(db, &fault) == ERR_UNAVAILABLE, "%s", fault.detail);
    db_free(db);
}

/* Two uploads of one provider: the second waits for the first, and then sees what it wrote. */
struct racer {
    pthread_t thread;
    int failed;
};

static void *race(void *context) {
    struct racer *r = context;
    struct db *db = db_new(fx.app, "racer");
    db_act_for(db, DB_EVERYBODY);
    for (int i = 0; i < 20; i++) {
        struct store_version v;
        if (fixture_accept(db, TWO, 8102, PART_FOLLOW_UPS, 3, INSTANT_NONE, &v) != OK) r->failed++;
    }
    db_free(db);
    return NULL;
}

static void races(void) {
    struct racer racers[4] = {0};
    for (int i = 0; i < 4; i++)
        pthread_create(&racers[i].thread, NULL, race, &racers[i]);
    for (int i = 0; i < 4; i++) {
        pthread_join(racers[i].thread, NULL);
        CHECK(racers[i].failed == 0, "racer %d: %d failed", i, racers[i].failed);
    }
    CHECK(
        strcmp(
            database_ask(
                fx.owner,
                "SELECT count(*) || ' ' || max(version) || ' ' || count(DISTINCT seq) FROM version WHERE provider = 'two' AND period = 8102"),
            "80 80 80") == 0,
        "%s",
        database_ask(
            fx.owner,
            "SELECT count(*) || ' ' || max(version) || ' ' || count(DISTINCT seq) FROM version WHERE provider = 'two' AND period = 8102"));
    CHECK(
        strcmp(
            database_ask(
                fx.owner,
                "SELECT bool_and(ordered) FROM (SELECT seq > lag(seq, 1, 0::bigint) OVER w AND received_at > lag(received_at, 1, '-infinity') OVER w AS ordered "
                "FROM version WHERE provider = 'two' AND period = 8102 WINDOW w AS (ORDER BY version)) x"),
            "t") == 0,
        "versions, seq and instants are in one order");
    CHECK(strcmp(database_ask(fx.owner,
                              "SELECT count(*) FROM follow_up WHERE provider = 'two' AND period = 8102"),
                 "240") == 0,
          "rows of each, once");
}

void suite_db_transactions(void) {
    suite_add("db transactions", fixture_begin, fixture_end);
    case_add("what is run again and what is not", table);
    case_add("COMMIT of a spoilt transaction is an error", ignored_errors);
    case_add("a connection that died idle is replaced unnoticed", idle_connection);
    case_add("a read-only transaction is one snapshot", snapshots);
    case_add("what is asked for ahead is what is asked for", asked_ahead);
    case_add("no database is said at once", nobody_there);
    case_add("four that race for one part end in one order", races);
}
