/* Statements of payment by results: POST …/statements drafts the next one with the figures as they are; POST …/statements/{number} agrees
 * and issues it; GET reads it. Figures are frozen when drafted, and what has been issued is never changed: a later version that moves the
 * rate is told by the next statement, as the difference to the last one that was issued. */
#include <stdio.h>

#include "db/store_payments.h"
#include "db/store_periods.h"
#include "handlers/data_as_of.h"
#include "handlers/handlers.h"
#include "handlers/json_body.h"
#include "handlers/once.h"
#include "handlers/page.h"
#include "handlers/payment_view.h"

struct ask {
    struct payment_ask q;
    struct reply *p;
    int32_t number;
    enum statement_status to;
    str comment;
    int64_t at; /* of what is done, once the service is locked */
    struct store_statement *list;
    size_t count;
};

/* ---- reading ---- */

static enum err load(struct ask *ask) {
    return store_statements_list(db_of(ask->q.r), ask->q.service, ask->q.year, INSTANT_NONE, ask->q.r->arena,
                                 &ask->list, &ask->count);
}

static struct store_statement *find(struct ask *ask, struct fault *fault) {
    char text[YEAR_TEXT];
    for (size_t i = 0; i < ask->count; i++)
        if (ask->list[i].number == ask->number) return &ask->list[i];
    fail(fault, ERR_NOT_FOUND, "There is no statement %d for %s.", ask->number,
         year_format(ask->q.year, text));
    return NULL;
}

static const struct store_statement *last_issued(const struct ask *ask) {
    const struct store_statement *last = NULL;
    for (size_t i = 0; i < ask->count; i++)
        if (ask->list[i].status == STATEMENT_ISSUED) last = &ask->list[i];
    return last;
}

static enum err write_steps(struct ask *ask, struct json *j, int32_t number) {
    char text[INSTANT_TEXT];
    struct store_statement_step *steps;
    size_t count;
    enum err e = store_statement_steps(db_of(ask->q.r), ask->q.service, ask->q.year, number, ask->q.r->arena,
                                       &steps, &count);
    json_key(j, "history");
    json_array_begin(j);
    for (size_t i = 0; e == OK && i < count; i++) {
        json_object_begin(j);
        json_field_cstr(j, "status", statement_status_name(steps[i].status));
        json_field_cstr(j, "at", instant_format(steps[i].at, text));
        json_field_str(j, "key", steps[i].key_id);
        json_field_str(j, "comment", steps[i].comment.n ? steps[i].comment : STR_NONE);
        json_end(j);
    }
    json_end(j);
    return e;
}

static enum err write(struct ask *ask, const struct store_statement *s) {
    char text[YEAR_TEXT];
    struct json j = json_to(&ask->p->body);
    json_object_begin(&j);
    json_field_str(&j, "service", ask->q.service);
    json_field_cstr(&j, "year", year_format(ask->q.year, text));
    json_field_int(&j, "number", s->number);
    json_field_cstr(&j, "status", statement_status_name(s->status));
    json_field_int(&j, "paymentPence", s->payment_pence);
    json_key(&j, "adjusts");
    if (s->after_number) json_int(&j, s->after_number);
    else json_put_null(&j);
    json_field_int(&j, "issuedBeforePence", s->issued_before);
    json_field_int(&j, "duePence", s->payment_pence - s->issued_before);
    json_field_raw(&j, "figures", s->figures);
    enum err e = write_steps(ask, &j, s->number);
    json_end(&j);
    return e;
}

static enum err run_get(struct db *db, void *context, struct fault *fault) {
    (void)db;
    struct ask *ask = context;
    struct service_view view;
    buf_clear(&ask->p->body);
    enum err e =
        service_view_load(ask->q.r, ask->q.service, INSTANT_NONE, period_of(ask->q.year, 4), &view, fault);
    if (e == OK) e = load(ask);
    if (e != OK) return e;
    const struct store_statement *s = find(ask, fault);
    if (!s) return ERR_NOT_FOUND;
    ask->at = s->at;
    return write(ask, s);
}

/* ---- drafting ---- */

static enum err begin_change(struct ask *ask, struct payment_view *view, struct fault *fault) {
    buf_clear(&ask->p->body);
    enum err e = store_service_lock(db_of(ask->q.r), ask->q.service, &ask->at);
    if (e == ERR_NOT_FOUND) return fail(fault, e, "There is no service '%.*s'.", STR_ARG(ask->q.service));
    if (e == OK) e = payment_view_load(&ask->q, view, fault);
    return e == OK ? load(ask) : e;
}

static str frozen(const struct ask *ask, const struct payment_view *view) {
    struct buf b = BUF_EMPTY;
    struct json j = json_to(&b);
    json_object_begin(&j);
    payment_view_write(&j, view);
    json_end(&j);
    str text = arena_str(ask->q.r->arena, buf_str(&b));
    buf_free(&b);
    return text;
}

static enum err run_draft(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    struct payment_view view;
    enum err e = begin_change(ask, &view, fault);
    if (e != OK) return e;
    const struct store_statement *last = last_issued(ask);
    struct store_statement s = {
        .at = ask->at,
        .key_id = str_of(ask->q.r->who->key_id),
        .after_number = last ? last->number : 0,
        .issued_before = last ? last->payment_pence : 0,
        .payment_pence = view.year.pay.payment_pence,
        .figures = frozen(ask, &view),
    };
    if (last && str_eq(last->figures, s.figures))
        return fail(fault, ERR_CONFLICT,
                    "Statement %d, which was issued, says the same; nothing is to be adjusted.",
                    last->number);
    e = store_statement_put(db, ask->q.service, ask->q.year, &s, ask->comment, str_of(ask->q.r->correlation));
    ask->number = s.number;
    return e == OK ? write(ask, &s) : e;
}

/* ---- agreeing and issuing ---- */

static enum err check_order(const struct ask *ask, const struct store_statement *s, struct fault *fault) {
    if (s->number != ask->list[ask->count - 1].number)
        return fail(fault, ERR_CONFLICT, "Statement %d is newer; it is the one to go on with.",
                    ask->list[ask->count - 1].number);
    if ((int)ask->to == (int)s->status + 1) return OK;
    return fail(fault, ERR_CONFLICT, "The statement is %s; it goes from DRAFT to AGREED to ISSUED.",
                statement_status_name(s->status));
}

/* Issued is what the figures say, and only when no more of them can come. */
static enum err check_issue(const struct ask *ask, const struct store_statement *s,
                            const struct payment_view *view, struct fault *fault) {
    if (!view->final)
        return fail(
            fault, ERR_CONFLICT,
            "The payment is a forecast: quarter 4 is not final, or something of the year is not due yet.");
    if (!str_eq(s->figures, frozen(ask, view)))
        return fail(fault, ERR_CONFLICT,
                    "The figures have changed since statement %d was drafted; draft another.", s->number);
    return OK;
}

static enum err run_step(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    struct payment_view view;
    enum err e = begin_change(ask, &view, fault);
    if (e != OK) return e;
    struct store_statement *s = find(ask, fault);
    if (!s) return ERR_NOT_FOUND;
    e = check_order(ask, s, fault);
    if (e == OK && ask->to == STATEMENT_ISSUED) e = check_issue(ask, s, &view, fault);
    if (e == OK)
        e = store_statement_step(db, ask->q.service, ask->q.year, s, ask->to, ask->at,
                                 str_of(ask->q.r->who->key_id), ask->comment, str_of(ask->q.r->correlation));
    if (e != OK) return e;
    s->status = ask->to;
    return write(ask, s);
}

/* ---- requests ---- */

static enum err read_number(struct request *r, int32_t *out) {
    uint64_t number = 0;
    str text = request_param(r, "number");
    if (!str_to_uint(text, INT32_MAX, &number) || !number)
        return fail(&r->fault, ERR_NOT_FOUND, "There is no statement '%.*s'; they are numbered from 1.",
                    STR_ARG(text));
    *out = (int32_t)number;
    return OK;
}

enum err handle_statement_get(struct request *r, struct reply *p) {
    struct ask ask = {.p = p};
    enum err e = payment_ask_read(r, &ask.q);
    if (e == OK) e = read_number(r, &ask.number);
    if (e != OK) return e;
    e = db_transaction(db_of(r), &(struct db_work){.run = run_get, .context = &ask, .read_only = true},
                       &r->fault);
    if (e != OK) return e;
    data_as_of_header(r, p, ask.at, ask.at); /* its figures are those of its drafting, for ever */
    reply_etag_of_body(p);
    return OK;
}

static void finish_draft(void *context) {
    struct ask *ask = context;
    struct request *r = ask->q.r;
    ask->p->status = 201;
    reply_header(r, ask->p, "Location", arena_printf(r->arena, "%.*s/%d", STR_ARG(r->path), ask->number));
}

enum err handle_statement_draft(struct request *r, struct reply *p) {
    struct ask ask = {.p = p};
    json_t *body = NULL;
    enum err e = payment_ask_read(r, &ask.q);
    if (e == OK) e = json_body_read(r, "comment", &body);
    if (e != OK) return e;
    ask.comment = json_body_text(r, body, "comment");
    json_decref(body);
    p->no_store = true;
    return once(r, p, &(struct db_work){.run = run_draft, .context = &ask}, finish_draft);
}

static enum err read_status(struct request *r, str name, enum statement_status *out) {
    if (!name.n)
        return fail(&r->fault, ERR_MISSING_VALUE, "Say the status: send {\"status\":\"AGREED\"} or ISSUED.");
    if (statement_status_parse(name, out) && *out != STATEMENT_DRAFT) return OK;
    return fail(&r->fault, ERR_INVALID, "'%.*s' is no step of a statement; write AGREED or ISSUED.",
                STR_ARG(name));
}

enum err handle_statement_step(struct request *r, struct reply *p) {
    struct ask ask = {.p = p};
    json_t *body = NULL;
    enum err e = payment_ask_read(r, &ask.q);
    if (e == OK) e = read_number(r, &ask.number);
    if (e == OK) e = json_body_read(r, "status comment", &body);
    if (e != OK) return e;
    ask.comment = json_body_text(r, body, "comment");
    e = read_status(r, json_body_text(r, body, "status"), &ask.to);
    json_decref(body);
    if (e != OK) return e;
    p->no_store = true;
    return once(r, p, &(struct db_work){.run = run_step, .context = &ask}, NULL);
}
