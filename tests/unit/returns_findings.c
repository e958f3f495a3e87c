/* returns: which findings are kept, in which order, and that their counts are exact whatever their number. */
#include <stdio.h>
#include <stdlib.h>

#include "returns/findings.h"
#include "returns/summary.h"
#include "tests/support/judged.h"
#include "tests/support/suite.h"

static void codes_and_severities(void) {
    CHECK(strcmp(finding_code_name(FINDING_MISSING_COLUMN), "MISSING_COLUMN") == 0, "first name");
    CHECK(strcmp(finding_code_name(FINDING_SPREADSHEET_RESIDUE), "SPREADSHEET_RESIDUE") == 0, "last name");
    CHECK(strcmp(finding_code_name(FINDING_CODE_COUNT), "") == 0, "no name beyond");
    CHECK(finding_code_severity(FINDING_WRONG_TYPE) == SEVERITY_ERROR &&
              finding_code_severity(FINDING_UNKNOWN_COLUMN) == SEVERITY_WARNING,
          "severities");
}

static bool in_order(const struct findings *f) {
    for (size_t i = 1; i < f->kept_count; i++) {
        const struct finding *a = &f->kept[i - 1], *b = &f->kept[i];
        if (a->row > b->row || (a->row == b->row && a->order > b->order)) return false;
    }
    return true;
}

/* In whatever order they come, the first thousand by row and column remain. */
static void any_order(void) {
    enum { COUNT = 5000 };
    struct findings f = {.arena = ARENA_EMPTY};
    unsigned seed = 1;
    for (unsigned i = 0; i < COUNT; i++) {
        unsigned at = i * 2377 % COUNT; /* a permutation: 2377 is coprime to 5000 */
        seed = seed * 1664525 + 1013904223;
        struct finding what = {.row = at / 5,
                               .order = (uint16_t)(at % 5),
                               .code = FINDING_BAD_DATE,
                               .severity = seed >> 31 ? SEVERITY_ERROR : SEVERITY_WARNING};
        findings_add(&f, &what);
    }
    CHECK(f.errors + f.warnings == COUNT && f.by_code[FINDING_BAD_DATE] == COUNT, "all are counted");
    CHECK(f.kept_count == FINDINGS_KEPT && findings_truncated(&f) && in_order(&f),
          "a thousand are kept in order");
    for (unsigned i = 0; i < f.kept_count; i++)
        CHECK(f.kept[i].row == i / 5 && f.kept[i].order == i % 5, "finding %u is row %u column %u", i,
              f.kept[i].row, f.kept[i].order);
    findings_free(&f);
    CHECK(f.kept == NULL && f.errors == 0, "nothing remains");
}

#define HEADER                                                                                               \
    "episodeId,clientId,localAuthority,quitDate,ageAtQuitDate,gender,outcome4w,followUp4wDate,co4wPpm\n"

/* Errors of the row's rules come after those of its cells, yet stand by column. */
static void order_within_a_row(void) {
    struct judged j;
    judged_csv(&j, "episodes", HEADER "E1,C1,E09000012,2025-07-14,43,,,,\nE1,,Hackny,x,,9,1,2026-03-01,x\n");
    CHECK(
        strcmp(
            judged_found(&j),
            "2:episodeId:DUPLICATE 2:clientId:MISSING_VALUE 2:localAuthority:UNKNOWN_CODE 2:quitDate:BAD_DATE 2:ageAtQuitDate:MISSING_VALUE "
            "2:gender:UNKNOWN_CODE 2:followUp4wDate:OUT_OF_RANGE 2:co4wPpm:BAD_NUMBER") == 0,
        "found %s", judged_found(&j));
    judged_free(&j);
}

/* Three errors and a warning a row: the cut lies within a row. NHS numbers, known only at the end, take their
 * places. */
static void many(void) {
    enum { ROWS = 3000 };
    struct buf body = BUF_EMPTY;
    struct judged j;
    buf_add_cstr(&body, HEADER);
    for (int i = 0; i < ROWS; i++)
        buf_printf(&body, "E%d,9434765919,E09000012,x,y,9,,2025-08-01,\n", i);
    judged_text(&j, "episodes", FORMAT_CSV, buf_str(&body));
    const struct findings *f = &j.judgement.findings;
    CHECK(f->errors == 4u * ROWS && f->warnings == ROWS, "%llu errors, %llu warnings",
          (unsigned long long)f->errors, (unsigned long long)f->warnings);
    CHECK(f->by_code[FINDING_BAD_DATE] == ROWS && f->by_code[FINDING_NHS_NUMBER_NOT_ALLOWED] == ROWS &&
              f->by_code[FINDING_MISSING_VALUE] == ROWS,
          "by code");
    CHECK(f->kept_count == FINDINGS_KEPT && findings_truncated(f) && in_order(f), "a thousand in order");
    static const enum finding_code ROW[] = {FINDING_NHS_NUMBER_NOT_ALLOWED, FINDING_BAD_DATE,
                                            FINDING_BAD_NUMBER, FINDING_UNKNOWN_CODE, FINDING_MISSING_VALUE};
    for (size_t i = 0; i < f->kept_count; i++)
        CHECK(f->kept[i].row == i / 5 + 1 && f->kept[i].code == ROW[i % 5] && f->kept[i].detail.n,
              "finding %zu: row %u %s", i, f->kept[i].row, finding_code_name(f->kept[i].code));
    CHECK(j.judgement.rows == ROWS && j.judgement.facts.n == 0 && j.judgement.digests.n == 0 &&
              spill_size(&j.judgement.copy) == 0,
          "nothing is kept of a refused file");
    judged_free(&j);
    buf_free(&body);
}

/* Findings of the header come first, though JSON meets an unknown property late. */
static void header_first(void) {
    struct buf body = BUF_EMPTY;
    struct judged j;
    buf_add_cstr(&body, "{\"rows\":[");
    for (int i = 0; i < 400; i++)
        buf_printf(&body, "%s{\"episodeId\":\"E%d\"%s}", i ? "," : "", i, i == 399 ? ",\"colour\":1" : "");
    buf_add_cstr(&body, "]}");
    judged_text(&j, "episodes", FORMAT_JSON, buf_str(&body));
    const struct findings *f = &j.judgement.findings;
    CHECK(f->kept_count == FINDINGS_KEPT && f->kept[0].row == 0 && f->kept[0].code == FINDING_UNKNOWN_COLUMN,
          "the property is the first finding");
    CHECK(f->errors == 1600 && f->warnings == 1 && in_order(f), "%llu errors", (unsigned long long)f->errors);
    judged_free(&j);
    buf_free(&body);
}

static void warnings_do_not_refuse(void) {
    struct judged j;
    judged_row(&j, "episodes", FORMAT_CSV, "nssec=8|colour=red|outcome4w=1|followUp4wDate=2025-07-20");
    CHECK(j.judgement.findings.errors == 0 && j.judgement.findings.warnings == 3, "found %s",
          judged_found(&j));
    CHECK(j.judgement.facts.n == sizeof(struct fact_episode) && j.judgement.digests.n == 32 &&
              spill_size(&j.judgement.copy) > 100,
          "the row is there");
    judged_free(&j);
}

/* "errors column code count@firstRow ..." of a body. */
static void summary_text(struct buf *out, const struct findings *f) {
    struct arena a = ARENA_EMPTY;
    struct summary_line *lines;
    size_t count = summary_make(f, &a, &lines);
    buf_clear(out);
    for (size_t i = 0; i < count; i++)
        buf_printf(out, "%s%s%s:%s %llu@%u", i ? ", " : "", lines[i].severity == SEVERITY_WARNING ? "~" : "",
                   lines[i].column ? lines[i].column : "-", finding_code_name(lines[i].code),
                   (unsigned long long)lines[i].count, (unsigned)lines[i].first_row);
    buf_add(out, "", 1);
    out->n--;
    arena_free(&a);
}

static void grouped(void) {
    static const struct {
        const char *what, *part, *body, *summary;
        unsigned suppressed;
    } CASES[] = {
        {"nothing found", "advisers", "adviserId,organisation\nA,B\n", "", 0},
        {"errors first, then the most frequent", "advisers",
         "adviserId,organisation,colour\n,B,\n!,,x\n!,,\nA,,\nB\n",
         "organisation:MISSING_VALUE 3@2, adviserId:BAD_ID 2@2, adviserId:MISSING_VALUE 1@1, "
         "-:WRONG_FIELD_COUNT 1@5, ~colour:UNKNOWN_COLUMN 1@0",
         0},
        {"the same code as error and as warning", "follow-ups",
         "episodeId,stage,date,outcome\nHERE,4W,2025-08-11,\nEARLIER,4W,,1\n",
         "date:MISSING_VALUE 1@2, outcome:MISSING_VALUE 1@1", 0},
        {"a column that the header lacks is told once and counted for each row", "advisers",
         "adviserId,organization name\nA,B\nB,C\nC,D\n",
         "organisation:MISSING_COLUMN 1@0, ~organization name:IDENTITY_NOT_STORED 1@0", 3},
        {"an age that a bad date of birth stands for", "episodes",
         "episodeId,clientId,localAuthority,quitDate,dateOfBirth\nE1,C1,Hackney,2025-07-14,x\n"
         "E2,C2,Hackney,2025-07-14,\nE3,C3,Hackney,2025-07-14,1980-01-01\n",
         "ageAtQuitDate:MISSING_VALUE 1@2, dateOfBirth:BAD_DATE 1@1", 1},
    };
    struct buf text = BUF_EMPTY;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct judged j;
        judged_csv(&j, CASES[i].part, CASES[i].body);
        summary_text(&text, &j.judgement.findings);
        CHECK(strcmp(text.p, CASES[i].summary) == 0, "%s: %s", CASES[i].what, text.p);
        CHECK(j.judgement.findings.suppressed == CASES[i].suppressed, "%s: %llu suppressed", CASES[i].what,
              (unsigned long long)j.judgement.findings.suppressed);
        judged_free(&j);
    }
    buf_free(&text);
}

/* What stands before all columns has its name there too. */
static void grouped_before_columns(void) {
    struct judged j;
    struct buf text = BUF_EMPTY;
    judged_text(&j, "advisers", FORMAT_JSON, STR("{}"));
    summary_text(&text, &j.judgement.findings);
    CHECK(strcmp(text.p, "rows:MISSING_VALUE 1@0") == 0, "%s", text.p);
    judged_free(&j);
    buf_free(&text);
}

/* Beyond the thousand that are kept, and beyond the thousand sightings of NHS numbers, the groups stay exact. */
static void grouped_of_many(void) {
    enum { ROWS = 3000 };
    struct buf body = BUF_EMPTY, text = BUF_EMPTY;
    struct judged j;
    buf_add_cstr(&body, HEADER);
    for (int i = 0; i < ROWS; i++)
        buf_printf(&body, "E%d,9434765919,E09000012,%s,44,,,,\n", i, i % 3 ? "2025-07-14" : "x");
    judged_text(&j, "episodes", FORMAT_CSV, buf_str(&body));
    summary_text(&text, &j.judgement.findings);
    CHECK(strcmp(text.p, "clientId:NHS_NUMBER_NOT_ALLOWED 3000@1, quitDate:BAD_DATE 1000@1, "
                         "~clientId:REPEAT_ATTEMPT 1999@3") == 0,
          "%s", text.p);
    judged_free(&j);
    buf_clear(&body);
    for (int i = 0; i < 999; i++)
        buf_printf(&body, "unknown%d,", i);
    buf_add_cstr(&body, "adviserId\n");
    for (int i = 0; i < 1500; i++)
        buf_add_cstr(&body, "x\n");
    judged_text(&j, "advisers", FORMAT_CSV, buf_str(&body));
    struct arena a = ARENA_EMPTY;
    struct summary_line *lines;
    size_t count = summary_make(&j.judgement.findings, &a, &lines);
    CHECK(count == 1001 && lines[0].code == FINDING_WRONG_FIELD_COUNT && lines[0].count == 1500,
          "%zu lines, first %llu", count, (unsigned long long)lines[0].count);
    arena_free(&a);
    judged_free(&j);
    buf_free(&body);
    buf_free(&text);
}

void suite_returns_findings(void) {
    suite_add("unit returns findings", NULL, NULL);
    case_add("codes and severities", codes_and_severities);
    case_add("the first thousand remain, in whatever order they come", any_order);
    case_add("within a row they stand by column", order_within_a_row);
    case_add("of many, counts are exact and NHS numbers are in their place", many);
    case_add("the header comes first", header_first);
    case_add("grouped by code and column, and what is not told twice", grouped);
    case_add("a group that stands before all columns", grouped_before_columns);
    case_add("the groups of many are exact", grouped_of_many);
    case_add("warnings do not refuse a file", warnings_do_not_refuse);
}
