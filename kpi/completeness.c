#include "kpi/completeness.h"

#include "kpi/carried.h"

struct counting {
    struct completeness *out;
    void (*missing)(void *context, uint32_t row, enum item item);
    void *context;
};

static void add_row(const struct counting *c, struct items items, uint32_t row) {
    for (int i = 0; i < ITEM_COUNT; i++) {
        if (!(items.required >> i & 1)) continue;
        bool complete = items.complete >> i & 1;
        c->out->required[i]++;
        c->out->all_required++;
        c->out->complete[i] += complete;
        c->out->all_complete += complete;
        if (!complete && c->missing) c->missing(c->context, row, (enum item)i);
    }
}

void completeness_add(const struct framework *f, const struct book *book, int16_t period, int32_t as_at,
                      struct completeness *out, void (*missing)(void *context, uint32_t row, enum item item),
                      void *context) {
    struct counting c = {out, missing, context};
    struct resolver resolver;
    struct carried sites;
    resolver_build(book, &resolver);
    carried_build(book, PART_SITES, &sites);
    for (size_t i = 0; i < book->count; i++) {
        const struct held *h = &book->held[i];
        if (h->part != PART_EPISODES || h->period != period) continue;
        const struct fact_episode *rows = h->facts;
        struct body_window window = held_walk(h, sizeof *rows);
        for (uint32_t k = 0; k < h->rows; k++) {
            body_window_move(&window, (const char *)&rows[k]);
            struct outcomes known;
            struct fact_episode room;
            const struct fact_episode *e = carried_settle(&sites, period, &rows[k], &room);
            resolve_episode(&resolver, e, h->seq, &known);
            bool due4 = follow_up_is_due(&f->windows, STAGE_4W, fact_day_value(e->quit), as_at);
            out->waiting += !due4;
            add_row(&c, items_of(e, &known, due4, period, &f->items), k + 1);
        }
    }
    carried_free(&sites);
    resolver_free(&resolver);
}

void completeness_add_national(const struct book *book, int16_t period, struct completeness *out) {
    const struct held *h = book_find(book, PART_NATIONAL, period);
    const struct fact_national *cells = h ? h->facts : NULL;
    for (uint32_t i = 0; cells && i < h->rows; i++) {
        bool mandatory = fact_flag_get(cells[i].flags, (enum fact_flag)NATIONAL_FLAG_MANDATORY) == FLAG_YES;
        out->all_required += mandatory;
        out->all_complete += mandatory;
    }
}

void completeness_sum(struct completeness *to, const struct completeness *from) {
    for (int i = 0; i < ITEM_COUNT; i++) {
        to->required[i] += from->required[i];
        to->complete[i] += from->complete[i];
    }
    to->all_required += from->all_required;
    to->all_complete += from->all_complete;
    to->waiting += from->waiting;
}

bool completeness_suffices(struct decimal percent, int64_t complete, int64_t required) {
    if (required <= 0) return false;
    return fraction_cmp(fraction_of(complete * 100, required), fraction_of_decimal(percent)) >= 0;
}
