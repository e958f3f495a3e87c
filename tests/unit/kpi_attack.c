/* kpi_attack: somebody collects everything that a wider audience may see of a small service (tables by one dimension, totals and single figures of
 * the dashboard, three quarters' ends and a corrected version, people setting a quit date and those of them who quit), knows what must add
 * up and what cannot be less than what, and works out between which bounds each number must lie. No number from 1 to 7 may be known. The
 * same attacker does find some where tables are not withheld, or quarters are published beside the year to date: so it can be trusted to look.
 * QUARTERDAY_ATTACK_SETS asks for more or fewer sets than the 100,000 of `make test`. */
#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"
#include "kpi/disclose.h"
#include "kpi/public_table.h"
#include "tests/support/suite.h"

/* Members of the two dimensions; spans: the year to the end of a quarter, the last one in two versions; measures: set a quit date, quit. */
enum { A = 9, B = 3, SPANS = 4, MEASURES = 2 };
enum { FIRST_B = A, TOTAL = A + B, PER_SPAN = A + B + 1, NUMBERS = MEASURES * SPANS * PER_SPAN };
enum { RELATIONS_MAX = 64, PARTS_MAX = 9, NO_BOUND = 1 << 20, SETS = 100000 };

static size_t at(int measure, int span, int number) {
    return (size_t)((measure * SPANS + span) * PER_SPAN + number);
}

/* ---- what is true ---- */

static uint64_t state;

static unsigned any(unsigned below) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33) % below;
}

struct world {
    int64_t n[NUMBERS];
};

/* Some people come, each with a member of both dimensions, and some quit. */
static void come(struct world *w, int span, int a, int b, int64_t people, int64_t quit) {
    const int64_t more[MEASURES] = {people, quit};
    for (int m = 0; m < MEASURES; m++) {
        w->n[at(m, span, a)] += more[m];
        w->n[at(m, span, FIRST_B + b)] += more[m];
        w->n[at(m, span, TOTAL)] += more[m];
    }
}

/* Large and small services, even and uneven ones; each span is the one before and what came since. */
static void draw(struct world *w) {
    static const unsigned MOST[] = {1, 2, 4, 10, 20, 60};
    unsigned most = MOST[any(6)], empty = 1 + any(4);
    *w = (struct world){{0}};
    for (int span = 0; span < SPANS; span++) {
        for (int m = 0; m < MEASURES && span; m++)
            for (int i = 0; i < PER_SPAN; i++)
                w->n[at(m, span, i)] = w->n[at(m, span - 1, i)];
        for (int a = 0; a < A; a++)
            for (int b = 0; b < B; b++) {
                if (any(empty + 1)) continue;
                int64_t people = any(most + 1);
                come(w, span, a, b, people, people ? any(2) ? people : any((unsigned)people + 1) : 0);
            }
    }
}

/* ---- what is shown of it ---- */

struct bounds {
    int64_t least[NUMBERS], most[NUMBERS];
};

static void hide(struct bounds *b, size_t i) {
    b->least[i] = 0;
    b->most[i] = NO_BOUND;
}

static void look_at(const struct world *w, struct bounds *b, size_t i) {
    struct disclosed d = disclose_count(DISCLOSE_NHS_1_7_R5, w->n[i]);
    b->least[i] = d.suppressed ? 1 : d.value ? d.value - 2 : 0;
    b->most[i] = d.suppressed ? 7 : d.value ? d.value + 2 : 0;
}

/* The table of who set a quit date is withheld by its one column, that of who quit by either. */
static unsigned look_at_table(const struct world *w, struct bounds *b, int span, int first, int count,
                              bool withhold) {
    bool shown = true;
    unsigned withheld = 0;
    for (int m = 0; m < MEASURES; m++) {
        shown = shown && (!withhold || public_column_is_safe(&w->n[at(m, span, first)], (size_t)count));
        for (int i = first; i < first + count; i++) {
            if (shown) look_at(w, b, at(m, span, i));
            else hide(b, at(m, span, i));
        }
        withheld += !shown;
    }
    return withheld;
}

/* How many columns are withheld, of MEASURES * SPANS * 2. A KPI tells the first member in any case. */
static unsigned look(const struct world *w, struct bounds *b, bool withhold) {
    unsigned withheld = 0;
    for (int span = 0; span < SPANS; span++) {
        withheld += look_at_table(w, b, span, 0, A, withhold);
        withheld += look_at_table(w, b, span, FIRST_B, B, withhold);
        for (int m = 0; m < MEASURES; m++) {
            look_at(w, b, at(m, span, TOTAL));
            look_at(w, b, at(m, span, 0));
        }
    }
    return withheld;
}

/* ---- what is known besides: what adds up ---- */

struct relation {
    size_t whole, parts[PARTS_MAX], count;
};
static struct relation relations[RELATIONS_MAX];
static size_t relation_count;

static void relate(int m, int span, int first, size_t count) {
    struct relation *r = &relations[relation_count++];
    *r = (struct relation){.whole = at(m, span, TOTAL), .count = count};
    for (size_t i = 0; i < count; i++)
        r->parts[i] = at(m, span, first + (int)i);
}

static int begin(void) {
    relation_count = 0;
    for (int m = 0; m < MEASURES; m++)
        for (int span = 0; span < SPANS; span++) {
            relate(m, span, 0, A);
            relate(m, span, FIRST_B, B);
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
        int64_t had_least = b->least[p], had_most = b->most[p];
        moved |=
            narrow(b, p, b->least[r->whole] - (most - had_most), b->most[r->whole] - (least - had_least));
        least += b->least[p] - had_least;
        most += b->most[p] - had_most;
    }
    return moved;
}

/* The number `less` is not above `more`. */
static bool order(struct bounds *b, size_t less, size_t more) {
    bool moved = narrow(b, less, 0, b->most[more]);
    return narrow(b, more, b->least[less], NO_BOUND) || moved;
}

/* Who quit had set a quit date; a later quarter, and a version that only adds, have no fewer. */
static bool compare(struct bounds *b) {
    bool moved = false;
    for (int span = 0; span < SPANS; span++)
        for (int i = 0; i < PER_SPAN; i++) {
            moved |= order(b, at(1, span, i), at(0, span, i));
            for (int m = 0; m < MEASURES && span; m++)
                moved |= order(b, at(m, span - 1, i), at(m, span, i));
        }
    return moved;
}

/* Until nothing narrows any more. */
static void attack(struct bounds *b) {
    for (bool moved = true; moved;) {
        moved = compare(b);
        for (size_t i = 0; i < relation_count; i++)
            moved |= use(b, &relations[i]);
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
    uint64_t sets = SETS;
    if (text) str_to_uint(str_of(text), 10000000, &sets);
    return (unsigned)sets;
}

/* ---- cases ---- */

struct outcome {
    uint64_t known, small, withheld, columns;
    unsigned open, wrong;
};

static struct outcome attack_many(unsigned sets, bool withhold) {
    struct outcome o = {0};
    state = 2;
    for (unsigned set = 0; set < sets; set++) {
        struct world w;
        struct bounds b;
        draw(&w);
        o.withheld += look(&w, &b, withhold);
        o.columns += MEASURES * SPANS * 2;
        attack(&b);
        unsigned n = recovered(&w, &b);
        o.open += n > 0;
        o.known += n;
        for (size_t i = 0; i < NUMBERS; i++) {
            o.wrong += w.n[i] < b.least[i] || w.n[i] > b.most[i];
            o.small += is_small_number(w.n[i]);
        }
    }
    CHECK(o.wrong == 0, "the attacker reasons well: %u numbers lie outside the bounds", o.wrong);
    return o;
}

static void all_that_is_published(void) {
    struct outcome o = attack_many(sets_asked(), true);
    CHECK(o.small > 0 && o.known == 0, "%llu of %llu small numbers are known, in %u sets",
          (unsigned long long)o.known, (unsigned long long)o.small, o.open);
    CHECK(o.withheld * 4 < o.columns * 3, "not everything is withheld: %llu of %llu columns",
          (unsigned long long)o.withheld, (unsigned long long)o.columns);
    if (getenv("QUARTERDAY_ATTACK_SETS"))
        printf(" [%llu of %llu small numbers known; %llu of %llu columns withheld] ",
               (unsigned long long)o.known, (unsigned long long)o.small, (unsigned long long)o.withheld,
               (unsigned long long)o.columns);
}

static void rounding_alone(void) {
    struct outcome o = attack_many(20000, false);
    CHECK(o.known > 0, "nothing was found where nothing is withheld: the attacker does not look");
    if (getenv("QUARTERDAY_ATTACK_SETS"))
        printf(" [%llu of %llu small numbers known] ", (unsigned long long)o.known,
               (unsigned long long)o.small);
}

/* 1 + 8 + 8 = 17: `*`, 10 and 10 of 15 would tell that the star is 1, since two tens are at least 16 and fifteen at most 17. */
static void the_example(void) {
    for (int withhold = 0; withhold < 2; withhold++) {
        struct world w = {{0}};
        struct bounds b;
        for (int span = 0; span < SPANS; span++)
            for (int i = 0; i < 3; i++)
                come(&w, span, i, i, i ? 8 : 1, 0);
        look(&w, &b, withhold);
        attack(&b);
        CHECK((recovered(&w, &b) == 0) == (withhold == 1),
              "found by rounding alone, not where it is withheld");
    }
}

static void by_hand(void) {
    static const struct {
        const char *label;
        int64_t cells[5];
        bool safe;
    } CASES[] = {
        {"nobody", {0, 0, 0, 0, 0}, true},
        {"no star", {8, 8, 8, 0, 0}, true},
        {"a whole that is a star", {1, 2, 3, 0, 0}, false},
        {"a star and nobody else", {5, 0, 0, 0, 0}, false},
        {"the example", {1, 8, 8, 0, 0}, false},
        {"all ones", {1, 1, 1, 1, 1}, false},
        {"all ones and a lowest ten", {1, 1, 1, 8, 0}, false},
        {"all sevens and a highest ten", {7, 7, 7, 12, 0}, false},
        {"stars in the middle", {4, 4, 0, 0, 0}, true},
        {"room on both sides", {3, 10, 10, 0, 0}, true},
        {"room of three below", {2, 10, 0, 0, 0}, false},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        CHECK(public_column_is_safe(CASES[i].cells, 5) == CASES[i].safe, "%s", CASES[i].label);
}

void suite_kpi_attack(void) {
    suite_add("unit kpi attack", begin, NULL);
    case_add("which columns are shown, by hand", by_hand);
    case_add("the example of the documents", the_example);
    case_add("rounding alone gives some away", rounding_alone);
    case_add("everything that is published together gives nothing away", all_that_is_published);
}
