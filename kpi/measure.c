#include "kpi/measure.h"

static const struct measure_info INFO[MEASURE_COUNT] = {
#define X(name, text, part, cohort, above, below) {text, part, cohort, above, below},
    MEASURE_LIST(X)
#undef X
};

const struct measure_info *measure_info(enum measure m) {
    return &INFO[m];
}

bool measure_parse(str name, enum measure *out) {
    for (unsigned m = 0; m < MEASURE_COUNT; m++) {
        if (!str_is(name, INFO[m].name)) continue;
        *out = (enum measure)m;
        return true;
    }
    return false;
}

void measure_names(struct buf *out) {
    for (unsigned m = 0; m < MEASURE_COUNT; m++)
        buf_printf(out, "%s%s", m ? ", " : "", INFO[m].name);
}

/* ---- one row ---- */

static bool has(const struct walked *w, uint64_t bits) {
    return (w->derived & bits) == bits;
}

static struct measured of(bool below, bool above) {
    return (struct measured){below && above, below};
}

static bool is_flagged(const struct fact_episode *e, enum fact_flag flag) {
    return fact_flag_get(e->flags, flag) == FLAG_YES;
}

/* Of women who were pregnant and quit: whether they still had at delivery can be said once they have delivered. */
static struct measured maintained(const struct walked *w) {
    const struct fact_episode *e = w->fact;
    int32_t delivery = fact_day_value(e->delivery);
    unsigned smoking = fact_flag_get(e->flags, FLAG_SMOKING_AT_DELIVERY);
    bool delivered = smoking != FLAG_BLANK || (delivery != DAY_NONE && delivery < w->as_at);
    bool below = has(w, BIT(QUIT4)) && is_flagged(e, FLAG_PREGNANT) && delivered;
    return of(below, smoking == FLAG_NO);
}

struct measured measure_row(enum measure m, const struct walked *w) {
    switch (m) {
    case MEASURE_SET_QUIT_DATE:
    case MEASURE_REFERRALS:
    case MEASURE_HARM_REDUCTION: return of(true, true);
    case MEASURE_QUIT4: return of(has(w, BIT(DUE4)), has(w, BIT(QUIT4)));
    case MEASURE_CO_VERIFIED4: return of(has(w, BIT(QUIT4)), has(w, BIT(CO_VERIFIED4)));
    case MEASURE_LOST4: return of(has(w, BIT(DUE4)), has(w, BIT(LOST4)));
    case MEASURE_QUIT12: return of(has(w, BIT(DUE12)), has(w, BIT(QUIT12)));
    case MEASURE_LOST12: return of(has(w, BIT(DUE12) | BIT(QUIT4)), has(w, BIT(LOST12)));
    case MEASURE_HARM_NOT_QUIT: return of(true, !has(w, HARM_EPISODE_QUIT4));
    case MEASURE_EXTENDED: return of(true, is_flagged(w->fact, FLAG_EXTENDED_SUPPORT));
    case MEASURE_EXTENDED_QUIT:
        return of(has(w, BIT(DUE4)), has(w, BIT(QUIT4)) && is_flagged(w->fact, FLAG_EXTENDED_SUPPORT));
    case MEASURE_CONDITION: return of(true, ((const struct fact_episode *)w->fact)->conditions != 0);
    case MEASURE_MAINTAINED: return maintained(w);
    case MEASURE_COUNT: break;
    }
    return of(false, false);
}
