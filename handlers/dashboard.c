/* GET /v1/dashboards/{service}/{period}: every KPI of the service against its target, as at a day and as known at an instant. */
#include "db/store_periods.h"
#include "handlers/dashboard_write.h"
#include "handlers/handlers.h"
#include "handlers/page.h"
#include "handlers/reply_cache.h"
#include "handlers/tallies.h"
#include "returns/authority.h"

struct ask {
    struct request *r;
    struct reply *p;
    str service, provider; /* provider.p NULL: the service's own figures */
    int16_t period;
    int32_t as_at;
    int64_t known_at;
    uint32_t authority;
    int64_t stamp; /* of the service, in the snapshot of the answer */
};

/* Sign-offs, finality and plans, as they were known. */
static enum err load_happenings(struct ask *ask, struct dashboard_head *head) {
    struct db *db = db_of(ask->r);
    struct arena *a = ask->r->arena;
    struct store_period period;
    struct store_plan_mark *plans;
    str *signed_off;
    enum err e = store_period_get(db, ask->service, ask->period, a, &period);
    if (e == OK)
        e = store_signed_list(db, ask->service, ask->period, ask->known_at, a, &signed_off,
                              &head->signed_count);
    if (e == OK) e = store_plan_marks(db, ask->service, ask->known_at, a, &plans, &head->plan_count);
    if (e != OK) return e;
    head->final = period.final && (ask->known_at == INSTANT_NONE || period.final_at <= ask->known_at);
    head->signed_off = signed_off;
    head->plans = plans;
    return OK;
}

static enum err compute(struct ask *ask, const struct service_view *view, const struct service_tallies *t,
                        struct fault *fault) {
    const struct framework *f = view->framework;
    struct figures_question q = {
        .framework = f,
        .period = ask->period,
        .as_at = ask->as_at,
        .providers = t->providers,
        .provider_count = t->count,
        .view = ask->provider.p ? framework_provider_find(f, ask->provider) : NULL,
        .by_authority = ask->authority != 0,
    };
    if (ask->provider.p && !q.view)
        return fail(fault, ERR_NOT_FOUND, "There is no provider '%.*s' in service '%.*s'.",
                    STR_ARG(ask->provider), STR_ARG(ask->service));
    struct kpi_figures *figures = ARENA_ARRAY(ask->r->arena, struct kpi_figures, f->kpi_count);
    enum err e = figures_compute(&q, figures);
    if (e == ERR_NOT_FOUND) {
        char first[PERIOD_TEXT], last[PERIOD_TEXT];
        return fail(fault, e, "The framework %s rates the quarters from %s to %s.", f->id,
                    period_format(period_of(f->first_year, 1), first),
                    period_format(period_of(f->last_year, 4), last));
    }
    if (e != OK) return e;
    struct dashboard_head head = {
        .service = ask->service,
        .framework = f,
        .period = ask->period,
        .as_at = ask->as_at,
        .known_at = ask->known_at,
        .provider = ask->provider,
        .authority = ask->authority,
        .providers = t->providers,
        .provider_count = t->count,
    };
    e = load_happenings(ask, &head);
    if (e != OK) return e;
    dashboard_write(&ask->p->body, &head, figures, f->kpi_count);
    return OK;
}

static enum err run(struct db *db, void *context, struct fault *fault) {
    (void)db;
    struct ask *ask = context;
    struct service_view view;
    struct service_tallies tallies;
    buf_clear(&ask->p->body);
    enum err e = service_view_load(ask->r, ask->service, ask->known_at, &view, fault);
    if (e == OK) ask->stamp = view.service.stamp;
    if (e == OK) e = tallies_load(ask->r, &view, ask->as_at, ask->known_at, ask->authority, &tallies);
    if (e != OK) return e;
    e = compute(ask, &view, &tallies, fault);
    tallies_release(ask->r, &tallies);
    return e;
}

static enum err ask_authority(struct request *r, uint32_t *out) {
    str v = request_query(r, "localAuthority");
    if (!v.p) return OK;
    const struct authority *a = authority_by_code(v);
    if (!a) a = authority_by_name(v);
    if (a) {
        *out = (uint32_t)a->number;
        return OK;
    }
    const struct authority *near = authority_nearest(v);
    if (near)
        return fail(&r->fault, ERR_BAD_PARAMETER, "'%.*s' is no upper-tier authority. Did you mean %s (%s)?",
                    STR_ARG(v), near->name, near->code);
    return fail(&r->fault, ERR_BAD_PARAMETER,
                "'%.*s' is no English authority; write its GSS code (E09000012) or its name (Hackney).",
                STR_ARG(v));
}

/* The same question was answered and nothing of the service has changed since: its stamp is the first thing that every change moves. */
static bool is_kept(struct ask *ask, str key) {
    struct store_service service;
    if (store_service_get(db_of(ask->r), ask->service, INSTANT_NONE, ask->r->arena, &service) != OK)
        return false; /* run() says why */
    return reply_cache_get(app_of(ask->r)->replies, key, service.stamp, ask->p);
}

enum err handle_dashboard(struct request *r, struct reply *p) {
    struct ask ask = {
        .r = r,
        .p = p,
        .service = request_param(r, "service"),
        .provider = request_query(r, "provider"),
        .as_at = app_today(app_of(r)),
        .known_at = INSTANT_NONE,
    };
    if (r->who->role == ROLE_PROVIDER) {
        if (ask.provider.p && !str_is(ask.provider, r->who->provider))
            return fail(&r->fault, ERR_NOT_FOUND, "There is no provider '%.*s' in service '%.*s'.",
                        STR_ARG(ask.provider), STR_ARG(ask.service));
        ask.provider = str_of(r->who->provider);
    }
    enum err e = target_period(r, &ask.period);
    if (e == OK) e = query_day(r, "asAt", &ask.as_at);
    if (e == OK) e = query_instant(r, "knownAt", &ask.known_at);
    if (e == OK) e = ask_authority(r, &ask.authority);
    if (e != OK) return e;
    str key = arena_printf(r->arena, "%.*s/%d/%d/%lld/%u/%.*s", STR_ARG(ask.service), ask.period, ask.as_at,
                           (long long)ask.known_at, ask.authority, STR_ARG(ask.provider));
    if (is_kept(&ask, key)) return OK;
    e = db_transaction(db_of(r), &(struct db_work){.run = run, .context = &ask, .read_only = true},
                       &r->fault);
    if (e != OK) return e;
    reply_etag_of_body(p);
    reply_cache_put(app_of(r)->replies, key, ask.stamp, p);
    return OK;
}
