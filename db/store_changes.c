#include "db/store_changes.h"

#include <stdlib.h>

#include "db/copy.h"
#include "db/row_sql.h"

/* In place: parameters point into the struct that holds them. */
static void add_ask(struct params *p, const struct store_change_ask *ask) {
    params_text(p, ask->service);
    params_text(p, ask->provider);
    params_int2(p, ask->period);
    params_int4(p, ask->from);
    params_int4(p, ask->to);
}

/* ---- in numbers ---- */

struct counting {
    const struct part *part;
    struct store_change_counts *out;
    bool bad;
};

static uint64_t number(struct counting *c, const char *value, int length) {
    uint64_t n = 0;
    if (!value || !str_to_uint((str){value, (size_t)length}, UINT64_MAX, &n)) c->bad = true;
    return n;
}

static enum err count_row(void *context, const char *const *values, const int *lengths) {
    struct counting *c = context;
    c->out->created = number(c, values[0], lengths[0]);
    c->out->updated = number(c, values[1], lengths[1]);
    c->out->unchanged = number(c, values[2], lengths[2]);
    c->out->removed = number(c, values[3], lengths[3]);
    size_t at = 4;
    for (size_t i = 0; i < c->part->column_count; i++) {
        if (c->part->columns[i].flags & COLUMN_NOT_STORED) continue;
        c->out->columns[i] = number(c, values[at], lengths[at]);
        at++;
    }
    return OK;
}

enum err store_changes_count(struct db *db, const struct store_change_ask *ask,
                             struct store_change_counts *out) {
    struct params p = params_of();
    add_ask(&p, ask);
    struct store_change_counts counts = {0};
    struct counting c = {.part = ask->part, .out = &counts};
    char *sql = row_sql_fill(STMT_changes_count, ask->part);
    enum err e = db_stream(db, sql, &p, count_row, &c);
    free(sql);
    if (e == OK && c.bad) return db_note_bug(db, "counts of changes are no numbers");
    if (e == OK) *out = counts;
    return e;
}

/* ---- row by row ---- */

struct reading {
    size_t columns; /* stored ones */
    enum err (*row)(void *context, const struct store_change *change);
    void *context;
};

static int32_t row_number(const char *value, int length) {
    uint64_t n = 0;
    return value && str_to_uint((str){value, (size_t)length}, INT32_MAX, &n) ? (int32_t)n : 0;
}

static enum err change_row(void *context, const char *const *values, const int *lengths) {
    struct reading *r = context;
    const char *before[COLUMNS_MAX], *after[COLUMNS_MAX];
    int before_lengths[COLUMNS_MAX], after_lengths[COLUMNS_MAX];
    for (size_t i = 0; i < r->columns; i++) {
        before[i] = values[2 + 2 * i];
        after[i] = values[3 + 2 * i];
        before_lengths[i] = lengths[2 + 2 * i];
        after_lengths[i] = lengths[3 + 2 * i];
    }
    struct store_change change = {
        .row_before = row_number(values[0], lengths[0]),
        .row_after = row_number(values[1], lengths[1]),
        .before = before,
        .after = after,
        .before_lengths = before_lengths,
        .after_lengths = after_lengths,
    };
    return r->row(r->context, &change);
}

enum err store_changes_read(struct db *db, const struct store_change_ask *ask, uint64_t skip, uint64_t limit,
                            enum err (*row)(void *context, const struct store_change *change),
                            void *context) {
    struct params p = params_of();
    add_ask(&p, ask);
    params_int8(&p, (int64_t)skip);
    params_int8(&p, (int64_t)limit);
    struct reading r = {.row = row, .context = context};
    for (size_t i = 0; i < ask->part->column_count; i++)
        r.columns += !(ask->part->columns[i].flags & COLUMN_NOT_STORED);
    char *sql = row_sql_fill(STMT_changes_page, ask->part);
    enum err e = db_stream(db, sql, &p, change_row, &r);
    free(sql);
    return e;
}
