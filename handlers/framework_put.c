/* PUT /v1/frameworks/{id}: a new version of a framework, judged as a whole by its own reader (kpi/framework.c), which names the JSON
 * pointer of what is wrong. The answer says what it does to history; ?dryRun=true answers the same and stores nothing.
 *
 * What would surprise: the bytes are kept as they were sent, and the same bytes again make no new version. Locked quarters keep the version
 * that they have (handlers/framework_effect.h). */
#include <stdio.h>

#include "handlers/framework_effect.h"
#include "handlers/framework_preview.h"
#include "handlers/handlers.h"
#include "handlers/page.h"
#include "kpi/config.h"

struct ask {
    struct request *r;
    struct reply *p;
    str id;
    bool dry_run;
    struct framework *next; /* read once, whatever the transaction repeats */
    int version;            /* stored, or the one in force where nothing changes */
    bool changed;
    int16_t from; /* the first quarter that it rates; 0: from the beginning */
};

/* The service that has the framework, if the key may see it. */
static enum err find_service(struct ask *ask, struct db *db, struct fault *fault, str *out) {
    struct store_service *services;
    size_t count;
    enum err e = store_services_list(db, ask->r->arena, &services, &count);
    if (e != OK) return e;
    for (size_t i = 0; i < count; i++) {
        bool mine = !ask->r->who->service[0] || str_is(services[i].id, ask->r->who->service);
        if (!mine || !str_eq(services[i].framework_id, ask->id)) continue;
        *out = services[i].id;
        return OK;
    }
    return request_hides(ask->r,
                         fail(fault, ERR_NOT_FOUND, "There is no framework '%.*s'.", STR_ARG(ask->id)));
}

static enum err check_names(const struct ask *ask, str service, struct fault *fault) {
    if (!str_is(ask->id, ask->next->id))
        return fail(fault, ERR_INVALID, "/id: is \"%s\", but the address says \"%.*s\". Make them the same.",
                    ask->next->id, STR_ARG(ask->id));
    if (!str_is(service, ask->next->service))
        return fail(
            fault, ERR_INVALID,
            "/service: is \"%s\", but framework %.*s belongs to \"%.*s\". A framework stays with its service.",
            ask->next->service, STR_ARG(ask->id), STR_ARG(service));
    return OK;
}

static enum err check_match(const struct ask *ask, int version, struct fault *fault) {
    str want = request_header(ask->r, "If-Match");
    char have[16];
    if (!want.p) return OK;
    snprintf(have, sizeof have, "\"v%d\"", version);
    for (str rest = want, one = str_cut(&rest, ','); one.p; one = str_cut(&rest, ','))
        if (str_is(str_trim(one), "*") || str_is(str_trim(one), have)) return OK;
    return fail(
        fault, ERR_STALE,
        "If-Match names %.*s, but the newest version is %s. Read it, bring your change into it, and send with If-Match: %s.",
        STR_ARG(want), have, have);
}

/* Providers before the service's row: the order of uploads, so that none waits for the other in a ring. */
static enum err store(struct ask *ask, struct db *db) {
    const struct framework *f = ask->next;
    str service = str_of(f->service), actor = str_of(ask->r->who->key_id);
    enum err e = OK;
    for (size_t i = 0; i < f->provider_count && e == OK; i++) {
        const struct framework_provider *p = &f->providers[i];
        str group = p->group ? str_of(p->group) : STR("");
        e = store_provider_put(db, service, str_of(p->id), str_of(p->name), group, actor);
    }
    if (e != OK) return e;
    return store_framework_put(db, ask->id, service, str_of(f->title), ask->r->body, ask->from, actor,
                               &ask->version, &ask->changed);
}

static void write_warnings(struct json *j, const struct framework *f) {
    json_key(j, "warnings");
    json_array_begin(j);
    for (const struct config_warning *w = f->warnings; w; w = w->next) {
        json_object_begin(j);
        json_field_cstr(j, "pointer", w->pointer);
        json_field_cstr(j, "detail", w->detail);
        json_end(j);
    }
    json_end(j);
}

static enum err write(struct ask *ask, const struct service_view *view) {
    char text[INSTANT_TEXT];
    int16_t from = ask->from ? ask->from : period_of(ask->next->first_year, 1);
    int32_t as_at = app_today(app_of(ask->r));
    buf_clear(&ask->p->body);
    struct json j = json_to(&ask->p->body);
    json_object_begin(&j);
    json_field_str(&j, "id", ask->id);
    json_field_cstr(&j, "service", ask->next->service);
    json_field_int(&j, "version", ask->version);
    json_field_bool(&j, "dryRun", ask->dry_run);
    json_field_bool(&j, "stored", ask->changed && !ask->dry_run);
    json_field_cstr(&j, "effectiveFrom", period_format(from, text));
    json_field_cstr(&j, "asAt", day_format(as_at, text));
    write_warnings(&j, ask->next);
    enum err e = framework_preview_write(ask->r, view, ask->next, from, as_at, &j);
    json_end(&j);
    return e;
}

/* The same bytes again stay what they are, also when the quarter that they name has been locked since. */
static enum err find_effect(struct ask *ask, struct db *db, const struct service_view *view,
                            struct fault *fault) {
    const struct store_service *s = &view->service;
    if (ask->changed)
        return framework_effect_load(db, s->id, &view->in_force, ask->next, app_today(app_of(ask->r)), fault,
                                     &ask->from);
    for (size_t i = 0; i < s->version_count; i++)
        if (s->versions[i].version == ask->version) ask->from = s->versions[i].from;
    return OK;
}

static enum err run(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    struct service_view view;
    str service, body = STR_NONE;
    int16_t now = period_of_day(app_today(app_of(ask->r)));
    enum err e = find_service(ask, db, fault, &service);
    if (e == OK && !ask->next) e = framework_parse(ask->r->body, 0, fault, &ask->next);
    if (e == OK) e = check_names(ask, service, fault);
    if (e == OK && !ask->dry_run) e = store_framework_lock(db, ask->id);
    if (e == OK) e = service_view_load(ask->r, service, INSTANT_NONE, now, &view, fault);
    if (e == OK) e = check_match(ask, view.service.framework_version, fault);
    if (e == OK) e = store_framework_get(db, ask->id, view.service.framework_version, ask->r->arena, &body);
    if (e != OK) return e;
    ask->changed = !str_eq(body, ask->r->body);
    ask->version = view.service.framework_version + ask->changed;
    e = find_effect(ask, db, &view, fault);
    if (e == OK && !ask->dry_run) e = store(ask, db);
    return e == OK ? write(ask, &view) : e;
}

enum err handle_framework_put(struct request *r, struct reply *p) {
    struct ask ask = {.r = r, .p = p, .id = request_param(r, "id")};
    enum err e = request_flag(r, "dryRun", &ask.dry_run);
    if (e != OK) return e;
    e = db_transaction(db_of(r), &(struct db_work){.run = run, .context = &ask, .read_only = ask.dry_run},
                       &r->fault);
    if (ask.next) framework_free(ask.next);
    p->no_store = true;
    if (e == OK) snprintf(p->etag, sizeof p->etag, "\"v%d\"", ask.version);
    return e;
}
