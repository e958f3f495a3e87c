/* Migrations: from nothing, twice, by many at once, and refused when the files and the database do not
 * agree. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/db/fixture.h"
#include "tests/support/text_file.h"

static char owner[CONNINFO_ROOM], app[CONNINFO_ROOM];

static bool begin(void) {
    bool made = database_make_empty(owner, sizeof owner, app, sizeof app);
    CHECK(made, "an empty database");
    return made;
}

static void count_applied(void *context, const char *line) {
    if (strncmp(line, "applied ", 8) == 0) ++*(int *)context;
}

static enum err migrate_as(const char *conninfo, int *out_applied, struct fault *fault) {
    *out_applied = 0;
    struct db *db = db_new(conninfo, "test migrate");
    enum err e = migrate_run(db, count_applied, out_applied, fault);
    db_free(db);
    return e;
}

static void from_nothing_and_again(void) {
    if (!begin()) return;
    struct fault fault = {.err = OK};
    int applied = 0;
    CHECK(migrate_as(owner, &applied, &fault) == OK && applied >= 5, "%d applied; %s", applied, fault.detail);
    CHECK(migrate_as(owner, &applied, &fault) == OK && applied == 0, "%d applied the second time; %s",
          applied, fault.detail);
    CHECK(strcmp(database_ask(
                     owner, "SELECT count(*) = max(version) AND bool_and(took >= '0') FROM schema_migration"),
                 "t") == 0,
          "each is noted once");
    database_drop(owner);
}

enum { RUNNERS = 8 };
static void *one_runner(void *context) {
    int applied = 0;
    struct fault fault = {.err = OK};
    bool good = migrate_as(owner, &applied, &fault) == OK;
    if (!good) fprintf(stderr, "runner: %s\n", fault.detail);
    *(int *)context = good ? applied : -1000;
    return NULL;
}

static void many_at_once(void) {
    if (!begin()) return;
    pthread_t threads[RUNNERS];
    int applied[RUNNERS], total = 0;
    for (int i = 0; i < RUNNERS; i++)
        pthread_create(&threads[i], NULL, one_runner, &applied[i]);
    for (int i = 0; i < RUNNERS; i++) {
        pthread_join(threads[i], NULL);
        total += applied[i];
    }
    long files = strtol(database_ask(owner, "SELECT max(version) FROM schema_migration"), NULL, 10);
    CHECK(total == files && files >= 5, "%d applied by all runners, %ld files", total, files);
    database_drop(owner);
}

static void disagreements(void) {
    static const struct {
        const char *label, *change, *words;
    } CASES[] = {
        {"a file was edited after it was applied",
         "UPDATE schema_migration SET sha256 = decode(repeat('ab', 32), 'hex') WHERE version = 2",
         "was changed after"},
        {"the database is newer than the program",
         "INSERT INTO schema_migration VALUES (999, '0999_future.sql', decode(repeat('ab', 32), 'hex'), now(), '0')",
         "newer than this program"},
        {"a migration is missing in between", "DELETE FROM schema_migration WHERE version = 2", "but not 2"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        char made[CONNINFO_ROOM], made_app[CONNINFO_ROOM];
        bool there = database_make(made, sizeof made, made_app, sizeof made_app);
        CHECK(there, "a database");
        if (!there) return;
        struct fault fault = {.err = OK};
        int applied = 0;
        CHECK(database_do(made, CASES[i].change), "%s", CASES[i].label);
        CHECK(migrate_as(made, &applied, &fault) == ERR_CONFLICT && strstr(fault.detail, CASES[i].words),
              "migrate, %s: %s", CASES[i].label, fault.detail);
        struct db *db = db_new(made_app, "test ready");
        CHECK(store_check_ready(db, &fault) == ERR_UNAVAILABLE && strstr(fault.detail, CASES[i].words),
              "serve, %s: %s", CASES[i].label, fault.detail);
        db_free(db);
        database_drop(made);
    }
}

/* A database from before it was migrated, with a plan that relapsed twice and one that did not. */
static void relapses_are_kept(void) {
    char made[CONNINFO_ROOM], made_app[CONNINFO_ROOM];
    bool there = database_make(made, sizeof made, made_app, sizeof made_app);
    CHECK(there, "a database");
    if (!there) return;
    static const char BEFORE[] =
        "SET quarterday.service = '*'; SET quarterday.provider = '*';"
        "ALTER TABLE plan DROP COLUMN due_again, DROP COLUMN seen_period, DROP COLUMN seen_rag, DROP COLUMN seen_red_running, DROP COLUMN seen_as_at;"
        "INSERT INTO service (service, name, framework_id) VALUES ('s', '', 'f');"
        "INSERT INTO plan (service, plan, kpi, origin, opened_for, status, version, opened_at, due_date, attributed_to, indicator_title, "
        "strategic_director_lead, departmental_lead, target, performance_this_period, figures, evidence) "
        "SELECT 's', 'AP-' || n, '1.' || n, 'RED', 8100, 'REQUIRED', 4, now(), '2025-01-10', '{}', '', '', '', '', '', '{}', "
        "CASE n WHEN 1 THEN '{\"period\":\"2024-25-Q4\",\"rag\":\"RED\",\"redRunning\":2,\"asAt\":\"2025-05-01\"}'::json END "
        "FROM generate_series(1, 2) n;"
        "INSERT INTO plan_event SELECT 's', plan, v, now(), 'k', '', 'REQUIRED', CASE WHEN plan = 'AP-1' AND v > 1 AND v < 4 "
        "THEN json_build_object('dueDate', '2025-0' || v || '-20') ELSE '{}' END, '' FROM plan, generate_series(1, 4) v";
    struct buf migration = BUF_EMPTY;
    CHECK(text_file_read("migrations/0030_plan_due_again.sql", &migration), "the migration");
    CHECK(database_do(made, BEFORE), "as it was");
    CHECK(database_do(made, migration.p), "migrated");
    buf_free(&migration);
    const char *due = database_ask(
        made,
        "SELECT set_config('quarterday.service', '*', false) || string_agg(concat_ws(' ', plan, due_again, seen_period, seen_rag, seen_red_running, seen_as_at), ', ' ORDER BY plan) FROM plan");
    CHECK(strcmp(due, "*AP-1 2025-03-20 2024-25-Q4 RED 2 2025-05-01, AP-2") == 0, "%s", due);
    database_drop(made);
}

static void who_may(void) {
    if (!begin()) return;
    struct fault fault = {.err = OK};
    int applied = 0;
    CHECK(migrate_as(app, &applied, &fault) == ERR_FORBIDDEN && strstr(fault.detail, "quarterday_app"),
          "the application's role: %s", fault.detail);
    struct db *db = db_new(app, "test ready");
    CHECK(store_check_ready(db, &fault) == ERR_UNAVAILABLE && strstr(fault.detail, "no schema yet"),
          "serve before migrate: %s", fault.detail);
    db_free(db);
    db = db_new("host=/nowhere dbname=none", "test ready");
    CHECK(store_check_ready(db, &fault) == ERR_UNAVAILABLE && strstr(fault.detail, "cannot be reached"),
          "no database: %s", fault.detail);
    db_free(db);
    CHECK(migrate_as("host=/nowhere dbname=none", &applied, &fault) == ERR_UNAVAILABLE && fault.detail[0],
          "no database: %s", fault.detail);
    database_drop(owner);
}

static void ready(void) {
    char made[CONNINFO_ROOM], made_app[CONNINFO_ROOM], weak[CONNINFO_ROOM * 2];
    bool there = database_make(made, sizeof made, made_app, sizeof made_app);
    CHECK(there, "a database");
    if (!there) return;
    static const struct {
        const char *label, *extra, *words;
        bool as_owner;
    } CASES[] = {
        {"as it should be", "", NULL, false},
        {"as the owner", "", "may do more", true},
        {"commits that are not waited for", " options='-c synchronous_commit=off'",
         "synchronous_commit = off", false},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        snprintf(weak, sizeof weak, "%s%s", CASES[i].as_owner ? made : made_app, CASES[i].extra);
        struct db *db = db_new(weak, "test ready");
        struct fault fault = {.err = OK};
        enum err e = store_check_ready(db, &fault);
        CHECK(CASES[i].words ? e == ERR_UNAVAILABLE && strstr(fault.detail, CASES[i].words) : e == OK,
              "%s: %s", CASES[i].label, fault.detail);
        db_free(db);
    }
    database_drop(made);
}

void suite_db_migrations(void) {
    suite_add("db migrations", NULL, NULL);
    case_add("from nothing, and a second time nothing", from_nothing_and_again);
    case_add("eight runners at once apply each file once", many_at_once);
    case_add("files and database that do not agree are refused", disagreements);
    case_add("the due dates of plans that relapsed are kept", relapses_are_kept);
    case_add("only the owner migrates, and serve says what is missing", who_may);
    case_add("serve refuses a strong role and unsafe settings", ready);
}
