/* tally: the one counting loop. No strings, no allocation per row.
 *
 * Episodes come first, by far the most rows: they are turned round, block by block, and counted by sets of rows
 * (kpi/block.h). The other parts share one plain loop (count_rows()); what is special about a part stands in its
 * matches function. */
#include "kpi/tally.h"

#include <stdlib.h>

#include "kpi/block.h"
#include "kpi/clients.h"
#include "kpi/quitters.h"

struct derive_settings framework_derive_settings(const struct framework *f, int32_t as_at) {
    return (struct derive_settings){f->windows, as_at, f->co_below, f->still_quit,
                                    f->satisfaction_respondents};
}

/* What the loop needs at hand. */
struct tallying {
    const struct framework *f;
    const struct book *book;
    struct derive_settings settings;
    uint32_t authority;
    bool with_items;
    struct resolver resolver;
    struct quitters quitters;
    struct carried sites;
    /* Of a financial year, within which clients are distinct; 0: of none yet. */
    struct clients clients;
    int year;
    /* The period of each day, so that no day is ever divided: [day - first_day], as a distance from the first one; and for all other
     * days at the end NO_PERIOD. */
    uint16_t *period_of_day;
    int32_t first_day;
    uint32_t day_count;
    struct tally out;
    struct block block;
};
enum { NO_PERIOD = UINT16_MAX };

/* ---- the periods covered ---- */

static int16_t last_closing(const struct framework *f, int16_t last_held) {
    int32_t day = period_last_day(last_held), longest = 0;
    for (unsigned s = STAGE_12W; s < STAGE_COUNT; s++)
        longest = f->windows.to[s] > longest ? f->windows.to[s] : longest;
    return period_of_day(day + longest);
}

/* Whole financial years, since the year to date of a quarter without a return counts too. */
static void cover(const struct framework *f, const struct book *book, struct tally *out) {
    int16_t first = INT16_MAX, last = INT16_MIN;
    for (size_t i = 0; i < book->count; i++) {
        first = book->held[i].period < first ? book->held[i].period : first;
        last = book->held[i].period > last ? book->held[i].period : last;
    }
    *out = (struct tally){
        .first = 1, .last = 0, .element_count = f->element_count, .distinct_count = f->distinct_count};
    if (first > last) return;
    out->first = period_of(period_year(first), 1);
    out->last = period_of(period_year(last_closing(f, last)), 4);
    size_t periods = (size_t)(out->last - out->first + 1);
    out->counts = must_calloc(periods * out->element_count + 1, sizeof *out->counts);
    out->distinct = must_calloc(periods * out->distinct_count * 2 + 1, sizeof *out->distinct);
    out->sent = must_calloc(periods, sizeof *out->sent);
}

/* What counts as sent: where episodes and national are both held, one of them was taken back. */
static void note_sent(const struct book *book, struct tally *out) {
    for (size_t i = 0; i < book->count; i++) {
        const struct held *h = &book->held[i];
        if (book_is_taken_back(book, h)) continue;
        out->sent[h->period - out->first] |= 1u << h->part;
        out->sent_ever |= 1u << h->part;
    }
}

static void days_prepare(struct tallying *c) {
    const struct tally *t = &c->out;
    c->first_day = period_first_day(t->first);
    c->day_count = (uint32_t)(period_last_day(t->last) - c->first_day + 1);
    c->period_of_day = must_alloc((c->day_count + 1) * sizeof *c->period_of_day);
    for (int16_t p = t->first; p <= t->last; p++)
        for (int32_t day = period_first_day(p); day <= period_last_day(p); day++)
            c->period_of_day[day - c->first_day] = (uint16_t)(p - t->first);
    c->period_of_day[c->day_count] = NO_PERIOD;
}

/* ---- episodes: by period ---- */

/* Of so many days after the quit date. */
static void find_periods(const struct tallying *c, int32_t later, uint16_t out[BLOCK_ROWS]) {
    const struct block *b = &c->block;
    for (size_t i = 0; i < b->count; i++) {
        uint32_t at = (uint32_t)b->quit[i] + (uint32_t)later - (uint32_t)c->first_day;
        out[i] = c->period_of_day[at < c->day_count ? at : c->day_count];
    }
    for (size_t i = b->count; i < BLOCK_ROWS; i++)
        out[i] = NO_PERIOD;
}

static struct row_set of_period(const uint16_t periods[BLOCK_ROWS], uint16_t period) {
    struct row_set s;
    for (size_t w = 0; w < ROW_SET_WORDS; w++) {
        uint64_t word = 0;
        for (size_t i = 0; i < 64; i++)
            word |= (uint64_t)(periods[64 * w + i] == period) << i;
        s.words[w] = word;
    }
    return s;
}

static void count_elements(struct tallying *c, struct element_range range, uint16_t period,
                           const struct row_set *of) {
    int64_t *counts = c->out.counts + (size_t)period * c->out.element_count;
    for (size_t e = range.begin; e < range.end; e++) {
        struct row_set rows = *of;
        block_match(&c->block, &c->f->tests[e], &rows);
        counts[e] += block_sum(&c->block, &c->f->tests[e], &rows);
    }
}

/* One period of the rows after the other: mostly it is one, or two. */
static void count_cohort(struct tallying *c, enum cohort cohort, int32_t later, const struct row_set *asked) {
    struct element_range range = c->f->episode_elements[cohort];
    uint16_t periods[BLOCK_ROWS];
    struct row_set left = *asked;
    if (range.begin == range.end) return;
    find_periods(c, later, periods);
    for (size_t row; (row = row_set_least(&left)) < ROW_SET_MOST;) {
        struct row_set rows = of_period(periods, periods[row]);
        row_set_keep(&rows, &left);
        row_set_drop(&left, &rows);
        if (periods[row] != NO_PERIOD) count_elements(c, range, periods[row], &rows);
    }
}

/* ---- episodes: clients, distinct within a financial year ---- */

static size_t episodes_of_year(const struct book *book, int year) {
    size_t rows = 0;
    for (size_t i = 0; i < book->count; i++) {
        const struct held *h = &book->held[i];
        if (h->part == PART_EPISODES && period_year(h->period) == year) rows += h->rows;
    }
    return rows;
}

static void end_year(struct tallying *c) {
    struct tally *t = &c->out;
    for (unsigned d = 0; c->year && d < t->distinct_count; d++) {
        for (int q = 1; q <= 4; q++) {
            size_t period = (size_t)(period_of(c->year, q) - t->first);
            int64_t *at = &t->distinct[(period * t->distinct_count + d) * 2];
            at[0] = c->clients.in_quarter[d][q - 1];
            at[1] = clients_to_date(&c->clients, d, q);
        }
    }
    clients_free(&c->clients);
}

static void begin_year(struct tallying *c, int year) {
    end_year(c);
    clients_begin(&c->clients, episodes_of_year(c->book, year), (unsigned)c->f->distinct_count);
    c->year = year;
}

static void count_clients(struct tallying *c, int quarter, const struct row_set *asked) {
    const struct block *b = &c->block;
    uint8_t sets[BLOCK_ROWS] = {0};
    for (size_t d = 0; d < c->f->distinct_count; d++) {
        struct row_set rows = *asked;
        block_match(b, &c->f->tests[c->f->distinct[d]], &rows);
        for (size_t i = 0; i < b->count; i++)
            sets[i] |= (uint8_t)((rows.words[i / 64] >> i % 64 & 1u) << d);
    }
    for (size_t i = 0; i < b->count; i++)
        clients_add(&c->clients, b->rows[i].client, sets[i], quarter);
}

/* ---- episodes: a block of them ---- */

static struct row_set rows_asked(const struct tallying *c) {
    const struct block *b = &c->block;
    struct row_set s = row_set_first(b->count);
    for (size_t i = 0; c->authority && i < b->count; i++)
        if (b->rows[i].authority != c->authority) s.words[i / 64] &= ~(UINT64_C(1) << i % 64);
    return s;
}

static void note_quitters(struct tallying *c) {
    const struct block *b = &c->block;
    for (size_t i = 0; i < b->count; i++)
        quitters_see(&c->quitters, b->rows[i].id, b->row_derived[i] & derived_bit(DERIVED_QUIT4));
}

static void count_block(struct tallying *c, const struct held *h, const struct fact_episode *rows,
                        size_t count) {
    const struct block_of of = {c->f, &c->settings, &c->resolver, &c->sites, h, c->with_items};
    const int16_t *closes = c->settings.windows.to;
    for (size_t i = 0; i < count; i++)
        clients_prefetch(&c->clients, rows[i].client);
    block_fill(&c->block, &of, rows, count);
    struct row_set asked = rows_asked(c);
    count_cohort(c, COHORT_QUIT_DATE, 0, &asked);
    count_cohort(c, COHORT_CLOSES_12W, closes[STAGE_12W], &asked);
    count_cohort(c, COHORT_CLOSES_26W, closes[STAGE_26W], &asked);
    count_cohort(c, COHORT_CLOSES_52W, closes[STAGE_52W], &asked);
    count_clients(c, period_quarter(h->period), &asked);
    if (c->quitters.slots) note_quitters(c);
}

void tally_episodes(struct tallying *c, const struct held *h, const struct fact_episode *rows, size_t count) {
    if (period_year(h->period) != c->year) begin_year(c, period_year(h->period));
    for (size_t from = 0; from < count; from += BLOCK_ROWS)
        count_block(c, h, rows + from, count - from < BLOCK_ROWS ? count - from : BLOCK_ROWS);
}

/* ---- the other parts ---- */

/* How a referral stands to the limit-th working day after its receipt (contract section 6, below the table):
 * due once that day has passed, in time by the working days up to the date itself. */
static bool working_days_match(const struct tallying *c, const struct element *e, const void *fact) {
    if (e->working_days == WORKING_DAYS_ANY) return true;
    const struct fact_referral *r = fact;
    int32_t received = fact_day_value(r->received);
    bool passed = workday_after(&c->f->holidays, received, e->working_days_limit) < c->settings.as_at;
    if (e->working_days == WORKING_DAYS_WAITING) return !passed;
    if (e->working_days == WORKING_DAYS_PASSED || !passed) return passed;
    int32_t done = fact_day_of(e->working_days_column, fact);
    return done != DAY_NONE && workdays_between(&c->f->holidays, received, done) <= e->working_days_limit;
}

static void count_row(struct tallying *c, const struct held *h, const void *fact, uint64_t derived) {
    uint64_t met = conditions_met(&c->f->plans[h->part], fact);
    int64_t *counts = c->out.counts + (size_t)(h->period - c->out.first) * c->out.element_count;
    const struct element_range range = c->f->part_elements[h->part];
    for (size_t i = range.begin; i < range.end; i++) {
        const struct element *e = &c->f->elements[i];
        if (!element_matches(&e->test, derived, met) || !working_days_match(c, e, fact)) continue;
        counts[i] += e->test.sum == SUM_COLUMN ? fact_number(e->sum_column, fact) : 1;
    }
}

static void count_harm_reduction(struct tallying *c, const struct held *h) {
    const struct fact_harm_reduction *rows = h->facts;
    for (uint32_t i = 0; i < h->rows; i++) {
        if (c->authority && rows[i].authority != c->authority) continue;
        count_row(c, h, &rows[i], quitters_has(&c->quitters, rows[i].episode) ? HARM_EPISODE_QUIT4 : 0);
    }
}

static void count_referrals(struct tallying *c, const struct held *h) {
    const struct fact_referral *rows = h->facts;
    for (uint32_t i = 0; i < h->rows; i++)
        if (!c->authority || rows[i].authority == c->authority) count_row(c, h, &rows[i], 0);
}

/* Contacts and training belong to no authority: asked for one, nothing of them is counted. */
static void count_contacts(struct tallying *c, const struct held *h) {
    const struct fact_contact *rows = h->facts;
    for (uint32_t i = 0; i < h->rows && !c->authority; i++)
        count_row(c, h, &rows[i], 0);
}

static void count_training_sessions(struct tallying *c, const struct held *h) {
    const struct fact_training_session *rows = h->facts;
    for (uint32_t i = 0; i < h->rows && !c->authority; i++)
        count_row(c, h, &rows[i], 0);
}

/* Nor do the cells of a form. */
static void count_national(struct tallying *c, const struct held *h) {
    const struct fact_national *rows = h->facts;
    for (uint32_t i = 0; i < h->rows && !c->authority; i++)
        count_row(c, h, &rows[i], 0);
}

static void count_part(struct tallying *c, const struct held *h) {
    switch (h->part) {
    case PART_HARM_REDUCTION: count_harm_reduction(c, h); break;
    case PART_REFERRALS: count_referrals(c, h); break;
    case PART_CONTACTS: count_contacts(c, h); break;
    case PART_TRAINING_SESSIONS: count_training_sessions(c, h); break;
    case PART_NATIONAL: count_national(c, h); break;
    default: break; /* episodes were counted before; follow-ups and lists count through them */
    }
}

/* ---- all of it ---- */

static bool sums_items(const struct framework *f) {
    const struct element_range range = f->part_elements[PART_EPISODES];
    for (size_t e = range.begin; e < range.end; e++)
        if (f->tests[e].sum != SUM_ROWS) return true;
    return false;
}

struct tallying *tally_begin(const struct framework *f, const struct book *book, int32_t as_at,
                             const struct tally_filter *filter) {
    struct tallying *c = must_alloc(sizeof *c);
    memset(c, 0, offsetof(struct tallying, block));
    c->f = f;
    c->book = book;
    c->settings = framework_derive_settings(f, as_at);
    c->authority = filter ? filter->authority : 0;
    c->with_items = sums_items(f);
    cover(f, book, &c->out);
    if (c->out.first > c->out.last) return c;
    note_sent(book, &c->out);
    resolver_build(book, &c->resolver);
    quitters_name(book, &c->quitters);
    carried_build(book, PART_SITES, &c->sites);
    days_prepare(c);
    return c;
}

void tally_end(struct tallying *c, struct tally *out) {
    end_year(c);
    for (size_t i = 0; i < c->book->count; i++)
        if (c->book->held[i].facts) count_part(c, &c->book->held[i]);
    *out = c->out;
    free(c->period_of_day);
    carried_free(&c->sites);
    quitters_free(&c->quitters);
    resolver_free(&c->resolver);
    free(c);
}

/* In steps, so that what has been read can be given back. */
static void count_held(struct tallying *c, const struct held *h) {
    const struct fact_episode *rows = h->facts;
    struct body_window window = held_walk(h, sizeof *rows);
    for (uint32_t from = 0; from < h->rows; from += BLOCK_ROWS) {
        body_window_move(&window, (const char *)&rows[from]);
        tally_episodes(c, h, rows + from, h->rows - from < BLOCK_ROWS ? h->rows - from : BLOCK_ROWS);
    }
}

void tally_count(const struct framework *f, const struct book *book, int32_t as_at,
                 const struct tally_filter *filter, struct tally *out) {
    struct tallying *c = tally_begin(f, book, as_at, filter);
    for (int16_t p = c->out.first; p <= c->out.last; p++) {
        const struct held *h = book_find(book, PART_EPISODES, p);
        if (h && h->facts) count_held(c, h);
    }
    tally_end(c, out);
}

void tally_free(struct tally *t) {
    free(t->counts);
    free(t->distinct);
    free(t->sent);
    *t = (struct tally){.first = 1, .last = 0};
}

/* ---- questions ---- */

static bool covers(const struct tally *t, int16_t period) {
    return period >= t->first && period <= t->last;
}

int64_t tally_get(const struct tally *t, int16_t period, int element) {
    if (element < 0 || !covers(t, period)) return 0;
    return t->counts[(size_t)(period - t->first) * t->element_count + (size_t)element];
}

int64_t tally_distinct(const struct tally *t, int16_t period, int distinct, bool year_to_date) {
    if (distinct < 0 || !covers(t, period)) return 0;
    size_t at = (size_t)(period - t->first) * t->distinct_count + (size_t)distinct;
    return t->distinct[at * 2 + year_to_date];
}

bool tally_sent(const struct tally *t, int16_t period, enum part_id part) {
    return covers(t, period) && (t->sent[period - t->first] >> part & 1u);
}
