/* versions: see versions.h. */
#include "kpi/versions.h"

/* From the newest back: an older version rates only what lies before every date of those after it. */
size_t versions_in_force(const struct dated_version *known, size_t count, struct dated_version *out) {
    size_t n = 0;
    int least = INT16_MAX + 1;
    for (size_t i = count; i-- > 0 && least > 0;) {
        if (known[i].from >= least) continue;
        least = known[i].from;
        out[n++] = known[i];
    }
    if (least > 0) out[n++] = (struct dated_version){known[0].version, 0};
    for (size_t i = 0; i < n / 2; i++) {
        struct dated_version swapped = out[i];
        out[i] = out[n - 1 - i];
        out[n - 1 - i] = swapped;
    }
    return n;
}

int version_of_period(const struct dated_version *in_force, size_t count, int16_t period) {
    size_t i = count - 1;
    while (i > 0 && in_force[i].from > period)
        i--;
    return in_force[i].version;
}

static const struct framework_in_force *entry_of(const struct frameworks_in_force *all, int16_t period) {
    size_t i = all->count - 1;
    while (i > 0 && all->list[i].from > period)
        i--;
    return &all->list[i];
}

const struct framework *framework_of_period(const struct frameworks_in_force *all, int16_t period) {
    return entry_of(all, period)->framework;
}

bool frameworks_quarters_of(const struct frameworks_in_force *all, size_t i, int16_t *out_first,
                            int16_t *out_last) {
    const struct framework *f = all->list[i].framework;
    int from = period_of(f->first_year, 1), to = period_of(f->last_year, 4);
    if (all->list[i].from > from) from = all->list[i].from;
    if (i + 1 < all->count && all->list[i + 1].from <= to) to = all->list[i + 1].from - 1;
    *out_first = (int16_t)from;
    *out_last = (int16_t)to;
    return from <= to;
}

void frameworks_quarters(const struct frameworks_in_force *all, int16_t *out_first, int16_t *out_last) {
    *out_first = INT16_MAX;
    *out_last = -1;
    for (size_t i = 0; i < all->count; i++) {
        int16_t from, to;
        if (!frameworks_quarters_of(all, i, &from, &to)) continue;
        if (from < *out_first) *out_first = from;
        if (to > *out_last) *out_last = to;
    }
}
