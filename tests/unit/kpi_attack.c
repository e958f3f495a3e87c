/* kpi_attack: somebody collects everything that a wider audience may see of a small service (two-way tables, one-way tables, totals, two
 * quarters and the year to date, people setting a quit date and those of them who quit) and works out between which bounds each number
 * must lie. No table gives a cell away by itself. All of them together sometimes do: the profile nhs-1-7-r5 rounds each number for
 * itself, so sums can meet where all roundings fall to the same side. docs/commissioner.md says so and how often; this test holds the
 * figure. QUARTERDAY_ATTACK_SETS asks for more sets than the 2,000 of `make test`. */
#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"
#include "kpi/disclose.h"
#include "tests/support/suite.h"

enum { A = 4, B = 3, SPANS = 3, MEASURES = 2, PER_SPAN = A * B + A + B + 1 };
enum {
    NUMBERS = MEASURES * SPANS * PER_SPAN,
    FIRST_ROW = A * B,
    FIRST_COLUMN = A * B + A,
    TOTAL = A * B + A + B
};
enum { RELATIONS_MAX = 256, PARTS_MAX = 4, NO_BOUND = 1 << 20 };

static size_t at(int measure, int span, int number) {
    return (size_t)((measure * SPANS + span) * PER_SPAN + number);
}

/* ---- what is true, and what is shown of it ---- */

static uint64_t state;

static unsigned any(unsigned below) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33) % below;
}

struct world {
    int64_t n[NUMBERS];
};

static void sum_up(int64_t *n) {
    for (int a = 0; a < A; a++)
        for (int b = 0; b < B; b++) {
            n[FIRST_ROW + a] += n[a * B + b];
            n[FIRST_COLUMN + b] += n[a * B + b];
            n[TOTAL] += n[a * B + b];
        }
}

static void draw(struct world *w) {
    static const unsigned MOST[] = {4, 10, 20, 60};
    unsigned most = MOST[any(4)];
    *w = (struct world){{0}};
    for (int span = 0; span < 2; span++)
        for (int cell = 0; cell < A * B; cell++) {
            int64_t people = any(3) ? any(most + 1) : 0;
            w->n[at(0, span, cell)] = people;
            w->n[at(1, span, cell)] = people ? any((unsigned)people + 1) : 0;
        }
    for (int m = 0; m < MEASURES; m++) {
        for (int cell = 0; cell < A * B; cell++)
            w->n[at(m, 2, cell)] = w->n[at(m, 0, cell)] + w->n[at(m, 1, cell)];
        for (int span = 0; span < SPANS; span++)
            sum_up(&w->n[at(m, span, 0)]);
    }
}

struct bounds {
    int64_t least[NUMBERS], most[NUMBERS];
};

static void look(const struct world *w, struct bounds *b) {
    for (size_t i = 0; i < NUMBERS; i++) {
        struct disclosed d = disclose_count(DISCLOSE_NHS_1_7_R5, w->n[i]);
        b->least[i] = d.suppressed ? 1 : d.value ? d.value - 2 : 0;
        b->most[i] = d.suppressed ? 7 : d.value ? d.value + 2 : 0;
    }
}

/* ---- what is known besides: sums, and that who quit had set a quit date ---- */

struct relation {
    size_t whole, parts[PARTS_MAX], count;
    bool plain; /* one-way tables of the first quarter and their total */
};
static struct relation relations[RELATIONS_MAX];
static size_t relation_count;

static void relate(size_t whole, const size_t *parts, size_t count) {
    struct relation *r = &relations[relation_count++];
    *r = (struct relation){.whole = whole, .count = count};
    for (size_t i = 0; i < count; i++)
        r->parts[i] = parts[i];
}

static void relate_span(int m, int span) {
    size_t parts[PARTS_MAX];
    for (int a = 0; a < A; a++) {
        for (int b = 0; b < B; b++)
            parts[b] = at(m, span, a * B + b);
        relate(at(m, span, FIRST_ROW + a), parts, B);
    }
    for (int b = 0; b < B; b++) {
        for (int a = 0; a < A; a++)
            parts[a] = at(m, span, a * B + b);
        relate(at(m, span, FIRST_COLUMN + b), parts, A);
    }
    for (int a = 0; a < A; a++)
        parts[a] = at(m, span, FIRST_ROW + a);
    relate(at(m, span, TOTAL), parts, A);
    relations[relation_count - 1].plain = m == 0 && span == 0;
    for (int b = 0; b < B; b++)
        parts[b] = at(m, span, FIRST_COLUMN + b);
    relate(at(m, span, TOTAL), parts, B);
    relations[relation_count - 1].plain = m == 0 && span == 0;
}

static int begin(void) {
    relation_count = 0;
    for (int m = 0; m < MEASURES; m++) {
        for (int span = 0; span < SPANS; span++)
            relate_span(m, span);
        for (int i = 0; i < PER_SPAN; i++)
            relate(at(m, 2, i), (size_t[]){at(m, 0, i), at(m, 1, i)}, 2);
    }
    return relation_count <= RELATIONS_MAX ? 0 : 1;
}

/* ---- working out ---- */

static bool narrow(struct bounds *b, size_t i, int64_t least, int64_t most) {
    bool moved = least > b->least[i] || most < b->most[i];
    if (least > b->least[i]) b->least[i] = least;
    if (most < b->most[i]) b->most[i] = most;
    return moved;
}

static bool use(struct bounds *b, const struct relation *r) {
    int64_t least = 0, most = 0;
    for (size_t i = 0; i < r->count; i++) {
        least += b->least[r->parts[i]];
        most += b->most[r->parts[i]];
    }
    bool moved = narrow(b, r->whole, least, most);
    for (size_t i = 0; i < r->count; i++) {
        size_t p = r->parts[i];
        moved |=
            narrow(b, p, b->least[r->whole] - (most - b->most[p]), b->most[r->whole] - (least - b->least[p]));
        least = most = 0;
        for (size_t k = 0; k < r->count; k++) {
            least += b->least[r->parts[k]];
            most += b->most[r->parts[k]];
        }
    }
    return moved;
}

/* Who quit had set a quit date: no more of the second measure than of the first. */
static bool compare(struct bounds *b) {
    bool moved = false;
    for (size_t i = 0; i < NUMBERS / 2; i++) {
        moved |= narrow(b, i + NUMBERS / 2, 0, b->most[i]);
        moved |= narrow(b, i, b->least[i + NUMBERS / 2], NO_BOUND);
    }
    return moved;
}

/* Until nothing narrows any more. plain: with the one-way tables of one quarter alone. */
static void attack(struct bounds *b, bool plain) {
    for (bool moved = true; moved;) {
        moved = false;
        for (size_t i = 0; i < relation_count; i++)
            if (!plain || relations[i].plain) moved |= use(b, &relations[i]);
        if (!plain) moved |= compare(b);
    }
}

/* How many numbers from 1 to 7 are known exactly. */
static unsigned recovered(const struct world *w, const struct bounds *b) {
    unsigned n = 0;
    for (size_t i = 0; i < NUMBERS; i++)
        n += is_small_number(w->n[i]) && b->least[i] == b->most[i];
    return n;
}

static unsigned sets_asked(void) {
    const char *text = getenv("QUARTERDAY_ATTACK_SETS");
    uint64_t sets = 2000;
    if (text) str_to_uint(str_of(text), 1000000, &sets);
    return (unsigned)sets;
}

/* ---- cases ---- */

static void one_by_one(void) {
    state = 1;
    for (unsigned set = 0; set < 2000; set++) {
        struct world w;
        struct bounds b;
        draw(&w);
        look(&w, &b);
        CHECK(recovered(&w, &b) == 0, "a table by itself gives no cell away");
    }
}

/* At most so many of a thousand small numbers may be known. */
static void attack_many(bool plain, unsigned per_thousand) {
    unsigned sets = sets_asked(), open = 0, wrong = 0;
    uint64_t cells = 0, small = 0;
    state = 2;
    for (unsigned set = 0; set < sets; set++) {
        struct world w;
        struct bounds b;
        draw(&w);
        look(&w, &b);
        attack(&b, plain);
        unsigned n = recovered(&w, &b);
        open += n > 0;
        cells += n;
        for (size_t i = 0; i < NUMBERS; i++) {
            wrong += w.n[i] < b.least[i] || w.n[i] > b.most[i];
            small += is_small_number(w.n[i]) && (!plain || (i >= FIRST_ROW && i <= TOTAL));
        }
    }
    CHECK(wrong == 0, "the attacker reasons well: %u numbers lie outside the bounds", wrong);
    CHECK(small > 0 && cells * 1000 <= small * per_thousand,
          "%llu of %llu small numbers are known, in %u of %u sets", (unsigned long long)cells,
          (unsigned long long)small, open, sets);
    if (getenv("QUARTERDAY_ATTACK_SETS"))
        printf(" [%llu of %llu small numbers known, in %u of %u sets] ", (unsigned long long)cells,
               (unsigned long long)small, open, sets);
}

static void one_quarter(void) {
    attack_many(true, 3);
}

static void all_together(void) {
    attack_many(false, 20);
}

/* 1 + 8 + 8 = 17: shown as *, 10, 10 and 15. Two tens are at least 16, fifteen at most 17: the star is 1. */
static void the_example(void) {
    struct world w = {{0}};
    struct bounds b;
    w.n[at(0, 0, 0)] = 1;
    w.n[at(0, 0, 1)] = w.n[at(0, 0, 2)] = 8;
    sum_up(&w.n[at(0, 0, 0)]);
    for (int i = 0; i < PER_SPAN; i++)
        w.n[at(0, 2, i)] = w.n[at(0, 0, i)];
    look(&w, &b);
    CHECK(recovered(&w, &b) == 0, "not by itself");
    attack(&b, false);
    CHECK(b.least[at(0, 0, 0)] == 1 && b.most[at(0, 0, 0)] == 1,
          "the attacker finds what the documents warn of");
}

void suite_kpi_attack(void) {
    suite_add("unit kpi attack", begin, NULL);
    case_add("a table by itself gives nothing away", one_by_one);
    case_add("the example of the documents", the_example);
    case_add("one-way tables of one quarter, and the total", one_quarter);
    case_add("all tables together: as often as the documents say", all_together);
}
