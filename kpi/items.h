/* items: what the national collection asks of each episode, and which of it is there (contract section 8,
 * KPI 1.14). One definition for the KPI, for the completeness answer per item, and for the list of
 * incomplete cells. */
#ifndef QD_KPI_ITEMS_H
#define QD_KPI_ITEMS_H

#include "kpi/item_settings.h"
#include "kpi/resolve.h"

const char *item_name(enum item i); /* the column */

enum { ITEMS_SEXUAL_ORIENTATION_FROM = 2024 * 4 }; /* asked in periods from 2024-25-Q1 */

/* Bits of enum item; complete is a part of required. */
struct items {
    uint16_t required, complete;
};

/* due4 as derived; period: of the return. */
struct items items_of(const struct fact_episode *e, const struct outcomes *known, bool due4, int16_t period,
                      const struct item_settings *settings);

#endif
