/* db: a connection to PostgreSQL and the statements prepared on it. The only room that knows SQL; each
 * statement is one file in db/sql/, named as its enum db_stmt (generated). Parameters are always bound. A
 * struct db belongs to one thread.
 *
 * Errors: ERR_UNAVAILABLE when the database cannot be reached, is shutting down, full or read-only;
 * ERR_CONFLICT after a serialization failure that outlived its retries, and when a key is taken (two uploads
 * that race for one version); ERR_INTERNAL for what should not happen. What the database said is in
 * db_last_error(), without values of rows, and in the fault of the first and last of these: the server logs
 * those words and gives clients a general sentence. */
#ifndef QD_DB_DB_H
#define QD_DB_DB_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct db;

/* Connects lazily: the first statement connects, a lost connection is found at the next use and made anew
 * (with every prepared statement). conninfo is a libpq string. application_name tells reads from writes in
 * pg_stat_activity. */
struct db *db_new(const char *conninfo, const char *application_name);
void db_free(struct db *db);
/* The directory for temporary files of large results; the text stays the caller's. Without it: /tmp. */
void db_spill_to(struct db *db, const char *dir);

/* Whom the statements on a connection act for. The database shows and takes rows of that service (and, where they belong to
 * a provider, of that provider) and no others: row-level security, migration 0022. It is told at each BEGIN, in the same
 * round trip and for that transaction alone. A new connection acts for nobody: it reads nothing and can write nothing. */
struct db_scope {
    bool every_service,
        every_provider;    /* for what really spans them: operators, keys, the calendar, lookups */
    str service, provider; /* empty: none */
};
#define DB_NOBODY ((struct db_scope){.every_service = false})
#define DB_EVERYBODY ((struct db_scope){.every_service = true, .every_provider = true})
#define DB_SERVICE(s) ((struct db_scope){.service = (s), .every_provider = true})
/* From the next statement or transaction on; the tries of one that is under way keep what it began with. A text that can be no id
 * ("*" among them) acts for nobody. The texts are copied. */
void db_act_for(struct db *db, struct db_scope scope);

/* select 1 */
enum err db_ping(struct db *db, struct fault *fault);
const char *db_last_error(const struct db *db);

/* One piece of work as a transaction: BEGIN, work, COMMIT; ROLLBACK when work fails. Serialization failures,
 * deadlocks, locks not got in time and connections lost before COMMIT was sent run the work again from its
 * start (5 tries in all, with jitter), so the work must not keep anything from an earlier try. A connection
 * lost while COMMIT was under way: `settle` is asked on a new connection whether the work is there (OK: it
 * is; ERR_NOT_FOUND: it is not and is run again); without settle the answer is ERR_UNAVAILABLE. settle runs
 * in a transaction of its own: it should first take the lock that the work takes, because the lost
 * connection's transaction may still be committing.
 *
 * Before a transaction that may have changed something returns, whatever its outcome, nothing that this process remembers of the service
 * that it acted for is trusted any more (freshness.h); other processes are told at the commit. */
struct db_work {
    enum err (*run)(struct db *db, void *context, struct fault *fault);
    enum err (*settle)(struct db *db, void *context, struct fault *fault);
    void *context;
    bool read_only; /* REPEATABLE READ READ ONLY: one snapshot for all its reads */
    /* With read_only: its first statement is a transaction by itself, without BEGIN and COMMIT, since mostly no second one comes. That one begins the
     * transaction and sees another snapshot: who goes on from what the first has told reads it again. */
    bool alone_first;
    bool
        aside; /* writes nothing that any answer kept in memory shows: deliveries of webhooks, uses of keys, who has read what */
};
enum err db_transaction(struct db *db, const struct db_work *work, struct fault *fault);

/* How far the service had come with the last change that was committed on this connection since db_forget_change(): the stamp of its
 * receipt. False where there was none, or it was one of all services. *out_service lives until the next transaction. */
bool db_last_change(const struct db *db, str *out_service, int64_t *out_stamp);
void db_forget_change(struct db *db);

#endif
