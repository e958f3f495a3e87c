/* return_state: whether a return is open, signed off or locked, and whether its period is final: from the events that were stored and
 * the calendar. The one place that says so; contract section 3. */
#ifndef QD_HANDLERS_RETURN_STATE_H
#define QD_HANDLERS_RETURN_STATE_H

#include "db/store_periods.h"
#include "handlers/target.h"

struct return_state {
    struct store_period period;
    bool locked;
    bool signed_once;               /* a sign-off exists */
    bool resign_needed;             /* a version came after the newest sign-off */
    struct store_sign_off sign_off; /* the newest; only when signed_once */
};

/* Is the period locked on that day? f: the version that rates Q4 of its year (service_view_locking). By the newest of /lock and /unlock; without any a final period locks after the national deadline
 * of its year's Q4. */
bool period_is_locked(const struct framework *f, const struct store_period *p, int32_t today);

/* "LOCKED", "SUBMITTED" (signed and nothing came since) or "OPEN". */
const char *return_state_name(const struct return_state *s);

/* f: as above; newest_seq: of the newest version of the return; 0 when nothing was sent. sign_off NULL: never signed. */
struct return_state return_state_of(const struct framework *f, const struct store_period *period,
                                    const struct store_sign_off *sign_off, int64_t newest_seq, int32_t today);
/* Reads and works it out for one return; ahead: as store_providers_ahead(). */
void return_state_ahead(struct request *r, str service, str provider, int16_t period);
enum err return_state_load(struct request *r, const struct service_view *v, str provider, int16_t period,
                           struct return_state *out);

/* The sign-off of a provider and period among those listed, or NULL; the period among those listed, or one of which nothing is known. */
const struct store_sign_off *sign_off_find(const struct store_sign_off *list, size_t count, str provider,
                                           int16_t period);
struct store_period period_find(const struct store_period *list, size_t count, int16_t period);

#endif
