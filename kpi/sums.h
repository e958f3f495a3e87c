/* sums: what the tallies of a question's providers add up to, over a quarter or the year to date, and who has sent. Used by
 * kpi/figures.c and kpi/goal.c. */
#ifndef QD_KPI_SUMS_H
#define QD_KPI_SUMS_H

#include "kpi/figures.h"

/* Periods [from, to] of one year. */
struct span {
    int16_t from, to;
    bool year_to_date;
};
struct span span_quarter(int16_t period);
struct span span_year_to_date(int16_t period);

/* What of a KPI is counted: an element over episodes, and one over the national return (-1: none). */
struct counted {
    int records, national;
};
#define COUNTED(k, what)                                                                                     \
    (struct counted) {                                                                                       \
        (k)->what, (k)->national.what                                                                        \
    }

bool is_in_view(const struct figures_question *q, const struct provider_tally *p);
int64_t sum_element(const struct figures_question *q, int element, struct span s); /* -1: 0 */
int64_t sum_all(const struct figures_question *q, struct counted c, struct span s);
/* The same of all providers, whoever is asked for. */
int64_t sum_of_service(const struct figures_question *q, struct counted c, struct span s);
/* Distinct per provider, summed. */
int64_t sum_distinct(const struct figures_question *q, int distinct, struct span s);

/* The cells of a national return belong to no authority. */
bool tells_national(const struct figures_question *q, const struct kpi *k);
/* Has the provider sent for the period what the KPI is counted from? */
bool has_told(const struct figures_question *q, const struct tally *t, const struct kpi *k, int16_t p);
/* Has anyone who is asked for? Late measures ask for any period at all. */
bool was_sent(const struct figures_question *q, const struct kpi *k, struct span s);
/* How many of those asked for were expected to tell of the period, and did. */
struct coverage {
    int expected, reported;
};
struct coverage coverage_of(const struct figures_question *q, const struct kpi *k, int16_t period);

#endif
