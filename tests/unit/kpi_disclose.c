/* kpi_disclose: the profile nhs-1-7-r5, number by number. */
#include <stddef.h>

#include "kpi/public_figure.h"
#include "tests/support/shelf.h"
#include "tests/support/suite.h"

static void counts(void) {
    static const struct {
        int64_t n, shown; /* -1: suppressed */
    } CASES[] = {{0, 0},   {1, -1},  {7, -1},  {8, 10},  {9, 10},    {10, 10},   {11, 10},
                 {12, 10}, {13, 15}, {17, 15}, {18, 20}, {102, 100}, {103, 105}, {1000002, 1000000}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct disclosed d = disclose_count(DISCLOSE_NHS_1_7_R5, CASES[i].n);
        int64_t shown = d.suppressed ? -1 : d.value;
        CHECK(shown == CASES[i].shown, "%lld is shown as %lld", (long long)CASES[i].n, (long long)shown);
        CHECK(disclose_count(DISCLOSE_EXACT, CASES[i].n).value == CASES[i].n, "exact is exact");
    }
}

static void rates(void) {
    struct disclosed_rate r = disclose_rate(DISCLOSE_NHS_1_7_R5, 12, 23);
    CHECK(r.has_value && r.numerator.value == 10 && r.denominator.value == 25, "12 of 23 is 10 of 25");
    r = disclose_rate(DISCLOSE_NHS_1_7_R5, 3, 23);
    CHECK(!r.has_value && r.numerator.suppressed && !r.denominator.suppressed, "3 of 23 is * of 25");
    r = disclose_rate(DISCLOSE_NHS_1_7_R5, 0, 5);
    CHECK(!r.has_value && r.denominator.suppressed, "0 of 5: the denominator is *");
    r = disclose_rate(DISCLOSE_NHS_1_7_R5, 0, 0);
    CHECK(!r.has_value, "nothing of nothing");
    r = disclose_rate(DISCLOSE_NHS_1_7_R5, 0, 40);
    CHECK(r.has_value && r.numerator.value == 0, "none of 40 is said");
}

/* Rounding keeps order: a part that is shown is never shown as more than its whole. */
static void a_part_is_never_more(void) {
    int64_t wrong = 0;
    for (int64_t whole = 0; whole < 300; whole++)
        for (int64_t part = 0; part <= whole; part++) {
            struct disclosed_rate r = disclose_rate(DISCLOSE_NHS_1_7_R5, part, whole);
            wrong += r.has_value && r.numerator.value > r.denominator.value;
        }
    CHECK(wrong == 0, "%lld parts are more than their whole", (long long)wrong);
}

/* 1.4: green from 50 %, amber from 47.5 %. 12 of 23 (52 %) is shown as 10 of 25: 40 %, red. The status says nothing that the shown
 * numbers do not say. */
static void status_from_rounded(void) {
    struct framework *f = framework_sample();
    const struct kpi *rate = framework_kpi(f, STR("1.4")), *count = framework_kpi(f, STR("1.1"));
    const struct kpi_year *year = kpi_year_find(rate, 2025), *of_count = kpi_year_find(count, 2025);
    static const struct {
        int64_t numerator, denominator;
        enum rag exact, shown;
    } CASES[] = {
        {12, 23, RAG_GREEN, RAG_RED},     {8, 17, RAG_RED, RAG_GREEN},      {13, 27, RAG_AMBER, RAG_GREEN},
        {7, 8, RAG_GREEN, RAG_NONE},      {3, 7, RAG_RED, RAG_NONE},        {0, 20, RAG_RED, RAG_RED},
        {0, 0, RAG_NOT_DUE, RAG_NOT_DUE}, {0, 0, RAG_NO_DATA, RAG_NO_DATA},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct figure exact = {.has_numbers = true,
                               .has_value = CASES[i].denominator > 0,
                               .numerator = CASES[i].numerator,
                               .denominator = CASES[i].denominator,
                               .rag = CASES[i].exact,
                               .goal = {.target = fraction_of(50, 1)}};
        struct public_figure p = public_figure_of(rate, year, &exact);
        CHECK(p.rag == CASES[i].shown, "%lld of %lld is %s", (long long)exact.numerator,
              (long long)exact.denominator, rag_name(p.rag) ? rag_name(p.rag) : "not rated");
        CHECK(p.suppressed == (CASES[i].shown == RAG_NONE), "suppressed and not rated go together");
    }
    struct figure n = {.has_numbers = true,
                       .has_value = true,
                       .numerator = 398,
                       .rag = RAG_AMBER,
                       .goal = {.target = fraction_of(400, 1)}};
    struct public_figure p = public_figure_of(count, of_count, &n);
    CHECK(p.rag == RAG_GREEN && p.numerator.value == 400, "398 of 400 is shown as 400, green");
    n = (struct figure){.rag = RAG_NO_DATA};
    p = public_figure_of(count, of_count, &n);
    CHECK(p.rag == RAG_NO_DATA && !p.has_numbers, "what was never sent has no numbers");
    framework_free(f);
}

void suite_kpi_disclose(void) {
    suite_add("unit kpi disclose", NULL, NULL);
    case_add("0, 1 to 7, and the nearest 5", counts);
    case_add("percentages from what is left", rates);
    case_add("a part is never more than its whole", a_part_is_never_more);
    case_add("a status from rounded figures", status_from_rounded);
}
