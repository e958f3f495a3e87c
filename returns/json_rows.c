/* json_rows: rows of {"rows":[{...}]} to the judge, object by object. Only what a row of the part may hold is
 * kept, at most ROOM bytes a value where it has escapes; everything else is checked and skipped. Properties
 * are known by their exact names. */
#include <stdlib.h>

#include "returns/cell_fast.h"
#include "returns/header.h"
#include "returns/json_lex.h"
#include "returns/readers.h"

enum { ROOM = 4096, TOP = 1, LEVELS_AROUND_ROW = 2 };

struct json_reading {
    struct json_lex x;
    struct judging *j;
    struct body_window *window;
    struct key_set top;    /* properties beside rows */
    struct key_set warned; /* unknown properties of rows */
    struct cell cells[COLUMNS_MAX];
    uint64_t seen;              /* columns that the row has */
    uint8_t after[COLUMNS_MAX]; /* the column that followed this one in an earlier row */
    uint8_t name_n[COLUMNS_MAX];
    size_t expected;
    size_t unknown_count;
    char *scratch; /* ROOM bytes per column */
    bool has_rows;
};

/* ---- properties of a row ---- */

/* The column that p, on a quote, names; moves past the name. Mostly it is the one that followed last time. */
static bool guess_column(struct json_reading *r, size_t *out) {
    struct json_lex *x = &r->x;
    size_t n = r->name_n[r->expected];
    if ((size_t)(x->end - x->p) < n + 2 || x->p[n + 1] != '"') return false;
    if (memcmp(x->p + 1, r->j->part->columns[r->expected].name, n) != 0) return false;
    x->p += n + 2;
    *out = r->expected;
    return true;
}

static bool find_column(struct json_reading *r, str name, size_t *out) {
    for (size_t i = 0; i < r->j->part->column_count; i++) {
        if (name.n != r->name_n[i] || memcmp(name.p, r->j->part->columns[i].name, name.n) != 0) continue;
        *out = i;
        return true;
    }
    return false;
}

static void warn_unknown(struct json_reading *r, str name) {
    if (key_set_put(&r->warned, hash128_of(name), TOP) == KEY_NEW)
        header_find_unknown(r->j, name, r->unknown_count++, false);
}

/* A name that is no column: noted against repetition, warned of once. */
static bool unknown_name(struct json_reading *r, struct json_string name, str plain, uint32_t object) {
    if (!json_lex_key(&r->x, name, object)) return false;
    warn_unknown(r, plain);
    return true;
}

/* Any name; *out_column is left alone when it is no column. */
static bool search_column(struct json_reading *r, uint32_t object, size_t *out_column) {
    char plain[ROOM];
    struct json_string name;
    if (!json_lex_string(&r->x, &name)) return false;
    str text = name.raw;
    if (name.escaped && json_string_unescape(name.raw, plain, sizeof plain, &text.n)) text.p = plain;
    return find_column(r, text, out_column) || unknown_name(r, name, text, object);
}

/* Reads a name and its colon; *out_column is the column or COLUMNS_MAX. */
static bool read_name(struct json_reading *r, uint32_t object, size_t *out_column, size_t *previous) {
    struct json_lex *x = &r->x;
    *out_column = COLUMNS_MAX;
    if (json_lex_peek(x) != '"') return json_lex_expect(x, '"', "a property name in quotes");
    if (!guess_column(r, out_column) && !search_column(r, object, out_column)) return false;
    if (*out_column < COLUMNS_MAX) {
        if (r->seen >> *out_column & 1) return json_lex_fail(x, "an object has the same property twice.");
        r->seen |= 1ull << *out_column;
        r->after[*previous] = (uint8_t)*out_column;
        r->expected = r->after[*out_column];
        *previous = *out_column;
    }
    json_lex_space(x);
    return json_lex_expect(x, ':', "a colon");
}

static bool read_string_cell(struct json_reading *r, size_t column, struct cell *out) {
    struct json_string s;
    if (!json_lex_string(&r->x, &s)) return false;
    char *plain = r->scratch + column * ROOM;
    size_t n;
    /* What does not fit is longer than any column takes, and is judged as it stands. */
    if (s.escaped && json_string_unescape(s.raw, plain, ROOM, &n)) s.raw = (str){plain, n};
    *out = (struct cell){str_trim(s.raw), CELL_TEXT};
    return true;
}

static bool read_cell(struct json_reading *r, size_t column) {
    struct json_lex *x = &r->x;
    struct cell *out = &r->cells[column];
    char c = json_lex_peek(x);
    if (c == '"') return read_string_cell(r, column, out);
    *out = (struct cell){STR_NONE, CELL_TEXT};
    if (c == '-' || ascii_is_digit(c)) {
        out->type = CELL_NUMBER;
        return json_lex_number(x, &out->text);
    }
    if (c == '{' || c == '[') {
        out->type = c == '{' ? CELL_OBJECT : CELL_ARRAY;
        return json_lex_skip(x, LEVELS_AROUND_ROW + 1);
    }
    if (c == 't' || c == 'f') {
        out->type = c == 't' ? CELL_TRUE : CELL_FALSE;
        return json_lex_literal(x, c == 't' ? "true" : "false");
    }
    return json_lex_literal(x, "null");
}

/* ---- rows ---- */

static bool read_properties(struct json_reading *r, uint32_t object) {
    struct json_lex *x = &r->x;
    size_t previous = COLUMNS_MAX - 1; /* "before the first" */
    r->expected = r->after[previous];
    if (json_lex_peek(x) == '}') {
        x->p++;
        return true;
    }
    for (;;) {
        size_t column;
        if (!read_name(r, object, &column, &previous)) return false;
        if (column < COLUMNS_MAX ? !read_cell(r, column) : !json_lex_skip(x, LEVELS_AROUND_ROW + 1))
            return false;
        json_lex_space(x);
        if (json_lex_peek(x) == '}') break;
        if (!json_lex_expect(x, ',', "a comma or }")) return false;
    }
    x->p++;
    return true;
}

static void judge_cells(struct json_reading *r) {
    for (size_t i = 0; i < r->j->part->column_count; i++) {
        const struct cell *cell = &r->cells[i];
        if (!(r->seen >> i & 1)) r->j->row.values[i].state = VALUE_BLANK;
        else if (cell->type == CELL_TEXT) cell_judge_text(r->j, i, cell->text);
        else cell_judge_long(r->j, i, *cell);
    }
    judge_row_end(r->j);
}

static bool read_no_object(struct json_reading *r) {
    struct finding *f = find_of_row(r->j, FINDING_WRONG_TYPE);
    if (f) {
        f->detail = STR("The row is not an object.");
        f->fix = STR("Send each row as an object with a property for each value: {\"episodeId\": \"...\"}.");
    }
    judge_row_skip(r->j);
    return json_lex_skip(&r->x, LEVELS_AROUND_ROW);
}

static bool read_row(struct json_reading *r) {
    struct json_lex *x = &r->x;
    judge_row_begin(r->j, x->line);
    body_window_move(r->window, x->p);
    if (json_lex_peek(x) != '{') return read_no_object(r);
    uint32_t object = ++x->objects;
    key_set_forget(&x->keys, object);
    r->seen = 0;
    x->p++;
    json_lex_space(x);
    if (!read_properties(r, object)) return false;
    judge_cells(r);
    return true;
}

static bool read_rows(struct json_reading *r) {
    struct json_lex *x = &r->x;
    if (json_lex_peek(x) != '[') {
        struct finding *f = find_in_header(r->j, x->line, "rows", 0, FINDING_WRONG_TYPE);
        if (f) {
            f->detail = STR("rows is not an array.");
            f->fix = STR("Send {\"rows\": [ ... ]} with one object per row; an empty array is a nil return.");
        }
        return json_lex_skip(x, TOP);
    }
    x->p++;
    json_lex_space(x);
    while (json_lex_peek(x) != ']') {
        if (!read_row(r)) return false;
        json_lex_space(x);
        if (json_lex_peek(x) == ']') break;
        if (!json_lex_expect(x, ',', "a comma or ]")) return false;
        if (json_lex_peek(x) == ']') return json_lex_fail(x, "a row expected after the comma.");
    }
    x->p++;
    return true;
}

/* ---- the body ---- */

static bool note_top_name(struct json_reading *r, struct json_string name, bool *out_rows) {
    char plain[ROOM];
    str text = name.raw;
    if (name.escaped && json_string_unescape(name.raw, plain, sizeof plain, &text.n)) text.p = plain;
    enum key_put put = key_set_put(&r->top, hash128_of(text), TOP);
    if (put == KEY_REPEATED) return json_lex_fail(&r->x, "an object has the same property twice.");
    if (put == KEY_NO_ROOM)
        return json_lex_fail(&r->x, "an object has more than %d properties.", KEY_SET_MOST);
    *out_rows = str_is(text, "rows");
    if (*out_rows) return true;
    r->j->row.line = r->x.line;
    header_find_unknown(r->j, text, r->unknown_count++, false);
    return true;
}

static bool read_top_object(struct json_reading *r) {
    struct json_lex *x = &r->x;
    x->p++;
    json_lex_space(x);
    while (json_lex_peek(x) != '}') {
        struct json_string name;
        bool rows;
        if (json_lex_peek(x) != '"') return json_lex_expect(x, '"', "a property name in quotes");
        if (!json_lex_string(x, &name) || !note_top_name(r, name, &rows)) return false;
        json_lex_space(x);
        if (!json_lex_expect(x, ':', "a colon")) return false;
        key_set_forget(&x->keys, x->objects + 1);
        r->has_rows |= rows;
        if (rows ? !read_rows(r) : !json_lex_skip(x, TOP)) return false;
        json_lex_space(x);
        if (json_lex_peek(x) == '}') break;
        if (!json_lex_expect(x, ',', "a comma or }")) return false;
        if (json_lex_peek(x) == '}') return json_lex_fail(x, "a property expected after the comma.");
    }
    x->p++;
    return true;
}

static void find_no_rows(struct json_reading *r) {
    struct finding *f = find_in_header(r->j, 1, "rows", 0, FINDING_MISSING_VALUE);
    if (!f) return;
    f->detail = STR("The body has no property rows.");
    f->fix = STR("Send {\"rows\": [ ... ]} with one object per row; an empty array is a nil return.");
}

static bool read_body(struct json_reading *r) {
    struct json_lex *x = &r->x;
    json_lex_space(x);
    if (json_lex_peek(x) == '{' ? !read_top_object(r) : !json_lex_skip(x, 0)) return false;
    json_lex_space(x);
    if (x->p < x->end) return json_lex_fail(x, "text follows the end of the JSON document.");
    r->j->row.number = 0;
    if (!r->has_rows) find_no_rows(r);
    return true;
}

enum err read_json(struct judging *j, str text, struct body_window *window, struct fault *fault) {
    struct json_reading *r = must_calloc(1, sizeof *r);
    r->j = j;
    r->window = window;
    r->scratch = must_alloc(COLUMNS_MAX * ROOM);
    for (size_t i = 0; i < j->part->column_count; i++) {
        r->name_n[i] = (uint8_t)strlen(j->part->columns[i].name);
        r->after[i] = (uint8_t)(i + 1 < j->part->column_count ? i + 1 : 0);
    }
    json_lex_begin(&r->x, text, fault);
    enum err e = read_body(r) ? OK : ERR_MALFORMED;
    json_lex_end(&r->x);
    key_set_free(&r->top);
    key_set_free(&r->warned);
    free(r->scratch);
    free(r);
    return e;
}
