/* returns: the national form by period, and rules V01 to V19 at their limits. Expectations are worked out by
 * hand from domain.md 1.4 and 1.7. */
#include <stdio.h>
#include <stdlib.h>

#include "base/date.h"
#include "returns/national_checks.h"
#include "tests/support/suite.h"

static struct national_form form_2017, form_2024;
static struct national_filled filled;
static struct arena arena;

static int open_forms(void) {
    national_form_build(period_of(2017, 3), &form_2017);
    national_form_build(period_of(2025, 1), &form_2024);
    return 0;
}

static int close_forms(void) {
    arena_free(&arena);
    return 0;
}

/* ---- the form ---- */

static int mandatory_of(const struct national_form *f, int part) {
    int n = 0;
    for (int c = 0; c < f->cell_count; c++)
        n += national_row_of(f, c)->part == part && national_cell_is_mandatory(f, c);
    return n;
}

static void cells_of_the_forms(void) {
    /* domain.md 1.4: 208 mandatory numbers. 2024: six genders; aids of both lists; ten types. */
    static const int CELLS_2017[NATIONAL_PART_COUNT] = {68, 50, 4, 2, 20, 18, 14, 28, 1, 3};
    static const int CELLS_2024[NATIONAL_PART_COUNT] = {204, 150, 4, 2, 20, 40, 20, 28, 1, 3};
    int all = 0;
    for (int p = 0; p < NATIONAL_PART_COUNT; p++) {
        const char *name = national_part_info((enum national_part)p)->name;
        CHECK(mandatory_of(&form_2017, p) == CELLS_2017[p], "%s of 2017: %d", name,
              mandatory_of(&form_2017, p));
        CHECK(mandatory_of(&form_2024, p) == CELLS_2024[p], "%s of 2024: %d", name,
              mandatory_of(&form_2024, p));
        all += mandatory_of(&form_2017, p);
    }
    CHECK(all == 208, "208 mandatory cells, not %d", all);
    CHECK(form_2017.cell_count == 210 && form_2024.cell_count == 474, "with S1: %u and %u",
          form_2017.cell_count, form_2024.cell_count);
    CHECK(form_2024.row_count < NATIONAL_ROWS_MAX && form_2024.cell_count < NATIONAL_CELLS_MAX, "room");
    CHECK(strcmp(form_2017.version, "SSQ-2017") == 0 && strcmp(form_2024.version, "SSQ-2024") == 0,
          "versions");
    CHECK(strcmp(national_form_version(period_of(2023, 4)), "SSQ-2017") == 0 &&
              strcmp(national_form_version(period_of(2024, 1)), "SSQ-2024") == 0,
          "the new form from April 2024");
}

static void keys_of_the_forms(void) {
    static const struct {
        const char *label;
        enum national_part part;
        const char *key1, *key2;
        enum national_measure measure;
        bool in_2017, in_2024;
    } CASES[] = {
        {"the first ethnic category", NATIONAL_1A, "A", "1", MEASURE_SET, true, true},
        {"not known is no ethnic category", NATIONAL_1A, "99", "1", MEASURE_SET, false, false},
        {"1A does not ask who is lost", NATIONAL_1A, "A", "1", MEASURE_LOST, false, false},
        {"a gender of 2024", NATIONAL_1A, "Z", "3", MEASURE_QUIT, false, true},
        {"gender X", NATIONAL_1B, "05", "X", MEASURE_CO_VALIDATED, false, true},
        {"a key in lower case", NATIONAL_1A, "a", "2", MEASURE_QUIT, true, true},
        {"a code without its zero", NATIONAL_1B, "5", "1", MEASURE_SET, false, false},
        {"no sixth age band", NATIONAL_1B, "06", "1", MEASURE_SET, false, false},
        {"1B needs a gender", NATIONAL_1B, "01", "", MEASURE_SET, false, false},
        {"1C has no SET", NATIONAL_1C, "", "", MEASURE_SET, false, false},
        {"1C", NATIONAL_1C, "", "", MEASURE_LOST, true, true},
        {"1C has no key", NATIONAL_1C, "Y", "", MEASURE_LOST, false, false},
        {"unable to code", NATIONAL_1E, "96", "", MEASURE_SET, true, true},
        {"the placeholder", NATIONAL_1F, "S1", "", MEASURE_SET, true, true},
        {"an aid of 2010", NATIONAL_1F, "01", "", MEASURE_SET, false, false},
        {"an aid of 2024", NATIONAL_1F, "LK", "", MEASURE_QUIT, false, true},
        {"a retired type", NATIONAL_1G, "96", "", MEASURE_SET, true, false},
        {"a type of 2024", NATIONAL_1G, "97", "", MEASURE_SET, false, true},
        {"other setting", NATIONAL_1H, "98", "", MEASURE_QUIT, true, true},
        {"a retired setting", NATIONAL_1H, "96", "", MEASURE_QUIT, false, false},
        {"allocation", NATIONAL_2A, "", "", MEASURE_ALLOCATION, true, true},
        {"spend is not in 2A", NATIONAL_2A, "", "", MEASURE_CUMULATIVE_SPEND, false, false},
        {"other allocation", NATIONAL_2B, "", "", MEASURE_OTHER_ALLOCATION, true, true},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        str k1 = str_of(CASES[i].key1), k2 = str_of(CASES[i].key2);
        int then = national_cell_find(&form_2017, CASES[i].part, k1, k2, CASES[i].measure);
        int now = national_cell_find(&form_2024, CASES[i].part, k1, k2, CASES[i].measure);
        CHECK((then >= 0) == CASES[i].in_2017, "%s in 2017", CASES[i].label);
        CHECK((now >= 0) == CASES[i].in_2024, "%s in 2024", CASES[i].label);
    }
    struct buf name = BUF_EMPTY;
    national_cell_name(&form_2024,
                       national_cell_find(&form_2024, NATIONAL_1B, STR("02"), STR("2"), MEASURE_LOST), &name);
    CHECK(str_is(buf_str(&name), "1B 02 2 LOST"), "%.*s", STR_ARG(buf_str(&name)));
    buf_free(&name);
}

static void names_are_read_back(void) {
    for (unsigned p = 0; p < NATIONAL_PART_COUNT; p++) {
        enum national_part part;
        CHECK(national_part_parse(str_of(national_part_info((enum national_part)p)->name), &part) &&
                  part == p,
              "part %u", p);
    }
    for (unsigned m = 0; m < NATIONAL_MEASURE_COUNT; m++) {
        enum national_measure measure;
        CHECK(national_measure_parse(str_of(national_measure_name((enum national_measure)m)), &measure) &&
                  measure == m,
              "measure %u", m);
    }
    enum national_part part;
    enum national_measure measure;
    CHECK(!national_part_parse(STR("1I"), &part) && !national_part_parse(STR(""), &part), "no such part");
    CHECK(!national_measure_parse(STR("TOTAL"), &measure), "no such measure");
}

static void outliers(void) {
    static const struct {
        int64_t set, quit;
        bool outlier;
    } CASES[] = {
        {0, 0, false},     {1, 0, true},           {1, 1, true},           {20, 7, true},     {20, 8, false},
        {1000, 350, true}, {1000, 351, false},     {1000, 699, false},     {1000, 700, true}, {10, 7, true},
        {3, 2, false},     {100000, 35001, false}, {100000, 69999, false},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        CHECK(national_is_outlier(CASES[i].set, CASES[i].quit) == CASES[i].outlier, "%lld of %lld",
              (long long)CASES[i].quit, (long long)CASES[i].set);
}

/* ---- the rules ---- */

static void put(const char *part, const char *key1, const char *key2, enum national_measure m,
                int64_t value) {
    enum national_part p;
    CHECK(national_part_parse(str_of(part), &p), "%s is a part", part);
    int cell = national_cell_find(filled.form, p, str_of(key1), str_of(key2), m);
    CHECK(cell >= 0, "%s %s %s is a row", part, key1, key2);
    if (cell >= 0) national_filled_put(&filled, cell, value);
}

/* Forty people, all alike: 20 quit (18 of them confirmed), 15 did not, 5 are lost; nobody is pregnant, all
 * have free prescriptions. Passes every rule. */
static void fill_well(const struct national_form *form) {
    national_filled_begin(&filled, form);
    for (int c = 0; c < form->cell_count; c++)
        national_filled_put(&filled, c, 0);
    const char *type = form == &form_2024 ? "08" : "04";
    put("1A", "A", "2", MEASURE_SET, 40);
    put("1A", "A", "2", MEASURE_QUIT, 20);
    put("1B", "02", "2", MEASURE_SET, 40);
    put("1B", "02", "2", MEASURE_QUIT, 20);
    put("1B", "02", "2", MEASURE_NOT_QUIT, 15);
    put("1B", "02", "2", MEASURE_LOST, 5);
    put("1B", "02", "2", MEASURE_CO_VALIDATED, 18);
    put("1D", "", "", MEASURE_SET, 40);
    put("1D", "", "", MEASURE_QUIT, 20);
    put("1E", "08", "", MEASURE_SET, 40);
    put("1E", "08", "", MEASURE_QUIT, 20);
    put("1F", "12", "", MEASURE_SET, 40);
    put("1F", "12", "", MEASURE_QUIT, 20);
    put("1G", type, "", MEASURE_SET, 40);
    put("1G", type, "", MEASURE_QUIT, 20);
    put("1H", "13", "", MEASURE_SET, 40);
    put("1H", "13", "", MEASURE_QUIT, 20);
}

static void good_forms_pass(void) {
    const struct national_form *forms[] = {&form_2017, &form_2024};
    for (size_t i = 0; i < 2; i++) {
        struct national_context context = {0};
        struct national_check checks[NATIONAL_RULE_COUNT];
        fill_well(forms[i]);
        national_checks_run(&filled, &context, &arena, checks);
        for (int r = 0; r < NATIONAL_RULE_COUNT; r++)
            CHECK(checks[r].passed && checks[r].detail.n && !checks[r].offence_count &&
                      (int)checks[r].rule == r,
                  "%s %s: %.*s", forms[i]->version, national_rule_id((enum national_rule)r),
                  STR_ARG(checks[r].detail));
        CHECK(!checks[NATIONAL_V17].judged && checks[NATIONAL_V07].judged, "V17 lacks its quarters");
    }
}

#define SET MEASURE_SET
#define QUIT MEASURE_QUIT
#define CO MEASURE_CO_VALIDATED
#define LOST MEASURE_LOST

/* One change to the good form of 2024 breaks exactly these rules. */
struct change {
    const char *label, *part, *key1, *key2;
    enum national_measure measure;
    int64_t value;
    const char *broken; /* "V07 V09" */
    const char *said;   /* in the detail of the first of them */
};

/* clang-format off */
static const struct change CHANGES[] = {
    {"a count of seven digits", "1A", "B", "1", SET, 1000000, "V03 V09 V10", "1A B 1 SET is 1000000; it must be from 0 to 999999."},
    {"the largest money", "2A", "", "", MEASURE_ALLOCATION, 99999999, "", ""},
    {"money of nine digits", "2A", "", "", MEASURE_ALLOCATION, 100000000, "V03", "2A ALLOCATION is 100000000; it must be from 0 to 99999999."},
    {"more quitters than people in 1E", "1E", "01", "", QUIT, 1, "V06 V09", "1E 01: QUIT is 1, more than SET, 0."},
    {"as many quitters as people in 1D", "1D", "", "", QUIT, 40, "V12", "QUIT: 1D says 40, more than the 20 of 1B."},
    {"1B does not add up", "1B", "02", "2", LOST, 4, "V07", "1B 02 2: QUIT 20 + NOT_QUIT 15 + LOST 4 = 39, but SET is 40."},
    {"quitters without the confirmed ones", "1B", "02", "2", QUIT, 2, "V07 V08 V09 V10 V12 V16", "QUIT must include them."},
    {"more confirmed than quit", "1B", "02", "2", CO, 21, "V08", "1B 02 2: CO_VALIDATED is 21, more than QUIT, 20."},
    {"as many confirmed as quit", "1B", "02", "2", CO, 20, "", ""},
    {"confirmed exactly 85 %", "1B", "02", "2", CO, 17, "", ""},
    {"confirmed below 85 %", "1B", "02", "2", CO, 16, "V16", "16 of 20 quitters are confirmed"},
    {"1H short of one", "1H", "13", "", SET, 39, "V09", "SET: 1H adds up to 39, 1B to 40."},
    {"1F one quitter over", "1F", "12", "", QUIT, 21, "V09", "QUIT: 1F adds up to 21, 1B to 20."},
    {"another gender in 1A", "1A", "A", "1", SET, 1, "V09 V10", "SET: 1A adds up to 41, 1B to 40."},
    {"pregnant quitters, as many as women quit", "1C", "", "", QUIT, 20, "", ""},
    {"more pregnant quitters than people", "1C", "", "", QUIT, 21, "V11", "QUIT: 1C says 21 pregnant, 1B 20 people in all."},
    {"free prescriptions for more than all", "1D", "", "", SET, 41, "V12", "SET: 1D says 41, more than the 40 of 1B."},
};
/* clang-format on */

static void broken_rules(struct national_check checks[NATIONAL_RULE_COUNT], char out[120], str *first) {
    size_t n = 0;
    *first = STR("");
    out[0] = '\0';
    for (int r = 0; r < NATIONAL_RULE_COUNT; r++) {
        if (checks[r].passed) continue;
        if (!n) *first = checks[r].detail;
        n +=
            (size_t)snprintf(out + n, 120 - n, "%s%s", n ? " " : "", national_rule_id((enum national_rule)r));
    }
}

static void changes_break_rules(void) {
    for (size_t i = 0; i < sizeof CHANGES / sizeof *CHANGES; i++) {
        const struct change *c = &CHANGES[i];
        struct national_context context = {0};
        struct national_check checks[NATIONAL_RULE_COUNT];
        char broken[120];
        str first;
        fill_well(&form_2024);
        put(c->part, c->key1, c->key2, c->measure, c->value);
        national_checks_run(&filled, &context, &arena, checks);
        broken_rules(checks, broken, &first);
        CHECK(strcmp(broken, c->broken) == 0, "%s: '%s' instead of '%s'", c->label, broken, c->broken);
        CHECK(!c->said[0] || memmem(first.p, first.n, c->said, strlen(c->said)), "%s: %.*s", c->label,
              STR_ARG(first));
    }
}

/* Moves the people of 1G to a row of their own success and sees whether a reason is asked for. */
static void reasons_at_the_limits(void) {
    static const struct {
        int64_t set, quit;
        const char *reason;
        bool passed;
    } CASES[] = {
        {20, 7, NULL, false},
        {20, 8, NULL, true},
        {20, 14, NULL, false},
        {20, 13, NULL, true},
        {20, 14, "A pilot with close support.", true},
        {0, 0, NULL, true},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct national_context context = {0};
        struct national_check check;
        fill_well(&form_2024);
        put("1H", "22", "", SET, CASES[i].set);
        put("1H", "22", "", QUIT, CASES[i].quit);
        filled.reasons[national_row_find(&form_2024, NATIONAL_1H, STR("22"), STR(""))] =
            str_of(CASES[i].reason);
        national_check_run(NATIONAL_V13, &filled, &context, &arena, &check);
        CHECK(check.passed == CASES[i].passed && check.severity == SEVERITY_WARNING, "%lld of %lld: %.*s",
              (long long)CASES[i].quit, (long long)CASES[i].set, STR_ARG(check.detail));
        if (check.passed) continue;
        CHECK(check.offences[0].cell ==
                      national_cell_find(&form_2024, NATIONAL_1H, STR("22"), STR(""), QUIT) &&
                  check.offences[0].value == CASES[i].quit && check.offences[0].against == CASES[i].set,
              "the cell with both numbers");
    }
}

/* While outcomes are open, success says nothing yet. */
static void reasons_wait_for_outcomes(void) {
    static const struct {
        int64_t waiting;
        bool quarter_runs, judged;
    } CASES[] = {{0, false, true}, {1, false, false}, {0, true, false}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct national_context context = {.waiting = CASES[i].waiting,
                                           .quarter_runs = CASES[i].quarter_runs};
        struct national_check check;
        fill_well(&form_2024);
        put("1H", "22", "", SET, 20);
        put("1H", "22", "", QUIT, 7);
        national_check_run(NATIONAL_V13, &filled, &context, &arena, &check);
        CHECK(check.judged == CASES[i].judged && check.passed == !CASES[i].judged &&
                  (check.offence_count == 0) == !CASES[i].judged,
              "%zu: %.*s", i, STR_ARG(check.detail));
    }
}

static void missing_is_said_once(void) {
    struct national_context context = {0};
    struct national_check checks[NATIONAL_RULE_COUNT];
    char broken[120];
    str first;
    fill_well(&form_2024);
    filled.present[national_cell_find(&form_2024, NATIONAL_1B, STR("02"), STR("2"), LOST)] = false;
    national_checks_run(&filled, &context, &arena, checks);
    broken_rules(checks, broken, &first);
    CHECK(strcmp(broken, "V03") == 0 && str_is(first, "1B 02 2 LOST is missing."), "%s: %.*s", broken,
          STR_ARG(first));
    fill_well(&form_2024);
    for (int m = SET; m <= QUIT; m++)
        filled.present[national_cell_find(&form_2024, NATIONAL_1F, STR("LE"), STR(""),
                                          (enum national_measure)m)] =
            filled.present[national_cell_find(&form_2024, NATIONAL_1F, STR("S1"), STR(""),
                                              (enum national_measure)m)] = false;
    national_checks_run(&filled, &context, &arena, checks);
    broken_rules(checks, broken, &first);
    CHECK(strcmp(broken, "V03 V05") == 0 && checks[NATIONAL_V03].offence_count == 2 &&
              checks[NATIONAL_V05].offence_count == 1,
          "the placeholder may be left out: %s", broken);
}

/* V11 by form: with the form of 2017 more pregnant than women is an error, since 2024 a warning. */
static void pregnant_by_form(void) {
    struct national_context context = {0};
    struct national_check check;
    fill_well(&form_2017);
    put("1C", "", "", LOST, 6);
    national_check_run(NATIONAL_V11, &filled, &context, &arena, &check);
    CHECK(!check.passed && check.severity == SEVERITY_ERROR, "2017: %.*s", STR_ARG(check.detail));
    fill_well(&form_2024);
    put("1A", "A", "3", SET, 2);
    put("1B", "02", "3", SET, 2);
    put("1B", "02", "3", LOST, 2);
    put("1C", "", "", LOST, 7);
    national_check_run(NATIONAL_V11, &filled, &context, &arena, &check);
    CHECK(!check.passed && check.severity == SEVERITY_WARNING, "2024, seven of seven: %.*s",
          STR_ARG(check.detail));
    put("1C", "", "", LOST, 8);
    national_check_run(NATIONAL_V11, &filled, &context, &arena, &check);
    CHECK(!check.passed && check.severity == SEVERITY_ERROR, "2024, eight of seven: %.*s",
          STR_ARG(check.detail));
}

static struct national_form quarter_3;

static void beside_other_quarters(void) {
    struct national_check check;
    national_form_build(period_of(2025, 3), &quarter_3);
    fill_well(&form_2024);
    filled.form = &quarter_3; /* the same cells */
    put("2A", "", "", MEASURE_ALLOCATION, 500);
    put("2B", "", "", MEASURE_CUMULATIVE_SPEND, 100);
    struct national_context money = {.earlier_money[1] = {true, 500, 100}};
    national_check_run(NATIONAL_V14, &filled, &money, &arena, &check);
    CHECK(check.passed && check.judged, "the same spend is no less: %.*s", STR_ARG(check.detail));
    money.earlier_money[1].cumulative_spend = 101;
    national_check_run(NATIONAL_V14, &filled, &money, &arena, &check);
    CHECK(!check.passed && check.offences[0].value == 100 && check.offences[0].against == 101, "spend falls");
    money.earlier_money[1].cumulative_spend = 100;
    money.earlier_money[1].allocation = 501;
    national_check_run(NATIONAL_V14, &filled, &money, &arena, &check);
    CHECK(!check.passed, "another allocation");
    struct national_context none = {0};
    national_check_run(NATIONAL_V14, &filled, &none, &arena, &check);
    CHECK(check.passed && !check.judged, "nothing to hold it against");

    static const struct {
        int64_t before;
        bool passed;
    } MEANS[] = {{80, true}, {81, false}, {27, true}, {26, false}, {40, true}}; /* 40 people now */
    for (size_t i = 0; i < sizeof MEANS / sizeof *MEANS; i++) {
        int64_t b = MEANS[i].before;
        struct national_context four = {.before = {b, b, b, b}, .before_count = 4};
        national_check_run(NATIONAL_V17, &filled, &four, &arena, &check);
        CHECK(check.passed == MEANS[i].passed && check.judged, "a mean of %lld: %.*s", (long long)b,
              STR_ARG(check.detail));
    }
    struct national_context gap = {.missing_quarters = 2};
    national_check_run(NATIONAL_V18, &filled, &gap, &arena, &check);
    CHECK(!check.passed && check.offence_count == 1 && check.offences[0].value == 2, "quarter 2 is missing");
    gap.missing_quarters = 4; /* the quarter itself */
    national_check_run(NATIONAL_V18, &filled, &gap, &arena, &check);
    CHECK(check.passed, "only earlier quarters");
}

static void who_and_what_it_replaces(void) {
    struct national_check check;
    struct national_unplaced unplaced = {NATIONAL_1A, "X", 3};
    fill_well(&form_2017);
    struct national_context c = {.submitter_problem = "Nobody.", .unplaced = &unplaced, .unplaced_count = 1};
    national_check_run(NATIONAL_V02, &filled, &c, &arena, &check);
    CHECK(!check.passed && str_is(check.detail, "Nobody."), "%.*s", STR_ARG(check.detail));
    national_check_run(NATIONAL_V04, &filled, &c, &arena, &check);
    CHECK(!check.passed &&
              str_is(check.detail,
                     "3 people stand under the code X, which part 1A of the form SSQ-2017 lacks."),
          "%.*s", STR_ARG(check.detail));
    c = (struct national_context){.resubmitted = true, .names_replaced = true, .has_reason = true};
    national_check_run(NATIONAL_V19, &filled, &c, &arena, &check);
    CHECK(check.passed && check.judged, "named, with a reason");
    c.has_reason = false;
    national_check_run(NATIONAL_V19, &filled, &c, &arena, &check);
    CHECK(!check.passed, "no reason");
    c = (struct national_context){.resubmitted = true, .has_reason = true};
    national_check_run(NATIONAL_V19, &filled, &c, &arena, &check);
    CHECK(!check.passed, "not named");
    c = (struct national_context){.first_day = period_first_day(period_of(2017, 3)),
                                  .last_day = period_last_day(period_of(2017, 3)) - 1};
    national_check_run(NATIONAL_V01, &filled, &c, &arena, &check);
    CHECK(!check.passed, "a day short: %.*s", STR_ARG(check.detail));
    c.last_day++;
    national_check_run(NATIONAL_V01, &filled, &c, &arena, &check);
    CHECK(check.passed, "the whole quarter");
}

static void unknown_codes(void) {
    struct national_context context = {0};
    struct national_check check;
    fill_well(&form_2024);
    put("1F", "12", "", SET, 35);
    put("1F", "LK", "", SET, 3);
    put("1F", "99", "", SET, 2);
    national_check_run(NATIONAL_V15, &filled, &context, &arena, &check);
    CHECK(check.passed, "five unknown, five lost: %.*s", STR_ARG(check.detail));
    put("1F", "99", "", SET, 3);
    national_check_run(NATIONAL_V15, &filled, &context, &arena, &check);
    CHECK(!check.passed && check.offences[0].value == 6 && check.offences[0].against == 5, "six unknown");
    fill_well(&form_2024);
    put("1E", "96", "", SET, 2);
    national_check_run(NATIONAL_V16, &filled, &context, &arena, &check);
    CHECK(check.passed, "2 of 40 are 5 %%, not more: %.*s", STR_ARG(check.detail));
    put("1E", "96", "", SET, 3);
    national_check_run(NATIONAL_V16, &filled, &context, &arena, &check);
    CHECK(!check.passed, "3 of 40");
}

void suite_returns_national(void) {
    suite_add("unit returns national", open_forms, close_forms);
    case_add("208 mandatory cells in 2017, 472 in 2024", cells_of_the_forms);
    case_add("keys by form", keys_of_the_forms);
    case_add("names of parts and measures", names_are_read_back);
    case_add("35 % and 70 % are outliers, both included", outliers);
    case_add("a good form passes every rule", good_forms_pass);
    case_add("one change breaks its rules and no other", changes_break_rules);
    case_add("reasons at 35 % and 70 %", reasons_at_the_limits);
    case_add("V13 waits until every outcome is due", reasons_wait_for_outcomes);
    case_add("a missing cell is told of once", missing_is_said_once);
    case_add("pregnant people by form", pregnant_by_form);
    case_add("money, volume and gaps beside other quarters", beside_other_quarters);
    case_add("who sends, under which codes, what it replaces", who_and_what_it_replaces);
    case_add("unknown codes", unknown_codes);
}
