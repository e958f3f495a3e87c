#include "handlers/plan_forecast.h"

#include "db/store_plans.h"

struct effect {
    int16_t period;
    const struct kpi *kpi;
    str plan; /* p NULL: a new one */
    enum plan_effect effect;
    enum plan_status status; /* of the plan after it */
};
struct effects {
    struct effect *list;
    size_t count;
};

struct forecast {
    const struct moved_question *q;
    const struct plan_ground *ground;
    struct arena *arena;
    struct json *j;
};

static bool is_final(const struct plan_ground *g, const struct store_period *p) {
    return p->final && (g->known_at == INSTANT_NONE || p->final_at <= g->known_at);
}

void plan_ground_ahead(struct request *r, str service, int16_t period, int64_t known_at) {
    store_period_ahead(db_of(r), service, -1);
    store_plan_marks_ahead(db_of(r), service, known_at);
    store_signed_ahead(db_of(r), service, period, known_at);
}

enum err plan_ground_load(struct request *r, str service, int16_t period, int64_t known_at,
                          struct plan_ground *out) {
    struct db *db = db_of(r);
    struct arena *a = r->arena;
    struct store_plan_mark *marks;
    struct plan_ground g = {.period = period, .known_at = known_at};
    enum err e = store_periods_list(db, service, -1, INSTANT_NONE, a, &g.periods, &g.period_count);
    if (e == OK) e = store_plan_marks(db, service, known_at, a, &marks, &g.plan_count);
    if (e == OK) e = store_signed_list(db, service, period, known_at, a, &g.signed_off, &g.signed_count);
    if (e != OK) return e;
    g.plans = ARENA_ARRAY(a, struct judged_plan, g.plan_count);
    for (size_t i = 0; i < g.plan_count; i++) {
        const struct store_plan_mark *m = &marks[i];
        g.plans[i] = (struct judged_plan){m->id,        m->kpi,     m->opened_for,  m->status,
                                          m->opened_at, m->by_hand, m->seen.period, m->seen.rag};
    }
    *out = g;
    return OK;
}

/* ---- the judging, played through on a copy of the plans ---- */

struct play {
    struct judged_plan *plans;
    size_t plan_count;
    struct effects effects;
};

static void judge_period(struct play *p, const struct kpi_figures *figures, size_t count, int16_t period,
                         enum plan_judging how) {
    for (size_t k = 0; k < count; k++) {
        size_t which = p->plan_count;
        const struct kpi *kpi = figures[k].kpi;
        enum plan_effect effect =
            plan_judge(p->plans, p->plan_count, kpi, figures[k].rag, period, how, &which);
        if (effect == PLAN_STAYS) continue;
        bool known = which < p->plan_count;
        enum plan_status after = plan_effect_status(effect, known ? p->plans[which].status : PLAN_REQUIRED);
        p->effects.list[p->effects.count++] =
            (struct effect){period, kpi, known ? p->plans[which].id : STR_NONE, effect, after};
        if (!known) continue;
        p->plans[which].status = after;
        p->plans[which].seen_period = period;
        p->plans[which].seen_rag = figures[k].rag;
    }
}

static struct play play_new(const struct forecast *f) {
    struct arena *a = f->arena;
    const struct plan_ground *g = f->ground;
    size_t kpis = 0;
    for (size_t i = 0; i < f->q->service->rating_count; i++)
        if (f->q->service->ratings[i].framework->kpi_count > kpis)
            kpis = f->q->service->ratings[i].framework->kpi_count;
    struct play p = {
        .plans = ARENA_ARRAY(a, struct judged_plan, g->plan_count),
        .plan_count = g->plan_count,
        .effects = {.list = ARENA_ARRAY(a, struct effect, kpis * (g->period_count + 1))},
    };
    if (g->plan_count) memcpy(p.plans, g->plans, g->plan_count * sizeof *p.plans);
    return p;
}

/* The period itself, then the later final ones, which only lose what is red no more: as plans_judge() does it. */
static enum err play_through(const struct forecast *f, struct play *before, struct play *after) {
    const struct plan_ground *g = f->ground;
    struct moved_pair pair;
    enum err e = moved_figures(f->q, g->period, &pair);
    if (e == ERR_NOT_FOUND) return OK; /* a year that the framework does not rate raises nothing */
    if (e != OK) return e;
    judge_period(before, pair.before, pair.framework->kpi_count, g->period, PLANS_JUDGE_ALL);
    judge_period(after, pair.after, pair.framework->kpi_count, g->period, PLANS_JUDGE_ALL);
    for (size_t i = 0; i < g->period_count; i++) {
        int16_t later = g->periods[i].period;
        if (later <= g->period || !is_final(g, &g->periods[i])) continue;
        e = moved_figures(f->q, later, &pair);
        if (e == ERR_NOT_FOUND) continue;
        if (e != OK) return e;
        judge_period(before, pair.before, pair.framework->kpi_count, later, PLANS_ONLY_RELIEVE);
        judge_period(after, pair.after, pair.framework->kpi_count, later, PLANS_ONLY_RELIEVE);
    }
    return OK;
}

/* ---- the words ---- */

static bool has_effect(const struct effects *list, const struct effect *e) {
    for (size_t i = 0; i < list->count; i++) {
        const struct effect *x = &list->list[i];
        if (x->period == e->period && x->kpi == e->kpi && x->effect == e->effect) return true;
    }
    return false;
}

static void write_effect(struct json *j, const struct effect *e) {
    char period[PERIOD_TEXT];
    json_field_cstr(j, "period", period_format(e->period, period));
    json_field_cstr(j, "kpi", e->kpi->ref);
    json_field_str(j, "id", e->plan);
    json_field_cstr(j, "effect", plan_effect_name(e->effect));
    json_field_cstr(j, "status", plan_status_name(e->status));
}

static void write_effects(struct json *j, const struct effects *after, const struct effects *before) {
    json_key(j, "effects");
    json_array_begin(j);
    for (size_t i = 0; i < after->count; i++) {
        json_object_begin(j);
        write_effect(j, &after->list[i]);
        json_field_bool(j, "alsoWithout", has_effect(before, &after->list[i]));
        json_end(j);
    }
    json_end(j);
    json_key(j, "averted");
    json_array_begin(j);
    for (size_t i = 0; i < before->count; i++) {
        if (has_effect(after, &before->list[i])) continue;
        json_object_begin(j);
        write_effect(j, &before->list[i]);
        json_end(j);
    }
    json_end(j);
}

static bool has_signed(const struct plan_ground *g, str provider) {
    for (size_t i = 0; i < g->signed_count; i++)
        if (str_eq(g->signed_off[i], provider)) return true;
    return false;
}

static void write_when(const struct forecast *f) {
    char text[PERIOD_TEXT];
    struct json *j = f->j;
    const struct plan_ground *g = f->ground;
    struct store_period period = {.final = false};
    for (size_t i = 0; i < g->period_count; i++)
        if (g->periods[i].period == g->period) period = g->periods[i];
    bool final = is_final(g, &period);
    str own = f->q->view->providers[f->q->provider].id;
    json_field_cstr(j, "period", period_format(g->period, text));
    json_field_bool(j, "periodFinal", final);
    json_field_cstr(j, "judgedBy", final ? "SIGN_OFF" : "LAST_SIGN_OFF");
    json_key(j, "awaitedSignOffs");
    json_array_begin(j);
    const struct framework *fw = service_view_framework(f->q->view, g->period);
    for (size_t i = 0; !final && i < fw->provider_count; i++) {
        str id = str_of(fw->providers[i].id);
        if (framework_expects_any(&fw->providers[i], g->period) && !str_eq(id, own) && !has_signed(g, id))
            json_str(j, id);
    }
    json_end(j);
}

enum err plan_forecast_write(const struct moved_question *q, const struct plan_ground *ground,
                             struct arena *a, struct json *j) {
    struct forecast f = {q, ground, a, j};
    struct play before = play_new(&f), after = play_new(&f);
    enum err e = play_through(&f, &before, &after);
    json_object_begin(j);
    write_when(&f);
    write_effects(j, &after.effects, &before.effects);
    json_end(j);
    return e;
}
