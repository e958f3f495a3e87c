/* csv_scan: where the special bytes (separator, quote, CR, LF) of a block of 64 bytes stand, as a bit mask:
 * four loads and sixteen compares instead of 64 branches. SSE2 is part of every x86-64; elsewhere plain C
 * does the same. */
#ifndef QD_RETURNS_CSV_SCAN_H
#define QD_RETURNS_CSV_SCAN_H

#include "base/str.h"

enum { CSV_BLOCK = 64 };

#ifdef __SSE2__
#include <emmintrin.h>
static inline uint64_t csv_scan_block(const char *p, char separator) {
    const __m128i sep = _mm_set1_epi8(separator), quote = _mm_set1_epi8('"');
    const __m128i lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r');
    uint64_t mask = 0;
    for (int i = 0; i < 4; i++) {
        __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i));
        __m128i field = _mm_or_si128(_mm_cmpeq_epi8(x, sep), _mm_cmpeq_epi8(x, quote));
        __m128i row = _mm_or_si128(_mm_cmpeq_epi8(x, lf), _mm_cmpeq_epi8(x, cr));
        mask |= (uint64_t)(uint16_t)_mm_movemask_epi8(_mm_or_si128(field, row)) << (16 * i);
    }
    return mask;
}
#else
static inline uint64_t csv_scan_block(const char *p, char separator) {
    uint64_t mask = 0;
    for (int i = 0; i < CSV_BLOCK; i++) {
        char c = p[i];
        mask |= (uint64_t)(c == separator || c == '"' || c == '\n' || c == '\r') << i;
    }
    return mask;
}
#endif

#endif
