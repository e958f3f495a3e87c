/* Days, quarters, financial years and instants. No libc time zones: the London rule is 20 lines and tzdata may be
 * missing on a bare system.
 *
 * A day is an int32_t: days since 1970-01-01 (may be negative). DAY_NONE is "no day".
 * A period (quarter of a financial year) is an int16_t: start year * 4 + quarter - 1, so periods are consecutive
 * integers; 2025-26-Q2 is 2025 * 4 + 1. A financial year is an int: its start year, 2025 for 2025-26.
 * An instant is an int64_t: microseconds since 1970-01-01T00:00:00Z. */
#ifndef QD_BASE_DATE_H
#define QD_BASE_DATE_H

#include "base/str.h"

#define DAY_NONE INT32_MIN
#define INSTANT_NONE INT64_MIN

int32_t day_from_civil(int year, int month, int day); /* no check of the ranges */
void day_to_civil(int32_t d, int *out_year, int *out_month, int *out_day);
bool civil_is_valid(int year, int month, int day); /* years 1800 to 2299 */
/* Exactly YYYY-MM-DD, a real day from 1800 to 2299. */
bool day_parse_iso(str s, int32_t *out);
/* D/M/YYYY or DD/MM/YYYY. */
bool day_parse_british(str s, int32_t *out);
enum { DAY_TEXT = 11 };
/* YYYY-MM-DD with its NUL. */
char *day_format(int32_t d, char out[DAY_TEXT]);
int day_weekday(int32_t d); /* 0 Monday to 6 Sunday */
/* Completed years between two days; born on 29 February, one is a year older on 1 March in common years. */
int age_in_years(int32_t born, int32_t on);

enum { PERIOD_FIRST_ACCEPTED = 2017 * 4 + 2 }; /* 2017-18-Q3: the first of the SSQ-2017 collection */
enum { PERIOD_LAST_ACCEPTED = 2098 * 4 + 3 };
/* Exactly "2025-26-Q2" (the second year must follow from the first), from 2000-01-Q1 to 2098-99-Q4. */
bool period_parse(str s, int16_t *out);
enum { PERIOD_TEXT = 11 };
char *period_format(int16_t p, char out[PERIOD_TEXT]);
int32_t period_first_day(int16_t p);
int32_t period_last_day(int16_t p);
int16_t period_of_day(int32_t d);
static inline int period_year(int16_t p) {
    return p / 4;
}
static inline int period_quarter(int16_t p) { /* 1 to 4 */
    return p % 4 + 1;
}
static inline int16_t period_of(int year, int quarter) {
    return (int16_t)(year * 4 + quarter - 1);
}
/* Exactly "2025-26". */
bool year_parse(str s, int *out);
enum { YEAR_TEXT = 8 };
char *year_format(int year, char out[YEAR_TEXT]);

/* Deadlines of contract section 8: follow-up end = quarter end + 42 days, rolled to Monday from a weekend;
 * provider = + 14 days; national = + 28 days. */
int32_t period_follow_up_end(int16_t p);
int32_t period_provider_deadline(int16_t p);
int32_t period_national_deadline(int16_t p);

int64_t instant_now(void);
/* Now, or a microsecond after t (INSTANT_NONE: nothing to be after) where the clock is not beyond it. */
int64_t instant_after(int64_t t);
/* RFC 3339 with a zone: 2026-02-20T09:30:00Z, fractions up to 6 digits, offsets +01:00. */
bool instant_parse(str s, int64_t *out);
enum { INSTANT_TEXT = 28 };
/* 2026-02-20T09:30:00.123456Z with its NUL. */
char *instant_format(int64_t t, char out[INSTANT_TEXT]);
/* The day in London at an instant: UTC, or UTC + 1 h from the last Sunday of March 01:00 UTC to the last Sunday of
 * October 01:00 UTC. */
int32_t london_day(int64_t t);
/* The instant at which a day begins in London: 00:00 UTC, or 23:00 UTC of the day before while it is summer time there. */
int64_t london_midnight(int32_t day);

#endif
