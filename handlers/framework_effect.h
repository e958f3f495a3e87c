/* framework_effect: from which quarter on a new version of a framework rates. A locked quarter keeps the version it had: that is one that
 * was locked by hand, and every one of a year whose lock day has come, whether or not it was final. Since a version rates all quarters
 * from its own on, it begins after the last of them.
 *
 * What would surprise: a quarter of a past year that was unlocked again takes returns, but no new version. */
#ifndef QD_HANDLERS_FRAMEWORK_EFFECT_H
#define QD_HANDLERS_FRAMEWORK_EFFECT_H

#include "db/store_periods.h"
#include "kpi/versions.h"

/* The first quarter that a new version may rate; 0: any. The lock day of a year is that of the version that rates its Q4. */
int16_t framework_first_open(const struct frameworks_in_force *in_force, const struct store_period *periods,
                             size_t count, int32_t today);
/* The quarter that the file names in `effectiveFrom`, or where it names none, the first that it rates and that is open. ERR_INVALID: it names
 * one that is not open, or rates no open one. */
enum err framework_effect(const struct framework *next, int16_t first_open, struct fault *fault,
                          int16_t *out);
/* TX. The same with what is stored. */
enum err framework_effect_load(struct db *db, str service, const struct frameworks_in_force *in_force,
                               const struct framework *next, int32_t today, struct fault *fault,
                               int16_t *out);

#endif
