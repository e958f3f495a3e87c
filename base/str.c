#include "base/str.h"

char ascii_lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}
char ascii_upper(char c) {
    return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
}
bool ascii_is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool ascii_is_alpha(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool ascii_is_alnum(char c) {
    return ascii_is_digit(c) || ascii_is_alpha(c);
}

bool str_eq_nocase(str a, str b) {
    if (a.n != b.n) return false;
    for (size_t i = 0; i < a.n; i++)
        if (ascii_lower(a.p[i]) != ascii_lower(b.p[i])) return false;
    return true;
}

bool str_starts_with(str s, str prefix) {
    return s.n >= prefix.n && str_eq(str_sub(s, 0, prefix.n), prefix);
}

bool str_ends_with(str s, str suffix) {
    return s.n >= suffix.n && str_eq(str_sub(s, s.n - suffix.n, s.n), suffix);
}

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* How many bytes of the text's end or beginning at p show nothing: U+00A0, U+2007, U+200B to U+200F, U+202F, U+2060,
 * U+FEFF. `n` bytes stand there. */
static size_t unseen_bytes(const char *p, size_t n) {
    static const char *const THREE[] = {"\xe2\x80\x87", "\xe2\x80\xaf", "\xe2\x81\xa0", "\xef\xbb\xbf"};
    if (n >= 2 && p[0] == '\xc2' && p[1] == '\xa0') return 2;
    if (n < 3 || (p[0] != '\xe2' && p[0] != '\xef')) return 0;
    unsigned char last = (unsigned char)p[2];
    if (p[0] == '\xe2' && p[1] == '\x80' && last >= 0x8b && last <= 0x8f) return 3;
    for (size_t i = 0; i < sizeof THREE / sizeof *THREE; i++)
        if (memcmp(p, THREE[i], 3) == 0) return 3;
    return 0;
}

static size_t leading_blank(str s) {
    if (!s.n) return 0;
    return is_space(s.p[0]) ? 1 : unseen_bytes(s.p, s.n);
}

static size_t trailing_blank(str s) {
    if (!s.n) return 0;
    if (is_space(s.p[s.n - 1])) return 1;
    if (s.n >= 2 && unseen_bytes(s.p + s.n - 2, 2)) return 2;
    return s.n >= 3 && unseen_bytes(s.p + s.n - 3, 3) == 3 ? 3 : 0;
}

str str_trim(str s) {
    for (size_t n = leading_blank(s); n; n = leading_blank(s))
        s = str_sub(s, n, s.n);
    for (size_t n = trailing_blank(s); n; n = trailing_blank(s))
        s.n -= n;
    return s;
}

size_t str_find(str s, char c) {
    const char *hit = s.n ? memchr(s.p, c, s.n) : NULL;
    return hit ? (size_t)(hit - s.p) : s.n;
}

str str_cut(str *s, char c) {
    size_t at = str_find(*s, c);
    str head = {s->p, at};
    *s = at < s->n ? str_sub(*s, at + 1, s->n) : STR_NONE;
    return head;
}

int str_cmp(str a, str b) {
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;
    if (order) return order < 0 ? -1 : 1;
    return a.n == b.n ? 0 : a.n < b.n ? -1 : 1;
}

/* Length of the well-formed sequence at p (1-4), or 0. Unicode 15, table 3-7. */
static size_t utf8_length(const unsigned char *p, size_t n) {
    unsigned char c = p[0];
    if (c < 0x80) return 1;
    if (c < 0xc2 || c > 0xf4) return 0;
    size_t need = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    if (n < need) return 0;
    unsigned char low = 0x80, high = 0xbf;
    if (c == 0xe0) low = 0xa0;
    if (c == 0xed) high = 0x9f;
    if (c == 0xf0) low = 0x90;
    if (c == 0xf4) high = 0x8f;
    if (p[1] < low || p[1] > high) return 0;
    for (size_t i = 2; i < need; i++)
        if ((p[i] & 0xc0) != 0x80) return 0;
    return need;
}

bool str_is_utf8(str s, size_t *out_bad) {
    size_t i = 0;
    while (i < s.n) {
        uint64_t word;
        if (i + 8 <= s.n && (memcpy(&word, s.p + i, 8), (word & 0x8080808080808080u) == 0)) {
            i += 8;
            continue;
        }
        size_t step = utf8_length((const unsigned char *)s.p + i, s.n - i);
        if (!step) {
            if (out_bad) *out_bad = i;
            return false;
        }
        i += step;
    }
    return true;
}

unsigned str_distance(str a, str b) {
    enum { LONGEST = 63 };
    if (a.n > LONGEST) a.n = LONGEST;
    if (b.n > LONGEST) b.n = LONGEST;
    unsigned row[LONGEST + 1];
    for (unsigned j = 0; j <= b.n; j++)
        row[j] = j;
    for (unsigned i = 1; i <= a.n; i++) {
        unsigned diagonal = row[0];
        row[0] = i;
        for (unsigned j = 1; j <= b.n; j++) {
            unsigned above = row[j];
            unsigned best = diagonal + (ascii_lower(a.p[i - 1]) != ascii_lower(b.p[j - 1]));
            if (above + 1 < best) best = above + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            diagonal = above;
            row[j] = best;
        }
    }
    return row[b.n];
}

str str_nearest(str typo, const str *names, size_t n) {
    str best = STR_NONE;
    unsigned best_distance = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned d = str_distance(typo, names[i]);
        size_t longer = typo.n > names[i].n ? typo.n : names[i].n;
        if (d * 3 > longer + 2) continue;
        if (!best.p || d < best_distance) {
            best = names[i];
            best_distance = d;
        }
    }
    return best;
}

bool str_to_uint(str s, uint64_t max, uint64_t *out) {
    uint64_t value = 0;
    if (s.n == 0 || s.n > 20) return false;
    for (size_t i = 0; i < s.n; i++) {
        if (!ascii_is_digit(s.p[i])) return false;
        uint64_t digit = (uint64_t)(s.p[i] - '0');
        if (__builtin_mul_overflow(value, 10u, &value) || __builtin_add_overflow(value, digit, &value))
            return false;
    }
    if (value > max) return false;
    *out = value;
    return true;
}
