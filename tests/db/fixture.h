/* fixture: what the database suites share: a database with the service `svc` and the providers `one` and
 * `two`, a connection as the application, and versions whose rows, facts and digests are made from a number
 * instead of a file. */
#ifndef QD_TESTS_DB_FIXTURE_H
#define QD_TESTS_DB_FIXTURE_H

#include "db/store.h"
#include "db/store_keys.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"

extern struct fixture {
    char owner[CONNINFO_ROOM], app[CONNINFO_ROOM];
    struct db *db;
} fx;

#define SERVICE STR("svc")
#define ONE STR("one")
#define TWO STR("two")

/* For suite_add(). */
int fixture_begin(void);
int fixture_end(void);

/* PostgreSQL's binary COPY of `rows` rows; row r has the values fixture_value() gives, every 7th cell that
 * may be blank is blank. */
void fixture_rows(const struct part *part, str provider, int16_t period, int32_t version, uint32_t rows,
                  struct spill *out);
/* The text that store_rows_read() should give for a cell; NULL for a blank one. In static memory, good for
 * two calls. */
const char *fixture_value(const struct part *part, size_t column, uint32_t row);

/* An upload as a handler does it: lock, COPY, version. received_at INSTANT_NONE: now. */
enum err fixture_accept(struct db *db, str provider, int16_t period, enum part_id part, uint32_t rows,
                        int64_t received_at, struct store_version *out);

#endif
