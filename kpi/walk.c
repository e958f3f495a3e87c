#include "kpi/walk.h"

#include "kpi/carried.h"
#include "kpi/quitters.h"
#include "kpi/tally.h"

struct walking {
    const struct walk_question *q;
    walk_fn *fn;
    void *context;
    struct derive_settings settings;
    struct resolver resolver;
    struct quitters quitters;
    struct carried sites;
};

static void begin(struct walking *w, const struct walk_question *q) {
    w->settings = framework_derive_settings(q->framework, q->as_at);
    resolver_build(q->book, &w->resolver);
    quitters_build(q->book, &w->resolver, &w->settings, &w->quitters);
    carried_build(q->book, PART_SITES, &w->sites);
}

static void end(struct walking *w) {
    carried_free(&w->sites);
    quitters_free(&w->quitters);
    resolver_free(&w->resolver);
}

static bool is_asked(const struct walking *w, uint32_t authority) {
    return !w->q->authority || authority == w->q->authority;
}

static void see(struct walking *w, struct walked *row) {
    row->met = conditions_met(&row->framework->plans[row->held->part], row->fact);
    w->fn(w->context, row);
}

static void see_episode(struct walking *w, struct walked *row, const struct fact_episode *sent) {
    struct fact_episode room;
    if (!is_asked(w, sent->authority)) return;
    const struct fact_episode *e = carried_settle(&w->sites, row->held->period, sent, &room);
    resolve_episode(&w->resolver, e, row->held->seq, &row->known);
    row->fact = e;
    row->derived = derive(&w->settings, fact_day_value(e->quit), &row->known, e->satisfaction);
    row->items = items_of(e, &row->known, row->derived & derived_bit(DERIVED_DUE4), row->held->period,
                          &row->framework->items);
    see(w, row);
}

static void see_harm_reduction(struct walking *w, struct walked *row, const struct fact_harm_reduction *h) {
    if (!is_asked(w, h->authority)) return;
    row->derived = quitters_has(&w->quitters, h->episode) ? HARM_EPISODE_QUIT4 : 0;
    see(w, row);
}

static void see_row(struct walking *w, struct walked *row, const unsigned char *fact) {
    row->fact = fact;
    switch (row->held->part) {
    case PART_EPISODES: see_episode(w, row, (const void *)fact); break;
    case PART_HARM_REDUCTION: see_harm_reduction(w, row, (const void *)fact); break;
    case PART_REFERRALS:
        if (is_asked(w, ((const struct fact_referral *)(const void *)fact)->authority)) see(w, row);
        break;
    default:
        if (!w->q->authority) see(w, row);
    }
}

static void walk_held(struct walking *w, const struct held *h) {
    size_t bytes = part_get(h->part)->fact_bytes;
    struct walked row = {.framework = w->q->framework, .held = h, .as_at = w->q->as_at};
    for (uint32_t i = 0; i < h->rows; i++) {
        row.row = i + 1;
        see_row(w, &row, (const unsigned char *)h->facts + i * bytes);
    }
}

void walk(const struct walk_question *q, walk_fn *fn, void *context) {
    struct walking w = {.q = q, .fn = fn, .context = context};
    begin(&w, q);
    for (int16_t p = q->from; p <= q->to; p++)
        for (size_t i = 0; i < q->book->count; i++) {
            const struct held *h = &q->book->held[i];
            if (h->part == q->part && h->period == p && h->facts) walk_held(&w, h);
        }
    end(&w);
}

/* ---- what a row adds ---- */

/* How a referral stands to the limit-th working day after its receipt (contract section 6, below the table). */
static bool is_at_working_days(const struct walked *w, const struct element *e) {
    if (e->working_days == WORKING_DAYS_ANY) return true;
    const struct holidays *holidays = &w->framework->holidays;
    int32_t received = fact_day_value(((const struct fact_referral *)w->fact)->received);
    bool passed = workday_after(holidays, received, e->working_days_limit) < w->as_at;
    if (e->working_days == WORKING_DAYS_WAITING) return !passed;
    if (e->working_days == WORKING_DAYS_PASSED || !passed) return passed;
    int32_t done = fact_day_of(e->working_days_column, w->fact);
    return done != DAY_NONE && workdays_between(holidays, received, done) <= e->working_days_limit;
}

int64_t walked_adds(const struct walked *w, const struct element *e) {
    if (!element_matches(&e->test, w->derived, w->met) || !is_at_working_days(w, e)) return 0;
    switch (e->test.sum) {
    case SUM_REQUIRED_ITEMS: return __builtin_popcount(w->items.required);
    case SUM_COMPLETE_ITEMS: return __builtin_popcount(w->items.complete);
    case SUM_COLUMN: return fact_number(e->sum_column, w->fact);
    default: return 1;
    }
}

int16_t walked_period(const struct walked *w, enum cohort cohort) {
    if (!cohort_is_late(cohort)) return w->held->period;
    int32_t quit = fact_day_value(((const struct fact_episode *)w->fact)->quit);
    return period_of_day(quit + w->framework->windows.to[cohort_stage(cohort)]);
}

int walk_reach(const struct framework *f, enum cohort cohort) {
    if (!cohort_is_late(cohort)) return 0;
    return f->windows.to[cohort_stage(cohort)] / 90 + 1;
}
