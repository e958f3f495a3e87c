/* tally: how often each element of a framework occurs for one provider, by period: everything that figures
 * need of the provider's rows, counted in one pass over the facts in force. A service's figure is the sum
 * of its providers' tallies.
 *
 * What would surprise: a period's late cohorts (12, 26, 52 weeks) come from the episodes of earlier
 * periods, so a tally reaches up to five quarters beyond the last return. */
#ifndef QD_KPI_TALLY_H
#define QD_KPI_TALLY_H

#include "kpi/book.h"
#include "kpi/framework.h"

struct tally_filter {
    uint32_t authority; /* as in facts; 0: all */
};

struct tally {
    int16_t first, last; /* periods covered; outside all counts are 0; first > last: nothing */
    size_t element_count, distinct_count;
    int64_t *counts;    /* [(period - first) * element_count + element] */
    int64_t *distinct;  /* [((period - first) * distinct_count + d) * 2 + (0 quarter, 1 year to date)] */
    uint32_t *sent;     /* [period - first]: bit per part in force */
    uint32_t sent_ever; /* parts in force for any period */
};

/* Counts the book as at a day. Contract section 5 for what is derived from an episode and its follow-ups.
 * filter may be NULL. Parts held without facts (facts NULL) count as sent, and for nothing else. Free with
 * tally_free(). */
void tally_count(const struct framework *f, const struct book *book, int32_t as_at,
                 const struct tally_filter *filter, struct tally *out);
void tally_free(struct tally *t);

/* The same where the episodes come a few at a time: of the book, which must live as long, all parts but the episodes have their
 * facts; then come the episodes, a quarter after the other in their order; then the end. */
struct tallying;
struct tallying *tally_begin(const struct framework *f, const struct book *book, int32_t as_at,
                             const struct tally_filter *filter);
void tally_episodes(struct tallying *t, const struct held *h, const struct fact_episode *rows, size_t count);
void tally_end(struct tallying *t, struct tally *out);

int64_t tally_get(const struct tally *t, int16_t period, int element);
int64_t tally_distinct(const struct tally *t, int16_t period, int distinct, bool year_to_date);
bool tally_sent(const struct tally *t, int16_t period, enum part_id part);

/* The settings of a framework that derive() needs. */
struct derive_settings;
struct derive_settings framework_derive_settings(const struct framework *f, int32_t as_at);

#endif
