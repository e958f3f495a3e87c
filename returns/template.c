#include "returns/template.h"

#include "base/date.h"
#include "returns/code_list.h"
#include "returns/csv_write.h"
#include "returns/national_form.h"
#include "returns/parts/national.h"

const char *column_type(const struct column *c) {
    static const char *const NAMES[] = {
        [COL_ID] = "id: 1 to 64 of A-Z a-z 0-9 . _ -",
        [COL_DATE] = "date: YYYY-MM-DD or DD/MM/YYYY",
        [COL_INT] = "whole number",
        [COL_DECIMAL] = "number with at most two decimals",
        [COL_FLAG] = "flag: Y or N",
        [COL_CODE] = "code",
        [COL_ETHNIC] = "code: national character, then optionally a local one",
        [COL_WORD] = "word",
        [COL_WORDS] = "words joined by ;",
        [COL_AUTHORITY] = "GSS code or name of an English authority",
        [COL_TEXT] = "text",
        [COL_MONTH] = "month: YYYY-MM",
        [COL_POSTCODE] = "postcode",
        [COL_LSOA] = "LSOA code",
    };
    return NAMES[c->kind];
}

const char *column_required(const struct column *c) {
    if (c->flags & COLUMN_REQUIRED) return "yes";
    return c->flags & COLUMN_NATIONAL ? "national" : "no";
}

void column_values(struct buf *out, const struct column *c, int16_t period) {
    if (c->list) code_list_labels(c->list, period_first_day(period), out);
    for (size_t i = 0; c->words && c->words[i]; i++)
        buf_printf(out, "%s%s", i ? ", " : "", c->words[i]);
    if (c->kind == COL_INT || c->kind == COL_DECIMAL) buf_printf(out, "%d to %d", c->least, c->most);
    if (c->flags & COLUMN_NOT_STORED) buf_add_cstr(out, "used and dropped, not stored");
    if (c->kind == COL_TEXT) buf_printf(out, "at most %d characters", c->most);
}

void template_write_header(struct buf *out, const struct part *part) {
    for (size_t i = 0; i < part->column_count; i++)
        buf_printf(out, "%s%s", i ? "," : "", part->columns[i].name);
    csv_write_end_row(out);
}

/* The cells stand as rows, so that only numbers have to be typed. */
static void write_cells(struct buf *out, const struct part *part, int16_t period) {
    struct national_form form;
    national_form_build(period, &form);
    for (int c = 0; c < form.cell_count; c++) {
        if (!national_cell_is_awaited(&form, c)) continue;
        const struct national_row *row = national_row_of(&form, c);
        const char *fields[NATIONAL_COLUMN_REASON + 1] = {
            [NATIONAL_COLUMN_PART] = national_part_info((enum national_part)row->part)->name,
            [NATIONAL_COLUMN_KEY1] = row->key1,
            [NATIONAL_COLUMN_KEY2] = row->key2,
            [NATIONAL_COLUMN_MEASURE] = national_measure_name((enum national_measure)form.cells[c].measure)};
        for (size_t i = 0; i < part->column_count; i++)
            buf_printf(out, "%s%s", i ? "," : "", fields[i] ? fields[i] : "");
        csv_write_end_row(out);
    }
}

void template_write(struct buf *out, const struct part *part, int16_t period) {
    template_write_header(out, part);
    if (part->id == PART_NATIONAL) write_cells(out, part, period);
}

static void write_row(struct buf *out, const str *fields, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (i) buf_add_char(out, ',');
        csv_write_field(out, fields[i], true);
    }
    csv_write_end_row(out);
}

void template_write_guide(struct buf *out, const struct part *part, int16_t period) {
    static const str TITLES[] = {{"column", 6},  {"required", 8}, {"type", 4},
                                 {"meaning", 7}, {"values", 6},   {"example", 7}};
    struct buf values = BUF_EMPTY;
    write_row(out, TITLES, 6);
    for (size_t i = 0; i < part->column_count; i++) {
        const struct column *c = &part->columns[i];
        buf_clear(&values);
        column_values(&values, c, period);
        str fields[] = {str_of(c->name),    str_of(column_required(c)), str_of(column_type(c)),
                        str_of(c->meaning), buf_str(&values),           str_of(c->example)};
        write_row(out, fields, 6);
    }
    buf_free(&values);
}
