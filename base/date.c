#include "base/date.h"

#include <stdio.h>
#include <time.h>

/* Civil from days and back: era arithmetic on years that begin in March, so that 29 February is the last day. */
int32_t day_from_civil(int year, int month, int day) {
    int y = month <= 2 ? year - 1 : year;
    int era = (y >= 0 ? y : y - 399) / 400;
    int year_of_era = y - era * 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void day_to_civil(int32_t d, int *out_year, int *out_month, int *out_day) {
    int z = d + 719468;
    int era = (z >= 0 ? z : z - 146096) / 146097;
    int day_of_era = z - era * 146097;
    int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted_month = (5 * day_of_year + 2) / 153;
    *out_day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    *out_month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    *out_year = year_of_era + era * 400 + (*out_month <= 2);
}

static bool is_leap(int year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool civil_is_valid(int year, int month, int day) {
    static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1800 || year > 2299 || month < 1 || month > 12 || day < 1) return false;
    return day <= DAYS[month - 1] + (month == 2 && is_leap(year));
}

/* Exactly n digits. */
static bool digits(const char *p, size_t n, int *out) {
    int v = 0;
    for (size_t i = 0; i < n; i++) {
        if (!ascii_is_digit(p[i])) return false;
        v = v * 10 + (p[i] - '0');
    }
    *out = v;
    return true;
}

bool day_parse_iso(str s, int32_t *out) {
    int y, m, d;
    if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-') return false;
    if (!digits(s.p, 4, &y) || !digits(s.p + 5, 2, &m) || !digits(s.p + 8, 2, &d)) return false;
    if (!civil_is_valid(y, m, d)) return false;
    *out = day_from_civil(y, m, d);
    return true;
}

bool day_parse_british(str s, int32_t *out) {
    str rest = s;
    str day = str_cut(&rest, '/'), month = str_cut(&rest, '/'), year = rest;
    int y, m, d;
    if (day.n < 1 || day.n > 2 || month.n < 1 || month.n > 2 || year.n != 4) return false;
    if (!digits(day.p, day.n, &d) || !digits(month.p, month.n, &m) || !digits(year.p, 4, &y)) return false;
    if (!civil_is_valid(y, m, d)) return false;
    *out = day_from_civil(y, m, d);
    return true;
}

char *day_format(int32_t day, char out[DAY_TEXT]) {
    int y, m, d;
    day_to_civil(day, &y, &m, &d);
    unsigned uy = (unsigned)(y < 0 ? 0 : y) % 10000;
    const char digit_pairs[] = {(char)('0' + uy / 1000),
                                (char)('0' + uy / 100 % 10),
                                (char)('0' + uy / 10 % 10),
                                (char)('0' + uy % 10),
                                '-',
                                (char)('0' + m / 10),
                                (char)('0' + m % 10),
                                '-',
                                (char)('0' + d / 10),
                                (char)('0' + d % 10),
                                '\0'};
    memcpy(out, digit_pairs, DAY_TEXT);
    return out;
}

int day_weekday(int32_t d) {
    int w = (d + 3) % 7; /* 1970-01-01 was a Thursday */
    return w < 0 ? w + 7 : w;
}

int age_in_years(int32_t born, int32_t on) {
    int by, bm, bd, y, m, d;
    day_to_civil(born, &by, &bm, &bd);
    day_to_civil(on, &y, &m, &d);
    return y - by - (m < bm || (m == bm && d < bd));
}

bool year_parse(str s, int *out) {
    int first, second;
    if (s.n != 7 || s.p[4] != '-' || !digits(s.p, 4, &first) || !digits(s.p + 5, 2, &second)) return false;
    if (first < 2000 || first > 2098 || second != (first + 1) % 100) return false;
    *out = first;
    return true;
}

char *year_format(int year, char out[YEAR_TEXT]) {
    unsigned first = (unsigned)year % 10000, second = (unsigned)(year + 1) % 100;
    for (int i = 3; i >= 0; i--, first /= 10)
        out[i] = (char)('0' + first % 10);
    out[4] = '-';
    out[5] = (char)('0' + second / 10);
    out[6] = (char)('0' + second % 10);
    out[7] = '\0';
    return out;
}

bool period_parse(str s, int16_t *out) {
    int year;
    if (s.n != 10 || s.p[7] != '-' || s.p[8] != 'Q' || s.p[9] < '1' || s.p[9] > '4') return false;
    if (!year_parse(str_sub(s, 0, 7), &year)) return false;
    *out = period_of(year, s.p[9] - '0');
    return true;
}

char *period_format(int16_t p, char out[PERIOD_TEXT]) {
    year_format(period_year(p), out);
    out[7] = '-';
    out[8] = 'Q';
    out[9] = (char)('0' + period_quarter(p));
    out[10] = '\0';
    return out;
}

int32_t period_first_day(int16_t p) {
    int quarter = period_quarter(p), year = period_year(p);
    return quarter == 4 ? day_from_civil(year + 1, 1, 1) : day_from_civil(year, 1 + 3 * quarter, 1);
}

int32_t period_last_day(int16_t p) {
    return period_first_day((int16_t)(p + 1)) - 1;
}

int16_t period_of_day(int32_t day) {
    int y, m, d;
    day_to_civil(day, &y, &m, &d);
    return m <= 3 ? period_of(y - 1, 4) : period_of(y, (m - 1) / 3);
}

int32_t period_follow_up_end(int16_t p) {
    int32_t end = period_last_day(p) + 42;
    int weekday = day_weekday(end);
    return weekday >= 5 ? end + (7 - weekday) : end;
}

int32_t period_provider_deadline(int16_t p) {
    return period_follow_up_end(p) + 14;
}

int32_t period_national_deadline(int16_t p) {
    return period_follow_up_end(p) + 28;
}

static const int64_t SECOND = 1000000;

int64_t instant_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * SECOND + t.tv_nsec / 1000;
}

int64_t instant_after(int64_t t) {
    int64_t now = instant_now();
    return now > t ? now : t + 1;
}

static int64_t floor_div(int64_t a, int64_t b) {
    return a / b - (a % b < 0);
}

bool instant_parse(str s, int64_t *out) {
    int32_t day;
    int hour, minute, second, zone_hour = 0, zone_minute = 0;
    if (s.n < 20 || !day_parse_iso(str_sub(s, 0, 10), &day) || (s.p[10] != 'T' && s.p[10] != 't'))
        return false;
    if (!digits(s.p + 11, 2, &hour) || s.p[13] != ':' || !digits(s.p + 14, 2, &minute) || s.p[16] != ':')
        return false;
    if (!digits(s.p + 17, 2, &second) || hour > 23 || minute > 59 || second > 59) return false;
    str rest = str_sub(s, 19, s.n);
    int64_t micros = 0;
    if (rest.n && rest.p[0] == '.') {
        size_t n = 1;
        int64_t unit = SECOND / 10;
        for (; n < rest.n && n <= 6 && ascii_is_digit(rest.p[n]); n++, unit /= 10)
            micros += (rest.p[n] - '0') * unit;
        if (n == 1) return false;
        rest = str_sub(rest, n, rest.n);
    }
    int64_t offset = 0;
    if (!str_eq_nocase(rest, STR("Z"))) {
        if (rest.n != 6 || (rest.p[0] != '+' && rest.p[0] != '-') || rest.p[3] != ':') return false;
        if (!digits(rest.p + 1, 2, &zone_hour) || !digits(rest.p + 4, 2, &zone_minute)) return false;
        if (zone_hour > 23 || zone_minute > 59) return false;
        offset = (zone_hour * 60 + zone_minute) * 60 * SECOND * (rest.p[0] == '-' ? -1 : 1);
    }
    *out = (((int64_t)day * 24 + hour) * 60 + minute) * 60 * SECOND + second * SECOND + micros - offset;
    return true;
}

char *instant_format(int64_t t, char out[INSTANT_TEXT]) {
    int64_t seconds = floor_div(t, SECOND), micros = t - seconds * SECOND;
    int32_t day = (int32_t)floor_div(seconds, 86400);
    unsigned of_day = (unsigned)(seconds - (int64_t)day * 86400);
    char date[DAY_TEXT];
    snprintf(out, INSTANT_TEXT, "%.10sT%02u:%02u:%02u.%06uZ", day_format(day, date), of_day / 3600 % 24,
             of_day / 60 % 60, of_day % 60, (unsigned)micros % 1000000u);
    return out;
}

static int64_t last_sunday_at_one(int year, int month) {
    int32_t d = day_from_civil(year, month, 31); /* March and October have 31 days */
    d -= (day_weekday(d) + 1) % 7;
    return ((int64_t)d * 24 + 1) * 3600 * SECOND;
}

int32_t london_day(int64_t t) {
    int y, m, d;
    day_to_civil((int32_t)floor_div(t, 86400 * SECOND), &y, &m, &d);
    bool summer = t >= last_sunday_at_one(y, 3) && t < last_sunday_at_one(y, 10);
    return (int32_t)floor_div(t + (summer ? 3600 * SECOND : 0), 86400 * SECOND);
}

int64_t london_midnight(int32_t day) {
    const int64_t hour = 3600 * INT64_C(1000000), utc = (int64_t)day * 24 * hour;
    return london_day(utc - hour) == day ? utc - hour : utc;
}
