/* targets_read: one financial year at a time. What a year does not say is what the KPI says; what the KPI does not say is the
 * default of contract section 6. A scope (one provider, one authority) has amounts of its own, since the service's are not its to
 * reach, and shares profile, tolerance and scheme unless it says otherwise. */
#include "kpi/targets_read.h"
#include "kpi/breakdown_target.h"
#include "kpi/schema.h"

enum { SCOPES_MAX = 2000 };

static const char *const TOLERANCE_NAMES[] = {"RELATIVE", "POINTS", "LIMITS", "WHOLE"};
static const char *const SCHEME_NAMES[] = {"TOLERANCE", "DIRECTION", "FOUR_COLOURS"};

const char *tolerance_kind_name(enum tolerance_kind k) {
    return TOLERANCE_NAMES[k];
}

const char *scheme_name(enum scheme s) {
    return SCHEME_NAMES[s];
}

/* ---- amounts ---- */

/* What is not written stays; null takes away. */
static void amount_read(const struct node *n, const struct kpi *k, bool *has, struct decimal *out) {
    if (!n->json) return;
    *has = node_is_given(n);
    if (!*has) return;
    *out = k->unit == KPI_PERCENT ? node_percent(n) : node_decimal(n);
    if (!decimal_is_within(*out, 1000000000)) node_fail(n, "must lie between 0 and 1000000000");
}

/* ---- profile ---- */

static void shares_read(const struct node *n, struct kpi_year *out) {
    static const struct decimal ALL = {100, 0};
    if (node_length(n) != 4)
        node_fail(n, "must have four shares, one for each quarter, such as [25, 50, 75, 100]");
    for (size_t i = 0; i < 4 && config_ok(n->config); i++) {
        struct node one = node_at(n, i);
        out->profile[i] = node_percent(&one);
        bool falls = i && fraction_cmp(fraction_of_decimal(out->profile[i]),
                                       fraction_of_decimal(out->profile[i - 1])) < 0;
        if (falls) node_fail(&one, "shares add up from quarter to quarter, so they must not fall");
    }
    if (fraction_cmp(fraction_of_decimal(out->profile[3]), fraction_of_decimal(ALL)) != 0)
        node_fail(n, "must end with 100");
}

static void linear_set(struct kpi_year *out) {
    out->shape_of_last_year = false;
    for (int i = 0; i < 4; i++)
        out->profile[i] = DECIMAL(25 * (i + 1));
}

/* Four shares; "LINEAR"; "LAST_YEAR", or {"shape": "LAST_YEAR", "otherwise": [four shares]}. */
static void profile_read(const struct node *n, const struct kpi *k, struct kpi_year *out) {
    if (!node_is_given(n)) return;
    if (k->unit == KPI_PERCENT) node_fail(n, "only counts have a profile");
    linear_set(out);
    if (json_is_string(n->json)) {
        out->shape_of_last_year = NODE_WORD(n, "LINEAR", "LAST_YEAR") == 1;
    } else if (json_is_object(n->json)) {
        schema_members(n, "shape");
        struct node shape = node_member(n, "shape"), otherwise = node_member(n, "otherwise");
        out->shape_of_last_year = NODE_WORD(&shape, "LINEAR", "LAST_YEAR") == 1;
        if (node_is_given(&otherwise)) shares_read(&otherwise, out);
        if (node_is_given(&otherwise) && !out->shape_of_last_year)
            node_fail(&otherwise, "belongs to the shape LAST_YEAR");
    } else {
        shares_read(n, out);
    }
}

/* ---- tolerance ---- */

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
    schema_members(n, "tolerance");
    struct node kind = node_member(n, "kind"), value = node_member(n, "value");
    out->tolerance = (enum tolerance_kind)node_word(&kind, TOLERANCE_NAMES,
                                                    sizeof TOLERANCE_NAMES / sizeof *TOLERANCE_NAMES);
    out->tolerance_by_commissioner = true;
    if (out->tolerance == TOLERANCE_LIMITS) {
        limits_read(n, k, out);
        return;
    }
    out->tolerance_value = node_decimal(&value);
    if (!decimal_is_within(out->tolerance_value, 1000000)) node_fail(&value, "must not be negative");
    if (out->tolerance == TOLERANCE_WHOLE && !k->whole_units)
        node_fail(&kind, "WHOLE belongs to KPIs with \"wholeUnits\"");
}

/* Contract section 6: relative 5 %, for training sessions one short; Havering's scheme: 10 %. */
static void tolerance_default(const struct kpi *k, struct kpi_year *y) {
    if (y->tolerance_by_commissioner) return;
    y->tolerance = k->whole_units ? TOLERANCE_WHOLE : TOLERANCE_RELATIVE;
    y->tolerance_value = DECIMAL(k->whole_units ? 1 : y->scheme == SCHEME_DIRECTION ? 10 : 5);
}

/* ---- one year ---- */

static void year_read(const struct node *n, const struct kpi *k, struct kpi_year *out) {
    struct node target = node_member(n, "target"), minimum = node_member(n, "minimum");
    struct node stretch = node_member(n, "stretch"), profile = node_member(n, "profile");
    struct node tolerance = node_member(n, "tolerance"), scheme = node_member(n, "scheme");
    amount_read(&target, k, &out->has_target, &out->annual);
    amount_read(&minimum, k, &out->has_minimum, &out->minimum);
    amount_read(&stretch, k, &out->has_stretch, &out->stretch);
    profile_read(&profile, k, out);
    if (node_is_given(&scheme))
        out->scheme = (enum scheme)NODE_WORD(&scheme, "TOLERANCE", "DIRECTION", "FOUR_COLOURS");
    if (node_is_given(&tolerance)) tolerance_read(&tolerance, k, out);
}

/* Is a at least as good as b? */
static bool is_as_good(const struct kpi *k, struct decimal a, struct decimal b) {
    int order = fraction_cmp(fraction_of_decimal(a), fraction_of_decimal(b));
    return k->direction == KPI_HIGHER ? order >= 0 : order <= 0;
}

/* The year as a whole, told at whoever says it: the year, or the KPI or scope. */
static void year_check(const struct node *n, const struct kpi *k, const struct kpi_year *y) {
    struct node minimum = node_member(n, "minimum"), stretch = node_member(n, "stretch");
    struct node scheme = node_member(n, "scheme"), tolerance = node_member(n, "tolerance");
    const char *worse = k->direction == KPI_HIGHER ? "below" : "above";
    const char *better = k->direction == KPI_HIGHER ? "above" : "below";
    if (y->has_minimum && !y->has_target) node_fail(&minimum, "a year without target has no minimum");
    if (y->has_stretch && !y->has_target) node_fail(&stretch, "a year without target has no stretch target");
    if (y->has_minimum && !is_as_good(k, y->annual, y->minimum))
        node_fail(&minimum, "must not lie %s the target; it is the least that is accepted", better);
    if (y->has_stretch && !is_as_good(k, y->stretch, y->annual))
        node_fail(&stretch, "must not lie %s the target; it is what is striven for beyond it", worse);
    if (y->scheme != SCHEME_TOLERANCE && y->tolerance == TOLERANCE_LIMITS)
        node_fail(&scheme, "own LIMITS say where the colours end; use them with the scheme TOLERANCE");
    if (y->scheme != SCHEME_FOUR_COLOURS) return;
    if (y->has_target && !y->has_stretch)
        node_fail(&stretch, "is missing; in FOUR_COLOURS it is where blue begins");
    if (y->has_minimum && y->tolerance_by_commissioner)
        node_fail(&tolerance, "amber ends at the minimum here; leave one of the two out");
}

/* ---- the years of a KPI, or of a scope ---- */

static void years_check_names(const struct node *list, const struct framework *f) {
    if (node_is_given(list) && !json_is_object(list->json)) node_fail(list, "must be an object, { … }");
    for (void *i = node_first(list); i && config_ok(list->config); i = node_next(list, i)) {
        struct node one = node_entry(list, i);
        int year = 0;
        bool known = year_parse(str_of(one.key), &year) && year >= f->first_year && year <= f->last_year;
        if (!known) node_fail(&one, "is no year of this framework (\"years\" at the top lists them)");
        schema_members(&one, "kpiYear");
    }
}

/* start: one per year of the framework; changed by what n says of all years, then of each. */
static void years_read(const struct node *n, const struct framework *f, const struct kpi *k,
                       struct kpi_year *years) {
    struct node list = node_member(n, "years");
    years_check_names(&list, f);
    for (int year = f->first_year; year <= f->last_year && config_ok(n->config); year++) {
        struct kpi_year *y = &years[year - f->first_year];
        char text[YEAR_TEXT];
        struct node own = node_member(&list, year_format(year, text));
        year_read(n, k, y);
        if (node_is_given(&own)) year_read(&own, k, y);
        tolerance_default(k, y);
        year_check(node_is_given(&own) ? &own : n, k, y);
    }
}

static struct kpi_year *years_new(const struct node *n, const struct framework *f,
                                  const struct kpi_year *like) {
    size_t count = (size_t)(f->last_year - f->first_year + 1);
    struct kpi_year *years = ARENA_ARRAY(n->config->arena, struct kpi_year, count);
    for (size_t i = 0; i < count; i++) {
        years[i] = like ? like[i] : (struct kpi_year){.year = f->first_year + (int)i};
        if (!like) linear_set(&years[i]);
        years[i].has_target = years[i].has_minimum = years[i].has_stretch = false;
    }
    return years;
}

/* ---- scopes ---- */

/* Of a breakdown only what needs no other year: its rows are counted for one. */
static void breakdown_read(const struct node *n, const struct framework *f, const struct kpi *k,
                           struct kpi_scope *out) {
    struct node by = node_member(n, "by"), key = node_member(n, "key");
    enum dimension dimension;
    enum measure measure;
    if (!node_is_given(&by)) return;
    out->by = node_text(&by);
    out->key = node_text(&key);
    if (!config_ok(n->config)) return;
    if (out->provider || out->authority) node_fail(&by, "targets of a breakdown are the whole service's");
    if (!kpi_measure(f, k, &measure))
        node_fail(&by, "no measure of the breakdowns counts what %s counts", k->ref);
    else if (!dimension_parse(str_of(out->by), &dimension) || !breakdown_can(measure, dimension))
        node_fail(&by, "%s cannot be broken down by %.60s", measure_info(measure)->name, out->by);
}

static void breakdown_years_check(const struct node *n, const struct kpi *k, const struct kpi_scope *s) {
    struct node profile = node_member(n, "profile"), scheme = node_member(n, "scheme");
    for (size_t i = 0; i < k->year_count && s->by; i++) {
        if (s->years[i].shape_of_last_year)
            node_fail(&profile,
                      "a breakdown is not asked for in last year's shape; give it a profile of its own");
        if (s->years[i].scheme == SCHEME_DIRECTION)
            node_fail(&scheme,
                      "a breakdown has no year before; give it the scheme TOLERANCE or FOUR_COLOURS");
    }
}

static bool is_there(const struct kpi *k, const struct kpi_scope *s) {
    for (size_t i = 0; s->by && i < k->scope_count; i++) {
        const struct kpi_scope *other = &k->scopes[i];
        if (other->by && strcmp(other->by, s->by) == 0 && strcmp(other->key, s->key) == 0) return true;
    }
    return !s->by && k->year_count && kpi_year_of_scope(k, k->years[0].year, s->provider, s->authority);
}

static void scope_read(const struct node *n, const struct framework *f, const struct kpi *k,
                       struct kpi_scope *out) {
    schema_members(n, "kpiTargets");
    struct node provider = node_member(n, "provider"), authority = node_member(n, "localAuthority");
    struct node target = node_member(n, "target");
    out->provider = node_is_given(&provider) ? node_id(&provider) : NULL;
    if (node_is_given(&authority)) out->authority = node_authority(&authority);
    breakdown_read(n, f, k, out);
    if (!out->provider && !out->authority && !out->by)
        node_fail(
            n,
            "whose target is it? Name a \"provider\", a \"localAuthority\" or both, or \"by\" and \"key\" of a breakdown");
    if (out->provider && !framework_provider_find(f, str_of(out->provider)))
        node_fail(&provider, "there is no provider \"%.64s\" in /providers", out->provider);
    if (out->authority && !k->has_authority)
        node_fail(&authority, "%s has no local authority to tell apart", part_name(k->part));
    if (!target.json) node_fail(&target, "is missing; the target is needed here");
    if (config_ok(n->config) && is_there(k, out)) node_fail(n, "these have targets already");
    struct kpi_year *years = years_new(n, f, k->years);
    years_read(n, f, k, years);
    out->years = years;
    breakdown_years_check(n, k, out);
}

static void scopes_read(const struct node *n, const struct framework *f, struct kpi *k) {
    size_t count = node_length(n);
    if (count > SCOPES_MAX) node_fail(n, "has more than %d entries", SCOPES_MAX);
    if (!config_ok(n->config)) return;
    struct kpi_scope *list = ARENA_ARRAY(n->config->arena, struct kpi_scope, count + 1);
    k->scopes = list;
    for (size_t i = 0; i < count && config_ok(n->config); i++) {
        struct node one = node_at(n, i);
        scope_read(&one, f, k, &list[i]);
        k->scope_count = i + 1;
    }
}

void targets_read(const struct node *n, const struct framework *f, struct kpi *k) {
    struct node scopes = node_member(n, "targets");
    struct kpi_year *years = years_new(n, f, NULL);
    years_read(n, f, k, years);
    k->years = years;
    k->year_count = (size_t)(f->last_year - f->first_year + 1);
    if (config_ok(n->config)) scopes_read(&scopes, f, k);
}
