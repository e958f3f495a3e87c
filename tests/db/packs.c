/* Packs: the facts and digests of a large version come back whole and in order from its pieces; one that has a gap is
 * never counted; what older programs had stored in one piece is moved. */
#include <stdio.h>
#include <stdlib.h>

#include "base/embed.h"
#include "db/pack.h"
#include "db/store_tally.h"
#include "tests/db/fixture.h"
#include "tests/support/shelf.h"

enum { Q1 = 8100, Q2 = 8101, MANY = 6 * PACK_ROWS + 17 };

/* As fixture_accept() makes it. */
static bool is_pattern(const void *bytes, size_t from, size_t n, int32_t version) {
    const char *p = bytes;
    for (size_t i = 0; i < n; i++)
        if (p[i] != (char)((from + i) * 7 + (size_t)version)) return false;
    return true;
}

static const struct held *find(const struct book *b, int16_t period) {
    for (size_t i = 0; i < b->count; i++)
        if (b->held[i].period == period && b->held[i].part == PART_EPISODES) return &b->held[i];
    return NULL;
}

static bool accept_rows(int16_t period, uint32_t rows, struct store_version *v) {
    return fixture_accept(fx.db, ONE, period, PART_EPISODES, rows, INSTANT_NONE, v) == OK;
}

static void check_whole(const struct held *h, uint32_t rows) {
    CHECK(h && h->rows == rows && h->facts && (uintptr_t)h->facts % 8 == 0, "%u rows are held", rows);
    if (h)
        CHECK(is_pattern(h->facts, 0, rows * sizeof(struct fact_episode), h->version),
              "%u rows, each as it was", rows);
}

static void come_back_whole(void) {
    static const uint32_t SIZES[] = {1, PACK_ROWS - 1, PACK_ROWS, PACK_ROWS + 1, 0, MANY};
    struct store_version v, other;
    CHECK(accept_rows(Q1, 3, &other), "a small return beside it");
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++) {
        struct arena a = ARENA_EMPTY;
        struct book book = {0};
        struct row_digests digests = {0};
        CHECK(accept_rows(Q2, SIZES[i], &v), "%u rows are stored", SIZES[i]);
        CHECK(store_book_load(fx.db, SERVICE, ONE, INSTANT_NONE, UINT32_MAX, &a, &book) == OK, "%s",
              db_last_error(fx.db));
        check_whole(find(&book, Q2), SIZES[i]);
        check_whole(find(&book, Q1), 3);
        CHECK(store_digests_load(fx.db, SERVICE, ONE, Q2, PART_EPISODES, v.version, &a, &digests) == OK &&
                  digests.count == SIZES[i] &&
                  is_pattern(digests.rows, SIZES[i] * sizeof(struct fact_episode), SIZES[i] * 32, v.version),
              "%u digests", SIZES[i]);
        if (SIZES[i] == MANY) CHECK(find(&book, Q2)->facts_mapped, "4 MB of facts are in a file");
        arena_free(&a);
    }
    struct arena a = ARENA_EMPTY;
    struct book book = {0};
    CHECK(store_book_load_beside(fx.db, SERVICE, ONE, Q2, PART_EPISODES, &a, &book) == OK &&
              find(&book, Q2)->facts == NULL && find(&book, Q2)->rows == MANY,
          "the one that is about to be replaced comes without facts");
    check_whole(find(&book, Q1), 3);
    CHECK(store_old_facts_load(fx.db, SERVICE, ONE, PART_EPISODES, &a, &book) == OK && book.count == 5,
          "five versions are superseded: %zu", book.count);
    for (size_t i = 0; i < book.count && i < 5; i++)
        check_whole(&book.held[i], SIZES[i]);
    arena_free(&a);
}

/* ---- counted as they come ---- */

enum { AS_AT = 20500 };

static enum err count_of(str provider, const struct framework *f, struct tally *out) {
    struct store_tally_ask ask = {
        .service = SERVICE, .provider = provider, .known_at = INSTANT_NONE, .framework = f, .as_at = AS_AT};
    return store_tally(fx.db, &ask, out);
}

static enum err count_stored(const struct framework *f, struct tally *out) {
    return count_of(ONE, f, out);
}

static bool same_tally(const struct tally *a, const struct tally *b) {
    size_t periods = (size_t)(a->last - a->first + 1);
    return a->first == b->first && a->last == b->last && a->sent_ever == b->sent_ever &&
           memcmp(a->counts, b->counts, periods * a->element_count * sizeof *a->counts) == 0 &&
           memcmp(a->distinct, b->distinct, periods * a->distinct_count * 2 * sizeof *a->distinct) == 0 &&
           memcmp(a->sent, b->sent, periods * sizeof *a->sent) == 0;
}

/* Of the whole book and as it comes. */
static void check_counted(const struct framework *f, const char *what) {
    struct arena a = ARENA_EMPTY;
    struct book book = {0};
    struct tally whole, came;
    CHECK(store_book_load(fx.db, SERVICE, ONE, INSTANT_NONE, UINT32_MAX, &a, &book) == OK, "%s",
          db_last_error(fx.db));
    tally_count(f, &book, AS_AT, NULL, &whole);
    CHECK(count_stored(f, &came) == OK, "%s: %s", what, db_last_error(fx.db));
    CHECK(book.count > 0 && same_tally(&whole, &came), "%s: the same", what);
    tally_free(&whole);
    tally_free(&came);
    arena_free(&a);
}

/* Row i of the people of a return: quit at 4 weeks; of follow-ups: every third of them was not, a day later. */
static void write_person(enum part_id part, uint32_t i, char *out) {
    uint32_t person = part == PART_EPISODES ? i : 3 * i;
    struct hash128 id = {person + 1, 1};
    int16_t quit = fact_day(period_first_day(Q1) + (int32_t)(person % 90));
    struct fact_episode e = {.id = id, .client = {person % 777, 1}, .quit = quit, .outcome = {1}, .co4 = 3};
    struct fact_follow_up f = {.id = id, .day = (int16_t)(quit + 35), .outcome = 2, .co = FACT_NO_CO};
    e.followed_up[STAGE_4W] = (int16_t)(quit + 28);
    if (part == PART_EPISODES) memcpy(out, &e, sizeof e);
    else memcpy(out, &f, sizeof f);
}

/* They take the places of a pack's rows, in the form that has ids once for facts and digests. */
static enum err put_people(const struct store_version *v, uint32_t number, uint32_t rows) {
    size_t record = part_get(v->part)->fact_bytes;
    char *facts = must_calloc(rows, record);
    struct row_digest *digests = must_calloc(rows, sizeof *digests);
    struct buf room = BUF_EMPTY;
    for (uint32_t i = 0; i < rows; i++) {
        write_person(v->part, number * PACK_ROWS + i, facts + i * record);
        memcpy(&digests[i].key, facts + i * record, sizeof digests[i].key);
    }
    struct pack_code pack = pack_encode((str){facts, rows * record},
                                        (str){(const char *)digests, rows * sizeof *digests}, rows, &room);
    struct params p = params_of();
    params_version(&p, SERVICE, ONE, v->period, (int16_t)v->part, v->version);
    params_int4(&p, (int32_t)number);
    params_pack(&p, &pack);
    struct db *owner = db_new(fx.owner, "test");
    db_act_for(owner, DB_EVERYBODY);
    enum err e = pack.keys.p ? db_query(owner, STMT_pack_change, &p, NULL) : ERR_INTERNAL;
    db_free(owner);
    buf_free(&room);
    free(facts);
    free(digests);
    return e;
}

static void counted_as_they_come(void) {
    struct framework *f = framework_sample();
    struct store_version v, people;
    struct tally t;
    CHECK(count_of(STR("three"), f, &t) == OK && t.first > t.last, "nothing was sent");
    tally_free(&t);
    CHECK(accept_rows(Q1, 0, &v), "a nil return");
    check_counted(f, "a nil return");
    CHECK(accept_rows(Q1, PACK_ROWS + 300, &people) && accept_rows(Q2, 1, &v), "two quarters");
    check_counted(f, "two quarters, in records of which nothing is known");
    CHECK(put_people(&people, 0, PACK_ROWS) == OK && put_people(&people, 1, 300) == OK, "people");
    check_counted(f, "people, whose ids nobody asks for");
    CHECK(count_stored(f, &t) == OK &&
              tally_get(&t, Q1, framework_element_find(f, STR("quit4"))) == PACK_ROWS + 300,
          "all have quit");
    tally_free(&t);
    CHECK(fixture_accept(fx.db, ONE, Q2, PART_FOLLOW_UPS, 200, INSTANT_NONE, &v) == OK &&
              put_people(&v, 0, 200) == OK,
          "follow-ups");
    check_counted(f, "people and follow-ups");
    CHECK(count_stored(f, &t) == OK &&
              tally_get(&t, Q1, framework_element_find(f, STR("quit4"))) == PACK_ROWS + 100,
          "those who are named in them have not");
    tally_free(&t);
    framework_free(f);
}

/* What the database should never hold: each is found before anything is counted. */
static void gaps_are_found(void) {
    static const char *const DAMAGE[] = {
        "DELETE FROM quarterday.pack WHERE period = 8101 AND number = 2",
        "DELETE FROM quarterday.pack WHERE period = 8101 AND number = 0",
        "DELETE FROM quarterday.pack WHERE period = 8101",
        "UPDATE quarterday.pack SET facts = facts || repeat('a', rows)::bytea, digests = digests WHERE period = 8101 AND number = 1",
        "UPDATE quarterday.version SET rows = 1, created = 1, updated = 0, unchanged = 0 WHERE period = 8101",
        "UPDATE quarterday.version SET facts_format = 99 WHERE period = 8101",
    };
    struct framework *framework = framework_sample();
    for (size_t i = 0; i < sizeof DAMAGE / sizeof *DAMAGE; i++) {
        struct store_version v;
        struct arena a = ARENA_EMPTY;
        struct book book = {0};
        CHECK(accept_rows(Q2, MANY, &v) && database_do(fx.owner, DAMAGE[i]), "%s", DAMAGE[i]);
        CHECK(store_book_load(fx.db, SERVICE, ONE, INSTANT_NONE, UINT32_MAX, &a, &book) == ERR_INTERNAL &&
                  strstr(db_last_error(fx.db), "do not fit"),
              "%s: %s", DAMAGE[i], db_last_error(fx.db));
        struct tally t;
        CHECK(count_stored(framework, &t) == ERR_INTERNAL && strstr(db_last_error(fx.db), "do not fit"),
              "%s, counted: %s", DAMAGE[i], db_last_error(fx.db));
        CHECK(store_book_load(fx.db, SERVICE, ONE, INSTANT_NONE, 0, &a, &book) == OK,
              "and the connection lives");
        arena_free(&a);
    }
    framework_free(framework);
    CHECK(database_do(fx.owner, "UPDATE quarterday.version SET facts_format = 1"), "as it was");
}

static void no_room(void) {
    struct store_version v;
    struct arena a = ARENA_EMPTY;
    struct book book = {0};
    CHECK(accept_rows(Q2, MANY, &v), "stored");
    db_spill_to(fx.db, "/nonexistent/folder");
    CHECK(store_book_load(fx.db, SERVICE, ONE, INSTANT_NONE, UINT32_MAX, &a, &book) == ERR_UNAVAILABLE,
          "without room for a file it is not now: %s", db_last_error(fx.db));
    db_spill_to(fx.db, NULL);
    CHECK(store_book_load(fx.db, SERVICE, ONE, INSTANT_NONE, UINT32_MAX, &a, &book) == OK, "later it is");
    arena_free(&a);
}

/* ---- what older programs wrote ---- */

/* The columns as they were before the packs, with what fixture_accept() makes; then the migrations as they are embedded. */
static void what_was_stored_moves(void) {
    static const char BACK[] =
        "SET search_path = quarterday; CREATE TABLE kept AS SELECT * FROM pack;"
        "ALTER TABLE version ADD facts bytea, ADD digests bytea;"
        "UPDATE version v SET facts = substring(pattern FOR l.n), digests = substring(pattern FROM l.n + 1 FOR v.rows * 32) "
        "FROM version w CROSS JOIN LATERAL (SELECT w.rows * CASE w.part WHEN 0 THEN 96 ELSE 24 END AS n) l "
        "CROSS JOIN LATERAL (SELECT decode(repeat((SELECT string_agg(lpad(to_hex((i * 7 + w.version) % 256), 2, '0'), '' ORDER BY i) "
        "FROM generate_series(0, 255) i), (l.n + w.rows * 32) / 256 + 1), 'hex') AS pattern) p "
        "WHERE (w.service, w.provider, w.period, w.part, w.version) = (v.service, v.provider, v.period, v.part, v.version);"
        "DROP TABLE pack; ALTER TABLE version ALTER facts SET NOT NULL, ALTER digests SET NOT NULL;";
    struct store_version v;
    CHECK(accept_rows(Q1, MANY, &v) && accept_rows(Q2, 0, &v), "a large return and a nil return");
    CHECK(fixture_accept(fx.db, TWO, Q1, PART_FOLLOW_UPS, PACK_ROWS, INSTANT_NONE, &v) == OK,
          "and another part");
    CHECK(database_do(fx.owner, BACK), "as it was stored before");
    struct buf sql = BUF_EMPTY;
    buf_add_cstr(&sql, "SET search_path = quarterday;");
    for (size_t i = 0; i < embed_files_count; i++)
        if (str_ends_with(str_of(embed_files[i].name), STR("_packs.sql")) ||
            str_ends_with(str_of(embed_files[i].name), STR("_pack_columns.sql")))
            buf_add(&sql, embed_files[i].bytes, embed_files[i].size);
    buf_add_char(&sql, '\0');
    CHECK(database_do(fx.owner, sql.p), "the migration");
    buf_free(&sql);
    CHECK(strcmp(database_ask(fx.owner,
                              "SELECT count(*) > 6 AND count(*) = (SELECT count(*) FROM quarterday.kept) AND "
                              "bool_and(form = 0 AND keys IS NULL) FROM quarterday.pack"),
                 "t") == 0,
          "as many packs, in the form of before");
    CHECK(strcmp(database_ask(
                     fx.owner,
                     "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'quarterday' AND "
                     "table_name = 'version' AND column_name IN ('facts', 'digests')"),
                 "0") == 0,
          "and nothing is kept twice");
    struct arena a = ARENA_EMPTY;
    struct book book = {0};
    CHECK(store_book_load(fx.db, SERVICE, ONE, INSTANT_NONE, UINT32_MAX, &a, &book) == OK, "%s",
          db_last_error(fx.db));
    check_whole(find(&book, Q1), MANY);
    struct row_digests digests = {0};
    int32_t version = find(&book, Q1) ? find(&book, Q1)->version : 0;
    CHECK(store_digests_load(fx.db, SERVICE, ONE, Q1, PART_EPISODES, version, &a, &digests) == OK &&
              digests.count == MANY &&
              is_pattern(digests.rows, MANY * sizeof(struct fact_episode), MANY * 32ul, version),
          "and its digests");
    arena_free(&a);
}

/* ---- how they are written ---- */

/* What is random in a record, and what repeats; each digest begins as its record does where `shares`. */
static void fill(char *facts, struct row_digest *digests, uint32_t rows, size_t record, bool shares) {
    for (uint32_t i = 0; i < rows; i++) {
        char name[24];
        int n = snprintf(name, sizeof name, "row %u", i);
        struct hash128 id = hash128_of((str){name, (size_t)n}), other = hash128_of((str){name, 3});
        digests[i] = (struct row_digest){.key = shares ? id : other, .content = {id.b, i}};
        for (size_t k = 0; k < record; k++)
            facts[i * record + k] = k < sizeof id ? ((const char *)&id)[k] : (char)(i % 7 * k);
    }
}

static bool comes_back(const struct pack_code *pack, const char *facts, const struct row_digest *digests,
                       uint32_t rows, size_t record) {
    char *f = must_alloc(rows * record + 1);
    struct row_digest *d = must_calloc(rows, sizeof *d);
    struct buf room = BUF_EMPTY;
    bool same = pack_decode_facts(pack, rows, record, f, &room) && pack_decode_digests(pack, rows, d) &&
                memcmp(f, facts, rows * record) == 0 && memcmp(d, digests, rows * sizeof *d) == 0;
    buf_free(&room);
    free(f);
    free(d);
    return same;
}

static void turned_and_back(void) {
    static const size_t RECORDS[] = {0, 12, 16, 24, 56, 72, 96};
    static const uint32_t SIZES[] = {1, 3, 600, PACK_ROWS};
    for (size_t i = 0; i < sizeof RECORDS / sizeof *RECORDS * sizeof SIZES / sizeof *SIZES * 2; i++) {
        size_t record = RECORDS[i / 2 % 7];
        uint32_t rows = SIZES[i / 14];
        bool shares = i % 2 && record > 16;
        char *facts = must_alloc(rows * record + 1);
        struct row_digest *digests = must_calloc(rows, sizeof *digests);
        struct buf room = BUF_EMPTY;
        fill(facts, digests, rows, record, shares);
        str f = {facts, rows * record}, d = {(const char *)digests, rows * sizeof *digests};
        struct pack_code pack = pack_encode(f, d, rows, &room);
        CHECK((pack.keys.p != NULL) == shares, "%zu bytes, %u rows: keys", record, rows);
        CHECK(comes_back(&pack, facts, digests, rows, record), "%zu bytes, %u rows", record, rows);
        CHECK(rows < 600 || record < 56 || pack.facts.n < f.n * 2 / 3, "%zu bytes of %zu", pack.facts.n, f.n);
        CHECK(comes_back(&(struct pack_code){.form = PACK_AS_IT_IS, .facts = f, .digests = d}, facts, digests,
                         rows, record),
              "%zu bytes, %u rows as it is", record, rows);
        struct pack_code bad = pack;
        bad.form = 2;
        CHECK(!comes_back(&bad, facts, digests, rows, record), "another form is not read");
        bad = pack;
        bad.digests.n--;
        CHECK(!comes_back(&bad, facts, digests, rows, record), "nor digests that are too short");
        bad = pack;
        if (record) bad.facts.n--;
        CHECK(!record || !comes_back(&bad, facts, digests, rows, record), "nor facts");
        bad = pack;
        if (shares) bad.keys.n -= 16;
        CHECK(!shares || !comes_back(&bad, facts, digests, rows, record), "nor keys");
        CHECK(!comes_back(&pack, facts, digests, rows + 1, record), "nor what is of fewer rows");
        buf_free(&room);
        free(facts);
        free(digests);
    }
}

void suite_db_packs(void) {
    suite_add("db packs", fixture_begin, fixture_end);
    case_add("what is stored in packs comes back whole", come_back_whole);
    case_add("packs are turned round and back", turned_and_back);
    case_add("counted as they come", counted_as_they_come);
    case_add("no room for a large result", no_room);
    case_add("what was stored in one piece moves", what_was_stored_moves);
    case_add("gaps are found", gaps_are_found);
}
