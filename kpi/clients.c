/* clients: an open-addressing table of client hashes; each slot remembers in which quarters each set saw
 * the client, 4 bits a set. 96 bits of the hash are kept: among a million clients a clash is less likely
 * than a broken machine. */
#include "kpi/clients.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

struct client_slot {
    uint64_t a;
    uint32_t b;
    uint32_t seen; /* bit 4 * set + quarter - 1; 0: the slot is free */
};
_Static_assert(CLIENT_SETS_MAX * 4 <= 32, "seen has a bit for each");

void clients_begin(struct clients *c, size_t rows, unsigned sets) {
    uint64_t slots = 16;
    while (slots < rows + rows / 2)
        slots *= 2;
    /* Every page of it is met, at random. */
    size_t bytes = slots * sizeof *c->slots;
    *c =
        (struct clients){.slots = memset(must_alloc_large(bytes), 0, bytes), .mask = slots - 1, .sets = sets};
}

void clients_free(struct clients *c) {
    free(c->slots);
    c->slots = NULL;
}

void clients_prefetch(const struct clients *c, struct hash128 client) {
    __builtin_prefetch(&c->slots[client.a & c->mask], 1);
}

static struct client_slot *slot_of(const struct clients *c, struct hash128 client) {
    uint64_t at = client.a & c->mask;
    while (c->slots[at].seen && (c->slots[at].a != client.a || c->slots[at].b != (uint32_t)client.b))
        at = (at + 1) & c->mask;
    c->slots[at].a = client.a;
    c->slots[at].b = (uint32_t)client.b;
    return &c->slots[at];
}

/* Bit s becomes bit 4 * s. */
static uint32_t spread(unsigned sets) {
    uint32_t s = sets;
    s = (s | s << 12) & 0x000f000fu;
    s = (s | s << 6) & 0x03030303u;
    return (s | s << 3) & 0x11111111u;
}

/* Of each four bits the lowest: is there one among them? */
static uint32_t any_of_four(uint32_t bits) {
    bits |= bits >> 2;
    return (bits | bits >> 1) & 0x11111111u;
}

/* Without a branch for what a row is in, which nobody can guess. */
void clients_add(struct clients *c, struct hash128 client, unsigned sets, int quarter) {
    if (!sets) return;
    struct client_slot *slot = slot_of(c, client);
    unsigned q = (unsigned)quarter - 1;
    uint32_t in = spread(sets), in_quarter = in & ~(slot->seen >> q), in_year = in & ~any_of_four(slot->seen);
    slot->seen |= in << q;
    for (unsigned set = 0; set < c->sets; set++) {
        c->in_quarter[set][q] += in_quarter >> (4 * set) & 1u;
        c->new_in_quarter[set][q] += in_year >> (4 * set) & 1u;
    }
}

int64_t clients_to_date(const struct clients *c, unsigned set, int quarter) {
    int64_t n = 0;
    for (int q = 0; q < quarter; q++)
        n += c->new_in_quarter[set][q];
    return n;
}
