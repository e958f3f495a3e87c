#include "base/hash.h"

#include <errno.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <zlib.h>

static _Noreturn void digest_failed(void) {
    fprintf(stderr,
            "quarterday: GnuTLS cannot compute SHA-256: there is no memory, or the library is damaged\n");
    abort();
}

struct sha256 *sha256_begin(void) {
    gnutls_hash_hd_t handle;
    if (gnutls_hash_init(&handle, GNUTLS_DIG_SHA256) < 0) digest_failed();
    return (struct sha256 *)handle;
}

void sha256_add(struct sha256 *s, const void *bytes, size_t n) {
    if (n && gnutls_hash((gnutls_hash_hd_t)s, bytes, n) < 0) digest_failed();
}

void sha256_end(struct sha256 *s, uint8_t out[SHA256_BYTES]) {
    gnutls_hash_deinit((gnutls_hash_hd_t)s, out);
}

void sha256_of(str bytes, uint8_t out[SHA256_BYTES]) {
    if (gnutls_hash_fast(GNUTLS_DIG_SHA256, bytes.n ? bytes.p : "", bytes.n, out) < 0) digest_failed();
}

void hmac_sha256_of(str key, const str *pieces, size_t count, uint8_t out[SHA256_BYTES]) {
    gnutls_hmac_hd_t handle;
    if (gnutls_hmac_init(&handle, GNUTLS_MAC_SHA256, key.p ? key.p : "", key.n) < 0) digest_failed();
    for (size_t i = 0; i < count; i++)
        if (pieces[i].n && gnutls_hmac(handle, pieces[i].p, pieces[i].n) < 0) digest_failed();
    gnutls_hmac_deinit(handle, out);
}

char *hex_format(const uint8_t *bytes, size_t n, char *out) {
    static const char HEX[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = HEX[bytes[i] >> 4];
        out[2 * i + 1] = HEX[bytes[i] & 15];
    }
    out[2 * n] = '\0';
    return out;
}

static int hex_digit(char c) {
    if (ascii_is_digit(c)) return c - '0';
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool hex_parse(str hex, uint8_t *out, size_t n) {
    if (hex.n != 2 * n) return false;
    for (size_t i = 0; i < n; i++) {
        int high = hex_digit(hex.p[2 * i]), low = hex_digit(hex.p[2 * i + 1]);
        if (high < 0 || low < 0) return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

/* SipHash-2-4, 128-bit variant: Aumasson and Bernstein, https://www.aumasson.jp/siphash/siphash.pdf */
static uint64_t rotate(uint64_t x, int by) {
    return x << by | x >> (64 - by);
}

struct sip {
    uint64_t v0, v1, v2, v3;
};

static inline __attribute__((always_inline)) void sip_round(struct sip *s) {
    s->v0 += s->v1;
    s->v1 = rotate(s->v1, 13) ^ s->v0;
    s->v0 = rotate(s->v0, 32);
    s->v2 += s->v3;
    s->v3 = rotate(s->v3, 16) ^ s->v2;
    s->v0 += s->v3;
    s->v3 = rotate(s->v3, 21) ^ s->v0;
    s->v2 += s->v1;
    s->v1 = rotate(s->v1, 17) ^ s->v2;
    s->v2 = rotate(s->v2, 32);
}

static inline __attribute__((always_inline)) void sip_word(struct sip *s, uint64_t word) {
    s->v3 ^= word;
    sip_round(s);
    sip_round(s);
    s->v0 ^= word;
}

/* What is left over after whole words, and the length. */
static inline uint64_t last_word(str bytes) {
    uint64_t word = 0, whole = bytes.n & ~(size_t)7, rest = bytes.n & 7;
    if (whole && rest) {
        memcpy(&word, bytes.p + bytes.n - 8, 8);
        word >>= 64 - 8 * rest;
    } else {
        for (size_t k = 0; k < rest; k++)
            word |= (uint64_t)(unsigned char)bytes.p[k] << (8 * k);
    }
    return word | (uint64_t)bytes.n << 56;
}

struct hash128 hash128_of(str bytes) {
    static const uint64_t KEY0 = 0x7972617571727465u,
                          KEY1 = 0x6461792d7061636bu; /* fixed: packs are stored */
    struct sip s = {KEY0 ^ 0x736f6d6570736575u, KEY1 ^ 0x646f72616e646f6du ^ 0xee, KEY0 ^ 0x6c7967656e657261u,
                    KEY1 ^ 0x7465646279746573u};
    size_t i = 0;
    uint64_t word;
    for (; i + 8 <= bytes.n; i += 8) {
        memcpy(&word, bytes.p + i, 8);
        sip_word(&s, word);
    }
    sip_word(&s, last_word(bytes));
    s.v2 ^= 0xee;
    for (int k = 0; k < 4; k++)
        sip_round(&s);
    struct hash128 h = {.a = s.v0 ^ s.v1 ^ s.v2 ^ s.v3};
    s.v1 ^= 0xdd;
    for (int k = 0; k < 4; k++)
        sip_round(&s);
    h.b = s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
    return h;
}

bool secret_eq(const void *a, const void *b, size_t n) {
    return gnutls_memcmp(a, b, n) == 0;
}

void random_bytes(void *out, size_t n) {
    unsigned char *p = out;
    while (n) {
        ssize_t got = getrandom(p, n, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) {
            fprintf(stderr, "quarterday: the kernel gives no random bytes\n");
            abort();
        }
        p += got;
        n -= (size_t)got;
    }
}

uint32_t crc32_of(str bytes) {
    return (uint32_t)crc32_z(0, (const unsigned char *)bytes.p, bytes.n);
}
