/* See cell.h. This file chooses the function for a column; most cells come in a form that cell_fast.h knows. */
#include <stdlib.h>

#include "returns/cell.h"
#include "returns/cell_fast.h"
#include "returns/residue.h"

static const char *type_name(enum cell_type t) {
    static const char *const NAMES[] = {"a string", "a number", "true", "false", "an object", "an array"};
    return NAMES[t];
}

static bool takes_number(const struct column *c) {
    return c->kind == COL_INT || c->kind == COL_DECIMAL || (c->flags & COLUMN_DIGIT_CODE);
}

static bool type_fits(const struct column *c, enum cell_type t) {
    if (t == CELL_TEXT) return true;
    if (t == CELL_NUMBER) return takes_number(c);
    return (t == CELL_TRUE || t == CELL_FALSE) && c->kind == COL_FLAG;
}

static void find_wrong_type(struct judging *j, size_t column, enum cell_type t) {
    const struct column *c = &j->part->columns[column];
    struct finding *f = find_in_row(j, column, FINDING_WRONG_TYPE);
    if (!f) return;
    bool number = takes_number(c);
    f->detail = say(j, "The value is %s.", type_name(t));
    f->fix = say(j, "Send %s, for example %s%s%s.",
                 c->kind == COL_FLAG ? "a string, true or false"
                 : number ? (c->kind == COL_DECIMAL ? "a number or a string" : "an integer or a string")
                          : "a string",
                 number ? "" : "\"", c->example, number ? "" : "\"");
}

static bool judge_kind(struct judging *j, size_t column, struct cell sent, struct value *out) {
    switch (j->part->columns[column].kind) {
    case COL_ID: return cell_id(j, column, sent.text, out);
    case COL_DATE: return cell_date(j, column, sent.text, out);
    case COL_INT: return cell_int(j, column, sent, out);
    case COL_DECIMAL: return cell_decimal(j, column, sent.text, out);
    case COL_FLAG: return cell_flag(j, column, sent, out);
    case COL_CODE: return cell_code(j, column, sent.text, out);
    case COL_ETHNIC: return cell_ethnic(j, column, sent.text, out);
    case COL_WORD: return cell_word(j, column, sent.text, out);
    case COL_WORDS: return cell_words(j, column, sent.text, out);
    case COL_AUTHORITY: return cell_authority(j, column, sent.text, out);
    case COL_TEXT: return cell_text(j, column, sent.text, out);
    case COL_MONTH: return cell_month(j, column, sent.text, out);
    case COL_POSTCODE: return cell_postcode(j, column, sent.text, out);
    case COL_LSOA: return cell_lsoa(j, column, sent.text, out);
    }
    return false;
}

/* What a spreadsheet left there is named instead of what it is not. */
static void name_residue(struct judging *j, size_t column, str text) {
    struct finding *f = j->last_found;
    const struct residue *residue = f ? residue_find(text) : NULL;
    if (!residue) return;
    f->detail = say(j, "%.*s %s.", STR_ARG(shown(j, column, text)), residue->what);
    f->fix = str_of(residue->fix);
}

void cell_judge_long(struct judging *j, size_t column, struct cell sent) {
    struct value *v = &j->row.values[column];
    if (!type_fits(&j->part->columns[column], sent.type)) {
        find_wrong_type(j, column, sent.type);
        v->state = VALUE_BAD;
        return;
    }
    j->last_found = NULL;
    v->state = judge_kind(j, column, sent, v) ? VALUE_GOOD : VALUE_BAD;
    if (v->state == VALUE_BAD && sent.type == CELL_TEXT) name_residue(j, column, sent.text);
    if (v->state == VALUE_GOOD && v->number == 0 && j->part->columns[column].kind == COL_WORDS)
        v->state = VALUE_BLANK; /* ";" */
}

/* The limits within which a day needs no further look. */
static void plan_days(const struct judging *j, const struct column *c, struct cell_plan *plan) {
    bool in_period = c->flags & COLUMN_IN_PERIOD, past = c->flags & COLUMN_PAST;
    plan->least = in_period ? j->first_day : INT32_MIN;
    plan->most = in_period ? j->last_day : past ? j->in->today : INT32_MAX;
    if (in_period && past && j->in->today < plan->most) plan->most = j->in->today;
}

void cell_plans_begin(struct judging *j) {
    for (size_t i = 0; i < j->part->column_count; i++) {
        const struct column *c = &j->part->columns[i];
        struct cell_plan *plan = &j->plans[i];
        *plan = (struct cell_plan){
            .kind = c->kind, .least = c->least, .most = c->most, .list = c->list, .words = c->words};
        if (c->kind == COL_DATE) plan_days(j, c, plan);
        for (size_t w = 0; c->words && c->words[w] && w < WORDS_MOST; w++)
            plan->word_n[w] = (uint8_t)strlen(c->words[w]);
        if (!c->list) continue;
        plan->codes = must_calloc(1, sizeof *plan->codes);
        code_index_build(plan->codes, c->list, j->first_day);
    }
}

void cell_plans_end(struct judging *j) {
    for (size_t i = 0; i < j->part->column_count; i++)
        free(j->plans[i].codes);
}
