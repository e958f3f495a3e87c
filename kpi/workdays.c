/* workdays: whole weeks by arithmetic, holidays by subtraction, so that a long span costs no more than a
 * short one. */
#include "kpi/workdays.h"

/* How many of the holidays are on or before the day. */
static size_t holidays_until(const struct holidays *h, int32_t day) {
    size_t low = 0, high = h->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (h->days[middle] <= day) low = middle + 1;
        else high = middle;
    }
    return low;
}

static bool is_holiday(const struct holidays *h, int32_t day) {
    size_t n = holidays_until(h, day);
    return n && h->days[n - 1] == day;
}

bool workday_is(const struct holidays *h, int32_t day) {
    return day_weekday(day) < 5 && !is_holiday(h, day);
}

/* Weekdays (Monday to Friday) from `from` (excluded) to `to` (included). */
static int32_t weekdays_between(int32_t from, int32_t to) {
    int32_t weeks = (to - from) / 7, count = weeks * 5;
    for (int32_t day = from + weeks * 7 + 1; day <= to; day++)
        count += day_weekday(day) < 5;
    return count;
}

int32_t workdays_between(const struct holidays *h, int32_t from, int32_t to) {
    if (to <= from) return 0;
    int32_t count = weekdays_between(from, to);
    for (size_t i = holidays_until(h, from); i < h->count && h->days[i] <= to; i++) {
        if (day_weekday(h->days[i]) < 5) count--;
    }
    return count;
}

int32_t workday_after(const struct holidays *h, int32_t day, int n) {
    while (n > 0) {
        day++;
        if (workday_is(h, day)) n--;
    }
    return day;
}
