/* returns: what holds between columns, between rows, and against the provider's other returns. */
#include <stdio.h>

#include "returns/nhs_number.h"
#include "tests/support/judged.h"
#include "tests/support/suite.h"

struct rule_case {
    const char *changes, *found;
};

static void try_cases(const char *part, const struct rule_case *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        for (enum body_format format = FORMAT_CSV; format <= FORMAT_JSON; format++) {
            struct judged j;
            judged_row(&j, part, format, cases[i].changes);
            CHECK(j.err == OK && strcmp(judged_found(&j), cases[i].found) == 0,
                  "%s as %s: found '%s', expected '%s'", cases[i].changes,
                  format == FORMAT_CSV ? "CSV" : "JSON", judged_found(&j), cases[i].found);
            judged_free(&j);
        }
    }
}
#define TRY(part, cases) try_cases((part), (cases), sizeof(cases) / sizeof *(cases))

static void ages(void) {
    static const struct rule_case CASES[] = {
        {"ageAtQuitDate=|dateOfBirth=1982-07-14", ""},
        {"ageAtQuitDate=43|dateOfBirth=1982-07-14", ""},
        {"ageAtQuitDate=43|dateOfBirth=1982-07-15", "1:dateOfBirth:INCONSISTENT"},
        {"ageAtQuitDate=42|dateOfBirth=1982-07-15", ""},
        {"ageAtQuitDate=|dateOfBirth=2025-07-14", ""},
        {"ageAtQuitDate=|dateOfBirth=2025-07-15", "1:dateOfBirth:OUT_OF_RANGE"},
        {"ageAtQuitDate=43|dateOfBirth=2025-07-15", "1:dateOfBirth:OUT_OF_RANGE"},
        {"ageAtQuitDate=|dateOfBirth=1904-07-15", ""},
        {"ageAtQuitDate=|dateOfBirth=1904-07-14", "1:dateOfBirth:OUT_OF_RANGE"},
        {"ageAtQuitDate=|dateOfBirth=", "1:ageAtQuitDate:MISSING_VALUE"},
        {"ageAtQuitDate=|dateOfBirth=x", "1:dateOfBirth:BAD_DATE"},
        {"ageAtQuitDate=x|dateOfBirth=1982-07-14", "1:ageAtQuitDate:BAD_NUMBER"},
        {"quitDate=x|ageAtQuitDate=|dateOfBirth=1982-07-14", "1:quitDate:BAD_DATE"},
        {"-ageAtQuitDate|dateOfBirth=1982-07-14", ""},
    };
    TRY("episodes", CASES);
}

/* The quit date is 2025-07-01 throughout. Each window is entered and left by one day. */
static void windows(void) {
    static const struct {
        const char *stage;
        int from, to;
    } STAGES[] = {{"4w", 25, 42}, {"12w", 81, 98}, {"26w", 168, 210}};
    for (size_t i = 0; i < 3; i++) {
        const int days[] = {STAGES[i].from - 1, STAGES[i].from, STAGES[i].to, STAGES[i].to + 1};
        for (size_t k = 0; k < 4; k++) {
            char changes[200], found[80], day[DAY_TEXT];
            day_format(day_from_civil(2025, 7, 1) + days[k], day);
            snprintf(changes, sizeof changes, "quitDate=2025-07-01|outcome%s=2|followUp%sDate=%s",
                     STAGES[i].stage, STAGES[i].stage, day);
            snprintf(found, sizeof found, "~1:followUp%sDate:FOLLOW_UP_OUTSIDE_WINDOW", STAGES[i].stage);
            try_cases("episodes", &(struct rule_case){changes, k == 1 || k == 2 ? "" : found}, 1);
            snprintf(changes, sizeof changes, "quitDate=2025-07-01|followUp%sDate=%s", STAGES[i].stage, day);
            snprintf(found, sizeof found, "~1:outcome%s:MISSING_VALUE", STAGES[i].stage);
            try_cases("episodes", &(struct rule_case){changes, found}, 1);
        }
    }
    static const struct rule_case CASES[] = {
        {"outcome4w=1", ""},
        {"outcome4w=1|followUp4wDate=2025-07-13", "~1:followUp4wDate:FOLLOW_UP_OUTSIDE_WINDOW"},
        {"outcome4w=x|followUp4wDate=2025-07-20", "1:outcome4w:UNKNOWN_CODE"},
        {"outcome4w=1|followUp4wDate=x", "1:followUp4wDate:BAD_DATE"},
        {"quitDate=x|outcome4w=1|followUp4wDate=2025-07-20", "1:quitDate:BAD_DATE"},
        {"outcome4w=|followUp4wDate=2025-08-11", "~1:outcome4w:MISSING_VALUE"},
        {"outcome52w=|followUp52wDate=2026-01-01", "~1:outcome52w:MISSING_VALUE"},
    };
    TRY("episodes", CASES);
}

static void windows_are_settings(void) {
    struct buf body = BUF_EMPTY;
    judged_body(&body, "episodes", FORMAT_CSV, "quitDate=2025-07-01|outcome4w=1|followUp4wDate=2025-07-21");
    struct judge_input in = judged_defaults("episodes", FORMAT_CSV, buf_str(&body));
    in.windows.from[STAGE_4W] = 20;
    struct judged j;
    judged_input(&j, &in);
    CHECK(strcmp(judged_found(&j), "") == 0, "day 20 counts where the framework says so: %s",
          judged_found(&j));
    judged_free(&j);
    buf_free(&body);
}

static void readings(void) {
    static const struct rule_case CASES[] = {
        {"outcome4w=1|followUp4wDate=2025-08-11|co4wPpm=3|followUp4wMethod=FACE_TO_FACE", ""},
        {"outcome4w=1|followUp4wDate=2025-08-11|co4wPpm=3", "~1:followUp4wMethod:METHOD_ASSUMED"},
        {"outcome4w=1|followUp4wDate=2025-08-11|co4wPpm=3|followUp4wMethod=",
         "~1:followUp4wMethod:METHOD_ASSUMED"},
        {"outcome4w=1|followUp4wDate=2025-08-11|co4wPpm=3|followUp4wMethod=TELEPHONE",
         "~1:co4wPpm:CO_NOT_FACE_TO_FACE"},
        {"outcome4w=1|followUp4wDate=2025-08-11|co4wPpm=3|followUp4wMethod=TELEPHONE|co4wDate=2025-08-12",
         ""},
        {"outcome4w=1|followUp4wDate=2025-08-11|co4wPpm=3|co4wDate=2025-08-12", ""},
        {"outcome4w=1|followUp4wDate=2025-08-11|co4wPpm=3|followUp4wMethod=x",
         "1:followUp4wMethod:UNKNOWN_CODE"},
        {"outcome4w=1|followUp4wDate=2025-08-11|co4wPpm=3|co4wDate=x", "1:co4wDate:BAD_DATE"},
        {"outcome4w=2|followUp4wDate=2025-08-11|co4wPpm=12", ""},
        {"outcome4w=2|followUp4wDate=2025-08-11|co4wPpm=12|followUp4wMethod=TELEPHONE", ""},
        {"outcome4w=1|followUp4wDate=2025-08-11|followUp4wMethod=TELEPHONE", ""},
        {"outcome12w=1|followUp12wDate=2025-10-06|co12wPpm=3", ""},
    };
    static const struct rule_case LATER[] = {
        {"coPpm=3", "~1:method:METHOD_ASSUMED"},
        {"coPpm=3|method=POST", "~1:coPpm:CO_NOT_FACE_TO_FACE"},
        {"coPpm=3|method=POST|coDate=2025-08-12", ""},
        {"coPpm=3|stage=12W|date=2025-10-06", ""},
        {"coPpm=3|outcome=2", ""},
        {"coPpm=201", "1:coPpm:OUT_OF_RANGE"},
    };
    TRY("episodes", CASES);
    TRY("follow-ups", LATER);
}

static void follow_ups(void) {
    static const struct rule_case CASES[] = {
        {"", ""},
        {"episodeId=EARLIER|stage=12W|date=2025-08-01", ""},
        {"episodeId=EARLIER|stage=12W|date=2025-07-20", "~1:date:FOLLOW_UP_OUTSIDE_WINDOW"},
        {"date=2025-08-07", "~1:date:FOLLOW_UP_OUTSIDE_WINDOW"},
        {"date=2025-08-08", ""},
        {"date=2025-08-25", ""},
        {"date=2025-08-26", "~1:date:FOLLOW_UP_OUTSIDE_WINDOW"},
        {"date=2025-07-01", "~1:date:FOLLOW_UP_OUTSIDE_WINDOW"},
        {"episodeId=NOBODY", "1:episodeId:UNKNOWN_EPISODE"},
        {"episodeId=here", "1:episodeId:UNKNOWN_EPISODE"},
        {"episodeId=LATER|date=2025-11-05", "1:episodeId:UNKNOWN_EPISODE"},
        {"episodeId=REMOVED", "~1:episodeId:ORPHAN_FOLLOW_UP"},
        {"outcome=", "1:outcome:MISSING_VALUE"},
        {"date=", "1:date:MISSING_VALUE"},
        {"stage=|date=|outcome=", "1:stage:MISSING_VALUE 1:date:MISSING_VALUE 1:outcome:MISSING_VALUE"},
        {"date=2026-02-21", "1:date:OUT_OF_RANGE"},
        {"date=2026-02-20|stage=26W", "~1:date:FOLLOW_UP_OUTSIDE_WINDOW"},
        {"episodeId=x y|date=x|outcome=9", "1:episodeId:BAD_ID 1:date:BAD_DATE 1:outcome:UNKNOWN_CODE"},
    };
    TRY("follow-ups", CASES);
    struct judged j;
    judged_row(&j, "follow-ups", FORMAT_CSV, "episodeId=LATER|date=2025-11-05");
    const struct finding *f = judged_first(&j, FINDING_UNKNOWN_EPISODE);
    CHECK(f && memmem(f->detail.p, f->detail.n, "2025-26-Q3", 10),
          "the finding says where the episode stands");
    judged_free(&j);
}

#define HEADER "episodeId,clientId,localAuthority,quitDate,ageAtQuitDate\n"

static void duplicates(void) {
    struct judged j;
    judged_csv(
        &j, "episodes",
        HEADER
        "E1,C1,E09000012,2025-07-14,43\nE2,C2,E09000012,2025-07-14,43\nE1,C3,E09000012,2025-07-14,43\n"
        "e1,C4,E09000012,2025-07-14,43\nE1,C5,E09000012,2025-07-14,43\n,C6,E09000012,2025-07-14,43\n,C7,E09000012,2025-07-14,43\n");
    CHECK(
        strcmp(
            judged_found(&j),
            "3:episodeId:DUPLICATE 5:episodeId:DUPLICATE 6:episodeId:MISSING_VALUE 7:episodeId:MISSING_VALUE") ==
            0,
        "found %s", judged_found(&j));
    for (size_t i = 0; i < 2; i++)
        CHECK(
            memmem(j.judgement.findings.kept[i].detail.p, j.judgement.findings.kept[i].detail.n, "Row 1 ", 6),
            "the first row is named");
    judged_free(&j);
    judged_csv(
        &j, "follow-ups",
        "episodeId,stage,date,outcome\nHERE,4W,2025-08-11,1\nHERE,12W,2025-10-06,1\nHERE,4w,2025-08-12,2\nEARLIER,4W,2025-05-28,1\n");
    CHECK(strcmp(judged_found(&j), "3:episodeId:DUPLICATE") == 0, "one follow-up a stage: %s",
          judged_found(&j));
    judged_free(&j);
    judged_csv(
        &j, "episodes",
        HEADER
        "EARLIER,C1,E09000012,2025-07-14,43\nHERE,C2,E09000012,2025-07-14,43\nLATER,C3,E09000012,2025-07-14,43\n"
        "REMOVED,C4,E09000012,2025-07-14,43\nEARLIER,C5,E09000012,2025-07-14,43\n");
    CHECK(strcmp(judged_found(&j), "1:episodeId:DUPLICATE 3:episodeId:DUPLICATE 5:episodeId:DUPLICATE") == 0,
          "found %s", judged_found(&j));
    const struct finding *f = j.judgement.findings.kept;
    CHECK(memmem(f[0].detail.p, f[0].detail.n, "2025-26-Q1", 10) &&
              memmem(f[1].detail.p, f[1].detail.n, "2025-26-Q3", 10),
          "the other period is named");
    CHECK(memmem(f[2].detail.p, f[2].detail.n, "Row 1 ", 6), "a row that repeats another says only that");
    judged_free(&j);
}

static void duplicates_of_many(void) {
    enum { ROWS = 20000 };
    struct buf body = BUF_EMPTY;
    struct judged j;
    buf_add_cstr(&body, HEADER);
    for (int i = 0; i < ROWS; i++)
        buf_printf(&body, "E%d,C%d,E09000012,2025-07-14,43\n", i % (ROWS / 2), i);
    judged_text(&j, "episodes", FORMAT_CSV, buf_str(&body));
    CHECK(j.judgement.findings.by_code[FINDING_DUPLICATE] == ROWS / 2 &&
              j.judgement.findings.errors == ROWS / 2,
          "each later row, no other");
    CHECK(j.judgement.findings.kept[999].row == ROWS / 2 + 1000, "kept in row order");
    judged_free(&j);
    buf_free(&body);
}

static void repeats(void) {
    struct judged j;
    judged_csv(
        &j, "episodes",
        HEADER
        "E1,C1,E09000012,2025-07-01,43\nE2,C1,E09000012,2025-07-29,43\nE3,C1,E09000012,2025-08-25,43\nE4,C2,E09000012,2025-07-01,43\n"
        "E5,C2,E09000012,2025-07-01,43\nE6,C1,E09000012,2025-09-30,43\nE6,C1,E09000012,2025-09-30,43\nE7,C1,E09000012,x,43\n");
    CHECK(
        strcmp(
            judged_found(&j),
            "~3:clientId:REPEAT_ATTEMPT ~5:clientId:REPEAT_ATTEMPT 7:episodeId:DUPLICATE 8:quitDate:BAD_DATE") ==
            0,
        "found %s", judged_found(&j));
    CHECK(memmem(j.judgement.findings.kept[0].detail.p, j.judgement.findings.kept[0].detail.n, "2025-07-29",
                 10),
          "the nearest date is named");
    judged_free(&j);
    judged_csv(
        &j, "episodes",
        HEADER
        "E1,C1,E09000012,2025-09-30,43\nE2,C1,E09000012,2025-07-01,43\nE3,C1,E09000012,2025-09-03,43\nE4,C1,E09000012,2025-08-07,43\n");
    CHECK(strcmp(judged_found(&j), "~3:clientId:REPEAT_ATTEMPT ~4:clientId:REPEAT_ATTEMPT") == 0,
          "any earlier row counts: %s", judged_found(&j));
    judged_free(&j);
}

/* ---- NHS numbers ---- */

static void nhs_numbers(void) {
    static const struct {
        const char *id;
        bool formed, valid;
    } CASES[] = {
        {"9434765919", true, true},
        {"9434765918", true, false},
        {"943-476-5919", true, true},
        {"943-476-5918", true, false},
        {"94347-65919", false, false},
        {"943476591", false, false},
        {"94347659190", false, false},
        {"943476591X", false, false},
        {"4010232137", true, true},
        {"1234567890", true, false},
        {"", false, false},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        CHECK(nhs_number_has_form(str_of(CASES[i].id)) == CASES[i].formed, "the form, case %zu", i);
        CHECK(nhs_number_is_valid(str_of(CASES[i].id)) == CASES[i].valid, "%s passes the check", CASES[i].id);
    }
    CHECK(nhs_number_is_within(STR("943 476 5919")) && nhs_number_is_within(STR("'943.476.5919")),
          "however it is written");
    CHECK(!nhs_number_is_within(STR("943 476 5918")) && !nhs_number_is_within(STR("x943 476 5919")),
          "but nothing else");
}

/* Every number of ten digits has one check digit or none: a rule told once more, from the other side. */
static void check_digits(void) {
    unsigned numbers = 0;
    for (unsigned stem = 400000000; stem < 400002000; stem++) {
        unsigned fitting = 0;
        for (unsigned digit = 0; digit < 10; digit++) {
            char id[24];
            snprintf(id, sizeof id, "%09u%u", stem, digit);
            fitting += nhs_number_is_valid(str_of(id));
        }
        CHECK(fitting <= 1, "%u has %u check digits", stem, fitting);
        numbers += fitting;
    }
    CHECK(numbers > 1700 && numbers < 1900, "one stem in eleven has none: %u of 2000 have one", numbers);
}

/* `valid` clients with NHS numbers, `others` with ten digits that fail, `letters` with other ids. */
static void judge_clients(struct judged *j, const char *part, int valid, int others, int letters) {
    static const char *const VALID[] = {"9434765919", "4010232137", "943-476-5870", "9434765838"};
    struct buf body = BUF_EMPTY;
    int row = 0;
    buf_add_cstr(&body, HEADER);
    for (int i = 0; i < valid; i++, row++)
        buf_printf(&body, "E%d,%s,E09000012,2025-07-14,43\n", row, VALID[i]);
    for (int i = 0; i < others; i++, row++)
        buf_printf(&body, "E%d,12345678%02d,E09000012,2025-07-14,43\n", row, i + 90);
    for (int i = 0; i < letters; i++, row++)
        buf_printf(&body, "E%d,C%d,E09000012,2025-07-14,43\n", row, row);
    judged_text(j, part, FORMAT_CSV, buf_str(&body));
    buf_free(&body);
}

static void nhs_majority(void) {
    struct judged j;
    judge_clients(&j, "episodes", 2, 2, 10);
    CHECK(strcmp(judged_found(&j), "1:clientId:NHS_NUMBER_NOT_ALLOWED 2:clientId:NHS_NUMBER_NOT_ALLOWED") ==
              0,
          "half is enough: %s", judged_found(&j));
    CHECK(j.judgement.findings.errors == 2 && j.judgement.facts.n == 0, "and the file is refused");
    judged_free(&j);
    judge_clients(&j, "episodes", 2, 3, 0);
    CHECK(strcmp(judged_found(&j), "~1:clientId:LOOKS_LIKE_NHS_NUMBER ~2:clientId:LOOKS_LIKE_NHS_NUMBER") ==
              0,
          "less than half warns: %s", judged_found(&j));
    CHECK(j.judgement.findings.errors == 0 && j.judgement.rows == 5 &&
              j.judgement.facts.n == 5 * sizeof(struct fact_episode),
          "and the file is good");
    judged_free(&j);
    judge_clients(&j, "episodes", 1, 0, 200);
    CHECK(strcmp(judged_found(&j), "1:clientId:NHS_NUMBER_NOT_ALLOWED") == 0, "one of one is all: %s",
          judged_found(&j));
    const struct finding *f = judged_first(&j, FINDING_NHS_NUMBER_NOT_ALLOWED);
    CHECK(f && !memmem(f->detail.p, f->detail.n, "943", 3) && !memmem(f->fix.p, f->fix.n, "943", 3),
          "the number is not echoed");
    judged_free(&j);
    judge_clients(&j, "episodes", 0, 5, 5);
    CHECK(strcmp(judged_found(&j), "") == 0, "none passes: %s", judged_found(&j));
    judged_free(&j);
}

static void nhs_columns_apart(void) {
    struct judged j;
    judged_csv(
        &j, "episodes",
        HEADER
        "9434765919,1234567890,E09000012,2025-07-14,43\n4010232137,1234567891,E09000012,2025-07-14,43\nE3,1234567892,E09000012,x,43\n");
    CHECK(
        strcmp(judged_found(&j),
               "1:episodeId:NHS_NUMBER_NOT_ALLOWED 2:episodeId:NHS_NUMBER_NOT_ALLOWED 3:quitDate:BAD_DATE") ==
            0,
        "found %s", judged_found(&j));
    judged_free(&j);
    judged_row(&j, "follow-ups", FORMAT_JSON, "episodeId=9434765919");
    CHECK(strcmp(judged_found(&j), "1:episodeId:UNKNOWN_EPISODE 1:episodeId:NHS_NUMBER_NOT_ALLOWED") == 0,
          "found %s", judged_found(&j));
    judged_free(&j);
}

void suite_returns_rules(void) {
    suite_add("unit returns rules", NULL, NULL);
    case_add("age and date of birth", ages);
    case_add("windows, to the day; a date without an outcome", windows);
    case_add("windows are settings", windows_are_settings);
    case_add("CO readings and the method of the follow-up", readings);
    case_add("follow-ups and their episodes", follow_ups);
    case_add("duplicates in the file and in other periods", duplicates);
    case_add("duplicates among many", duplicates_of_many);
    case_add("a client with two quit dates within four weeks", repeats);
    case_add("the form and the check digit of NHS numbers", nhs_numbers);
    case_add("a number has one check digit or none", check_digits);
    case_add("NHS numbers: at least half of the ten-digit ids, or fewer", nhs_majority);
    case_add("NHS numbers: each column by itself", nhs_columns_apart);
}
