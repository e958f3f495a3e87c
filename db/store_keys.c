/* store_keys: API keys, of which only the hash of the secret is known here. Making and revoking one is a
 * transaction of its own, with its audit line; every process is told at commit. */
#include "base/json.h"
#include "db/audit.h"
#include "db/statements.h"
#include "db/store.h"

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

struct key_work {
    const struct store_key *key; /* NULL when revoking */
    str id, actor;
};

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
    return db_query(db, STMT_key_insert, &p, NULL);
}

static enum err run_put(struct db *db, void *context, struct fault *fault) {
    (void)fault;
    const struct key_work *w = context;
    const struct store_key *k = w->key;
    char until[INSTANT_TEXT];
    struct buf detail = BUF_EMPTY;
    struct json j = json_to(&detail);
    json_object_begin(&j);
    json_field_int(&j, "role", k->role);
    json_field_str(&j, "service", k->service);
    json_field_str(&j, "provider", k->provider);
    json_field_str(&j, "audience", k->audience);
    json_field_cstr(&j, "expiresAt", instant_format(k->expires_at, until));
    json_end(&j);
    enum err e = insert_key(db, k);
    if (e == OK) e = audit_open(db, k->service);
    if (e == OK) e = tell_of_key(db, k->service, k->id, w->actor, STR("KEY_ISSUED"), buf_str(&detail));
    buf_free(&detail);
    return e;
}

/* A key with this id and this secret can only be ours. */
static enum err settle_put(struct db *db, void *context, struct fault *fault) {
    (void)fault;
    const struct key_work *w = context;
    struct params p = params_of();
    params_text(&p, w->key->id);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_key_get, &p, &rows);
    if (e != OK) return e;
    return rows_count(&rows) == 1 ? OK : ERR_NOT_FOUND;
}

static str or_empty(str s) {
    return s.p ? s : STR("");
}

enum err store_key_put(struct db *db, const struct store_key *key, str actor) {
    struct store_key k = *key;
    k.service = or_empty(k.service);
    k.provider = or_empty(k.provider);
    k.label = or_empty(k.label);
    struct key_work w = {.key = &k, .id = k.id, .actor = actor};
    return db_transaction(db, &(struct db_work){.run = run_put, .settle = settle_put, .context = &w}, NULL);
}

static enum err run_revoke(struct db *db, void *context, struct fault *fault) {
    (void)fault;
    const struct key_work *w = context;
    struct params p = params_of();
    params_text(&p, w->id);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_key_revoke, &p, &rows);
    if (e != OK) return e;
    if (rows_count(&rows) == 0) return ERR_NOT_FOUND;
    return tell_of_key(db, rows_text(&rows, 0, 0), w->id, w->actor, STR("KEY_REVOKED"), STR("{}"));
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
    return db_transaction(db, &(struct db_work){.run = run_revoke, .settle = settle_revoke, .context = &w},
                          NULL);
}
