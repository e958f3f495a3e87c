/* The feed completeness: for every provider and quarter, and then for the service, everything together and each item of the national
 * collection: the figures of GET /v1/completeness. The facts of one provider are in memory at a time. */
#include "db/store_periods.h"
#include "handlers/feed.h"
#include "kpi/completeness.h"

/* One quarter of the service, summed while its providers are written. */
struct quarter {
    bool sent;
    struct completeness figures;
    str *signed_off; /* providers; asked for when the first comes that has sent */
    size_t signed_count;
};

struct table {
    struct feed_ask *ask;
    struct quarter *quarters; /* of the service, by period - first */
    int16_t first, last;
    struct feed_run who, rest; /* the first columns of a provider's quarter, and the last */
};

/* ---- rows ---- */

struct row {
    const struct store_provider *provider; /* NULL: the service */
    int16_t period;
    bool submitted;
    const struct completeness *figures;
};

static void put_who(struct table *t, const struct row *row) {
    struct feed_out *o = &t->ask->out;
    const struct store_provider *p = row->provider;
    if (feed_run_again(o, &t->who)) return;
    feed_run_begin(o, &t->who);
    feed_text(o, "service", t->ask->q.service);
    feed_text(o, "provider", p ? p->id : STR_NONE);
    feed_text(o, "providerName", p ? p->name : STR_NONE);
    feed_period(o, row->period);
    feed_run_end(o, &t->who);
}

static void put_rest(struct table *t, const struct row *row, const struct framework *f) {
    struct feed_out *o = &t->ask->out;
    const struct figures_ask *q = &t->ask->q;
    if (feed_run_again(o, &t->rest)) return;
    feed_run_begin(o, &t->rest);
    feed_int(o, "waiting", row->figures->waiting);
    feed_flag_if(o, "submitted", row->provider != NULL, row->submitted);
    feed_day(o, "deadline", framework_national_deadline(f, row->period));
    feed_day(o, "asAt", q->as_at);
    feed_instant(o, "knownAt", q->known_at);
    feed_run_end(o, &t->rest);
}

static void write_row(struct table *t, const struct row *row, const char *item, int64_t complete,
                      int64_t required) {
    struct feed_out *o = &t->ask->out;
    const struct framework *f = service_view_framework(&t->ask->q.view, row->period);
    int64_t percent = required ? percent_hundredths(complete, required) : 0;
    put_who(t, row);
    feed_cstr(o, "item", item);
    feed_int(o, "complete", complete);
    feed_int(o, "required", required);
    feed_decimal_if(o, "value", required > 0, (struct decimal){percent, 2});
    feed_flag(o, "sufficient", completeness_suffices(f->completeness_percent, complete, required));
    put_rest(t, row, f);
    feed_end_row(o);
}

static void write_rows(struct table *t, const struct row *row) {
    const struct completeness *c = row->figures;
    feed_run_forget(&t->who);
    feed_run_forget(&t->rest);
    write_row(t, row, "ALL", c->all_complete, c->all_required);
    for (int i = 0; i < ITEM_COUNT; i++)
        write_row(t, row, item_name((enum item)i), c->complete[i], c->required[i]);
}

/* ---- one provider ---- */

static enum err load_signed(struct table *t, struct quarter *quarter, int16_t period) {
    const struct figures_ask *q = &t->ask->q;
    if (quarter->signed_off) return OK;
    return store_signed_list(db_of(q->r), q->service, period, q->known_at, q->r->arena, &quarter->signed_off,
                             &quarter->signed_count);
}

static bool is_submitted(const struct quarter *quarter, str provider) {
    for (size_t i = 0; i < quarter->signed_count; i++)
        if (str_eq(quarter->signed_off[i], provider)) return true;
    return false;
}

static bool has_sent(const struct book *book, int16_t period) {
    return book_rows(book, PART_EPISODES, period) >= 0 || book_rows(book, PART_NATIONAL, period) >= 0;
}

static enum err write_quarter(struct table *t, const struct store_provider *provider, const struct book *book,
                              int16_t period) {
    struct completeness figures = {0};
    struct quarter *sum = &t->quarters[period - t->first];
    if (!has_sent(book, period)) return OK;
    completeness_add(service_view_framework(&t->ask->q.view, period), book, period, t->ask->q.as_at, &figures,
                     NULL, NULL);
    completeness_add_national(book, period, &figures);
    completeness_sum(&sum->figures, &figures);
    sum->sent = true;
    enum err e = load_signed(t, sum, period);
    if (e == OK) write_rows(t, &(struct row){provider, period, is_submitted(sum, provider->id), &figures});
    return e;
}

static enum err write_provider(struct table *t, const struct store_provider *provider) {
    struct arena a = ARENA_EMPTY;
    struct book book = {0};
    const struct figures_ask *q = &t->ask->q;
    uint32_t wanted = 1u << PART_EPISODES | 1u << PART_FOLLOW_UPS | 1u << PART_SITES | 1u << PART_NATIONAL;
    enum err e = store_book_load(db_of(q->r), q->service, provider->id, q->known_at, wanted, &a, &book);
    for (int16_t p = t->first; e == OK && p <= t->last; p++)
        e = write_quarter(t, provider, &book, p);
    arena_free(&a);
    return e;
}

/* ---- the table ---- */

/* Every quarter that could have been sent: a return may be sent for the quarter in hand, and tests fix the day. */
static void choose_quarters(struct table *t) {
    int16_t now = period_of_day(t->ask->q.as_at);
    int16_t least, most;
    frameworks_quarters(&t->ask->q.view.in_force, &least, &most);
    least = PERIOD_FIRST_ACCEPTED;
    if (most < now) most = now;
    t->first = t->ask->from > least ? t->ask->from : least;
    t->last = t->ask->to < most ? t->ask->to : most;
}

enum err feed_write_completeness(struct feed_ask *ask, struct fault *fault) {
    struct table t = {.ask = ask};
    enum err e = service_view_load(ask->q.r, ask->q.service, ask->q.known_at, period_of_day(ask->q.as_at),
                                   &ask->q.view, fault);
    if (e != OK) return e;
    choose_quarters(&t);
    if (t.last < t.first) return OK;
    t.quarters = ARENA_ARRAY(ask->q.r->arena, struct quarter, (size_t)(t.last - t.first) + 1);
    for (size_t i = 0; e == OK && i < ask->q.view.provider_count; i++)
        e = write_provider(&t, &ask->q.view.providers[i]);
    for (int16_t p = t.first; e == OK && p <= t.last; p++) {
        const struct quarter *q = &t.quarters[p - t.first];
        if (q->sent) write_rows(&t, &(struct row){NULL, p, false, &q->figures});
    }
    feed_run_free(&t.who);
    feed_run_free(&t.rest);
    return e;
}
