#include "db/store_idempotency.h"

#include "base/buf.h"
#include "base/date.h"
#include "db/statements.h"

static struct params params_of_key(const struct store_idempotency *k) {
    struct params p = params_of();
    params_text(&p, k->service);
    params_text(&p, k->provider);
    params_text(&p, k->route);
    params_text(&p, k->key);
    return p;
}

/* Names have no spaces, so the parts cannot run into each other; the key comes last. */
static enum err lock(struct db *db, enum db_stmt stmt, const struct store_idempotency *k, bool *out_ours) {
    struct buf name = BUF_EMPTY;
    struct params p = params_of();
    ROWS rows = ROWS_NONE;
    buf_printf(&name, "%.*s %.*s %.*s %.*s", STR_ARG(k->service), STR_ARG(k->provider), STR_ARG(k->route),
               STR_ARG(k->key));
    params_text(&p, buf_str(&name));
    enum err e = db_query(db, stmt, &p, &rows);
    if (e == OK) *out_ours = rows_bool(&rows, 0, 0);
    buf_free(&name);
    return e;
}

enum err store_idempotency_try(struct db *db, const struct store_idempotency *k, bool *out_ours) {
    return lock(db, STMT_idempotency_try, k, out_ours);
}

enum err store_idempotency_wait(struct db *db, const struct store_idempotency *k) {
    bool ours;
    return lock(db, STMT_idempotency_wait, k, &ours);
}

enum err store_idempotency_get(struct db *db, const struct store_idempotency *k, struct arena *a,
                               struct store_answer *out) {
    struct params p = params_of_key(k);
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_idempotency_get, &p, &rows);
    if (e != OK) return e;
    if (rows_count(&rows) == 0) return ERR_NOT_FOUND;
    memcpy(out->request_sha256, rows_text(&rows, 0, 0).p, SHA256_BYTES); /* 32 bytes by the table's check */
    out->status = rows_int2(&rows, 0, 1);
    out->location = arena_str(a, rows_text(&rows, 0, 2));
    out->etag = arena_str(a, rows_text(&rows, 0, 3));
    out->body = arena_str(a, rows_text(&rows, 0, 4));
    return OK;
}

enum err store_idempotency_put(struct db *db, const struct store_idempotency *k,
                               const struct store_answer *answer) {
    struct params p = params_of_key(k);
    params_bytes(&p, answer->request_sha256, SHA256_BYTES);
    params_instant(&p, instant_now());
    params_int2(&p, (int16_t)answer->status);
    params_text(&p, answer->location);
    params_text(&p, answer->etag);
    params_bytes(&p, answer->body.p, answer->body.n);
    return db_query(db, STMT_idempotency_put, &p, NULL);
}

static enum err run_purge(struct db *db, void *context, struct fault *fault) {
    (void)fault;
    struct params p = params_of();
    params_instant(&p, *(const int64_t *)context);
    return db_query(db, STMT_idempotency_purge, &p, NULL);
}

enum err store_idempotency_purge(struct db *db, int64_t before) {
    return db_transaction(db, &(struct db_work){.run = run_purge, .context = &before, .aside = true}, NULL);
}
