/* clients: an open-addressing table of client hashes; each slot remembers in which quarters each set saw the client, 4 bits a set.
 * 96 bits of the hash are kept: among a million clients a clash is less likely than a broken machine. */
#include "kpi/clients.h"

#include <stdlib.h>

#include "base/arena.h"

struct client_slot {
    uint64_t a;
    uint32_t b;
    uint32_t seen; /* bit 4 * set + quarter - 1; 0: the slot is free */
};
_Static_assert(CLIENT_SETS_MAX * 4 <= 32, "seen has a bit for each");

void clients_begin(struct clients *c, size_t rows) {
    uint64_t slots = 16;
    while (slots < rows * 2) slots *= 2;
    *c = (struct clients){must_calloc(slots, sizeof *c->slots), slots - 1};
}

void clients_free(struct clients *c) {
    free(c->slots);
    *c = (struct clients){NULL, 0};
}

void clients_prefetch(const struct clients *c, struct hash128 client) {
    __builtin_prefetch(&c->slots[client.a & c->mask], 1);
}

static uint32_t seen_in(unsigned sets, int quarter) {
    uint32_t bits = 0;
    for (unsigned set = 0; sets >> set; set++) bits |= (sets >> set & 1u) << (4 * set + (unsigned)quarter - 1);
    return bits;
}

void clients_add(struct clients *c, struct hash128 client, unsigned sets, int quarter) {
    if (!sets) return;
    uint64_t at = client.a & c->mask;
    while (c->slots[at].seen && (c->slots[at].a != client.a || c->slots[at].b != (uint32_t)client.b)) at = (at + 1) & c->mask;
    c->slots[at].a = client.a;
    c->slots[at].b = (uint32_t)client.b;
    c->slots[at].seen |= seen_in(sets, quarter);
}

static void slot_count(uint32_t seen, int64_t quarters[CLIENT_SETS_MAX][4], int64_t to_date[CLIENT_SETS_MAX][4]) {
    for (unsigned set = 0; set < CLIENT_SETS_MAX && seen; set++, seen >>= 4) {
        bool before = false;
        for (unsigned q = 0; q < 4; q++) {
            bool here = seen >> q & 1u;
            before = before || here;
            quarters[set][q] += here;
            to_date[set][q] += before;
        }
    }
}

void clients_count(const struct clients *c, int64_t quarters[CLIENT_SETS_MAX][4], int64_t to_date[CLIENT_SETS_MAX][4]) {
    memset(quarters, 0, sizeof(int64_t) * CLIENT_SETS_MAX * 4);
    memset(to_date, 0, sizeof(int64_t) * CLIENT_SETS_MAX * 4);
    for (uint64_t i = 0; i <= c->mask; i++) slot_count(c->slots[i].seen, quarters, to_date);
}
