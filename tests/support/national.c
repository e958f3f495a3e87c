#include "tests/support/national.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "returns/national_form.h"
#include "tests/support/judged.h"
#include "tests/support/suite.h"

/* Where a key differs between the forms of 2017 and 2024 both stand here: only one is found. */
static const struct {
    const char *cell;
    int value;
} FILLED[] = {
    {"1A A 2 SET", 60},
    {"1A A 2 QUIT", 30},
    {"1A M 2 SET", 20},
    {"1A M 2 QUIT", 10},
    {"1A N 1 SET", 10},
    {"1A N 1 QUIT", 5},
    {"1A K 2 SET", 5},
    {"1A K 2 QUIT", 3},
    {"1A Z 2 SET", 5},
    {"1A Z 2 QUIT", 2},
    {"1B 02 2 SET", 90},
    {"1B 02 2 QUIT", 45},
    {"1B 02 2 NOT_QUIT", 33},
    {"1B 02 2 LOST", 12},
    {"1B 02 2 CO_VALIDATED", 40},
    {"1B 03 1 SET", 10},
    {"1B 03 1 QUIT", 5},
    {"1B 03 1 NOT_QUIT", 3},
    {"1B 03 1 LOST", 2},
    {"1B 03 1 CO_VALIDATED", 4},
    {"1C QUIT", 2},
    {"1C NOT_QUIT", 1},
    {"1C LOST", 1},
    {"1C CO_VALIDATED", 1},
    {"1D SET", 40},
    {"1D QUIT", 20},
    {"1E 01 SET", 50},
    {"1E 01 QUIT", 25},
    {"1E 08 SET", 45},
    {"1E 08 QUIT", 22},
    {"1E 96 SET", 5},
    {"1E 96 QUIT", 3},
    {"1F 10 SET", 95},
    {"1F 10 QUIT", 48},
    {"1F 99 SET", 5},
    {"1F 99 QUIT", 2},
    {"1G 04 SET", 100},
    {"1G 04 QUIT", 50},
    {"1G 08 SET", 100},
    {"1G 08 QUIT", 50},
    {"1H 13 SET", 100},
    {"1H 13 QUIT", 50},
};

static void add_row(struct buf *out, enum body_format format, bool first, const str field[6]) {
    static const char *const NAMES[] = {"part", "key1", "key2", "measure", "value", "reason"};
    if (format == FORMAT_CSV) {
        for (size_t i = 0; i < 6; i++)
            buf_printf(out, "%s%.*s", i ? "," : "", STR_ARG(field[i]));
        buf_add_cstr(out, "\n");
        return;
    }
    buf_add_cstr(out, first ? "{" : ",{");
    for (size_t i = 0; i < 6; i++)
        buf_printf(out, "%s\"%s\":\"%.*s\"", i ? "," : "", NAMES[i], STR_ARG(field[i]));
    buf_add_cstr(out, "}");
}

/* What the changes say of a cell: *value stays without one; false: it is left out. */
static bool cell_changed(const char *changes, str cell, str *value) {
    for (str rest = str_of(changes ? changes : ""); rest.n;) {
        str one = str_cut(&rest, '|');
        if (one.n && one.p[0] == '-' && str_eq(str_sub(one, 1, one.n), cell)) return false;
        str name = str_cut(&one, '=');
        if (str_eq(name, cell) && one.p) *value = one;
    }
    return true;
}

static uint64_t rows_kept(const char *changes) {
    uint64_t kept = UINT32_MAX;
    for (str rest = str_of(changes ? changes : ""); rest.n;) {
        str one = str_cut(&rest, '|');
        if (one.n && one.p[0] == '!' && str_to_uint(str_sub(one, 1, one.n), 100000, &kept)) kept--;
    }
    return kept;
}

static size_t add_cells(struct buf *out, enum body_format format, int16_t period, const char *changes) {
    struct national_form form;
    size_t rows = 0;
    uint64_t most = rows_kept(changes);
    size_t filled = changes && strncmp(changes, "*=0", 3) == 0 ? 0 : sizeof FILLED / sizeof *FILLED;
    national_form_build(period, &form);
    for (int cell = 0; cell < form.cell_count && rows < most; cell++) {
        const struct national_row *row = national_row_of(&form, cell);
        struct buf name = BUF_EMPTY;
        char number[16] = "0";
        national_cell_name(&form, cell, &name);
        bool awaited = !row->optional && row->part < NATIONAL_2A;
        for (size_t i = 0; i < filled; i++)
            if (str_is(buf_str(&name), FILLED[i].cell))
                snprintf(number, sizeof number, "%d", FILLED[i].value);
        str value = awaited ? str_of(number) : STR_NONE;
        if (cell_changed(changes, buf_str(&name), &value) && value.p) {
            const str field[6] = {
                str_of(national_part_info((enum national_part)row->part)->name),
                str_of(row->key1),
                str_of(row->key2),
                str_of(national_measure_name((enum national_measure)form.cells[cell].measure)),
                value,
                STR("")};
            add_row(out, format, rows++ == 0, field);
        }
        buf_free(&name);
    }
    return rows;
}

static void add_behind(struct buf *out, enum body_format format, const char *changes, size_t rows) {
    for (str rest = str_of(changes ? changes : ""); rest.n;) {
        str one = str_cut(&rest, '|'), field[6];
        if (!one.n || one.p[0] != '+') continue;
        one = str_sub(one, 1, one.n);
        for (size_t i = 0; i < 6; i++)
            field[i] = str_cut(&one, ',');
        add_row(out, format, rows++ == 0, field);
    }
}

void national_add(struct buf *out, enum body_format format, int16_t period, const char *changes) {
    buf_add_cstr(out, format == FORMAT_CSV ? "part,key1,key2,measure,value,reason\n" : "{\"rows\":[");
    size_t rows = add_cells(out, format, period, changes);
    add_behind(out, format, changes, rows);
    if (format == FORMAT_JSON) buf_add_cstr(out, "]}");
}

void national_add_csv(struct buf *out, int16_t period, const char *changes) {
    national_add(out, FORMAT_CSV, period, changes);
}

void national_add_json(struct buf *out, int16_t period, const char *changes) {
    national_add(out, FORMAT_JSON, period, changes);
}

void shelf_national(struct shelf *s, const char *period, const char *changes) {
    struct buf body = BUF_EMPTY;
    struct judged j;
    national_add_csv(&body, period_iso(period), changes);
    struct judge_input in = judged_defaults("national", FORMAT_CSV, buf_str(&body));
    in.period = period_iso(period);
    judged_input(&j, &in);
    CHECK(j.err == OK && j.judgement.findings.errors == 0, "%s", judged_found(&j));
    struct held *h = shelf_part(s, PART_NATIONAL, in.period);
    void *facts = must_alloc(j.judgement.facts.n + 1);
    memcpy(facts, j.judgement.facts.p, j.judgement.facts.n);
    h->facts = facts;
    h->rows = j.judgement.rows;
    judged_free(&j);
    buf_free(&body);
}
