/* See residue.h. */
#include "returns/residue.h"

struct named {
    const char *text;
    struct residue residue;
};

#define MEND "Mend the formula in the spreadsheet, or type the value, and export the file again."

static const struct named ERRORS[] = {
    {"#REF!", {"is a spreadsheet's error: its formula refers to a cell that is no longer there", MEND}},
    {"#N/A",
     {"is a spreadsheet's error: its formula looked a value up and did not find it",
      "Mend the look-up in the spreadsheet, type the value, or leave the cell blank, and export the file again."}},
    {"#DIV/0!", {"is a spreadsheet's error: its formula divides by zero", MEND}},
    {"#VALUE!", {"is a spreadsheet's error: its formula was given a value of the wrong kind", MEND}},
    {"#NAME?", {"is a spreadsheet's error: its formula has a name that the spreadsheet does not know", MEND}},
    {"#NUM!", {"is a spreadsheet's error: its formula has no number as its result", MEND}},
    {"#NULL!", {"is a spreadsheet's error: its formula names cells that do not meet", MEND}},
    {"#SPILL!", {"is a spreadsheet's error: the result of its formula has no room", MEND}},
    {"#CALC!", {"is a spreadsheet's error: its formula cannot be worked out", MEND}},
};

static const struct residue TOO_NARROW = {
    "is how a spreadsheet shows a value for which its column is too narrow",
    "Widen the column in the spreadsheet and export the file again."};
static const struct residue SHORTENED = {
    "is a number that a spreadsheet has shortened; its other digits may be lost",
    "Format the column as text (or as a number without decimals), put the whole value in and export the file again."};
static const struct residue FORMULA = {
    "is a spreadsheet's formula, not its value",
    "Copy the column, paste it as values (in Excel: Paste Special, Values) and export the file again."};
static const struct residue QUOTES = {
    "has typographic quotes, as word processors put them in the place of straight ones",
    "Type it without quotes, or with a straight apostrophe."};
static const struct residue HARD_SPACE = {"has a non-breaking space, which looks like an ordinary one",
                                          "Type it again, with an ordinary space or none."};
static const struct residue UNSEEN = {"has a character of no width, which cannot be seen",
                                      "Type it again; do not copy it from a web page or a document."};
static const struct residue LOST = {
    "has the sign \"\xef\xbf\xbd\", which stands for a character lost when the file was converted before",
    "Put the right character in, and export the file again as CSV UTF-8."};

static size_t digits_from(str s, size_t at) {
    size_t n = 0;
    while (at + n < s.n && ascii_is_digit(s.p[at + n]))
        n++;
    return n;
}

/* 1.2E+05, -3e10: digits, a fraction or none, E and an exponent. */
static bool is_shortened(str s) {
    size_t at = s.n && (s.p[0] == '-' || s.p[0] == '+'), n = digits_from(s, at);
    if (!n) return false;
    at += n;
    if (at < s.n && (s.p[at] == '.' || s.p[at] == ',')) at += 1 + digits_from(s, at + 1);
    if (at == s.n || ascii_lower(s.p[at]) != 'e') return false;
    at++;
    if (at < s.n && (s.p[at] == '+' || s.p[at] == '-')) at++;
    n = digits_from(s, at);
    return n && at + n == s.n;
}

static bool is_only(str s, char c) {
    size_t n = 0;
    while (n < s.n && s.p[n] == c)
        n++;
    return n == s.n;
}

/* U+2018 to U+201F. */
static bool has_quotes(str s) {
    for (size_t i = 0; i + 3 <= s.n; i++)
        if (memcmp(s.p + i, "\xe2\x80", 2) == 0 && ((unsigned char)s.p[i + 2] & 0xf8) == 0x98) return true;
    return false;
}

static bool has(str s, str character) {
    for (size_t i = 0; i + character.n <= s.n; i++)
        if (memcmp(s.p + i, character.p, character.n) == 0) return true;
    return false;
}

/* U+200B to U+200F, U+2060, U+FEFF. */
static bool has_unseen(str s) {
    for (size_t i = 0; i + 3 <= s.n; i++) {
        unsigned char last = (unsigned char)s.p[i + 2];
        if (memcmp(s.p + i, "\xe2\x80", 2) == 0 && last >= 0x8b && last <= 0x8f) return true;
    }
    return has(s, STR("\xe2\x81\xa0")) || has(s, STR("\xef\xbb\xbf"));
}

const struct residue *residue_of_whole(str text) {
    for (size_t i = 0; i < sizeof ERRORS / sizeof *ERRORS; i++)
        if (str_eq_nocase(text, str_of(ERRORS[i].text))) return &ERRORS[i].residue;
    if (text.n >= 3 && is_only(text, '#')) return &TOO_NARROW;
    return is_shortened(text) ? &SHORTENED : NULL;
}

const struct residue *residue_find(str text) {
    const struct residue *whole = residue_of_whole(text);
    if (whole) return whole;
    if (text.n > 1 && text.p[0] == '=') return &FORMULA;
    if (has_quotes(text)) return &QUOTES;
    if (has(text, STR("\xc2\xa0"))) return &HARD_SPACE;
    if (has_unseen(text)) return &UNSEEN;
    return has(text, STR("\xef\xbf\xbd")) ? &LOST : NULL;
}

bool residue_unwrap(str text, str *out) {
    if (text.n < 3 || text.p[0] != '=' || text.p[1] != '"' || text.p[text.n - 1] != '"') return false;
    str inner = str_sub(text, 2, text.n - 1);
    if (str_find(inner, '"') < inner.n) return false;
    *out = str_trim(inner);
    return true;
}
