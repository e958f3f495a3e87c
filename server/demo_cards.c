#include "server/demo_cards.h"

#include <stdlib.h>

/* splitmix64 (Steele, Lea and Flood 2014; public domain). */
uint64_t dice_roll(struct dice *d) {
    uint64_t z = d->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

struct dice dice_of(uint64_t seed, unsigned a, unsigned b) {
    struct dice d = {seed};
    d.state = dice_roll(&d) ^ ((uint64_t)a << 32 | b);
    d.state = dice_roll(&d);
    return d;
}

uint32_t dice_below(struct dice *d, uint32_t n) {
    return (uint32_t)((dice_roll(d) >> 32) * n >> 32);
}

int dice_between(struct dice *d, int from, int to) {
    return from + (int)dice_below(d, (uint32_t)(to - from + 1));
}

bool dice_permille(struct dice *d, unsigned permille) {
    return dice_below(d, 1000) < permille;
}

static uint32_t deck_weight(struct deck deck) {
    uint32_t sum = 0;
    for (size_t i = 0; i < deck.count; i++)
        sum += deck.cards[i].weight;
    return sum;
}

static void shuffle(struct dice *d, uint8_t *out, size_t n) {
    for (size_t i = n; i > 1; i--) {
        size_t j = dice_below(d, (uint32_t)i);
        uint8_t card = out[i - 1];
        out[i - 1] = out[j];
        out[j] = card;
    }
}

/* Systematic sampling: the random start keeps small weights right on average, where rounding would always lose them. */
void deck_deal(struct deck deck, struct dice *d, uint8_t *out, size_t n) {
    uint32_t whole = deck_weight(deck);
    uint64_t start = dice_below(d, whole), reached = 0;
    size_t next = 0;
    for (size_t i = 0; i < deck.count; i++) {
        reached += deck.cards[i].weight;
        size_t until = (size_t)((n * reached + start) / whole);
        if (i == deck.count - 1 || until > n) until = n;
        while (next < until)
            out[next++] = (uint8_t)i;
    }
    shuffle(d, out, n);
}

uint8_t deck_draw(struct deck deck, struct dice *d) {
    uint32_t at = dice_below(d, deck_weight(deck));
    size_t i = 0;
    while (at >= deck.cards[i].weight)
        at -= deck.cards[i++].weight;
    return (uint8_t)i;
}

void marks_deal(unsigned permille, struct dice *d, bool *out, size_t n) {
    size_t marked = (n * permille + dice_below(d, 1000)) / 1000;
    for (size_t i = 0; i < n; i++)
        out[i] = i < marked;
    for (size_t i = n; i > 1; i--) {
        size_t j = dice_below(d, (uint32_t)i);
        bool mark = out[i - 1];
        out[i - 1] = out[j];
        out[j] = mark;
    }
}

void cards_settle(struct dice *d, uint8_t *cards, size_t n, uint8_t card, fits_fn *fits,
                  const void *context) {
    enum { TRIES = 400 };
    for (size_t i = 0; i < n; i++) {
        if (cards[i] != card || fits(context, i)) continue;
        for (int t = 0; t < TRIES; t++) {
            size_t j = dice_below(d, (uint32_t)n);
            if (cards[j] == card || !fits(context, j)) continue;
            cards[i] = cards[j];
            cards[j] = card;
            break;
        }
    }
}

static int by_points(const void *a, const void *b) {
    const struct score *x = a, *y = b;
    if (x->points != y->points) return x->points < y->points ? 1 : -1;
    return x->person < y->person ? -1 : x->person > y->person;
}

void scores_sort(struct score *scores, size_t n) {
    if (n) qsort(scores, n, sizeof *scores, by_points);
}
