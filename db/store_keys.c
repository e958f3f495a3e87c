/* store_keys: see the header. Rotation issues the new key before it ends the old one, since the old one names it. */
#include "db/store_keys.h"
#include "base/json.h"
#include "db/audit.h"
#include "db/statements.h"

static struct store_key key_of(const struct rows *rows, int row, struct arena *a) {
    struct store_key k = {
        .id = arena_str(a, rows_text(rows, row, 0)),
        .role = rows_int2(rows, row, 1),
        .service = arena_str(a, rows_text(rows, row, 2)),
        .provider = arena_str(a, rows_text(rows, row, 3)),
        .audience = arena_str(a, rows_text(rows, row, 4)),
        .label = arena_str(a, rows_text(rows, row, 5)),
        .created_at = rows_instant(rows, row, 7),
        .expires_at = rows_instant(rows, row, 8),
        .revoked_at = rows_instant(rows, row, 9),
        .sample = rows_bool(rows, row, 10),
        .scopes = rows_int4(rows, row, 11),
        .addresses = arena_str(a, rows_text(rows, row, 12)),
        .replaced_by = arena_str(a, rows_text(rows, row, 13)),
        .last_used_on = rows_is_null(rows, row, 14) ? DAY_NONE : rows_int4(rows, row, 14),
    };
    memcpy(k.secret_sha256, rows_text(rows, row, 6).p,
           sizeof k.secret_sha256); /* 32 bytes by the table's check */
    return k;
}

enum err store_keys_list(struct db *db, struct arena *a, struct store_key **out, size_t *out_count) {
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_keys_list, NULL, &rows);
    if (e != OK) return e;
    int n = rows_count(&rows);
    struct store_key *list = ARENA_ARRAY(a, struct store_key, (size_t)n);
    for (int i = 0; i < n; i++)
        list[i] = key_of(&rows, i, a);
    *out = list;
    *out_count = (size_t)n;
    return OK;
}

enum err store_key_get(struct db *db, str id, struct arena *a, struct store_key *out) {
    struct params p = params_of();
    params_text(&p, id);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_key_get, &p, &rows);
    if (e != OK) return e;
    if (rows_count(&rows) == 0) return ERR_NOT_FOUND;
    *out = key_of(&rows, 0, a);
    return OK;
}

/* ---- telling ---- */

static enum err tell_of_key(struct db *db, str stream, str id, str actor, str action, str detail) {
    struct buf object = BUF_EMPTY;
    buf_printf(&object, "keys/%.*s", STR_ARG(id));
    enum err e = db_query(db, STMT_keys_notify, NULL, NULL);
    if (e == OK)
        e = audit_append(
            db, &(struct audit_line){stream, instant_now(), actor, action, buf_str(&object), detail});
    buf_free(&object);
    return e;
}

static void write_right(struct buf *out, const struct store_key *k) {
    char until[INSTANT_TEXT];
    struct json j = json_to(out);
    json_object_begin(&j);
    json_field_int(&j, "role", k->role);
    json_field_int(&j, "scopes", k->scopes);
    json_field_str(&j, "service", k->service);
    json_field_str(&j, "provider", k->provider);
    json_field_str(&j, "audience", k->audience);
    json_field_str(&j, "addresses", k->addresses);
    json_field_cstr(&j, "expiresAt", instant_format(k->expires_at, until));
    json_end(&j);
}

/* ---- changing ---- */

static str or_empty(str s) {
    return s.p ? s : STR("");
}

static enum err insert_key(struct db *db, const struct store_key *k) {
    struct params p = params_of();
    params_text(&p, k->id);
    params_int2(&p, (int16_t)k->role);
    params_text(&p, k->service);
    params_text(&p, k->provider);
    params_text(&p, k->audience);
    params_text(&p, k->label);
    params_bytes(&p, k->secret_sha256, sizeof k->secret_sha256);
    params_instant(&p, k->created_at);
    params_instant(&p, k->expires_at);
    params_bool(&p, k->sample);
    params_int4(&p, k->scopes);
    params_text(&p, k->addresses);
    return db_query(db, STMT_key_insert, &p, NULL);
}

enum err store_key_issue(struct db *db, const struct store_key *key, str actor) {
    struct store_key k = *key;
    struct buf detail = BUF_EMPTY;
    k.service = or_empty(k.service);
    k.provider = or_empty(k.provider);
    k.label = or_empty(k.label);
    k.addresses = or_empty(k.addresses);
    write_right(&detail, &k);
    enum err e = insert_key(db, &k);
    if (e == OK) e = audit_open(db, k.service);
    if (e == OK) e = tell_of_key(db, k.service, k.id, actor, STR("KEY_ISSUED"), buf_str(&detail));
    buf_free(&detail);
    return e;
}

enum err store_key_revoke_in(struct db *db, str id, str actor) {
    struct params p = params_of();
    params_text(&p, id);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_key_revoke, &p, &rows);
    if (e != OK) return e;
    if (rows_count(&rows) == 0) return ERR_NOT_FOUND;
    return tell_of_key(db, rows_text(&rows, 0, 0), id, actor, STR("KEY_REVOKED"), STR("{}"));
}

enum err store_key_replace(struct db *db, str id, const struct store_key *next, int64_t ends_at, str actor) {
    char until[INSTANT_TEXT];
    struct buf detail = BUF_EMPTY;
    struct json j = json_to(&detail);
    json_object_begin(&j);
    json_field_str(&j, "by", next->id);
    json_field_cstr(&j, "endsAt", instant_format(ends_at, until));
    json_end(&j);
    struct params p = params_of();
    params_text(&p, id);
    params_text(&p, next->id);
    params_instant(&p, ends_at);
    ROWS rows = ROWS_NONE;
    enum err e = store_key_issue(db, next, actor);
    if (e == OK) e = db_query(db, STMT_key_replace, &p, &rows);
    if (e == OK && rows_count(&rows) == 0) e = ERR_CONFLICT;
    if (e == OK) e = tell_of_key(db, rows_text(&rows, 0, 0), id, actor, STR("KEY_ROTATED"), buf_str(&detail));
    buf_free(&detail);
    return e;
}

/* ---- transactions of their own ---- */

struct key_work {
    const struct store_key *key;
    str id, actor;
    int64_t ends_at;
};

static enum err run_put(struct db *db, void *context, struct fault *fault) {
    (void)fault;
    const struct key_work *w = context;
    return store_key_issue(db, w->key, w->actor);
}

/* A key with this id and this secret can only be ours. */
static enum err settle_new(struct db *db, void *context, struct fault *fault) {
    (void)fault;
    const struct key_work *w = context;
    struct arena a = ARENA_EMPTY;
    struct store_key found;
    enum err e = store_key_get(db, w->key->id, &a, &found);
    arena_free(&a);
    return e;
}

enum err store_key_put(struct db *db, const struct store_key *key, str actor) {
    struct key_work w = {.key = key, .actor = actor};
    return db_transaction(
        db, &(struct db_work){.run = run_put, .settle = settle_new, .context = &w, .aside = true}, NULL);
}

static enum err run_rotate(struct db *db, void *context, struct fault *fault) {
    (void)fault;
    const struct key_work *w = context;
    return store_key_replace(db, w->id, w->key, w->ends_at, w->actor);
}

enum err store_key_rotate(struct db *db, str id, const struct store_key *next, int64_t ends_at, str actor) {
    struct key_work w = {.key = next, .id = id, .actor = actor, .ends_at = ends_at};
    return db_transaction(
        db, &(struct db_work){.run = run_rotate, .settle = settle_new, .context = &w, .aside = true}, NULL);
}

static enum err run_revoke(struct db *db, void *context, struct fault *fault) {
    (void)fault;
    const struct key_work *w = context;
    return store_key_revoke_in(db, w->id, w->actor);
}

/* Revoking twice does no harm: always run again. */
static enum err settle_revoke(struct db *db, void *context, struct fault *fault) {
    (void)db;
    (void)context;
    (void)fault;
    return ERR_NOT_FOUND;
}

enum err store_key_revoke(struct db *db, str id, str actor) {
    struct key_work w = {.id = id, .actor = actor};
    return db_transaction(
        db, &(struct db_work){.run = run_revoke, .settle = settle_revoke, .context = &w, .aside = true},
        NULL);
}

/* ---- last use ---- */

struct uses {
    const struct store_key_use *list;
    size_t count;
};

static enum err run_used(struct db *db, void *context, struct fault *fault) {
    (void)fault;
    const struct uses *uses = context;
    enum err e = OK;
    for (size_t i = 0; e == OK && i < uses->count; i++) {
        struct params p = params_of();
        params_text(&p, str_of(uses->list[i].id));
        params_int4(&p, uses->list[i].day);
        e = db_query(db, STMT_key_used, &p, NULL);
    }
    return e;
}

enum err store_keys_used(struct db *db, const struct store_key_use *uses, size_t count) {
    struct uses all = {uses, count};
    if (!count) return OK;
    return db_transaction(
        db, &(struct db_work){.run = run_used, .settle = settle_revoke, .context = &all, .aside = true},
        NULL);
}
