/* migrate: brings the schema to what the program was built with, one numbered file of migrations/ at a time,
 * forward only.
 *
 * Each step is one transaction that takes the advisory lock, looks what is applied, applies the first missing
 * file and notes it. So two runners can start at once, and a killed one leaves the state before or after a
 * file, never between. */
#include <stdio.h>
#include <time.h>

#include "base/embed.h"
#include "db/statements.h"
#include "db/store.h"

enum { FILES_MAX = 1000, TRIES = 4 }; /* times those of db_transaction() */
static const str FOLDER = {"migrations/", 11};

struct migration {
    int version;
    str name; /* "0001_services.sql" */
    const struct embed_file *file;
    uint8_t sha256[SHA256_BYTES];
};

struct migrations {
    struct arena arena;
    struct migration *list; /* by version, 1 to count */
    int count;
};

/* ---- what the program has ---- */

static bool migration_of(const struct embed_file *file, struct migration *out) {
    str name = str_of(file->name);
    uint64_t version;
    if (!str_starts_with(name, FOLDER) || !str_ends_with(name, STR(".sql"))) return false;
    name = str_sub(name, FOLDER.n, name.n);
    if (!str_to_uint(str_sub(name, 0, str_find(name, '_')), FILES_MAX, &version)) return false;
    *out = (struct migration){(int)version, name, file, {0}};
    sha256_of((str){(const char *)file->bytes, file->size}, out->sha256);
    return true;
}

/* The embedded files are sorted by name, and the names begin with four digits. */
static enum err migrations_begin(struct migrations *m, struct fault *fault) {
    *m = (struct migrations){.arena = ARENA_EMPTY};
    m->list = ARENA_ARRAY(&m->arena, struct migration, embed_files_count);
    for (size_t i = 0; i < embed_files_count; i++) {
        if (!migration_of(&embed_files[i], &m->list[m->count])) continue;
        if (m->list[m->count].version != m->count + 1)
            return fail(fault, ERR_INTERNAL,
                        "The migrations in this program are not numbered one by one: %s is number %d.",
                        embed_files[i].name, m->count + 1);
        m->count++;
    }
    return OK;
}

/* ---- what the database has ---- */

struct state {
    bool has_schema, has_app_role, may_create, is_utf8;
    str current_user, owner, database; /* owner is NONE while there is no schema */
};

static enum err state_get(struct db *db, struct arena *a, struct state *out) {
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_migrate_state, NULL, &rows);
    if (e != OK) return e;
    *out = (struct state){
        .has_schema = rows_bool(&rows, 0, 0),
        .has_app_role = rows_bool(&rows, 0, 1),
        .current_user = arena_str(a, rows_text(&rows, 0, 2)),
        .owner = rows_is_null(&rows, 0, 3) ? STR_NONE : arena_str(a, rows_text(&rows, 0, 3)),
        .may_create = rows_bool(&rows, 0, 4),
        .database = arena_str(a, rows_text(&rows, 0, 5)),
        .is_utf8 = rows_bool(&rows, 0, 6),
    };
    return OK;
}

/* Everything that can be said before anything is tried. */
static enum err check_state(const struct state *s, struct fault *fault) {
    if (!s->is_utf8)
        return fail(
            fault, ERR_UNAVAILABLE,
            "The database %.*s is not encoded in UTF8. Make it anew with ENCODING 'UTF8' TEMPLATE template0.",
            STR_ARG(s->database));
    if (!s->has_app_role)
        return fail(
            fault, ERR_UNAVAILABLE,
            "The role quarterday_app, as which the service connects, does not exist. As a superuser: CREATE ROLE quarterday_app LOGIN; "
            "(and CREATE ROLE quarterday_owner LOGIN; with ALTER DATABASE \"%.*s\" OWNER TO quarterday_owner; for migrate). Then migrate again.",
            STR_ARG(s->database));
    if (str_is(s->current_user, "quarterday_app"))
        return fail(
            fault, ERR_FORBIDDEN,
            "You are connected as quarterday_app, the role of the service, which must not own its tables. Give migrate the owner's "
            "connection string (--database, user=quarterday_owner).");
    if (!s->has_schema && !s->may_create)
        return fail(
            fault, ERR_FORBIDDEN,
            "The role %.*s may not create a schema in the database %.*s. As its owner or a superuser: GRANT CREATE ON DATABASE \"%.*s\" TO %.*s;",
            STR_ARG(s->current_user), STR_ARG(s->database), STR_ARG(s->database), STR_ARG(s->current_user));
    return OK;
}

/* How many of ours are applied; an error when what is applied is not ours. */
static enum err applied_count(struct db *db, const struct migrations *m, int *out, struct fault *fault) {
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_migrations_list, NULL, &rows);
    if (e != OK) return db_explain(db, e, fault);
    int n = rows_count(&rows);
    for (int i = 0; i < n; i++) {
        int version = rows_int4(&rows, i, 0);
        str name = rows_text(&rows, i, 1), digest = rows_text(&rows, i, 2);
        if (version > m->count)
            return fail(
                fault, ERR_CONFLICT,
                "The database is newer than this program: it has migration %d (%.*s), the program knows %d. Use the program of that version or a later one.",
                version, STR_ARG(name), m->count);
        if (version != i + 1)
            return fail(
                fault, ERR_CONFLICT,
                "The database has migration %d but not %d: somebody has changed schema_migration. Restore a backup.",
                version, i + 1);
        if (!str_eq(digest, (str){(const char *)m->list[i].sha256, SHA256_BYTES}))
            return fail(
                fault, ERR_CONFLICT,
                "Migration %.*s was changed after it was applied to this database. Restore the file as it was, and put the change into a new one.",
                STR_ARG(name));
    }
    *out = n;
    return OK;
}

/* ---- one step ---- */

static int64_t milliseconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static enum err note_applied(struct db *db, const struct migration *m, int64_t took) {
    struct params p = params_of();
    params_int4(&p, m->version);
    params_text(&p, m->name);
    params_bytes(&p, m->sha256, sizeof m->sha256);
    params_int4(&p, (int32_t)took);
    return db_query(db, STMT_migration_insert, &p, NULL);
}

struct step {
    const struct migrations *migrations;
    const struct migration *applied; /* NULL: there was nothing to do */
    int64_t took;
};

static enum err apply(struct db *db, const struct migration *m, struct fault *fault) {
    enum err e = db_command(db, (const char *)m->file->bytes);
    if (e == OK || db->trouble == TROUBLE_RETRY) return e;
    return fail(fault, e, "Migration %.*s failed and was rolled back: %s", STR_ARG(m->name),
                db_last_error(db));
}

/* TX. Under the lock everything is looked at again: another runner may have been here. */
static enum err step_run(struct db *db, void *context, struct fault *fault) {
    struct step *step = context;
    struct arena a = ARENA_EMPTY;
    struct state state = {0};
    int done = 0;
    int64_t begun = milliseconds();
    step->applied = NULL;
    enum err e = db_command(db, db_statement_text(STMT_migrate_limits));
    if (e == OK) e = db_query(db, STMT_migrate_lock, NULL, NULL);
    if (e == OK) e = state_get(db, &a, &state);
    if (e == OK) e = check_state(&state, fault);
    if (e == OK && !state.has_schema) e = db_command(db, db_statement_text(STMT_migrate_bootstrap));
    if (e == OK) e = applied_count(db, step->migrations, &done, fault);
    arena_free(&a);
    if (e != OK || done == step->migrations->count) return e;
    const struct migration *m = &step->migrations->list[done];
    e = apply(db, m, fault);
    step->took = milliseconds() - begun;
    if (e == OK) e = note_applied(db, m, step->took);
    if (e == OK) step->applied = m;
    return e;
}

/* Whether the step is there is seen by looking again, so a lost COMMIT is simply run again. */
static enum err step_settle(struct db *db, void *context, struct fault *fault) {
    (void)db;
    (void)context;
    (void)fault;
    return ERR_NOT_FOUND;
}

static enum err one_step(struct db *db, struct step *step, struct fault *fault) {
    enum err e = OK;
    for (int try = 0; try < TRIES; try++) {
        e = db_transaction(db, &(struct db_work){.run = step_run, .settle = step_settle, .context = step},
                           fault);
        if (e == OK || db->trouble != TROUBLE_RETRY) return e;
    }
    return fail(
        fault, e,
        "Somebody holds a lock on the tables, or another migration is under way. Wait for it, or end it, and migrate again.");
}

static void tell(void (*said)(void *, const char *), void *context, const struct step *step) {
    char line[200];
    if (step->applied)
        snprintf(line, sizeof line, "applied %.*s in %lld ms", STR_ARG(step->applied->name),
                 (long long)step->took);
    else snprintf(line, sizeof line, "schema is at version %d, nothing more to do", step->migrations->count);
    if (said) said(context, line);
}

enum err migrate_run(struct db *db, void (*said)(void *context, const char *line), void *context,
                     struct fault *fault) {
    struct migrations m;
    struct step step = {.migrations = &m};
    enum err e = migrations_begin(&m, fault);
    db_act_for(db, DB_EVERYBODY); /* the owner, too, sees no row without it */
    do {
        if (e == OK) e = one_step(db, &step, fault);
        if (e == OK) tell(said, context, &step);
    } while (e == OK && step.applied);
    arena_free(&m.arena);
    return e;
}

/* ---- for serve ---- */

enum err migrate_check(struct db *db, struct fault *fault) {
    struct migrations m;
    struct state state;
    int done = 0;
    enum err e = migrations_begin(&m, fault);
    if (e == OK) {
        e = state_get(db, &m.arena, &state);
        if (e != OK) e = fail(fault, e, "The database cannot be reached: %s", db_last_error(db));
    }
    if (e == OK && !state.has_schema)
        e = fail(
            fault, ERR_UNAVAILABLE,
            "The database %.*s has no schema yet. Run quarterday migrate with the owner's connection string.",
            STR_ARG(state.database));
    if (e == OK) e = applied_count(db, &m, &done, fault);
    if (e == OK && done < m.count)
        e = fail(
            fault, ERR_UNAVAILABLE,
            "The schema is at version %d, this program needs %d. Run quarterday migrate with the owner's connection string.",
            done, m.count);
    arena_free(&m.arena);
    return e == OK ? OK : ERR_UNAVAILABLE;
}
