/* GET /v1/calendar: the dates of a year's quarters for each service that the key may see, and whether a period is final or locked.
 * As JSON a page of a list; as CSV and iCalendar whole, since both are read by programs that turn no pages. */
#include "handlers/calendar_write.h"
#include "handlers/handlers.h"
#include "handlers/page.h"
#include "handlers/return_state.h"

enum form { FORM_JSON, FORM_CSV, FORM_ICAL };

struct ask {
    struct request *r;
    struct reply *p;
    str service;
    int year;
    enum form form;
    struct page page;
    struct calendar_row *rows;
    size_t count;
};

static enum err add_service(struct ask *ask, str service, struct fault *fault) {
    struct service_view view;
    struct store_period *periods;
    size_t count;
    enum err e = service_view_load(ask->r, service, INSTANT_NONE, period_of(ask->year, 4), &view, fault);
    if (e == OK)
        e = store_periods_list(db_of(ask->r), service, -1, INSTANT_NONE, ask->r->arena, &periods, &count);
    for (int quarter = 1; quarter <= 4 && e == OK; quarter++) {
        int16_t period = period_of(ask->year, quarter);
        if (period < PERIOD_FIRST_ACCEPTED) continue;
        struct calendar_row *row = &ask->rows[ask->count++];
        *row = (struct calendar_row){.service = view.service.id,
                                     .service_name = view.service.name,
                                     .framework = service_view_framework(&view, period),
                                     .lock_day = framework_lock_day(view.framework, period),
                                     .state = period_find(periods, count, period)};
        row->locked = period_is_locked(view.framework, &row->state, app_today(app_of(ask->r)));
    }
    return e;
}

static enum err load(struct ask *ask, struct db *db, struct fault *fault) {
    struct store_service *services;
    size_t count;
    ask->count = 0;
    if (ask->service.p) {
        ask->rows = ARENA_ARRAY(ask->r->arena, struct calendar_row, 4);
        return add_service(ask, ask->service, fault);
    }
    enum err e = store_services_list(db, ask->r->arena, &services, &count);
    if (e != OK) return e;
    ask->rows = ARENA_ARRAY(ask->r->arena, struct calendar_row, count * 4 + 1);
    for (size_t i = 0; i < count && e == OK; i++)
        e = add_service(ask, services[i].id, fault);
    return e;
}

static void write_json(struct ask *ask) {
    struct json j = json_to(&ask->p->body);
    page_begin(&ask->page, &j, ask->count);
    for (size_t i = ask->page.from; i < ask->page.to; i++)
        calendar_write_json(&j, &ask->rows[i]);
    page_end(&ask->page, &j);
}

static void write_whole(struct ask *ask) {
    struct buf *out = &ask->p->body;
    if (ask->form == FORM_CSV) calendar_write_csv_header(out);
    else calendar_begin_ical(out);
    for (size_t i = 0; i < ask->count; i++) {
        if (ask->form == FORM_CSV) calendar_write_csv(out, &ask->rows[i]);
        else calendar_write_ical(out, &ask->rows[i]);
    }
    if (ask->form == FORM_ICAL) calendar_end_ical(out);
}

static enum err run(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    buf_clear(&ask->p->body);
    enum err e = load(ask, db, fault);
    if (e != OK) return e;
    if (ask->form == FORM_JSON) write_json(ask);
    else write_whole(ask);
    return OK;
}

/* Whoever belongs to a service sees that one; a checker of all sees all. */
static enum err scope(struct request *r, struct ask *ask) {
    const char *own = r->who->service;
    ask->service = request_query(r, "service");
    if (!own[0]) return OK;
    if (ask->service.p && !str_is(ask->service, own))
        return request_hides(
            r, fail(&r->fault, ERR_NOT_FOUND, "There is no service '%.*s'.", STR_ARG(ask->service)));
    ask->service = str_of(own);
    return OK;
}

static enum err ask_year(struct request *r, int *out) {
    str text = request_query(r, "year");
    *out = period_year(period_of_day(app_today(app_of(r))));
    if (!text.p) return OK;
    int year;
    if (!year_parse(text, &year) || year < period_year(PERIOD_FIRST_ACCEPTED) ||
        year > period_year(PERIOD_LAST_ACCEPTED))
        return fail(&r->fault, ERR_BAD_PARAMETER,
                    "'%.*s' is no value for year; write a financial year like 2025-26, from 2017-18 on.",
                    STR_ARG(text));
    *out = year;
    return OK;
}

enum err handle_calendar(struct request *r, struct reply *p) {
    static const char *const OFFERS[] = {"application/json", "text/csv", "text/calendar"};
    static const char *const TYPES[] = {"application/json", "text/csv; charset=utf-8; header=present",
                                        "text/calendar; charset=utf-8"};
    struct ask ask = {.r = r, .p = p};
    size_t choice = 0;
    char year[YEAR_TEXT];
    enum err e = scope(r, &ask);
    if (e == OK) e = ask_year(r, &ask.year);
    if (e == OK) e = page_ask(r, &ask.page);
    if (e == OK) e = request_negotiate(r, OFFERS, 3, &choice);
    if (e != OK) return e;
    ask.form = (enum form)choice;
    e = db_transaction(db_of(r), &(struct db_work){.run = run, .context = &ask, .read_only = true},
                       &r->fault);
    if (e != OK) return e;
    p->content_type = TYPES[choice];
    reply_header(r, p, "Vary", STR("Accept"));
    if (ask.form != FORM_JSON)
        reply_header(r, p, "Content-Disposition",
                     arena_printf(r->arena, "attachment; filename=\"calendar-%s.%s\"",
                                  year_format(ask.year, year), ask.form == FORM_CSV ? "csv" : "ics"));
    reply_etag_of_body(p);
    return OK;
}
