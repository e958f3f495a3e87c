/* disclose: the one exit through which numbers reach a wider audience: the profile `nhs-1-7-r5` (security.md 7; HES since September
 * 2018). 0 stays 0, 1 to 7 become `*`, every other number the nearest multiple of 5; percentages are worked out from what is left, and
 * are blank where either number is `*`. Whoever writes a number for people writes it through here; for commissioner and provider the
 * profile is `exact`, and nothing changes.
 *
 * What would surprise: each number is looked at by itself. Which tables may be shown together is kpi/public_table.h. */
#ifndef QD_KPI_DISCLOSE_H
#define QD_KPI_DISCLOSE_H

#include <stdbool.h>
#include <stdint.h>

enum disclosure { DISCLOSE_EXACT, DISCLOSE_NHS_1_7_R5 };
const char *disclosure_name(enum disclosure d); /* "exact", "nhs-1-7-r5" */

struct disclosed {
    bool suppressed; /* `*` */
    int64_t value;   /* 0 where suppressed */
};
struct disclosed disclose_count(enum disclosure d, int64_t n);

struct disclosed_rate {
    struct disclosed numerator, denominator;
    bool has_value; /* neither is suppressed and the denominator is not 0 */
};
/* What remains of numerator / denominator. A rounded numerator above its rounded denominator is the denominator. */
struct disclosed_rate disclose_rate(enum disclosure d, int64_t numerator, int64_t denominator);

/* 1 to 7: to be flagged for those who see the exact number. */
bool is_small_number(int64_t n);

#endif
