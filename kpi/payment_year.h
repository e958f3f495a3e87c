/* payment_year: the payment of a service for one financial year, from the figures of its Q4 (contract section 9). Pure. */
#ifndef QD_KPI_PAYMENT_YEAR_H
#define QD_KPI_PAYMENT_YEAR_H

#include "kpi/figures.h"
#include "kpi/payment.h"

struct payment_year {
    int64_t contract_pence, numerator, denominator;
    struct payment_terms terms;
    struct payment pay;
};
/* Does the framework agree payment by results for that year? */
bool payment_year_is_agreed(const struct framework *f, int year);
/* earning: the figures of f->payment_kpi for Q4 of the year. Only where it is agreed. */
struct payment_year payment_year_of(const struct framework *f, int year, const struct kpi_figures *earning);

#endif
