#include "handlers/orphans.h"

#include "handlers/episode_index.h"
#include "returns/findings.h"

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
    /* The episodes of the new version, to be asked once for each follow-up. */
    struct held sent = {.part = PART_EPISODES,
                        .period = period,
                        .rows = j->rows,
                        .facts = j->facts.p,
                        .facts_mapped = j->facts_mapped};
    struct episode_index present = {.slots = NULL};
    struct episode_at at;
    uint64_t count = 0;
    int16_t first = -1;
    for (size_t i = 0; i < book->count; i++) {
        const struct held *h = &book->held[i];
        if (h->part != PART_FOLLOW_UPS || !h->facts || !h->rows) continue;
        if (!present.slots) episode_index_build(&present, &(struct book){&sent, 1});
        const struct fact_follow_up *rows = h->facts;
        for (uint32_t k = 0; k < h->rows; k++) {
            if (episode_index_find(&present, rows[k].id, -1, NULL) ||
                known->episode(known->context, rows[k].id, period, &at) == EPISODE_IN_FORCE)
                continue;
            if (!count++) first = h->period;
        }
    }
    episode_index_free(&present);
    if (count) warn(j, count, first);
}
