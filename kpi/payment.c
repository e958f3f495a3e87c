/* payment = pool x clamp((rate - none_until) / (full_from - none_until), 0, 1). */
#include "kpi/payment.h"

static struct fraction clamp_to_one(struct fraction f) {
    struct fraction zero = fraction_of(0, 1), one = fraction_of(1, 1);
    if (fraction_cmp(f, zero) < 0) return zero;
    return fraction_cmp(f, one) > 0 ? one : f;
}

static struct fraction earned_share(const struct payment_terms *t, int64_t numerator, int64_t denominator) {
    struct fraction rate = fraction_mul(fraction_of(numerator, denominator), fraction_of(100, 1));
    struct fraction from = fraction_of_decimal(t->none_until), to = fraction_of_decimal(t->full_from);
    return clamp_to_one(fraction_div(fraction_sub(rate, from), fraction_sub(to, from)));
}

struct payment payment_of(const struct payment_terms *terms, int64_t numerator, int64_t denominator) {
    struct fraction percent = fraction_div(fraction_of_decimal(terms->pool_percent), fraction_of(100, 1));
    struct fraction pool = fraction_mul(fraction_of(terms->contract_pence, 1), percent);
    struct payment p = {.pool_pence = fraction_round(pool, 0)};
    if (denominator <= 0) return p;
    p.has_rate = true;
    p.rate_hundredths = percent_hundredths(numerator, denominator);
    p.payment_pence = fraction_round(fraction_mul(pool, earned_share(terms, numerator, denominator)), 0);
    return p;
}
