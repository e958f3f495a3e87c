/* spc: is the last point a signal or noise? The XmR chart of "Making Data Count" (domain.md 6): mean, process limits from the
 * moving ranges, special causes, and the two icons that boards read: variation (is it getting better?) and assurance (will it meet
 * its target?). Doubles: a chart decides nothing.
 *
 * What would surprise: limits come from the baseline only (all points unless fixed), but every point is judged by them. A point
 * exactly on the mean breaks a run. */
#ifndef QD_KPI_SPC_H
#define QD_KPI_SPC_H

#include <stdbool.h>
#include <stddef.h>

enum { SPC_TRIAL_BELOW = 13, SPC_RUN = 7 };

/* Which way is better. */
enum spc_direction { SPC_INCREASE, SPC_DECREASE, SPC_NEUTRAL };

/* In the order in which they are tested: the label of a point is its first. */
enum spc_cause { SPC_COMMON, SPC_OUTSIDE, SPC_TREND, SPC_TWO_OF_THREE, SPC_SHIFT };
const char *
spc_cause_name(enum spc_cause c); /* "COMMON_CAUSE", "OUTSIDE_LIMITS", "TREND", "TWO_OF_THREE", "SHIFT" */

enum spc_signal {
    SPC_NO_SIGNAL,
    SPC_IMPROVEMENT_HIGH,
    SPC_IMPROVEMENT_LOW,
    SPC_CONCERN_HIGH,
    SPC_CONCERN_LOW,
    SPC_NEUTRAL_HIGH,
    SPC_NEUTRAL_LOW,
};
const char *spc_signal_name(enum spc_signal s); /* "COMMON_CAUSE", "IMPROVEMENT_HIGH", ... */

enum spc_assurance { SPC_NO_ASSURANCE, SPC_PASS, SPC_HIT_AND_MISS, SPC_FAIL };
const char *spc_assurance_name(enum spc_assurance a); /* NULL, "PASS", "HIT_AND_MISS", "FAIL" */

struct spc_settings {
    enum spc_direction better;
    bool screen;     /* drop moving ranges of at least 3.267 times their mean and take the mean again */
    size_t baseline; /* limits from the first so many points; 0: from all */
};

struct spc_limits {
    double mean, upper, lower;     /* process limits: mean -+ 2.66 mean moving ranges */
    double near_upper, near_lower; /* two thirds of the way */
    bool trial;                    /* fewer than 13 points: limits are still moving */
};

struct spc_point {
    enum spc_cause cause; /* the label */
    unsigned causes;      /* all that hold: 1u << enum spc_cause */
    enum spc_signal signal;
};

/* Oldest first; out[count]. False with fewer than two points in the baseline: there is no moving range. */
bool spc_xmr(const double *values, size_t count, const struct spc_settings *settings,
             struct spc_limits *out_limits, struct spc_point *out);
/* The variation icon is the signal of the latest point; the assurance icon comes from the target and the limits. */
enum spc_assurance spc_assure(const struct spc_limits *limits, enum spc_direction better, double target);

#endif
