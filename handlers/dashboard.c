/* GET /v1/dashboards/{service}/{period}: every KPI of the service against its target, as at a day and as known at an instant. */
#include "db/store_periods.h"
#include "handlers/dashboard_write.h"
#include "handlers/figures_ask.h"
#include "handlers/handlers.h"
#include "handlers/page.h"
#include "handlers/stamps.h"

struct ask {
    struct figures_ask q;
    int16_t period;
};

/* Sign-offs, finality and plans, as they were known. */
static enum err load_happenings(struct ask *ask, struct dashboard_head *head) {
    struct db *db = db_of(ask->q.r);
    struct arena *a = ask->q.r->arena;
    int64_t known_at = ask->q.known_at;
    struct store_period period;
    struct store_plan_mark *plans;
    str *signed_off;
    enum err e = store_period_get(db, ask->q.service, ask->period, a, &period);
    if (e == OK)
        e = store_signed_list(db, ask->q.service, ask->period, known_at, a, &signed_off, &head->signed_count);
    if (e == OK) e = store_plan_marks(db, ask->q.service, known_at, a, &plans, &head->plan_count);
    if (e != OK) return e;
    head->final = period.final && (known_at == INSTANT_NONE || period.final_at <= known_at);
    head->signed_off = signed_off;
    head->plans = plans;
    return OK;
}

static enum err write(struct ask *ask, struct fault *fault) {
    const struct figures_ask *q = &ask->q;
    struct kpi_figures *figures;
    enum err e = figures_ask_compute(q, ask->period, fault, &figures);
    if (e != OK) return e;
    if (q->disclosure != DISCLOSE_EXACT) {
        dashboard_write_public(&q->p->body, q, ask->period, figures, q->view.framework->kpi_count);
        return OK;
    }
    struct dashboard_head head = {
        .service = q->service,
        .framework = q->view.framework,
        .period = ask->period,
        .as_at = q->as_at,
        .known_at = q->known_at,
        .provider = q->provider,
        .authority = q->authority,
        .providers = tallies_of(&q->tallies, ask->period)->providers,
        .provider_count = q->tallies.count,
    };
    e = load_happenings(ask, &head);
    if (e != OK) return e;
    dashboard_write(&q->p->body, &head, figures, q->view.framework->kpi_count);
    return OK;
}

/* In the round trip of the first statement. */
static void load_ahead(const struct ask *ask) {
    const struct figures_ask *q = &ask->q;
    if (q->disclosure != DISCLOSE_EXACT) return;
    store_period_ahead(db_of(q->r), q->service, ask->period);
    store_signed_ahead(db_of(q->r), q->service, ask->period, q->known_at);
    store_plan_marks_ahead(db_of(q->r), q->service, q->known_at);
}

static enum err run(struct db *db, void *context, struct fault *fault) {
    (void)db;
    struct ask *ask = context;
    load_ahead(ask);
    buf_clear(&ask->q.p->body);
    enum err e = figures_ask_load(&ask->q, ask->period, fault);
    if (e == OK) e = write(ask, fault);
    figures_ask_release(&ask->q);
    return e;
}

enum err handle_dashboard(struct request *r, struct reply *p) {
    struct ask ask = {.period = 0};
    enum err e = figures_ask_read(r, p, &ask.q);
    if (e == OK) e = target_period(r, &ask.period);
    if (e != OK) return e;
    e = db_transaction(db_of(r), &(struct db_work){.run = run, .context = &ask, .read_only = true},
                       &r->fault);
    if (e != OK) return e;
    answered_from(r, p, ask.q.known_at, &ask.q.view.service);
    reply_etag_of_body(p);
    return OK;
}
