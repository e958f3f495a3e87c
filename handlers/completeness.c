/* GET /v1/completeness/{service}/{period} and the list over services: is the national collection complete, and if not, what is missing
 * (contract section 8). The checker sees counts; commissioner and provider also the incomplete cells. A provider sees its own. */
#include "handlers/completeness_write.h"
#include "handlers/data_as_of.h"
#include "handlers/handlers.h"
#include "handlers/page.h"
#include "handlers/snapshot_ask.h"
#include "handlers/stamps.h"

/* One incomplete cell: which row of which provider lacks which item. */
struct cell {
    size_t provider;
    uint32_t row;
    enum item item;
};

struct ask {
    struct request *r;
    struct reply *p;
    str service;
    struct page page;
    bool by_ready, want_ready;
    int64_t changed_at; /* of the service that changed last */
    struct national_view view;
    /* collecting the page of incomplete cells */
    struct cell *cells;
    size_t cell_count; /* of the page */
    uint64_t cell_total;
};

/* Within the page, or only counted. */
static void note_cell(void *context, size_t provider, uint32_t row, enum item item) {
    struct ask *ask = context;
    uint64_t at = ask->cell_total++;
    if (at < ask->page.offset || at - ask->page.offset >= ask->page.limit) return;
    ask->cells[ask->cell_count++] = (struct cell){provider, row, item};
}

/* The cells of the page stand provider by provider, so each provider's ids are one question. */
static enum err write_cells(struct json *j, struct ask *ask) {
    json_key(j, "incomplete");
    page_begin_at(&ask->page, j, ask->cell_total);
    for (size_t from = 0; from < ask->cell_count;) {
        size_t to = from;
        const struct national_provider *part = &ask->view.parts[ask->cells[from].provider];
        while (to < ask->cell_count && ask->cells[to].provider == ask->cells[from].provider)
            to++;
        uint32_t *rows = ARENA_ARRAY(ask->r->arena, uint32_t, to - from);
        str *ids = ARENA_ARRAY(ask->r->arena, str, to - from);
        for (size_t i = from; i < to; i++)
            rows[i - from] = ask->cells[i].row;
        enum err e =
            store_row_ids(db_of(ask->r), ask->service, part->id, ask->view.period, part_get(PART_EPISODES),
                          part->version, rows, to - from, ask->r->arena, ids);
        if (e != OK) return e;
        for (size_t i = from; i < to; i++) {
            json_object_begin(j);
            json_field_str(j, "provider", part->id);
            json_field_str(j, "episodeId", ids[i - from]);
            json_field_cstr(j, "item", item_name(ask->cells[i].item));
            json_end(j);
        }
        from = to;
    }
    page_end(&ask->page, j);
    return OK;
}

static enum err run_get(struct db *db, void *context, struct fault *fault) {
    (void)db;
    struct ask *ask = context;
    buf_clear(&ask->p->body);
    ask->cell_count = 0;
    ask->cell_total = 0;
    ask->cells = ARENA_ARRAY(ask->r->arena, struct cell, ask->page.limit);
    enum err e = national_view_load(&ask->view, ask->service, fault);
    if (e != OK) return e;
    struct json j = json_to(&ask->p->body);
    json_object_begin(&j);
    completeness_write_head(&j, &ask->view);
    completeness_write_rest(&j, &ask->view);
    if (ask->r->who->role != ROLE_CHECKER) e = write_cells(&j, ask);
    json_end(&j);
    return e;
}

static enum err ask_when(struct request *r, struct ask *ask) {
    enum err e = query_day(r, "asAt", &ask->view.as_at);
    if (e == OK) e = query_instant(r, "knownAt", &ask->view.known_at);
    if (e == OK && ask->service.p) e = query_snapshot(r, ask->service, &ask->view.as_at, &ask->view.known_at);
    else if (e == OK && request_query(r, "snapshot").p)
        e = fail(&r->fault, ERR_BAD_PARAMETER,
                 "Each service numbers its own snapshots, and this key asks for all services. Ask "
                 "/v1/completeness/{service}/{period}?snapshot= of one, or asAt and knownAt of all.");
    if (e == OK) e = page_ask(r, &ask->page);
    return e;
}

static struct ask ask_of(struct request *r, struct reply *p) {
    struct ask ask = {.r = r, .p = p};
    ask.view = (struct national_view){.r = r, .as_at = app_today(app_of(r)), .known_at = INSTANT_NONE};
    if (r->who->role == ROLE_PROVIDER) ask.view.provider = str_of(r->who->provider);
    return ask;
}

enum err handle_completeness(struct request *r, struct reply *p) {
    struct ask ask = ask_of(r, p);
    ask.service = request_param(r, "service");
    ask.view.missing = note_cell;
    ask.view.context = &ask;
    enum err e = target_period(r, &ask.view.period);
    if (e == OK) e = ask_when(r, &ask);
    if (e != OK) return e;
    e = db_transaction(db_of(r), &(struct db_work){.run = run_get, .context = &ask, .read_only = true},
                       &r->fault);
    if (e != OK) return e;
    answered_from(r, p, ask.view.known_at, &ask.view.view.service);
    reply_etag_of_body(p);
    return OK;
}

/* ---- the list over services ---- */

static void write_row(struct json *j, const struct ask *ask) {
    json_object_begin(j);
    completeness_write_head(j, &ask->view);
    json_end(j);
}

static enum err run_list(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    struct store_service *services;
    size_t count, total = 0;
    struct buf rows = BUF_EMPTY;
    struct json j = json_to(&rows);
    uint64_t from = ask->page.offset, until = ask->page.offset + ask->page.limit;
    buf_clear(&ask->p->body);
    ask->changed_at = INSTANT_NONE;
    enum err e = store_services_list(db, ask->r->arena, &services, &count);
    json_array_begin(&j);
    for (size_t i = 0; i < count && e == OK; i++) {
        if (ask->service.p && !str_eq(ask->service, services[i].id)) continue;
        if (services[i].changed_at > ask->changed_at) ask->changed_at = services[i].changed_at;
        e = national_view_load(&ask->view, services[i].id, fault);
        if (e != OK || (ask->by_ready && national_view_is_ready(&ask->view) != ask->want_ready)) continue;
        if (total >= from && total < until) write_row(&j, ask);
        total++;
    }
    json_end(&j);
    if (e == OK) page_write_finished(&ask->page, &ask->p->body, buf_str(&rows), total);
    buf_free(&rows);
    return e;
}

enum err handle_completeness_list(struct request *r, struct reply *p) {
    struct ask ask = ask_of(r, p);
    /* Without ?period= the quarter that ended last. */
    ask.view.period = (int16_t)(period_of_day(ask.view.as_at) - 1);
    if (r->who->service[0]) ask.service = str_of(r->who->service);
    ask.by_ready = request_query(r, "ready").p != NULL;
    enum err e = query_period(r, "period", &ask.view.period);
    if (e == OK) e = request_flag(r, "ready", &ask.want_ready);
    if (e == OK) e = ask_when(r, &ask);
    if (e != OK) return e;
    e = db_transaction(db_of(r), &(struct db_work){.run = run_list, .context = &ask, .read_only = true},
                       &r->fault);
    if (e != OK) return e;
    data_as_of_header(r, p, ask.view.known_at, ask.changed_at);
    reply_etag_of_body(p);
    return OK;
}
