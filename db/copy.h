/* copy: many rows in and out without holding them. For store_rows.c alone. */
#ifndef QD_DB_COPY_H
#define QD_DB_COPY_H

#include "db/statements.h"

struct spill;

/* COPY ... FROM STDIN with the bytes of the spill. */
enum err db_copy_in(struct db *db, const char *sql, struct spill *bytes);
/* A query whose rows are handed over one by one as text, as they arrive. The first error of row() ends it and
 * is returned. */
typedef enum err row_fn(void *context, const char *const *values, const int *lengths);
enum err db_stream(struct db *db, const char *sql, const struct params *params, row_fn *row, void *context);

#endif
