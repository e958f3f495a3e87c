/* breakdown: what GET /v1/breakdowns answers, between the counting and the writing. */
#ifndef QD_HANDLERS_BREAKDOWN_H
#define QD_HANDLERS_BREAKDOWN_H

#include "handlers/figures_ask.h"
#include "kpi/breakdown_national.h"

/* What became of a provider's national returns of some quarters. */
struct national_note {
    str provider;
    enum national_told told;
    unsigned quarters; /* bit q - 1 for each quarter of the table's year */
};

struct breakdown_answer {
    const struct figures_ask *ask;
    int16_t period;
    bool year_to_date;
    struct breakdown table;
    bool withheld;             /* for a wider audience: every number is `*` */
    size_t expected, reported; /* providers, of the period and the measure's part */
    struct national_note
        *notes; /* of providers that send the national return, in the order of the providers */
    size_t note_count;
};

/* Who is in the figures, and whose national return is or is not: the members covers, coverage, nationalReturns, notCounted,
 * notCountedBecause, partial. */
void breakdown_coverage_write(struct json *j, const struct breakdown_answer *a);
void breakdown_write_json(struct buf *out, const struct breakdown_answer *a);
/* A row each, with a column per dimension and one for what its member is called. */
void breakdown_write_csv(struct buf *out, const struct breakdown_answer *a);

#endif
