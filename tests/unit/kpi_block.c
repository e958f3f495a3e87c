/* kpi_block: episodes are counted in blocks of 256, by sets of rows. Here row after row, by walk() and by hand: returns that end before, on and
 * behind the edges of words and blocks, whole or in pieces. */
#include <stdlib.h>

#include "kpi/element.h"
#include "kpi/row_set.h"
#include "kpi/walk.h"
#include "tests/support/shelf.h"
#include "tests/support/suite.h"

enum { AS_AT = 20500, ROWS_MOST = 1000, CLIENTS = 300 };

static uint64_t state;

static uint64_t any(uint64_t below) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (state >> 33) % below;
}

/* ---- sets ---- */

static int64_t by_bit(const struct row_set *s) {
    int64_t n = 0;
    for (size_t i = 0; i < ROW_SET_MOST; i++)
        n += (int64_t)(s->words[i / 64] >> i % 64 & 1u);
    return n;
}

static void sets_of_rows(void) {
    struct row_set none = row_set_first(0);
    CHECK(row_set_count(&none) == 0 && row_set_least(&none) == ROW_SET_MOST, "nothing");
    for (size_t n = 1; n <= ROW_SET_MOST; n++) {
        struct row_set s = row_set_first(n), rest = row_set_first(ROW_SET_MOST), some = s;
        CHECK(row_set_count(&s) == (int64_t)n && row_set_least(&s) == 0, "the first %zu", n);
        row_set_drop(&rest, &s);
        CHECK(row_set_count(&rest) == (int64_t)(ROW_SET_MOST - n) && row_set_least(&rest) == n,
              "those behind %zu", n);
        state = n;
        for (size_t w = 0; w < ROW_SET_WORDS; w++)
            some.words[w] = any(UINT32_MAX) << 32 | any(UINT32_MAX);
        row_set_keep(&some, &s);
        CHECK(row_set_count(&some) == by_bit(&some), "some of %zu", n);
    }
}

/* ---- rows ---- */

/* Any day and any code: also such as no judge lets through. */
static void fill_row(struct fact_episode *e, int16_t period) {
    unsigned char *bytes = (unsigned char *)e;
    for (size_t i = 0; i < sizeof *e; i++)
        bytes[i] = (unsigned char)any(256);
    e->id = (struct hash128){any(2000) + 1, 0};
    e->client = (struct hash128){any(CLIENTS), 7};
    e->site = 0;
    e->quit = fact_day(period_first_day(period) + (int32_t)any(90));
    for (unsigned s = 0; s < STAGE_COUNT; s++) {
        e->outcome[s] = (uint8_t)any(5);
        e->followed_up[s] = any(5) ? (int16_t)(e->quit + (int)any(420)) : FACT_NO_DAY;
    }
    e->co4_day = any(2) ? (int16_t)(e->quit + (int)any(60)) : FACT_NO_DAY;
    e->co4 = any(4) ? (uint8_t)any(20) : FACT_NO_CO;
    e->method4 = (uint8_t)any(6);
    e->satisfaction = (uint8_t)any(6);
    e->authority = any(3) ? 9000012 : 9000001;
    e->imd_quintile = (uint8_t)any(6);
    e->nssec = fact_code(any(2) ? STR("08") : STR("96"));
    e->gender = fact_code(any(2) ? STR("1") : STR("X"));
}

struct returns {
    struct held held[2];
    struct fact_episode rows[2][ROWS_MOST];
    struct book book;
};

static void fill(struct returns *r, uint32_t first, uint32_t second) {
    uint32_t counts[2] = {first, second};
    for (int h = 0; h < 2; h++) {
        int16_t period = period_of(2025, 1 + h);
        for (uint32_t i = 0; i < counts[h]; i++)
            fill_row(&r->rows[h][i], period);
        r->held[h] = (struct held){.part = PART_EPISODES,
                                   .period = period,
                                   .version = 1,
                                   .seq = h,
                                   .rows = counts[h],
                                   .facts = r->rows[h]};
    }
    r->book = (struct book){r->held, 2};
}

/* ---- counts, row after row ---- */

struct counting {
    const struct framework *f;
    int64_t *counts; /* by period from 2024-25-Q1 and element */
};
enum { FIRST = 2024 * 4, PERIODS = 20 };

static void count_row(void *context, const struct walked *w) {
    struct counting *c = context;
    int32_t quit = fact_day_value(((const struct fact_episode *)w->fact)->quit);
    for (size_t e = 0; e < c->f->element_count; e++) {
        const struct element *element = &c->f->elements[e];
        if (element->part != PART_EPISODES) continue;
        bool late = cohort_is_late(element->cohort);
        int16_t period = late ? walked_period(w, element->cohort) : period_of_day(quit);
        c->counts[(size_t)(period - FIRST) * c->f->element_count + e] += walked_adds(w, element);
    }
}

static void check_counts(const struct framework *f, const struct returns *r, uint32_t authority,
                         const struct tally *t) {
    struct counting c = {f, must_calloc(PERIODS * f->element_count, sizeof *c.counts)};
    struct walk_question q = {.framework = f,
                              .book = &r->book,
                              .as_at = AS_AT,
                              .authority = authority,
                              .part = PART_EPISODES,
                              .from = period_of(2025, 1),
                              .to = period_of(2025, 2)};
    walk(&q, count_row, &c);
    for (size_t i = 0; i < PERIODS * f->element_count; i++) {
        int16_t period = (int16_t)(FIRST + i / f->element_count);
        int64_t n = tally_get(t, period, (int)(i % f->element_count));
        CHECK(n == c.counts[i], "%u and %u rows, %s in %d: %lld, not %lld", r->held[0].rows, r->held[1].rows,
              f->elements[i % f->element_count].name, period, (long long)n, (long long)c.counts[i]);
    }
    free(c.counts);
}

/* The first distinct count of the sample is of all people setting a quit date. */
static int64_t clients_of(const struct returns *r, int first, int last, uint32_t authority) {
    bool seen[CLIENTS] = {false};
    int64_t n = 0;
    for (int h = first; h <= last; h++)
        for (uint32_t i = 0; i < r->held[h].rows; i++) {
            const struct fact_episode *e = &r->rows[h][i];
            if (authority && e->authority != authority) continue;
            n += !seen[e->client.a];
            seen[e->client.a] = true;
        }
    return n;
}

static void check_clients(const struct returns *r, uint32_t authority, const struct tally *t) {
    CHECK(tally_distinct(t, period_of(2025, 1), 0, false) == clients_of(r, 0, 0, authority) &&
              tally_distinct(t, period_of(2025, 2), 0, false) == clients_of(r, 1, 1, authority) &&
              tally_distinct(t, period_of(2025, 2), 0, true) == clients_of(r, 0, 1, authority),
          "clients of %u and %u rows", r->held[0].rows, r->held[1].rows);
}

static const uint32_t SIZES[] = {0, 1, 63, 64, 65, 255, 256, 257, 511, 512, 513, ROWS_MOST};

static void row_after_row(void) {
    struct framework *f = framework_sample();
    struct returns *r = must_alloc(sizeof *r);
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++) {
        uint32_t authority = i % 2 ? 9000012 : 0;
        struct tally t;
        state = i + 1;
        fill(r, SIZES[i], SIZES[sizeof SIZES / sizeof *SIZES - 1 - i]);
        tally_count(f, &r->book, AS_AT, &(struct tally_filter){authority}, &t);
        check_counts(f, r, authority, &t);
        check_clients(r, authority, &t);
        tally_free(&t);
    }
    free(r);
    framework_free(f);
}

static void in_pieces(void) {
    struct framework *f = framework_sample();
    struct returns *r = must_alloc(sizeof *r);
    for (uint32_t step = 1; step < 700; step += 37) {
        struct tally t;
        state = step;
        fill(r, ROWS_MOST, 300);
        struct held held[2] = {r->held[0], r->held[1]};
        struct book without = {held, 2};
        held[0].facts = held[1].facts = NULL;
        struct tallying *c = tally_begin(f, &without, AS_AT, NULL);
        for (int h = 0; h < 2; h++)
            for (uint32_t from = 0; from < r->held[h].rows; from += step)
                tally_episodes(c, &held[h], &r->rows[h][from],
                               r->held[h].rows - from < step ? r->held[h].rows - from : step);
        tally_end(c, &t);
        check_counts(f, r, 0, &t);
        check_clients(r, 0, &t);
        tally_free(&t);
    }
    free(r);
    framework_free(f);
}

void suite_kpi_block(void);
void suite_kpi_block(void) {
    suite_add("unit kpi block", NULL, NULL);
    case_add("sets of rows", sets_of_rows);
    case_add("counted in blocks and row after row", row_after_row);
    case_add("counted in pieces", in_pieces);
}
