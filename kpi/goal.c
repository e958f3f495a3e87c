/* goal: see goal.h. What would surprise: a wider audience gets neither last year's shape nor last year's exact value, since a target
 * would tell what the small numbers of that year were (security.md section 7). */
#include "kpi/goal.h"

#include "kpi/disclose.h"

const struct kpi_year *targets_for(const struct figures_question *q, const struct kpi *k, int year,
                                   bool *own) {
    const char *provider = q->view ? q->view->id : NULL;
    const struct kpi_year *y =
        provider || q->authority ? kpi_year_of_scope(k, year, provider, q->authority) : NULL;
    *own = y != NULL;
    return y ? y : kpi_year_find(k, year);
}

/* ---- the profile ---- */

/* Everyone who was expected in the quarter has told of it, and somebody has. */
static bool is_whole(const struct figures_question *q, const struct kpi *k, int16_t period) {
    struct coverage c = coverage_of(q, k, period);
    return c.reported == c.expected && was_sent(q, k, span_quarter(period));
}

/* As that quarter was counted. False, where it was not whole. */
static bool quarter_of(const struct figures_question *q, const struct kpi *k, int16_t period, int64_t *out) {
    struct figures_question then;
    if (!figures_question_of(q, period, &then)) return false;
    k = figures_same_kpi(&then, k);
    if (!k) return false;
    *out = sum_all(&then, COUNTED(k, numerator), span_quarter(period));
    return is_whole(&then, k, period);
}

static enum last_year quarters_of_last_year(const struct figures_question *q, const struct kpi *k, int year,
                                            int64_t out[4]) {
    bool whole = true;
    for (int i = 0; i < 4; i++) {
        out[i] = 0;
        whole &= quarter_of(q, k, period_of(year, i + 1), &out[i]);
    }
    if (!whole) return LAST_YEAR_NOT_WHOLE;
    return out[0] + out[1] + out[2] + out[3] > 0 ? LAST_YEAR_KNOWN : LAST_YEAR_EMPTY;
}

static bool asks_for_shape(const struct kpi *k, const struct kpi_year *y) {
    return k->unit == KPI_COUNT && y->shape_of_last_year;
}

struct profile_now profile_of(const struct figures_question *q, const struct kpi *k,
                              const struct kpi_year *y) {
    struct profile_now p = {.shares = shares_of_profile(y), .last_year = LAST_YEAR_NOT_ASKED};
    if (!asks_for_shape(k, y)) return p;
    p.last_year = LAST_YEAR_NOT_SHOWN;
    if (!q->for_public) p.last_year = quarters_of_last_year(q, k, y->year - 1, p.quarters);
    if (p.last_year == LAST_YEAR_KNOWN) shares_of_quarters(p.quarters, &p.shares);
    return p;
}

/* ---- the goal ---- */

static struct fraction amount_in(const struct kpi *k, bool has, struct decimal annual,
                                 const struct shares *shares, struct span s) {
    if (!has) return (struct fraction){0, 0};
    int quarter = period_quarter(s.to);
    struct fraction to_date = amount_to_date(k, annual, shares, quarter);
    if (k->unit == KPI_PERCENT || s.year_to_date) return to_date;
    return fraction_sub(to_date, amount_to_date(k, annual, shares, quarter - 1));
}

static struct fraction value_of(const struct figures_question *q, const struct kpi *k, int64_t numerator,
                                int64_t denominator) {
    static const struct fraction NONE = {0, 0}, PERCENT = {100, 1};
    enum disclosure how = q->for_public ? DISCLOSE_NHS_1_7_R5 : DISCLOSE_EXACT;
    if (k->unit == KPI_COUNT) {
        struct disclosed n = disclose_count(how, numerator);
        return n.suppressed ? NONE : fraction_of(n.value, 1);
    }
    struct disclosed_rate r = disclose_rate(how, numerator, denominator);
    if (r.numerator.suppressed || r.denominator.suppressed || r.denominator.value <= 0) return NONE;
    return fraction_mul(fraction_of(r.numerator.value, r.denominator.value), PERCENT);
}

/* The value of the same span a year before, at the same day, by the version that rated it then. */
static struct fraction value_last_year(const struct figures_question *q, const struct kpi *k, struct span s) {
    static const struct fraction NONE = {0, 0};
    struct span then = {(int16_t)(s.from - 4), (int16_t)(s.to - 4), s.year_to_date};
    struct figures_question asked;
    if (then.from < PERIOD_FIRST_ACCEPTED || !figures_question_of(q, then.to, &asked)) return NONE;
    k = figures_same_kpi(&asked, k);
    if (!k || !was_sent(&asked, k, then)) return NONE;
    return value_of(q, k, sum_all(&asked, COUNTED(k, numerator), then),
                    sum_all(&asked, COUNTED(k, denominator), then));
}

bool goal_is_fixed(const struct kpi *k, const struct kpi_year *y) {
    return !asks_for_shape(k, y) && y->scheme != SCHEME_DIRECTION;
}

struct goal goal_of(const struct figures_question *q, const struct kpi *k, const struct kpi_year *y,
                    const struct profile_now *profile, struct span s) {
    struct goal g = {
        .target = amount_in(k, y->has_target, y->annual, &profile->shares, s),
        .minimum = amount_in(k, y->has_minimum, y->minimum, &profile->shares, s),
        .stretch = amount_in(k, y->has_stretch, y->stretch, &profile->shares, s),
    };
    if (y->scheme == SCHEME_DIRECTION) g.last_year = value_last_year(q, k, s);
    return g;
}
