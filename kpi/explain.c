#include "kpi/explain.h"

#include <stdlib.h>

#define NOT4                                                                                                 \
    (BIT(NOT_DUE4) | BIT(NOT_QUIT4) | BIT(RECORDED_LOST4) | BIT(NOT_REPORTED4) | BIT(OUT_OF_WINDOW4) |       \
     BIT(DATE_MISSING4))
#define NOT12                                                                                                \
    (BIT(NOT_DUE12) | BIT(NOT_QUIT_BEFORE12) | BIT(NOT_QUIT12) | BIT(RECORDED_LOST12) |                      \
     BIT(NOT_REPORTED12) | BIT(OUT_OF_WINDOW12) | BIT(DATE_MISSING12))

/* Of each condition that a numerator may ask for: which conditions say why an episode does not meet it. Of those that hold the one
 * named first in DERIVED_LIST is told. */
static const uint64_t WHY_NOT[DERIVED_COUNT] = {
    [DERIVED_DUE4] = BIT(NOT_DUE4),
    [DERIVED_QUIT4] = NOT4,
    [DERIVED_NOT_QUIT4] = (NOT4 & ~BIT(NOT_QUIT4)) | BIT(QUIT4),
    [DERIVED_LOST4] = BIT(NOT_DUE4) | BIT(QUIT4) | BIT(NOT_QUIT4),
    [DERIVED_CO_VERIFIED4] =
        NOT4 | BIT(CO_BLANK4) | BIT(CO_HIGH4) | BIT(CO_OUT_OF_WINDOW4) | BIT(CO_NOT_FACE_TO_FACE),
    [DERIVED_SATISFACTION_BASE] = NOT4 | BIT(SATISFACTION_BLANK),
    [DERIVED_SATISFIED] = NOT4 | BIT(NOT_SATISFIED) | BIT(SATISFACTION_BLANK),
    [DERIVED_DUE12] = BIT(NOT_DUE12),
    [DERIVED_QUIT12] = NOT12,
    [DERIVED_LOST12] = BIT(NOT_DUE12) | BIT(NOT_QUIT_BEFORE12) | BIT(QUIT12) | BIT(NOT_QUIT12) | NOT4,
    [DERIVED_CO_VERIFIED12] = NOT12 | BIT(CO_BLANK12) | BIT(CO_HIGH12),
    [DERIVED_DUE26] = BIT(NOT_DUE26),
    [DERIVED_KNOWN26] =
        BIT(RECORDED_LOST26) | BIT(NOT_REPORTED26) | BIT(OUT_OF_WINDOW26) | BIT(DATE_MISSING26),
    [DERIVED_DUE52] = BIT(NOT_DUE52),
    [DERIVED_KNOWN52] =
        BIT(RECORDED_LOST52) | BIT(NOT_REPORTED52) | BIT(OUT_OF_WINDOW52) | BIT(DATE_MISSING52),
};

/* ---- names ---- */

static const struct {
    const char *name, *meaning;
} PLAIN[PLAIN_REASON_COUNT] = {
    [REASON_UNKNOWN] = {"unknown", "the answer is blank or not known"},
    [REASON_OTHER] = {"other", "does not meet the conditions of the numerator"},
    [REASON_NOT_DUE_YET] = {"notDueYet", "the working days allowed have not passed"},
    [REASON_TOO_LATE] = {"tooLate", "done, but after the working days allowed"},
    [REASON_NOT_DONE] = {"notDone", "no date of its being done"},
    [REASON_EPISODE_QUIT] = {"episodeQuit4", "the person went on to quit at 4 weeks"},
    [REASON_NOT_COUNTED] = {"notCounted", "in the denominator only"},
    [REASON_NATIONAL] = {"nationalReturn",
                         "not in the numerator of the provider's national return, which tells no reasons"},
};

const char *standing_name(enum standing s) {
    static const char *const NAMES[] = {"NUMERATOR", "DENOMINATOR_ONLY", "OUTSIDE"};
    return NAMES[s];
}

const char *reason_name(int reason) {
    if (reason >= REASON_PLAIN) return PLAIN[reason - REASON_PLAIN].name;
    if (reason >= REASON_ITEMS) return item_name((enum item)(reason - REASON_ITEMS));
    return derived_info((enum derived)reason)->name;
}

const char *reason_meaning(int reason) {
    if (reason >= REASON_PLAIN) return PLAIN[reason - REASON_PLAIN].meaning;
    if (reason >= REASON_ITEMS) return "the item is blank or not known";
    return derived_info((enum derived)reason)->meaning;
}

/* ---- the reason of a row ---- */

static int lowest(uint64_t bits) {
    return __builtin_ctzll(bits);
}

/* Why an episode fails what an element asks of its derived conditions, or -1. */
static int derived_reason(const struct walked *w, const struct element_test *t) {
    uint64_t failed = (w->derived & t->derived_care) ^ t->derived_want;
    for (; failed; failed &= failed - 1) {
        int condition = lowest(failed);
        bool unwanted = w->derived >> condition & 1;
        uint64_t why = unwanted ? derived_bit((enum derived)condition) : w->derived & WHY_NOT[condition];
        if (why) return lowest(why);
    }
    return -1;
}

static int working_days_reason(const struct walked *w, const struct element *e) {
    if (e->working_days == WORKING_DAYS_PASSED) return REASON_PLAIN + REASON_NOT_DUE_YET;
    if (e->working_days != WORKING_DAYS_IN_TIME) return -1;
    bool done = fact_day_of(e->working_days_column, w->fact) != DAY_NONE;
    return REASON_PLAIN + (done ? REASON_TOO_LATE : REASON_NOT_DONE);
}

struct explaining {
    const struct explain_question *q; /* NULL where all periods are told at once */
    struct explanation *out;
    void (*row)(void *context, const struct walked *w, const struct explained_row *e);
    void *context;
    const struct element *numerator, *denominator, *unknown; /* denominator, unknown: may be NULL */
};

/* Why the row does not belong to the element. */
static int reason_of(const struct explaining *x, const struct walked *w, const struct element *e) {
    int reason = w->held->part == PART_EPISODES ? derived_reason(w, &e->test) : -1;
    if (reason >= 0) return reason;
    if (w->held->part == PART_HARM_REDUCTION && w->derived && e->test.derived_care)
        return REASON_PLAIN + REASON_EPISODE_QUIT;
    reason = element_matches(&e->test, w->derived, w->met) ? working_days_reason(w, e) : -1;
    if (reason >= 0) return reason;
    bool unknown = x->unknown && walked_adds(w, x->unknown);
    return REASON_PLAIN + (unknown ? REASON_UNKNOWN : REASON_OTHER);
}

static void tell(struct explaining *x, const struct walked *w, enum standing standing, int reason,
                 int64_t count) {
    if (count <= 0) return;
    if (standing == STANDING_DENOMINATOR) x->out->denominator_only[reason] += count;
    if (standing == STANDING_OUTSIDE) x->out->outside[reason] += count;
    struct explained_row e = {standing, reason, count};
    if (x->row) x->row(x->context, w, &e);
}

static void tell_items(struct explaining *x, const struct walked *w) {
    unsigned incomplete = w->items.required & ~(unsigned)w->items.complete;
    for (; incomplete; incomplete &= incomplete - 1)
        tell(x, w, STANDING_DENOMINATOR, REASON_ITEMS + lowest(incomplete), 1);
}

/* A row of the cohort. Where a count leaves it out it lies outside: there is no denominator to be in. */
static void explain_row(struct explaining *x, const struct walked *w) {
    const struct element *n = x->numerator, *d = x->denominator;
    enum standing below = d ? STANDING_DENOMINATOR : STANDING_OUTSIDE;
    int64_t in = walked_adds(w, n), of = d ? walked_adds(w, d) : in ? in : 1;
    x->out->numerator += in;
    x->out->denominator += of;
    if (in) tell(x, w, STANDING_NUMERATOR, -1, in);
    if (n->test.sum == SUM_COMPLETE_ITEMS) tell_items(x, w);
    else if (n->test.sum == SUM_COLUMN) tell(x, w, below, REASON_PLAIN + REASON_NOT_COUNTED, of - in);
    else if (!in && of) tell(x, w, below, reason_of(x, w, n), 1);
    else if (!of) tell(x, w, STANDING_OUTSIDE, reason_of(x, w, d), 1);
}

static void see_row(void *context, const struct walked *w) {
    struct explaining *x = context;
    int16_t period = walked_period(w, x->numerator->cohort);
    if (period >= x->q->from && period <= x->q->to) explain_row(x, w);
}

void explanation_add(struct explanation *to, const struct explanation *from) {
    to->numerator += from->numerator;
    to->denominator += from->denominator;
    for (int r = 0; r < REASON_COUNT; r++) {
        to->outside[r] += from->outside[r];
        to->denominator_only[r] += from->denominator_only[r];
    }
}

uint32_t explain_parts(enum part_id part) {
    uint32_t wanted = 1u << part;
    if (part == PART_EPISODES) wanted |= 1u << PART_FOLLOW_UPS | 1u << PART_SITES;
    if (part == PART_HARM_REDUCTION) wanted |= 1u << PART_EPISODES | 1u << PART_FOLLOW_UPS;
    return wanted;
}

static struct explaining explaining_of(const struct framework *f, const struct kpi *k) {
    return (struct explaining){
        .numerator = &f->elements[k->numerator],
        .denominator = k->denominator >= 0 ? &f->elements[k->denominator] : NULL,
        .unknown = k->unknown >= 0 ? &f->elements[k->unknown] : NULL,
    };
}

void explain_kpi(const struct explain_question *q, struct explanation *out,
                 void (*row)(void *context, const struct walked *w, const struct explained_row *e),
                 void *context) {
    const struct kpi *k = q->kpi;
    struct explaining x = explaining_of(q->walk.framework, k);
    x.q = q;
    x.out = out;
    x.row = row;
    x.context = context;
    struct walk_question w = q->walk;
    w.part = k->part;
    w.from = (int16_t)(q->from - walk_reach(w.framework, x.numerator->cohort));
    w.to = q->to;
    walk(&w, see_row, &x);
}

/* ---- all KPIs of a part ---- */

struct explaining_all {
    struct explaining *kpis; /* of the framework; numerator NULL: of another part */
    size_t count, quarters;
    int16_t first;
    struct explanation *cells;
};

static void see_row_for_all(void *context, const struct walked *w) {
    struct explaining_all *all = context;
    for (size_t k = 0; k < all->count; k++) {
        struct explaining *x = &all->kpis[k];
        if (!x->numerator) continue;
        int at = walked_period(w, x->numerator->cohort) - all->first;
        if (at < 0 || (size_t)at >= all->quarters) continue;
        x->out = &all->cells[k * all->quarters + (size_t)at];
        explain_row(x, w);
    }
}

void explain_part(const struct walk_question *q, int16_t first, int16_t last, struct explanation *cells) {
    const struct framework *f = q->framework;
    struct explaining_all all = {
        .kpis = must_calloc(f->kpi_count + 1, sizeof *all.kpis),
        .count = f->kpi_count,
        .quarters = (size_t)(last - first) + 1,
        .first = first,
        .cells = cells,
    };
    for (size_t k = 0; k < f->kpi_count; k++)
        if (f->kpis[k].part == q->part) all.kpis[k] = explaining_of(f, &f->kpis[k]);
    walk(q, see_row_for_all, &all);
    free(all.kpis);
}
