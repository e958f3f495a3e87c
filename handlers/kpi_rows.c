/* GET /v1/kpis/{service}/{ref}/{period}/rows: the provider's own rows behind a count, by id: which are in the numerator, which only
 * in the denominator, which are left out, each with its reason. A commissioner sees those of a provider with the scope CLIENT_ROWS, who says why
 * (?accessReason=, since ?reason= chooses rows here). */
#include "handlers/client_rows.h"
#include "handlers/data_as_of.h"
#include "handlers/figures_ask.h"
#include "handlers/handlers.h"
#include "handlers/page.h"
#include "kpi/explain.h"

/* One row of the page, before its id is known. */
struct found {
    int16_t period;
    int32_t version;
    uint32_t row;
    struct explained_row is;
};

struct ask {
    struct figures_ask q;
    str ref;
    int16_t period;
    int by_standing, by_reason; /* -1: all */
    bool quarter;               /* instead of the year to date */
    struct page page;
    struct client_rows who;
    const struct kpi *kpi;
    struct found *found;
    size_t count;
    uint64_t total;
};

static void see(void *context, const struct walked *w, const struct explained_row *is) {
    struct ask *ask = context;
    if (ask->by_standing >= 0 && (int)is->standing != ask->by_standing) return;
    if (ask->by_reason >= 0 && is->reason != ask->by_reason) return;
    uint64_t at = ask->total++;
    if (at < ask->page.offset || at - ask->page.offset >= ask->page.limit) return;
    ask->found[ask->count++] = (struct found){w->held->period, w->held->version, w->row, *is};
}

/* ---- the answer ---- */

static void write_row(struct json *j, const struct ask *ask, const struct found *f, str id) {
    char text[PERIOD_TEXT];
    json_object_begin(j);
    json_field_str(j, "id", id);
    json_field_cstr(j, "part", part_name(ask->kpi->part));
    json_field_cstr(j, "period", period_format(f->period, text));
    json_field_int(j, "version", f->version);
    json_field_int(j, "row", f->row);
    json_field_cstr(j, "standing", standing_name(f->is.standing));
    json_field_cstr(j, "reason", f->is.reason < 0 ? NULL : reason_name(f->is.reason));
    json_field_cstr(j, "meaning", f->is.reason < 0 ? NULL : reason_meaning(f->is.reason));
    json_field_int(j, "count", f->is.count);
    json_end(j);
}

/* The rows of the page stand version by version, so each version's ids are one question. */
static enum err write_rows(struct json *j, struct ask *ask) {
    struct request *r = ask->q.r;
    for (size_t from = 0, to; from < ask->count; from = to) {
        const struct found *first = &ask->found[from];
        for (to = from; to < ask->count && ask->found[to].period == first->period;)
            to++;
        uint32_t *rows = ARENA_ARRAY(r->arena, uint32_t, to - from);
        str *ids = ARENA_ARRAY(r->arena, str, to - from);
        for (size_t i = from; i < to; i++)
            rows[i - from] = ask->found[i].row;
        enum err e = store_row_ids(db_of(r), ask->q.service, ask->q.provider, first->period,
                                   part_get(ask->kpi->part), first->version, rows, to - from, r->arena, ids);
        if (e != OK) return e;
        for (size_t i = from; i < to; i++)
            write_row(j, ask, &ask->found[i], ids[i - from]);
    }
    return OK;
}

static enum err explain(struct ask *ask) {
    struct arena a = ARENA_EMPTY;
    struct book book = {0};
    struct explanation sum = {0};
    enum err e = store_book_load(db_of(ask->q.r), ask->q.service, ask->q.provider, ask->q.known_at,
                                 explain_parts(ask->kpi->part), &a, &book);
    struct explain_question q = {
        .walk = {.framework = ask->q.view.framework,
                 .book = &book,
                 .as_at = ask->q.as_at,
                 .authority = ask->q.authority},
        .kpi = ask->kpi,
        .from = ask->quarter ? ask->period : period_of(period_year(ask->period), 1),
        .to = ask->period,
    };
    if (e == OK) explain_kpi(&q, &sum, see, ask);
    arena_free(&a);
    return e;
}

static enum err check_provider(const struct ask *ask, struct fault *fault) {
    if (service_view_provider(&ask->q.view, ask->q.provider)) return OK;
    return fail(fault, ERR_NOT_FOUND, "There is no provider '%.*s' in service '%.*s'.",
                STR_ARG(ask->q.provider), STR_ARG(ask->q.service));
}

static enum err tell(struct ask *ask, struct db *db) {
    struct request *r = ask->q.r;
    return client_rows_tell(&ask->who, r, db,
                            arena_printf(r->arena, "%.*s?provider=%.*s",
                                         STR_ARG(str_sub(r->path, strlen("/v1/"), r->path.n)),
                                         STR_ARG(ask->q.provider)),
                            0);
}

/* The audit line comes last, so that its chain is held for a moment only; without it nothing is shown. */
static enum err run(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    buf_clear(&ask->q.p->body);
    ask->count = 0;
    ask->total = 0;
    enum err e =
        service_view_load(ask->q.r, ask->q.service, ask->q.known_at, ask->period, &ask->q.view, fault);
    if (e == OK) e = check_provider(ask, fault);
    if (e == OK) e = figures_ask_kpi(&ask->q, ask->ref, fault, &ask->kpi);
    if (e == OK) e = explain(ask);
    if (e != OK) return e;
    struct json j = json_to(&ask->q.p->body);
    page_begin_at(&ask->page, &j, ask->total);
    e = write_rows(&j, ask);
    page_end(&ask->page, &j);
    return e == OK ? tell(ask, db) : e;
}

/* ---- the question ---- */

static enum err read_standing(struct request *r, int *out) {
    str v = request_query(r, "standing");
    *out = -1;
    if (!v.p) return OK;
    for (int s = STANDING_NUMERATOR; s <= STANDING_OUTSIDE; s++)
        if (str_is(v, standing_name((enum standing)s))) *out = s;
    if (*out >= 0) return OK;
    return fail(&r->fault, ERR_BAD_PARAMETER,
                "'%.*s' is no value for standing; write NUMERATOR, DENOMINATOR_ONLY or OUTSIDE.", STR_ARG(v));
}

static enum err read_reason(struct request *r, int *out) {
    str v = request_query(r, "reason");
    *out = -1;
    if (!v.p) return OK;
    for (int i = 0; i < REASON_COUNT; i++)
        if (str_is(v, reason_name(i))) *out = i;
    if (*out >= 0) return OK;
    return fail(&r->fault, ERR_BAD_PARAMETER,
                "'%.*s' is no reason; take one of those that the explanation lists under excluded.",
                STR_ARG(v));
}

static enum err read_view(struct request *r, bool *out_quarter) {
    str v = request_query(r, "view");
    *out_quarter = v.p && str_is(v, "QUARTER");
    if (!v.p || *out_quarter || str_is(v, "YEAR_TO_DATE")) return OK;
    return fail(&r->fault, ERR_BAD_PARAMETER, "'%.*s' is no value for view; write QUARTER or YEAR_TO_DATE.",
                STR_ARG(v));
}

static enum err read_who(struct request *r, struct ask *ask) {
    enum err e = client_rows_ask(r, "accessReason", &ask->who);
    if (e != OK || ask->q.provider.n) return e;
    return fail(&r->fault, ERR_BAD_PARAMETER, "Say whose rows: add ?provider= with the provider's id.");
}

enum err handle_kpi_rows(struct request *r, struct reply *p) {
    struct ask *ask = ARENA_NEW(r->arena, struct ask);
    *ask = (struct ask){.ref = request_param(r, "ref")};
    enum err e = target_period(r, &ask->period);
    if (e == OK) e = figures_ask_read(r, p, &ask->q);
    if (e == OK) e = read_who(r, ask);
    if (e == OK) e = read_standing(r, &ask->by_standing);
    if (e == OK) e = read_reason(r, &ask->by_reason);
    if (e == OK) e = read_view(r, &ask->quarter);
    if (e == OK) e = page_ask(r, &ask->page);
    if (e != OK) return e;
    ask->found = ARENA_ARRAY(r->arena, struct found, ask->page.limit);
    struct db_work work = {.run = run, .context = ask, .read_only = !ask->who.is_others, .aside = true};
    e = db_transaction(db_of(r), &work, &r->fault);
    p->no_store = true;
    if (e != OK) {
        buf_free(&p->body);
        return e;
    }
    data_as_of_header(r, p, ask->q.known_at, ask->q.view.service.changed_at);
    reply_etag_of_body(p);
    return OK;
}
