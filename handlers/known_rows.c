#include "handlers/known_rows.h"

#include <stdlib.h>

/* period -1 marks an empty slot; an id may stand in several periods of old data, the newest found wins. */
struct known_slot {
    struct hash128 id;
    int16_t period;
    int16_t quit;
};

static size_t episode_rows(const struct book *b) {
    size_t n = 0;
    for (size_t i = 0; i < b->count; i++)
        if (b->held[i].part == PART_EPISODES && b->held[i].facts) n += b->held[i].rows;
    return n;
}

static struct known_slot *index_build(const struct book *b, size_t *out_mask) {
    size_t size = 16;
    while (size < 2 * episode_rows(b))
        size *= 2;
    struct known_slot *slots = must_alloc(size * sizeof *slots);
    for (size_t i = 0; i < size; i++)
        slots[i].period = -1;
    for (size_t i = 0; i < b->count; i++) {
        const struct held *h = &b->held[i];
        if (h->part != PART_EPISODES || !h->facts) continue;
        const struct fact_episode *rows = h->facts;
        for (uint32_t k = 0; k < h->rows; k++) {
            size_t at = (size_t)rows[k].id.a & (size - 1);
            while (slots[at].period >= 0)
                at = (at + 1) & (size - 1);
            slots[at] = (struct known_slot){rows[k].id, h->period, rows[k].quit};
        }
    }
    *out_mask = size - 1;
    return slots;
}

/* An id may stand in two slots for a moment only: the period being replaced is left out by the caller's not_in. */
static const struct known_slot *index_find(const struct known_slot *slots, size_t mask, struct hash128 id,
                                           int16_t not_in) {
    for (size_t at = (size_t)id.a & mask; slots[at].period >= 0; at = (at + 1) & mask)
        if (hash128_eq(slots[at].id, id) && slots[at].period != not_in) return &slots[at];
    return NULL;
}

static bool was_once_returned(struct known_rows *k, struct hash128 id) {
    if (!k->old_loaded && k->err == OK) {
        struct book old = {0};
        k->err = store_old_facts_load(k->db, k->service, k->provider, PART_EPISODES, &k->arena, &old);
        if (k->err == OK) k->old_slots = index_build(&old, &k->old_mask);
        k->old_loaded = true;
    }
    return k->old_slots && index_find(k->old_slots, k->old_mask, id, -1);
}

static enum episode_standing look_up(void *context, struct hash128 id, int16_t not_in,
                                     struct episode_at *out) {
    struct known_rows *k = context;
    const struct known_slot *s = index_find(k->slots, k->mask, id, not_in);
    if (s) {
        *out = (struct episode_at){s->period, fact_day_value(s->quit)};
        return EPISODE_IN_FORCE;
    }
    if (not_in >= 0) return EPISODE_UNKNOWN; /* looking for a duplicate: only what is in force counts */
    return was_once_returned(k, id) ? EPISODE_REMOVED : EPISODE_UNKNOWN;
}

static enum listing is_listed(void *context, enum part_id list, int16_t period, struct hash128 id) {
    struct known_rows *k = context;
    const struct carried_list *at = carried_at(list == PART_SITES ? &k->sites : &k->advisers, period);
    if (!at) return LIST_NEVER_SENT;
    return carried_find(at, id.a) ? LIST_HAS : LIST_LACKS;
}

void known_rows_begin(struct known_rows *k, struct db *db, str service, str provider,
                      const struct book *book) {
    *k = (struct known_rows){
        .db = db, .service = service, .provider = provider, .arena = ARENA_EMPTY, .err = OK};
    k->slots = index_build(book, &k->mask);
    carried_build(book, PART_SITES, &k->sites);
    carried_build(book, PART_ADVISERS, &k->advisers);
    k->known = (struct known){.context = k, .episode = look_up, .listed = is_listed};
}

void known_rows_free(struct known_rows *k) {
    free(k->slots);
    free(k->old_slots);
    carried_free(&k->sites);
    carried_free(&k->advisers);
    arena_free(&k->arena);
}
