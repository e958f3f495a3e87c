/* What a webhook did not take at the first attempt, and sending it again: one event, or all that are dead. */
#include <stdio.h>

#include "handlers/handlers.h"
#include "handlers/once.h"
#include "handlers/page.h"
#include "handlers/webhook_ask.h"

struct ask {
    struct webhook_ask webhook;
    struct page page;
    str state;
    int64_t event; /* 0: all that are dead */
};

/* ---- the list ---- */

static void write_delivery(struct json *j, const struct store_delivery *d) {
    char text[INSTANT_TEXT], id[24];
    snprintf(id, sizeof id, "%lld", (long long)d->event.seq);
    json_object_begin(j);
    json_field_cstr(j, "event", id);
    json_field_str(j, "type", d->event.kind);
    json_field_cstr(j, "at", instant_format(d->event.at, text));
    json_field_str(j, "state", d->state);
    json_field_int(j, "attempts", d->attempts);
    json_field_cstr(j, "firstAt", instant_format(d->first_at, text));
    webhook_attempt_write(j, "lastAttempt", &d->last);
    json_field_cstr(j, "nextAt", str_is(d->state, "DUE") ? instant_format(d->next_at, text) : NULL);
    json_end(j);
}

static enum err run_list(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    struct store_delivery *list;
    size_t count;
    uint64_t total;
    buf_clear(&ask->webhook.p->body);
    enum err e = webhook_ask_load(&ask->webhook, fault);
    if (e == OK)
        e = store_webhook_deliveries(db, ask->webhook.by.service, ask->webhook.id, ask->state,
                                     ask->page.offset, ask->page.limit, ask->webhook.r->arena, &list, &count,
                                     &total);
    if (e != OK) return e;
    struct json j = json_to(&ask->webhook.p->body);
    page_begin_at(&ask->page, &j, total);
    for (size_t i = 0; i < count; i++)
        write_delivery(&j, &list[i]);
    page_end(&ask->page, &j);
    return OK;
}

enum err handle_webhook_deliveries(struct request *r, struct reply *p) {
    struct ask ask = {.webhook = webhook_ask_of(r, p), .state = request_query(r, "state")};
    if (ask.state.p && !store_delivery_state_is(ask.state))
        return fail(&r->fault, ERR_BAD_PARAMETER,
                    "'%.*s' is no state of a delivery; write DUE, DEAD or DELIVERED.", STR_ARG(ask.state));
    if (!ask.state.p) ask.state = STR("");
    enum err e = page_ask(r, &ask.page);
    if (e != OK) return e;
    e = db_transaction(db_of(r), &(struct db_work){.run = run_list, .context = &ask, .read_only = true},
                       &r->fault);
    if (e == OK) reply_etag_of_body(p);
    return e;
}

/* ---- sending again ---- */

static enum err run_again(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    int64_t count = 0;
    enum err e = webhook_ask_lock(&ask->webhook, fault);
    if (e == OK) e = store_webhook_resend(db, &ask->webhook.by, ask->webhook.id, ask->event, &count);
    if (e == ERR_NOT_FOUND && ask->event)
        return fail(fault, e,
                    "Event %lld was not sent to this webhook, or is still to be sent; only what is dead or "
                    "delivered is sent again.",
                    (long long)ask->event);
    if (e != OK) return e;
    buf_clear(&ask->webhook.p->body);
    struct json j = json_to(&ask->webhook.p->body);
    json_object_begin(&j);
    json_field_str(&j, "id", ask->webhook.id);
    json_field_int(&j, "sentAgain", count);
    json_end(&j);
    return OK;
}

static void finish_again(void *context) {
    ((struct ask *)context)->webhook.p->status = 202;
}

static enum err send_again(struct ask *ask) {
    ask->webhook.p->no_store = true;
    return once(ask->webhook.r, ask->webhook.p, &(struct db_work){.run = run_again, .context = ask},
                finish_again);
}

enum err handle_webhook_redeliver_dead(struct request *r, struct reply *p) {
    struct ask ask = {.webhook = webhook_ask_of(r, p)};
    return send_again(&ask);
}

enum err handle_webhook_redelivery(struct request *r, struct reply *p) {
    struct ask ask = {.webhook = webhook_ask_of(r, p)};
    uint64_t n = 0;
    str text = request_param(r, "event");
    if (!str_to_uint(text, INT64_MAX, &n) || !n)
        return fail(&r->fault, ERR_NOT_FOUND, "There is no event '%.*s'; its id is a number.", STR_ARG(text));
    ask.event = (int64_t)n;
    return send_again(&ask);
}
