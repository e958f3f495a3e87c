/* returns: files as people make them: the same rows from every encoding, the cell that an assumed encoding is
 * warned of, what is in no encoding, and what spreadsheets leave in cells. */
#include <stdio.h>
#include <stdlib.h>

#include "returns/residue.h"
#include "returns/transcode.h"
#include "tests/support/judged.h"
#include "tests/support/suite.h"

/* ---- the same text in every encoding ---- */

enum written_as { AS_UTF8, AS_UTF8_BOM, AS_UTF16_LE, AS_UTF16_BE, AS_1252, WRITTEN_COUNT };
static const char *const WRITTEN[WRITTEN_COUNT] = {"UTF-8", "UTF-8 with BOM", "UTF-16 LE", "UTF-16 BE",
                                                   "Windows-1252"};

/* One character of well-formed UTF-8; moves past it. */
static uint32_t character_at(str text, size_t *at) {
    const unsigned char *p = (const unsigned char *)text.p + *at;
    unsigned more = p[0] < 0x80 ? 0 : p[0] < 0xe0 ? 1 : p[0] < 0xf0 ? 2 : 3;
    uint32_t c = more == 0 ? p[0] : p[0] & (0x3fu >> more);
    for (unsigned i = 1; i <= more; i++)
        c = c << 6 | (p[i] & 63u);
    *at += more + 1;
    return c;
}

static void add_unit(struct buf *out, uint32_t unit, bool big_endian) {
    buf_add_char(out, (char)(big_endian ? unit >> 8 : unit & 255));
    buf_add_char(out, (char)(big_endian ? unit & 255 : unit >> 8));
}

static void add_utf16(struct buf *out, uint32_t c, bool big_endian) {
    if (c >= 0x10000) add_unit(out, 0xd800 + ((c - 0x10000) >> 10), big_endian);
    add_unit(out, c >= 0x10000 ? 0xdc00 + ((c - 0x10000) & 0x3ff) : c, big_endian);
}

static void add_1252(struct buf *out, uint32_t c) {
    static const struct {
        uint32_t character;
        char byte;
    } OTHERS[] = {{0x20ac, '\x80'}, {0x2018, '\x91'}, {0x2019, '\x92'}, {0x201c, '\x93'},
                  {0x201d, '\x94'}, {0x2013, '\x96'}, {0x0178, '\x9f'}, {0x0160, '\x8a'}};
    for (size_t i = 0; i < sizeof OTHERS / sizeof *OTHERS; i++)
        if (OTHERS[i].character == c) c = (unsigned char)OTHERS[i].byte;
    buf_add_char(out, (char)c);
}

static void write_as(struct buf *out, enum written_as as, str text) {
    bool utf16 = as == AS_UTF16_LE || as == AS_UTF16_BE;
    if (as == AS_UTF8_BOM) buf_add_cstr(out, "\xef\xbb\xbf");
    if (utf16) add_unit(out, 0xfeff, as == AS_UTF16_BE);
    if (!utf16 && as != AS_1252) buf_add_str(out, text);
    for (size_t at = 0; at < text.n && (utf16 || as == AS_1252);) {
        uint32_t c = character_at(text, &at);
        if (utf16) add_utf16(out, c, as == AS_UTF16_BE);
        else add_1252(out, c);
    }
}

/* What is stored of a body, and what was found. */
struct outcome {
    struct judged j;
    struct buf copy;
};

static void judge_bytes(struct outcome *o, const char *part, str body) {
    char *exact =
        malloc(body.n ? body.n : 1); /* of exactly its size, so that no byte beyond it is read unseen */
    memcpy(exact, body.p, body.n);
    *o = (struct outcome){.copy = BUF_EMPTY};
    judged_text(&o->j, part, FORMAT_CSV, (str){exact, body.n});
    if (o->j.err == OK) judged_copy(&o->j, &o->copy);
    free(exact);
}

static void outcome_free(struct outcome *o) {
    judged_free(&o->j);
    buf_free(&o->copy);
}

static bool same_rows(const struct outcome *a, const struct outcome *b) {
    const struct judgement *x = &a->j.judgement, *y = &b->j.judgement;
    return a->j.err == OK && b->j.err == OK && x->rows == y->rows && a->copy.n > 0 &&
           str_eq(buf_str(&a->copy), buf_str(&b->copy)) && str_eq(x->digests, y->digests) &&
           str_eq(x->facts, y->facts);
}

/* '|' becomes the separator and '/' the line end. */
static void shape(struct buf *out, const char *text, char separator, const char *line_end) {
    for (const char *p = text; *p; p++) {
        if (*p == '|') buf_add_char(out, separator);
        else if (*p == '/') buf_add_cstr(out, line_end);
        else buf_add_char(out, *p);
    }
}

static void every_encoding(void) {
    static const char SITES[] = "Site ID|name|setting||/"
                                "S1|\"Caf\xc3\xa9 \xe2\x80\x9cLe Coq\xe2\x80\x9d, \xc2\xa3"
                                "5; \xe2\x82\xac"
                                "6\nround\tthe back\"|||/"
                                "|\xc2\xa0||/"
                                "S2|King\xe2\x80\x99s \xe2\x80\x93 \xc5\xb8\xc5\xa0 \"\"|13||/"
                                "S3|\"\xc3\xbf \"\"x\"\" \xc2\xa0\"|13|| /"
                                "||||/ /";
    static const char *const LINE_ENDS[] = {"\n", "\r\n", "\r"};
    struct outcome plain;
    struct buf text = BUF_EMPTY;
    shape(&text, SITES, ',', "\n");
    judge_bytes(&plain, "sites", buf_str(&text));
    CHECK(plain.j.err == OK && plain.j.judgement.rows == 3 && plain.j.judgement.findings.errors == 0,
          "UTF-8: %s, found %s", plain.j.fault.detail, judged_found(&plain.j));
    for (int as = 0; as < WRITTEN_COUNT; as++) {
        for (int k = 0; k < 9; k++) {
            struct buf body = BUF_EMPTY;
            struct outcome o;
            buf_clear(&text);
            shape(&text, SITES, ",;\t"[k / 3], LINE_ENDS[k % 3]);
            write_as(&body, (enum written_as)as, buf_str(&text));
            judge_bytes(&o, "sites", buf_str(&body));
            CHECK(same_rows(&o, &plain), "%s, shape %d: the same rows; %s, found %s", WRITTEN[as], k,
                  o.j.fault.detail, judged_found(&o.j));
            const char *want = as == AS_1252 ? "~1:name:ENCODING_ASSUMED" : "";
            CHECK(strcmp(judged_found(&o.j), want) == 0, "%s, shape %d: found %s", WRITTEN[as], k,
                  judged_found(&o.j));
            outcome_free(&o);
            buf_free(&body);
        }
    }
    outcome_free(&plain);
    buf_free(&text);
}

/* Beyond what stays in memory. The faulty last line tells that lines are counted through the whole. */
static void large_file(void) {
    enum { ROWS = 60000 };
    struct buf text = BUF_EMPTY;
    struct outcome plain;
    buf_add_cstr(&text, "siteId,name\r\n");
    for (int i = 0; i < ROWS; i++)
        buf_printf(
            &text,
            "S%d,Caf\xc3\xa9 number %d of very many that stand in this one list of ours \xe2\x82\xac\r\n", i,
            i);
    judge_bytes(&plain, "sites", buf_str(&text));
    for (int as = AS_UTF16_LE; as < WRITTEN_COUNT; as++) {
        struct buf body = BUF_EMPTY;
        struct outcome o;
        write_as(&body, (enum written_as)as, buf_str(&text));
        judge_bytes(&o, "sites", buf_str(&body));
        CHECK(same_rows(&o, &plain) && o.j.judgement.rows == ROWS, "%s: the same %d rows", WRITTEN[as], ROWS);
        outcome_free(&o);
        buf_clear(&body);
        size_t before = text.n;
        buf_add_cstr(&text, "X,\"open");
        write_as(&body, (enum written_as)as, buf_str(&text));
        text.n = before;
        judge_bytes(&o, "sites", buf_str(&body));
        CHECK(o.j.err == ERR_MALFORMED && fault_line(&o.j.fault) == ROWS + 2, "%s: %s", WRITTEN[as],
              o.j.fault.detail);
        outcome_free(&o);
        struct judge_input in = judged_defaults("sites", FORMAT_CSV, buf_str(&body));
        struct judged j;
        in.spill_dir = "/nonexistent/folder";
        judged_input(&j, &in);
        CHECK(j.err == ERR_UNAVAILABLE, "%s: no room to decode it to", WRITTEN[as]);
        judged_free(&j);
        buf_free(&body);
    }
    outcome_free(&plain);
    buf_free(&text);
}

static enum err add_bytes(void *context, const void *bytes, size_t n) {
    buf_add(context, bytes, n);
    return OK;
}

/* Characters of every length at every place of a block and of a piece. */
static void piece_boundaries(void) {
    static const char TAIL[] = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x9a\xad\xf4\x8f\xbf\xbf\r\nz";
    struct body_window window = {NULL};
    for (size_t pad = 0; pad < 80; pad++) {
        struct buf text = BUF_EMPTY;
        for (size_t i = 0; i < pad % 40 + (pad < 40 ? 0 : 16 * 1024 - 36); i++)
            buf_add_char(&text, 'x');
        buf_add_cstr(&text, TAIL);
        for (int big_endian = 0; big_endian < 2; big_endian++) {
            struct buf body = BUF_EMPTY, back = BUF_EMPTY;
            struct spill out;
            size_t at;
            write_as(&body, big_endian ? AS_UTF16_BE : AS_UTF16_LE, buf_str(&text));
            spill_begin(&out, "/tmp");
            enum transcode_stop stop =
                transcode_utf16((str){body.p + 2, body.n - 2}, big_endian, &window, &out, &at);
            spill_read(&out, add_bytes, &back);
            CHECK(stop == TRANSCODE_DONE && str_eq(buf_str(&back), buf_str(&text)), "padding %zu", pad);
            spill_free(&out);
            buf_free(&body);
            buf_free(&back);
        }
        buf_free(&text);
    }
}

/* ---- Windows-1252 ---- */

static void bytes_of_1252(void) {
    for (int byte = 1; byte < 256; byte++) {
        struct buf body = BUF_EMPTY;
        struct judged j;
        bool unassigned = byte == 0x81 || byte == 0x8d || byte == 0x8f || byte == 0x90 || byte == 0x9d;
        if (byte == '"') continue;
        buf_add_cstr(&body, "siteId,name\nS1,\xa3\nS2,\"a");
        buf_add_char(&body, (char)byte);
        buf_add_cstr(&body, "b\"\n");
        judged_text(&j, "sites", FORMAT_CSV, buf_str(&body));
        if (unassigned) {
            char word[8];
            snprintf(word, sizeof word, "0x%02X", (unsigned)byte);
            CHECK(j.err == ERR_MALFORMED && fault_line(&j.fault) == 3 && strstr(j.fault.detail, word),
                  "byte %02x: %s", (unsigned)byte, j.fault.detail);
        } else {
            CHECK(j.err == OK && strcmp(judged_found(&j), "~1:name:ENCODING_ASSUMED") == 0,
                  "byte %02x: %s %s", (unsigned)byte, j.fault.detail, j.err == OK ? judged_found(&j) : "");
        }
        judged_free(&j);
        buf_free(&body);
    }
}

/* The WHATWG's index of windows-1252, 0x80 to 0x9F. */
static void meanings_of_1252(void) {
    static const char BYTES[] =
        "\x80\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8e\x91\x92\x93\x94\x95\x96\x97"
        "\x98\x99\x9a\x9b\x9c\x9e\x9f\xa0\xa3\xff";
    static const char MEAN[] =
        "\xe2\x82\xac\xe2\x80\x9a\xc6\x92\xe2\x80\x9e\xe2\x80\xa6\xe2\x80\xa0\xe2\x80\xa1\xcb\x86\xe2\x80\xb0\xc5\xa0"
        "\xe2\x80\xb9\xc5\x92\xc5\xbd\xe2\x80\x98\xe2\x80\x99\xe2\x80\x9c\xe2\x80\x9d\xe2\x80\xa2\xe2\x80\x93\xe2\x80\x94"
        "\xcb\x9c\xe2\x84\xa2\xc5\xa1\xe2\x80\xba\xc5\x93\xc5\xbe\xc5\xb8\xc2\xa0\xc2\xa3\xc3\xbf";
    struct body_window window = {NULL};
    struct spill out;
    struct buf back = BUF_EMPTY;
    size_t at;
    spill_begin(&out, "/tmp");
    CHECK(transcode_1252(STR(BYTES), &window, &out, &at) == TRANSCODE_DONE, "all are assigned");
    spill_read(&out, add_bytes, &back);
    CHECK(str_eq(buf_str(&back), STR(MEAN)), "and mean what the index says: %.*s", STR_ARG(buf_str(&back)));
    CHECK(transcode_1252_bytes(STR(BYTES)) == back.n, "their bytes are known beforehand");
    spill_free(&out);
    buf_free(&back);
}

#define GOOD "episodeId,clientId,localAuthority,quitDate,ageAtQuitDate"
#define ROW "E1,C1,E09000012,2025-07-14,43"

static void assumed_cells(void) {
    static const struct {
        const char *label, *body, *found;
        uint32_t line;
        const char *fix;
    } CASES[] = {
        {"a value", GOOD ",adviser\nE0,C0,E09000012,2025-07-14,43,A\n" ROW ",Andr\xe9\n",
         "~2:adviser:ENCODING_ASSUMED 2:adviser:BAD_ID", 3, "CSV UTF-8"},
        {"only the first", GOOD ",notes,more\n" ROW ",\xa3,\x80\nE2,C2,E09000012,2025-07-14,43,\xa3,\n",
         "~0:notes:UNKNOWN_COLUMN ~0:more:UNKNOWN_COLUMN ~1:column 6:ENCODING_ASSUMED", 2, NULL},
        {"the line on which the row begins", GOOD ",notes\r\n\r\n" ROW ",\"a\r\nb\r\n\x93\"\r\n",
         "~0:notes:UNKNOWN_COLUMN ~1:column 6:ENCODING_ASSUMED", 3, NULL},
        {"a header of a column",
         "episodeId,clientId,localAuthority,\"quit\xa0"
         "date\",ageAtQuitDate\n" ROW "\n",
         "~0:quitDate:ENCODING_ASSUMED", 1, NULL},
        {"a header that is none", "\n" GOOD ",pr\xe9nom\n" ROW ",x\n",
         "~0:column 6:ENCODING_ASSUMED ~0:pr\xc3\xa9nom:UNKNOWN_COLUMN", 2, NULL},
        {"a private column",
         "episodeId,localAuthority,quitDate,ageAtQuitDate,clientId\n"
         "E1,E09000012,2025-07-14,43,C\xe9\n",
         "~1:clientId:ENCODING_ASSUMED 1:clientId:BAD_ID", 2, NULL},
        {"after doubled quotes", GOOD ",notes,site\n" ROW ",\"\"\"\"\"x\"\"\",\"\"\"\xa3\"\n",
         "~0:notes:UNKNOWN_COLUMN ~1:site:ENCODING_ASSUMED 1:site:BAD_ID", 2, NULL},
        {"within doubled quotes", GOOD ",site\n" ROW ",\"x\"\"\xa3\"\n",
         "~1:site:ENCODING_ASSUMED 1:site:BAD_ID", 2, NULL},
        {"a field too many", GOOD "\n" ROW ",\xa3\n", "~1:-:ENCODING_ASSUMED 1:-:WRONG_FIELD_COUNT", 2, NULL},
        {"a blank row", GOOD "\n" ROW "\n\xa0,,,,\nE2,C2,E09000012,2025-07-14,43\n", "~0:-:ENCODING_ASSUMED",
         3, NULL},
        {"a blank row at the end", GOOD "\n" ROW "\n\n,\xa0,,", "~0:-:ENCODING_ASSUMED", 4, NULL},
        {"the very first byte", "\x93" GOOD "\x94\n" ROW "\n", "~0:episodeId:ENCODING_ASSUMED", 1, NULL},
        {"the very last byte", GOOD ",site\n" ROW ",\xa0", "~1:site:ENCODING_ASSUMED", 2, NULL},
        {"UTF-8 and Windows-1252 in one file",
         GOOD ",notes\n" ROW ",\xc3\xa9\nE2,C2,E09000012,2025-07-14,43,\xe9\n",
         "~0:notes:UNKNOWN_COLUMN ~2:column 6:ENCODING_ASSUMED", 3, "it seems to be UTF-8 too, on line 2"},
        {"a BOM of UTF-8 and Windows-1252", "\xef\xbb\xbf" GOOD ",site\n" ROW ",\xa0\n",
         "~1:site:ENCODING_ASSUMED", 2, "it seems to be UTF-8 too, on line 1"},
        {"UTF-8 cut short", GOOD ",notes\n" ROW ",\xe2\x82",
         "~0:notes:UNKNOWN_COLUMN ~1:column 6:ENCODING_ASSUMED", 2, NULL},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct judged j;
        judged_csv(&j, "episodes", CASES[i].body);
        CHECK(j.err == OK, "%s: %s", CASES[i].label, j.fault.detail);
        const struct finding *f = j.err == OK ? judged_first(&j, FINDING_ENCODING_ASSUMED) : NULL;
        CHECK(f && strcmp(judged_found(&j), CASES[i].found) == 0, "%s: found '%s'", CASES[i].label,
              j.err == OK ? judged_found(&j) : "");
        CHECK(f && f->line == CASES[i].line, "%s: line %u", CASES[i].label, f ? f->line : 0);
        CHECK(f && (!CASES[i].fix || strstr(f->fix.p, CASES[i].fix)), "%s: '%s'", CASES[i].label,
              f ? f->fix.p : "");
        judged_free(&j);
    }
}

/* ---- what is in no encoding ---- */

#define LE "\xff\xfe"
#define BE "\xfe\xff"

static void unreadable(void) {
    static const struct {
        const char *label;
        enum body_format format;
        str body;
        unsigned line;
        const char *says;
    } CASES[] = {
        {"UTF-16 with an odd byte", FORMAT_CSV, STR(LE "a\0\n\0b\0c"), 2, "cut short"},
        {"UTF-16 big-endian with an odd byte", FORMAT_CSV, STR(BE "\0a\0\r\0\n\0b\0"), 2, "cut short"},
        {"a BOM and one byte", FORMAT_CSV, STR(LE "a"), 1, "cut short"},
        {"a high surrogate alone", FORMAT_CSV,
         STR(LE "a\0\r\0\n\0\x3d\xd8"
                "b\0"),
         2, "half a character"},
        {"a high surrogate at the end", FORMAT_CSV, STR(BE "\0a\0\n\0\n\xd8\x3d"), 3, "half a character"},
        {"two high surrogates", FORMAT_CSV, STR(BE "\xd8\x3d\xd8\x3d"), 1, "half a character"},
        {"a low surrogate alone", FORMAT_CSV, STR(LE "a\0\r\0\xad\xde"), 2, "half a character"},
        {"half of a surrogate", FORMAT_CSV, STR(LE "a\0\x3d\xd8\xad"), 1, "half a character"},
        {"NUL in UTF-16", FORMAT_CSV, STR(LE "a\0\n\0\0\0b\0"), 2, "NUL"},
        {"NUL in UTF-16 after much", FORMAT_CSV,
         STR(BE "\0a\0b\0c\0d\0e\0f\0g\0h\0i\0\n\0k\0l\0m\0n\0o\0p\0q\0\0"), 2, "NUL"},
        {"UTF-32", FORMAT_CSV, STR(LE "\0\0a\0\0\0"), 1, "UTF-32"},
        {"a BOM of UTF-16 alone", FORMAT_CSV, STR(LE), 1, "empty"},
        {"UTF-16 of blanks", FORMAT_CSV, STR(BE "\0 \0\r\0\n\0\t"), 1, "empty"},
        {"UTF-16 without BOM", FORMAT_CSV, STR("a\0,\0b\0"), 1, "without its byte order mark"},
        {"UTF-16 without BOM, first not ASCII", FORMAT_CSV, STR("\xe9\0,\0b\0"), 1,
         "without its byte order mark"},
        {"an open quote in UTF-16", FORMAT_CSV, STR(LE "a\0\n\0\n\0\"\0b\0"), 3, "quote opens here"},
        {"an unassigned byte", FORMAT_CSV, STR("a\nb\r\n\x81\n"), 3, "0x81"},
        {"an unassigned byte after assigned ones", FORMAT_CSV, STR("a\n\xa3\n\x80\n\n\x9d"), 5, "0x9D"},
        {"an unassigned byte among UTF-8", FORMAT_CSV, STR("a\n\xc3\x81\xe9\n"), 2, "0x81"},
        {"NUL in Windows-1252", FORMAT_CSV, STR("\xa3\r\n\rb\0"), 3, "NUL"},
        {"JSON in UTF-16", FORMAT_JSON, STR(LE "{\0}\0"), 1, "JSON is UTF-8 (RFC 8259)"},
        {"JSON in UTF-16 without BOM", FORMAT_JSON, STR("{\0}\0"), 1, "JSON is UTF-8 (RFC 8259)"},
        {"JSON in Windows-1252", FORMAT_JSON, STR("{\"rows\":\n[{\"name\":\"\xa3\"}]}"), 2,
         "JSON is UTF-8 (RFC 8259)"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct judged j;
        judged_text(&j, "sites", CASES[i].format, CASES[i].body);
        CHECK(j.err == ERR_MALFORMED && fault_line(&j.fault) == CASES[i].line &&
                  strstr(j.fault.detail, CASES[i].says),
              "%s: %s", CASES[i].label, j.fault.detail);
        judged_free(&j);
    }
}

static void sniffed(void) {
    static const struct {
        str body;
        enum body_format format;
    } CASES[] = {
        {STR(LE "{\0"), FORMAT_JSON},      {STR(BE "\0\r\0\n\0 \0["), FORMAT_JSON},
        {STR(LE "a\0,\0{\0"), FORMAT_CSV}, {STR(LE), FORMAT_CSV},
        {STR(BE "\0"), FORMAT_CSV},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        enum body_format format = CASES[i].format == FORMAT_CSV ? FORMAT_JSON : FORMAT_CSV;
        CHECK(body_format_find(STR(""), CASES[i].body, &format) && format == CASES[i].format, "case %zu", i);
    }
}

/* ---- what spreadsheets leave ---- */

static void residues(void) {
    static const struct {
        const char *changes, *found, *says, *fix;
    } CASES[] = {
        {"ageAtQuitDate=#REF!", "1:ageAtQuitDate:BAD_NUMBER", "\"#REF!\" is a spreadsheet's error",
         "formula"},
        {"quitDate=#N/A", "1:quitDate:BAD_DATE", "did not find it", "look-up"},
        {"gender=#DIV/0!", "1:gender:UNKNOWN_CODE", "divides by zero", "formula"},
        {"ethnicCategory=#VALUE!", "1:ethnicCategory:UNKNOWN_CODE", "wrong kind", "formula"},
        {"pregnant=#NAME?", "1:pregnant:BAD_FLAG", "does not know", "formula"},
        {"localAuthority=#n/a", "1:localAuthority:UNKNOWN_CODE", "did not find it", "look-up"},
        {"followUp4wMethod=#NUM!", "1:followUp4wMethod:UNKNOWN_CODE", "no number", "formula"},
        {"longTermConditions=#NULL!", "1:longTermConditions:UNKNOWN_CODE", "do not meet", "formula"},
        {"site=#SPILL!", "1:site:BAD_ID", "no room", "formula"},
        {"clientId=#REF!", "1:clientId:BAD_ID", "The value is a spreadsheet's error", "formula"},
        {"quitDate=########", "1:quitDate:BAD_DATE", "too narrow", "Widen"},
        {"episodeId=1.2E+05", "1:episodeId:BAD_ID", "shortened", "Format the column as text"},
        {"ageAtQuitDate=1.2E+05", "1:ageAtQuitDate:BAD_NUMBER", "shortened", "Format the column as text"},
        {"lsoa=1,2e5", "1:lsoa:UNKNOWN_CODE", "shortened", "Format the column as text"},
        {"quitDate=-4E10", "1:quitDate:BAD_DATE", "shortened", NULL},
        {"quitDate=TODAY", "1:quitDate:BAD_DATE", "is not a date", NULL},
        {"ageAtQuitDate=4E", "1:ageAtQuitDate:BAD_NUMBER", "is not a whole number", NULL},
        {"ageAtQuitDate=E5", "1:ageAtQuitDate:BAD_NUMBER", "is not a whole number", NULL},
        {"ageAtQuitDate=4.5", "1:ageAtQuitDate:BAD_NUMBER", "is not a whole number", NULL},
        {"site=#1", "1:site:BAD_ID", "must not have", NULL},
        {"adviser=\xe2\x80\x98"
         "A1\xe2\x80\x99",
         "1:adviser:BAD_ID", "typographic quotes", "straight"},
        {"site=A\xc2\xa0"
         "1",
         "1:site:BAD_ID", "non-breaking space", "ordinary space"},
        {"site=A\xef\xbf\xbd", "1:site:BAD_ID", "lost when the file was converted", "CSV UTF-8"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct judged j;
        judged_row(&j, "episodes", FORMAT_CSV, CASES[i].changes);
        const struct finding *f =
            j.err == OK && j.judgement.findings.kept_count ? j.judgement.findings.kept : NULL;
        CHECK(f && strcmp(judged_found(&j), CASES[i].found) == 0, "%s: found '%s'", CASES[i].changes,
              j.err == OK ? judged_found(&j) : j.fault.detail);
        CHECK(f && strstr(f->detail.p, CASES[i].says), "%s: '%s'", CASES[i].changes, f ? f->detail.p : "");
        CHECK(f && (!CASES[i].fix || strstr(f->fix.p, CASES[i].fix)), "%s: '%s'", CASES[i].changes,
              f ? f->fix.p : "");
        judged_free(&j);
    }
}

/* A formula's cell against the cell that it is read as; NULL: not read. */
static void formulas(void) {
    static const struct {
        const char *cell, *as, *found;
    } CASES[] = {
        {"=\"001\"", "001", "~1:siteId:CODE_PADDED"},
        {"\"=\"\"001\"\"\"", "001", "~1:siteId:CODE_PADDED"},
        {" =\" 001 \" ", "001", "~1:siteId:CODE_PADDED"},
        {"=\"A-1\"", "A-1", "~1:siteId:CODE_PADDED"},
        {"=\"\"", NULL, "~1:siteId:CODE_PADDED 1:siteId:MISSING_VALUE"},
        {"'=\"001\"", NULL, "1:siteId:BAD_ID"},
        {"=001", NULL, "1:siteId:BAD_ID"},
        {"=", NULL, "1:siteId:BAD_ID"},
        {"=\"", NULL, "1:siteId:BAD_ID"},
        {"=\"001", NULL, "1:siteId:BAD_ID"},
        {"=\"0\"1\"", NULL, "1:siteId:BAD_ID"},
        {"=SUM(A1:A2)", NULL, "1:siteId:BAD_ID"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct buf body = BUF_EMPTY;
        struct outcome o, plain;
        buf_printf(&body, "siteId,name\n%s,x\n", CASES[i].cell);
        judge_bytes(&o, "sites", buf_str(&body));
        CHECK(strcmp(judged_found(&o.j), CASES[i].found) == 0, "%s: found %s", CASES[i].cell,
              judged_found(&o.j));
        buf_clear(&body);
        buf_printf(&body, "siteId,name\n%s,x\n", CASES[i].as ? CASES[i].as : "y");
        judge_bytes(&plain, "sites", buf_str(&body));
        CHECK(same_rows(&o, &plain) == (CASES[i].as != NULL), "%s is stored as %s", CASES[i].cell,
              CASES[i].as ? CASES[i].as : "nothing");
        outcome_free(&o);
        outcome_free(&plain);
        buf_free(&body);
    }
    struct judged j;
    judged_csv(&j, "sites", "siteId,name\nS1,'=\"x\"\n");
    CHECK(strcmp(judged_found(&j), "") == 0, "text guarded by an apostrophe stays: %s", judged_found(&j));
    judged_free(&j);
    judged_csv(&j, "episodes", GOOD ",nssec,ethnicCategory\n" ROW ",=\"8\",=\"CT\"\n");
    CHECK(strcmp(judged_found(&j),
                 "~1:ethnicCategory:CODE_PADDED ~1:nssec:CODE_PADDED ~1:nssec:CODE_PADDED") == 0,
          "what is read is judged as ever: %s", judged_found(&j));
    judged_free(&j);
}

static void punctuation(void) {
    static const char *const BODIES[] = {
        "\xe2\x80\x9c"
        "episodeId\xe2\x80\x9d,client\xe2\x80\x91id,local\xc2\xa0"
        "authority,quit\xe2\x80\x93"
        "date,age\xe2\x80\xaf"
        "at quit\xc2\xad"
        "date\n" ROW "\n",
        GOOD "\nE1,C1,City\xc2\xa0of\xc2\xa0London,2025-07-14,43\n",
        GOOD "\nE1,C1,E09000012,\xc2\xa0"
             "2025-07-14\xc2\xa0,43\xc2\xa0\n",
        GOOD ",postcode\n" ROW ",E8\xc2\xa0"
             "1EA\n",
        GOOD "\n" ROW "\n\xc2\xa0,,,,\n\xc2\xa0\n",
    };
    for (size_t i = 0; i < sizeof BODIES / sizeof *BODIES; i++) {
        struct judged j;
        judged_csv(&j, "episodes", BODIES[i]);
        CHECK(j.err == OK && j.judgement.rows == 1 && j.judgement.findings.errors == 0, "body %zu: %s", i,
              j.err == OK ? judged_found(&j) : j.fault.detail);
        CHECK(!judged_first(&j, FINDING_UNKNOWN_COLUMN), "body %zu: every header is known", i);
        judged_free(&j);
    }
}

void suite_returns_encoding(void) {
    suite_add("unit returns encoding", NULL, NULL);
    case_add("the same rows from every encoding, separator and line end", every_encoding);
    case_add("a file too large for memory, in other encodings", large_file);
    case_add("characters at every place of a block and a piece", piece_boundaries);
    case_add("every byte of Windows-1252", bytes_of_1252);
    case_add("what its upper bytes mean", meanings_of_1252);
    case_add("the cell that an assumed encoding is warned of", assumed_cells);
    case_add("what is in no encoding, with its line", unreadable);
    case_add("JSON in UTF-16 is sniffed as JSON", sniffed);
    case_add("what spreadsheets leave is named", residues);
    case_add("a formula that is a text is read as it", formulas);
    case_add("typographic punctuation and non-breaking spaces", punctuation);
}
