/* breakdown: what GET /v1/breakdowns answers, between the counting and the writing. */
#ifndef QD_HANDLERS_BREAKDOWN_H
#define QD_HANDLERS_BREAKDOWN_H

#include "handlers/figures_ask.h"
#include "kpi/breakdown.h"

struct breakdown_answer {
    const struct figures_ask *ask;
    int16_t period;
    bool year_to_date;
    struct breakdown table;
    bool withheld;             /* for a wider audience: every number is `*` */
    size_t expected, reported; /* providers, of the period and the measure's part */
    const str *not_counted;    /* providers that send the national return: it has no rows to break down */
    size_t not_counted_count;
};

void breakdown_write_json(struct buf *out, const struct breakdown_answer *a);
/* A row each, with a column per dimension and one for what its member is called. */
void breakdown_write_csv(struct buf *out, const struct breakdown_answer *a);

#endif
