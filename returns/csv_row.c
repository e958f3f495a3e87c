#include "returns/csv_row.h"

#include "returns/cell_fast.h"
#include "returns/csv.h"
#include "returns/residue.h"

static void find_field_count(struct judging *j, size_t has, size_t wants) {
    struct finding *f = find_of_row(j, FINDING_WRONG_FIELD_COUNT);
    if (!f) return;
    f->detail = say(j, "The row has %zu field%s, the header has %zu.", has, has == 1 ? "" : "s", wants);
    f->fix =
        has > wants
            ? STR("Put values that contain the separator in double quotes, and check that no value is split.")
            : STR("Check that the row is complete, that no line break splits it, and that blank values keep their separators.");
}

/* Text that begins with = and was not guarded by an apostrophe: Excel's ="001" is read as its text. */
static str read_formula(struct judging *j, size_t column, str field, str value) {
    str inner;
    if (str_trim(field).p[0] == '\'' || !residue_unwrap(value, &inner)) return value;
    struct finding *f = find_in_row(j, column, FINDING_CODE_PADDED);
    if (!f) return inner;
    f->detail = say(j, "%.*s is a spreadsheet's formula for a text; the text was read.",
                    STR_ARG(shown(j, column, value)));
    f->fix =
        STR("Nothing has to be done. To avoid this, export the column as plain text, without = and quotes.");
    return inner;
}

static bool has_its_fields(struct judging *j, const struct csv_shape *shape, const struct csv_row *row) {
    if (row->count >= shape->header_count && !row->extra_text) return true;
    if (shape->header_known) find_field_count(j, row->count, shape->header_count);
    else j->out->findings.suppressed++; /* the header has been told of */
    return false;
}

/* `tried`: the field as it stands is in no common form. */
static inline void judge_cell(struct judging *j, struct csv_route route, const struct csv_row *row,
                              bool tried) {
    str field = row->fields[route.field], value = csv_value(field);
    if (value.n && value.p[0] == '=') value = read_formula(j, route.column, field, value);
    if (tried && value.p == field.p && value.n == field.n)
        cell_judge_long(j, route.column, (struct cell){value, CELL_TEXT});
    else cell_judge_text(j, route.column, value);
}

bool csv_row_judge(struct judging *j, const struct csv_shape *shape, const struct csv_row *row) {
    if (!has_its_fields(j, shape, row)) return false;
    for (size_t i = 0; i < shape->route_count; i++)
        judge_cell(j, shape->routes[i], row, false);
    return true;
}

/* ---- several rows at once ---- */

/* A field in each of several rows, and the value that it becomes. */
struct column_of_rows {
    const struct judging *j;
    const struct cell_plan *plan;
    const str *field;
    size_t fields_apart, count;
    struct value *value;
    uint64_t *left, bit;
};

/* Inlined once for each kind: the choice is made before the loop. What a quick way takes is a field that means itself (csv_value()),
 * since no other has the characters that it wants; an authority alone is compared with what was met before. */
static inline __attribute__((always_inline)) void judge_column(struct column_of_rows c,
                                                               enum column_kind kind) {
    for (size_t r = 0; r < c.count; r++, c.field += c.fields_apart, c.value += COLUMNS_MAX) {
        bool means_itself = kind != COL_AUTHORITY || (c.field->n && csv_field_is_plain(*c.field));
        if (c.field->n == 0) c.value->state = VALUE_BLANK;
        else if (means_itself && cell_fast(c.j, c.plan, kind, *c.field, c.value)) c.value->state = VALUE_GOOD;
        else c.left[r] |= c.bit;
    }
}

_Static_assert(COLUMNS_MAX <= 64, "a bit for each route");

void csv_rows_judge(const struct judging *j, const struct csv_shape *shape, const struct csv_row *rows,
                    size_t count, struct csv_rows_judged *out) {
    memset(out->left, 0, sizeof out->left);
    for (size_t i = 0; i < shape->route_count; i++) {
        struct csv_route route = shape->routes[i];
        struct column_of_rows c = {
            .j = j,
            .plan = &j->plans[route.column],
            .field = &rows->fields[route.field],
            .fields_apart = shape->header_count,
            .count = count,
            .value = &out->values[0][route.column],
            .left = out->left,
            .bit = (uint64_t)1 << i,
        };
        switch (c.plan->kind) {
        case COL_ID: judge_column(c, COL_ID); break;
        case COL_DATE: judge_column(c, COL_DATE); break;
        case COL_INT: judge_column(c, COL_INT); break;
        case COL_FLAG: judge_column(c, COL_FLAG); break;
        case COL_CODE: judge_column(c, COL_CODE); break;
        case COL_ETHNIC: judge_column(c, COL_ETHNIC); break;
        case COL_WORD: judge_column(c, COL_WORD); break;
        case COL_AUTHORITY: judge_column(c, COL_AUTHORITY); break;
        case COL_LSOA: judge_column(c, COL_LSOA); break;
        default: judge_column(c, COL_TEXT); break; /* no common form */
        }
    }
}

bool csv_row_judge_rest(struct judging *j, const struct csv_shape *shape, const struct csv_row *row,
                        uint64_t left) {
    if (!has_its_fields(j, shape, row)) return false;
    for (; left; left &= left - 1)
        judge_cell(j, shape->routes[__builtin_ctzll(left)], row, true);
    return true;
}
