#include "handlers/plan_chase.h"

#include "db/store_events.h"
#include "db/store_plans.h"

#define ACTOR STR("calendar") /* in the place of a key, in history and audit */

/* ---- a level up ---- */

static str words_of(const struct service_day *day, const struct store_plan *p, enum plan_cause cause,
                    int32_t since) {
    char text[PERIOD_TEXT], date[DAY_TEXT];
    const char *name = day->framework->plan_levels[cause];
    switch (cause) {
    case PLAN_OVERDUE:
        return arena_printf(day->arena, "%s: not submitted by %s.", name, day_format(p->due_day, date));
    case PLAN_PROMISE_PASSED:
        return arena_printf(day->arena, "%s: %s is over, and the KPI has not recovered.", name,
                            period_format(p->when, text));
    case PLAN_STILL_RED:
        return arena_printf(day->arena, "%s: red in %d final periods running, since %s.", name,
                            p->seen.red_running, day_format(since, date));
    case PLAN_NO_CAUSE:
    case PLAN_CAUSE_COUNT: break;
    }
    return STR("");
}

static str level_json(const struct service_day *day, enum plan_cause cause, int32_t since) {
    char date[DAY_TEXT];
    struct buf b = BUF_EMPTY;
    struct json j = json_to(&b);
    json_object_begin(&j);
    json_field_int(&j, "level", cause);
    json_field_cstr(&j, "cause", plan_cause_name(cause));
    json_field_cstr(&j, "name", day->framework->plan_levels[cause]);
    json_field_cstr(&j, "since", day_format(since, date));
    json_end(&j);
    str text = arena_str(day->arena, buf_str(&b));
    buf_free(&b);
    return text;
}

/* Levels only go up within one life of a plan: what was said to people cannot be unsaid. */
static enum err chase(struct service_day *day, struct store_plan *p) {
    int32_t since = DAY_NONE;
    struct plan_clock clock = store_plan_clock(p);
    enum plan_cause cause = plan_cause_of(&clock, day->today, &since);
    int level = (int)cause;
    if (level <= p->level) return OK;
    p->escalation = level_json(day, cause, since);
    p->level = level;
    struct store_plan_cause how = {
        .happening = PLAN_WAS_ESCALATED,
        .before = p->status,
        .changed = arena_printf(day->arena, "{\"escalation\":%.*s}", STR_ARG(p->escalation)),
        .key_id = ACTOR,
        .comment = words_of(day, p, cause, since),
        .at = day->at,
    };
    day->done.escalated++;
    return store_plan_change(day->db, day->service, p, &how);
}

/* ---- reminded ---- */

static void write_key(struct json *j, const struct store_plan *p, int days_before) {
    char date[DAY_TEXT];
    json_field_str(j, "plan", p->id);
    json_field_cstr(j, "dueDate", day_format(p->due_day, date));
    json_field_int(j, "daysBefore", days_before);
}

static void write_body(struct json *j, const struct service_day *day, const struct store_plan *p,
                       int days_before) {
    json_field_str(j, "service", day->service);
    write_key(j, p, days_before);
    json_field_int(j, "daysLeft", p->due_day - day->today);
    json_field_str(j, "kpi", p->kpi);
    json_field_int(j, "version", p->version);
    json_field_cstr(j, "status", plan_status_name(p->status));
    json_key(j, "providers");
    json_array_begin(j);
    str rest = p->attributed_to;
    for (str one = str_cut(&rest, ';'); one.p; one = str_cut(&rest, ';'))
        if (one.n) json_str(j, one);
    json_end(j);
}

/* Only who has still to submit it. */
static enum err remind(struct service_day *day, const struct store_plan *p) {
    int days_before = reminder_on(&day->framework->plan_reminders, p->due_day, day->today);
    bool told = false;
    if (days_before == REMINDER_NONE || !plan_is_editable(p->status)) return OK;
    struct buf key = BUF_EMPTY, body = BUF_EMPTY;
    struct json j = json_to(&key);
    json_object_begin(&j);
    write_key(&j, p, days_before);
    json_end(&j);
    j = json_to(&body);
    json_object_begin(&j);
    write_body(&j, day, p, days_before);
    json_end(&j);
    enum err e = store_event_put_once(day->db, day->service, EVENT_PLAN_DUE, day->at, buf_str(&body),
                                      buf_str(&key), &told);
    if (told) day->done.plans_due++;
    buf_free(&key);
    buf_free(&body);
    return e;
}

enum err plans_chase(struct service_day *day) {
    struct store_plan *plans;
    size_t count;
    enum err e = store_plans_list(day->db, day->service, STR_NONE, INSTANT_NONE, day->arena, &plans, &count);
    for (size_t i = 0; e == OK && i < count; i++) {
        if (!plan_is_open(plans[i].status)) continue;
        day->done.plans++;
        e = chase(day, &plans[i]);
        if (e == OK) e = remind(day, &plans[i]);
    }
    return e;
}
