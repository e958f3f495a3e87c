/* connection: one connection to PostgreSQL, made when first needed and made anew when lost; what its failures
 * mean.
 *
 * Surprises: PQstatus() says OK until a statement has failed on a dead connection, and such a failure has no
 * SQLSTATE at all. The words of the server are kept without DETAIL and CONTEXT, which may hold values of
 * rows. */
#include "db/connection.h"

#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "db/statements.h"

/* A fixed search_path, so that unqualified names can mean nothing else; pg_temp last, so that temporary
 * tables cannot stand in front. Timeouts on the server, because a client that hangs cannot time itself
 * out. */
#define SERVER_OPTIONS                                                                                       \
    "-c search_path=quarterday,pg_temp -c datestyle=ISO -c timezone=UTC -c bytea_output=hex"                 \
    " -c statement_timeout=30s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s"

struct db *db_new(const char *conninfo, const char *application_name) {
    struct db *db = must_calloc(1, sizeof *db);
    db->conninfo = must_strdup(conninfo);
    db->application_name = application_name;
    db->ready = must_calloc(STMT_COUNT, 1);
    return db;
}

void db_spill_to(struct db *db, const char *dir) {
    db->spill_dir = dir;
}

void db_free(struct db *db) {
    if (!db) return;
    db_disconnect(db);
    free(db->ahead);
    free(db->ready);
    free(db->conninfo);
    free(db);
}

const char *db_last_error(const struct db *db) {
    return db->last_error;
}

void db_disconnect(struct db *db) {
    PQfinish(db->conn);
    db->conn = NULL;
    db->is_listening = db->delivers = db->is_swollen = db->begin_waits = db->ending = false;
    db_forget_ahead(db);
    memset(db->ready, 0, STMT_COUNT);
}

void db_shrink(struct db *db) {
    if (db->is_swollen && !db->in_transaction) db_disconnect(db);
}

void db_leave_idle(struct db *db) {
    if (db->conn && !db->ending && PQtransactionStatus(db->conn) != PQTRANS_IDLE) db_disconnect(db);
}

/* libpq would print notices on standard error: a library never does. */
static void ignore_notice(void *context, const PGresult *result) {
    (void)context;
    (void)result;
}

static void note(struct db *db, enum trouble trouble, const char *what, const char *words) {
    db->trouble = trouble;
    size_t n = strcspn(words, "\n");
    snprintf(db->last_error, sizeof db->last_error, "%s: %.*s", what, (int)(n < 300 ? n : 300), words);
}

enum err db_note_lost(struct db *db, const char *what) {
    note(db, TROUBLE_LOST, what, db->conn ? PQerrorMessage(db->conn) : "no connection");
    return ERR_UNAVAILABLE;
}

enum err db_note_full(struct db *db, const char *words) {
    note(db, TROUBLE_BUSY, "disk", words);
    return ERR_UNAVAILABLE;
}

enum err db_note_bug(struct db *db, const char *words) {
    note(db, TROUBLE_BUG, "data", words);
    return ERR_INTERNAL;
}

/* The options that the conninfo already has come first, so that ours win. */
static char *server_options(const char *conninfo) {
    struct buf b = BUF_EMPTY;
    PQconninfoOption *all = PQconninfoParse(conninfo, NULL);
    for (const PQconninfoOption *o = all; o && o->keyword; o++)
        if (strcmp(o->keyword, "options") == 0 && o->val) buf_printf(&b, "%s ", o->val);
    PQconninfoFree(all);
    buf_add_cstr(&b, SERVER_OPTIONS);
    return buf_take(&b, NULL);
}

/* Whether it went well matters to nobody: a transaction that only read has nothing to lose. */
static void finish_ending(struct db *db) {
    db->ending = false;
    for (PGresult *result = PQgetResult(db->conn); result; result = PQgetResult(db->conn))
        PQclear(result);
    db_leave_idle(db);
}

enum err db_end_without_waiting(struct db *db) {
    db->ending = PQsendQuery(db->conn, "COMMIT") == 1;
    return db->ending ? OK : db_note_lost(db, "COMMIT");
}

enum err db_connect(struct db *db) {
    if (db->conn && db->ending) finish_ending(db);
    if (db->conn && PQstatus(db->conn) == CONNECTION_OK) return OK;
    if (db->in_transaction) return db_note_lost(db, "transaction");
    db_disconnect(db);
    char *options = server_options(db->conninfo);
    /* What stands before dbname is a default that the conninfo may change; what stands after it is not. */
    const char *const keywords[] = {
        "connect_timeout", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout",
        "dbname",          "options",         "application_name",    "client_encoding",  NULL};
    const char *const values[] = {
        "5", "30", "10", "3", "10000", db->conninfo, options, db->application_name, "UTF8", NULL};
    db->conn = PQconnectdbParams(keywords, values, 1);
    free(options);
    if (!db->conn || PQstatus(db->conn) != CONNECTION_OK) {
        db_note_lost(db, "connect");
        db_disconnect(db);
        return ERR_UNAVAILABLE;
    }
    PQsetNoticeReceiver(db->conn, ignore_notice, NULL);
    return OK;
}

/* The server says good-bye to an idle connection, or its end has come: there is something to read where nothing was asked. The words come
 * first, so it is read twice. */
static bool has_died_idle(struct db *db) {
    struct pollfd p = {.fd = PQsocket(db->conn), .events = POLLIN};
    if (poll(&p, 1, 0) <= 0) return false;
    return PQconsumeInput(db->conn) != 1 || PQconsumeInput(db->conn) != 1 ||
           PQstatus(db->conn) != CONNECTION_OK;
}

enum err db_connect_alive(struct db *db) {
    enum err e = db_connect(db);
    if (e != OK || !has_died_idle(db)) return e;
    db_disconnect(db);
    return db_connect(db);
}

static bool is_class(const char *state, const char *class) {
    return strncmp(state, class, strlen(class)) == 0;
}

static enum trouble trouble_of(const char *state) {
    static const struct {
        const char *class;
        enum trouble trouble;
    } LIST[] = {
        {"40001", TROUBLE_RETRY}, /* serialization_failure */
        {"40P01", TROUBLE_RETRY}, /* deadlock_detected */
        {"55P03", TROUBLE_RETRY}, /* lock_not_available */
        {"23505", TROUBLE_CLASH}, /* unique_violation */
        {"08", TROUBLE_LOST},     /* connection exceptions */
        {"57P", TROUBLE_LOST},    /* shutdown, crash of another backend, starting up, database dropped */
        {"25P03", TROUBLE_LOST},  /* idle_in_transaction_session_timeout */
        {"53", TROUBLE_BUSY},     /* disk full, out of memory, too many connections */
        {"57014", TROUBLE_BUSY},  /* query_canceled: statement_timeout */
        {"25006", TROUBLE_BUSY},  /* read_only_sql_transaction: a standby */
        {"58", TROUBLE_BUSY},     /* system errors: the disk */
    };
    for (size_t i = 0; i < sizeof LIST / sizeof LIST[0]; i++)
        if (is_class(state, LIST[i].class)) return LIST[i].trouble;
    return TROUBLE_BUG;
}

static enum err err_of(enum trouble t) {
    switch (t) {
    case TROUBLE_NONE: return OK;
    case TROUBLE_LOST:
    case TROUBLE_BUSY: return ERR_UNAVAILABLE;
    case TROUBLE_RETRY:
    case TROUBLE_CLASH: return ERR_CONFLICT;
    case TROUBLE_BUG: break;
    }
    return ERR_INTERNAL;
}

enum err db_judge(struct db *db, const PGresult *result, const char *what) {
    ExecStatusType status = result ? PQresultStatus(result) : PGRES_FATAL_ERROR;
    if (status != PGRES_FATAL_ERROR && status != PGRES_BAD_RESPONSE && status != PGRES_NONFATAL_ERROR)
        return OK;
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    if (!state || PQstatus(db->conn) != CONNECTION_OK) return db_note_lost(db, what);
    const char *words = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    char line[300];
    snprintf(line, sizeof line, "%s %s", state, words ? words : "");
    note(db, trouble_of(state), what, line);
    return err_of(db->trouble);
}

enum err db_command(struct db *db, const char *sql) {
    enum err e = db_connect(db);
    if (e == OK) e = db_begin_now(db);
    if (e != OK) return e;
    PGresult *result = PQexec(db->conn, sql);
    char what[24];
    snprintf(what, sizeof what, "%.23s", sql);
    e = db_judge(db, result, what);
    PQclear(result);
    return e;
}

static bool is_everybody(const struct acting *a) {
    return a->service[0] == '*';
}

/* The last result tells of the COMMIT; before it stands, where others are told, the service's stamp. */
static PGresult *finish_commit(struct db *db, int64_t *out_stamp) {
    PGresult *last = NULL;
    for (PGresult *next = PQgetResult(db->conn); next; next = PQgetResult(db->conn)) {
        uint64_t stamp = 0;
        if (PQresultStatus(next) == PGRES_TUPLES_OK && PQntuples(next) == 1 &&
            str_to_uint(str_of(PQgetvalue(next, 0, 1)), INT64_MAX, &stamp))
            *out_stamp = (int64_t)stamp;
        PQclear(last);
        last = next;
    }
    return last;
}

enum err db_commit(struct db *db, const struct acting *told, int64_t *out_stamp) {
    char sql[2 * ID_ROOM + 160] = "COMMIT";
    int64_t stamp = 0;
    if (told)
        snprintf(sql, sizeof sql, "SELECT pg_notify('quarterday_changed', '%s'), %s%s%s; COMMIT",
                 told->service, is_everybody(told) ? "NULL" : "(SELECT stamp FROM service WHERE service = '",
                 is_everybody(told) ? "" : told->service, is_everybody(told) ? "" : "')");
    PGresult *result = PQsendQuery(db->conn, sql) == 1 ? finish_commit(db, &stamp) : NULL;
    enum err e = db_judge(db, result, "COMMIT");
    if (e == OK && strcmp(PQcmdStatus(result), "COMMIT") != 0) {
        note(db, TROUBLE_BUG, "COMMIT",
             "was answered with ROLLBACK: a statement had failed and its error was ignored");
        e = ERR_INTERNAL;
    }
    PQclear(result);
    if (e == OK && out_stamp) *out_stamp = stamp;
    return e;
}

enum err db_explain(struct db *db, enum err e, struct fault *fault) {
    if (e == ERR_CONFLICT)
        return fail(fault, e,
                    "Somebody else changed the same thing at the same time. Nothing was changed; try again.");
    if (e == ERR_UNAVAILABLE)
        return fail(fault, e,
                    "The database cannot be used just now (%s). Nothing was changed; try again in a moment.",
                    db->last_error);
    if (db->trouble == TROUBLE_BUG)
        return fail(fault, e, "The database refused something that should work (%s). Nothing was changed.",
                    db->last_error);
    return e;
}

enum err db_ping(struct db *db, struct fault *fault) {
    struct rows rows;
    enum err e = db_query(db, STMT_ping, NULL, &rows);
    if (e == OK) rows_free(&rows);
    return e == OK ? OK : db_explain(db, e, fault);
}
