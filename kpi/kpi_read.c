/* kpi_read: what is counted (element names), and what it is held against (targets, profiles, tolerances,
 * years). Checks what a commissioner can get wrong, so that counting and rating need no checks. */
#include "kpi/kpi_read.h"

#include <stdio.h>
#include <stdlib.h>

#include "kpi/element.h"

enum { KPIS_MAX = 200 };

static const char *const TOLERANCE_NAMES[] = {"RELATIVE", "POINTS", "LIMITS", "WHOLE"};

const char *tolerance_kind_name(enum tolerance_kind k) {
    return TOLERANCE_NAMES[k];
}

/* ---- KPIs: targets ---- */

static bool is_zero_to(struct decimal d, int64_t most) {
    struct fraction f = fraction_of_decimal(d);
    return fraction_cmp(f, fraction_of(0, 1)) >= 0 && fraction_cmp(f, fraction_of(most, 1)) <= 0;
}

struct decimal percent_read(const struct node *n) {
    struct decimal d = node_decimal(n);
    if (!is_zero_to(d, 100)) node_fail(n, "must lie between 0 and 100");
    return d;
}

static void target_read(const struct node *n, const struct kpi *k, struct kpi_year *out) {
    out->has_target = node_is_given(n);
    if (!out->has_target) return;
    out->annual = k->unit == KPI_PERCENT ? percent_read(n) : node_decimal(n);
    if (!is_zero_to(out->annual, 1000000000)) node_fail(n, "must lie between 0 and 1000000000");
}

static void profile_read(const struct node *n, struct kpi_year *out) {
    static const struct decimal ALL = {100, 0};
    if (node_length(n) != 4)
        node_fail(n, "must have four shares, one for each quarter, such as [25, 50, 75, 100]");
    for (size_t i = 0; i < 4 && config_ok(n->config); i++) {
        struct node one = node_at(n, i);
        out->profile[i] = percent_read(&one);
        bool falls = i && fraction_cmp(fraction_of_decimal(out->profile[i]),
                                       fraction_of_decimal(out->profile[i - 1])) < 0;
        if (falls) node_fail(&one, "shares add up from quarter to quarter, so they must not fall");
    }
    if (fraction_cmp(fraction_of_decimal(out->profile[3]), fraction_of_decimal(ALL)) != 0)
        node_fail(n, "must end with 100");
}

static void limits_read(const struct node *n, const struct kpi *k, struct kpi_year *out) {
    struct node green = node_member(n, "green"), red = node_member(n, "red");
    out->green_limit = node_decimal(&green);
    out->red_limit = node_decimal(&red);
    int order = fraction_cmp(fraction_of_decimal(out->green_limit), fraction_of_decimal(out->red_limit));
    if (k->direction == KPI_HIGHER ? order <= 0 : order >= 0)
        node_fail(n, "where %s is better, green must lie %s red",
                  k->direction == KPI_HIGHER ? "higher" : "lower",
                  k->direction == KPI_HIGHER ? "above" : "below");
}

static void tolerance_read(const struct node *n, const struct kpi *k, struct kpi_year *out) {
    NODE_MEMBERS(n, "kind", "value", "green", "red");
    struct node kind = node_member(n, "kind"), value = node_member(n, "value");
    out->tolerance = (enum tolerance_kind)node_word(&kind, TOLERANCE_NAMES,
                                                    sizeof TOLERANCE_NAMES / sizeof *TOLERANCE_NAMES);
    out->tolerance_by_commissioner = true;
    if (out->tolerance == TOLERANCE_LIMITS) {
        limits_read(n, k, out);
        return;
    }
    out->tolerance_value = node_decimal(&value);
    if (!is_zero_to(out->tolerance_value, 1000000)) node_fail(&value, "must not be negative");
    if (out->tolerance == TOLERANCE_WHOLE && !k->whole_units)
        node_fail(&kind, "WHOLE belongs to KPIs with \"wholeUnits\"");
}

/* Contract section 6: relative 5 %, for training sessions one short. */
static void defaults_set(const struct kpi *k, struct kpi_year *out) {
    out->tolerance = k->whole_units ? TOLERANCE_WHOLE : TOLERANCE_RELATIVE;
    out->tolerance_value = DECIMAL(k->whole_units ? 1 : 5);
    for (int i = 0; i < 4; i++)
        out->profile[i] = DECIMAL(25 * (i + 1));
}

/* target, profile and tolerance, of the KPI or of one of its "years"; what is not given stays. */
static void year_read(const struct node *n, const struct kpi *k, struct kpi_year *out) {
    struct node target = node_member(n, "target"), profile = node_member(n, "profile");
    struct node tolerance = node_member(n, "tolerance");
    if (target.json) target_read(&target, k, out);
    if (node_is_given(&profile)) profile_read(&profile, out);
    if (node_is_given(&tolerance)) tolerance_read(&tolerance, k, out);
    if (node_is_given(&profile) && k->unit == KPI_PERCENT) node_fail(&profile, "only counts have a profile");
}

static void years_of_kpi_read(const struct node *n, const struct framework *f, struct kpi *k) {
    size_t count = (size_t)(f->last_year - f->first_year + 1);
    struct kpi_year *years = ARENA_ARRAY(n->config->arena, struct kpi_year, count);
    struct kpi_year every = {0};
    defaults_set(k, &every);
    year_read(n, k, &every);
    for (size_t i = 0; i < count; i++) {
        years[i] = every;
        years[i].year = f->first_year + (int)i;
    }
    struct node list = node_member(n, "years");
    for (void *i = node_first(&list); i && config_ok(n->config); i = node_next(&list, i)) {
        struct node one = node_entry(&list, i);
        int year = 0;
        bool known = year_parse(str_of(one.key), &year) && year >= f->first_year && year <= f->last_year;
        if (!known) node_fail(&one, "is no year of this framework (\"years\" at the top lists them)");
        NODE_MEMBERS(&one, "target", "profile", "tolerance");
        if (known) year_read(&one, k, &years[year - f->first_year]);
    }
    k->years = years;
    k->year_count = count;
}

/* ---- KPIs: what is counted ---- */

static int element_read_name(const struct node *n, const struct framework *f) {
    const char *name = node_text(n);
    int e = framework_element_find(f, str_of(name));
    if (e >= 0 || !config_ok(n->config)) return e;
    str *names = must_calloc(f->element_count + 1, sizeof *names);
    for (size_t i = 0; i < f->element_count; i++)
        names[i] = str_of(f->elements[i].name);
    str nearest = str_nearest(str_of(name), names, f->element_count);
    if (nearest.p)
        node_fail(n, "there is no element \"%.60s\"; did you mean \"%.*s\"?", name, STR_ARG(nearest));
    else node_fail(n, "there is no element \"%.60s\" in /elements", name);
    free(names);
    return e;
}

static int element_read_name_or_none(const struct node *n, const struct framework *f) {
    return node_is_given(n) ? element_read_name(n, f) : -1;
}

/* "national": what the national return says of the KPI. */
static void national_read(const struct node *n, const struct framework *f, struct kpi *k) {
    k->national.numerator = k->national.denominator = k->national.due = k->national.unknown = -1;
    if (!node_is_given(n)) return;
    NODE_MEMBERS(n, "numerator", "denominator", "due", "unknown");
    struct node numerator = node_member(n, "numerator"), denominator = node_member(n, "denominator");
    struct node due = node_member(n, "due"), unknown = node_member(n, "unknown");
    bool rate = k->unit == KPI_PERCENT;
    k->national.numerator = element_read_name(&numerator, f);
    if (rate) k->national.denominator = element_read_name(&denominator, f);
    if (rate) k->national.due = element_read_name(&due, f);
    k->national.unknown = element_read_name_or_none(&unknown, f);
    if (!rate && node_is_given(&denominator)) node_fail(&denominator, "a COUNT has no denominator");
    if (f->elements[k->numerator].part != PART_EPISODES)
        node_fail(n, "the national return stands in for episodes alone");
    if (k->unknown < 0 && node_is_given(&unknown))
        node_fail(&unknown, "this KPI has no \"unknown\" over episodes");
    const int all[] = {k->national.numerator, k->national.denominator, k->national.due, k->national.unknown};
    for (size_t i = 0; i < sizeof all / sizeof *all && config_ok(n->config); i++)
        if (all[i] >= 0 && f->elements[all[i]].part != PART_NATIONAL)
            node_fail(n, "\"%s\" is no element of the part national", f->elements[all[i]].name);
}

static bool part_has_authority(enum part_id part) {
    return part == PART_EPISODES || part == PART_HARM_REDUCTION || part == PART_REFERRALS;
}

/* All elements of one KPI are of one part and cohort, and a numerator counts members of its denominator
 * only. */
static void counted_check(const struct node *n, const struct framework *f, const struct kpi *k) {
    const int others[] = {k->denominator, k->due, k->waiting, k->unknown};
    const struct element *numerator = &f->elements[k->numerator];
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        const struct element *other = others[i] < 0 ? numerator : &f->elements[others[i]];
        if (other->part != numerator->part || other->cohort != numerator->cohort)
            node_fail(n, "\"%s\" and \"%s\" are of different parts or cohorts", numerator->name, other->name);
    }
    if (k->unit != KPI_PERCENT) return;
    const struct element *denominator = &f->elements[k->denominator];
    bool plain = numerator->test.sum == SUM_ROWS && denominator->test.sum == SUM_ROWS;
    if (plain && !element_is_within(numerator, denominator))
        node_fail(n, "the numerator \"%s\" must also have every condition of its denominator \"%s\"",
                  numerator->name, denominator->name);
}

static void distinct_read(const struct node *n, struct framework *f, struct kpi *k) {
    k->distinct = -1;
    if (!node_bool_or(n, false)) return;
    const struct element *e = &f->elements[k->numerator];
    if (e->part != PART_EPISODES || e->cohort != COHORT_QUIT_DATE || k->unit != KPI_COUNT)
        node_fail(n, "only a count of episodes by quit date has distinct clients");
    if (f->distinct_count == FRAMEWORK_DISTINCT_MAX)
        node_fail(n, "at most %d KPIs can have distinct clients", FRAMEWORK_DISTINCT_MAX);
    if (!config_ok(n->config)) return;
    k->distinct = (int)f->distinct_count;
    f->distinct[f->distinct_count++] = k->numerator;
}

static void counted_read(const struct node *n, struct framework *f, struct kpi *k) {
    struct node numerator = node_member(n, "numerator"), denominator = node_member(n, "denominator");
    struct node due = node_member(n, "due"), waiting = node_member(n, "waiting"),
                unknown = node_member(n, "unknown");
    struct node distinct = node_member(n, "distinctClients"), national = node_member(n, "national");
    bool rate = k->unit == KPI_PERCENT;
    k->numerator = element_read_name(&numerator, f);
    k->denominator = rate ? element_read_name(&denominator, f) : -1;
    k->due = rate ? element_read_name(&due, f) : -1;
    k->waiting = element_read_name_or_none(&waiting, f);
    k->unknown = element_read_name_or_none(&unknown, f);
    if (!rate && node_is_given(&denominator)) node_fail(&denominator, "a COUNT has no denominator");
    if (!config_ok(n->config)) return;
    counted_check(n, f, k);
    distinct_read(&distinct, f, k);
    national_read(&national, f, k);
    const struct element *e = &f->elements[k->numerator];
    k->part = e->part;
    k->late = cohort_is_late(e->cohort);
    k->has_authority = part_has_authority(e->part);
    k->cohort_days = k->late ? f->windows.to[cohort_stage(e->cohort)] : 0;
}

/* ---- KPIs ---- */

static void leads_read(const struct node *n, const char **strategic, const char **departmental) {
    if (!node_is_given(n)) return;
    NODE_MEMBERS(n, "strategicDirector", "departmental");
    struct node a = node_member(n, "strategicDirector"), b = node_member(n, "departmental");
    *strategic = node_text_or(&a, *strategic);
    *departmental = node_text_or(&b, *departmental);
}

static void kpi_read(const struct node *n, struct framework *f, struct kpi *k) {
    NODE_MEMBERS(n, "ref", "section", "title", "unit", "direction", "strict", "wholeUnits", "raisesPlan",
                 "together", "leads", "numerator", "denominator", "due", "waiting", "unknown",
                 "distinctClients", "national", "target", "profile", "tolerance", "years");
    struct node ref = node_member(n, "ref"), section = node_member(n, "section"),
                title = node_member(n, "title");
    struct node unit = node_member(n, "unit"), direction = node_member(n, "direction"),
                strict = node_member(n, "strict");
    struct node whole = node_member(n, "wholeUnits"), plan = node_member(n, "raisesPlan"),
                leads = node_member(n, "leads"), together = node_member(n, "together");
    k->ref = node_id(&ref);
    k->section = node_id(&section);
    k->title = node_text(&title);
    k->unit = (enum kpi_unit)NODE_WORD(&unit, "COUNT", "PERCENT");
    k->direction = (enum kpi_direction)NODE_WORD(&direction, "HIGHER", "LOWER");
    k->strict = node_bool_or(&strict, false);
    k->whole_units = node_bool_or(&whole, false);
    k->raises_plan = node_bool_or(&plan, true);
    k->together = node_bool_or(&together, false);
    if (k->whole_units && k->unit != KPI_COUNT) node_fail(&whole, "only a COUNT has whole units");
    if (k->together && k->unit != KPI_PERCENT) node_fail(&together, "only a PERCENT has a denominator");
    leads_read(&leads, &k->strategic_lead, &k->departmental_lead);
    if (!config_ok(n->config)) return;
    counted_read(n, f, k);
    years_of_kpi_read(n, f, k);
}

struct kpi *kpis_read(const struct node *n, const struct node *leads, struct framework *f) {
    size_t count = node_length(n);
    if (count == 0 || count > KPIS_MAX) node_fail(n, "must list 1 to %d KPIs", KPIS_MAX);
    if (!config_ok(n->config)) return NULL;
    const char *strategic = NULL, *departmental = NULL;
    leads_read(leads, &strategic, &departmental);
    struct kpi *list = ARENA_ARRAY(&f->arena, struct kpi, count);
    f->kpis = list;
    for (size_t i = 0; i < count && config_ok(n->config); i++) {
        struct node one = node_at(n, i);
        list[i].strategic_lead = strategic;
        list[i].departmental_lead = departmental;
        kpi_read(&one, f, &list[i]);
        if (framework_kpi(f, str_of(list[i].ref))) node_fail(&one, "there is a KPI %s already", list[i].ref);
        f->kpi_count = i + 1;
    }
    return list;
}
