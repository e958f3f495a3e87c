#include "handlers/plan_birth.h"

#include "db/store_periods.h"
#include "handlers/dashboard_write.h"
#include "handlers/tallies.h"

static enum err figures_as_seen_by(struct request *r, const struct service_view *v, int16_t period,
                                   const struct framework_provider *view, struct kpi_figures **out) {
    struct service_tallies tallies;
    int32_t today = app_today(app_of(r));
    enum err e = tallies_load(r, v, today, INSTANT_NONE, 0, &tallies);
    if (e != OK) return e;
    struct figures_question q = {
        .framework = v->framework,
        .period = period,
        .as_at = today,
        .providers = tallies.providers,
        .provider_count = tallies.count,
        .view = view,
    };
    *out = ARENA_ARRAY(r->arena, struct kpi_figures, v->framework->kpi_count);
    e = figures_compute(&q, *out);
    tallies_release(r, &tallies);
    return e;
}

enum err service_figures(struct request *r, const struct service_view *v, int16_t period,
                         struct kpi_figures **out) {
    return figures_as_seen_by(r, v, period, NULL, out);
}

/* ---- drawing up ---- */

static str target_words(struct request *r, const struct kpi_figures *f) {
    struct buf b = BUF_EMPTY;
    if (!f->year->has_target) return STR("");
    if (f->kpi->unit == KPI_PERCENT && f->kpi->direction == KPI_LOWER)
        buf_add_cstr(&b, f->kpi->strict ? "less than " : "at most ");
    buf_add_decimal(&b, f->year->annual);
    if (f->kpi->unit == KPI_PERCENT) buf_add_cstr(&b, " %");
    str words = arena_str(r->arena, buf_str(&b));
    buf_free(&b);
    return words;
}

/* "617; 993 expected by the end of 2025-26-Q2" or "17.92 % (221 of 1233), year to the end of 2025-26-Q3". */
static str performance_words(struct request *r, const struct kpi_figures *f, int16_t period) {
    char text[PERIOD_TEXT];
    struct buf b = BUF_EMPTY;
    const struct figure *y = &f->year_to_date;
    if (f->kpi->unit == KPI_COUNT) {
        buf_printf(&b, "%lld", (long long)y->numerator);
        if (y->has_target) {
            buf_add_cstr(&b, "; ");
            buf_add_fraction(&b, y->goal.target);
            buf_printf(&b, " expected by the end of %s", period_format(period, text));
        }
    } else if (y->has_value) {
        buf_add_decimal(&b, (struct decimal){percent_hundredths(y->numerator, y->denominator), 2});
        buf_printf(&b, " %% (%lld of %lld), year to the end of %s", (long long)y->numerator,
                   (long long)y->denominator, period_format(period, text));
    } else {
        buf_printf(&b, "no figure for %s", period_format(period, text));
    }
    str words = arena_str(r->arena, buf_str(&b));
    buf_free(&b);
    return words;
}

static str figures_json(struct request *r, const struct service_view *v, const struct kpi_figures *f,
                        int16_t period) {
    char text[PERIOD_TEXT];
    struct buf b = BUF_EMPTY;
    struct json j = json_to(&b);
    json_object_begin(&j);
    json_key(&j, "framework");
    json_object_begin(&j);
    json_field_cstr(&j, "id", v->framework->id);
    json_field_int(&j, "version", v->framework->version);
    json_end(&j);
    json_field_cstr(&j, "period", period_format(period, text));
    json_field_cstr(&j, "asAt", day_format(app_today(app_of(r)), text));
    json_field_cstr(&j, "rag", rag_name(f->rag));
    json_key(&j, "target");
    json_object_begin(&j);
    struct buf number = BUF_EMPTY;
    if (f->year->has_target) buf_add_decimal(&number, f->year->annual);
    else buf_add_cstr(&number, "null");
    json_field_raw(&j, "annual", buf_str(&number));
    buf_clear(&number);
    if (f->year_to_date.has_target) buf_add_fraction(&number, f->year_to_date.goal.target);
    else buf_add_cstr(&number, "null");
    json_field_raw(&j, "toDate", buf_str(&number));
    buf_free(&number);
    json_end(&j);
    json_key(&j, "quarter");
    figure_write(&j, f->kpi, &f->quarter);
    json_key(&j, "yearToDate");
    figure_write(&j, f->kpi, &f->year_to_date);
    json_end(&j);
    str body = arena_str(r->arena, buf_str(&b));
    buf_free(&b);
    return body;
}

/* The providers whose own figure misses its target: rates, and counts where the framework sets targets for providers. Where there are
 * none: all expected for the part. */
static enum err attribute(struct request *r, const struct service_view *v, const struct kpi_figures *f,
                          int16_t period, str *out) {
    const struct framework *fw = v->framework;
    size_t index = (size_t)(f->kpi - fw->kpis);
    struct buf below = BUF_EMPTY, expected = BUF_EMPTY;
    enum err e = OK;
    for (size_t i = 0; i < fw->provider_count && e == OK; i++) {
        const struct framework_provider *p = &fw->providers[i];
        if (!framework_expects_for(p, f->kpi, period)) continue;
        buf_printf(&expected, "%s%s", expected.n ? ";" : "", p->id);
        struct kpi_figures *own;
        e = figures_as_seen_by(r, v, period, p, &own);
        if (e == OK && (own[index].rag == RAG_RED || own[index].rag == RAG_AMBER))
            buf_printf(&below, "%s%s", below.n ? ";" : "", p->id);
    }
    *out = arena_str(r->arena, below.n ? buf_str(&below) : buf_str(&expected));
    buf_free(&below);
    buf_free(&expected);
    return e;
}

enum err plan_draw_up(struct request *r, const struct service_view *v, const struct kpi_figures *f,
                      int16_t period, int64_t at, struct store_plan *out) {
    *out = (struct store_plan){
        .kpi = str_of(f->kpi->ref),
        .opened_for = period,
        .status = PLAN_REQUIRED,
        .opened_at = at,
        .due_day = workday_after(&v->framework->holidays, app_today(app_of(r)), v->framework->plan_due_days),
        .title = str_of(f->kpi->title),
        .strategic_lead = f->kpi->strategic_lead ? str_of(f->kpi->strategic_lead) : STR(""),
        .departmental_lead = f->kpi->departmental_lead ? str_of(f->kpi->departmental_lead) : STR(""),
        .target = target_words(r, f),
        .performance = performance_words(r, f, period),
        .when = -1,
        .figures = figures_json(r, v, f, period),
    };
    return attribute(r, v, f, period, &out->attributed_to);
}

/* ---- judging ---- */

struct judging {
    struct request *r;
    const struct service_view *v;
    int16_t period;
    int64_t at;
    enum plan_judging how;
    struct json *j;
    struct store_plan *plans;
    struct judged_plan *judged; /* the same, as kpi/plan_judge.h looks at them */
    size_t plan_count;
};

static void tell(const struct judging *g, const struct store_plan *p, enum plan_effect effect) {
    json_object_begin(g->j);
    json_field_str(g->j, "id", p->id);
    json_field_str(g->j, "kpi", p->kpi);
    json_field_cstr(g->j, "effect", plan_effect_name(effect));
    json_end(g->j);
}

/* Why, for the plan's history. */
static str words_of(const struct judging *g, enum plan_effect effect, const struct kpi_figures *f) {
    char period[PERIOD_TEXT];
    struct arena *a = g->r->arena;
    period_format(g->period, period);
    switch (effect) {
    case PLAN_OPENS: return arena_printf(a, "Red when %s became final.", period);
    case PLAN_REOPENS: return arena_printf(a, "Red again in %s.", period);
    case PLAN_CLOSES: return arena_printf(a, "Green in %s, which is final.", period);
    case PLAN_IS_WITHDRAWN:
        return arena_printf(a, "A corrected return makes %s %s.", period, rag_name(f->rag));
    case PLAN_STAYS: break;
    }
    return STR("");
}

static enum err open_new(const struct judging *g, const struct kpi_figures *f) {
    struct store_plan fresh;
    enum err e = plan_draw_up(g->r, g->v, f, g->period, g->at, &fresh);
    if (e == OK)
        e = store_plan_open(db_of(g->r), g->v->service.id, &fresh, g->r->arena, str_of(g->r->who->key_id),
                            words_of(g, PLAN_OPENS, f));
    if (e == OK) tell(g, &fresh, PLAN_OPENS);
    return e;
}

static enum err judge_kpi(const struct judging *g, const struct kpi_figures *f) {
    size_t which = 0;
    enum plan_effect effect = plan_judge(g->judged, g->plan_count, f->kpi, f->rag, g->period, g->how, &which);
    if (effect == PLAN_STAYS) return OK;
    if (effect == PLAN_OPENS) return open_new(g, f);
    struct store_plan *p = &g->plans[which];
    enum plan_status before = p->status;
    p->status = g->judged[which].status = plan_effect_status(effect);
    enum err e = store_plan_change(db_of(g->r), g->v->service.id, p, before, STR("{}"),
                                   str_of(g->r->who->key_id), words_of(g, effect, f), g->at);
    if (e == OK) tell(g, p, effect);
    return e;
}

static enum err load_plans(struct judging *g) {
    enum err e = store_plans_list(db_of(g->r), g->v->service.id, STR_NONE, INSTANT_NONE, g->r->arena,
                                  &g->plans, &g->plan_count);
    if (e != OK) return e;
    g->judged = ARENA_ARRAY(g->r->arena, struct judged_plan, g->plan_count);
    for (size_t i = 0; i < g->plan_count; i++) {
        const struct store_plan *p = &g->plans[i];
        g->judged[i] =
            (struct judged_plan){p->id, p->kpi, p->opened_for, p->status, p->opened_at, p->by_hand};
    }
    return OK;
}

static enum err judge_period(struct judging *g) {
    struct kpi_figures *figures;
    enum err e = service_figures(g->r, g->v, g->period, &figures);
    if (e == ERR_NOT_FOUND) return OK; /* a year that the framework does not rate raises nothing */
    if (e == OK) e = load_plans(g);
    for (size_t k = 0; e == OK && k < g->v->framework->kpi_count; k++)
        e = judge_kpi(g, &figures[k]);
    return e;
}

/* A corrected quarter moves the year to date of later ones, and the late cohorts of the next year. */
static enum err relieve_later(struct judging *g, int16_t signed_period) {
    struct store_period *periods;
    size_t count;
    enum err e =
        store_periods_list(db_of(g->r), g->v->service.id, -1, INSTANT_NONE, g->r->arena, &periods, &count);
    g->how = PLANS_ONLY_RELIEVE;
    for (size_t i = 0; e == OK && i < count; i++) {
        g->period = periods[i].period;
        if (periods[i].final && g->period > signed_period &&
            plan_judge_concerns(g->judged, g->plan_count, g->period))
            e = judge_period(g);
    }
    return e;
}

enum err plans_judge(struct request *r, const struct service_view *v, int16_t period, int64_t at,
                     struct json *j) {
    struct judging g = {.r = r, .v = v, .period = period, .at = at, .how = PLANS_JUDGE_ALL, .j = j};
    json_array_begin(j);
    enum err e = judge_period(&g);
    if (e == OK) e = relieve_later(&g, period);
    json_end(j);
    return e;
}
