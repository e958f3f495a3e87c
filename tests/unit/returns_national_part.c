/* returns: the part `national`: which rows, cells and forms are refused or doubted, and where they are told so. The
 * form of 2024 has 468 mandatory cells in 1A to 1H: 204 (17 x 6 x 2), 150 (5 x 6 x 5), 4, 2, 20, 40 (20 aids), 20, 28;
 * that of 2017 has 204: 68, 50, 4, 2, 20, 18, 14, 28. */
#include <stdio.h>
#include <stdlib.h>

#include "returns/national_sheet.h"
#include "returns/parts/national.h"
#include "tests/support/judged.h"
#include "tests/support/national.h"
#include "tests/support/suite.h"

enum { PERIOD = 2025 * 4 + 1, PERIOD_2017 = 2023 * 4 + 3 };

static void judge_form(struct judged *j, enum body_format format, int16_t period, const char *changes) {
    struct buf body = BUF_EMPTY;
    national_add(&body, format, period, changes);
    struct judge_input in = judged_defaults("national", format, buf_str(&body));
    in.period = period;
    judged_input(j, &in);
    buf_free(&body);
}

struct form_case {
    const char *changes, *found;
};

static void try_cases(int16_t period, const struct form_case *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        for (enum body_format format = FORMAT_CSV; format <= FORMAT_JSON; format++) {
            struct judged j;
            judge_form(&j, format, period, cases[i].changes);
            CHECK(j.err == OK && strcmp(judged_found(&j), cases[i].found) == 0,
                  "%s as %s: found '%s', expected '%s'", cases[i].changes,
                  format == FORMAT_CSV ? "CSV" : "JSON", judged_found(&j), cases[i].found);
            judged_free(&j);
        }
    }
}
#define TRY(period, cases) try_cases((period), (cases), sizeof(cases) / sizeof *(cases))

static void good_forms(void) {
    static const struct {
        int16_t period;
        uint32_t cells;
    } FORMS[] = {{PERIOD, 468}, {PERIOD_2017, 204}, {2024 * 4, 468}, {2017 * 4 + 2, 204}};
    for (size_t i = 0; i < sizeof FORMS / sizeof *FORMS; i++) {
        struct judged j;
        judge_form(&j, FORMAT_CSV, FORMS[i].period, "");
        CHECK(j.err == OK && strcmp(judged_found(&j), "") == 0, "%s", judged_found(&j));
        CHECK(j.judgement.rows == FORMS[i].cells, "%u cells, expected %u", j.judgement.rows, FORMS[i].cells);
        CHECK(j.judgement.facts.n == FORMS[i].cells * sizeof(struct fact_national), "a record a cell");
        judged_free(&j);
    }
}

/* Rows behind a good form (row 469) are judged each by itself. */
static void rows(void) {
    static const struct form_case CASES[] = {
        {"+2A,,,ALLOCATION,99999999,", ""},
        {"+2A,,,ALLOCATION,100000000,", "469:value:OUT_OF_RANGE"},
        {"+2B,,,CUMULATIVE_SPEND,5,|+2B,,,PHARMACOTHERAPY_SPEND,0,|+2B,,,OTHER_ALLOCATION,0,", ""},
        {"+1F,S1,,SET,0,|+1F,S1,,QUIT,0,", ""},
        {"+3A,,,SET,1,", "469:part:UNKNOWN_CODE"},
        {"+,,,SET,1,", "469:part:MISSING_VALUE"},
        {"+1E,,,SET,1,", "469:key1:MISSING_VALUE"},
        {"+1A,A,,SET,1,", "469:key2:MISSING_VALUE"},
        {"+1A,CT,2,SET,1,", "469:key1:UNKNOWN_CODE"},
        {"+1A,99,2,SET,1,", "469:key1:UNKNOWN_CODE"},
        {"+1A,A,9,SET,1,", "469:key2:UNKNOWN_CODE"},
        {"+1G,04,,SET,1,", "469:key1:CODE_NOT_VALID_IN_PERIOD"},
        {"+1C,08,,QUIT,1,", "469:key1:INCONSISTENT"},
        {"+1E,08,2,SET,1,", "469:key2:INCONSISTENT"},
        {"+1C,,,SET,1,", "469:measure:INCONSISTENT"},
        {"+1E,08,,LOST,1,", "469:measure:INCONSISTENT"},
        {"+1E,08,,ALLOCATION,1,", "469:measure:INCONSISTENT"},
        {"+1E,08,,NOBODY,1,", "469:measure:UNKNOWN_CODE"},
        {"+1E,08,,,1,", "469:measure:MISSING_VALUE"},
        {"+1E,08,,SET,1,", "469:part:DUPLICATE"},
        {"+1e,8,,set,1,", "469:part:DUPLICATE ~469:key1:CODE_PADDED"},
        {"+1D,,,SET,1,because", "469:part:DUPLICATE 469:reason:INCONSISTENT"},
        {"+1E,08,,SET,x,", "469:part:DUPLICATE 469:value:BAD_NUMBER"},
    };
    TRY(PERIOD, CASES);
}

static void values(void) {
    static const struct form_case CASES[] = {
        /* after 204 + 150 + 4 cells: the first of 1D is row 359 */
        {"1D SET=", "359:value:MISSING_VALUE"},  {"1D SET=forty", "359:value:BAD_NUMBER"},
        {"1D SET=-1", "359:value:OUT_OF_RANGE"}, {"1D SET=1000000", "359:value:OUT_OF_RANGE"},
        {"1D SET=4.5", "359:value:BAD_NUMBER"},  {"1A A 1 SET=", "1:value:MISSING_VALUE"},
    };
    TRY(PERIOD, CASES);
}

/* Row 0 names each missing cell; a row with a wrong key or measure explains one. */
static void missing_cells(void) {
    static const struct form_case CASES[] = {
        {"-1D SET", "0:value:MISSING_VALUE"},
        {"-1D SET|-1A Z X QUIT", "0:value:MISSING_VALUE 0:value:MISSING_VALUE"},
        {"-1D SET|+1D,08,,SET,40,", "468:key1:INCONSISTENT"},
        {"-1D SET|+1B,02,2,ALLOCATION,40,", "0:value:MISSING_VALUE 468:measure:INCONSISTENT"},
        {"-1D SET|+1Z,,,SET,40,", "468:part:UNKNOWN_CODE"},
        {"-1D SET|-1D QUIT|+1Z,,,SET,40,",
         "0:value:MISSING_VALUE 0:value:MISSING_VALUE 467:part:UNKNOWN_CODE"},
    };
    TRY(PERIOD, CASES);
    struct judged j;
    judge_form(&j, FORMAT_CSV, PERIOD, "-1B 02 2 LOST");
    const struct finding *f = judged_first(&j, FINDING_MISSING_VALUE);
    CHECK(f && str_is(f->detail, "The cell 1B 02 2 LOST is missing."), "%.*s", f ? (int)f->detail.n : 0,
          f ? f->detail.p : "");
    CHECK(f && str_starts_with(f->fix, STR("Add a row with part 1B, key1 02, key2 2, measure LOST")),
          "what to do");
    judged_free(&j);
    judge_form(&j, FORMAT_CSV, PERIOD, "!3");
    CHECK(j.judgement.findings.errors == 466, "two of 468 are there: %llu",
          (unsigned long long)j.judgement.findings.errors);
    judged_free(&j);
}

static void nil_return(void) {
    struct judged j;
    judged_csv(&j, "national", "part,key1,key2,measure,value,reason\n");
    CHECK(j.err == OK && strcmp(judged_found(&j), "") == 0 && j.judgement.rows == 0, "%s", judged_found(&j));
    judged_free(&j);
    judged_json(&j, "national", "{\"rows\":[]}");
    CHECK(j.err == OK && strcmp(judged_found(&j), "") == 0, "%s", judged_found(&j));
    judged_free(&j);
}

/* A header that lacks a column is told of once, and its rows and the missing cells are not. */
static void headers(void) {
    static const struct form_case CASES[] = {
        {"part,key1,key2,measure\n1D,,,SET\n", "0:value:MISSING_COLUMN"},
        {"part,key2,measure,value\n1D,,SET,1\n", "0:key1:MISSING_COLUMN"},
        {"part,key2,measure,value\n1E,,SET,1\n", "0:key1:MISSING_COLUMN"},
        {"measure,value\nSET,1\n", "0:part:MISSING_COLUMN 0:key1:MISSING_COLUMN 0:key2:MISSING_COLUMN"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct judged j;
        judged_csv(&j, "national", CASES[i].changes);
        CHECK(strcmp(judged_found(&j), CASES[i].found) == 0, "%s: %s", CASES[i].changes, judged_found(&j));
        judged_free(&j);
    }
}

/* Cells that contradict each other. Of the rows: 1A from 1 (key A: genders 1, 2, 3, 4, Z, X), 1B from 205, 1C from 355,
 * 1D 359, 1E 361 (01: 361, 362; 08: 375, 376), 1F 381, 1G 421 (08: 423, 424), 1H 441 (13: 447, 448). */
static void contradictions(void) {
    static const struct form_case CASES[] = {
        /* V06: more quit than set one; V09 and V10 then hold too where the sums are kept */
        {"1E 08 QUIT=46|1E 01 QUIT=1", "376:value:INCONSISTENT"},
        {"1D QUIT=41", "360:value:INCONSISTENT"},
        /* V07: 45 + 33 + 11 = 89, not 90; LOST is the last of the four */
        {"1B 02 2 LOST=11", "243:value:INCONSISTENT"},
        {"1B 02 2 LOST=13", "~0:value:OUT_OF_RANGE 243:value:INCONSISTENT"}, /* 15 lost of 100 are V16's */
        /* V08 */
        {"1B 03 1 CO_VALIDATED=6", "269:value:INCONSISTENT"},
        {"1C CO_VALIDATED=3", "358:value:INCONSISTENT"},
        /* V09: 1E adds up to 101; the later of the last cells is that of 1E, 96 SET */
        {"1E 01 SET=51", "379:value:INCONSISTENT"},
        {"1F 10 QUIT=47", "420:value:INCONSISTENT"},
        /* V10: a man more, a woman less in 1A: the last cells of gender 1 and 2 in 1B are later */
        {"1A N 1 SET=11|1A A 2 SET=59", "325:value:INCONSISTENT 330:value:INCONSISTENT"},
        /* V11: 91 + 1 + 1 = 93 pregnant of 90 women is a warning, of 100 people too few for an error; QUIT 91 of 50 is */
        {"1C LOST=88", "357:value:INCONSISTENT"},
        {"1C NOT_QUIT=87", ""},
        {"1C NOT_QUIT=88", "~357:value:INCONSISTENT"},
        {"1C NOT_QUIT=97", "~357:value:INCONSISTENT"},
        {"1C NOT_QUIT=98", "357:value:INCONSISTENT"},
        /* V12 */
        {"1D SET=101", "359:value:INCONSISTENT"},
        {"1D SET=100", ""},
        /* a wrong value or a missing cell is told of once, and no rule repeats it */
        {"1B 02 2 LOST=x", "243:value:BAD_NUMBER"},
        {"-1E 01 SET", "0:value:MISSING_VALUE"},
    };
    TRY(PERIOD, CASES);
    /* The form of 2017: pregnant people are women, so more than women is an error. 1A 68 cells, 1B 50: 1C from 119. */
    static const struct form_case OF_2017[] = {
        {"1C NOT_QUIT=87", ""},
        {"1C NOT_QUIT=88", "121:value:INCONSISTENT"},
    };
    TRY(PERIOD_2017, OF_2017);
}

static void later_row(void) {
    struct judged j;
    /* Where sums differ, the cells that are named only end them. */
    judge_form(&j, FORMAT_CSV, PERIOD, "1E 01 SET=51");
    const struct finding *sum = judged_first(&j, FINDING_INCONSISTENT);
    CHECK(sum &&
              str_is(sum->fix, "Add up both, as far as 1E 96 SET in row 379 and 1B 05 X SET in row 350, and "
                               "correct the cell that is wrong."),
          "%.*s", sum ? (int)sum->fix.n : 0, sum ? sum->fix.p : "");
    judged_free(&j);
    /* SET of 1B 02 2 comes behind all others: the finding stands there. */
    judge_form(&j, FORMAT_CSV, PERIOD, "1B 02 2 LOST=11|-1B 02 2 SET|+1B,02,2,SET,90,");
    const struct finding *f = judged_first(&j, FINDING_INCONSISTENT);
    CHECK(f && f->row == 468 && f->line == 469, "%s", judged_found(&j));
    judged_free(&j);
}

/* domain.md, trap 1: quitters confirmed by CO were left out of the quitters. */
static void trap_of_co(void) {
    struct judged j;
    judge_form(&j, FORMAT_CSV, PERIOD, "1B 03 1 QUIT=3|1B 03 1 CO_VALIDATED=2");
    const struct finding *f = judged_first(&j, FINDING_INCONSISTENT);
    bool told = false;
    for (size_t i = 0; i + 12 <= (f ? f->detail.n : 0); i++)
        told |= memcmp(f->detail.p + i, "CO_VALIDATED", 12) == 0;
    CHECK(told, "%.*s", f ? (int)f->detail.n : 0, f ? f->detail.p : "");
    judged_free(&j);
}

/* V13, V15, V16 ask and doubt; they refuse nothing. */
static void warnings(void) {
    static const struct form_case CASES[] = {
        /* V13: 35 % and 70 % both ask; a reason in either row answers */
        {"1G 08 SET=90|1G 08 QUIT=43|1G 07 SET=10|1G 07 QUIT=7", "~422:reason:MISSING_VALUE"},
        {"1G 08 SET=80|1G 08 QUIT=43|1G 07 SET=20|1G 07 QUIT=7", "~422:reason:MISSING_VALUE"},
        {"1G 08 SET=80|1G 08 QUIT=42|1G 07 SET=20|1G 07 QUIT=8", ""},
        {"1G 08 SET=90|1G 08 QUIT=43|1G 07 SET=10|-1G 07 QUIT|+1G,07,,QUIT,7,Ten people", ""},
        {"1G 08 SET=90|1G 08 QUIT=43|-1G 07 SET|1G 07 QUIT=7|+1G,07,,SET,10,Ten people", ""},
        /* V15 and V16: 15 of unknown aid, 14 lost; and more than 5 % */
        {"1F 10 SET=85|1F 99 SET=15", "~0:value:INCONSISTENT ~0:value:OUT_OF_RANGE"},
        {"1F 10 SET=94|1F 99 SET=6", "~0:value:OUT_OF_RANGE"},
        /* V16: 42 of 50 are 84 % */
        {"1B 02 2 CO_VALIDATED=38", "~0:value:OUT_OF_RANGE"},
        {"1B 02 2 CO_VALIDATED=39", ""},
        /* 15 lost are 15 % */
        {"1B 02 2 LOST=13|1B 02 2 NOT_QUIT=32", "~0:value:OUT_OF_RANGE"},
    };
    TRY(PERIOD, CASES);
}

static void reasons(void) {
    char long_text[260];
    for (int n = 200; n <= 201; n++) {
        memset(long_text, 'x', sizeof long_text);
        char changes[400];
        snprintf(changes, sizeof changes,
                 "1G 08 SET=90|1G 08 QUIT=43|1G 07 SET=10|-1G 07 QUIT|+1G,07,,QUIT,7,%.*s", n, long_text);
        struct judged j;
        judge_form(&j, FORMAT_CSV, PERIOD, changes);
        CHECK(strcmp(judged_found(&j), n == 200 ? "" : "~468:reason:MISSING_VALUE 468:reason:OUT_OF_RANGE") ==
                      0 ||
                  (n == 201 &&
                   strcmp(judged_found(&j), "468:reason:OUT_OF_RANGE ~468:reason:MISSING_VALUE") == 0),
              "%d characters: %s", n, judged_found(&j));
        judged_free(&j);
    }
}

static void words_are_those_of_the_form(void) {
    for (unsigned i = 0; i <= NATIONAL_PART_COUNT; i++)
        CHECK(i == NATIONAL_PART_COUNT
                  ? !WORDS_NATIONAL_PART[i]
                  : strcmp(WORDS_NATIONAL_PART[i], national_part_info((enum national_part)i)->name) == 0,
              "part %u", i);
    for (unsigned i = 0; i < NATIONAL_MEASURE_COUNT; i++)
        CHECK(strcmp(WORDS_NATIONAL_MEASURE[i], national_measure_name((enum national_measure)i)) == 0,
              "measure %u", i);
}

/* CSV with labels and JSON store the same. */
static void ways_in(void) {
    struct judged a, b;
    judge_form(&a, FORMAT_CSV, PERIOD, "");
    judge_form(&b, FORMAT_JSON, PERIOD, "");
    CHECK(a.judgement.digests.n == b.judgement.digests.n &&
              memcmp(a.judgement.digests.p, b.judgement.digests.p, a.judgement.digests.n) == 0,
          "the same digests");
    judged_free(&b);
    judge_form(&b, FORMAT_CSV, PERIOD,
               "-1E 08 SET|-1E 08 QUIT|+1e,Routine and manual,,set,45,|+1E,08,,Quit,22,");
    CHECK(strcmp(judged_found(&b), "") == 0, "by label: %s", judged_found(&b));
    const struct fact_national *f = (const struct fact_national *)(const void *)b.judgement.facts.p;
    if (b.judgement.facts.n) {
        f += b.judgement.rows - 2;
        CHECK(f->part == NATIONAL_1E + 1 && f->measure == MEASURE_SET + 1 && f->key1 == ('0' << 8 | '8') &&
                  f->key2 == 0 && f->value == 45 && f->flags == FLAG_YES,
              "the record of the cell");
    }
    judged_free(&a);
    judged_free(&b);
}

void suite_returns_national_part(void);
void suite_returns_national_part(void) {
    suite_add("unit returns national part", NULL, NULL);
    case_add("good forms of 2017 and 2024", good_forms);
    case_add("a row and its cell", rows);
    case_add("numbers", values);
    case_add("missing cells", missing_cells);
    case_add("a nil return", nil_return);
    case_add("headers that lack a column", headers);
    case_add("cells that contradict each other", contradictions);
    case_add("told in the later row", later_row);
    case_add("CO beside the quitters", trap_of_co);
    case_add("warnings", warnings);
    case_add("reasons of 200 characters", reasons);
    case_add("words", words_are_those_of_the_form);
    case_add("ways in", ways_in);
}
