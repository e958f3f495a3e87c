#include "returns/id_set.h"

#include <stdlib.h>

#include "base/arena.h"

enum { FIRST_SIZE = 1024 };

static uint64_t mix(const struct id_set *s, struct hash128 id) {
    uint64_t h = (id.a ^ id.b >> 17) * s->seed;
    return h ^ h >> 32;
}

static struct hash128 record_of(struct id_records records, uint32_t row) {
    struct hash128 id;
    memcpy(&id, records.base + (size_t)(row - 1) * records.stride, sizeof id);
    return id;
}

static void put_again(struct id_set *s, struct id_slot slot, uint64_t h) {
    size_t at = h & s->mask;
    while (s->slots[at].row)
        at = (at + 1) & s->mask;
    s->slots[at] = slot;
}

static void grow(struct id_set *s, struct id_records records) {
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
        if (old[i].row) put_again(s, old[i], mix(s, record_of(records, old[i].row)));
    free(old);
}

uint32_t id_set_put(struct id_set *s, struct id_records records, struct hash128 id, uint32_t row) {
    if (!s->slots || s->count * 3 >= (s->mask + 1) * 2) grow(s, records);
    uint64_t h = mix(s, id);
    uint32_t tag = (uint32_t)(h >> 32);
    size_t at = h & s->mask;
    for (; s->slots[at].row; at = (at + 1) & s->mask)
        if (s->slots[at].tag == tag && hash128_eq(record_of(records, s->slots[at].row), id)) return s->slots[at].row;
    s->slots[at] = (struct id_slot){tag, row};
    s->count++;
    return 0;
}

void id_set_free(struct id_set *s) {
    free(s->slots);
    *s = (struct id_set){.slots = NULL};
}
