/* See annotator.h. The rows have been read as CSV before: no quote is open, nothing follows a closing one. */
#include "returns/annotator.h"

#include "returns/csv.h"
#include "returns/csv_write.h"
#include "returns/findings.h"
#include "returns/loose.h"
#include "returns/residue.h"

/* ---- cells ---- */

/* ="001" is a text, and is left for upload to read. Within quotes its own are doubled. */
static bool is_quoted_literal(str text) {
    return text.n >= 5 && str_starts_with(text, STR("=\"\"")) && str_ends_with(text, STR("\"\"")) &&
           str_find(str_sub(text, 3, text.n - 2), '"') == text.n - 5;
}

/* How many bytes of the cell stand before the apostrophe that it needs, or its length when it needs none. */
static size_t guard_at(str cell, bool quoted) {
    str text = str_trim(cell), inner;
    if (!text.n || !memchr("=+-@", text.p[0], 4)) return cell.n;
    if (quoted ? is_quoted_literal(text) : residue_unwrap(text, &inner)) return cell.n;
    return (size_t)(text.p - cell.p);
}

static bool plain_needs_quotes(str cell) {
    for (size_t i = 0; i < cell.n; i++)
        if (memchr(",;\t\"", cell.p[i], 4)) return true;
    return false;
}

/* Text that may hold quotes, which are doubled unless they are already. */
static void add_text(struct buf *out, str text, bool is_doubled) {
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '"' && !is_doubled) buf_add_char(out, '"');
        buf_add_char(out, text.p[i]);
    }
}

static void add_cell(struct buf *out, str cell, bool quoted) {
    bool quotes = quoted || plain_needs_quotes(cell);
    size_t guard = guard_at(cell, quoted);
    if (quotes) buf_add_char(out, '"');
    add_text(out, str_sub(cell, 0, guard), quoted);
    if (guard < cell.n) buf_add_char(out, '\'');
    add_text(out, str_sub(cell, guard, cell.n), quoted);
    if (quotes) buf_add_char(out, '"');
}

/* ---- rows ---- */

struct walk {
    str row;
    size_t at;
    char separator;
    bool ended;
};

static bool is_end(const struct walk *w, size_t at) {
    return at == w->row.n || w->row.p[at] == '\n' || w->row.p[at] == '\r';
}

static size_t closing_quote(str row, size_t at) {
    for (; at < row.n; at++) {
        if (row.p[at] != '"') continue;
        if (at + 1 == row.n || row.p[at + 1] != '"') break;
        at++;
    }
    return at;
}

/* The next field, as csv.c reads it: quoted when nothing but blanks stands before the quote. */
static str next_cell(struct walk *w, bool *out_quoted) {
    size_t from = w->at, at = from;
    while (at < w->row.n && (w->row.p[at] == ' ' || w->row.p[at] == '\t') && w->row.p[at] != w->separator)
        at++;
    *out_quoted = at < w->row.n && w->row.p[at] == '"';
    size_t to = 0;
    if (*out_quoted) {
        from = at + 1;
        at = to = closing_quote(w->row, from);
        at += at < w->row.n;
    }
    while (!is_end(w, at) && w->row.p[at] != w->separator)
        at++;
    if (!*out_quoted) to = at;
    w->ended = is_end(w, at);
    w->at = at + 1;
    return str_sub(w->row, from, to);
}

/* All cells but an old problem; blank ones behind the header's last are left out, missing ones put in. */
static void copy_cells(struct annotator *a, str row) {
    struct walk w = {.row = row, .separator = a->separator};
    size_t index = 0, blanks = 0;
    for (; !w.ended; index++) {
        bool quoted, old = a->has_old && index == a->fields;
        str cell = next_cell(&w, &quoted);
        bool beyond = index >= a->fields;
        if (old) continue;
        if (beyond && !str_trim(cell).n) {
            blanks++;
            continue;
        }
        for (; blanks; blanks--)
            buf_add_char(&a->line, a->separator);
        if (index) buf_add_char(&a->line, a->separator);
        add_cell(&a->line, cell, quoted);
    }
    for (; index < a->fields; index++)
        if (index) buf_add_char(&a->line, a->separator);
}

/* ---- problems ---- */

static void add_problem(struct annotator *a, const struct finding *f, const char *where) {
    struct buf *out = &a->problems;
    if (out->n) buf_add_cstr(out, " | ");
    buf_printf(out, "%s%s %s%s%s: %.*s %.*s", where, f->severity == SEVERITY_ERROR ? "ERROR" : "WARNING",
               finding_code_name(f->code), f->column ? " " : "", f->column ? f->column : "",
               STR_ARG(f->detail), STR_ARG(f->fix));
}

static void add_of_header(struct annotator *a) {
    const struct findings *f = &a->judged->findings;
    for (size_t i = 0; i < f->kept_count && f->kept[i].row == 0; i++)
        add_problem(a, &f->kept[i], "In the header: ");
    a->header_told = true;
}

static void give(struct annotator *a) {
    buf_add_char(&a->line, a->separator);
    csv_write_field(&a->line, buf_str(&a->problems), false);
    csv_write_end_row(&a->line);
    spill_add(a->out, a->line.p, a->line.n);
    buf_clear(&a->line);
    buf_clear(&a->problems);
}

void annotator_header(struct annotator *a, str row, const str *names, size_t count, char separator) {
    a->separator = separator;
    a->has_old = count > 1 && loose_eq(csv_value(names[count - 1]), STR("problems"));
    a->fields = count - a->has_old;
    copy_cells(a, row);
    buf_add_cstr(&a->problems, "problems");
    give(a);
}

/* Ids that are NHS numbers are told at the end of a judgement; here each in its row. */
static void find_nhs_numbers(struct annotator *a, struct judging *j) {
    for (size_t i = 0; i < j->nhs.count; i++) {
        size_t column = j->nhs.columns[i].column;
        if (row_has(&j->row, column) && nhs_number_is_valid(j->row.values[column].text))
            judge_find_nhs_number(j, column, a->judged->nhs_majority >> i & 1);
    }
}

/* Where the findings of a row stand: of a part that is also judged as a whole, after its last row, in the first
 * judgement, if that kept them all. */
static const struct findings *findings_of_rows(const struct annotator *a, const struct judging *j) {
    const struct findings *first = &a->judged->findings;
    return j->rules->end && !findings_truncated(first) ? first : &j->out->findings;
}

void annotator_row(struct annotator *a, struct judging *j, str row, bool judged) {
    const struct findings *f = findings_of_rows(a, j);
    if (judged) find_nhs_numbers(a, j);
    if (!a->header_told) add_of_header(a);
    for (size_t i = 0; i < f->kept_count; i++)
        if (f->kept[i].row == j->row.number) add_problem(a, &f->kept[i], "");
    findings_forget_words(&j->out->findings);
    j->last_found = NULL;
    copy_cells(a, row);
    give(a);
}

void annotator_end(struct annotator *a) {
    if (a->header_told) return;
    add_of_header(a);
    if (!a->problems.n) return;
    copy_cells(a, STR(""));
    give(a);
}
