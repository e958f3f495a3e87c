/* store_rows: the rows of a version, in by COPY, out as a stream. */
#include <stdlib.h>

#include "base/json.h"
#include "db/audit.h"
#include "db/carrier.h"
#include "db/copy.h"
#include "db/crash_point.h"
#include "db/row_sql.h"
#include "db/store.h"
#include "returns/row_pack.h"

enum { LARGE = 64 << 20 };

static enum err send(void *db, const void *bytes, size_t n) {
    return db_copy_bytes(db, bytes, n);
}

enum err store_rows_copy(struct db *db, const struct part *part, struct spill *copy, struct fault *fault) {
    char *sql = row_sql_fill(STMT_rows_copy, part);
    enum err e = db_copy_begin(db, sql, spill_size(copy) > LARGE);
    free(sql);
    if (e != OK) return db_explain(db, e, fault);
    e = spill_read(copy, send, db);
    if (e == OK) e = db_copy_end(db);
    else db_copy_give_up(db);
    if (e != OK) return db_explain(db, e, fault);
    CRASH_POINT("after_copy");
    return OK;
}

/* ---- while they are judged ---- */

enum err store_rows_arrive(void *arriving, const void *bytes, size_t n) {
    struct store_arriving *a = arriving;
    if (!a->carrier) a->carrier = carrier_begin(a->db, row_sql_fill(STMT_rows_copy, a->part), a->is_large);
    return carrier_give(a->carrier, bytes, n);
}

static enum err give(void *carrier, const void *bytes, size_t n) {
    return carrier_give(carrier, bytes, n);
}

void store_rows_rest(struct store_arriving *a, struct spill *rest) {
    if (!a->carrier || spill_read(rest, give, a->carrier) != OK) return;
    carrier_last(a->carrier);
    a->is_whole = true;
}

static enum err end(struct store_arriving *a, struct fault *fault) {
    enum err e = carrier_end(a->carrier);
    a->carrier = NULL;
    return e == OK ? OK : db_explain(a->db, e, fault);
}

enum err store_rows_arrived(struct store_arriving *a, struct fault *fault) {
    enum err e = end(a, fault);
    if (e == OK && !a->is_whole) e = db_note_bug(a->db, "not all rows of a return were given");
    if (e == OK) CRASH_POINT("after_copy");
    return e;
}

enum err store_rows_give_up(struct store_arriving *a, struct fault *fault) {
    return a->carrier ? end(a, fault) : OK;
}

/* ---- reading ---- */

struct lines_taken {
    size_t columns;
    enum err (*row)(void *context, const char *const *values, const int *lengths);
    void *context;
};

static enum err take_line(const struct lines_taken *t, str line, struct arena *a) {
    const char *values[COLUMNS_MAX];
    int lengths[COLUMNS_MAX];
    for (size_t i = 0; i < t->columns; i++) {
        str value = row_line_cut(&line, a);
        values[i] = value.p;
        lengths[i] = (int)value.n;
    }
    return t->row(t->context, values, lengths);
}

static enum err take_lines(void *context, const char *const *values, const int *lengths) {
    struct arena a = ARENA_EMPTY;
    str lines = {values[0], (size_t)lengths[0]};
    enum err e = OK;
    while (e == OK && lines.p)
        e = take_line(context, str_cut(&lines, ROW_PACK_LINE), &a);
    arena_free(&a);
    return e;
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
    struct lines_taken lines = {part_stored_columns(part), row, context};
    char *sql = row_sql_fill(STMT_rows_read, part);
    enum err e = db_stream(db, sql, &p, take_lines, &lines);
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
