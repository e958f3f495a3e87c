#include "kpi/wilson.h"

#include <math.h>

struct interval wilson(int64_t x, int64_t n, double z) {
    double count = (double)x, of = (double)n, z2 = z * z;
    double middle = 2 * count + z2;
    double half = z * sqrt(z2 + 4 * count * (1 - count / of));
    double scale = 2 * (of + z2);
    /* At the ends the formula is exact, its rounding is not. */
    double lower = x <= 0 ? 0 : (middle - half) / scale;
    double upper = x >= n ? 1 : (middle + half) / scale;
    return (struct interval){lower, upper};
}

int64_t proportion_hundredths(double p) {
    return (int64_t)floor(p * 10000 + 0.5);
}
