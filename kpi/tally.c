/* tally: the one counting loop. Per row: resolve the follow-ups, derive the conditions, look up the column
 * conditions, then test each element's bits. No strings, no allocation per row.
 *
 * Episodes come first, by far the most rows: everything about them is compiled. The other parts share one
 * plain loop (count_rows()); what is special about a part stands in its matches function. */
#include "kpi/tally.h"

#include <stdlib.h>

#include "kpi/carried.h"
#include "kpi/clients.h"
#include "kpi/element.h"
#include "kpi/items.h"
#include "kpi/quitters.h"

struct derive_settings framework_derive_settings(const struct framework *f, int32_t as_at) {
    return (struct derive_settings){f->windows, as_at, f->co_below, f->still_quit,
                                    f->satisfaction_respondents};
}

/* What the loop needs at hand. */
struct counter {
    const struct framework *f;
    struct derive_settings settings;
    uint32_t authority;
    struct resolver resolver;
    struct quitters quitters;
    struct carried sites;
    struct clients clients;
    /* The row of counts of the period of each day, so that no day is ever divided: [day - first_day]. */
    int64_t **counts_of_day;
    int32_t first_day, last_day;
    struct tally *out;
};

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

static void days_prepare(struct counter *c) {
    const struct tally *t = c->out;
    c->first_day = period_first_day(t->first);
    c->last_day = period_last_day(t->last);
    c->counts_of_day = must_alloc((size_t)(c->last_day - c->first_day + 1) * sizeof *c->counts_of_day);
    for (int16_t p = t->first; p <= t->last; p++) {
        int64_t *counts = t->counts + (size_t)(p - t->first) * t->element_count;
        for (int32_t day = period_first_day(p); day <= period_last_day(p); day++)
            c->counts_of_day[day - c->first_day] = counts;
    }
}

/* ---- episodes ---- */

struct row_bits {
    uint64_t derived, met;
    int64_t sums[SUM_COLUMN + 1]; /* what the row adds to a sum, by enum sum */
};

static void count_cohort(const struct counter *c, enum cohort cohort, int32_t day,
                         const struct row_bits *row) {
    if (day < c->first_day || day > c->last_day) return;
    int64_t *counts = c->counts_of_day[day - c->first_day];
    const struct element_range range = c->f->episode_elements[cohort];
    for (size_t e = range.begin; e < range.end; e++) {
        const struct element_test *t = &c->f->tests[e];
        /* Without a branch: half of the elements match half of the rows, which no processor can guess. */
        counts[e] += row->sums[t->sum] & -(int64_t)element_matches(t, row->derived, row->met);
    }
}

static unsigned client_sets(const struct framework *f, const struct row_bits *row) {
    unsigned sets = 0;
    for (size_t d = 0; d < f->distinct_count; d++)
        sets |= (unsigned)element_matches(&f->tests[f->distinct[d]], row->derived, row->met) << d;
    return sets;
}

static void count_episode(struct counter *c, const struct held *h, const struct fact_episode *sent) {
    struct outcomes known;
    struct row_bits row;
    struct fact_episode room;
    const struct fact_episode *e = carried_settle(&c->sites, h->period, sent, &room);
    int32_t quit = fact_day_value(e->quit);
    resolve_episode(&c->resolver, e, h->seq, &known);
    row.derived = derive(&c->settings, quit, &known, e->satisfaction);
    row.met = conditions_met(&c->f->plans[PART_EPISODES], e);
    struct items items =
        items_of(e, &known, row.derived & derived_bit(DERIVED_DUE4), h->period, &c->f->items);
    row.sums[SUM_ROWS] = 1;
    row.sums[SUM_REQUIRED_ITEMS] = __builtin_popcount(items.required);
    row.sums[SUM_COMPLETE_ITEMS] = __builtin_popcount(items.complete);
    row.sums[SUM_COLUMN] = 0;
    count_cohort(c, COHORT_QUIT_DATE, quit, &row);
    count_cohort(c, COHORT_CLOSES_12W, quit + c->settings.windows.to[STAGE_12W], &row);
    count_cohort(c, COHORT_CLOSES_26W, quit + c->settings.windows.to[STAGE_26W], &row);
    count_cohort(c, COHORT_CLOSES_52W, quit + c->settings.windows.to[STAGE_52W], &row);
    clients_add(&c->clients, e->client, client_sets(c->f, &row), period_quarter(h->period));
}

/* Both look-ups of a row go to far memory, so they are announced some rows before. */
static void announce(const struct counter *c, const struct fact_episode *rows, uint32_t i, uint32_t count) {
    enum { AHEAD = 16 };
    if (i + AHEAD >= count) return;
    clients_prefetch(&c->clients, rows[i + AHEAD].client);
    resolve_prefetch(&c->resolver, &rows[i + AHEAD]);
    resolve_prefetch_row(&c->resolver, &rows[i + AHEAD / 2]);
}

static void count_episodes(struct counter *c, const struct held *h) {
    const struct fact_episode *rows = h->facts;
    struct body_window window = held_walk(h, sizeof *rows);
    for (uint32_t i = 0; i < h->rows; i++) {
        body_window_move(&window, (const char *)&rows[i]);
        announce(c, rows, i, h->rows);
        if (c->authority && rows[i].authority != c->authority) continue;
        count_episode(c, h, &rows[i]);
    }
}

/* ---- the other parts ---- */

/* How a referral stands to the limit-th working day after its receipt (contract section 6, below the table):
 * due once that day has passed, in time by the working days up to the date itself. */
static bool working_days_match(const struct counter *c, const struct element *e, const void *fact) {
    if (e->working_days == WORKING_DAYS_ANY) return true;
    const struct fact_referral *r = fact;
    int32_t received = fact_day_value(r->received);
    bool passed = workday_after(&c->f->holidays, received, e->working_days_limit) < c->settings.as_at;
    if (e->working_days == WORKING_DAYS_WAITING) return !passed;
    if (e->working_days == WORKING_DAYS_PASSED || !passed) return passed;
    int32_t done = fact_day_of(e->working_days_column, fact);
    return done != DAY_NONE && workdays_between(&c->f->holidays, received, done) <= e->working_days_limit;
}

static void count_row(struct counter *c, const struct held *h, const void *fact, uint64_t derived) {
    uint64_t met = conditions_met(&c->f->plans[h->part], fact);
    int64_t *counts = c->out->counts + (size_t)(h->period - c->out->first) * c->out->element_count;
    const struct element_range range = c->f->part_elements[h->part];
    for (size_t i = range.begin; i < range.end; i++) {
        const struct element *e = &c->f->elements[i];
        if (!element_matches(&e->test, derived, met) || !working_days_match(c, e, fact)) continue;
        counts[i] += e->test.sum == SUM_COLUMN ? fact_number(e->sum_column, fact) : 1;
    }
}

static void count_harm_reduction(struct counter *c, const struct held *h) {
    const struct fact_harm_reduction *rows = h->facts;
    for (uint32_t i = 0; i < h->rows; i++) {
        if (c->authority && rows[i].authority != c->authority) continue;
        count_row(c, h, &rows[i], quitters_has(&c->quitters, rows[i].episode) ? HARM_EPISODE_QUIT4 : 0);
    }
}

static void count_referrals(struct counter *c, const struct held *h) {
    const struct fact_referral *rows = h->facts;
    for (uint32_t i = 0; i < h->rows; i++)
        if (!c->authority || rows[i].authority == c->authority) count_row(c, h, &rows[i], 0);
}

/* Contacts and training belong to no authority: asked for one, nothing of them is counted. */
static void count_contacts(struct counter *c, const struct held *h) {
    const struct fact_contact *rows = h->facts;
    for (uint32_t i = 0; i < h->rows && !c->authority; i++)
        count_row(c, h, &rows[i], 0);
}

static void count_training_sessions(struct counter *c, const struct held *h) {
    const struct fact_training_session *rows = h->facts;
    for (uint32_t i = 0; i < h->rows && !c->authority; i++)
        count_row(c, h, &rows[i], 0);
}

/* Nor do the cells of a form. */
static void count_national(struct counter *c, const struct held *h) {
    const struct fact_national *rows = h->facts;
    for (uint32_t i = 0; i < h->rows && !c->authority; i++)
        count_row(c, h, &rows[i], 0);
}

static void count_part(struct counter *c, const struct held *h) {
    switch (h->part) {
    case PART_EPISODES: count_episodes(c, h); break;
    case PART_HARM_REDUCTION: count_harm_reduction(c, h); break;
    case PART_REFERRALS: count_referrals(c, h); break;
    case PART_CONTACTS: count_contacts(c, h); break;
    case PART_TRAINING_SESSIONS: count_training_sessions(c, h); break;
    case PART_NATIONAL: count_national(c, h); break;
    default: break; /* follow-ups and lists count through the episodes */
    }
}

/* ---- a year at a time: clients are distinct within it ---- */

static size_t episodes_of_year(const struct book *book, int year) {
    size_t rows = 0;
    for (size_t i = 0; i < book->count; i++) {
        const struct held *h = &book->held[i];
        if (h->part == PART_EPISODES && h->facts && period_year(h->period) == year) rows += h->rows;
    }
    return rows;
}

static void store_distinct(const struct counter *c, int year) {
    struct tally *t = c->out;
    for (unsigned d = 0; d < t->distinct_count; d++) {
        for (int q = 1; q <= 4; q++) {
            size_t period = (size_t)(period_of(year, q) - t->first);
            int64_t *at = &t->distinct[(period * t->distinct_count + d) * 2];
            at[0] = c->clients.in_quarter[d][q - 1];
            at[1] = clients_to_date(&c->clients, d, q);
        }
    }
}

static void count_period(struct counter *c, const struct book *book, int16_t period) {
    for (size_t i = 0; i < book->count; i++) {
        const struct held *h = &book->held[i];
        if (h->facts && h->period == period) count_part(c, h);
    }
}

static void count_year(struct counter *c, const struct book *book, int year) {
    clients_begin(&c->clients, episodes_of_year(book, year));
    for (int q = 1; q <= 4; q++)
        count_period(c, book, period_of(year, q));
    store_distinct(c, year);
    clients_free(&c->clients);
}

void tally_count(const struct framework *f, const struct book *book, int32_t as_at,
                 const struct tally_filter *filter, struct tally *out) {
    cover(f, book, out);
    if (out->first > out->last) return;
    note_sent(book, out);
    struct counter c = {.f = f, .settings = framework_derive_settings(f, as_at), .out = out};
    c.authority = filter ? filter->authority : 0;
    resolver_build(book, &c.resolver);
    quitters_build(book, &c.resolver, &c.settings, &c.quitters);
    carried_build(book, PART_SITES, &c.sites);
    days_prepare(&c);
    for (int year = period_year(out->first); year <= period_year(out->last); year++)
        count_year(&c, book, year);
    free(c.counts_of_day);
    carried_free(&c.sites);
    quitters_free(&c.quitters);
    resolver_free(&c.resolver);
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
