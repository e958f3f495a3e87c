/* returns: the JSON reader: strict about JSON, exact about names, and of the same mind as CSV about values. */
#include <stdlib.h>

#include "tests/support/judged.h"
#include "tests/support/suite.h"

#define ROW                                                                                                  \
    "\"episodeId\":\"E1\",\"clientId\":\"C1\",\"localAuthority\":\"E09000012\",\"quitDate\":\"2025-07-14\",\"ageAtQuitDate\":43"
#define ROWS(rows) "{\"rows\":[" rows "]}"

struct json_case {
    const char *label, *body, *found;
};

/* In memory of exactly its size, so that a sanitizer sees a read beyond the end. */
static void judge_exactly(struct judged *j, str body) {
    char *exact = malloc(body.n ? body.n : 1);
    memcpy(exact, body.p, body.n);
    judged_text(j, "episodes", FORMAT_JSON, (str){exact, body.n});
    free(exact);
}

static void try_cases(const struct json_case *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct judged j;
        judge_exactly(&j, str_of(cases[i].body));
        CHECK(j.err == OK, "%s: %s", cases[i].label, j.fault.detail);
        CHECK(strcmp(judged_found(&j), cases[i].found) == 0, "%s: found '%s', expected '%s'", cases[i].label,
              judged_found(&j), cases[i].found);
        judged_free(&j);
    }
}
#define TRY(cases) try_cases((cases), sizeof(cases) / sizeof *(cases))

static void shapes(void) {
    static const struct json_case CASES[] = {
        {"nil return", "{\"rows\":[]}", ""},
        {"nil return with space", " \t\r\n{ \"rows\" : [ ] } \n", ""},
        {"BOM", "\xef\xbb\xbf{\"rows\":[]}", ""},
        {"one row", ROWS("{" ROW "}"), ""},
        {"space everywhere",
         "{ \"rows\" : [ { \"episodeId\" : \"E1\" , \"clientId\":\"C1\",\n\"localAuthority\" :\"Hackney\",\"quitDate\":\"2025-07-14\",\"ageAtQuitDate\": 43 } ] }",
         ""},
        {"escaped names and values",
         ROWS(
             "{\"\\u0065pisodeId\":\"\\u0045\\u0031\",\"clientId\":\"C1\",\"localAuthority\":\"Hackney\",\"quitDate\":\"2025\\u002d07-14\",\"ageAtQuitDate\":43}"),
         ""},
        {"no rows", "{}", "0:rows:MISSING_VALUE"},
        {"rows in another case", "{\"Rows\":[]}", "0:rows:MISSING_VALUE ~0:Rows:UNKNOWN_COLUMN"},
        {"an array", "[{" ROW "}]", "0:rows:MISSING_VALUE"},
        {"a string", "\"rows\"", "0:rows:MISSING_VALUE"},
        {"null", "null", "0:rows:MISSING_VALUE"},
        {"rows is an object", "{\"rows\":{\"a\":[1,2,{}]}}", "0:rows:WRONG_TYPE"},
        {"rows is null", "{\"rows\":null}", "0:rows:WRONG_TYPE"},
        {"rows that are no objects", ROWS("1,[],\"x\",null,{" ROW "}"),
         "1:-:WRONG_TYPE 2:-:WRONG_TYPE 3:-:WRONG_TYPE 4:-:WRONG_TYPE"},
        {"an empty row", ROWS("{}"),
         "1:episodeId:MISSING_VALUE 1:clientId:MISSING_VALUE 1:localAuthority:MISSING_VALUE 1:quitDate:MISSING_VALUE 1:ageAtQuitDate:MISSING_VALUE"},
        {"beside rows", "{\"service\":{\"a\":[{}]},\"rows\":[{" ROW "}],\"note\":1e9}",
         "~0:service:UNKNOWN_COLUMN ~0:note:UNKNOWN_COLUMN"},
        {"unknown properties once each",
         ROWS(
             "{" ROW
             ",\"colour\":\"red\",\"size\":{\"a\":1}},{\"episodeId\":\"E2\",\"clientId\":\"C2\",\"localAuthority\":\"Hackney\",\"quitDate\":\"2025-07-14\",\"ageAtQuitDate\":43,\"colour\":[]}"),
         "~0:colour:UNKNOWN_COLUMN ~0:size:UNKNOWN_COLUMN"},
        {"names are exact", ROWS("{" ROW ",\"Quit date\":\"x\",\"quitdate\":\"x\"}"),
         "~0:Quit date:UNKNOWN_COLUMN ~0:quitdate:UNKNOWN_COLUMN"},
        {"identities", ROWS("{" ROW ",\"nhsNumber\":\"9434765919\",\"surname\":\"x\"}"),
         "~0:nhsNumber:IDENTITY_NOT_STORED ~0:surname:IDENTITY_NOT_STORED"},
        {"order may change from row to row",
         ROWS(
             "{" ROW
             ",\"gender\":\"1\"},{\"gender\":\"2\",\"ageAtQuitDate\":43,\"quitDate\":\"2025-07-14\",\"localAuthority\":\"Hackney\",\"clientId\":\"C2\",\"episodeId\":\"E2\"}"),
         ""},
        {"a value does not stay for the next row",
         ROWS(
             "{" ROW
             ",\"gender\":\"9\"},{\"episodeId\":\"E2\",\"clientId\":\"C2\",\"localAuthority\":\"Hackney\",\"quitDate\":\"2025-07-14\"}"),
         "1:gender:UNKNOWN_CODE 2:ageAtQuitDate:MISSING_VALUE"},
    };
    TRY(CASES);
}

static void types(void) {
    static const struct json_case CASES[] = {
        {"null and blank",
         ROWS("{" ROW ",\"gender\":null,\"pregnant\":\"\",\"co4wPpm\":null,\"site\":\" \"}"), ""},
        {"numbers as strings",
         ROWS(
             "{\"episodeId\":\"E1\",\"clientId\":\"C1\",\"localAuthority\":\"Hackney\",\"quitDate\":\"2025-07-14\",\"ageAtQuitDate\":\"43\"}"),
         ""},
        {"flags as booleans", ROWS("{" ROW ",\"pregnant\":true,\"homeless\":false}"), ""},
        {"outcomes as integers", ROWS("{" ROW ",\"outcome4w\":3,\"outcome12w\":2}"), ""},
        {"a flag as a number", ROWS("{" ROW ",\"pregnant\":1}"), "1:pregnant:WRONG_TYPE"},
        {"a code as a number", ROWS("{" ROW ",\"gender\":1}"), "1:gender:WRONG_TYPE"},
        {"an id as a number",
         ROWS(
             "{\"episodeId\":1,\"clientId\":\"C1\",\"localAuthority\":\"Hackney\",\"quitDate\":\"2025-07-14\",\"ageAtQuitDate\":43}"),
         "1:episodeId:WRONG_TYPE"},
        {"a date as a number", ROWS("{" ROW ",\"deliveryDate\":20250714}"), "1:deliveryDate:WRONG_TYPE"},
        {"a word as a boolean", ROWS("{" ROW ",\"housingTenure\":true}"), "1:housingTenure:WRONG_TYPE"},
        {"words as an array", ROWS("{" ROW ",\"longTermConditions\":[\"COPD\",{\"a\":[]}]}"),
         "1:longTermConditions:WRONG_TYPE"},
        {"a number as an object", ROWS("{" ROW ",\"co4wPpm\":{}}"), "1:co4wPpm:WRONG_TYPE"},
        {"a number as a boolean", ROWS("{" ROW ",\"co4wPpm\":false}"), "1:co4wPpm:WRONG_TYPE"},
        {"a fraction", ROWS("{" ROW ",\"co4wPpm\":1.5}"), "1:co4wPpm:BAD_NUMBER"},
        {"a whole fraction", ROWS("{" ROW ",\"co4wPpm\":7.0}"), "1:co4wPpm:BAD_NUMBER"},
        {"an exponent", ROWS("{" ROW ",\"co4wPpm\":1e1}"), "1:co4wPpm:BAD_NUMBER"},
        {"minus nothing", ROWS("{" ROW ",\"co4wPpm\":-0}"), ""},
        {"below", ROWS("{" ROW ",\"co4wPpm\":-1}"), "1:co4wPpm:OUT_OF_RANGE"},
        {"beyond 64 bits", ROWS("{" ROW ",\"co4wPpm\":123456789012345678901234567890}"),
         "1:co4wPpm:OUT_OF_RANGE"},
        {"beyond a double", ROWS("{" ROW ",\"co4wPpm\":1e400}"), "1:co4wPpm:OUT_OF_RANGE"},
        {"beyond a double, signed", ROWS("{" ROW ",\"co4wPpm\":-1.5E+400}"), "1:co4wPpm:OUT_OF_RANGE"},
        {"almost nothing", ROWS("{" ROW ",\"co4wPpm\":1e-400}"), "1:co4wPpm:BAD_NUMBER"},
        {"nothing times much", ROWS("{" ROW ",\"co4wPpm\":0e400}"), "1:co4wPpm:BAD_NUMBER"},
        {"an outcome too large", ROWS("{" ROW ",\"outcome4w\":4}"), "1:outcome4w:UNKNOWN_CODE"},
    };
    TRY(CASES);
}

static void malformed(void) {
    static const struct {
        const char *label;
        str body;
        unsigned line;
        const char *says;
    } CASES[] = {
        {"no bytes", STR(""), 1, "empty"},
        {"only space", STR(" \n\n"), 1, "empty"},
        {"cut short", STR("{\"rows\":[{\"episodeId\":\"E1\"\n"), 2, "end of the body"},
        {"cut within a string", STR("{\"rows\":[{\"episodeId\":\"E1"), 1, "within a string"},
        {"cut within a name", STR("{\"ro"), 1, "within a string"},
        {"cut within an escape", STR("{\"rows\":[\"\\"), 1, "escape"},
        {"cut within \\u", STR("{\"rows\":[\"\\u00"), 1, "hexadecimal"},
        {"cut within a literal", STR("{\"rows\":[tru"), 1, "value expected"},
        {"text after the end", STR("{\"rows\":[]}\n\nx"), 3, "follows the end"},
        {"two documents", STR("{\"rows\":[]}{\"rows\":[]}"), 1, "follows the end"},
        {"trailing comma in rows", STR("{\"rows\":[{},\n]}"), 2, "row expected"},
        {"trailing comma in a row", STR("{\"rows\":[{\"site\":\"a\",}]}"), 1, "property name"},
        {"trailing comma at the top", STR("{\"rows\":[],}"), 1, "property expected"},
        {"trailing comma in a skipped array", STR("{\"x\":[1,],\"rows\":[]}"), 1, "value expected"},
        {"missing comma", STR("{\"rows\":[{} {}]}"), 1, "comma"},
        {"missing colon", STR("{\"rows\" []}"), 1, "colon"},
        {"single quotes", STR("{'rows':[]}"), 1, "property name"},
        {"unquoted name", STR("{rows:[]}"), 1, "property name"},
        {"comment", STR("{\"rows\":[] /* x */}"), 1, "comma"},
        {"capital literal", STR("{\"rows\":[True]}"), 1, "value expected"},
        {"NaN", STR("{\"rows\":[{\"co4wPpm\":NaN}]}"), 1, "value expected"},
        {"leading zero", STR("{\"rows\":[{\"co4wPpm\":07}]}"), 1, "number"},
        {"leading plus", STR("{\"rows\":[{\"co4wPpm\":+7}]}"), 1, "value expected"},
        {"point without digits", STR("{\"rows\":[{\"co4wPpm\":7.}]}"), 1, "number"},
        {"bare point", STR("{\"rows\":[{\"co4wPpm\":.7}]}"), 1, "value expected"},
        {"exponent without digits", STR("{\"rows\":[{\"co4wPpm\":7e}]}"), 1, "number"},
        {"minus alone", STR("{\"rows\":[{\"co4wPpm\":-}]}"), 1, "number"},
        {"line break in a string", STR("{\"rows\":[{\"site\":\"a\nb\"}]}"), 1, "control character"},
        {"tab in a string", STR("{\"rows\":[{\"site\":\"a\tb\"}]}"), 1, "control character"},
        {"unknown escape", STR("{\"rows\":[{\"site\":\"\\x41\"}]}"), 1, "escape"},
        {"\\u0000", STR("{\"rows\":[{\"site\":\"\\u0000\"}]}"), 1, "u0000"},
        {"lone high surrogate", STR("{\"rows\":[{\"site\":\"\\ud83d\"}]}"), 1, "surrogate"},
        {"lone low surrogate", STR("{\"rows\":[{\"site\":\"\\ude00\"}]}"), 1, "surrogate"},
        {"two high surrogates", STR("{\"rows\":[{\"site\":\"\\ud83d\\ud83d\"}]}"), 1, "surrogate"},
        {"lone surrogate in a skipped value", STR("{\"x\":\"\\ud83d\",\"rows\":[]}"), 1, "surrogate"},
        {"NUL", STR("{\"rows\":[\0]}"), 1, "NUL"},
        {"invalid UTF-8", STR("{\"rows\":[\n{\"site\":\"\xe9\"}]}"), 2, "not UTF-8"},
        {"repeated column", STR("{\"rows\":[{\"site\":\"a\",\n\"site\":\"a\"}]}"), 2, "twice"},
        {"repeated under another spelling", STR("{\"rows\":[{\"site\":\"a\",\"s\\u0069te\":\"a\"}]}"), 1,
         "twice"},
        {"repeated unknown property", STR("{\"rows\":[{\"x\":1,\"y\":2,\"x\":3}]}"), 1, "twice"},
        {"repeated in a skipped object", STR("{\"rows\":[{\"x\":{\"a\":1,\"b\":{\"a\":1},\"a\":2}}]}"), 1,
         "twice"},
        {"repeated rows", STR("{\"rows\":[],\"rows\":[]}"), 1, "twice"},
        {"repeated beside rows", STR("{\"a\":1,\"rows\":[],\"a\":1}"), 1, "twice"},
        {"mismatched brackets", STR("{\"rows\":[{\"x\":[}]}]}"), 1, "value expected"},
        {"closing the wrong one", STR("{\"rows\":[{\"x\":[1}]}"), 1, "comma or a closing bracket"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct judged j;
        judge_exactly(&j, CASES[i].body);
        CHECK(j.err == ERR_MALFORMED, "%s is malformed (found %s)", CASES[i].label,
              j.err == OK ? judged_found(&j) : "");
        CHECK(fault_line(&j.fault) == CASES[i].line && strstr(j.fault.detail, CASES[i].says), "%s: says '%s'",
              CASES[i].label, j.fault.detail);
        judged_free(&j);
    }
}

/* rows is the second level, a row the third. */
static void nesting(void) {
    for (int levels = 28; levels <= 31; levels++) {
        struct buf body = BUF_EMPTY;
        struct judged j;
        buf_add_cstr(&body, "{\"rows\":[{" ROW ",\"x\":");
        for (int i = 0; i < levels; i++)
            buf_add_cstr(&body, i % 2 ? "[" : "{\"a\":");
        buf_add_cstr(&body, "1");
        for (int i = levels; i-- > 0;)
            buf_add_cstr(&body, i % 2 ? "]" : "}");
        buf_add_cstr(&body, "}]}");
        judged_text(&j, "episodes", FORMAT_JSON, buf_str(&body));
        CHECK((j.err == OK) == (levels <= 29), "%d levels in a value: %s", levels, j.fault.detail);
        judged_free(&j);
        buf_free(&body);
    }
    struct buf deep = BUF_EMPTY;
    struct judged j;
    for (int i = 0; i < 1000000; i++)
        buf_add_char(&deep, '[');
    judged_text(&j, "episodes", FORMAT_JSON, buf_str(&deep));
    CHECK(j.err == ERR_MALFORMED && strstr(j.fault.detail, "32"), "a million brackets: %s", j.fault.detail);
    buf_free(&deep);
}

static void too_many_properties(void) {
    struct buf body = BUF_EMPTY;
    struct judged j;
    buf_add_cstr(&body, "{\"rows\":[{\"x\":{");
    for (int i = 0; i < 5000; i++)
        buf_printf(&body, "%s\"k%d\":0", i ? "," : "", i);
    buf_add_cstr(&body, "}}]}");
    judged_text(&j, "episodes", FORMAT_JSON, buf_str(&body));
    CHECK(j.err == ERR_MALFORMED && strstr(j.fault.detail, "4096 properties"), "says '%s'", j.fault.detail);
    buf_clear(&body);
    buf_add_cstr(&body, "{\"rows\":[");
    for (int i = 0; i < 20; i++)
        for (int k = 0; k < 500; k++)
            buf_printf(&body, "%s\"k%d\":0%s", k ? "," : i ? ",{" : "{", k, k == 499 ? "}" : "");
    buf_add_cstr(&body, "]}");
    judged_text(&j, "episodes", FORMAT_JSON, buf_str(&body));
    CHECK(j.err == OK && j.judgement.findings.by_code[FINDING_UNKNOWN_COLUMN] == 500,
          "500 names in each of 20 rows are well, and warned of once");
    judged_free(&j);
    buf_free(&body);
}

static void lines_of_findings(void) {
    struct judged j;
    judged_json(
        &j, "episodes",
        "{\n\"rows\": [\r\n  {\n \"episodeId\":\"E1\",\n\"clientId\":\"C1\",\"localAuthority\":\"Hackney\",\"quitDate\":\"x\",\"ageAtQuitDate\":43\n},\r{" ROW
        ",\n\"gender\":\"q\"}\n\n, 5\n]}");
    CHECK(strcmp(judged_found(&j),
                 "1:quitDate:BAD_DATE 2:episodeId:DUPLICATE 2:gender:UNKNOWN_CODE 3:-:WRONG_TYPE") == 0,
          "found %s", judged_found(&j));
    static const uint32_t LINES[] = {3, 7, 7, 10};
    for (size_t i = 0; i < 4 && i < j.judgement.findings.kept_count; i++)
        CHECK(j.judgement.findings.kept[i].line == LINES[i], "finding %zu stands on line %u", i,
              j.judgement.findings.kept[i].line);
    judged_free(&j);
}

/* Escapes of every length, also at the end of the room that a value has. */
static void escapes(void) {
    struct judged j, plain;
    judged_json(&j, "episodes", ROWS("{" ROW ",\"housingTenure\":\"\\u0000\"}"));
    CHECK(j.err == ERR_MALFORMED, "no NUL");
    judged_free(&j);
    judged_json(&j, "episodes",
                ROWS("{" ROW ",\"site\":\"\\u20ac\\ud83d\\ude00\\\"\\\\\\/\\b\\f\\n\\r\\t\"}"));
    const struct finding *f = judged_first(&j, FINDING_BAD_ID);
    CHECK(f && memmem(f->detail.p, f->detail.n, "\"\xe2\x82\xac\xf0\x9f\x98\x80\"\\/\\x08\\x0c\"", 17),
          "shown as '%.*s'", f ? (int)f->detail.n : 0, f ? f->detail.p : "");
    judged_free(&j);
    struct buf body = BUF_EMPTY;
    buf_add_cstr(&body, "{\"rows\":[{" ROW ",\"site\":\"");
    for (int i = 0; i < 10000; i++)
        buf_add_cstr(&body, "\\u0020");
    buf_add_cstr(&body, "x\"}]}");
    judged_text(&j, "episodes", FORMAT_JSON, buf_str(&body));
    CHECK(strcmp(judged_found(&j), "1:site:BAD_ID") == 0, "a value too long to unescape is no id: %s",
          judged_found(&j));
    judged_free(&j);
    buf_free(&body);
    judged_json(&j, "episodes", ROWS("{" ROW ",\"site\":\"\\u004dAIN\"}"));
    judged_json(&plain, "episodes", ROWS("{" ROW ",\"site\":\"MAIN\"}"));
    CHECK(str_eq(j.judgement.digests, plain.judgement.digests), "an escaped value is the same value");
    judged_free(&j);
    judged_free(&plain);
}

void suite_returns_json(void) {
    suite_add("unit returns json", NULL, NULL);
    case_add("shapes of the body and of rows", shapes);
    case_add("types of values", types);
    case_add("bodies that are not JSON, with their line", malformed);
    case_add("nesting", nesting);
    case_add("properties without end", too_many_properties);
    case_add("findings name the line on which the row begins", lines_of_findings);
    case_add("escapes", escapes);
}
