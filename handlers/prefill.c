/* See prefill.h. Episodes: the rows of the period's newest version as they are stored, the open ones first by urgency, the others in
 * their order. Follow-ups: a row for each open stage of the episodes of this and earlier periods with what is to be filled in left
 * blank, then the rows that the part has already. */
#include "handlers/prefill.h"

#include <stdlib.h>

#include "handlers/row_value.h"
#include "kpi/open_follow_up.h"
#include "returns/csv_write.h"
#include "returns/parts/parts.h"

/* A line of the answer, somewhere in `lines`. */
struct line {
    size_t begin, end;
    bool open;
    int32_t days_left;
    uint32_t order; /* of receipt */
};

struct filling {
    const struct prefill *p;
    const struct framework *framework;
    int32_t today;
    struct resolver resolver;
    struct buf lines;
    struct line *list;
    size_t count, room;
    const struct held *held; /* the version whose rows are read */
    uint32_t row;
    const struct column *columns[COLUMNS_MAX]; /* the stored ones of the part that is read */
    size_t column_count;
};

static void add_line(struct filling *f, size_t begin, bool open, int32_t days_left) {
    if (f->count == f->room) {
        f->room = f->room ? f->room * 2 : 256;
        f->list = must_realloc(f->list, f->room * sizeof *f->list);
    }
    f->list[f->count] = (struct line){begin, f->lines.n, open, days_left, (uint32_t)f->count};
    f->count++;
}

static int compare_lines(const void *left, const void *right) {
    const struct line *a = left, *b = right;
    if (a->open != b->open) return a->open ? -1 : 1;
    int urgency = a->open ? follow_up_urgency(a->days_left, b->days_left) : 0;
    if (urgency) return urgency;
    return a->order < b->order ? -1 : a->order > b->order;
}

static void write_lines(struct filling *f) {
    if (f->count) qsort(f->list, f->count, sizeof *f->list, compare_lines);
    for (size_t i = 0; i < f->count; i++)
        buf_add(f->p->out, f->lines.p + f->list[i].begin, f->list[i].end - f->list[i].begin);
}

static void pick_columns(struct filling *f, const struct part *part) {
    f->column_count = 0;
    for (size_t i = 0; i < part->column_count; i++)
        if (!(part->columns[i].flags & COLUMN_NOT_STORED)) f->columns[f->column_count++] = &part->columns[i];
}

static void write_header(struct filling *f) {
    for (size_t i = 0; i < f->column_count; i++)
        buf_printf(f->p->out, "%s%s", i ? "," : "", f->columns[i]->name);
    csv_write_end_row(f->p->out);
}

static const struct held *held_find(const struct book *book, enum part_id part, int16_t period) {
    for (size_t i = 0; i < book->count; i++)
        if (book->held[i].part == part && book->held[i].period == period) return &book->held[i];
    return NULL;
}

/* The stages of an episode that are open, as bits; *out_most: the days left of the one to be done first. */
static unsigned open_stages(const struct filling *f, const struct fact_episode *e, int64_t seq,
                            int32_t days_left[STAGE_COUNT], int32_t *out_most) {
    struct outcomes known;
    unsigned open = 0;
    resolve_episode(&f->resolver, e, seq, &known);
    for (int s = 0; s < STAGE_COUNT; s++) {
        if (!follow_up_is_open(&f->framework->windows, &known, fact_day_value(e->quit), (enum stage)s,
                               f->today, &days_left[s]))
            continue;
        if (!open || follow_up_urgency(days_left[s], *out_most) < 0) *out_most = days_left[s];
        open |= 1u << s;
    }
    return open;
}

static const struct fact_episode *episode_of_row(struct filling *f) {
    if (!f->held || f->row >= f->held->rows) return NULL;
    const struct fact_episode *facts = f->held->facts;
    return &facts[f->row++];
}

/* ---- rows as they are stored ---- */

static void add_stored_line(struct filling *f, const char *const *values, const int *lengths, bool open,
                            int32_t days_left) {
    size_t begin = f->lines.n;
    for (size_t i = 0; i < f->column_count; i++) {
        if (i) buf_add_char(&f->lines, ',');
        row_value_csv(&f->lines, f->columns[i], values[i], lengths[i]);
    }
    csv_write_end_row(&f->lines);
    add_line(f, begin, open, days_left);
}

static enum err take_episode(void *context, const char *const *values, const int *lengths) {
    struct filling *f = context;
    int32_t days_left[STAGE_COUNT], most = 0;
    const struct fact_episode *e = episode_of_row(f);
    bool open = e && open_stages(f, e, f->held->seq, days_left, &most);
    add_stored_line(f, values, lengths, open, most);
    return OK;
}

static enum err take_stored(void *context, const char *const *values, const int *lengths) {
    add_stored_line(context, values, lengths, false, 0);
    return OK;
}

/* ---- rows to be filled in ---- */

static enum err take_open_stages(void *context, const char *const *values, const int *lengths) {
    struct filling *f = context;
    int32_t days_left[STAGE_COUNT], most = 0;
    const struct fact_episode *e = episode_of_row(f);
    if (!e || !values[0]) return OK;
    unsigned open = open_stages(f, e, f->held->seq, days_left, &most);
    for (int s = 0; s < STAGE_COUNT; s++) {
        if (!(open >> s & 1)) continue;
        size_t begin = f->lines.n;
        csv_write_field(&f->lines, (str){values[0], (size_t)lengths[0]},
                        true); /* episodeId is the first column */
        buf_printf(&f->lines, ",%s", WORDS_STAGE[s]);
        for (size_t i = 2; i < f->column_count; i++)
            buf_add_char(&f->lines, ',');
        csv_write_end_row(&f->lines);
        add_line(f, begin, true, days_left[s]);
    }
    return OK;
}

static bool has_open_stages(const struct filling *f, const struct held *h) {
    const struct fact_episode *facts = h->facts;
    int32_t days_left[STAGE_COUNT], most;
    for (uint32_t i = 0; i < h->rows; i++)
        if (open_stages(f, &facts[i], h->seq, days_left, &most)) return true;
    return false;
}

typedef enum err row_fn(void *context, const char *const *values, const int *lengths);

static enum err read_rows(struct filling *f, struct db *db, const struct held *h, row_fn *take) {
    f->held = h;
    f->row = 0;
    return store_rows_read(db, f->p->service, f->p->provider, h->period, part_get(h->part), h->version, take,
                           f);
}

static enum err fill_follow_ups(struct filling *f, struct db *db, const struct book *book) {
    enum err e = OK;
    for (size_t i = 0; i < book->count && e == OK; i++) {
        const struct held *h = &book->held[i];
        if (h->part != PART_EPISODES || h->period > f->p->period || !has_open_stages(f, h)) continue;
        e = read_rows(f, db, h, take_open_stages);
    }
    const struct held *own = held_find(book, PART_FOLLOW_UPS, f->p->period);
    return e == OK && own ? read_rows(f, db, own, take_stored) : e;
}

static enum err fill_episodes(struct filling *f, struct db *db, const struct book *book) {
    const struct held *own = held_find(book, PART_EPISODES, f->p->period);
    return own ? read_rows(f, db, own, take_episode) : OK;
}

enum err prefill_write(struct prefill *p, struct db *db, struct fault *fault) {
    struct service_view view;
    struct book book;
    enum err e = service_view_load(p->r, p->service, INSTANT_NONE, p->period, &view, fault);
    if (e == OK)
        e = store_book_load(db, p->service, p->provider, INSTANT_NONE,
                            1u << PART_EPISODES | 1u << PART_FOLLOW_UPS, p->r->arena, &book);
    if (e != OK) return e;
    struct filling f = {.p = p, .framework = view.framework, .today = app_today(app_of(p->r))};
    resolver_build(&book, &f.resolver);
    pick_columns(&f, p->part);
    write_header(&f);
    e = p->part->id == PART_EPISODES ? fill_episodes(&f, db, &book) : fill_follow_ups(&f, db, &book);
    if (e == OK) write_lines(&f);
    resolver_free(&f.resolver);
    buf_free(&f.lines);
    free(f.list);
    return e;
}
