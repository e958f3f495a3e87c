#include "base/num.h"

static const int64_t POW10[] = {1, 10, 100, 1000, 10000, 100000, 1000000};
enum { MAX_SCALE = 6 };

bool decimal_parse(str s, struct decimal *out) {
    struct decimal d = {0, 0};
    bool negative = s.n && s.p[0] == '-';
    size_t i = negative, digits = 0;
    bool point = false;
    for (; i < s.n; i++) {
        char c = s.p[i];
        if (c == '.' && !point && digits) {
            point = true;
            continue;
        }
        if (!ascii_is_digit(c) || ++digits > 15) return false;
        if (point && ++d.scale > MAX_SCALE) return false;
        d.units = d.units * 10 + (c - '0');
    }
    if (!digits || s.p[s.n - 1] == '.') return false;
    if (negative) d.units = -d.units;
    while (d.scale && d.units % 10 == 0) {
        d.units /= 10;
        d.scale--;
    }
    *out = d;
    return true;
}

/* What comes up is small: then the processor divides, and not a function that can do 128 bits. */
static bool are_small(int128 a, int128 b) {
    return a >= 0 && b >= 0 && (a | b) <= INT64_MAX;
}

static int128 quotient(int128 a, int128 b) {
    return are_small(a, b) ? (int128)((uint64_t)a / (uint64_t)b) : a / b;
}

static uint64_t gcd_small(uint64_t a, uint64_t b) {
    while (b) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a ? a : 1;
}

static int128 gcd(int128 a, int128 b) {
    if (a < 0) a = -a;
    while (b) {
        if (are_small(a, b)) return gcd_small((uint64_t)a, (uint64_t)b);
        int128 rest = a % b;
        a = b;
        b = rest;
    }
    return a ? a : 1;
}

static struct fraction reduced(int128 num, int128 den) {
    if (den < 0) {
        num = -num;
        den = -den;
    }
    int128 common = gcd(num, den);
    return common == 1 ? (struct fraction){num, den}
                       : (struct fraction){quotient(num, common), quotient(den, common)};
}

struct fraction fraction_of(int64_t num, int64_t den) {
    return den ? reduced(num, den) : (struct fraction){0, 0};
}

struct fraction fraction_of_decimal(struct decimal d) {
    return fraction_of(d.units, POW10[d.scale <= MAX_SCALE ? d.scale : MAX_SCALE]);
}

struct fraction fraction_add(struct fraction a, struct fraction b) {
    return reduced(a.num * b.den + b.num * a.den, a.den * b.den);
}

struct fraction fraction_sub(struct fraction a, struct fraction b) {
    return reduced(a.num * b.den - b.num * a.den, a.den * b.den);
}

struct fraction fraction_mul(struct fraction a, struct fraction b) {
    return reduced(a.num * b.num, a.den * b.den);
}

struct fraction fraction_div(struct fraction a, struct fraction b) {
    return reduced(a.num * b.den, a.den * b.num);
}

int fraction_cmp(struct fraction a, struct fraction b) {
    int128 left = a.num * b.den, right = b.num * a.den;
    return left < right ? -1 : left > right;
}

int64_t fraction_floor(struct fraction f) {
    int128 q = f.num / f.den;
    if (f.num % f.den < 0) q--;
    return (int64_t)q;
}

int64_t fraction_round(struct fraction f, unsigned places) {
    int128 scaled = f.num * POW10[places <= MAX_SCALE ? places : MAX_SCALE];
    bool negative = scaled < 0;
    if (negative) scaled = -scaled;
    int128 q = quotient(2 * scaled + f.den, 2 * f.den);
    return (int64_t)(negative ? -q : q);
}

int64_t percent_hundredths(int64_t num, int64_t den) {
    return fraction_round((struct fraction){(int128)num * 100, den}, 2);
}

void buf_add_decimal(struct buf *b, struct decimal d) {
    while (d.scale && d.units % 10 == 0) {
        d.units /= 10;
        d.scale--;
    }
    int64_t unit = POW10[d.scale <= MAX_SCALE ? d.scale : MAX_SCALE];
    if (d.units < 0) buf_add_char(b, '-');
    uint64_t size = d.units < 0 ? 0 - (uint64_t)d.units : (uint64_t)d.units;
    buf_add_uint(b, size / (uint64_t)unit);
    if (!d.scale) return;
    buf_add_char(b, '.');
    uint64_t part = size % (uint64_t)unit;
    for (int64_t place = unit / 10; place; place /= 10)
        buf_add_char(b, (char)('0' + part / (uint64_t)place % 10));
}

void buf_add_fraction(struct buf *b, struct fraction f) {
    buf_add_decimal(b, (struct decimal){fraction_round(f, MAX_SCALE), MAX_SCALE});
}
