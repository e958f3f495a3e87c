#include "kpi/spc.h"

#include <math.h>

#define LIMIT_FACTOR 2.66
#define SCREEN_FACTOR 3.267

const char *spc_cause_name(enum spc_cause c) {
    static const char *const NAMES[] = {"COMMON_CAUSE", "OUTSIDE_LIMITS", "TREND", "TWO_OF_THREE", "SHIFT"};
    return NAMES[c];
}

const char *spc_signal_name(enum spc_signal s) {
    static const char *const NAMES[] = {"COMMON_CAUSE", "IMPROVEMENT_HIGH", "IMPROVEMENT_LOW", "CONCERN_HIGH",
                                        "CONCERN_LOW",  "NEUTRAL_HIGH",     "NEUTRAL_LOW"};
    return NAMES[s];
}

const char *spc_assurance_name(enum spc_assurance a) {
    static const char *const NAMES[] = {NULL, "PASS", "HIT_AND_MISS", "FAIL"};
    return NAMES[a];
}

/* ---- limits ---- */

/* The mean of the moving ranges below `ceiling`. */
static double mean_range(const double *y, size_t n, double ceiling) {
    double sum = 0;
    size_t count = 0;
    for (size_t i = 1; i < n; i++) {
        double range = fabs(y[i] - y[i - 1]);
        if (range >= ceiling) continue;
        sum += range;
        count++;
    }
    return count ? sum / (double)count : 0;
}

static struct spc_limits limits_of(const double *y, size_t count, const struct spc_settings *settings) {
    size_t n = settings->baseline && settings->baseline < count ? settings->baseline : count;
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += y[i];
    double mean = sum / (double)n, range = mean_range(y, n, INFINITY);
    if (settings->screen && range > 0) range = mean_range(y, n, SCREEN_FACTOR * range);
    double reach = LIMIT_FACTOR * range, near = 2 * reach / 3;
    return (struct spc_limits){mean,        mean + reach, mean - reach,
                               mean + near, mean - near,  n < SPC_TRIAL_BELOW};
}

/* ---- special causes ---- */

static int sign_of(double d) {
    return (d > 0) - (d < 0);
}

struct chart {
    const double *y;
    size_t count;
    const struct spc_limits *limits;
};

static int side(const struct chart *c, size_t i) {
    return sign_of(c->y[i] - c->limits->mean);
}

static bool is_outside(const struct chart *c, size_t i) {
    return c->y[i] > c->limits->upper || c->y[i] < c->limits->lower;
}

/* Between near limit and limit. */
static bool is_close(const struct chart *c, size_t i) {
    return !is_outside(c, i) && (c->y[i] > c->limits->near_upper || c->y[i] < c->limits->near_lower);
}

/* +1 or -1 where seven points from `first` on each lie strictly beyond the one before. */
static int trend_from(const struct chart *c, size_t first) {
    int direction = sign_of(c->y[first + 1] - c->y[first]);
    for (size_t i = first + 1; i < first + SPC_RUN; i++)
        if (sign_of(c->y[i] - c->y[i - 1]) != direction) return 0;
    return direction;
}

static bool shift_from(const struct chart *c, size_t first) {
    for (size_t i = first; i < first + SPC_RUN; i++)
        if (side(c, i) == 0 || side(c, i) != side(c, first)) return false;
    return true;
}

static bool two_of_three_from(const struct chart *c, size_t first) {
    int close = 0;
    for (size_t i = first; i < first + 3; i++) {
        if (side(c, i) == 0 || side(c, i) != side(c, first)) return false;
        close += is_close(c, i);
    }
    return close >= 2;
}

/* All windows of `width` points that hold point i. */
#define WINDOWS_OF(c, i, width, first)                                                                       \
    for (size_t first = (i) + 1 >= (width) ? (i) + 1 - (width) : 0;                                          \
         first <= (i) && first + (width) <= (c)->count; first++)

static int trend_through(const struct chart *c, size_t i) {
    WINDOWS_OF(c, i, (size_t)SPC_RUN, first) {
        int direction = trend_from(c, first);
        if (direction) return direction;
    }
    return 0;
}

static bool is_shift(const struct chart *c, size_t i) {
    WINDOWS_OF(c, i, (size_t)SPC_RUN, first) {
        if (shift_from(c, first)) return true;
    }
    return false;
}

static bool is_two_of_three(const struct chart *c, size_t i) {
    if (!is_close(c, i)) return false;
    WINDOWS_OF(c, i, (size_t)3, first) {
        if (two_of_three_from(c, first)) return true;
    }
    return false;
}

/* ---- what a signal means ---- */

static enum spc_signal signal_of(enum spc_direction better, int direction) {
    if (better == SPC_NEUTRAL) return direction > 0 ? SPC_NEUTRAL_HIGH : SPC_NEUTRAL_LOW;
    if (direction > 0) return better == SPC_INCREASE ? SPC_IMPROVEMENT_HIGH : SPC_CONCERN_HIGH;
    return better == SPC_DECREASE ? SPC_IMPROVEMENT_LOW : SPC_CONCERN_LOW;
}

static unsigned causes_of(const struct chart *c, size_t i, int trend) {
    unsigned causes = 0;
    if (is_outside(c, i)) causes |= 1u << SPC_OUTSIDE;
    if (trend) causes |= 1u << SPC_TREND;
    if (is_two_of_three(c, i)) causes |= 1u << SPC_TWO_OF_THREE;
    if (is_shift(c, i)) causes |= 1u << SPC_SHIFT;
    return causes;
}

static struct spc_point judge_point(const struct chart *c, size_t i, enum spc_direction better) {
    int trend = trend_through(c, i);
    struct spc_point p = {.causes = causes_of(c, i, trend)};
    for (unsigned cause = SPC_OUTSIDE; cause <= SPC_SHIFT && !p.cause; cause++)
        if (p.causes >> cause & 1u) p.cause = (enum spc_cause)cause;
    if (p.cause) p.signal = signal_of(better, p.cause == SPC_TREND ? trend : side(c, i));
    return p;
}

bool spc_xmr(const double *values, size_t count, const struct spc_settings *settings,
             struct spc_limits *out_limits, struct spc_point *out) {
    if (count < 2 || settings->baseline == 1) return false;
    *out_limits = limits_of(values, count, settings);
    struct chart chart = {values, count, out_limits};
    for (size_t i = 0; i < count; i++)
        out[i] = judge_point(&chart, i, settings->better);
    return true;
}

enum spc_assurance spc_assure(const struct spc_limits *limits, enum spc_direction better, double target) {
    if (better == SPC_NEUTRAL) return SPC_NO_ASSURANCE;
    if (target > limits->upper) return better == SPC_INCREASE ? SPC_FAIL : SPC_PASS;
    if (target < limits->lower) return better == SPC_INCREASE ? SPC_PASS : SPC_FAIL;
    return SPC_HIT_AND_MISS;
}
