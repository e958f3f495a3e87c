#include "handlers/daily_work.h"

#include "db/store_periods.h"
#include "db/store_plans.h"
#include "handlers/framework_cache.h"
#include "handlers/once.h"
#include "handlers/plan_chase.h"
#include "handlers/return_chase.h"

struct run {
    struct app *app;
    struct service_day day;
};

static enum err run_service(struct db *db, void *context, struct fault *fault) {
    struct run *run = context;
    struct service_day *day = &run->day;
    struct store_service service;
    bool ours;
    day->db = db;
    day->done = (struct daily_work_done){.services = 1};
    enum err e = store_calendar_lock(db, &ours);
    if (e != OK) return e;
    if (!ours) {
        day->done = (struct daily_work_done){.elsewhere = true};
        return OK;
    }
    e = store_service_lock(db, day->service, &day->at);
    if (e == OK) e = store_service_get(db, day->service, INSTANT_NONE, day->arena, &service);
    if (e == OK)
        e = framework_cache_all(run->app->frameworks, db, &service, day->arena, fault, &day->in_force);
    if (e == OK) day->framework = framework_of_period(&day->in_force, period_of_day(day->today));
    if (e == OK) e = returns_chase(day);
    if (e == OK) e = plans_chase(day);
    return e;
}

static void add(struct daily_work_done *sum, const struct daily_work_done *one) {
    sum->services += one->services;
    sum->plans += one->plans;
    sum->returns_due += one->returns_due;
    sum->returns_overdue += one->returns_overdue;
    sum->plans_due += one->plans_due;
    sum->escalated += one->escalated;
    sum->elsewhere = sum->elsewhere || one->elsewhere;
}

enum err daily_work_run(struct app *app, struct db *db, int32_t today, struct fault *fault,
                        struct daily_work_done *out) {
    struct arena arena = ARENA_EMPTY;
    struct store_service *services;
    size_t count;
    *out = (struct daily_work_done){.services = 0};
    db_act_for(db, DB_EVERYBODY); /* to find the services; each is then worked on as that one */
    enum err e = store_services_list(db, &arena, &services, &count);
    for (size_t i = 0; e == OK && i < count && !out->elsewhere; i++) {
        struct run run = {.app = app, .day = {.service = services[i].id, .today = today, .arena = &arena}};
        db_act_for(db, DB_SERVICE(services[i].id));
        e = db_transaction(db, &(struct db_work){.run = run_service, .context = &run}, fault);
        if (e == OK) add(out, &run.day.done);
    }
    if (e == OK && !out->elsewhere) e = once_purge(db);
    arena_free(&arena);
    return e;
}
