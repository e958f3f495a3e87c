/* See places.h. The header is read by the readers' own rules (encoding, separator, spellings), so that both always
 * mean the same column. */
#include "returns/places.h"

#include "returns/csv.h"
#include "returns/encoding.h"
#include "returns/header.h"

static void keep_names(struct places *p, const struct csv *c) {
    size_t n = c->count < CSV_FIELDS_MOST ? c->count : CSV_FIELDS_MOST;
    p->names = ARENA_ARRAY(&p->arena, str, n + 1);
    for (size_t i = 0; i < n; i++)
        p->names[i] = arena_str(&p->arena, csv_value(c->fields[i]));
    p->count = n;
}

static bool read_names(struct places *p, str text) {
    struct fault fault = {.err = OK};
    struct body_window window = {NULL};
    struct csv csv;
    csv_begin(&csv, text, &window);
    bool found = csv_next(&csv, &fault) == CSV_ROW;
    if (found) keep_names(p, &csv);
    csv_end(&csv);
    return found;
}

bool places_open(struct places *p, str body, const char *spill_dir) {
    *p = (struct places){.arena = ARENA_EMPTY};
    struct judge_input in = {.format = FORMAT_CSV, .body = body, .spill_dir = spill_dir};
    enum body_format format;
    if (!body_format_find(STR_NONE, body, &format) || format != FORMAT_CSV) return false;
    struct fault fault = {.err = OK};
    struct body_window window = {NULL};
    struct encoded encoded;
    bool found = encoding_open(&in, &window, &fault, &encoded) == OK && read_names(p, encoded.text);
    encoding_close(&encoded);
    return found;
}

void places_close(struct places *p) {
    arena_free(&p->arena);
    *p = (struct places){.arena = ARENA_EMPTY};
}

/* A nameless column is called "column 7" by its finding. */
static size_t numbered(const struct places *p, str column) {
    uint64_t n = 0;
    if (!str_starts_with(column, STR("column "))) return 0;
    return str_to_uint(str_sub(column, 7, column.n), p->count, &n) ? (size_t)n : 0;
}

size_t places_field(const struct places *p, const struct part *part, const char *column) {
    if (!column) return 0;
    int wanted = header_column(part, str_of(column));
    for (size_t i = 0; wanted != HEADER_NONE && i < p->count; i++)
        if (p->names[i].n && header_column(part, p->names[i]) == wanted) return i + 1;
    for (size_t i = 0; i < p->count; i++)
        if (str_is(p->names[i], column)) return i + 1;
    return numbered(p, str_of(column));
}

/* How many names of the header the part knows; 0 when it lacks a required column. */
static size_t fit(const struct places *p, const struct part *part) {
    bool has[COLUMNS_MAX] = {false};
    size_t known = 0;
    for (size_t i = 0; i < p->count; i++) {
        int column = p->names[i].n ? header_column(part, p->names[i]) : HEADER_NONE;
        if (column == HEADER_NONE || has[column]) continue;
        has[column] = true;
        known++;
    }
    const struct part_rules *rules = part_rules_of(part->id);
    for (size_t c = 0; c < part->column_count; c++) {
        if (!(part->columns[c].flags & COLUMN_REQUIRED) || has[c]) continue;
        int other = rules->stand_in ? rules->stand_in(NULL, c) : -1;
        if (other < 0 || !has[other]) return 0;
    }
    return known;
}

const struct part *places_part(const struct places *p) {
    const struct part *best = NULL;
    size_t most = 0;
    for (int i = 0; i < PART_COUNT; i++) {
        const struct part *part = part_get((enum part_id)i);
        size_t n = part ? fit(p, part) : 0;
        if (n == 0 || n < most) continue;
        best = n == most ? NULL : part;
        most = n;
    }
    return best;
}
