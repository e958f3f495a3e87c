#include "kpi/forecast.h"

#include <math.h>

struct interval forecast_band(int64_t so_far, double share) {
    double expected = (double)so_far / share;
    double reach = WILSON_95 * sqrt((double)so_far * (1 - share)) / share;
    return (struct interval){fmax((double)so_far, expected - reach), expected + reach};
}

struct fraction forecast_need_of_count(int64_t so_far, struct fraction annual, int quarters_left) {
    if (quarters_left <= 0) return (struct fraction){0, 0};
    struct fraction missing = fraction_sub(annual, fraction_of(so_far, 1));
    if (missing.num <= 0) return fraction_of(0, 1);
    return fraction_div(missing, fraction_of(quarters_left, 1));
}

struct fraction forecast_need_of_rate(int64_t numerator, int64_t denominator, struct fraction target,
                                      int quarters_gone, int quarters_left) {
    if (denominator <= 0 || quarters_gone <= 0 || quarters_left <= 0) return (struct fraction){0, 0};
    struct fraction to_come = fraction_of(denominator * quarters_left, quarters_gone);
    struct fraction year = fraction_add(fraction_of(denominator, 1), to_come);
    struct fraction wanted = fraction_div(fraction_mul(target, year), fraction_of(100, 1));
    struct fraction missing = fraction_sub(wanted, fraction_of(numerator, 1));
    return fraction_mul(fraction_div(missing, to_come), fraction_of(100, 1));
}
