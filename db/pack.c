#include "db/pack.h"

#include <stdalign.h>

static void end(void *what) {
    spill_free(what);
}

struct spill *pack_spill_new(struct db *db, struct arena *a) {
    struct spill *s = ARENA_NEW(a, struct spill);
    spill_begin(s, db->spill_dir);
    arena_on_free(a, end, s);
    return s;
}

uint64_t pack_begin(struct spill *s) {
    static const char NOTHING[alignof(max_align_t)];
    size_t over = (size_t)(spill_size(s) % sizeof NOTHING);
    if (over) spill_add(s, NOTHING, sizeof NOTHING - over);
    return spill_size(s);
}

enum err pack_note_full(struct db *db) {
    return db_note_full(db, "there is no room left in the spool directory for the facts of a return");
}

enum err pack_show(struct db *db, struct spill *s, const char **out_base, bool *out_mapped) {
    str all;
    enum err e = spill_map(s, &all, out_mapped);
    if (e != OK) return pack_note_full(db);
    *out_base = all.p ? all.p : ""; /* also nothing has an address */
    return OK;
}
