/* store_book: what is in force of a provider, with the facts from which everything is counted; and a version's digests.
 * They come pack by pack and are put together at one address, in a temporary file where they are large. Packs whose
 * number, length or format does not fit what the program knows are never counted: that is an error. */
#include "db/pack.h"
#include "db/store.h"

struct loading {
    struct db *db;
    struct arena *arena;
    struct spill *facts;
    struct buf scratch; /* to decode in */
    struct held *held;
    uint64_t *begins; /* offset of each one's facts; NOT_WANTED */
    size_t count, room;
};

static const uint64_t NOT_WANTED = UINT64_MAX;

static void grow(struct loading *l) {
    size_t room = l->room ? 2 * l->room : 32;
    struct held *held = ARENA_ARRAY(l->arena, struct held, room);
    uint64_t *begins = ARENA_ARRAY(l->arena, uint64_t, room);
    if (l->count) {
        memcpy(held, l->held, l->count * sizeof *held);
        memcpy(begins, l->begins, l->count * sizeof *begins);
    }
    l->held = held;
    l->begins = begins;
    l->room = room;
}

/* The facts of the newest one are as many as it has rows. */
static bool is_whole(const struct loading *l) {
    if (!l->count || l->begins[l->count - 1] == NOT_WANTED) return true;
    const struct held *h = &l->held[l->count - 1];
    return spill_size(l->facts) - l->begins[l->count - 1] ==
           (uint64_t)h->rows * part_get(h->part)->fact_bytes;
}

static enum err misfit(const struct loading *l) {
    if (l->facts->failed) return pack_note_full(l->db);
    return db_note_bug(l->db, "facts of a version do not fit this program");
}

static bool is_next_pack(const struct loading *l, const struct rows *row) {
    if (!l->count) return false;
    const struct held *h = &l->held[l->count - 1];
    return h->period == rows_int2(row, 0, 0) && h->part == (enum part_id)rows_int2(row, 0, 1) &&
           h->version == rows_int4(row, 0, 2);
}

static enum err begin_held(struct loading *l, const struct rows *row) {
    const struct part *part = part_get((enum part_id)rows_int2(row, 0, 1));
    bool wanted = rows_bool(row, 0, 7);
    if (!is_whole(l) || (wanted && (!part || rows_int2(row, 0, 6) != FACTS_FORMAT))) return misfit(l);
    if (l->count == l->room) grow(l);
    l->begins[l->count] = wanted ? pack_begin(l->facts) : NOT_WANTED;
    l->held[l->count++] = (struct held){
        .period = rows_int2(row, 0, 0),
        .part = (enum part_id)rows_int2(row, 0, 1),
        .version = rows_int4(row, 0, 2),
        .seq = rows_int8(row, 0, 3),
        .received_at = rows_instant(row, 0, 4),
        .rows = (uint32_t)rows_int4(row, 0, 5),
    };
    return OK;
}

static enum err take_pack(void *context, const struct rows *row) {
    struct loading *l = context;
    enum err e = is_next_pack(l, row) ? OK : begin_held(l, row);
    if (e != OK || rows_is_null(row, 0, 8)) return e;
    size_t record = part_get(l->held[l->count - 1].part)->fact_bytes;
    uint32_t rows = (uint32_t)rows_int4(row, 0, 9);
    struct pack_code pack = pack_facts_of(row, 8, 10);
    if (rows > PACK_ROWS) return misfit(l);
    char *out = spill_room(l->facts, rows * record); /* all of it is written */
    if (!pack_decode_facts(&pack, rows, record, out, &l->scratch)) return misfit(l);
    spill_took(l->facts, rows * record);
    return OK;
}

static enum err show(struct loading *l, struct book *out) {
    const char *base;
    bool mapped;
    if (!is_whole(l)) return misfit(l);
    enum err e = pack_show(l->db, l->facts, &base, &mapped);
    if (e != OK) return e;
    for (size_t i = 0; i < l->count; i++) {
        if (l->begins[i] == NOT_WANTED) continue;
        l->held[i].facts = base + l->begins[i];
        l->held[i].facts_mapped = mapped;
    }
    *out = (struct book){l->held, l->count};
    return OK;
}

static enum err load(struct db *db, enum db_stmt stmt, const struct params *p, struct arena *a,
                     struct book *out) {
    struct loading l = {.db = db, .arena = a, .facts = pack_spill_new(db, a)};
    enum err e = db_query_each(db, stmt, p, take_pack, &l);
    buf_free(&l.scratch);
    return e == OK ? show(&l, out) : e;
}

static enum err book_load(struct db *db, str service, str provider, int64_t known_at, uint32_t parts,
                          int16_t without_period, int16_t without_part, struct arena *a, struct book *out) {
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, provider);
    params_instant(&p, known_at);
    params_int4(&p, (int32_t)parts);
    params_int2(&p, without_period);
    params_int2(&p, without_part);
    return load(db, STMT_book_load, &p, a, out);
}

enum err store_book_load(struct db *db, str service, str provider, int64_t known_at, uint32_t parts,
                         struct arena *a, struct book *out) {
    return book_load(db, service, provider, known_at, parts, -1, -1, a, out);
}

enum err store_book_load_beside(struct db *db, str service, str provider, int16_t period, enum part_id part,
                                struct arena *a, struct book *out) {
    return book_load(db, service, provider, INSTANT_NONE, UINT32_MAX, period, (int16_t)part, a, out);
}

enum err store_filled_load(struct db *db, str service, str provider, int16_t period, int64_t known_at,
                           uint32_t parts, struct arena *a, struct book *out) {
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, provider);
    params_int2(&p, period);
    params_instant(&p, known_at);
    params_int4(&p, (int32_t)parts);
    return load(db, STMT_filled_facts_load, &p, a, out);
}

enum err store_old_facts_load(struct db *db, str service, str provider, enum part_id part, struct arena *a,
                              struct book *out) {
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, provider);
    params_int2(&p, (int16_t)part);
    return load(db, STMT_old_facts_load, &p, a, out);
}

enum err store_facts_load(struct db *db, str service, str provider, int16_t period, enum part_id part,
                          int32_t version, struct arena *a, struct book *out) {
    struct params p = params_of();
    params_version(&p, service, provider, period, (int16_t)part, version);
    enum err e = load(db, STMT_facts_load, &p, a, out);
    return e == OK && out->count == 0 ? ERR_NOT_FOUND : e;
}

struct digests_loading {
    struct db *db;
    struct spill *digests;
    int64_t rows; /* -1: no such version */
};

static enum err take_digests(void *context, const struct rows *row) {
    struct digests_loading *l = context;
    l->rows = rows_int4(row, 0, 0);
    if (rows_is_null(row, 0, 1)) return OK;
    uint32_t rows = (uint32_t)rows_int4(row, 0, 2);
    struct pack_code pack = pack_digests_of(row, 1, 3);
    bool fits = rows <= PACK_ROWS;
    size_t bytes = fits ? rows * sizeof(struct row_digest) : 0;
    void *out = spill_room(l->digests, bytes); /* all of it is written */
    if (!fits || !pack_decode_digests(&pack, rows, out))
        return db_note_bug(l->db, "digests of a version do not fit its rows");
    spill_took(l->digests, bytes);
    return OK;
}

void store_digests_ahead(struct db *db, str service, str provider, int16_t period, enum part_id part,
                         int32_t version, uint32_t rows) {
    struct params p = params_of();
    if (rows > PACK_ROWS) return;
    params_version(&p, service, provider, period, (int16_t)part, version);
    db_ahead(db, STMT_digests_load, &p);
}

enum err store_digests_load(struct db *db, str service, str provider, int16_t period, enum part_id part,
                            int32_t version, struct arena *a, struct row_digests *out) {
    struct params p = params_of();
    params_version(&p, service, provider, period, (int16_t)part, version);
    struct digests_loading l = {db, pack_spill_new(db, a), -1};
    const char *base;
    bool mapped;
    enum err e = db_query_each(db, STMT_digests_load, &p, take_digests, &l);
    if (e == OK && l.rows < 0) return ERR_NOT_FOUND;
    if (e == OK && !l.digests->failed &&
        spill_size(l.digests) != (uint64_t)l.rows * sizeof(struct row_digest))
        return db_note_bug(db, "digests of a version do not fit its rows");
    if (e == OK) e = pack_show(db, l.digests, &base, &mapped);
    if (e == OK) *out = (struct row_digests){(const void *)base, (size_t)l.rows, mapped};
    return e;
}
