#include "handlers/orphans.h"

#include "handlers/episode_index.h"
#include "returns/findings.h"

/* What names an episode that is not in force any more: how many, and the first of them. */
struct orphans {
    uint64_t count;
    const struct held *first;
    uint32_t first_row;
};

static struct finding *add(struct judgement *j, enum finding_code code) {
    struct finding what = {.row = 0, .line = 1, .code = code, .severity = SEVERITY_WARNING};
    return findings_add(&j->findings, &what);
}

static void warn_of_follow_ups(struct judgement *j, const struct orphans *o) {
    char text[PERIOD_TEXT];
    struct finding *f = o->count ? add(j, FINDING_ORPHAN_FOLLOW_UP) : NULL;
    if (!f) return;
    f->detail = arena_printf(
        &j->findings.arena,
        "%llu follow-up%s in force %s for an episode that no return of yours has any more; the first stands in the "
        "follow-ups of %s, version %d, row %u.",
        (unsigned long long)o->count, o->count == 1 ? "" : "s", o->count == 1 ? "is" : "are",
        period_format(o->first->period, text), (int)o->first->version, o->first_row);
    f->fix = arena_str(
        &j->findings.arena,
        STR("They are kept and count again when the episode comes back. If it is gone for good, send those "
            "follow-ups again without them."));
}

static void warn_of_rows(struct judgement *j, const struct orphans *o, enum part_id part) {
    char text[PERIOD_TEXT];
    struct finding *f = o->count ? add(j, FINDING_UNKNOWN_EPISODE) : NULL;
    if (!f) return;
    f->detail = arena_printf(
        &j->findings.arena,
        "%llu row%s of %s name%s an episode that no return of yours has; the first stands in that "
        "of %s, version %d, row %u.",
        (unsigned long long)o->count, o->count == 1 ? "" : "s", part_name(part), o->count == 1 ? "s" : "",
        period_format(o->first->period, text), (int)o->first->version, o->first_row);
    f->fix =
        arena_printf(&j->findings.arena, "They are kept. Send the episode again, or send %s without its id.",
                     part_name(part));
}

/* The episode that a row names; false when it names none. */
static bool names_episode(const struct held *h, uint32_t row, struct hash128 *out) {
    if (h->part == PART_FOLLOW_UPS) *out = ((const struct fact_follow_up *)h->facts)[row].id;
    else if (h->part == PART_REFERRALS) *out = ((const struct fact_referral *)h->facts)[row].episode;
    else *out = ((const struct fact_harm_reduction *)h->facts)[row].episode;
    return out->a || out->b;
}

struct search {
    struct episode_index present; /* the episodes of the new version */
    struct episode_index before;  /* those of the version that it replaces */
    const struct orphan_question *q;
};

/* Does this version bring it about? Either it takes the episode out, or it is the first of its period, for which rows that
 * came earlier have waited. What was gone before was said when it went. */
static bool is_news(struct search *s, const struct held *h, struct hash128 id) {
    if (!s->q->replaced) return h->part != PART_FOLLOW_UPS && h->period == s->q->period;
    return episode_index_find(&s->before, id, -1, NULL) != NULL;
}

static void look_through(struct search *s, const struct held *h, struct orphans *o) {
    const struct known *known = s->q->known;
    struct hash128 id;
    struct episode_at at;
    for (uint32_t k = 0; k < h->rows; k++) {
        if (!names_episode(h, k, &id) || episode_index_find(&s->present, id, -1, NULL)) continue;
        if (!is_news(s, h, id)) continue;
        if (known->episode(known->context, id, s->q->period, &at) == EPISODE_IN_FORCE) continue;
        if (!o->count++) {
            o->first = h;
            o->first_row = k + 1;
        }
    }
}

static struct orphans orphans_of(struct search *s, enum part_id part) {
    struct orphans o = {0};
    for (size_t i = 0; i < s->q->book->count; i++) {
        const struct held *h = &s->q->book->held[i];
        if (h->part == part && h->facts && h->rows) look_through(s, h, &o);
    }
    return o;
}

bool orphans_are_possible(const struct book *book) {
    for (size_t i = 0; i < book->count; i++) {
        enum part_id part = book->held[i].part;
        bool names = part == PART_FOLLOW_UPS || part == PART_REFERRALS || part == PART_HARM_REDUCTION;
        if (names && book->held[i].facts && book->held[i].rows) return true;
    }
    return false;
}

void orphans_warn(struct judgement *j, const struct orphan_question *q) {
    static const enum part_id OTHERS[] = {PART_REFERRALS, PART_HARM_REDUCTION};
    struct search s = {.q = q};
    struct held sent = {.part = PART_EPISODES,
                        .period = q->period,
                        .rows = j->rows,
                        .facts = j->facts.p,
                        .facts_mapped = j->facts_mapped};
    episode_index_build(&s.present, &(struct book){&sent, 1});
    if (q->replaced) episode_index_build(&s.before, q->replaced);
    struct orphans follow_ups = orphans_of(&s, PART_FOLLOW_UPS);
    warn_of_follow_ups(j, &follow_ups);
    for (size_t i = 0; i < 2; i++) {
        struct orphans rows = orphans_of(&s, OTHERS[i]);
        warn_of_rows(j, &rows, OTHERS[i]);
    }
    episode_index_free(&s.present);
    episode_index_free(&s.before);
}
