/* GET /v1/dashboards/{service}/{period}: every KPI of the service against its target, as at a day and as known at an instant. */
#include "handlers/dashboard_write.h"
#include "handlers/figures_ask.h"
#include "handlers/handlers.h"
#include "handlers/page.h"
#include "handlers/service_state.h"
#include "handlers/stamps.h"

struct ask {
    struct figures_ask q;
    int16_t period;
    struct state_look look;
    const struct service_state *state;
};

/* Sign-offs, finality and plans, as they were known. */
static void add_happenings(const struct ask *ask, struct dashboard_head *head) {
    const struct service_state *s = ask->state;
    int64_t known_at = ask->q.known_at;
    const struct store_period *period = service_state_period(s, ask->period);
    str *signed_off = ARENA_ARRAY(ask->q.r->arena, str, s->signed_count);
    for (size_t i = 0; i < s->signed_count; i++)
        if (s->signed_off[i].period == ask->period)
            signed_off[head->signed_count++] = s->signed_off[i].provider;
    head->signed_off = signed_off;
    head->final = period && period->final && (known_at == INSTANT_NONE || period->final_at <= known_at);
    head->plans = s->plans;
    head->plan_count = s->plan_count;
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
    add_happenings(ask, &head);
    dashboard_write(&q->p->body, &head, figures, q->view.framework->kpi_count);
    return OK;
}

static enum err read_state(struct ask *ask, struct fault *fault) {
    struct figures_ask *q = &ask->q;
    enum err e = service_state_read(q->r, &ask->look, q->known_at, ask->period, fault, &ask->state);
    return e == OK ? figures_ask_stand(q, ask->state, ask->period, fault) : e;
}

/* again: what was read was no part of the transaction in which the facts are read (alone_first). */
static enum err count(struct ask *ask, bool again, struct fault *fault) {
    enum err e = again ? read_state(ask, fault) : OK;
    return e == OK ? figures_ask_count(&ask->q, ask->period) : e;
}

static enum err run(struct db *db, void *context, struct fault *fault) {
    (void)db;
    struct ask *ask = context;
    struct figures_ask *q = &ask->q;
    bool is_now = q->known_at == INSTANT_NONE;
    buf_clear(&q->p->body);
    enum err e = read_state(ask, fault);
    if (e == OK && !(is_now && figures_ask_recall(q, ask->period))) e = count(ask, is_now, fault);
    if (e == OK) e = write(ask, fault);
    figures_ask_release(q);
    return e;
}

/* False: what it takes is not all in memory. */
static bool from_memory(struct ask *ask, enum err *e) {
    struct figures_ask *q = &ask->q;
    if (!ask->state) return false;
    *e = figures_ask_stand(q, ask->state, ask->period, &q->r->fault);
    if (*e != OK) return true;
    if (!figures_ask_recall(q, ask->period)) return false;
    *e = write(ask, &q->r->fault);
    figures_ask_release(q);
    return true;
}

static enum err from_database(struct ask *ask) {
    struct request *r = ask->q.r;
    struct db_work work = {
        .run = run, .context = ask, .read_only = true, .alone_first = ask->q.known_at == INSTANT_NONE};
    enum err e = db_transaction(db_of(r), &work, &r->fault);
    if (e == OK) service_state_keep(&ask->look);
    return e;
}

enum err handle_dashboard(struct request *r, struct reply *p) {
    struct ask ask = {.period = 0};
    enum err e = figures_ask_read(r, p, &ask.q);
    if (e == OK) e = target_period(r, &ask.period);
    if (e != OK) return e;
    ask.look = (struct state_look){.service = ask.q.service};
    if (ask.q.known_at == INSTANT_NONE)
        ask.state = service_state_begin(r, ask.q.service, ask.period, &ask.look);
    if (!from_memory(&ask, &e)) e = from_database(&ask);
    if (e == OK) answered_from(r, p, ask.q.known_at, &ask.q.view.service);
    service_state_end(&ask.look);
    if (e != OK) return e;
    reply_etag_of_body(p);
    return OK;
}
