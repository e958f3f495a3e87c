/* public_table: which tables a wider audience may see, beside the rounding of each number (kpi/disclose.h). Rounding protects a number by
 * itself; numbers that add up to one another can still give one away (1, 8 and 8 of 17 are shown as `*`, 10, 10 and 15). So that audience
 * gets a listed set of tables by one dimension, of the year to date alone, and a table whose cells would give one away is withheld whole.
 *
 * Why: whoever knows the exact total of a column knows of a star only that it lies between 1 and 1 + room below, and between
 * 7 - room above and 7, where the room is what all other cells can still be less, or more, than they are. With PUBLIC_ROOM on both sides no
 * star is known, nor together with other tables: those of the same total tell no more than it; a table that must be at least as large in
 * each member (more people, a later quarter, a corrected version) can only meet it where the room of one below and of the other above is
 * used up, which needs a star above PUBLIC_ROOM and below 8 - PUBLIC_ROOM at once. Several such tables at once can still do it where each uses up
 * the room of other cells: tests/unit/kpi_attack.c finds it in five of a million services. */
#ifndef QD_KPI_PUBLIC_TABLE_H
#define QD_KPI_PUBLIC_TABLE_H

#include "kpi/breakdown.h"

enum { PUBLIC_ROOM = 4 };

/* Left out: names and open lists, whose rows say who there is, and members that are sums of members of another table or of a KPI. */
bool public_dimension(enum dimension d);
/* May these cells be shown, rounded, beside their rounded sum? */
bool public_column_is_safe(const int64_t *cells, size_t count);
/* A table by one dimension: both its columns. Members that overlap do not add up to anything, so they are judged by themselves. */
bool public_table_is_safe(const struct breakdown *b);

#endif
