#include "handlers/framework_preview.h"

#include <stdlib.h>

#include "handlers/framework_preview_members.h"
#include "handlers/framework_preview_row.h"
#include "handlers/tallies.h"
#include "kpi/payment_year.h"

/* The counts of all providers under one version. */
struct side {
    const struct framework *f;
    struct tally *tallies;
    struct provider_tally *providers;
};

/* What is rated by which version, and the figures of one period from that. */
struct rated {
    struct rating *ratings;
    size_t count;
    struct kpi_figures *figures;
};

struct preview {
    const struct service_view *now;
    const struct framework *next;
    int16_t from;       /* the first quarter that it would rate; the others stay as they are */
    struct side *sides; /* of each version in force, oldest first, then of the new one */
    size_t side_count;
    size_t counted; /* providers */
    struct rated before, after;
    int32_t as_at;
    struct json *j;
    int64_t statuses;   /* headlines that change their colour */
    str provider;       /* whose figures are compared; p NULL: the service's */
    uint32_t authority; /* whose people alone are counted, as in facts; 0: all */
};

/* ---- counting ---- */

static struct rated rated_new(const struct preview *p, struct arena *a) {
    size_t most = 0;
    for (size_t i = 0; i < p->side_count; i++)
        if (p->sides[i].f->kpi_count > most) most = p->sides[i].f->kpi_count;
    return (struct rated){.ratings = ARENA_ARRAY(a, struct rating, p->side_count),
                          .figures = ARENA_ARRAY(a, struct kpi_figures, most)};
}

static void rate_from(struct rated *r, int16_t from, const struct side *s) {
    r->ratings[r->count++] = (struct rating){from, s->f, s->providers};
}

static void preview_open(struct preview *p, struct arena *a) {
    const struct frameworks_in_force *in_force = &p->now->in_force;
    size_t providers = p->now->provider_count;
    p->side_count = in_force->count + 1;
    p->sides = ARENA_ARRAY(a, struct side, p->side_count);
    for (size_t i = 0; i < p->side_count; i++) {
        p->sides[i].f = i < in_force->count ? in_force->list[i].framework : p->next;
        p->sides[i].tallies = ARENA_ARRAY(a, struct tally, providers);
        p->sides[i].providers = ARENA_ARRAY(a, struct provider_tally, providers);
    }
    p->before = rated_new(p, a);
    p->after = rated_new(p, a);
    for (size_t i = 0; i < in_force->count; i++) {
        rate_from(&p->before, in_force->list[i].from, &p->sides[i]);
        if (in_force->list[i].from < p->from) rate_from(&p->after, in_force->list[i].from, &p->sides[i]);
    }
    rate_from(&p->after, p->from, &p->sides[p->side_count - 1]);
}

static void count_provider(struct preview *p, const struct store_provider *provider,
                           const struct book *book) {
    for (size_t i = 0; i < p->side_count; i++) {
        struct side *s = &p->sides[i];
        struct tally *t = &s->tallies[p->counted];
        tally_count(s->f, book, p->as_at, &(struct tally_filter){p->authority}, t);
        s->providers[p->counted] = (struct provider_tally){framework_provider_find(s->f, provider->id), t};
    }
    p->counted++;
}

static void preview_close(struct preview *p) {
    for (size_t i = 0; i < p->side_count; i++)
        for (size_t k = 0; k < p->counted; k++)
            tally_free(&p->sides[i].tallies[k]);
}

/* One provider after the other, so that no two books lie in memory at once. */
static enum err count(struct request *r, struct preview *p) {
    const struct service_view *v = p->now;
    enum err e = OK;
    for (size_t i = 0; i < v->provider_count && e == OK; i++) {
        struct arena a = ARENA_EMPTY;
        struct book book = {0};
        e = store_book_load(db_of(r), v->service.id, v->providers[i].id, INSTANT_NONE, UINT32_MAX, &a, &book);
        if (e == OK) count_provider(p, &v->providers[i], &book);
        arena_free(&a);
    }
    return e;
}

/* The version by which the period is rated; NULL where that rates no such year, or does not know the provider. */
static const struct framework *compute(const struct preview *p, struct rated *r, str provider,
                                       int16_t period) {
    struct figures_question q = {
        .framework = p->next, /* until the rating says which */
        .as_at = p->as_at,
        .provider_count = p->counted,
        .by_authority = p->authority != 0,
        .authority = p->authority,
        .ratings = r->ratings,
        .rating_count = r->count,
    };
    if (!figures_question_of(&q, period, &q)) return NULL;
    q.view = provider.p ? framework_provider_find(q.framework, provider) : NULL;
    if (provider.p && !q.view) return NULL;
    return figures_compute(&q, r->figures) == OK ? q.framework : NULL;
}

/* ---- comparing ---- */

static struct preview_side side_of(const struct kpi_figures *f, bool year_to_date) {
    return f ? (struct preview_side){f->kpi, year_to_date ? &f->year_to_date : &f->quarter}
             : (struct preview_side){NULL, NULL};
}

/* x or y is NULL where that side does not have the KPI. */
static void write_view(struct preview *p, int16_t period, bool year_to_date, const struct kpi_figures *x,
                       const struct kpi_figures *y) {
    preview_row_write(p->j, &(struct preview_row){
                                .period = period,
                                .view = year_to_date ? "YEAR_TO_DATE" : "QUARTER",
                                .provider = p->provider,
                                .authority = p->authority,
                                .before = side_of(x, year_to_date),
                                .after = side_of(y, year_to_date),
                            });
}

/* Of a provider or an authority only what is held against targets of its own, under either version: the rest follows the service. */
static bool has_own_targets(const struct kpi_figures *x, const struct kpi_figures *y) {
    return (x && x->own_targets) || (y && y->own_targets);
}

static void compare(struct preview *p, int16_t period, const struct kpi_figures *x,
                    const struct kpi_figures *y) {
    bool part = p->provider.p || p->authority;
    if (part && !has_own_targets(x, y)) return;
    if (!part) p->statuses += !x || !y || x->rag != y->rag;
    write_view(p, period, false, x, y);
    write_view(p, period, true, x, y);
}

/* f: the version that the figures are of; NULL: the period is not rated. */
static const struct kpi_figures *find(const struct rated *r, const struct framework *f, const char *ref) {
    const struct kpi *k = f ? framework_kpi(f, str_of(ref)) : NULL;
    return k ? &r->figures[k - f->kpis] : NULL;
}

/* In the order of the new framework; what it no longer has comes last. */
static void compare_period(struct preview *p, int16_t period) {
    const struct framework *before = compute(p, &p->before, p->provider, period),
                           *after = compute(p, &p->after, p->provider, period);
    for (size_t i = 0; after && i < after->kpi_count; i++)
        compare(p, period, find(&p->before, before, after->kpis[i].ref), &p->after.figures[i]);
    for (size_t i = 0; before && i < before->kpi_count; i++)
        if (!find(&p->after, after, before->kpis[i].ref)) compare(p, period, &p->before.figures[i], NULL);
}

/* ---- payments ---- */

static bool payment_in(const struct preview *p, struct rated *r, int year, int64_t *out) {
    const struct framework *f = compute(p, r, STR_NONE, period_of(year, 4));
    if (!f || !payment_year_is_agreed(f, year)) return false;
    *out = payment_year_of(f, year, &r->figures[f->payment_kpi - f->kpis]).pay.payment_pence;
    return true;
}

static void write_pence(struct json *j, const char *key, bool agreed, int64_t pence) {
    if (agreed) json_field_int(j, key, pence);
    else json_field_null(j, key);
}

static void compare_payment(struct preview *p, int year) {
    char text[YEAR_TEXT];
    int64_t x = 0, y = 0;
    bool before = payment_in(p, &p->before, year, &x), after = payment_in(p, &p->after, year, &y);
    if (before == after && x == y) return;
    json_object_begin(p->j);
    json_field_cstr(p->j, "year", year_format(year, text));
    write_pence(p->j, "beforePence", before, x);
    write_pence(p->j, "afterPence", after, y);
    json_end(p->j);
}

/* ---- targets of providers and authorities ---- */

/* Does a version set such targets? Where none does, theirs need no comparing. */
static bool has_scopes(const struct framework *f) {
    for (size_t i = 0; i < f->kpi_count; i++)
        if (f->kpis[i].scope_count) return true;
    return false;
}

/* The quarters that the version would rate, and those that it would take from another and not rate. */
static struct quarters concerned(const struct preview *p) {
    int16_t first, last, most = period_of(p->next->last_year, 4);
    frameworks_quarters(&p->now->in_force, &first, &last);
    return (struct quarters){p->from, last > most ? last : most};
}

static void compare_periods(struct preview *p) {
    struct quarters of = concerned(p);
    for (int16_t period = of.from; period <= of.to; period++)
        compare_period(p, period);
}

static void compare_providers(struct preview *p) {
    for (size_t i = 0; i < p->next->provider_count; i++) {
        p->provider = str_of(p->next->providers[i].id);
        compare_periods(p);
    }
    p->provider = STR_NONE;
}

/* Its people are counted by themselves. */
static enum err compare_authority(struct request *r, const struct preview *of, uint32_t authority) {
    struct preview p = {.now = of->now,
                        .next = of->next,
                        .from = of->from,
                        .as_at = of->as_at,
                        .j = of->j,
                        .authority = authority};
    preview_open(&p, r->arena);
    enum err e = count(r, &p);
    if (e == OK) compare_periods(&p);
    if (e == OK) compare_providers(&p);
    preview_close(&p);
    return e;
}

enum { AUTHORITIES_MAX = 200 };

static void note_authorities(const struct framework *f, uint32_t *list, size_t *count) {
    for (size_t i = 0; i < f->kpi_count; i++)
        for (size_t s = 0; s < f->kpis[i].scope_count && *count < AUTHORITIES_MAX; s++) {
            uint32_t authority = f->kpis[i].scopes[s].authority;
            bool known = authority == 0;
            for (size_t k = 0; k < *count; k++)
                known |= list[k] == authority;
            if (!known) list[(*count)++] = authority;
        }
}

static enum err compare_authorities(struct request *r, const struct preview *p) {
    uint32_t list[AUTHORITIES_MAX];
    size_t count = 0;
    for (size_t i = p->side_count; i-- > 0;)
        note_authorities(p->sides[i].f, list, &count);
    enum err e = OK;
    for (size_t i = 0; i < count && e == OK; i++)
        e = compare_authority(r, p, list[i]);
    return e;
}

/* ---- the whole ---- */

static bool any_has_scopes(const struct preview *p) {
    for (size_t i = 0; i < p->side_count; i++)
        if (has_scopes(p->sides[i].f)) return true;
    return false;
}

static enum err write_all(struct request *r, struct preview *p) {
    struct quarters of = concerned(p);
    enum err e = OK;
    json_key(p->j, "kpis");
    json_array_begin(p->j);
    compare_periods(p);
    if (any_has_scopes(p)) {
        compare_providers(p);
        e = compare_authorities(r, p);
    }
    if (e == OK) e = preview_members_write(r, p->now, p->next, p->from, p->as_at, p->j);
    json_end(p->j);
    json_field_int(p->j, "statusesMoved", p->statuses);
    json_key(p->j, "payments");
    json_array_begin(p->j);
    for (int year = period_year(of.from); year <= period_year(of.to); year++)
        compare_payment(p, year);
    json_end(p->j);
    return e;
}

enum err framework_preview_write(struct request *r, const struct service_view *now,
                                 const struct framework *next, int16_t from, int32_t as_at, struct json *j) {
    struct preview p = {.now = now, .next = next, .from = from, .as_at = as_at, .j = j};
    preview_open(&p, r->arena);
    enum err e = count(r, &p);
    if (e == OK) e = write_all(r, &p);
    preview_close(&p);
    return e;
}
