#include "kpi/breakdown.h"

#include <stdlib.h>

#include "kpi/breakdown_national.h"
#include "kpi/explain.h"

bool breakdown_can(enum measure m, enum dimension d) {
    if (measure_counts_service_users(m) && !dimension_asks(d, PART_EPISODES)) return false;
    return dimension_asks(d, measure_info(m)->part);
}

int16_t breakdown_first_period(const struct breakdown *b) {
    return (int16_t)(b->from - walk_reach(b->framework, measure_info(b->measure)->cohort));
}

uint32_t breakdown_parts(enum measure m) {
    uint32_t parts = explain_parts(measure_info(m)->part);
    if (national_tells(m, NULL, 0)) parts |= 1u << PART_NATIONAL;
    return measure_counts_service_users(m) ? parts | explain_parts(PART_EPISODES) : parts;
}

void breakdown_begin(struct breakdown *b, const enum dimension *by, struct arena *a) {
    for (size_t i = 0; i < b->by_count; i++)
        dimension_begin(&b->by[i], by[i], b->framework, breakdown_first_period(b), b->to, a);
}

size_t breakdown_width(const struct breakdown *b) {
    return b->by_count > 1 ? b->by[1].count : 1;
}

bool breakdown_open(struct breakdown *b, struct arena *a) {
    for (size_t i = 0; i < b->by_count; i++)
        if (!dimension_seal(&b->by[i], a)) return false;
    size_t cells = b->by[0].count * breakdown_width(b);
    if (cells > BREAKDOWN_CELLS_MAX) return false;
    b->cells = ARENA_ARRAY(a, struct breakdown_cell, cells + 1);
    return true;
}

/* ---- counting ---- */

struct adding {
    struct breakdown *b; /* tables that ask the same; what they ask is read from the first */
    size_t count;
    uint32_t provider;
    struct hash128 *told; /* episodes of which rows of the pathway tell, sorted */
    size_t told_count;
};

static void cell_add(struct breakdown_cell *c, struct measured is) {
    c->numerator += is.above;
    c->denominator += is.below;
}

static void place_in(struct breakdown *b, uint32_t provider, const struct walked *w, struct measured is) {
    uint32_t first[PLACES_MAX], second[PLACES_MAX] = {0};
    size_t n = dimension_places(&b->by[0], w, provider, first), m = 1, width = breakdown_width(b);
    if (b->by_count > 1) m = dimension_places(&b->by[1], w, provider, second);
    cell_add(&b->total, is);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < m; k++) {
            cell_add(&b->cells[first[i] * width + second[k]], is);
            b->by[0].list[first[i]].seen = true;
            if (b->by_count > 1) b->by[1].list[second[k]].seen = true;
        }
}

static void place(struct adding *x, const struct walked *w, struct measured is) {
    for (size_t i = 0; i < x->count; i++)
        place_in(&x->b[i], x->provider, w, is);
}

static bool counts_in(const struct breakdown *b, int16_t period) {
    return period >= b->from && period <= b->to;
}

static void see(void *context, const struct walked *w) {
    struct adding *x = context;
    if (!counts_in(x->b, walked_period(w, measure_info(x->b->measure)->cohort))) return;
    struct measured is = measure_row(x->b->measure, w);
    if (is.below) place(x, w, is);
}

static int by_id(const void *x, const void *y) {
    const struct hash128 *p = x, *q = y;
    if (p->a != q->a) return p->a < q->a ? -1 : 1;
    return (p->b > q->b) - (p->b < q->b);
}

/* Of whom the pathway tells is counted there. */
static void see_service_user(void *context, const struct walked *w) {
    struct adding *x = context;
    struct hash128 id = ((const struct fact_episode *)w->fact)->id;
    if (x->told_count && bsearch(&id, x->told, x->told_count, sizeof id, by_id)) return;
    place(x, w, (struct measured){false, true});
}

static void note_told(struct adding *x, const struct held *h) {
    const struct fact_harm_reduction *rows = h->facts;
    for (uint32_t k = 0; k < h->rows; k++) {
        bool named = rows[k].episode.a || rows[k].episode.b;
        if (named && (!x->b->authority || rows[k].authority == x->b->authority))
            x->told[x->told_count++] = rows[k].episode;
    }
}

static bool tells(const struct breakdown *b, const struct held *h) {
    return h->part == PART_HARM_REDUCTION && h->facts && counts_in(b, h->period);
}

static void add_service_users(struct adding *x, struct walk_question *q, const struct book *book) {
    size_t rows = 0;
    for (size_t i = 0; i < book->count; i++)
        rows += tells(x->b, &book->held[i]) ? book->held[i].rows : 0;
    x->told = must_calloc(rows + 1, sizeof *x->told);
    for (size_t i = 0; i < book->count; i++)
        if (tells(x->b, &book->held[i])) note_told(x, &book->held[i]);
    qsort(x->told, x->told_count, sizeof *x->told, by_id);
    q->part = PART_EPISODES;
    walk(q, see_service_user, x);
    free(x->told);
}

void breakdown_add_each(struct breakdown *b, size_t count, uint32_t provider, const struct book *book) {
    struct adding x = {.b = b, .count = count, .provider = provider};
    if (count == 0) return;
    struct walk_question q = {
        .framework = b->framework,
        .book = book,
        .as_at = b->as_at,
        .authority = b->authority,
        .part = measure_info(b->measure)->part,
        .from = breakdown_first_period(b),
        .to = b->to,
    };
    walk(&q, see, &x);
    if (measure_counts_service_users(b->measure)) add_service_users(&x, &q, book);
    for (size_t i = 0; i < count; i++)
        breakdown_national_add(&b[i], provider, book);
}

void breakdown_add(struct breakdown *b, uint32_t provider, const struct book *book) {
    breakdown_add_each(b, 1, provider, book);
}

/* ---- reading ---- */

struct breakdown_cell breakdown_at(const struct breakdown *b, size_t first, size_t second) {
    return b->cells[first * breakdown_width(b) + second];
}

bool breakdown_lists(const struct dimension_members *m, size_t at) {
    return !dimension_is_open(dimension_info(m->which)->kind) || m->list[at].seen || at == m->unknown;
}

bool breakdown_has_row(const struct breakdown *b, size_t first, size_t second) {
    if (!breakdown_lists(&b->by[0], first)) return false;
    return b->by_count < 2 || breakdown_lists(&b->by[1], second);
}

size_t breakdown_rows(const struct breakdown *b) {
    size_t rows = 0;
    for (size_t i = 0; i < b->by[0].count; i++)
        for (size_t k = 0; k < breakdown_width(b); k++)
            rows += breakdown_has_row(b, i, k);
    return rows;
}
