#include "kpi/trend.h"

#include <math.h>

const char *trend_name(enum trend t) {
    static const char *const NAMES[] = {"CANNOT_BE_CALCULATED", "NO_CHANGE", "INCREASING", "DECREASING"};
    return NAMES[t];
}

/* ---- a weighted line ---- */

struct line {
    double slope, chi_squared;
};

/* Through all points but `without` (-1: through all). t counts from 1. */
static struct line line_through(const double y[TREND_POINTS], const double weight[TREND_POINTS],
                                int without) {
    double s = 0, sty = 0, st = 0, sy = 0, stt = 0;
    for (int i = 0; i < TREND_POINTS; i++) {
        double t = i + 1, w = i == without ? 0 : weight[i];
        s += w;
        sty += w * t * y[i];
        st += w * t;
        sy += w * y[i];
        stt += w * t * t;
    }
    double spread = s * stt - st * st;
    double slope = (s * sty - st * sy) / spread;
    return (struct line){slope, slope * slope / (s / spread)};
}

/* The slope has one sign, whichever point is left out. */
static bool no_point_makes_it(const double y[TREND_POINTS], const double weight[TREND_POINTS]) {
    int signs = 0;
    for (int without = -1; without < TREND_POINTS; without++)
        signs += line_through(y, weight, without).slope < 0 ? -1 : 1;
    return signs == TREND_POINTS + 1 || signs == -(TREND_POINTS + 1);
}

static struct trend_result judged(double chi_squared, double slope, bool is_steady) {
    bool significant = is_steady && chi_squared > TREND_CHI_SQUARED;
    enum trend direction = slope > 0 ? TREND_INCREASING : TREND_DECREASING;
    return (struct trend_result){significant ? direction : TREND_NO_CHANGE, chi_squared, slope};
}

struct trend_result trend_of_values(const struct trend_value points[TREND_POINTS]) {
    double y[TREND_POINTS], weight[TREND_POINTS];
    for (int i = 0; i < TREND_POINTS; i++) {
        double standard_error = (points[i].upper - points[i].lower) / 3.92;
        if (!(standard_error > 0)) return (struct trend_result){TREND_UNKNOWN, 0, 0};
        y[i] = points[i].value;
        weight[i] = 1 / (standard_error * standard_error);
    }
    struct line all = line_through(y, weight, -1);
    return judged(all.chi_squared, all.slope, no_point_makes_it(y, weight));
}

/* ---- proportions ---- */

static double chi_squared_of(const struct trend_proportion points[TREND_POINTS]) {
    double n = 0, c = 0, ct = 0, nt = 0, ntt = 0;
    for (int i = 0; i < TREND_POINTS; i++) {
        double t = i + 1, count = (double)points[i].count, of = (double)points[i].of;
        n += of;
        c += count;
        ct += count * t;
        nt += of * t;
        ntt += of * t * t;
    }
    double off = n * ct - c * nt;
    return n * off * off / (c * (n - c) * (n * ntt - nt * nt));
}

struct trend_result trend_of_proportions(const struct trend_proportion points[TREND_POINTS]) {
    static const double ALIKE[TREND_POINTS] = {1, 1, 1, 1, 1};
    double logit[TREND_POINTS];
    for (int i = 0; i < TREND_POINTS; i++) {
        if (points[i].count <= 0 || points[i].count >= points[i].of)
            return (struct trend_result){TREND_UNKNOWN, 0, 0};
        logit[i] = log((double)points[i].count / (double)(points[i].of - points[i].count));
    }
    double slope = line_through(logit, ALIKE, -1).slope;
    return judged(chi_squared_of(points), slope, no_point_makes_it(logit, ALIKE));
}
