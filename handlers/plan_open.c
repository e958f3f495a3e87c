/* POST of an action plan: opened by the commissioner's hand, for a KPI of any colour, or for a theme over several. */
#include "db/store_periods.h"
#include "handlers/handlers.h"
#include "handlers/json_body.h"
#include "handlers/once.h"
#include "handlers/plan_ask.h"
#include "handlers/plan_birth.h"
#include "handlers/plan_figures.h"

struct opening {
    struct plan_ask ask;
    str kpis, providers; /* as they came: joined by commas */
    int16_t period;
};

/* The KPIs that were named, each once, in their order. */
static enum err find_kpis(const struct opening *o, const struct framework *f, struct kpi_figures *figures,
                          const struct kpi_figures **list, size_t *count, struct fault *fault) {
    *count = 0;
    for (str rest = o->kpis, one = str_cut(&rest, ','); one.p; one = str_cut(&rest, ',')) {
        str ref = str_trim(one);
        const struct kpi *kpi = framework_kpi(f, ref);
        if (!kpi)
            return fail(fault, ERR_INVALID, "/kpi: there is no KPI '%.*s' in framework %s.", STR_ARG(ref),
                        f->id);
        if (*count == PLAN_THEME_MAX)
            return fail(fault, ERR_INVALID, "/kpi: a theme has at most %d KPIs.", PLAN_THEME_MAX);
        for (size_t i = 0; i < *count; i++)
            if (list[i]->kpi == kpi) return fail(fault, ERR_INVALID, "/kpi names %s twice.", kpi->ref);
        list[(*count)++] = &figures[kpi - f->kpis];
    }
    return OK;
}

/* Those whom the commissioner names, in the place of those whose figures are below. */
static enum err choose_providers(struct opening *o, const struct framework *f, struct fault *fault) {
    struct store_plan *plan = &o->ask.plan;
    struct buf b = BUF_EMPTY;
    if (!o->providers.n) return OK;
    enum err e = OK;
    for (str rest = o->providers, one = str_cut(&rest, ','); one.p && e == OK; one = str_cut(&rest, ',')) {
        str id = str_trim(one);
        if (!framework_provider_find(f, id))
            e = fail(fault, ERR_INVALID, "/attributedTo: there is no provider '%.*s' in framework %s.",
                     STR_ARG(id), f->id);
        else if (store_plan_is_attributed(&(struct store_plan){.attributed_to = buf_str(&b)}, id))
            e = fail(fault, ERR_INVALID, "/attributedTo names %.*s twice.", STR_ARG(id));
        buf_printf(&b, "%s%.*s", b.n ? ";" : "", STR_ARG(id));
    }
    if (e == OK && b.n) plan->attributed_to = arena_str(o->ask.r->arena, buf_str(&b));
    buf_free(&b);
    return e;
}

/* The form's first part may be said in the commissioner's own words; the figures stay as they are. */
static void choose_words(struct opening *o) {
    struct store_plan *p = &o->ask.plan;
    const struct {
        const char *name;
        str *field;
    } words[] = {{"indicatorTitle", &p->title},
                 {"target", &p->target},
                 {"performanceThisPeriod", &p->performance},
                 {"strategicDirectorLead", &p->strategic_lead},
                 {"departmentalLead", &p->departmental_lead}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        str v = json_body_text(o->ask.r, o->ask.body, words[i].name);
        if (v.n) *words[i].field = v;
    }
}

static enum err none_open(const struct opening *o, struct db *db, struct fault *fault) {
    struct store_plan *plans;
    size_t count;
    str kpi = o->ask.plan.kpi;
    enum err e =
        store_plans_list(db, o->ask.service, STR_NONE, INSTANT_NONE, o->ask.r->arena, &plans, &count);
    for (size_t i = 0; e == OK && i < count; i++)
        if (str_eq(plans[i].kpi, kpi) && plan_is_open(plans[i].status))
            e = fail(fault, ERR_CONFLICT, "KPI %.*s has an open plan already: %.*s.", STR_ARG(kpi),
                     STR_ARG(plans[i].id));
    return e;
}

static enum err draw_up(struct opening *o, const struct service_view *v, struct fault *fault) {
    const struct kpi_figures *list[PLAN_THEME_MAX];
    struct kpi_figures *figures;
    size_t count;
    struct request *r = o->ask.r;
    enum err e = plan_service_figures(r, v, o->period, NULL, &figures);
    if (e == ERR_NOT_FOUND)
        return fail(fault, ERR_INVALID, "/openedFor: the framework does not rate that year.");
    if (e == OK) e = find_kpis(o, v->framework, figures, list, &count, fault);
    if (e != OK) return e;
    if (count > 1 && !json_body_text(r, o->ask.body, "indicatorTitle").n)
        return fail(fault, ERR_MISSING_VALUE,
                    "/indicatorTitle is missing: a plan over several KPIs needs a name.");
    e = count > 1 ? plan_draw_up_theme(r, v, list, count, o->period, o->ask.at, &o->ask.plan)
                  : plan_draw_up(r, v, list[0], o->period, o->ask.at, &o->ask.plan);
    if (e == OK) e = choose_providers(o, v->framework, fault);
    if (e != OK) return e;
    choose_words(o);
    o->ask.plan.by_hand = true;
    return OK;
}

static enum err run_open(struct db *db, void *context, struct fault *fault) {
    struct opening *o = context;
    struct plan_ask *ask = &o->ask;
    struct service_view view;
    buf_clear(&ask->p->body);
    enum err e = store_service_lock(db, ask->service, &ask->at);
    if (e == OK) e = service_view_load(ask->r, ask->service, INSTANT_NONE, o->period, &view, fault);
    if (e == OK) e = draw_up(o, &view, fault);
    if (e == OK) e = none_open(o, db, fault);
    if (e == OK)
        e = store_plan_open(db, ask->service, &ask->plan, ask->r->arena, app_today(app_of(ask->r)),
                            str_of(ask->r->who->key_id), json_body_text(ask->r, ask->body, "comment"));
    return e == OK ? plan_ask_answer(ask) : e;
}

/* Several as they are read, a list, or as they are written in a line, joined by commas. */
static enum err take_several(struct opening *o, const char *name, str *out) {
    const json_t *body = o->ask.body;
    return json_is_array(json_object_get(body, name)) ? json_body_take_list(o->ask.r, body, name, out)
                                                      : json_body_take_text(o->ask.r, body, name, out);
}

static enum err read_members(struct opening *o) {
    struct request *r = o->ask.r;
    str unused;
    static const char *const TEXTS[] = {"service",
                                        "openedFor",
                                        "comment",
                                        "indicatorTitle",
                                        "target",
                                        "performanceThisPeriod",
                                        "strategicDirectorLead",
                                        "departmentalLead"};
    enum err e = json_body_read_any(
        r,
        "service kpi openedFor attributedTo comment indicatorTitle target performanceThisPeriod strategicDirectorLead departmentalLead",
        &o->ask.body);
    for (size_t i = 0; e == OK && i < sizeof TEXTS / sizeof *TEXTS; i++)
        e = json_body_take_text(r, o->ask.body, TEXTS[i], &unused);
    if (e == OK) e = take_several(o, "kpi", &o->kpis);
    return e == OK ? take_several(o, "attributedTo", &o->providers) : e;
}

static enum err read_opening(struct opening *o) {
    struct request *r = o->ask.r;
    enum err e = read_members(o);
    if (e != OK) return e;
    str service = json_body_text(r, o->ask.body, "service"),
        period = json_body_text(r, o->ask.body, "openedFor");
    if (!o->kpis.n || !period.n)
        return fail(&r->fault, ERR_MISSING_VALUE, "Send {\"kpi\":\"1.9\",\"openedFor\":\"2025-26-Q3\"}.");
    if (!period_parse(period, &o->period))
        return fail(&r->fault, ERR_INVALID, "/openedFor '%.*s' is no quarter; write 2025-26-Q3.",
                    STR_ARG(period));
    if (period_first_day(o->period) > app_today(app_of(r)))
        return fail(&r->fault, ERR_INVALID, "/openedFor: %.*s has not begun; there is nothing to judge yet.",
                    STR_ARG(period));
    if (service.n && !str_eq(service, o->ask.service))
        return request_hides(r,
                             fail(&r->fault, ERR_NOT_FOUND, "There is no service '%.*s'.", STR_ARG(service)));
    return OK;
}

static void finish(void *context) {
    struct opening *o = context;
    struct request *r = o->ask.r;
    o->ask.p->status = 201;
    reply_header(r, o->ask.p, "Location",
                 arena_printf(r->arena, "/v1/action-plans/%.*s", STR_ARG(o->ask.plan.id)));
}

enum err handle_plan_open(struct request *r, struct reply *p) {
    struct opening o = {.ask = plan_ask_of(r, p)};
    enum err e = read_opening(&o);
    if (e == OK) e = once(r, p, &(struct db_work){.run = run_open, .context = &o}, finish);
    json_decref(o.ask.body);
    return e;
}
