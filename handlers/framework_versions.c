/* GET /v1/frameworks/{id}/versions: every version of a framework, when it came, from when on it may rate, and which quarters it rates now. */
#include "handlers/handlers.h"
#include "handlers/page.h"
#include "handlers/target.h"

struct ask {
    struct request *r;
    struct reply *p;
    struct page page;
};

static enum err find_service(struct ask *ask, struct db *db, str id, struct fault *fault, str *out) {
    struct store_service *services;
    size_t count;
    enum err e = store_services_list(db, ask->r->arena, &services, &count);
    if (e != OK) return e;
    for (size_t i = 0; i < count; i++) {
        bool mine = !ask->r->who->service[0] || str_is(services[i].id, ask->r->who->service);
        if (!mine || !str_eq(services[i].framework_id, id)) continue;
        *out = services[i].id;
        return OK;
    }
    return request_hides(ask->r, fail(fault, ERR_NOT_FOUND, "There is no framework '%.*s'.", STR_ARG(id)));
}

/* Null where others have taken over all of its quarters. */
static void write_rates(struct json *j, const struct service_view *v, int version) {
    char text[PERIOD_TEXT];
    json_key(j, "rates");
    for (size_t i = 0; i < v->in_force.count; i++) {
        int16_t from, to;
        if (v->in_force.list[i].framework->version != version) continue;
        if (!frameworks_quarters_of(&v->in_force, i, &from, &to)) continue;
        json_object_begin(j);
        json_field_cstr(j, "from", period_format(from, text));
        json_field_cstr(j, "to", period_format(to, text));
        json_end(j);
        return;
    }
    json_put_null(j);
}

static void write_version(struct json *j, const struct service_view *v,
                          const struct store_framework_version *of) {
    char text[INSTANT_TEXT];
    json_object_begin(j);
    json_field_int(j, "version", of->version);
    json_field_cstr(j, "receivedAt", instant_format(of->received_at, text));
    json_field_cstr(j, "effectiveFrom", of->from ? period_format(of->from, text) : NULL);
    write_rates(j, v, of->version);
    json_end(j);
}

static enum err run(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    struct service_view view;
    struct store_framework_version *list;
    size_t count;
    str id = request_param(ask->r, "id"), service;
    buf_clear(&ask->p->body);
    enum err e = find_service(ask, db, id, fault, &service);
    if (e == OK)
        e = service_view_load(ask->r, service, INSTANT_NONE, period_of_day(app_today(app_of(ask->r))), &view,
                              fault);
    if (e == OK) e = store_framework_versions(db, id, ask->r->arena, &list, &count);
    if (e != OK) return e;
    struct json j = json_to(&ask->p->body);
    page_begin(&ask->page, &j, count);
    for (size_t i = ask->page.from; i < ask->page.to; i++)
        write_version(&j, &view, &list[i]);
    page_end(&ask->page, &j);
    return OK;
}

enum err handle_framework_versions(struct request *r, struct reply *p) {
    struct ask ask = {.r = r, .p = p};
    enum err e = page_ask(r, &ask.page);
    if (e != OK) return e;
    e = db_transaction(db_of(r), &(struct db_work){.run = run, .context = &ask, .read_only = true},
                       &r->fault);
    if (e == OK) reply_etag_of_body(p);
    return e;
}
