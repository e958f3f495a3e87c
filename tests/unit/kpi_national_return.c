/* kpi: the national return added up from episodes: where each person stands, blanks, people not yet due, authorities,
 * the form of 2017. Expectations from contract section 8, by hand. */
#include "kpi/national_return.h"
#include "tests/support/shelf.h"
#include "tests/support/suite.h"

static struct framework *sample;
static struct national_return sum;
static struct shelf shelf;

static int open_sample(void) {
    sample = framework_sample();
    return 0;
}

static int close_sample(void) {
    framework_free(sample);
    return 0;
}

/* A man of 40, with everything known. */
static struct fact_episode *person(const char *id, const char *quit) {
    struct fact_episode *e = shelf_episode(&shelf, id, id, day_iso(quit));
    e->gender = fact_code(STR("1"));
    e->ethnic_category = fact_code(STR("CT"));
    e->nssec = fact_code(STR("08"));
    e->aid = fact_code(STR("LE"));
    e->intervention_type = fact_code(STR("08"));
    e->setting = fact_code(STR("13"));
    e->age = 40;
    e->authority = 9000012;
    e->flags = FLAG_NO << (2 * FLAG_PREGNANT) | FLAG_NO << (2 * FLAG_FREE_PRESCRIPTION);
    return e;
}

static void add_up(const char *period, const char *as_at, uint32_t authority) {
    struct book book = shelf_book(&shelf);
    national_return_begin(period_iso(period), &sum);
    national_return_add(sample, &book, day_iso(as_at), authority, &sum);
}

static int64_t cell(enum national_part part, const char *key1, const char *key2, enum national_measure m) {
    int at = national_cell_find(&sum.form, part, str_of(key1), str_of(key2), m);
    CHECK(at >= 0, "%s %s %s is a cell", national_part_info(part)->name, key1, key2);
    return at < 0 ? -1 : sum.filled.values[at];
}

static int64_t total(enum national_part part, enum national_measure m) {
    return national_filled_sum(&sum.filled, part, NULL, m);
}

static void one_person_everywhere(void) {
    struct fact_episode *e = person("a", "2025-07-01");
    e->flags = FLAG_YES << (2 * FLAG_PREGNANT) | FLAG_YES << (2 * FLAG_FREE_PRESCRIPTION);
    episode_set_outcome(e, STAGE_4W, 1, 28);
    e->co4 = 9;
    e->method4 = METHOD_WORD_FACE_TO_FACE;
    add_up("2025-26-Q2", "2026-02-20", 0);
    for (int m = MEASURE_SET; m <= MEASURE_QUIT; m++) {
        enum national_measure measure = (enum national_measure)m;
        CHECK(cell(NATIONAL_1A, "C", "1", measure) == 1, "1A goes by the first character");
        CHECK(cell(NATIONAL_1B, "03", "1", measure) == 1, "40 is band 03");
        CHECK(cell(NATIONAL_1D, "", "", measure) == 1 && cell(NATIONAL_1E, "08", "", measure) == 1 &&
                  cell(NATIONAL_1F, "LE", "", measure) == 1 && cell(NATIONAL_1G, "08", "", measure) == 1 &&
                  cell(NATIONAL_1H, "13", "", measure) == 1,
              "1D to 1H");
        for (int p = NATIONAL_1A; p < NATIONAL_2A; p++)
            if (p != NATIONAL_1C) CHECK(total((enum national_part)p, measure) == 1, "once in part %d", p);
    }
    CHECK(cell(NATIONAL_1B, "03", "1", MEASURE_CO_VALIDATED) == 1 &&
              cell(NATIONAL_1C, "", "", MEASURE_QUIT) == 1 &&
              cell(NATIONAL_1C, "", "", MEASURE_CO_VALIDATED) == 1 &&
              cell(NATIONAL_1C, "", "", MEASURE_LOST) == 0,
          "confirmed, and pregnant");
    for (int i = 0; i < IMPUTED_COUNT; i++)
        CHECK(sum.imputed[i] == 0, "nothing was blank");
    CHECK(sum.waiting == 0 && sum.unplaced_count == 0, "nobody waits");
    shelf_free(&shelf);
}

static void ages_at_their_limits(void) {
    static const struct {
        int age;
        const char *band;
    } AGES[] = {{0, "01"},  {17, "01"}, {18, "02"}, {34, "02"}, {35, "03"},
                {44, "03"}, {45, "04"}, {59, "04"}, {60, "05"}, {120, "05"}};
    for (size_t i = 0; i < sizeof AGES / sizeof *AGES; i++) {
        person("a", "2025-07-01")->age = (uint8_t)AGES[i].age;
        add_up("2025-26-Q2", "2026-02-20", 0);
        CHECK(cell(NATIONAL_1B, AGES[i].band, "1", MEASURE_SET) == 1, "%d is in band %s", AGES[i].age,
              AGES[i].band);
        shelf_free(&shelf);
    }
}

static void outcomes_and_who_is_not_due(void) {
    episode_set_outcome(person("quit", "2025-07-01"), STAGE_4W, 1, 25);
    episode_set_outcome(person("not", "2025-07-01"), STAGE_4W, 2, 42);
    episode_set_outcome(person("late", "2025-07-01"), STAGE_4W, 1, 43);
    person("nothing", "2025-07-01");
    episode_set_outcome(person("waits", "2025-07-31"), STAGE_4W, 1, 28);
    add_up("2025-26-Q2", "2025-09-11", 0); /* 31 July + 42 days is 11 September, which is not before it */
    CHECK(total(NATIONAL_1B, MEASURE_SET) == 5 && total(NATIONAL_1B, MEASURE_QUIT) == 1 &&
              total(NATIONAL_1B, MEASURE_NOT_QUIT) == 1 && total(NATIONAL_1B, MEASURE_LOST) == 2,
          "five people, of whom one waits");
    CHECK(sum.waiting == 1 && total(NATIONAL_1E, MEASURE_SET) == 5, "the one who waits is in SET");
    add_up("2025-26-Q2", "2025-09-12", 0);
    CHECK(total(NATIONAL_1B, MEASURE_QUIT) == 2 && sum.waiting == 0, "a day later nobody waits");
    shelf_free(&shelf);
}

static void blanks_are_imputed(void) {
    struct fact_episode *e = person("a", "2025-07-01");
    e->gender = e->ethnic_category = e->nssec = e->aid = e->intervention_type = e->setting = e->flags = 0;
    person("man", "2025-07-01")->flags = 0; /* nobody asks a man whether he is pregnant */
    add_up("2025-26-Q2", "2026-02-20", 0);
    CHECK(cell(NATIONAL_1A, "Z", "X", MEASURE_SET) == 1 && cell(NATIONAL_1B, "03", "X", MEASURE_SET) == 1 &&
              cell(NATIONAL_1E, "96", "", MEASURE_SET) == 1 &&
              cell(NATIONAL_1F, "99", "", MEASURE_SET) == 1 &&
              cell(NATIONAL_1G, "97", "", MEASURE_SET) == 1 && cell(NATIONAL_1H, "98", "", MEASURE_SET) == 1,
          "under the codes for not known");
    for (int i = 0; i < IMPUTED_COUNT; i++)
        CHECK(sum.imputed[i] == (i == IMPUTED_FREE_PRESCRIPTION ? 2 : 1), "imputed %d: %lld", i,
              (long long)sum.imputed[i]);
    CHECK(total(NATIONAL_1D, MEASURE_SET) == 0, "a blank prescription is N");
    shelf_free(&shelf);
}

static void settings_of_sites(void) {
    shelf_site(&shelf, period_iso("2025-26-Q1"), "S1", "22");
    struct fact_episode *e = person("a", "2025-07-01");
    e->setting = 0;
    e->site = hash128_of(STR("S1")).a;
    add_up("2025-26-Q2", "2026-02-20", 0);
    CHECK(cell(NATIONAL_1H, "22", "", MEASURE_SET) == 1 && sum.imputed[IMPUTED_SETTING] == 0,
          "a blank setting is that of the site");
    shelf_free(&shelf);
}

static void by_authority(void) {
    person("a", "2025-07-01");
    person("b", "2025-07-01")->authority = 9000001;
    add_up("2025-26-Q2", "2026-02-20", 9000001);
    CHECK(total(NATIONAL_1A, MEASURE_SET) == 1, "one of two");
    add_up("2025-26-Q2", "2026-02-20", 0);
    CHECK(total(NATIONAL_1A, MEASURE_SET) == 2, "both");
    struct book book = shelf_book(&shelf);
    CHECK(national_people(&book, period_iso("2025-26-Q2"), 0) == 2 &&
              national_people(&book, period_iso("2025-26-Q2"), 9000001) == 1 &&
              national_people(&book, period_iso("2025-26-Q1"), 0) == -1,
          "people of a quarter, and a quarter of which nothing is known");
    shelf_free(&shelf);
}

/* Before April 2024 the form has no gender X, and 96 for another type. */
static void the_form_of_2017(void) {
    struct fact_episode *e = person("a", "2023-07-01");
    e->gender = e->intervention_type = 0;
    e->aid = fact_code(STR("S1"));
    add_up("2023-24-Q2", "2026-02-20", 0);
    CHECK(cell(NATIONAL_1G, "96", "", MEASURE_SET) == 1 && cell(NATIONAL_1F, "S1", "", MEASURE_SET) == 1,
          "the codes of that time");
    CHECK(total(NATIONAL_1A, MEASURE_SET) == 0 && total(NATIONAL_1B, MEASURE_SET) == 0 &&
              sum.unplaced_count == 2 && sum.unplaced[0].part == NATIONAL_1A &&
              str_is(str_of(sum.unplaced[0].key), "X") && sum.unplaced[0].count == 1,
          "nowhere to put who has no gender");
    shelf_free(&shelf);
}

/* Cells that a provider sends instead of client records. */
static void cells_are_added(void) {
    person("a", "2025-07-01");
    struct fact_national cells[] = {
        {.key1 = fact_code(STR("C")),
         .key2 = fact_code(STR("1")),
         .part = NATIONAL_1A + 1,
         .measure = MEASURE_SET + 1,
         .value = 7},
        {.part = NATIONAL_2A + 1, .measure = MEASURE_ALLOCATION + 1, .value = 500},
        {.part = NATIONAL_1C + 1, .measure = MEASURE_LOST + 1, .value = 2},
        {.part = 0, .measure = 0, .value = 9},
    };
    struct held held = {.part = PART_NATIONAL, .period = period_iso("2025-26-Q2"), .rows = 4, .facts = cells};
    struct book other = {&held, 1};
    add_up("2025-26-Q2", "2026-02-20", 0);
    national_return_add(sample, &other, day_iso("2026-02-20"), 0, &sum);
    CHECK(cell(NATIONAL_1A, "C", "1", MEASURE_SET) == 8 && cell(NATIONAL_1C, "", "", MEASURE_LOST) == 2 &&
              cell(NATIONAL_2A, "", "", MEASURE_ALLOCATION) == 0 && sum.by_cells == 1,
          "added to the whole, but for the finance");
    CHECK(national_people(&other, period_iso("2025-26-Q2"), 0) == 7, "its people");
    add_up("2025-26-Q2", "2026-02-20", 9000012);
    national_return_add(sample, &other, day_iso("2026-02-20"), 9000012, &sum);
    CHECK(cell(NATIONAL_1A, "C", "1", MEASURE_SET) == 1 && sum.left_out == 1, "left out of one authority's");
    shelf_free(&shelf);
}

void suite_kpi_national_return(void) {
    suite_add("kpi_national_return", open_sample, close_sample);
    case_add("a person stands once in every part", one_person_everywhere);
    case_add("age bands at their limits", ages_at_their_limits);
    case_add("outcomes; who is not due is in SET alone", outcomes_and_who_is_not_due);
    case_add("blanks go under the codes for not known", blanks_are_imputed);
    case_add("settings of sites", settings_of_sites);
    case_add("by authority", by_authority);
    case_add("the form of 2017", the_form_of_2017);
    case_add("cells of a provider without client records", cells_are_added);
}
