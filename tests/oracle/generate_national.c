/* generate_national: a national return of a few invented people. Each is put into every table of the form, so that the tables agree as the
 * rules V06 to V12 ask; 1C is changed at times as far as they allow, so that 1B less 1C is no rate. */
#include "returns/national_form.h"
#include "tests/oracle/generator.h"

struct filling {
    const struct national_form *form;
    int values[NATIONAL_CELLS_MAX];
};

static void count(struct filling *f, int row, enum national_measure m) {
    int cell = national_cell_of(f->form, row, m);
    if (cell >= 0) f->values[cell]++;
}

/* A row of a part; key2 NULL: any. */
static int any_row(struct dice *d, const struct national_form *form, enum national_part part,
                   const char *key2) {
    int first = form->part_rows[part], n = form->part_rows[part + 1] - first;
    for (;;) {
        int row = first + dice_below(d, n);
        if (!key2 || strcmp(form->rows[row].key2, key2) == 0) return row;
    }
}

/* 08 and the groups of the KPIs more often than others. */
static int any_class(struct dice *d, const struct national_form *form) {
    int row = national_row_find(form, NATIONAL_1E, STR("08"), STR(""));
    return dice_percent(d, 40) ? row : any_row(d, form, NATIONAL_1E, NULL);
}

static void add_person(struct filling *f, struct dice *d, int quit_percent) {
    enum national_measure outcome = dice_percent(d, quit_percent) ? MEASURE_QUIT
                                    : dice_percent(d, 50)         ? MEASURE_NOT_QUIT
                                                                  : MEASURE_LOST;
    bool verified = outcome == MEASURE_QUIT && dice_percent(d, 70);
    int rows[NATIONAL_2A] = {0};
    rows[NATIONAL_1A] = any_row(d, f->form, NATIONAL_1A, NULL);
    const char *gender = f->form->rows[rows[NATIONAL_1A]].key2;
    rows[NATIONAL_1B] = any_row(d, f->form, NATIONAL_1B, gender);
    bool is_in[NATIONAL_2A] = {
        [NATIONAL_1C] = strcmp(gender, "2") == 0 && dice_percent(d, 30), [NATIONAL_1D] = dice_percent(d, 50)};
    rows[NATIONAL_1C] = f->form->part_rows[NATIONAL_1C];
    rows[NATIONAL_1D] = f->form->part_rows[NATIONAL_1D];
    rows[NATIONAL_1E] = any_class(d, f->form);
    for (enum national_part p = NATIONAL_1F; p <= NATIONAL_1H; p++)
        rows[p] = any_row(d, f->form, p, NULL);
    for (enum national_part p = NATIONAL_1A; p <= NATIONAL_1H; p++) {
        if ((p == NATIONAL_1C || p == NATIONAL_1D) && !is_in[p]) continue;
        count(f, rows[p], MEASURE_SET);
        count(f, rows[p], outcome);
        if (verified) count(f, rows[p], MEASURE_CO_VALIDATED);
    }
}

/* None of the pregnant quitters is confirmed: V08 and V11 still hold. */
static void forget_confirmed(struct filling *f) {
    int cell = national_cell_of(f->form, f->form->part_rows[NATIONAL_1C], MEASURE_CO_VALIDATED);
    f->values[cell] = 0;
}

void story_add_national(struct story *s, int16_t period, struct buf *out) {
    struct national_form form;
    struct filling f = {.form = &form};
    struct dice *d = &s->dice;
    int people = dice_percent(d, 15) ? 0 : 1 + dice_below(d, 30);
    national_form_build(period, &form);
    for (int i = 0; i < people; i++)
        add_person(&f, d, s->quit_percent);
    if (dice_percent(d, 40)) forget_confirmed(&f);
    buf_add_cstr(out, NATIONAL_COLUMNS_SENT);
    for (int cell = 0; cell < form.cell_count; cell++) {
        const struct national_row *row = national_row_of(&form, cell);
        if (row->part >= NATIONAL_2A || (row->optional && f.values[cell] == 0 && dice_percent(d, 50)))
            continue;
        buf_printf(out, "%s,%s,%s,%s,%d\n", national_part_info((enum national_part)row->part)->name,
                   row->key1, row->key2,
                   national_measure_name((enum national_measure)form.cells[cell].measure), f.values[cell]);
    }
}
