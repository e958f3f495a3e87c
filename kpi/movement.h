/* movement: why a rate moved from one period to the next, provider by provider, in parts that add up to the whole change exactly.
 * (A count moves by volume alone: each provider's own difference.)
 *
 *   volume  there are more people, or fewer; they do as the service did before
 *   mix     the growth lies with providers that did better, or worse, before
 *   rate    the providers themselves do better, or worse, than before
 *
 * With n and N the denominators of provider and service, r and R their rates, 0 before and 1 after, the numerator moves by
 *   volume = (n1 - n0) R0    mix = (n1 - n0) (r0 - R0)    rate = n1 (r1 - r0)
 * which is n1 r1 - n0 r0 for each provider. The rate itself moves, in percentage points, by
 *   mix = (n1/N1 - n0/N0) (r0 - R0)    rate = n1/N1 (r1 - r0)
 * whose sum over providers is R1 - R0: volume leaves a rate as it is.
 *
 * What would surprise: a provider that had nobody before is taken to have done as the service did (r0 = R0); what it does better or
 * worse is its rate effect. */
#ifndef QD_KPI_MOVEMENT_H
#define QD_KPI_MOVEMENT_H

#include <stddef.h>

#include "base/num.h"

/* One provider's figure before and after. */
struct moving {
    int64_t numerator[2], denominator[2];
};
struct movement {
    struct fraction volume, mix, rate;       /* of the numerator */
    struct fraction mix_points, rate_points; /* of the rate */
};

/* out[count], one for each provider. False where the service has no rate before or after. */
bool movement_of_rate(const struct moving *providers, size_t count, struct movement *out);

/* Rounds parts to 10^-places so that they still add up to the rounded total: those that lose most are rounded up. out[count] in
 * units of 10^-places. */
void movement_round(const struct fraction *parts, size_t count, struct fraction total, unsigned places,
                    int64_t *out);

#endif
