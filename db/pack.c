#include "db/pack.h"

#include <stdalign.h>

#include "db/store.h"

struct pack_code pack_facts_of(const struct rows *rows, int column, int form) {
    return (struct pack_code){.facts = rows_text(rows, 0, column),
                              .form = rows_int2(rows, 0, form),
                              .keys = rows_text(rows, 0, form + 1)};
}

struct pack_code pack_digests_of(const struct rows *rows, int column, int form) {
    return (struct pack_code){.digests = rows_text(rows, 0, column),
                              .form = rows_int2(rows, 0, form),
                              .keys = rows_text(rows, 0, form + 1)};
}

void params_pack(struct params *p, const struct pack_code *pack) {
    params_bytes(p, pack->facts.n ? pack->facts.p : "", pack->facts.n); /* a part may have none */
    params_bytes(p, pack->digests.p, pack->digests.n);
    params_int2(p, pack->form);
    params_text(p, pack->keys);
}

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

/* ---- making them ---- */

/* The bytes of `rows` rows from row `from` on (0 is the first), of so many in all. */
static str slice(str all, uint32_t from, uint32_t rows, uint32_t of) {
    size_t record = all.n / of;
    return str_sub(all, from * record, (from + rows) * record);
}

static void keep(struct store_packs *p, const struct pack_code *code) {
    spill_add(p->all, code->facts.p, code->facts.n);
    spill_add(p->all, code->digests.p, code->digests.n);
    if (code->keys.p) spill_add(p->all, code->keys.p, code->keys.n);
}

struct store_packs *store_packs_make(struct db *db, const struct row_packs *of, uint32_t rows,
                                     struct arena *a) {
    struct store_packs *p = ARENA_NEW(a, struct store_packs);
    struct buf room = BUF_EMPTY;
    struct body_window facts, digests;
    body_window_begin(&facts, of->facts, of->facts_mapped);
    body_window_begin(&digests, of->digests, of->digests_mapped);
    *p = (struct store_packs){
        .all = pack_spill_new(db, a), .rows = rows, .count = (rows + PACK_ROWS - 1) / PACK_ROWS};
    p->codes = ARENA_ARRAY(a, struct pack_code, p->count);
    for (uint32_t n = 0; n < p->count; n++) {
        str f = slice(of->facts, n * PACK_ROWS, pack_rows(p, n), rows);
        str d = slice(of->digests, n * PACK_ROWS, pack_rows(p, n), rows);
        p->codes[n] = pack_encode(f, d, pack_rows(p, n), &room);
        keep(p, &p->codes[n]);
        if (f.n) body_window_move(&facts, f.p + f.n);
        body_window_move(&digests, d.p + d.n);
    }
    buf_free(&room);
    return p;
}

static void place(str *text, const char **at) {
    if (text->p) text->p = *at;
    *at += text->n;
}

enum err packs_show(struct db *db, struct store_packs *p) {
    const char *at = NULL;
    bool mapped;
    enum err e = pack_show(db, p->all, &at, &mapped);
    for (uint32_t n = 0; e == OK && n < p->count; n++) {
        place(&p->codes[n].facts, &at);
        place(&p->codes[n].digests, &at);
        place(&p->codes[n].keys, &at);
    }
    return e;
}
