#include "handlers/framework_preview.h"

#include <stdlib.h>

#include "handlers/framework_preview_members.h"
#include "handlers/framework_preview_row.h"
#include "kpi/payment_year.h"

/* The counts of all providers under one framework, and the figures of one period from them. */
struct side {
    const struct framework *f;
    struct tally *tallies;
    struct provider_tally *providers;
    size_t count;
    struct kpi_figures *figures;
    uint32_t authority; /* whose people alone are counted, as in facts; 0: all */
};

struct preview {
    struct side before, after;
    int32_t as_at;
    struct json *j;
    int64_t statuses; /* headlines that change their colour */
    str provider;     /* whose figures are compared; p NULL: the service's */
};

/* ---- counting ---- */

static struct side side_new(const struct service_view *v, const struct framework *f, uint32_t authority,
                            struct arena *a) {
    return (struct side){
        .f = f,
        .authority = authority,
        .tallies = ARENA_ARRAY(a, struct tally, v->provider_count),
        .providers = ARENA_ARRAY(a, struct provider_tally, v->provider_count),
        .figures = ARENA_ARRAY(a, struct kpi_figures, f->kpi_count),
    };
}

static void side_count(struct side *s, const struct store_provider *p, const struct book *book,
                       int32_t as_at) {
    struct tally *t = &s->tallies[s->count];
    tally_count(s->f, book, as_at, &(struct tally_filter){s->authority}, t);
    s->providers[s->count++] = (struct provider_tally){framework_provider_find(s->f, p->id), t};
}

static void side_free(struct side *s) {
    for (size_t i = 0; i < s->count; i++)
        tally_free(&s->tallies[i]);
}

/* One provider after the other, so that no two books lie in memory at once. */
static enum err count(struct request *r, const struct service_view *v, struct preview *p) {
    enum err e = OK;
    for (size_t i = 0; i < v->provider_count && e == OK; i++) {
        struct arena a = ARENA_EMPTY;
        struct book book = {0};
        e = store_book_load(db_of(r), v->service.id, v->providers[i].id, INSTANT_NONE, UINT32_MAX, &a, &book);
        if (e == OK) {
            side_count(&p->before, &v->providers[i], &book, p->as_at);
            side_count(&p->after, &v->providers[i], &book, p->as_at);
        }
        arena_free(&a);
    }
    return e;
}

/* False where the framework does not rate the period, or does not know the provider. */
static bool side_compute(struct side *s, str provider, int16_t period, int32_t as_at) {
    const struct framework_provider *view = provider.p ? framework_provider_find(s->f, provider) : NULL;
    if (provider.p && !view) return false;
    struct figures_question q = {.framework = s->f,
                                 .view = view,
                                 .period = period,
                                 .as_at = as_at,
                                 .providers = s->providers,
                                 .provider_count = s->count,
                                 .by_authority = s->authority != 0,
                                 .authority = s->authority};
    return figures_compute(&q, s->figures) == OK;
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
                                .authority = p->after.authority,
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
    bool part = p->provider.p || p->after.authority;
    if (part && !has_own_targets(x, y)) return;
    if (!part) p->statuses += !x || !y || x->rag != y->rag;
    write_view(p, period, false, x, y);
    write_view(p, period, true, x, y);
}

static const struct kpi_figures *find(const struct side *s, bool rated, const char *ref) {
    const struct kpi *k = rated ? framework_kpi(s->f, str_of(ref)) : NULL;
    return k ? &s->figures[k - s->f->kpis] : NULL;
}

/* In the order of the new framework; what it no longer has comes last. */
static void compare_period(struct preview *p, int16_t period) {
    bool before = side_compute(&p->before, p->provider, period, p->as_at),
         after = side_compute(&p->after, p->provider, period, p->as_at);
    for (size_t i = 0; i < p->after.f->kpi_count && after; i++)
        compare(p, period, find(&p->before, before, p->after.f->kpis[i].ref), &p->after.figures[i]);
    for (size_t i = 0; i < p->before.f->kpi_count && before; i++)
        if (!find(&p->after, after, p->before.f->kpis[i].ref))
            compare(p, period, &p->before.figures[i], NULL);
}

/* ---- payments ---- */

static bool payment_of_side(struct side *s, int year, int32_t as_at, int64_t *out) {
    if (!payment_year_is_agreed(s->f, year) || !side_compute(s, STR_NONE, period_of(year, 4), as_at))
        return false;
    *out = payment_year_of(s->f, year, &s->figures[s->f->payment_kpi - s->f->kpis]).pay.payment_pence;
    return true;
}

static void write_pence(struct json *j, const char *key, bool agreed, int64_t pence) {
    if (agreed) json_field_int(j, key, pence);
    else json_field_null(j, key);
}

static void compare_payment(struct preview *p, int year) {
    char text[YEAR_TEXT];
    int64_t x = 0, y = 0;
    bool before = payment_of_side(&p->before, year, p->as_at, &x),
         after = payment_of_side(&p->after, year, p->as_at, &y);
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

static void compare_periods(struct preview *p) {
    int x = p->before.f->first_year, y = p->after.f->first_year;
    int first = x < y ? x : y;
    x = p->before.f->last_year;
    y = p->after.f->last_year;
    int last = x > y ? x : y;
    for (int16_t period = period_of(first, 1); period <= period_of(last, 4); period++)
        compare_period(p, period);
}

static void compare_providers(struct preview *p) {
    for (size_t i = 0; i < p->after.f->provider_count; i++) {
        p->provider = str_of(p->after.f->providers[i].id);
        compare_periods(p);
    }
    p->provider = STR_NONE;
}

/* Its people are counted by themselves. */
static enum err compare_authority(struct request *r, const struct service_view *now, const struct preview *of,
                                  uint32_t authority) {
    struct preview p = {
        .before = side_new(now, of->before.f, authority, r->arena),
        .after = side_new(now, of->after.f, authority, r->arena),
        .as_at = of->as_at,
        .j = of->j,
    };
    enum err e = count(r, now, &p);
    if (e == OK) compare_periods(&p);
    if (e == OK) compare_providers(&p);
    side_free(&p.before);
    side_free(&p.after);
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

static enum err compare_authorities(struct request *r, const struct service_view *now,
                                    const struct preview *p) {
    uint32_t list[AUTHORITIES_MAX];
    size_t count = 0;
    note_authorities(p->after.f, list, &count);
    note_authorities(p->before.f, list, &count);
    enum err e = OK;
    for (size_t i = 0; i < count && e == OK; i++)
        e = compare_authority(r, now, p, list[i]);
    return e;
}

/* ---- the whole ---- */

static enum err write_all(struct request *r, const struct service_view *now, struct preview *p) {
    enum err e = OK;
    json_key(p->j, "kpis");
    json_array_begin(p->j);
    compare_periods(p);
    if (has_scopes(p->before.f) || has_scopes(p->after.f)) {
        compare_providers(p);
        e = compare_authorities(r, now, p);
    }
    if (e == OK) e = preview_members_write(r, now, p->after.f, p->as_at, p->j);
    json_end(p->j);
    json_field_int(p->j, "statusesMoved", p->statuses);
    json_key(p->j, "payments");
    json_array_begin(p->j);
    const struct framework *x = p->before.f, *y = p->after.f;
    int first = x->first_year < y->first_year ? x->first_year : y->first_year;
    int last = x->last_year > y->last_year ? x->last_year : y->last_year;
    for (int year = first; year <= last; year++)
        compare_payment(p, year);
    json_end(p->j);
    return e;
}

enum err framework_preview_write(struct request *r, const struct service_view *now,
                                 const struct framework *next, int32_t as_at, struct json *j) {
    struct preview p = {
        .before = side_new(now, now->framework, 0, r->arena),
        .after = side_new(now, next, 0, r->arena),
        .as_at = as_at,
        .j = j,
    };
    enum err e = count(r, now, &p);
    if (e == OK) e = write_all(r, now, &p);
    side_free(&p.before);
    side_free(&p.after);
    return e;
}
