/* pack: facts or digests of versions, put together from packs of PACK_ROWS rows as they arrive, at one address. For the
 * files of db/ alone. What is large lies in a temporary file (returns/spill.h) and not in the process. */
#ifndef QD_DB_PACK_H
#define QD_DB_PACK_H

#include "db/pack_code.h"
#include "db/statements.h"
#include "returns/spill.h"

enum { PACK_ROWS = 8192 }; /* of each but the last; the migration that made the table has the same number */

/* Of a row of a result: facts or digests stand in `column`, form and keys in the two from `form` on. */
struct pack_code pack_facts_of(const struct rows *rows, int column, int form);
struct pack_code pack_digests_of(const struct rows *rows, int column, int form);
/* Facts, digests, form, keys. */
void params_pack(struct params *p, const struct pack_code *pack);

/* Belongs to the arena that it is made in, and so does all that points into it. */
struct spill *pack_spill_new(struct db *db, struct arena *a);
/* The offset at which the next version's records begin, aligned for any of them. */
uint64_t pack_begin(struct spill *s);
/* store_packs_make() has them one behind the other: facts, digests, keys of each. */
struct store_packs {
    struct spill *all;
    struct pack_code *codes; /* until packs_show() their texts begin at no address yet */
    uint32_t count, rows;
};
static inline uint32_t pack_rows(const struct store_packs *p, uint32_t number) {
    return number + 1 < p->count ? (uint32_t)PACK_ROWS : p->rows - number * PACK_ROWS;
}
/* Before they are put. ERR_UNAVAILABLE when the disk was full. */
enum err packs_show(struct db *db, struct store_packs *p);

enum err pack_note_full(struct db *db);
/* All that was added; ERR_UNAVAILABLE when the disk is full. */
enum err pack_show(struct db *db, struct spill *s, const char **out_base, bool *out_mapped);

#endif
