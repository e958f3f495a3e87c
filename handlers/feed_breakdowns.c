/* The feed breakdowns: for every provider and quarter, and then for the service, each measure undivided and by each dimension that has
 * a closed list of members, or an authority: the cells of GET /v1/breakdowns?by= with one dimension. Members that nobody has are left
 * out. The facts of one provider are in memory at a time, and of the service one number pair a cell.
 *
 * What would surprise: a national return is in the undivided figure, but only in the dimensions that its form tells, so `partial` is said
 * of each dimension. The undivided figure is the total of a table by provider. */
#include "handlers/feed.h"
#include "kpi/breakdown_national.h"
#include "kpi/wilson.h"

/* Names that providers wrote have no bound, and who is a provider says the column. */
static bool is_fed(enum dimension d) {
    enum dimension_kind kind = dimension_info(d)->kind;
    return !dimension_is_named(kind) && kind != BY_PROVIDER;
}

/* ---- the query ---- */

static enum err no_measure(struct request *r, str name) {
    struct buf names = BUF_EMPTY;
    measure_names(&names);
    fail(&r->fault, ERR_BAD_PARAMETER, "'%.*s' is no measure; write one or more of %.*s, joined by commas.",
         STR_ARG(name), STR_ARG(buf_str(&names)));
    buf_free(&names);
    return ERR_BAD_PARAMETER;
}

static enum err no_dimension(struct request *r, str name) {
    struct buf names = BUF_EMPTY;
    for (unsigned d = 0; d < DIMENSION_COUNT; d++)
        if (is_fed((enum dimension)d))
            buf_printf(&names, "%s%s", names.n ? ", " : "", dimension_info((enum dimension)d)->name);
    fail(&r->fault, ERR_BAD_PARAMETER,
         "The feed breakdowns has no dimension '%.*s'; write one or more of %.*s, joined by commas.",
         STR_ARG(name), STR_ARG(buf_str(&names)));
    buf_free(&names);
    return ERR_BAD_PARAMETER;
}

static enum err read_measures(struct request *r, uint32_t *out) {
    str rest = request_query(r, "measure");
    *out = rest.p ? 0 : (1u << MEASURE_COUNT) - 1;
    if (rest.p && !rest.n) return no_measure(r, rest);
    while (rest.n) {
        enum measure m;
        str name = str_trim(str_cut(&rest, ','));
        if (!measure_parse(name, &m)) return no_measure(r, name);
        *out |= 1u << m;
    }
    return OK;
}

static enum err read_dimensions(struct request *r, uint32_t *out) {
    str rest = request_query(r, "by");
    *out = rest.p ? 0 : (1u << DIMENSION_COUNT) - 1;
    if (rest.p && !rest.n) return no_dimension(r, rest);
    while (rest.n) {
        enum dimension d;
        str name = str_trim(str_cut(&rest, ','));
        if (!dimension_parse(name, &d) || !is_fed(d)) return no_dimension(r, name);
        *out |= 1u << d;
    }
    return OK;
}

enum err feed_read_breakdowns(struct request *r, struct feed_ask *out) {
    enum err e = read_measures(r, &out->measures);
    return e == OK ? read_dimensions(r, &out->dimensions) : e;
}

/* ---- tables of one measure and quarter ---- */

enum { UNDIVIDED }; /* the first table, by provider: only its total is told */

struct tables {
    struct breakdown list[DIMENSION_COUNT];
    size_t count;
};

static void open_table(const struct feed_ask *ask, struct breakdown *b, enum measure m, enum dimension d,
                       int16_t period, struct arena *a) {
    *b = (struct breakdown){
        .framework = service_view_framework(&ask->q.view, period),
        .measure = m,
        .from = period,
        .to = period,
        .as_at = ask->q.as_at,
        .authority = ask->q.authority,
        .by_count = 1,
    };
    breakdown_begin(b, &d, a);
    if (d == DIMENSION_PROVIDER) dimension_name(&b->by[0], STR("ALL"), STR_NONE, a);
}

/* Closed lists and authorities are far below the bounds of breakdown_open(). */
static void open_tables(const struct feed_ask *ask, enum measure m, int16_t period, struct arena *a,
                        struct tables *out) {
    open_table(ask, &out->list[UNDIVIDED], m, DIMENSION_PROVIDER, period, a);
    out->count = breakdown_open(&out->list[UNDIVIDED], a);
    for (unsigned d = 0; d < DIMENSION_COUNT; d++) {
        enum dimension by = (enum dimension)d;
        if (!(ask->dimensions >> d & 1) || !is_fed(by) || !breakdown_can(m, by)) continue;
        struct breakdown *b = &out->list[out->count];
        open_table(ask, b, m, by, period, a);
        if (breakdown_open(b, a)) out->count++;
    }
}

/* ---- what is kept of the service ---- */

struct kept {
    bool missing;                   /* a provider has not sent the part */
    bool left_out[DIMENSION_COUNT]; /* a national return is not in it; undivided: under PROVIDER */
    struct breakdown_cell total;
    struct breakdown_cell *cells[DIMENSION_COUNT]; /* by enum dimension; NULL: nothing yet */
};

struct feeding {
    struct feed_ask *ask;
    struct kept *kept; /* by period - first, then measure */
    int16_t first, last;
    /* Columns that are the same in many rows: of a provider's quarter, of a measure, of the feed. */
    struct feed_run who, measures[MEASURE_COUNT], known;
};

static struct kept *kept_at(const struct feeding *f, int16_t period, enum measure m) {
    return &f->kept[(size_t)(period - f->first) * MEASURE_COUNT + m];
}

static void cell_sum(struct breakdown_cell *into, struct breakdown_cell c) {
    into->numerator += c.numerator;
    into->denominator += c.denominator;
}

static void keep(struct feeding *f, int16_t period, enum measure m, const struct tables *t) {
    struct kept *k = kept_at(f, period, m);
    cell_sum(&k->total, t->list[UNDIVIDED].total);
    for (size_t i = 0; i < t->count; i++) {
        const struct breakdown *b = &t->list[i];
        struct breakdown_cell **cells = &k->cells[b->by[0].which];
        if (!*cells) *cells = ARENA_ARRAY(f->ask->q.r->arena, struct breakdown_cell, b->by[0].count);
        for (size_t c = 0; c < b->by[0].count; c++)
            cell_sum(&(*cells)[c], breakdown_at(b, c, 0));
    }
}

/* ---- rows ---- */

struct row {
    const struct store_provider *provider; /* NULL: the service */
    int16_t period;
    enum measure measure;
    const struct kept *kept; /* of the service */
};

static void put_rate(struct feed_out *o, bool rate, struct breakdown_cell c) {
    struct interval i = rate ? wilson(c.numerator, c.denominator, WILSON_95) : (struct interval){0, 0};
    int64_t percent = rate ? percent_hundredths(c.numerator, c.denominator) : 0;
    feed_int(o, "numerator", c.numerator);
    feed_int_if(o, "denominator", rate, c.denominator);
    if (rate) feed_decimal_if(o, "value", true, (struct decimal){percent, 2});
    else feed_int(o, "value", c.numerator);
    feed_decimal_if(o, "lower95", rate, (struct decimal){proportion_hundredths(i.lower), 2});
    feed_decimal_if(o, "upper95", rate, (struct decimal){proportion_hundredths(i.upper), 2});
    feed_flag(o, "smallNumber", is_small_number(c.numerator) || (rate && is_small_number(c.denominator)));
}

/* As /v1/breakdowns tells it with `coverage` and `notCounted`. */
static bool is_partial(const struct kept *k, const struct dimension_members *by) {
    return k->missing || k->left_out[by ? by->which : DIMENSION_PROVIDER];
}

static void put_who(struct feeding *f, const struct row *row) {
    struct feed_out *o = &f->ask->out;
    const struct figures_ask *q = &f->ask->q;
    const struct store_provider *p = row->provider;
    if (feed_run_again(o, &f->who)) return;
    feed_run_begin(o, &f->who);
    feed_text(o, "service", q->service);
    feed_text(o, "provider", p ? p->id : STR_NONE);
    feed_text(o, "providerName", p ? p->name : STR_NONE);
    feed_text(o, "localAuthorityCode",
              q->authority ? arena_printf(&o->row, "E%08u", (unsigned)q->authority) : STR_NONE);
    feed_period(o, row->period);
    feed_run_end(o, &f->who);
}

static void put_measure(struct feeding *f, enum measure measure) {
    struct feed_out *o = &f->ask->out;
    const struct measure_info *m = measure_info(measure);
    if (feed_run_again(o, &f->measures[measure])) return;
    feed_run_begin(o, &f->measures[measure]);
    feed_cstr(o, "measure", m->name);
    feed_cstr(o, "unit", m->below ? "PERCENT" : "COUNT");
    feed_cstr(o, "numeratorMeaning", m->above);
    feed_cstr(o, "denominatorMeaning", m->below);
    feed_run_end(o, &f->measures[measure]);
}

static void put_known(struct feeding *f) {
    struct feed_out *o = &f->ask->out;
    if (feed_run_again(o, &f->known)) return;
    feed_run_begin(o, &f->known);
    feed_day(o, "asAt", f->ask->q.as_at);
    feed_instant(o, "knownAt", f->ask->q.known_at);
    feed_run_end(o, &f->known);
}

static void write_row(struct feeding *f, const struct row *row, const struct dimension_members *by,
                      const struct dimension_member *member, struct breakdown_cell c) {
    struct feed_out *o = &f->ask->out;
    bool is_service = row->provider == NULL;
    if (c.denominator == 0) return;
    put_who(f, row);
    put_measure(f, row->measure);
    feed_cstr(o, "dimension", by ? dimension_info(by->which)->name : "ALL");
    feed_text(o, "member", member ? member->key : STR("ALL"));
    feed_text(o, "memberLabel", member ? member->label : STR_NONE);
    feed_flag(o, "overlaps", by && dimension_overlaps(dimension_info(by->which)->kind));
    put_rate(o, measure_info(row->measure)->below != NULL, c);
    feed_flag_if(o, "partial", is_service, is_service && is_partial(row->kept, by));
    put_known(f);
    feed_end_row(o);
}

static void write_tables(struct feeding *f, const struct row *row, const struct tables *t) {
    write_row(f, row, NULL, NULL, t->list[UNDIVIDED].total);
    for (size_t i = UNDIVIDED + 1; i < t->count; i++) {
        const struct dimension_members *by = &t->list[i].by[0];
        for (size_t c = 0; c < by->count; c++)
            write_row(f, row, by, &by->list[c], breakdown_at(&t->list[i], c, 0));
    }
}

/* ---- one measure of one provider, and of the service ---- */

static bool is_measured(const struct feeding *f, enum measure m) {
    return f->ask->measures >> m & 1;
}

/* What was expected and is not there; a national return stands in for episodes. */
static bool is_missing(const struct feeding *f, const struct row *row, const struct tables *t,
                       const struct book *book) {
    enum part_id part = measure_info(row->measure)->part;
    const struct framework_provider *own =
        framework_provider_find(service_view_framework(&f->ask->q.view, row->period), row->provider->id);
    const struct held *h = book_find(book, part, row->period);
    bool expected = own && (framework_expects(own, part, row->period) ||
                            (part == PART_EPISODES && framework_expects(own, PART_NATIONAL, row->period)));
    return expected && !(h && !book_is_taken_back(book, h)) &&
           breakdown_national_of(&t->list[UNDIVIDED], book, row->period) == NATIONAL_ABSENT;
}

static void note_coverage(struct feeding *f, const struct row *row, const struct tables *t,
                          const struct book *book) {
    struct kept *k = kept_at(f, row->period, row->measure);
    k->missing |= is_missing(f, row, t, book);
    for (size_t i = 0; i < t->count; i++) {
        const struct breakdown *b = &t->list[i];
        k->left_out[b->by[0].which] |= national_is_left_out(breakdown_national_of(b, book, row->period));
    }
}

static void write_measure(struct feeding *f, const struct row *row, const struct book *book) {
    struct arena a = ARENA_EMPTY;
    struct tables t;
    open_tables(f->ask, row->measure, row->period, &a, &t);
    breakdown_add_each(t.list, t.count, 0, book);
    note_coverage(f, row, &t, book);
    if (t.count > UNDIVIDED + 1) {
        write_tables(f, row, &t);
        keep(f, row->period, row->measure, &t);
    }
    arena_free(&a);
}

static void write_service(struct feeding *f, const struct row *row) {
    struct arena a = ARENA_EMPTY;
    struct tables t;
    const struct kept *k = kept_at(f, row->period, row->measure);
    if (k->total.denominator) {
        open_tables(f->ask, row->measure, row->period, &a, &t);
        t.list[UNDIVIDED].total = k->total;
        for (size_t i = UNDIVIDED + 1; i < t.count; i++)
            t.list[i].cells = k->cells[t.list[i].by[0].which];
        write_tables(f, row, &t);
    }
    arena_free(&a);
}

/* ---- the feed ---- */

static enum err write_provider(struct feeding *f, const struct store_provider *provider) {
    struct arena a = ARENA_EMPTY;
    struct book book = {0};
    const struct figures_ask *q = &f->ask->q;
    uint32_t wanted = 0;
    for (unsigned m = 0; m < MEASURE_COUNT; m++)
        if (is_measured(f, (enum measure)m)) wanted |= breakdown_parts((enum measure)m);
    enum err e = store_book_load(db_of(q->r), q->service, provider->id, q->known_at, wanted, &a, &book);
    for (int16_t p = f->first; e == OK && p <= f->last; p++) {
        feed_run_forget(&f->who);
        for (unsigned m = 0; m < MEASURE_COUNT; m++)
            if (is_measured(f, (enum measure)m))
                write_measure(f, &(struct row){provider, p, (enum measure)m, NULL}, &book);
    }
    arena_free(&a);
    return e;
}

static void write_whole(struct feeding *f) {
    for (int16_t p = f->first; p <= f->last; p++) {
        feed_run_forget(&f->who);
        for (unsigned m = 0; m < MEASURE_COUNT; m++)
            if (is_measured(f, (enum measure)m))
                write_service(f, &(struct row){NULL, p, (enum measure)m, kept_at(f, p, (enum measure)m)});
    }
}

static void free_columns(struct feeding *f) {
    feed_run_free(&f->who);
    feed_run_free(&f->known);
    for (unsigned m = 0; m < MEASURE_COUNT; m++)
        feed_run_free(&f->measures[m]);
}

static void choose_quarters(struct feeding *f) {
    int16_t least, most;
    frameworks_quarters(&f->ask->q.view.in_force, &least, &most);
    f->first = f->ask->from > least ? f->ask->from : least;
    f->last = f->ask->to < most ? f->ask->to : most;
}

enum err feed_write_breakdowns(struct feed_ask *ask, struct fault *fault) {
    struct feeding f = {.ask = ask};
    enum err e = service_view_load(ask->q.r, ask->q.service, ask->q.known_at, period_of_day(ask->q.as_at),
                                   &ask->q.view, fault);
    if (e != OK) return e;
    choose_quarters(&f);
    if (f.last < f.first) return OK;
    size_t quarters = (size_t)(f.last - f.first) + 1;
    f.kept = ARENA_ARRAY(ask->q.r->arena, struct kept, quarters * MEASURE_COUNT);
    for (size_t i = 0; e == OK && i < ask->q.view.provider_count; i++)
        e = write_provider(&f, &ask->q.view.providers[i]);
    if (e == OK) write_whole(&f);
    free_columns(&f);
    return e;
}
