#include "kpi/movement.h"

static struct fraction zero(void) {
    return fraction_of(0, 1);
}

static struct fraction times(struct fraction f, int64_t n) {
    return fraction_mul(f, fraction_of(n, 1));
}

bool movement_of_rate(const struct moving *providers, size_t count, struct movement *out) {
    int64_t x[2] = {0, 0}, n[2] = {0, 0};
    for (size_t i = 0; i < count; i++)
        for (int when = 0; when < 2; when++) {
            x[when] += providers[i].numerator[when];
            n[when] += providers[i].denominator[when];
        }
    if (n[0] <= 0 || n[1] <= 0) return false;
    struct fraction service_before = fraction_of(x[0], n[0]), hundred = fraction_of(100, 1);
    for (size_t i = 0; i < count; i++) {
        const struct moving *p = &providers[i];
        int64_t n0 = p->denominator[0], n1 = p->denominator[1];
        struct fraction before = n0 ? fraction_of(p->numerator[0], n0) : service_before;
        struct fraction after = n1 ? fraction_of(p->numerator[1], n1) : before;
        struct fraction apart = fraction_sub(before, service_before), better = fraction_sub(after, before);
        struct fraction share = fraction_of(n1, n[1]);
        struct fraction shifted = fraction_sub(share, fraction_of(n0, n[0]));
        out[i] = (struct movement){
            .volume = times(service_before, n1 - n0),
            .mix = times(apart, n1 - n0),
            .rate = times(better, n1),
            .mix_points = fraction_mul(fraction_mul(shifted, apart), hundred),
            .rate_points = fraction_mul(fraction_mul(share, better), hundred),
        };
    }
    return true;
}

/* ---- rounding that adds up ---- */

/* What floor leaves of f * 10^places, 0 to 1; only to see who loses most. */
static double left_over(struct fraction f, unsigned places, int64_t floored) {
    double scale = 1;
    for (unsigned i = 0; i < places; i++)
        scale *= 10;
    return (double)f.num / (double)f.den * scale - (double)floored;
}

static struct fraction scaled(struct fraction f, unsigned places) {
    int64_t scale = 1;
    for (unsigned i = 0; i < places; i++)
        scale *= 10;
    return times(f, scale);
}

void movement_round(const struct fraction *parts, size_t count, struct fraction total, unsigned places,
                    int64_t *out) {
    int64_t missing = fraction_round(total.den ? total : zero(), places);
    for (size_t i = 0; i < count; i++) {
        out[i] = fraction_floor(scaled(parts[i], places));
        missing -= out[i];
    }
    /* At most one unit for each part is missing; no part gets two. */
    for (; missing > 0; missing--) {
        size_t most = count;
        double lost = -1;
        for (size_t i = 0; i < count; i++) {
            double here = left_over(parts[i], places, out[i]);
            if (here > lost) {
                lost = here;
                most = i;
            }
        }
        if (most == count) return;
        out[most]++;
    }
}
