/* payment: payment by results, to the penny (contract section 9). Exact integers and fractions; rounded
 * once, at the end. */
#ifndef QD_KPI_PAYMENT_H
#define QD_KPI_PAYMENT_H

#include "base/num.h"

/* What a framework agrees: the annual contract value, the share of it that is paid by results, and the
 * rates (in percent) from which something and from which everything is earned. */
struct payment_terms {
    int64_t contract_pence;
    struct decimal pool_percent;
    struct decimal none_until, full_from;
};

struct payment {
    int64_t pool_pence, payment_pence;
    bool has_rate;
    int64_t rate_hundredths; /* of a percent, rounded for reading; the payment comes from the exact rate */
    /* The workings, exact: in pence, as a rate (not percent), and from 0 to 1. */
    struct fraction exact_pool, rate, share, exact_payment;
};

/* numerator / denominator: quit4 / due4 of the full year to date. Denominator 0: no rate, payment 0. */
struct payment payment_of(const struct payment_terms *terms, int64_t numerator, int64_t denominator);

/* The payment by what each has added to the numerator: whole pence that add up to it exactly, the largest remainders rounded up, of
 * equal ones the first. numerators are not negative; out[count]. Nothing to divide by: nothing for anyone. */
void payment_split(int64_t payment_pence, const int64_t *numerators, size_t count, int64_t *out);

#endif
