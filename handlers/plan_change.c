/* PATCH of an action plan: its words and its steps; and the month's progress. One table says which step is whose and what it needs
 * (kpi/plan.c). */
#include "handlers/handlers.h"
#include "handlers/json_body.h"
#include "handlers/once.h"
#include "handlers/plan_ask.h"

#define FORM_FIELDS "nonComplianceReason what how who when strategicDirectorLead departmentalLead"

struct change {
    struct plan_ask ask;
    bool want_step; /* a target status was named */
    enum plan_status to;
    int16_t when;
};

static bool take_form(struct change *c, struct json *changed) {
    struct store_plan *p = &c->ask.plan;
    bool any = plan_ask_take(&c->ask, "nonComplianceReason", &p->reason, changed);
    any = plan_ask_take(&c->ask, "what", &p->what, changed) || any;
    any = plan_ask_take(&c->ask, "how", &p->how, changed) || any;
    any = plan_ask_take(&c->ask, "who", &p->who, changed) || any;
    any = plan_ask_take(&c->ask, "strategicDirectorLead", &p->strategic_lead, changed) || any;
    any = plan_ask_take(&c->ask, "departmentalLead", &p->departmental_lead, changed) || any;
    if (json_body_has(c->ask.body, "when") && c->when != p->when) {
        char text[PERIOD_TEXT];
        json_field_str(changed, "when", c->when >= 0 ? str_of(period_format(c->when, text)) : STR_NONE);
        p->when = c->when;
        any = true;
    }
    return any;
}

static enum err check_need(struct change *c, const struct plan_step *step, str comment, struct fault *fault) {
    const struct store_plan *p = &c->ask.plan;
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

/* Where whoever asks can take a plan of this status, for the answer to who wants to go elsewhere. */
static enum err no_step(const struct change *c, enum plan_status from, enum plan_status to,
                        struct fault *fault) {
    struct buf b = BUF_EMPTY;
    for (size_t i = 0; i < PLAN_STEP_COUNT; i++)
        if (PLAN_STEPS[i].from == from && (PLAN_STEPS[i].by & plan_actor_of(c->ask.r->who)))
            buf_printf(&b, "%s%s", b.n ? " or " : "", plan_status_name(PLAN_STEPS[i].to));
    enum err e = b.n ? fail(fault, ERR_CONFLICT, "The plan is %s: it can go to %.*s from there, not to %s.",
                            plan_status_name(from), STR_ARG(buf_str(&b)), plan_status_name(to))
                     : fail(fault, ERR_CONFLICT, "The plan is %s: you cannot take it to %s, nor elsewhere.",
                            plan_status_name(from), plan_status_name(to));
    buf_free(&b);
    return e;
}

/* Where the plan goes: to the status that was named; a first change of words makes a draft of what is only required. */
static enum err choose_step(struct change *c, bool edited, str comment, enum plan_status *out,
                            struct fault *fault) {
    enum plan_status from = c->ask.plan.status;
    *out = c->want_step ? c->to : from;
    if (!c->want_step && edited && from == PLAN_REQUIRED) *out = PLAN_DRAFT;
    if (*out == from) return OK;
    const struct plan_step *step = plan_step_find(from, *out);
    if (!step || step->by == PLAN_BY_ITSELF) return no_step(c, from, *out, fault);
    if (!(step->by & plan_actor_of(c->ask.r->who)))
        return fail(fault, ERR_FORBIDDEN, "Going from %s to %s is the commissioner's.",
                    plan_status_name(from), plan_status_name(*out));
    return check_need(c, step, comment, fault);
}

static enum err run_change(struct db *db, void *context, struct fault *fault) {
    (void)db;
    struct change *c = context;
    struct plan_ask *ask = &c->ask;
    buf_clear(&ask->p->body);
    enum err e = plan_ask_lock(ask, fault);
    if (e == OK) e = plan_ask_matches(ask, fault);
    if (e != OK) return e;

    enum plan_status before = ask->plan.status, after = before;
    struct buf changed = BUF_EMPTY;
    struct json j = json_to(&changed);
    str comment = json_body_text(ask->r, ask->body, "comment");
    json_object_begin(&j);
    bool edited = take_form(c, &j);
    json_end(&j);
    if (edited && !plan_is_editable(before))
        e = fail(
            fault, ERR_CONFLICT,
            "The plan is %s: its words can be changed while it is REQUIRED or DRAFT. The commissioner can send it back to DRAFT.",
            plan_status_name(before));
    if (e == OK) e = choose_step(c, edited, comment, &after, fault);
    ask->plan.status = after;
    const struct plan_step *step = plan_step_find(before, after);
    if (e == OK && (edited || after != before || comment.n))
        e = plan_ask_store(ask, before, step ? step->effect : PLAN_WAS_EDITED, buf_str(&changed), comment);
    else if (e == OK) e = plan_ask_answer(ask);
    buf_free(&changed);
    return e;
}

static enum err read_change(struct change *c) {
    struct request *r = c->ask.r;
    enum err e = json_body_read(r, FORM_FIELDS " status comment", &c->ask.body);
    if (e != OK) return e;
    str status = json_body_text(r, c->ask.body, "status"), when = json_body_text(r, c->ask.body, "when");
    c->want_step = status.n > 0;
    c->when = -1;
    if (status.n && !plan_status_parse(status, &c->to))
        return fail(&r->fault, ERR_INVALID,
                    "/status '%.*s' is none of a plan's; write DRAFT, SUBMITTED, AGREED or CLOSED.",
                    STR_ARG(status));
    if (when.n && !period_parse(when, &c->when))
        return fail(&r->fault, ERR_INVALID, "/when '%.*s' is no quarter; write 2026-27-Q1.", STR_ARG(when));
    return OK;
}

enum err handle_plan_change(struct request *r, struct reply *p) {
    struct change c = {.ask = plan_ask_of(r, p)};
    enum err e = plan_ask_needs_match(r);
    if (e == OK) e = read_change(&c);
    if (e == OK) e = db_transaction(db_of(r), &(struct db_work){.run = run_change, .context = &c}, &r->fault);
    json_decref(c.ask.body);
    return e;
}

/* ---- monthly updates: they add and take nothing away, so If-Match is honoured where it is sent, and not asked for ---- */

/* The first day of "2026-02". */
static bool read_month(struct request *r, str month, int32_t *day) {
    return day_parse_iso(arena_printf(r->arena, "%.*s-01", STR_ARG(month)), day);
}

static enum err run_note(struct db *db, void *context, struct fault *fault) {
    struct plan_ask *ask = context;
    buf_clear(&ask->p->body);
    enum err e = plan_ask_lock(ask, fault);
    if (e == OK) e = plan_ask_matches(ask, fault);
    if (e != OK) return e;
    if (!plan_is_open(ask->plan.status))
        return fail(fault, ERR_CONFLICT, "The plan is %s: progress is reported while it is open.",
                    plan_status_name(ask->plan.status));
    str month = json_body_text(ask->r, ask->body, "month");
    int32_t day = DAY_NONE;
    char period[PERIOD_TEXT];
    read_month(ask->r, month, &day);
    if (day < period_first_day(ask->plan.opened_for))
        return fail(fault, ERR_INVALID, "/month '%.*s' lies before %s, which the plan was opened for.",
                    STR_ARG(month), period_format(ask->plan.opened_for, period));
    struct store_plan_note note = {.at = ask->at,
                                   .key_id = str_of(ask->r->who->key_id),
                                   .month = month,
                                   .text = json_body_text(ask->r, ask->body, "text")};
    e = store_plan_note_put(db, ask->service, ask->id, &note);
    if (e != OK) return e;
    /* An update is a step of the plan's life too: it has its version and its line in the history. */
    struct buf changed = BUF_EMPTY;
    struct json j = json_to(&changed);
    json_object_begin(&j);
    json_field_str(&j, "update", note.month);
    json_end(&j);
    e = plan_ask_store(ask, ask->plan.status, PLAN_WAS_UPDATED, buf_str(&changed), STR(""));
    buf_free(&changed);
    return e;
}

static void finish_note(void *context) {
    struct plan_ask *ask = context;
    ask->p->status = 201;
}

enum err handle_plan_note(struct request *r, struct reply *p) {
    struct plan_ask ask = plan_ask_of(r, p);
    enum err e = json_body_read(r, "month text", &ask.body);
    if (e != OK) return e;
    int32_t day;
    str month = json_body_text(r, ask.body, "month");
    if (!read_month(r, month, &day))
        e = fail(&r->fault, ERR_INVALID, "/month '%.*s' is no month; write 2026-02.", STR_ARG(month));
    else if (day > app_today(app_of(r)))
        e = fail(&r->fault, ERR_INVALID, "/month '%.*s' has not begun; report what has been done.",
                 STR_ARG(month));
    else if (!json_body_text(r, ask.body, "text").n)
        e = fail(&r->fault, ERR_MISSING_VALUE, "/text is missing: what has been done since the last update?");
    if (e == OK) e = once(r, p, &(struct db_work){.run = run_note, .context = &ask}, finish_note);
    json_decref(ask.body);
    return e;
}
