/* store: what handlers ask of the database, in the words of the field. Each function is one statement
 * (db/sql/) or a few; those marked TX must run inside db_transaction(). Text results live in the arena
 * given. */
#ifndef QD_DB_STORE_H
#define QD_DB_STORE_H

#include "base/date.h"
#include "base/hash.h"
#include "db/db.h"
#include "kpi/book.h"
#include "kpi/versions.h"
#include "returns/judge.h"

/* ---- services and frameworks ---- */

struct store_service {
    str id, name;
    str framework_id;
    int framework_version; /* newest received by known_at, whatever it rates */
    const struct dated_version
        *versions; /* those that rate a quarter, by what was received by known_at (kpi/versions.h) */
    size_t version_count;
    int holidays_version; /* of the bank holidays that are loaded, newest received by known_at; 0: none */
    int64_t stamp;        /* goes up with every accepted version of any provider and every framework change */
    int64_t
        changed_at; /* when the newest was received of all that its figures come from, whatever known_at is */
};
/* ERR_NOT_FOUND when there is no such service. known_at INSTANT_NONE: now; before the framework's first
 * version: that one. */
enum err store_service_get(struct db *db, str service, int64_t known_at, struct arena *a,
                           struct store_service *out);
enum err store_services_list(struct db *db, struct arena *a, struct store_service **out, size_t *out_count);
/* How far it has come, and no more. ERR_NOT_FOUND. */
enum err store_service_stamp(struct db *db, str service, int64_t *out);
/* The body (JSON) of one version. */
enum err store_framework_get(struct db *db, str framework_id, int version, struct arena *a, str *out_body);
struct store_framework_version {
    int version;
    int64_t received_at;
    int16_t from; /* the first quarter that it may rate; 0: from the beginning */
};
/* Newest first. */
enum err store_framework_versions(struct db *db, str framework_id, struct arena *a,
                                  struct store_framework_version **out, size_t *out_count);
/* TX. Stores a new version that rates from the quarter `from` on (0: from the beginning), unless the newest has the
 * same body; makes the service when it is new, and its audit chain. The providers are put one by one after it. */
enum err store_framework_put(struct db *db, str framework_id, str service, str service_name, str body,
                             int16_t from, str actor, int *out_version, bool *out_changed);
/* TX. One writer of a framework at a time, until the end of the transaction; before it is read to be changed. */
enum err store_framework_lock(struct db *db, str framework_id);
/* TX, after store_framework_put(). The event PROVIDER_CHANGED and the audit line of what the framework now says
 * of a provider (body: a JSON object). */
enum err store_provider_tell(struct db *db, str service, str provider, str body, str actor, str correlation);
/* TX. Makes a provider, or gives it this name and group (empty: none). */
enum err store_provider_put(struct db *db, str service, str provider, str name, str group, str actor);

struct store_provider {
    str id, name, group;
    int64_t stamp; /* seq of its newest accepted version; 0: none */
};
/* TX. Each ..._ahead() says that the function of the same name will be asked with the same arguments in this transaction: what it asks the database then
 * travels with the next statement. The texts live until the end of the transaction. */
void store_providers_ahead(struct db *db, str service);
enum err store_providers_list(struct db *db, str service, struct arena *a, struct store_provider **out,
                              size_t *out_count);
/* Had any version of the service's framework that was received by known_at the provider? */
enum err store_provider_known(struct db *db, str service, str provider, int64_t known_at, bool *out);
/* TX. Locks the provider's row until the end of the transaction: one upload of a provider at a time.
 * ERR_NOT_FOUND. */
void store_provider_lock_ahead(struct db *db, str service, str provider);
enum err store_provider_lock(struct db *db, str service, str provider, int64_t *out_stamp);

/* ---- what is in force ---- */

/* Everything in force of one provider, with facts (aligned; they belong to the arena, but lie in a temporary file where
 * they are large). known_at INSTANT_NONE: everything
 * received. parts: bit per enum part_id whose facts are wanted; the others come without facts (facts
 * NULL). */
enum err store_book_load(struct db *db, str service, str provider, int64_t known_at, uint32_t parts,
                         struct arena *a, struct book *out);
/* The same as now in force, but without the facts of the one version that an upload is about to replace. */
enum err store_book_load_beside(struct db *db, str service, str provider, int16_t period, enum part_id part,
                                struct arena *a, struct book *out);
struct store_provider_book {
    str provider;
    struct book book;
};
/* What is in force of every provider of a service that has sent something, by id; all without facts. */
enum err store_books_list(struct db *db, str service, int64_t known_at, struct arena *a,
                          struct store_provider_book **out, size_t *out_count);
/* Of each of the parts (bit per enum part_id) the newest version of a period that has rows, also one that was taken back
 * since; with facts. */
enum err store_filled_load(struct db *db, str service, str provider, int16_t period, int64_t known_at,
                           uint32_t parts, struct arena *a, struct book *out);
/* Facts of superseded versions of a part, all periods (for "was this id ever returned"). */
enum err store_old_facts_load(struct db *db, str service, str provider, enum part_id part, struct arena *a,
                              struct book *out);
/* The facts of one version, in force or not, as a book of one. ERR_NOT_FOUND. */
enum err store_facts_load(struct db *db, str service, str provider, int16_t period, enum part_id part,
                          int32_t version, struct arena *a, struct book *out);

/* ---- versions ---- */

struct store_version {
    int16_t period;
    enum part_id part;
    int32_t version;
    int64_t seq, received_at;
    str key_id;
    uint8_t sha256[SHA256_BYTES];
    uint64_t bytes;
    uint32_t rows, created, updated, unchanged, removed;
    uint64_t warnings;
    int32_t day;  /* of the receipt, in London, by the service's clock */
    bool on_time; /* by the deadline as it was then */
    str format;   /* "csv" or "json" */
    str reason;   /* after sign-off; "" otherwise */
};
/* The newest of a part, or version `version` when > 0. ERR_NOT_FOUND. */
void store_version_ahead(struct db *db, str service, str provider, int16_t period, enum part_id part,
                         int32_t version);
enum err store_version_get(struct db *db, str service, str provider, int16_t period, enum part_id part,
                           int32_t version, struct arena *a, struct store_version *out);
/* All versions of a return, newest first; period -1: of the whole provider. */
enum err store_versions_list(struct db *db, str service, str provider, int16_t period, struct arena *a,
                             struct store_version **out, size_t *out_count);
/* Digests (struct row_digest) of one version, in row order. Ahead where they are few: `rows` is how many they are. */
void store_digests_ahead(struct db *db, str service, str provider, int16_t period, enum part_id part,
                         int32_t version, uint32_t rows);
enum err store_digests_load(struct db *db, str service, str provider, int16_t period, enum part_id part,
                            int32_t version, struct arena *a, struct row_digests *out);
/* The facts and digests of a version's rows as they are stored, in the arena and, where they are large, in a file. Asks the database nothing, so it
 * can be done while rows go in. */
struct store_packs;
struct store_packs *store_packs_make(struct db *db, const struct row_packs *of, uint32_t rows,
                                     struct arena *a);
/* TX, after store_rows_copy(): writes the version with its packs, moves the provider's and the service's
 * stamp, writes the audit line (chained) and the event RETURN_ACCEPTED, notifies other processes at commit.
 * Fills v->seq; v->received_at is given, and moved on where the clock has stepped back behind the provider's
 * version before. */
enum err store_version_put(struct db *db, str service, str provider, struct store_version *v,
                           struct store_packs *packs, str actor, str correlation);

/* ---- rows ---- */

/* TX. COPY ... FROM STDIN BINARY of the packs that the judge made. ERR_CONFLICT when another upload took this
 * version. */
enum err store_rows_copy(struct db *db, const struct part *part, struct spill *copy, struct fault *fault);
/* The same while the judge is still at it: the first bytes begin the COPY. From then to store_rows_arrived() the connection takes no other
 * statement. */
struct store_arriving {
    struct db *db;
    const struct part *part;
    bool is_large;           /* it may take longer than a statement usually does */
    struct carrier *carrier; /* NULL: no bytes have come, or all are in */
    bool is_whole;           /* all were given to it */
};
enum err store_rows_arrive(void *arriving, const void *bytes, size_t n); /* a spill_sink's take() */
/* The judge has come to the end: what it has kept of the rows is the last of them. */
void store_rows_rest(struct store_arriving *a, struct spill *rest);
/* Waits until all are in. */
enum err store_rows_arrived(struct store_arriving *a, struct fault *fault);
/* Nothing of them is to be stored: what has begun is ended, and the transaction can only be rolled back. An error is the database's own. */
enum err store_rows_give_up(struct store_arriving *a, struct fault *fault);
/* Calls row() with the stored columns of each row as text (days as YYYY-MM-DD, flags as t and f, NULL for blank; no NUL behind
 * them) in row order, streaming. An error of row() ends it and is returned. */
enum err store_rows_read(struct db *db, str service, str provider, int16_t period, const struct part *part,
                         int32_t version,
                         enum err (*row)(void *context, const char *const *values, const int *lengths),
                         void *context);

/* TX. The audit line CLIENT_ROWS_READ: somebody else than the provider has read rows about clients. */
struct store_reading {
    str service, object, key_id, reason; /* object: their address without /v1/ */
    int32_t version;                     /* 0: of several */
};
enum err store_rows_tell(struct db *db, const struct store_reading *reading);
/* What identifies `count` rows (1-based) of a version, in the order asked for: what its first key column says of each (an
 * episode's id; 2025-07-01 for a date or month); STR_NONE for a row that is not there. */
enum err store_row_ids(struct db *db, str service, str provider, int16_t period, const struct part *part,
                       int32_t version, const uint32_t *rows, size_t count, struct arena *a, str *out);

/* ---- schema ---- */

/* Applies what is missing, in order, under an advisory lock; each file its own transaction. Refuses an
 * applied file whose text has changed and a database newer than the program. said(context, line) tells what
 * was done. */
enum err migrate_run(struct db *db, void (*said)(void *context, const char *line), void *context,
                     struct fault *fault);
/* ERR_UNAVAILABLE with what to do when the schema is not exactly the compiled-in one: older, newer, edited. */
enum err migrate_check(struct db *db, struct fault *fault);
/* For serve and /health/ready: that; and the role is not too strong, fsync, synchronous_commit and full_page_writes are on, and the
 * connection has what it asked for (db/sql/ready_check.sql). ERR_UNAVAILABLE. */
enum err store_check_ready(struct db *db, struct fault *fault);
/* The same for a process that only reads: a standby will do. */
enum err store_check_readable(struct db *db, struct fault *fault);
/* Does this database only follow another? false also where it cannot be asked. */
bool store_is_standby(struct db *db);
/* For serve, after that: nothing in the catalogue opens a way around row-level security (db/sql/catalogue_lint.sql, some 50 ms).
 * ERR_UNAVAILABLE. */
enum err store_check_catalogue(struct db *db, struct fault *fault);

/* ---- listening ---- */

/* Blocks up to timeout_ms until the keys have changed. True when that was told or the connection was made anew (then anything may have
 * changed). What is uploaded changes no key, and wakes nobody here. */
bool store_keys_wait(struct db *db, int timeout_ms, bool *out_reconnected);

#endif
