/* kpi_figures: from returns to what the dashboard says: periods, years, missing returns, coverage, own
 * view, previous, forecast. */
#include <stdio.h>
#include <stdlib.h>

#include "kpi/figures.h"
#include "tests/support/shelf.h"
#include "tests/support/suite.h"

#define COUNT_OF(list) (sizeof(list) / sizeof *(list))

/* A service of two providers, asked one question at a time. */
struct scene {
    struct framework *f;
    struct shelf shelves[2]; /* homerton, pharmacies */
    struct kpi_figures *figures;
    const char *view; /* NULL: the service */
    uint32_t authority;
    int serial;
};

static void scene_open(struct scene *s) {
    *s = (struct scene){.f = framework_sample()};
    s->figures = calloc(s->f->kpi_count, sizeof *s->figures);
}

static void scene_close(struct scene *s) {
    shelf_free(&s->shelves[0]);
    shelf_free(&s->shelves[1]);
    free(s->figures);
    framework_free(s->f);
}

static enum err ask_err(struct scene *s, const char *period, const char *as_at) {
    struct tally tallies[2];
    struct provider_tally providers[2];
    struct tally_filter filter = {s->authority};
    for (int i = 0; i < 2; i++) {
        struct book book = shelf_book(&s->shelves[i]);
        tally_count(s->f, &book, day_iso(as_at), &filter, &tallies[i]);
        providers[i] = (struct provider_tally){&s->f->providers[i], book.count ? &tallies[i] : NULL};
    }
    struct figures_question q = {
        .framework = s->f, .period = period_iso(period), .as_at = day_iso(as_at), .providers = providers};
    q.provider_count = 2;
    q.by_authority = s->authority != 0;
    q.view = s->view ? framework_provider_find(s->f, str_of(s->view)) : NULL;
    enum err e = figures_compute(&q, s->figures);
    for (int i = 0; i < 2; i++)
        tally_free(&tallies[i]);
    return e;
}

static void ask(struct scene *s, const char *period, const char *as_at) {
    CHECK(ask_err(s, period, as_at) == OK, "%s as at %s", period, as_at);
}

static const struct kpi_figures *kpi(const struct scene *s, const char *ref) {
    for (size_t i = 0; i < s->f->kpi_count; i++) {
        if (strcmp(s->figures[i].kpi->ref, ref) == 0) return &s->figures[i];
    }
    abort();
}

/* n people who set the same quit date, in Hackney, each a client of their own, with the outcome on day 28. */
static struct fact_episode *people(struct scene *s, int provider, const char *quit, int n, int outcome) {
    struct fact_episode *e = NULL;
    char id[24];
    for (int i = 0; i < n; i++) {
        snprintf(id, sizeof id, "e%d", s->serial++);
        e = shelf_episode(&s->shelves[provider], id, id, day_iso(quit));
        e->authority = 9000012;
        if (outcome) episode_set_outcome(e, STAGE_4W, outcome, 28);
    }
    return e;
}

static const char *said(enum rag r) {
    return rag_name(r) ? rag_name(r) : "null";
}

#define CHECK_RAG(got, expected, label)                                                                      \
    CHECK((got) == (expected), "%s: %s, not %s", label, said(got), said(expected))

/* ---- statuses in their order, through the whole chain ---- */

static void nothing_sent(void) {
    struct scene s;
    scene_open(&s);
    ask(&s, "2025-26-Q2", "2026-02-20");
    for (size_t i = 0; i < s.f->kpi_count; i++) {
        const struct kpi_figures *f = &s.figures[i];
        CHECK_RAG(f->rag, RAG_NO_DATA, f->kpi->ref);
        CHECK(!f->quarter.has_numbers && !f->year_to_date.has_value && !f->has_previous && !f->has_forecast,
              "%s", f->kpi->ref);
        bool expected = f->kpi->part != PART_HARM_REDUCTION;
        CHECK(f->coverage_expected == (expected ? 2 : 0) && f->coverage_reported == 0, "%s coverage",
              f->kpi->ref);
        CHECK(f->earned == EARNED_NOTHING_YET && f->all_due, "%s", f->kpi->ref);
    }
    CHECK(ask_err(&s, "2022-23-Q4", "2026-02-20") == ERR_NOT_FOUND, "a year before the framework");
    CHECK(ask_err(&s, "2027-28-Q1", "2026-02-20") == ERR_NOT_FOUND, "a year after it");
    scene_close(&s);
}

static void nil_return(void) {
    struct scene s;
    scene_open(&s);
    shelf_part(&s.shelves[0], PART_EPISODES, period_iso("2025-26-Q1"));
    ask(&s, "2025-26-Q1", "2026-02-20");
    CHECK_RAG(kpi(&s, "1.1")->rag, RAG_RED, "a count whose part was sent is 0 and rated");
    CHECK(kpi(&s, "1.1")->quarter.has_value && kpi(&s, "1.1")->quarter.numerator == 0, "it is 0");
    static const char *const RATES[] = {"1.4",  "1.6",  "1.7",  "1.8", "1.9",
                                        "1.11", "1.13", "1.14", "4.1", "4.5"};
    for (size_t i = 0; i < COUNT_OF(RATES); i++) {
        CHECK_RAG(kpi(&s, RATES[i])->rag, RAG_NOT_DUE, RATES[i]);
        CHECK(kpi(&s, RATES[i])->quarter.has_numbers && !kpi(&s, RATES[i])->quarter.has_value,
              "%s: zeros without value", RATES[i]);
    }
    CHECK_RAG(kpi(&s, "2.1")->rag, RAG_NO_DATA, "another part was never sent");
    CHECK_RAG(kpi(&s, "3.1")->rag, RAG_NO_DATA, "nor training sessions, though a count");
    scene_close(&s);
}

/* The oracle, seed 38: a final quarter was called provisional for what waited in the quarter before it. */
static void waiting_in_the_quarter_before(void) {
    struct scene s;
    scene_open(&s);
    people(&s, 0, "2025-05-01", 1, 1);
    ask(&s, "2025-26-Q1", "2025-06-12");
    CHECK(!kpi(&s, "1.4")->quarter_due && !kpi(&s, "1.4")->all_due, "in the first quarter the episode waits");
    ask(&s, "2025-26-Q2", "2025-06-12");
    CHECK(kpi(&s, "1.4")->quarter_due && !kpi(&s, "1.4")->all_due,
          "in the second only the year to date waits");
    scene_close(&s);
}

static void day_by_day(void) {
    static const struct {
        const char *label, *as_at;
        enum rag quit4, verified4, quit12, known26, known52;
    } CASES[] = {
        /* Ten people, quit date 2025-05-01: seven quit and not one verified, three not quit. */
        {"day 42", "2025-06-12", RAG_NOT_DUE, RAG_NOT_DUE, RAG_NOT_DUE, RAG_NOT_DUE, RAG_NOT_DUE},
        {"day 43", "2025-06-13", RAG_GREEN, RAG_RED, RAG_NOT_DUE, RAG_NOT_DUE, RAG_NOT_DUE},
        {"day 98", "2025-08-07", RAG_GREEN, RAG_RED, RAG_NOT_DUE, RAG_NOT_DUE, RAG_NOT_DUE},
        {"day 99", "2025-08-08", RAG_GREEN, RAG_RED, RAG_RED, RAG_NOT_DUE, RAG_NOT_DUE},
        {"day 210", "2025-11-27", RAG_GREEN, RAG_RED, RAG_RED, RAG_NOT_DUE, RAG_NOT_DUE},
        {"day 211", "2025-11-28", RAG_GREEN, RAG_RED, RAG_RED, RAG_RED, RAG_NOT_DUE},
        {"day 393", "2026-05-29", RAG_GREEN, RAG_RED, RAG_RED, RAG_RED, RAG_NOT_DUE},
        {"day 394", "2026-05-30", RAG_GREEN, RAG_RED, RAG_RED, RAG_RED, RAG_RED},
    };
    struct scene s;
    scene_open(&s);
    people(&s, 0, "2025-05-01", 7, 1);
    people(&s, 0, "2025-05-01", 3, 2);
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        const char *label = CASES[i].label, *as_at = CASES[i].as_at;
        ask(&s, "2025-26-Q1", as_at);
        CHECK_RAG(kpi(&s, "1.4")->quarter.rag, CASES[i].quit4, label);
        CHECK_RAG(kpi(&s, "1.6")->quarter.rag, CASES[i].verified4, label);
        CHECK(kpi(&s, "1.4")->all_due == (CASES[i].quit4 != RAG_NOT_DUE), "%s: all due at 4 weeks", label);
        ask(&s, "2025-26-Q2", as_at); /* + 98 days is 2025-08-07 */
        CHECK_RAG(kpi(&s, "1.7")->quarter.rag, CASES[i].quit12, label);
        CHECK_RAG(kpi(&s, "1.7")->rag, CASES[i].quit12, label);
        ask(&s, "2025-26-Q3", as_at); /* + 210 is 2025-11-27 */
        CHECK_RAG(kpi(&s, "1.10")->quarter.rag, CASES[i].known26, label);
        ask(&s, "2026-27-Q1", as_at); /* + 393 is 2026-05-29, in the next year */
        CHECK_RAG(kpi(&s, "1.11")->rag, CASES[i].known52, label);
        CHECK(kpi(&s, "1.11")->all_due == (CASES[i].known52 != RAG_NOT_DUE), "%s: all due at 52 weeks",
              label);
    }
    scene_close(&s);
}

static void no_quitters(void) {
    struct scene s;
    scene_open(&s);
    people(&s, 0, "2025-05-01", 4, 2);
    ask(&s, "2025-26-Q1", "2026-12-31");
    CHECK_RAG(kpi(&s, "1.4")->rag, RAG_RED, "nobody quit: 0 %");
    CHECK_RAG(kpi(&s, "1.6")->rag, RAG_NO_DATA, "1.6 without quitters");
    CHECK_RAG(kpi(&s, "1.13")->rag, RAG_NO_DATA, "1.13 without quitters");
    CHECK(kpi(&s, "1.6")->quarter.has_numbers && !kpi(&s, "1.6")->quarter.has_value,
          "its denominator is a true 0");
    ask(&s, "2025-26-Q2", "2026-12-31");
    CHECK_RAG(kpi(&s, "1.7")->rag, RAG_RED, "1.7 is of all who set a date");
    CHECK_RAG(kpi(&s, "1.8")->rag, RAG_NO_DATA, "1.8 without quitters: before BASELINE");
    ask(&s, "2025-26-Q3", "2026-12-31");
    CHECK_RAG(kpi(&s, "1.10")->rag, RAG_NO_DATA, "1.10 without quitters");
    ask(&s, "2026-27-Q1", "2026-12-31");
    CHECK_RAG(kpi(&s, "1.11")->rag, RAG_NO_DATA, "1.11 without quitters");
    struct fact_episode *e = people(&s, 0, "2025-05-02", 1, 1);
    episode_set_outcome(e, STAGE_12W, 1, 90);
    ask(&s, "2025-26-Q2", "2026-12-31");
    CHECK_RAG(kpi(&s, "1.8")->rag, RAG_BASELINE, "1.8 with a quitter");
    CHECK(kpi(&s, "1.8")->quarter.numerator == 0 && kpi(&s, "1.8")->quarter.denominator == 1, "not verified");
    scene_close(&s);
}

/* ---- periods and years ---- */

static void late_cohorts_cross_years(void) {
    static const struct {
        const char *label, *quit, *closes, *not_in;
        const char *ref;
    } CASES[] = {
        {"12 weeks, last day of Q1", "2025-03-24", "2025-26-Q1", "2025-26-Q2", "1.7"},
        {"12 weeks, first day of Q2", "2025-03-25", "2025-26-Q2", "2025-26-Q1", "1.7"},
        {"12 weeks, over New Year's Eve of the year", "2024-12-23", "2024-25-Q4", "2025-26-Q1", "1.7"},
        {"12 weeks, first day of the year", "2024-12-24", "2025-26-Q1", "2024-25-Q4", "1.7"},
        {"26 weeks, last day of Q4", "2024-09-02", "2024-25-Q4", "2025-26-Q1", "1.10"},
        {"26 weeks, first day of Q1", "2024-09-03", "2025-26-Q1", "2024-25-Q4", "1.10"},
        {"52 weeks, last day of Q4", "2024-03-03", "2024-25-Q4", "2025-26-Q1", "1.11"},
        {"52 weeks, first day of Q1", "2024-03-04", "2025-26-Q1", "2024-25-Q4", "1.11"},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct scene s;
        scene_open(&s);
        people(&s, 0, CASES[i].quit, 1, 1);
        ask(&s, CASES[i].closes, "2026-12-31");
        const struct kpi_figures *f = kpi(&s, CASES[i].ref);
        CHECK(f->quarter.denominator == 1 && f->year_to_date.denominator == 1, "%s: counted", CASES[i].label);
        int32_t quit = day_iso(CASES[i].quit);
        CHECK(quit >= f->cohort_from && quit <= f->cohort_to, "%s: within cohort{from,to}", CASES[i].label);
        ask(&s, CASES[i].not_in, "2026-12-31");
        f = kpi(&s, CASES[i].ref);
        CHECK(f->quarter.denominator == 0, "%s: not in %s", CASES[i].label, CASES[i].not_in);
        CHECK(quit < f->cohort_from || quit > f->cohort_to, "%s: outside cohort{from,to}", CASES[i].label);
        scene_close(&s);
    }
}

static void late_year_to_date_sums_closings(void) {
    struct scene s;
    scene_open(&s);
    people(&s, 0, "2025-01-15", 3, 1); /* + 98: 2025-04-23, Q1 */
    people(&s, 0, "2025-04-10", 5, 1); /* + 98: 2025-07-17, Q2 */
    ask(&s, "2025-26-Q2", "2026-03-31");
    const struct kpi_figures *f = kpi(&s, "1.7");
    CHECK(f->quarter.denominator == 5 && f->year_to_date.denominator == 8, "%lld of %lld",
          (long long)f->quarter.denominator, (long long)f->year_to_date.denominator);
    CHECK_RAG(f->quarter.rag, RAG_RED, "the quarter was not sent, but an earlier one was");
    CHECK(kpi(&s, "1.4")->quarter.rag == RAG_NO_DATA && kpi(&s, "1.4")->year_to_date.denominator == 5,
          "a 4-week measure has no data for Q2, and Q1's for the year");
    ask(&s, "2025-26-Q4", "2026-03-31");
    CHECK(kpi(&s, "1.7")->year_to_date.denominator == 8, "the year goes on summing");
    CHECK_RAG(kpi(&s, "1.7")->quarter.rag, RAG_NOT_DUE,
              "late: sent once, so the empty quarter is not NO_DATA");
    scene_close(&s);
}

static void quarters_and_years(void) {
    struct scene s;
    scene_open(&s);
    people(&s, 0, "2025-03-31", 2, 1);
    people(&s, 0, "2025-04-01", 3, 1);
    people(&s, 0, "2025-06-30", 4, 1);
    people(&s, 0, "2025-07-01", 5, 1);
    people(&s, 0, "2026-03-31", 6, 1);
    static const struct {
        const char *period;
        int quarter, to_date;
    } CASES[] = {{"2024-25-Q4", 2, 2},   {"2025-26-Q1", 7, 7},  {"2025-26-Q2", 5, 12},
                 {"2025-26-Q3", -1, 12}, {"2025-26-Q4", 6, 18}, {"2026-27-Q1", -1, -1}};
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        ask(&s, CASES[i].period, "2026-12-31");
        const struct figure *q = &kpi(&s, "1.1")->quarter, *y = &kpi(&s, "1.1")->year_to_date;
        CHECK((q->has_numbers ? q->numerator : -1) == CASES[i].quarter, "%s quarter %lld", CASES[i].period,
              (long long)q->numerator);
        CHECK((y->has_numbers ? y->numerator : -1) == CASES[i].to_date, "%s year %lld", CASES[i].period,
              (long long)y->numerator);
    }
    scene_close(&s);
}

static void targets_of_both_views(void) {
    struct scene s;
    scene_open(&s);
    static const struct {
        const char *period, *ref;
        int64_t quarter, to_date;
    } CASES[] = {
        {"2025-26-Q1", "1.1", 400, 400}, {"2025-26-Q3", "1.1", 400, 1200}, {"2025-26-Q1", "3.1", 1, 1},
        {"2025-26-Q2", "3.1", 2, 3},     {"2025-26-Q3", "3.1", 1, 4},      {"2025-26-Q4", "3.1", 2, 6},
        {"2025-26-Q4", "3.3", 1, 2},     {"2025-26-Q2", "1.4", 50, 50},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        ask(&s, CASES[i].period, "2026-03-01");
        const struct kpi_figures *f = kpi(&s, CASES[i].ref);
        CHECK(fraction_cmp(f->quarter.goal.target, fraction_of(CASES[i].quarter, 1)) == 0, "%s %s quarter",
              CASES[i].ref, CASES[i].period);
        CHECK(fraction_cmp(f->year_to_date.goal.target, fraction_of(CASES[i].to_date, 1)) == 0, "%s %s year",
              CASES[i].ref, CASES[i].period);
    }
    CHECK(!kpi(&s, "1.8")->year_to_date.has_target, "1.8 has none");
    scene_close(&s);
}

/* ---- providers ---- */

static void rates_are_never_averaged(void) {
    struct scene s;
    scene_open(&s);
    people(&s, 0, "2025-05-01", 90, 1);
    people(&s, 0, "2025-05-01", 10, 2); /* 90 % of 100 */
    people(&s, 1, "2025-05-01", 1, 1);
    people(&s, 1, "2025-05-01", 9, 2); /* 10 % of 10 */
    ask(&s, "2025-26-Q1", "2026-03-01");
    const struct figure *f = &kpi(&s, "1.4")->quarter;
    CHECK(f->numerator == 91 && f->denominator == 110, "%lld of %lld", (long long)f->numerator,
          (long long)f->denominator);
    CHECK(fraction_cmp(figure_value(kpi(&s, "1.4")->kpi, f), fraction_of(9100, 110)) == 0,
          "82.73 %%, not 50 %%");
    scene_close(&s);
}

static void distinct_clients(void) {
    struct scene s;
    scene_open(&s);
    static const struct {
        int provider;
        const char *client, *quit;
        uint32_t authority;
    } ATTEMPTS[] = {
        {0, "a", "2025-04-02", 9000012},
        {0, "a", "2025-06-02", 9000012}, /* twice in Q1 */
        {0, "a", "2025-08-02", 9000001}, /* again in Q2, in the City */
        {0, "b", "2025-08-02", 9000012},
        {1, "a", "2025-08-02", 9000012}, /* the same id of another provider is another client */
        {0, "a", "2024-08-02", 9000012}, /* the year before is another count */
        {0, "c", "2026-02-02", 9000012},
    };
    for (size_t i = 0; i < COUNT_OF(ATTEMPTS); i++) {
        char id[8];
        snprintf(id, sizeof id, "e%zu", i);
        shelf_episode(&s.shelves[ATTEMPTS[i].provider], id, ATTEMPTS[i].client, day_iso(ATTEMPTS[i].quit))
            ->authority = ATTEMPTS[i].authority;
    }
    static const struct {
        const char *period, *ref;
        int quarter, to_date;
    } CASES[] = {
        {"2025-26-Q1", "1.1", 1, 1}, {"2025-26-Q2", "1.1", 3, 3},  {"2025-26-Q4", "1.1", 1, 4},
        {"2025-26-Q2", "1.2", 2, 3}, {"2025-26-Q2", "1.3", 1, 1},  {"2025-26-Q1", "1.3", 0, 0},
        {"2024-25-Q2", "1.1", 1, 1}, {"2024-25-Q4", "1.1", -1, 1},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        ask(&s, CASES[i].period, "2026-12-31");
        const struct kpi_figures *f = kpi(&s, CASES[i].ref);
        int64_t quarter = f->quarter.has_distinct ? f->quarter.distinct_clients : -1;
        CHECK(quarter == CASES[i].quarter, "%s %s quarter %lld", CASES[i].ref, CASES[i].period,
              (long long)quarter);
        int64_t year = f->year_to_date.distinct_clients;
        CHECK(year == CASES[i].to_date, "%s %s year %lld", CASES[i].ref, CASES[i].period, (long long)year);
    }
    CHECK(!kpi(&s, "1.4")->quarter.has_distinct, "only 1.1 to 1.3");
    scene_close(&s);
}

static void coverage(void) {
    struct scene s;
    scene_open(&s);
    people(&s, 0, "2025-05-01", 2, 1);
    people(&s, 1, "2025-08-01", 2, 1);
    ask(&s, "2025-26-Q2", "2026-03-01");
    CHECK(kpi(&s, "1.1")->coverage_expected == 2 && kpi(&s, "1.1")->coverage_reported == 1,
          "of the period, not of the year");
    CHECK(kpi(&s, "2.1")->coverage_expected == 2 && kpi(&s, "2.1")->coverage_reported == 0,
          "contacts: none of two");
    CHECK(kpi(&s, "1.12")->coverage_expected == 0, "nobody is expected to send harm reduction");
    CHECK(kpi(&s, "1.7")->coverage_expected == 2 && kpi(&s, "1.7")->coverage_reported == 1,
          "late measures: their part too");
    s.view = "homerton";
    ask(&s, "2025-26-Q2", "2026-03-01");
    CHECK(kpi(&s, "1.1")->coverage_expected == 1 && kpi(&s, "1.1")->coverage_reported == 0,
          "own view: itself alone");
    scene_close(&s);
}

static void own_view(void) {
    struct scene s;
    scene_open(&s);
    people(&s, 0, "2025-05-01", 6, 1);
    people(&s, 0, "2025-05-01", 2, 2);
    people(&s, 1, "2025-05-01", 4, 2);
    s.view = "pharmacies";
    ask(&s, "2025-26-Q1", "2026-03-01");
    const struct figure *count = &kpi(&s, "1.1")->year_to_date;
    CHECK(count->numerator == 4 && count->has_share && count->service_numerator == 12, "4 of 12");
    CHECK_RAG(count->rag, RAG_NONE, "counts are not rated");
    CHECK_RAG(kpi(&s, "1.4")->rag, RAG_RED, "rates are");
    CHECK(!kpi(&s, "1.4")->year_to_date.has_share, "a rate has no share");
    CHECK(kpi(&s, "1.4")->year_to_date.denominator == 4, "of its own");
    CHECK(!kpi(&s, "1.3")->year_to_date.has_share, "no share of nothing");
    int of[RAG_COUNT];
    figures_summarise(s.figures, s.f->kpi_count, of);
    int sum = 0;
    for (int r = RAG_NONE + 1; r < RAG_COUNT; r++)
        sum += of[r];
    CHECK(sum == 29 - 6 && of[RAG_NONE] == 6, "the summary counts what is rated: %d", sum);
    ask(&s, "2025-26-Q2", "2026-03-01");
    CHECK(!kpi(&s, "1.1")->quarter.has_numbers, "a missing part has no numbers");
    CHECK_RAG(kpi(&s, "1.1")->quarter.rag, RAG_NONE, "and a count still no status");
    CHECK_RAG(kpi(&s, "1.4")->quarter.rag, RAG_NO_DATA, "a rate has NO_DATA");
    CHECK(!kpi(&s, "1.1")->has_previous, "no status, no previous one");
    scene_close(&s);
}

static void by_authority(void) {
    struct scene s;
    scene_open(&s);
    people(&s, 0, "2025-05-01", 3, 1);
    people(&s, 0, "2025-05-01", 1, 2)->authority = 9000001;
    people(&s, 0, "2025-05-01", 1, 1)->authority = 9000033;
    shelf_part(&s.shelves[0], PART_CONTACTS, period_iso("2025-26-Q1"));
    shelf_part(&s.shelves[0], PART_TRAINING_SESSIONS, period_iso("2025-26-Q1"));
    ask(&s, "2025-26-Q1", "2026-03-01");
    CHECK(kpi(&s, "1.1")->quarter.numerator == 5 && kpi(&s, "1.2")->quarter.numerator == 3 &&
              kpi(&s, "1.3")->quarter.numerator == 1,
          "other authorities count in 1.1 alone");
    CHECK_RAG(kpi(&s, "2.1")->rag, RAG_NOT_DUE, "a nil return of contacts");
    CHECK_RAG(kpi(&s, "3.1")->rag, RAG_AMBER, "a nil return of training sessions: one short");
    s.authority = 9000001;
    ask(&s, "2025-26-Q1", "2026-03-01");
    CHECK(kpi(&s, "1.1")->quarter.numerator == 1 && kpi(&s, "1.4")->quarter.denominator == 1,
          "only the City");
    static const char *const WITHOUT[] = {"2.1", "3.1", "3.2", "3.3", "3.4"};
    for (size_t i = 0; i < COUNT_OF(WITHOUT); i++)
        CHECK_RAG(kpi(&s, WITHOUT[i])->rag, RAG_NO_DATA, WITHOUT[i]);
    s.authority = 9000002;
    ask(&s, "2025-26-Q1", "2026-03-01");
    CHECK_RAG(kpi(&s, "1.1")->rag, RAG_RED, "sent, and nobody of that authority: 0");
    CHECK_RAG(kpi(&s, "1.4")->rag, RAG_NOT_DUE, "an empty cohort");
    scene_close(&s);
}

/* ---- previous, forecast, earned ---- */

static void previous(void) {
    struct scene s;
    scene_open(&s);
    people(&s, 0, "2025-02-01", 10, 2); /* 2024-25-Q4: 0 % */
    people(&s, 0, "2025-05-01", 10, 1); /* 2025-26-Q1: 100 % */
    ask(&s, "2025-26-Q1", "2026-03-01");
    const struct kpi_figures *f = kpi(&s, "1.4");
    CHECK(f->has_previous && f->previous_period == period_iso("2024-25-Q4"), "across years");
    CHECK_RAG(f->previous_rag, RAG_RED, "the headline of 2024-25-Q4");
    CHECK(!kpi(&s, "1.6")->has_previous, "1.6 was NO_DATA then");
    ask(&s, "2025-26-Q1", "2025-02-10");
    CHECK_RAG(kpi(&s, "1.4")->previous_rag, RAG_NOT_DUE, "at the same day, on which it was not due");
    CHECK(kpi(&s, "1.4")->has_previous, "NOT_DUE is a headline");
    ask(&s, "2025-26-Q2", "2026-03-01");
    CHECK_RAG(kpi(&s, "1.4")->previous_rag, RAG_GREEN, "the year to date of Q1");
    CHECK_RAG(kpi(&s, "1.4")->rag, RAG_GREEN, "Q2 was not sent; the year to date has Q1");
    CHECK_RAG(kpi(&s, "1.4")->quarter.rag, RAG_NO_DATA, "the quarter has nothing");
    people(&s, 0, "2025-08-01", 4, 2);
    ask(&s, "2025-26-Q3", "2026-03-01");
    CHECK_RAG(kpi(&s, "1.4")->previous_rag, RAG_GREEN, "10 of 14 to date, though none of 4 in Q2 itself");
    people(&s, 0, "2023-04-20", 10, 1);
    ask(&s, "2023-24-Q1", "2026-03-01");
    CHECK(!kpi(&s, "1.4")->has_previous, "the framework has no year before");
    scene_close(&s);
}

static void forecasts(void) {
    struct scene s;
    scene_open(&s);
    people(&s, 0, "2025-05-01", 361, 1);
    people(&s, 0, "2025-08-01", 402, 1);
    people(&s, 0, "2025-11-01", 137, 1);
    static const struct {
        const char *period;
        int64_t hundredths;
    } CASES[] = {
        {"2025-26-Q1", 144400}, {"2025-26-Q2", 152600}, {"2025-26-Q3", 120000}, {"2025-26-Q4", 90000}};
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        ask(&s, CASES[i].period, "2026-12-31");
        const struct kpi_figures *f = kpi(&s, "1.1");
        CHECK(f->has_forecast && fraction_round(f->forecast, 2) == CASES[i].hundredths, "%s: %lld",
              CASES[i].period, (long long)fraction_round(f->forecast, 2));
        CHECK(!kpi(&s, "1.4")->has_forecast, "rates have none");
        CHECK(!kpi(&s, "3.1")->has_forecast, "nor what was never sent");
    }
    scene_close(&s);
    scene_open(&s);
    framework_free(s.f);
    s.f = framework_changed("\"target\": 1600, \"profile\": [25, 50, 75, 100]",
                            "\"target\": 1600, \"profile\": [0, \"52.3\", 75, 100]");
    people(&s, 0, "2025-05-01", 617, 1);
    ask(&s, "2025-26-Q1", "2026-12-31");
    CHECK(!kpi(&s, "1.1")->has_forecast, "no share yet, no forecast");
    CHECK_RAG(kpi(&s, "1.1")->rag, RAG_GREEN, "nothing is asked of Q1");
    ask(&s, "2025-26-Q2", "2026-12-31");
    CHECK(fraction_round(kpi(&s, "1.1")->forecast, 2) == 117973, "617 / 52.3 %%: %lld",
          (long long)fraction_round(kpi(&s, "1.1")->forecast, 2));
    scene_close(&s);
}

static void earned_from_year_to_date(void) {
    static const struct {
        const char *label;
        int quit, not_quit;
        enum earned earned;
        enum rag rag;
    } CASES[] = {
        {"60 %", 6, 4, EARNED_FULL, RAG_GREEN},
        {"55 %", 11, 9, EARNED_PART, RAG_AMBER},
        {"50 %", 5, 5, EARNED_NONE, RAG_RED},
        {"nothing due", 0, 0, EARNED_NOTHING_YET, RAG_NOT_DUE},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct scene s;
        scene_open(&s);
        shelf_part(&s.shelves[0], PART_EPISODES, period_iso("2025-26-Q1"));
        people(&s, 0, "2025-05-01", CASES[i].quit, 1);
        people(&s, 0, "2025-05-01", CASES[i].not_quit, 2);
        ask(&s, "2025-26-Q1", "2026-03-01");
        CHECK(kpi(&s, "1.5")->earned == CASES[i].earned, "%s", CASES[i].label);
        CHECK_RAG(kpi(&s, "1.5")->rag, CASES[i].rag, CASES[i].label);
        CHECK(kpi(&s, "1.4")->earned == EARNED_NOTHING_YET, "only the KPI that earns");
        scene_close(&s);
    }
}

static void lost_at_15_percent(void) {
    struct scene s;
    scene_open(&s);
    people(&s, 0, "2025-05-01", 17, 1);
    people(&s, 0, "2025-05-01", 2, 3);
    people(&s, 0, "2025-05-01", 1, 0); /* not reported is lost too */
    ask(&s, "2025-26-Q1", "2026-03-01");
    const struct kpi_figures *f = kpi(&s, "1.9");
    CHECK(f->quarter.numerator == 3 && f->quarter.denominator == 20, "3 of 20");
    CHECK_RAG(f->rag, RAG_AMBER, "exactly 15.00 % is not below 15");
    people(&s, 0, "2025-05-01", 1, 1);
    ask(&s, "2025-26-Q1", "2026-03-01");
    CHECK_RAG(kpi(&s, "1.9")->rag, RAG_GREEN, "3 of 21");
    people(&s, 0, "2025-05-01", 1, 3);
    ask(&s, "2025-26-Q1", "2026-03-01");
    CHECK_RAG(kpi(&s, "1.9")->rag, RAG_RED, "4 of 22 is above 15.75 %");
    scene_close(&s);
}

static void settings_change_figures(void) {
    struct scene s;
    scene_open(&s);
    people(&s, 0, "2025-05-01", 1, 1)->satisfaction = 5;
    people(&s, 0, "2025-05-01", 1, 1)->satisfaction = 2;
    people(&s, 0, "2025-05-01", 2, 1);
    ask(&s, "2025-26-Q1", "2026-03-01");
    CHECK(kpi(&s, "1.13")->quarter.numerator == 1 && kpi(&s, "1.13")->quarter.denominator == 4,
          "of all quitters");
    framework_free(s.f);
    s.f = framework_changed("\"ALL_QUITTERS\"", "\"RESPONDENTS\"");
    ask(&s, "2025-26-Q1", "2026-03-01");
    CHECK(kpi(&s, "1.13")->quarter.numerator == 1 && kpi(&s, "1.13")->quarter.denominator == 2,
          "of those who answered");
    scene_close(&s);
    scene_open(&s);
    framework_free(s.f);
    s.f = framework_changed("\"stillQuit\": true", "\"stillQuit\": false");
    struct fact_episode *e = people(&s, 0, "2025-05-01", 1, 2);
    episode_set_outcome(e, STAGE_12W, 1, 90);
    ask(&s, "2025-26-Q2", "2026-03-01");
    CHECK(kpi(&s, "1.7")->quarter.numerator == 1, "quit at 12 weeks alone");
    scene_close(&s);
}

void suite_kpi_figures(void);
void suite_kpi_figures(void) {
    suite_add("unit kpi figures", NULL, NULL);
    case_add("nothing was ever sent", nothing_sent);
    case_add("a nil return is not a missing one", nil_return);
    case_add("what waits in the quarter before is of the year to date alone", waiting_in_the_quarter_before);
    case_add("from NOT_DUE to a colour, day by day", day_by_day);
    case_add("denominator 0 although something is due", no_quitters);
    case_add("late cohorts at the edges of quarters and years", late_cohorts_cross_years);
    case_add("late measures sum what closes in the year", late_year_to_date_sums_closings);
    case_add("quarters and years to date", quarters_and_years);
    case_add("targets of the quarter and to date", targets_of_both_views);
    case_add("rates are never averaged", rates_are_never_averaged);
    case_add("distinct clients", distinct_clients);
    case_add("coverage", coverage);
    case_add("a provider's own view", own_view);
    case_add("one local authority", by_authority);
    case_add("the period before", previous);
    case_add("forecasts", forecasts);
    case_add("earned follows the year to date", earned_from_year_to_date);
    case_add("1.9 at exactly 15.00 %", lost_at_15_percent);
    case_add("settings of the framework", settings_change_figures);
}
