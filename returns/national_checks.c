/* See national_checks.h. Each rule is a function that notes offences; what they come to is said in one place
 * (conclude). */
#include "returns/national_checks.h"

#include "base/date.h"

enum { OFFENCES_MAX = NATIONAL_CELLS_MAX, SAID = 3 };

struct checking {
    const struct national_filled *f;
    const struct national_form *form;
    const struct national_context *context;
    struct arena *a;
    struct national_check *out;
    struct national_offence offences[OFFENCES_MAX];
    size_t count;
    const char *not_judged; /* why */
};

static const struct {
    const char *id, *meaning;
    enum severity severity;
} RULES[NATIONAL_RULE_COUNT] = {
#define X(id, severity, meaning) {#id, meaning, SEVERITY_##severity},
    NATIONAL_RULE_LIST(X)
#undef X
};

const char *national_rule_id(enum national_rule rule) {
    return RULES[rule].id;
}

const char *national_rule_meaning(enum national_rule rule) {
    return RULES[rule].meaning;
}

/* ---- what the rules share ---- */

static void offend(struct checking *c, int cell, int other, int64_t value, int64_t against, str detail) {
    if (c->count < OFFENCES_MAX)
        c->offences[c->count++] = (struct national_offence){cell, other, value, against, detail};
}

#define OFFEND(c, cell, other, value, against, ...)                                                          \
    offend((c), (cell), (other), (value), (against), arena_printf((c)->a, __VA_ARGS__))

static int cell_at(const struct checking *c, int row, enum national_measure m) {
    return national_cell_of(c->form, row, m);
}

static int64_t value_at(const struct checking *c, int row, enum national_measure m) {
    return national_filled_get(c->f, row, m);
}

/* V03 tells of what is missing; the others look only at rows that have what they compare. */
static bool has(const struct checking *c, int row, enum national_measure m) {
    int cell = cell_at(c, row, m);
    return cell >= 0 && c->f->present[cell];
}

/* Every mandatory cell of the measure is there, so that its sum means something. */
static bool part_has(const struct checking *c, enum national_part part, enum national_measure m) {
    for (int r = c->form->part_rows[part]; r < c->form->part_rows[part + 1]; r++)
        if (!c->form->rows[r].optional && !has(c, r, m)) return false;
    return true;
}

static int64_t sum(const struct checking *c, enum national_part part, enum national_measure m) {
    return national_filled_sum(c->f, part, NULL, m);
}

/* The last cell of a sum; gender NULL: over all. */
static int last_cell(const struct checking *c, enum national_part part, const char *gender,
                     enum national_measure m) {
    int last = -1;
    for (int r = c->form->part_rows[part]; r < c->form->part_rows[part + 1]; r++)
        if ((!gender || strcmp(c->form->rows[r].key2, gender) == 0) && has(c, r, m)) last = cell_at(c, r, m);
    return last;
}

/* "1A B 2" */
static str row_name(const struct checking *c, int row) {
    const struct national_row *r = &c->form->rows[row];
    const char *part = national_part_info((enum national_part)r->part)->name;
    return arena_printf(c->a, "%s%s%s%s%s", part, r->key1[0] ? " " : "", r->key1, r->key2[0] ? " " : "",
                        r->key2);
}

static str cell_name(const struct checking *c, int cell) {
    return arena_printf(c->a, "%.*s %s", STR_ARG(row_name(c, c->form->cells[cell].row)),
                        national_measure_name((enum national_measure)c->form->cells[cell].measure));
}

/* ---- the return and its cells ---- */

static void check_V01(struct checking *c) {
    int32_t first = c->context->first_day, last = c->context->last_day;
    int32_t wanted_first = period_first_day(c->form->period), wanted_last = period_last_day(c->form->period);
    char a[DAY_TEXT], b[DAY_TEXT], d[DAY_TEXT], e[DAY_TEXT];
    if ((!first && !last) || (first == wanted_first && last == wanted_last)) return;
    OFFEND(c, -1, -1, first, wanted_first, "The return says %s to %s; the quarter is %s to %s.",
           day_format(first, a), day_format(last, b), day_format(wanted_first, d),
           day_format(wanted_last, e));
}

static void check_V02(struct checking *c) {
    if (c->context->submitter_problem) OFFEND(c, -1, -1, 0, 0, "%s", c->context->submitter_problem);
}

static bool is_asked(const struct checking *c, const struct national_row *row) {
    return !row->optional && !(c->context->without_finance && row->part >= NATIONAL_2A);
}

static void check_V03(struct checking *c) {
    for (int i = 0; i < c->form->cell_count; i++) {
        const struct national_cell *cell = &c->form->cells[i];
        long long value = c->f->values[i];
        if (!c->f->present[i] && is_asked(c, national_row_of(c->form, i)))
            OFFEND(c, i, -1, 0, cell->most, "%.*s is missing.", STR_ARG(cell_name(c, i)));
        else if (value < 0 || value > cell->most)
            OFFEND(c, i, -1, value, cell->most, "%.*s is %lld; it must be from 0 to %ld.",
                   STR_ARG(cell_name(c, i)), value, (long)cell->most);
    }
}

static void check_V04(struct checking *c) {
    for (size_t i = 0; i < c->context->unplaced_count; i++) {
        const struct national_unplaced *u = &c->context->unplaced[i];
        OFFEND(c, -1, -1, u->count, 0,
               "%lld people stand under the code %s, which part %s of the form %s lacks.",
               (long long)u->count, u->key, national_part_info(u->part)->name, c->form->version);
    }
}

/* A row of which nothing is there. Keys that stand twice cannot be in a filled form: who fills it says so. */
static void check_V05(struct checking *c) {
    for (int r = 0; r < c->form->row_count; r++) {
        const struct national_row *row = &c->form->rows[r];
        bool any = !is_asked(c, row);
        for (int i = row->first; i < row->first + row->count; i++)
            any = any || c->f->present[i];
        if (!any) OFFEND(c, row->first, -1, 0, 0, "%.*s is missing altogether.", STR_ARG(row_name(c, r)));
    }
}

/* ---- within a row ---- */

static void check_at_most(struct checking *c, enum national_part part, enum national_measure m,
                          enum national_measure whole) {
    for (int r = c->form->part_rows[part]; r < c->form->part_rows[part + 1]; r++) {
        long long some = value_at(c, r, m), all = value_at(c, r, whole);
        if (!has(c, r, m) || !has(c, r, whole) || some <= all) continue;
        OFFEND(c, cell_at(c, r, m), cell_at(c, r, whole), some, all, "%.*s: %s is %lld, more than %s, %lld.",
               STR_ARG(row_name(c, r)), national_measure_name(m), some, national_measure_name(whole), all);
    }
}

static void check_V06(struct checking *c) {
    static const enum national_part PARTS[] = {NATIONAL_1A, NATIONAL_1D, NATIONAL_1E,
                                               NATIONAL_1F, NATIONAL_1G, NATIONAL_1H};
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++)
        check_at_most(c, PARTS[i], MEASURE_QUIT, MEASURE_SET);
}

static bool has_outcomes(const struct checking *c, int r) {
    return has(c, r, MEASURE_SET) && has(c, r, MEASURE_QUIT) && has(c, r, MEASURE_NOT_QUIT) &&
           has(c, r, MEASURE_LOST);
}

static const char *why_short(const struct checking *c, int64_t missing, int64_t co) {
    if (missing <= 0) return "";
    if (c->context->waiting) return " Some are not due yet.";
    if (missing == co) return " What is missing are as many as CO_VALIDATED: QUIT must include them.";
    return "";
}

static void check_V07(struct checking *c) {
    for (int r = c->form->part_rows[NATIONAL_1B]; r < c->form->part_rows[NATIONAL_1B + 1]; r++) {
        long long set = value_at(c, r, MEASURE_SET), quit = value_at(c, r, MEASURE_QUIT);
        long long not_quit = value_at(c, r, MEASURE_NOT_QUIT), lost = value_at(c, r, MEASURE_LOST);
        long long outcomes = quit + not_quit + lost;
        if (!has_outcomes(c, r) || outcomes == set) continue;
        OFFEND(c, cell_at(c, r, MEASURE_SET), cell_at(c, r, MEASURE_LOST), set, outcomes,
               "%.*s: QUIT %lld + NOT_QUIT %lld + LOST %lld = %lld, but SET is %lld.%s",
               STR_ARG(row_name(c, r)), quit, not_quit, lost, outcomes, set,
               why_short(c, set - outcomes, value_at(c, r, MEASURE_CO_VALIDATED)));
    }
}

static void check_V08(struct checking *c) {
    check_at_most(c, NATIONAL_1B, MEASURE_CO_VALIDATED, MEASURE_QUIT);
    check_at_most(c, NATIONAL_1C, MEASURE_CO_VALIDATED, MEASURE_QUIT);
}

/* ---- between the parts ---- */

static void check_totals(struct checking *c, enum national_part part, enum national_measure m) {
    long long here = sum(c, part, m), there = sum(c, NATIONAL_1B, m);
    if (!part_has(c, part, m) || !part_has(c, NATIONAL_1B, m) || here == there) return;
    OFFEND(c, last_cell(c, part, NULL, m), last_cell(c, NATIONAL_1B, NULL, m), here, there,
           "%s: %s adds up to %lld, 1B to %lld.", national_measure_name(m), national_part_info(part)->name,
           here, there);
}

static void check_V09(struct checking *c) {
    static const enum national_part PARTS[] = {NATIONAL_1A, NATIONAL_1E, NATIONAL_1F, NATIONAL_1G,
                                               NATIONAL_1H};
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
        check_totals(c, PARTS[i], MEASURE_SET);
        check_totals(c, PARTS[i], MEASURE_QUIT);
    }
}

static void check_gender(struct checking *c, const char *gender, enum national_measure m) {
    long long here = national_filled_sum(c->f, NATIONAL_1A, gender, m);
    long long there = national_filled_sum(c->f, NATIONAL_1B, gender, m);
    if (!part_has(c, NATIONAL_1A, m) || !part_has(c, NATIONAL_1B, m) || here == there) return;
    OFFEND(c, last_cell(c, NATIONAL_1A, gender, m), last_cell(c, NATIONAL_1B, gender, m), here, there,
           "%s, gender %s: 1A adds up to %lld, 1B to %lld.", national_measure_name(m), gender, here, there);
}

static void check_V10(struct checking *c) {
    int begin = c->form->part_rows[NATIONAL_1B], end = c->form->part_rows[NATIONAL_1B + 1];
    const char *first = c->form->rows[begin].key1;
    /* The genders are those of the first age band. */
    for (int r = begin; r < end && strcmp(c->form->rows[r].key1, first) == 0; r++) {
        check_gender(c, c->form->rows[r].key2, MEASURE_SET);
        check_gender(c, c->form->rows[r].key2, MEASURE_QUIT);
    }
}

static int64_t pregnant(const struct checking *c, enum national_measure m) {
    if (m != MEASURE_SET) return sum(c, NATIONAL_1C, m);
    return sum(c, NATIONAL_1C, MEASURE_QUIT) + sum(c, NATIONAL_1C, MEASURE_NOT_QUIT) +
           sum(c, NATIONAL_1C, MEASURE_LOST);
}

/* gender NULL: of all genders. */
static void check_pregnant(struct checking *c, const char *gender) {
    static const enum national_measure MEASURES[] = {MEASURE_SET, MEASURE_QUIT, MEASURE_LOST,
                                                     MEASURE_CO_VALIDATED};
    for (size_t i = 0; i < sizeof MEASURES / sizeof *MEASURES; i++) {
        enum national_measure m = MEASURES[i];
        long long some = pregnant(c, m), all = national_filled_sum(c->f, NATIONAL_1B, gender, m);
        bool known = part_has(c, NATIONAL_1B, m) && part_has(c, NATIONAL_1C, MEASURE_QUIT) &&
                     part_has(c, NATIONAL_1C, MEASURE_NOT_QUIT) && part_has(c, NATIONAL_1C, MEASURE_LOST) &&
                     part_has(c, NATIONAL_1C, MEASURE_CO_VALIDATED);
        if (!known || some <= all) continue;
        OFFEND(c, last_cell(c, NATIONAL_1C, NULL, m == MEASURE_SET ? MEASURE_LOST : m),
               last_cell(c, NATIONAL_1B, gender, m), some, all, "%s: 1C says %lld pregnant, 1B %lld %s.",
               national_measure_name(m), some, all, gender ? "women (gender 2)" : "people in all");
    }
}

/* From 2024 pregnancy is not tied to gender 2: more than all people is an error, more than women a warning. */
static void check_V11(struct checking *c) {
    bool by_gender_alone = c->form->period < NATIONAL_FORM_2024_FROM;
    if (!by_gender_alone) check_pregnant(c, NULL);
    if (c->count) return;
    check_pregnant(c, "2");
    if (!by_gender_alone && c->count) c->out->severity = SEVERITY_WARNING;
}

static void check_V12(struct checking *c) {
    static const enum national_measure MEASURES[] = {MEASURE_SET, MEASURE_QUIT};
    for (size_t i = 0; i < 2; i++) {
        enum national_measure m = MEASURES[i];
        long long some = sum(c, NATIONAL_1D, m), all = sum(c, NATIONAL_1B, m);
        if (!part_has(c, NATIONAL_1D, m) || !part_has(c, NATIONAL_1B, m) || some <= all) continue;
        OFFEND(c, last_cell(c, NATIONAL_1D, NULL, m), last_cell(c, NATIONAL_1B, NULL, m), some, all,
               "%s: 1D says %lld, more than the %lld of 1B.", national_measure_name(m), some, all);
    }
}

/* ---- what asks for a word, and what looks odd ---- */

static void check_reasons(struct checking *c, enum national_part part) {
    for (int r = c->form->part_rows[part]; r < c->form->part_rows[part + 1]; r++) {
        long long set = value_at(c, r, MEASURE_SET), quit = value_at(c, r, MEASURE_QUIT);
        if (!has(c, r, MEASURE_SET) || !has(c, r, MEASURE_QUIT) || !national_is_outlier(set, quit) ||
            c->f->reasons[r].n)
            continue;
        OFFEND(c, cell_at(c, r, MEASURE_QUIT), cell_at(c, r, MEASURE_SET), quit, set,
               "%.*s: %lld of %lld quit, %s; say why in at most %d characters.", STR_ARG(row_name(c, r)),
               quit, set, 100 * quit <= 35 * set ? "35 % or less" : "70 % or more", NATIONAL_REASON_MOST);
    }
}

/* Success is known once every outcome is due: before that, nobody is asked to explain a figure that will move. */
static void check_V13(struct checking *c) {
    if (c->context->quarter_runs) c->not_judged = "the quarter is not over";
    else if (c->context->waiting) c->not_judged = "the four-week outcomes of some are not due yet";
    if (c->not_judged) return;
    check_reasons(c, NATIONAL_1G);
    check_reasons(c, NATIONAL_1H);
}

static void check_V14(struct checking *c) {
    int row_a = c->form->part_rows[NATIONAL_2A], row_b = c->form->part_rows[NATIONAL_2B];
    int quarter = period_quarter(c->form->period);
    bool any = false;
    for (int q = quarter - 1; q >= 1 && !any; q--) {
        any = c->context->earlier_money[q - 1].known;
        if (!any) continue;
        long long spent = c->context->earlier_money[q - 1].cumulative_spend;
        long long allocated = c->context->earlier_money[q - 1].allocation;
        long long spend = value_at(c, row_b, MEASURE_CUMULATIVE_SPEND);
        long long allocation = value_at(c, row_a, MEASURE_ALLOCATION);
        if (has(c, row_b, MEASURE_CUMULATIVE_SPEND) && spend < spent)
            OFFEND(c, cell_at(c, row_b, MEASURE_CUMULATIVE_SPEND), -1, spend, spent,
                   "The spend to date is %lld, less than the %lld of quarter %d.", spend, spent, q);
        if (has(c, row_a, MEASURE_ALLOCATION) && allocation != allocated)
            OFFEND(c, cell_at(c, row_a, MEASURE_ALLOCATION), -1, allocation, allocated,
                   "The allocation for the year is %lld; in quarter %d it was %lld.", allocation, q,
                   allocated);
    }
    if (!any) c->not_judged = "no earlier quarter of the year has its finance";
}

static int64_t sum_of_key(const struct checking *c, enum national_part part, const char *key) {
    int64_t all = 0;
    for (int r = c->form->part_rows[part]; r < c->form->part_rows[part + 1]; r++)
        if (strcmp(c->form->rows[r].key1, key) == 0) all += value_at(c, r, MEASURE_SET);
    return all;
}

static void check_V15(struct checking *c) {
    long long unknown = sum_of_key(c, NATIONAL_1F, "99") + sum_of_key(c, NATIONAL_1F, "LK");
    long long lost = sum(c, NATIONAL_1B, MEASURE_LOST);
    if (part_has(c, NATIONAL_1B, MEASURE_LOST) && unknown > lost)
        OFFEND(c, -1, -1, unknown, lost,
               "The aid of %lld people is not known, but only %lld are lost to follow-up.", unknown, lost);
}

static void check_unknown(struct checking *c, const char *what, int64_t unknown, int64_t set) {
    if (100 * unknown > 5 * set)
        OFFEND(c, -1, -1, unknown, set, "%s: %lld of %lld are not known or not stated, more than 5 %%.", what,
               (long long)unknown, (long long)set);
}

static void check_V16(struct checking *c) {
    long long set = sum(c, NATIONAL_1B, MEASURE_SET), quit = sum(c, NATIONAL_1B, MEASURE_QUIT);
    long long lost = sum(c, NATIONAL_1B, MEASURE_LOST), co = sum(c, NATIONAL_1B, MEASURE_CO_VALIDATED);
    if (!set) {
        c->not_judged = "nobody set a quit date";
        return;
    }
    if (100 * quit < 35 * set || 100 * quit > 70 * set)
        OFFEND(c, -1, -1, quit, set, "%lld of %lld quit; 35 %% to 70 %% is expected.", quit, set);
    if (100 * co < 85 * quit)
        OFFEND(c, -1, -1, co, quit,
               "%lld of %lld quitters are confirmed by carbon monoxide; 85 %% is expected.", co, quit);
    if (100 * lost >= 15 * set)
        OFFEND(c, -1, -1, lost, set, "%lld of %lld are lost to follow-up; less than 15 %% is expected.", lost,
               set);
    check_unknown(c, "Ethnic category", sum_of_key(c, NATIONAL_1A, "Z"), set);
    check_unknown(c, "Gender",
                  national_filled_sum(c->f, NATIONAL_1A, "X", MEASURE_SET) +
                      national_filled_sum(c->f, NATIONAL_1A, "Z", MEASURE_SET),
                  set);
    check_unknown(c, "Socio-economic classification", sum_of_key(c, NATIONAL_1E, "96"), set);
    check_unknown(c, "Aid received", sum_of_key(c, NATIONAL_1F, "99") + sum_of_key(c, NATIONAL_1F, "LK"),
                  set);
}

/* ---- beside the other quarters ---- */

static void check_V17(struct checking *c) {
    int64_t before = 0, set = sum(c, NATIONAL_1B, MEASURE_SET);
    if (c->context->before_count < 4) {
        c->not_judged = "the four quarters before it are not all known";
        return;
    }
    for (size_t i = 0; i < 4; i++)
        before += c->context->before[i];
    int64_t off = 4 * set > before ? 4 * set - before : before - 4 * set;
    if (2 * off > before) /* |set - before / 4| > 50 % of before / 4 */
        OFFEND(c, -1, -1, set, before / 4,
               "%lld people set a quit date; in the four quarters before it were %lld together.",
               (long long)set, (long long)before);
}

static void check_V18(struct checking *c) {
    for (int q = 1; q < period_quarter(c->form->period); q++)
        if (c->context->missing_quarters >> (q - 1) & 1)
            OFFEND(c, -1, -1, q, 0, "Nothing was returned for quarter %d, so the year to date is incomplete.",
                   q);
}

static void check_V19(struct checking *c) {
    if (!c->context->resubmitted) c->not_judged = "it does not replace one that was sent";
    else if (!c->context->names_replaced)
        OFFEND(c, -1, -1, 0, 0, "It replaces one that was sent, but does not name it (If-Match).");
    else if (!c->context->has_reason)
        OFFEND(c, -1, -1, 0, 0, "It replaces one that was sent, and no reason is given.");
}

/* ---- running them ---- */

static void (*const CHECKS[NATIONAL_RULE_COUNT])(struct checking *c) = {
#define X(id, severity, meaning) check_##id,
    NATIONAL_RULE_LIST(X)
#undef X
};

static void conclude(struct checking *c) {
    struct national_check *out = c->out;
    struct buf words = BUF_EMPTY;
    out->judged = !c->not_judged;
    out->passed = c->count == 0;
    if (c->not_judged && out->passed) buf_printf(&words, "Not judged: %s.", c->not_judged);
    else if (out->passed) buf_add_cstr(&words, RULES[out->rule].meaning);
    for (size_t i = 0; i < c->count && i < SAID; i++)
        buf_printf(&words, "%s%.*s", i ? " " : "", STR_ARG(c->offences[i].detail));
    if (c->count > SAID) buf_printf(&words, " And %zu more.", c->count - SAID);
    out->detail = arena_str(c->a, buf_str(&words));
    buf_free(&words);
    struct national_offence *kept = ARENA_ARRAY(c->a, struct national_offence, c->count);
    if (c->count) memcpy(kept, c->offences, c->count * sizeof *kept);
    out->offences = kept;
    out->offence_count = c->count;
}

void national_check_run(enum national_rule rule, const struct national_filled *f,
                        const struct national_context *context, struct arena *a, struct national_check *out) {
    struct checking c;
    *out = (struct national_check){.rule = rule, .severity = RULES[rule].severity};
    c.f = f;
    c.form = f->form;
    c.context = context;
    c.a = a;
    c.out = out;
    c.count = 0;
    c.not_judged = NULL;
    CHECKS[rule](&c);
    conclude(&c);
}

void national_checks_run(const struct national_filled *f, const struct national_context *context,
                         struct arena *a, struct national_check out[NATIONAL_RULE_COUNT]) {
    for (int rule = 0; rule < NATIONAL_RULE_COUNT; rule++)
        national_check_run((enum national_rule)rule, f, context, a, &out[rule]);
}
