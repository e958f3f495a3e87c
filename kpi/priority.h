/* priority: the priority groups of a framework ("priorityGroups"): elements over episodes whose conditions on columns say who belongs.
 * The same conditions are asked of every part that has those columns, under its own name for the age, so that referrals and harm
 * reduction are broken down by the groups that the KPIs of section 4 count: one definition.
 *
 * What would surprise: a person may belong to several groups, or to none. A part without one of the columns cannot tell of a group. */
#ifndef QD_KPI_PRIORITY_H
#define QD_KPI_PRIORITY_H

#include "kpi/config.h"
#include "kpi/element.h"
#include "kpi/framework.h"

struct priority_group {
    const char *key, *name;       /* "MOST_DEPRIVED"; for people */
    bool asked[PART_COUNT];       /* the part has all the columns */
    uint64_t columns[PART_COUNT]; /* what conditions_met() must have, by part */
};

/* Reads "priorityGroups" after the elements; adds their conditions to the sets of the other parts. */
void priority_read(const struct node *n, const struct element *elements, size_t count,
                   struct condition_set *sets, struct framework *f);

#endif
