/* demo_cards: chance with a memory. The demo must show the same statuses whatever its seed, so shares are dealt like cards
 * (exactly as many of each kind as the weights say, in random order), never drawn one by one. Integers only: the same seed gives the
 * same files on every machine. */
#ifndef QD_SERVER_DEMO_CARDS_H
#define QD_SERVER_DEMO_CARDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dice {
    uint64_t state;
};

/* A stream of its own for each (seed, a, b): what is added to one file later leaves the others as they were. */
struct dice dice_of(uint64_t seed, unsigned a, unsigned b);
uint64_t dice_roll(struct dice *d);
uint32_t dice_below(struct dice *d, uint32_t n);    /* 0 to n - 1; n > 0 */
int dice_between(struct dice *d, int from, int to); /* both included */
bool dice_permille(struct dice *d, unsigned permille);

/* One kind of card: what a cell says as code and as label, and how often. */
struct card {
    const char *code, *label;
    unsigned weight;
};
struct deck {
    const struct card *cards;
    size_t count;
};
#define DECK(array) ((struct deck){(array), sizeof(array) / sizeof(array)[0]})

/* One card for each of n people: out[i] is an index into the deck. */
void deck_deal(struct deck deck, struct dice *d, uint8_t *out, size_t n);
/* One card alone, by weight. */
uint8_t deck_draw(struct deck deck, struct dice *d);
/* Marks `permille` of n, at random. */
void marks_deal(unsigned permille, struct dice *d, bool *out, size_t n);

/* Swaps cards `card` away from people who do not fit it to people who do, so that counts stay as dealt. */
typedef bool fits_fn(const void *context, size_t person);
void cards_settle(struct dice *d, uint8_t *cards, size_t n, uint8_t card, fits_fn *fits, const void *context);

/* For choosing the likeliest k of n: scores sorted from high to low. */
struct score {
    int32_t points;
    uint32_t person;
};
void scores_sort(struct score *scores, size_t n);

#endif
