#include "db/row_sql.h"

#include "base/buf.h"

/* One entry for each column that `want` chooses: before, the column's name, between, the name again, after. */
struct pattern {
    const char *separator, *before, *between, *after;
};
enum choice { STORED_COLUMNS, KEY_COLUMNS };

static bool is_chosen(const struct column *c, enum choice want) {
    if (c->flags & COLUMN_NOT_STORED) return false;
    return want == STORED_COLUMNS || c->flags & COLUMN_KEY;
}

static void add_each(struct buf *out, const struct part *part, enum choice want, const struct pattern *p) {
    bool first = true;
    char name[64];
    for (size_t i = 0; i < part->column_count; i++) {
        if (!is_chosen(&part->columns[i], want)) continue;
        if (!first) buf_add_cstr(out, p->separator);
        first = false;
        column_sql_name(&part->columns[i], name);
        if (!p->between) {
            buf_printf(out, "%s%s%s", p->before, name, p->after);
            continue;
        }
        buf_printf(out, "%s%s%s%s%s", p->before, name, p->between, name, p->after);
    }
}

static void add_table(struct buf *out, const struct part *part) {
    buf_add_cstr(out, part->table);
}

static void add_columns(struct buf *out, const struct part *part) {
    add_each(out, part, STORED_COLUMNS, &(struct pattern){", ", "", NULL, ""});
}

/* The first column that identifies a row. */
static void add_key(struct buf *out, const struct part *part) {
    char name[64];
    for (size_t i = 0; i < part->column_count; i++) {
        if (!is_chosen(&part->columns[i], KEY_COLUMNS)) continue;
        buf_add_cstr(out, column_sql_name(&part->columns[i], name));
        return;
    }
}

static void add_pairs(struct buf *out, const struct part *part) {
    add_each(out, part, STORED_COLUMNS, &(struct pattern){", ", "a.", ", b.", ""});
}

static void add_changed(struct buf *out, const struct part *part) {
    add_each(out, part, STORED_COLUMNS,
             &(struct pattern){", ", "count(*) FILTER (WHERE a.", " IS DISTINCT FROM b.", ")"});
}

static bool has_client(const struct part *part) {
    for (size_t i = 0; i < part->column_count; i++)
        if (str_is(str_of(part->columns[i].name), "clientId")) return true;
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

/* What is set where a row is blanked. $4 is the key of the tokens; `going` are the ids of episodes that become one. */
static void add_blanks(struct buf *out, const struct part *part) {
    const char *between = "";
    char n[64];
    for (size_t i = 0; i < part->column_count; i++) {
        const struct column *c = &part->columns[i];
        if (c->flags & COLUMN_NOT_STORED || outlives_people(c)) continue;
        column_sql_name(c, n);
        buf_printf(out, "%s%s = ", between, n);
        between = ", ";
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

/* The ids whose hashes are in the facts: client, episode. */
static void add_ids(struct buf *out, const struct part *part) {
    buf_add_cstr(out, has_client(part) ? "client_id, episode_id" : "NULL::text, episode_id");
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
    {"table", add_table},   {"columns", add_columns}, {"key", add_key},
    {"pairs", add_pairs},   {"changed", add_changed}, {"whose", add_whose},
    {"blanks", add_blanks}, {"ids", add_ids},         {"day", add_day},
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
