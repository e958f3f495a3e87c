/* Digests. SHA-256 (GnuTLS) names bytes to the outside: bodies, keys, migrations. hash128 names ids inside our own
 * packs: 128 bits, so that among a billion ids a clash is less likely than a broken machine. */
#ifndef QD_BASE_HASH_H
#define QD_BASE_HASH_H

#include "base/str.h"

enum { SHA256_BYTES = 32, SHA256_HEX = 65 };

struct sha256; /* a running digest */
struct sha256 *sha256_begin(void);
void sha256_add(struct sha256 *s, const void *bytes, size_t n);
void sha256_end(struct sha256 *s, uint8_t out[SHA256_BYTES]); /* frees s */
void sha256_of(str bytes, uint8_t out[SHA256_BYTES]);
/* HMAC (RFC 2104) of several pieces as if they were one: signs what goes to others. */
void hmac_sha256_of(str key, const str *pieces, size_t count, uint8_t out[SHA256_BYTES]);
/* Lower-case hex with its NUL; out has 2 * n + 1 bytes. */
char *hex_format(const uint8_t *bytes, size_t n, char *out);
bool hex_parse(str hex, uint8_t *out, size_t n);

struct hash128 {
    uint64_t a, b;
};
/* SipHash-2-4 with 128-bit output under a fixed key: stable for ever, since packs are stored. */
struct hash128 hash128_of(str bytes);
static inline bool hash128_eq(struct hash128 x, struct hash128 y) {
    return x.a == y.a && x.b == y.b;
}

/* Compares secrets in constant time. */
bool secret_eq(const void *a, const void *b, size_t n);
/* Random bytes from the kernel; ends the process when there are none. */
void random_bytes(void *out, size_t n);
uint32_t crc32_of(str bytes); /* IEEE 802.3, as zlib */

#endif
