#include "kpi/explain_table.h"

#include <stdlib.h>

/* Which quarters the part's rows count in: those of its returns, and later ones for late cohorts. */
static void find_quarters(const struct walk_question *q, struct explain_table *t) {
    int reach = 0;
    for (size_t k = 0; k < q->framework->kpi_count; k++) {
        const struct kpi *kpi = &q->framework->kpis[k];
        int r = walk_reach(q->framework, q->framework->elements[kpi->numerator].cohort);
        if (kpi->part == q->part && r > reach) reach = r;
    }
    t->first = INT16_MAX;
    t->last = INT16_MIN;
    for (size_t i = 0; i < q->book->count; i++) {
        const struct held *h = &q->book->held[i];
        if (h->part != q->part || !h->facts) continue;
        if (h->period < t->first) t->first = h->period;
        if (h->period > t->last) t->last = h->period;
    }
    if (t->first <= t->last) t->last = (int16_t)(t->last + reach);
}

/* ---- packing ---- */

enum { OF_NUMERATOR, OF_DENOMINATOR, OF_OUTSIDE, OF_DENOMINATOR_ONLY };

/* Writes the counts of one explanation that are not zero, or only says how many there are (out NULL). */
static size_t pack(const struct explanation *e, struct explain_count *out) {
    size_t n = 0;
    struct explain_count all[2 + 2 * REASON_COUNT];
    all[n++] = (struct explain_count){e->numerator, -1, OF_NUMERATOR};
    all[n++] = (struct explain_count){e->denominator, -1, OF_DENOMINATOR};
    for (int r = 0; r < REASON_COUNT; r++) {
        all[n++] = (struct explain_count){e->outside[r], (int16_t)r, OF_OUTSIDE};
        all[n++] = (struct explain_count){e->denominator_only[r], (int16_t)r, OF_DENOMINATOR_ONLY};
    }
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (!all[i].count) continue;
        if (out) out[kept] = all[i];
        kept++;
    }
    return kept;
}

static void pack_all(const struct explanation *cells, size_t count, struct explain_table *t) {
    size_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += pack(&cells[i], NULL);
    t->begin = must_calloc(count + 1, sizeof *t->begin);
    t->counts = must_calloc(total + 1, sizeof *t->counts);
    for (size_t i = 0; i < count; i++)
        t->begin[i + 1] = t->begin[i] + (uint32_t)pack(&cells[i], t->counts + t->begin[i]);
}

void explain_table_count(const struct walk_question *q, enum part_id part, struct explain_table *out) {
    struct walk_question w = *q;
    w.part = part;
    *out = (struct explain_table){.kpi_count = q->framework->kpi_count};
    find_quarters(&w, out);
    if (out->first > out->last) return;
    size_t cells = ((size_t)(out->last - out->first) + 1) * out->kpi_count;
    struct explanation *all = must_calloc(cells + 1, sizeof *all);
    w.from = out->first;
    w.to = out->last;
    explain_part(&w, out->first, out->last, all);
    pack_all(all, cells, out);
    free(all);
}

void explain_table_free(struct explain_table *t) {
    free(t->begin);
    free(t->counts);
    *t = (struct explain_table){.first = 1, .last = 0};
}

/* ---- reading ---- */

static void add_count(struct explanation *e, const struct explain_count *c) {
    switch (c->standing) {
    case OF_NUMERATOR: e->numerator += c->count; break;
    case OF_DENOMINATOR: e->denominator += c->count; break;
    case OF_OUTSIDE: e->outside[c->reason] += c->count; break;
    default: e->denominator_only[c->reason] += c->count;
    }
}

void explain_table_add(const struct explain_table *t, size_t kpi, int16_t from, int16_t to,
                       struct explanation *out) {
    size_t quarters = (size_t)(t->last - t->first) + 1;
    for (int16_t p = from > t->first ? from : t->first; p <= to && p <= t->last; p++) {
        size_t at = kpi * quarters + (size_t)(p - t->first);
        for (uint32_t i = t->begin[at]; i < t->begin[at + 1]; i++)
            add_count(out, &t->counts[i]);
    }
}
