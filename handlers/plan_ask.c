#include "handlers/plan_ask.h"

#include <stdio.h>

#include "db/store_periods.h"
#include "handlers/json_body.h"
#include "handlers/plan_form.h"
#include "handlers/plan_write.h"

struct plan_ask plan_ask_of(struct request *r, struct reply *p) {
    return (struct plan_ask){
        .r = r, .p = p, .service = str_of(r->who->service), .id = request_param(r, "id")};
}

bool plan_may_see(const struct principal *who, const struct store_plan *p) {
    return who->role == ROLE_COMMISSIONER || store_plan_is_attributed(p, str_of(who->provider));
}

enum plan_actor plan_actor_of(const struct principal *who) {
    return who->role == ROLE_COMMISSIONER ? PLAN_BY_COMMISSIONER : PLAN_BY_PROVIDER;
}

static enum err no_plan(struct request *r, struct fault *fault, str id) {
    return request_hides(r, fail(fault, ERR_NOT_FOUND, "There is no action plan '%.*s'.", STR_ARG(id)));
}

enum err plan_ask_load(struct plan_ask *ask, struct fault *fault) {
    enum err e = store_plan_get(db_of(ask->r), ask->service, ask->id, ask->r->arena, &ask->plan);
    if (e == ERR_NOT_FOUND || (e == OK && !plan_may_see(ask->r->who, &ask->plan)))
        return no_plan(ask->r, fault, ask->id);
    return e;
}

enum err plan_ask_lock(struct plan_ask *ask, struct fault *fault) {
    enum err e = store_service_lock(db_of(ask->r), ask->service, &ask->at);
    if (e == ERR_NOT_FOUND) return no_plan(ask->r, fault, ask->id);
    return e == OK ? plan_ask_load(ask, fault) : e;
}

/* ---- If-Match ---- */

enum err plan_ask_needs_match(struct request *r) {
    if (request_header(r, "If-Match").p) return OK;
    return fail(&r->fault, ERR_PRECONDITION_REQUIRED,
                "Send If-Match with the ETag of the plan as you read it, so that nobody's change is lost.");
}

/* "v3", also with the mark of the calendar that a read may have added ("v3-overdue"). */
static bool names_version(str tag, int32_t version) {
    char have[16];
    str core = str_trim(tag);
    int n = snprintf(have, sizeof have, "\"v%d", version);
    if (core.n < (size_t)n + 1 || core.p[core.n - 1] != '"' || !str_starts_with(core, (str){have, (size_t)n}))
        return false;
    str mark = str_sub(core, (size_t)n, core.n - 1);
    return mark.n == 0 || str_is(mark, "-overdue") || str_is(mark, "-escalated");
}

enum err plan_ask_matches(const struct plan_ask *ask, struct fault *fault) {
    str want = request_header(ask->r, "If-Match");
    if (!want.p || str_is(str_trim(want), "*")) return OK; /* whatever it is at now: RFC 9110 13.1.1 */
    for (str rest = want, one = str_cut(&rest, ','); one.p; one = str_cut(&rest, ','))
        if (names_version(one, ask->plan.version)) return OK;
    return fail(
        fault, ERR_STALE,
        "The plan is now at \"v%d\". Read it again, bring your change into it, and send with If-Match: \"v%d\".",
        ask->plan.version, ask->plan.version);
}

/* ---- the answer ---- */

static enum err load_words(const struct plan_ask *ask, struct plan_words *w) {
    struct db *db = db_of(ask->r);
    struct arena *a = ask->r->arena;
    struct store_plan_step *steps;
    struct store_plan_note *notes;
    struct store_plan_action *actions;
    enum err e = store_plan_steps(db, ask->service, ask->plan.id, a, &steps, &w->step_count);
    if (e == OK) e = store_plan_notes(db, ask->service, ask->plan.id, a, &notes, &w->note_count);
    if (e == OK) e = store_plan_actions(db, ask->service, ask->plan.id, a, &actions, &w->action_count);
    if (e != OK) return e;
    w->steps = steps;
    w->notes = notes;
    w->actions = actions;
    return OK;
}

enum err plan_ask_answer(struct plan_ask *ask) {
    struct plan_words w = {
        .plan = &ask->plan, .service = ask->service, .today = app_today(app_of(ask->r)), .whole = true};
    enum err e = load_words(ask, &w);
    if (e != OK) return e;
    if (ask->as_form) {
        plan_form_write(&ask->p->body, &w);
    } else {
        struct json j = json_to(&ask->p->body);
        plan_write(&j, &w);
    }
    /* What moves with the calendar is in the ETag too; If-Match looks at the version alone. */
    struct plan_clock clock = store_plan_clock(&ask->plan);
    int32_t since;
    bool overdue = plan_is_overdue(ask->plan.status, ask->plan.due_day, w.today);
    bool escalated = plan_cause_of(&clock, w.today, &since) != PLAN_NO_CAUSE;
    snprintf(ask->p->etag, sizeof ask->p->etag, "\"v%d%s\"", ask->plan.version,
             overdue     ? "-overdue"
             : escalated ? "-escalated"
                         : "");
    return OK;
}

/* ---- changing ---- */

bool plan_ask_take(const struct plan_ask *ask, const char *name, str *field, struct json *changed) {
    if (!json_body_has(ask->body, name)) return false;
    str v = json_body_text(ask->r, ask->body, name);
    if (str_eq(v, *field)) return false;
    json_field_str(changed, name, v);
    *field = v;
    return true;
}

enum err plan_ask_store(struct plan_ask *ask, enum plan_status before, enum plan_happening happening,
                        str changed, str comment) {
    struct store_plan_cause cause = {
        .happening = happening,
        .before = before,
        .changed = changed,
        .key_id = str_of(ask->r->who->key_id),
        .comment = comment,
        .at = ask->at,
    };
    enum err e = store_plan_change(db_of(ask->r), ask->service, &ask->plan, &cause);
    return e == OK ? plan_ask_answer(ask) : e;
}
