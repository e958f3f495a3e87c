/* id_set: which row first had an id. Open addressing, eight bytes a slot: the ids themselves are read back
 * from the records that the judge keeps anyway (digests or facts), and only when 32 bits of them agree. */
#ifndef QD_RETURNS_ID_SET_H
#define QD_RETURNS_ID_SET_H

#include "base/hash.h"

struct id_slot {
    uint32_t tag; /* of the id: spares reading the record */
    uint32_t row; /* 1-based; 0 is an empty slot */
};

struct id_set {
    struct id_slot *slots;
    size_t mask, count;
    uint64_t seed; /* odd and random: nobody can choose ids that all meet in one slot */
};

/* Where the ids of the rows stand: a struct hash128, valid until the next call. */
struct id_records {
    const void *(*id_at)(void *context, uint32_t row);
    void *context;
};

void id_set_begin(struct id_set *s, size_t expected); /* rows, roughly; it grows as it has to */
/* 32 of the bits decide both the slot and the quick comparison, so that growing does not read the records. */
static inline uint32_t id_set_tag(const struct id_set *s, struct hash128 id) {
    return (uint32_t)(((id.a ^ id.b >> 17) * s->seed) >> 32);
}
/* Begins to fetch the slot from memory, for an id_set_put() a little later; of a set that was not begun, nothing. */
static inline void id_set_prefetch(const struct id_set *s, uint32_t tag) {
    if (s->slots) __builtin_prefetch(&s->slots[tag & s->mask], 1);
}
/* The row that has the id already, or 0 when it was new and now belongs to `row`. */
uint32_t id_set_put(struct id_set *s, struct id_records records, struct hash128 id, uint32_t row);
void id_set_free(struct id_set *s);

#endif
