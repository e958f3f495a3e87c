#include "db/row_sql.h"

#include "base/buf.h"

static bool is_stored(const struct column *c) {
    return !(c->flags & COLUMN_NOT_STORED);
}

static void add_table(struct buf *out, const struct part *part) {
    buf_add_cstr(out, part->table);
}

static void add_part(struct buf *out, const struct part *part) {
    buf_printf(out, "%d", (int)part->id);
}

static void add_columns(struct buf *out, const struct part *part) {
    const char *between = "";
    char name[64];
    for (size_t i = 0; i < part->column_count; i++) {
        if (!is_stored(&part->columns[i])) continue;
        buf_printf(out, "%s%s", between, column_sql_name(&part->columns[i], name));
        between = ", ";
    }
}

/* The place in a line of the first column that identifies a row. */
static void add_key(struct buf *out, const struct part *part) {
    size_t place = 0;
    for (size_t i = 0; i < part->column_count; i++) {
        const struct column *c = &part->columns[i];
        if (!is_stored(c)) continue;
        place++;
        if (!(c->flags & COLUMN_KEY)) continue;
        buf_printf(out, "%zu", place);
        return;
    }
}

static bool is_client_id(const struct column *c) {
    return str_is(str_of(c->name), "clientId");
}

static bool has_client(const struct part *part) {
    for (size_t i = 0; i < part->column_count; i++)
        if (is_client_id(&part->columns[i])) return true;
    return false;
}

/* Whether a row is about the person of reference $3; `theirs` are the ids of that person's episodes (subject_rows.sql). */
static void add_whose(struct buf *out, const struct part *part) {
    bool by_client = has_client(part);
    if (by_client) buf_add_cstr(out, "client_id = $3::text");
    if (part->id == PART_EPISODES) return;
    if (by_client) buf_add_cstr(out, " OR client_id IS NULL AND ");
    buf_add_cstr(out, "episode_id IN (SELECT episode_id FROM theirs)");
}

static bool is_episode_id(const struct column *c) {
    return str_is(str_of(c->name), "episodeId");
}

/* Tells of a place, of staff or of an organisation, not of the person; the supplement's figures are counted by it. */
static bool outlives_people(const struct column *c) {
    return (c->kind == COL_ID && !(c->flags & (COLUMN_KEY | COLUMN_PSEUDONYM))) || c->kind == COL_TEXT;
}

/* The cells of a row's line (returns/row_pack.h) where the row is blanked. $4 is the key of the tokens; `going` are the ids of episodes that become one. */
static void add_blanks(struct buf *out, const struct part *part) {
    const char *between = "";
    char n[64];
    for (size_t i = 0; i < part->column_count; i++) {
        const struct column *c = &part->columns[i];
        if (!is_stored(c)) continue;
        column_sql_name(c, n);
        buf_add_cstr(out, between);
        between = ", ";
        if (outlives_people(c)) {
            buf_printf(out, c->kind == COL_TEXT ? "text_to_line(%s)" : "%s", n);
            continue;
        }
        if (c->kind != COL_ID) {
            buf_add_cstr(out, "NULL");
            continue;
        }
        buf_printf(out, "CASE WHEN %s LIKE 'erased-%%'", n);
        if (is_episode_id(c)) buf_printf(out, " OR %s NOT IN (SELECT episode_id FROM going)", n);
        buf_printf(out,
                   " THEN %s ELSE 'erased-' || left(encode(sha256($4::bytea || convert_to(%s, 'UTF8')), "
                   "'hex'), 24) END",
                   n, n);
    }
}

/* The ids whose hashes are in the facts, of those cells: client, episode. */
static void add_ids(struct buf *out, const struct part *part) {
    size_t place = 0, client = 0, episode = 0;
    for (size_t i = 0; i < part->column_count; i++) {
        if (!is_stored(&part->columns[i])) continue;
        place++;
        if (is_client_id(&part->columns[i])) client = place;
        if (is_episode_id(&part->columns[i])) episode = place;
    }
    if (client) buf_printf(out, "cells[%zu], ", client);
    else buf_add_cstr(out, "NULL::text, ");
    buf_printf(out, "cells[%zu]", episode);
}

/* The first day that a row must have; a row without it was blanked. */
static void add_day(struct buf *out, const struct part *part) {
    char name[64];
    for (size_t i = 0; i < part->column_count; i++) {
        const struct column *c = &part->columns[i];
        if (c->kind != COL_DATE || !(c->flags & COLUMN_REQUIRED)) continue;
        buf_add_cstr(out, column_sql_name(c, name));
        return;
    }
}

static const struct {
    const char *name;
    void (*add)(struct buf *out, const struct part *part);
} HOLES[] = {
    {"table", add_table}, {"part", add_part},     {"columns", add_columns}, {"key", add_key},
    {"whose", add_whose}, {"blanks", add_blanks}, {"ids", add_ids},         {"day", add_day},
};

char *row_sql_fill(enum db_stmt stmt, const struct part *part) {
    str rest = str_of(db_statement_text(stmt));
    struct buf out = BUF_EMPTY;
    while (rest.n) {
        buf_add_str(&out, str_cut(&rest, '{'));
        str name = str_cut(&rest, '}');
        for (size_t i = 0; i < sizeof HOLES / sizeof *HOLES; i++)
            if (str_is(name, HOLES[i].name)) HOLES[i].add(&out, part);
    }
    return buf_take(&out, NULL);
}
