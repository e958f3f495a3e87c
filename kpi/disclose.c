#include "kpi/disclose.h"

const char *disclosure_name(enum disclosure d) {
    return d == DISCLOSE_EXACT ? "exact" : "nhs-1-7-r5";
}

bool is_small_number(int64_t n) {
    return n >= 1 && n <= 7;
}

struct disclosed disclose_count(enum disclosure d, int64_t n) {
    if (d == DISCLOSE_EXACT) return (struct disclosed){false, n};
    if (is_small_number(n)) return (struct disclosed){true, 0};
    return (struct disclosed){false, (n + 2) / 5 * 5};
}

struct disclosed_rate disclose_rate(enum disclosure d, int64_t numerator, int64_t denominator) {
    struct disclosed_rate r = {disclose_count(d, numerator), disclose_count(d, denominator), false};
    r.has_value = !r.numerator.suppressed && !r.denominator.suppressed && r.denominator.value > 0;
    if (r.has_value && r.numerator.value > r.denominator.value) r.numerator.value = r.denominator.value;
    return r;
}
