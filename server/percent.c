/* percent: knows hex digits; what an escape may stand for is for its callers to say. */
#include "server/percent.h"

static int hex_value(char c) {
    if (ascii_is_digit(c)) return c - '0';
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool percent_decode(str s, size_t at, char *out) {
    if (s.n < 3 || at > s.n - 3) return false;
    int high = hex_value(s.p[at + 1]), low = hex_value(s.p[at + 2]);
    if (high < 0 || low < 0) return false;
    *out = (char)(high << 4 | low);
    return true;
}
