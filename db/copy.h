/* copy: many rows in and out without holding them. For store_rows.c alone. */
#ifndef QD_DB_COPY_H
#define QD_DB_COPY_H

#include "db/statements.h"

/* COPY ... FROM STDIN in steps: begun, bytes, ended. Between begin and end the connection takes no other statement. After an error of
 * any of them the COPY is over, as is its transaction. is_large: it may take ten minutes. */
enum err db_copy_begin(struct db *db, const char *sql, bool is_large);
enum err db_copy_bytes(struct db *db, const void *bytes, size_t n);
enum err db_copy_end(struct db *db);
/* Instead of the end: nothing was copied, and the transaction can only be rolled back. */
void db_copy_give_up(struct db *db);
/* A query whose rows are handed over one by one as text, as they arrive. The first error of row() ends it and
 * is returned. */
typedef enum err row_fn(void *context, const char *const *values, const int *lengths);
enum err db_stream(struct db *db, const char *sql, const struct params *params, row_fn *row, void *context);

#endif
