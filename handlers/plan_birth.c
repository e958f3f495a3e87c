#include "handlers/plan_birth.h"

#include "db/store_events.h"
#include "db/store_periods.h"
#include "handlers/plan_figures.h"

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

/* The providers whose own figure misses its target: rates, and counts where the framework sets targets for providers. Where there are
 * none: all expected for the part. */
static enum err attribute(struct request *r, const struct service_view *v, const struct kpi_figures *f,
                          int16_t period, str *out) {
    const struct framework *fw = service_view_framework(v, period);
    size_t index = (size_t)(f->kpi - fw->kpis);
    struct buf below = BUF_EMPTY, expected = BUF_EMPTY;
    enum err e = OK;
    for (size_t i = 0; i < fw->provider_count && e == OK; i++) {
        const struct framework_provider *p = &fw->providers[i];
        if (!framework_expects_for(p, f->kpi, period)) continue;
        buf_printf(&expected, "%s%s", expected.n ? ";" : "", p->id);
        struct kpi_figures *own;
        e = plan_service_figures(r, v, period, p, &own);
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
    const struct framework *fw = service_view_framework(v, period);
    *out = (struct store_plan){
        .kpi = str_of(f->kpi->ref),
        .opened_for = period,
        .status = PLAN_REQUIRED,
        .opened_at = at,
        .due_day = workday_after(&fw->holidays, app_today(app_of(r)), fw->plan_due_days),
        .title = str_of(f->kpi->title),
        .strategic_lead = f->kpi->strategic_lead ? str_of(f->kpi->strategic_lead) : STR(""),
        .departmental_lead = f->kpi->departmental_lead ? str_of(f->kpi->departmental_lead) : STR(""),
        .target = target_words(r, f),
        .performance = performance_words(r, f, period),
        .when = -1,
        .figures = plan_figures_at_opening(r, v, f, period, at),
        .seen = {.period = -1},
    };
    return attribute(r, v, f, period, &out->attributed_to);
}

/* Lines of the KPIs, one under the other, each with its ref. */
static str lines(struct request *r, const struct kpi_figures *const *list, const str *words, size_t count) {
    struct buf b = BUF_EMPTY;
    for (size_t i = 0; i < count; i++)
        if (words[i].n) buf_printf(&b, "%s%s: %.*s", b.n ? "\n" : "", list[i]->kpi->ref, STR_ARG(words[i]));
    str all = arena_str(r->arena, buf_str(&b));
    buf_free(&b);
    return all;
}

static bool is_among(str joined, str wanted) {
    for (str one = str_cut(&joined, ';'); one.p; one = str_cut(&joined, ';'))
        if (str_eq(one, wanted)) return true;
    return false;
}

/* Those of `more` that `all` has not, joined to it. */
static str joined_with(struct arena *a, str all, str more) {
    for (str one = str_cut(&more, ';'); one.p; one = str_cut(&more, ';'))
        if (one.n && !is_among(all, one))
            all = arena_printf(a, "%.*s%s%.*s", STR_ARG(all), all.n ? ";" : "", STR_ARG(one));
    return all;
}

enum err plan_draw_up_theme(struct request *r, const struct service_view *v,
                            const struct kpi_figures *const *list, size_t count, int16_t period, int64_t at,
                            struct store_plan *out) {
    struct arena *a = r->arena;
    str targets[PLAN_THEME_MAX], performances[PLAN_THEME_MAX];
    enum err e = plan_draw_up(r, v, list[0], period, at, out);
    for (size_t i = 0; i < count && e == OK; i++) {
        str providers;
        targets[i] = target_words(r, list[i]);
        performances[i] = performance_words(r, list[i], period);
        if (i == 0) continue;
        e = attribute(r, v, list[i], period, &providers);
        if (e != OK) return e;
        out->attributed_to = joined_with(a, out->attributed_to, providers);
        out->kpi = joined_with(a, out->kpi, str_of(list[i]->kpi->ref));
    }
    if (e != OK) return e;
    out->target = lines(r, list, targets, count);
    out->performance = lines(r, list, performances, count);
    out->figures = plan_figures_of_theme(r, v, list, count, period, at);
    return OK;
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
    case PLAN_PROPOSES_CLOSING:
        return arena_printf(a, "Amber in %s, which is final: close it, or let it go on until it is green.",
                            period);
    case PLAN_IS_STILL_RED: return arena_printf(a, "Still red in %s, which is final.", period);
    case PLAN_STAYS: break;
    }
    return STR("");
}

static enum err open_new(const struct judging *g, const struct kpi_figures *f) {
    struct store_plan fresh;
    enum err e = plan_draw_up(g->r, g->v, f, g->period, g->at, &fresh);
    if (e == OK)
        e = store_plan_open(db_of(g->r), g->v->service.id, &fresh, g->r->arena, app_today(app_of(g->r)),
                            str_of(g->r->who->key_id), words_of(g, PLAN_OPENS, f));
    if (e == OK) tell(g, &fresh, PLAN_OPENS);
    return e;
}

/* How many final periods were red without a break before the one that judges. A relapse begins to count anew. */
static int red_before(const struct store_plan *p, int16_t period, enum plan_effect effect) {
    if (effect == PLAN_REOPENS) return 0;
    if (p->seen.period < 0) return p->opened_rag == RAG_RED && p->opened_for < period;
    return p->seen.period == period ? p->red_before : p->seen.red_running;
}

/* A relapse begins a second life: what the first was escalated to is taken back, the days to answer are counted anew, and a quarter that
 * was promised and is over is no promise any more. The history keeps them. */
static void begin_again(const struct judging *g, struct store_plan *p, struct json *changed) {
    const struct framework *fw = service_view_framework(g->v, g->period);
    int32_t today = app_today(app_of(g->r));
    char day[DAY_TEXT];
    p->due_day = workday_after(&fw->holidays, today, fw->plan_due_days);
    json_field_cstr(changed, "dueDate", day_format(p->due_day, day));
    if (p->when >= 0 && period_last_day(p->when) < today) {
        p->when = -1;
        json_field_null(changed, "when");
    }
    if (p->escalation.p) json_field_null(changed, "escalation");
    p->escalation = STR_NONE;
}

/* The plan's new state. */
static enum err move(const struct judging *g, const struct kpi_figures *f, enum plan_effect effect,
                     struct store_plan *p, struct store_plan_cause *cause) {
    struct buf changed = BUF_EMPTY;
    enum err e =
        plan_evidence(g->r, g->v, f, g->period, g->at, red_before(p, g->period, effect), &p->evidence);
    if (e != OK) return e;
    struct json j = json_to(&changed);
    json_object_begin(&j);
    json_field_raw(&j, "evidence", p->evidence);
    if (effect == PLAN_REOPENS) begin_again(g, p, &j);
    json_end(&j);
    p->status = plan_effect_status(effect, p->status);
    cause->changed = arena_str(g->r->arena, buf_str(&changed));
    buf_free(&changed);
    return OK;
}

/* For those who follow /v1/events: once for each KPI and period, however often it is judged. */
static enum err announce(const struct judging *g, const struct kpi_figures *f, enum event_kind kind) {
    char period[PERIOD_TEXT];
    str service = g->v->service.id;
    struct buf body = BUF_EMPTY, key = BUF_EMPTY;
    struct json j = json_to(&key);
    json_object_begin(&j);
    json_field_cstr(&j, "kpi", f->kpi->ref);
    json_field_cstr(&j, "period", period_format(g->period, period));
    json_end(&j);
    j = json_to(&body);
    json_object_begin(&j);
    json_field_str(&j, "service", service);
    json_field_cstr(&j, "kpi", f->kpi->ref);
    json_field_cstr(&j, "period", period);
    json_field_cstr(&j, "rag", rag_name(f->rag));
    json_field_str(&j, "correlation", str_of(g->r->correlation));
    json_end(&j);
    enum err e = store_event_put_once(db_of(g->r), service, kind, g->at, buf_str(&body), buf_str(&key), NULL);
    buf_free(&body);
    buf_free(&key);
    return e;
}

/* Told whether or not it raises a plan. A correction of an earlier period only takes reds away from later ones. */
static enum err announce_red(const struct judging *g, const struct kpi_figures *f) {
    return g->how == PLANS_JUDGE_ALL && f->rag == RAG_RED ? announce(g, f, EVENT_KPI_RED) : OK;
}

static enum err judge_kpi(const struct judging *g, const struct kpi_figures *f) {
    size_t which = 0;
    enum err e = announce_red(g, f);
    if (e != OK) return e;
    enum plan_effect effect = plan_judge(g->judged, g->plan_count, f->kpi, f->rag, g->period, g->how, &which);
    if (effect == PLAN_STAYS) return OK;
    if (effect == PLAN_OPENS) return open_new(g, f);
    struct store_plan *p = &g->plans[which];
    struct store_plan_cause cause = {
        .happening = plan_effect_happening(effect),
        .before = p->status,
        .key_id = str_of(g->r->who->key_id),
        .comment = words_of(g, effect, f),
        .at = g->at,
    };
    e = move(g, f, effect, p, &cause);
    if (e == OK) e = store_plan_change(db_of(g->r), g->v->service.id, p, &cause);
    if (e == OK && effect == PLAN_CLOSES) e = announce(g, f, EVENT_KPI_RECOVERED);
    if (e != OK) return e;
    g->judged[which].status = p->status;
    g->judged[which].seen_period = g->period;
    g->judged[which].seen_rag = f->rag;
    tell(g, p, effect);
    return OK;
}

static enum err load_plans(struct judging *g) {
    enum err e = store_plans_list(db_of(g->r), g->v->service.id, STR_NONE, INSTANT_NONE, g->r->arena,
                                  &g->plans, &g->plan_count);
    if (e != OK) return e;
    g->judged = ARENA_ARRAY(g->r->arena, struct judged_plan, g->plan_count);
    for (size_t i = 0; i < g->plan_count; i++) {
        const struct store_plan *p = &g->plans[i];
        g->judged[i] = (struct judged_plan){p->id,        p->kpi,     p->opened_for,  p->status,
                                            p->opened_at, p->by_hand, p->seen.period, p->seen.rag};
    }
    return OK;
}

static enum err judge_period(struct judging *g) {
    struct kpi_figures *figures;
    enum err e = plan_service_figures(g->r, g->v, g->period, NULL, &figures);
    if (e == ERR_NOT_FOUND) return OK; /* a year that the framework does not rate raises nothing */
    if (e == OK) e = load_plans(g);
    size_t count = service_view_framework(g->v, g->period)->kpi_count;
    for (size_t k = 0; e == OK && k < count; k++)
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
