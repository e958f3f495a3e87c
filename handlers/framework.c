/* GET /v1/frameworks/{id}: the framework as it was loaded, byte for byte, newest version or ?version=n. GET /v1/schemas/framework: what
 * such a file may hold. */
#include <stdio.h>

#include "handlers/handlers.h"
#include "handlers/page.h"
#include "kpi/schema.h"

struct ask {
    struct request *r;
    struct reply *p;
    int version;
};

static enum err run(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    str id = request_param(ask->r, "id"), body;
    buf_clear(&ask->p->body);
    struct store_service *services;
    size_t count;
    enum err e = store_services_list(db, ask->r->arena, &services, &count);
    if (e != OK) return e;
    const struct store_service *found = NULL;
    for (size_t i = 0; i < count; i++)
        if (str_eq(services[i].framework_id, id) &&
            (!ask->r->who->service[0] || str_is(services[i].id, ask->r->who->service)))
            found = &services[i];
    if (!found)
        return request_hides(ask->r,
                             fail(fault, ERR_NOT_FOUND, "There is no framework '%.*s'.", STR_ARG(id)));
    int version = ask->version ? ask->version : found->framework_version;
    e = store_framework_get(db, id, version, ask->r->arena, &body);
    if (e == ERR_NOT_FOUND)
        return fail(fault, e, "Framework '%.*s' has no version %d.", STR_ARG(id), version);
    if (e != OK) return e;
    buf_add_str(&ask->p->body, body);
    snprintf(ask->p->etag, sizeof ask->p->etag, "\"v%d\"", version);
    return OK;
}

enum err handle_framework_get(struct request *r, struct reply *p) {
    uint64_t version = 0;
    enum err e = query_count(r, "version", INT32_MAX, &version);
    if (e != OK) return e;
    struct ask ask = {r, p, (int)version};
    return db_transaction(db_of(r), &(struct db_work){.run = run, .context = &ask, .read_only = true},
                          &r->fault);
}

enum err handle_framework_schema(struct request *r, struct reply *p) {
    (void)r;
    buf_add_str(&p->body, schema_text());
    p->content_type = "application/schema+json";
    reply_etag_of_body(p);
    return OK;
}
