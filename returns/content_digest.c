#include "returns/content_digest.h"

__extension__ typedef unsigned __int128 uint128;

enum { STEP = 32 };

/* Fractional bits of the square roots of 2, 3, 5, 7, 11, 13: numbers with nothing up their sleeve. */
static const uint64_t K[6] = {0x6a09e667f3bcc908u, 0xbb67ae8584caa73bu, 0x3c6ef372fe94f82bu,
                              0xa54ff53a5f1d36f1u, 0x510e527fade682d1u, 0x9b05688c2b3e6c1fu};

/* The two halves of the product, folded into one: every bit of either factor reaches every bit of the result. */
static inline uint64_t fold(uint64_t a, uint64_t b) {
    uint128 product = (uint128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline void take(const char *p, uint64_t *x, uint64_t *y) {
    uint64_t w[4];
    memcpy(w, p, sizeof w);
    *x = fold(w[0] ^ K[0], w[1] ^ *x);
    *y = fold(w[2] ^ K[1], w[3] ^ *y);
}

/* Two lanes of 16 bytes at a time; the last step is filled with zeros, and the length tells it from real
 * ones. */
struct hash128 content_digest(const char *bytes, size_t n) {
    uint64_t x = K[2] ^ n, y = K[3];
    size_t i = 0;
    for (; i + STEP <= n; i += STEP)
        take(bytes + i, &x, &y);
    if (i < n) {
        char last[STEP] = {0};
        memcpy(last, bytes + i, n - i);
        take(last, &x, &y);
    }
    return (struct hash128){fold(x ^ K[4], y ^ n), fold(y ^ K[5], x + (uint64_t)n * K[4])};
}
