/* cell_number: whole numbers, decimals and flags. See cell.h. */
#include "returns/cell.h"

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

bool cell_int(struct judging *j, size_t column, struct cell sent, struct value *out) {
    const struct column *c = &j->part->columns[column];
    struct finding *f;
    int32_t n = 0;
    enum number_text is = parse_integer(sent.text, &n);
    if (is == NUMBER_IS_NOT && sent.type == CELL_NUMBER && has_large_exponent(sent.text))
        is = NUMBER_TOO_LARGE;
    if (is == NUMBER_IS && n >= c->least && n <= c->most) {
        out->number = n;
        return true;
    }
    if (!(f = find_in_row(j, column, is == NUMBER_IS_NOT ? FINDING_BAD_NUMBER : FINDING_OUT_OF_RANGE)))
        return false;
    str word = shown(j, column, sent.text);
    if (is == NUMBER_IS_NOT) f->detail = say(j, "%.*s is not a whole number in digits.", STR_ARG(word));
    else f->detail = say(j, "%.*s is not from %d to %d.", STR_ARG(word), c->least, c->most);
    f->fix = say(j, "Write a whole number from %d to %d.", c->least, c->most);
    return false;
}

/* Digits, then a point and more digits; only zeros beyond the second. The value counts hundredths. */
static enum number_text parse_decimal(str text, int32_t *out) {
    enum { WHOLE_DIGITS = 7 };
    str rest = text, whole = str_cut(&rest, '.');
    bool pointed = whole.n < text.n;
    uint64_t n = 0, hundredths = 0;
    size_t zeros = 0;
    if (whole.n == 0 || (pointed && rest.n == 0)) return NUMBER_IS_NOT;
    for (size_t i = 0; i < text.n; i++)
        if (!ascii_is_digit(text.p[i]) && i != whole.n) return NUMBER_IS_NOT;
    for (size_t i = 2; i < rest.n; i++)
        if (rest.p[i] != '0') return NUMBER_IS_NOT;
    while (zeros < whole.n && whole.p[zeros] == '0')
        zeros++;
    if (whole.n - zeros > WHOLE_DIGITS) return NUMBER_TOO_LARGE;
    for (size_t i = zeros; i < whole.n; i++)
        n = n * 10 + (uint64_t)(whole.p[i] - '0');
    for (size_t i = 0; i < 2; i++)
        hundredths = hundredths * 10 + (i < rest.n ? (uint64_t)(rest.p[i] - '0') : 0);
    *out = (int32_t)(n * 100 + hundredths);
    return NUMBER_IS;
}

bool cell_decimal(struct judging *j, size_t column, str text, struct value *out) {
    const struct column *c = &j->part->columns[column];
    int32_t n = 0;
    bool minus = text.p[0] == '-' && text.n > 1;
    enum number_text is = parse_decimal(str_sub(text, minus, text.n), &n);
    if (minus && is == NUMBER_IS && n > 0) n = -n;
    if (is == NUMBER_IS && n >= c->least * 100 && n <= c->most * 100) {
        out->number = n;
        return true;
    }
    struct finding *f =
        find_in_row(j, column, is == NUMBER_IS_NOT ? FINDING_BAD_NUMBER : FINDING_OUT_OF_RANGE);
    if (!f) return false;
    str word = shown(j, column, text);
    if (is == NUMBER_IS_NOT)
        f->detail = say(j, "%.*s is not a number in digits with at most two decimals.", STR_ARG(word));
    else f->detail = say(j, "%.*s is not from %d to %d.", STR_ARG(word), c->least, c->most);
    f->fix =
        say(j, "Write a number from %d to %d, for example %s, without unit.", c->least, c->most, c->example);
    return false;
}

bool cell_flag(struct judging *j, size_t column, struct cell sent, struct value *out) {
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
