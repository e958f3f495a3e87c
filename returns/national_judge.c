/* See national_judge.h. The rules themselves are national_checks.c, which also serves the return that is added up from
 * episodes; here each offence becomes a finding in the later of the rows that contradict each other. */
#include "returns/national_judge.h"

#include "returns/national_checks.h"
#include "returns/national_sheet.h"
#include "returns/parts/national.h"

/* How a rule that is broken is told to whoever sent the return. The others are not the rows': V01 to V05 are judged
 * cell by cell, V14 and V17 to V19 need other quarters and other returns. */
static const struct {
    enum national_rule rule;
    enum finding_code code;
    size_t column;
    bool whole; /* of the return as a whole, in row 0; only once it is complete */
} TOLD[] = {
    {NATIONAL_V06, FINDING_INCONSISTENT, NATIONAL_COLUMN_VALUE, false},
    {NATIONAL_V07, FINDING_INCONSISTENT, NATIONAL_COLUMN_VALUE, false},
    {NATIONAL_V08, FINDING_INCONSISTENT, NATIONAL_COLUMN_VALUE, false},
    {NATIONAL_V09, FINDING_INCONSISTENT, NATIONAL_COLUMN_VALUE, false},
    {NATIONAL_V10, FINDING_INCONSISTENT, NATIONAL_COLUMN_VALUE, false},
    {NATIONAL_V11, FINDING_INCONSISTENT, NATIONAL_COLUMN_VALUE, false},
    {NATIONAL_V12, FINDING_INCONSISTENT, NATIONAL_COLUMN_VALUE, false},
    {NATIONAL_V13, FINDING_MISSING_VALUE, NATIONAL_COLUMN_REASON, false},
    {NATIONAL_V15, FINDING_INCONSISTENT, NATIONAL_COLUMN_VALUE, true},
    {NATIONAL_V16, FINDING_OUT_OF_RANGE, NATIONAL_COLUMN_VALUE, true},
};

static str cell_name(struct judging *j, const struct national_sheet *s, int cell) {
    struct buf name = BUF_EMPTY;
    national_cell_name(&s->form, cell, &name);
    str text = say(j, "%.*s in row %u", STR_ARG(buf_str(&name)), (unsigned)s->places[cell].row);
    buf_free(&name);
    return text;
}

static bool is_later(const struct national_sheet *s, int cell, int than) {
    return cell >= 0 && s->places[cell].row > s->places[than].row;
}

/* The cell that stands last in the file of those that an offence compares; V07 compares four. */
static int later_cell(const struct national_sheet *s, enum national_rule rule,
                      const struct national_offence *o) {
    int last = is_later(s, o->other, o->cell) ? o->other : o->cell;
    for (int m = MEASURE_SET; rule == NATIONAL_V07 && m <= MEASURE_LOST; m++) {
        int cell = national_cell_of(&s->form, s->form.cells[o->cell].row, (enum national_measure)m);
        if (is_later(s, cell, last)) last = cell;
    }
    return last;
}

/* Compares sums: the cells of the offence are the last of those that were added up, and need not be wrong. */
static bool is_sum(enum national_rule rule) {
    return rule == NATIONAL_V09 || rule == NATIONAL_V10;
}

static void write_fix(struct judging *j, const struct national_sheet *s, enum national_rule rule,
                      const struct national_offence *o, struct finding *f) {
    if (rule == NATIONAL_V13) {
        f->fix =
            STR("Write the reason in one of the rows of this code. A return without it is accepted too.");
    } else if (o->cell < 0 || o->other < 0) {
        f->fix = STR("Nothing has to be done if it is so; otherwise correct the numbers.");
    } else if (f->severity == SEVERITY_WARNING) {
        f->fix = say(j, "Check %.*s and %.*s; nothing has to be done if they are right.",
                     STR_ARG(cell_name(j, s, o->cell)), STR_ARG(cell_name(j, s, o->other)));
    } else if (is_sum(rule)) {
        f->fix = say(j, "Add up both, as far as %.*s and %.*s, and correct the cell that is wrong.",
                     STR_ARG(cell_name(j, s, o->cell)), STR_ARG(cell_name(j, s, o->other)));
    } else {
        f->fix = say(j, "Compare %.*s with %.*s and correct the wrong one.",
                     STR_ARG(cell_name(j, s, o->cell)), STR_ARG(cell_name(j, s, o->other)));
    }
}

static void tell(struct judging *j, size_t told, enum severity severity, const struct national_offence *o) {
    const struct national_sheet *s = j->out->national;
    struct national_place at = {0, 1};
    if (!TOLD[told].whole && o->cell >= 0) at = s->places[later_cell(s, TOLD[told].rule, o)];
    j->row.number = at.row;
    j->row.line = at.line;
    struct finding *f = severity == SEVERITY_WARNING ? find_warning(j, TOLD[told].column, TOLD[told].code)
                                                     : find_in_row(j, TOLD[told].column, TOLD[told].code);
    if (!f) return;
    f->detail = say(j, "%.*s (%s)", STR_ARG(o->detail), national_rule_id(TOLD[told].rule));
    write_fix(j, s, TOLD[told].rule, o, f);
}

void national_judge(struct judging *j, bool complete) {
    static const struct national_context NOTHING_KNOWN;
    struct arena words = ARENA_EMPTY;
    for (size_t i = 0; i < sizeof TOLD / sizeof *TOLD; i++) {
        struct national_check check;
        if (TOLD[i].whole && !complete) continue;
        national_check_run(TOLD[i].rule, &j->out->national->filled, &NOTHING_KNOWN, &words, &check);
        for (size_t k = 0; k < check.offence_count; k++)
            tell(j, i, check.severity, &check.offences[k]);
    }
    arena_free(&words);
}
