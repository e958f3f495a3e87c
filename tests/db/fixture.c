#include "tests/db/fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "returns/row_pack.h"

struct fixture fx;

static enum err make_service(struct db *db, void *context, struct fault *fault) {
    (void)context;
    (void)fault;
    int version;
    bool changed;
    enum err e = store_framework_put(db, STR("frame"), SERVICE, STR("A service"), STR("{\"v\":1}"), 0,
                                     STR("operator"), &version, &changed);
    if (e == OK) e = store_provider_put(db, SERVICE, ONE, STR("Provider one"), STR(""), STR("operator"));
    if (e == OK)
        e = store_provider_put(db, SERVICE, TWO, STR("Provider two"), STR("pharmacies"), STR("operator"));
    return e;
}

int fixture_begin(void) {
    if (!database_make(fx.owner, sizeof fx.owner, fx.app, sizeof fx.app)) return 1;
    fx.db = db_new(fx.app, "quarterday test");
    db_act_for(fx.db, DB_EVERYBODY);
    struct fault fault = {.err = OK};
    if (db_transaction(fx.db, &(struct db_work){.run = make_service}, &fault) == OK) return 0;
    fprintf(stderr, "fixture: %s %s\n", fault.detail, db_last_error(fx.db));
    return 1;
}

int fixture_end(void) {
    db_free(fx.db);
    database_drop(fx.owner);
    return 0;
}

/* ---- rows ---- */

static bool is_blank(const struct part *part, size_t column, uint32_t row) {
    const struct column *c = &part->columns[column];
    bool required = c->flags & COLUMN_REQUIRED;
    return !required && (row + column) % 7 == 0;
}

static int32_t number_of(size_t column, uint32_t row) {
    return (int32_t)((row * 31 + column) % 121);
}

static int32_t day_of(size_t column, uint32_t row) {
    return day_from_civil(2025, 7, 1) + (int32_t)((row + column) % 90);
}

const char *fixture_value(const struct part *part, size_t column, uint32_t row) {
    static char texts[2][80];
    static unsigned turn;
    char *text = texts[turn++ % 2];
    if (is_blank(part, column, row)) return NULL;
    switch (part->columns[column].kind) {
    case COL_DATE: return day_format(day_of(column, row), text);
    case COL_DECIMAL:
    case COL_INT: snprintf(text, 80, "%d", number_of(column, row)); break;
    case COL_FLAG: snprintf(text, 80, "%s", row % 2 ? "t" : "f"); break;
    case COL_TEXT: /* with all that has to be written otherwise in a line */
        snprintf(text, 80, "%s\t\\0\n\\\t\\-%u", part->columns[column].name, row);
        break;
    default: snprintf(text, 80, "%s-%u", part->columns[column].name, row); break;
    }
    return text;
}

static void add_line(struct row_packer *packer, const struct part *part, uint32_t row) {
    char *line = row_packer_room(packer, COLUMNS_MAX * 80), *p = line;
    for (size_t c = 0; c < part->column_count; c++) {
        if (part->columns[c].flags & COLUMN_NOT_STORED) continue;
        const char *text = fixture_value(part, c, row);
        if (c) *p++ = ROW_PACK_TAB;
        if (text) p = row_text_write(p, str_of(text));
    }
    row_packer_took(packer, (size_t)(p - line));
}

void fixture_rows(const struct part *part, str provider, int16_t period, int32_t version, uint32_t rows,
                  struct spill *out) {
    struct row_packer packer;
    spill_begin(out, "/tmp");
    row_packer_begin(&packer, out,
                     &(struct row_pack_of){SERVICE, provider, period, (int16_t)part->id, version});
    for (uint32_t r = 1; r <= rows; r++)
        add_line(&packer, part, r);
    row_packer_end(&packer);
    row_packer_free(&packer);
}

/* ---- uploads ---- */

struct accept {
    str provider;
    const struct part *part;
    struct store_version *version; /* what is not known before the lock is filled in by each try */
};

static enum err write_version(struct db *db, struct accept *a, struct fault *fault) {
    struct store_version *v = a->version;
    size_t facts = v->rows * a->part->fact_bytes, digests = v->rows * sizeof(struct row_digest);
    char *packs = must_alloc(facts + digests);
    for (size_t i = 0; i < facts + digests; i++)
        packs[i] = (char)(i * 7 + (size_t)v->version);
    memset(v->sha256, v->version, sizeof v->sha256);
    struct spill copy;
    struct arena arena = ARENA_EMPTY;
    fixture_rows(a->part, a->provider, v->period, v->version, v->rows, &copy);
    enum err e = store_rows_copy(db, a->part, &copy, fault);
    if (e == OK)
        e = store_version_put(db, SERVICE, a->provider, v,
                              store_packs_make(db,
                                               &(struct row_packs){.facts = {packs, facts},
                                                                   .digests = {packs + facts, digests}},
                                               v->rows, &arena),
                              STR("key2345678"), STR("corr-1"));
    arena_free(&arena);
    spill_free(&copy);
    free(packs);
    return e;
}

static enum err accept_run(struct db *db, void *context, struct fault *fault) {
    struct accept *a = context;
    struct arena arena = ARENA_EMPTY;
    struct store_version newest = {.version = 0};
    int64_t stamp;
    enum err e = store_provider_lock(db, SERVICE, a->provider, &stamp);
    if (e == OK)
        e = store_version_get(db, SERVICE, a->provider, a->version->period, a->part->id, 0, &arena, &newest);
    a->version->version = newest.version + 1;
    arena_free(&arena);
    return e == OK || e == ERR_NOT_FOUND ? write_version(db, a, fault) : e;
}

enum err fixture_accept(struct db *db, str provider, int16_t period, enum part_id part, uint32_t rows,
                        int64_t received_at, struct store_version *out) {
    *out = (struct store_version){
        .period = period,
        .part = part,
        .received_at = received_at == INSTANT_NONE ? instant_now() : received_at,
        .key_id = STR("key2345678"),
        .bytes = rows * 100,
        .rows = rows,
        .created = rows,
        .day = london_day(received_at == INSTANT_NONE ? instant_now() : received_at),
        .on_time = true,
        .format = STR("csv"),
        .reason = STR(""),
    };
    struct accept a = {.provider = provider, .part = part_get(part), .version = out};
    struct fault fault = {.err = OK};
    enum err e = db_transaction(db, &(struct db_work){.run = accept_run, .context = &a}, &fault);
    if (e != OK) fprintf(stderr, "fixture: %s %s\n", fault.detail, db_last_error(db));
    return e;
}
