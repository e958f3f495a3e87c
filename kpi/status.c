/* status: contract section 6 in its order. Read status_of() from top to bottom for "why has it this
 * status", status_limits_of() for "where do the colours end". */
#include "kpi/status.h"

static const char *const NAMES[RAG_COUNT] = {NULL,       "GREEN",   "AMBER",   "RED",
                                             "BASELINE", "NO_DATA", "NOT_DUE", "BLUE"};

const char *rag_name(enum rag r) {
    return NAMES[r];
}

bool rag_parse(str name, enum rag *out) {
    for (int i = RAG_GREEN; i < RAG_COUNT; i++) {
        if (!str_is(name, NAMES[i])) continue;
        *out = (enum rag)i;
        return true;
    }
    return false;
}

int rag_rank(enum rag r) {
    static const int RANKS[RAG_COUNT] = {[RAG_RED] = 1, [RAG_AMBER] = 2, [RAG_GREEN] = 3, [RAG_BLUE] = 4};
    return RANKS[r];
}

/* ---- targets ---- */

static struct fraction zero(void) {
    return fraction_of(0, 1);
}

struct shares shares_of_profile(const struct kpi_year *year) {
    struct shares s = {{zero()}};
    for (int i = 0; i < 4; i++)
        s.to[i + 1] = fraction_div(fraction_of_decimal(year->profile[i]), fraction_of(100, 1));
    return s;
}

bool shares_of_quarters(const int64_t numerators[4], struct shares *out) {
    int64_t year = numerators[0] + numerators[1] + numerators[2] + numerators[3], so_far = 0;
    if (year <= 0) return false;
    out->to[0] = zero();
    for (int i = 0; i < 4; i++) {
        so_far += numerators[i];
        out->to[i + 1] = fraction_of(so_far, year);
    }
    return true;
}

struct fraction amount_to_date(const struct kpi *kpi, struct decimal annual, const struct shares *shares,
                               int quarter) {
    if (quarter < 1) return zero();
    struct fraction year = fraction_of_decimal(annual);
    if (kpi->unit == KPI_PERCENT) return year;
    struct fraction exact = fraction_mul(year, shares->to[quarter]);
    return kpi->whole_units ? fraction_of(fraction_floor(exact), 1) : exact;
}

/* ---- colours ---- */

/* The target, and as much worse as the tolerance allows. */
static struct fraction end_of_tolerance(const struct kpi *kpi, const struct kpi_year *year,
                                        struct fraction target) {
    struct fraction amount = fraction_of_decimal(year->tolerance_value); /* points, or whole units */
    if (year->tolerance == TOLERANCE_RELATIVE)
        amount = fraction_mul(target, fraction_div(amount, fraction_of(100, 1)));
    return kpi->direction == KPI_HIGHER ? fraction_sub(target, amount) : fraction_add(target, amount);
}

struct status_limits status_limits_of(const struct kpi *kpi, const struct kpi_year *year,
                                      const struct goal *goal) {
    struct status_limits l = {.green = goal->target};
    if (year->tolerance == TOLERANCE_LIMITS) {
        l.green = fraction_of_decimal(year->green_limit);
        l.amber = fraction_of_decimal(year->red_limit);
        return l;
    }
    l.amber = end_of_tolerance(kpi, year, goal->target);
    if (year->scheme == SCHEME_DIRECTION) {
        l.green = l.amber;
        l.amber = goal->last_year;
    }
    if (year->scheme == SCHEME_FOUR_COLOURS) {
        l.blue = goal->stretch;
        if (goal->minimum.den) l.amber = goal->minimum;
    }
    return l;
}

/* 1 where the value is better than the limit, 0 on it, -1 where it is worse or where there is no limit. */
static int stands(const struct kpi *kpi, struct fraction value, struct fraction limit) {
    if (limit.den == 0) return -1;
    return (kpi->direction == KPI_HIGHER ? 1 : -1) * fraction_cmp(value, limit);
}

enum rag status_decide(const struct kpi *kpi, const struct kpi_year *year, struct fraction value,
                       const struct goal *goal) {
    struct status_limits limits = status_limits_of(kpi, year, goal);
    int to_green = stands(kpi, value, limits.green), to_amber = stands(kpi, value, limits.amber);
    if (stands(kpi, value, limits.blue) >= 0) return RAG_BLUE;
    if (kpi->strict ? to_green > 0 : to_green >= 0) return RAG_GREEN;
    /* With own limits the red limit itself is red ("1.5: RED <= 50 %"); a tolerance belongs to amber. */
    if (year->tolerance == TOLERANCE_LIMITS) return to_amber > 0 ? RAG_AMBER : RAG_RED;
    return to_amber >= 0 ? RAG_AMBER : RAG_RED;
}

/* ---- what is reached ---- */

const char *reached_name(enum reached r) {
    static const char *const REACHED[] = {NULL, "NONE", "MINIMUM", "TARGET", "STRETCH"};
    return REACHED[r];
}

enum reached goal_reached(const struct kpi *kpi, const struct goal *goal, struct fraction value) {
    if (value.den == 0) return REACHED_NOTHING_YET;
    if (stands(kpi, value, goal->stretch) >= 0) return REACHED_STRETCH;
    int to_target = stands(kpi, value, goal->target);
    if (kpi->strict ? to_target > 0 : to_target >= 0) return REACHED_TARGET;
    return stands(kpi, value, goal->minimum) >= 0 ? REACHED_MINIMUM : REACHED_NONE;
}

/* ---- the order ---- */

enum rag status_of(const struct kpi *kpi, const struct kpi_year *year, const struct status_case *c,
                   const struct goal *goal) {
    bool is_rate = kpi->unit == KPI_PERCENT;
    if (!c->sent) return RAG_NO_DATA;
    if (is_rate && c->due == 0) return RAG_NOT_DUE;
    if (is_rate && c->denominator == 0) return RAG_NO_DATA;
    if (!year->has_target) return RAG_BASELINE;
    /* It is only compared, so it need not be reduced. */
    struct fraction value = is_rate ? (struct fraction){(int128)c->numerator * 100, c->denominator}
                                    : (struct fraction){c->numerator, 1};
    return status_decide(kpi, year, value, goal);
}

/* ---- earned ---- */

const char *earned_name(enum earned e) {
    static const char *const EARNED[] = {NULL, "FULL", "PART", "NONE"};
    return EARNED[e];
}

enum earned earned_of(const struct kpi_year *year, struct fraction value) {
    if (value.den == 0) return EARNED_NOTHING_YET;
    if (fraction_cmp(value, fraction_of_decimal(year->green_limit)) >= 0) return EARNED_FULL;
    return fraction_cmp(value, fraction_of_decimal(year->red_limit)) <= 0 ? EARNED_NONE : EARNED_PART;
}
