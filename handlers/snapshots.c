/* GET /v1/snapshots/{service}: the snapshots that ?snapshot=n shows again, newest first. */
#include "db/store_snapshots.h"
#include "handlers/handlers.h"
#include "handlers/page.h"
#include "handlers/target.h"

struct ask {
    struct request *r;
    struct reply *p;
    str service;
    struct page page;
};

static void write_snapshot(struct json *j, const struct store_snapshot *s) {
    char text[INSTANT_TEXT];
    json_object_begin(j);
    json_field_int(j, "number", s->number);
    json_field_cstr(j, "reason", s->plan.n ? "PLAN" : "FINAL");
    json_field_cstr(j, "period", period_format(s->period, text));
    json_field_str(j, "plan", s->plan.n ? s->plan : STR_NONE);
    json_field_cstr(j, "asAt", day_format(s->as_at, text));
    json_field_cstr(j, "knownAt", instant_format(s->known_at, text));
    json_field_int(j, "frameworkVersion", s->framework_version);
    json_end(j);
}

static enum err run(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    struct service_view view;
    struct store_snapshot *list;
    size_t count;
    buf_clear(&ask->p->body);
    enum err e = service_view_load(ask->r, ask->service, INSTANT_NONE,
                                   period_of_day(app_today(app_of(ask->r))), &view, fault);
    if (e == OK) e = store_snapshots_list(db, ask->service, 0, ask->r->arena, &list, &count);
    if (e != OK) return e;
    struct json j = json_to(&ask->p->body);
    page_begin(&ask->page, &j, count);
    for (size_t i = ask->page.from; i < ask->page.to; i++)
        write_snapshot(&j, &list[i]);
    page_end(&ask->page, &j);
    return OK;
}

enum err handle_snapshots(struct request *r, struct reply *p) {
    struct ask ask = {.r = r, .p = p, .service = request_param(r, "service")};
    enum err e = page_ask(r, &ask.page);
    if (e != OK) return e;
    e = db_transaction(db_of(r), &(struct db_work){.run = run, .context = &ask, .read_only = true},
                       &r->fault);
    if (e == OK) reply_etag_of_body(p);
    return e;
}
