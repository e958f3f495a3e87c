/* loose: comparing names as people type them. Only letters and digits count, without regard to case: "Quit
 * date", "quit_date" and "quitDate" are the same. Bytes beyond ASCII count as they are, except those of
 * what word processors and spreadsheets put in the place of ASCII punctuation: non-breaking spaces and
 * hyphens, dashes, typographic quotes, zero-width characters, the BOM. */
#ifndef QD_RETURNS_LOOSE_H
#define QD_RETURNS_LOOSE_H

#include "base/str.h"

/* How many bytes of punctuation beyond ASCII stand at p, of n; 0: none. U+00A0, U+00AD, U+200B to U+201F,
 * U+202F, U+2060, U+FEFF. */
static inline size_t loose_punctuation(const char *p, size_t n) {
    if (n >= 2 && p[0] == '\xc2' && (p[1] == '\xa0' || p[1] == '\xad')) return 2;
    if (n < 3) return 0;
    unsigned char last = (unsigned char)p[2];
    if (memcmp(p, "\xe2\x80", 2) == 0 && ((last >= 0x8b && last <= 0x9f) || last == 0xaf)) return 3;
    return memcmp(p, "\xe2\x81\xa0", 3) == 0 || memcmp(p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

/* The next byte that counts, lower-cased, or -1 at the end; moves *at past it. */
static inline int loose_next(str s, size_t *at) {
    while (*at < s.n) {
        char c = s.p[(*at)++];
        if (ascii_is_alnum(c)) return ascii_lower(c);
        if ((unsigned char)c < 0x80) continue;
        size_t skipped = loose_punctuation(s.p + *at - 1, s.n - *at + 1);
        if (!skipped) return (unsigned char)c;
        *at += skipped - 1;
    }
    return -1;
}

static inline bool loose_eq(str a, str b) {
    size_t i = 0, k = 0;
    for (;;) {
        int x = loose_next(a, &i), y = loose_next(b, &k);
        if (x != y) return false;
        if (x < 0) return true;
    }
}

/* The bytes that count, at most `room` of them; false when there are more. */
static inline bool loose_copy(str s, char *out, size_t room, size_t *out_n) {
    size_t at = 0, n = 0;
    for (int c = loose_next(s, &at); c >= 0; c = loose_next(s, &at)) {
        if (n == room) return false;
        out[n++] = (char)c;
    }
    *out_n = n;
    return true;
}

#endif
