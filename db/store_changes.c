#include "db/store_changes.h"

#include "db/connection.h"
#include "db/row_lines.h"

/* Both versions. */
struct lines {
    struct row_lines before, after;
};

static enum err load(struct db *db, const struct store_change_ask *ask, struct lines *out) {
    enum err e = row_lines_load(db, ask, ask->from, &out->before);
    enum err other = row_lines_load(db, ask, e == OK ? ask->to : 0, &out->after);
    return e == OK ? other : e;
}

static void lines_free(struct lines *l) {
    row_lines_free(&l->before);
    row_lines_free(&l->after);
}

/* ---- in numbers ---- */

static void count_cells(const struct part *part, str before, str after, uint64_t columns[COLUMNS_MAX]) {
    for (size_t i = 0; i < part->column_count; i++) {
        if (part->columns[i].flags & COLUMN_NOT_STORED) continue;
        str was = str_cut(&before, ROW_PACK_TAB), is = str_cut(&after, ROW_PACK_TAB);
        columns[i] += !str_eq(was, is);
    }
}

enum err store_changes_columns(struct db *db, const struct store_change_ask *ask,
                               const struct row_change *changes, size_t count,
                               uint64_t columns[COLUMNS_MAX]) {
    struct lines l;
    memset(columns, 0, COLUMNS_MAX * sizeof *columns);
    if (!count) return OK;
    enum err e = load(db, ask, &l);
    for (size_t i = 0; e == OK && i < count; i++) {
        str before = row_lines_get(&l.before, changes[i].before);
        str after = row_lines_get(&l.after, changes[i].after);
        if (before.p && after.p) count_cells(ask->part, before, after, columns);
    }
    lines_free(&l);
    return e;
}

/* ---- row by row ---- */

/* A row that is not there has blanks. */
static void cut_cells(str line, size_t columns, struct arena *a, const char **values, int *lengths) {
    for (size_t i = 0; i < columns; i++) {
        str value = row_line_cut(&line, a);
        values[i] = value.p;
        lengths[i] = (int)value.n;
    }
}

static enum err tell(struct lines *l, const struct row_change *c, size_t columns,
                     enum err (*row)(void *context, const struct store_change *change), void *context) {
    const char *before[COLUMNS_MAX], *after[COLUMNS_MAX];
    int before_lengths[COLUMNS_MAX], after_lengths[COLUMNS_MAX];
    struct arena a = ARENA_EMPTY;
    str was = row_lines_get(&l->before, c->before), is = row_lines_get(&l->after, c->after);
    cut_cells(was, columns, &a, before, before_lengths);
    cut_cells(is, columns, &a, after, after_lengths);
    struct store_change change = {
        .row_before = was.p ? (int32_t)c->before : 0,
        .row_after = is.p ? (int32_t)c->after : 0,
        .before = before,
        .after = after,
        .before_lengths = before_lengths,
        .after_lengths = after_lengths,
    };
    enum err e = row(context, &change);
    arena_free(&a);
    return e;
}

enum err store_changes_read(struct db *db, const struct store_change_ask *ask,
                            const struct row_change *changes, size_t count,
                            enum err (*row)(void *context, const struct store_change *change),
                            void *context) {
    struct lines l;
    if (!count) return OK;
    enum err e = load(db, ask, &l);
    for (size_t i = 0; e == OK && i < count; i++)
        e = tell(&l, &changes[i], part_stored_columns(ask->part), row, context);
    lines_free(&l);
    return e;
}
