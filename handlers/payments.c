/* GET /v1/payments/{service}/{year}: payment by results (contract section 9), forecast until the year is over and its Q4 final; with its
 * workings, each provider's part, the statements, and what has changed since the last one that was issued. */
#include "db/store_payments.h"
#include "handlers/handlers.h"
#include "handlers/page.h"
#include "handlers/payment_view.h"
#include "handlers/stamps.h"

struct ask {
    struct payment_ask q;
    struct reply *p;
    struct store_service service; /* in the snapshot of the answer */
};

static const struct store_statement *last_issued(const struct store_statement *list, size_t count) {
    const struct store_statement *last = NULL;
    for (size_t i = 0; i < count; i++)
        if (list[i].status == STATEMENT_ISSUED) last = &list[i];
    return last;
}

static void write_statements(struct json *j, const struct store_statement *list, size_t count) {
    char text[INSTANT_TEXT];
    json_key(j, "statements");
    json_array_begin(j);
    for (size_t i = 0; i < count; i++) {
        json_object_begin(j);
        json_field_int(j, "number", list[i].number);
        json_field_cstr(j, "status", statement_status_name(list[i].status));
        json_field_cstr(j, "at", instant_format(list[i].status_at, text));
        json_field_int(j, "paymentPence", list[i].payment_pence);
        json_field_int(j, "duePence", list[i].payment_pence - list[i].issued_before);
        json_end(j);
    }
    json_end(j);
}

/* What a statement drafted now would move: null while none has been issued. */
static void write_adjustment(struct json *j, const struct payment_view *v,
                             const struct store_statement *last) {
    json_key(j, "adjustmentPence");
    if (last) json_int(j, v->year.pay.payment_pence - last->payment_pence);
    else json_put_null(j);
}

static enum err run(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    struct payment_view view;
    struct store_statement *list;
    size_t count;
    buf_clear(&ask->p->body);
    enum err e = payment_view_load(&ask->q, &view, fault);
    if (e == OK) {
        ask->service = view.view.service;
        e = store_statements_list(db, ask->q.service, ask->q.year, ask->q.known_at, ask->q.r->arena, &list,
                                  &count);
    }
    if (e != OK) return e;
    struct json j = json_to(&ask->p->body);
    json_object_begin(&j);
    payment_view_write(&j, &view);
    write_statements(&j, list, count);
    write_adjustment(&j, &view, last_issued(list, count));
    json_end(&j);
    return OK;
}

enum err handle_payment(struct request *r, struct reply *p) {
    struct ask ask = {.p = p};
    enum err e = payment_ask_read(r, &ask.q);
    if (e != OK) return e;
    e = db_transaction(db_of(r), &(struct db_work){.run = run, .context = &ask, .read_only = true},
                       &r->fault);
    if (e != OK) return e;
    answered_from(r, p, ask.q.known_at, &ask.service);
    reply_etag_of_body(p);
    return OK;
}
