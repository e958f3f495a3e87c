#include "returns/id_set.h"

#include <stdlib.h>

#include "base/arena.h"

/* Slots. What is expected is only a guess from the size of a body; the pages of slots that nobody comes to are never
 * touched. */
enum { LEAST = 1024, MOST_AT_FIRST = 1 << 21 };

static bool record_is(struct id_records records, uint32_t row, struct hash128 id) {
    struct hash128 other;
    memcpy(&other, records.id_at(records.context, row), sizeof other);
    return hash128_eq(other, id);
}

static void put_again(struct id_set *s, struct id_slot slot) {
    size_t at = slot.tag & s->mask;
    while (s->slots[at].row)
        at = (at + 1) & s->mask;
    s->slots[at] = slot;
}

static void resize(struct id_set *s, size_t size) {
    struct id_slot *old = s->slots;
    size_t old_size = old ? s->mask + 1 : 0;
    s->slots = memset(must_alloc_large(size * sizeof *s->slots), 0, size * sizeof *s->slots);
    s->mask = size - 1;
    for (size_t i = 0; i < old_size; i++)
        if (old[i].row) put_again(s, old[i]);
    free(old);
}

void id_set_begin(struct id_set *s, size_t expected) {
    size_t size = LEAST;
    while (size < MOST_AT_FIRST && size * 5 < expected * 8) /* a few more may come before it grows */
        size *= 2;
    random_bytes(&s->seed, sizeof s->seed);
    s->seed |= 1;
    resize(s, size);
}

uint32_t id_set_put(struct id_set *s, struct id_records records, struct hash128 id, uint32_t row) {
    if (s->count * 3 >= (s->mask + 1) * 2) resize(s, 2 * (s->mask + 1));
    uint32_t tag = id_set_tag(s, id);
    size_t at = tag & s->mask;
    for (; s->slots[at].row; at = (at + 1) & s->mask)
        if (s->slots[at].tag == tag && record_is(records, s->slots[at].row, id)) return s->slots[at].row;
    s->slots[at] = (struct id_slot){tag, row};
    s->count++;
    return 0;
}

void id_set_free(struct id_set *s) {
    free(s->slots);
    *s = (struct id_set){.slots = NULL};
}
