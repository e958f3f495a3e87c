/* What the commissioner adds to the national return of a quarter: PUT .../finance and .../reasons, and POST .../submission, which freezes a
 * numbered copy of what was sent. Each is a version of its own; the same again writes nothing. A submission is recorded whatever its checks
 * say, since it has been sent elsewhere: the copy keeps what was wrong with it. */
#include <jansson.h>
#include <stdio.h>

#include "handlers/handlers.h"
#include "handlers/json_body.h"
#include "handlers/national_body.h"
#include "handlers/national_write.h"
#include "handlers/once.h"
#include "handlers/return_state.h"
#include "returns/personal.h"

struct ask {
    struct request *r;
    struct reply *p;
    str service;
    int16_t period;
    enum national_kind kind;
    struct buf body;
    str reason; /* of a submission */
    int64_t at; /* of what is done, once the service is locked */
    struct store_national_entry entry;
    bool created;
};

static enum err check_match(struct ask *ask, int32_t newest, struct fault *fault) {
    str want = request_header(ask->r, "If-Match");
    char have[16];
    if (!want.p || (newest && str_is(str_trim(want), "*"))) return OK;
    snprintf(have, sizeof have, "\"v%d\"", newest);
    for (str rest = want, one = str_cut(&rest, ','); newest && one.p; one = str_cut(&rest, ','))
        if (str_is(str_trim(one), have)) return OK;
    if (!newest) return fail(fault, ERR_STALE, "There is no version yet. Send it without If-Match.");
    return fail(fault, ERR_STALE,
                "The newest version is %s. Read it, bring your change into it, and send with If-Match: %s.",
                have, have);
}

/* A locked period keeps its finance and reasons, as it keeps its parts. */
static enum err check_lock(struct ask *ask, const struct service_view *v, struct fault *fault) {
    struct store_period state;
    char period[PERIOD_TEXT];
    enum err e = store_period_get(db_of(ask->r), ask->service, ask->period, ask->r->arena, &state);
    if (e != OK || ask->kind == NATIONAL_SUBMISSION) return e;
    if (!period_is_locked(service_view_locking(v, ask->period), &state, app_today(app_of(ask->r)))) return OK;
    return fail(fault, ERR_PERIOD_LOCKED, "%s is locked. Unlock it with the reason, then send again.",
                period_format(ask->period, period));
}

static enum err store_entry(struct ask *ask, const struct store_national_entry *newest, str body) {
    ask->created = !newest->version || !str_eq(newest->body, body);
    if (!ask->created) {
        ask->entry = *newest;
        return OK;
    }
    ask->entry = (struct store_national_entry){
        .period = ask->period,
        .kind = ask->kind,
        .at = ask->at,
        .key_id = str_of(ask->r->who->key_id),
        .body = body,
    };
    return store_national_put(db_of(ask->r), ask->service, &ask->entry, str_of(ask->r->correlation));
}

static enum err begin(struct ask *ask, struct national_view *v, struct fault *fault) {
    *v = (struct national_view){
        .r = ask->r, .period = ask->period, .as_at = app_today(app_of(ask->r)), .known_at = INSTANT_NONE};
    v->submitting = ask->kind == NATIONAL_SUBMISSION;
    v->names_replaced = request_header(ask->r, "If-Match").p != NULL;
    v->has_reason = ask->reason.n > 0;
    buf_clear(&ask->p->body);
    enum err e = store_service_lock(db_of(ask->r), ask->service, &ask->at);
    if (e == ERR_NOT_FOUND) return fail(fault, e, "There is no service '%.*s'.", STR_ARG(ask->service));
    if (e == OK) e = national_view_load(v, ask->service, fault);
    if (e == OK) e = check_lock(ask, &v->view, fault);
    if (e == OK) e = check_match(ask, v->newest[ask->kind].version, fault);
    return e;
}

/* ---- finance and reasons ---- */

static void write_check(struct json *j, const struct national_check *check) {
    json_object_begin(j);
    json_field_cstr(j, "id", national_rule_id(check->rule));
    json_field_cstr(j, "severity", check->severity == SEVERITY_ERROR ? "ERROR" : "WARNING");
    json_field_bool(j, "passed", check->passed);
    json_field_str(j, "detail", check->detail);
    json_end(j);
}

/* What was stored, and what the rules that read it say now: V14 of finance, V13 of reasons. */
static enum err answer_entry(struct ask *ask, struct fault *fault) {
    struct national_view now = {
        .r = ask->r, .period = ask->period, .as_at = app_today(app_of(ask->r)), .known_at = INSTANT_NONE};
    char text[INSTANT_TEXT];
    enum err e = national_view_load(&now, ask->service, fault);
    if (e != OK) return e;
    struct json j = json_to(&ask->p->body);
    json_object_begin(&j);
    json_field_str(&j, "service", ask->service);
    json_field_cstr(&j, "period", period_format(ask->period, text));
    json_field_int(&j, "version", ask->entry.version);
    json_field_cstr(&j, "receivedAt", instant_format(ask->entry.at, text));
    buf_add_char(&ask->p->body, ',');
    buf_add_str(&ask->p->body, str_sub(ask->entry.body, 1, ask->entry.body.n - 1));
    json_key(&j, "checks");
    json_array_begin(&j);
    write_check(&j, &now.checks[ask->kind == NATIONAL_FINANCE ? NATIONAL_V14 : NATIONAL_V13]);
    json_end(&j);
    json_end(&j);
    return OK;
}

static enum err run_entry(struct db *db, void *context, struct fault *fault) {
    (void)db;
    struct ask *ask = context;
    struct national_view v;
    enum err e = begin(ask, &v, fault);
    if (e == OK) e = store_entry(ask, &v.newest[ask->kind], buf_str(&ask->body));
    if (e == OK) e = answer_entry(ask, fault);
    return e;
}

static void finish(void *context) {
    struct ask *ask = context;
    snprintf(ask->p->etag, sizeof ask->p->etag, "\"v%d\"", ask->entry.version);
    ask->p->status = ask->created && ask->entry.version == 1 ? 201 : 200;
    if (ask->kind == NATIONAL_SUBMISSION) ask->p->status = ask->created ? 201 : 200;
}

static enum err put_entry(struct request *r, struct reply *p, enum national_kind kind) {
    struct ask ask = {.r = r, .p = p, .service = request_param(r, "service"), .kind = kind};
    enum err e = target_period(r, &ask.period);
    if (e == OK)
        e = kind == NATIONAL_FINANCE ? national_finance_read(r, &ask.body)
                                     : national_reasons_read(r, ask.period, &ask.body);
    if (e == OK)
        e = db_transaction(db_of(r), &(struct db_work){.run = run_entry, .context = &ask}, &r->fault);
    if (e == OK) finish(&ask);
    p->no_store = true;
    buf_free(&ask.body);
    return e;
}

enum err handle_national_finance(struct request *r, struct reply *p) {
    return put_entry(r, p, NATIONAL_FINANCE);
}

enum err handle_national_reasons(struct request *r, struct reply *p) {
    return put_entry(r, p, NATIONAL_REASONS);
}

/* ---- submission ---- */

/* The same cells as in the newest copy: nothing new was sent. */
static bool is_as_sent(const struct national_view *v, struct arena *a) {
    const struct store_national_entry *newest = &v->newest[NATIONAL_SUBMISSION];
    struct buf now = BUF_EMPTY;
    struct json j = json_to(&now);
    json_object_begin(&j);
    national_write_rows(&j, &v->sum->filled);
    json_end(&j);
    str rows = arena_str(a, str_sub(buf_str(&now), 1, now.n - 1));
    buf_free(&now);
    return newest->version && memmem(newest->body.p, newest->body.n, rows.p, rows.n);
}

/* Given If-Match the copy names the one that it replaces (V19). */
static int32_t replaced(const struct national_view *v) {
    return v->names_replaced ? v->newest[NATIONAL_SUBMISSION].version : 0;
}

static enum err run_submission(struct db *db, void *context, struct fault *fault) {
    (void)db;
    struct ask *ask = context;
    struct national_view v;
    enum err e = begin(ask, &v, fault);
    if (e != OK) return e;
    const struct store_national_entry *newest = &v.newest[NATIONAL_SUBMISSION];
    buf_clear(&ask->body);
    if (is_as_sent(&v, ask->r->arena)) buf_add_str(&ask->body, newest->body);
    else national_write_frozen(&ask->body, &v, replaced(&v), ask->reason);
    e = store_entry(ask, newest, buf_str(&ask->body));
    if (e == OK) national_write_copy(&ask->p->body, &ask->entry);
    return e;
}

static enum err read_submission(struct request *r, struct ask *ask) {
    json_t *body = NULL;
    enum err e = json_body_read(r, "reason", &body);
    if (e != OK) return e;
    ask->reason = json_body_text(r, body, "reason");
    json_decref(body);
    const char *personal = personal_find(ask->reason);
    if (personal)
        return fail(&r->fault, ERR_INVALID, "/reason seems to hold %s. Write nothing about single people.",
                    personal);
    return OK;
}

enum err handle_national_submission(struct request *r, struct reply *p) {
    struct ask ask = {.r = r, .p = p, .service = request_param(r, "service"), .kind = NATIONAL_SUBMISSION};
    enum err e = target_period(r, &ask.period);
    if (e == OK) e = read_submission(r, &ask);
    if (e == OK) e = once(r, p, &(struct db_work){.run = run_submission, .context = &ask}, finish);
    p->no_store = true;
    buf_free(&ask.body);
    return e;
}
