/* store_rows: the rows of a version, in by COPY, out as a stream. */
#include <stdlib.h>

#include "base/json.h"
#include "db/audit.h"
#include "db/copy.h"
#include "db/crash_point.h"
#include "db/row_sql.h"
#include "db/store.h"

enum { LARGE = 64 << 20 };

static enum err begin(struct db *db, const struct part *part, bool is_large) {
    char *sql = row_sql_fill(STMT_rows_copy, part);
    enum err e = db_copy_begin(db, sql, is_large);
    free(sql);
    return e;
}

static enum err send(void *db, const void *bytes, size_t n) {
    return db_copy_bytes(db, bytes, n);
}

/* The rest of a COPY that has begun; a spill that cannot be read is no end. */
static enum err finish(struct db *db, struct spill *rest) {
    enum err e = rest->failed ? ERR_UNAVAILABLE : spill_read(rest, send, db);
    if (e == OK) e = db_copy_end(db);
    else db_copy_give_up(db);
    if (e == OK) CRASH_POINT("after_copy");
    return e;
}

enum err store_rows_copy(struct db *db, const struct part *part, struct spill *copy, struct fault *fault) {
    enum err e = begin(db, part, spill_size(copy) > LARGE);
    if (e == OK) e = finish(db, copy);
    return e == OK ? OK : db_explain(db, e, fault);
}

enum err store_rows_arrive(void *arriving, const void *bytes, size_t n) {
    struct store_arriving *a = arriving;
    if (a->err == OK && !a->begun) {
        a->err = begin(a->db, a->part, a->is_large);
        a->begun = a->err == OK;
    }
    if (a->err == OK) a->err = db_copy_bytes(a->db, bytes, n);
    return a->err;
}

enum err store_rows_arrived(struct store_arriving *a, struct spill *rest, struct fault *fault) {
    if (a->err == OK && !a->begun) return store_rows_copy(a->db, a->part, rest, fault);
    enum err e = a->err == OK ? finish(a->db, rest) : a->err;
    a->begun = false;
    return e == OK ? OK : db_explain(a->db, e, fault);
}

void store_rows_give_up(struct store_arriving *a) {
    if (a->begun) db_copy_give_up(a->db);
    a->begun = false;
}

enum err store_rows_read(struct db *db, str service, str provider, int16_t period, const struct part *part,
                         int32_t version,
                         enum err (*row)(void *context, const char *const *values, const int *lengths),
                         void *context) {
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, provider);
    params_int2(&p, period);
    params_int4(&p, version);
    char *sql = row_sql_fill(STMT_rows_read, part);
    enum err e = db_stream(db, sql, &p, row, context);
    free(sql);
    return e;
}

enum err store_rows_tell(struct db *db, const struct store_reading *reading) {
    struct buf detail = BUF_EMPTY;
    struct json j = json_to(&detail);
    json_object_begin(&j);
    if (reading->version) json_field_int(&j, "version", reading->version);
    json_field_str(&j, "reason", reading->reason);
    json_end(&j);
    enum err e =
        audit_append(db, &(struct audit_line){reading->service, instant_now(), reading->key_id,
                                              STR("CLIENT_ROWS_READ"), reading->object, buf_str(&detail)});
    buf_free(&detail);
    return e;
}

struct ids_asked {
    const uint32_t *rows;
    size_t count;
    struct arena *arena;
    str *out;
};

static enum err take_id(void *context, const char *const *values, const int *lengths) {
    struct ids_asked *ids = context;
    uint64_t row;
    if (!str_to_uint((str){values[0], (size_t)lengths[0]}, UINT32_MAX, &row)) return ERR_INTERNAL;
    for (size_t i = 0; i < ids->count; i++)
        if (ids->rows[i] == row) ids->out[i] = arena_str(ids->arena, (str){values[1], (size_t)lengths[1]});
    return OK;
}

enum err store_row_ids(struct db *db, str service, str provider, int16_t period, const struct part *part,
                       int32_t version, const uint32_t *rows, size_t count, struct arena *a, str *out) {
    struct buf list = BUF_EMPTY;
    for (size_t i = 0; i < count; i++) {
        buf_printf(&list, "%s%u", i ? "," : "", rows[i]);
        out[i] = STR_NONE;
    }
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, provider);
    params_int2(&p, period);
    params_int4(&p, version);
    params_text(&p, list.n ? buf_str(&list) : STR(""));
    struct ids_asked ids = {rows, count, a, out};
    char *sql = row_sql_fill(STMT_row_ids, part);
    enum err e = count ? db_stream(db, sql, &p, take_id, &ids) : OK;
    free(sql);
    buf_free(&list);
    return e;
}
