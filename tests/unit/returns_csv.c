/* returns: the CSV reader by itself (fields, lines, faults) and what the judge says of headers and shapes. */
#include <stdlib.h>

#include "returns/csv.h"
#include "returns/csv_scan.h"
#include "returns/csv_write.h"
#include "tests/support/judged.h"
#include "tests/support/suite.h"

/* Rows as "line:field|field", joined by " / "; a fault ends them as "FAULT line". The body stands in memory
 * of exactly its size. */
static void read_all(str body, struct buf *out) {
    char *exact = malloc(body.n ? body.n : 1);
    memcpy(exact, body.p, body.n);
    struct csv c;
    struct fault fault = {.err = OK};
    struct body_window window = {NULL};
    csv_begin(&c, (str){exact, body.n}, &window);
    enum csv_step step;
    while ((step = csv_next(&c, &fault)) == CSV_ROW) {
        buf_printf(out, "%s%u:", out->n ? " / " : "", (unsigned)c.row_line);
        for (size_t i = 0; i < c.count; i++) {
            buf_add_cstr(out, i ? "|" : "");
            buf_add_str(out, csv_value(c.fields[i]));
        }
    }
    if (step == CSV_FAULT) buf_printf(out, " FAULT %u", fault_line(&fault));
    buf_add(out, "", 1);
    csv_end(&c);
    free(exact);
}

static void shapes(void) {
    static const struct {
        const char *label;
        str body;
        const char *rows;
    } CASES[] = {
        {"one row without line end", STR("a,b"), "1:a|b"},
        {"LF", STR("a,b\n1,2\n"), "1:a|b / 2:1|2"},
        {"CRLF", STR("a,b\r\n1,2\r\n"), "1:a|b / 2:1|2"},
        {"CR", STR("a,b\r1,2\r"), "1:a|b / 2:1|2"},
        {"line ends mixed", STR("a,b\n1,2\r\n3,4\r5,6"), "1:a|b / 2:1|2 / 3:3|4 / 4:5|6"},
        {"blank lines skipped and counted", STR("\n\na,b\n\n1,2\n \t\n\r\n3,4\n\n"), "3:a|b / 5:1|2 / 8:3|4"},
        {"rows of separators skipped", STR("a,b\n,\n , \n\"\",\n1,2\n,"), "1:a|b / 5:1|2"},
        {"blank fields", STR("a,b,c\n,,\n1,,\n,2,\n,,3\n"), "1:a|b|c / 3:1|| / 4:|2| / 5:||3"},
        {"trimmed",
         STR(" a ,  b\t\n\xc2\xa0"
             "1\xc2\xa0, 2 2 "),
         "1:a|b / 2:1|2 2"},
        {"quoted", STR("\"a\",\"b\"\n\"1\",\"2\""), "1:a|b / 2:1|2"},
        {"quoted separator", STR("a,b\n\"1,5\",2"), "1:a|b / 2:1,5|2"},
        {"quoted line breaks keep the count", STR("a,b\n\"1\n\r\n\r5\",2\n3,4"),
         "1:a|b / 2:1\n\r\n\r5|2 / 6:3|4"},
        {"doubled quotes", STR("a,b\n\"1\"\"2\",\"\"\"\"\n\"\"\"x\"\"\",\"\""),
         "1:a|b / 2:1\"2|\" / 3:\"x\"|"},
        {"several unescaped fields in a row", STR("\"a\"\"\",\"b\"\"\",\"\"\"c\"\n"), "1:a\"|b\"|\"c"},
        {"quote within a plain field is text", STR("a,5\" pipe,b\n1\"2\"3,\"4\""),
         "1:a|5\" pipe|b / 2:1\"2\"3|4"},
        {"space around quotes", STR("a, \"b,c\" ,d\n"), "1:a|b,c|d"},
        {"value trimmed within quotes", STR("\" a \",b\n"), "1:a|b"},
        {"semicolon", STR("a;b\n1,5;2\n"), "1:a|b / 2:1,5|2"},
        {"tab", STR("a\tb\n1\t2\n"), "1:a|b / 2:1|2"},
        {"tab keeps blank fields", STR("a\tb\tc\n\t2\t\n"), "1:a|b|c / 2:|2|"},
        {"tab after a quoted field", STR("a\tb\n\"1\"\t2\n"), "1:a|b / 2:1|2"},
        {"separator from outside quotes", STR("\"a,b,c\";d\n1;2\n"), "1:a,b,c|d / 2:1|2"},
        {"separator from the first line with text", STR("\n\na;b\n1;2,3,4\n"), "3:a|b / 4:1|2,3,4"},
        {"one column", STR("a\n1\n"), "1:a / 2:1"},
        {"apostrophes that guard", STR("'=1+1,'-x,'@a,'+4,''=x,'plain,'\n"), "1:=1+1|-x|@a|+4|'=x|'plain|'"},
        {"non-ASCII", STR("caf\xc3\xa9,\xe2\x82\xac\n"), "1:caf\xc3\xa9|\xe2\x82\xac"},
        {"open quote", STR("a,b\n1,2\n3,\"4\n5,6\n"), "1:a|b / 2:1|2 FAULT 3"},
        {"open quote at the very end", STR("a,b\n1,\""), "1:a|b FAULT 2"},
        {"open quote after doubled ones", STR("a,b\n1,\"\"\"\n"), "1:a|b FAULT 2"},
        {"text after a closing quote", STR("a,b\n\"1\"x,2\n"), "1:a|b FAULT 2"},
        {"text after a quoted line break", STR("a,b\n\"1\n2\" x,2\n"), "1:a|b FAULT 3"},
        {"quote after a closing quote", STR("a,b\r\"1\" \"2\",3"), "1:a|b FAULT 2"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct buf out = BUF_EMPTY;
        read_all(CASES[i].body, &out);
        CHECK(strcmp(out.p, CASES[i].rows) == 0, "%s: read '%s', expected '%s'", CASES[i].label, out.p,
              CASES[i].rows);
        buf_free(&out);
    }
}

/* The scan works in blocks of 64 bytes: every special at every place in a block must mean the same. */
static void block_boundaries(void) {
    static const char *const LINE_ENDS[] = {"\n", "\r\n", "\r"};
    for (size_t pad = 0; pad < 200; pad++) {
        for (size_t k = 0; k < 3; k++) {
            struct buf body = BUF_EMPTY, out = BUF_EMPTY, want = BUF_EMPTY;
            for (size_t i = 0; i < pad; i++)
                buf_add_char(&body, 'x');
            buf_printf(&body, ",b%s\"1,\"\"2\",c%s,d%s", LINE_ENDS[k], LINE_ENDS[k], LINE_ENDS[k]);
            buf_add_cstr(&want, "1:");
            for (size_t i = 0; i < pad; i++)
                buf_add_char(&want, 'x');
            buf_add_cstr(&want, "|b / 2:1,\"2|c / 3:|d");
            buf_add(&want, "", 1);
            read_all(buf_str(&body), &out);
            CHECK(strcmp(out.p, want.p) == 0, "padding %zu, line end %zu: '%s'", pad, k, out.p);
            buf_free(&body);
            buf_free(&out);
            buf_free(&want);
        }
    }
}

static void scan_finds_specials(void) {
    char block[CSV_BLOCK];
    static const char SPECIALS[] = {';', '"', '\n', '\r'};
    for (int at = 0; at < CSV_BLOCK; at++) {
        for (size_t k = 0; k < sizeof SPECIALS; k++) {
            memset(block, ',', sizeof block);
            block[at] = SPECIALS[k];
            struct csv_specials found = csv_scan_block(block, ';');
            CHECK(found.all == 1ull << at && found.ends == (k ? 1ull << at : 0), "byte %d, special %zu", at,
                  k);
        }
    }
}

static void long_fields(void) {
    enum { LONG = 200000 };
    struct buf body = BUF_EMPTY;
    struct csv c;
    struct body_window window = {NULL};
    buf_add_cstr(&body, "a,b\n\"");
    for (int i = 0; i < LONG; i++)
        buf_add_cstr(&body, "\"\"");
    buf_add_cstr(&body, "\",2\n3,4\n");
    csv_begin(&c, buf_str(&body), &window);
    CHECK(csv_next(&c, NULL) == CSV_ROW && csv_next(&c, NULL) == CSV_ROW && c.fields[0].n == 2 * LONG,
          "too long to be unescaped: left as it stands");
    CHECK(csv_next(&c, NULL) == CSV_ROW && str_is(c.fields[1], "4"), "and the next row is right");
    csv_end(&c);
    buf_free(&body);
}

static void round_trip(void) {
    static const char *const VALUES[] = {
        "plain", "",     "a,b",         "a;b",       "a\tb", "say \"x\"", "two\nlines", "two\r\nlines",
        "=1+1",  "+44",  "-5",          "@home",     "'=x",  "''=x",      "'",          "'plain",
        "\"",    "\"\"", "caf\xc3\xa9", "=\"a\",\nb"};
    enum { COUNT = sizeof VALUES / sizeof *VALUES };
    struct buf body = BUF_EMPTY;
    for (size_t i = 0; i < COUNT; i++) {
        if (i) buf_add_char(&body, ',');
        csv_write_field(&body, str_of(VALUES[i]), true);
    }
    csv_write_end_row(&body);
    struct csv c;
    struct body_window window = {NULL};
    csv_begin(&c, buf_str(&body), &window);
    CHECK(csv_next(&c, NULL) == CSV_ROW && c.count == COUNT, "all fields come back");
    for (size_t i = 0; i < COUNT && i < c.count; i++)
        CHECK(str_is(csv_value(c.fields[i]), VALUES[i]), "'%s' came back as '%.*s'", VALUES[i],
              STR_ARG(csv_value(c.fields[i])));
    csv_end(&c);
    buf_clear(&body);
    csv_write_field(&body, STR("-5"), false);
    csv_write_field(&body, STR("-5"), true);
    CHECK(str_is(buf_str(&body), "-5'-5"), "numbers keep their minus, text is guarded");
    buf_free(&body);
}

/* ---- what the judge says of the file ---- */

static void malformed(void) {
    static const struct {
        const char *label;
        str body;
        const char *says;
    } CASES[] = {
        {"no bytes", STR(""), "Line 1: the body is empty"},
        {"only a BOM", STR("\xef\xbb\xbf"), "Line 1: the body is empty"},
        {"only blank lines", STR("\r\n \n\n"), "Line 1: the body is empty"},
        {"only separators", STR(",,,\n,,,\n"), "no header line"},
        {"NUL", STR("a,b\nc\0d,e\n"), "Line 2 has a NUL byte"},
        {"NUL at the end", STR("a,b\n\0"), "Line 2 has a NUL byte"},
        {"neither UTF-8 nor Windows-1252", STR("a,b\n1,2\r\ncaf\x81,1\n"),
         "Line 3 has a byte (0x81) that is neither UTF-8 nor Windows-1252"},
        {"open quote", STR("episodeId\n\"E1\n"), "Line 2: a quote opens here and is never closed"},
        {"text after quote", STR("episodeId\n\n\"E1\"2\n"), "Line 3: text follows a closing quote"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct judged j;
        judged_text(&j, "episodes", FORMAT_CSV, CASES[i].body);
        CHECK(j.err == ERR_MALFORMED && j.fault.err == ERR_MALFORMED, "%s is malformed", CASES[i].label);
        CHECK(strstr(j.fault.detail, CASES[i].says), "%s: says '%s'", CASES[i].label, j.fault.detail);
        judged_free(&j);
    }
}

static void too_many_columns(void) {
    struct buf body = BUF_EMPTY;
    struct judged j;
    for (int i = 0; i < 1001; i++)
        buf_printf(&body, "c%d,", i);
    buf_add_cstr(&body, "end\n");
    judged_text(&j, "episodes", FORMAT_CSV, buf_str(&body));
    CHECK(j.err == ERR_MALFORMED && strstr(j.fault.detail, "1002 columns"), "says '%s'", j.fault.detail);
    judged_free(&j);
    buf_free(&body);
}

#define GOOD "episodeId,clientId,localAuthority,quitDate,ageAtQuitDate"

static void headers(void) {
    static const struct {
        const char *label, *body, *found;
        uint32_t rows;
    } CASES[] = {
        {"header alone is a nil return", GOOD "\n", "", 0},
        {"BOM", "\xef\xbb\xbf" GOOD "\nE1,C1,E09000012,2025-07-14,43\n", "", 1},
        {"other order",
         "quitDate,clientId,ageAtQuitDate,episodeId,localAuthority\n2025-07-14,C1,43,E1,E09000012\n", "", 1},
        {"other spellings",
         "Episode ID,client_id,LOCAL-AUTHORITY,Quit date,Age at  quit_date\nE1,C1,E09000012,2025-07-14,43\n",
         "", 1},
        {"aliases", "Episode number,Pseudonym,LA code,Agreed quit date,Age\nE1,C1,E09000012,2025-07-14,43\n",
         "", 1},
        {"quoted header",
         "\"episodeId\",\"clientId\",\"localAuthority\",\"Quit\ndate\",\"ageAtQuitDate\"\nE1,C1,E09000012,2025-07-14,43\n",
         "", 1},
        {"semicolons",
         "episodeId;clientId;localAuthority;quitDate;ageAtQuitDate\nE1;C1;E09000012;2025-07-14;43\n", "", 1},
        {"trailing blank columns",
         GOOD
         ",,\nE1,C1,E09000012,2025-07-14,43,,\nE2,C2,E09000012,2025-07-14,43\nE3,C3,E09000012,2025-07-14,43,,,,\n",
         "", 3},
        {"missing column, told once",
         "episodeId,clientId,localAuthority,ageAtQuitDate\nE1,C1,E09000012,43\nE2,C2,E09000012,43\n",
         "0:quitDate:MISSING_COLUMN", 2},
        {"age may be left to the date of birth",
         "episodeId,clientId,localAuthority,quitDate,DOB\nE1,C1,E09000012,2025-07-14,1980-01-01\n", "", 1},
        {"then a row needs it",
         "episodeId,clientId,localAuthority,quitDate,DOB\nE1,C1,E09000012,2025-07-14,\n",
         "1:ageAtQuitDate:MISSING_VALUE", 1},
        {"the age of one row is not that of the next",
         "episodeId,clientId,localAuthority,quitDate,DOB\nE1,C1,E09000012,2025-07-14,1980-01-01\n"
         "E2,C2,E09000012,2025-07-14,\n",
         "2:ageAtQuitDate:MISSING_VALUE", 2},
        {"a bad one is told alone",
         "episodeId,clientId,localAuthority,quitDate,DOB\nE1,C1,E09000012,2025-07-14,x\n",
         "1:dateOfBirth:BAD_DATE", 1},
        {"unknown column", GOOD ",colour,colour\nE1,C1,E09000012,2025-07-14,43,red,blue\n",
         "~0:colour:UNKNOWN_COLUMN ~0:colour:UNKNOWN_COLUMN", 1},
        {"identities",
         GOOD ",NHS number,First name,E-mail\nE1,C1,E09000012,2025-07-14,43,9434765919,Jo,jo@x\n",
         "~0:NHS number:IDENTITY_NOT_STORED ~0:First name:IDENTITY_NOT_STORED ~0:E-mail:IDENTITY_NOT_STORED",
         1},
        {"persons in the place of a header",
         GOOD ",jo.smith@example.org,07700 900123\nE1,C1,E09000012,2025-07-14,43,x,y\n",
         "~0:column 6:UNKNOWN_COLUMN ~0:column 7:UNKNOWN_COLUMN", 1},
        {"unnamed column",
         "episodeId,,clientId,localAuthority,quitDate,ageAtQuitDate\nE1,x,C1,E09000012,2025-07-14,43\n",
         "~0:column 2:UNKNOWN_COLUMN", 1},
        {"repeated column", GOOD ",Quit Date\nE1,C1,E09000012,2025-07-14,43,2025-01-01\n",
         "0:quitDate:DUPLICATE", 1},
        {"repeated by alias", GOOD ",age\nE1,C1,E09000012,2025-07-14,43,44\n", "0:ageAtQuitDate:DUPLICATE",
         1},
        {"too few fields", GOOD "\nE1,C1,E09000012,2025-07-14\nE2,C2,E09000012,2025-07-14,43\n",
         "1:-:WRONG_FIELD_COUNT", 2},
        {"too many fields", GOOD "\nE1,C1,Bournemouth, Christchurch and Poole,2025-07-14,43\n",
         "1:-:WRONG_FIELD_COUNT", 1},
        {"only a value too many", GOOD "\n,,,,,x\n", "1:-:WRONG_FIELD_COUNT", 1},
        {"too many, but blank", GOOD "\nE1,C1,E09000012,2025-07-14,43,, ,\n", "", 1},
        {"no header at all", "E1,C1,E09000012,2025-07-14,43\n",
         "0:episodeId:MISSING_COLUMN 0:clientId:MISSING_COLUMN 0:localAuthority:MISSING_COLUMN 0:quitDate:MISSING_COLUMN 0:ageAtQuitDate:MISSING_COLUMN "
         "~0:column 1:UNKNOWN_COLUMN ~0:column 2:UNKNOWN_COLUMN ~0:column 3:UNKNOWN_COLUMN ~0:column 4:UNKNOWN_COLUMN ~0:column 5:UNKNOWN_COLUMN",
         0},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct judged j;
        judged_csv(&j, "episodes", CASES[i].body);
        CHECK(j.err == OK, "%s: %s", CASES[i].label, j.fault.detail);
        CHECK(strcmp(judged_found(&j), CASES[i].found) == 0, "%s: found '%s', expected '%s'", CASES[i].label,
              judged_found(&j), CASES[i].found);
        CHECK(j.judgement.rows == CASES[i].rows, "%s: %u rows", CASES[i].label, j.judgement.rows);
        judged_free(&j);
    }
}

static void lines_of_findings(void) {
    struct judged j;
    judged_csv(&j, "episodes",
               "\n" GOOD
               ",site\r\n\r\nE1,C1,E09000012,x,43,\"a\nb\r\nc\"\r\n,,,,,\nE2,C2,E09000012,y,43,\nE3,C3\n");
    CHECK(strcmp(judged_found(&j),
                 "1:quitDate:BAD_DATE 1:site:BAD_ID 2:quitDate:BAD_DATE 3:-:WRONG_FIELD_COUNT") == 0,
          "found %s", judged_found(&j));
    static const uint32_t LINES[] = {4, 4, 8, 9};
    for (size_t i = 0; i < 4 && i < j.judgement.findings.kept_count; i++)
        CHECK(j.judgement.findings.kept[i].line == LINES[i], "finding %zu stands on line %u", i,
              j.judgement.findings.kept[i].line);
    judged_free(&j);
}

static void formats(void) {
    static const struct {
        const char *type, *body;
        bool known;
        enum body_format format;
    } CASES[] = {
        {"text/csv", "{", true, FORMAT_CSV},
        {"Text/CSV; charset=utf-8; header=present", "{", true, FORMAT_CSV},
        {"application/json", "a,b", true, FORMAT_JSON},
        {"application/json;charset=utf-8", "a,b", true, FORMAT_JSON},
        {"", "a,b", true, FORMAT_CSV},
        {"", " \r\n {", true, FORMAT_JSON},
        {"", "\xef\xbb\xbf[", true, FORMAT_JSON},
        {"", "", true, FORMAT_CSV},
        {"application/xml", "a,b", false, FORMAT_CSV},
        {"application/x-www-form-urlencoded", "a,b", false, FORMAT_CSV},
        {"text/csvx", "a,b", false, FORMAT_CSV},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        enum body_format format = CASES[i].format == FORMAT_CSV ? FORMAT_JSON : FORMAT_CSV;
        bool known = body_format_find(str_of(CASES[i].type), str_of(CASES[i].body), &format);
        CHECK(known == CASES[i].known && (!known || format == CASES[i].format), "'%s' with '%s'",
              CASES[i].type, CASES[i].body);
    }
}

void suite_returns_csv(void) {
    suite_add("unit returns csv", NULL, NULL);
    case_add("rows, fields, lines and faults", shapes);
    case_add("specials at every place of a block", block_boundaries);
    case_add("the scan finds every special", scan_finds_specials);
    case_add("fields too long to unescape", long_fields);
    case_add("what is written is read back", round_trip);
    case_add("files that cannot be read, with their line", malformed);
    case_add("a header of too many columns", too_many_columns);
    case_add("headers: spelling, order, aliases, missing, unknown, repeated, identities", headers);
    case_add("findings name the line on which the row begins", lines_of_findings);
    case_add("the format by content type, or sniffed", formats);
}
