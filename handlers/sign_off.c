/* POST .../submission: a provider signs off its return. The last expected provider's sign-off makes the period final, in the same
 * transaction as the plans that this raises. Also the commissioner's finalisation, lock and unlock. */
#include <jansson.h>
#include <stdio.h>

#include "handlers/handlers.h"
#include "handlers/json_body.h"
#include "handlers/once.h"
#include "handlers/page.h"
#include "handlers/plan_birth.h"
#include "handlers/return_status.h"

struct ask {
    struct request *r;
    struct reply *p;
    str service, provider;
    int16_t period;
    enum period_change change;
    str reason;
    uint32_t missing; /* PARTS_MISSING: which */
    struct buf plans; /* JSON array of what happened to plans */
};

/* ---- signing off ---- */

/* Has every provider that is expected for the period signed, with nothing sent since? */
static enum err all_signed(struct ask *ask, const struct service_view *v, bool *out) {
    *out = true;
    for (size_t i = 0; i < v->framework->provider_count; i++) {
        const struct framework_provider *p = &v->framework->providers[i];
        if (!framework_expects_any(p, ask->period)) continue;
        struct return_state state;
        enum err e = return_state_load(ask->r, v, str_of(p->id), ask->period, &state);
        if (e != OK) return e;
        if (!state.signed_once || state.resign_needed) *out = false;
    }
    return OK;
}

/* The parts and versions that are signed, as JSON. */
static str signed_parts(struct ask *ask, const struct return_status *status) {
    struct buf b = BUF_EMPTY;
    struct json j = json_to(&b);
    json_object_begin(&j);
    for (int part = 0; part < PART_COUNT; part++)
        if (status->newest[part])
            json_field_int(&j, part_name((enum part_id)part), status->newest[part]->version);
    json_end(&j);
    str text = arena_str(ask->r->arena, buf_str(&b));
    buf_free(&b);
    return text;
}

static enum err load_status(struct ask *ask, const struct service_view *v, struct return_status *status) {
    struct store_version *versions;
    size_t count;
    *status = (struct return_status){
        .service = ask->service,
        .provider = service_view_provider(v, ask->provider),
        .expected = framework_provider_find(v->framework, ask->provider),
        .framework = v->framework,
        .period = ask->period,
    };
    enum err e = store_versions_list(db_of(ask->r), ask->service, ask->provider, ask->period, ask->r->arena,
                                     &versions, &count);
    if (e == OK) e = return_state_load(ask->r, v, ask->provider, ask->period, &status->state);
    if (e == OK) return_status_find(status, versions, count);
    return e;
}

/* The period becomes final when it is not yet and everybody has signed; a final period's plans are judged again. */
static enum err after_signing(struct ask *ask, const struct service_view *v, bool final_already, int64_t at) {
    struct json j = json_to(&ask->plans);
    bool final = final_already;
    enum err e = OK;
    if (!final) e = all_signed(ask, v, &final);
    if (e == OK && final && !final_already)
        e = store_period_change(db_of(ask->r), ask->service, ask->period, PERIOD_BECAME_FINAL, at,
                                app_today(app_of(ask->r)), str_of(ask->r->who->key_id), STR(""),
                                str_of(ask->r->correlation));
    return e == OK && final ? plans_judge(ask->r, v, ask->period, at, &j) : e;
}

static enum err sign(struct ask *ask, const struct service_view *v, int64_t at,
                     struct return_status *status) {
    struct store_sign_off s = {
        .provider = ask->provider,
        .period = ask->period,
        .at = at,
        .key_id = str_of(ask->r->who->key_id),
        .first_day = app_today(app_of(ask->r)),
        .on_time = app_today(app_of(ask->r)) <= framework_provider_deadline(v->framework, ask->period),
    };
    enum err e = store_sign_off_put(db_of(ask->r), ask->service, &s, signed_parts(ask, status),
                                    str_of(ask->r->correlation));
    if (e == OK) e = after_signing(ask, v, status->state.period.final, s.at);
    return e == OK ? load_status(ask, v, status) : e;
}

static enum err run_submission(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    struct service_view view;
    struct return_status status;
    int64_t stamp, at;
    char period[PERIOD_TEXT];
    buf_clear(&ask->p->body);
    buf_clear(&ask->plans);
    enum err e = store_provider_lock(db, ask->service, ask->provider, &stamp);
    if (e == OK) e = store_service_lock(db, ask->service, &at);
    if (e == ERR_NOT_FOUND)
        return fail(fault, e, "There is no provider '%.*s' in service '%.*s'.", STR_ARG(ask->provider),
                    STR_ARG(ask->service));
    if (e == OK) e = service_view_load(ask->r, ask->service, INSTANT_NONE, ask->period, &view, fault);
    if (e == OK) e = load_status(ask, &view, &status);
    if (e != OK) return e;
    if (status.state.locked)
        return fail(fault, ERR_PERIOD_LOCKED, "%s is locked; the commissioner can unlock it.",
                    period_format(ask->period, period));
    ask->missing = status.missing;
    if (status.missing) return ERR_PARTS_MISSING;
    if (!status.sent)
        return fail(
            fault, ERR_PARTS_MISSING,
            "Nothing has been sent for %s. Send at least one part; a header row alone is a nil return.",
            period_format(ask->period, period));
    if (!status.state.signed_once || status.state.resign_needed) e = sign(ask, &view, at, &status);
    if (e != OK) return e;
    struct json j = json_to(&ask->p->body);
    json_object_begin(&j);
    json_key(&j, "return");
    return_status_write(&j, &status, app_today(app_of(ask->r)));
    json_field_bool(&j, "periodFinal", status.state.period.final);
    json_key(&j, "plans");
    json_raw(&j, ask->plans.n ? buf_str(&ask->plans) : STR("[]"));
    json_end(&j);
    return OK;
}

static void write_missing(struct ask *ask) {
    struct buf names = BUF_EMPTY;
    for (int part = 0; part < PART_COUNT; part++)
        if (ask->missing >> part & 1)
            buf_printf(&names, "%s%s", names.n ? ", " : "", part_name((enum part_id)part));
    str detail = arena_printf(
        ask->r->arena,
        "Not sent yet: %.*s. Send each; where there is nothing to tell, a header row alone is a nil return.",
        STR_ARG(buf_str(&names)));
    buf_free(&names);
    struct json j = problem_begin(ask->r, ask->p, ERR_PARTS_MISSING, detail);
    json_key(&j, "missingParts");
    json_array_begin(&j);
    for (int part = 0; part < PART_COUNT; part++)
        if (ask->missing >> part & 1) json_cstr(&j, part_name((enum part_id)part));
    json_end(&j);
    json_end(&j);
}

enum err handle_submission(struct request *r, struct reply *p) {
    struct ask ask = {
        .r = r, .p = p, .service = request_param(r, "service"), .provider = request_param(r, "provider")};
    json_t *body = NULL;
    enum err e = target_period(r, &ask.period);
    if (e == OK) e = json_body_read(r, "", &body); /* an empty object, or nothing */
    json_decref(body);
    if (e != OK) return e;
    e = once(r, p, &(struct db_work){.run = run_submission, .context = &ask}, NULL);
    if (e == ERR_PARTS_MISSING && ask.missing) {
        buf_clear(&p->body);
        write_missing(&ask);
        e = OK;
    }
    buf_free(&ask.plans);
    p->no_store = true;
    return e;
}

/* ---- the commissioner's part ---- */

static void write_period(struct ask *ask, const struct service_view *v, const struct store_period *state) {
    char text[INSTANT_TEXT];
    struct json j = json_to(&ask->p->body);
    json_object_begin(&j);
    json_field_str(&j, "service", ask->service);
    json_field_cstr(&j, "period", period_format(ask->period, text));
    json_field_bool(&j, "final", state->final);
    json_field_str(&j, "finalAt", state->final ? str_of(instant_format(state->final_at, text)) : STR_NONE);
    bool locked = period_is_locked(service_view_locking(v, ask->period), state, app_today(app_of(ask->r)));
    json_field_bool(&j, "locked", locked);
    json_field_str(&j, "lockReason", locked && state->lock_reason.n ? state->lock_reason : STR_NONE);
    json_key(&j, "plans");
    json_raw(&j, ask->plans.n ? buf_str(&ask->plans) : STR("[]"));
    json_end(&j);
}

static enum err run_period(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    struct service_view view;
    struct store_period state;
    buf_clear(&ask->p->body);
    buf_clear(&ask->plans);
    int64_t at;
    enum err e = store_service_lock(db, ask->service, &at);
    if (e == ERR_NOT_FOUND) return fail(fault, e, "There is no service '%.*s'.", STR_ARG(ask->service));
    if (e == OK) e = service_view_load(ask->r, ask->service, INSTANT_NONE, ask->period, &view, fault);
    if (e == OK) e = store_period_get(db, ask->service, ask->period, ask->r->arena, &state);
    if (e != OK) return e;
    char period[PERIOD_TEXT];
    if (ask->change == PERIOD_BECAME_FINAL && period_first_day(ask->period) > app_today(app_of(ask->r)))
        return fail(fault, ERR_CONFLICT, "%s has not begun; it cannot be final.",
                    period_format(ask->period, period));
    bool locked =
        period_is_locked(service_view_locking(&view, ask->period), &state, app_today(app_of(ask->r)));
    bool already = ask->change == PERIOD_BECAME_FINAL ? state.final
                   : ask->change == PERIOD_WAS_LOCKED ? locked
                                                      : !locked;
    if (!already) {
        e = store_period_change(db, ask->service, ask->period, ask->change, at, app_today(app_of(ask->r)),
                                str_of(ask->r->who->key_id), ask->reason, str_of(ask->r->correlation));
        struct json j = json_to(&ask->plans);
        if (e == OK && ask->change == PERIOD_BECAME_FINAL)
            e = plans_judge(ask->r, &view, ask->period, at, &j);
        if (e == OK) e = store_period_get(db, ask->service, ask->period, ask->r->arena, &state);
    }
    if (e == OK) write_period(ask, &view, &state);
    return e;
}

static enum err change_period(struct request *r, struct reply *p, enum period_change change) {
    struct ask ask = {.r = r, .p = p, .service = request_param(r, "service"), .change = change};
    json_t *body = NULL;
    enum err e = target_period(r, &ask.period);
    if (e == OK) e = json_body_read(r, "reason", &body);
    if (e != OK) return e;
    ask.reason = json_body_text(r, body, "reason");
    json_decref(body);
    if (change == PERIOD_WAS_UNLOCKED && !ask.reason.n)
        return fail(&r->fault, ERR_MISSING_VALUE,
                    "Say why the period is unlocked: send {\"reason\":\"...\"}.");
    e = once(r, p, &(struct db_work){.run = run_period, .context = &ask}, NULL);
    buf_free(&ask.plans);
    p->no_store = true;
    return e;
}

enum err handle_finalisation(struct request *r, struct reply *p) {
    return change_period(r, p, PERIOD_BECAME_FINAL);
}

enum err handle_lock(struct request *r, struct reply *p) {
    return change_period(r, p, PERIOD_WAS_LOCKED);
}

enum err handle_unlock(struct request *r, struct reply *p) {
    return change_period(r, p, PERIOD_WAS_UNLOCKED);
}
