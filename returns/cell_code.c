/* cell_code: national codes and our own words. See cell.h. */
#include "returns/cell.h"
#include "returns/cell_fast.h"
#include "returns/loose.h"

/* clang-format off */
const unsigned char CODE_CHARACTER[256] = {
    ['0'] = 1, ['1'] = 2, ['2'] = 3, ['3'] = 4, ['4'] = 5, ['5'] = 6, ['6'] = 7, ['7'] = 8, ['8'] = 9, ['9'] = 10,
    ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16, ['G'] = 17, ['H'] = 18, ['I'] = 19,
    ['J'] = 20, ['K'] = 21, ['L'] = 22, ['M'] = 23, ['N'] = 24, ['O'] = 25, ['P'] = 26, ['Q'] = 27, ['R'] = 28,
    ['S'] = 29, ['T'] = 30, ['U'] = 31, ['V'] = 32, ['W'] = 33, ['X'] = 34, ['Y'] = 35, ['Z'] = 36,
    ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16, ['g'] = 17, ['h'] = 18, ['i'] = 19,
    ['j'] = 20, ['k'] = 21, ['l'] = 22, ['m'] = 23, ['n'] = 24, ['o'] = 25, ['p'] = 26, ['q'] = 27, ['r'] = 28,
    ['s'] = 29, ['t'] = 30, ['u'] = 31, ['v'] = 32, ['w'] = 33, ['x'] = 34, ['y'] = 35, ['z'] = 36,
};
/* clang-format on */

static void find_unknown_code(struct judging *j, size_t column, str text, const struct code_list *list) {
    struct finding *f = find_in_row(j, column, FINDING_UNKNOWN_CODE);
    if (!f) return;
    struct buf codes = BUF_EMPTY;
    char period[PERIOD_TEXT];
    code_list_codes(list, j->first_day, &codes);
    const struct code_entry *near = code_list_nearest(list, text, j->first_day);
    str word = shown(j, column, text);
    f->detail = say(j, "%.*s is no code or label of %s.", STR_ARG(word), j->part->columns[column].name);
    if (near)
        f->fix = say(j, "Did you mean %s (%s)? Valid in %s: %.*s.", near->code, near->label,
                     period_format(j->in->period, period), STR_ARG(buf_str(&codes)));
    else
        f->fix = say(j, "Write one of the codes valid in %s: %.*s.", period_format(j->in->period, period),
                     STR_ARG(buf_str(&codes)));
    if (codes.n == 0)
        f->fix = say(j, "Leave it blank: no code is valid in %s.", period_format(j->in->period, period));
    buf_free(&codes);
}

static void find_code_not_then(struct judging *j, size_t column, str text, const struct code_list *list,
                               const struct code_entry *e) {
    struct finding *f = find_in_row(j, column, FINDING_CODE_NOT_VALID_IN_PERIOD);
    if (!f) return;
    struct buf codes = BUF_EMPTY;
    char period[PERIOD_TEXT], day[DAY_TEXT];
    code_list_codes(list, j->first_day, &codes);
    bool too_early = j->first_day < e->valid_from;
    str word = shown(j, column, text);
    f->detail = say(j, "%.*s (%s) is valid %s %s only, not in %s.", STR_ARG(word), e->label,
                    too_early ? "from" : "until", day_format(too_early ? e->valid_from : e->valid_to, day),
                    period_format(j->in->period, period));
    if (codes.n)
        f->fix = say(j, "Write one of the codes valid in %s: %.*s.", period, STR_ARG(buf_str(&codes)));
    else f->fix = say(j, "Leave it blank: no code is valid in %s.", period);
    buf_free(&codes);
}

bool cell_code(struct judging *j, size_t column, str text, struct value *out) {
    return cell_code_of(j, column, j->part->columns[column].list, text, out);
}

bool cell_code_of(struct judging *j, size_t column, const struct code_list *list, str text,
                  struct value *out) {
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
bool cell_ethnic(struct judging *j, size_t column, str text, struct value *out) {
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
    f->detail =
        say(j, "%.*s is no value of %s.", STR_ARG(shown(j, column, text)), j->part->columns[column].name);
    f->fix = say(j, "Write %s %.*s.",
                 j->part->columns[column].kind == COL_WORDS ? "any, joined by semicolons, of" : "one of",
                 STR_ARG(buf_str(&all)));
    buf_free(&all);
}

/* The index of the word + 1, or 0. */
static int32_t find_word(const char *const *words, str text) {
    for (int32_t i = 0; words[i]; i++)
        if (loose_eq(str_of(words[i]), text)) return i + 1;
    return 0;
}

bool cell_word(struct judging *j, size_t column, str text, struct value *out) {
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

bool cell_words(struct judging *j, size_t column, str text, struct value *out) {
    const char *const *words = j->part->columns[column].words;
    int32_t set = 0;
    bool good = true;
    for (str rest = text; rest.p;) {
        str piece = str_trim(str_cut(&rest, ';'));
        struct value one = {.number = 0};
        int32_t word = !piece.n                                    ? 0
                       : fast_word(&j->plans[column], piece, &one) ? one.number
                                                                   : find_word(words, piece);
        if (word) set |= 1 << (word - 1);
        if (!piece.n || word) continue;
        if (good) find_unknown_word(j, column, piece);
        good = false;
    }
    out->number = set;
    out->text = join_words(j, words, set);
    return good;
}
