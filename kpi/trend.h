/* trend: does a rate rise or fall over its last five points, or does it only wobble? The "recent trend" of Fingertips (domain.md
 * 5.5): a chi-squared test for a line through five consecutive points, at 99.8 %. Doubles: a trend decides nothing.
 *
 * What would surprise: a significant test is not enough. The line must also point the same way when any one of the five points is
 * left out; otherwise a single outlier makes it, and that is no trend. A level line counts as rising there, as in the source. */
#ifndef QD_KPI_TREND_H
#define QD_KPI_TREND_H

#include <stdbool.h>
#include <stdint.h>

enum { TREND_POINTS = 5 };
#define TREND_CHI_SQUARED 9.54953570608324 /* one degree of freedom, 99.8 % */

enum trend { TREND_UNKNOWN, TREND_NO_CHANGE, TREND_INCREASING, TREND_DECREASING };
const char *trend_name(enum trend t); /* "CANNOT_BE_CALCULATED", "NO_CHANGE", "INCREASING", "DECREASING" */

struct trend_result {
    enum trend trend;
    double chi_squared; /* 0 where it cannot be calculated */
    double slope;       /* per point: of the value, or of the logit for proportions */
};

/* A value with its 95 % interval; any unit. */
struct trend_value {
    double value, lower, upper;
};
/* The general test: a line weighted by the width of the intervals. Oldest first. */
struct trend_result trend_of_values(const struct trend_value points[TREND_POINTS]);

struct trend_proportion {
    int64_t count, of;
};
/* The test for proportions (Cochran-Armitage). Oldest first. Unknown where a point is none or all of its denominator: its logit,
 * by which outliers are looked for, is infinite. */
struct trend_result trend_of_proportions(const struct trend_proportion points[TREND_POINTS]);

#endif
