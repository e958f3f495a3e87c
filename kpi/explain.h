/* explain: which rows a KPI counts, which it leaves out, and why. Of each row of the cohort: is it in the numerator, in the
 * denominator alone, or outside; and where it is not in the numerator, the first reason, so that reasons add up to what is left out.
 *
 * Reasons are the names of the conditions of kpi/derive.h that say why ("outOfWindow"), of the items of the national collection, or
 * one of the few below. Pure. */
#ifndef QD_KPI_EXPLAIN_H
#define QD_KPI_EXPLAIN_H

#include "kpi/walk.h"

enum standing { STANDING_NUMERATOR, STANDING_DENOMINATOR, STANDING_OUTSIDE };
const char *standing_name(enum standing s); /* "NUMERATOR", "DENOMINATOR_ONLY", "OUTSIDE" */

enum plain_reason {
    REASON_UNKNOWN,      /* the answer that the numerator asks for is blank or unknown */
    REASON_OTHER,        /* it is another one */
    REASON_NOT_DUE_YET,  /* the working days have not passed */
    REASON_TOO_LATE,     /* done, but later */
    REASON_NOT_DONE,     /* never done */
    REASON_EPISODE_QUIT, /* harm reduction: the person quit */
    REASON_NOT_COUNTED,  /* sums: calls not answered, ratings below good */
    REASON_NATIONAL,     /* of a provider that sends the national return: it tells counts, no rows */
    PLAIN_REASON_COUNT
};

/* Numbered: derived conditions, then items, then plain ones. */
enum {
    REASON_ITEMS = DERIVED_COUNT,
    REASON_PLAIN = DERIVED_COUNT + ITEM_COUNT,
    REASON_COUNT = REASON_PLAIN + PLAIN_REASON_COUNT
};
const char *reason_name(int reason);    /* "outOfWindow", "nssec", "unknown" */
const char *reason_meaning(int reason); /* in words, for people */

/* One thing to say of one row: that it counts, or why it does not. */
struct explained_row {
    enum standing standing;
    int reason;    /* -1 in the numerator */
    int64_t count; /* 1; of sums: how many calls or ratings; of items each is told by itself */
};

struct explanation {
    int64_t numerator, denominator;         /* of counts: the denominator is the whole cohort */
    int64_t outside[REASON_COUNT];          /* of the cohort, not in the denominator */
    int64_t denominator_only[REASON_COUNT]; /* in the denominator, not in the numerator */
};
struct explain_question {
    struct walk_question walk; /* part, from and to are set by explain_kpi() */
    const struct kpi *kpi;
    int16_t from, to; /* periods in which rows count: a quarter, or the year to date */
};
void explanation_add(struct explanation *to, const struct explanation *from);
/* Bits of the parts whose facts an explanation of a part's KPIs reads. */
uint32_t explain_parts(enum part_id part);
/* Adds one provider's rows to *out. row(), when given, is called for each row of the cohort in the order of periods and rows. */
void explain_kpi(const struct explain_question *q, struct explanation *out,
                 void (*row)(void *context, const struct walked *w, const struct explained_row *e),
                 void *context);
/* The rows of one provider for every KPI of q->part and every quarter from first to last at once: cells[kpi * quarters + period - first],
 * zeroed by the caller. q->from and q->to are the returns to walk through. The sum over the quarters of a year is what explain_kpi() tells
 * of it. */
void explain_part(const struct walk_question *q, int16_t first, int16_t last, struct explanation *cells);

#endif
