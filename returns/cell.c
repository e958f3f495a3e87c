/* cell: what was sent for one column becomes a value, or findings that say what is wrong with it. One function per kind of column;
 * each is given text that is not blank and sets the value's text and number when it is good.
 *
 * What surprises: a JSON true arrives here as a cell without text; JSON numbers arrive as their characters. */
#include "returns/authority.h"
#include "returns/judging.h"
#include "returns/loose.h"

/* ---- days ---- */

static bool is_serial_day(str text) {
    uint64_t n;
    return text.n == 5 && str_to_uint(text, 99999, &n);
}

static const char *why_no_date(str text) {
    int32_t day;
    if (is_serial_day(text)) return "is a spreadsheet's number of a day, not a date";
    if (text.n > 10 && (day_parse_iso(str_sub(text, 0, 10), &day) || day_parse_british(str_sub(text, 0, 10), &day)))
        return "has more than a date in it";
    if (text.n >= 8 && text.n <= 10 && (str_find(text, '/') < text.n || str_find(text, '-') < text.n)) return "is not a date that exists, or is not written as one is read here";
    return "is not a date";
}

static void find_bad_date(struct judging *j, size_t column, str text) {
    struct finding *f = find_in_row(j, column, FINDING_BAD_DATE);
    if (!f) return;
    str word = shown(j, column, text);
    f->detail = say(j, "%.*s %s.", STR_ARG(word), why_no_date(text));
    f->fix = j->in->format == FORMAT_JSON ? STR("Write the date as YYYY-MM-DD, for example 2025-07-14.")
                                          : STR("Write the date as YYYY-MM-DD or DD/MM/YYYY, for example 2025-07-14 or 14/07/2025.");
}

static bool judge_date(struct judging *j, size_t column, str text, struct value *out) {
    unsigned flags = j->part->columns[column].flags;
    int32_t day;
    struct finding *f;
    if (!day_parse_iso(text, &day) && (j->in->format == FORMAT_JSON || !day_parse_british(text, &day))) {
        find_bad_date(j, column, text);
        return false;
    }
    char day_text[DAY_TEXT], first[DAY_TEXT], last[DAY_TEXT], period[PERIOD_TEXT];
    if ((flags & COLUMN_IN_PERIOD) && (day < j->first_day || day > j->last_day)) {
        if (!(f = find_in_row(j, column, FINDING_OUTSIDE_PERIOD))) return false;
        f->detail = say(j, "%s does not lie in %s, which runs from %s to %s.", day_format(day, day_text), period_format(j->in->period, period),
                        day_format(j->first_day, first), day_format(j->last_day, last));
        f->fix = say(j, "Correct the date, or send the row in the return of its own period, %s.", period_format(period_of_day(day), period));
        return false;
    }
    if ((flags & COLUMN_PAST) && day > j->in->today) {
        if (!(f = find_in_row(j, column, FINDING_OUT_OF_RANGE))) return false;
        f->detail = say(j, "%s lies after today, %s.", day_format(day, day_text), day_format(j->in->today, first));
        f->fix = STR("Correct the date, or leave the follow-up blank until it has taken place.");
        return false;
    }
    out->number = day;
    return true;
}

/* YYYY-MM, within the period. */
static bool judge_month(struct judging *j, size_t column, str text, struct value *out) {
    char iso[DAY_TEXT] = "0000-00-01";
    int32_t day;
    struct finding *f;
    if (text.n == 7) memcpy(iso, text.p, 7);
    if (text.n != 7 || !day_parse_iso((str){iso, 10}, &day)) {
        if (!(f = find_in_row(j, column, FINDING_BAD_DATE))) return false;
        f->detail = say(j, "%.*s is not a month.", STR_ARG(shown(j, column, text)));
        f->fix = STR("Write the month as YYYY-MM, for example 2025-07.");
        return false;
    }
    if (day < j->first_day || day > j->last_day) {
        if (!(f = find_in_row(j, column, FINDING_OUTSIDE_PERIOD))) return false;
        char period[PERIOD_TEXT];
        f->detail = say(j, "%.*s does not lie in %s.", STR_ARG(text), period_format(j->in->period, period));
        f->fix = STR("Send each month in the return of its own period.");
        return false;
    }
    out->text = text;
    out->number = day;
    return true;
}

/* ---- numbers and flags ---- */

enum number_text { NUMBER_IS, NUMBER_IS_NOT, NUMBER_TOO_LARGE };

/* JSON's 1e400: no integer as we write them, but clearly too large. */
static bool has_large_exponent(str text) {
    size_t e = 0;
    while (e < text.n && ascii_lower(text.p[e]) != 'e')
        e++;
    size_t from = e + 1 + (e + 1 < text.n && text.p[e + 1] == '+');
    if (e == text.n || e == 0 || from >= text.n) return false;
    uint64_t exponent;
    bool small = str_to_uint(str_sub(text, from, text.n), 9, &exponent);
    for (size_t i = from; i < text.n; i++)
        if (!ascii_is_digit(text.p[i])) return false;
    for (size_t i = 0; i < e; i++)
        if (text.p[i] >= '1' && text.p[i] <= '9') return !small;
    return false;
}

static enum number_text parse_integer(str text, int32_t *out) {
    bool minus = text.p[0] == '-';
    size_t i = minus, digits = 0;
    int64_t n = 0;
    if (i == text.n) return NUMBER_IS_NOT;
    for (; i < text.n; i++) {
        if (!ascii_is_digit(text.p[i])) return NUMBER_IS_NOT;
        if (n || text.p[i] != '0') digits++;
        if (digits <= 9) n = n * 10 + (text.p[i] - '0');
    }
    if (digits > 9) return NUMBER_TOO_LARGE;
    *out = (int32_t)(minus ? -n : n);
    return NUMBER_IS;
}

static bool judge_int(struct judging *j, size_t column, struct cell sent, struct value *out) {
    const struct column *c = &j->part->columns[column];
    struct finding *f;
    int32_t n = 0;
    enum number_text is = parse_integer(sent.text, &n);
    if (is == NUMBER_IS_NOT && sent.type == CELL_NUMBER && has_large_exponent(sent.text)) is = NUMBER_TOO_LARGE;
    if (is == NUMBER_IS && n >= c->least && n <= c->most) {
        out->number = n;
        return true;
    }
    if (!(f = find_in_row(j, column, is == NUMBER_IS_NOT ? FINDING_BAD_NUMBER : FINDING_OUT_OF_RANGE))) return false;
    str word = shown(j, column, sent.text);
    if (is == NUMBER_IS_NOT) f->detail = say(j, "%.*s is not a whole number in digits.", STR_ARG(word));
    else f->detail = say(j, "%.*s is not from %d to %d.", STR_ARG(word), c->least, c->most);
    f->fix = say(j, "Write a whole number from %d to %d.", c->least, c->most);
    return false;
}

static bool judge_flag(struct judging *j, size_t column, struct cell sent, struct value *out) {
    static const char *const YES[] = {"Y", "YES", "TRUE", "1"}, *const NO[] = {"N", "NO", "FALSE", "0"};
    if (sent.type == CELL_TRUE || sent.type == CELL_FALSE) {
        out->number = sent.type == CELL_TRUE;
        return true;
    }
    for (size_t i = 0; i < 4; i++) {
        bool yes = str_eq_nocase(sent.text, str_of(YES[i]));
        if (!yes && !str_eq_nocase(sent.text, str_of(NO[i]))) continue;
        out->number = yes;
        return true;
    }
    struct finding *f = find_in_row(j, column, FINDING_BAD_FLAG);
    if (!f) return false;
    f->detail = say(j, "%.*s is neither yes nor no.", STR_ARG(shown(j, column, sent.text)));
    f->fix = STR("Write Y or N (Yes, No, True, False, 1 and 0 are understood too), or leave it blank.");
    return false;
}

/* ---- ids and texts ---- */

static bool is_id_character(char c) {
    return ascii_is_alnum(c) || c == '.' || c == '_' || c == '-';
}

static bool judge_id(struct judging *j, size_t column, str text, struct value *out) {
    enum { LONGEST = 64 };
    size_t good = 0;
    while (good < text.n && is_id_character(text.p[good]))
        good++;
    if (good == text.n && text.n <= LONGEST) {
        out->text = text;
        return true;
    }
    struct finding *f = find_in_row(j, column, FINDING_BAD_ID);
    if (!f) return false;
    str word = shown(j, column, text);
    if (good == text.n) f->detail = say(j, "%.*s has %zu characters; an id has at most %d.", STR_ARG(word), text.n, LONGEST);
    else f->detail = say(j, "%.*s has a character that an id must not have.", STR_ARG(word));
    f->fix = STR("Use 1 to 64 of the characters A-Z, a-z, 0-9, full stop, underscore and hyphen.");
    return false;
}

static bool judge_text(struct judging *j, size_t column, str text, struct value *out) {
    size_t characters = 0;
    for (size_t i = 0; i < text.n; i++)
        characters += ((unsigned char)text.p[i] & 0xc0) != 0x80;
    int32_t most = j->part->columns[column].most;
    out->text = text;
    if (characters <= (size_t)most) return true;
    struct finding *f = find_in_row(j, column, FINDING_OUT_OF_RANGE);
    if (!f) return false;
    f->detail = say(j, "The text has %zu characters; at most %d are kept.", characters, most);
    f->fix = STR("Shorten it.");
    return false;
}

/* ---- codes ---- */

static void find_unknown_code(struct judging *j, size_t column, str text, const struct code_list *list) {
    struct finding *f = find_in_row(j, column, FINDING_UNKNOWN_CODE);
    if (!f) return;
    struct buf codes = BUF_EMPTY;
    char period[PERIOD_TEXT];
    code_list_codes(list, j->first_day, &codes);
    const struct code_entry *near = code_list_nearest(list, text, j->first_day);
    str word = shown(j, column, text);
    f->detail = say(j, "%.*s is no code or label of %s.", STR_ARG(word), j->part->columns[column].name);
    if (near) f->fix = say(j, "Did you mean %s (%s)? Valid in %s: %.*s.", near->code, near->label, period_format(j->in->period, period), STR_ARG(buf_str(&codes)));
    else f->fix = say(j, "Write one of the codes valid in %s: %.*s.", period_format(j->in->period, period), STR_ARG(buf_str(&codes)));
    if (codes.n == 0) f->fix = say(j, "Leave it blank: no code is valid in %s.", period_format(j->in->period, period));
    buf_free(&codes);
}

static void find_code_not_then(struct judging *j, size_t column, str text, const struct code_list *list, const struct code_entry *e) {
    struct finding *f = find_in_row(j, column, FINDING_CODE_NOT_VALID_IN_PERIOD);
    if (!f) return;
    struct buf codes = BUF_EMPTY;
    char period[PERIOD_TEXT], day[DAY_TEXT];
    code_list_codes(list, j->first_day, &codes);
    bool too_early = j->first_day < e->valid_from;
    str word = shown(j, column, text);
    f->detail = say(j, "%.*s (%s) is valid %s %s only, not in %s.", STR_ARG(word), e->label, too_early ? "from" : "until",
                    day_format(too_early ? e->valid_from : e->valid_to, day), period_format(j->in->period, period));
    if (codes.n) f->fix = say(j, "Write one of the codes valid in %s: %.*s.", period, STR_ARG(buf_str(&codes)));
    else f->fix = say(j, "Leave it blank: no code is valid in %s.", period);
    buf_free(&codes);
}

static unsigned code_character(char c) {
    if (c >= '0' && c <= '9') return (unsigned)(c - '0') + 1;
    if (c >= 'A' && c <= 'Z') return (unsigned)(c - 'A') + 11;
    if (c >= 'a' && c <= 'z') return (unsigned)(c - 'a') + 11;
    return 0;
}

/* The place of a code of one or two letters and digits, or 0 (which no code has). */
static unsigned code_place(str text) {
    if (text.n == 0 || text.n > 2) return 0;
    unsigned first = code_character(text.p[0]), second = text.n == 2 ? code_character(text.p[1]) : 0;
    return first && (second || text.n == 1) ? first * 37 + second : 0;
}

void code_index_build(struct code_index *index, const struct code_list *list, int32_t on) {
    for (size_t i = list->count; i-- > 0;) {
        unsigned place = code_place(str_of(list->entries[i].code));
        if (place && code_entry_valid(&list->entries[i], on)) index->entry[place] = (uint8_t)(i + 1);
    }
}

static bool judge_code(struct judging *j, size_t column, str text, struct value *out) {
    const struct code_list *list = j->part->columns[column].list;
    unsigned quick = j->codes[column]->entry[code_place(text)];
    if (quick) {
        out->text = str_of(list->entries[quick - 1].code);
        return true;
    }
    const struct code_entry *e = NULL;
    enum code_match match = code_list_match(list, text, j->first_day, &e);
    if (match == CODE_MATCH_NONE) find_unknown_code(j, column, text, list);
    if (match == CODE_MATCH_NOT_THEN) find_code_not_then(j, column, text, list, e);
    if (match == CODE_MATCH_NONE || match == CODE_MATCH_NOT_THEN) return false;
    out->text = str_of(e->code);
    struct finding *f = match == CODE_MATCH_UNPADDED ? find_in_row(j, column, FINDING_CODE_PADDED) : NULL;
    if (f) {
        f->detail = say(j, "%.*s was read as %s (%s).", STR_ARG(shown(j, column, text)), e->code, e->label);
        f->fix = say(j, "Nothing has to be done. To avoid this, keep leading zeros: write %s.", e->code);
    }
    return true;
}

/* National first character, local second. */
static bool judge_ethnic(struct judging *j, size_t column, str text, struct value *out) {
    const struct code_list *list = j->part->columns[column].list;
    const struct code_entry *e = NULL;
    char *small = j->small[column];
    bool two = text.n == 2 && ascii_is_alnum(text.p[1]);
    if (str_is(text, "99")) {
        struct finding *f = find_in_row(j, column, FINDING_UNKNOWN_CODE);
        if (!f) return false;
        f->detail = STR("\"99\" (not known) is not valid in this collection.");
        f->fix = STR("Write Z where the person was asked and declined, or leave it blank.");
        return false;
    }
    str national = two ? str_sub(text, 0, 1) : text;
    if ((text.n == 2 && !two) || code_list_match(list, national, j->first_day, &e) < CODE_MATCH) {
        find_unknown_code(j, column, text, list);
        return false;
    }
    small[0] = e->code[0];
    small[1] = two ? ascii_upper(text.p[1]) : '\0';
    out->text = (str){small, two ? 2 : 1};
    return true;
}

static void find_unknown_word(struct judging *j, size_t column, str text) {
    const char *const *words = j->part->columns[column].words;
    struct finding *f = find_in_row(j, column, FINDING_UNKNOWN_CODE);
    if (!f) return;
    struct buf all = BUF_EMPTY;
    for (size_t i = 0; words[i]; i++)
        buf_printf(&all, "%s%s", i ? ", " : "", words[i]);
    f->detail = say(j, "%.*s is no value of %s.", STR_ARG(shown(j, column, text)), j->part->columns[column].name);
    f->fix = say(j, "Write %s %.*s.", j->part->columns[column].kind == COL_WORDS ? "any, joined by semicolons, of" : "one of", STR_ARG(buf_str(&all)));
    buf_free(&all);
}

/* The index of the word + 1, or 0. */
static int32_t find_word(const char *const *words, str text) {
    for (int32_t i = 0; words[i]; i++)
        if (loose_eq(str_of(words[i]), text)) return i + 1;
    return 0;
}

static bool judge_word(struct judging *j, size_t column, str text, struct value *out) {
    const char *const *words = j->part->columns[column].words;
    int32_t word = find_word(words, text);
    if (!word) {
        find_unknown_word(j, column, text);
        return false;
    }
    out->number = word;
    out->text = str_of(words[word - 1]);
    return true;
}

/* The words of the set bits, in the table's order, so that the same set is always stored the same way. */
static str join_words(struct judging *j, const char *const *words, int32_t set) {
    size_t n = 0;
    for (size_t i = 0; words[i]; i++) {
        if (!(set >> i & 1)) continue;
        size_t length = strlen(words[i]);
        if (n + length + 1 > sizeof j->joined) break;
        if (n) j->joined[n++] = ';';
        memcpy(j->joined + n, words[i], length);
        n += length;
    }
    return (str){j->joined, n};
}

static bool judge_words(struct judging *j, size_t column, str text, struct value *out) {
    const char *const *words = j->part->columns[column].words;
    int32_t set = 0;
    bool good = true;
    for (str rest = text; rest.p;) {
        str piece = str_trim(str_cut(&rest, ';'));
        int32_t word = piece.n ? find_word(words, piece) : 0;
        if (word) set |= 1 << (word - 1);
        if (!piece.n || word) continue;
        if (good) find_unknown_word(j, column, piece);
        good = false;
    }
    out->number = set;
    out->text = join_words(j, words, set);
    return good;
}

/* ---- places ---- */

static bool judge_authority(struct judging *j, size_t column, str text, struct value *out) {
    bool again = j->authority.found && text.n == j->authority.text_n && memcmp(text.p, j->authority.text, text.n) == 0;
    const struct authority *a = again ? j->authority.found : authority_by_code(text);
    if (!a) a = authority_by_name(text);
    if (a) {
        if (!again && text.n <= sizeof j->authority.text) {
            memcpy(j->authority.text, text.p, text.n);
            j->authority.text_n = (uint32_t)text.n;
            j->authority.found = a;
        }
        out->text = (str){a->code, 9};
        out->number = a->number;
        return true;
    }
    struct finding *f = find_in_row(j, column, FINDING_UNKNOWN_CODE);
    if (!f) return false;
    const struct authority *near = authority_nearest(text);
    f->detail = say(j, "%.*s is neither the code nor the name of an English upper-tier authority.", STR_ARG(shown(j, column, text)));
    if (near) f->fix = say(j, "Did you mean %s (%s)?", near->code, near->name);
    else f->fix = STR("Write the GSS code or the name of the authority responsible for the person, for example E09000012 or Hackney.");
    return false;
}

static bool judge_lsoa(struct judging *j, size_t column, str text, struct value *out) {
    uint64_t number;
    bool formed = text.n == 9 && memchr("EWSews", text.p[0], 6) && text.p[1] == '0' && text.p[2] == '1';
    if (formed && str_to_uint(str_sub(text, 1, 9), 99999999, &number)) {
        char *code = j->lsoa;
        memcpy(code, text.p, 9);
        code[0] = ascii_upper(code[0]);
        out->text = (str){code, 9};
        return true;
    }
    struct finding *f = find_in_row(j, column, FINDING_UNKNOWN_CODE);
    if (!f) return false;
    f->detail = say(j, "%.*s is not the code of an LSOA.", STR_ARG(shown(j, column, text)));
    f->fix = STR("Write E01 and six digits, for example E01001785, or leave it blank.");
    return false;
}

/* Outward part (A9 to AA99 or A9A), inward part (9AA), with or without the space between them. */
static bool is_postcode(str text) {
    char c[8];
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == ' ') continue;
        if (n == 7 || !ascii_is_alnum(text.p[i])) return false;
        c[n++] = text.p[i];
    }
    if (n < 5 || !ascii_is_alpha(c[0])) return false;
    return ascii_is_digit(c[n - 3]) && ascii_is_alpha(c[n - 2]) && ascii_is_alpha(c[n - 1]);
}

static bool judge_postcode(struct judging *j, size_t column, str text, struct value *out) {
    out->text = text;
    if (is_postcode(text)) return true;
    struct finding *f = find_in_row(j, column, FINDING_UNKNOWN_CODE);
    if (!f) return false;
    f->detail = STR("The value does not have the form of a postcode.");
    f->fix = STR("Write the full postcode, for example E8 1EA, or leave it blank.");
    return false;
}

/* ---- all ---- */

static const char *type_name(enum cell_type t) {
    static const char *const NAMES[] = {"a string", "a number", "true", "false", "an object", "an array"};
    return NAMES[t];
}

static bool type_fits(const struct column *c, enum cell_type t) {
    if (t == CELL_TEXT) return true;
    if (t == CELL_NUMBER) return c->kind == COL_INT || (c->flags & COLUMN_DIGIT_CODE);
    return (t == CELL_TRUE || t == CELL_FALSE) && c->kind == COL_FLAG;
}

static void find_wrong_type(struct judging *j, size_t column, enum cell_type t) {
    const struct column *c = &j->part->columns[column];
    struct finding *f = find_in_row(j, column, FINDING_WRONG_TYPE);
    if (!f) return;
    bool number = c->kind == COL_INT || (c->flags & COLUMN_DIGIT_CODE);
    f->detail = say(j, "The value is %s.", type_name(t));
    f->fix = say(j, "Send %s, for example %s%s%s.", c->kind == COL_FLAG ? "a string, true or false" : number ? "an integer or a string" : "a string",
                 number ? "" : "\"", c->example, number ? "" : "\"");
}

static bool judge_kind(struct judging *j, size_t column, struct cell sent, struct value *out) {
    switch (j->part->columns[column].kind) {
    case COL_ID: return judge_id(j, column, sent.text, out);
    case COL_DATE: return judge_date(j, column, sent.text, out);
    case COL_INT: return judge_int(j, column, sent, out);
    case COL_FLAG: return judge_flag(j, column, sent, out);
    case COL_CODE: return judge_code(j, column, sent.text, out);
    case COL_ETHNIC: return judge_ethnic(j, column, sent.text, out);
    case COL_WORD: return judge_word(j, column, sent.text, out);
    case COL_WORDS: return judge_words(j, column, sent.text, out);
    case COL_AUTHORITY: return judge_authority(j, column, sent.text, out);
    case COL_TEXT: return judge_text(j, column, sent.text, out);
    case COL_MONTH: return judge_month(j, column, sent.text, out);
    case COL_POSTCODE: return judge_postcode(j, column, sent.text, out);
    case COL_LSOA: return judge_lsoa(j, column, sent.text, out);
    }
    return false;
}

void cell_judge(struct judging *j, size_t column, struct cell sent) {
    const struct column *c = &j->part->columns[column];
    struct value *v = &j->row.values[column];
    if (sent.type == CELL_TEXT && sent.text.n == 0) {
        v->state = VALUE_BLANK;
        return;
    }
    if (!type_fits(c, sent.type)) {
        find_wrong_type(j, column, sent.type);
        v->state = VALUE_BAD;
        return;
    }
    v->state = judge_kind(j, column, sent, v) ? VALUE_GOOD : VALUE_BAD;
    /* ";" is no condition at all */
    if (c->kind == COL_WORDS && v->state == VALUE_GOOD && v->number == 0) v->state = VALUE_BLANK;
}
