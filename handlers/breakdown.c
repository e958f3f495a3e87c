/* GET /v1/breakdowns/{service}/{period}?measure=&by=: a measure by one or two dimensions, for the quarter or the year to date. */
#include "handlers/breakdown.h"

#include "db/store_names.h"
#include "handlers/handlers.h"
#include "handlers/page.h"
#include "handlers/stamps.h"
#include "kpi/priority.h"
#include "kpi/public_table.h"

enum { NAMES_MAX = 50000 }; /* as they come, before equal ones are one */

struct ask {
    struct figures_ask q;
    struct breakdown_answer out;
    enum dimension by[BREAKDOWN_BY_MAX];
    bool csv;
};

/* ---- the question ---- */

static enum err read_measure(struct request *r, struct breakdown *t) {
    struct buf names = BUF_EMPTY;
    str v = request_query(r, "measure");
    if (v.p && measure_parse(v, &t->measure)) return OK;
    measure_names(&names);
    enum err e = v.p ? fail(&r->fault, ERR_BAD_PARAMETER, "'%.*s' is no measure; write one of %.*s.",
                            STR_ARG(v), STR_ARG(buf_str(&names)))
                     : fail(&r->fault, ERR_BAD_PARAMETER, "measure is missing; write one of %.*s.",
                            STR_ARG(buf_str(&names)));
    buf_free(&names);
    return e;
}

/* Those that the measure can be broken down by. */
static void add_dimension_names(struct buf *out, enum measure m) {
    for (unsigned d = 0; d < DIMENSION_COUNT; d++)
        if (breakdown_can(m, (enum dimension)d))
            buf_printf(out, "%s%s", out->n ? ", " : "", dimension_info((enum dimension)d)->name);
}

static enum err fail_dimension(struct request *r, enum measure m, str name) {
    struct buf names = BUF_EMPTY;
    add_dimension_names(&names, m);
    enum err e = fail(&r->fault, ERR_BAD_PARAMETER,
                      "%s cannot be broken down by '%.*s'; write one of %.*s, or two joined by a comma.",
                      measure_info(m)->name, STR_ARG(name), STR_ARG(buf_str(&names)));
    buf_free(&names);
    return e;
}

static enum err read_by(struct request *r, struct ask *ask) {
    struct breakdown *t = &ask->out.table;
    str rest = request_query(r, "by");
    if (!rest.n) return fail_dimension(r, t->measure, STR(""));
    while (rest.n) {
        str name = str_trim(str_cut(&rest, ','));
        enum dimension d;
        if (!dimension_parse(name, &d) || !breakdown_can(t->measure, d))
            return fail_dimension(r, t->measure, name);
        if (t->by_count == BREAKDOWN_BY_MAX)
            return fail(&r->fault, ERR_BAD_PARAMETER, "by takes one dimension, or two joined by a comma.");
        if (t->by_count && ask->by[0] == d)
            return fail(&r->fault, ERR_BAD_PARAMETER, "by names %.*s twice; write it once.", STR_ARG(name));
        ask->by[t->by_count++] = d;
    }
    return OK;
}

static enum err read_view(struct request *r, bool *out_year) {
    str v = request_query(r, "view");
    *out_year = v.p && str_is(v, "YEAR_TO_DATE");
    if (!v.p || *out_year || str_is(v, "QUARTER")) return OK;
    return fail(&r->fault, ERR_BAD_PARAMETER, "'%.*s' is no value for view; write QUARTER or YEAR_TO_DATE.",
                STR_ARG(v));
}

static enum err not_published(const struct ask *ask, struct fault *fault) {
    struct buf names = BUF_EMPTY;
    for (unsigned d = 0; d < DIMENSION_COUNT; d++)
        if (public_dimension((enum dimension)d) && breakdown_can(ask->out.table.measure, (enum dimension)d))
            buf_printf(&names, "%s%s", names.n ? ", " : "", dimension_info((enum dimension)d)->name);
    enum err e = fail(fault, ERR_FORBIDDEN, "Tables by %s are not published; write one of %.*s.",
                      dimension_info(ask->by[0])->name, STR_ARG(buf_str(&names)));
    buf_free(&names);
    return e;
}

/* Which tables a wider audience may ask at all: kpi/public_table.h. */
static enum err check_public(struct ask *ask, struct fault *fault) {
    if (ask->q.disclosure == DISCLOSE_EXACT) return OK;
    if (ask->out.table.by_count > 1)
        return fail(fault, ERR_FORBIDDEN,
                    "Crossed tables are not published: together they can give small numbers away. Write one "
                    "dimension.");
    if (!public_dimension(ask->by[0])) return not_published(ask, fault);
    if (request_query(ask->q.r, "view").p && !ask->out.year_to_date)
        return fail(fault, ERR_FORBIDDEN,
                    "Only the year to date is published: quarters and their sum can give small numbers away. "
                    "Write view=YEAR_TO_DATE, or leave view out.");
    ask->out.year_to_date = true;
    return OK;
}

/* ---- names ---- */

static enum store_names names_wanted(enum dimension_kind kind, enum part_id part) {
    if (kind == BY_ORGANISATION) return NAMES_REFERRAL_ORGANISATION;
    if (kind == BY_ADVISER) return NAMES_EPISODE_ADVISER;
    return part == PART_REFERRALS ? NAMES_REFERRAL_SITE : NAMES_EPISODE_SITE;
}

static enum err add_names(struct ask *ask, struct dimension_members *m, str provider, const struct book *book,
                          struct fault *fault) {
    struct request *r = ask->q.r;
    const struct breakdown *t = &ask->out.table;
    enum part_id part = measure_info(t->measure)->part;
    for (size_t i = 0; i < book->count; i++) {
        const struct held *h = &book->held[i];
        if (h->part != part || h->period < breakdown_first_period(t) || h->period > t->to) continue;
        struct store_name *names;
        size_t count;
        enum err e =
            store_names_list(db_of(r), ask->q.service, provider, h->period, h->version,
                             names_wanted(dimension_info(m->which)->kind, part), r->arena, &names, &count);
        if (e != OK) return e;
        if (m->count + count > NAMES_MAX)
            return fail(fault, ERR_BAD_PARAMETER, "There are too many of %s; ask for one provider=.",
                        dimension_info(m->which)->name);
        for (size_t k = 0; k < count; k++)
            dimension_name(m, names[k].key, STR_NONE, r->arena);
    }
    return OK;
}

/* The list of sites that holds in the period says what they are called. */
static enum err label_sites(struct ask *ask, struct dimension_members *m, str provider,
                            const struct book *book) {
    struct request *r = ask->q.r;
    const struct held *list = NULL;
    for (size_t i = 0; i < book->count; i++) {
        const struct held *h = &book->held[i];
        bool holds = h->part == PART_SITES && h->period <= ask->out.period;
        if (holds && (!list || h->period > list->period)) list = h;
    }
    struct store_name *names;
    size_t count = 0;
    enum err e = list ? store_names_list(db_of(r), ask->q.service, provider, list->period, list->version,
                                         NAMES_SITE, r->arena, &names, &count)
                      : OK;
    for (size_t k = 0; e == OK && k < count; k++)
        dimension_label(m, names[k].key, names[k].label, r->arena);
    return e;
}

static bool is_asked(const struct ask *ask, const struct store_provider *p) {
    return !ask->q.provider.p || str_eq(ask->q.provider, p->id);
}

/* Books without facts: only what is in force. The step is done for each provider and each dimension that has names. */
static enum err each_names(struct ask *ask, bool labels, struct fault *fault) {
    struct request *r = ask->q.r;
    struct breakdown *t = &ask->out.table;
    enum err e = OK;
    for (size_t p = 0; p < ask->q.view.provider_count && e == OK; p++) {
        const struct store_provider *provider = &ask->q.view.providers[p];
        if (!is_asked(ask, provider)) continue;
        struct book book = {0};
        e = store_book_load(db_of(r), ask->q.service, provider->id, ask->q.known_at, 0, r->arena, &book);
        for (size_t i = 0; i < t->by_count && e == OK; i++) {
            enum dimension_kind kind = dimension_info(t->by[i].which)->kind;
            if (!labels && dimension_is_named(kind))
                e = add_names(ask, &t->by[i], provider->id, &book, fault);
            if (labels && kind == BY_SITE) e = label_sites(ask, &t->by[i], provider->id, &book);
        }
    }
    return e;
}

static void add_providers(struct ask *ask) {
    struct breakdown *t = &ask->out.table;
    for (size_t i = 0; i < t->by_count; i++)
        for (size_t p = 0;
             dimension_info(t->by[i].which)->kind == BY_PROVIDER && p < ask->q.view.provider_count; p++)
            if (is_asked(ask, &ask->q.view.providers[p]))
                dimension_name(&t->by[i], ask->q.view.providers[p].id, ask->q.view.providers[p].name,
                               ask->q.r->arena);
}

static bool needs_names(const struct ask *ask) {
    for (size_t i = 0; i < ask->out.table.by_count; i++)
        if (dimension_is_named(dimension_info(ask->by[i])->kind)) return true;
    return false;
}

static enum err prepare(struct ask *ask, struct fault *fault) {
    struct breakdown *t = &ask->out.table;
    breakdown_begin(t, ask->by, ask->q.r->arena);
    add_providers(ask);
    enum err e = needs_names(ask) ? each_names(ask, false, fault) : OK;
    if (e != OK) return e;
    if (!breakdown_open(t, ask->q.r->arena))
        return fail(
            fault, ERR_BAD_PARAMETER,
            "That table has too many rows; ask for one dimension, one provider= or one localAuthority=.");
    return needs_names(ask) ? each_names(ask, true, fault) : OK;
}

/* ---- the counts ---- */

static void note_national(struct ask *ask, str provider, enum national_told told, int16_t period) {
    size_t n = ask->out.note_count;
    while (n && str_eq(ask->out.notes[n - 1].provider, provider) && ask->out.notes[n - 1].told != told)
        n--;
    if (!n || !str_eq(ask->out.notes[n - 1].provider, provider)) {
        n = ++ask->out.note_count;
        ask->out.notes[n - 1] = (struct national_note){.provider = provider, .told = told};
    }
    ask->out.notes[n - 1].quarters |= 1u << (period_quarter(period) - 1);
}

/* As the KPIs have it: the national return stands in for episodes, also where it is expected in their place. */
static void note_coverage(struct ask *ask, const struct store_provider *provider, const struct book *book) {
    const struct breakdown *t = &ask->out.table;
    enum part_id part = measure_info(t->measure)->part;
    int16_t period = ask->out.period;
    const struct framework_provider *p = framework_provider_find(ask->q.view.framework, provider->id);
    bool expected = p && (framework_expects(p, part, period) ||
                          (part == PART_EPISODES && framework_expects(p, PART_NATIONAL, period)));
    const struct held *h = book_find(book, part, period);
    ask->out.expected += expected;
    ask->out.reported += expected && ((h && !book_is_taken_back(book, h)) ||
                                      breakdown_national_of(t, book, period) == NATIONAL_TOLD);
    for (int16_t at = t->from; at <= t->to; at++) {
        enum national_told told = breakdown_national_of(t, book, at);
        if (told != NATIONAL_ABSENT) note_national(ask, provider->id, told, at);
    }
}

static enum err count(struct ask *ask) {
    struct request *r = ask->q.r;
    const struct service_view *v = &ask->q.view;
    uint32_t index = 0;
    enum err e = OK;
    ask->out.notes = ARENA_ARRAY(r->arena, struct national_note, 2 * v->provider_count + 1);
    for (size_t p = 0; p < v->provider_count && e == OK; p++) {
        if (!is_asked(ask, &v->providers[p])) continue;
        struct arena a = ARENA_EMPTY;
        struct book book = {0};
        e = store_book_load(db_of(r), ask->q.service, v->providers[p].id, ask->q.known_at,
                            breakdown_parts(ask->out.table.measure), &a, &book);
        if (e == OK) breakdown_add(&ask->out.table, index++, &book);
        if (e == OK) note_coverage(ask, &v->providers[p], &book);
        arena_free(&a);
    }
    return e;
}

static enum err check_framework(const struct ask *ask, struct fault *fault) {
    const struct framework *f = ask->q.view.framework;
    if (!framework_has_period(f, ask->out.period)) return no_rated_period(&ask->q.view, fault);
    for (size_t i = 0; i < ask->out.table.by_count; i++)
        if (ask->by[i] == DIMENSION_PRIORITY_GROUP && f->priority_group_count == 0)
            return fail(fault, ERR_BAD_PARAMETER,
                        "The framework %s names no priority groups; add \"priorityGroups\" to it.", f->id);
    return OK;
}

static enum err write(struct ask *ask, struct fault *fault) {
    const struct breakdown *t = &ask->out.table;
    if (breakdown_rows(t) > BREAKDOWN_ROWS_MAX)
        return fail(fault, ERR_BAD_PARAMETER,
                    "That table has %zu rows, more than %d; ask for one dimension, one provider= or one "
                    "localAuthority=.",
                    breakdown_rows(t), BREAKDOWN_ROWS_MAX);
    if (ask->csv) breakdown_write_csv(&ask->q.p->body, &ask->out);
    else breakdown_write_json(&ask->q.p->body, &ask->out);
    return OK;
}

static enum err run(struct db *db, void *context, struct fault *fault) {
    (void)db;
    struct ask *ask = context;
    struct breakdown *t = &ask->out.table;
    buf_clear(&ask->q.p->body);
    ask->out.expected = ask->out.reported = ask->out.note_count = 0;
    t->total = (struct breakdown_cell){0, 0};
    enum err e = figures_ask_view(&ask->q, ask->out.period, fault);
    if (e == OK) e = check_framework(ask, fault);
    if (e != OK) return e;
    t->framework = ask->q.view.framework;
    t->as_at = ask->q.as_at;
    t->authority = ask->q.authority;
    e = prepare(ask, fault);
    if (e == OK) e = count(ask);
    ask->out.withheld = e == OK && ask->q.disclosure != DISCLOSE_EXACT && !public_table_is_safe(t);
    return e == OK ? write(ask, fault) : e;
}

enum err handle_breakdown(struct request *r, struct reply *p) {
    static const char *const OFFERS[] = {"application/json", "text/csv"};
    struct ask *ask = ARENA_NEW(r->arena, struct ask);
    struct breakdown *t = &ask->out.table;
    size_t choice = 0;
    enum err e = target_period(r, &ask->out.period);
    if (e == OK) e = figures_ask_read(r, p, &ask->q);
    if (e == OK) e = read_measure(r, t);
    if (e == OK) e = read_by(r, ask);
    if (e == OK) e = read_view(r, &ask->out.year_to_date);
    if (e == OK) e = check_public(ask, &r->fault);
    if (e == OK) e = request_negotiate(r, OFFERS, 2, &choice);
    if (e != OK) return e;
    ask->csv = choice == 1;
    ask->out.ask = &ask->q;
    t->to = ask->out.period;
    t->from = ask->out.year_to_date ? period_of(period_year(t->to), 1) : t->to;
    e = db_transaction(db_of(r), &(struct db_work){.run = run, .context = ask, .read_only = true}, &r->fault);
    if (e != OK) return e;
    if (ask->csv) p->content_type = "text/csv; charset=utf-8; header=present";
    reply_header(r, p, "Vary", STR("Accept"));
    answered_from(r, p, ask->q.known_at, &ask->q.view.service);
    reply_etag_of_body(p);
    return OK;
}
