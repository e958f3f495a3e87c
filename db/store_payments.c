#include "db/store_payments.h"

#include "base/json.h"
#include "db/audit.h"
#include "db/statements.h"

static const struct {
    const char *name, *event;
} STATUSES[STATEMENT_STATUS_COUNT] = {
    [STATEMENT_DRAFT] = {"DRAFT", "PAYMENT_DRAFTED"},
    [STATEMENT_AGREED] = {"AGREED", "PAYMENT_AGREED"},
    [STATEMENT_ISSUED] = {"ISSUED", "PAYMENT_ISSUED"},
};

const char *statement_status_name(enum statement_status s) {
    return STATUSES[s].name;
}

bool statement_status_parse(str name, enum statement_status *out) {
    for (int s = 0; s < STATEMENT_STATUS_COUNT; s++) {
        if (!str_is(name, STATUSES[s].name)) continue;
        *out = (enum statement_status)s;
        return true;
    }
    return false;
}

static enum statement_status status_at(const struct rows *rows, int row, int column) {
    enum statement_status s = STATEMENT_DRAFT; /* one of them by the table's check */
    statement_status_parse(rows_text(rows, row, column), &s);
    return s;
}

enum err store_statements_list(struct db *db, str service, int year, int64_t known_at, struct arena *a,
                               struct store_statement **out, size_t *out_count) {
    struct params p = params_of();
    params_text(&p, service);
    params_int2(&p, (int16_t)year);
    params_instant(&p, known_at);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_payment_statements_list, &p, &rows);
    if (e != OK) return e;
    int n = rows_count(&rows);
    struct store_statement *list = ARENA_ARRAY(a, struct store_statement, (size_t)n);
    for (int i = 0; i < n; i++)
        list[i] = (struct store_statement){
            .number = rows_int4(&rows, i, 0),
            .at = rows_instant(&rows, i, 1),
            .key_id = arena_str(a, rows_text(&rows, i, 2)),
            .after_number = rows_int4(&rows, i, 3),
            .issued_before = rows_int8(&rows, i, 4),
            .payment_pence = rows_int8(&rows, i, 5),
            .figures = arena_str(a, rows_text(&rows, i, 6)),
            .status = status_at(&rows, i, 7),
            .status_at = rows_instant(&rows, i, 8),
        };
    *out = list;
    *out_count = (size_t)n;
    return OK;
}

enum err store_statement_steps(struct db *db, str service, int year, int32_t number, struct arena *a,
                               struct store_statement_step **out, size_t *out_count) {
    struct params p = params_of();
    params_text(&p, service);
    params_int2(&p, (int16_t)year);
    params_int4(&p, number);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_payment_steps_list, &p, &rows);
    if (e != OK) return e;
    int n = rows_count(&rows);
    struct store_statement_step *list = ARENA_ARRAY(a, struct store_statement_step, (size_t)n);
    for (int i = 0; i < n; i++)
        list[i] = (struct store_statement_step){
            .status = status_at(&rows, i, 0),
            .at = rows_instant(&rows, i, 1),
            .key_id = arena_str(a, rows_text(&rows, i, 2)),
            .comment = arena_str(a, rows_text(&rows, i, 3)),
        };
    *out = list;
    *out_count = (size_t)n;
    return OK;
}

/* ---- drafting and stepping ---- */

/* number 0: not known yet; the statement adds it. */
static void describe(struct buf *out, str service, int year, int32_t number, int64_t pence, str correlation) {
    char text[YEAR_TEXT];
    struct json j = json_to(out);
    json_object_begin(&j);
    json_field_str(&j, "service", service);
    json_field_cstr(&j, "year", year_format(year, text));
    if (number) json_field_int(&j, "number", number);
    json_field_int(&j, "paymentPence", pence);
    json_field_str(&j, "correlation", correlation);
    json_end(&j);
}

struct told {
    str service;
    int year;
    int32_t number;
    int64_t pence, at;
    str key_id, correlation;
};

static enum err audit_step(struct db *db, const struct told *t, const char *action) {
    char text[YEAR_TEXT];
    struct buf object = BUF_EMPTY, detail = BUF_EMPTY;
    buf_printf(&object, "payments/%.*s/%s/statements/%d", STR_ARG(t->service), year_format(t->year, text),
               t->number);
    describe(&detail, t->service, t->year, t->number, t->pence, t->correlation);
    enum err e = audit_append(db, &(struct audit_line){t->service, t->at, t->key_id, str_of(action),
                                                       buf_str(&object), buf_str(&detail)});
    buf_free(&object);
    buf_free(&detail);
    return e;
}

enum err store_statement_put(struct db *db, str service, int year, struct store_statement *s, str comment,
                             str correlation) {
    struct buf event = BUF_EMPTY;
    struct params p = params_of();
    describe(&event, service, year, 0, s->payment_pence, correlation);
    params_text(&p, service);
    params_int2(&p, (int16_t)year);
    params_instant(&p, s->at);
    params_text(&p, s->key_id);
    params_int4(&p, s->after_number);
    params_int8(&p, s->issued_before);
    params_int8(&p, s->payment_pence);
    params_text(&p, s->figures);
    params_text(&p, comment);
    params_text(&p, buf_str(&event));
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_payment_statement_put, &p, &rows);
    if (e == OK && rows_count(&rows) != 1) e = ERR_NOT_FOUND;
    if (e == OK) {
        s->number = rows_int4(&rows, 0, 0);
        s->status = STATEMENT_DRAFT;
        s->status_at = s->at;
        e = audit_step(
            db, &(struct told){service, year, s->number, s->payment_pence, s->at, s->key_id, correlation},
            STATUSES[STATEMENT_DRAFT].event);
    }
    buf_free(&event);
    return e;
}

enum err store_statement_step(struct db *db, str service, int year, const struct store_statement *s,
                              enum statement_status to, int64_t at, str key_id, str comment,
                              str correlation) {
    struct buf event = BUF_EMPTY;
    struct params p = params_of();
    describe(&event, service, year, s->number, s->payment_pence, correlation);
    params_text(&p, service);
    params_int2(&p, (int16_t)year);
    params_int4(&p, s->number);
    params_text(&p, str_of(STATUSES[to].name));
    params_instant(&p, at);
    params_text(&p, key_id);
    params_text(&p, comment);
    params_text(&p, str_of(STATUSES[to].event));
    params_text(&p, buf_str(&event));
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_payment_step_put, &p, &rows);
    if (e == OK && rows_count(&rows) != 1) e = ERR_NOT_FOUND;
    if (e == OK)
        e = audit_step(db,
                       &(struct told){service, year, s->number, s->payment_pence, at, key_id, correlation},
                       STATUSES[to].event);
    buf_free(&event);
    return e;
}
