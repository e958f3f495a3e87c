/* carrier: a thread that takes the rows of a COPY to the database, while whoever makes them goes on making them, and then on with what
 * is to be done besides. What it has not come to yet waits in memory or, where that is much, in a file (returns/spill.h). For
 * store_rows.c alone.
 *
 * From carrier_begin() to carrier_end() the connection is the carrier's: nobody else may ask it anything. */
#ifndef QD_DB_CARRIER_H
#define QD_DB_CARRIER_H

#include "db/statements.h"

struct carrier;
/* Takes over sql. is_large: it may take ten minutes. */
struct carrier *carrier_begin(struct db *db, char *sql, bool is_large);
/* What has gone wrong so far. Never waits for the database. */
enum err carrier_give(struct carrier *c, const void *bytes, size_t n);
/* No more will be given: the COPY may end as soon as all is there. */
void carrier_last(struct carrier *c);
/* Waits until the COPY has ended, well or not, and frees the carrier. Before carrier_last(): nothing is copied, the transaction can only
 * be rolled back, and an error is one that came before. */
enum err carrier_end(struct carrier *c);

#endif
