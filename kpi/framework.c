/* framework: reads a framework file, from the whole to the parts; kpi/element.c reads the
 * elements, kpi/kpi_read.c the KPIs, kpi/config.c every value.
 * Checks what a commissioner can get wrong, so that counting and rating need no checks. */
#include "kpi/framework.h"

#include <stdio.h>
#include <stdlib.h>

#include "kpi/checks.h"
#include "kpi/deadline.h"
#include "kpi/element.h"
#include "kpi/items.h"
#include "kpi/json_words.h"
#include "kpi/kpi_read.h"
#include "kpi/priority.h"
#include "kpi/schema.h"

_Static_assert((int)FRAMEWORK_COHORTS == (int)COHORT_COUNT, "episode_elements is by enum cohort");

enum { YEARS_MAX = 16, ELEMENTS_MAX = 400, PROVIDERS_MAX = 1000, HOLIDAYS_MAX = 2000, CODES_MAX = 500 };

/* ---- settings ---- */

static void window_read(const struct node *n, struct follow_up_windows *w, enum stage s) {
    if (!node_is_given(n)) return;
    schema_members(n, "window");
    struct node from = node_member(n, "from"), to = node_member(n, "to");
    w->from[s] = (int16_t)node_int(&from, 0, 2000);
    w->to[s] = (int16_t)node_int(&to, w->from[s], 2000);
}

static void windows_read(const struct node *n, struct framework *f) {
    static const char *const STAGES[STAGE_COUNT] = {"4W", "12W", "26W", "52W"};
    f->windows = DEFAULT_WINDOWS;
    if (!node_is_given(n)) return;
    schema_members(n, "windows");
    for (unsigned s = 0; s < STAGE_COUNT; s++) {
        struct node one = node_member(n, STAGES[s]);
        window_read(&one, &f->windows, (enum stage)s);
    }
}

/* An item that is named has these codes and no others. */
static void unknown_codes_read(const struct node *n, struct framework *f) {
    f->items = ITEM_SETTINGS_DEFAULT;
    if (!node_is_given(n)) return;
    schema_members(n, "unknownCodes");
    for (int item = 0; item < ITEM_COUNT && config_ok(n->config); item++) {
        struct node list = node_member(n, item_name((enum item)item));
        struct unknown_codes *out = &f->items.unknown[item];
        if (!node_is_given(&list)) continue;
        size_t count = node_length(&list);
        if (count > UNKNOWN_CODES_MAX) node_fail(&list, "has more than %d codes", UNKNOWN_CODES_MAX);
        for (out->count = 0; out->count < count && config_ok(n->config);) {
            struct node one = node_at(&list, out->count);
            str code = str_of(node_text(&one));
            if (code.n > 2) node_fail(&one, "must be a code of one or two characters");
            else out->codes[out->count++] = fact_code(code);
        }
    }
}

static void plan_levels_read(const struct node *n, const char **out) {
    static const char *const DEFAULTS[PLAN_CAUSE_COUNT] = {NULL, "Reminder", "Contract meeting",
                                                           "Contractual mechanism"}; /* seed 003 */
    if (node_is_given(n)) schema_members(n, "planEscalation");
    for (int c = PLAN_NO_CAUSE + 1; c < PLAN_CAUSE_COUNT; c++) {
        struct node name = node_member(n, plan_cause_name((enum plan_cause)c));
        out[c] = node_text_or(&name, DEFAULTS[c]);
    }
}

static void reminders_read(const struct node *n, const struct reminder_days *otherwise,
                           struct reminder_days *out) {
    *out = *otherwise;
    if (!node_is_given(n)) return;
    size_t count = node_length(n);
    if (count > REMINDERS_MAX) node_fail(n, "has more than %d days", REMINDERS_MAX);
    for (out->count = 0; out->count < count && config_ok(n->config); out->count++) {
        struct node one = node_at(n, out->count);
        int days = (int)node_int(&one, 0, REMINDER_DAYS_MOST);
        if (out->count && days >= out->days[out->count - 1])
            node_fail(&one, "must be less than the one before: the earliest reminder comes first");
        out->days[out->count] = days;
    }
}

static void settings_read(const struct node *n, struct framework *f) {
    schema_members(n, "settings");
    struct node windows = node_member(n, "windows"), co = node_member(n, "coVerifiedBelow");
    struct node still = node_member(n, "stillQuit"), base = node_member(n, "satisfactionBase");
    struct node declined = node_member(n, "declinedCountsAs"), imd = node_member(n, "imdEdition");
    struct node exempt = node_member(n, "erasureRefusedBecause");
    struct node unknown = node_member(n, "unknownCodes");
    windows_read(&windows, f);
    unknown_codes_read(&unknown, f);
    f->co_below = (int)node_int_or(&co, 1, 200, 10);
    f->still_quit = node_bool_or(&still, true);
    f->satisfaction_respondents = node_is_given(&base) && NODE_WORD(&base, "ALL_QUITTERS", "RESPONDENTS");
    f->items.declined_is_unknown = node_is_given(&declined) && NODE_WORD(&declined, "COMPLETE", "UNKNOWN");
    struct node complete = node_member(n, "completenessPercent"), due = node_member(n, "planDueWorkingDays");
    f->completeness_percent = node_is_given(&complete) ? node_percent(&complete) : DECIMAL(95);
    struct node levels = node_member(n, "planEscalation");
    plan_levels_read(&levels, f->plan_levels);
    f->plan_due_days = (int)node_int_or(&due, 1, 250, 10);
    f->imd_edition = node_text_or(&imd, "");
    f->erasure_refused = node_text_or(&exempt, "");
    struct node of_returns = node_member(n, "returnReminderDays"),
                of_plans = node_member(n, "planReminderDays");
    reminders_read(&of_returns, &(struct reminder_days){{14, 3}, 2}, &f->return_reminders);
    reminders_read(&of_plans, &(struct reminder_days){{3}, 1}, &f->plan_reminders);
}

static void years_read(const struct node *n, struct framework *f) {
    size_t count = node_length(n);
    if (count == 0 || count > YEARS_MAX) node_fail(n, "must list 1 to %d financial years", YEARS_MAX);
    for (size_t i = 0; i < count && config_ok(n->config); i++) {
        struct node one = node_at(n, i);
        int year = node_year(&one);
        if (i == 0) f->first_year = year;
        else if (year != f->last_year + 1) node_fail(&one, "years must follow one another without a gap");
        f->last_year = year;
    }
}

static void holidays_read(const struct node *n, struct framework *f) {
    size_t count = node_length(n);
    if (count > HOLIDAYS_MAX) node_fail(n, "has more than %d days", HOLIDAYS_MAX);
    if (!config_ok(n->config)) return;
    int32_t *days = ARENA_ARRAY(&f->arena, int32_t, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct node one = node_at(n, i);
        days[i] = node_day(&one);
        if (i && days[i] <= days[i - 1]) node_fail(&one, "bank holidays must be in order, each day once");
    }
    f->holidays = (struct holidays){days, count};
}

static void local_codes_of_column(const struct node *n, struct framework *f, struct local_code *out) {
    for (void *i = node_first(n); i && f->local_code_count < CODES_MAX; i = node_next(n, i)) {
        struct node one = node_entry(n, i);
        if (strlen(one.key) != 2)
            node_fail(&one, "a local code has two characters, the first of them a national code");
        const char *code = arena_cstr(&f->arena, str_of(one.key));
        out[f->local_code_count++] = (struct local_code){"ethnicCategory", code, node_text(&one)};
    }
}

static void local_codes_read(const struct node *n, struct framework *f) {
    if (!node_is_given(n)) return;
    schema_members(n, "localCodes");
    struct node ethnic = node_member(n, "ethnicCategory");
    size_t count = json_object_size(ethnic.json);
    if (count > CODES_MAX) node_fail(&ethnic, "has more than %d codes", CODES_MAX);
    if (!config_ok(n->config)) return;
    struct local_code *codes = ARENA_ARRAY(&f->arena, struct local_code, count + 1);
    f->local_codes = codes;
    local_codes_of_column(&ethnic, f, codes);
}

/* ---- providers ---- */

/* Which parts there are belongs to the message: nobody knows them by heart. */
static void fail_part(const struct node *n) {
    str names[PART_COUNT], given = str_of(node_text(n));
    size_t count = 0;
    struct buf all = BUF_EMPTY;
    for (int id = 0; id < PART_COUNT; id++) {
        if (!part_get((enum part_id)id)) continue;
        names[count] = str_of(part_name((enum part_id)id));
        buf_printf(&all, "%s%.*s", count ? ", " : "", STR_ARG(names[count]));
        count++;
    }
    str near = str_nearest(given, names, count);
    node_fail(n, "there is no part \"%.40s\"%s%.*s%s parts are %.*s", given.n ? given.p : "",
              near.p ? "; did you mean " : "", STR_ARG(near), near.p ? "? The" : "; the",
              STR_ARG(buf_str(&all)));
    buf_free(&all);
}

static uint32_t expected_parts_read(const struct node *n) {
    uint32_t parts = 0;
    size_t count = node_length(n);
    for (size_t i = 0; i < count; i++) {
        struct node one = node_at(n, i);
        enum part_id part = PART_EPISODES;
        bool known = part_id_parse(str_of(node_text(&one)), &part);
        if (!known) fail_part(&one);
        parts |= 1u << part;
    }
    return parts;
}

static void provider_read(const struct node *n, struct framework_provider *out) {
    schema_members(n, "provider");
    struct node id = node_member(n, "id"), name = node_member(n, "name"), group = node_member(n, "group");
    struct node parts = node_member(n, "expectedParts"), from = node_member(n, "from"),
                to = node_member(n, "to");
    out->id = node_id(&id);
    out->name = node_text(&name);
    out->group = node_is_given(&group) ? node_id(&group) : NULL;
    out->expected_parts = expected_parts_read(&parts);
    out->from = node_is_given(&from) ? node_quarter(&from) : INT16_MIN;
    out->to = node_is_given(&to) ? node_quarter(&to) : INT16_MAX;
    if (out->to < out->from) node_fail(&to, "must not come before \"from\"");
}

static void providers_read(const struct node *n, struct framework *f) {
    size_t count = node_length(n);
    if (count > PROVIDERS_MAX) node_fail(n, "has more than %d providers", PROVIDERS_MAX);
    if (!config_ok(n->config)) return;
    struct framework_provider *list = ARENA_ARRAY(&f->arena, struct framework_provider, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct node one = node_at(n, i);
        provider_read(&one, &list[i]);
        for (size_t before = 0; before < i; before++) {
            if (strcmp(list[before].id, list[i].id) == 0)
                node_fail(&one, "there is a provider \"%s\" already", list[i].id);
        }
    }
    f->providers = list;
    f->provider_count = count;
}

/* ---- elements ---- */

static bool comes_before(const struct element *a, const struct element *b) {
    return a->part != b->part ? a->part < b->part : a->cohort < b->cohort;
}

/* By part and cohort, in the order of the file within; they are few. */
static void elements_sort(struct element *list, size_t count) {
    for (size_t i = 1; i < count; i++) {
        struct element moving = list[i];
        size_t at = i;
        for (; at && comes_before(&moving, &list[at - 1]); at--)
            list[at] = list[at - 1];
        list[at] = moving;
    }
}

static void range_add(struct element_range *range, size_t element) {
    if (range->end == 0) range->begin = element;
    range->end = element + 1;
}

static void elements_compile(struct framework *f, const struct condition_set *sets) {
    struct element_test *tests = ARENA_ARRAY(&f->arena, struct element_test, f->element_count + 1);
    for (size_t i = 0; i < f->element_count; i++) {
        const struct element *e = &f->elements[i];
        tests[i] = e->test;
        range_add(&f->part_elements[e->part], i);
        if (e->part == PART_EPISODES) range_add(&f->episode_elements[e->cohort], i);
    }
    f->tests = tests;
    struct column_plan *plans = ARENA_ARRAY(&f->arena, struct column_plan, PART_COUNT);
    for (unsigned p = 0; p < PART_COUNT; p++)
        plans[p] = column_plan_make(&f->arena, sets[p].list, sets[p].count);
    f->plans = plans;
}

static void elements_read(const struct node *n, const struct node *groups, struct framework *f) {
    size_t count = json_object_size(n->json);
    if (!json_is_object(n->json)) node_fail(n, "is missing; an object of named counts is needed here");
    if (count > ELEMENTS_MAX) node_fail(n, "has more than %d elements", ELEMENTS_MAX);
    if (!config_ok(n->config)) return;
    struct element *list = ARENA_ARRAY(&f->arena, struct element, count + 1);
    struct condition_set *sets = must_calloc(PART_COUNT, sizeof *sets);
    for (void *i = node_first(n); i && config_ok(n->config); i = node_next(n, i)) {
        struct node one = node_entry(n, i);
        element_read(&one, sets, &list[f->element_count++]);
    }
    f->elements = list;
    if (config_ok(n->config)) priority_read(groups, list, f->element_count, sets, f);
    if (config_ok(n->config)) {
        elements_sort(list, f->element_count);
        elements_compile(f, sets);
    }
    free(sets);
}

/* ---- payment ---- */

static void contract_read(const struct node *n, struct framework *f) {
    for (void *i = node_first(n); i && config_ok(n->config); i = node_next(n, i)) {
        struct node one = node_entry(n, i);
        int year = 0;
        bool known = year_parse(str_of(one.key), &year) && year >= f->first_year && year <= f->last_year;
        if (!known || f->contract_count == sizeof f->contract / sizeof *f->contract)
            node_fail(&one, "is no year of this framework (\"years\" at the top lists them)");
        if (!config_ok(n->config)) return;
        f->contract[f->contract_count].year = year;
        f->contract[f->contract_count++].contract_pence = node_int(&one, 0, 100000000000000);
    }
}

static bool earns_in_every_year(const struct kpi *k) {
    for (size_t i = 0; i < k->year_count; i++) {
        if (!k->years[i].has_target || k->years[i].tolerance != TOLERANCE_LIMITS) return false;
    }
    return k->unit == KPI_PERCENT && k->direction == KPI_HIGHER;
}

static void payment_read(const struct node *n, struct framework *f, struct kpi *kpis) {
    if (!node_is_given(n)) return;
    schema_members(n, "payment");
    struct node ref = node_member(n, "kpi"), percent = node_member(n, "poolPercent");
    f->payment_percent = node_percent(&percent);
    const char *wanted = node_text(&ref);
    const struct kpi *found = framework_kpi(f, str_of(wanted));
    if (!found) node_fail(&ref, "there is no KPI %.40s", wanted);
    else if (!earns_in_every_year(found))
        node_fail(&ref, "a KPI that earns is a PERCENT with own LIMITS, higher being better");
    if (!config_ok(n->config)) return;
    kpis[found - f->kpis].earns = true;
    f->payment_kpi = found;
}

/* ---- the whole ---- */

static void effective_from_read(const struct node *n, struct framework *f) {
    if (!node_is_given(n)) return;
    int16_t period = node_quarter(n);
    if (config_ok(n->config) && !framework_has_period(f, period))
        node_fail(n, "its year is no year of this framework (\"years\" at the top lists them)");
    f->effective_from = period;
}

static void framework_read(const struct node *n, struct framework *f) {
    schema_members(n, "");
    struct node id = node_member(n, "id"), service = node_member(n, "service"), name = node_member(n, "name");
    struct node years = node_member(n, "years"), settings = node_member(n, "settings");
    struct node effective = node_member(n, "effectiveFrom");
    struct node deadlines = node_member(n, "deadlines"), holidays = node_member(n, "bankHolidays");
    struct node codes = node_member(n, "localCodes"), contract = node_member(n, "contractValuePence");
    struct node payment = node_member(n, "payment"), leads = node_member(n, "leads");
    struct node providers = node_member(n, "providers"), elements = node_member(n, "elements"),
                groups = node_member(n, "priorityGroups"), kpis = node_member(n, "kpis");
    f->id = node_id(&id);
    f->service = node_id(&service);
    f->title = node_text(&name);
    years_read(&years, f);
    effective_from_read(&effective, f);
    settings_read(&settings, f);
    deadlines_read(&deadlines, f);
    holidays_read(&holidays, f);
    local_codes_read(&codes, f);
    providers_read(&providers, f);
    elements_read(&elements, &groups, f);
    if (!config_ok(n->config)) return;
    struct kpi *list = kpis_read(&kpis, &leads, f);
    contract_read(&contract, f);
    if (config_ok(n->config)) payment_read(&payment, f, list);
    if (config_ok(n->config)) checks_run(n, f);
}

static enum err parse(str json, int version, bool stored, struct fault *fault, struct framework **out) {
    json_error_t error;
    json_t *root = json_loadb(json.n ? json.p : "", json.n, JSON_REJECT_DUPLICATES, &error);
    if (!root) {
        return fail(fault, ERR_MALFORMED, "The framework is no JSON: line %d, column %d: %.*s", error.line,
                    error.column, STR_ARG(json_words(&error)));
    }
    struct framework *f = must_calloc(1, sizeof *f);
    f->arena = ARENA_EMPTY;
    f->version = version;
    struct config c = {.arena = &f->arena, .fault = fault};
    struct node top = config_root(&c, root);
    framework_read(&top, f);
    if (config_ok(&c) && !stored) schema_check(&top);
    f->warnings = c.warnings;
    json_decref(root);
    if (!config_ok(&c)) {
        framework_free(f);
        return c.err;
    }
    *out = f;
    return OK;
}

enum err framework_parse(str json, int version, struct fault *fault, struct framework **out) {
    return parse(json, version, false, fault, out);
}

enum err framework_parse_stored(str json, int version, struct fault *fault, struct framework **out) {
    return parse(json, version, true, fault, out);
}

void framework_free(struct framework *f) {
    if (!f) return;
    arena_free(&f->arena);
    free(f);
}

/* ---- questions ---- */

const struct kpi *framework_kpi(const struct framework *f, str ref) {
    for (size_t i = 0; i < f->kpi_count; i++) {
        if (str_is(ref, f->kpis[i].ref)) return &f->kpis[i];
    }
    return NULL;
}

const struct kpi_year *kpi_year_find(const struct kpi *k, int year) {
    for (size_t i = 0; i < k->year_count; i++) {
        if (k->years[i].year == year) return &k->years[i];
    }
    return NULL;
}

static bool is_scope(const struct kpi_scope *s, const char *provider, uint32_t authority) {
    if (s->by || s->authority != authority || !s->provider != !provider) return false;
    return !provider || strcmp(s->provider, provider) == 0;
}

const struct kpi_year *kpi_year_of_scope(const struct kpi *k, int year, const char *provider,
                                         uint32_t authority) {
    for (size_t s = 0; s < k->scope_count; s++) {
        if (!is_scope(&k->scopes[s], provider, authority)) continue;
        for (size_t i = 0; i < k->year_count; i++)
            if (k->scopes[s].years[i].year == year) return &k->scopes[s].years[i];
    }
    return NULL;
}

const struct framework_provider *framework_provider_find(const struct framework *f, str id) {
    for (size_t i = 0; i < f->provider_count; i++) {
        if (str_is(id, f->providers[i].id)) return &f->providers[i];
    }
    return NULL;
}

int framework_element_find(const struct framework *f, str name) {
    for (size_t i = 0; i < f->element_count; i++) {
        if (str_is(name, f->elements[i].name)) return (int)i;
    }
    return -1;
}

bool framework_expects(const struct framework_provider *p, enum part_id part, int16_t period) {
    return period >= p->from && period <= p->to && (p->expected_parts >> part & 1u);
}

bool framework_expects_for(const struct framework_provider *p, const struct kpi *k, int16_t period) {
    return framework_expects(p, k->part, period) ||
           (k->part == PART_EPISODES && framework_expects(p, PART_NATIONAL, period));
}

bool framework_expects_any(const struct framework_provider *p, int16_t period) {
    return p->expected_parts != 0 && period >= p->from && period <= p->to;
}

bool framework_has_period(const struct framework *f, int16_t period) {
    return period_year(period) >= f->first_year && period_year(period) <= f->last_year;
}

int64_t framework_contract_pence(const struct framework *f, int year) {
    for (size_t i = 0; i < f->contract_count; i++) {
        if (f->contract[i].year == year) return f->contract[i].contract_pence;
    }
    return 0;
}
