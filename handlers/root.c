/* What anyone may ask without a key: who we are, are we well, the contract and its page, what a problem code means. */
#include "handlers/docs_page.h"
#include "handlers/handlers.h"
#include "handlers/page.h"

enum err handle_root(struct request *r, struct reply *p) {
    struct json j = json_to(&p->body);
    json_object_begin(&j);
    json_field_cstr(&j, "name", "Quarterday");
    json_field_cstr(
        &j, "description",
        "Quarterly returns of stop smoking services: KPIs against their targets, red, amber and green.");
    json_field_cstr(&j, "version", app_of(r)->version);
    json_field_cstr(&j, "apiVersion", "v1");
    json_field_cstr(&j, "status", "BETA");
    char day[DAY_TEXT];
    json_field_cstr(&j, "today", day_format(app_today(app_of(r)), day));
    json_key(&j, "links");
    json_object_begin(&j);
    json_field_cstr(&j, "documentation", "/docs");
    json_field_cstr(&j, "openapi", "/openapi.json");
    json_field_cstr(&j, "live", "/health/live");
    json_field_cstr(&j, "ready", "/health/ready");
    json_field_cstr(&j, "returns", "/v1/returns");
    json_end(&j);
    json_end(&j);
    reply_etag_of_body(p);
    return OK;
}

static void write_state(struct reply *p, const char *state) {
    struct json j = json_to(&p->body);
    json_object_begin(&j);
    json_field_cstr(&j, "status", state);
    json_end(&j);
    p->no_store = true;
}

enum err handle_live(struct request *r, struct reply *p) {
    (void)r;
    write_state(p, "pass");
    return OK;
}

enum err handle_ready(struct request *r, struct reply *p) {
    enum err e = app_of(r)->replica_of[0] ? store_check_readable(db_of(r), &r->fault)
                                          : store_check_ready(db_of(r), &r->fault);
    if (e == OK) e = app_of(r)->takes_bodies(app_of(r)->spool_dir, &r->fault);
    if (e != OK) return e;
    write_state(p, "pass");
    return OK;
}

enum err handle_openapi(struct request *r, struct reply *p) {
    str text = docs_openapi();
    if (!text.p) return fail(&r->fault, ERR_NOT_FOUND, "This build carries no OpenAPI document.");
    buf_add_str(&p->body, text);
    reply_etag_of_body(p);
    return OK;
}

enum err handle_docs(struct request *r, struct reply *p) {
    if (!docs_write_reference(&p->body))
        return fail(&r->fault, ERR_NOT_FOUND, "This build carries no OpenAPI document.");
    p->content_type = "text/html; charset=utf-8";
    reply_header(r, p, "Content-Security-Policy", STR(DOCS_PAGE_CSP));
    reply_etag_of_body(p);
    return OK;
}

enum err handle_problem(struct request *r, struct reply *p) {
    str slug = request_param(r, "code");
    if (!docs_write_problem(&p->body, slug))
        return fail(&r->fault, ERR_NOT_FOUND,
                    "There is no problem code '%.*s'; they are listed in docs/errors.md.", STR_ARG(slug));
    p->content_type = "text/html; charset=utf-8";
    reply_header(r, p, "Content-Security-Policy", STR(DOCS_PAGE_CSP));
    reply_etag_of_body(p);
    return OK;
}
