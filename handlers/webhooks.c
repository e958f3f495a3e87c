/* Webhooks: making, listing and reading them, pausing, resuming, deleting, and asking for a test. Each owner sees its own: a provider those
 * of its key's provider, the commissioner those of the service. The secret is in the answer that makes the webhook, and in no other. */
#include <stdio.h>

#include "db/store_periods.h"
#include "handlers/event_types.h"
#include "handlers/handlers.h"
#include "handlers/json_body.h"
#include "handlers/once.h"
#include "handlers/page.h"
#include "handlers/webhook_ask.h"
#include "handlers/webhook_url.h"

enum { SECRET_LEAST = 24, SECRET_MOST = 128, SECRET_BYTES = 32 };

/* ---- reading ---- */

struct list_ask {
    struct webhook_ask ask;
    struct page page;
};

static enum err run_list(struct db *db, void *context, struct fault *fault) {
    struct list_ask *l = context;
    struct request *r = l->ask.r;
    struct service_view view;
    struct store_webhook *list;
    size_t count;
    buf_clear(&l->ask.p->body);
    enum err e = service_view_load(r, l->ask.by.service, INSTANT_NONE, period_of_day(app_today(app_of(r))),
                                   &view, fault);
    if (e == OK)
        e = store_webhooks_list(db, l->ask.by.service, l->ask.by.provider, STR_NONE, r->arena, &list, &count);
    if (e != OK) return e;
    struct json j = json_to(&l->ask.p->body);
    page_begin(&l->page, &j, count);
    for (size_t i = l->page.from; i < l->page.to; i++)
        webhook_write(&j, l->ask.by.service, &list[i], NULL);
    page_end(&l->page, &j);
    return OK;
}

enum err handle_webhooks_list(struct request *r, struct reply *p) {
    struct list_ask l = {.ask = webhook_ask_of(r, p)};
    enum err e = page_ask(r, &l.page);
    if (e != OK) return e;
    e = db_transaction(db_of(r), &(struct db_work){.run = run_list, .context = &l, .read_only = true},
                       &r->fault);
    if (e == OK) reply_etag_of_body(p);
    return e;
}

static enum err run_get(struct db *db, void *context, struct fault *fault) {
    (void)db;
    return webhook_ask_answer(context, fault);
}

enum err handle_webhook_get(struct request *r, struct reply *p) {
    struct webhook_ask ask = webhook_ask_of(r, p);
    enum err e = db_transaction(
        db_of(r), &(struct db_work){.run = run_get, .context = &ask, .read_only = true}, &r->fault);
    if (e == OK) reply_etag_of_body(p);
    return e;
}

/* ---- making ---- */

struct create_ask {
    struct webhook_ask ask;
    struct store_webhook made;
};

/* secret STR_NONE: as it is kept, for an answer that is told again. */
static void write_made(struct create_ask *c, str secret) {
    buf_clear(&c->ask.p->body);
    struct json j = json_to(&c->ask.p->body);
    webhook_write(&j, c->ask.by.service, &c->ask.webhook, &secret);
}

static enum err run_create(struct db *db, void *context, struct fault *fault) {
    struct create_ask *c = context;
    struct webhook_ask *ask = &c->ask;
    struct service_view view;
    int64_t newest = 0;
    c->ask.webhook = c->made;
    buf_clear(&ask->p->body);
    enum err e = service_view_load(ask->r, ask->by.service, INSTANT_NONE,
                                   period_of_day(app_today(app_of(ask->r))), &view, fault);
    if (e == OK) e = store_service_lock(db, ask->by.service, &ask->by.at);
    if (e == OK) e = store_events_newest(db, ask->by.service, &newest);
    if (e == OK && ask->webhook.cursor > newest)
        return fail(fault, ERR_INVALID,
                    "/after is further than any event has come; leave it out to begin with the next.");
    if (e == OK) e = store_webhook_put(db, &ask->by, &ask->webhook, ask->r->arena);
    if (e == ERR_CONFLICT)
        return fail(fault, e, "There are %d webhooks already; delete one that is not needed.",
                    WEBHOOKS_EACH_MOST);
    ask->id = ask->webhook.id;
    if (e == OK) e = webhook_ask_load(ask, fault);
    if (e != OK) return e;
    write_made(c, STR_NONE);
    return OK;
}

static void finish_create(void *context) {
    struct create_ask *c = context;
    struct request *r = c->ask.r;
    c->ask.p->status = 201;
    reply_header(r, c->ask.p, "Location",
                 arena_printf(r->arena, "%.*s/%.*s", STR_ARG(r->path), STR_ARG(c->ask.id)));
}

static str make_secret(struct arena *a) {
    uint8_t bytes[SECRET_BYTES];
    char hex[2 * SECRET_BYTES + 1];
    random_bytes(bytes, sizeof bytes);
    str secret = arena_printf(a, "qdwh_%s", hex_format(bytes, sizeof bytes, hex));
    explicit_bzero(bytes, sizeof bytes);
    explicit_bzero(hex, sizeof hex);
    return secret;
}

static enum err read_secret(struct request *r, const json_t *body, str *out) {
    str given = json_body_text(r, body, "secret");
    if (!given.n) {
        *out = make_secret(r->arena);
        return OK;
    }
    bool plain = given.n >= SECRET_LEAST && given.n <= SECRET_MOST;
    for (size_t i = 0; plain && i < given.n; i++)
        plain = given.p[i] > ' ' && given.p[i] < 0x7f;
    *out = given;
    return plain
               ? OK
               : fail(
                     &r->fault, ERR_INVALID,
                     "/secret must have %d to %d ASCII characters and no blanks. Leave it out and one is made.",
                     SECRET_LEAST, SECRET_MOST);
}

static enum err read_after(struct request *r, const json_t *body, int64_t *out) {
    uint64_t n = 0;
    str text = json_body_text(r, body, "after");
    *out = -1;
    if (!text.n) return OK;
    if (!str_to_uint(text, INT64_MAX, &n))
        return fail(&r->fault, ERR_INVALID, "/after must be the id of an event, or a cursor of /v1/events.");
    *out = (int64_t)n;
    return OK;
}

static enum err read_types(struct request *r, const json_t *body, str *out) {
    uint32_t kinds;
    str text = json_body_text(r, body, "types");
    *out = STR("");
    if (!text.n) return OK;
    enum err e = event_types_read(r, text, ERR_INVALID, &kinds);
    if (e != OK) return e;
    struct buf names = BUF_EMPTY;
    event_kinds_write(&names, kinds);
    *out = arena_str(r->arena, buf_str(&names));
    buf_free(&names);
    return OK;
}

enum err handle_webhook_create(struct request *r, struct reply *p) {
    struct create_ask c = {.ask = webhook_ask_of(r, p)};
    json_t *body = NULL;
    enum err e = json_body_read(r, "url types secret after", &body);
    if (e != OK) return e;
    c.made.provider = c.ask.by.provider;
    e = webhook_url_read(json_body_text(r, body, "url"), app_of(r)->webhooks_inside, r->arena, &r->fault,
                         &c.made.url);
    if (e == OK) e = read_types(r, body, &c.made.kinds);
    if (e == OK) e = read_secret(r, body, &c.made.secret);
    if (e == OK) e = read_after(r, body, &c.made.cursor);
    json_decref(body);
    if (e != OK) return e;
    p->no_store = true;
    e = once(r, p, &(struct db_work){.run = run_create, .context = &c}, finish_create);
    if (e == OK && !once_was_replayed(p)) write_made(&c, c.made.secret);
    return e;
}

/* ---- changing ---- */

struct change_ask {
    struct webhook_ask ask;
    enum webhook_change change;
    str because;
};

static enum err run_change(struct db *db, void *context, struct fault *fault) {
    struct change_ask *c = context;
    enum err e = webhook_ask_lock(&c->ask, fault);
    if (e == OK) e = store_webhook_change(db, &c->ask.by, c->ask.id, c->change, c->because);
    if (e == ERR_CONFLICT)
        return fail(fault, e, "Webhook %.*s is %s already.", STR_ARG(c->ask.id),
                    c->change == WEBHOOK_PAUSE ? "paused" : "active");
    if (e != OK) return e;
    buf_clear(&c->ask.p->body);
    if (c->change != WEBHOOK_DELETE) return webhook_ask_answer(&c->ask, fault);
    struct json j = json_to(&c->ask.p->body);
    json_object_begin(&j);
    json_field_str(&j, "id", c->ask.id);
    json_field_cstr(&j, "state", "DELETED");
    json_end(&j);
    return OK;
}

static enum err change(struct request *r, struct reply *p, enum webhook_change what, str because) {
    struct change_ask c = {.ask = webhook_ask_of(r, p), .change = what, .because = because};
    p->no_store = true;
    const struct db_work work = {.run = run_change, .context = &c};
    return what == WEBHOOK_DELETE ? db_transaction(db_of(r), &work, &r->fault) : once(r, p, &work, NULL);
}

enum err handle_webhook_pause(struct request *r, struct reply *p) {
    json_t *body = NULL;
    enum err e = json_body_read(r, "reason", &body);
    if (e != OK) return e;
    str reason = json_body_text(r, body, "reason");
    json_decref(body);
    return change(r, p, WEBHOOK_PAUSE, reason.n ? reason : STR("By request."));
}

enum err handle_webhook_resume(struct request *r, struct reply *p) {
    return change(r, p, WEBHOOK_RESUME, STR(""));
}

enum err handle_webhook_delete(struct request *r, struct reply *p) {
    return change(r, p, WEBHOOK_DELETE, STR(""));
}

/* ---- testing ---- */

static enum err run_test(struct db *db, void *context, struct fault *fault) {
    struct webhook_ask *ask = context;
    enum err e = webhook_ask_lock(ask, fault);
    if (e == OK) e = store_webhook_test(db, &ask->by, ask->id);
    if (e == ERR_CONFLICT)
        return fail(fault, e, "A test of webhook %.*s is under way; read what came of it first.",
                    STR_ARG(ask->id));
    return e == OK ? webhook_ask_answer(ask, fault) : e;
}

static void finish_test(void *context) {
    ((struct webhook_ask *)context)->p->status = 202;
}

enum err handle_webhook_test(struct request *r, struct reply *p) {
    struct webhook_ask ask = webhook_ask_of(r, p);
    p->no_store = true;
    return once(r, p, &(struct db_work){.run = run_test, .context = &ask}, finish_test);
}
