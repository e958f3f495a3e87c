/* stored: what columns that several statements have in common mean. For the files of db/ alone. */
#ifndef QD_DB_STORED_H
#define QD_DB_STORED_H

#include "db/statements.h"
#include "db/store_periods.h"
#include "db/store_plans.h"

/* "1: 3:20544": versions of a framework in their order, each with the first day that it rates (days since 1970), or none. At least one. In
 * store_services.c. */
void stored_versions(str text, struct arena *a, struct store_service *out);
/* In store_periods.c. */
enum lock_state stored_lock(str kind);
/* The columns of plan_marks_list.sql, from `at` on. In store_plans.c. */
struct store_plan_mark stored_plan_mark(const struct rows *rows, int row, int at, struct arena *a);

#endif
