/* checks: see checks.h. A breach is told at the target that has to change, of the first year that has it. */
#include "kpi/checks.h"
#include "kpi/schema.h"

#include <stdio.h>

#include "returns/finding.h"

enum { CHECKS_MAX = 200, PARTS_MAX = 50 };

struct check {
    const struct node *top;
    const struct framework *f;
    enum severity severity;
    const struct kpi *kpi; /* whose target is checked */
};

static const struct kpi *kpi_of(const struct node *n, const struct framework *f) {
    const char *ref = node_text(n);
    const struct kpi *k = framework_kpi(f, str_of(ref));
    if (!config_ok(n->config)) return NULL;
    if (!k) node_fail(n, "there is no KPI %.40s", ref);
    else if (k->unit != KPI_COUNT) node_fail(n, "%s is no COUNT; percentages do not add up", ref);
    return k;
}

static enum severity severity_of(const struct node *n) {
    struct node severity = node_member(n, "severity");
    return (enum severity)NODE_WORD(&severity, "ERROR", "WARNING");
}

/* Tells the breach at the target of that year: where the year has one of its own, there. */
static void tell(const struct check *c, int year, const char *words) {
    char text[YEAR_TEXT];
    struct node kpis = node_member(c->top, "kpis"), one = node_at(&kpis, (size_t)(c->kpi - c->f->kpis));
    struct node years = node_member(&one, "years"), own = node_member(&years, year_format(year, text));
    struct node of_year = node_member(&own, "target"), of_all = node_member(&one, "target");
    const struct node *at = of_year.json ? &of_year : &of_all;
    if (c->severity == SEVERITY_ERROR) node_fail(at, "%s", words);
    else node_warn(at, "%s", words);
}

static const char *amount_text(struct fraction f, char out[64]) {
    struct buf b = BUF_EMPTY;
    buf_add_fraction(&b, f);
    snprintf(out, 64, "%.*s", STR_ARG(buf_str(&b)));
    buf_free(&b);
    return out;
}

static struct fraction target_in(const struct kpi_year *y) {
    return y && y->has_target ? fraction_of_decimal(y->annual) : (struct fraction){0, 0};
}

/* ---- the targets of some add up to that of another ---- */

static void sum_says(const struct check *c, int year, struct fraction sum, const char *whose) {
    char text[YEAR_TEXT], have[64], want[64], words[400];
    struct fraction own = target_in(kpi_year_find(c->kpi, year));
    if (own.den == 0 || sum.den == 0 || fraction_cmp(own, sum) == 0) return;
    snprintf(words, sizeof words,
             "is %s, but in %s the targets of %s add up to %s. Make it %s, or change theirs.",
             amount_text(own, have), year_format(year, text), whose, amount_text(sum, want), want);
    tell(c, year, words);
}

static void sum_check(const struct node *n, struct check *c) {
    schema_members(n, "checkSum");
    struct node of = node_member(n, "of");
    const struct kpi *parts[PARTS_MAX];
    char whose[200] = "";
    size_t count = node_length(&of);
    if (count == 0 || count > PARTS_MAX) node_fail(&of, "must list 1 to %d KPIs", PARTS_MAX);
    for (size_t i = 0; i < count && config_ok(n->config); i++) {
        struct node one = node_at(&of, i);
        parts[i] = kpi_of(&one, c->f);
        if (!parts[i]) return;
        size_t at = strlen(whose);
        snprintf(whose + at, sizeof whose - at, "%s%s", i ? i + 1 == count ? " and " : ", " : "",
                 parts[i]->ref);
    }
    for (int year = c->f->first_year; year <= c->f->last_year && config_ok(n->config); year++) {
        struct fraction sum = fraction_of(0, 1);
        for (size_t i = 0; i < count && sum.den; i++) {
            struct fraction one = target_in(kpi_year_find(parts[i], year));
            sum = one.den ? fraction_add(sum, one) : one; /* a baseline year has no sum */
        }
        sum_says(c, year, sum, whose);
    }
}

static void providers_check(const struct node *n, const struct check *c) {
    schema_members(n, "checkProviders");
    for (int year = c->f->first_year; year <= c->f->last_year && config_ok(n->config); year++) {
        struct fraction sum = fraction_of(0, 1);
        for (size_t i = 0; i < c->kpi->scope_count; i++) {
            const struct kpi_scope *s = &c->kpi->scopes[i];
            struct fraction one = s->authority ? (struct fraction){0, 0}
                                               : target_in(kpi_year_of_scope(c->kpi, year, s->provider, 0));
            if (one.den) sum = fraction_add(sum, one);
        }
        if (sum.num) sum_says(c, year, sum, "its providers");
    }
}

/* ---- a target is a share of people ---- */

/* How many there are in a year: one number, or one per year; den 0 where the file does not say. */
static struct fraction people_in(const struct node *of, int year) {
    char text[YEAR_TEXT];
    struct node one = *of;
    if (json_is_object(of->json)) one = node_member(of, year_format(year, text));
    if (!one.json) return (struct fraction){0, 0};
    return fraction_of(node_int(&one, 0, 1000000000), 1);
}

static void people_check_years(const struct node *of, const struct framework *f) {
    for (void *i = json_is_object(of->json) ? node_first(of) : NULL; i; i = node_next(of, i)) {
        struct node one = node_entry(of, i);
        int year = 0;
        bool known = year_parse(str_of(one.key), &year) && year >= f->first_year && year <= f->last_year;
        if (!known) node_fail(&one, "is no year of this framework (\"years\" at the top lists them)");
    }
}

static void share_check(const struct node *n, const struct check *c) {
    schema_members(n, "checkShare");
    struct node percent = node_member(n, "percent"), of = node_member(n, "of"), what = node_member(n, "what");
    const char *people = node_text(&what);
    struct fraction share = fraction_div(fraction_of_decimal(node_percent(&percent)), fraction_of(100, 1));
    if (!node_is_given(&of)) node_fail(&of, "is missing; how many people are there?");
    people_check_years(&of, c->f);
    for (int year = c->f->first_year; year <= c->f->last_year && config_ok(n->config); year++) {
        struct fraction all = people_in(&of, year), own = target_in(kpi_year_find(c->kpi, year));
        char text[YEAR_TEXT], have[64], want[64], number[64], words[400];
        if (all.den == 0 || own.den == 0 || !config_ok(n->config)) continue;
        struct fraction least = fraction_mul(all, share);
        if (fraction_cmp(own, least) >= 0) continue;
        snprintf(
            words, sizeof words,
            "is %s, but in %s it must be at least %s of the %s %.100s. Raise it, or correct their number.",
            amount_text(own, have), year_format(year, text), amount_text(least, want),
            amount_text(all, number), people);
        tell(c, year, words);
    }
}

/* ---- all ---- */

static void check_run(const struct node *n, struct check *c) {
    struct node kind = node_member(n, "kind"), kpi = node_member(n, "kpi");
    int which = NODE_WORD(&kind, "SUM", "PROVIDERS", "SHARE");
    c->severity = severity_of(n);
    c->kpi = kpi_of(&kpi, c->f);
    if (!config_ok(n->config)) return;
    if (which == 0) sum_check(n, c);
    else if (which == 1) providers_check(n, c);
    else share_check(n, c);
}

void checks_run(const struct node *top, const struct framework *f) {
    struct node list = node_member(top, "checks");
    size_t count = node_length(&list);
    if (count > CHECKS_MAX) node_fail(&list, "has more than %d checks", CHECKS_MAX);
    for (size_t i = 0; i < count && config_ok(top->config); i++) {
        struct node one = node_at(&list, i);
        struct check c = {.top = top, .f = f};
        check_run(&one, &c);
    }
}
