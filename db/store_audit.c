#include "db/store_audit.h"

#include "base/json.h"
#include "db/audit.h"
#include "db/statements.h"

enum err store_audit_heads(struct db *db, struct arena *a, struct store_audit_head **out, size_t *out_count) {
    struct params p = params_of();
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_audit_heads, &p, &rows);
    if (e != OK) return e;
    int n = rows_count(&rows);
    struct store_audit_head *list = ARENA_ARRAY(a, struct store_audit_head, (size_t)n);
    for (int i = 0; i < n; i++)
        list[i] = (struct store_audit_head){
            .stream = arena_str(a, rows_text(&rows, i, 0)),
            .seq = rows_int8(&rows, i, 1),
            .hash = rows_is_null(&rows, i, 2) ? STR_NONE : arena_str(a, rows_text(&rows, i, 2)),
        };
    *out = list;
    *out_count = (size_t)n;
    return OK;
}

/* Borrowed from the row. */
static struct audit_entry entry_of(const struct rows *rows, int i) {
    return (struct audit_entry){
        .seq = rows_int8(rows, i, 0),
        .at = rows_instant(rows, i, 1),
        .actor = rows_text(rows, i, 2),
        .action = rows_text(rows, i, 3),
        .object = rows_text(rows, i, 4),
        .detail = rows_text(rows, i, 5),
        .prev_hash = rows_text(rows, i, 6),
        .hash = rows_text(rows, i, 7),
    };
}

struct each {
    audit_line_fn *line;
    void *context;
};

static enum err one(void *context, const struct rows *row) {
    const struct each *each = context;
    struct audit_entry line = entry_of(row, 0);
    each->line(each->context, &line);
    return OK;
}

enum err store_audit_each(struct db *db, str stream, audit_line_fn *line, void *context) {
    struct params p = params_of();
    params_text(&p, stream);
    struct each each = {line, context};
    return db_query_each(db, STMT_audit_lines, &p, one, &each);
}

enum err store_audit_list(struct db *db, const struct store_audit_ask *ask, struct arena *a,
                          struct audit_entry **out, size_t *out_count, uint64_t *out_total) {
    struct params p = params_of();
    params_text(&p, ask->stream);
    params_int8(&p, ask->after);
    params_text(&p, ask->actor);
    params_text(&p, ask->action);
    params_int8(&p, (int64_t)ask->limit);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_audit_list, &p, &rows);
    if (e != OK) return e;
    int n = rows_count(&rows);
    struct audit_entry *list = ARENA_ARRAY(a, struct audit_entry, (size_t)n);
    for (int i = 0; i < n; i++) {
        list[i] = entry_of(&rows, i);
        for (str *s[] = {&list[i].actor, &list[i].action, &list[i].object, &list[i].detail,
                         &list[i].prev_hash, &list[i].hash, NULL},
                 **t = s;
             *t; t++)
            **t = arena_str(a, **t);
    }
    *out = list;
    *out_count = (size_t)n;
    *out_total = n ? (uint64_t)rows_int8(&rows, 0, 8) : 0;
    return OK;
}

/* ---- refusals ---- */

static enum err add_refusal(struct db *db, const struct store_refusal *refusal, str stream) {
    char since[INSTANT_TEXT];
    struct buf detail = BUF_EMPTY;
    struct json j = json_to(&detail);
    json_object_begin(&j);
    json_field_cstr(&j, "route", refusal->route);
    json_field_cstr(&j, "code", refusal->code);
    json_field_int(&j, "times", refusal->times);
    json_field_cstr(&j, "since", instant_format(refusal->since, since));
    json_end(&j);
    enum err e =
        audit_append(db, &(struct audit_line){stream, instant_now(), refusal->key_id, STR("ACCESS_REFUSED"),
                                              refusal->object, buf_str(&detail)});
    buf_free(&detail);
    return e;
}

enum err store_refusal_tell(struct db *db, const struct store_refusal *refusal) {
    struct params p = params_of();
    params_text(&p, refusal->asked);
    params_text(&p, refusal->own);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_refusal_stream, &p, &rows);
    return e == OK ? add_refusal(db, refusal, rows_text(&rows, 0, 0)) : e;
}
