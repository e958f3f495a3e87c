#include "kpi/chart_limits.h"

#include <math.h>

struct interval funnel_limits(double benchmark, int64_t of, double z) {
    double n = (double)of, expected = n * benchmark, z2 = z * z;
    double middle = 2 * expected + z2;
    double half = z * sqrt(z2 + 4 * expected * (1 - benchmark));
    double scale = 2 * (n + z2);
    return (struct interval){(middle - half) / scale, (middle + half) / scale};
}

const char *comparison_name(enum comparison c) {
    static const char *const NAMES[] = {"SIMILAR", "BETTER", "WORSE"};
    return NAMES[c];
}

enum comparison funnel_compare(double value, struct interval limits, int low_is_good) {
    if (value > limits.upper) return low_is_good ? COMPARED_WORSE : COMPARED_BETTER;
    if (value < limits.lower) return low_is_good ? COMPARED_BETTER : COMPARED_WORSE;
    return COMPARED_SIMILAR;
}

struct interval p_chart_limits(double centre, int64_t of) {
    double reach = 3 * sqrt(centre * (1 - centre) / (double)of);
    return (struct interval){fmax(0, centre - reach), fmin(1, centre + reach)};
}

struct interval u_chart_limits(double centre, int64_t of) {
    double reach = 3 * sqrt(centre / (double)of);
    return (struct interval){fmax(0, centre - reach), centre + reach};
}
