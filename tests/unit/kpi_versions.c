/* kpi_versions: which version of a framework rates which quarter, and from when on a new one may. */
#include <stdio.h>
#include <stdlib.h>

#include "handlers/framework_effect.h"
#include "kpi/figures.h"
#include "tests/support/shelf.h"
#include "tests/support/suite.h"

#define COUNT_OF(list) (sizeof(list) / sizeof *(list))

enum { Y24 = 2024 * 4, Y25 = 2025 * 4, Y26 = 2026 * 4 };

static void in_force(void) {
    static const struct {
        const char *label;
        struct dated_version known[5];
        size_t count;
        struct dated_version rating[5];
        size_t rating_count;
    } CASES[] = {
        {"one", {{1, 0}}, 1, {{1, 0}}, 1},
        {"the newest rates all that it may", {{1, 0}, {2, 0}}, 2, {{2, 0}}, 1},
        {"from a quarter on", {{1, 0}, {2, Y25}}, 2, {{1, 0}, {2, Y25}}, 2},
        {"one after the other", {{1, 0}, {2, Y25}, {3, Y26}}, 3, {{1, 0}, {2, Y25}, {3, Y26}}, 3},
        {"a newer one takes over from one that was to begin later",
         {{1, 0}, {2, Y26}, {3, Y25}},
         3,
         {{1, 0}, {3, Y25}},
         2},
        {"and from one of the same quarter", {{1, 0}, {2, Y25}, {3, Y25}}, 3, {{1, 0}, {3, Y25}}, 2},
        {"in the middle of a year", {{1, 0}, {2, Y25 + 2}}, 2, {{1, 0}, {2, Y25 + 2}}, 2},
        {"what lies before every date is the first one's",
         {{1, Y25}, {2, Y26}},
         2,
         {{1, 0}, {1, Y25}, {2, Y26}},
         3},
        {"known since later versions only", {{4, Y26}}, 1, {{4, 0}, {4, Y26}}, 2},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct dated_version out[6] = {{0}};
        size_t n = versions_in_force(CASES[i].known, CASES[i].count, out);
        CHECK(n == CASES[i].rating_count, "%s: %zu", CASES[i].label, n);
        for (size_t k = 0; k < n && k < CASES[i].rating_count; k++)
            CHECK(out[k].version == CASES[i].rating[k].version && out[k].from == CASES[i].rating[k].from,
                  "%s, %zu: version %d from %d", CASES[i].label, k, out[k].version, out[k].from);
    }
}

/* The day before the date of effect belongs to the quarter before. */
static void boundaries(void) {
    static const struct dated_version RATING[] = {{1, 0}, {2, Y25}, {3, Y26 + 1}};
    static const struct {
        const char *day;
        int version;
    } CASES[] = {{"2017-10-01", 1}, {"2025-03-31", 1}, {"2025-04-01", 2},
                 {"2026-06-30", 2}, {"2026-07-01", 3}, {"2098-12-31", 3}};
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        int got = version_of_period(RATING, COUNT_OF(RATING), period_of_day(day_iso(CASES[i].day)));
        CHECK(got == CASES[i].version, "%s: version %d", CASES[i].day, got);
    }
}

/* ---- from when on a new version rates ---- */

/* The years of the sample end with 2026-27; the national deadline of 2025-26-Q4 is 2026-06-09. */
static void first_open(void) {
    static const struct {
        const char *label, *today;
        struct store_period periods[2];
        int16_t first_open;
    } CASES[] = {
        {"the last day of the year before", "2026-06-09", {{.period = 0}}, Y25},
        {"its lock day", "2026-06-10", {{.period = 0}}, Y26},
        {"the first of all", "2024-06-11", {{.period = 0}}, Y24},
        {"nothing is locked", "2024-06-10", {{.period = 0}}, 0},
        {"a quarter by hand", "2026-06-09", {{.period = Y25 + 1, .lock = LOCK_LOCKED}}, Y25 + 2},
        {"the newest of them",
         "2026-06-09",
         {{.period = Y25 + 1, .lock = LOCK_LOCKED}, {.period = Y25, .lock = LOCK_LOCKED}},
         Y25 + 2},
        {"its Q4 by hand", "2026-06-09", {{.period = Y25 + 3, .lock = LOCK_LOCKED}}, Y26},
        {"unlocked in an open year", "2026-06-09", {{.period = Y25 + 1, .lock = LOCK_UNLOCKED}}, Y25},
        {"unlocked in a year that is over", "2026-06-10", {{.period = Y25 + 3, .lock = LOCK_UNLOCKED}}, Y26},
        {"final is not locked", "2026-06-09", {{.period = Y25 + 1, .final = true}}, Y25},
        {"a lock of old", "2026-06-10", {{.period = Y24, .lock = LOCK_LOCKED}}, Y26},
    };
    struct framework *f = framework_sample();
    struct framework_in_force one = {0, f};
    struct frameworks_in_force all = {&one, 1};
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        int16_t got = framework_first_open(&all, CASES[i].periods, 2, day_iso(CASES[i].today));
        CHECK(got == CASES[i].first_open, "%s: %d", CASES[i].label, got);
    }
    framework_free(f);
}

/* The lock day of a year is that of the version which rates its Q4, whatever a later file says. */
static void locked_by_its_own_version(void) {
    struct framework *old = framework_sample(),
                     *later = framework_changed("\"nationalDays\": 28}", "\"nationalDays\": 128}");
    struct framework_in_force list[] = {{0, old}, {Y26, later}};
    struct frameworks_in_force all = {list, 2};
    CHECK(framework_first_open(&all, NULL, 0, day_iso("2026-06-10")) == Y26, "by the old one");
    list[1].from = Y25 + 3;
    CHECK(framework_first_open(&all, NULL, 0, day_iso("2026-06-10")) == Y25, "by the later one");
    framework_free(old);
    framework_free(later);
}

static void effect(void) {
    static const struct {
        const char *label, *named;
        int16_t first_open, from;
        const char *words; /* of the refusal */
    } CASES[] = {
        {"not named, nothing locked", NULL, 0, 2023 * 4, NULL},
        {"not named", NULL, Y25, Y25, NULL},
        {"a quarter", "2025-26-Q3", Y25, Y25 + 2, NULL},
        {"the first that can be", "2025-26-Q1", Y25, Y25, NULL},
        {"a day stands for its quarter", "2025-11-15", Y25, Y25 + 2, NULL},
        {"the one before", "2024-25-Q4", Y25, 0, "The first quarter that can be named is 2025-26-Q1."},
        {"a locked one in an open year", "2025-26-Q1", Y25 + 1, 0,
         "The first quarter that can be named is 2025-26-Q2."},
        {"all of it is locked", NULL, 2027 * 4, 0, "Add the year of 2027-28-Q1."},
    };
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        char to[100];
        snprintf(to, sizeof to, "\"effectiveFrom\": \"%s\", \"settings\"", CASES[i].named);
        struct framework *f = CASES[i].named ? framework_changed("\"settings\"", to) : framework_sample();
        struct fault fault = {.err = OK};
        int16_t from = 0;
        enum err e = framework_effect(f, CASES[i].first_open, &fault, &from);
        if (CASES[i].words)
            CHECK(e == ERR_INVALID && strstr(fault.detail, CASES[i].words) && fault.detail[0] == '/',
                  "%s: %s", CASES[i].label, fault.detail);
        else CHECK(e == OK && from == CASES[i].from, "%s: %d %d", CASES[i].label, e, from);
        framework_free(f);
    }
}

/* ---- figures beside those of another version ---- */

static void add(struct tally *t, const struct framework *f, int16_t period, const char *element, int64_t n) {
    int e = framework_element_find(f, str_of(element));
    t->counts[(size_t)(period - t->first) * t->element_count + (size_t)e] += n;
}

/* 40 of 60 people quit: red against 90 %, green against 50 %. The quarter before is told as its own version rates it. */
static void previous_by_its_own(void) {
    struct framework *old = framework_sample(), *new = framework_changed("\"target\": 50", "\"target\": 90");
    struct provider_tally tallies[2];
    struct tally t[2] = {{0}};
    const struct framework *by[] = {old, new};
    for (int i = 0; i < 2; i++) {
        t[i] = (struct tally){.first = Y25,
                              .last = Y25 + 3,
                              .element_count = by[i]->element_count,
                              .distinct_count = by[i]->distinct_count};
        t[i].counts = must_calloc(4 * t[i].element_count, sizeof *t[i].counts);
        t[i].distinct = must_calloc(8 * t[i].distinct_count, sizeof *t[i].distinct);
        t[i].sent = must_calloc(4, sizeof *t[i].sent);
        t[i].sent[0] = t[i].sent[1] = 1u << PART_EPISODES;
        t[i].sent_ever = 1u << PART_EPISODES;
        for (int16_t p = Y25; p < Y25 + 2; p++) {
            add(&t[i], by[i], p, "quit4", 40);
            add(&t[i], by[i], p, "due4", 60);
        }
        tallies[i] = (struct provider_tally){framework_provider_find(by[i], STR("homerton")), &t[i]};
    }
    struct rating ratings[] = {{0, old, &tallies[0]}, {Y25 + 1, new, &tallies[1]}};
    struct figures_question q = {.framework = new,
                                 .period = Y25 + 1,
                                 .as_at = day_iso("2026-02-20"),
                                 .providers = &tallies[1],
                                 .provider_count = 1};
    struct kpi_figures *out = must_calloc(new->kpi_count, sizeof *out);
    const struct kpi_figures *of = &out[framework_kpi(new, STR("1.4")) - new->kpis];
    CHECK(figures_compute(&q, out) == OK && of->rag == RAG_RED && of->previous_rag == RAG_RED,
          "one version for all: %d before %d", of->rag, of->previous_rag);
    q.ratings = ratings;
    q.rating_count = 2;
    CHECK(figures_compute(&q, out) == OK && of->rag == RAG_RED && of->previous_rag == RAG_GREEN,
          "each by its own: %d before %d", of->rag, of->previous_rag);
    q.ratings = &ratings[1];
    q.rating_count = 1;
    CHECK(figures_compute(&q, out) == OK && !of->has_previous, "the quarter before is not among them");
    free(out);
    for (int i = 0; i < 2; i++) {
        free(t[i].counts);
        free(t[i].distinct);
        free(t[i].sent);
    }
    framework_free(old);
    framework_free(new);
}

void suite_kpi_versions(void);
void suite_kpi_versions(void) {
    suite_add("unit kpi versions", NULL, NULL);
    case_add("which versions rate which quarters", in_force);
    case_add("the day before and the day of effect", boundaries);
    case_add("the first quarter that is not locked", first_open);
    case_add("a year is locked by the version that rates it", locked_by_its_own_version);
    case_add("the quarter that a version takes effect in", effect);
    case_add("the period before is told by its own version", previous_by_its_own);
}
