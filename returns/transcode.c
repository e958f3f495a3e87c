/* See transcode.h. Nearly all characters are ASCII: eight units of UTF-16, or sixteen bytes of Windows-1252,
 * are told and turned at once where SSE2 is. */
#include "returns/transcode.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { PIECE = 16 * 1024, WIDE = 16 };

/* A piece of the result; full when fewer than WIDE bytes are left. */
struct piece {
    unsigned char bytes[PIECE];
    size_t n;
};

static void give(struct piece *piece, struct spill *out) {
    spill_add(out, piece->bytes, piece->n);
    piece->n = 0;
}

static bool is_full(const struct piece *piece) {
    return piece->n > PIECE - WIDE;
}

static void put(struct piece *piece, uint32_t c) {
    unsigned char *p = piece->bytes + piece->n;
    if (c < 0x80) {
        p[0] = (unsigned char)c;
        piece->n += 1;
    } else if (c < 0x800) {
        p[0] = (unsigned char)(0xc0 | c >> 6);
        p[1] = (unsigned char)(0x80 | (c & 63));
        piece->n += 2;
    } else if (c < 0x10000) {
        p[0] = (unsigned char)(0xe0 | c >> 12);
        p[1] = (unsigned char)(0x80 | (c >> 6 & 63));
        p[2] = (unsigned char)(0x80 | (c & 63));
        piece->n += 3;
    } else {
        p[0] = (unsigned char)(0xf0 | c >> 18);
        p[1] = (unsigned char)(0x80 | (c >> 12 & 63));
        p[2] = (unsigned char)(0x80 | (c >> 6 & 63));
        p[3] = (unsigned char)(0x80 | (c & 63));
        piece->n += 4;
    }
}

/* ---- UTF-16 ---- */

static uint32_t unit_at(str in, bool big_endian, size_t at) {
    unsigned first = (unsigned char)in.p[at], second = (unsigned char)in.p[at + 1];
    return big_endian ? first << 8 | second : second << 8 | first;
}

/* Puts eight units that are ASCII and not NUL; false when they are not that. */
static bool put_wide_utf16(struct piece *piece, const char *p, bool big_endian) {
#ifdef __SSE2__
    __m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
    if (big_endian) x = _mm_or_si128(_mm_slli_epi16(x, 8), _mm_srli_epi16(x, 8));
    __m128i high = _mm_and_si128(x, _mm_set1_epi16((short)0xff80));
    __m128i ascii = _mm_cmpeq_epi16(high, _mm_setzero_si128());
    __m128i nul = _mm_cmpeq_epi16(x, _mm_setzero_si128());
    if (_mm_movemask_epi8(_mm_andnot_si128(nul, ascii)) != 0xffff) return false;
    _mm_storel_epi64((__m128i *)(void *)(piece->bytes + piece->n), _mm_packus_epi16(x, x));
    piece->n += 8;
    return true;
#else
    (void)piece, (void)p, (void)big_endian;
    return false;
#endif
}

/* The character at `at`, which has two bytes at least; moves past it. */
static enum transcode_stop next_utf16(str in, bool big_endian, size_t *at, uint32_t *out) {
    uint32_t c = unit_at(in, big_endian, *at);
    if (c == 0) return TRANSCODE_NUL;
    *out = c;
    if (c >> 11 != 0x1b) { /* D800 to DFFF are surrogates */
        *at += 2;
        return TRANSCODE_DONE;
    }
    uint32_t low = in.n - *at >= 4 ? unit_at(in, big_endian, *at + 2) : 0;
    if (c >= 0xdc00 || low < 0xdc00 || low > 0xdfff) return TRANSCODE_SURROGATE;
    *out = 0x10000 + ((c & 0x3ff) << 10) + (low & 0x3ff);
    *at += 4;
    return TRANSCODE_DONE;
}

enum transcode_stop transcode_utf16(str in, bool big_endian, struct body_window *window, struct spill *out,
                                    size_t *out_at) {
    struct piece piece;
    size_t at = 0;
    piece.n = 0;
    while (in.n - at >= 2) {
        if (is_full(&piece)) {
            give(&piece, out);
            body_window_move(window, in.p + at);
        }
        if (in.n - at >= WIDE && put_wide_utf16(&piece, in.p + at, big_endian)) {
            at += WIDE;
            continue;
        }
        uint32_t c;
        enum transcode_stop stop = next_utf16(in, big_endian, &at, &c);
        *out_at = at;
        if (stop != TRANSCODE_DONE) return stop;
        put(&piece, c);
    }
    give(&piece, out);
    *out_at = at;
    return at < in.n ? TRANSCODE_CUT_SHORT : TRANSCODE_DONE;
}

uint32_t utf16_line_of(str in, bool big_endian, size_t offset) {
    uint32_t line = 1, before = 0;
    for (size_t at = 0; at + 2 <= offset; at += 2) {
        uint32_t c = unit_at(in, big_endian, at);
        line += c == '\r' || (c == '\n' && before != '\r');
        before = c;
    }
    return line;
}

/* ---- Windows-1252 ---- */

/* What 0x80 to 0x9F mean, by the WHATWG's and Unicode's table; 0: nothing. The others are Latin-1. */
static const uint16_t UPPER[32] = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178,
};

static uint32_t character_1252(unsigned char c) {
    return c >= 0x80 && c < 0xa0 ? UPPER[c - 0x80] : c;
}

static bool put_wide_1252(struct piece *piece, const char *p) {
#ifdef __SSE2__
    __m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
    __m128i nul = _mm_cmpeq_epi8(x, _mm_setzero_si128());
    if (_mm_movemask_epi8(_mm_or_si128(x, nul))) return false;
    _mm_storeu_si128((__m128i *)(void *)(piece->bytes + piece->n), x);
    piece->n += WIDE;
    return true;
#else
    (void)piece, (void)p;
    return false;
#endif
}

enum transcode_stop transcode_1252(str in, struct body_window *window, struct spill *out, size_t *out_at) {
    struct piece piece;
    size_t at = 0;
    piece.n = 0;
    while (at < in.n) {
        if (is_full(&piece)) {
            give(&piece, out);
            body_window_move(window, in.p + at);
        }
        if (in.n - at >= WIDE && put_wide_1252(&piece, in.p + at)) {
            at += WIDE;
            continue;
        }
        uint32_t c = character_1252((unsigned char)in.p[at]);
        *out_at = at;
        if (c == 0) return in.p[at] ? TRANSCODE_UNASSIGNED : TRANSCODE_NUL;
        put(&piece, c);
        at++;
    }
    give(&piece, out);
    *out_at = at;
    return TRANSCODE_DONE;
}

size_t transcode_1252_bytes(str in) {
    size_t bytes = in.n;
    for (size_t i = 0; i < in.n; i++) {
        uint32_t c = character_1252((unsigned char)in.p[i]);
        bytes += c < 0x80 ? 0 : c < 0x800 ? 1 : 2;
    }
    return bytes;
}
