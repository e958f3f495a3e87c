/* str: a piece of text as pointer and length. Owns nothing, may hold NUL bytes, is not terminated. */
#ifndef QD_BASE_STR_H
#define QD_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    const char *p;
    size_t n;
} str;

#define STR(literal) ((str){(literal), sizeof(literal) - 1})
#define STR_NONE ((str){NULL, 0})
/* For printf: printf("%.*s", STR_ARG(s)); text longer than INT_MAX is cut. */
#define STR_ARG(s) ((int)((s).n > 0x7fffffff ? 0x7fffffff : (s).n)), ((s).p ? (s).p : "")

static inline str str_of(const char *cstring) {
    return (str){cstring, cstring ? strlen(cstring) : 0};
}
static inline str str_sub(str s, size_t from, size_t to) {
    return (str){s.p + from, to - from};
}
/* memcmp() == 0 of n bytes, without a call for the 16 of ids and codes: two halves that may overlap. */
static inline bool bytes_same(const char *a, const char *b, size_t n) {
    uint64_t first[2], last[2];
    uint32_t left[2], right[2];
    if (n > 16) return memcmp(a, b, n) == 0;
    if (n >= 8) {
        memcpy(&first[0], a, 8), memcpy(&first[1], b, 8);
        memcpy(&last[0], a + n - 8, 8), memcpy(&last[1], b + n - 8, 8);
        return first[0] == first[1] && last[0] == last[1];
    }
    if (n >= 4) {
        memcpy(&left[0], a, 4), memcpy(&left[1], b, 4);
        memcpy(&right[0], a + n - 4, 4), memcpy(&right[1], b + n - 4, 4);
        return left[0] == left[1] && right[0] == right[1];
    }
    return n == 0 || (a[0] == b[0] && a[n / 2] == b[n / 2] && a[n - 1] == b[n - 1]);
}
static inline bool str_eq(str a, str b) {
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}
static inline bool str_is(str a, const char *cstring) {
    return str_eq(a, str_of(cstring));
}

/* ASCII only, on purpose: identifiers, codes and headers; never the locale. */
char ascii_lower(char c);
char ascii_upper(char c);
bool ascii_is_digit(char c);
bool ascii_is_alpha(char c);
bool ascii_is_alnum(char c);

bool str_eq_nocase(str a, str b);
bool str_starts_with(str s, str prefix);
bool str_ends_with(str s, str suffix);
/* Without leading and trailing space, tab, CR, LF and what shows nothing: non-breaking, figure and zero-width spaces, marks
 * of direction, the BOM. */
str str_trim(str s);
/* Index of the first c, or s.n. */
size_t str_find(str s, char c);
/* Cuts s at the first c: returns what is before it, leaves the rest after it in *s (empty and p == NULL when none). */
str str_cut(str *s, char c);
/* -1, 0, 1 by bytes, shorter first. */
int str_cmp(str a, str b);
/* True when every byte sequence is well-formed UTF-8 (no surrogates, no overlongs, at most U+10FFFF).
 * *out_bad, when given, is the offset of the first bad byte. */
bool str_is_utf8(str s, size_t *out_bad);
/* Edit distance (Levenshtein), for "did you mean"; both are cut at 63 bytes. */
unsigned str_distance(str a, str b);
/* The nearest of n names for a mistyped one, or STR_NONE when none is near (more than a third away). */
str str_nearest(str typo, const str *names, size_t n);
/* Decimal digits only, no sign, no spaces; false on anything else or above max. */
bool str_to_uint(str s, uint64_t max, uint64_t *out);

#endif
