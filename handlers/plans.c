/* Action plans: list, read, open by hand, change, monthly updates. Who may see one: its commissioner, and the providers it is attributed to. */
#include <stdio.h>

#include "db/store_periods.h"
#include "handlers/handlers.h"
#include "handlers/json_body.h"
#include "handlers/page.h"
#include "handlers/plan_birth.h"
#include "handlers/plan_write.h"

struct ask {
    struct request *r;
    struct reply *p;
    str service, id;
    struct page page;
    /* filters of the list */
    str kpi;
    bool by_status, by_period, by_overdue, want_overdue;
    enum plan_status want_status;
    int16_t want_period;
    /* opening and changing */
    json_t *body;
    bool want_change; /* a target status was named */
    enum plan_status to;
    int16_t when;
    struct store_plan plan;
};

static bool may_see(const struct principal *who, const struct store_plan *p) {
    return who->role == ROLE_COMMISSIONER || store_plan_is_attributed(p, str_of(who->provider));
}

static enum err no_plan(struct fault *fault, str id) {
    return fail(fault, ERR_NOT_FOUND, "There is no action plan '%.*s'.", STR_ARG(id));
}

static enum err load_plan(struct ask *ask, struct fault *fault) {
    enum err e = store_plan_get(db_of(ask->r), ask->service, ask->id, ask->r->arena, &ask->plan);
    if (e == ERR_NOT_FOUND || (e == OK && !may_see(ask->r->who, &ask->plan))) return no_plan(fault, ask->id);
    return e;
}

static enum err write_whole(struct ask *ask) {
    struct plan_words w = {
        .plan = &ask->plan, .service = ask->service, .today = app_today(app_of(ask->r)), .whole = true};
    struct store_plan_step *steps;
    struct store_plan_note *notes;
    enum err e =
        store_plan_steps(db_of(ask->r), ask->service, ask->plan.id, ask->r->arena, &steps, &w.step_count);
    if (e == OK)
        e = store_plan_notes(db_of(ask->r), ask->service, ask->plan.id, ask->r->arena, &notes, &w.note_count);
    if (e != OK) return e;
    w.steps = steps;
    w.notes = notes;
    struct json j = json_to(&ask->p->body);
    plan_write(&j, &w);
    /* What moves with the calendar is in the ETag too; If-Match looks at the version alone. */
    const struct store_plan *p = &ask->plan;
    bool escalated = plan_is_escalated(p->status, p->due_day, p->when, w.today),
         overdue = plan_is_overdue(p->status, p->due_day, w.today);
    snprintf(ask->p->etag, sizeof ask->p->etag, "\"v%d%s\"", p->version,
             overdue     ? "-overdue"
             : escalated ? "-escalated"
                         : "");
    return OK;
}

/* ---- list ---- */

static bool is_wanted(const struct ask *ask, const struct store_plan *p, int32_t today) {
    if (!may_see(ask->r->who, p)) return false;
    if (ask->kpi.p && !str_eq(ask->kpi, p->kpi)) return false;
    if (ask->by_status && p->status != ask->want_status) return false;
    if (ask->by_period && p->opened_for != ask->want_period) return false;
    return !ask->by_overdue || plan_is_overdue(p->status, p->due_day, today) == ask->want_overdue;
}

static enum err run_list(struct db *db, void *context, struct fault *fault) {
    (void)fault;
    struct ask *ask = context;
    struct store_plan *plans;
    size_t count, kept = 0;
    int32_t today = app_today(app_of(ask->r));
    buf_clear(&ask->p->body);
    enum err e = store_plans_list(db, ask->service, STR_NONE, INSTANT_NONE, ask->r->arena, &plans, &count);
    if (e != OK) return e;
    for (size_t i = 0; i < count; i++)
        if (is_wanted(ask, &plans[i], today)) plans[kept++] = plans[i];
    struct json j = json_to(&ask->p->body);
    page_begin(&ask->page, &j, kept);
    for (size_t i = ask->page.from; i < ask->page.to; i++)
        plan_write(&j, &(struct plan_words){.plan = &plans[i], .service = ask->service, .today = today});
    page_end(&ask->page, &j);
    return OK;
}

static enum err ask_filters(struct ask *ask) {
    struct request *r = ask->r;
    str status = request_query(r, "status");
    ask->kpi = request_query(r, "kpi");
    ask->by_overdue = request_query(r, "overdue").p != NULL;
    ask->by_period = request_query(r, "openedFor").p != NULL;
    ask->by_status = status.p != NULL;
    if (status.p && !plan_status_parse(status, &ask->want_status))
        return fail(&r->fault, ERR_BAD_PARAMETER,
                    "'%.*s' is no status; write REQUIRED, DRAFT, SUBMITTED, AGREED, CLOSED or WITHDRAWN.",
                    STR_ARG(status));
    enum err e = query_period(r, "openedFor", &ask->want_period);
    if (e == OK) e = request_flag(r, "overdue", &ask->want_overdue);
    return e == OK ? page_ask(r, &ask->page) : e;
}

enum err handle_plans_list(struct request *r, struct reply *p) {
    struct ask ask = {.r = r, .p = p, .service = str_of(r->who->service)};
    str service = request_query(r, "service");
    if (service.p && !str_eq(service, ask.service))
        return fail(&r->fault, ERR_NOT_FOUND, "There is no service '%.*s'.", STR_ARG(service));
    enum err e = ask_filters(&ask);
    if (e != OK) return e;
    e = db_transaction(db_of(r), &(struct db_work){.run = run_list, .context = &ask, .read_only = true},
                       &r->fault);
    if (e == OK) reply_etag_of_body(p);
    return e;
}

/* ---- read ---- */

static enum err run_get(struct db *db, void *context, struct fault *fault) {
    (void)db;
    struct ask *ask = context;
    buf_clear(&ask->p->body);
    enum err e = load_plan(ask, fault);
    return e == OK ? write_whole(ask) : e;
}

enum err handle_plan_get(struct request *r, struct reply *p) {
    struct ask ask = {.r = r, .p = p, .service = str_of(r->who->service), .id = request_param(r, "id")};
    return db_transaction(db_of(r), &(struct db_work){.run = run_get, .context = &ask, .read_only = true},
                          &r->fault);
}

/* ---- change ---- */

#define FORM_FIELDS "nonComplianceReason what how who when strategicDirectorLead departmentalLead"

static enum plan_actor actor_of(const struct principal *who) {
    return who->role == ROLE_COMMISSIONER ? PLAN_BY_COMMISSIONER : PLAN_BY_PROVIDER;
}

/* Sets one text of the plan from the body and notes that it changed. */
static bool take_text(struct ask *ask, const char *name, str *field, struct json *changed) {
    if (!json_body_has(ask->body, name)) return false;
    str v = json_body_text(ask->r, ask->body, name);
    if (str_eq(v, *field)) return false;
    json_field_str(changed, name, v);
    *field = v;
    return true;
}

static bool take_form(struct ask *ask, struct json *changed) {
    struct store_plan *p = &ask->plan;
    bool any = take_text(ask, "nonComplianceReason", &p->reason, changed);
    any = take_text(ask, "what", &p->what, changed) || any;
    any = take_text(ask, "how", &p->how, changed) || any;
    any = take_text(ask, "who", &p->who, changed) || any;
    any = take_text(ask, "strategicDirectorLead", &p->strategic_lead, changed) || any;
    any = take_text(ask, "departmentalLead", &p->departmental_lead, changed) || any;
    if (json_body_has(ask->body, "when") && ask->when != p->when) {
        char text[PERIOD_TEXT];
        json_field_str(changed, "when", ask->when >= 0 ? str_of(period_format(ask->when, text)) : STR_NONE);
        p->when = ask->when;
        any = true;
    }
    return any;
}

static enum err check_need(struct ask *ask, const struct plan_step *step, str comment, struct fault *fault) {
    const struct store_plan *p = &ask->plan;
    if (step->need == PLAN_NEEDS_COMMENT && !comment.n)
        return fail(fault, ERR_MISSING_VALUE, "Going to %s needs a comment that says why: add \"comment\".",
                    plan_status_name(step->to));
    if (step->need != PLAN_NEEDS_ALL_FIELDS) return OK;
    const struct {
        const char *name;
        bool filled;
    } fields[] = {{"nonComplianceReason", p->reason.n > 0},
                  {"what", p->what.n > 0},
                  {"how", p->how.n > 0},
                  {"who", p->who.n > 0},
                  {"when", p->when >= 0}};
    struct buf missing = BUF_EMPTY;
    for (size_t i = 0; i < 5; i++)
        if (!fields[i].filled) buf_printf(&missing, "%s%s", missing.n ? ", " : "", fields[i].name);
    enum err e = OK;
    if (missing.n)
        e = fail(fault, ERR_MISSING_VALUE, "To submit the plan fill in: %.*s.", STR_ARG(buf_str(&missing)));
    buf_free(&missing);
    return e;
}

/* Where the plan goes: to the status that was named; a first change of words makes a draft of what is only required. */
static enum err choose_step(struct ask *ask, bool edited, str comment, enum plan_status *out,
                            struct fault *fault) {
    enum plan_status from = ask->plan.status;
    *out = ask->want_change ? ask->to : from;
    if (!ask->want_change && edited && from == PLAN_REQUIRED) *out = PLAN_DRAFT;
    if (*out == from) return OK;
    const struct plan_step *step = plan_step_find(from, *out);
    if (!step || step->by == PLAN_BY_ITSELF)
        return fail(fault, ERR_CONFLICT, "A plan cannot go from %s to %s.", plan_status_name(from),
                    plan_status_name(*out));
    if (!(step->by & actor_of(ask->r->who)))
        return fail(fault, ERR_FORBIDDEN, "Going from %s to %s is the commissioner's.",
                    plan_status_name(from), plan_status_name(*out));
    return check_need(ask, step, comment, fault);
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

static enum err check_match(struct ask *ask, struct fault *fault) {
    str want = request_header(ask->r, "If-Match");
    if (str_is(str_trim(want), "*")) return OK; /* whatever it is at now: RFC 9110 13.1.1 */
    for (str rest = want, one = str_cut(&rest, ','); one.p; one = str_cut(&rest, ','))
        if (names_version(one, ask->plan.version)) return OK;
    return fail(
        fault, ERR_STALE,
        "The plan is now at \"v%d\". Read it again, bring your change into it, and send with If-Match: \"v%d\".",
        ask->plan.version, ask->plan.version);
}

static enum err run_change(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    buf_clear(&ask->p->body);
    enum err e = store_service_lock(db, ask->service);
    if (e == ERR_NOT_FOUND) return no_plan(fault, ask->id);
    if (e == OK) e = load_plan(ask, fault);
    if (e == OK) e = check_match(ask, fault);
    if (e != OK) return e;

    enum plan_status before = ask->plan.status, after = before;
    struct buf changed = BUF_EMPTY;
    struct json j = json_to(&changed);
    str comment = json_body_text(ask->r, ask->body, "comment");
    json_object_begin(&j);
    bool edited = take_form(ask, &j);
    json_end(&j);
    if (edited && !plan_is_editable(before))
        e = fail(
            fault, ERR_CONFLICT,
            "The plan is %s: its words can be changed while it is REQUIRED or DRAFT. The commissioner can send it back to DRAFT.",
            plan_status_name(before));
    if (e == OK) e = choose_step(ask, edited, comment, &after, fault);
    ask->plan.status = after;
    if (e == OK && (edited || after != before || comment.n))
        e = store_plan_change(db, ask->service, &ask->plan, before, buf_str(&changed),
                              str_of(ask->r->who->key_id), comment, instant_now());
    buf_free(&changed);
    return e == OK ? write_whole(ask) : e;
}

static enum err read_change(struct ask *ask) {
    struct request *r = ask->r;
    enum err e = json_body_read(r, FORM_FIELDS " status comment", &ask->body);
    if (e != OK) return e;
    str status = json_body_text(r, ask->body, "status"), when = json_body_text(r, ask->body, "when");
    ask->want_change = status.n > 0;
    ask->when = -1;
    if (status.n && !plan_status_parse(status, &ask->to))
        return fail(&r->fault, ERR_INVALID, "/status '%.*s' is none of a plan's.", STR_ARG(status));
    if (when.n && !period_parse(when, &ask->when))
        return fail(&r->fault, ERR_INVALID, "/when '%.*s' is no quarter; write 2026-27-Q1.", STR_ARG(when));
    return OK;
}

enum err handle_plan_change(struct request *r, struct reply *p) {
    struct ask ask = {.r = r, .p = p, .service = str_of(r->who->service), .id = request_param(r, "id")};
    if (!request_header(r, "If-Match").p)
        return fail(
            &r->fault, ERR_PRECONDITION_REQUIRED,
            "Send If-Match with the ETag of the plan as you read it, so that nobody's change is lost.");
    enum err e = read_change(&ask);
    if (e == OK)
        e = db_transaction(db_of(r), &(struct db_work){.run = run_change, .context = &ask}, &r->fault);
    json_decref(ask.body);
    return e;
}

/* ---- open by hand ---- */

static enum err run_open(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    struct service_view view;
    struct kpi_figures *figures;
    struct store_plan *plans;
    size_t count;
    buf_clear(&ask->p->body);
    enum err e = store_service_lock(db, ask->service);
    if (e == OK) e = service_view_load(ask->r, ask->service, INSTANT_NONE, &view, fault);
    if (e != OK) return e;
    const struct kpi *kpi = framework_kpi(view.framework, ask->kpi);
    if (!kpi)
        return fail(fault, ERR_INVALID, "/kpi: there is no KPI '%.*s' in framework %s.", STR_ARG(ask->kpi),
                    view.framework->id);
    e = service_figures(ask->r, &view, ask->want_period, &figures);
    if (e == ERR_NOT_FOUND)
        return fail(fault, ERR_INVALID, "/openedFor: the framework does not rate that year.");
    if (e == OK)
        e = store_plans_list(db, ask->service, STR_NONE, INSTANT_NONE, ask->r->arena, &plans, &count);
    if (e != OK) return e;
    for (size_t i = 0; i < count; i++)
        if (str_eq(plans[i].kpi, ask->kpi) && plan_is_open(plans[i].status))
            return fail(fault, ERR_CONFLICT, "KPI %s has an open plan already: %.*s.", kpi->ref,
                        STR_ARG(plans[i].id));
    e = plan_draw_up(ask->r, &view, &figures[kpi - view.framework->kpis], ask->want_period, instant_now(),
                     &ask->plan);
    ask->plan.by_hand = true;
    if (e == OK)
        e = store_plan_open(db, ask->service, &ask->plan, ask->r->arena, str_of(ask->r->who->key_id),
                            json_body_text(ask->r, ask->body, "comment"));
    return e == OK ? write_whole(ask) : e;
}

enum err handle_plan_open(struct request *r, struct reply *p) {
    struct ask ask = {.r = r, .p = p, .service = str_of(r->who->service)};
    enum err e = json_body_read(r, "service kpi openedFor comment", &ask.body);
    if (e != OK) return e;
    str service = json_body_text(r, ask.body, "service"), period = json_body_text(r, ask.body, "openedFor");
    ask.kpi = json_body_text(r, ask.body, "kpi");
    if (!ask.kpi.n || !period.n)
        e = fail(&r->fault, ERR_MISSING_VALUE, "Send {\"kpi\":\"1.9\",\"openedFor\":\"2025-26-Q3\"}.");
    else if (!period_parse(period, &ask.want_period))
        e = fail(&r->fault, ERR_INVALID, "/openedFor '%.*s' is no quarter; write 2025-26-Q3.",
                 STR_ARG(period));
    else if (service.n && !str_eq(service, ask.service))
        e = fail(&r->fault, ERR_NOT_FOUND, "There is no service '%.*s'.", STR_ARG(service));
    if (e == OK) e = db_transaction(db_of(r), &(struct db_work){.run = run_open, .context = &ask}, &r->fault);
    json_decref(ask.body);
    if (e != OK) return e;
    p->status = 201;
    reply_header(r, p, "Location", arena_printf(r->arena, "/v1/action-plans/%.*s", STR_ARG(ask.plan.id)));
    return OK;
}

/* ---- monthly updates ---- */

static enum err run_note(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    buf_clear(&ask->p->body);
    enum err e = store_service_lock(db, ask->service);
    if (e == ERR_NOT_FOUND) return no_plan(fault, ask->id);
    if (e == OK) e = load_plan(ask, fault);
    if (e != OK) return e;
    if (!plan_is_open(ask->plan.status))
        return fail(fault, ERR_CONFLICT, "The plan is %s.", plan_status_name(ask->plan.status));
    struct store_plan_note note = {.at = instant_now(),
                                   .key_id = str_of(ask->r->who->key_id),
                                   .month = json_body_text(ask->r, ask->body, "month"),
                                   .text = json_body_text(ask->r, ask->body, "text")};
    e = store_plan_note_put(db, ask->service, ask->id, &note);
    if (e != OK) return e;
    /* An update is a step of the plan's life too: it has its version and its line in the history. */
    struct buf changed = BUF_EMPTY;
    struct json j = json_to(&changed);
    json_object_begin(&j);
    json_field_str(&j, "update", note.month);
    json_end(&j);
    e = store_plan_change(db, ask->service, &ask->plan, ask->plan.status, buf_str(&changed), note.key_id,
                          STR(""), note.at);
    buf_free(&changed);
    return e == OK ? write_whole(ask) : e;
}

enum err handle_plan_note(struct request *r, struct reply *p) {
    struct ask ask = {.r = r, .p = p, .service = str_of(r->who->service), .id = request_param(r, "id")};
    enum err e = json_body_read(r, "month text", &ask.body);
    if (e != OK) return e;
    int32_t day;
    str month = json_body_text(r, ask.body, "month");
    if (!day_parse_iso(arena_printf(r->arena, "%.*s-01", STR_ARG(month)), &day))
        e = fail(&r->fault, ERR_INVALID, "/month '%.*s' is no month; write 2026-02.", STR_ARG(month));
    else if (!json_body_text(r, ask.body, "text").n)
        e = fail(&r->fault, ERR_MISSING_VALUE, "/text is missing: what has been done since the last update?");
    if (e == OK) e = db_transaction(db_of(r), &(struct db_work){.run = run_note, .context = &ask}, &r->fault);
    json_decref(ask.body);
    if (e == OK) p->status = 201;
    return e;
}
