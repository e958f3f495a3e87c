/* kpi: a provider that sends the national return instead of episodes: which KPIs it counts in, with which numbers,
 * beside another provider's episodes; and what its absence from the others does. The return is that of
 * tests/support/national.h, the expectations are worked out by hand from it. */
#include <stdlib.h>

#include "kpi/completeness.h"
#include "kpi/figures.h"
#include "tests/support/national.h"
#include "tests/support/shelf.h"
#include "tests/support/suite.h"

struct scene {
    struct framework *f;
    struct shelf records, cells; /* of the first and of the second provider */
    struct kpi_figures *figures;
};

static void scene_open(struct scene *s) {
    *s = (struct scene){.f = framework_sample()};
    s->figures = calloc(s->f->kpi_count, sizeof *s->figures);
}

static void scene_close(struct scene *s) {
    shelf_free(&s->records);
    shelf_free(&s->cells);
    free(s->figures);
    framework_free(s->f);
}

/* Three people of the first provider, quit dates in the quarter: quit with CO, not quit, not yet due at 2025-08-20. */
static void put_records(struct shelf *s) {
    struct fact_episode *e = shelf_episode(s, "E1", "C1", day_iso("2025-07-01"));
    episode_set_outcome(e, STAGE_4W, 1, 28);
    e->co4 = 3;
    e->method4 = METHOD_WORD_FACE_TO_FACE;
    e->nssec = '0' << 8 | '8';
    e->ethnic_category = 'M' << 8;
    e = shelf_episode(s, "E2", "C2", day_iso("2025-07-02"));
    episode_set_outcome(e, STAGE_4W, 2, 28);
    shelf_episode(s, "E3", "C2", day_iso("2025-08-15"));
}

struct question {
    const char *period, *as_at;
    int view; /* -1: the service; else that provider's own */
    uint32_t authority;
};

static void ask(struct scene *s, struct question wanted) {
    struct book books[2] = {shelf_book(&s->records), shelf_book(&s->cells)};
    struct tally tallies[2];
    struct provider_tally providers[2];
    struct tally_filter filter = {wanted.authority};
    for (size_t i = 0; i < 2; i++) {
        tally_count(s->f, &books[i], day_iso(wanted.as_at), &filter, &tallies[i]);
        providers[i] = (struct provider_tally){&s->f->providers[i], &tallies[i]};
    }
    struct figures_question q = {.framework = s->f,
                                 .period = period_iso(wanted.period),
                                 .as_at = day_iso(wanted.as_at),
                                 .providers = providers,
                                 .provider_count = 2,
                                 .view = wanted.view < 0 ? NULL : &s->f->providers[wanted.view],
                                 .by_authority = wanted.authority != 0};
    CHECK(figures_compute(&q, s->figures) == OK, "%s", wanted.period);
    for (size_t i = 0; i < 2; i++)
        tally_free(&tallies[i]);
}

static const struct kpi_figures *kpi(const struct scene *s, const char *ref) {
    for (size_t i = 0; i < s->f->kpi_count; i++)
        if (strcmp(s->figures[i].kpi->ref, ref) == 0) return &s->figures[i];
    abort();
}

struct expected {
    const char *ref;
    int numerator, denominator, unknown; /* denominator -1: a count; unknown -1: none */
    bool partial;
};

static void check_all(const struct scene *s, const struct expected *list, size_t count, bool year_to_date) {
    for (size_t i = 0; i < count; i++) {
        const struct kpi_figures *k = kpi(s, list[i].ref);
        const struct figure *f = year_to_date ? &k->year_to_date : &k->quarter;
        CHECK(f->has_numbers && f->numerator == list[i].numerator, "%s: numerator %lld, not %d", list[i].ref,
              (long long)f->numerator, list[i].numerator);
        CHECK(list[i].denominator < 0 || f->denominator == list[i].denominator,
              "%s: denominator %lld, not %d", list[i].ref, (long long)f->denominator, list[i].denominator);
        CHECK(list[i].unknown < 0 || (f->has_unknown && f->unknown == list[i].unknown),
              "%s: unknown %lld, not %d", list[i].ref, (long long)f->unknown, list[i].unknown);
        CHECK(k->partial == list[i].partial, "%s: partial", list[i].ref);
    }
}
#define CHECK_ALL(s, list, year_to_date) check_all((s), (list), sizeof(list) / sizeof *(list), (year_to_date))

/* 100 people of the return and, as at 2025-08-20, three of the records, two of them due. */
static void beside_records(void) {
    static const struct expected EXPECTED[] = {
        {"1.1", 103, -1, -1, false},
        {"1.4", 51, 102, -1, false},
        {"1.5", 51, 102, -1, false},
        {"1.6", 45, 51, -1, false},
        {"1.9", 14, 102, -1, false},
        {"4.2", 46, 103, 7, false},  /* 45 + 1; unknown 5 + 2 blank */
        {"4.3b", 31, 103, 7, false}, /* 20 + 10 + 1 */
        {"4.3c", 5, 103, 7, false},
        {"4.5", 4, 103, 3, false}, /* of the records all three are blank; the form has no unknown */
        {"1.2", 0, -1, -1, true},
        {"1.7", 0, 0, -1, true},
        {"1.13", 0, 1, -1, true},
        {"4.1", 0, 3, 3, true},
        {"4.3a", 0, 3, 2, true},
        {"4.4", 0, 3, 3, true},
    };
    struct scene s;
    scene_open(&s);
    put_records(&s.records);
    shelf_national(&s.cells, "2025-26-Q2", NULL);
    ask(&s, (struct question){"2025-26-Q2", "2025-08-20", -1, 0});
    CHECK_ALL(&s, EXPECTED, false);
    CHECK_ALL(&s, EXPECTED, true);
    const struct kpi_figures *k = kpi(&s, "1.1");
    CHECK(k->coverage_expected == 2 && k->coverage_reported == 2, "national stands in for episodes");
    CHECK(k->quarter.distinct_clients == 2, "the return tells of no clients: %lld",
          (long long)k->quarter.distinct_clients);
    k = kpi(&s, "1.7");
    CHECK(k->coverage_expected == 2 && k->coverage_reported == 1, "and does not tell of 12 weeks");
    k = kpi(&s, "1.4");
    CHECK(!k->quarter_due && kpi(&s, "1.9")->quarter.rag == RAG_GREEN, "E3 is still waited for");
    scene_close(&s);
}

/* KPI 1.14: the cells of the return, all complete, are the whole where nobody sent episodes. */
static void completeness_is_added(void) {
    struct scene s;
    scene_open(&s);
    shelf_national(&s.cells, "2025-26-Q2", "+2A,,,ALLOCATION,5,|+1F,S1,,SET,0,");
    ask(&s, (struct question){"2025-26-Q2", "2025-08-20", -1, 0});
    const struct figure *f = &kpi(&s, "1.14")->quarter;
    /* 468, and the allocation that was sent; the placeholder S1 is not mandatory */
    CHECK(f->numerator == 469 && f->denominator == 469 && f->rag == RAG_GREEN, "%lld / %lld",
          (long long)f->numerator, (long long)f->denominator);
    struct completeness c = {0};
    struct book book = shelf_book(&s.cells);
    completeness_add_national(&book, period_iso("2025-26-Q2"), &c);
    CHECK(c.all_complete == 469 && c.all_required == 469 && c.waiting == 0,
          "the completeness report says the same");
    c = (struct completeness){0};
    completeness_add_national(&book, period_iso("2025-26-Q1"), &c);
    CHECK(c.all_required == 0, "of that period alone");
    scene_close(&s);
}

/* Final figures: rated before the window of the quarter has closed. */
static void due_at_once(void) {
    struct scene s;
    scene_open(&s);
    shelf_national(&s.cells, "2025-26-Q2", NULL);
    ask(&s, (struct question){"2025-26-Q2", "2025-07-02", -1, 0});
    const struct kpi_figures *k = kpi(&s, "1.4");
    CHECK(k->quarter.rag == RAG_GREEN && k->quarter_due && k->all_due, "50 of 100 is the target of 50 %%");
    CHECK(kpi(&s, "1.7")->quarter.rag == RAG_NO_DATA && !kpi(&s, "1.7")->quarter.has_numbers,
          "nobody sent what 12 weeks are counted from");
    CHECK(kpi(&s, "1.7")->partial && kpi(&s, "4.1")->partial && kpi(&s, "1.2")->partial, "partial");
    CHECK(kpi(&s, "1.1")->partial, "the other provider sent nothing");
    scene_close(&s);
}

static void years_to_date(void) {
    struct scene s;
    scene_open(&s);
    shelf_national(&s.cells, "2025-26-Q1", NULL);
    shelf_national(&s.cells, "2025-26-Q2", "1D SET=39");
    shelf_national(&s.cells, "2024-25-Q4", NULL);
    put_records(&s.records);
    ask(&s, (struct question){"2025-26-Q2", "2025-12-01", -1, 0});
    static const struct expected QUARTER[] = {{"1.4", 51, 103, -1, false}, {"4.5", 4, 103, 3, false}};
    static const struct expected TO_DATE[] = {
        {"1.1", 203, -1, -1, false},
        {"1.4", 101, 203, -1, false},
        {"1.6", 89, 101, -1, false},
        {"1.9", 29, 203, -1, false}, /* 14 + 14, and E3 without an outcome */
        {"4.3c", 10, 203, 12, false}};
    CHECK_ALL(&s, QUARTER, false);
    CHECK_ALL(&s, TO_DATE, true);
    scene_close(&s);
}

/* Its own view: rates are rated, counts are a share of the service's. */
static void own_view(void) {
    struct scene s;
    scene_open(&s);
    put_records(&s.records);
    shelf_national(&s.cells, "2025-26-Q2", NULL);
    ask(&s, (struct question){"2025-26-Q2", "2025-12-01", 1, 0});
    const struct kpi_figures *k = kpi(&s, "1.1");
    CHECK(k->quarter.numerator == 100 && k->quarter.service_numerator == 103 && k->quarter.rag == RAG_NONE,
          "100 of 103");
    CHECK(kpi(&s, "1.4")->quarter.numerator == 50 && kpi(&s, "1.4")->quarter.denominator == 100,
          "its own rate");
    CHECK(kpi(&s, "4.1")->quarter.rag == RAG_NO_DATA && kpi(&s, "4.1")->partial, "nothing of 4.1");
    ask(&s, (struct question){"2025-26-Q2", "2025-12-01", 0, 0});
    CHECK(kpi(&s, "1.1")->quarter.numerator == 3 && !kpi(&s, "4.1")->partial, "the other's is not touched");
    scene_close(&s);
}

/* Cells belong to no authority. */
static void by_authority(void) {
    struct scene s;
    scene_open(&s);
    put_records(&s.records);
    ((struct fact_episode *)(uintptr_t)s.records.held[0].facts)[0].authority = 9000012;
    shelf_national(&s.cells, "2025-26-Q2", NULL);
    ask(&s, (struct question){"2025-26-Q2", "2025-12-01", -1, 9000012});
    const struct kpi_figures *k = kpi(&s, "1.1");
    CHECK(k->quarter.numerator == 1 && k->partial && k->coverage_reported == 1, "left out, and said so");
    CHECK(kpi(&s, "1.4")->quarter.denominator == 1 && kpi(&s, "1.4")->partial, "1.4 too");
    ask(&s, (struct question){"2025-26-Q2", "2025-12-01", 1, 9000012});
    CHECK(kpi(&s, "1.1")->quarter.has_numbers == false && kpi(&s, "1.4")->quarter.rag == RAG_NO_DATA,
          "of its own nothing can be told");
    scene_close(&s);
}

/* A nil return of one takes it back, and the other counts as sent. */
static void taken_back(void) {
    struct scene s;
    scene_open(&s);
    shelf_national(&s.cells, "2025-26-Q2", NULL);
    shelf_part(&s.cells, PART_EPISODES, period_iso("2025-26-Q2"));
    ask(&s, (struct question){"2025-26-Q2", "2025-12-01", 1, 0});
    CHECK(kpi(&s, "1.1")->quarter.numerator == 100 && kpi(&s, "4.1")->quarter.rag == RAG_NO_DATA,
          "episodes without rows do not stand beside the return");
    shelf_free(&s.cells);
    s.cells = (struct shelf){.count = 0};
    shelf_part(&s.cells, PART_NATIONAL, period_iso("2025-26-Q2"));
    ask(&s, (struct question){"2025-26-Q2", "2025-12-01", 1, 0});
    CHECK(kpi(&s, "1.1")->quarter.has_numbers && kpi(&s, "1.1")->quarter.numerator == 0, "nil, not missing");
    CHECK(kpi(&s, "1.4")->quarter.rag == RAG_NOT_DUE && kpi(&s, "1.7")->partial, "an empty cohort");
    shelf_episode(&s.cells, "E9", "C9", day_iso("2025-07-01"));
    ask(&s, (struct question){"2025-26-Q2", "2025-12-01", 1, 0});
    CHECK(kpi(&s, "1.1")->quarter.numerator == 1 && !kpi(&s, "4.1")->partial, "the episodes stand");
    scene_close(&s);
}

/* A provider of which the framework expects the national return alone is expected in every KPI over episodes. */
static void expected_alone(void) {
    struct framework *f = framework_changed(
        "\"expectedParts\": [\"episodes\", \"follow-ups\", \"referrals\", \"contacts\", \"training-sessions\"]",
        "\"expectedParts\": [\"national\"]");
    const struct framework_provider *p = &f->providers[0];
    int16_t period = period_iso("2025-26-Q2");
    CHECK(framework_expects_for(p, framework_kpi(f, STR("1.4")), period) &&
              framework_expects_for(p, framework_kpi(f, STR("1.7")), period),
          "national stands in");
    CHECK(!framework_expects_for(p, framework_kpi(f, STR("2.1")), period) &&
              !framework_expects_for(p, framework_kpi(f, STR("1.12")), period),
          "for episodes, not for calls or pathways");
    framework_free(f);
}

void suite_kpi_national(void);
void suite_kpi_national(void) {
    suite_add("unit kpi national", NULL, NULL);
    case_add("beside another provider's episodes", beside_records);
    case_add("completeness", completeness_is_added);
    case_add("due at once", due_at_once);
    case_add("years to date", years_to_date);
    case_add("a provider's own view", own_view);
    case_add("one local authority", by_authority);
    case_add("taken back by a nil return", taken_back);
    case_add("expected alone", expected_alone);
}
