/* Action plans: the list, as pages of JSON or whole as CSV for a board paper; and one, as JSON or as the form (seed 003). Who may see one:
 * its commissioner, and the providers it is attributed to. */
#include "handlers/data_as_of.h"
#include "handlers/handlers.h"
#include "handlers/page.h"
#include "handlers/plan_ask.h"
#include "handlers/plan_form.h"
#include "handlers/plan_write.h"
#include "handlers/stamps.h"
#include "handlers/target.h"

struct ask {
    struct request *r;
    struct reply *p;
    str service;
    bool as_csv;
    struct page page;
    str kpi;
    bool by_status, by_period, by_overdue, want_overdue;
    enum plan_status want_status;
    int16_t want_period;
    struct store_service from_service; /* in the snapshot of the answer */
};

static bool is_wanted(const struct ask *ask, const struct store_plan *p, int32_t today) {
    if (!plan_may_see(ask->r->who, p)) return false;
    if (ask->kpi.p && !store_plan_is_of(p, ask->kpi)) return false;
    if (ask->by_status && p->status != ask->want_status) return false;
    if (ask->by_period && p->opened_for != ask->want_period) return false;
    return !ask->by_overdue || plan_is_overdue(p->status, p->due_day, today) == ask->want_overdue;
}

static void write_page(struct ask *ask, const struct store_plan *plans, size_t count, int32_t today) {
    struct json j = json_to(&ask->p->body);
    page_begin(&ask->page, &j, count);
    for (size_t i = ask->page.from; i < ask->page.to; i++)
        plan_write(&j, &(struct plan_words){.plan = &plans[i], .service = ask->service, .today = today});
    page_end(&ask->page, &j);
}

static void write_csv(struct ask *ask, const struct store_plan *plans, size_t count, int32_t today) {
    plan_csv_header(&ask->p->body);
    for (size_t i = 0; i < count; i++)
        plan_csv_row(&ask->p->body,
                     &(struct plan_words){.plan = &plans[i], .service = ask->service, .today = today});
}

/* What stood on the plans up to then is in the answer. */
static enum err ask_as_of(struct request *r, str service, struct store_service *out) {
    return store_service_get(db_of(r), service, INSTANT_NONE, r->arena, out);
}

static enum err run_list(struct db *db, void *context, struct fault *fault) {
    (void)fault;
    struct ask *ask = context;
    struct store_plan *plans;
    size_t count, kept = 0;
    int32_t today = app_today(app_of(ask->r));
    buf_clear(&ask->p->body);
    enum err e = ask_as_of(ask->r, ask->service, &ask->from_service);
    if (e == OK)
        e = store_plans_list(db, ask->service, STR_NONE, INSTANT_NONE, ask->r->arena, &plans, &count);
    if (e != OK) return e;
    for (size_t i = 0; i < count; i++)
        if (is_wanted(ask, &plans[i], today)) plans[kept++] = plans[i];
    if (ask->as_csv) write_csv(ask, plans, kept, today);
    else write_page(ask, plans, kept, today);
    return OK;
}

static enum err ask_filters(struct ask *ask) {
    struct request *r = ask->r;
    str status = request_query(r, "status");
    ask->kpi = request_query(r, "kpi");
    ask->by_overdue = request_query(r, "overdue").p != NULL;
    ask->by_period = request_query(r, "openedFor").p != NULL;
    ask->by_status = status.p != NULL;
    if (status.p && !plan_status_parse(status, &ask->want_status))
        return fail(&r->fault, ERR_BAD_PARAMETER,
                    "'%.*s' is no status; write REQUIRED, DRAFT, SUBMITTED, AGREED, CLOSED or WITHDRAWN.",
                    STR_ARG(status));
    enum err e = query_period(r, "openedFor", &ask->want_period);
    if (e == OK) e = request_flag(r, "overdue", &ask->want_overdue);
    return e == OK ? page_ask(r, &ask->page) : e;
}

enum err handle_plans_list(struct request *r, struct reply *p) {
    static const char *const OFFERS[] = {"application/json", "text/csv"};
    struct ask ask = {.r = r, .p = p, .service = str_of(r->who->service)};
    str service = request_query(r, "service");
    size_t choice = 0;
    if (service.p && !str_eq(service, ask.service))
        return request_hides(r,
                             fail(&r->fault, ERR_NOT_FOUND, "There is no service '%.*s'.", STR_ARG(service)));
    enum err e = ask_filters(&ask);
    if (e == OK) e = request_negotiate(r, OFFERS, 2, &choice);
    if (e != OK) return e;
    ask.as_csv = choice == 1;
    e = db_transaction(db_of(r), &(struct db_work){.run = run_list, .context = &ask, .read_only = true},
                       &r->fault);
    if (e != OK) return e;
    reply_header(r, p, "Vary", STR("Accept"));
    answered_from(r, p, INSTANT_NONE, &ask.from_service);
    if (ask.as_csv) {
        p->content_type = "text/csv; charset=utf-8; header=present";
        reply_header(r, p, "Content-Disposition", STR("attachment; filename=\"action-plans.csv\""));
    }
    reply_etag_of_body(p);
    return OK;
}

/* ---- one ---- */

static enum err run_get(struct db *db, void *context, struct fault *fault) {
    (void)db;
    struct plan_ask *ask = context;
    buf_clear(&ask->p->body);
    enum err e = plan_ask_load(ask, fault);
    struct store_service service;
    if (e == OK) e = ask_as_of(ask->r, ask->service, &service);
    if (e == OK) ask->at = service.changed_at;
    if (e == OK) stamp_format((struct stamp){service.id, service.stamp}, ask->p->stamp);
    return e == OK ? plan_ask_answer(ask) : e;
}

enum err handle_plan_get(struct request *r, struct reply *p) {
    static const char *const OFFERS[] = {"application/json", "text/html"};
    struct plan_ask ask = plan_ask_of(r, p);
    size_t choice = 0;
    enum err e = request_negotiate(r, OFFERS, 2, &choice);
    if (e != OK) return e;
    ask.as_form = choice == 1;
    e = db_transaction(db_of(r), &(struct db_work){.run = run_get, .context = &ask, .read_only = true},
                       &r->fault);
    if (e != OK) return e;
    reply_header(r, p, "Vary", STR("Accept"));
    data_as_of_header(r, p, INSTANT_NONE, ask.at);
    if (ask.as_form) {
        p->content_type = "text/html; charset=utf-8";
        reply_header(r, p, "Content-Security-Policy", STR(PLAN_FORM_CSP));
    }
    return OK;
}
