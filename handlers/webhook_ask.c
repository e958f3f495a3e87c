#include "handlers/webhook_ask.h"

#include <stdio.h>

#include "db/store_periods.h"

struct webhook_ask webhook_ask_of(struct request *r, struct reply *p) {
    return (struct webhook_ask){
        .r = r,
        .p = p,
        .by = {.service = request_param(r, "service"),
               .provider = str_of(r->who->role == ROLE_PROVIDER ? r->who->provider : ""),
               .key_id = str_of(r->who->key_id),
               .correlation = str_of(r->correlation),
               .at = instant_now()},
        .id = request_param(r, "webhook"),
    };
}

enum err webhook_ask_load(struct webhook_ask *ask, struct fault *fault) {
    struct store_webhook *list;
    size_t count;
    enum err e = store_webhooks_list(db_of(ask->r), ask->by.service, ask->by.provider, ask->id, ask->r->arena,
                                     &list, &count);
    if (e != OK) return e;
    if (count == 0)
        return request_hides(ask->r,
                             fail(fault, ERR_NOT_FOUND, "There is no webhook '%.*s'.", STR_ARG(ask->id)));
    ask->webhook = list[0];
    return OK;
}

enum err webhook_ask_lock(struct webhook_ask *ask, struct fault *fault) {
    enum err e = store_service_lock(db_of(ask->r), ask->by.service, &ask->by.at);
    if (e == ERR_NOT_FOUND) return fail(fault, e, "There is no service '%.*s'.", STR_ARG(ask->by.service));
    return e == OK ? webhook_ask_load(ask, fault) : e;
}

/* ---- writing ---- */

static void write_types(struct json *j, str kinds) {
    struct buf text = BUF_EMPTY;
    buf_add_str(&text, kinds);
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] == ' ') text.p[i] = ',';
    json_field_str(j, "types", text.n ? buf_str(&text) : STR_NONE);
    buf_free(&text);
}

static void write_outcome(struct json *j, const struct store_attempt *attempt) {
    if (attempt->status) json_field_int(j, "status", attempt->status);
    else json_field_null(j, "status");
    json_field_str(j, "error", attempt->error.n ? attempt->error : STR_NONE);
}

void webhook_attempt_write(struct json *j, const char *key, const struct store_attempt *attempt) {
    char text[INSTANT_TEXT];
    if (attempt->at == INSTANT_NONE) {
        json_field_null(j, key);
        return;
    }
    json_key(j, key);
    json_object_begin(j);
    json_field_cstr(j, "at", instant_format(attempt->at, text));
    write_outcome(j, attempt);
    json_end(j);
}

static void write_test(struct json *j, const struct store_webhook *w) {
    char text[INSTANT_TEXT];
    if (!w->test_id.n) {
        json_field_null(j, "test");
        return;
    }
    json_key(j, "test");
    json_object_begin(j);
    json_field_str(j, "id", w->test_id);
    json_field_cstr(j, "at", instant_format(w->test.at, text));
    json_field_str(j, "state", w->test_state);
    write_outcome(j, &w->test);
    json_end(j);
}

void webhook_write(struct json *j, str service, const struct store_webhook *w, const str *secret) {
    char text[INSTANT_TEXT], cursor[24];
    snprintf(cursor, sizeof cursor, "%lld", (long long)w->cursor);
    json_object_begin(j);
    json_field_str(j, "id", w->id);
    json_field_str(j, "service", service);
    json_field_str(j, "provider", w->provider.n ? w->provider : STR_NONE);
    json_field_str(j, "url", w->url);
    write_types(j, w->kinds);
    json_field_cstr(j, "state", w->paused ? "PAUSED" : "ACTIVE");
    json_field_str(j, "pausedBecause", w->paused ? w->paused_because : STR_NONE);
    json_field_cstr(j, "createdAt", instant_format(w->created_at, text));
    json_field_str(j, "createdBy", w->created_by);
    json_field_cstr(j, "cursor", cursor);
    json_field_int(j, "waiting", w->waiting);
    json_field_int(j, "dead", w->dead);
    webhook_attempt_write(j, "lastAttempt", &w->last);
    write_test(j, w);
    if (secret) json_field_str(j, "secret", *secret);
    json_end(j);
}

enum err webhook_ask_answer(struct webhook_ask *ask, struct fault *fault) {
    buf_clear(&ask->p->body);
    enum err e = webhook_ask_load(ask, fault);
    if (e != OK) return e;
    struct json j = json_to(&ask->p->body);
    webhook_write(&j, ask->by.service, &ask->webhook, NULL);
    return OK;
}
