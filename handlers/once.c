#include "handlers/once.h"

#include "base/date.h"
#include "db/store_idempotency.h"
#include "handlers/app.h"

static const char REPLAYED[] = "Idempotency-Replayed";
enum { KEY_MAX = 255 };

struct once {
    struct request *r;
    struct reply *p;
    const struct db_work *work;
    void (*finish)(void *context);
    struct store_idempotency name;
    uint8_t sha256[SHA256_BYTES];
};

bool once_was_replayed(const struct reply *p) {
    for (size_t i = 0; i < p->header_count; i++)
        if (str_is(p->headers[i].name, REPLAYED)) return true;
    return false;
}

/* ---- the answer ---- */

static str header_of(const struct reply *p, const char *name) {
    for (size_t i = 0; i < p->header_count; i++)
        if (str_is(p->headers[i].name, name)) return p->headers[i].value;
    return STR("");
}

static enum err keep(struct once *o, struct db *db) {
    struct store_answer a = {.status = o->p->status ? o->p->status : 200,
                             .location = header_of(o->p, "Location"),
                             .etag = str_of(o->p->etag),
                             .body = buf_str(&o->p->body)};
    memcpy(a.request_sha256, o->sha256, sizeof a.request_sha256);
    if (!a.body.p) a.body = STR("");
    return store_idempotency_put(db, &o->name, &a);
}

static enum err replay(struct once *o, const struct store_answer *a, struct fault *fault) {
    if (memcmp(a->request_sha256, o->sha256, sizeof o->sha256) != 0)
        return fail(fault, ERR_IDEMPOTENCY_KEY_REUSED,
                    "Another request was sent with this Idempotency-Key; take a new key for each request.");
    buf_clear(&o->p->body);
    buf_add_str(&o->p->body, a->body);
    o->p->status = a->status;
    o->p->header_count = 0;
    if (a->etag.n < sizeof o->p->etag) {
        memcpy(o->p->etag, a->etag.p, a->etag.n);
        o->p->etag[a->etag.n] = '\0';
    }
    if (a->location.n) reply_header(o->r, o->p, "Location", a->location);
    reply_header(o->r, o->p, REPLAYED, STR("true"));
    return OK;
}

/* ---- the transaction ---- */

static enum err run_new(struct once *o, struct db *db, struct fault *fault) {
    o->p->header_count = 0; /* of an earlier try */
    o->p->status = 0;
    enum err e = o->work->run(db, o->work->context, fault);
    if (e == OK && o->finish) o->finish(o->work->context);
    return e;
}

static enum err run_plain(struct db *db, void *context, struct fault *fault) {
    return run_new(context, db, fault);
}

static enum err settle_plain(struct db *db, void *context, struct fault *fault) {
    struct once *o = context;
    return o->work->settle(db, o->work->context, fault);
}

static enum err run_once(struct db *db, void *context, struct fault *fault) {
    struct once *o = context;
    struct store_answer before;
    bool ours;
    enum err e = store_idempotency_try(db, &o->name, &ours);
    if (e != OK) return e;
    if (!ours)
        return fail(fault, ERR_REQUEST_IN_PROGRESS,
                    "A request with this Idempotency-Key is still at work; send it again in a moment.");
    e = store_idempotency_get(db, &o->name, o->r->arena, &before);
    if (e == OK) return replay(o, &before, fault);
    if (e == ERR_NOT_FOUND) e = run_new(o, db, fault);
    return e == OK ? keep(o, db) : e;
}

/* The connection was lost at COMMIT: what was kept tells whether it came through. */
static enum err settle_once(struct db *db, void *context, struct fault *fault) {
    struct once *o = context;
    struct store_answer before;
    enum err e = store_idempotency_wait(db, &o->name);
    if (e == OK) e = store_idempotency_get(db, &o->name, o->r->arena, &before);
    return e == OK ? replay(o, &before, fault) : e;
}

/* ---- the request ---- */

static enum err read_name(struct once *o, str key) {
    struct request *r = o->r;
    bool good = key.n > 0 && key.n <= KEY_MAX;
    for (size_t i = 0; good && i < key.n; i++)
        good = key.p[i] > ' ' && key.p[i] <= '~';
    if (!good)
        return fail(&r->fault, ERR_BAD_REQUEST,
                    "Idempotency-Key must be 1 to %d visible ASCII characters; a UUID is a good one.",
                    KEY_MAX);
    o->name = (struct store_idempotency){str_of(r->who->service), str_of(r->who->provider),
                                         str_of(r->route->name), key};
    struct sha256 *sum = sha256_begin();
    sha256_add(sum, r->path.p, r->path.n);
    sha256_add(sum, "\n", 1);
    str match = request_header(r, "If-Match");
    if (match.n) sha256_add(sum, match.p, match.n);
    sha256_add(sum, "\n", 1);
    if (r->body.n) sha256_add(sum, r->body.p, r->body.n);
    sha256_end(sum, o->sha256);
    return OK;
}

enum err once(struct request *r, struct reply *p, const struct db_work *work, void (*finish)(void *context)) {
    struct once o = {.r = r, .p = p, .work = work, .finish = finish};
    str key = request_header(r, "Idempotency-Key");
    struct db_work all = {.run = run_plain, .settle = work->settle ? settle_plain : NULL, .context = &o};
    if (key.p && r->method == METHOD_POST) {
        enum err e = read_name(&o, key);
        if (e != OK) return e;
        all = (struct db_work){.run = run_once, .settle = settle_once, .context = &o};
    }
    return db_transaction(db_of(r), &all, &r->fault);
}

enum err once_purge(struct db *db) {
    db_act_for(db, DB_EVERYBODY);
    return store_idempotency_purge(db, instant_now() - (int64_t)ONCE_KEPT_DAYS * INT64_C(86400000000));
}
