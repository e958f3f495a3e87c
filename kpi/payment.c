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
    struct payment p = {
        .pool_pence = fraction_round(pool, 0),
        .exact_pool = pool,
        .share = fraction_of(0, 1),
        .exact_payment = fraction_of(0, 1),
    };
    if (denominator <= 0) return p;
    p.has_rate = true;
    p.rate_hundredths = percent_hundredths(numerator, denominator);
    p.rate = fraction_of(numerator, denominator);
    p.share = earned_share(terms, numerator, denominator);
    p.exact_payment = fraction_mul(pool, p.share);
    p.payment_pence = fraction_round(p.exact_payment, 0);
    return p;
}

/* What is left of a provider's exact part after whole pence, times the sum. */
static int128 remainder_of(int64_t payment_pence, int64_t numerator, int64_t sum) {
    return (int128)payment_pence * numerator % sum;
}

/* Has i one of the `left` largest remainders? Its place is how many come before it. */
static bool is_rounded_up(int64_t payment_pence, const int64_t *numerators, size_t count, size_t i,
                          int64_t sum, int64_t left) {
    int64_t before = 0;
    int128 own = remainder_of(payment_pence, numerators[i], sum);
    for (size_t k = 0; k < count; k++) {
        int128 other = remainder_of(payment_pence, numerators[k], sum);
        before += other > own || (other == own && k < i);
    }
    return before < left;
}

void payment_split(int64_t payment_pence, const int64_t *numerators, size_t count, int64_t *out) {
    int64_t sum = 0, given = 0;
    for (size_t i = 0; i < count; i++)
        sum += numerators[i];
    for (size_t i = 0; i < count; i++) {
        out[i] = sum ? (int64_t)((int128)payment_pence * numerators[i] / sum) : 0;
        given += out[i];
    }
    for (size_t i = 0; sum && i < count; i++)
        out[i] += is_rounded_up(payment_pence, numerators, count, i, sum, payment_pence - given);
}
