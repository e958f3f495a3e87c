/* GET, POST /v1/keys, DELETE /v1/keys/{id}, POST /v1/keys/{id}/rotation: the admin's keys to all doors. The text of a key is in the
 * answer that makes it and nowhere else. Revocation is in force here when the answer comes, elsewhere within 2 seconds.
 *
 * An admin's key of one service sees and makes keys of that service alone. */
#include "base/key_format.h"
#include "handlers/handlers.h"
#include "handlers/json_body.h"
#include "handlers/key_right.h"
#include "handlers/once.h"
#include "handlers/page.h"

struct ask {
    struct request *r;
    struct reply *p;
    str id; /* of the path */
    struct store_key key;
    char text[KEY_TEXT]; /* of a new key; wiped at the end */
    uint64_t days, overlap_hours;
    /* the list */
    struct page page;
    str service, provider, state;
    int role;
};

/* ---- the answer ---- */

static void write_scope(void *context, const char *name) {
    json_cstr(context, name);
}

static void write_lists(struct json *j, const struct store_key *k) {
    str rest = k->addresses;
    json_key(j, "scopes");
    json_array_begin(j);
    key_scopes_each(k->scopes, write_scope, j);
    json_end(j);
    json_key(j, "addresses");
    json_array_begin(j);
    while (rest.n)
        json_str(j, str_cut(&rest, ','));
    json_end(j);
}

static str or_null(str s) {
    return s.n ? s : STR_NONE;
}

/* text: NULL where the answer has no such member, "" where it is not shown again. */
static void write_key(struct json *j, const struct store_key *k, const char *text) {
    char at[INSTANT_TEXT];
    json_object_begin(j);
    json_field_str(j, "id", k->id);
    if (text) json_field_str(j, "key", *text ? str_of(text) : STR_NONE);
    json_field_cstr(j, "state", key_state(k, instant_now()));
    json_field_cstr(j, "role", key_role_name(k->role));
    json_field_str(j, "service", or_null(k->service));
    json_field_str(j, "provider", or_null(k->provider));
    json_field_cstr(j, "audience", str_is(k->audience, "public") ? "PUBLIC" : "INTERNAL");
    json_field_str(j, "label", or_null(k->label));
    write_lists(j, k);
    json_field_cstr(j, "createdAt", instant_format(k->created_at, at));
    json_field_cstr(j, "expiresAt", instant_format(k->expires_at, at));
    json_field_cstr(j, "revokedAt", k->revoked_at == INSTANT_NONE ? NULL : instant_format(k->revoked_at, at));
    json_field_cstr(j, "lastUsedOn", k->last_used_on == DAY_NONE ? NULL : day_format(k->last_used_on, at));
    json_field_str(j, "replacedBy", or_null(k->replaced_by));
    json_field_bool(j, "sample", k->sample);
    json_end(j);
}

static void write_one(struct ask *ask, const char *text) {
    struct json j = json_to(&ask->p->body);
    buf_clear(&ask->p->body);
    write_key(&j, &ask->key, text);
}

/* ---- whose ---- */

static bool is_within_reach(const struct ask *ask, const struct store_key *k) {
    str own = str_of(ask->r->who->service);
    return !own.n || str_eq(own, k->service);
}

static enum err find(struct ask *ask, struct db *db, struct fault *fault) {
    enum err e = store_key_get(db, ask->id, ask->r->arena, &ask->key);
    if (e == OK && !is_within_reach(ask, &ask->key)) e = ERR_NOT_FOUND;
    if (e != ERR_NOT_FOUND) return e;
    return request_hides(ask->r, fail(fault, e, "There is no key '%.*s'.", STR_ARG(ask->id)));
}

/* ---- the list ---- */

static bool is_wanted(const struct ask *ask, const struct store_key *k) {
    return is_within_reach(ask, k) && (!ask->role || ask->role == k->role) &&
           (!ask->service.p || str_eq(ask->service, k->service)) &&
           (!ask->provider.p || str_eq(ask->provider, k->provider)) &&
           (!ask->state.p || str_is(ask->state, key_state(k, instant_now())));
}

static enum err run_list(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    struct store_key *all, of = {.service = ask->service};
    size_t count, wanted = 0;
    buf_clear(&ask->p->body);
    enum err e = key_right_exists(db, &of, ask->r->arena, fault);
    if (e == OK) e = store_keys_list(db, ask->r->arena, &all, &count);
    if (e != OK) return e;
    for (size_t i = 0; i < count; i++)
        if (is_wanted(ask, &all[i])) all[wanted++] = all[i];
    struct json j = json_to(&ask->p->body);
    page_begin(&ask->page, &j, wanted);
    for (size_t i = ask->page.from; i < ask->page.to; i++)
        write_key(&j, &all[i], NULL);
    page_end(&ask->page, &j);
    return OK;
}

static enum err ask_role(struct request *r, int *out) {
    str name = request_query(r, "role");
    if (!name.p || key_role_parse(name, out)) return OK;
    return fail(&r->fault, ERR_BAD_PARAMETER,
                "'%.*s' is no role; write ADMIN, COMMISSIONER, CHECKER, PROVIDER or FEED.", STR_ARG(name));
}

static enum err ask_state(struct request *r, str *out) {
    *out = request_query(r, "state");
    if (!out->p || str_is(*out, "IN_FORCE") || str_is(*out, "EXPIRED") || str_is(*out, "REVOKED")) return OK;
    return fail(&r->fault, ERR_BAD_PARAMETER, "'%.*s' is no state; write IN_FORCE, EXPIRED or REVOKED.",
                STR_ARG(*out));
}

enum err handle_keys_list(struct request *r, struct reply *p) {
    struct ask ask = {
        .r = r, .p = p, .service = request_query(r, "service"), .provider = request_query(r, "provider")};
    enum err e = page_ask(r, &ask.page);
    if (e == OK) e = ask_role(r, &ask.role);
    if (e == OK) e = ask_state(r, &ask.state);
    if (e != OK) return e;
    e = db_transaction(db_of(r), &(struct db_work){.run = run_list, .context = &ask, .read_only = true},
                       &r->fault);
    p->no_store = true;
    if (e == OK) reply_etag_of_body(p);
    return e;
}

/* ---- issuing ---- */

static enum err read_role(struct request *r, const json_t *body, int *out) {
    str name = STR_NONE;
    enum err e = json_body_take_text(r, body, "role", &name);
    if (e != OK) return e;
    if (!name.n)
        return fail(&r->fault, ERR_MISSING_VALUE,
                    "Say the role: ADMIN, COMMISSIONER, CHECKER, PROVIDER or FEED.");
    if (key_role_parse(name, out)) return OK;
    return fail(&r->fault, ERR_INVALID,
                "/role '%.*s' is none; write ADMIN, COMMISSIONER, CHECKER, PROVIDER or FEED.", STR_ARG(name));
}

static enum err read_audience(struct request *r, const json_t *body, str *out) {
    str name = STR("INTERNAL");
    enum err e = json_body_take_text(r, body, "audience", &name);
    if (e != OK) return e;
    *out = str_eq_nocase(name, STR("internal")) ? STR("internal") : STR("public");
    if (!str_eq_nocase(name, *out))
        return fail(&r->fault, ERR_INVALID, "/audience must be INTERNAL or PUBLIC.");
    return OK;
}

static enum err read_right(struct ask *ask, const json_t *body) {
    struct request *r = ask->r;
    struct store_key *k = &ask->key;
    str scopes = STR("");
    enum err e = read_role(r, body, &k->role);
    if (e == OK) e = json_body_take_text(r, body, "service", &k->service);
    if (e == OK) e = json_body_take_text(r, body, "provider", &k->provider);
    if (e == OK) e = read_audience(r, body, &k->audience);
    if (e == OK) e = json_body_take_text(r, body, "label", &k->label);
    if (e == OK) e = json_body_take_list(r, body, "scopes", &scopes);
    if (e == OK) e = json_body_take_list(r, body, "addresses", &k->addresses);
    if (e == OK) e = json_body_take_number(r, body, "expiresDays", 1, KEY_DAYS_MOST, &ask->days);
    if (e == OK) e = key_scopes_parse(scopes, &k->scopes, &r->fault);
    if (e == OK) e = key_right_check(k, r->arena, &r->fault);
    return e;
}

/* What the body names and is not there is wrong content, not a wrong address. */
static enum err check_exists(struct ask *ask, struct db *db, struct fault *fault) {
    if (!is_within_reach(ask, &ask->key))
        return fail(fault, ERR_INVALID, "This key issues keys of the service %s alone; name it.",
                    ask->r->who->service);
    enum err e = key_right_exists(db, &ask->key, ask->r->arena, fault);
    if (e == ERR_NOT_FOUND && fault) fault->err = ERR_INVALID;
    return e == ERR_NOT_FOUND ? ERR_INVALID : e;
}

static enum err run_issue(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    enum err e = check_exists(ask, db, fault);
    if (e == OK) e = store_key_issue(db, &ask->key, str_of(ask->r->who->key_id));
    return e;
}

/* A key with this id can only be ours. */
static enum err settle_new(struct db *db, void *context, struct fault *fault) {
    (void)fault;
    struct ask *ask = context;
    struct store_key found;
    return store_key_get(db, ask->key.id, ask->r->arena, &found);
}

/* What is kept of the answer for an Idempotency-Key has no text. */
static void finish_new(void *context) {
    struct ask *ask = context;
    write_one(ask, "");
    ask->p->status = 201;
    reply_header(ask->r, ask->p, "Location",
                 arena_printf(ask->r->arena, "/v1/keys/%.*s", STR_ARG(ask->key.id)));
}

/* Not a word is said when this process does not know the key yet: it will within 2 seconds, and the text is shown only once. */
static enum err make_once(struct ask *ask, enum err (*run)(struct db *, void *, struct fault *)) {
    enum err e =
        once(ask->r, ask->p, &(struct db_work){.run = run, .settle = settle_new, .context = ask}, finish_new);
    if (e == OK && !once_was_replayed(ask->p)) {
        app_of(ask->r)->know_keys();
        write_one(ask, ask->text);
    }
    explicit_bzero(ask->text, sizeof ask->text);
    return e;
}

enum err handle_key_issue(struct request *r, struct reply *p) {
    struct ask ask = {
        .r = r,
        .p = p,
        .key = {.service = STR(""), .provider = STR(""), .label = STR(""), .addresses = STR("")},
        .days = KEY_DAYS_DEFAULT};
    json_t *body = NULL;
    p->no_store = true;
    enum err e =
        json_body_read_any(r, "role service provider audience label scopes addresses expiresDays", &body);
    if (e != OK) return e;
    e = read_right(&ask, body);
    json_decref(body);
    if (e != OK) return e;
    key_right_make(&ask.key, r->arena, ask.text, instant_now(), ask.days);
    return make_once(&ask, run_issue);
}

/* ---- rotation ---- */

static enum err run_rotate(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    int64_t now = instant_now();
    enum err e = find(ask, db, fault);
    if (e != OK) return e;
    if (str_is(str_of(key_state(&ask->key, now)), "EXPIRED"))
        return fail(fault, ERR_CONFLICT, "The key %.*s has expired; issue another.", STR_ARG(ask->id));
    struct store_key next = key_right_next(&ask->key, ask->r->arena, ask->text, now, ask->days);
    e = store_key_replace(db, ask->id, &next, now + (int64_t)ask->overlap_hours * INT64_C(3600000000),
                          str_of(ask->r->who->key_id));
    if (e == ERR_CONFLICT)
        return fail(fault, e,
                    "The key %.*s is revoked, or was replaced already; rotate the one that took its place.",
                    STR_ARG(ask->id));
    if (e == OK) ask->key = next;
    return e;
}

enum err handle_key_rotate(struct request *r, struct reply *p) {
    struct ask ask = {.r = r,
                      .p = p,
                      .id = request_param(r, "id"),
                      .days = KEY_DAYS_DEFAULT,
                      .overlap_hours = KEY_OVERLAP_DEFAULT};
    json_t *body = NULL;
    p->no_store = true;
    enum err e = json_body_read_any(r, "overlapHours expiresDays", &body);
    if (e != OK) return e;
    e = json_body_take_number(r, body, "overlapHours", 0, KEY_OVERLAP_MOST, &ask.overlap_hours);
    if (e == OK) e = json_body_take_number(r, body, "expiresDays", 1, KEY_DAYS_MOST, &ask.days);
    json_decref(body);
    if (e != OK) return e;
    return make_once(&ask, run_rotate);
}

/* ---- revoking ---- */

static enum err run_revoke(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    enum err e = find(ask, db, fault);
    if (e == OK) e = store_key_revoke_in(db, ask->id, str_of(ask->r->who->key_id));
    if (e == OK) e = find(ask, db, fault); /* with its instant */
    if (e == OK) write_one(ask, NULL);
    return e;
}

/* Revoking twice does no harm: run again. */
static enum err settle_revoke(struct db *db, void *context, struct fault *fault) {
    (void)db;
    (void)context;
    (void)fault;
    return ERR_NOT_FOUND;
}

enum err handle_key_revoke(struct request *r, struct reply *p) {
    struct ask ask = {.r = r, .p = p, .id = request_param(r, "id")};
    p->no_store = true;
    enum err e = db_transaction(
        db_of(r), &(struct db_work){.run = run_revoke, .settle = settle_revoke, .context = &ask}, &r->fault);
    if (e != OK || app_of(r)->know_keys()) return e;
    return fail(&r->fault, ERR_UNAVAILABLE,
                "The key is revoked, but this process could not read the keys anew");
}
