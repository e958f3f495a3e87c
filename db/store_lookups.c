#include "db/store_lookups.h"

#include "base/json.h"
#include "db/audit.h"
#include "db/statements.h"

enum { PIECE = 1 << 20 };

static struct store_lookup lookup_of(const struct rows *rows, int row, struct arena *a) {
    struct store_lookup l = {
        .lookup = arena_str(a, rows_text(rows, row, 0)),
        .edition = arena_str(a, rows_text(rows, row, 1)),
        .version = rows_int4(rows, row, 2),
        .received_at = rows_instant(rows, row, 3),
        .key_id = arena_str(a, rows_text(rows, row, 4)),
        .bytes = (uint64_t)rows_int8(rows, row, 6),
        .rows = (uint32_t)rows_int4(rows, row, 7),
        .pack_bytes = (uint64_t)rows_int8(rows, row, 8),
    };
    memcpy(l.sha256, rows_text(rows, row, 5).p, sizeof l.sha256); /* 32 bytes by the table's check */
    return l;
}

static enum err list(struct db *db, enum db_stmt stmt, const struct params *p, struct arena *a,
                     struct store_lookup **out, size_t *out_count) {
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, stmt, p, &rows);
    if (e != OK) return e;
    int n = rows_count(&rows);
    struct store_lookup *all = ARENA_ARRAY(a, struct store_lookup, (size_t)n + 1);
    for (int i = 0; i < n; i++)
        all[i] = lookup_of(&rows, i, a);
    *out = all;
    *out_count = (size_t)n;
    return OK;
}

enum err store_lookups_list(struct db *db, str lookup, struct arena *a, struct store_lookup **out,
                            size_t *out_count) {
    struct params p = params_of();
    params_text(&p, lookup);
    return list(db, STMT_lookups_list, &p, a, out, out_count);
}

void store_lookups_in_use_ahead(struct db *db, str edition) {
    struct params p = params_of();
    params_text(&p, edition);
    db_ahead(db, STMT_lookups_in_use, &p);
}

enum err store_lookups_in_use(struct db *db, str edition, struct arena *a, struct store_lookup **out,
                              size_t *out_count) {
    struct params p = params_of();
    params_text(&p, edition);
    return list(db, STMT_lookups_in_use, &p, a, out, out_count);
}

enum err store_lookup_newest(struct db *db, str lookup, str edition, struct arena *a,
                             struct store_lookup *out) {
    struct params p = params_of();
    params_text(&p, lookup);
    params_text(&p, edition);
    struct store_lookup *found;
    size_t count;
    enum err e = list(db, STMT_lookup_newest, &p, a, &found, &count);
    if (e == OK && count == 0) e = ERR_NOT_FOUND;
    if (e == OK) *out = found[0];
    return e;
}

enum err store_lookup_lock(struct db *db, str lookup) {
    struct params p = params_of();
    params_text(&p, lookup);
    return db_query(db, STMT_lookup_lock, &p, NULL);
}

static void key_params(struct params *p, const struct store_lookup *l) {
    params_text(p, l->lookup);
    params_text(p, l->edition);
    params_int4(p, l->version);
}

static enum err put_pieces(struct db *db, const struct store_lookup *l, str pack) {
    enum err e = OK;
    for (size_t at = 0, piece = 0; e == OK && at < pack.n; at += PIECE, piece++) {
        struct params p = params_of();
        key_params(&p, l);
        params_int4(&p, (int32_t)piece);
        params_bytes(&p, pack.p + at, pack.n - at < PIECE ? pack.n - at : PIECE);
        e = db_query(db, STMT_lookup_pack_put, &p, NULL);
    }
    return e;
}

static enum err tell(struct db *db, const struct store_lookup *l, str correlation) {
    char hex[SHA256_HEX];
    struct buf detail = BUF_EMPTY, object = BUF_EMPTY;
    struct json j = json_to(&detail);
    json_object_begin(&j);
    json_field_str(&j, "edition", l->edition);
    json_field_int(&j, "version", l->version);
    json_field_int(&j, "rows", l->rows);
    json_field_cstr(&j, "sha256", hex_format(l->sha256, SHA256_BYTES, hex));
    json_field_str(&j, "correlation", correlation);
    json_end(&j);
    buf_printf(&object, "lookups/%.*s", STR_ARG(l->lookup));
    enum err e =
        audit_append(db, &(struct audit_line){STR(""), l->received_at, l->key_id, STR("LOOKUP_LOADED"),
                                              buf_str(&object), buf_str(&detail)});
    buf_free(&detail);
    buf_free(&object);
    return e;
}

static enum err lock_services(struct db *db, struct store_lookup *l) {
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_services_lock, NULL, &rows);
    if (e != OK) return e;
    int64_t at = instant_after(rows_instant(&rows, 0, 0));
    if (at > l->received_at) l->received_at = at;
    return OK;
}

static enum err stamp_services(struct db *db, int64_t at) {
    struct params p = params_of();
    params_instant(&p, at);
    return db_query(db, STMT_services_stamp, &p, NULL);
}

enum err store_lookup_put(struct db *db, struct store_lookup *l, str pack, str correlation) {
    bool everywhere = str_is(l->lookup, "bank-holidays");
    enum err e = everywhere ? lock_services(db, l) : OK;
    if (e != OK) return e;
    struct params p = params_of();
    key_params(&p, l);
    params_instant(&p, l->received_at);
    params_text(&p, l->key_id);
    params_bytes(&p, l->sha256, sizeof l->sha256);
    params_int8(&p, (int64_t)l->bytes);
    params_int4(&p, (int32_t)l->rows);
    params_int8(&p, (int64_t)pack.n);
    e = db_query(db, STMT_lookup_put, &p, NULL);
    if (e == OK) e = put_pieces(db, l, pack);
    if (e == OK && everywhere) e = stamp_services(db, l->received_at);
    return e == OK ? tell(db, l, correlation) : e;
}

enum err store_lookup_pack(struct db *db, const struct store_lookup *l, struct buf *out) {
    enum err e = OK;
    buf_reserve(out, l->pack_bytes);
    for (size_t at = 0, piece = 0; e == OK && at < l->pack_bytes; at += PIECE, piece++) {
        struct params p = params_of();
        key_params(&p, l);
        params_int4(&p, (int32_t)piece);
        ROWS rows = ROWS_NONE;
        e = db_query(db, STMT_lookup_pack_get, &p, &rows);
        if (e == OK && rows_count(&rows) != 1) e = ERR_INTERNAL;
        if (e == OK) buf_add_str(out, rows_text(&rows, 0, 0));
    }
    return e;
}

enum err store_version_lookup_put(struct db *db, str service, str provider, int16_t period, enum part_id part,
                                  int32_t version, const struct store_lookup *l) {
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, provider);
    params_int2(&p, period);
    params_int2(&p, (int16_t)part);
    params_int4(&p, version);
    key_params(&p, l);
    return db_query(db, STMT_version_lookup_put, &p, NULL);
}

enum err store_version_lookups_list(struct db *db, str service, str provider, int16_t period, struct arena *a,
                                    struct store_version_lookup **out, size_t *out_count) {
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, provider);
    params_int2(&p, period);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_version_lookups_list, &p, &rows);
    if (e != OK) return e;
    int n = rows_count(&rows);
    struct store_version_lookup *all = ARENA_ARRAY(a, struct store_version_lookup, (size_t)n + 1);
    for (int i = 0; i < n; i++)
        all[i] = (struct store_version_lookup){
            .part = (enum part_id)rows_int2(&rows, i, 0),
            .version = rows_int4(&rows, i, 1),
            .lookup = arena_str(a, rows_text(&rows, i, 2)),
            .edition = arena_str(a, rows_text(&rows, i, 3)),
            .lookup_version = rows_int4(&rows, i, 4),
        };
    *out = all;
    *out_count = (size_t)n;
    return OK;
}
