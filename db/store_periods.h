/* store_periods: sign-off of returns, and periods that become final, locked and unlocked. */
#ifndef QD_DB_STORE_PERIODS_H
#define QD_DB_STORE_PERIODS_H

#include "db/store.h"

/* TX. Locks the service's row until the end of the transaction. After store_provider_lock() where both are needed. *out_at: the instant of
 * what is now done, for all that the transaction stores and answers: later than every change of the service before, also when it has waited
 * for the row or the clock has stepped back. */
enum err store_service_lock(struct db *db, str service, int64_t *out_at);

/* The newest sign-off of a return. */
struct store_sign_off {
    str provider;
    int16_t period;
    int64_t seq, at; /* a version with a greater seq came after it */
    str key_id;
    int64_t
        first_at; /* of the first sign-off; its day in London by the service's clock; in time by the deadline of then */
    int32_t first_day;
    bool on_time;
    int64_t times;
};
/* provider STR_NONE: all; period -1: all; known_at INSTANT_NONE: now. */
void store_sign_offs_ahead(struct db *db, str service, str provider, int16_t period, int64_t known_at);
enum err store_sign_offs_list(struct db *db, str service, str provider, int16_t period, int64_t known_at,
                              struct arena *a, struct store_sign_off **out, size_t *out_count);
/* TX. parts: JSON object of part and version. s->first_day: the day of this one. Sets s->seq. With audit line and event RETURN_SIGNED_OFF. */
enum err store_sign_off_put(struct db *db, str service, struct store_sign_off *s, str parts, str correlation);

/* The providers whose return for the period is signed off with nothing sent since; known_at INSTANT_NONE: now. */
enum err store_signed_list(struct db *db, str service, int16_t period, int64_t known_at, struct arena *a,
                           str **out, size_t *out_count);

/* The same of all periods from one on, by provider. */
struct store_signed {
    str provider;
    int16_t period;
};
enum err store_signed_since(struct db *db, str service, int16_t from, int64_t known_at, struct arena *a,
                            struct store_signed **out, size_t *out_count);

enum lock_state { LOCK_BY_CALENDAR, LOCK_LOCKED, LOCK_UNLOCKED };
struct store_period {
    int16_t period;
    bool final;
    int64_t final_at, final_seq;
    enum lock_state lock;
    str lock_reason;
};
/* As store_providers_ahead(). */
void store_signed_ahead(struct db *db, str service, int16_t period, int64_t known_at);
void store_signed_since_ahead(struct db *db, str service, int16_t from, int64_t known_at);
void store_period_ahead(struct db *db, str service, int16_t period);
/* period -1: all; known_at INSTANT_NONE: now. */
enum err store_periods_list(struct db *db, str service, int16_t period, int64_t known_at, struct arena *a,
                            struct store_period **out, size_t *out_count);
/* One period; all zero (not final, by the calendar) when nothing has happened to it. */
enum err store_period_get(struct db *db, str service, int16_t period, struct arena *a,
                          struct store_period *out);

enum period_change { PERIOD_BECAME_FINAL, PERIOD_WAS_LOCKED, PERIOD_WAS_UNLOCKED };
/* TX, after store_service_lock(). One that becomes final keeps a snapshot as at today. With audit line and event PERIOD_FINAL, PERIOD_LOCKED or PERIOD_UNLOCKED. */
enum err store_period_change(struct db *db, str service, int16_t period, enum period_change change,
                             int64_t at, int32_t today, str key_id, str reason, str correlation);

#endif
