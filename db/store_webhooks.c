#include "db/store_webhooks.h"

#include <stdio.h>

#include "db/audit.h"
#include "db/connection.h"
#include "db/statements.h"

/* ---- audit ---- */

/* detail: a finished JSON value of the member `name`; STR_NONE: without. Never an address: it may hold a token. */
static enum err tell(struct db *db, const struct store_webhook_by *by, str id, const char *action,
                     const char *name, str value) {
    struct buf object = BUF_EMPTY, detail = BUF_EMPTY;
    buf_printf(&object, "webhooks/%.*s/%.*s", STR_ARG(by->service), STR_ARG(id));
    struct json j = json_to(&detail);
    json_object_begin(&j);
    json_field_str(&j, "provider", by->provider.n ? by->provider : STR_NONE);
    if (value.p) json_field_str(&j, name, value);
    json_field_str(&j, "correlation", by->correlation.n ? by->correlation : STR_NONE);
    json_end(&j);
    enum err e = audit_append(db, &(struct audit_line){by->service, by->at, by->key_id, str_of(action),
                                                       buf_str(&object), buf_str(&detail)});
    buf_free(&object);
    buf_free(&detail);
    return e;
}

static void params_kinds(struct params *p, struct buf *room) {
    event_kinds_write(room, EVENT_ALL);
    params_text(p, buf_str(room));
}

/* ---- webhooks ---- */

enum err store_webhook_put(struct db *db, const struct store_webhook_by *by, struct store_webhook *w,
                           struct arena *a) {
    struct params p = params_of();
    params_text(&p, by->service);
    params_text(&p, by->provider);
    params_text(&p, w->url);
    params_text(&p, w->kinds);
    params_text(&p, w->secret);
    params_instant(&p, by->at);
    params_text(&p, by->key_id);
    params_int8(&p, w->cursor);
    params_int8(&p, WEBHOOKS_EACH_MOST);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_webhook_insert, &p, &rows);
    if (e == OK && rows_count(&rows) != 1) e = ERR_CONFLICT;
    if (e != OK) return e;
    w->id = arena_str(a, rows_text(&rows, 0, 0));
    w->cursor = rows_int8(&rows, 0, 1);
    return tell(db, by, w->id, "WEBHOOK_CREATED", "types", w->kinds.n ? w->kinds : STR_NONE);
}

static struct store_webhook webhook_of(const struct rows *r, int i, str provider, struct arena *a) {
    return (struct store_webhook){
        .id = arena_str(a, rows_text(r, i, 0)),
        .provider = provider,
        .url = arena_str(a, rows_text(r, i, 1)),
        .kinds = arena_str(a, rows_text(r, i, 2)),
        .paused = str_is(rows_text(r, i, 3), "PAUSED"),
        .paused_because = arena_str(a, rows_text(r, i, 4)),
        .created_at = rows_instant(r, i, 5),
        .created_by = arena_str(a, rows_text(r, i, 6)),
        .cursor = rows_int8(r, i, 7),
        .last = {rows_instant(r, i, 8), rows_int4(r, i, 9), arena_str(a, rows_text(r, i, 10))},
        .test_id = arena_str(a, rows_text(r, i, 11)),
        .test_state = arena_str(a, rows_text(r, i, 13)),
        .test = {rows_instant(r, i, 12), rows_int4(r, i, 14), arena_str(a, rows_text(r, i, 15))},
        .dead = rows_int8(r, i, 16),
        .waiting = rows_int8(r, i, 17),
    };
}

enum err store_webhooks_list(struct db *db, str service, str provider, str id, struct arena *a,
                             struct store_webhook **out, size_t *out_count) {
    struct buf kinds = BUF_EMPTY;
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, provider);
    params_text(&p, id.p ? id : STR(""));
    params_kinds(&p, &kinds);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_webhooks_list, &p, &rows);
    buf_free(&kinds);
    if (e != OK) return e;
    int n = rows_count(&rows);
    *out = ARENA_ARRAY(a, struct store_webhook, (size_t)n);
    *out_count = (size_t)n;
    for (int i = 0; i < n; i++)
        (*out)[i] = webhook_of(&rows, i, provider, a);
    return OK;
}

enum err store_webhook_change(struct db *db, const struct store_webhook_by *by, str id,
                              enum webhook_change change, str because) {
    static const struct {
        const char *state, *from, *action;
    } HOW[] = {
        [WEBHOOK_PAUSE] = {"PAUSED", "ACTIVE", "WEBHOOK_PAUSED"},
        [WEBHOOK_RESUME] = {"ACTIVE", "PAUSED", "WEBHOOK_RESUMED"},
        [WEBHOOK_DELETE] = {"DELETED", "", "WEBHOOK_DELETED"},
    };
    struct params p = params_of();
    params_text(&p, by->service);
    params_text(&p, id);
    params_text(&p, str_of(HOW[change].state));
    params_text(&p, change == WEBHOOK_PAUSE ? because : STR(""));
    params_text(&p, str_of(HOW[change].from));
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_webhook_state_put, &p, &rows);
    if (e == OK && rows_count(&rows) != 1) e = ERR_CONFLICT;
    return e != OK ? e : tell(db, by, id, HOW[change].action, NULL, STR_NONE);
}

enum err store_webhook_test(struct db *db, const struct store_webhook_by *by, str id) {
    struct params p = params_of();
    params_text(&p, by->service);
    params_text(&p, id);
    params_instant(&p, by->at);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_webhook_test_put, &p, &rows);
    if (e == OK && rows_count(&rows) != 1) e = ERR_CONFLICT;
    return e != OK ? e : tell(db, by, id, "WEBHOOK_TESTED", NULL, STR_NONE);
}

/* ---- what was not delivered at once ---- */

bool store_delivery_state_is(str name) {
    return str_is(name, "DUE") || str_is(name, "DEAD") || str_is(name, "DELIVERED");
}

enum err store_webhook_deliveries(struct db *db, str service, str id, str state, uint64_t offset,
                                  uint64_t limit, struct arena *a, struct store_delivery **out,
                                  size_t *out_count, uint64_t *out_total) {
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, id);
    params_text(&p, state);
    params_int8(&p, (int64_t)offset);
    params_int8(&p, (int64_t)limit);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_webhook_deliveries, &p, &rows);
    if (e != OK) return e;
    int n = rows_count(&rows);
    *out = ARENA_ARRAY(a, struct store_delivery, (size_t)n);
    *out_count = (size_t)n;
    *out_total = n ? (uint64_t)rows_int8(&rows, 0, 10) : 0;
    for (int i = 0; i < n; i++)
        (*out)[i] = (struct store_delivery){
            .event = {.seq = rows_int8(&rows, i, 0),
                      .kind = arena_str(a, rows_text(&rows, i, 1)),
                      .at = rows_instant(&rows, i, 2)},
            .state = arena_str(a, rows_text(&rows, i, 3)),
            .attempts = rows_int4(&rows, i, 4),
            .first_at = rows_instant(&rows, i, 5),
            .last = {rows_instant(&rows, i, 6), rows_int4(&rows, i, 8), arena_str(a, rows_text(&rows, i, 9))},
            .next_at = rows_instant(&rows, i, 7),
        };
    return OK;
}

static enum err resend_delivered(struct db *db, str service, str id, int64_t seq, int64_t *out) {
    struct buf kinds = BUF_EMPTY;
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, id);
    params_int8(&p, seq);
    params_kinds(&p, &kinds);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_webhook_resend_delivered, &p, &rows);
    buf_free(&kinds);
    *out = e == OK ? rows_count(&rows) : 0;
    return e == OK && !*out ? ERR_NOT_FOUND : e;
}

enum err store_webhook_resend(struct db *db, const struct store_webhook_by *by, str id, int64_t seq,
                              int64_t *out) {
    struct params p = params_of();
    params_text(&p, by->service);
    params_text(&p, id);
    params_int8(&p, seq);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_webhook_resend, &p, &rows);
    if (e == OK) *out = rows_int8(&rows, 0, 0);
    if (e == OK && seq && !*out) e = resend_delivered(db, by->service, id, seq, out);
    if (e != OK || !*out) return e;
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)seq);
    return tell(db, by, id, "WEBHOOK_RESENT", "event", seq ? str_of(number) : STR_NONE);
}

/* ---- for the one that delivers ---- */

/* Nothing but the connection's end takes the lock away, and that is noticed by whatever is asked next. */
enum err store_webhooks_claim(struct db *db, bool *out) {
    ROWS rows = ROWS_NONE;
    *out = db->delivers;
    if (db->delivers) return OK;
    enum err e = db_query(db, STMT_webhooks_claim, NULL, &rows);
    *out = db->delivers = e == OK && rows_bool(&rows, 0, 0);
    return e;
}

/* The same bytes at every attempt: an event never changes, nor does a test that was asked for. */
static void write_what_is_sent(struct store_webhook_due *due, const struct rows *rows, int i,
                               struct arena *a) {
    struct buf body = BUF_EMPTY;
    struct json j = json_to(&body);
    if (due->seq) {
        const struct store_event event = {due->seq, rows_instant(rows, i, 9), rows_text(rows, i, 8),
                                          rows_text(rows, i, 10)};
        store_event_write(&j, due->service, &event);
        due->id = arena_printf(a, "%lld", (long long)due->seq);
    } else {
        char at[INSTANT_TEXT];
        due->id = arena_str(a, rows_text(rows, i, 6));
        json_object_begin(&j);
        json_field_str(&j, "id", due->id);
        json_field_cstr(&j, "type", "TEST");
        json_field_cstr(&j, "at", instant_format(rows_instant(rows, i, 7), at));
        json_field_str(&j, "service", due->service);
        json_key(&j, "data");
        json_object_begin(&j);
        json_end(&j);
        json_end(&j);
    }
    due->body = arena_str(a, buf_str(&body));
    buf_free(&body);
}

enum err store_webhooks_due(struct db *db, str busy, uint64_t limit, struct arena *a,
                            struct store_webhook_due **out, size_t *out_count) {
    struct buf kinds = BUF_EMPTY;
    struct params p = params_of();
    params_text(&p, busy);
    params_kinds(&p, &kinds);
    params_int8(&p, (int64_t)limit);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_webhooks_due, &p, &rows);
    buf_free(&kinds);
    if (e != OK) return e;
    int n = rows_count(&rows);
    *out = ARENA_ARRAY(a, struct store_webhook_due, (size_t)n);
    *out_count = (size_t)n;
    for (int i = 0; i < n; i++) {
        struct store_webhook_due *due = &(*out)[i];
        due->service = arena_str(a, rows_text(&rows, i, 0));
        due->webhook = arena_str(a, rows_text(&rows, i, 1));
        due->url = arena_str(a, rows_text(&rows, i, 2));
        due->secret = arena_str(a, rows_text(&rows, i, 3));
        due->seq = rows_int8(&rows, i, 4);
        due->attempts = rows_int4(&rows, i, 5);
        write_what_is_sent(due, &rows, i, a);
    }
    return OK;
}

enum err store_webhooks_pass(struct db *db, str busy) {
    struct buf kinds = BUF_EMPTY;
    struct params p = params_of();
    params_text(&p, busy);
    params_kinds(&p, &kinds);
    enum err e = db_query(db, STMT_webhooks_pass, &p, NULL);
    buf_free(&kinds);
    return e;
}

enum err store_webhook_result(struct db *db, const struct store_webhook_due *due, int status, str error,
                              int64_t wait_ms, str pause) {
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)due->seq);
    struct params p = params_of();
    params_text(&p, due->service);
    params_text(&p, due->webhook);
    if (due->seq) params_int8(&p, due->seq);
    else params_text(&p, due->id);
    params_int4(&p, status);
    if (!due->seq) {
        params_text(&p, error);
        return db_query(db, STMT_webhook_tested, &p, NULL);
    }
    if (!error.n) return db_query(db, STMT_webhook_delivered, &p, NULL);
    params_text(&p, error);
    params_int8(&p, wait_ms);
    params_text(&p, pause);
    enum err e = db_query(db, STMT_webhook_failed, &p, NULL);
    if (e != OK || (!pause.n && wait_ms >= 0)) return e;
    const struct store_webhook_by by = {due->service, STR(""), STR("webhooks"), STR(""), instant_now()};
    return tell(db, &by, due->webhook, pause.n ? "WEBHOOK_PAUSED" : "WEBHOOK_EVENT_DEAD", "event",
                str_of(number));
}
