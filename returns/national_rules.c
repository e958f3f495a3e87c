/* national_rules: which cell of the form a row is, whether its number and reason fit the cell, which cells are
 * missing (V03 to V05 of domain.md 1.7). What holds between cells is judged once all of them are known:
 * national_judge.c.
 *
 * What would surprise: the keys of a row are judged by the list of its part, so a row whose part is wrong gets no
 * further findings; and a file without rows is a nil return, not a form with every cell missing. */
#include <stdlib.h>

#include "returns/cell.h"
#include "returns/national_judge.h"
#include "returns/national_sheet.h"
#include "returns/parts/national.h"
#include "returns/rules.h"

static void begin(struct judging *j) {
    struct national_sheet *s = j->out->national = must_calloc(1, sizeof *s);
    national_form_build(j->in->period, &s->form);
    national_filled_begin(&s->filled, &s->form);
    s->reasons = ARENA_EMPTY;
}

void national_sheet_free(struct national_sheet *s) {
    if (!s) return;
    arena_free(&s->reasons);
    free(s);
}

/* ---- which cell a row is ---- */

static void find_key_too_many(struct judging *j, size_t column, const struct national_part_info *part) {
    struct finding *f = find_in_row(j, column, FINDING_INCONSISTENT);
    if (!f) return;
    f->detail = say(j, "%s (%s) has no %s.", part->name, part->meaning, j->part->columns[column].name);
    f->fix = STR("Leave it blank, or correct the part.");
}

static void find_key_missing(struct judging *j, size_t column, const struct code_list *list,
                             const struct national_part_info *part) {
    struct finding *f = find_in_row(j, column, FINDING_MISSING_VALUE);
    if (!f) return;
    struct buf codes = BUF_EMPTY;
    code_list_codes(list, j->first_day, &codes);
    f->detail =
        say(j, "%s is blank; %s counts %s.", j->part->columns[column].name, part->name, part->meaning);
    f->fix = say(j, "Write one of the codes of %s: %.*s.", list->name, STR_ARG(buf_str(&codes)));
    buf_free(&codes);
}

/* The key becomes the list's own code. */
static bool key_fits(struct judging *j, size_t column, const struct code_list *list,
                     const struct national_part_info *part) {
    struct value *v = &j->row.values[column];
    if (v->state == VALUE_BAD) return false;
    if (!list) {
        if (v->state == VALUE_BLANK) return true;
        find_key_too_many(j, column, part);
        return false;
    }
    if (v->state == VALUE_BLANK) {
        if (!j->absent[column]) find_key_missing(j, column, list, part);
        return false;
    }
    bool fits = cell_code_of(j, column, list, v->text, v);
    if (!fits) v->state = VALUE_BAD;
    return fits;
}

static bool measure_fits(struct judging *j, const struct national_part_info *part) {
    if (!row_has(&j->row, NATIONAL_COLUMN_MEASURE)) return false;
    int32_t measure = j->row.values[NATIONAL_COLUMN_MEASURE].number - 1;
    if (part->measures >> measure & 1) return true;
    struct finding *f = find_in_row(j, NATIONAL_COLUMN_MEASURE, FINDING_INCONSISTENT);
    if (!f) return false;
    struct buf names = BUF_EMPTY;
    for (unsigned m = 0; m < NATIONAL_MEASURE_COUNT; m++)
        if (part->measures >> m & 1)
            buf_printf(&names, "%s%s", names.n ? ", " : "", national_measure_name((enum national_measure)m));
    f->detail = say(j, "%s (%s) has no cell %s.", part->name, part->meaning,
                    national_measure_name((enum national_measure)measure));
    f->fix = say(j, "It has %.*s. Correct the measure or the part.", STR_ARG(buf_str(&names)));
    buf_free(&names);
    return false;
}

static int cell_of_row(struct judging *j, struct national_sheet *s) {
    if (!row_has(&j->row, NATIONAL_COLUMN_PART)) {
        s->unplaced_anywhere++;
        return -1;
    }
    enum national_part id = (enum national_part)(j->row.values[NATIONAL_COLUMN_PART].number - 1);
    const struct national_part_info *part = national_part_info(id);
    bool first = key_fits(j, NATIONAL_COLUMN_KEY1, part->key1, part);
    bool second = key_fits(j, NATIONAL_COLUMN_KEY2, part->key2, part);
    bool third = measure_fits(j, part);
    int cell = -1;
    if (first && second && third)
        cell = national_cell_find(&s->form, id, row_text(&j->row, NATIONAL_COLUMN_KEY1),
                                  row_text(&j->row, NATIONAL_COLUMN_KEY2),
                                  (enum national_measure)(j->row.values[NATIONAL_COLUMN_MEASURE].number - 1));
    s->unplaced[id] += cell < 0;
    return cell;
}

/* ---- what a row may hold ---- */

static void check_value(struct judging *j, const struct national_sheet *s) {
    struct value *v = &j->row.values[NATIONAL_COLUMN_VALUE];
    int32_t most = s->form.cells[s->cell].most;
    if (v->state != VALUE_GOOD || v->number <= most) return;
    v->state = VALUE_BAD;
    struct finding *f = find_in_row(j, NATIONAL_COLUMN_VALUE, FINDING_OUT_OF_RANGE);
    if (!f) return;
    f->detail =
        say(j, "%d is larger than %d, the most that a cell of people can hold.", (int)v->number, (int)most);
    f->fix = say(j, "Write a whole number from 0 to %d.", (int)most);
}

static void check_reason(struct judging *j) {
    if (!row_has(&j->row, NATIONAL_COLUMN_REASON) || !row_has(&j->row, NATIONAL_COLUMN_PART)) return;
    int32_t part = j->row.values[NATIONAL_COLUMN_PART].number - 1;
    const struct national_part_info *info = national_part_info((enum national_part)part);
    if (info->has_reason) return;
    struct finding *f = find_in_row(j, NATIONAL_COLUMN_REASON, FINDING_INCONSISTENT);
    if (!f) return;
    f->detail = say(j, "%s (%s) has no reasons; only 1G and 1H do.", info->name, info->meaning);
    f->fix = STR("Take the reason out, or correct the part.");
}

static void check(struct judging *j) {
    struct national_sheet *s = j->out->national;
    s->seen++;
    s->cell = cell_of_row(j, s);
    if (s->cell >= 0) check_value(j, s);
    check_reason(j);
}

static bool key(const struct judging *j, struct hash128 *out) {
    int32_t cell = j->out->national->cell;
    if (cell < 0) return false;
    *out = hash128_of((str){(const char *)&cell, sizeof cell});
    return true;
}

/* Of two rows for a cell the first counts; the later is told that it repeats it. */
static void keep_cell(struct judging *j) {
    struct national_sheet *s = j->out->national;
    if (s->cell < 0 || j->is_twin) return;
    s->places[s->cell] = (struct national_place){j->row.number, j->row.line};
    if (row_has(&j->row, NATIONAL_COLUMN_VALUE))
        national_filled_put(&s->filled, s->cell, j->row.values[NATIONAL_COLUMN_VALUE].number);
    if (row_has(&j->row, NATIONAL_COLUMN_REASON))
        s->filled.reasons[s->form.cells[s->cell].row] =
            arena_str(&s->reasons, j->row.values[NATIONAL_COLUMN_REASON].text);
}

static void fact(const struct judging *j, void *out) {
    const struct national_sheet *s = j->out->national;
    struct fact_national *f = out;
    if (s->cell < 0) return;
    f->part = (uint8_t)row_number(&j->row, NATIONAL_COLUMN_PART, 0);
    f->measure = (uint8_t)row_number(&j->row, NATIONAL_COLUMN_MEASURE, 0);
    f->key1 = rule_fact_code(&j->row, NATIONAL_COLUMN_KEY1);
    f->key2 = rule_fact_code(&j->row, NATIONAL_COLUMN_KEY2);
    f->flags = (uint16_t)((national_cell_is_mandatory(&s->form, s->cell) ? FLAG_YES : FLAG_NO)
                          << (2 * NATIONAL_FLAG_MANDATORY));
    f->value = (uint32_t)row_number(&j->row, NATIONAL_COLUMN_VALUE, 0);
}

/* ---- which cells are missing ---- */

static bool is_awaited(const struct national_sheet *s, int cell) {
    return national_cell_is_awaited(&s->form, cell) && !s->places[cell].row;
}

static void find_missing_cell(struct judging *j, const struct national_sheet *s, int cell) {
    struct finding *f = find_in_header(j, 1, j->part->columns[NATIONAL_COLUMN_VALUE].name,
                                       NATIONAL_COLUMN_VALUE + 1, FINDING_MISSING_VALUE);
    if (!f) return;
    const struct national_row *row = national_row_of(&s->form, cell);
    const char *measure = national_measure_name((enum national_measure)s->form.cells[cell].measure);
    struct buf name = BUF_EMPTY;
    national_cell_name(&s->form, cell, &name);
    f->detail = say(j, "The cell %.*s is missing.", STR_ARG(buf_str(&name)));
    f->fix =
        say(j, "Add a row with part %s%s%s%s%s, measure %s and its number; where there is nobody, write 0.",
            national_part_info((enum national_part)row->part)->name, row->key1[0] ? ", key1 " : "", row->key1,
            row->key2[0] ? ", key2 " : "", row->key2, measure);
    buf_free(&name);
}

/* The missing cells of a part are not told where rows with a wrong key or measure explain them all. How many are. */
static uint32_t find_missing_cells(struct judging *j, const struct national_sheet *s) {
    uint32_t missing[NATIONAL_PART_COUNT] = {0}, all = 0;
    uint32_t anywhere = s->unplaced_anywhere + (j->out->rows - s->seen);
    for (int cell = 0; cell < s->form.cell_count; cell++)
        missing[national_row_of(&s->form, cell)->part] += is_awaited(s, cell);
    for (int cell = 0; cell < s->form.cell_count; cell++) {
        uint8_t part = national_row_of(&s->form, cell)->part;
        if (!is_awaited(s, cell)) continue;
        all++;
        if (missing[part] > s->unplaced[part] + anywhere) find_missing_cell(j, s, cell);
        else j->out->findings.suppressed++;
    }
    return all;
}

static bool find_missing_key_column(struct judging *j, size_t column) {
    if (!j->absent[column]) return false;
    const struct column *c = &j->part->columns[column];
    struct finding *f = find_in_header(j, 1, c->name, (uint16_t)(column + 1), FINDING_MISSING_COLUMN);
    if (!f) return true;
    f->detail = say(j, "The header has no column %s.", c->name);
    f->fix = say(j, "Add the column %s. %s", c->name, c->meaning);
    return true;
}

static void end(struct judging *j) {
    const struct national_sheet *s = j->out->national;
    if (j->out->rows == 0) return;
    bool lacks = j->absent[NATIONAL_COLUMN_PART] || j->absent[NATIONAL_COLUMN_MEASURE] ||
                 j->absent[NATIONAL_COLUMN_VALUE];
    lacks |= find_missing_key_column(j, NATIONAL_COLUMN_KEY1);
    lacks |= find_missing_key_column(j, NATIONAL_COLUMN_KEY2);
    if (lacks) return;
    uint32_t missing = find_missing_cells(j, s);
    national_judge(j, missing == 0 && j->out->findings.errors == 0);
}

const struct part_rules national_rules = {
    .begin = begin, .check = check, .key = key, .look_up = keep_cell, .fact = fact, .end = end};
