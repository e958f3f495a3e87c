/* cell_date: days and months. See cell.h. */
#include "returns/cell.h"

enum { SERIAL_OF_1970 = 25569 }; /* spreadsheets count days from 1899-12-30 */

static bool is_serial_day(str text, int32_t *out_day) {
    uint64_t n;
    if (text.n != 5 || !str_to_uint(text, 99999, &n)) return false;
    *out_day = (int32_t)n - SERIAL_OF_1970;
    return true;
}

struct three {
    unsigned of[3];
    size_t digits[3];
};

/* Three numbers with one of / - . between them. */
static bool three_numbers(str text, struct three *out) {
    size_t at = 0;
    for (int i = 0; i < 3; i++) {
        uint64_t n;
        size_t from = at;
        while (at < text.n && ascii_is_digit(text.p[at]))
            at++;
        if (!str_to_uint(str_sub(text, from, at), 9999, &n)) return false;
        out->of[i] = (unsigned)n;
        out->digits[i] = at - from;
        if (i < 2 && (at == text.n || !memchr("/-.", text.p[at], 3))) return false;
        at += i < 2;
    }
    return at == text.n;
}

static bool has_letter(str text) {
    for (size_t i = 0; i < text.n; i++)
        if (ascii_is_alpha(text.p[i])) return true;
    return false;
}

static const char *why_no_three(const struct three *n) {
    if (n->digits[0] != 4 && n->digits[2] == 2) return "has a year of two digits";
    if (n->digits[2] == 4 && n->of[0] >= 1 && n->of[0] <= 12 && n->of[1] > 12 && n->of[1] <= 31)
        return "has the month before the day";
    return "is not a date that exists, or is not written as one is read here";
}

static const char *why_no_date(str text) {
    int32_t day;
    struct three numbers;
    size_t date = str_find(text, ' ') < text.n ? str_find(text, ' ') : str_find(text, 'T');
    if (is_serial_day(text, &day)) return "is a spreadsheet's number of a day, not a date";
    if (date < text.n &&
        (day_parse_iso(str_sub(text, 0, date), &day) || day_parse_british(str_sub(text, 0, date), &day)))
        return "has more than a date in it, such as a time of day";
    if (three_numbers(text, &numbers)) return why_no_three(&numbers);
    if (has_letter(text) && text.n >= 6 && text.n <= 20 && ascii_is_digit(text.p[0]) &&
        ascii_is_digit(text.p[text.n - 1]))
        return "seems to have its month in letters";
    return "is not a date";
}

static void find_bad_date(struct judging *j, size_t column, str text) {
    struct finding *f = find_in_row(j, column, FINDING_BAD_DATE);
    if (!f) return;
    str word = shown(j, column, text);
    f->detail = say(j, "%.*s %s.", STR_ARG(word), why_no_date(text));
    int32_t day;
    char as_day[DAY_TEXT];
    if (is_serial_day(text, &day) && !(j->part->columns[column].flags & COLUMN_PRIVATE))
        f->detail = say(j, "%.*s is a spreadsheet's number of a day (of %s), not a date.", STR_ARG(word),
                        day_format(day, as_day));
    f->fix = j->in->format == FORMAT_JSON
                 ? STR("Write the date as YYYY-MM-DD, for example 2025-07-14.")
                 : STR("Write the date as YYYY-MM-DD or DD/MM/YYYY, for example 2025-07-14 or 14/07/2025.");
}

bool cell_date(struct judging *j, size_t column, str text, struct value *out) {
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
        f->detail = say(j, "%s does not lie in %s, which runs from %s to %s.", day_format(day, day_text),
                        period_format(j->in->period, period), day_format(j->first_day, first),
                        day_format(j->last_day, last));
        f->fix = say(j, "Correct the date, or send the row in the return of its own period, %s.",
                     period_format(period_of_day(day), period));
        return false;
    }
    if ((flags & COLUMN_PAST) && day > j->in->today) {
        if (!(f = find_in_row(j, column, FINDING_OUT_OF_RANGE))) return false;
        f->detail =
            say(j, "%s lies after today, %s.", day_format(day, day_text), day_format(j->in->today, first));
        f->fix = flags & COLUMN_REQUIRED
                     ? STR("Correct the date, or leave the row out until it has taken place.")
                     : STR("Correct the date, or leave it blank until it has taken place.");
        return false;
    }
    out->number = day;
    return true;
}

/* YYYY-MM, within the period. */
bool cell_month(struct judging *j, size_t column, str text, struct value *out) {
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
