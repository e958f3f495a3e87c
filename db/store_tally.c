/* store_tally: counts what is in force of a provider while it comes from the database: its episodes are never all in memory, nor in a file. What the
 * other parts say is there before the first of them (db/sql/tally_load.sql). Packs whose number, length or format does not fit what the program knows
 * are an error, and nothing that was counted until then is told. */
#include "db/store_tally.h"

#include "db/pack.h"

enum { STEP_VERSIONS, STEP_OTHER_PARTS, STEP_EPISODES };
enum { AT_ONCE = 256 }; /* rows: as many as are counted together */

struct counting {
    struct db *db;
    struct arena *arena;
    const struct store_tally_ask *ask;
    struct book book;
    size_t room;
    /* Beside each that is held. */
    uint64_t *begins;          /* offset of its facts */
    uint32_t *came;            /* rows */
    struct spill *facts;       /* of the other parts */
    struct tallying *tallying; /* NULL: no episode has come yet */
    struct buf scratch;
    struct fact_episode rows[AT_ONCE];
};

/* Parts without facts, and those that nothing counts, stay where they are. */
static const uint32_t COUNTED = 1u << PART_EPISODES | 1u << PART_FOLLOW_UPS | 1u << PART_HARM_REDUCTION |
                                1u << PART_REFERRALS | 1u << PART_CONTACTS | 1u << PART_TRAINING_SESSIONS |
                                1u << PART_SITES | 1u << PART_NATIONAL;

static enum err misfit(const struct counting *c) {
    if (c->facts->failed) return pack_note_full(c->db);
    return db_note_bug(c->db, "facts of a version do not fit this program");
}

static void grow(struct counting *c) {
    size_t count = c->book.count, room = c->room ? 2 * c->room : 32;
    struct held *held = ARENA_ARRAY(c->arena, struct held, room);
    if (count) memcpy(held, c->book.held, count * sizeof *held);
    c->book.held = held;
    c->room = room;
}

static bool is_counted(enum part_id part) {
    return part < PART_COUNT && COUNTED >> part & 1u;
}

static enum err take_version(struct counting *c, const struct rows *row) {
    enum part_id part = (enum part_id)rows_int2(row, 0, 2);
    if (is_counted(part) && rows_int2(row, 0, 7) != FACTS_FORMAT) return misfit(c);
    if (c->book.count == c->room) grow(c);
    c->book.held[c->book.count++] = (struct held){
        .period = rows_int2(row, 0, 1),
        .part = part,
        .version = rows_int4(row, 0, 3),
        .seq = rows_int8(row, 0, 4),
        .received_at = rows_instant(row, 0, 5),
        .rows = (uint32_t)rows_int4(row, 0, 6),
    };
    return OK;
}

/* Which of the versions a pack belongs to; all of them are there before the first. */
static size_t version_of(struct counting *c, const struct rows *row) {
    size_t i = 0;
    if (!c->begins) {
        c->begins = ARENA_ARRAY(c->arena, uint64_t, c->book.count + 1);
        c->came = ARENA_ARRAY(c->arena, uint32_t, c->book.count + 1);
    }
    while (i < c->book.count && (c->book.held[i].period != rows_int2(row, 0, 1) ||
                                 c->book.held[i].part != (enum part_id)rows_int2(row, 0, 2)))
        i++;
    return i;
}

/* ---- the other parts: kept until the end ---- */

static enum err take_other(struct counting *c, size_t at, uint32_t rows, const struct pack_code *pack) {
    size_t record = part_get(c->book.held[at].part)->fact_bytes;
    if (!c->came[at]) c->begins[at] = pack_begin(c->facts);
    char *out = spill_room(c->facts, rows * record); /* all of it is written */
    if (!pack_decode_facts(pack, rows, record, out, &c->scratch)) return misfit(c);
    spill_took(c->facts, rows * record);
    return OK;
}

static enum err show_others(struct counting *c) {
    const char *base;
    bool mapped;
    enum err e = pack_show(c->db, c->facts, &base, &mapped);
    for (size_t i = 0; e == OK && i < c->book.count; i++) {
        struct held *h = &c->book.held[i];
        if (h->part == PART_EPISODES || !is_counted(h->part)) continue;
        h->facts = base + (c->begins ? c->begins[i] : 0);
        h->facts_mapped = mapped;
        if (h->rows != (c->came ? c->came[i] : 0)) return misfit(c);
    }
    return e;
}

static enum err begin(struct counting *c) {
    enum err e = c->tallying ? OK : show_others(c);
    if (e != OK || c->tallying) return e;
    c->tallying =
        tally_begin(c->ask->framework, &c->book, c->ask->as_at, &(struct tally_filter){c->ask->authority});
    return OK;
}

/* ---- episodes: counted as they come ---- */

static enum err take_episodes(struct counting *c, size_t at, uint32_t rows, const struct pack_code *pack) {
    struct pack_open open;
    enum err e = begin(c);
    if (e != OK) return e;
    if (!pack_open_facts(pack, rows, sizeof *c->rows, &c->scratch, &open)) return misfit(c);
    for (uint32_t from = 0; from < rows; from += AT_ONCE) {
        uint32_t count = rows - from < AT_ONCE ? rows - from : AT_ONCE;
        pack_take_facts(&open, from, count, (char *)c->rows);
        tally_episodes(c->tallying, &c->book.held[at], c->rows, count);
    }
    return OK;
}

static enum err take_pack(struct counting *c, const struct rows *row) {
    size_t at = version_of(c, row);
    uint32_t rows = (uint32_t)rows_int4(row, 0, 6);
    struct pack_code pack = pack_facts_of(row, 8, 9);
    pack.lacks_keys = rows_bool(row, 0, 11) && !pack.keys.p;
    /* What counts them has room for as many as the version says. */
    if (at == c->book.count || rows > c->book.held[at].rows - c->came[at]) return misfit(c);
    bool of_episodes = rows_int4(row, 0, 0) == STEP_EPISODES;
    enum err e = (of_episodes ? take_episodes : take_other)(c, at, rows, &pack);
    c->came[at] += rows;
    return e;
}

static enum err take(void *context, const struct rows *row) {
    struct counting *c = context;
    return rows_int4(row, 0, 0) == STEP_VERSIONS ? take_version(c, row) : take_pack(c, row);
}

static bool all_came(const struct counting *c) {
    for (size_t i = 0; i < c->book.count; i++)
        if (is_counted(c->book.held[i].part) && c->book.held[i].rows != (c->came ? c->came[i] : 0))
            return false;
    return true;
}

static enum err end(struct counting *c, enum err e, struct tally *out) {
    if (e == OK) e = begin(c);
    if (e == OK && !all_came(c)) e = misfit(c);
    buf_free(&c->scratch);
    if (!c->tallying) return e;
    tally_end(c->tallying, out);
    if (e != OK) tally_free(out);
    return e;
}

enum err store_tally(struct db *db, const struct store_tally_ask *ask, struct tally *out) {
    struct arena a = ARENA_EMPTY;
    struct counting *c = ARENA_NEW(&a, struct counting);
    struct params p = params_of();
    c->db = db;
    c->arena = &a;
    c->ask = ask;
    c->facts = pack_spill_new(db, &a);
    params_text(&p, ask->service);
    params_text(&p, ask->provider);
    params_instant(&p, ask->known_at);
    params_int4(&p, (int32_t)COUNTED);
    enum err e = end(c, db_query_each(db, STMT_tally_load, &p, take, c), out);
    arena_free(&a);
    return e;
}
