/* database: see the header. The template and every database made from it are called qdtest_<pid>_<n>; what a
 * killed run left behind is dropped by the next one. */
#include "tests/support/database.h"

#include <errno.h>
#include <libpq-fe.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "db/store.h"

static const char *maker(void) {
    const char *super = getenv("QUARTERDAY_TEST_SUPER");
    return super && *super ? super : getenv("QUARTERDAY_TEST_OWNER");
}

static PGconn *open_connection(const char *conninfo) {
    PGconn *c = PQconnectdb(conninfo);
    if (PQstatus(c) == CONNECTION_OK) return c;
    fprintf(stderr, "database: %s", PQerrorMessage(c));
    PQfinish(c);
    return NULL;
}

static void ignore_notice(void *context, const PGresult *result) {
    (void)context;
    (void)result;
}

static PGresult *run(PGconn *c, const char *sql) {
    PQsetNoticeReceiver(c, ignore_notice, NULL);
    PQclear(PQexec(c, "SET search_path = quarterday"));
    PQclear(PQexec(c, "SET quarterday.service = '*'"));
    PQclear(PQexec(c, "SET quarterday.provider = '*'"));
    return PQexec(c, sql);
}

static bool is_good(const PGresult *r) {
    return PQresultStatus(r) == PGRES_COMMAND_OK || PQresultStatus(r) == PGRES_TUPLES_OK;
}

bool database_do(const char *conninfo, const char *sql) {
    PGconn *c = open_connection(conninfo);
    if (!c) return false;
    PGresult *r = run(c, sql);
    bool good = is_good(r);
    if (!good) fprintf(stderr, "database: %s in: %.200s\n", PQerrorMessage(c), sql);
    PQclear(r);
    PQfinish(c);
    return good;
}

bool database_do_as_super(const char *database, const char *sql) {
    const char *work = getenv("QUARTERDAY_TEST_HOME");
    char home[400];
    int status;
    pid_t pid;
    if (!work) return false;
    snprintf(home, sizeof home, "%s/..", work);
    char *real = realpath(home, NULL);
    if (!real) return false;
    const char *const argv[] = {"tools/cluster.sh", "psql", real, "super", database, "-c", sql, NULL};
    bool ran = posix_spawn(&pid, argv[0], NULL, NULL, (char *const *)argv, environ) == 0 &&
               waitpid(pid, &status, 0) == pid;
    free(real);
    return ran && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

const char *database_ask(const char *conninfo, const char *sql) {
    static char answer[4000];
    PGconn *c = open_connection(conninfo);
    if (!c) return "(error) no connection";
    PGresult *r = run(c, sql);
    if (!is_good(r)) snprintf(answer, sizeof answer, "(error) %s", PQerrorMessage(c));
    else snprintf(answer, sizeof answer, "%s", PQntuples(r) > 0 ? PQgetvalue(r, 0, 0) : "");
    PQclear(r);
    PQfinish(c);
    return answer;
}

const char *database_refusal(const char *conninfo, const char *sql) {
    static char state[16];
    PGconn *c = open_connection(conninfo);
    if (!c) return "no connection";
    PGresult *r = run(c, sql);
    const char *found = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    snprintf(state, sizeof state, "%s", found ? found : "");
    PQclear(r);
    PQfinish(c);
    return state;
}

/* ---- making and dropping ---- */

static bool in_maintenance(const char *sql) {
    char conninfo[CONNINFO_ROOM];
    snprintf(conninfo, sizeof conninfo, "%s dbname=postgres", maker());
    return database_do(conninfo, sql);
}

static bool create_named(const char *name, const char *template) {
    char sql[300];
    snprintf(sql, sizeof sql, "CREATE DATABASE %s OWNER quarterday_owner TEMPLATE %s", name, template);
    if (!in_maintenance(sql)) return false;
    /* As migrations do with a database of their own; a copy does not bring them along. */
    snprintf(sql, sizeof sql,
             "REVOKE ALL ON DATABASE %s FROM PUBLIC; GRANT CONNECT ON DATABASE %s TO quarterday_app", name,
             name);
    return in_maintenance(sql);
}

/* The last connection may be closing just now, and its role need not be one that we may end: a little
 * patience. */
static void drop_named(const char *name) {
    char conninfo[CONNINFO_ROOM], sql[200];
    snprintf(conninfo, sizeof conninfo, "%s dbname=postgres", maker());
    snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS %s WITH (FORCE)", name);
    for (int tries = 0; tries < 3000; tries++) {
        if (!*database_refusal(conninfo, sql)) return;
        nanosleep(&(struct timespec){0, 20 * 1000000}, NULL);
    }
    in_maintenance(sql); /* says why not */
}

/* Databases of test runs that are no more. */
static void sweep(void) {
    char conninfo[CONNINFO_ROOM], names[4000];
    snprintf(conninfo, sizeof conninfo, "%s dbname=postgres", maker());
    snprintf(
        names, sizeof names, "%s",
        database_ask(
            conninfo,
            "SELECT string_agg(datname, ' ') FROM pg_database WHERE datname ~ '^qdtest_[0-9]+_[0-9]+$'"));
    str rest = str_of(names);
    while (rest.n) {
        char name[80];
        str one = str_cut(&rest, ' ');
        snprintf(name, sizeof name, "%.*s", STR_ARG(one));
        long pid = strncmp(name, "qdtest_", 7) == 0 ? strtol(name + 7, NULL, 10) : 0;
        if (pid > 0 && kill((pid_t)pid, 0) != 0 && errno == ESRCH) drop_named(name);
    }
}

static char template_name[80];
static int made;

static void drop_template(void) {
    drop_named(template_name);
}

static void name_next(char *out, size_t room) {
    snprintf(out, room, "qdtest_%ld_%d", (long)getpid(), made++);
}

static bool migrate(const char *name) {
    char conninfo[CONNINFO_ROOM];
    snprintf(conninfo, sizeof conninfo, "%s dbname=%s", getenv("QUARTERDAY_TEST_OWNER"), name);
    struct fault fault = {.err = OK};
    struct db *db = db_new(conninfo, "quarterday test template");
    enum err e = migrate_run(db, NULL, NULL, &fault);
    db_free(db);
    if (e != OK) fprintf(stderr, "database: the template cannot be migrated: %s\n", fault.detail);
    return e == OK;
}

static bool have_template(void) {
    if (template_name[0]) return true;
    char name[80];
    if (!maker() || !getenv("QUARTERDAY_TEST_APP") || !getenv("QUARTERDAY_TEST_OWNER")) {
        fprintf(
            stderr,
            "database: QUARTERDAY_TEST_OWNER and QUARTERDAY_TEST_APP are not set; start the tests with make test\n");
        return false;
    }
    sweep();
    name_next(name, sizeof name);
    if (!create_named(name, "template0") || !migrate(name)) return false;
    snprintf(template_name, sizeof template_name, "%s", name);
    atexit(drop_template);
    return true;
}

static bool make(const char *template, char *owner, size_t owner_room, char *app, size_t app_room) {
    char name[80];
    name_next(name, sizeof name);
    if (!create_named(name, template)) return false;
    snprintf(owner, owner_room, "%s dbname=%s", getenv("QUARTERDAY_TEST_OWNER"), name);
    snprintf(app, app_room, "%s dbname=%s", getenv("QUARTERDAY_TEST_APP"), name);
    return true;
}

bool database_make(char *owner, size_t owner_room, char *app, size_t app_room) {
    return have_template() && make(template_name, owner, owner_room, app, app_room);
}

bool database_make_empty(char *owner, size_t owner_room, char *app, size_t app_room) {
    return have_template() && make("template0", owner, owner_room, app, app_room);
}

void database_drop(const char *owner) {
    const char *name = strstr(owner, "dbname=");
    if (name) drop_named(name + strlen("dbname="));
}
