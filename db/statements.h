/* statements: the prepared statements of db/sql/, their parameters and their rows. For the files of db/
 * alone.
 *
 *     struct params p = params_of();
 *     params_text(&p, service);
 *     struct rows rows __attribute__((cleanup(rows_free))) = ROWS_NONE;
 *     enum err e = db_query(db, STMT_service_get, &p, &rows);
 *     if (e == OK && rows_count(&rows) == 0) e = ERR_NOT_FOUND;
 *
 * Everything travels in binary: no escaping, no NUL to end on, no format to misread. So each parameter's type
 * must be said in the SQL ($1::text) and each result column must have the type that is asked of it;
 * statements.c checks the lengths. */
#ifndef QD_DB_STATEMENTS_H
#define QD_DB_STATEMENTS_H

#include "base/date.h"
#include "db/connection.h"
#include "gen/db_statements.h"

enum { PARAMS_MAX_COUNT = 28 };

/* Texts and bytes are borrowed until the statement has run. */
struct params {
    int count;
    const char *values[PARAMS_MAX_COUNT];
    int lengths[PARAMS_MAX_COUNT];
    char numbers[PARAMS_MAX_COUNT][8];
};

static inline struct params params_of(void) {
    return (struct params){.count = 0};
}
void params_text(struct params *p, str s); /* STR_NONE: NULL */
void params_bytes(struct params *p, const void *bytes, size_t n);
void params_int2(struct params *p, int16_t v);
void params_int4(struct params *p, int32_t v);
void params_int8(struct params *p, int64_t v);
void params_bool(struct params *p, bool v);
void params_instant(struct params *p, int64_t t); /* timestamptz; INSTANT_NONE: NULL */
/* The five that name a version of a part of a return, as its key has them. */
void params_version(struct params *p, str service, str provider, int16_t period, int16_t part,
                    int32_t version);

struct rows {
    struct pg_result *result;
    int from; /* the row of the result that is number 0 */
};
#define ROWS_NONE ((struct rows){NULL, 0})
#define ROWS __attribute__((cleanup(rows_free))) struct rows

/* Runs one statement. Outside a transaction it must be one that only reads: it is run again, once, when the
 * connection was lost. out may be NULL when nobody asks for the rows. */
enum err db_query(struct db *db, enum db_stmt stmt, const struct params *params, struct rows *out);
/* TX. Will be asked for soon, with just these parameters (texts live until the end of the transaction): it travels with the next statement that does,
 * and is answered from there. They run in the order in which they were said. Of statements that read or lock; where it is never asked for, only its
 * work was in vain. */
void db_ahead(struct db *db, enum db_stmt stmt, const struct params *params);
/* db_query() with the rows handed over one by one as they arrive (row 0 of `rows`): for results that are large together. The
 * first error of row() ends it and is returned. What was asked for ahead comes as a whole instead: for what is known to be small. */
typedef enum err each_row_fn(void *context, const struct rows *row);
enum err db_query_each(struct db *db, enum db_stmt stmt, const struct params *params, each_row_fn *row,
                       void *context);
/* TX. Statements of which none needs the answer of another, in one round trip and in this order: what comes after one that fails is not run. The rows
 * of each are the caller's to free, also after an error. */
struct db_asked {
    enum db_stmt stmt;
    struct params params;
    struct rows rows;
};
enum { DB_TOGETHER_MOST = 4 };
enum err db_query_together(struct db *db, struct db_asked *asked, size_t count);
/* The text of a statement, for the few that cannot be prepared. */
const char *db_statement_text(enum db_stmt stmt);
const char *db_statement_name(enum db_stmt stmt);
/* Prepares it on the connection unless that was done (db_query does it by itself). */
enum err db_prepare(struct db *db, enum db_stmt stmt);

void rows_free(struct rows *rows);
int rows_count(const struct rows *rows);
bool rows_is_null(const struct rows *rows, int row, int column);
str rows_text(const struct rows *rows, int row, int column); /* borrowed; also bytea; STR_NONE for NULL */
int16_t rows_int2(const struct rows *rows, int row, int column);
int32_t rows_int4(const struct rows *rows, int row, int column);
int64_t rows_int8(const struct rows *rows, int row, int column);
bool rows_bool(const struct rows *rows, int row, int column);
int64_t rows_instant(const struct rows *rows, int row, int column); /* INSTANT_NONE for NULL and -infinity */

#endif
