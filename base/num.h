/* Exact numbers: decimals as integers of a power of ten, fractions compared by 128-bit cross-multiplication.
 * No double ever decides a status or a payment; nothing is compared after rounding (contract section 6). */
#ifndef QD_BASE_NUM_H
#define QD_BASE_NUM_H

#include "base/buf.h"

__extension__ typedef __int128 int128;

/* units / 10^scale: a target such as 1.5 is {15, 1}. */
struct decimal {
    int64_t units;
    uint8_t scale; /* 0 to 6 */
};

/* num / den with den > 0; a missing value is den == 0. */
struct fraction {
    int128 num;
    int128 den;
};

#define DECIMAL(whole) ((struct decimal){(whole), 0})

/* "50", "1.5", "-3", up to 6 decimals and 15 digits in all; no exponent. */
bool decimal_parse(str s, struct decimal *out);
struct fraction fraction_of_decimal(struct decimal d);
struct fraction fraction_of(int64_t num, int64_t den);
struct fraction fraction_add(struct fraction a, struct fraction b);
struct fraction fraction_sub(struct fraction a, struct fraction b);
struct fraction fraction_mul(struct fraction a,
                             struct fraction b); /* reduced, so that chains do not overflow */
struct fraction fraction_div(struct fraction a, struct fraction b); /* b must not be 0 */
/* -1, 0, 1 */
int fraction_cmp(struct fraction a, struct fraction b);
/* The largest integer not above f. */
int64_t fraction_floor(struct fraction f);
/* f times 10^places, rounded half away from zero. */
int64_t fraction_round(struct fraction f, unsigned places);

/* 100 * num / den in hundredths (two decimals), half away from zero; den > 0. 212 of 401 is 5287 (52.87 %). */
int64_t percent_hundredths(int64_t num, int64_t den);

/* Writes units / 10^scale without trailing zeros: {5240, 2} as 52.4, {4000, 2} as 40. */
void buf_add_decimal(struct buf *b, struct decimal d);
/* f exactly where it terminates within 6 decimals, otherwise rounded to 6; without trailing zeros. */
void buf_add_fraction(struct buf *b, struct fraction f);

#endif
