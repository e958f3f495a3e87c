#include "db/store_erasure_requests.h"

#include "base/json.h"
#include "db/audit.h"
#include "db/statements.h"

static struct params which(const struct store_erasure_request *request) {
    struct params p = params_of();
    params_text(&p, request->service);
    params_text(&p, request->provider);
    return p;
}

enum err store_erasure_request_get(struct db *db, struct store_erasure_request *request) {
    struct params p = which(request);
    params_text(&p, request->reference);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_erasure_waiting, &p, &rows);
    if (e != OK) return e;
    if (!rows_count(&rows)) return ERR_NOT_FOUND;
    request->number = rows_int8(&rows, 0, 0);
    request->asked_at = rows_instant(&rows, 0, 1);
    return OK;
}

static enum err tell(struct db *db, const struct store_erasure_request *request, int64_t rows) {
    struct buf object = BUF_EMPTY, detail = BUF_EMPTY;
    struct json j = json_to(&detail);
    buf_printf(&object, "subjects/%.*s", STR_ARG(request->service));
    json_object_begin(&j);
    json_field_str(&j, "provider", request->provider);
    json_field_int(&j, "request", request->number);
    json_field_int(&j, "rows", rows);
    json_field_str(&j, "reason", request->reason);
    json_end(&j);
    enum err e = audit_append(db, &(struct audit_line){request->service, request->asked_at, request->key_id,
                                                       STR("SUBJECT_ERASURE_ASKED"), buf_str(&object),
                                                       buf_str(&detail)});
    buf_free(&object);
    buf_free(&detail);
    return e;
}

enum err store_erasure_request_put(struct db *db, struct store_erasure_request *request, int64_t rows) {
    struct params p = which(request);
    request->asked_at = instant_now();
    params_text(&p, request->reference);
    params_instant(&p, request->asked_at);
    params_text(&p, request->key_id);
    params_text(&p, request->reason);
    ROWS got = ROWS_NONE;
    enum err e = db_query(db, STMT_erasure_ask, &p, &got);
    if (e != OK) return e;
    if (!rows_count(&got)) return store_erasure_request_get(db, request);
    request->number = rows_int8(&got, 0, 0);
    return tell(db, request, rows);
}

enum err store_erasure_requests_list(struct db *db, int64_t before, struct arena *a,
                                     struct store_erasure_request **out, size_t *out_count) {
    struct params p = params_of();
    params_instant(&p, before);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_erasures_waiting, &p, &rows);
    if (e != OK) return e;
    int n = rows_count(&rows);
    struct store_erasure_request *list = ARENA_ARRAY(a, struct store_erasure_request, (size_t)n);
    for (int i = 0; i < n; i++)
        list[i] = (struct store_erasure_request){.service = arena_str(a, rows_text(&rows, i, 0)),
                                                 .provider = arena_str(a, rows_text(&rows, i, 1)),
                                                 .number = rows_int8(&rows, i, 2)};
    *out = list;
    *out_count = (size_t)n;
    return OK;
}

enum err store_erasure_request_take(struct db *db, struct arena *a, struct store_erasure_request *request) {
    struct params p = which(request);
    params_int8(&p, request->number);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_erasure_take, &p, &rows);
    if (e != OK) return e;
    if (!rows_count(&rows)) return ERR_NOT_FOUND;
    request->reference = arena_str(a, rows_text(&rows, 0, 0));
    request->key_id = arena_str(a, rows_text(&rows, 0, 1));
    request->reason = arena_str(a, rows_text(&rows, 0, 2));
    return OK;
}

enum err store_erasure_request_settle(struct db *db, const struct store_erasure_request *request,
                                      int64_t rows) {
    struct params p = which(request);
    params_int8(&p, request->number);
    params_instant(&p, instant_now());
    params_int8(&p, rows);
    return db_query(db, STMT_erasure_settle, &p, NULL);
}
