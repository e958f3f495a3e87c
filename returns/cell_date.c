/* cell_date: days and months. See cell.h. */
#include "returns/cell.h"

static bool is_serial_day(str text) {
    uint64_t n;
    return text.n == 5 && str_to_uint(text, 99999, &n);
}

static const char *why_no_date(str text) {
    int32_t day;
    if (is_serial_day(text)) return "is a spreadsheet's number of a day, not a date";
    if (text.n > 10 &&
        (day_parse_iso(str_sub(text, 0, 10), &day) || day_parse_british(str_sub(text, 0, 10), &day)))
        return "has more than a date in it";
    if (text.n >= 8 && text.n <= 10 && (str_find(text, '/') < text.n || str_find(text, '-') < text.n))
        return "is not a date that exists, or is not written as one is read here";
    return "is not a date";
}

static void find_bad_date(struct judging *j, size_t column, str text) {
    struct finding *f = find_in_row(j, column, FINDING_BAD_DATE);
    if (!f) return;
    str word = shown(j, column, text);
    f->detail = say(j, "%.*s %s.", STR_ARG(word), why_no_date(text));
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
        f->fix = STR("Correct the date, or leave it blank until it has taken place.");
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
