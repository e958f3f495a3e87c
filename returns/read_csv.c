/* read_csv: rows of a CSV file to the judge. */
#include <stdlib.h>

#include "returns/cell_fast.h"
#include "returns/csv.h"
#include "returns/header.h"
#include "returns/readers.h"

/* Which field of a row goes to which column, in the part's order. */
struct route {
    uint16_t column, field;
};

struct csv_reading {
    struct csv csv;
    struct route routes[COLUMNS_MAX];
    size_t route_count;
    size_t header_count; /* without trailing blank names */
};

static void find_field_count(struct judging *j, const struct csv_reading *r) {
    struct finding *f = find_of_row(j, FINDING_WRONG_FIELD_COUNT);
    if (!f) return;
    size_t has = r->csv.count, wants = r->header_count;
    f->detail = say(j, "The row has %zu field%s, the header has %zu.", has, has == 1 ? "" : "s", wants);
    f->fix =
        has > wants
            ? STR("Put values that contain the separator in double quotes, and check that no value is split.")
            : STR("Check that the row is complete, that no line break splits it, and that blank values keep their separators.");
}

static void read_rows_row(struct judging *j, const struct csv_reading *r) {
    const struct csv *c = &r->csv;
    judge_row_begin(j, c->row_line);
    if (c->count < r->header_count || c->extra_text) {
        find_field_count(j, r);
        judge_row_skip(j);
        return;
    }
    for (size_t i = 0; i < r->route_count; i++) {
        struct route route = r->routes[i];
        cell_judge_text(j, route.column, csv_value(c->fields[route.field]));
    }
    judge_row_end(j);
}

static void read_header(struct judging *j, struct csv_reading *r) {
    struct csv *c = &r->csv;
    int map[CSV_FIELDS_MOST];
    size_t count = c->count;
    while (count && csv_value(c->fields[count - 1]).n == 0)
        count--;
    j->row.line = c->row_line;
    header_map(j, c->fields, count, map);
    for (size_t column = 0; column < j->part->column_count; column++)
        for (size_t i = 0; i < count; i++)
            if (map[i] == (int)column)
                r->routes[r->route_count++] = (struct route){(uint16_t)column, (uint16_t)i};
    r->header_count = count;
    c->most = count;
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
    read_header(j, r);
    while ((step = csv_next(&r->csv, fault)) == CSV_ROW)
        read_rows_row(j, r);
    return step == CSV_FAULT ? ERR_MALFORMED : OK;
}

enum err read_csv(struct judging *j, str text, struct body_window *window, struct fault *fault) {
    struct csv_reading *r = must_calloc(1, sizeof *r);
    csv_begin(&r->csv, text, window);
    enum err e = read_all(j, r, fault);
    csv_end(&r->csv);
    free(r);
    return e;
}
