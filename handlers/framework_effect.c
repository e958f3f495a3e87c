#include "handlers/framework_effect.h"

/* The last quarter of the years that have ended for good; 0: there is none. */
static int16_t last_closed(const struct frameworks_in_force *in_force, int32_t today) {
    int16_t first, last, closed = 0;
    frameworks_quarters(in_force, &first, &last);
    for (int year = period_year(first); year <= period_year(last); year++) {
        int16_t q4 = period_of(year, 4);
        if (today >= framework_lock_day(framework_of_period(in_force, q4), q4)) closed = q4;
    }
    return closed;
}

int16_t framework_first_open(const struct frameworks_in_force *in_force, const struct store_period *periods,
                             size_t count, int32_t today) {
    int16_t locked = last_closed(in_force, today);
    for (size_t i = 0; i < count; i++)
        if (periods[i].lock == LOCK_LOCKED && periods[i].period > locked) locked = periods[i].period;
    return locked ? (int16_t)(locked + 1) : 0;
}

enum err framework_effect(const struct framework *next, int16_t first_open, struct fault *fault,
                          int16_t *out) {
    char text[2][PERIOD_TEXT];
    int16_t begin = period_of(next->first_year, 1), last = period_of(next->last_year, 4);
    int16_t from = next->effective_from ? next->effective_from : begin;
    if (last < first_open)
        return fail(
            fault, ERR_INVALID,
            "/years: all quarters to %s are locked and keep the version that they have. Add the year of %s.",
            period_format(last, text[0]), period_format(first_open, text[1]));
    if (next->effective_from && from < first_open)
        return fail(
            fault, ERR_INVALID,
            "/effectiveFrom: %s is locked, or lies before a quarter that is, and a locked quarter keeps "
            "the version that it has. The first quarter that can be named is %s.",
            period_format(from, text[0]), period_format(first_open, text[1]));
    *out = from < first_open ? first_open : from;
    return OK;
}

enum err framework_effect_load(struct db *db, str service, const struct frameworks_in_force *in_force,
                               const struct framework *next, int32_t today, struct fault *fault,
                               int16_t *out) {
    struct arena a = ARENA_EMPTY;
    struct store_period *periods;
    size_t count;
    enum err e = store_periods_list(db, service, -1, INSTANT_NONE, &a, &periods, &count);
    if (e == OK)
        e = framework_effect(next, framework_first_open(in_force, periods, count, today), fault, out);
    arena_free(&a);
    return e;
}
