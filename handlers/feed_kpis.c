/* The feed kpi-results: for every quarter the service and then each provider, every KPI, the quarter and the year to date; or, in the
 * format of Fingertips, the quarters. The figures are those of the dashboard (kpi/figures.h), the trend that of the history. */
#include "db/store_periods.h"
#include "handlers/dashboard_write.h"
#include "handlers/feed.h"
#include "kpi/trend.h"
#include "kpi/wilson.h"

enum { SMALL_BELOW = 8 };

/* What the trend needs of the quarters before. */
struct past {
    struct trend_proportion point[TREND_POINTS];
    bool usable[TREND_POINTS];
};

/* The service, or one provider. */
struct entity {
    bool is_provider;
    str id, name;
    struct book versions; /* without facts */
    struct past *past;    /* by table.refs */
};

struct table {
    struct feed_ask *ask;
    struct entity *entities;
    size_t entity_count;
    struct store_period *periods;
    size_t period_count;
    struct store_plan_mark *plans;
    size_t plan_count;
    const char **refs; /* of all KPIs of all versions that rate a quarter, each once */
    size_t ref_count;
    /* the quarter and entity at hand */
    int16_t period;
    const struct framework *framework; /* the version that rates the quarter */
    const struct entity *entity;
    struct kpi_figures *figures; /* by its KPIs; has room for those of any version */
    bool provisional;
};

/* ---- who and when ---- */

static size_t ref_find(const struct table *t, const char *ref) {
    size_t i = 0;
    while (i < t->ref_count && strcmp(t->refs[i], ref) != 0)
        i++;
    return i;
}

static void find_refs(struct table *t) {
    const struct frameworks_in_force *all = &t->ask->q.view.in_force;
    size_t most = 0;
    for (size_t i = 0; i < all->count; i++)
        most += all->list[i].framework->kpi_count;
    t->refs = ARENA_ARRAY(t->ask->q.r->arena, const char *, most);
    t->figures = ARENA_ARRAY(t->ask->q.r->arena, struct kpi_figures, most);
    t->ref_count = 0;
    for (size_t i = 0; i < all->count; i++)
        for (size_t k = 0; k < all->list[i].framework->kpi_count; k++) {
            const char *ref = all->list[i].framework->kpis[k].ref;
            if (ref_find(t, ref) == t->ref_count) t->refs[t->ref_count++] = ref;
        }
}

static enum err load_entity(struct table *t, struct entity *e, const struct store_provider *p) {
    struct request *r = t->ask->q.r;
    e->past = ARENA_ARRAY(r->arena, struct past, t->ref_count);
    if (!p) return OK;
    e->is_provider = true;
    e->id = p->id;
    e->name = p->name;
    return store_book_load(db_of(r), t->ask->q.service, p->id, t->ask->q.known_at, 0, r->arena, &e->versions);
}

static bool is_named(const struct service_view *v, str provider) {
    for (size_t i = 0; i < v->in_force.count; i++)
        if (framework_provider_find(v->in_force.list[i].framework, provider)) return true;
    return false;
}

/* A provider that the framework does not name has no view of its own. */
static enum err load_entities(struct table *t) {
    const struct service_view *v = &t->ask->q.view;
    t->entities = ARENA_ARRAY(t->ask->q.r->arena, struct entity, v->provider_count + 1);
    t->entity_count = 1;
    enum err e = load_entity(t, &t->entities[0], NULL);
    for (size_t i = 0; i < v->provider_count && e == OK; i++) {
        if (!is_named(v, v->providers[i].id)) continue;
        e = load_entity(t, &t->entities[t->entity_count++], &v->providers[i]);
    }
    return e;
}

static enum err load_happenings(struct table *t) {
    const struct figures_ask *q = &t->ask->q;
    struct db *db = db_of(q->r);
    enum err e =
        store_periods_list(db, q->service, -1, INSTANT_NONE, q->r->arena, &t->periods, &t->period_count);
    if (e == OK) e = store_plan_marks(db, q->service, q->known_at, q->r->arena, &t->plans, &t->plan_count);
    return e;
}

static bool is_final(const struct table *t, int16_t period) {
    for (size_t i = 0; i < t->period_count; i++)
        if (t->periods[i].period == period)
            return t->periods[i].final &&
                   (t->ask->q.known_at == INSTANT_NONE || t->periods[i].final_at <= t->ask->q.known_at);
    return false;
}

/* ---- the trend ---- */

/* Every quarter moves all along, also those KPIs that its version does not have. */
static void move_along(const struct table *t, struct entity *e) {
    for (size_t i = 0; i < t->ref_count; i++) {
        struct past *p = &e->past[i];
        memmove(p->point, p->point + 1, sizeof p->point - sizeof *p->point);
        memmove(p->usable, p->usable + 1, sizeof p->usable - sizeof *p->usable);
        p->usable[TREND_POINTS - 1] = false;
    }
}

static struct past *past_of(const struct table *t, const struct entity *e, const struct kpi *k) {
    return &e->past[ref_find(t, k->ref)];
}

static void remember(struct table *t, struct entity *e, size_t kpi) {
    const struct kpi_figures *f = &t->figures[kpi];
    struct past *p = past_of(t, e, f->kpi);
    p->point[TREND_POINTS - 1] = (struct trend_proportion){f->quarter.numerator, f->quarter.denominator};
    p->usable[TREND_POINTS - 1] = f->kpi->unit == KPI_PERCENT && figure_value(f->kpi, &f->quarter).den != 0 &&
                                  f->quarter_due && period_last_day(t->period) < t->ask->q.as_at;
}

static enum trend trend_of(const struct past *p) {
    for (size_t i = 0; i < TREND_POINTS; i++)
        if (!p->usable[i]) return TREND_UNKNOWN;
    return trend_of_proportions(p->point).trend;
}

/* ---- a row ---- */

static const char *no_value(const struct figure *f) {
    if (f->has_value) return NULL;
    if (!f->has_numbers) return "NOT_SENT";
    return f->rag == RAG_NOT_DUE ? "NOT_DUE" : "NOTHING_TO_DIVIDE_BY";
}

/* Which rule of the scheme gave the colour. */
static const char *reason_of_colour(const struct kpi_figures *f, const struct figure *v) {
    bool on_target = goal_reached(f->kpi, &v->goal, figure_value(f->kpi, v)) >= REACHED_TARGET;
    bool direction = f->year->scheme == SCHEME_DIRECTION;
    bool minimum = f->year->scheme == SCHEME_FOUR_COLOURS && v->goal.minimum.den;
    switch (v->rag) {
    case RAG_BLUE: return "BEYOND_STRETCH";
    case RAG_GREEN: return direction && !on_target ? "WITHIN_TOLERANCE" : "ON_TARGET";
    case RAG_AMBER:
        return direction ? "NO_WORSE_THAN_LAST_YEAR" : minimum ? "ABOVE_MINIMUM" : "WITHIN_TOLERANCE";
    default: return minimum ? "BELOW_MINIMUM" : "BEYOND_TOLERANCE";
    }
}

static const char *reason_of(const struct kpi_figures *f, const struct figure *v) {
    if (rag_rank(v->rag)) return reason_of_colour(f, v);
    switch (v->rag) {
    case RAG_BASELINE: return "BASELINE_YEAR";
    case RAG_NOT_DUE: return "NOT_DUE";
    case RAG_NO_DATA: return v->has_numbers ? "NOTHING_TO_DIVIDE_BY" : "NOT_SENT";
    default: return "NO_PROVIDER_TARGET";
    }
}

static int64_t rank_of(enum rag rag) {
    static const int64_t RANKS[RAG_COUNT] = {
        [RAG_RED] = 1,     [RAG_AMBER] = 2,   [RAG_GREEN] = 3, [RAG_BASELINE] = 4,
        [RAG_NOT_DUE] = 5, [RAG_NO_DATA] = 6, [RAG_BLUE] = 7};
    return RANKS[rag];
}

static bool is_small(const struct kpi *k, const struct figure *f) {
    int64_t base = k->unit == KPI_PERCENT ? f->denominator : f->numerator;
    return f->has_numbers && base > 0 && base < SMALL_BELOW;
}

static void put_value(struct feed_out *o, const char *column, const struct kpi *k, const struct figure *f) {
    if (k->unit == KPI_COUNT) feed_int_if(o, column, f->has_value, f->numerator);
    else if (!f->has_value) feed_text(o, column, STR_NONE);
    else
        feed_decimal_if(o, column, true,
                        (struct decimal){percent_hundredths(f->numerator, f->denominator), 2});
}

static void put_limits(struct feed_out *o, const char *lower, const char *upper, const struct kpi *k,
                       const struct figure *f, double z) {
    bool given = f->has_value && k->unit == KPI_PERCENT;
    struct interval i = given ? wilson(f->numerator, f->denominator, z) : (struct interval){0, 0};
    feed_decimal_if(o, lower, given, (struct decimal){proportion_hundredths(i.lower), 2});
    feed_decimal_if(o, upper, given, (struct decimal){proportion_hundredths(i.upper), 2});
}

/* The value minus the target, in two decimals. */
static void put_variance(struct feed_out *o, const struct kpi *k, const struct figure *f) {
    struct fraction value = figure_value(k, f);
    bool given = f->has_target && value.den != 0;
    int64_t v = given ? fraction_round(fraction_sub(value, f->goal.target), 2) : 0;
    feed_decimal_if(o, "variance", given, (struct decimal){v, 2});
}

static void put_plan(struct feed_out *o, const struct table *t, const struct kpi_figures *f) {
    bool service = !t->entity->is_provider;
    const struct store_plan_mark *m =
        service ? plan_mark_find(t->plans, t->plan_count, f->kpi, t->period) : NULL;
    feed_flag_if(o, "actionPlanRequired", service, f->rag == RAG_RED && f->kpi->raises_plan);
    feed_text(o, "actionPlanId", m ? m->id : STR_NONE);
}

/* National stands in for episodes. */
static void put_version(struct feed_out *o, const struct table *t, const struct kpi *k) {
    const struct book *b = &t->entity->versions;
    const struct held *h = book_find(b, k->part, t->period);
    if (k->part == PART_EPISODES && (!h || book_is_taken_back(b, h)))
        h = book_find(b, PART_NATIONAL, t->period);
    feed_int_if(o, "returnVersion", h != NULL, h ? h->version : 0);
}

static void write_row(struct table *t, size_t kpi, bool quarter) {
    struct feed_out *o = &t->ask->out;
    const struct figures_ask *q = &t->ask->q;
    const struct kpi_figures *f = &t->figures[kpi];
    const struct kpi *k = f->kpi;
    const struct figure *v = quarter ? &f->quarter : &f->year_to_date;
    bool rate = k->unit == KPI_PERCENT;
    feed_text(o, "service", q->service);
    feed_text(o, "provider", t->entity->id);
    feed_text(o, "providerOdsCode", STR_NONE);
    feed_text(o, "providerName", t->entity->name);
    feed_text(o, "localAuthorityCode",
              q->authority ? arena_printf(&o->row, "E%08u", (unsigned)q->authority) : STR_NONE);
    feed_period(o, t->period);
    feed_cstr(o, "kpiRef", k->ref);
    feed_cstr(o, "kpiTitle", k->title);
    feed_cstr(o, "unit", rate ? "PERCENT" : "COUNT");
    feed_cstr(o, "direction", k->direction == KPI_HIGHER ? "HIGHER" : "LOWER");
    feed_cstr(o, "view", quarter ? "QUARTER" : "YEAR_TO_DATE");
    feed_int_if(o, "numerator", v->has_numbers, v->numerator);
    feed_int_if(o, "denominator", v->has_numbers && rate, v->denominator);
    put_value(o, "value", k, v);
    feed_fraction_if(o, "target", v->has_target, v->goal.target);
    feed_fraction_if(o, "annualTarget", f->year->has_target, fraction_of_decimal(f->year->annual));
    feed_fraction_if(o, "profiledTarget", f->year->has_target, f->year_to_date.goal.target);
    put_variance(o, k, v);
    feed_cstr(o, "rag", rag_name(v->rag));
    feed_cstr(o, "ragReason", reason_of(f, v));
    feed_int_if(o, "ragRank", v->rag != RAG_NONE, rank_of(v->rag));
    feed_cstr(o, "trend", quarter ? trend_name(trend_of(past_of(t, t->entity, k))) : NULL);
    feed_flag(o, "provisional", t->provisional);
    put_plan(o, t, f);
    put_version(o, t, k);
    feed_flag(o, "partial", f->partial);
    feed_flag(o, "smallNumber", is_small(k, v));
    put_limits(o, "lower95", "upper95", k, v, WILSON_95);
    feed_cstr(o, "valueNote", no_value(v));
    feed_int(o, "frameworkVersion", t->framework->version);
    feed_day(o, "asAt", q->as_at);
    feed_instant(o, "knownAt", q->known_at);
    feed_end_row(o);
}

/* ---- the format of Fingertips ---- */

static const char *trend_words(const struct kpi *k, enum trend t) {
    bool better = (t == TREND_INCREASING) == (k->direction == KPI_HIGHER);
    switch (t) {
    case TREND_INCREASING: return better ? "Increasing and getting better" : "Increasing and getting worse";
    case TREND_DECREASING: return better ? "Decreasing and getting better" : "Decreasing and getting worse";
    case TREND_NO_CHANGE: return "No significant change";
    default: return "Cannot be calculated";
    }
}

static const char *goal_words(enum rag rag) {
    static const char *const WORDS[] = {"Not compared", "Red", "Amber", "Green",
                                        "Green"}; /* Fingertips has no blue */
    return WORDS[rag_rank(rag)];
}

static str note_words(const struct table *t, const struct kpi_figures *f) {
    const char *why = no_value(&f->quarter);
    if (why && str_is(str_of(why), "NOT_SENT")) return STR("Not sent");
    if (why && str_is(str_of(why), "NOT_DUE")) return STR("Not due yet");
    if (why) return STR("Nothing to divide by");
    bool small = is_small(f->kpi, &f->quarter);
    if (!t->provisional && !f->partial && !small) return STR_NONE;
    return arena_printf(&t->ask->out.row, "%s%s%s", t->provisional ? "Provisional. " : "",
                        f->partial ? "Not every provider has sent. " : "", small ? "Small number. " : "");
}

static void write_fingertips_row(struct table *t, size_t kpi) {
    struct feed_out *o = &t->ask->out;
    const struct service_view *view = &t->ask->q.view;
    const struct kpi_figures *f = &t->figures[kpi];
    const struct kpi *k = f->kpi;
    bool own = t->entity->is_provider, rate = k->unit == KPI_PERCENT;
    int year = period_year(t->period), quarter = period_quarter(t->period);
    feed_cstr(o, "Indicator ID", k->ref);
    feed_cstr(o, "Indicator Name", k->title);
    feed_text(o, "Parent Code", own ? view->service.id : STR_NONE);
    feed_text(o, "Parent Name", own ? view->service.name : STR_NONE);
    feed_text(o, "Area Code", own ? t->entity->id : view->service.id);
    feed_text(o, "Area Name", own ? t->entity->name : view->service.name);
    feed_cstr(o, "Area Type", own ? "Provider" : "Service");
    feed_cstr(o, "Sex", "Persons");
    feed_cstr(o, "Age", "All ages");
    feed_text(o, "Category Type", STR_NONE);
    feed_text(o, "Category", STR_NONE);
    feed_text(o, "Time period", arena_printf(&o->row, "%d/%02d Q%d", year, (year + 1) % 100, quarter));
    put_value(o, "Value", k, &f->quarter);
    put_limits(o, "Lower CI 95.0 limit", "Upper CI 95.0 limit", k, &f->quarter, WILSON_95);
    put_limits(o, "Lower CI 99.8 limit", "Upper CI 99.8 limit", k, &f->quarter, WILSON_998);
    feed_int_if(o, "Count", f->quarter.has_numbers, f->quarter.numerator);
    feed_int_if(o, "Denominator", f->quarter.has_numbers && rate, f->quarter.denominator);
    feed_text(o, "Value note", str_trim(note_words(t, f)));
    feed_cstr(o, "Recent Trend", trend_words(k, trend_of(past_of(t, t->entity, k))));
    feed_cstr(o, "Compared to England value or percentiles", "Not compared");
    feed_cstr(o, "Compared to Service value or percentiles", "Not compared");
    feed_int(o, "Time period Sortable", (int64_t)year * 10000 + quarter * 100);
    feed_text(o, "New data", STR_NONE);
    feed_cstr(o, "Compared to goal", goal_words(f->quarter.rag));
    feed_end_row(o);
}

/* ---- the table ---- */

/* False where the quarter is not rated, or its version does not name the provider. */
static bool compute(struct table *t, struct entity *e, int16_t period) {
    struct figures_question question = figures_ask_question(&t->ask->q, period);
    question.view = e->is_provider ? framework_provider_find(question.framework, e->id) : NULL;
    move_along(t, e);
    if (e->is_provider && !question.view) return false;
    if (figures_compute(&question, t->figures) != OK) return false;
    t->period = period;
    t->framework = question.framework;
    t->entity = e;
    t->provisional = !is_final(t, period);
    for (size_t i = 0; i < t->framework->kpi_count; i++) {
        t->provisional |= !t->figures[i].quarter_due;
        remember(t, e, i);
    }
    return true;
}

static void write_entity(struct table *t) {
    for (size_t i = 0; i < t->framework->kpi_count; i++) {
        if (t->ask->fingertips) {
            write_fingertips_row(t, i);
            continue;
        }
        write_row(t, i, true);
        write_row(t, i, false);
    }
}

/* The quarters asked for, and before them those that only the trend looks at. */
static void write_quarters(struct table *t, int16_t first, int16_t last) {
    int16_t least, most;
    frameworks_quarters(&t->ask->q.view.in_force, &least, &most);
    int16_t begin = (int16_t)(first - (TREND_POINTS - 1));
    for (int16_t p = begin < least ? least : begin; p <= last; p++) {
        for (size_t i = 0; i < t->entity_count; i++)
            if (compute(t, &t->entities[i], p) && p >= first) write_entity(t);
    }
}

enum err feed_write_kpi_results(struct feed_ask *ask, struct fault *fault) {
    struct table t = {.ask = ask};
    int16_t first, last;
    enum err e = figures_ask_load_all(&ask->q, fault);
    if (e == OK) e = load_happenings(&t);
    if (e == OK) find_refs(&t);
    if (e == OK) e = load_entities(&t);
    if (e == OK) {
        figures_ask_quarters(&ask->q, -1, -1, &first, &last);
        if (ask->from > first) first = ask->from;
        if (ask->to < last) last = ask->to;
        write_quarters(&t, first, last);
    }
    figures_ask_release(&ask->q);
    return e;
}
