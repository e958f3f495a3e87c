/* GET /v1/action-plan-summary: did the plans work? Counts of a service, the time from red to green, and each plan's KPI before and after. */
#include "db/store_plans.h"
#include "handlers/handlers.h"
#include "handlers/number_write.h"
#include "handlers/page.h"
#include "handlers/plan_ask.h"
#include "handlers/stamps.h"
#include "handlers/target.h"
#include "kpi/plan_tally.h"

struct ask {
    struct request *r;
    struct reply *p;
    str service;
    int16_t from, to; /* of the periods that plans were opened for; -1: not asked for */
    const struct framework *framework;
    struct store_service from_service; /* in the snapshot of the answer */
};

static struct plan_record record_of(const struct store_plan *p, int32_t today) {
    return (struct plan_record){
        .status = p->status,
        .overdue = plan_is_overdue(p->status, p->due_day, today),
        .proposed = p->seen.rag == RAG_AMBER,
        .level = p->level,
        .seen = p->seen.rag,
        .opened = p->opened_day,
        .closed = p->seen.day,
    };
}

static void write_levels(struct json *j, const struct ask *ask, const struct plan_tally *t) {
    json_key(j, "levels");
    json_array_begin(j);
    for (int level = PLAN_NO_CAUSE + 1; level < PLAN_CAUSE_COUNT; level++) {
        json_object_begin(j);
        json_field_int(j, "level", level);
        json_field_cstr(j, "cause", plan_cause_name((enum plan_cause)level));
        json_field_cstr(j, "name", ask->framework->plan_levels[level]);
        json_field_int(j, "plans", (int64_t)t->levels[level]);
        json_end(j);
    }
    json_end(j);
}

static void write_red_to_green(struct json *j, const struct plan_tally *t) {
    json_key(j, "redToGreen");
    if (!t->recovered) {
        json_put_null(j);
        return;
    }
    json_object_begin(j);
    json_field_int(j, "plans", (int64_t)t->recovered);
    json_key(j, "medianDays");
    decimal_write(j, (struct decimal){t->median_halves * 5, 1});
    json_field_int(j, "shortestDays", t->shortest);
    json_field_int(j, "longestDays", t->longest);
    json_end(j);
}

static void write_counts(struct json *j, const struct ask *ask, const struct plan_tally *t) {
    json_field_int(j, "total", (int64_t)t->total);
    json_field_int(j, "open", (int64_t)t->open);
    json_field_int(j, "overdue", (int64_t)t->overdue);
    json_field_int(j, "escalated", (int64_t)t->escalated);
    json_field_int(j, "closingProposed", (int64_t)t->proposed);
    json_field_int(j, "recovered", (int64_t)t->recovered);
    json_field_int(j, "closedOtherwise", (int64_t)t->closed_otherwise);
    json_field_int(j, "withdrawn", (int64_t)t->withdrawn);
    write_levels(j, ask, t);
    write_red_to_green(j, t);
}

static void write_plan(struct json *j, const struct store_plan *p, int32_t today) {
    char text[PERIOD_TEXT];
    struct plan_record record = record_of(p, today);
    json_object_begin(j);
    json_field_str(j, "id", p->id);
    json_key(j, "kpis");
    json_array_begin(j);
    for (str rest = p->kpi, one = str_cut(&rest, ';'); one.p; one = str_cut(&rest, ';'))
        json_str(j, one);
    json_end(j);
    json_field_cstr(j, "openedFor", period_format(p->opened_for, text));
    json_field_cstr(j, "status", plan_status_name(p->status));
    json_field_bool(j, "recovered", plan_has_recovered(&record));
    json_key(j, "days");
    if (plan_has_recovered(&record)) json_int(j, record.closed - record.opened);
    else json_put_null(j);
    json_field_raw(j, "before", p->figures);
    json_field_raw(j, "after", p->evidence.p ? p->evidence : STR("null"));
    json_end(j);
}

static void write_answer(struct ask *ask, const struct store_plan *plans, size_t count) {
    char day[DAY_TEXT];
    int32_t today = app_today(app_of(ask->r));
    struct plan_record *records = ARENA_ARRAY(ask->r->arena, struct plan_record, count);
    for (size_t i = 0; i < count; i++)
        records[i] = record_of(&plans[i], today);
    struct plan_tally tally = plan_tally_of(records, count);
    struct json j = json_to(&ask->p->body);
    json_object_begin(&j);
    json_field_str(&j, "service", ask->service);
    json_field_cstr(&j, "asAt", day_format(today, day));
    write_counts(&j, ask, &tally);
    json_key(&j, "plans");
    json_array_begin(&j);
    for (size_t i = 0; i < count; i++)
        write_plan(&j, &plans[i], today);
    json_end(&j);
    json_end(&j);
}

static bool is_wanted(const struct ask *ask, const struct store_plan *p) {
    if (ask->from >= 0 && p->opened_for < ask->from) return false;
    if (ask->to >= 0 && p->opened_for > ask->to) return false;
    return plan_may_see(ask->r->who, p);
}

static enum err run(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    struct service_view view;
    struct store_plan *plans;
    size_t count, kept = 0;
    buf_clear(&ask->p->body);
    enum err e = service_view_load(ask->r, ask->service, INSTANT_NONE,
                                   period_of_day(app_today(app_of(ask->r))), &view, fault);
    if (e == OK)
        e = store_plans_list(db, ask->service, STR_NONE, INSTANT_NONE, ask->r->arena, &plans, &count);
    if (e != OK) return e;
    ask->framework = view.framework;
    ask->from_service = view.service;
    for (size_t i = 0; i < count; i++)
        if (is_wanted(ask, &plans[i])) plans[kept++] = plans[i];
    write_answer(ask, plans, kept);
    return OK;
}

enum err handle_plan_summary(struct request *r, struct reply *p) {
    struct ask ask = {.r = r, .p = p, .service = str_of(r->who->service), .from = -1, .to = -1};
    str service = request_query(r, "service");
    if (service.p && !str_eq(service, ask.service))
        return request_hides(r,
                             fail(&r->fault, ERR_NOT_FOUND, "There is no service '%.*s'.", STR_ARG(service)));
    enum err e = query_period(r, "from", &ask.from);
    if (e == OK) e = query_period(r, "to", &ask.to);
    if (e != OK) return e;
    if (ask.from >= 0 && ask.to >= 0 && ask.from > ask.to)
        return fail(&r->fault, ERR_BAD_PARAMETER, "from lies after to; exchange them.");
    e = db_transaction(db_of(r), &(struct db_work){.run = run, .context = &ask, .read_only = true},
                       &r->fault);
    if (e != OK) return e;
    answered_from(r, p, INSTANT_NONE, &ask.from_service);
    reply_etag_of_body(p);
    return OK;
}
