/* eight: a look at eight bytes at once. What says no is right; what says yes may be, so that byte by byte decides. */
#ifndef QD_BASE_EIGHT_H
#define QD_BASE_EIGHT_H

#include <stdint.h>
#include <string.h>

#define EIGHT_ONES UINT64_C(0x0101010101010101)

static inline uint64_t eight_at(const char *p) {
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return word;
}
/* One of them less than n, which is at most 128: not 0. */
static inline uint64_t eight_less(uint64_t word, uint64_t n) {
    return (word - EIGHT_ONES * n) & ~word & EIGHT_ONES * 0x80;
}
/* One of them c: not 0. */
static inline uint64_t eight_have(uint64_t word, unsigned char c) {
    return eight_less(word ^ EIGHT_ONES * c, 1);
}
/* One of them not ASCII: not 0. */
static inline uint64_t eight_above(uint64_t word) {
    return word & EIGHT_ONES * 0x80;
}

#endif
