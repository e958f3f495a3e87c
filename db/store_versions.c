/* store_versions: the accepted uploads themselves: reading their receipts, and accepting one. */
#include "base/json.h"
#include "db/audit.h"
#include "db/connection.h"
#include "db/crash_point.h"
#include "db/pack.h"
#include "db/store.h"

void store_provider_lock_ahead(struct db *db, str service, str provider) {
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, provider);
    db_ahead(db, STMT_provider_lock, &p);
}

enum err store_provider_lock(struct db *db, str service, str provider, int64_t *out_stamp) {
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, provider);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_provider_lock, &p, &rows);
    if (e != OK) return e;
    if (rows_count(&rows) == 0) return ERR_NOT_FOUND;
    *out_stamp = rows_int8(&rows, 0, 0);
    CRASH_POINT("after_lock");
    return OK;
}

/* ---- reading ---- */

static struct store_version version_of(const struct rows *rows, int row, struct arena *a) {
    struct store_version v = {
        .period = rows_int2(rows, row, 0),
        .part = (enum part_id)rows_int2(rows, row, 1),
        .version = rows_int4(rows, row, 2),
        .seq = rows_int8(rows, row, 3),
        .received_at = rows_instant(rows, row, 4),
        .key_id = arena_str(a, rows_text(rows, row, 5)),
        .bytes = (uint64_t)rows_int8(rows, row, 7),
        .rows = (uint32_t)rows_int4(rows, row, 8),
        .created = (uint32_t)rows_int4(rows, row, 9),
        .updated = (uint32_t)rows_int4(rows, row, 10),
        .unchanged = (uint32_t)rows_int4(rows, row, 11),
        .removed = (uint32_t)rows_int4(rows, row, 12),
        .warnings = (uint64_t)rows_int8(rows, row, 13),
        .on_time = rows_bool(rows, row, 14),
        .format = arena_str(a, rows_text(rows, row, 15)),
        .reason = arena_str(a, rows_text(rows, row, 16)),
    };
    v.day = rows_is_null(rows, row, 17) ? london_day(v.received_at) : rows_int4(rows, row, 17);
    str digest = rows_text(rows, row, 6);
    memcpy(v.sha256, digest.p, sizeof v.sha256); /* 32 bytes by the table's check */
    return v;
}

void store_version_ahead(struct db *db, str service, str provider, int16_t period, enum part_id part,
                         int32_t version) {
    struct params p = params_of();
    params_version(&p, service, provider, period, (int16_t)part, version > 0 ? version : 0);
    db_ahead(db, STMT_version_get, &p);
}

enum err store_version_get(struct db *db, str service, str provider, int16_t period, enum part_id part,
                           int32_t version, struct arena *a, struct store_version *out) {
    struct params p = params_of();
    params_version(&p, service, provider, period, (int16_t)part, version > 0 ? version : 0);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_version_get, &p, &rows);
    if (e != OK) return e;
    if (rows_count(&rows) == 0) return ERR_NOT_FOUND;
    *out = version_of(&rows, 0, a);
    return OK;
}

enum err store_versions_list(struct db *db, str service, str provider, int16_t period, struct arena *a,
                             struct store_version **out, size_t *out_count) {
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, provider);
    params_int2(&p, period);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_versions_list, &p, &rows);
    if (e != OK) return e;
    int n = rows_count(&rows);
    struct store_version *list = ARENA_ARRAY(a, struct store_version, (size_t)n);
    for (int i = 0; i < n; i++)
        list[i] = version_of(&rows, i, a);
    *out = list;
    *out_count = (size_t)n;
    return OK;
}

/* ---- the version ---- */

/* The same facts for machines (event) and for people (audit); the event's seq and instant are columns of
 * their own. */
static void describe(struct buf *out, str service, str provider, const struct store_version *v,
                     str correlation) {
    char period[PERIOD_TEXT], hex[SHA256_HEX];
    struct json j = json_to(out);
    json_object_begin(&j);
    json_field_str(&j, "service", service);
    json_field_str(&j, "provider", provider);
    json_field_cstr(&j, "period", period_format(v->period, period));
    json_field_cstr(&j, "part", part_name(v->part));
    json_field_int(&j, "version", v->version);
    json_field_cstr(&j, "sha256", hex_format(v->sha256, sizeof v->sha256, hex));
    json_field_int(&j, "rows", v->rows);
    json_field_int(&j, "created", v->created);
    json_field_int(&j, "updated", v->updated);
    json_field_int(&j, "unchanged", v->unchanged);
    json_field_int(&j, "removed", v->removed);
    json_field_bool(&j, "onTime", v->on_time);
    json_field_str(&j, "correlation", correlation);
    json_end(&j);
}

static void ask_version(struct db_asked *asked, str service, str provider, const struct store_version *v,
                        str event) {
    struct params *p = &asked->params;
    *asked = (struct db_asked){.stmt = STMT_version_put, .rows = ROWS_NONE};
    params_version(p, service, provider, v->period, (int16_t)v->part, v->version);
    params_instant(p, v->received_at);
    params_text(p, v->key_id);
    params_bytes(p, v->sha256, sizeof v->sha256);
    params_int8(p, (int64_t)v->bytes);
    params_int4(p, (int32_t)v->rows);
    params_int4(p, (int32_t)v->created);
    params_int4(p, (int32_t)v->updated);
    params_int4(p, (int32_t)v->unchanged);
    params_int4(p, (int32_t)v->removed);
    params_int8(p, (int64_t)v->warnings);
    params_bool(p, v->on_time);
    params_text(p, v->format);
    params_text(p, v->reason.p ? v->reason : STR(""));
    params_int2(p, FACTS_FORMAT);
    params_text(p, event);
    params_int4(p, v->day);
}

static enum err take_version(const struct rows *rows, struct store_version *v) {
    if (rows_count(rows) != 1) return ERR_NOT_FOUND;
    v->seq = rows_int8(rows, 0, 0);
    v->received_at = rows_instant(rows, 0, 1);
    CRASH_POINT("after_version");
    return OK;
}

/* ---- packs ---- */

static void ask_pack(struct db_asked *asked, str service, str provider, const struct store_version *v,
                     const struct store_packs *packs, uint32_t number) {
    struct params *p = &asked->params;
    *asked = (struct db_asked){.stmt = STMT_pack_put, .rows = ROWS_NONE};
    params_version(p, service, provider, v->period, (int16_t)v->part, v->version);
    params_int4(p, (int32_t)number);
    params_int4(p, (int32_t)pack_rows(packs, number));
    params_pack(p, &packs->codes[number]);
}

static enum err put_packs(struct db *db, str service, str provider, const struct store_version *v,
                          const struct store_packs *packs) {
    struct db_asked asked[DB_TOGETHER_MOST];
    enum err e = OK;
    for (uint32_t n = 0; e == OK && n < packs->count;) {
        uint32_t first = n, some = 0;
        while (n < packs->count && some < (first ? DB_TOGETHER_MOST : 1))
            ask_pack(&asked[some++], service, provider, v, packs, n++);
        e = db_query_together(db, asked, some);
        for (uint32_t i = 0; i < some; i++)
            rows_free(&asked[i].rows);
        if (first == 0 && e == OK) CRASH_POINT("after_pack");
    }
    return e;
}

/* ---- accepting ---- */

/* What is put of one version; `object` is its name in the audit line. */
struct putting {
    struct db *db;
    str service, provider;
    struct store_version *v;
    const struct store_packs *packs;
    str actor;
    struct buf detail, object;
};

static void name_object(struct putting *put) {
    char period[PERIOD_TEXT];
    const struct store_version *v = put->v;
    buf_printf(&put->object, "returns/%.*s/%.*s/%s/%s?version=%d", STR_ARG(put->service),
               STR_ARG(put->provider), period_format(v->period, period), part_name(v->part), v->version);
}

static void ask_audit(struct db_asked *asked, const struct putting *put) {
    audit_ask(asked, &(struct audit_line){put->service, INSTANT_NONE, put->actor, STR("RETURN_ACCEPTED"),
                                          buf_str(&put->object), buf_str(&put->detail)});
}

static enum err take_audit(const struct rows *rows) {
    if (rows_count(rows) != 1) return ERR_INTERNAL;
    CRASH_POINT("after_audit");
    return OK;
}

/* A version of one pack, or none, takes one round trip: the service's row is locked from here to the commit, and whoever else uploads to it
 * waits. */
static enum err put_small(struct putting *put) {
    struct db_asked asked[3];
    size_t n = 0;
    ask_version(&asked[n++], put->service, put->provider, put->v, buf_str(&put->detail));
    if (put->packs->count) ask_pack(&asked[n++], put->service, put->provider, put->v, put->packs, 0);
    ask_audit(&asked[n++], put);
    enum err e = db_query_together(put->db, asked, n);
    if (e == OK) e = take_version(&asked[0].rows, put->v);
    if (e == OK && put->v->rows) CRASH_POINT("after_pack");
    if (e == OK) e = take_audit(&asked[n - 1].rows);
    for (size_t i = 0; i < n; i++)
        rows_free(&asked[i].rows);
    return e;
}

static enum err put_large(struct putting *put) {
    struct db_asked version, line;
    ROWS stored = ROWS_NONE, told = ROWS_NONE;
    ask_version(&version, put->service, put->provider, put->v, buf_str(&put->detail));
    ask_audit(&line, put);
    enum err e = db_query(put->db, version.stmt, &version.params, &stored);
    if (e == OK) e = take_version(&stored, put->v);
    if (e == OK) e = put_packs(put->db, put->service, put->provider, put->v, put->packs);
    if (e == OK) e = db_query(put->db, line.stmt, &line.params, &told);
    return e == OK ? take_audit(&told) : e;
}

enum err store_version_put(struct db *db, str service, str provider, struct store_version *v,
                           struct store_packs *packs, str actor, str correlation) {
    struct putting put = {db, service, provider, v, packs, actor, BUF_EMPTY, BUF_EMPTY};
    enum err e = packs_show(db, packs);
    if (e != OK) return e;
    describe(&put.detail, service, provider, v, correlation);
    name_object(&put);
    e = v->rows <= PACK_ROWS ? put_small(&put) : put_large(&put);
    if (e == OK && str_is(service, db->begins_as.service)) db->told_to = v->seq;
    buf_free(&put.detail);
    buf_free(&put.object);
    return e;
}
