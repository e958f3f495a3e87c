/* status: contract section 6 in its order. Read status_of() from top to bottom for "why has it this
 * status", status_limits_of() for "where do the colours end". */
#include "kpi/status.h"

static const char *const NAMES[RAG_COUNT] = {NULL, "GREEN", "AMBER", "RED", "BASELINE", "NO_DATA", "NOT_DUE"};

const char *rag_name(enum rag r) {
    return NAMES[r];
}

/* ---- targets ---- */

static struct fraction zero(void) {
    return fraction_of(0, 1);
}

struct fraction target_to_date(const struct kpi *kpi, const struct kpi_year *year, int quarter) {
    if (quarter < 1) return zero();
    struct fraction annual = fraction_of_decimal(year->annual);
    if (kpi->unit == KPI_PERCENT) return annual;
    struct fraction share =
        fraction_div(fraction_of_decimal(year->profile[quarter - 1]), fraction_of(100, 1));
    struct fraction exact = fraction_mul(annual, share);
    return kpi->whole_units ? fraction_of(fraction_floor(exact), 1) : exact;
}

/* ---- colours ---- */

/* How far amber reaches beyond the target, as an amount of the KPI's unit. */
static struct fraction tolerance_amount(const struct kpi_year *year, struct fraction target) {
    struct fraction value = fraction_of_decimal(year->tolerance_value);
    if (year->tolerance != TOLERANCE_RELATIVE) return value; /* points, or whole units */
    return fraction_mul(target, fraction_div(value, fraction_of(100, 1)));
}

struct status_limits status_limits_of(const struct kpi *kpi, const struct kpi_year *year,
                                      struct fraction target) {
    if (year->tolerance == TOLERANCE_LIMITS)
        return (struct status_limits){fraction_of_decimal(year->green_limit),
                                      fraction_of_decimal(year->red_limit)};
    struct fraction amount = tolerance_amount(year, target);
    struct fraction amber =
        kpi->direction == KPI_HIGHER ? fraction_sub(target, amount) : fraction_add(target, amount);
    return (struct status_limits){target, amber};
}

enum rag status_decide(const struct kpi *kpi, const struct kpi_year *year, struct fraction value,
                       struct fraction target) {
    struct status_limits limits = status_limits_of(kpi, year, target);
    /* From here on larger is better: 1 beyond the limit, 0 on it, -1 short of it. */
    int sign = kpi->direction == KPI_HIGHER ? 1 : -1;
    int to_green = sign * fraction_cmp(value, limits.green);
    int to_amber = sign * fraction_cmp(value, limits.amber);
    if (kpi->strict ? to_green > 0 : to_green >= 0) return RAG_GREEN;
    /* With own limits the red limit itself is red ("1.5: RED <= 50 %"); a tolerance belongs to amber. */
    if (year->tolerance == TOLERANCE_LIMITS) return to_amber > 0 ? RAG_AMBER : RAG_RED;
    return to_amber >= 0 ? RAG_AMBER : RAG_RED;
}

enum rag status_of(const struct kpi *kpi, const struct kpi_year *year, const struct status_case *c,
                   struct fraction target) {
    bool is_rate = kpi->unit == KPI_PERCENT;
    if (!c->sent) return RAG_NO_DATA;
    if (is_rate && c->due == 0) return RAG_NOT_DUE;
    if (is_rate && c->denominator == 0) return RAG_NO_DATA;
    if (!year->has_target) return RAG_BASELINE;
    struct fraction value = is_rate
                                ? fraction_mul(fraction_of(c->numerator, c->denominator), fraction_of(100, 1))
                                : fraction_of(c->numerator, 1);
    return status_decide(kpi, year, value, target);
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
