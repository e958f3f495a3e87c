#include "handlers/framework_preview_members.h"

#include "handlers/framework_preview_row.h"
#include "kpi/breakdown_target.h"

/* A table of one side: a measure by one dimension, in one quarter or year to date. */
struct table {
    struct breakdown b;
    bool year_to_date;
};
struct side {
    const struct framework *f;
    struct table *tables;
    size_t count, room;
};

struct members {
    struct request *r;
    const struct service_view *now;
    int32_t as_at;
    int16_t from, to; /* quarters that the version before rates, and the new one would */
    struct side before, after;
    struct json *j;
};

/* ---- which tables ---- */

static bool is_rated(const struct kpi_scope *s, const struct kpi *k, int year) {
    for (size_t i = 0; i < k->year_count; i++)
        if (s->years[i].year == year) return s->years[i].has_target;
    return false;
}

static struct table *find_table(const struct side *side, enum measure m, enum dimension by, int16_t period,
                                bool year_to_date) {
    for (size_t i = 0; i < side->count; i++) {
        struct table *t = &side->tables[i];
        if (t->b.measure == m && t->b.by[0].which == by && t->b.to == period &&
            t->year_to_date == year_to_date)
            return t;
    }
    return NULL;
}

/* Members of open dimensions are names: those of the targets are enough, all others are nobody's here. */
static void name_members(const struct members *all, const struct side *side, struct breakdown *b) {
    enum dimension_kind kind = dimension_info(b->by[0].which)->kind;
    for (size_t i = 0; kind == BY_PROVIDER && i < all->now->provider_count; i++)
        dimension_name(&b->by[0], all->now->providers[i].id, all->now->providers[i].name, all->r->arena);
    if (!dimension_is_named(kind)) return;
    for (size_t k = 0; k < side->f->kpi_count; k++)
        for (size_t s = 0; s < side->f->kpis[k].scope_count; s++) {
            const struct kpi_scope *scope = &side->f->kpis[k].scopes[s];
            if (scope->by && strcmp(scope->by, dimension_info(b->by[0].which)->name) == 0)
                dimension_name(&b->by[0], str_of(scope->key), STR_NONE, all->r->arena);
        }
}

static void open_table(const struct members *all, struct side *side, enum measure m, enum dimension by,
                       int16_t period, bool year_to_date) {
    if (find_table(side, m, by, period, year_to_date)) return;
    if (side->count == side->room) {
        size_t room = side->room ? 2 * side->room : 32;
        struct table *more = ARENA_ARRAY(all->r->arena, struct table, room);
        if (side->count) memcpy(more, side->tables, side->count * sizeof *more);
        side->tables = more;
        side->room = room;
    }
    struct table *t = &side->tables[side->count];
    *t = (struct table){.year_to_date = year_to_date};
    t->b = (struct breakdown){
        .framework = side->f,
        .measure = m,
        .from = year_to_date ? period_of(period_year(period), 1) : period,
        .to = period,
        .as_at = all->as_at,
        .by_count = 1,
    };
    breakdown_begin(&t->b, &by, all->r->arena);
    name_members(all, side, &t->b);
    side->count += breakdown_open(&t->b, all->r->arena);
}

static int16_t first_of(const struct members *all, int year) {
    int16_t first = period_of(year, 1);
    return first < all->from ? all->from : first;
}

static int16_t last_of(const struct members *all, int year) {
    int16_t last = period_of(year, 4);
    return last > all->to ? all->to : last;
}

static void open_tables(const struct members *all, struct side *side) {
    const struct framework *f = side->f;
    for (size_t i = 0; i < f->kpi_count; i++)
        for (size_t s = 0; s < f->kpis[i].scope_count; s++) {
            const struct kpi *k = &f->kpis[i];
            enum measure m;
            enum dimension by;
            if (!k->scopes[s].by || !kpi_measure(f, k, &m) || !dimension_parse(str_of(k->scopes[s].by), &by))
                continue;
            for (int16_t p = first_of(all, f->first_year); p <= last_of(all, f->last_year); p++)
                for (int view = 0; view < 2 && is_rated(&k->scopes[s], k, period_year(p)); view++)
                    open_table(all, side, m, by, p, view == 1);
        }
}

/* ---- counting ---- */

static void add(struct side *side, uint32_t provider, const struct book *book) {
    for (size_t i = 0; i < side->count; i++)
        breakdown_add(&side->tables[i].b, provider, book);
}

static enum err count(struct members *all) {
    enum err e = OK;
    for (size_t i = 0; i < all->now->provider_count && e == OK; i++) {
        struct arena a = ARENA_EMPTY;
        struct book book = {0};
        e = store_book_load(db_of(all->r), all->now->service.id, all->now->providers[i].id, INSTANT_NONE,
                            UINT32_MAX, &a, &book);
        if (e == OK) add(&all->before, (uint32_t)i, &book);
        if (e == OK) add(&all->after, (uint32_t)i, &book);
        arena_free(&a);
    }
    return e;
}

/* ---- comparing ---- */

/* What one version says of a member; kpi NULL where it sets it no target. */
static struct preview_side side_of(const struct side *side, const char *ref, const struct kpi_scope *scope,
                                   int16_t period, bool year_to_date, struct figure *room) {
    struct preview_side none = {NULL, NULL};
    const struct kpi *k = framework_kpi(side->f, str_of(ref));
    enum measure m;
    enum dimension by;
    if (!k || !kpi_measure(side->f, k, &m) || !dimension_parse(str_of(scope->by), &by)) return none;
    const struct table *t = find_table(side, m, by, period, year_to_date);
    for (size_t member = 0; t && member < t->b.by[0].count; member++) {
        struct breakdown_target targets[BREAKDOWN_TARGETS_MAX];
        if (!str_is(t->b.by[0].list[member].key, scope->key)) continue;
        size_t n = breakdown_targets(&t->b, member, year_to_date, targets);
        for (size_t i = 0; i < n; i++) {
            if (targets[i].kpi != k || !targets[i].year->has_target) continue;
            struct breakdown_cell cell = breakdown_at(&t->b, member, 0);
            *room = (struct figure){
                .numerator = cell.numerator,
                .denominator = cell.denominator,
                .has_numbers = true,
                .has_value = k->unit == KPI_COUNT || cell.denominator > 0,
                .rag = targets[i].rag,
                .has_target = true,
                .goal = targets[i].goal,
            };
            return (struct preview_side){k, room};
        }
    }
    return none;
}

static void compare(const struct members *all, const char *ref, const struct kpi_scope *scope) {
    const struct framework *x = all->before.f, *y = all->after.f;
    int first = x->first_year < y->first_year ? x->first_year : y->first_year;
    int last = x->last_year > y->last_year ? x->last_year : y->last_year;
    for (int16_t p = first_of(all, first); p <= last_of(all, last); p++)
        for (int view = 0; view < 2; view++) {
            struct figure before, after;
            preview_row_write(all->j, &(struct preview_row){
                                          .period = p,
                                          .view = view ? "YEAR_TO_DATE" : "QUARTER",
                                          .by = scope->by,
                                          .key = scope->key,
                                          .before = side_of(&all->before, ref, scope, p, view == 1, &before),
                                          .after = side_of(&all->after, ref, scope, p, view == 1, &after),
                                      });
        }
}

static bool has_scope(const struct framework *f, const char *ref, const struct kpi_scope *wanted) {
    const struct kpi *k = framework_kpi(f, str_of(ref));
    for (size_t i = 0; k && i < k->scope_count; i++)
        if (k->scopes[i].by && strcmp(k->scopes[i].by, wanted->by) == 0 &&
            strcmp(k->scopes[i].key, wanted->key) == 0)
            return true;
    return false;
}

/* Those of one version, but for those that the other has too (NULL: all). */
static void compare_side(const struct members *all, const struct framework *f,
                         const struct framework *without) {
    for (size_t i = 0; i < f->kpi_count; i++)
        for (size_t s = 0; s < f->kpis[i].scope_count; s++) {
            const struct kpi_scope *scope = &f->kpis[i].scopes[s];
            if (!scope->by || (without && has_scope(without, f->kpis[i].ref, scope))) continue;
            compare(all, f->kpis[i].ref, scope);
        }
}

static enum err write_beside(struct members *all) {
    open_tables(all, &all->before);
    open_tables(all, &all->after);
    if (!all->before.count && !all->after.count) return OK;
    enum err e = count(all);
    if (e != OK) return e;
    compare_side(all, all->after.f, NULL);
    compare_side(all, all->before.f, all->after.f);
    return OK;
}

enum err preview_members_write(struct request *r, const struct service_view *now,
                               const struct framework *next, int16_t from, int32_t as_at, struct json *j) {
    const struct frameworks_in_force *in_force = &now->in_force;
    enum err e = OK;
    for (size_t i = 0; i < in_force->count && e == OK; i++) {
        struct members all = {.r = r,
                              .now = now,
                              .as_at = as_at,
                              .from = in_force->list[i].from > from ? in_force->list[i].from : from,
                              .to = i + 1 < in_force->count ? (int16_t)(in_force->list[i + 1].from - 1)
                                                            : PERIOD_LAST_ACCEPTED,
                              .before = {.f = in_force->list[i].framework},
                              .after = {.f = next},
                              .j = j};
        if (all.from <= all.to) e = write_beside(&all);
    }
    return e;
}
