/* store_services: services, their frameworks and their providers. */
#include "base/json.h"
#include "db/audit.h"
#include "db/statements.h"
#include "db/store_periods.h"
#include "db/stored.h"

static str kept(const struct rows *rows, int row, int column, struct arena *a) {
    str s = rows_text(rows, row, column);
    return s.p ? arena_str(a, s) : STR_NONE;
}

void stored_versions(str text, struct arena *a, struct store_service *out) {
    size_t count = 0;
    struct dated_version *known = ARENA_ARRAY(a, struct dated_version, text.n / 3 + 1);
    for (str one = str_cut(&text, ' '); one.p; one = str_cut(&text, ' ')) {
        uint64_t version = 0, day;
        str number = str_cut(&one, ':');
        str_to_uint(number, INT32_MAX, &version);
        bool dated = str_to_uint(one, INT32_MAX, &day);
        known[count++] = (struct dated_version){(int)version, dated ? period_of_day((int32_t)day) : 0};
    }
    struct dated_version *rating = ARENA_ARRAY(a, struct dated_version, count + 1);
    out->version_count = versions_in_force(known, count, rating);
    out->versions = rating;
    out->framework_version = known[count - 1].version;
}

static struct store_service service_of(const struct rows *rows, int row, struct arena *a) {
    struct store_service s = {
        .id = kept(rows, row, 0, a),
        .name = kept(rows, row, 1, a),
        .framework_id = kept(rows, row, 2, a),
        .stamp = rows_int8(rows, row, 3),
        .holidays_version = rows_int4(rows, row, 5),
        .changed_at = rows_instant(rows, row, 6),
    };
    stored_versions(rows_text(rows, row, 4), a, &s);
    return s;
}

enum err store_service_get(struct db *db, str service, int64_t known_at, struct arena *a,
                           struct store_service *out) {
    struct params p = params_of();
    params_text(&p, service);
    params_instant(&p, known_at);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_service_get, &p, &rows);
    if (e != OK) return e;
    if (rows_count(&rows) == 0) return ERR_NOT_FOUND;
    *out = service_of(&rows, 0, a);
    return OK;
}

enum err store_service_stamp(struct db *db, str service, int64_t *out) {
    struct params p = params_of();
    params_text(&p, service);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_service_stamp, &p, &rows);
    if (e != OK) return e;
    if (rows_count(&rows) == 0) return ERR_NOT_FOUND;
    *out = rows_int8(&rows, 0, 0);
    return OK;
}

enum err store_services_list(struct db *db, struct arena *a, struct store_service **out, size_t *out_count) {
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_services_list, NULL, &rows);
    if (e != OK) return e;
    int n = rows_count(&rows);
    struct store_service *list = ARENA_ARRAY(a, struct store_service, (size_t)n);
    for (int i = 0; i < n; i++)
        list[i] = service_of(&rows, i, a);
    *out = list;
    *out_count = (size_t)n;
    return OK;
}

enum err store_framework_get(struct db *db, str framework_id, int version, struct arena *a, str *out_body) {
    struct params p = params_of();
    params_text(&p, framework_id);
    params_int4(&p, version);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_framework_get, &p, &rows);
    if (e != OK) return e;
    if (rows_count(&rows) == 0) return ERR_NOT_FOUND;
    *out_body = kept(&rows, 0, 0, a);
    return OK;
}

enum err store_framework_versions(struct db *db, str framework_id, struct arena *a,
                                  struct store_framework_version **out, size_t *out_count) {
    struct params p = params_of();
    params_text(&p, framework_id);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_framework_versions, &p, &rows);
    if (e != OK) return e;
    int n = rows_count(&rows);
    struct store_framework_version *list = ARENA_ARRAY(a, struct store_framework_version, (size_t)n);
    for (int i = 0; i < n; i++)
        list[i] = (struct store_framework_version){
            .version = rows_int4(&rows, i, 0),
            .received_at = rows_instant(&rows, i, 1),
            .from = rows_is_null(&rows, i, 2) ? 0 : period_of_day(rows_int4(&rows, i, 2)),
        };
    *out = list;
    *out_count = (size_t)n;
    return OK;
}

/* The newest version, 0 when there is none, and whether its body is this one. */
static enum err newest_framework(struct db *db, str framework_id, str body, int *out_version,
                                 bool *out_same) {
    struct params p = params_of();
    params_text(&p, framework_id);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_framework_newest, &p, &rows);
    if (e != OK) return e;
    bool any = rows_count(&rows) > 0;
    *out_version = any ? rows_int4(&rows, 0, 0) : 0;
    *out_same = any && str_eq(rows_text(&rows, 0, 1), body);
    return OK;
}

static enum err insert_framework(struct db *db, str framework_id, int version, str body, int16_t from,
                                 int64_t at) {
    char day[DAY_TEXT];
    struct params p = params_of();
    params_text(&p, framework_id);
    params_int4(&p, version);
    params_text(&p, body);
    params_instant(&p, at);
    params_text(&p, from ? str_of(day_format(period_first_day(from), day)) : STR_NONE);
    return db_query(db, STMT_framework_insert, &p, NULL);
}

static enum err put_service(struct db *db, str service, str name, str framework_id, int64_t at) {
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, name);
    params_text(&p, framework_id);
    params_instant(&p, at);
    enum err e = db_query(db, STMT_service_put, &p, NULL);
    return e == OK ? audit_open(db, service) : e;
}

static enum err tell_of_framework(struct db *db, str service, str framework_id, int version, str body,
                                  int64_t at, str actor) {
    uint8_t digest[SHA256_BYTES];
    char hex[SHA256_HEX];
    sha256_of(body, digest);
    struct buf detail = BUF_EMPTY, object = BUF_EMPTY;
    struct json j = json_to(&detail);
    json_object_begin(&j);
    json_field_int(&j, "version", version);
    json_field_cstr(&j, "sha256", hex_format(digest, sizeof digest, hex));
    json_end(&j);
    buf_printf(&object, "frameworks/%.*s", STR_ARG(framework_id));
    enum err e = audit_append(db, &(struct audit_line){service, at, actor, STR("FRAMEWORK_STORED"),
                                                       buf_str(&object), buf_str(&detail)});
    buf_free(&detail);
    buf_free(&object);
    struct params p = params_of();
    params_text(&p, service);
    return e == OK ? db_query(db, STMT_service_notify, &p, NULL) : e;
}

enum err store_framework_lock(struct db *db, str framework_id) {
    struct params p = params_of();
    params_text(&p, framework_id);
    return db_query(db, STMT_framework_lock, &p, NULL);
}

/* A new service has no row yet to be locked, and nothing to be later than. */
static enum err lock_if_there(struct db *db, str service, int64_t *out_at) {
    enum err e = store_service_lock(db, service, out_at);
    if (e != ERR_NOT_FOUND) return e;
    *out_at = instant_now();
    return OK;
}

enum err store_framework_put(struct db *db, str framework_id, str service, str service_name, str body,
                             int16_t from, str actor, int *out_version, bool *out_changed) {
    int version = 0;
    int64_t at = INSTANT_NONE;
    bool same = false;
    enum err e = store_framework_lock(db, framework_id);
    if (e == OK) e = newest_framework(db, framework_id, body, &version, &same);
    if (e == OK && !same) e = lock_if_there(db, service, &at);
    if (e == OK && !same) e = insert_framework(db, framework_id, ++version, body, from, at);
    if (e == OK && !same) e = put_service(db, service, service_name, framework_id, at);
    if (e == OK && !same) e = tell_of_framework(db, service, framework_id, version, body, at, actor);
    if (e != OK) return e;
    *out_version = version;
    *out_changed = !same;
    return OK;
}

enum err store_provider_put(struct db *db, str service, str provider, str name, str group, str actor) {
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, provider);
    params_text(&p, name);
    params_text(&p, group.n ? group : STR_NONE);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_provider_put, &p, &rows);
    if (e != OK || rows_count(&rows) == 0) return e;
    struct buf object = BUF_EMPTY;
    buf_printf(&object, "services/%.*s/providers/%.*s", STR_ARG(service), STR_ARG(provider));
    e = audit_append(db, &(struct audit_line){service, instant_now(), actor, STR("PROVIDER_STORED"),
                                              buf_str(&object), STR("{}")});
    buf_free(&object);
    return e;
}

enum err store_provider_tell(struct db *db, str service, str provider, str body, str actor, str correlation) {
    struct buf detail = BUF_EMPTY, object = BUF_EMPTY;
    struct json j = json_to(&detail);
    json_object_begin(&j);
    json_field_str(&j, "service", service);
    json_field_raw(&j, "provider", body);
    json_field_str(&j, "correlation", correlation);
    json_end(&j);
    buf_printf(&object, "services/%.*s/providers/%.*s", STR_ARG(service), STR_ARG(provider));
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, buf_str(&detail));
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_provider_change_put, &p, &rows);
    if (e == OK && rows_count(&rows) != 1) e = ERR_NOT_FOUND;
    if (e == OK)
        e = audit_append(db,
                         &(struct audit_line){service, rows_instant(&rows, 0, 0), actor,
                                              STR("PROVIDER_CHANGED"), buf_str(&object), buf_str(&detail)});
    buf_free(&detail);
    buf_free(&object);
    return e;
}

void store_providers_ahead(struct db *db, str service) {
    struct params p = params_of();
    params_text(&p, service);
    db_ahead(db, STMT_providers_list, &p);
}

enum err store_providers_list(struct db *db, str service, struct arena *a, struct store_provider **out,
                              size_t *out_count) {
    struct params p = params_of();
    params_text(&p, service);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_providers_list, &p, &rows);
    if (e != OK) return e;
    int n = rows_count(&rows);
    struct store_provider *list = ARENA_ARRAY(a, struct store_provider, (size_t)n);
    for (int i = 0; i < n; i++)
        list[i] = (struct store_provider){kept(&rows, i, 0, a), kept(&rows, i, 1, a), kept(&rows, i, 2, a),
                                          rows_int8(&rows, i, 3)};
    *out = list;
    *out_count = (size_t)n;
    return OK;
}

enum err store_provider_known(struct db *db, str service, str provider, int64_t known_at, bool *out) {
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, provider);
    params_instant(&p, known_at);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_provider_known, &p, &rows);
    if (e == OK) *out = rows_bool(&rows, 0, 0);
    return e;
}
