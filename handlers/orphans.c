#include "handlers/orphans.h"

#include <stdlib.h>

#include "returns/findings.h"

/* The episode ids of the new version, to be asked once for each follow-up: open addressing, row + 1, 0 is free. */
struct present {
    const struct fact_episode *rows;
    uint32_t *slots;
    size_t mask;
};

static void present_begin(struct present *p, const struct judgement *j) {
    size_t size = 16;
    while (size < 2 * (size_t)j->rows)
        size *= 2;
    p->rows = (const struct fact_episode *)(const void *)j->facts.p;
    p->slots = must_calloc(size, sizeof *p->slots);
    p->mask = size - 1;
    for (uint32_t i = 0; i < j->rows; i++) {
        size_t at = (size_t)p->rows[i].id.a & p->mask;
        while (p->slots[at])
            at = (at + 1) & p->mask;
        p->slots[at] = i + 1;
    }
}

static bool is_present(const struct present *p, struct hash128 id) {
    for (size_t at = (size_t)id.a & p->mask; p->slots[at]; at = (at + 1) & p->mask)
        if (hash128_eq(p->rows[p->slots[at] - 1].id, id)) return true;
    return false;
}

static void warn(struct judgement *j, uint64_t count, int16_t period) {
    char text[PERIOD_TEXT];
    struct finding what = {
        .row = 0, .line = 1, .code = FINDING_ORPHAN_FOLLOW_UP, .severity = SEVERITY_WARNING};
    struct finding *f = findings_add(&j->findings, &what);
    if (!f) return;
    f->detail = arena_printf(
        &j->findings.arena,
        "%llu follow-up%s in force %s for an episode that no return of yours has any more; the first stands in the "
        "follow-ups of %s.",
        (unsigned long long)count, count == 1 ? "" : "s", count == 1 ? "is" : "are",
        period_format(period, text));
    f->fix = arena_str(
        &j->findings.arena,
        STR("They are kept and count again when the episode comes back. If it is gone for good, send those "
            "follow-ups again without them."));
}

void orphans_warn(struct judgement *j, const struct book *book, const struct known *known, int16_t period) {
    struct present present = {0};
    struct episode_at at;
    uint64_t count = 0;
    int16_t first = -1;
    for (size_t i = 0; i < book->count; i++) {
        const struct held *h = &book->held[i];
        if (h->part != PART_FOLLOW_UPS || !h->facts || !h->rows) continue;
        if (!present.slots) present_begin(&present, j);
        const struct fact_follow_up *rows = h->facts;
        for (uint32_t k = 0; k < h->rows; k++) {
            if (is_present(&present, rows[k].id) ||
                known->episode(known->context, rows[k].id, period, &at) == EPISODE_IN_FORCE)
                continue;
            if (!count++) first = h->period;
        }
    }
    free(present.slots);
    if (count) warn(j, count, first);
}
