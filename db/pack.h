/* pack: facts or digests of versions, put together from packs of PACK_ROWS rows as they arrive, at one address. For the
 * files of db/ alone. What is large lies in a temporary file (returns/spill.h) and not in the process. */
#ifndef QD_DB_PACK_H
#define QD_DB_PACK_H

#include "db/statements.h"
#include "returns/spill.h"

enum { PACK_ROWS = 8192 }; /* of each but the last; the migration that made the table has the same number */

/* Belongs to the arena that it is made in, and so does all that points into it. */
struct spill *pack_spill_new(struct db *db, struct arena *a);
/* The offset at which the next version's records begin, aligned for any of them. */
uint64_t pack_begin(struct spill *s);
enum err pack_note_full(struct db *db);
/* All that was added; ERR_UNAVAILABLE when the disk is full. */
enum err pack_show(struct db *db, struct spill *s, const char **out_base, bool *out_mapped);

#endif
