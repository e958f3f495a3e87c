/* returns: a provider's own file, given back with what was found beside each row. */
#include <stdio.h>

#include "tests/fuzz/annotated_body.h"
#include "tests/support/hostile.h"
#include "tests/support/judged.h"
#include "tests/support/suite.h"

static const char *given_back(struct buf *out, const char *part, str body) {
    struct judge_input in = judged_defaults(part, FORMAT_CSV, body);
    buf_clear(out);
    const char *wrong = annotate_and_compare(&in, out);
    buf_add(out, "", 1);
    out->n--;
    return wrong;
}

#define B(text)                                                                                              \
    { text, sizeof text - 1 }
#define REF                                                                                                  \
    "ERROR BAD_ID siteId: \"\"#REF!\"\" is a spreadsheet's error: its formula refers to a cell that is no longer there. Mend the formula in the spreadsheet, or type the value, and export the file again."

static void texts(void) {
    static const struct {
        const char *what;
        str body;
        const char *text;
    } CASES[] = {
        {"a clean file", B("siteId,name\nS1,x\nS2,\"a, b\"\n"),
         "siteId,name,problems\r\nS1,x,\r\nS2,\"a, b\",\r\n"},
        {"its own separator", B("sep=;\nsiteId;name\nS1;x,y\n"), "siteId;name;problems\r\nS1;\"x,y\";\r\n"},
        {"tabs and quoted line breaks", B("siteId\tname\rS1\t\"a\nb\"\r"),
         "siteId\tname\tproblems\r\nS1\t\"a\nb\"\t\r\n"},
        {"blank rows and columns are left out", B("siteId,name,,\n\n,,,\nS1,x,,\n"),
         "siteId,name,problems\r\nS1,x,\r\n"},
        {"a finding", B("siteId,name\n#REF!,x\nS1,y\n"),
         "siteId,name,problems\r\n#REF!,x,\"" REF "\"\r\nS1,y,\r\n"},
        {"an old column of problems is written anew",
         B("siteId,name,Problems\nS1,x,ERROR of before\n#REF!,y,\n"),
         "siteId,name,problems\r\nS1,x,\"In the header: WARNING UNKNOWN_COLUMN Problems: \"\"Problems\"\" is no column of sites; it was not read. "
         "Nothing has to be done. The columns of sites stand in its template.\"\r\n#REF!,y,\"" REF "\"\r\n"},
        {"formulas get an apostrophe, what has one keeps it",
         B("siteId,name\nS1,=1+1\nS2,\" @x\"\nS3,'-y\nS4,=\"z\"\n"),
         "siteId,name,problems\r\nS1,'=1+1,\r\nS2,\" '@x\",\r\nS3,'-y,\r\nS4,\"=\"\"z\"\"\",\"WARNING CODE_PADDED name: \"\"=\"\"z\"\"\"\" is a spreadsheet's formula for a text; the text was "
         "read. Nothing has to be done. To avoid this, export the column as plain text, without = and quotes.\"\r\n"},
        {"Windows-1252 becomes UTF-8", B("siteId,name\nS1,Caf\xe9\n"),
         "siteId,name,problems\r\nS1,Caf\xc3\xa9,\"WARNING ENCODING_ASSUMED name: The file is not UTF-8 and was read as Windows-1252; this is the "
         "first place that shows it. Check that the characters beyond A to Z are right. To avoid this, save the file as CSV UTF-8.\"\r\n"},
        {"a header without rows", B("siteId\n"),
         "siteId,problems\r\n,In the header: ERROR MISSING_COLUMN name: The header has no column name. Add the column name. Its name.\r\n"},
        {"a nil return", B("siteId,name\n"), "siteId,name,problems\r\n"},
        {"a row too short is filled up", B("siteId,name,setting\nS1,x\n"),
         "siteId,name,setting,problems\r\nS1,x,,\"ERROR WRONG_FIELD_COUNT: The row has 2 fields, the header has 3. Check that the row is complete, that "
         "no line break splits it, and that blank values keep their separators.\"\r\n"},
        {"a row too long keeps what it has", B("siteId,name\nS1,x,,y\n"),
         "siteId,name,problems\r\nS1,x,,y,\"ERROR WRONG_FIELD_COUNT: The row has 4 fields, the header has 2. Put values that contain the separator in double "
         "quotes, and check that no value is split.\"\r\n"},
    };
    struct buf text = BUF_EMPTY;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const char *wrong = given_back(&text, "sites", CASES[i].body);
        CHECK(!wrong, "%s: read again it differs: %s", CASES[i].what, wrong ? wrong : "");
        CHECK(strcmp(text.p, CASES[i].text) == 0, "%s: %s", CASES[i].what, text.p);
    }
    buf_free(&text);
}

static size_t count_of(str text, const char *words) {
    size_t n = 0, length = strlen(words);
    for (const char *p = text.p; (p = memmem(p, (size_t)(text.p + text.n - p), words, length)); p += length)
        n++;
    return n;
}

/* Beyond the thousand of the list, and NHS numbers, which are known at the end alone. */
static void beyond_the_list(void) {
    enum { ROWS = 30000 };
    struct buf body = BUF_EMPTY, text = BUF_EMPTY;
    buf_add_cstr(&body, "episodeId,clientId,localAuthority,quitDate,ageAtQuitDate\n");
    for (int i = 0; i < ROWS; i++)
        buf_printf(&body, "E%d,9434765919,Hackney,45852,43\n", i);
    const char *wrong = given_back(&text, "episodes", buf_str(&body));
    CHECK(!wrong, "read again it differs: %s", wrong ? wrong : "");
    str t = buf_str(&text);
    CHECK(count_of(t, "ERROR BAD_DATE quitDate: ") == ROWS &&
              count_of(t, "ERROR NHS_NUMBER_NOT_ALLOWED clientId: ") == ROWS,
          "%zu and %zu are told", count_of(t, "ERROR BAD_DATE"), count_of(t, "ERROR NHS_NUMBER"));
    CHECK(count_of(t, "\r\n") == ROWS + 1, "%zu lines", count_of(t, "\r\n"));
    buf_free(&body);
    buf_free(&text);
}

static void hostile_files_too(void) {
    struct buf bytes = BUF_EMPTY, text = BUF_EMPTY, again = BUF_EMPTY;
    for (size_t i = 0; i < hostile_count; i++) {
        const struct hostile *h = &hostile_files[i];
        if (hostile_is_json(h)) continue;
        buf_clear(&bytes);
        hostile_bytes(h, &bytes);
        const char *wrong = given_back(&text, h->part, buf_str(&bytes));
        CHECK(!wrong, "%s: read again it differs: %s", h->proves, wrong ? wrong : "");
        CHECK((text.n > 0) == (h->status != 400), "%s: there is a file when it can be read", h->proves);
    }
    buf_free(&bytes);
    buf_free(&text);
    buf_free(&again);
}

void suite_returns_annotate(void) {
    suite_add("unit returns annotate", NULL, NULL);
    case_add("the text that is given back", texts);
    case_add("every row is told, beyond the list of a thousand too", beyond_the_list);
    case_add("every hostile file has the same rows when it is read again", hostile_files_too);
}
