#include "handlers/return_chase.h"

#include "db/store_events.h"
#include "handlers/return_status.h"

struct chase {
    struct service_day *day;
    struct store_period *periods;
    struct store_sign_off *sign_offs;
    size_t period_count, sign_off_count;
};

/* What tells the event apart from others of its kind. daysBefore: of a reminder; REMINDER_NONE: the return is overdue. */
static void write_key(struct json *j, const struct return_status *s, int days_before) {
    char text[PERIOD_TEXT], day[DAY_TEXT];
    json_field_str(j, "provider", s->provider->id);
    json_field_cstr(j, "period", period_format(s->period, text));
    json_field_cstr(j, "deadline", day_format(framework_provider_deadline(s->framework, s->period), day));
    if (days_before != REMINDER_NONE) json_field_int(j, "daysBefore", days_before);
}

static void write_body(struct json *j, const struct return_status *s, int days_before, int32_t today) {
    int32_t left = framework_provider_deadline(s->framework, s->period) - today;
    json_field_str(j, "service", s->service);
    write_key(j, s, days_before);
    json_field_int(j, days_before == REMINDER_NONE ? "daysOverdue" : "daysLeft",
                   days_before == REMINDER_NONE ? -left : left);
    json_key(j, "missingParts");
    return_status_write_missing(j, s);
    if (days_before != REMINDER_NONE) json_field_bool(j, "resignNeeded", s->state.resign_needed);
}

static enum err tell(const struct chase *c, const struct return_status *s, int days_before) {
    struct buf key = BUF_EMPTY, body = BUF_EMPTY;
    bool overdue = days_before == REMINDER_NONE, told = false;
    struct json j = json_to(&key);
    json_object_begin(&j);
    write_key(&j, s, days_before);
    json_end(&j);
    j = json_to(&body);
    json_object_begin(&j);
    write_body(&j, s, days_before, c->day->today);
    json_end(&j);
    enum err e =
        store_event_put_once(c->day->db, s->service, overdue ? EVENT_RETURN_OVERDUE : EVENT_RETURN_DUE,
                             c->day->at, buf_str(&body), buf_str(&key), &told);
    if (told) ++*(overdue ? &c->day->done.returns_overdue : &c->day->done.returns_due);
    buf_free(&key);
    buf_free(&body);
    return e;
}

static enum err look_at(const struct chase *c, struct return_status *s) {
    struct store_version *versions;
    size_t count;
    int32_t today = c->day->today, deadline = framework_provider_deadline(s->framework, s->period);
    int reminder = reminder_on(&s->framework->return_reminders, deadline, today);
    struct store_period period = period_find(c->periods, c->period_count, s->period);
    const struct framework *locking =
        framework_of_period(&c->day->in_force, period_of(period_year(s->period), 4));
    const struct store_sign_off *signed_off =
        sign_off_find(c->sign_offs, c->sign_off_count, s->provider->id, s->period);
    if (period.final || period_is_locked(locking, &period, today)) return OK;
    if (today >= framework_lock_day(locking, s->period)) return OK;
    if (today <= deadline ? reminder == REMINDER_NONE : signed_off != NULL) return OK;
    enum err e = store_versions_list(c->day->db, s->service, s->provider->id, s->period, c->day->arena,
                                     &versions, &count);
    if (e != OK) return e;
    return_status_find(s, versions, count);
    s->state = return_state_of(locking, &period, signed_off, s->newest_seq, today);
    if (s->state.signed_once && !s->state.resign_needed) return OK;
    return tell(c, s, today <= deadline ? reminder : REMINDER_NONE);
}

static enum err look_at_provider(const struct chase *c, const struct store_provider *provider) {
    int16_t first, last, now = period_of_day(c->day->today);
    enum err e = OK;
    frameworks_quarters(&c->day->in_force, &first, &last);
    for (int16_t p = first; p <= now && e == OK; p++) {
        const struct framework *f = framework_of_period(&c->day->in_force, p);
        const struct framework_provider *expected = framework_provider_find(f, provider->id);
        struct return_status s = {.service = c->day->service,
                                  .provider = provider,
                                  .expected = expected,
                                  .framework = f,
                                  .period = p};
        if (expected && framework_expects_any(expected, p)) e = look_at(c, &s);
    }
    return e;
}

enum err returns_chase(struct service_day *day) {
    struct chase c = {.day = day};
    struct store_provider *providers;
    size_t count;
    enum err e =
        store_periods_list(day->db, day->service, -1, INSTANT_NONE, day->arena, &c.periods, &c.period_count);
    if (e == OK)
        e = store_sign_offs_list(day->db, day->service, STR_NONE, -1, INSTANT_NONE, day->arena, &c.sign_offs,
                                 &c.sign_off_count);
    if (e == OK) e = store_providers_list(day->db, day->service, day->arena, &providers, &count);
    for (size_t i = 0; e == OK && i < count; i++)
        e = look_at_provider(&c, &providers[i]);
    return e;
}
