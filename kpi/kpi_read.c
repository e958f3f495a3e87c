/* kpi_read: what is counted (element names); kpi/targets_read.c reads what it is held against. Checks what a
 * commissioner can get wrong, so that counting and rating need no checks. */
#include "kpi/kpi_read.h"

#include <stdio.h>
#include <stdlib.h>

#include "kpi/element.h"
#include "kpi/schema.h"
#include "kpi/targets_read.h"

enum { KPIS_MAX = 200 };

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
    schema_members(n, "national");
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
    schema_members(n, "leads");
    struct node a = node_member(n, "strategicDirector"), b = node_member(n, "departmental");
    *strategic = node_text_or(&a, *strategic);
    *departmental = node_text_or(&b, *departmental);
}

static void kpi_read(const struct node *n, struct framework *f, struct kpi *k) {
    schema_members(n, "kpi");
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
    targets_read(n, f, k);
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
