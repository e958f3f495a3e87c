/* element: reads "elements" of a framework file. One element:
 *   {"part": "episodes", "cohort": "QUIT_DATE", "is": ["quit4"], "isNot": […],
 *    "where": [{"column": "gender", "in": ["2"]}], "sum": "ROWS"}
 * Every member is described in docs/framework.md. */
#include "kpi/element.h"
#include "kpi/schema.h"

#include <stdio.h>

enum stage cohort_stage(enum cohort c) {
    return c == COHORT_CLOSES_12W ? STAGE_12W : c == COHORT_CLOSES_26W ? STAGE_26W : STAGE_52W;
}

/* ---- conditions on columns ---- */

static bool same_values(const struct condition *a, const struct condition *b) {
    if (a->value_count != b->value_count) return false;
    for (size_t i = 0; i < a->value_count; i++) {
        if (a->values[i] != b->values[i]) return false;
        if (a->any_second && a->any_second[i] != b->any_second[i]) return false;
    }
    return true;
}

static bool same_condition(const struct condition *a, const struct condition *b) {
    return a->column == b->column && a->negated == b->negated && a->is_range == b->is_range &&
           a->from == b->from && a->to == b->to && same_values(a, b);
}

uint64_t condition_add(const struct node *n, struct condition_set *set, struct condition *c) {
    for (size_t i = 0; i < set->count; i++) {
        if (same_condition(&set->list[i], c)) return UINT64_C(1) << i;
    }
    if (set->count == CONDITIONS_MAX) {
        node_fail(n, "the elements of one part may have at most %d different conditions", CONDITIONS_MAX);
        return 0;
    }
    c->bit = (unsigned)set->count;
    set->list[set->count++] = *c;
    return UINT64_C(1) << c->bit;
}

static const struct fact_column *column_read(const struct node *n, enum part_id part) {
    const char *name = node_text(n);
    const struct fact_column *column = fact_column_find(part, str_of(name));
    if (column || !config_ok(n->config)) return column;
    str names[64];
    str nearest = str_nearest(str_of(name), names, fact_column_names(part, names, 64));
    if (nearest.p)
        node_fail(n, "%s has no such column to count; did you mean \"%.*s\"?", part_name(part),
                  STR_ARG(nearest));
    else node_fail(n, "%s has no such column to count", part_name(part));
    return NULL;
}

/* A code as text, or a number as number. */
static uint32_t value_read(const struct node *n, const struct fact_column *column, bool *out_any_second) {
    char digits[24];
    str code;
    if (json_is_integer(n->json)) {
        snprintf(digits, sizeof digits, "%lld", (long long)json_integer_value(n->json));
        code = str_of(digits);
    } else if (json_is_string(n->json)) {
        code = (str){json_string_value(n->json), json_string_length(n->json)};
    } else {
        node_fail(n, "must be a code in quotes, or a number");
        return 0;
    }
    uint32_t value = 0;
    if (!fact_value_parse(column, code, &value)) node_fail(n, "%s has no such code", column->name);
    else if (!fact_code_known(column, code))
        node_warn(
            n,
            "no edition of the list of %s has the code \"%.*s\", so nobody meets it. Write a code as in GET "
            "/v1/code-lists, with leading zeros (\"08\").",
            column->name, STR_ARG(code));
    *out_any_second = column->kind == FACT_ETHNIC && code.n == 1;
    return value;
}

static void values_read(const struct node *n, struct condition *c) {
    size_t count = node_length(n);
    if (count == 0 || count > 200) node_fail(n, "must list 1 to 200 codes");
    if (!config_ok(n->config)) return;
    uint32_t *values = ARENA_ARRAY(n->config->arena, uint32_t, count);
    c->any_second = ARENA_ARRAY(n->config->arena, bool, count);
    for (size_t i = 0; i < count; i++) {
        struct node value = node_at(n, i);
        values[i] = value_read(&value, c->column, &c->any_second[i]);
    }
    c->values = values;
    c->value_count = count;
}

static uint64_t where_read(const struct node *n, enum part_id part, struct condition_set *set) {
    schema_members(n, "where-episodes"); /* the same of every part */
    struct node column = node_member(n, "column"), in = node_member(n, "in"),
                not_in = node_member(n, "notIn");
    struct node from = node_member(n, "from"), to = node_member(n, "to");
    struct condition c = {.column = column_read(&column, part)};
    if (!config_ok(n->config)) return 0;
    if (c.column->kind == FACT_DAY) node_fail(&column, "is a date; only \"workingDays\" asks for it");
    c.negated = node_is_given(&not_in);
    c.is_range = node_is_given(&from) || node_is_given(&to);
    if (node_is_given(&in) + c.negated + c.is_range != 1)
        node_fail(n, "needs exactly one of \"in\", \"notIn\", or a range (\"from\", \"to\")");
    if (c.is_range && !fact_kind_is_number(c.column->kind))
        node_fail(n, "%s is no number; use \"in\" or \"notIn\"", c.column->name);
    if (c.is_range) {
        c.from = (uint32_t)node_int_or(&from, 0, 100000000, 0);
        c.to = (uint32_t)node_int_or(&to, c.from, 100000000, 100000000);
    } else {
        values_read(c.negated ? &not_in : &in, &c);
    }
    return config_ok(n->config) ? condition_add(n, set, &c) : 0;
}

/* ---- derived conditions ---- */

static void fail_unknown_derived(const struct node *n) {
    str names[DERIVED_COUNT];
    for (unsigned d = 0; d < DERIVED_COUNT; d++)
        names[d] = str_of(derived_info((enum derived)d)->name);
    str nearest = str_nearest(str_of(json_string_value(n->json)), names, DERIVED_COUNT);
    if (nearest.p) node_fail(n, "there is no such condition; did you mean \"%.*s\"?", STR_ARG(nearest));
    else node_fail(n, "there is no such condition; docs/framework.md lists them");
}

static uint64_t derived_read_one(const struct node *n, enum part_id part) {
    const char *name = node_text(n);
    if (!config_ok(n->config)) return 0;
    enum derived d;
    if (part == PART_EPISODES && derived_parse(str_of(name), &d)) return derived_bit(d);
    if (part == PART_HARM_REDUCTION && strcmp(name, "episodeQuit4") == 0) return HARM_EPISODE_QUIT4;
    if (part == PART_EPISODES) fail_unknown_derived(n);
    else node_fail(n, "%s has no such condition", part_name(part));
    return 0;
}

static uint64_t derived_read(const struct node *n, enum part_id part) {
    uint64_t bits = 0;
    size_t count = node_length(n);
    for (size_t i = 0; i < count; i++) {
        struct node one = node_at(n, i);
        bits |= derived_read_one(&one, part);
    }
    return bits;
}

/* ---- one element ---- */

static enum cohort cohort_read(const struct node *n, enum part_id part) {
    if (part != PART_EPISODES) {
        if (node_is_given(n)) NODE_WORD(n, "PERIOD");
        return COHORT_PERIOD;
    }
    return (enum cohort)(COHORT_QUIT_DATE +
                         NODE_WORD(n, "QUIT_DATE", "CLOSES_12W", "CLOSES_26W", "CLOSES_52W"));
}

static void sum_read(const struct node *n, struct element *out) {
    if (!node_is_given(n)) return;
    if (out->part == PART_EPISODES) {
        out->test.sum = (enum sum)NODE_WORD(n, "ROWS", "REQUIRED_ITEMS", "COMPLETE_ITEMS");
        return;
    }
    if (json_is_string(n->json) && strcmp(json_string_value(n->json), "ROWS") == 0) return;
    out->test.sum = SUM_COLUMN;
    out->sum_column = column_read(n, out->part);
    if (out->sum_column && !fact_kind_is_number(out->sum_column->kind))
        node_fail(n, "is no number, so it has no sum");
}

static void working_days_read(const struct node *n, struct element *out) {
    if (!node_is_given(n)) return;
    if (out->part != PART_REFERRALS) node_fail(n, "only referrals have a limit in working days");
    schema_members(n, "workingDays");
    struct node limit = node_member(n, "limit"), state = node_member(n, "state"),
                column = node_member(n, "column");
    out->working_days_limit = (int)node_int(&limit, 1, 250);
    out->working_days =
        (enum working_days)(WORKING_DAYS_WAITING + NODE_WORD(&state, "WAITING", "PASSED", "IN_TIME"));
    if (out->working_days == WORKING_DAYS_IN_TIME) out->working_days_column = column_read(&column, out->part);
    else if (node_is_given(&column)) node_fail(&column, "belongs to the state IN_TIME");
    if (out->working_days_column && out->working_days_column->kind != FACT_DAY)
        node_fail(&column, "is no date");
}

static enum part_id part_read(const struct node *n) {
    const char *name = node_text(n);
    enum part_id part = PART_EPISODES;
    bool known = config_ok(n->config) && part_id_parse(str_of(name), &part);
    bool counted = part == PART_EPISODES || part == PART_HARM_REDUCTION || part == PART_REFERRALS ||
                   part == PART_CONTACTS || part == PART_TRAINING_SESSIONS || part == PART_NATIONAL;
    if (!known || !counted)
        node_fail(
            n, "must be one of episodes, harm-reduction, referrals, contacts, training-sessions, national");
    return known && counted ? part : PART_EPISODES;
}

void element_read(const struct node *n, struct condition_set *sets, struct element *out) {
    *out = (struct element){0};
    schema_members(n, "element");
    struct node part = node_member(n, "part"), cohort = node_member(n, "cohort"), is = node_member(n, "is");
    struct node is_not = node_member(n, "isNot"), where = node_member(n, "where"),
                sum = node_member(n, "sum");
    struct node working_days = node_member(n, "workingDays"), meaning = node_member(n, "meaning");
    out->name = arena_cstr(n->config->arena, str_of(n->key));
    out->meaning = node_text_or(&meaning, NULL);
    out->part = part_read(&part);
    out->cohort = cohort_read(&cohort, out->part);
    uint64_t yes = derived_read(&is, out->part), no = derived_read(&is_not, out->part);
    if (yes & no) node_fail(&is_not, "asks for the contrary of \"is\"");
    out->test.derived_care = yes | no;
    out->test.derived_want = yes;
    size_t count = node_length(&where);
    for (size_t i = 0; i < count; i++) {
        struct node one = node_at(&where, i);
        out->test.columns |= where_read(&one, out->part, &sets[out->part]);
    }
    sum_read(&sum, out);
    working_days_read(&working_days, out);
}

/* ---- within ---- */

static uint64_t with_included(uint64_t derived) {
    for (unsigned d = 0; d < DERIVED_COUNT; d++) {
        if (derived & derived_bit((enum derived)d)) derived |= derived_info((enum derived)d)->includes;
    }
    return derived;
}

static bool working_days_within(const struct element *part, const struct element *whole) {
    if (whole->working_days == WORKING_DAYS_ANY) return true;
    if (part->working_days_limit != whole->working_days_limit) return false;
    if (part->working_days == WORKING_DAYS_IN_TIME && whole->working_days == WORKING_DAYS_PASSED) return true;
    return part->working_days == whole->working_days &&
           part->working_days_column == whole->working_days_column;
}

bool element_is_within(const struct element *part, const struct element *whole) {
    if (part->part != whole->part || part->cohort != whole->cohort) return false;
    uint64_t has =
        part->part == PART_EPISODES ? with_included(part->test.derived_want) : part->test.derived_want;
    uint64_t has_not = part->test.derived_care & ~part->test.derived_want;
    uint64_t asks = whole->test.derived_want, asks_not = whole->test.derived_care & ~whole->test.derived_want;
    return !(asks & ~has) && !(asks_not & ~has_not) && !(whole->test.columns & ~part->test.columns) &&
           working_days_within(part, whole);
}
