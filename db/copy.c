/* copy: COPY in, and rows out one at a time. Neither holds more than libpq's own buffers.
 *
 * Surprises: a bad row is not reported by PQputCopyData() but by the result after PQputCopyEnd(); and
 * whatever happens, a connection must be read until PQgetResult() gives NULL, or its next statement fails. */
#include "db/copy.h"

#include <libpq-fe.h>

/* Reads what is left of a statement; the first error counts. */
static enum err drain(struct db *db, const char *what, enum err e) {
    for (PGresult *result = PQgetResult(db->conn); result; result = PQgetResult(db->conn)) {
        enum err now = db_judge(db, result, what);
        bool endless = PQresultStatus(result) == PGRES_COPY_IN; /* libpq would give this for ever */
        PQclear(result);
        if (endless) return db_note_lost(db, what);
        if (e == OK) e = now;
    }
    return e;
}

enum err db_copy_begin(struct db *db, const char *sql, bool is_large) {
    enum err e = db_connect(db);
    if (e == OK) e = db_begin_now(db);
    if (e == OK && is_large) e = db_command(db, "SET LOCAL statement_timeout = '10min'");
    if (e != OK) return e;
    PGresult *result = PQexec(db->conn, sql);
    e = db_judge(db, result, "copy");
    PQclear(result);
    return e;
}

/* The database answers that the statement has failed, which is no news. A lost connection is found by the ROLLBACK. */
void db_copy_give_up(struct db *db) {
    PQputCopyEnd(db->conn, "given up");
    for (PGresult *result = PQgetResult(db->conn); result; result = PQgetResult(db->conn)) {
        bool endless = PQresultStatus(result) == PGRES_COPY_IN; /* libpq would give this for ever */
        PQclear(result);
        if (endless) return;
    }
}

enum err db_copy_bytes(struct db *db, const void *bytes, size_t n) {
    const char *p = bytes;
    while (n > 0) {
        size_t piece = n < 1 << 20 ? n : 1 << 20;
        if (PQputCopyData(db->conn, p, (int)piece) != 1) return db_note_lost(db, "copy");
        p += piece;
        n -= piece;
    }
    return OK;
}

enum err db_copy_end(struct db *db) {
    if (PQputCopyEnd(db->conn, NULL) != 1) return db_note_lost(db, "copy");
    return drain(db, "copy", OK);
}

enum { STREAM_COLUMNS = 160 }; /* the changes of a part: each column twice */

static enum err hand_over(const PGresult *result, row_fn *row, void *context) {
    const char *values[STREAM_COLUMNS];
    int lengths[STREAM_COLUMNS];
    int columns = PQnfields(result);
    for (int i = 0; i < PQntuples(result); i++) {
        for (int c = 0; c < columns && c < STREAM_COLUMNS; c++) {
            values[c] = PQgetisnull(result, i, c) ? NULL : PQgetvalue(result, i, c);
            lengths[c] = PQgetlength(result, i, c);
        }
        enum err e = row(context, values, lengths);
        if (e != OK) return e;
    }
    return OK;
}

static enum err stream(struct db *db, const char *sql, const struct params *p, row_fn *row, void *context) {
    static const int BINARY[PARAMS_MAX_COUNT] = {1, 1, 1, 1, 1, 1, 1, 1};
    enum err e = OK;
    int sent = PQsendQueryParams(db->conn, sql, p->count, NULL, p->values, p->lengths, BINARY, 0);
    if (sent != 1 || PQsetSingleRowMode(db->conn) != 1) return db_note_lost(db, "stream");
    for (PGresult *result = PQgetResult(db->conn); result; result = PQgetResult(db->conn)) {
        e = db_judge(db, result, "stream");
        if (e != OK) {
            PQclear(result);
            return drain(db, "stream", e);
        }
        e = hand_over(result, row, context);
        PQclear(result);
        if (e != OK) {
            /* A cancel request could hit the next statement instead: the rest is read and dropped. */
            drain(db, "stream", OK);
            return e;
        }
    }
    return OK;
}

enum err db_stream(struct db *db, const char *sql, const struct params *params, row_fn *row, void *context) {
    bool begun = false;
    enum err e = db_begin_reading(db, &begun);
    if (e == OK) e = stream(db, sql, params, row, context);
    if (begun) db_end_reading(db);
    return e;
}
