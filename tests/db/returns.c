/* What a return leaves in the database, and how it comes back: rows, versions, packs, stamps. */
#include <stdio.h>
#include <stdlib.h>

#include "base/embed.h"
#include "db/store_changes.h"
#include "tests/db/fixture.h"

static const int16_t Q1 = 2025 * 4 + 0, Q2 = 2025 * 4 + 1, Q3 = 2025 * 4 + 2, Q4 = 2025 * 4 + 3;

/* ---- rows ---- */

struct expected {
    const struct part *part;
    uint32_t row, stop_at;
    unsigned wrong;
};

static enum err compare_row(void *context, const char *const *values, const int *lengths) {
    struct expected *x = context;
    size_t stored = 0;
    x->row++;
    for (size_t c = 0; c < x->part->column_count; c++) {
        if (x->part->columns[c].flags & COLUMN_NOT_STORED) continue;
        const char *want = fixture_value(x->part, c, x->row);
        const char *got = values[stored];
        bool same = want ? got && str_is((str){got, (size_t)lengths[stored]}, want) : !got;
        if (!same && x->wrong++ < 3)
            fprintf(stderr, "row %u %s: '%s' came back as '%.*s'\n", x->row, x->part->columns[c].name,
                    want ? want : "(blank)", got ? lengths[stored] : 7, got ? got : "(blank)");
        stored++;
    }
    return x->row == x->stop_at ? ERR_CONFLICT : OK;
}

static void rows_round_trip(void) {
    for (int id = 0; id < PART_COUNT; id++) {
        const struct part *part = part_get((enum part_id)id);
        if (!part) continue;
        struct store_version v;
        CHECK(fixture_accept(fx.db, ONE, Q1, part->id, 3000, INSTANT_NONE, &v) == OK, "%s", part->name);
        struct expected x = {.part = part};
        enum err e = store_rows_read(fx.db, SERVICE, ONE, Q1, part, v.version, compare_row, &x);
        CHECK(e == OK && x.row == 3000 && x.wrong == 0, "%s: %d, %u rows, %u cells differ; %s", part->name, e,
              x.row, x.wrong, db_last_error(fx.db));
    }
}

struct pairs_seen {
    const struct part *part;
    unsigned rows, cells;
    int32_t before[4], after[4];
};
static enum err see_pair(void *context, const struct store_change *c) {
    struct pairs_seen *seen = context;
    if (seen->rows < 4) {
        seen->before[seen->rows] = c->row_before;
        seen->after[seen->rows] = c->row_after;
    }
    seen->rows++;
    size_t at = 0;
    for (size_t i = 0; i < seen->part->column_count; i++) {
        if (seen->part->columns[i].flags & COLUMN_NOT_STORED) continue;
        seen->cells += c->before[at] || c->after[at];
        at++;
    }
    return OK;
}

/* Rows of two versions come as they are asked for, and only those; every pair of a row with itself differs nowhere, with another
 * somewhere. */
static void changes_of_every_part(void) {
    static const struct row_change ASKED[] = {{2000, 7}, {0, 3}, {2500, 0}, {12, 12}}, SAME = {12, 12};
    for (int id = 0; id < PART_COUNT; id++) {
        const struct part *part = part_get((enum part_id)id);
        if (!part) continue;
        struct store_version first, second;
        CHECK(fixture_accept(fx.db, TWO, Q4, part->id, 3000, INSTANT_NONE, &first) == OK, "%s", part->name);
        CHECK(fixture_accept(fx.db, TWO, Q4, part->id, 2000, INSTANT_NONE, &second) == OK, "%s", part->name);
        struct store_change_ask ask = {SERVICE, TWO, Q4, part, first.version, second.version};
        struct pairs_seen seen = {.part = part};
        enum err e = store_changes_read(fx.db, &ask, ASKED, 4, see_pair, &seen);
        CHECK(e == OK && seen.rows == 4 && seen.cells > 0, "%s: %d %s: %u rows", part->name, e,
              db_last_error(fx.db), seen.rows);
        for (size_t i = 0; i < 4; i++)
            CHECK((uint32_t)seen.before[i] == ASKED[i].before && (uint32_t)seen.after[i] == ASKED[i].after,
                  "%s: pair %zu is %d and %d", part->name, i, seen.before[i], seen.after[i]);
        uint64_t columns[COLUMNS_MAX], all = 0, none = 0;
        e = store_changes_columns(fx.db, &ask, ASKED, 4, columns);
        for (size_t i = 0; i < part->column_count; i++) {
            all += columns[i];
            CHECK(columns[i] <= 1, "%s: %s differs in %llu of one", part->name, part->columns[i].name,
                  (unsigned long long)columns[i]);
        }
        CHECK(e == OK && all > 0, "%s: row 2000 is not row 7: %s", part->name, db_last_error(fx.db));
        e = store_changes_columns(fx.db, &ask, &SAME, 1, columns);
        for (size_t i = 0; i < part->column_count; i++)
            none += columns[i];
        CHECK(e == OK && none == 0, "%s: row 12 is as it was", part->name);
        CHECK(store_changes_read(fx.db, &ask, NULL, 0, see_pair, &seen) == OK && seen.rows == 4,
              "%s: of nothing asked for nothing comes", part->name);
    }
}

static void reading_can_stop(void) {
    struct store_version v;
    const struct part *part = part_get(PART_FOLLOW_UPS);
    CHECK(fixture_accept(fx.db, ONE, Q2, PART_FOLLOW_UPS, 20000, INSTANT_NONE, &v) == OK, "stored");
    struct expected x = {.part = part, .stop_at = 3};
    CHECK(store_rows_read(fx.db, SERVICE, ONE, Q2, part, v.version, compare_row, &x) == ERR_CONFLICT,
          "the reader's own error is given");
    CHECK(x.row == 3, "%u", x.row);
    CHECK(db_ping(fx.db, NULL) == OK, "the connection is good for the next statement: %s",
          db_last_error(fx.db));
}

static void no_rows(void) {
    struct store_version v;
    struct arena a = ARENA_EMPTY;
    struct book book;
    CHECK(fixture_accept(fx.db, ONE, Q3, PART_EPISODES, 0, INSTANT_NONE, &v) == OK, "a nil return");
    CHECK(store_book_load(fx.db, SERVICE, ONE, INSTANT_NONE, UINT32_MAX, &a, &book) == OK, "%s",
          db_last_error(fx.db));
    bool found = false;
    for (size_t i = 0; i < book.count; i++)
        found |= book.held[i].period == Q3 && book.held[i].part == PART_EPISODES && book.held[i].rows == 0 &&
                 book.held[i].facts;
    CHECK(found, "a nil return is in force, and has (empty) facts");
    arena_free(&a);
}

/* The same row twice, as two uploads that race for one version would: the second is told, and nothing of it
 * stays. */
static enum err copy_only(struct db *db, void *context, struct fault *fault) {
    return store_rows_copy(db, part_get(PART_FOLLOW_UPS), context, fault);
}

static void same_version_twice(void) {
    struct store_version v;
    CHECK(fixture_accept(fx.db, TWO, Q1, PART_FOLLOW_UPS, 5, INSTANT_NONE, &v) == OK, "stored");
    struct spill again;
    struct fault fault = {.err = OK};
    fixture_rows(part_get(PART_FOLLOW_UPS), TWO, Q1, v.version, 5, &again);
    enum err e = db_transaction(fx.db, &(struct db_work){.run = copy_only, .context = &again}, &fault);
    CHECK(e == ERR_CONFLICT && fault.detail[0], "%d %s", e, fault.detail);
    spill_free(&again);
    CHECK(strcmp(database_ask(fx.owner,
                              "SELECT count(*) FROM follow_up WHERE provider = 'two' AND period = 8100"),
                 "5") == 0,
          "still five rows");
}

/* ---- what older programs wrote ---- */

/* The tables of before, a row of them for each row, with what the views show; then the migration as it is embedded. */
static void rows_move_into_packs(void) {
    static const char BACK[] =
        "SET search_path = quarterday; DO $$ DECLARE name text; BEGIN FOR name IN SELECT relname FROM pg_class WHERE relkind = 'v' AND "
        "relnamespace = 'quarterday'::regnamespace LOOP "
        "EXECUTE format('CREATE TABLE %I AS SELECT * FROM %I', 'kept_' || name, name); EXECUTE format('DROP VIEW %I', name); "
        "EXECUTE format('CREATE TABLE %I (LIKE %I)', name || '_stored', 'kept_' || name); "
        "EXECUTE format('INSERT INTO %I SELECT * FROM %I', name || '_stored', 'kept_' || name); "
        "EXECUTE format('CREATE TABLE %I (LIKE %I) PARTITION BY LIST (service)', name, 'kept_' || name); "
        "EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I DEFAULT', name, name || '_stored'); END LOOP; END $$; "
        "CREATE TABLE kept_packs AS SELECT * FROM row_pack; DROP TABLE row_pack; DROP FUNCTION text_of_line, text_to_line;";
    static const char DIFFER[] =
        "SELECT string_agg(n || ' ' || x, ', ') FROM (SELECT substr(relname, 6) AS n, "
        "(xpath('/row/c/text()', query_to_xml(format('SELECT (SELECT count(*) FROM (SELECT * FROM quarterday.%1$I EXCEPT SELECT * FROM "
        "quarterday.%2$I) a) + (SELECT count(*) FROM (SELECT * FROM quarterday.%2$I EXCEPT SELECT * FROM quarterday.%1$I) b) AS c', "
        "relname, CASE relname WHEN 'kept_packs' THEN 'row_pack' ELSE substr(relname, 6) END), false, true, '')))[1]::text AS x "
        "FROM pg_class WHERE relname LIKE 'kept\\_%' AND relkind = 'r') d WHERE x <> '0'";
    for (int id = 0; id < PART_COUNT; id++) {
        struct store_version v;
        CHECK(fixture_accept(fx.db, TWO, Q3, (enum part_id)id, 2049, INSTANT_NONE, &v) == OK, "part %d", id);
    }
    CHECK(database_do(fx.owner, BACK), "as it was stored before");
    struct buf sql = BUF_EMPTY;
    buf_add_cstr(&sql, "SET search_path = quarterday;");
    for (size_t i = 0; i < embed_files_count; i++)
        if (str_ends_with(str_of(embed_files[i].name), STR("_row_lines.sql")))
            buf_add(&sql, embed_files[i].bytes, embed_files[i].size);
    buf_add_char(&sql, '\0');
    CHECK(database_do(fx.owner, sql.p), "the migration");
    buf_free(&sql);
    const char *differ = database_ask(fx.owner, DIFFER);
    CHECK(!differ[0], "every pack is what it was, and every row: %s", differ);
}

static void broken_copy(void) {
    struct spill bad;
    struct fault fault = {.err = OK};
    spill_begin(&bad, "/tmp");
    spill_add(&bad, "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0\0\1garbage", 28);
    enum err e = db_transaction(fx.db, &(struct db_work){.run = copy_only, .context = &bad}, &fault);
    CHECK(e == ERR_INTERNAL, "%d %s", e, fault.detail);
    bad.failed = true; /* what was spilled cannot be read back */
    e = db_transaction(fx.db, &(struct db_work){.run = copy_only, .context = &bad}, &fault);
    CHECK(e == ERR_UNAVAILABLE, "%d %s", e, fault.detail);
    spill_free(&bad);
    CHECK(db_ping(fx.db, NULL) == OK, "%s", db_last_error(fx.db));
}

/* ---- what is in force ---- */

static const struct held *find(const struct book *b, int16_t period, enum part_id part) {
    for (size_t i = 0; i < b->count; i++)
        if (b->held[i].period == period && b->held[i].part == part) return &b->held[i];
    return NULL;
}

static void known_at(void) {
    struct arena a = ARENA_EMPTY;
    struct store_version v[3];
    int64_t t0 = instant_now() + 3600 * INT64_C(1000000);
    for (int i = 0; i < 3; i++)
        CHECK(fixture_accept(fx.db, TWO, Q2, PART_EPISODES, (uint32_t)(10 + i), t0 + i * 1000, &v[i]) == OK,
              "%s", db_last_error(fx.db));
    static const struct {
        const char *label;
        int64_t after;
        uint32_t rows;
    } CASES[] = {
        {"a microsecond before the first", -1, 0},
        {"at the first", 0, 10},
        {"just before the second", 999, 10},
        {"at the second", 1000, 11},
        {"between second and third", 1500, 11},
        {"at the third", 2000, 12},
        {"long after", 1000000, 12},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct book book;
        enum err e = store_book_load(fx.db, SERVICE, TWO, t0 + CASES[i].after, UINT32_MAX, &a, &book);
        const struct held *h = e == OK ? find(&book, Q2, PART_EPISODES) : NULL;
        CHECK(CASES[i].rows ? h && h->rows == CASES[i].rows : !h, "%s: %u", CASES[i].label, h ? h->rows : 0);
    }
    struct book book;
    CHECK(store_book_load(fx.db, SERVICE, TWO, INSTANT_NONE, 1u << PART_EPISODES, &a, &book) == OK, "%s",
          db_last_error(fx.db));
    const struct held *h = find(&book, Q2, PART_EPISODES), *other = find(&book, Q1, PART_FOLLOW_UPS);
    CHECK(h && h->seq == v[2].seq && h->version == 3 && h->received_at == t0 + 2000,
          "the newest, as it was stored");
    CHECK(h && h->facts && (uintptr_t)h->facts % 8 == 0 &&
              ((const unsigned char *)h->facts)[3] == (unsigned char)(3 * 7 + 3),
          "its facts, aligned");
    CHECK(other && !other->facts && other->rows == 5, "a part that was not asked for comes without facts");
    struct book old;
    CHECK(store_old_facts_load(fx.db, SERVICE, TWO, PART_EPISODES, &a, &old) == OK && old.count == 2,
          "two superseded: %zu", old.count);
    CHECK(store_old_facts_load(fx.db, SERVICE, TWO, PART_FOLLOW_UPS, &a, &old) == OK && old.count == 0,
          "none superseded");
    CHECK(store_book_load(fx.db, SERVICE, STR("nobody"), INSTANT_NONE, UINT32_MAX, &a, &book) == OK &&
              book.count == 0,
          "nobody has nothing");
    arena_free(&a);
}

/* Every provider's, as each by itself. */
static void of_all_providers(void) {
    struct arena a = ARENA_EMPTY;
    struct store_provider_book *books;
    size_t count;
    static const int64_t AGO[] = {INSTANT_NONE, 0, 3600 * INT64_C(1000000)};
    for (size_t t = 0; t < sizeof AGO / sizeof AGO[0]; t++) {
        int64_t known = AGO[t] == INSTANT_NONE ? INSTANT_NONE : instant_now() + AGO[t] + 1500;
        CHECK(store_books_list(fx.db, SERVICE, known, &a, &books, &count) == OK, "%s", db_last_error(fx.db));
        CHECK(count >= 2, "%zu providers", count);
        for (size_t i = 0; i < count; i++) {
            struct book own;
            CHECK(i == 0 || str_cmp(books[i - 1].provider, books[i].provider) < 0, "by id, each once");
            CHECK(store_book_load(fx.db, SERVICE, books[i].provider, known, 0, &a, &own) == OK &&
                      own.count == books[i].book.count,
                  "%.*s: %zu of %zu", STR_ARG(books[i].provider), books[i].book.count, own.count);
            for (size_t h = 0; h < own.count; h++) {
                const struct held *x = &own.held[h], *y = find(&books[i].book, x->period, x->part);
                CHECK(y && y->version == x->version && y->seq == x->seq && y->received_at == x->received_at &&
                          y->rows == x->rows && !y->facts,
                      "%.*s, part %d of %d", STR_ARG(books[i].provider), x->part, x->period);
            }
        }
    }
    CHECK(store_books_list(fx.db, STR("nobody"), INSTANT_NONE, &a, &books, &count) == OK && count == 0,
          "nobody has nothing");
    arena_free(&a);
}

/* What was sent for a quarter before it was taken back by a nil return; also as known before and after. */
static void filled_although_taken_back(void) {
    static const int16_t PERIOD = 8091;
    static const uint32_t ROWS[] = {7, 9, 0};
    const uint32_t BOTH = 1u << PART_EPISODES | 1u << PART_NATIONAL;
    struct arena a = ARENA_EMPTY;
    struct store_version v[3], other;
    struct book book;
    int64_t t0 = instant_now() + 10800 * INT64_C(1000000);
    for (int i = 0; i < 3; i++)
        CHECK(fixture_accept(fx.db, ONE, PERIOD, PART_NATIONAL, ROWS[i], t0 + i * 1000, &v[i]) == OK, "%s",
              db_last_error(fx.db));
    CHECK(fixture_accept(fx.db, ONE, PERIOD, PART_EPISODES, 5, t0 + 3000, &other) == OK &&
              fixture_accept(fx.db, ONE, PERIOD, PART_FOLLOW_UPS, 5, t0 + 4000, &other) == OK &&
              fixture_accept(fx.db, ONE, PERIOD + 1, PART_NATIONAL, 3, t0 + 5000, &other) == OK,
          "what is not asked for");
    CHECK(store_filled_load(fx.db, SERVICE, ONE, PERIOD, INSTANT_NONE, BOTH, &a, &book) == OK &&
              book.count == 2,
          "two parts of one period: %s", db_last_error(fx.db));
    const struct held *h = find(&book, PERIOD, PART_NATIONAL), *e = find(&book, PERIOD, PART_EPISODES);
    CHECK(h && h->version == 2 && h->rows == 9 && h->seq == v[1].seq && h->received_at == t0 + 1000,
          "the newest that has rows");
    CHECK(h && h->facts && (uintptr_t)h->facts % 8 == 0 &&
              ((const unsigned char *)h->facts)[3] == (unsigned char)(3 * 7 + 2),
          "its facts, aligned");
    CHECK(e && e->version == 1 && e->rows == 5 && e->facts, "beside the episodes");
    CHECK(store_filled_load(fx.db, SERVICE, ONE, PERIOD, t0 + 999, BOTH, &a, &book) == OK &&
              book.count == 1 && book.held[0].version == 1,
          "as known before the second");
    CHECK(store_filled_load(fx.db, SERVICE, ONE, PERIOD, t0 - 1, BOTH, &a, &book) == OK && book.count == 0,
          "before the first nothing");
    CHECK(store_filled_load(fx.db, SERVICE, TWO, PERIOD, INSTANT_NONE, BOTH, &a, &book) == OK &&
              book.count == 0,
          "nor of another provider");
    arena_free(&a);
}

static void clock_steps_back(void) {
    struct store_version first, second;
    int64_t t = instant_now() + 7200 * INT64_C(1000000);
    CHECK(fixture_accept(fx.db, TWO, Q3, PART_EPISODES, 1, t, &first) == OK, "first");
    CHECK(fixture_accept(fx.db, TWO, Q3, PART_EPISODES, 2, t - 5000, &second) == OK, "second");
    CHECK(first.received_at >= t && second.received_at == first.received_at + 1,
          "received one microsecond later than the one before: %+lld",
          (long long)(second.received_at - first.received_at));
    CHECK(second.seq > first.seq, "and later in the order of receipt");
}

static void stamps(void) {
    struct arena a = ARENA_EMPTY;
    struct store_service before, after;
    struct store_version v;
    struct store_provider *list;
    size_t n;
    CHECK(store_service_get(fx.db, SERVICE, INSTANT_NONE, &a, &before) == OK, "%s", db_last_error(fx.db));
    CHECK(fixture_accept(fx.db, ONE, Q2, PART_EPISODES, 1, INSTANT_NONE, &v) == OK, "stored");
    CHECK(store_service_get(fx.db, SERVICE, INSTANT_NONE, &a, &after) == OK, "%s", db_last_error(fx.db));
    CHECK(after.changed_at > before.changed_at, "the newest change is the version: %lld after %lld",
          (long long)after.changed_at, (long long)before.changed_at);
    struct store_service then;
    CHECK(store_service_get(fx.db, SERVICE, before.changed_at, &a, &then) == OK &&
              then.changed_at == after.changed_at,
          "whatever was known");
    CHECK(after.stamp == v.seq && v.seq > before.stamp, "the service's stamp is the seq: %lld",
          (long long)after.stamp);
    CHECK(store_providers_list(fx.db, SERVICE, &a, &list, &n) == OK && n == 2, "%zu", n);
    CHECK(n == 2 && str_is(list[0].id, "one") && list[0].stamp == v.seq && list[0].group.n == 0,
          "provider one has it too");
    CHECK(n == 2 && str_is(list[1].id, "two") && list[1].stamp < v.seq && str_is(list[1].group, "pharmacies"),
          "provider two has not");
    arena_free(&a);
}

static void receipts(void) {
    struct arena a = ARENA_EMPTY;
    struct store_version v, got, *list;
    size_t n;
    CHECK(store_version_get(fx.db, SERVICE, ONE, Q2, PART_EPISODES, 99, &a, &got) == ERR_NOT_FOUND,
          "no version 99");
    CHECK(store_version_get(fx.db, SERVICE, ONE, 8090, PART_EPISODES, 0, &a, &got) == ERR_NOT_FOUND,
          "nothing for that period");
    CHECK(fixture_accept(fx.db, ONE, Q2, PART_EPISODES, 4, INSTANT_NONE, &v) == OK, "stored");
    CHECK(store_version_get(fx.db, SERVICE, ONE, Q2, PART_EPISODES, 0, &a, &got) == OK, "%s",
          db_last_error(fx.db));
    CHECK(got.version == v.version && got.seq == v.seq && got.received_at == v.received_at && got.rows == 4 &&
              got.created == 4 && got.bytes == 400 && got.on_time && str_is(got.format, "csv") &&
              str_is(got.key_id, "key2345678") && memcmp(got.sha256, v.sha256, SHA256_BYTES) == 0,
          "every field as it was put");
    CHECK(store_version_get(fx.db, SERVICE, ONE, Q2, PART_EPISODES, 1, &a, &got) == OK && got.version == 1,
          "an older one");
    CHECK(store_versions_list(fx.db, SERVICE, ONE, Q2, &a, &list, &n) == OK && n == 3 && list[0].seq == v.seq,
          "all of the return, newest first: %zu", n);
    CHECK(store_versions_list(fx.db, SERVICE, ONE, -1, &a, &list, &n) == OK && n > 3,
          "all of the provider: %zu", n);
    struct row_digests digests;
    CHECK(store_digests_load(fx.db, SERVICE, ONE, Q2, PART_EPISODES, v.version, &a, &digests) == OK &&
              digests.count == 4,
          "four digests");
    CHECK(store_digests_load(fx.db, SERVICE, ONE, Q2, PART_EPISODES, 77, &a, &digests) == ERR_NOT_FOUND,
          "no such version");
    struct book one;
    CHECK(store_facts_load(fx.db, SERVICE, ONE, Q2, PART_EPISODES, v.version, &a, &one) == OK &&
              one.count == 1 && one.held[0].version == v.version && one.held[0].rows == 4 &&
              one.held[0].facts,
          "a version's facts");
    CHECK(store_facts_load(fx.db, SERVICE, ONE, Q2, PART_EPISODES, 1, &a, &one) == OK && one.count == 1 &&
              one.held[0].version == 1 && one.held[0].facts,
          "those of an older one too");
    CHECK(store_facts_load(fx.db, SERVICE, ONE, Q2, PART_EPISODES, 77, &a, &one) == ERR_NOT_FOUND,
          "no such version");
    arena_free(&a);
}

/* The day of a receipt is the one given; where none was stored, as before migration 0010, that of the instant, in London. */
static void days(void) {
    struct arena a = ARENA_EMPTY;
    struct store_version v, got = {.version = 0};
    int64_t summer_night;
    CHECK(instant_parse(STR("2026-06-09T23:30:00Z"), &summer_night), "half past midnight in London");
    CHECK(fixture_accept(fx.db, ONE, 8095, PART_FOLLOW_UPS, 1, summer_night, &v) == OK, "stored");
    CHECK(store_version_get(fx.db, SERVICE, ONE, 8095, PART_FOLLOW_UPS, 0, &a, &got) == OK &&
              got.day == v.day,
          "the day that was given: %d, %d", got.day, v.day);
    CHECK(database_do(fx.owner, "UPDATE version SET received_on = NULL WHERE period = 8095"),
          "as in an older row");
    got.day = 0;
    CHECK(store_version_get(fx.db, SERVICE, ONE, 8095, PART_FOLLOW_UPS, 0, &a, &got) == OK &&
              got.day == london_day(got.received_at),
          "the day of the instant: %d", got.day);
    arena_free(&a);
}

static void events(void) {
    struct store_version v;
    char query[200];
    CHECK(fixture_accept(fx.db, ONE, Q1, PART_EPISODES, 2, INSTANT_NONE, &v) == OK, "stored");
    snprintf(
        query, sizeof query,
        "SELECT kind || ' ' || (body->>'period') || ' ' || (body->>'part') || ' ' || (body->>'rows') FROM event WHERE seq = %lld",
        (long long)v.seq);
    CHECK(strcmp(database_ask(fx.owner, query), "RETURN_ACCEPTED 2025-26-Q1 episodes 2") == 0, "%s",
          database_ask(fx.owner, query));
}

/* ---- services and frameworks ---- */

struct framework_case {
    const char *body;
    int16_t from;
    int version;
    bool changed;
};

static enum err put_framework(struct db *db, void *context, struct fault *fault) {
    (void)fault;
    struct framework_case *c = context;
    return store_framework_put(db, STR("second"), STR("svc2"), STR("Second"), str_of(c->body), c->from,
                               STR("operator"), &c->version, &c->changed);
}

static void frameworks(void) {
    struct arena a = ARENA_EMPTY;
    struct store_service s, *list;
    size_t n;
    static const struct {
        const char *label, *body;
        int version;
        bool changed;
    } CASES[] = {{"the first", "{}", 1, true},
                 {"the same again", "{}", 1, false},
                 {"another", "{\"a\":1}", 2, true},
                 {"back to the first text", "{}", 3, true}};
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct framework_case c = {.body = CASES[i].body};
        CHECK(db_transaction(fx.db, &(struct db_work){.run = put_framework, .context = &c}, NULL) == OK, "%s",
              db_last_error(fx.db));
        CHECK(c.version == CASES[i].version && c.changed == CASES[i].changed, "%s: version %d",
              CASES[i].label, c.version);
    }
    CHECK(store_service_get(fx.db, STR("svc2"), INSTANT_NONE, &a, &s) == OK && s.framework_version == 3 &&
              str_is(s.name, "Second"),
          "the newest");
    CHECK(store_service_get(fx.db, STR("svc2"), 0, &a, &s) == OK && s.framework_version == 1,
          "before all: the first");
    CHECK(store_service_get(fx.db, STR("none"), INSTANT_NONE, &a, &s) == ERR_NOT_FOUND, "unknown");
    CHECK(store_services_list(fx.db, &a, &list, &n) == OK && n == 2 && str_is(list[0].id, "svc") &&
              list[1].framework_version == 3,
          "%zu", n);
    str body;
    CHECK(store_framework_get(fx.db, STR("second"), 2, &a, &body) == OK && str_is(body, "{\"a\":1}"),
          "as it was sent");
    CHECK(store_framework_get(fx.db, STR("second"), 4, &a, &body) == ERR_NOT_FOUND, "no version 4");
    arena_free(&a);
}

void suite_db_returns(void) {
    suite_add("db returns", fixture_begin, fixture_end);
    case_add("every column of every part goes in and comes back", rows_round_trip);
    case_add("reading rows can be ended early", reading_can_stop);
    case_add("a nil return is in force", no_rows);
    case_add("a version that is taken is a conflict, not an error of ours", same_version_twice);
    case_add("a broken COPY leaves nothing and a good connection", broken_copy);
    case_add("rows that were stored one by one move into packs", rows_move_into_packs);
    case_add("known at: the newest received by then", known_at);
    case_add("what is in force of all providers is that of each", of_all_providers);
    case_add("what was sent before it was taken back", filled_although_taken_back);
    case_add("a clock that steps back does not reorder receipts", clock_steps_back);
    case_add("stamps follow the seq of the newest version", stamps);
    case_add("receipts are read as they were written", receipts);
    case_add("the day of a receipt", days);
    case_add("an accepted return is an event", events);
    case_add("a framework is stored when it changed", frameworks);
    case_add("versions of every part are compared row by row", changes_of_every_part);
}
