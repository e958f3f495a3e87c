/* csv_scan: where the special bytes (separator, quote, CR, LF) of a block of 64 bytes stand, as bit masks:
 * four loads and sixteen compares instead of 64 branches. SSE2 is part of every x86-64; elsewhere plain C
 * does the same. */
#ifndef QD_RETURNS_CSV_SCAN_H
#define QD_RETURNS_CSV_SCAN_H

#include "base/str.h"

enum { CSV_BLOCK = 64 };

struct csv_specials {
    uint64_t all;
    uint64_t ends; /* those of them that are no separator */
};

#ifdef __SSE2__
#include <emmintrin.h>
static inline struct csv_specials csv_scan_block(const char *p, char separator) {
    const __m128i sep = _mm_set1_epi8(separator), quote = _mm_set1_epi8('"');
    const __m128i lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r');
    struct csv_specials found = {0, 0};
    for (int i = 0; i < 4; i++) {
        __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i));
        __m128i row = _mm_or_si128(_mm_cmpeq_epi8(x, lf), _mm_cmpeq_epi8(x, cr));
        __m128i end = _mm_or_si128(_mm_cmpeq_epi8(x, quote), row);
        __m128i any = _mm_or_si128(_mm_cmpeq_epi8(x, sep), end);
        found.all |= (uint64_t)(uint16_t)_mm_movemask_epi8(any) << (16 * i);
        found.ends |= (uint64_t)(uint16_t)_mm_movemask_epi8(end) << (16 * i);
    }
    return found;
}
#else
static inline struct csv_specials csv_scan_block(const char *p, char separator) {
    struct csv_specials found = {0, 0};
    for (int i = 0; i < CSV_BLOCK; i++) {
        bool end = p[i] == '"' || p[i] == '\n' || p[i] == '\r';
        found.all |= (uint64_t)(end || p[i] == separator) << i;
        found.ends |= (uint64_t)end << i;
    }
    return found;
}
#endif

#endif
