/* The state of returns: one return, its history, and the list, which also shows who has not sent. */
#include <stdio.h>

#include "handlers/handlers.h"
#include "handlers/lookups_write.h"
#include "handlers/page.h"
#include "handlers/return_status.h"

struct ask {
    struct request *r;
    struct reply *p;
    str service, provider;
    int16_t period;
    struct page page;
    bool want_late; /* with ?late= */
};

#define NO_PROVIDER "There is no provider '%.*s' in service '%.*s'."

static enum err no_provider(struct fault *fault, str provider, str service) {
    return fail(fault, ERR_NOT_FOUND, NO_PROVIDER, STR_ARG(provider), STR_ARG(service));
}

/* ---- one return ---- */

static enum err run_get(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    struct service_view view;
    struct store_version *versions;
    size_t count;
    buf_clear(&ask->p->body);
    enum err e = service_view_load(ask->r, ask->service, INSTANT_NONE, ask->period, &view, fault);
    if (e != OK) return e;
    struct return_status status = {
        .service = ask->service,
        .provider = service_view_provider(&view, ask->provider),
        .expected = framework_provider_find(view.framework, ask->provider),
        .framework = view.framework,
        .period = ask->period,
    };
    if (!status.provider) return no_provider(fault, ask->provider, ask->service);
    e = store_versions_list(db, ask->service, ask->provider, ask->period, ask->r->arena, &versions, &count);
    if (e == OK) e = return_state_load(ask->r, &view, ask->provider, ask->period, &status.state);
    if (e != OK) return e;
    return_status_find(&status, versions, count);
    struct json j = json_to(&ask->p->body);
    return_status_write(&j, &status, app_today(app_of(ask->r)));
    return OK;
}

enum err handle_return_get(struct request *r, struct reply *p) {
    struct ask ask = {
        .r = r, .p = p, .service = request_param(r, "service"), .provider = request_param(r, "provider")};
    enum err e = target_period(r, &ask.period);
    if (e != OK) return e;
    e = db_transaction(db_of(r), &(struct db_work){.run = run_get, .context = &ask, .read_only = true},
                       &r->fault);
    if (e == OK) reply_etag_of_body(p);
    return e;
}

/* ---- history ---- */

static void write_version(struct json *j, const struct store_version *v,
                          const struct store_version_lookup *lookups, size_t lookup_count) {
    char text[INSTANT_TEXT], hex[SHA256_HEX];
    json_object_begin(j);
    json_field_cstr(j, "part", part_name(v->part));
    json_field_int(j, "version", v->version);
    json_field_cstr(j, "receivedAt", instant_format(v->received_at, text));
    json_field_str(j, "key", v->key_id);
    json_field_cstr(j, "sha256", hex_format(v->sha256, SHA256_BYTES, hex));
    json_field_str(j, "format", v->format);
    json_field_int(j, "bytes", (int64_t)v->bytes);
    json_field_int(j, "rows", v->rows);
    json_field_int(j, "created", v->created);
    json_field_int(j, "updated", v->updated);
    json_field_int(j, "unchanged", v->unchanged);
    json_field_int(j, "removed", v->removed);
    json_field_int(j, "warningCount", (int64_t)v->warnings);
    json_field_bool(j, "onTime", v->on_time);
    json_field_str(j, "reason", v->reason.n ? v->reason : STR_NONE);
    json_key(j, "lookups");
    version_lookups_write(j, lookups, lookup_count, v->part, v->version);
    json_end(j);
}

static enum err run_history(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    struct service_view view;
    struct store_version *versions;
    struct store_version_lookup *lookups;
    size_t count, lookup_count;
    buf_clear(&ask->p->body);
    enum err e = service_view_load(ask->r, ask->service, INSTANT_NONE, ask->period, &view, fault);
    if (e != OK) return e;
    if (!service_view_provider(&view, ask->provider)) return no_provider(fault, ask->provider, ask->service);
    e = store_versions_list(db, ask->service, ask->provider, ask->period, ask->r->arena, &versions, &count);
    if (e == OK)
        e = store_version_lookups_list(db, ask->service, ask->provider, ask->period, ask->r->arena, &lookups,
                                       &lookup_count);
    if (e != OK) return e;
    struct json j = json_to(&ask->p->body);
    page_begin(&ask->page, &j, count);
    for (size_t i = ask->page.from; i < ask->page.to; i++)
        write_version(&j, &versions[i], lookups, lookup_count);
    page_end(&ask->page, &j);
    return OK;
}

enum err handle_return_history(struct request *r, struct reply *p) {
    struct ask ask = {
        .r = r, .p = p, .service = request_param(r, "service"), .provider = request_param(r, "provider")};
    enum err e = target_period(r, &ask.period);
    if (e == OK) e = page_ask(r, &ask.page);
    if (e != OK) return e;
    e = db_transaction(db_of(r), &(struct db_work){.run = run_history, .context = &ask, .read_only = true},
                       &r->fault);
    if (e == OK) reply_etag_of_body(p);
    return e;
}

/* ---- the list ---- */

struct return_list {
    struct return_status *rows;
    size_t count, room;
    str want_status;
    bool by_late, want_late;
    int32_t today;
    int16_t want_period; /* -1: all */
};

static void list_add(struct return_list *l, struct arena *a, const struct return_status *s) {
    if (l->want_status.p && !str_is(l->want_status, return_state_name(&s->state))) return;
    if (l->by_late && return_is_late(s, l->today) != l->want_late) return;
    if (l->count == l->room) {
        size_t room = l->room ? l->room * 2 : 64;
        struct return_status *more = ARENA_ARRAY(a, struct return_status, room);
        if (l->count) memcpy(more, l->rows, l->count * sizeof *more);
        l->rows = more;
        l->room = room;
    }
    l->rows[l->count++] = *s;
}

/* What has happened to the periods and returns of a service. */
struct happenings {
    struct store_period *periods;
    struct store_sign_off *sign_offs;
    size_t period_count, sign_off_count;
};

/* Every period in which the provider has sent something, or was expected to and whose quarter has begun; newest first. */
static enum err list_provider(struct ask *ask, struct return_list *l, const struct service_view *view,
                              const struct store_provider *provider, const struct happenings *h) {
    struct store_version *versions;
    size_t count;
    struct arena *a = ask->r->arena;
    enum err e = store_versions_list(db_of(ask->r), view->service.id, provider->id, -1, a, &versions, &count);
    if (e != OK) return e;
    int32_t today = app_today(app_of(ask->r));
    int16_t now = period_of_day(today);
    int16_t first, last;
    frameworks_quarters(&view->in_force, &first, &last);
    last = now;
    for (size_t i = 0; i < count; i++) {
        if (versions[i].period < first) first = versions[i].period;
        if (versions[i].period > last) last = versions[i].period;
    }
    for (int16_t p = last; p >= first; p--) {
        if (l->want_period >= 0 && p != l->want_period) continue;
        const struct framework *f = service_view_framework(view, p);
        struct return_status s = {
            .service = view->service.id,
            .provider = provider,
            .expected = framework_provider_find(f, provider->id),
            .framework = f,
            .period = p,
        };
        return_status_find(&s, versions, count);
        struct store_period period = period_find(h->periods, h->period_count, p);
        s.state = return_state_of(service_view_locking(view, p), &period,
                                  sign_off_find(h->sign_offs, h->sign_off_count, provider->id, p),
                                  s.newest_seq, today);
        if (s.sent || (s.missing && p <= now)) list_add(l, a, &s);
    }
    return OK;
}

static enum err list_service(struct ask *ask, struct return_list *l, str service, struct fault *fault) {
    struct service_view *view = ARENA_NEW(ask->r->arena, struct service_view);
    struct happenings h = {0};
    enum err e = service_view_load(ask->r, service, INSTANT_NONE, period_of_day(app_today(app_of(ask->r))),
                                   view, fault);
    if (e == OK)
        e = store_periods_list(db_of(ask->r), service, -1, INSTANT_NONE, ask->r->arena, &h.periods,
                               &h.period_count);
    if (e == OK)
        e = store_sign_offs_list(db_of(ask->r), service, STR_NONE, -1, INSTANT_NONE, ask->r->arena,
                                 &h.sign_offs, &h.sign_off_count);
    if (e != OK) return e;
    if (ask->provider.p && !service_view_provider(view, ask->provider))
        return no_provider(fault, ask->provider, service);
    for (size_t i = 0; i < view->provider_count && e == OK; i++) {
        if (ask->provider.p && !str_eq(view->providers[i].id, ask->provider)) continue;
        e = list_provider(ask, l, view, &view->providers[i], &h);
    }
    return e;
}

static enum err run_list(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    struct return_list l = {.want_status = request_query(ask->r, "status"),
                            .by_late = request_query(ask->r, "late").p != NULL,
                            .want_late = ask->want_late,
                            .today = app_today(app_of(ask->r)),
                            .want_period = ask->period};
    buf_clear(&ask->p->body);
    enum err e = OK;
    if (ask->service.p) {
        e = list_service(ask, &l, ask->service, fault);
    } else {
        struct store_service *services;
        size_t count;
        e = store_services_list(db, ask->r->arena, &services, &count);
        for (size_t i = 0; i < count && e == OK; i++)
            e = list_service(ask, &l, services[i].id, fault);
    }
    if (e != OK) return e;
    struct json j = json_to(&ask->p->body);
    page_begin(&ask->page, &j, l.count);
    for (size_t i = ask->page.from; i < ask->page.to; i++)
        return_status_write(&j, &l.rows[i], app_today(app_of(ask->r)));
    page_end(&ask->page, &j);
    return OK;
}

/* A provider lists its own, a commissioner its service's, a checker everything; asking for another's is a 404. */
static enum err list_scope(struct request *r, struct ask *ask) {
    const struct principal *who = r->who;
    if (who->service[0]) {
        if (ask->service.p && !str_is(ask->service, who->service))
            return request_hides(
                r, fail(&r->fault, ERR_NOT_FOUND, "There is no service '%.*s'.", STR_ARG(ask->service)));
        ask->service = str_of(who->service);
    }
    if (who->role == ROLE_PROVIDER) {
        if (ask->provider.p && !str_is(ask->provider, who->provider))
            return request_hides(r, fail(&r->fault, ERR_NOT_FOUND, NO_PROVIDER, STR_ARG(ask->provider),
                                         STR_ARG(ask->service)));
        ask->provider = str_of(who->provider);
    }
    return OK;
}

enum err handle_returns_list(struct request *r, struct reply *p) {
    struct ask ask = {.r = r,
                      .p = p,
                      .service = request_query(r, "service"),
                      .provider = request_query(r, "provider"),
                      .period = -1};
    str status = request_query(r, "status");
    enum err e = list_scope(r, &ask);
    if (e == OK) e = query_period(r, "period", &ask.period);
    if (e == OK) e = request_flag(r, "late", &ask.want_late);
    if (e == OK) e = page_ask(r, &ask.page);
    if (e == OK && status.p && !str_is(status, "OPEN") && !str_is(status, "SUBMITTED") &&
        !str_is(status, "LOCKED"))
        e = fail(&r->fault, ERR_BAD_PARAMETER, "'%.*s' is no status; write OPEN, SUBMITTED or LOCKED.",
                 STR_ARG(status));
    if (e != OK) return e;
    e = db_transaction(db_of(r), &(struct db_work){.run = run_list, .context = &ask, .read_only = true},
                       &r->fault);
    if (e == OK) reply_etag_of_body(p);
    return e;
}
