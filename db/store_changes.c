#include "db/store_changes.h"

#include <stdlib.h>

#include "db/copy.h"
#include "db/row_sql.h"

/* The two lists of row numbers, for unnest(). */
struct numbers {
    struct buf before, after;
};

static void add_pair(struct numbers *n, const struct row_change *c) {
    if (n->before.n) {
        buf_add_char(&n->before, ',');
        buf_add_char(&n->after, ',');
    }
    buf_add_int(&n->before, c->before);
    buf_add_int(&n->after, c->after);
}

/* In place: parameters point into what holds them. */
static void add_ask(struct params *p, const struct store_change_ask *ask, const struct numbers *n) {
    params_text(p, ask->service);
    params_text(p, ask->provider);
    params_int2(p, ask->period);
    params_int4(p, ask->from);
    params_int4(p, ask->to);
    params_text(p, buf_str(&n->before));
    params_text(p, buf_str(&n->after));
}

static enum err ask_for(struct db *db, enum db_stmt stmt, const struct store_change_ask *ask,
                        const struct numbers *n, row_fn *row, void *context) {
    struct params p = params_of();
    add_ask(&p, ask, n);
    char *sql = row_sql_fill(stmt, ask->part);
    enum err e = db_stream(db, sql, &p, row, context);
    free(sql);
    return e;
}

/* ---- in numbers ---- */

struct counting {
    const struct part *part;
    uint64_t *columns;
    bool bad;
};

static enum err count_row(void *context, const char *const *values, const int *lengths) {
    struct counting *c = context;
    size_t at = 0;
    for (size_t i = 0; i < c->part->column_count; i++) {
        if (c->part->columns[i].flags & COLUMN_NOT_STORED) continue;
        if (!values[at] || !str_to_uint((str){values[at], (size_t)lengths[at]}, UINT64_MAX, &c->columns[i]))
            c->bad = true;
        at++;
    }
    return OK;
}

enum err store_changes_columns(struct db *db, const struct store_change_ask *ask,
                               const struct row_change *changes, size_t count,
                               uint64_t columns[COLUMNS_MAX]) {
    struct numbers n = {BUF_EMPTY, BUF_EMPTY};
    struct counting c = {.part = ask->part, .columns = columns};
    memset(columns, 0, COLUMNS_MAX * sizeof *columns);
    for (size_t i = 0; i < count; i++)
        if (changes[i].before && changes[i].after) add_pair(&n, &changes[i]);
    enum err e = n.before.n ? ask_for(db, STMT_changes_columns, ask, &n, count_row, &c) : OK;
    buf_free(&n.before);
    buf_free(&n.after);
    return e == OK && c.bad ? db_note_bug(db, "counts of changes are no numbers") : e;
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

enum err store_changes_read(struct db *db, const struct store_change_ask *ask,
                            const struct row_change *changes, size_t count,
                            enum err (*row)(void *context, const struct store_change *change),
                            void *context) {
    struct numbers n = {BUF_EMPTY, BUF_EMPTY};
    struct reading r = {.row = row, .context = context};
    for (size_t i = 0; i < ask->part->column_count; i++)
        r.columns += !(ask->part->columns[i].flags & COLUMN_NOT_STORED);
    for (size_t i = 0; i < count; i++)
        add_pair(&n, &changes[i]);
    enum err e = count ? ask_for(db, STMT_changes_read, ask, &n, change_row, &r) : OK;
    buf_free(&n.before);
    buf_free(&n.after);
    return e;
}
