#include "kpi/carried.h"

#include <stdlib.h>

#include "base/arena.h"

/* One index serves both lists: their records have the same size and begin with the id. */
enum { RECORD = sizeof(struct fact_site) };
_Static_assert(sizeof(struct fact_adviser) == RECORD, "as sites");

static const void *record_at(const struct held *h, size_t row) {
    return (const char *)h->facts + row * RECORD;
}

static uint64_t id_at(const struct held *h, size_t row) {
    struct hash128 id;
    memcpy(&id, record_at(h, row), sizeof id);
    return id.a;
}

static struct carried_list list_of(const struct held *h) {
    size_t slots = 16;
    while (slots < 2 * (size_t)h->rows)
        slots *= 2;
    struct carried_list list = {h->period, h, must_calloc(slots, sizeof *list.slots), slots - 1};
    for (uint32_t row = 0; row < h->rows; row++) {
        uint64_t at = id_at(h, row) & list.mask;
        while (list.slots[at])
            at = (at + 1) & list.mask;
        list.slots[at] = row + 1;
    }
    return list;
}

static void insert(struct carried *c, struct carried_list list) {
    size_t at = c->count++;
    for (; at && c->lists[at - 1].period < list.period; at--)
        c->lists[at] = c->lists[at - 1];
    c->lists[at] = list;
}

void carried_build(const struct book *book, enum part_id part, struct carried *out) {
    size_t count = 0;
    for (size_t i = 0; i < book->count; i++)
        count += book->held[i].part == part;
    *out = (struct carried){NULL, 0};
    if (!count) return;
    out->lists = must_alloc(count * sizeof *out->lists);
    for (size_t i = 0; i < book->count; i++) {
        const struct held *h = &book->held[i];
        if (h->part == part && (h->facts || h->rows == 0)) insert(out, list_of(h));
    }
}

void carried_free(struct carried *c) {
    for (size_t i = 0; i < c->count; i++)
        free(c->lists[i].slots);
    free(c->lists);
    *c = (struct carried){NULL, 0};
}

const struct carried_list *carried_at(const struct carried *c, int16_t period) {
    for (size_t i = 0; i < c->count; i++) {
        if (c->lists[i].period <= period) return &c->lists[i];
    }
    return NULL;
}

const void *carried_find(const struct carried_list *list, uint64_t id) {
    for (uint64_t at = id & list->mask; list->slots[at]; at = (at + 1) & list->mask) {
        size_t row = list->slots[at] - 1;
        if (id_at(list->held, row) == id) return record_at(list->held, row);
    }
    return NULL;
}

const struct fact_episode *carried_settle(const struct carried *sites, int16_t period,
                                          const struct fact_episode *e, struct fact_episode *room) {
    if (e->setting || !e->site) return e;
    const struct carried_list *list = carried_at(sites, period);
    const struct fact_site *site = list ? carried_find(list, e->site) : NULL;
    if (!site) return e;
    *room = *e;
    room->setting = site->setting;
    return room;
}
