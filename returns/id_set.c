#include "returns/id_set.h"

#include <stdlib.h>

#include "base/arena.h"

enum { FIRST_SIZE = 1024 };

/* 32 of the bits decide both the slot and the quick comparison, so that growing does not read the records. */
uint32_t id_set_tag(const struct id_set *s, struct hash128 id) {
    return (uint32_t)(((id.a ^ id.b >> 17) * s->seed) >> 32);
}

static bool record_is(struct id_records records, uint32_t row, struct hash128 id) {
    struct hash128 other;
    memcpy(&other, records.base + (size_t)(row - 1) * records.stride, sizeof other);
    return hash128_eq(other, id);
}

static void put_again(struct id_set *s, struct id_slot slot) {
    size_t at = slot.tag & s->mask;
    while (s->slots[at].row)
        at = (at + 1) & s->mask;
    s->slots[at] = slot;
}

static void grow(struct id_set *s) {
    struct id_slot *old = s->slots;
    size_t old_size = old ? s->mask + 1 : 0;
    size_t size = old ? old_size * 4 : FIRST_SIZE;
    if (!old) {
        random_bytes(&s->seed, sizeof s->seed);
        s->seed |= 1;
    }
    s->slots = must_calloc(size, sizeof *s->slots);
    s->mask = size - 1;
    for (size_t i = 0; i < old_size; i++)
        if (old[i].row) put_again(s, old[i]);
    free(old);
}

uint32_t id_set_put(struct id_set *s, struct id_records records, struct hash128 id, uint32_t row) {
    if (!s->slots || s->count * 3 >= (s->mask + 1) * 2) grow(s);
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
