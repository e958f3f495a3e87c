#include "kpi/quitters.h"

#include <stdlib.h>

#include "base/arena.h"

static bool is_blank(struct hash128 id) {
    return id.a == 0 && id.b == 0;
}

/* The slot of the id, or the free one where it belongs. */
static struct quitter_slot *slot_of(const struct quitters *q, struct hash128 id) {
    uint64_t at = id.a & q->mask;
    while (!is_blank(q->slots[at].id) && !hash128_eq(q->slots[at].id, id))
        at = (at + 1) & q->mask;
    return &q->slots[at];
}

static bool names_episodes(const struct held *h) {
    return h->part == PART_HARM_REDUCTION && h->facts;
}

static size_t named_count(const struct book *book) {
    size_t n = 0;
    for (size_t i = 0; i < book->count; i++) {
        const struct fact_harm_reduction *rows = book->held[i].facts;
        for (uint32_t k = 0; names_episodes(&book->held[i]) && k < book->held[i].rows; k++)
            n += !is_blank(rows[k].episode);
    }
    return n;
}

static void note_named(const struct book *book, struct quitters *q) {
    for (size_t i = 0; i < book->count; i++) {
        const struct fact_harm_reduction *rows = book->held[i].facts;
        for (uint32_t k = 0; names_episodes(&book->held[i]) && k < book->held[i].rows; k++)
            if (!is_blank(rows[k].episode)) slot_of(q, rows[k].episode)->id = rows[k].episode;
    }
}

static bool is_quit4(const struct resolver *resolver, const struct derive_settings *s, const struct held *h,
                     const struct fact_episode *e) {
    struct outcomes known;
    resolve_episode(resolver, e, h->seq, &known);
    return derive(s, fact_day_value(e->quit), &known, e->satisfaction) & derived_bit(DERIVED_QUIT4);
}

static void look_into(struct quitters *q, const struct resolver *resolver, const struct derive_settings *s,
                      const struct held *h) {
    const struct fact_episode *rows = h->facts;
    struct body_window window = held_walk(h, sizeof *rows);
    for (uint32_t k = 0; k < h->rows; k++) {
        body_window_move(&window, (const char *)&rows[k]);
        struct quitter_slot *slot = slot_of(q, rows[k].id);
        if (is_blank(slot->id) || slot->quit4) continue;
        slot->quit4 = is_quit4(resolver, s, h, &rows[k]);
    }
}

void quitters_name(const struct book *book, struct quitters *out) {
    *out = (struct quitters){NULL, 0};
    size_t named = named_count(book), slots = 16;
    if (!named) return;
    while (slots < 2 * named)
        slots *= 2;
    *out = (struct quitters){must_calloc(slots, sizeof *out->slots), slots - 1};
    note_named(book, out);
}

void quitters_see(struct quitters *q, struct hash128 episode, bool quit4) {
    struct quitter_slot *slot = slot_of(q, episode);
    slot->quit4 |= quit4 && !is_blank(slot->id);
}

void quitters_build(const struct book *book, const struct resolver *resolver, const struct derive_settings *s,
                    struct quitters *out) {
    quitters_name(book, out);
    for (size_t i = 0; out->slots && i < book->count; i++) {
        const struct held *h = &book->held[i];
        if (h->part == PART_EPISODES && h->facts) look_into(out, resolver, s, h);
    }
}

void quitters_free(struct quitters *q) {
    free(q->slots);
    *q = (struct quitters){NULL, 0};
}

bool quitters_has(const struct quitters *q, struct hash128 episode) {
    return q->slots && slot_of(q, episode)->quit4;
}
