/* The feed kpi-results: for every quarter the service and then each provider, every KPI, the quarter and the year to date; or, in the
 * format of Fingertips, the quarters. The figures are those of the dashboard (kpi/figures.h), the trend that of the history. */
#include "handlers/feed_kpis.h"

#include "db/store_periods.h"

/* ---- who and when ---- */

static size_t ref_find(const struct kpi_table *t, const char *ref) {
    size_t i = 0;
    while (i < t->ref_count && strcmp(t->refs[i], ref) != 0)
        i++;
    return i;
}

static void find_refs(struct kpi_table *t) {
    const struct frameworks_in_force *all = &t->ask->q.view.in_force;
    struct arena *a = t->ask->q.r->arena;
    size_t sum = 0, most = 0;
    for (size_t i = 0; i < all->count; i++) {
        size_t count = all->list[i].framework->kpi_count;
        sum += count;
        most = count > most ? count : most;
    }
    t->refs = ARENA_ARRAY(a, const char *, sum);
    t->column_count = most;
    t->columns = ARENA_ARRAY(a, struct kpi_columns, most);
    t->service = ARENA_ARRAY(a, struct kpi_figures, most);
    t->own = ARENA_ARRAY(a, struct kpi_figures, most);
    for (size_t i = 0; i < all->count; i++)
        for (size_t k = 0; k < all->list[i].framework->kpi_count; k++) {
            const char *ref = all->list[i].framework->kpis[k].ref;
            if (ref_find(t, ref) == t->ref_count) t->refs[t->ref_count++] = ref;
        }
}

static void add_entity(struct kpi_table *t, struct entity e) {
    e.past = ARENA_ARRAY(t->ask->q.r->arena, struct past, t->ref_count);
    t->entities[t->entity_count++] = e;
}

static bool is_named(const struct service_view *v, str provider) {
    for (size_t i = 0; i < v->in_force.count; i++)
        if (framework_provider_find(v->in_force.list[i].framework, provider)) return true;
    return false;
}

/* A provider that the framework does not name has no view of its own. */
static void find_entities(struct kpi_table *t) {
    const struct service_view *v = &t->ask->q.view;
    t->entities = ARENA_ARRAY(t->ask->q.r->arena, struct entity, v->provider_count + 1);
    add_entity(t, (struct entity){.is_provider = false});
    for (size_t i = 0; i < v->provider_count; i++)
        if (is_named(v, v->providers[i].id))
            add_entity(t, (struct entity){true, i, v->providers[i].id, v->providers[i].name, {0}, NULL});
}

static enum err load_happenings(struct kpi_table *t) {
    const struct figures_ask *q = &t->ask->q;
    struct db *db = db_of(q->r);
    struct arena *a = q->r->arena;
    enum err e = store_periods_list(db, q->service, -1, INSTANT_NONE, a, &t->periods, &t->period_count);
    if (e == OK) e = store_plan_marks(db, q->service, q->known_at, a, &t->plans, &t->plan_count);
    return e;
}

/* Both lists are in the order of the providers' ids. */
static enum err load_versions(struct kpi_table *t) {
    const struct figures_ask *q = &t->ask->q;
    struct store_provider_book *books;
    size_t count, b = 0;
    enum err e = store_books_list(db_of(q->r), q->service, q->known_at, q->r->arena, &books, &count);
    for (size_t i = 0; e == OK && i < t->entity_count && b < count; i++) {
        struct entity *own = &t->entities[i];
        while (own->is_provider && b < count && str_cmp(books[b].provider, own->id) < 0)
            b++;
        if (own->is_provider && b < count && str_eq(books[b].provider, own->id))
            own->versions = books[b].book;
    }
    return e;
}

static bool is_final(const struct kpi_table *t, int16_t period) {
    for (size_t i = 0; i < t->period_count; i++)
        if (t->periods[i].period == period)
            return t->periods[i].final &&
                   (t->ask->q.known_at == INSTANT_NONE || t->periods[i].final_at <= t->ask->q.known_at);
    return false;
}

/* ---- the trend ---- */

/* Every quarter moves all along, also those KPIs that its version does not have. */
static void move_along(const struct kpi_table *t, struct entity *e) {
    for (size_t i = 0; i < t->ref_count; i++) {
        struct past *p = &e->past[i];
        memmove(p->point, p->point + 1, sizeof p->point - sizeof *p->point);
        memmove(p->usable, p->usable + 1, sizeof p->usable - sizeof *p->usable);
        p->usable[TREND_POINTS - 1] = false;
    }
}

static void remember(const struct kpi_table *t, struct entity *e, size_t kpi) {
    const struct kpi_figures *f = &t->figures[kpi];
    const struct figure *v = &f->quarter;
    struct past *p = &e->past[t->columns[kpi].ref];
    p->point[TREND_POINTS - 1] = (struct trend_proportion){v->numerator, v->denominator};
    p->usable[TREND_POINTS - 1] = f->kpi->unit == KPI_PERCENT && v->has_value && f->quarter_due &&
                                  period_last_day(t->period) < t->ask->q.as_at;
}

enum trend kpi_trend(const struct kpi_table *t, size_t kpi) {
    const struct past *p = &t->entity->past[t->columns[kpi].ref];
    for (size_t i = 0; i < TREND_POINTS; i++)
        if (!p->usable[i]) return TREND_UNKNOWN;
    return trend_of_proportions(p->point).trend;
}

/* ---- the quarter and entity at hand ---- */

static void free_columns(struct kpi_table *t) {
    for (size_t i = 0; i < t->column_count; i++)
        for (int view = 0; view < 2; view++) {
            feed_run_free(&t->columns[i].names[view]);
            feed_run_free(&t->columns[i].targets[view]);
        }
    feed_run_free(&t->version);
    feed_run_free(&t->who);
}

static void change_framework(struct kpi_table *t, const struct framework *f) {
    t->framework = f;
    free_columns(t);
    for (size_t i = 0; i < f->kpi_count; i++)
        t->columns[i].ref = ref_find(t, f->kpis[i].ref);
}

static void begin_quarter(struct kpi_table *t, int16_t period) {
    const struct framework *f = service_view_framework(&t->ask->q.view, period);
    if (f != t->framework) change_framework(t, f);
    t->period = period;
    for (size_t i = 0; i < f->kpi_count; i++)
        for (int view = 0; view < 2; view++)
            feed_run_forget(&t->columns[i].targets[view]);
}

/* False where the quarter is not rated, or its version does not name the provider. */
static bool compute(struct kpi_table *t, const struct entity *e) {
    struct figures_question question = figures_ask_question(&t->ask->q, t->period);
    if (!e->is_provider) {
        t->figures = t->service;
        return figures_compute_bare(&question, NULL, t->service) == OK;
    }
    figures_question_narrow(&question, e->index, 1);
    question.view = question.providers->provider;
    t->figures = t->own;
    return question.view && figures_compute_bare(&question, t->service, t->own) == OK;
}

/* National stands in for episodes. */
static void find_returned(struct kpi_table *t) {
    const struct book *b = &t->entity->versions;
    for (int part = 0; part < PART_COUNT; part++) {
        const struct held *h = book_find(b, (enum part_id)part, t->period);
        if (part == PART_EPISODES && (!h || book_is_taken_back(b, h)))
            h = book_find(b, PART_NATIONAL, t->period);
        t->returned[part] = h ? h->version : 0;
    }
}

static bool begin_entity(struct kpi_table *t, struct entity *e) {
    move_along(t, e);
    if (!compute(t, e)) return false;
    t->entity = e;
    t->provisional = !is_final(t, t->period);
    for (size_t i = 0; i < t->framework->kpi_count; i++) {
        t->provisional |= !t->figures[i].quarter_due;
        remember(t, e, i);
    }
    find_returned(t);
    feed_run_forget(&t->who);
    return true;
}

/* ---- the table ---- */

static void write_entity(struct kpi_table *t) {
    kpi_row_writer *write = t->ask->fingertips ? fingertips_row_write : kpi_rows_write;
    for (size_t i = 0; i < t->framework->kpi_count; i++)
        write(t, i);
}

/* The quarters asked for, and before them those that only the trend looks at. */
static void write_quarters(struct kpi_table *t, int16_t first, int16_t last) {
    int16_t least, most;
    frameworks_quarters(&t->ask->q.view.in_force, &least, &most);
    int16_t begin = (int16_t)(first - (TREND_POINTS - 1));
    for (int16_t p = begin < least ? least : begin; p <= last; p++) {
        begin_quarter(t, p);
        for (size_t i = 0; i < t->entity_count; i++)
            if (begin_entity(t, &t->entities[i]) && p >= first) write_entity(t);
    }
}

enum err feed_write_kpi_results(struct feed_ask *ask, struct fault *fault) {
    struct kpi_table t = {.ask = ask};
    int16_t first, last;
    enum err e = figures_ask_load_all(&ask->q, fault);
    if (e == OK) e = load_happenings(&t);
    if (e == OK) {
        find_refs(&t);
        find_entities(&t);
        e = load_versions(&t);
    }
    if (e == OK) {
        figures_ask_quarters(&ask->q, -1, -1, &first, &last);
        if (ask->from > first) first = ask->from;
        if (ask->to < last) last = ask->to;
        write_quarters(&t, first, last);
    }
    free_columns(&t);
    figures_ask_release(&ask->q);
    return e;
}
