/* The actions of a plan, one by one: what, who, by when, done on which day. Their words are written while the plan is written; that one
 * is done is said as long as the plan is open. Under If-Match of the plan, as its words are. */
#include "handlers/handlers.h"
#include "handlers/json_body.h"
#include "handlers/once.h"
#include "handlers/plan_ask.h"

struct acting {
    struct plan_ask ask;
    bool is_new;
    int32_t number; /* of the address; not of a new one */
    struct store_plan_action action;
};

/* A day of the body: null or "" takes it away. Untouched where the member was not sent. */
static enum err take_day(struct acting *a, const char *name, int32_t *day, bool *changed, struct json *j,
                         struct fault *fault) {
    char text[DAY_TEXT];
    if (!json_body_has(a->ask.body, name)) return OK;
    int32_t was = *day;
    str v = json_body_text(a->ask.r, a->ask.body, name);
    *day = DAY_NONE;
    if (v.n && !day_parse_iso(v, day))
        return fail(fault, ERR_INVALID, "/%s '%.*s' is no day; write 2026-03-31.", name, STR_ARG(v));
    if (*day == was) return OK;
    *changed = true;
    json_field_cstr(j, name, *day == DAY_NONE ? NULL : day_format(*day, text));
    return OK;
}

static enum err find_action(struct acting *a, struct db *db, struct fault *fault) {
    struct store_plan_action *list;
    size_t count;
    enum err e = store_plan_actions(db, a->ask.service, a->ask.id, a->ask.r->arena, &list, &count);
    if (e != OK) return e;
    enum { ACTIONS_MAX = 50 };
    if (a->is_new && count >= ACTIONS_MAX)
        return fail(fault, ERR_CONFLICT, "A plan has at most %d actions.", ACTIONS_MAX);
    a->action = (struct store_plan_action){
        .number = (int32_t)count + 1, .what = STR(""), .who = STR(""), .by = DAY_NONE, .done = DAY_NONE};
    for (size_t i = 0; i < count && !a->is_new; i++)
        if (list[i].number == a->number) {
            a->action = list[i];
            return OK;
        }
    if (a->is_new) return OK;
    return fail(fault, ERR_NOT_FOUND, "The plan has no action %d.", (int)a->number);
}

static enum err check(const struct acting *a, bool worded, struct fault *fault) {
    const struct store_plan *p = &a->ask.plan;
    if (!plan_is_open(p->status))
        return fail(fault, ERR_CONFLICT, "The plan is %s: its actions change while it is open.",
                    plan_status_name(p->status));
    if (worded && !plan_is_editable(p->status))
        return fail(
            fault, ERR_CONFLICT,
            "The plan is %s: what is to be done, by whom and by when can be changed while it is REQUIRED or "
            "DRAFT; `done` as long as it is open.",
            plan_status_name(p->status));
    if (!a->action.what.n || !a->action.who.n || a->action.by == DAY_NONE)
        return fail(fault, ERR_MISSING_VALUE, "An action needs what, who and by (a day).");
    if (a->action.done != DAY_NONE && a->action.done > app_today(app_of(a->ask.r)))
        return fail(fault, ERR_INVALID, "/done lies after today; send it when it is done.");
    return OK;
}

static enum err take(struct acting *a, struct json *j, bool *worded, bool *changed, struct fault *fault) {
    json_object_begin(j);
    json_key(j, "action");
    json_object_begin(j);
    json_field_int(j, "number", a->action.number);
    *worded = plan_ask_take(&a->ask, "what", &a->action.what, j);
    *worded = plan_ask_take(&a->ask, "who", &a->action.who, j) || *worded;
    enum err e = take_day(a, "by", &a->action.by, worded, j, fault);
    *changed = *worded;
    if (e == OK) e = take_day(a, "done", &a->action.done, changed, j, fault);
    json_end(j);
    json_end(j);
    return e;
}

static enum err run(struct db *db, void *context, struct fault *fault) {
    struct acting *a = context;
    struct plan_ask *ask = &a->ask;
    buf_clear(&ask->p->body);
    enum err e = plan_ask_lock(ask, fault);
    if (e == OK) e = plan_ask_matches(ask, fault);
    if (e == OK) e = find_action(a, db, fault);
    if (e != OK) return e;
    struct buf changes = BUF_EMPTY;
    struct json j = json_to(&changes);
    bool worded = false, changed = false;
    e = take(a, &j, &worded, &changed, fault);
    if (e == OK) e = check(a, worded, fault);
    enum plan_status before = ask->plan.status;
    if (before == PLAN_REQUIRED && worded) ask->plan.status = PLAN_DRAFT;
    if (e == OK && changed) e = store_plan_action_put(db, ask->service, ask->id, &a->action);
    if (e == OK)
        e = changed ? plan_ask_store(ask, before, PLAN_WAS_EDITED, buf_str(&changes), STR(""))
                    : plan_ask_answer(ask);
    buf_free(&changes);
    return e;
}

static void finish(void *context) {
    struct acting *a = context;
    if (a->is_new) a->ask.p->status = 201;
}

static enum err act(struct request *r, struct acting *a) {
    enum err e = plan_ask_needs_match(r);
    if (e == OK) e = json_body_read(r, "what who by done", &a->ask.body);
    if (e == OK) e = once(r, a->ask.p, &(struct db_work){.run = run, .context = a}, finish);
    json_decref(a->ask.body);
    return e;
}

enum err handle_plan_action_add(struct request *r, struct reply *p) {
    struct acting a = {.ask = plan_ask_of(r, p), .is_new = true};
    return act(r, &a);
}

enum err handle_plan_action_change(struct request *r, struct reply *p) {
    struct acting a = {.ask = plan_ask_of(r, p)};
    uint64_t number;
    str text = request_param(r, "action");
    if (!str_to_uint(text, INT32_MAX, &number))
        return fail(&r->fault, ERR_NOT_FOUND, "The plan has no action '%.*s'.", STR_ARG(text));
    a.number = (int32_t)number;
    return act(r, &a);
}
