#include "handlers/figures_ask.h"

#include "handlers/authority_ask.h"
#include "handlers/snapshot_ask.h"

/* ---- the query ---- */

/* Dates and filters let one difference one rounded figure from another, so a wider audience has neither. */
static enum err check_audience(struct request *r) {
    static const char *const REFUSED[] = {"asAt", "knownAt", "snapshot", "provider", "localAuthority"};
    for (size_t i = 0; i < sizeof REFUSED / sizeof *REFUSED; i++)
        if (request_query(r, REFUSED[i]).p)
            return fail(
                &r->fault, ERR_FORBIDDEN,
                "A key of the public audience sees today's figures of the whole service; leave out %s.",
                REFUSED[i]);
    return OK;
}

static enum err read_disclosure(struct request *r, enum disclosure *out) {
    str v = request_query(r, "disclosure");
    bool is_public = str_is(str_of(r->who->audience), "public");
    if (v.p && !str_is(v, "public") && !str_is(v, "exact"))
        return fail(&r->fault, ERR_BAD_PARAMETER, "'%.*s' is no value for disclosure; write public or exact.",
                    STR_ARG(v));
    if (is_public && v.p && str_is(v, "exact"))
        return fail(&r->fault, ERR_FORBIDDEN, "A key of the public audience sees no exact figures.");
    *out = is_public || (v.p && str_is(v, "public")) ? DISCLOSE_NHS_1_7_R5 : DISCLOSE_EXACT;
    return is_public ? check_audience(r) : OK;
}

#define NO_PROVIDER "There is no provider '%.*s' in service '%.*s'."

static enum err no_provider(const struct figures_ask *ask, struct fault *fault) {
    return fail(fault, ERR_NOT_FOUND, NO_PROVIDER, STR_ARG(ask->provider), STR_ARG(ask->service));
}

enum err figures_ask_read(struct request *r, struct reply *p, struct figures_ask *out) {
    str service = request_param(r, "service");
    struct figures_ask ask = {
        .r = r,
        .p = p,
        .service = service.n ? service : str_of(r->who->service),
        .provider = request_query(r, "provider"),
        .as_at = app_today(app_of(r)),
        .known_at = INSTANT_NONE,
    };
    if (r->who->role == ROLE_PROVIDER) {
        if (ask.provider.p && !str_is(ask.provider, r->who->provider))
            return request_hides(
                r, fail(&r->fault, ERR_NOT_FOUND, NO_PROVIDER, STR_ARG(ask.provider), STR_ARG(ask.service)));
        ask.provider = str_of(r->who->provider);
    }
    enum err e = read_disclosure(r, &ask.disclosure);
    if (e == OK) e = query_day(r, "asAt", &ask.as_at);
    if (e == OK) e = query_instant(r, "knownAt", &ask.known_at);
    if (e == OK) e = query_snapshot(r, ask.service, &ask.as_at, &ask.known_at);
    if (e == OK) e = query_authority(r, "localAuthority", &ask.authority);
    if (e == OK) *out = ask;
    return e;
}

/* ---- the counts ---- */

static enum err find_own(struct figures_ask *ask, struct fault *fault) {
    ask->own = ask->provider.p ? framework_provider_find(ask->view.framework, ask->provider) : NULL;
    return ask->provider.p && !ask->own ? no_provider(ask, fault) : OK;
}

enum err figures_ask_view(struct figures_ask *ask, int16_t period, struct fault *fault) {
    enum err e = service_view_load(ask->r, ask->service, ask->known_at, period, &ask->view, fault);
    return e == OK ? find_own(ask, fault) : e;
}

enum err figures_ask_stand(struct figures_ask *ask, const struct service_state *state, int16_t period,
                           struct fault *fault) {
    enum err e = service_view_of(ask->r, &state->view, ask->known_at, period, &ask->view);
    return e == OK ? find_own(ask, fault) : e;
}

static enum err load_counts(struct figures_ask *ask, struct quarters of) {
    return tallies_load(ask->r, &ask->view, of, ask->as_at, ask->known_at, ask->authority, &ask->tallies);
}

enum err figures_ask_count(struct figures_ask *ask, int16_t period) {
    return load_counts(ask, (struct quarters){period, period});
}

bool figures_ask_recall(struct figures_ask *ask, int16_t period) {
    return tallies_recall(ask->r, &ask->view, (struct quarters){period, period}, ask->as_at, ask->authority,
                          &ask->tallies);
}

enum err figures_ask_load(struct figures_ask *ask, int16_t period, struct fault *fault) {
    enum err e = figures_ask_view(ask, period, fault);
    return e == OK ? figures_ask_count(ask, period) : e;
}

enum err figures_ask_load_all(struct figures_ask *ask, struct fault *fault) {
    enum err e = figures_ask_view(ask, period_of_day(ask->as_at), fault);
    return e == OK ? load_counts(ask, QUARTERS_ALL) : e;
}

void figures_ask_release(struct figures_ask *ask) {
    tallies_release(ask->r, &ask->tallies);
}

struct figures_question figures_ask_question(const struct figures_ask *ask, int16_t period) {
    struct figures_question q = tallies_question(&ask->tallies, period);
    if (ask->provider.p) q.view = framework_provider_find(q.framework, ask->provider);
    q.for_public = ask->disclosure != DISCLOSE_EXACT;
    return q;
}

enum err no_rated_period(const struct service_view *v, struct fault *fault) {
    char text[2][PERIOD_TEXT];
    int16_t first, last;
    frameworks_quarters(&v->in_force, &first, &last);
    return fail(fault, ERR_NOT_FOUND, "The framework %s rates the quarters from %s to %s.", v->framework->id,
                period_format(first, text[0]), period_format(last, text[1]));
}

enum err figures_ask_compute(const struct figures_ask *ask, int16_t period, struct fault *fault,
                             struct kpi_figures **out) {
    struct figures_question q = figures_ask_question(ask, period);
    struct kpi_figures *figures = ARENA_ARRAY(ask->r->arena, struct kpi_figures, q.framework->kpi_count);
    if (ask->provider.p && !q.view) return no_provider(ask, fault);
    enum err e = figures_compute(&q, figures);
    if (e == ERR_NOT_FOUND) return no_rated_period(&ask->view, fault);
    if (e == OK) *out = figures;
    return e;
}

void figures_ask_quarters(const struct figures_ask *ask, int16_t from, int16_t to, int16_t *out_first,
                          int16_t *out_last) {
    int16_t first = INT16_MAX, last = period_of_day(ask->as_at), least, most;
    /* What was sent is the same by each version. */
    const struct provider_tally *providers = ask->tallies.ratings[0].providers;
    for (size_t i = 0; i < ask->tallies.count; i++) {
        const struct tally *t = providers[i].tally;
        for (int16_t p = t ? t->first : 1; t && p <= t->last; p++) {
            if (!t->sent[p - t->first]) continue;
            first = p < first ? p : first;
            last = p > last ? p : last;
        }
    }
    frameworks_quarters(&ask->view.in_force, &least, &most);
    if (from >= 0) first = from;
    if (to >= 0) last = to;
    *out_first = first < least ? least : first;
    *out_last = last > most ? most : last;
}

enum err figures_ask_kpi(const struct figures_ask *ask, str ref, struct fault *fault,
                         const struct kpi **out) {
    const struct framework *f = ask->view.framework;
    const struct kpi *k = framework_kpi(f, ref);
    if (!k)
        return fail(fault, ERR_NOT_FOUND, "The framework %s has no KPI '%.*s'. Its KPIs run from %s to %s.",
                    f->id, STR_ARG(ref), f->kpis[0].ref, f->kpis[f->kpi_count - 1].ref);
    *out = k;
    return OK;
}

/* ---- what was asked, written back ---- */

void figures_ask_write_as_at(struct json *j, const struct figures_ask *ask) {
    char day[DAY_TEXT], instant[INSTANT_TEXT];
    if (ask->provider.p) json_field_str(j, "provider", ask->provider);
    if (ask->authority)
        json_field_str(j, "localAuthority", arena_printf(ask->r->arena, "E%08u", (unsigned)ask->authority));
    json_field_cstr(j, "asAt", day_format(ask->as_at, day));
    if (ask->known_at == INSTANT_NONE) json_field_null(j, "knownAt");
    else json_field_cstr(j, "knownAt", instant_format(ask->known_at, instant));
}

void figures_ask_write_framework(struct json *j, const struct figures_ask *ask) {
    json_key(j, "framework");
    json_object_begin(j);
    json_field_cstr(j, "id", ask->view.framework->id);
    json_field_int(j, "version", ask->view.framework->version);
    json_end(j);
}
