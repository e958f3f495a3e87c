/* loose: comparing names as people type them. Only letters and digits count, without regard to case: "Quit
 * date", "quit_date" and "quitDate" are the same. Bytes beyond ASCII count as they are, except the
 * non-breaking space. */
#ifndef QD_RETURNS_LOOSE_H
#define QD_RETURNS_LOOSE_H

#include "base/str.h"

/* The next byte that counts, lower-cased, or -1 at the end; moves *at past it. */
static inline int loose_next(str s, size_t *at) {
    while (*at < s.n) {
        char c = s.p[(*at)++];
        if (ascii_is_alnum(c)) return ascii_lower(c);
        if (c == '\xc2' && *at < s.n && s.p[*at] == '\xa0') {
            ++*at;
            continue;
        }
        if ((unsigned char)c >= 0x80) return (unsigned char)c;
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
