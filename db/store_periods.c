#include "db/store_periods.h"

#include "base/json.h"
#include "db/audit.h"
#include "db/statements.h"
#include "db/store_snapshots.h"
#include "db/stored.h"

enum err store_service_lock(struct db *db, str service, int64_t *out_at) {
    struct params p = params_of();
    params_text(&p, service);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_service_lock, &p, &rows);
    if (e == OK && rows_count(&rows) == 0) e = ERR_NOT_FOUND;
    if (e == OK) *out_at = instant_after(rows_instant(&rows, 0, 0));
    return e;
}

/* ---- sign-off ---- */

/* Not as a value: numbers lie in the struct itself. */
static void add_return(struct params *p, str service, str provider, int16_t period, int64_t known_at) {
    params_text(p, service);
    params_text(p, provider);
    params_int2(p, period);
    params_instant(p, known_at);
}

void store_sign_offs_ahead(struct db *db, str service, str provider, int16_t period, int64_t known_at) {
    struct params p = params_of();
    add_return(&p, service, provider, period, known_at);
    db_ahead(db, STMT_sign_offs_list, &p);
}

enum err store_sign_offs_list(struct db *db, str service, str provider, int16_t period, int64_t known_at,
                              struct arena *a, struct store_sign_off **out, size_t *out_count) {
    struct params p = params_of();
    add_return(&p, service, provider, period, known_at);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_sign_offs_list, &p, &rows);
    if (e != OK) return e;
    int n = rows_count(&rows);
    struct store_sign_off *list = ARENA_ARRAY(a, struct store_sign_off, (size_t)n);
    for (int i = 0; i < n; i++)
        list[i] = (struct store_sign_off){
            .provider = arena_str(a, rows_text(&rows, i, 0)),
            .period = rows_int2(&rows, i, 1),
            .seq = rows_int8(&rows, i, 2),
            .at = rows_instant(&rows, i, 3),
            .key_id = arena_str(a, rows_text(&rows, i, 4)),
            .first_at = rows_instant(&rows, i, 5),
            .on_time = rows_bool(&rows, i, 6),
            .times = rows_int8(&rows, i, 7),
            .first_day =
                rows_is_null(&rows, i, 8) ? london_day(rows_instant(&rows, i, 5)) : rows_int4(&rows, i, 8),
        };
    *out = list;
    *out_count = (size_t)n;
    return OK;
}

static void describe_sign_off(struct buf *out, str service, const struct store_sign_off *s, str parts,
                              str correlation) {
    char period[PERIOD_TEXT];
    struct json j = json_to(out);
    json_object_begin(&j);
    json_field_str(&j, "service", service);
    json_field_str(&j, "provider", s->provider);
    json_field_cstr(&j, "period", period_format(s->period, period));
    json_field_bool(&j, "onTime", s->on_time);
    json_field_raw(&j, "parts", parts);
    json_field_str(&j, "correlation", correlation);
    json_end(&j);
}

enum err store_sign_off_put(struct db *db, str service, struct store_sign_off *s, str parts,
                            str correlation) {
    struct buf detail = BUF_EMPTY, object = BUF_EMPTY;
    char period[PERIOD_TEXT];
    describe_sign_off(&detail, service, s, parts, correlation);
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, s->provider);
    params_int2(&p, s->period);
    params_instant(&p, s->at);
    params_text(&p, s->key_id);
    params_bool(&p, s->on_time);
    params_text(&p, parts);
    params_text(&p, buf_str(&detail));
    params_int4(&p, s->first_day);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_sign_off_put, &p, &rows);
    if (e == OK && rows_count(&rows) != 1) e = ERR_NOT_FOUND;
    if (e == OK) {
        s->seq = rows_int8(&rows, 0, 0);
        buf_printf(&object, "returns/%.*s/%.*s/%s", STR_ARG(service), STR_ARG(s->provider),
                   period_format(s->period, period));
        e = audit_append(db, &(struct audit_line){service, s->at, s->key_id, STR("RETURN_SIGNED_OFF"),
                                                  buf_str(&object), buf_str(&detail)});
    }
    buf_free(&detail);
    buf_free(&object);
    return e;
}

static void add_period(struct params *p, str service, int16_t period, int64_t known_at) {
    params_text(p, service);
    params_int2(p, period);
    params_instant(p, known_at);
}
void store_signed_ahead(struct db *db, str service, int16_t period, int64_t known_at) {
    struct params p = params_of();
    add_period(&p, service, period, known_at);
    db_ahead(db, STMT_signed_list, &p);
}

enum err store_signed_list(struct db *db, str service, int16_t period, int64_t known_at, struct arena *a,
                           str **out, size_t *out_count) {
    struct params p = params_of();
    add_period(&p, service, period, known_at);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_signed_list, &p, &rows);
    if (e != OK) return e;
    int n = rows_count(&rows);
    str *list = ARENA_ARRAY(a, str, (size_t)n);
    for (int i = 0; i < n; i++)
        list[i] = arena_str(a, rows_text(&rows, i, 0));
    *out = list;
    *out_count = (size_t)n;
    return OK;
}

void store_signed_since_ahead(struct db *db, str service, int16_t from, int64_t known_at) {
    struct params p = params_of();
    add_period(&p, service, from, known_at);
    db_ahead(db, STMT_signed_since, &p);
}

enum err store_signed_since(struct db *db, str service, int16_t from, int64_t known_at, struct arena *a,
                            struct store_signed **out, size_t *out_count) {
    struct params p = params_of();
    add_period(&p, service, from, known_at);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_signed_since, &p, &rows);
    if (e != OK) return e;
    int n = rows_count(&rows);
    struct store_signed *list = ARENA_ARRAY(a, struct store_signed, (size_t)n);
    for (int i = 0; i < n; i++)
        list[i] = (struct store_signed){arena_str(a, rows_text(&rows, i, 0)), rows_int2(&rows, i, 1)};
    *out = list;
    *out_count = (size_t)n;
    return OK;
}

/* ---- periods ---- */

enum lock_state stored_lock(str kind) {
    if (str_is(kind, "LOCKED")) return LOCK_LOCKED;
    return str_is(kind, "UNLOCKED") ? LOCK_UNLOCKED : LOCK_BY_CALENDAR;
}

enum err store_periods_list(struct db *db, str service, int16_t period, int64_t known_at, struct arena *a,
                            struct store_period **out, size_t *out_count) {
    struct params p = params_of();
    add_period(&p, service, period, known_at);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_period_states_list, &p, &rows);
    if (e != OK) return e;
    int n = rows_count(&rows);
    struct store_period *list = ARENA_ARRAY(a, struct store_period, (size_t)n);
    for (int i = 0; i < n; i++) {
        list[i] = (struct store_period){
            .period = rows_int2(&rows, i, 0),
            .final = !rows_is_null(&rows, i, 1),
            .final_at = rows_is_null(&rows, i, 1) ? INSTANT_NONE : rows_instant(&rows, i, 1),
            .final_seq = rows_int8(&rows, i, 2),
            .lock = stored_lock(rows_text(&rows, i, 3)),
            .lock_reason = arena_str(a, rows_text(&rows, i, 4)),
        };
    }
    *out = list;
    *out_count = (size_t)n;
    return OK;
}

void store_period_ahead(struct db *db, str service, int16_t period) {
    struct params p = params_of();
    add_period(&p, service, period, INSTANT_NONE);
    db_ahead(db, STMT_period_states_list, &p);
}

enum err store_period_get(struct db *db, str service, int16_t period, struct arena *a,
                          struct store_period *out) {
    struct store_period *list;
    size_t count;
    enum err e = store_periods_list(db, service, period, INSTANT_NONE, a, &list, &count);
    if (e != OK) return e;
    *out = count ? list[0]
                 : (struct store_period){.period = period,
                                         .final_at = INSTANT_NONE,
                                         .lock = LOCK_BY_CALENDAR,
                                         .lock_reason = STR("")};
    return OK;
}

enum err store_period_change(struct db *db, str service, int16_t period, enum period_change change,
                             int64_t at, int32_t today, str key_id, str reason, str correlation) {
    static const struct {
        const char *kind, *event;
    } NAMES[] = {
        [PERIOD_BECAME_FINAL] = {"FINAL", "PERIOD_FINAL"},
        [PERIOD_WAS_LOCKED] = {"LOCKED", "PERIOD_LOCKED"},
        [PERIOD_WAS_UNLOCKED] = {"UNLOCKED", "PERIOD_UNLOCKED"},
    };
    char text[PERIOD_TEXT];
    struct buf detail = BUF_EMPTY, object = BUF_EMPTY;
    struct json j = json_to(&detail);
    json_object_begin(&j);
    json_field_str(&j, "service", service);
    json_field_cstr(&j, "period", period_format(period, text));
    json_field_str(&j, "reason", reason);
    json_field_str(&j, "correlation", correlation);
    json_end(&j);
    struct params p = params_of();
    params_text(&p, service);
    params_int2(&p, period);
    params_text(&p, str_of(NAMES[change].kind));
    params_instant(&p, at);
    params_text(&p, key_id);
    params_text(&p, reason);
    params_text(&p, str_of(NAMES[change].event));
    params_text(&p, buf_str(&detail));
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_period_event_put, &p, &rows);
    if (e == OK && rows_count(&rows) != 1) e = ERR_NOT_FOUND;
    if (e == OK && change == PERIOD_BECAME_FINAL)
        e = store_snapshot_put(db, service, period, STR(""), today, at);
    if (e == OK) {
        buf_printf(&object, "periods/%.*s/%s", STR_ARG(service), text);
        e = audit_append(db, &(struct audit_line){service, at, key_id, str_of(NAMES[change].event),
                                                  buf_str(&object), buf_str(&detail)});
    }
    buf_free(&detail);
    buf_free(&object);
    return e;
}
