/* connection: what the files of db/ share about a connection. Nobody outside db/ includes this, and only
 * connection.c, statements.c, copy.c and listen.c know libpq. */
#ifndef QD_DB_CONNECTION_H
#define QD_DB_CONNECTION_H

#include "db/db.h"
#include "gen/db_statements.h"

struct pg_conn;   /* PGconn */
struct pg_result; /* PGresult */

/* What a failed statement means for what comes next. */
enum trouble {
    TROUBLE_NONE,
    TROUBLE_LOST,  /* the connection is gone: nothing is known of a COMMIT that was under way */
    TROUBLE_RETRY, /* serialization failure, deadlock, lock not got in time: the same work may succeed now */
    TROUBLE_CLASH, /* unique violation: somebody else was faster */
    TROUBLE_BUSY,  /* disk full, too many connections, timeout, read-only: not now */
    TROUBLE_BUG,   /* everything else should not happen */
};

enum { ID_ROOM = 65 };

/* A scope as the database is told it: an id, "*" for all, "" for none. */
struct acting {
    char service[ID_ROOM], provider[ID_ROOM];
};

struct ahead; /* statements.c */

struct db {
    char *conninfo;
    const char *application_name;
    const char *spill_dir; /* where large results are put down; NULL: /tmp */
    struct pg_conn *conn;
    struct acting acting; /* scope.c */
    bool in_transaction;
    bool begin_waits; /* BEGIN travels with the first statement */
    bool has_begun;   /* it was answered */
    bool begins_reading;
    bool alone_first; /* while BEGIN waits: the first statement goes without it */
    struct acting begins_as;
    bool ending;         /* its COMMIT was sent, and nobody has waited for the answer */
    struct ahead *ahead; /* statements that were asked for before they are needed */
    int ahead_count;
    bool is_listening; /* listen.c: LISTEN was said on this connection */
    bool delivers;     /* store_webhooks.c: this connection holds the lock of the one that delivers */
    bool is_swollen;   /* a big pack went through: libpq keeps its buffers that large for ever */
    struct acting
        changed; /* whom the transaction that was committed last was for, if it changed anything, and how far it has come */
    int64_t changed_to;
    int64_t
        told_to; /* the same of the transaction under way, whose statement has told others by itself; 0: it has not */
    enum trouble trouble; /* of the statement that failed last; cleared by db_transaction before each try */
    unsigned char *ready; /* by enum db_stmt: prepared on this connection */
    char last_error[400];
};

/* Connects when there is no live connection. Inside a transaction a lost one is not replaced: its work is
 * gone with it. */
enum err db_connect(struct db *db);
/* The same before a transaction begins: one that has died while it was idle is noticed now, in most cases, and not by the work's first
 * statement. Costs no round trip. */
enum err db_connect_alive(struct db *db);
void db_disconnect(struct db *db);
/* Outside a transaction: gives the memory of a swollen connection back; the next statement connects anew
 * (some 3 ms). */
void db_shrink(struct db *db);
/* Judges a result (NULL included): OK, or notes the trouble and the words and returns the error. Does not
 * free it. */
enum err db_judge(struct db *db, const struct pg_result *result, const char *what);
/* Notes a trouble that no result tells of. */
enum err db_note_lost(struct db *db, const char *what);
/* Notes that this machine's own disk is full. */
enum err db_note_full(struct db *db, const char *words);
/* Notes that what the database holds is not what the program wrote. */
enum err db_note_bug(struct db *db, const char *words);
/* A command without parameters and rows, such as BEGIN: a constant of the program, or the text of a
 * migration. */
enum err db_command(struct db *db, const char *sql);
/* COMMIT of a transaction that a failed statement has spoilt is answered with ROLLBACK: that is an error
 * here. In the same round trip, where `told` is given, other processes are told that its service has changed (or every one), and
 * *out_stamp is how far this service has come with it (0: of all, or there is none). */
enum err db_commit(struct db *db, const struct acting *told, int64_t *out_stamp);

/* Sends the BEGIN that waits, for whatever cannot take it along. In transaction.c. */
enum err db_begin_now(struct db *db);
/* BEGIN of the transaction that is to begin. */
enum db_stmt db_begin_stmt(const struct db *db);
/* Drops what was asked for ahead. In statements.c. */
void db_forget_ahead(struct db *db);

/* COMMIT of a transaction that has only read; the next use of the connection takes the answer. */
enum err db_end_without_waiting(struct db *db);

/* A transaction of its own for a read of many rows, unless one is under way (then out_begun is false and there is nothing to
 * end). In transaction.c. */
enum err db_begin_reading(struct db *db, bool *out_begun);
void db_end_reading(struct db *db);
/* Gives a connection up that a transaction has not left idle. */
void db_leave_idle(struct db *db);
bool acting_for_nobody(const struct acting *a);

/* Puts words into the fault. What the database said is in them only for ERR_UNAVAILABLE and ERR_INTERNAL:
 * those go to the log and to the operator; the server gives clients a general sentence instead. */
enum err db_explain(struct db *db, enum err e, struct fault *fault);

#endif
