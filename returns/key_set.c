#include "returns/key_set.h"

#include <stdlib.h>

#include "base/arena.h"

enum { SLOTS = 2 * KEY_SET_MOST };

enum key_put key_set_put(struct key_set *s, struct hash128 name, uint32_t object) {
    if (!s->slots) s->slots = must_calloc(SLOTS, sizeof *s->slots);
    size_t at = (size_t)(name.a + object) % SLOTS;
    for (; s->slots[at].object && s->slots[at].object >= s->first; at = (at + 1) % SLOTS)
        if (s->slots[at].object == object && hash128_eq(s->slots[at].name, name)) return KEY_REPEATED;
    if (s->count == KEY_SET_MOST) return KEY_NO_ROOM;
    s->slots[at] = (struct key_slot){name, object};
    s->count++;
    return KEY_NEW;
}

void key_set_forget(struct key_set *s, uint32_t before) {
    s->first = before;
    s->count = 0;
}

void key_set_free(struct key_set *s) {
    free(s->slots);
    *s = (struct key_set){.slots = NULL};
}
