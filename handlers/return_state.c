#include "handlers/return_state.h"

bool period_is_locked(const struct framework *f, const struct store_period *p, int32_t today) {
    if (p->lock != LOCK_BY_CALENDAR) return p->lock == LOCK_LOCKED;
    return p->final && today >= framework_lock_day(f, p->period);
}

const char *return_state_name(const struct return_state *s) {
    if (s->locked) return "LOCKED";
    return s->signed_once && !s->resign_needed ? "SUBMITTED" : "OPEN";
}

const struct store_sign_off *sign_off_find(const struct store_sign_off *list, size_t count, str provider,
                                           int16_t period) {
    for (size_t i = 0; i < count; i++)
        if (list[i].period == period && str_eq(list[i].provider, provider)) return &list[i];
    return NULL;
}

struct store_period period_find(const struct store_period *list, size_t count, int16_t period) {
    for (size_t i = 0; i < count; i++)
        if (list[i].period == period) return list[i];
    return (struct store_period){
        .period = period, .final_at = INSTANT_NONE, .lock = LOCK_BY_CALENDAR, .lock_reason = STR("")};
}

struct return_state return_state_of(const struct framework *f, const struct store_period *period,
                                    const struct store_sign_off *sign_off, int64_t newest_seq,
                                    int32_t today) {
    struct return_state s = {.period = *period, .locked = period_is_locked(f, period, today)};
    if (!sign_off) return s;
    s.signed_once = true;
    s.sign_off = *sign_off;
    s.resign_needed = newest_seq > sign_off->seq;
    return s;
}

static enum err newest_seq_of(struct request *r, str service, str provider, int16_t period, int64_t *out) {
    struct store_version *versions;
    size_t count;
    enum err e = store_versions_list(db_of(r), service, provider, period, r->arena, &versions, &count);
    int64_t newest = 0;
    for (size_t i = 0; e == OK && i < count; i++)
        if (versions[i].seq > newest) newest = versions[i].seq;
    *out = newest;
    return e;
}

void return_state_ahead(struct request *r, str service, str provider, int16_t period) {
    store_period_ahead(db_of(r), service, period);
    store_sign_offs_ahead(db_of(r), service, provider, period, INSTANT_NONE);
}

enum err return_state_load(struct request *r, const struct service_view *v, str provider, int16_t period,
                           struct return_state *out) {
    struct store_period at;
    struct store_sign_off *sign_offs;
    size_t count;
    int64_t newest = 0;
    enum err e = store_period_get(db_of(r), v->service.id, period, r->arena, &at);
    if (e == OK)
        e = store_sign_offs_list(db_of(r), v->service.id, provider, period, INSTANT_NONE, r->arena,
                                 &sign_offs, &count);
    /* Only what was signed can want to be signed again. */
    if (e == OK && count) e = newest_seq_of(r, v->service.id, provider, period, &newest);
    if (e == OK)
        *out = return_state_of(service_view_locking(v, period), &at, count ? &sign_offs[0] : NULL, newest,
                               app_today(app_of(r)));
    return e;
}
