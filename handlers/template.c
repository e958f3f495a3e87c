/* GET /v1/templates/{part}: an empty CSV with the part's headers; with ?guide=true a CSV that explains each column. */
#include "returns/template.h"
#include "handlers/handlers.h"
#include "handlers/page.h"

enum err handle_template(struct request *r, struct reply *p) {
    const struct part *part;
    int16_t period = period_of_day(app_today(app_of(r)));
    bool guide;
    enum err e = target_part(r, &part);
    if (e == OK) e = query_period(r, "period", &period);
    if (e == OK) e = request_flag(r, "guide", &guide);
    str service = request_query(r, "service");
    if (e == OK && service.p && r->who->service[0] && !str_is(service, r->who->service))
        e = fail(&r->fault, ERR_NOT_FOUND, "There is no service '%.*s'.", STR_ARG(service));
    if (e != OK) return e;
    if (guide) template_write_guide(&p->body, part, period);
    else template_write_header(&p->body, part);
    p->content_type = "text/csv; charset=utf-8; header=present";
    reply_header(
        r, p, "Content-Disposition",
        arena_printf(r->arena, "attachment; filename=\"%s%s.csv\"", part->name, guide ? "-guide" : ""));
    reply_etag_of_body(p);
    return OK;
}
