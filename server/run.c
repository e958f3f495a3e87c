/* run: from a judged request to a complete reply. Handlers are called here and nowhere else; failures become problem
 * documents here and nowhere else, and what really went wrong on our side goes to the log, not to the client. */
#include <stdio.h>

#include "base/json_depth.h"
#include "server/exchange.h"
#include "server/inflate.h"
#include "server/log.h"

static bool is_ours(enum err e) {
    return e == ERR_INTERNAL || e == ERR_UNAVAILABLE;
}

static void log_failure(const struct exchange *x) {
    const struct request *r = &x->request;
    log_event(r->fault.err == ERR_INTERNAL ? LOG_ERROR : LOG_WARN, "failure", "code",
              err_info(r->fault.err)->code, "words", r->fault.detail, "route",
              r->route ? r->route->name : "-", "correlationId", r->correlation, NULL);
}

enum err request_hides(struct request *r, enum err e) {
    r->hidden = true;
    return e;
}

static void tell_refusal(const struct exchange *x) {
    const struct request *r = &x->request;
    const struct server_settings *s = &x->server->settings;
    bool counts = r->fault.err == ERR_FORBIDDEN || (r->fault.err == ERR_NOT_FOUND && r->hidden);
    if (!s->refused || !r->who || !counts) return;
    str named = request_param(r, "service"), asked = request_query(r, "service");
    s->refused(s->app, &(struct refusal){.who = r->who,
                                         .route = r->route,
                                         .err = r->fault.err,
                                         .service = named.n   ? named
                                                    : asked.n ? asked
                                                              : STR(""),
                                         .path = r->path});
}

void exchange_refuse(struct exchange *x) {
    struct request *r = &x->request;
    tell_refusal(x);
    str detail = str_of(r->fault.detail);
    if (is_ours(r->fault.err)) {
        log_failure(x);
        detail = r->fault.err == ERR_UNAVAILABLE
                     ? STR("The service cannot answer just now; send the same again shortly")
                     : STR("Something failed on our side; quote the correlation id when you report it");
    }
    if (r->fault.err == ERR_UNAVAILABLE || r->fault.err == ERR_NOT_YET ||
        r->fault.err == ERR_TOO_MANY_REQUESTS || r->fault.err == ERR_REQUEST_IN_PROGRESS) {
        char seconds[12];
        snprintf(seconds, sizeof seconds, "%u", x->rate.wait ? x->rate.wait : RETRY_AFTER_SECONDS);
        reply_header(r, &x->reply, "Retry-After", str_of(seconds));
    }
    struct json j = problem_begin(r, &x->reply, r->fault.err, detail);
    json_end(&j);
}

/* What is wrong with the reply of a handler that said OK, or NULL. */
static const char *slip_of(const struct reply *p) {
    if (!p->status && !p->body.n && !p->lasting.n && !p->has_file && !p->goes_on)
        return "neither a body nor a status";
    if (p->status && (p->status < 200 || p->status > 599)) return "a status that is not one";
    return NULL;
}

/* What is read must fit the Accept header; problem documents go out whatever is accepted, and so does the answer to a change: whoever
 * made it must learn that it was made. */
static enum err check_accept(struct request *r) {
    const char *offers[] = {r->route->offers ? r->route->offers : "application/json"};
    size_t choice;
    if (r->route->method != METHOD_GET || !offers[0][0]) return OK;
    return request_negotiate(r, offers, 1, &choice);
}

/* Uploads run on a worker, which may take the time. */
static enum err inflate_request(struct exchange *x) {
    struct request *r = &x->request;
    const struct server *s = x->server;
    if (!x->gzipped) return OK;
    spool_begin(&x->inflated, s->spool_dir, s->settings.body_cap);
    enum err e = inflate_body(r->received, s->settings.gzip_ratio, &x->inflated, &r->fault);
    if (e == OK) e = spool_view(&x->inflated, &r->fault, &r->body);
    r->body_is_mapped = x->inflated.map != NULL;
    return e;
}

static enum err handle(struct exchange *x) {
    const struct server_settings *s = &x->server->settings;
    struct request *r = &x->request;
    bool by_worker = r->route->lane != LANE_INLINE;
    enum err e = by_worker && s->before_handler ? s->before_handler(r) : OK;
    if (e == OK) e = r->route->handle(r, &x->reply);
    if (e == OK && by_worker && s->after_handler) s->after_handler(r, &x->reply);
    return e;
}

/* Rows have a reader without recursion, which counts for itself. */
static enum err check_depth(struct request *r) {
    if (r->route->body != BODY_JSON || !json_is_too_deep(r->body)) return OK;
    return fail(&r->fault, ERR_MALFORMED, "Values are nested more than %d deep", JSON_DEPTH_MOST);
}

void exchange_run_handler(struct exchange *x, void *worker) {
    struct request *r = &x->request;
    r->worker = worker;
    enum err e =
        r->route->body == BODY_NONE ? OK : exchange_check_key(x); /* its body may have taken an hour */
    if (e == OK) e = check_accept(r);
    if (e == OK) e = inflate_request(x);
    if (e == OK) e = check_depth(r);
    if (e == OK) e = handle(x);
    if (e != OK && r->fault.err != e) fail(&r->fault, e, "%s", "");
    if (e == OK) {
        r->fault.err = OK; /* a fault that the handler dealt with itself */
        const char *slip = slip_of(&x->reply);
        if (slip) fail(&r->fault, ERR_INTERNAL, "The handler of %s gave %s", r->route->name, slip);
    }
    if (r->fault.err != OK) exchange_refuse(x);
}
