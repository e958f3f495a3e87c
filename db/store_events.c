#include "db/store_events.h"

#include <stdio.h>

#include "db/statements.h"

static const char *const NAMES[EVENT_COUNT] = {
#define X(name) #name,
    EVENT_LIST(X)
#undef X
};

const char *event_kind_name(enum event_kind kind) {
    return NAMES[kind];
}

bool event_kind_parse(str name, enum event_kind *out) {
    for (int k = 0; k < EVENT_COUNT; k++) {
        if (!str_is(name, NAMES[k])) continue;
        *out = (enum event_kind)k;
        return true;
    }
    return false;
}

enum err store_event_put(struct db *db, str service, enum event_kind kind, int64_t at, str body) {
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, str_of(NAMES[kind]));
    params_instant(&p, at);
    params_text(&p, body);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_event_put, &p, &rows);
    return e == OK && rows_count(&rows) != 1 ? ERR_NOT_FOUND : e;
}

enum err store_event_put_once(struct db *db, str service, enum event_kind kind, int64_t at, str body, str key,
                              bool *out_told) {
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, str_of(NAMES[kind]));
    params_instant(&p, at);
    params_text(&p, body);
    params_text(&p, key);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_event_put_once, &p, &rows);
    if (e == OK && out_told) *out_told = rows_count(&rows) == 1;
    return e;
}

void event_kinds_write(struct buf *out, uint32_t kinds) {
    for (int k = 0; k < EVENT_COUNT; k++)
        if (kinds >> k & 1) buf_printf(out, "%s%s", out->n ? " " : "", NAMES[k]);
}

void store_event_write(struct json *j, str service, const struct store_event *event) {
    char id[24], at[INSTANT_TEXT];
    snprintf(id, sizeof id, "%lld", (long long)event->seq);
    json_object_begin(j);
    json_field_cstr(j, "id", id);
    json_field_str(j, "type", event->kind);
    json_field_cstr(j, "at", instant_format(event->at, at));
    json_field_str(j, "service", service);
    json_field_raw(j, "data", event->body);
    json_end(j);
}

enum err store_events_list(struct db *db, const struct store_events_ask *ask, struct arena *a,
                           struct store_event **out, size_t *out_count, uint64_t *out_total) {
    struct buf kinds = BUF_EMPTY;
    event_kinds_write(&kinds, ask->kinds);
    struct params p = params_of();
    params_text(&p, ask->service);
    params_int8(&p, ask->after);
    params_text(&p, buf_str(&kinds));
    params_text(&p, ask->provider);
    params_int8(&p, (int64_t)ask->limit);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_events_list, &p, &rows);
    buf_free(&kinds);
    if (e != OK) return e;
    int n = rows_count(&rows);
    struct store_event *list = ARENA_ARRAY(a, struct store_event, (size_t)n);
    for (int i = 0; i < n; i++)
        list[i] = (struct store_event){
            .seq = rows_int8(&rows, i, 0),
            .kind = arena_str(a, rows_text(&rows, i, 1)),
            .at = rows_instant(&rows, i, 2),
            .body = arena_str(a, rows_text(&rows, i, 3)),
        };
    *out = list;
    *out_count = (size_t)n;
    *out_total = n ? (uint64_t)rows_int8(&rows, 0, 4) : 0;
    return OK;
}

enum err store_events_newest(struct db *db, str service, int64_t *out) {
    struct params p = params_of();
    params_text(&p, service);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_events_newest, &p, &rows);
    if (e == OK) *out = rows_int8(&rows, 0, 0);
    return e;
}
