/* statements: prepares what is in db/sql/ when it is first used on a connection, runs it with bound
 * parameters, reads its rows.
 *
 * A wrong column type is a mistake of ours that no input can cause; it ends the process like a failed
 * assertion would, in every build, because a misread length would be worse than a restart. */
#include "db/statements.h"

#include <endian.h>
#include <libpq-fe.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/embed.h"

static const struct {
    const char *name, *file;
} STATEMENTS[] = {
#include "gen/db_statements.inc"
};
_Static_assert(sizeof STATEMENTS / sizeof STATEMENTS[0] == STMT_COUNT, "both come from tools/statements.sh");

/* Microseconds from 1970 to 2000, where PostgreSQL's instants begin. */
#define PG_EPOCH INT64_C(946684800000000)

const char *db_statement_name(enum db_stmt stmt) {
    return STATEMENTS[stmt].name;
}

const char *db_statement_text(enum db_stmt stmt) {
    const struct embed_file *file = embed_find(STATEMENTS[stmt].file);
    if (file) return (const char *)file->bytes;
    fprintf(stderr, "quarterday: %s is not in the program; build it again\n", STATEMENTS[stmt].file);
    abort();
}

/* ---- parameters ---- */

static void add(struct params *p, const void *value, size_t length) {
    if (p->count == PARAMS_MAX_COUNT || length > INT_MAX) {
        fprintf(stderr, "quarterday: a statement has too many or too long parameters\n");
        abort();
    }
    p->values[p->count] = value;
    p->lengths[p->count] = (int)length;
    p->count++;
}

static void add_number(struct params *p, const void *big_endian, size_t length) {
    if (p->count == PARAMS_MAX_COUNT) add(p, NULL, SIZE_MAX);
    char *room = p->numbers[p->count];
    memcpy(room, big_endian, length);
    add(p, room, length);
}

/* A NULL pointer would be an SQL NULL; an empty text is not. */
void params_bytes(struct params *p, const void *bytes, size_t n) {
    add(p, bytes ? bytes : "", n);
}
void params_text(struct params *p, str s) {
    add(p, s.p, s.p ? s.n : 0);
}
void params_int2(struct params *p, int16_t v) {
    uint16_t b = htobe16((uint16_t)v);
    add_number(p, &b, sizeof b);
}
void params_int4(struct params *p, int32_t v) {
    uint32_t b = htobe32((uint32_t)v);
    add_number(p, &b, sizeof b);
}
void params_int8(struct params *p, int64_t v) {
    uint64_t b = htobe64((uint64_t)v);
    add_number(p, &b, sizeof b);
}
void params_bool(struct params *p, bool v) {
    char b = v ? 1 : 0;
    add_number(p, &b, sizeof b);
}
void params_version(struct params *p, str service, str provider, int16_t period, int16_t part,
                    int32_t version) {
    params_text(p, service);
    params_text(p, provider);
    params_int2(p, period);
    params_int2(p, part);
    params_int4(p, version);
}
void params_instant(struct params *p, int64_t t) {
    if (t == INSTANT_NONE) add(p, NULL, 0);
    else params_int8(p, t - PG_EPOCH);
}

/* ---- running ---- */

enum err db_prepare(struct db *db, enum db_stmt stmt) {
    if (db->ready[stmt]) return OK;
    PGresult *result = PQprepare(db->conn, STATEMENTS[stmt].name, db_statement_text(stmt), 0, NULL);
    enum err e = db_judge(db, result, STATEMENTS[stmt].name);
    PQclear(result);
    if (e == OK) db->ready[stmt] = 1;
    return e;
}

enum { SWOLLEN_FROM = 4 << 20 };

static bool is_big(const struct params *p, const PGresult *result) {
    size_t bytes = result ? PQresultMemorySize(result) : 0;
    for (int i = 0; p && i < p->count; i++)
        bytes += (size_t)p->lengths[i];
    return bytes >= SWOLLEN_FROM;
}

static const int ALL_BINARY[PARAMS_MAX_COUNT] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                                 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

static bool send(struct db *db, enum db_stmt stmt, const struct params *p) {
    return PQsendQueryPrepared(db->conn, STATEMENTS[stmt].name, p ? p->count : 0, p ? p->values : NULL,
                               p ? p->lengths : NULL, ALL_BINARY, 1) == 1;
}

/* The result of one statement of a pipeline; the NULL after it is read, too. */
static PGresult *next_of_pipeline(struct db *db) {
    PGresult *result = PQgetResult(db->conn);
    if (result && PQresultStatus(result) != PGRES_PIPELINE_SYNC) PQclear(PQgetResult(db->conn));
    return result;
}

/* Outside a transaction a statement is one by itself. Two statements before one sync are one transaction: the first says whom the second
 * acts for, and both take one round trip. */
static PGresult *run_alone(struct db *db, enum db_stmt stmt, const struct params *p,
                           const struct acting *as) {
    struct params who = params_of();
    params_text(&who, str_of(as->service));
    params_text(&who, str_of(as->provider));
    if (PQenterPipelineMode(db->conn) != 1 || !send(db, STMT_scope_set, &who) || !send(db, stmt, p) ||
        PQpipelineSync(db->conn) != 1) {
        db_disconnect(db);
        return NULL;
    }
    PGresult *told = next_of_pipeline(db);
    bool was_told = told && PQresultStatus(told) == PGRES_TUPLES_OK;
    PGresult *result = was_told ? next_of_pipeline(db) : told;
    if (was_told) PQclear(told);
    else PQclear(next_of_pipeline(db));
    PQclear(PQgetResult(db->conn)); /* the sync */
    if (PQexitPipelineMode(db->conn) == 1) return result;
    PQclear(result);
    db_disconnect(db);
    return NULL;
}

/* ---- running with what is asked for ahead ---- */

enum { AHEAD_MOST = 12 };

struct ahead {
    enum db_stmt stmt;
    struct params params;
    PGresult *result; /* NULL: not sent yet */
};

/* The next statement goes without BEGIN. */
static bool is_alone(const struct db *db) {
    return db->begin_waits && db->alone_first;
}

void db_ahead(struct db *db, enum db_stmt stmt, const struct params *p) {
    if (!db->in_transaction || is_alone(db) || db->ahead_count == AHEAD_MOST) return;
    if (!db->ahead) db->ahead = must_calloc(AHEAD_MOST, sizeof *db->ahead);
    struct ahead *a = &db->ahead[db->ahead_count++];
    *a = (struct ahead){.stmt = stmt, .params = *p};
    for (int i = 0; i < p->count; i++)
        if (p->values[i] == p->numbers[i]) a->params.values[i] = a->params.numbers[i];
}

void db_forget_ahead(struct db *db) {
    for (int i = 0; i < db->ahead_count; i++)
        PQclear(db->ahead[i].result);
    db->ahead_count = 0;
}

static bool same_params(const struct params *a, const struct params *b) {
    if (a->count != b->count) return false;
    for (int i = 0; i < a->count; i++) {
        if (!a->values[i] != !b->values[i] || a->lengths[i] != b->lengths[i]) return false;
        if (a->values[i] && memcmp(a->values[i], b->values[i], (size_t)a->lengths[i]) != 0) return false;
    }
    return true;
}

/* The answer that is there already, or NULL. */
static PGresult *take_ahead(struct db *db, enum db_stmt stmt, const struct params *p) {
    static const struct params NONE = {.count = 0};
    for (int i = 0; i < db->ahead_count; i++) {
        struct ahead *a = &db->ahead[i];
        if (a->stmt != stmt || !a->result || !same_params(&a->params, p ? p : &NONE)) continue;
        PGresult *result = a->result;
        a->result = NULL;
        *a = db->ahead[--db->ahead_count];
        for (int n = 0; n < a->params.count; n++) /* the numbers have moved along */
            if (a->params.values[n] == db->ahead[db->ahead_count].params.numbers[n])
                a->params.values[n] = a->params.numbers[n];
        return result;
    }
    return NULL;
}

/* One round trip: BEGIN and for whom, where these wait; what is asked for ahead; the statement; and before each what prepares it on a
 * new connection. */
struct journey {
    struct db *db;
    struct {
        bool prepares;
        enum db_stmt stmt;
        PGresult **result; /* NULL: only its success is wanted */
    } steps[2 * (2 + AHEAD_MOST + DB_TOGETHER_MOST)];
    int count;
    bool begins;
    bool lost;
};

static void add_step(struct journey *j, bool prepares, enum db_stmt stmt, PGresult **result) {
    j->steps[j->count].prepares = prepares;
    j->steps[j->count].stmt = stmt;
    j->steps[j->count++].result = result;
}

static bool is_prepared_on_the_way(const struct journey *j, enum db_stmt stmt) {
    for (int i = 0; i < j->count; i++)
        if (j->steps[i].prepares && j->steps[i].stmt == stmt) return true;
    return false;
}

static void add_statement(struct journey *j, enum db_stmt stmt, const struct params *p, PGresult **result) {
    struct db *db = j->db;
    if (!db->ready[stmt] && !is_prepared_on_the_way(j, stmt)) {
        j->lost |= PQsendPrepare(db->conn, STATEMENTS[stmt].name, db_statement_text(stmt), 0, NULL) != 1;
        add_step(j, true, stmt, NULL);
    }
    j->lost |= !send(db, stmt, p);
    add_step(j, false, stmt, result);
}

static void add_begin(struct journey *j) {
    struct db *db = j->db;
    struct params who = params_of();
    params_text(&who, str_of(db->begins_as.service));
    params_text(&who, str_of(db->begins_as.provider));
    db->begin_waits = false;
    j->begins = true;
    add_statement(j, db_begin_stmt(db), NULL, NULL);
    add_statement(j, STMT_scope_set, &who, NULL);
}

/* What went wrong first is what is judged; everything behind it was not run. */
static enum err arrive(struct journey *j) {
    struct db *db = j->db;
    enum err e = OK;
    for (int i = 0; i < j->count && e == OK; i++) {
        PGresult *result = next_of_pipeline(db);
        enum db_stmt stmt = j->steps[i].stmt;
        e = db_judge(db, result, STATEMENTS[stmt].name);
        if (e == OK && j->begins && stmt == db_begin_stmt(db) && !j->steps[i].prepares) db->has_begun = true;
        if (e == OK && j->steps[i].prepares) db->ready[stmt] = 1;
        if (e == OK && j->steps[i].result) *j->steps[i].result = result;
        else PQclear(result);
    }
    return e;
}

/* Reads on to the sync, so that the connection can be used again. */
static bool leave_pipeline(struct db *db) {
    for (bool synced = false; !synced && PQstatus(db->conn) == CONNECTION_OK;) {
        PGresult *result = PQgetResult(db->conn);
        synced = result && PQresultStatus(result) == PGRES_PIPELINE_SYNC;
        PQclear(result);
    }
    return PQexitPipelineMode(db->conn) == 1;
}

/* With all that waits to go along. */
static enum err set_out(struct journey *j) {
    struct db *db = j->db;
    if (PQenterPipelineMode(db->conn) != 1) return db_note_lost(db, "pipeline");
    if (db->begin_waits) add_begin(j);
    for (int i = 0; i < db->ahead_count; i++)
        if (!db->ahead[i].result)
            add_statement(j, db->ahead[i].stmt, &db->ahead[i].params, &db->ahead[i].result);
    return OK;
}

static enum err send_off(struct journey *j) {
    return j->lost || PQpipelineSync(j->db->conn) != 1 ? db_note_lost(j->db, "pipeline") : OK;
}

static enum err travel(struct db *db, enum db_stmt stmt, const struct params *p, PGresult **out) {
    struct journey j = {.db = db};
    enum err e = set_out(&j);
    if (e == OK) add_statement(&j, stmt, p, out);
    if (e == OK) e = send_off(&j);
    if (e != OK) return e;
    e = arrive(&j);
    if (!leave_pipeline(db) && e == OK) e = db_note_lost(db, STATEMENTS[stmt].name);
    return e;
}

enum err db_query_together(struct db *db, struct db_asked *asked, size_t count) {
    struct journey j = {.db = db};
    enum err e = db_connect(db);
    if (e == OK) e = set_out(&j);
    for (size_t i = 0; e == OK && i < count && i < DB_TOGETHER_MOST; i++)
        add_statement(&j, asked[i].stmt, &asked[i].params, &asked[i].rows.result);
    if (e == OK) e = send_off(&j);
    if (e != OK) return e;
    e = arrive(&j);
    if (!leave_pipeline(db) && e == OK) e = db_note_lost(db, "pipeline");
    for (size_t i = 0; i < count; i++)
        db->is_swollen |= is_big(&asked[i].params, asked[i].rows.result);
    return e;
}

static bool has_company(const struct db *db) {
    for (int i = 0; i < db->ahead_count; i++)
        if (!db->ahead[i].result) return true;
    return db->begin_waits;
}

static PGresult *run_by_itself(struct db *db, enum db_stmt stmt, const struct params *p) {
    return PQexecPrepared(db->conn, STATEMENTS[stmt].name, p ? p->count : 0, p ? p->values : NULL,
                          p ? p->lengths : NULL, ALL_BINARY, 1);
}

static enum err run_outside(struct db *db, enum db_stmt stmt, const struct params *p,
                            const struct acting *who, PGresult **out_result) {
    bool alone = !acting_for_nobody(who);
    enum err e = alone ? db_prepare(db, STMT_scope_set) : OK;
    if (e == OK) e = db_prepare(db, stmt);
    if (e != OK) return e;
    *out_result = alone ? run_alone(db, stmt, p, who) : run_by_itself(db, stmt, p);
    return db_judge(db, *out_result, STATEMENTS[stmt].name);
}

static enum err run_first_alone(struct db *db, enum db_stmt stmt, const struct params *p,
                                PGresult **out_result) {
    enum err e = run_outside(db, stmt, p, &db->begins_as, out_result);
    db->alone_first = false;
    db->has_begun = e == OK || db->trouble != TROUBLE_LOST; /* the database was there */
    return e;
}

static enum err run_in_transaction(struct db *db, enum db_stmt stmt, const struct params *p,
                                   PGresult **out_result) {
    if (is_alone(db)) return run_first_alone(db, stmt, p, out_result);
    *out_result = take_ahead(db, stmt, p);
    if (*out_result) return OK;
    if (has_company(db)) return travel(db, stmt, p, out_result);
    enum err e = db_prepare(db, stmt);
    if (e != OK) return e;
    *out_result = run_by_itself(db, stmt, p);
    return db_judge(db, *out_result, STATEMENTS[stmt].name);
}

static enum err run_once(struct db *db, enum db_stmt stmt, const struct params *p, struct rows *out) {
    PGresult *result = NULL;
    enum err e = db_connect(db);
    if (e == OK)
        e = db->in_transaction ? run_in_transaction(db, stmt, p, &result)
                               : run_outside(db, stmt, p, &db->acting, &result);
    db->is_swollen |= is_big(p, result);
    if (e == OK && out) out->result = result;
    else PQclear(result);
    return e;
}

enum err db_query(struct db *db, enum db_stmt stmt, const struct params *params, struct rows *out) {
    enum err e = run_once(db, stmt, params, out);
    if (e != OK && !db->in_transaction && db->trouble == TROUBLE_LOST) {
        db_disconnect(db); /* an idle connection that died is only noticed now */
        e = run_once(db, stmt, params, out);
    }
    db_shrink(db);
    return e;
}

/* ---- running, row by row ---- */

/* Until there is no more: what comes after a row that was refused, or after an error, is read and dropped. */
static enum err hand_over(struct db *db, enum db_stmt stmt, each_row_fn *row, void *context) {
    enum err e = OK;
    for (struct rows rows = {PQgetResult(db->conn), 0}; rows.result; rows.result = PQgetResult(db->conn)) {
        enum err now = db_judge(db, rows.result, STATEMENTS[stmt].name);
        db->is_swollen |= is_big(NULL, rows.result);
        if (e == OK) e = now;
        if (e == OK && rows_count(&rows) > 0) e = row(context, &rows);
        rows_free(&rows);
    }
    return e;
}

/* What goes along is read first; the statement itself is the last step. */
static enum err each_on_arrival(struct db *db, enum db_stmt stmt, const struct params *p, each_row_fn *row,
                                void *context) {
    struct journey j = {.db = db};
    enum err e = set_out(&j);
    if (e == OK) add_statement(&j, stmt, p, NULL);
    if (e == OK) e = send_off(&j);
    if (e != OK) return e;
    j.count--;
    e = arrive(&j);
    if (e == OK && PQsetSingleRowMode(db->conn) != 1) e = db_note_lost(db, STATEMENTS[stmt].name);
    if (e == OK) e = hand_over(db, stmt, row, context);
    if (!leave_pipeline(db) && e == OK) e = db_note_lost(db, STATEMENTS[stmt].name);
    return e;
}

static enum err each_that_is_here(PGresult *result, each_row_fn *row, void *context) {
    enum err e = OK;
    for (struct rows rows = {result, 0}; e == OK && rows_count(&rows) > 0; rows.from++)
        e = row(context, &rows);
    PQclear(result);
    return e;
}

static enum err each_in_transaction(struct db *db, enum db_stmt stmt, const struct params *p,
                                    each_row_fn *row, void *context) {
    enum err e = db_connect(db);
    if (e != OK) return e;
    PGresult *here = take_ahead(db, stmt, p);
    return here ? each_that_is_here(here, row, context) : each_on_arrival(db, stmt, p, row, context);
}

enum err db_query_each(struct db *db, enum db_stmt stmt, const struct params *params, each_row_fn *row,
                       void *context) {
    bool begun = false;
    enum err e = db->in_transaction ? OK : db_begin_reading(db, &begun);
    if (e == OK) e = each_in_transaction(db, stmt, params, row, context);
    if (begun) db_end_reading(db);
    db_shrink(db);
    return e;
}

/* ---- rows ---- */

void rows_free(struct rows *rows) {
    PQclear(rows->result);
    rows->result = NULL;
}

int rows_count(const struct rows *rows) {
    return rows->result ? PQntuples(rows->result) - rows->from : 0;
}

bool rows_is_null(const struct rows *rows, int row, int column) {
    return PQgetisnull(rows->result, rows->from + row, column) == 1;
}

str rows_text(const struct rows *rows, int row, int column) {
    if (rows_is_null(rows, row, column)) return STR_NONE;
    row += rows->from;
    return (str){PQgetvalue(rows->result, row, column), (size_t)PQgetlength(rows->result, row, column)};
}

static const char *number(const struct rows *rows, int row, int column, size_t length) {
    str s = rows_text(rows, row, column);
    if (s.p && s.n == length) return s.p;
    const char *name = PQfname(rows->result, column);
    fprintf(stderr, "quarterday: column %d (%s) of a result is not the number that was expected\n", column,
            name ? name : "none");
    abort();
}

int16_t rows_int2(const struct rows *rows, int row, int column) {
    uint16_t b;
    memcpy(&b, number(rows, row, column, sizeof b), sizeof b);
    return (int16_t)be16toh(b);
}
int32_t rows_int4(const struct rows *rows, int row, int column) {
    uint32_t b;
    memcpy(&b, number(rows, row, column, sizeof b), sizeof b);
    return (int32_t)be32toh(b);
}
int64_t rows_int8(const struct rows *rows, int row, int column) {
    uint64_t b;
    memcpy(&b, number(rows, row, column, sizeof b), sizeof b);
    return (int64_t)be64toh(b);
}
bool rows_bool(const struct rows *rows, int row, int column) {
    return *number(rows, row, column, 1) != 0;
}
int64_t rows_instant(const struct rows *rows, int row, int column) {
    if (rows_is_null(rows, row, column)) return INSTANT_NONE;
    int64_t t = rows_int8(rows, row, column);
    return t == INT64_MIN || t > INT64_MAX - PG_EPOCH ? INSTANT_NONE : t + PG_EPOCH;
}
