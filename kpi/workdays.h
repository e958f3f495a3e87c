/* workdays: Monday to Friday that are not a bank holiday of England (contract section 6, below the table).
 * The first day is excluded, the second included; the holidays are data of the framework. */
#ifndef QD_KPI_WORKDAYS_H
#define QD_KPI_WORKDAYS_H

#include "base/date.h"

struct holidays {
    const int32_t *days; /* ascending */
    size_t count;
};

bool workday_is(const struct holidays *h, int32_t day);
/* Working days from one day (excluded) to another (included); 0 when `to` is not after `from`. */
int32_t workdays_between(const struct holidays *h, int32_t from, int32_t to);
/* The n-th working day after a day, n > 0; the day itself for n = 0. */
int32_t workday_after(const struct holidays *h, int32_t day, int n);

#endif
