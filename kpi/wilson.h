/* wilson: the interval of a proportion after Wilson (domain.md 5.4). Doubles: an interval decides nothing. */
#ifndef QD_KPI_WILSON_H
#define QD_KPI_WILSON_H

#include <stdint.h>

#define WILSON_95 1.959963984540054
#define WILSON_998 3.090232306167813

struct interval {
    double lower, upper; /* proportions, 0 to 1 */
};

/* x of n, 0 <= x <= n, n > 0; z is WILSON_95 or WILSON_998. */
struct interval wilson(int64_t x, int64_t n, double z);
/* A proportion in hundredths of a percent, half up: 0.55254 is 5525 (55.25 %). */
int64_t proportion_hundredths(double p);

#endif
