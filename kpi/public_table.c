#include "kpi/public_table.h"

#include <stdlib.h>

#include "kpi/disclose.h"

bool public_dimension(enum dimension d) {
    switch (d) {
    case DIMENSION_AGE_BAND:
    case DIMENSION_GENDER:
    case DIMENSION_SEXUAL_ORIENTATION:
    case DIMENSION_PRIORITY_GROUP:
    case DIMENSION_IMD_QUINTILE:
    case DIMENSION_NSSEC:
    case DIMENSION_AID:
    case DIMENSION_INTERVENTION_TYPE:
    case DIMENSION_SETTING:
    case DIMENSION_SOURCE:
    case DIMENSION_HOUSING_TENURE:
    case DIMENSION_SERIOUS_MENTAL_ILLNESS:
    case DIMENSION_PREGNANT:
    case DIMENSION_HOMELESS:
    case DIMENSION_SUBSTANCE_MISUSE: return true;
    default: return false;
    }
}

/* How much less, and how much more, a number may be and still be shown as it is. */
struct room {
    int64_t below, above;
};

static struct room room_of(int64_t n) {
    struct disclosed d = disclose_count(DISCLOSE_NHS_1_7_R5, n);
    if (n == 0) return (struct room){0, 0};
    if (d.suppressed) return (struct room){n - 1, 7 - n};
    return (struct room){n - (d.value - 2), d.value + 2 - n};
}

bool public_column_is_safe(const int64_t *cells, size_t count) {
    struct room all = {0, 0};
    int64_t total = 0;
    bool has_star = false;
    for (size_t i = 0; i < count; i++) {
        struct room r = room_of(cells[i]);
        all.below += r.below;
        all.above += r.above;
        total += cells[i];
        has_star |= is_small_number(cells[i]);
    }
    if (!has_star) return true;
    return !is_small_number(total) && all.below >= PUBLIC_ROOM && all.above >= PUBLIC_ROOM;
}

bool public_table_is_safe(const struct breakdown *b) {
    const struct dimension_members *by = &b->by[0];
    int64_t *cells = must_calloc(by->count + 1, sizeof *cells);
    bool safe = true;
    for (int column = 0; column < 2; column++) {
        for (size_t i = 0; i < by->count; i++)
            cells[i] = column ? breakdown_at(b, i, 0).denominator : breakdown_at(b, i, 0).numerator;
        safe = safe && public_column_is_safe(cells, by->count);
    }
    free(cells);
    return safe || dimension_overlaps(dimension_info(by->which)->kind);
}
