/* store_book: what is in force of a provider, with the facts packs from which everything is counted; and its
 * versions' digests. A pack whose length or format does not fit what the program knows is never counted: it
 * is an error. */
#include "db/statements.h"
#include "db/store.h"

static enum err held_of(struct db *db, const struct rows *rows, int row, struct arena *a, struct held *out) {
    const struct part *part = part_get((enum part_id)rows_int2(rows, row, 1));
    uint32_t count = (uint32_t)rows_int4(rows, row, 5);
    str facts = rows_text(rows, row, 7);
    *out = (struct held){
        .period = rows_int2(rows, row, 0),
        .part = (enum part_id)rows_int2(rows, row, 1),
        .version = rows_int4(rows, row, 2),
        .seq = rows_int8(rows, row, 3),
        .received_at = rows_instant(rows, row, 4),
        .rows = count,
    };
    if (!facts.p) return OK;
    if (!part || rows_int2(rows, row, 6) != FACTS_FORMAT || facts.n != count * part->fact_bytes)
        return db_note_bug(db, "facts of a version do not fit this program");
    void *copy = arena_alloc(a, facts.n);
    memcpy(copy, facts.p, facts.n);
    out->facts = copy;
    return OK;
}

static enum err load(struct db *db, enum db_stmt stmt, const struct params *p, struct arena *a,
                     struct book *out) {
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, stmt, p, &rows);
    if (e != OK) return e;
    int n = rows_count(&rows);
    struct held *held = ARENA_ARRAY(a, struct held, (size_t)n);
    for (int i = 0; e == OK && i < n; i++)
        e = held_of(db, &rows, i, a, &held[i]);
    if (e == OK) *out = (struct book){held, (size_t)n};
    return e;
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

enum err store_old_facts_load(struct db *db, str service, str provider, enum part_id part, struct arena *a,
                              struct book *out) {
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, provider);
    params_int2(&p, (int16_t)part);
    return load(db, STMT_old_facts_load, &p, a, out);
}

enum err store_digests_load(struct db *db, str service, str provider, int16_t period, enum part_id part,
                            int32_t version, struct arena *a, struct row_digest **out, size_t *out_count) {
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, provider);
    params_int2(&p, period);
    params_int2(&p, (int16_t)part);
    params_int4(&p, version);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_digests_load, &p, &rows);
    if (e != OK) return e;
    if (rows_count(&rows) == 0) return ERR_NOT_FOUND;
    str packed = rows_text(&rows, 0, 0);
    size_t n = packed.n / sizeof(struct row_digest);
    *out = ARENA_ARRAY(a, struct row_digest, n);
    memcpy(*out, packed.p, n * sizeof **out);
    *out_count = n;
    return OK;
}
