/* kpi_targets: what a framework may hold a KPI against besides one target a year: targets of providers and authorities, minimum and
 * stretch, last year's shape, Havering's rule, four colours. */
#include <stdio.h>
#include <stdlib.h>

#include "kpi/config.h"
#include "kpi/figures.h"
#include "tests/support/shelf.h"
#include "tests/support/suite.h"

#define COUNT_OF(list) (sizeof(list) / sizeof *(list))

/* ---- a service of two providers, asked one question at a time ---- */

struct scene {
    struct framework *f;
    struct shelf shelves[2]; /* homerton, pharmacies */
    struct kpi_figures *figures;
    const char *view; /* NULL: the service */
    uint32_t authority;
    bool for_public;
    int serial;
};

/* The sample, after KPI `ref` has `members` more. */
static void scene_open(struct scene *s, const char *ref, const char *members) {
    char from[40], to[900];
    snprintf(from, sizeof from, "\"ref\": \"%s\",", ref);
    snprintf(to, sizeof to, "%s %s,", from, members);
    *s = (struct scene){.f = framework_changed(from, to)};
    s->figures = calloc(s->f->kpi_count, sizeof *s->figures);
}

static void scene_close(struct scene *s) {
    shelf_free(&s->shelves[0]);
    shelf_free(&s->shelves[1]);
    free(s->figures);
    framework_free(s->f);
}

static bool is_same_goal(const struct goal *x, const struct goal *y) {
    const struct fraction xs[] = {x->target, x->minimum, x->stretch, x->last_year};
    const struct fraction ys[] = {y->target, y->minimum, y->stretch, y->last_year};
    bool same = true;
    for (size_t i = 0; i < 4; i++)
        same &= xs[i].num == ys[i].num && xs[i].den == ys[i].den;
    return same;
}

static bool is_same_figure(const struct figure *x, const struct figure *y) {
    return x->numerator == y->numerator && x->denominator == y->denominator &&
           x->has_numbers == y->has_numbers && x->has_value == y->has_value && x->rag == y->rag &&
           x->has_target == y->has_target && is_same_goal(&x->goal, &y->goal);
}

/* Whatever is asked for: bare, of a provider alone, and with goals as the service has them, it comes to the same. */
static void check_bare(const struct figures_question *q, const struct kpi_figures *whole) {
    size_t count = q->framework->kpi_count;
    struct kpi_figures *bare = calloc(2 * count, sizeof *bare), *like = bare + count;
    struct figures_question of_service = *q, own = *q;
    of_service.view = NULL;
    if (q->view) figures_question_narrow(&own, (size_t)(q->view - q->framework->providers), 1);
    CHECK(figures_compute_bare(&of_service, NULL, like) == OK && figures_compute_bare(&own, like, bare) == OK,
          "bare");
    for (size_t i = 0; i < count; i++) {
        const struct kpi_figures *x = &whole[i], *y = &bare[i];
        CHECK(x->kpi == y->kpi && x->year == y->year && x->own_targets == y->own_targets, "%s", x->kpi->ref);
        CHECK(is_same_figure(&x->quarter, &y->quarter) && is_same_figure(&x->year_to_date, &y->year_to_date),
              "%s", x->kpi->ref);
        CHECK(x->rag == y->rag && x->partial == y->partial && x->quarter_due == y->quarter_due &&
                  x->profile.last_year == y->profile.last_year &&
                  x->coverage_expected == y->coverage_expected &&
                  x->coverage_reported == y->coverage_reported,
              "%s", x->kpi->ref);
    }
    free(bare);
}

static const struct kpi_figures *ask(struct scene *s, const char *ref, const char *period) {
    struct tally tallies[2];
    struct provider_tally providers[2];
    struct tally_filter filter = {s->authority};
    int32_t as_at = day_iso("2027-06-30");
    for (int i = 0; i < 2; i++) {
        struct book book = shelf_book(&s->shelves[i]);
        tally_count(s->f, &book, as_at, &filter, &tallies[i]);
        providers[i] = (struct provider_tally){&s->f->providers[i], &tallies[i]};
    }
    struct figures_question q = {.framework = s->f,
                                 .period = period_iso(period),
                                 .as_at = as_at,
                                 .providers = providers,
                                 .provider_count = 2,
                                 .by_authority = s->authority != 0,
                                 .authority = s->authority,
                                 .for_public = s->for_public};
    q.view = s->view ? framework_provider_find(s->f, str_of(s->view)) : NULL;
    CHECK(figures_compute(&q, s->figures) == OK, "%s", period);
    check_bare(&q, s->figures);
    for (int i = 0; i < 2; i++)
        tally_free(&tallies[i]);
    return &s->figures[framework_kpi(s->f, str_of(ref)) - s->f->kpis];
}

/* n people who set that quit date, in Hackney; outcome on day 28, 0 for none. */
static void people(struct scene *s, int provider, const char *quit, int n, int outcome) {
    char id[24];
    for (int i = 0; i < n; i++) {
        snprintf(id, sizeof id, "e%d", s->serial++);
        struct fact_episode *e = shelf_episode(&s->shelves[provider], id, id, day_iso(quit));
        e->authority = 9000012;
        if (outcome) episode_set_outcome(e, STAGE_4W, outcome, 28);
    }
}

static bool is(struct fraction f, int64_t num, int64_t den) {
    return f.den != 0 && fraction_cmp(f, fraction_of(num, den)) == 0;
}

static const char *said(enum rag r) {
    return rag_name(r) ? rag_name(r) : "null";
}

#define CHECK_RAG(got, expected, label)                                                                      \
    CHECK((got) == (expected), "%s: %s, not %s", label, said(got), said(expected))

/* ---- targets of providers and authorities ---- */

static void of_providers(void) {
    struct scene s;
    scene_open(&s, "1.1",
               "\"targets\": [{\"provider\": \"homerton\", \"target\": 40, \"minimum\": 20,"
               " \"years\": {\"2026-27\": {\"target\": 80, \"profile\": [10, 40, 70, 100]}}}]");
    people(&s, 0, "2025-05-01", 9, 1);
    people(&s, 1, "2025-05-01", 3, 1);
    people(&s, 0, "2026-05-01", 8, 1);
    s.view = "homerton";
    const struct kpi_figures *k = ask(&s, "1.1", "2025-26-Q1");
    CHECK(k->own_targets && is(k->year_to_date.goal.target, 10, 1), "a quarter of 40");
    CHECK(is(k->year_to_date.goal.minimum, 5, 1) && !k->year_to_date.goal.stretch.den, "a quarter of 20");
    CHECK_RAG(k->rag, RAG_RED, "9 of 10: rated, since the framework sets a target for it");
    k = ask(&s, "1.1", "2026-27-Q1");
    CHECK(is(k->year_to_date.goal.target, 8, 1), "80 by a profile of its own in 2026-27");
    CHECK_RAG(k->rag, RAG_GREEN, "8 of 8");
    CHECK_RAG(k->previous_rag, RAG_RED, "the year before by its own targets too: 9 of 40");
    s.view = "pharmacies";
    CHECK_RAG(ask(&s, "1.1", "2025-26-Q1")->rag, RAG_NONE, "the other one has none");
    s.view = NULL;
    k = ask(&s, "1.1", "2025-26-Q1");
    CHECK(!k->own_targets && is(k->year_to_date.goal.target, 400, 1), "the service as ever");
    s.view = "homerton";
    s.authority = 9000012;
    CHECK_RAG(ask(&s, "1.1", "2025-26-Q1")->rag, RAG_NONE, "not of its people of one authority");
    scene_close(&s);
}

static void of_authorities(void) {
    struct scene s;
    scene_open(&s, "1.4",
               "\"targets\": [{\"localAuthority\": \"E09000012\", \"target\": 40},"
               " {\"provider\": \"homerton\", \"localAuthority\": \"E09000012\", \"target\": 30,"
               " \"tolerance\": {\"kind\": \"POINTS\", \"value\": 1}}]");
    people(&s, 0, "2025-05-01", 3, 1);
    people(&s, 0, "2025-05-01", 7, 2);
    people(&s, 1, "2025-05-01", 5, 1);
    people(&s, 1, "2025-05-01", 5, 2);
    CHECK_RAG(ask(&s, "1.4", "2025-26-Q1")->rag, RAG_RED, "8 of 20 against 50 %");
    s.authority = 9000012;
    const struct kpi_figures *k = ask(&s, "1.4", "2025-26-Q1");
    CHECK(k->year->annual.units == 40, "Hackney: 40 %%");
    CHECK_RAG(k->rag, RAG_GREEN, "8 of 20 against 40 %");
    s.view = "homerton";
    k = ask(&s, "1.4", "2025-26-Q1");
    CHECK(k->year->annual.units == 30 && k->year->tolerance == TOLERANCE_POINTS, "of both: 30 %%, 1 point");
    CHECK_RAG(k->rag, RAG_GREEN, "3 of 10");
    s.authority = 9000001;
    CHECK(ask(&s, "1.4", "2025-26-Q1")->year->annual.units == 50, "the City has none: the KPI's");
    scene_close(&s);
}

/* ---- minimum and stretch ---- */

static void reached(void) {
    static const struct kpi UP = {.unit = KPI_PERCENT},
                            DOWN = {.unit = KPI_PERCENT, .direction = KPI_LOWER, .strict = true};
    static const struct {
        const char *label;
        const struct kpi *kpi;
        int64_t tenths;
        enum reached expected;
        enum rag four;
    } CASES[] = {
        {"the stretch target", &UP, 600, REACHED_STRETCH, RAG_BLUE},
        {"just below it", &UP, 599, REACHED_TARGET, RAG_GREEN},
        {"the target", &UP, 500, REACHED_TARGET, RAG_GREEN},
        {"just below it", &UP, 499, REACHED_MINIMUM, RAG_AMBER},
        {"the minimum", &UP, 350, REACHED_MINIMUM, RAG_AMBER},
        {"just below it", &UP, 349, REACHED_NONE, RAG_RED},
        {"lower: the stretch target", &DOWN, 350, REACHED_STRETCH, RAG_BLUE},
        {"lower: just above it", &DOWN, 351, REACHED_TARGET, RAG_GREEN},
        {"lower, strict: the target itself is missed", &DOWN, 500, REACHED_MINIMUM, RAG_AMBER},
        {"lower: the most that is accepted", &DOWN, 600, REACHED_MINIMUM, RAG_AMBER},
        {"lower: just above it", &DOWN, 601, REACHED_NONE, RAG_RED},
    };
    static const struct kpi_year FOUR = {
        .scheme = SCHEME_FOUR_COLOURS, .tolerance_value = {5, 0}, .has_target = true};
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        bool up = CASES[i].kpi == &UP;
        struct goal g = {.target = fraction_of(50, 1),
                         .minimum = fraction_of(up ? 35 : 60, 1),
                         .stretch = fraction_of(up ? 60 : 35, 1)};
        struct fraction value = fraction_of(CASES[i].tenths, 10);
        enum reached got = goal_reached(CASES[i].kpi, &g, value);
        CHECK(got == CASES[i].expected, "%s: %s", CASES[i].label, reached_name(got));
        CHECK_RAG(status_decide(CASES[i].kpi, &FOUR, value, &g), CASES[i].four, CASES[i].label);
    }
    struct goal only = {.target = fraction_of(50, 1), .stretch = fraction_of(60, 1)};
    CHECK_RAG(status_decide(&UP, &FOUR, fraction_of(475, 10), &only), RAG_AMBER, "no minimum: the tolerance");
    CHECK_RAG(status_decide(&UP, &FOUR, fraction_of(474, 10), &only), RAG_RED, "no minimum: beyond it");
    CHECK(goal_reached(&UP, &only, (struct fraction){0, 0}) == REACHED_NOTHING_YET &&
              !reached_name(REACHED_NOTHING_YET),
          "no value reaches nothing yet");
}

/* They stand beside the target, and decide nothing unless the scheme says so. */
static void statuses_stay(void) {
    struct scene s;
    scene_open(&s, "1.4", "\"minimum\": 35, \"stretch\": 60");
    people(&s, 0, "2025-05-01", 4, 1);
    people(&s, 0, "2025-05-01", 6, 2);
    const struct kpi_figures *k = ask(&s, "1.4", "2025-26-Q1");
    CHECK_RAG(k->rag, RAG_RED, "40 % against 50 %, above the minimum");
    CHECK(goal_reached(k->kpi, &k->year_to_date.goal, figure_value(k->kpi, &k->year_to_date)) ==
              REACHED_MINIMUM,
          "the minimum is reached");
    scene_close(&s);
    scene_open(&s, "1.4", "\"minimum\": 35, \"stretch\": 60, \"scheme\": \"FOUR_COLOURS\"");
    people(&s, 0, "2025-05-01", 4, 1);
    people(&s, 0, "2025-05-01", 6, 2);
    CHECK_RAG(ask(&s, "1.4", "2025-26-Q1")->rag, RAG_AMBER, "by four colours it is amber");
    people(&s, 0, "2025-05-01", 5, 1);
    CHECK_RAG(ask(&s, "1.4", "2025-26-Q1")->rag, RAG_BLUE, "9 of 15 is blue");
    CHECK(figures_have_blue(s.figures, s.f->kpi_count), "and the summary says how many are");
    scene_close(&s);
}

/* Of a count they follow the profile, and whole units. */
static void amounts_to_date(void) {
    struct scene s;
    scene_open(&s, "3.1", "\"minimum\": 3, \"stretch\": 10");
    const struct kpi_figures *k = ask(&s, "3.1", "2025-26-Q2");
    CHECK(is(k->year_to_date.goal.minimum, 1, 1) && is(k->year_to_date.goal.stretch, 5, 1),
          "half, rounded down");
    CHECK(is(k->quarter.goal.minimum, 1, 1) && is(k->quarter.goal.stretch, 3, 1), "1 - 0 and 5 - 2");
    scene_close(&s);
}

/* ---- last year's shape ---- */

static void scene_of_shape(struct scene *s, const char *profile) {
    char to[200];
    snprintf(to, sizeof to, "\"target\": 1600, \"profile\": %s", profile);
    *s = (struct scene){.f = framework_changed("\"target\": 1600, \"profile\": [25, 50, 75, 100]", to)};
    s->figures = calloc(s->f->kpi_count, sizeof *s->figures);
}

static void send_last_year(struct scene *s, const int counts[4]) {
    static const char *const QUIT[] = {"2024-05-01", "2024-08-01", "2024-11-01", "2025-02-01"};
    static const char *const PERIODS[] = {"2024-25-Q1", "2024-25-Q2", "2024-25-Q3", "2024-25-Q4"};
    for (int i = 0; i < 4; i++) {
        people(s, 0, QUIT[i], counts[i], 1);
        shelf_part(&s->shelves[0], PART_EPISODES, period_iso(PERIODS[i]));
        shelf_part(&s->shelves[1], PART_EPISODES, period_iso(PERIODS[i]));
    }
}

static void last_years_shape(void) {
    struct scene s;
    scene_of_shape(&s, "\"LAST_YEAR\"");
    send_last_year(&s, (const int[4]){1, 0, 2, 4});
    people(&s, 1, "2025-05-01", 3, 1);
    const struct kpi_figures *k = ask(&s, "1.1", "2025-26-Q1");
    CHECK(k->profile.last_year == LAST_YEAR_KNOWN && is(k->year_to_date.goal.target, 1600, 7), "1/7 of 1600");
    CHECK(k->has_forecast && is(k->forecast, 21, 1), "3 / (1/7)");
    CHECK(is(ask(&s, "1.1", "2025-26-Q2")->quarter.goal.target, 0, 1), "nobody came in last year's Q2");
    CHECK(is(ask(&s, "1.1", "2025-26-Q3")->year_to_date.goal.target, 4800, 7), "3/7");
    CHECK(is(ask(&s, "1.1", "2025-26-Q4")->year_to_date.goal.target, 1600, 1), "all of it in the end");
    CHECK(is(ask(&s, "1.2", "2025-26-Q1")->year_to_date.goal.target, 375, 1), "1.2 is linear still");
    s.for_public = true;
    k = ask(&s, "1.1", "2025-26-Q1");
    CHECK(k->profile.last_year == LAST_YEAR_NOT_SHOWN && is(k->year_to_date.goal.target, 400, 1),
          "a wider audience learns no number of last year from a target");
    scene_close(&s);
}

static void no_shape(void) {
    struct scene s;
    scene_of_shape(&s, "{\"shape\": \"LAST_YEAR\", \"otherwise\": [10, 30, 60, 100]}");
    CHECK(ask(&s, "1.1", "2025-26-Q1")->profile.last_year == LAST_YEAR_NOT_WHOLE, "nothing was sent");
    people(&s, 0, "2024-05-01", 1, 1);
    const struct kpi_figures *k = ask(&s, "1.1", "2025-26-Q2");
    CHECK(k->profile.last_year == LAST_YEAR_NOT_WHOLE && is(k->year_to_date.goal.target, 480, 1),
          "one quarter is no year: 30 %% as the framework says");
    send_last_year(&s, (const int[4]){1, 1, 1, 1});
    s.shelves[1].count = 0; /* the pharmacies never sent */
    CHECK(ask(&s, "1.1", "2025-26-Q2")->profile.last_year == LAST_YEAR_NOT_WHOLE, "half of those expected");
    scene_close(&s);
    scene_of_shape(&s, "\"LAST_YEAR\"");
    send_last_year(&s, (const int[4]){0, 0, 0, 0});
    k = ask(&s, "1.1", "2025-26-Q3");
    CHECK(k->profile.last_year == LAST_YEAR_EMPTY && is(k->year_to_date.goal.target, 1200, 1),
          "nil returns have no shape: linear");
    scene_close(&s);
}

/* Whatever last year was: shares rise, end with all of it, and quarters add up to the year, exactly. */
static void shapes_add_up(void) {
    uint64_t state = 7;
    static const struct kpi K = {.unit = KPI_COUNT};
    for (int i = 0; i < 2000; i++) {
        int64_t n[4];
        for (int q = 0; q < 4; q++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            n[q] = (int64_t)(state >> 33) % (q % 2 ? 3 : 99999);
        }
        struct shares s;
        if (!shares_of_quarters(n, &s)) continue;
        struct fraction sum = fraction_of(0, 1);
        for (int q = 1; q <= 4; q++) {
            struct fraction part = fraction_sub(amount_to_date(&K, DECIMAL(1900), &s, q),
                                                amount_to_date(&K, DECIMAL(1900), &s, q - 1));
            CHECK(part.num >= 0, "case %d: quarter %d falls", i, q);
            sum = fraction_add(sum, part);
        }
        CHECK(is(sum, 1900, 1), "case %d", i);
    }
}

/* ---- Havering ---- */

static void direction(void) {
    struct scene s;
    scene_open(&s, "1.4", "\"scheme\": \"DIRECTION\"");
    people(&s, 0, "2025-05-01", 45, 1);
    people(&s, 0, "2025-05-01", 55, 2);
    const struct kpi_figures *k = ask(&s, "1.4", "2025-26-Q1");
    CHECK(k->year->tolerance_value.units == 10 && !k->year->tolerance_by_commissioner,
          "within 10 %% by default");
    CHECK_RAG(k->rag, RAG_GREEN, "45 % is within 10 % of 50 %");
    people(&s, 0, "2025-05-02", 5, 2);
    CHECK_RAG(ask(&s, "1.4", "2025-26-Q1")->rag, RAG_RED,
              "45 of 105: more than 10 % off, and no year before");
    people(&s, 1, "2024-06-01", 3, 1);
    people(&s, 1, "2024-06-01", 4, 2); /* 3/7 is 45/105 */
    k = ask(&s, "1.4", "2025-26-Q1");
    CHECK(is(k->year_to_date.goal.last_year, 300, 7), "the same quarter a year before");
    CHECK_RAG(k->rag, RAG_AMBER, "equal to it is no worse");
    people(&s, 1, "2024-06-02", 1, 1);
    CHECK_RAG(ask(&s, "1.4", "2025-26-Q1")->rag, RAG_RED, "worse than 4 of 8");
    struct status_limits l = status_limits_of(k->kpi, k->year, &s.figures[3].year_to_date.goal);
    CHECK(is(l.green, 45, 1) && is(l.amber, 50, 1), "green from 45 %%, amber from last year's value");
    s.for_public = true;
    k = ask(&s, "1.4", "2025-26-Q1");
    CHECK(!k->year_to_date.goal.last_year.den, "4 of 8 is not shown to a wider audience");
    scene_close(&s);
}

/* ---- what is refused ---- */

static void faults(void) {
    static const struct {
        const char *label, *ref, *members, *pointer, *words;
    } CASES[] = {
        {"minimum above the target", "1.4", "\"minimum\": 51", "/kpis/3/minimum", "least"},
        {"stretch below the target", "1.4", "\"stretch\": 49", "/kpis/3/stretch", "beyond"},
        {"lower is better: minimum below", "1.9", "\"minimum\": 14", "/kpis/8/minimum", "least"},
        {"lower is better: stretch above", "1.9", "\"stretch\": 16", "/kpis/8/stretch", "beyond"},
        {"minimum of a baseline", "1.8", "\"minimum\": 10", "/kpis/7/minimum", "without target"},
        {"in one year", "1.4", "\"minimum\": 40, \"years\": {\"2026-27\": {\"target\": 30}}",
         "/kpis/3/years/2026-27/minimum", "least"},
        {"four colours without stretch", "1.4", "\"scheme\": \"FOUR_COLOURS\"", "/kpis/3/stretch", "blue"},
        {"four colours, minimum and tolerance", "1.4",
         "\"scheme\": \"FOUR_COLOURS\", \"stretch\": 60, \"minimum\": 40, \"tolerance\": {\"kind\": \"POINTS\", \"value\": 2}",
         "/kpis/3/tolerance", "leave one"},
        {"own limits with another scheme", "1.5", "\"scheme\": \"DIRECTION\"", "/kpis/4/scheme", "LIMITS"},
        {"unknown scheme", "1.4", "\"scheme\": \"TRAFFIC\"", "/kpis/3/scheme", "FOUR_COLOURS"},
        {"unknown shape", "1.4", "\"profile\": \"FLAT\"", "/kpis/3/profile", "only counts"},
        {"targets of nobody", "1.4", "\"targets\": [{\"target\": 40}]", "/kpis/3/targets/0", "Name a"},
        {"targets of an unknown provider", "1.4", "\"targets\": [{\"provider\": \"moon\", \"target\": 40}]",
         "/kpis/3/targets/0/provider", "no provider"},
        {"targets of an unknown authority", "1.4",
         "\"targets\": [{\"localAuthority\": \"E99999999\", \"target\": 40}]",
         "/kpis/3/targets/0/localAuthority", "GSS"},
        {"targets of an authority where there is none", "2.1",
         "\"targets\": [{\"localAuthority\": \"E09000012\", \"target\": 40}]",
         "/kpis/14/targets/0/localAuthority", "contacts"},
        {"targets without one", "1.4", "\"targets\": [{\"provider\": \"homerton\"}]",
         "/kpis/3/targets/0/target", "missing"},
        {"a breakdown of a KPI that no measure counts", "1.13",
         "\"targets\": [{\"by\": \"gender\", \"key\": \"2\", \"target\": 40}]", "/kpis/12/targets/0/by",
         "no measure"},
        {"a breakdown that there is not", "1.4",
         "\"targets\": [{\"by\": \"source\", \"key\": \"GP\", \"target\": 40}]", "/kpis/3/targets/0/by",
         "cannot be broken down"},
        {"a breakdown of a provider", "1.4",
         "\"targets\": [{\"provider\": \"homerton\", \"by\": \"gender\", \"key\": \"2\", \"target\": 40}]",
         "/kpis/3/targets/0/by", "whole service"},
        {"a breakdown twice", "1.4",
         "\"targets\": [{\"by\": \"gender\", \"key\": \"2\", \"target\": 40}, {\"by\": \"gender\", \"key\": \"2\", \"target\": 41}]",
         "/kpis/3/targets/1", "already"},
        {"a breakdown against the year before", "1.4",
         "\"scheme\": \"DIRECTION\", \"targets\": [{\"by\": \"gender\", \"key\": \"2\", \"target\": 40}]",
         "/kpis/3/targets/0/scheme", "no year before"},
        {"targets twice", "1.4",
         "\"targets\": [{\"provider\": \"homerton\", \"target\": 40}, {\"provider\": \"homerton\", \"target\": 41}]",
         "/kpis/3/targets/1", "already"},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        char from[40], to[900], wanted[200];
        snprintf(from, sizeof from, "\"ref\": \"%s\",", CASES[i].ref);
        snprintf(to, sizeof to, "%s %s,", from, CASES[i].members);
        snprintf(wanted, sizeof wanted, "%s: ", CASES[i].pointer);
        struct fault fault = {0};
        struct framework *f = NULL;
        enum err e = framework_changed_parse(from, to, &fault, &f);
        CHECK(e == ERR_INVALID, "%s: %s", CASES[i].label, err_info(e)->code);
        CHECK(strncmp(fault.detail, wanted, strlen(wanted)) == 0, "%s: not at %s: %s", CASES[i].label,
              CASES[i].pointer, fault.detail);
        CHECK(strstr(fault.detail, CASES[i].words) != NULL, "%s: without '%s': %s", CASES[i].label,
              CASES[i].words, fault.detail);
        if (e == OK) framework_free(f);
    }
}

/* ---- the arithmetic of the target set ---- */

static void arithmetic(void) {
    static const char SUM[] =
        "{\"kind\": \"SUM\", \"kpi\": \"1.1\", \"of\": [\"1.2\", \"1.3\"], \"severity\": \"WARNING\"}";
    static const struct {
        const char *label, *from, *to, *pointer, *words;
        bool refused;
    } CASES[] = {
        {"1.1 is not 1.2 + 1.3", "\"target\": 1600", "\"target\": 1650", "/kpis/0/target",
         "is 1650, but in 2023-24 the targets of 1.2 and 1.3 add up to 1600. Make it 1600", false},
        {"in one year", "\"target\": 1600,",
         "\"target\": 1600, \"years\": {\"2025-26\": {\"target\": 1700}},", "/kpis/0/years/2025-26/target",
         "2025-26", false},
        {"a part of one year", "\"target\": 100,",
         "\"target\": 100, \"years\": {\"2026-27\": {\"target\": 120}},", "/kpis/0/target",
         "in 2026-27 the targets of 1.2 and 1.3 add up to 1620", false},
        {"a baseline year has no sum", "\"target\": 100,",
         "\"target\": 100, \"years\": {\"2026-27\": {\"target\": null}},", NULL, NULL, false},
        {"as an error", SUM,
         "{\"kind\": \"SUM\", \"kpi\": \"1.1\", \"of\": [\"1.2\"], \"severity\": \"ERROR\"}",
         "/kpis/0/target", "add up to 1500", true},
        {"fewer than 5 % of the smokers", "\"of\": 32000", "\"of\": 32001", "/kpis/0/target",
         "at least 1600.05 of the 32001 estimated smokers", false},
        {"their number by year", "\"of\": 32000", "\"of\": {\"2025-26\": 40000}", "/kpis/0/target",
         "in 2025-26 it must be at least 2000", false},
        {"the providers' targets", SUM,
         "{\"kind\": \"PROVIDERS\", \"kpi\": \"1.1\", \"severity\": \"WARNING\"}", NULL, NULL, false},
        {"a check of an unknown KPI", "\"of\": [\"1.2\", \"1.3\"]", "\"of\": [\"1.2\", \"9.9\"]",
         "/checks/0/of/1", "9.9", true},
        {"a check of percentages", "\"of\": [\"1.2\", \"1.3\"]", "\"of\": [\"1.4\"]", "/checks/0/of/0",
         "COUNT", true},
        {"a check of an unknown kind", "\"kind\": \"SHARE\"", "\"kind\": \"RATIO\"", "/checks/1/kind",
         "PROVIDERS", true},
        {"people of an unknown year", "\"of\": 32000", "\"of\": {\"2031-32\": 1}", "/checks/1/of/2031-32",
         "year", true},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct fault fault = {0};
        struct framework *f = NULL;
        enum err e = framework_changed_parse(CASES[i].from, CASES[i].to, &fault, &f);
        CHECK((e == ERR_INVALID) == CASES[i].refused, "%s: %s", CASES[i].label, fault.detail);
        const struct config_warning *w = f ? f->warnings : NULL;
        char told[700] = "";
        if (w) snprintf(told, sizeof told, "%s: %s", w->pointer, w->detail);
        if (CASES[i].refused) snprintf(told, sizeof told, "%s", fault.detail);
        CHECK((told[0] != 0) == (CASES[i].pointer != NULL) && !(w && w->next), "%s: %s", CASES[i].label,
              told);
        if (CASES[i].pointer) {
            size_t n = strlen(CASES[i].pointer);
            CHECK(strncmp(told, CASES[i].pointer, n) == 0 && told[n] == ':', "%s: %s", CASES[i].label, told);
            CHECK(strstr(told, CASES[i].words) != NULL, "%s: %s", CASES[i].label, told);
        }
        if (f) framework_free(f);
    }
}

static void providers_add_up(void) {
    struct fault fault = {0};
    struct framework *f = NULL;
    struct buf text = BUF_EMPTY, all = BUF_EMPTY;
    sample_text_copy(&text);
    const char *at = memmem(text.p, text.n, "\"checks\": [", 11);
    CHECK(at != NULL, "the sample has checks");
    size_t head = (size_t)(at - text.p) + 11;
    buf_add(&all, text.p, head);
    buf_add_cstr(&all, "{\"kind\": \"PROVIDERS\", \"kpi\": \"3.1\", \"severity\": \"ERROR\"}, ");
    buf_add(&all, text.p + head, text.n - head);
    at = memmem(all.p, all.n, "\"ref\": \"3.1\",", 13);
    head = (size_t)(at - all.p);
    buf_clear(&text);
    buf_add(&text, all.p, head);
    buf_add_cstr(
        &text,
        "\"targets\": [{\"provider\": \"homerton\", \"target\": 4}, {\"provider\": \"pharmacies\", \"target\": 1}], ");
    buf_add(&text, all.p + head, all.n - head);
    CHECK(framework_parse(buf_str(&text), 1, &fault, &f) == ERR_INVALID, "4 + 1 is not 6");
    CHECK(strstr(fault.detail, "the targets of its providers add up to 5") != NULL, "%s", fault.detail);
    buf_free(&text);
    buf_free(&all);
}

void suite_kpi_targets(void);
void suite_kpi_targets(void) {
    suite_add("unit kpi targets", NULL, NULL);
    case_add("targets of a provider, by year", of_providers);
    case_add("targets of an authority, and of both", of_authorities);
    case_add("minimum, target, stretch and four colours at every boundary", reached);
    case_add("minimum and stretch decide nothing unless the scheme says so", statuses_stay);
    case_add("of counts they follow the profile", amounts_to_date);
    case_add("last year's shape, exactly", last_years_shape);
    case_add("no shape: the framework's own profile", no_shape);
    case_add("any shape adds up to the year", shapes_add_up);
    case_add("Havering: within 10 %, or no worse than a year before", direction);
    case_add("the arithmetic of the targets: 1.1 = 1.2 + 1.3; 5 % of the smokers", arithmetic);
    case_add("what the providers are to reach adds up", providers_add_up);
    case_add("a wrong target: where, what and what to do", faults);
}
