/* read_csv: rows of a CSV file to the judge. */
#include <stdlib.h>

#include "returns/annotator.h"
#include "returns/csv.h"
#include "returns/csv_row.h"
#include "returns/hands.h"
#include "returns/header.h"
#include "returns/readers.h"

struct csv_reading {
    struct csv csv;
    struct csv_shape shape;
    const struct encoded *body;
};

/* ---- the encoding ---- */

/* The column that a field goes to, or -1. */
static int column_of_field(const struct csv_reading *r, size_t field) {
    for (size_t i = 0; i < r->shape.route_count; i++)
        if (r->shape.routes[i].field == field) return r->shape.routes[i].column;
    return -1;
}

static struct finding *find_assumed(struct judging *j, const struct csv_reading *r) {
    const struct csv *c = &r->csv;
    int column = column_of_field(r, c->watch_field);
    if (c->watch_line != j->row.line)
        return find_in_header(j, c->watch_line, NULL, 0, FINDING_ENCODING_ASSUMED);
    if (column >= 0) return find_in_row(j, (size_t)column, FINDING_ENCODING_ASSUMED);
    struct finding *f = find_of_row(j, FINDING_ENCODING_ASSUMED);
    if (f && c->watch_field < c->most) f->column = say(j, "column %zu", c->watch_field + 1).p;
    return f;
}

/* Told once, of the cell with the first character that is not UTF-8; of the header or of a row that was just
 * begun. (A row of nothing but blanks was skipped and has no number.) */
static void tell_encoding(struct judging *j, struct csv_reading *r) {
    if (!r->csv.watch_met) return;
    r->csv.watch_met = false;
    struct finding *f = find_assumed(j, r);
    if (!f) return;
    f->detail =
        STR("The file is not UTF-8 and was read as Windows-1252; this is the first place that shows it.");
    f->fix =
        STR("Check that the characters beyond A to Z are right. To avoid this, save the file as CSV UTF-8.");
    if (r->body->mixed_line)
        f->fix =
            say(j,
                "Check the file: it seems to be UTF-8 too, on line %u, and was read as Windows-1252 there as "
                "well. Save the whole of it as CSV UTF-8.",
                (unsigned)r->body->mixed_line);
}

/* ---- rows ---- */

/* False: the row could not be judged, and has been told so. */
static bool read_rows_row(struct judging *j, struct csv_reading *r) {
    const struct csv *c = &r->csv;
    struct csv_row row = {c->fields, c->count, c->extra_text, c->row_line};
    judge_row_begin(j, c->row_line);
    tell_encoding(j, r);
    if (csv_row_judge(j, &r->shape, &row)) {
        judge_row_end(j);
        return true;
    }
    judge_row_skip(j);
    return false;
}

static str row_text_of(const struct csv *c) {
    return (str){c->row_at, (size_t)(c->at - c->row_at)};
}

/* In the part's order. */
static void make_routes(struct judging *j, struct csv_shape *shape, const int *map, size_t count) {
    for (size_t column = 0; column < j->part->column_count; column++) {
        size_t before = shape->route_count;
        for (size_t i = 0; i < count; i++)
            if (map[i] == (int)column)
                shape->routes[shape->route_count++] = (struct csv_route){(uint16_t)column, (uint16_t)i};
        if (shape->route_count == before && (j->part->columns[column].flags & COLUMN_REQUIRED))
            j->unread[j->unread_count++] = (uint8_t)column;
    }
}

static void read_header(struct judging *j, struct csv_reading *r) {
    struct csv *c = &r->csv;
    int map[CSV_FIELDS_MOST];
    size_t count = c->count;
    while (count && csv_value(c->fields[count - 1]).n == 0)
        count--;
    j->row.line = c->row_line;
    r->shape.header_known = header_map(j, c->fields, count, map);
    make_routes(j, &r->shape, map, count);
    tell_encoding(j, r);
    r->shape.header_count = count;
    c->most = count;
    if (j->in->annotator) annotator_header(j->in->annotator, row_text_of(c), c->fields, count, c->separator);
}

/* ---- lines above the header ---- */

enum { TITLES_MOST = 10, HEADER_NAMES_LEAST = 2 };

static void find_header_assumed(struct judging *j, uint32_t title, uint32_t header) {
    struct finding *f = find_in_header(j, title, NULL, 0, FINDING_HEADER_ASSUMED);
    if (!f) return;
    f->detail = say(
        j, "Line %u names no column; the header was found on line %u, and what stands above it was not read.",
        (unsigned)title, (unsigned)header);
    f->fix =
        STR("Check that no row stands above the header. To avoid this, let the first line name the columns.");
}

/* People put a title above the header. When the first row names no column and one of the next names several, that one is
 * the header; otherwise the first row is read again. It has been read; so is the header afterwards. */
static void pass_titles(struct judging *j, struct csv_reading *r, const char *first) {
    struct csv *c = &r->csv;
    struct fault ignored = {.err = OK};
    uint32_t title = c->row_line;
    char separator = c->separator;
    if (header_known(j->part, c->fields, c->count < c->most ? c->count : c->most)) return;
    for (int i = 0; i < TITLES_MOST; i++) {
        csv_begin_at(c, c->at, c->line, '\0');
        if (csv_next(c, &ignored) != CSV_ROW) break;
        if (c->count > c->most || header_known(j->part, c->fields, c->count) < HEADER_NAMES_LEAST) continue;
        find_header_assumed(j, title, c->row_line);
        return;
    }
    csv_begin_at(c, first, title, separator);
    csv_next(c, &ignored);
}

static enum err read_all(struct judging *j, struct csv_reading *r, struct fault *fault) {
    enum csv_step step = csv_next(&r->csv, fault);
    if (step == CSV_FAULT) return ERR_MALFORMED;
    if (step == CSV_END)
        return fail(fault, ERR_MALFORMED,
                    "Line 1: the file has no header line. Its first line names the columns.");
    if (r->csv.count > CSV_FIELDS_MOST)
        return fail(
            fault, ERR_MALFORMED,
            "Line %u: the header has %zu columns; more than %d cannot be read. Is the separator right?",
            (unsigned)r->csv.row_line, r->csv.count, CSV_FIELDS_MOST);
    pass_titles(j, r, r->csv.row_at);
    read_header(j, r);
    bool several = hands_can(j) && !r->body->assumed_at;
    if (several) step = hands_read_rows(j, &r->shape, &r->csv, fault);
    while (!several && (step = csv_next(&r->csv, fault)) == CSV_ROW) {
        bool judged = read_rows_row(j, r);
        if (j->in->annotator) annotator_row(j->in->annotator, j, row_text_of(&r->csv), judged);
    }
    if (step == CSV_END) tell_encoding(j, r);
    return step == CSV_FAULT ? ERR_MALFORMED : OK;
}

enum err read_csv(struct judging *j, const struct encoded *body, struct body_window *window,
                  struct fault *fault) {
    struct csv_reading *r = must_calloc(1, sizeof *r);
    r->body = body;
    csv_begin(&r->csv, body->text, window);
    csv_watch(&r->csv, body->assumed_at);
    enum err e = read_all(j, r, fault);
    csv_end(&r->csv);
    free(r);
    return e;
}
