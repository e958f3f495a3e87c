/* GET and PUT /v1/services/{service}/providers/{provider}: who returns what, and for which quarters it is expected. A change is a new
 * version of the service's framework, stored with the provider, the audit line and the event in one transaction; the framework's own
 * reader judges it, so that nothing is taken here that a file could not say.
 *
 * What would surprise: a change is made in every version that rates a quarter that is not locked, so that it holds now also where a later
 * version is stored already; each becomes a version of its own from the same quarter on. A period does not become final because the last provider that was missing is no longer expected; the next
 * sign-off, or the commissioner's finalisation, makes it so. */
#include <stdio.h>

#include "handlers/framework_effect.h"
#include "handlers/handlers.h"
#include "handlers/json_body.h"
#include "handlers/page.h"
#include "handlers/provider_entry.h"

struct ask {
    struct request *r;
    struct reply *p;
    str service, provider;
    json_t *body; /* PUT */
    bool made;
};

static enum err load_file(struct ask *ask, struct db *db, const struct service_view *v, int version,
                          json_t **out) {
    str text;
    json_error_t error;
    enum err e = store_framework_get(db, v->service.framework_id, version, ask->r->arena, &text);
    if (e != OK) return e;
    *out = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &error);
    return *out ? OK : ERR_INTERNAL; /* the cache has read it a moment ago */
}

static void write_entry(struct ask *ask, const json_t *entry) {
    buf_clear(&ask->p->body);
    struct json j = json_to(&ask->p->body);
    provider_entry_write(&j, ask->service, entry);
}

static int16_t now_of(const struct ask *ask) {
    return period_of_day(app_today(app_of(ask->r)));
}

static enum err no_provider(struct ask *ask, struct fault *fault) {
    return fail(fault, ERR_NOT_FOUND, "There is no provider '%.*s' in the framework of service '%.*s'.",
                STR_ARG(ask->provider), STR_ARG(ask->service));
}

/* ---- GET ---- */

static enum err run_get(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    struct service_view view;
    json_t *file = NULL;
    enum err e = service_view_load(ask->r, ask->service, INSTANT_NONE, now_of(ask), &view, fault);
    if (e == OK) e = load_file(ask, db, &view, view.framework->version, &file);
    if (e != OK) return e;
    const json_t *entry = provider_entry_find(file, ask->provider, NULL);
    if (entry) write_entry(ask, entry);
    json_decref(file);
    return entry ? OK : no_provider(ask, fault);
}

enum err handle_provider_get(struct request *r, struct reply *p) {
    struct ask ask = {
        .r = r, .p = p, .service = request_param(r, "service"), .provider = request_param(r, "provider")};
    enum err e = db_transaction(
        db_of(r), &(struct db_work){.run = run_get, .context = &ask, .read_only = true}, &r->fault);
    if (e == OK) reply_etag_of_body(p);
    return e;
}

/* ---- PUT ---- */

/* The ETag is that of the provider as it is answered, not of the framework: a change elsewhere in the file is no conflict. */
static enum err check_match(struct ask *ask, const json_t *old, struct fault *fault) {
    str want = request_header(ask->r, "If-Match"), none = request_header(ask->r, "If-None-Match");
    if (old && none.p && str_is(str_trim(none), "*"))
        return fail(fault, ERR_STALE, "If-None-Match: * asks for a new provider, but '%.*s' is here already.",
                    STR_ARG(ask->provider));
    if (!want.p) return OK;
    if (!old)
        return fail(fault, ERR_STALE,
                    "If-Match needs a provider that is here; '%.*s' is not. Send it without.",
                    STR_ARG(ask->provider));
    struct reply as_it_is = {.status = 0};
    struct json j = json_to(&as_it_is.body);
    provider_entry_write(&j, ask->service, old);
    reply_etag_of_body(&as_it_is);
    buf_free(&as_it_is.body);
    for (str rest = want, one = str_cut(&rest, ','); one.p; one = str_cut(&rest, ','))
        if (str_is(str_trim(one), "*") || str_is(str_trim(one), as_it_is.etag)) return OK;
    return fail(
        fault, ERR_STALE,
        "The provider has changed since you read it. Read it again, bring your change into it, and send it with "
        "If-Match: %s.",
        as_it_is.etag);
}

/* The whole file with the entry in it, judged as a file would be. */
static enum err judge_file(struct ask *ask, json_t *file, json_t *entry, struct fault *fault, str *out_text) {
    size_t index;
    struct framework *judged = NULL;
    provider_entry_find(file, ask->provider, &index);
    provider_entry_place(file, ask->provider, entry);
    char *text = json_dumps(file, JSON_INDENT(2));
    if (!text) return fail(fault, ERR_INVALID, "A text of the body is no UTF-8.");
    *out_text = arena_str(ask->r->arena, str_of(text));
    free(text);
    enum err e = framework_parse(*out_text, 0, fault, &judged);
    if (e != OK) provider_entry_relate(fault, index);
    framework_free(judged);
    return e;
}

static str text_of(struct ask *ask, const json_t *entry, const char *name) {
    const json_t *v = json_object_get(entry, name);
    return json_is_string(v) ? arena_str(ask->r->arena, (str){json_string_value(v), json_string_length(v)})
                             : STR("");
}

/* A file that names its quarter names the one that it is stored for. */
static void say_effect(json_t *file, int16_t from) {
    char text[PERIOD_TEXT];
    if (from && json_is_string(json_object_get(file, "effectiveFrom")))
        json_object_set_new(file, "effectiveFrom", json_string(period_format(from, text)));
}

/* One of the versions that rate open quarters, from its first open one on. *changed: whether one before it was stored anew; then it must
 * be, too, or that one would take its quarters. */
static enum err store_version(struct ask *ask, struct db *db, const struct service_view *v, size_t i,
                              int16_t first_open, json_t *entry, bool *changed, struct fault *fault) {
    const struct dated_version *of = &v->service.versions[i];
    json_t *file = NULL;
    str text;
    int version;
    bool stored;
    enum err e = load_file(ask, db, v, of->version, &file);
    if (e != OK) return e;
    json_t *old = provider_entry_find(file, ask->provider, NULL);
    int16_t from = of->from < first_open ? first_open : of->from;
    *changed |= !old || !json_equal(old, entry);
    say_effect(file, from);
    e = judge_file(ask, file, entry, fault, &text);
    if (e == OK && *changed)
        e = store_framework_put(db, v->service.framework_id, ask->service, v->service.name, text, from,
                                str_of(ask->r->who->key_id), &version, &stored);
    json_decref(file);
    return e;
}

static enum err store_versions(struct ask *ask, struct db *db, const struct service_view *v, json_t *entry,
                               bool *out_changed, struct fault *fault) {
    struct store_period *periods;
    size_t count, versions = v->service.version_count;
    enum err e = store_periods_list(db, ask->service, -1, INSTANT_NONE, ask->r->arena, &periods, &count);
    if (e != OK) return e;
    int16_t first_open = framework_first_open(&v->in_force, periods, count, app_today(app_of(ask->r)));
    *out_changed = false;
    for (size_t i = 0; i < versions && e == OK; i++) {
        bool over = i + 1 < versions && v->service.versions[i + 1].from <= first_open;
        if (!over) e = store_version(ask, db, v, i, first_open, entry, out_changed, fault);
    }
    return e;
}

static enum err change(struct ask *ask, struct db *db, const struct service_view *v, json_t *file,
                       struct fault *fault) {
    json_t *old = provider_entry_find(file, ask->provider, NULL), *entry = NULL;
    str actor = str_of(ask->r->who->key_id);
    bool changed = false;
    ask->made = old == NULL;
    enum err e = check_match(ask, old, fault);
    if (e == OK) e = provider_entry_make(ask->body, ask->service, ask->provider, fault, &entry);
    if (e != OK) return e;
    write_entry(ask, entry);
    /* The provider's row before the service's: the order of uploads, so that none waits for the other in a ring. */
    if (!old || !json_equal(old, entry))
        e = store_provider_put(db, ask->service, ask->provider, text_of(ask, entry, "name"),
                               text_of(ask, entry, "group"), actor);
    if (e == OK) e = store_versions(ask, db, v, entry, &changed, fault);
    if (e == OK && changed)
        e = store_provider_tell(db, ask->service, ask->provider, buf_str(&ask->p->body), actor,
                                str_of(ask->r->correlation));
    json_decref(entry);
    return e;
}

static enum err run_put(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    struct service_view view;
    json_t *file = NULL;
    enum err e = service_view_load(ask->r, ask->service, INSTANT_NONE, now_of(ask), &view, fault);
    if (e == OK) e = store_framework_lock(db, view.service.framework_id);
    /* What is changed is what is there now that nobody else can change it. */
    if (e == OK) e = service_view_load(ask->r, ask->service, INSTANT_NONE, now_of(ask), &view, fault);
    if (e == OK) e = load_file(ask, db, &view, view.framework->version, &file);
    if (e == OK) e = change(ask, db, &view, file, fault);
    json_decref(file);
    return e;
}

static enum err read_body(struct request *r, json_t **out) {
    json_error_t error;
    json_t *body = json_loadb(r->body.n ? r->body.p : "", r->body.n, JSON_REJECT_DUPLICATES, &error);
    if (!body) return json_body_malformed(&r->fault, &error);
    if (!json_is_object(body)) {
        json_decref(body);
        return fail(&r->fault, ERR_INVALID, "Send a JSON object with name and expectedParts.");
    }
    *out = body;
    return OK;
}

enum err handle_provider_put(struct request *r, struct reply *p) {
    struct ask ask = {
        .r = r, .p = p, .service = request_param(r, "service"), .provider = request_param(r, "provider")};
    enum err e = read_body(r, &ask.body);
    if (e != OK) return e;
    e = db_transaction(db_of(r), &(struct db_work){.run = run_put, .context = &ask}, &r->fault);
    json_decref(ask.body);
    if (e != OK) return e;
    p->status = ask.made ? 201 : 200;
    if (ask.made) reply_header(r, p, "Location", r->path);
    p->no_store = true;
    reply_etag_of_body(p);
    return OK;
}
