#include "kpi/plan_tally.h"

#include <stdlib.h>

bool plan_has_recovered(const struct plan_record *p) {
    return p->status == PLAN_CLOSED && rag_rank(p->seen) >= rag_rank(RAG_GREEN);
}

static int32_t days_of(const struct plan_record *p) {
    return p->closed - p->opened;
}

/* The recovered first, the quickest of them at the head. */
static int by_days(const void *a, const void *b) {
    const struct plan_record *x = a, *y = b;
    bool gone_x = !plan_has_recovered(x), gone_y = !plan_has_recovered(y);
    if (gone_x || gone_y) return gone_x - gone_y;
    return (days_of(x) > days_of(y)) - (days_of(x) < days_of(y));
}

static void count_one(struct plan_tally *t, const struct plan_record *p) {
    bool open = plan_is_open(p->status), recovered = plan_has_recovered(p);
    t->total++;
    t->open += open;
    t->overdue += open && p->overdue;
    t->escalated += open && p->level > 0;
    t->proposed += open && p->proposed;
    t->recovered += recovered;
    t->closed_otherwise += p->status == PLAN_CLOSED && !recovered;
    t->withdrawn += p->status == PLAN_WITHDRAWN;
    t->levels[p->level]++;
}

struct plan_tally plan_tally_of(struct plan_record *plans, size_t count) {
    struct plan_tally t = {.total = 0};
    for (size_t i = 0; i < count; i++)
        count_one(&t, &plans[i]);
    if (t.recovered == 0) return t;
    qsort(plans, count, sizeof *plans, by_days);
    t.shortest = days_of(&plans[0]);
    t.longest = days_of(&plans[t.recovered - 1]);
    t.median_halves = (int64_t)days_of(&plans[(t.recovered - 1) / 2]) + days_of(&plans[t.recovered / 2]);
    return t;
}
