#include "handlers/plan_calendar.h"

#include "db/store_periods.h"
#include "db/store_plans.h"
#include "handlers/framework_cache.h"

#define ACTOR STR("calendar") /* in the place of a key, in history and audit */

struct run {
    struct app *app;
    int32_t today;
    str service;
    struct arena *arena;
    struct plan_calendar_done of_service;
    const struct framework *framework;
};

static str words_of(const struct run *run, const struct store_plan *p, enum plan_cause cause, int32_t since) {
    char text[PERIOD_TEXT], day[DAY_TEXT];
    const char *name = run->framework->plan_levels[cause];
    switch (cause) {
    case PLAN_OVERDUE:
        return arena_printf(run->arena, "%s: not submitted by %s.", name, day_format(p->due_day, day));
    case PLAN_PROMISE_PASSED:
        return arena_printf(run->arena, "%s: %s is over, and the KPI has not recovered.", name,
                            period_format(p->when, text));
    case PLAN_STILL_RED:
        return arena_printf(run->arena, "%s: red in %d final periods running, since %s.", name,
                            p->seen.red_running, day_format(since, day));
    case PLAN_NO_CAUSE:
    case PLAN_CAUSE_COUNT: break;
    }
    return STR("");
}

static str level_json(const struct run *run, enum plan_cause cause, int32_t since) {
    char day[DAY_TEXT];
    struct buf b = BUF_EMPTY;
    struct json j = json_to(&b);
    json_object_begin(&j);
    json_field_int(&j, "level", cause);
    json_field_cstr(&j, "cause", plan_cause_name(cause));
    json_field_cstr(&j, "name", run->framework->plan_levels[cause]);
    json_field_cstr(&j, "since", day_format(since, day));
    json_end(&j);
    str text = arena_str(run->arena, buf_str(&b));
    buf_free(&b);
    return text;
}

/* Levels only go up within one life of a plan: what was said to people cannot be unsaid. */
static enum err chase(struct run *run, struct db *db, struct store_plan *p) {
    int32_t since = DAY_NONE;
    struct plan_clock clock = store_plan_clock(p);
    enum plan_cause cause = plan_cause_of(&clock, run->today, &since);
    int level = (int)cause;
    if (level <= p->level) return OK;
    p->escalation = level_json(run, cause, since);
    p->level = level;
    struct store_plan_cause how = {
        .happening = PLAN_WAS_ESCALATED,
        .before = p->status,
        .changed = arena_printf(run->arena, "{\"escalation\":%.*s}", STR_ARG(p->escalation)),
        .key_id = ACTOR,
        .comment = words_of(run, p, cause, since),
        .at = instant_now(),
    };
    run->of_service.escalated++;
    return store_plan_change(db, run->service, p, &how);
}

static enum err run_service(struct db *db, void *context, struct fault *fault) {
    struct run *run = context;
    struct store_service service;
    struct store_plan *plans;
    size_t count;
    bool ours;
    run->of_service = (struct plan_calendar_done){.services = 1};
    enum err e = store_calendar_lock(db, &ours);
    if (e != OK) return e;
    if (!ours) {
        run->of_service = (struct plan_calendar_done){.elsewhere = true};
        return OK;
    }
    e = store_service_lock(db, run->service);
    if (e == OK) e = store_service_get(db, run->service, INSTANT_NONE, run->arena, &service);
    if (e == OK) e = framework_cache_get(run->app->frameworks, db, &service, fault, &run->framework);
    if (e == OK) e = store_plans_list(db, run->service, STR_NONE, INSTANT_NONE, run->arena, &plans, &count);
    for (size_t i = 0; e == OK && i < count; i++) {
        if (!plan_is_open(plans[i].status)) continue;
        run->of_service.plans++;
        e = chase(run, db, &plans[i]);
    }
    return e;
}

static void add(struct plan_calendar_done *sum, const struct plan_calendar_done *one) {
    sum->services += one->services;
    sum->plans += one->plans;
    sum->escalated += one->escalated;
    sum->elsewhere = sum->elsewhere || one->elsewhere;
}

enum err plan_calendar_run(struct app *app, struct db *db, int32_t today, struct fault *fault,
                           struct plan_calendar_done *out) {
    struct arena arena = ARENA_EMPTY;
    struct store_service *services;
    size_t count;
    *out = (struct plan_calendar_done){.services = 0};
    enum err e = store_services_list(db, &arena, &services, &count);
    for (size_t i = 0; e == OK && i < count && !out->elsewhere; i++) {
        struct run run = {.app = app, .today = today, .service = services[i].id, .arena = &arena};
        e = db_transaction(db, &(struct db_work){.run = run_service, .context = &run}, fault);
        if (e == OK) add(out, &run.of_service);
    }
    arena_free(&arena);
    return e;
}
