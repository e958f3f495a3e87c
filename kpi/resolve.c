/* resolve: one hash join from episodes to the follow-ups in force. The table is built over the follow-ups,
 * not over the episodes: a book without them costs nothing, and an id that (against the rules) stands in
 * two packs is served twice. */
#include "kpi/resolve.h"

#include "base/arena.h"

#include <stdlib.h>

static size_t follow_ups_count(const struct book *book) {
    size_t rows = 0;
    for (size_t i = 0; i < book->count; i++) {
        const struct held *h = &book->held[i];
        if (h->part == PART_FOLLOW_UPS && h->facts) rows += h->rows;
    }
    return rows;
}

static void row_add(struct resolver *r, const struct fact_follow_up *row, int64_t seq) {
    uint64_t at = row->id.a & r->mask;
    while (r->slots[at].at)
        at = (at + 1) & r->mask;
    r->rows[r->count++] = (struct resolver_row){*row, seq};
    r->slots[at] = (struct resolver_slot){(uint32_t)row->id.b, (uint32_t)r->count};
}

void resolver_build(const struct book *book, struct resolver *out) {
    *out = (struct resolver){NULL, 0, NULL, 0};
    size_t rows = follow_ups_count(book);
    if (!rows) return;
    size_t slots = 16;
    while (slots < rows * 2)
        slots *= 2;
    out->slots = must_calloc(slots, sizeof *out->slots);
    out->mask = slots - 1;
    out->rows = must_alloc(rows * sizeof *out->rows);
    for (size_t i = 0; i < book->count; i++) {
        const struct held *h = &book->held[i];
        if (h->part != PART_FOLLOW_UPS || !h->facts) continue;
        const struct fact_follow_up *row = h->facts;
        struct body_window window = held_walk(h, sizeof *row);
        for (uint32_t n = 0; n < h->rows; n++) {
            body_window_move(&window, (const char *)&row[n]);
            /* A blank outcome never erases, so it need not be found. */
            if (row[n].outcome && row[n].stage < STAGE_COUNT) row_add(out, &row[n], h->seq);
        }
    }
}

void resolver_free(struct resolver *r) {
    free(r->slots);
    free(r->rows);
    *r = (struct resolver){NULL, 0, NULL, 0};
}

/* FACT_NO_DAY is the least int16, so an undated bundle comes before any dated one by itself. */
static bool is_later(int16_t day, int64_t seq, int16_t known_day, int64_t known_seq) {
    return day != known_day ? day > known_day : seq > known_seq;
}

static void take_bundle(struct outcomes *o, const struct fact_follow_up *f) {
    o->outcome[f->stage] = f->outcome;
    o->day[f->stage] = f->day;
    if (f->stage == STAGE_4W) {
        o->method4 = f->method;
        o->co4 = f->co;
        o->co4_day = f->co_day;
    }
    if (f->stage == STAGE_12W) o->co12 = f->co;
}

void resolve_episode(const struct resolver *r, const struct fact_episode *e, int64_t seq,
                     struct outcomes *out) {
    memcpy(out->day, e->followed_up, sizeof out->day);
    memcpy(out->outcome, e->outcome, sizeof out->outcome);
    out->co4_day = e->co4_day;
    out->method4 = e->method4;
    out->co4 = e->co4;
    out->co12 = e->co12;
    if (!r->count) return;
    int64_t known_seq[STAGE_COUNT] = {seq, seq, seq, seq};
    for (uint64_t at = e->id.a & r->mask; r->slots[at].at; at = (at + 1) & r->mask) {
        if (r->slots[at].tag != (uint32_t)e->id.b) continue;
        const struct resolver_row *found = &r->rows[r->slots[at].at - 1];
        const struct fact_follow_up *f = &found->row;
        if (!hash128_eq(f->id, e->id)) continue;
        bool wins =
            !out->outcome[f->stage] || is_later(f->day, found->seq, out->day[f->stage], known_seq[f->stage]);
        if (!wins) continue;
        take_bundle(out, f);
        known_seq[f->stage] = found->seq;
    }
}
