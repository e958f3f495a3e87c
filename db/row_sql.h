/* row_sql: statements over the rows of a part. They are templates: the table and its columns come from the part's description (constants of
 * the program), so that a new column is one line there and a migration. For the files of db/ alone. */
#ifndef QD_DB_ROW_SQL_H
#define QD_DB_ROW_SQL_H

#include "db/statements.h"
#include "returns/part.h"

/* The text of a statement with every {name} filled in: the part's view, number, columns, and what erases people.
 * free() it. */
char *row_sql_fill(enum db_stmt stmt, const struct part *part);

#endif
