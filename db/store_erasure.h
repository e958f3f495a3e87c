/* store_erasure: takes people out of what is stored, so that every figure stays what it is: rows are blanked, their ids become tokens, and the
 * packs that figures are counted from get the tokens' hashes. For commands that connect as the owner of the tables: the application may
 * change no row. docs/privacy.md says what stays and why. */
#ifndef QD_DB_STORE_ERASURE_H
#define QD_DB_STORE_ERASURE_H

#include "base/hash.h"
#include "db/db.h"

/* What is kept of an erasure, so that it can be done again on a database that was put back: the digest says nothing without the salt, and
 * with it only to who guesses the reference. */
enum { ERASURE_SALT_BYTES = 16 };
struct erasure_mark {
    uint8_t salt[ERASURE_SALT_BYTES];
    uint8_t digest[SHA256_BYTES]; /* of salt and reference */
};
void erasure_mark_make(str reference, struct erasure_mark *out);

struct store_erasure {
    str service, provider;
    str reference; /* whom; empty: everybody whose rows are of periods before first_kept */
    int16_t first_kept;
    struct erasure_mark mark; /* of the reference */
    str actor;                /* who wanted it: a key's id; empty: the operator */
    int64_t request;          /* the number of its request; 0: none */
};
/* TX. Blanks them; out_rows: how many rows, of all parts and versions. Doing it again finds nothing (0 rows, OK). */
enum err store_erase(struct db *db, const struct store_erasure *ask, int64_t *out_rows);
/* Of an erasure by age: how many rows it would blank. */
enum err store_erasure_count(struct db *db, const struct store_erasure *ask, int64_t *out_rows);
/* TX. Its audit line: SUBJECT_ERASED or CLIENT_ROWS_RETIRED, with how many rows, why, and never about whom. */
enum err store_erasure_tell(struct db *db, const struct store_erasure *ask, str reason, int64_t rows);

/* The reference of a mark where rows about it are stored; ERR_NOT_FOUND where there are none. */
enum err store_erasure_find(struct db *db, str service, str provider, const struct erasure_mark *mark,
                            struct arena *a, str *out_reference);

#endif
