/* kpi: a provider's own national return beside the one derived from its episodes. By hand: three people, of whom the
 * provider counted one otherwise. */
#include <stdlib.h>

#include "kpi/national_compare.h"
#include "tests/support/judged.h"
#include "tests/support/national.h"
#include "tests/support/shelf.h"
#include "tests/support/suite.h"

static struct framework *sample;
static struct national_comparison result;

static int open_sample(void) {
    sample = framework_sample();
    return 0;
}

static int close_sample(void) {
    framework_free(sample);
    return 0;
}

/* A man of 40 in routine work, with everything known. */
static struct fact_episode *person(struct shelf *s, const char *id, const char *quit) {
    struct fact_episode *e = shelf_episode(s, id, id, day_iso(quit));
    e->gender = fact_code(STR("1"));
    e->ethnic_category = fact_code(STR("A"));
    e->nssec = fact_code(STR("08"));
    e->aid = fact_code(STR("10"));
    e->intervention_type = fact_code(STR("08"));
    e->setting = fact_code(STR("13"));
    e->age = 40;
    e->flags = FLAG_NO << (2 * FLAG_PREGNANT) | FLAG_NO << (2 * FLAG_FREE_PRESCRIPTION);
    return e;
}

static void compare(const struct shelf *records, const char *changes, const char *as_at) {
    struct buf body = BUF_EMPTY;
    struct judged j;
    int16_t period = period_iso("2025-26-Q2");
    struct book book = shelf_book(records);
    national_add_csv(&body, period, changes);
    struct judge_input in = judged_defaults("national", FORMAT_CSV, buf_str(&body));
    in.period = period;
    judged_input(&j, &in);
    CHECK(j.err == OK && j.judgement.findings.errors == 0, "%s", judged_found(&j));
    struct held own = {.part = PART_NATIONAL,
                       .period = period,
                       .version = 1,
                       .rows = j.judgement.rows,
                       .facts = j.judgement.facts.p};
    national_compare(sample, &own, &book, period, day_iso(as_at), &result);
    judged_free(&j);
    buf_free(&body);
}

/* Own, less derived; and that both sides are what they should be. */
static void check_cell(enum national_part part, const char *key1, const char *key2, enum national_measure m,
                       int64_t own, int64_t derived) {
    int at = national_cell_find(&result.own.form, part, str_of(key1), str_of(key2), m);
    CHECK(at >= 0, "%s %s %s is a cell", national_part_info(part)->name, key1, key2);
    if (at < 0) return;
    CHECK(result.own.filled.values[at] == own && result.derived.filled.values[at] == derived &&
              national_cell_difference(&result, at) == own - derived &&
              national_cell_differs(&result, at) == (own != derived),
          "%s %s %s %s: %lld and %lld", national_part_info(part)->name, key1, key2, national_measure_name(m),
          (long long)result.own.filled.values[at], (long long)result.derived.filled.values[at]);
}

#define SAME                                                                                                 \
    "*=0|1A A 1 SET=3|1A A 1 QUIT=2|1B 03 1 SET=3|1B 03 1 QUIT=2|1B 03 1 NOT_QUIT=1|1E 08 SET=3|"            \
    "1E 08 QUIT=2|1F 10 SET=3|1F 10 QUIT=2|1G 08 SET=3|1G 08 QUIT=2|1H 13 SET=3|1H 13 QUIT=2"

static void put_three(struct shelf *s) {
    episode_set_outcome(person(s, "a", "2025-07-01"), STAGE_4W, 1, 28);
    episode_set_outcome(person(s, "b", "2025-07-01"), STAGE_4W, 2, 28);
    person(s, "c", "2025-07-31"); /* its outcome comes as a follow-up */
    shelf_follow_up(s, period_iso("2025-26-Q2"), "c", STAGE_4W, 1, day_iso("2025-08-28"));
}

static void agreeing(void) {
    struct shelf s = {.count = 0};
    put_three(&s);
    compare(&s, SAME, "2026-02-20");
    CHECK(result.all.cells == 470 && result.all.differing == 0 && result.all.difference == 0,
          "%d of %d cells differ", result.all.differing, result.all.cells);
    check_cell(NATIONAL_1B, "03", "1", MEASURE_QUIT, 2, 2);
    shelf_free(&s);
}

/* What each part has: 17 x 6 x 2, 5 x 6 x 5, 4, 2, 10 x 2, 21 x 2, 10 x 2, 14 x 2. */
static void differing(void) {
    static const struct national_difference PARTS[NATIONAL_2A] = {
        {204, 0, 0}, {150, 1, 1}, {4, 0, 0}, {2, 0, 0}, {20, 2, 0}, {42, 2, 0}, {20, 0, 0}, {28, 0, 0}};
    struct shelf s = {.count = 0};
    put_three(&s);
    compare(
        &s,
        "*=0|1A A 1 SET=3|1A A 1 QUIT=2|1B 03 1 SET=3|1B 03 1 QUIT=2|1B 03 1 NOT_QUIT=1|"
        "1B 03 1 CO_VALIDATED=1|1E 08 SET=2|1E 01 SET=1|1E 08 QUIT=2|1F 10 SET=2|1F 11 SET=1|1F 10 QUIT=2|"
        "1G 08 SET=3|1G 08 QUIT=2|1H 13 SET=3|1H 13 QUIT=2|2A ALLOCATION=1000",
        "2026-02-20");
    check_cell(NATIONAL_1B, "03", "1", MEASURE_CO_VALIDATED, 1, 0);
    check_cell(NATIONAL_1E, "08", "", MEASURE_SET, 2, 3);
    check_cell(NATIONAL_1E, "01", "", MEASURE_SET, 1, 0);
    check_cell(NATIONAL_1F, "10", "", MEASURE_SET, 2, 3);
    check_cell(NATIONAL_1F, "11", "", MEASURE_SET, 1, 0);
    CHECK(result.all.differing == 5 && result.all.difference == 1, "%d differ, by %lld", result.all.differing,
          (long long)result.all.difference);
    for (int p = 0; p < NATIONAL_2A; p++) {
        const struct national_difference *have = &result.parts[p], *want = &PARTS[p];
        CHECK(have->cells == want->cells && have->differing == want->differing &&
                  have->difference == want->difference,
              "%s: %d of %d, %lld", national_part_info((enum national_part)p)->name, have->differing,
              have->cells, (long long)have->difference);
    }
    shelf_free(&s);
}

/* 31 July and 42 days is 11 September: until then c is in SET and in no outcome. */
static void as_at_a_day(void) {
    struct shelf s = {.count = 0};
    put_three(&s);
    compare(&s, SAME, "2025-09-11");
    CHECK(result.all.differing == 6, "QUIT in 1A, 1B, 1E, 1F, 1G and 1H: %d", result.all.differing);
    check_cell(NATIONAL_1A, "A", "1", MEASURE_QUIT, 2, 1);
    check_cell(NATIONAL_1A, "A", "1", MEASURE_SET, 3, 3);
    compare(&s, SAME, "2025-09-12");
    CHECK(result.all.differing == 0, "a day later: %d", result.all.differing);
    shelf_free(&s);
}

void suite_kpi_national_compare(void) {
    suite_add("kpi_national_compare", open_sample, close_sample);
    case_add("the same by either way", agreeing);
    case_add("cell by cell and by part, without the finance", differing);
    case_add("as at a day", as_at_a_day);
}
