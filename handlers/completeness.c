/* GET /v1/completeness/{service}/{period} and the list over services: is the national collection complete, and if not, what is missing
 * (contract section 8). The checker sees counts; commissioner and provider also the incomplete cells. A provider sees its own. */
#include <stdio.h>

#include "db/store_periods.h"
#include "handlers/dashboard_write.h"
#include "handlers/handlers.h"
#include "handlers/page.h"
#include "kpi/completeness.h"
#include "returns/national_form.h"

/* One incomplete cell: which row of which provider lacks which item. */
struct cell {
    size_t provider;
    uint32_t row;
    enum item item;
};

struct provider_part {
    str id;
    bool expected, submitted;
    int32_t version; /* of its episodes */
    struct completeness figures;
};

struct ask {
    struct request *r;
    struct reply *p;
    str service, provider; /* provider.p NULL: the whole service */
    int16_t period;
    int32_t as_at;
    int64_t known_at;
    struct page page;
    bool by_ready, want_ready;

    /* one service's answer */
    struct service_view view;
    struct provider_part *parts;
    size_t part_count;
    struct completeness all;
    bool by_cells; /* some provider sent the national return */
    /* collecting the page of incomplete cells */
    struct cell *cells;
    size_t cell_count; /* of the page */
    uint64_t cell_total;
    size_t collecting; /* the provider being counted */
};

/* Within the page, or only counted. */
static void note_cell(void *context, uint32_t row, enum item item) {
    struct ask *ask = context;
    uint64_t at = ask->cell_total++;
    if (at < ask->page.offset || at - ask->page.offset >= ask->page.limit) return;
    ask->cells[ask->cell_count++] = (struct cell){ask->collecting, row, item};
}

static bool has_signed(str id, const str *signed_off, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (str_eq(signed_off[i], id)) return true;
    return false;
}

static enum err count_provider(struct ask *ask, struct provider_part *part) {
    struct arena a = ARENA_EMPTY;
    struct book book = {0};
    uint32_t wanted = 1u << PART_EPISODES | 1u << PART_FOLLOW_UPS | 1u << PART_SITES | 1u << PART_NATIONAL;
    enum err e =
        store_book_load(db_of(ask->r), ask->view.service.id, part->id, ask->known_at, wanted, &a, &book);
    ask->by_cells |= e == OK && book_rows(&book, PART_NATIONAL, ask->period) > 0;
    for (size_t i = 0; e == OK && i < book.count; i++)
        if (book.held[i].part == PART_EPISODES && book.held[i].period == ask->period)
            part->version = book.held[i].version;
    if (e == OK)
        completeness_add(ask->view.framework, &book, ask->period, ask->as_at, &part->figures, note_cell, ask);
    if (e == OK) completeness_add_national(&book, ask->period, &part->figures);
    arena_free(&a);
    return e;
}

static enum err count_service(struct ask *ask, str service, struct fault *fault) {
    str *signed_off;
    size_t signed_count;
    ask->all = (struct completeness){0};
    ask->cell_count = 0;
    ask->cell_total = 0;
    ask->part_count = 0;
    ask->by_cells = false;
    enum err e = service_view_load(ask->r, service, ask->known_at, &ask->view, fault);
    if (e == OK)
        e = store_signed_list(db_of(ask->r), service, ask->period, ask->known_at, ask->r->arena, &signed_off,
                              &signed_count);
    if (e != OK) return e;
    if (ask->provider.p && !service_view_provider(&ask->view, ask->provider))
        return fail(fault, ERR_NOT_FOUND, "There is no provider '%.*s' in service '%.*s'.",
                    STR_ARG(ask->provider), STR_ARG(service));
    ask->parts = ARENA_ARRAY(ask->r->arena, struct provider_part, ask->view.provider_count);
    ask->cells = ARENA_ARRAY(ask->r->arena, struct cell, ask->page.limit);
    for (size_t i = 0; i < ask->view.provider_count && e == OK; i++) {
        str id = ask->view.providers[i].id;
        if (ask->provider.p && !str_eq(ask->provider, id)) continue;
        const struct framework_provider *expected = framework_provider_find(ask->view.framework, id);
        struct provider_part *part = &ask->parts[ask->part_count];
        part->id = id;
        part->expected = expected && framework_expects_any(expected, ask->period);
        part->submitted = has_signed(id, signed_off, signed_count);
        ask->collecting = ask->part_count++;
        e = count_provider(ask, part);
        completeness_sum(&ask->all, &part->figures);
    }
    return e;
}

/* ---- what stands in the way ---- */

static bool is_ready(const struct ask *ask) {
    for (size_t i = 0; i < ask->part_count; i++)
        if (ask->parts[i].expected && !ask->parts[i].submitted) return false;
    return ask->all.waiting == 0 && completeness_suffices(ask->all.all_complete, ask->all.all_required);
}

static void write_blocker(struct json *j, const char *code, str provider, str detail) {
    json_object_begin(j);
    json_field_cstr(j, "code", code);
    json_field_str(j, "provider", provider);
    json_field_str(j, "detail", detail);
    json_end(j);
}

static void write_blockers(struct json *j, const struct ask *ask) {
    struct arena *a = ask->r->arena;
    json_key(j, "blockers");
    json_array_begin(j);
    for (size_t i = 0; i < ask->part_count; i++)
        if (ask->parts[i].expected && !ask->parts[i].submitted)
            write_blocker(j, "NOT_SIGNED_OFF", ask->parts[i].id,
                          arena_printf(a, "%.*s has not signed off its return.", STR_ARG(ask->parts[i].id)));
    for (size_t i = 0; i < ask->part_count; i++)
        if (ask->parts[i].figures.waiting)
            write_blocker(j, "FOLLOW_UPS_OPEN", ask->parts[i].id,
                          arena_printf(a, "%lld episode(s) are still within their 4-week follow-up window.",
                                       (long long)ask->parts[i].figures.waiting));
    if (!completeness_suffices(ask->all.all_complete, ask->all.all_required)) {
        str detail = ask->all.all_required
                         ? arena_printf(a, "%lld of %lld items are complete; 95 %% are needed.",
                                        (long long)ask->all.all_complete, (long long)ask->all.all_required)
                         : STR("No episodes have been returned for this quarter.");
        write_blocker(j, "INCOMPLETE", STR_NONE, detail);
    }
    json_end(j);
}

/* ---- the answer ---- */

static void write_figures(struct json *j, int64_t complete, int64_t required) {
    json_field_int(j, "complete", complete);
    json_field_int(j, "required", required);
    json_key(j, "value");
    percent_write(j, complete, required);
}

static void write_items(struct json *j, const struct ask *ask) {
    json_key(j, "items");
    json_array_begin(j);
    for (int i = 0; i < ITEM_COUNT; i++) {
        json_object_begin(j);
        json_field_cstr(j, "item", item_name((enum item)i));
        write_figures(j, ask->all.complete[i], ask->all.required[i]);
        json_end(j);
    }
    json_end(j);
}

static void write_providers(struct json *j, const struct ask *ask) {
    json_key(j, "providers");
    json_array_begin(j);
    for (size_t i = 0; i < ask->part_count; i++) {
        json_object_begin(j);
        json_field_str(j, "provider", ask->parts[i].id);
        write_figures(j, ask->parts[i].figures.all_complete, ask->parts[i].figures.all_required);
        json_field_bool(j, "submitted", ask->parts[i].submitted);
        json_end(j);
    }
    json_end(j);
}

/* The cells of the page stand provider by provider, so each provider's ids are one question. */
static enum err write_cells(struct json *j, struct ask *ask) {
    json_key(j, "incomplete");
    page_begin_at(&ask->page, j, ask->cell_total);
    for (size_t from = 0; from < ask->cell_count;) {
        size_t to = from;
        const struct provider_part *part = &ask->parts[ask->cells[from].provider];
        while (to < ask->cell_count && ask->cells[to].provider == ask->cells[from].provider)
            to++;
        uint32_t *rows = ARENA_ARRAY(ask->r->arena, uint32_t, to - from);
        str *ids = ARENA_ARRAY(ask->r->arena, str, to - from);
        for (size_t i = from; i < to; i++)
            rows[i - from] = ask->cells[i].row;
        enum err e = store_episode_ids(db_of(ask->r), ask->view.service.id, part->id, ask->period,
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

static void write_head(struct json *j, const struct ask *ask) {
    char text[PERIOD_TEXT];
    int32_t deadline = framework_national_deadline(ask->view.framework, ask->period);
    json_field_str(j, "service", ask->view.service.id);
    json_field_cstr(j, "period", period_format(ask->period, text));
    json_field_cstr(j, "asAt", day_format(ask->as_at, text));
    json_field_cstr(j, "formVersion", national_form_version(ask->period));
    write_figures(j, ask->all.all_complete, ask->all.all_required);
    json_field_bool(j, "ready", is_ready(ask));
    write_blockers(j, ask);
    json_field_cstr(j, "deadline", day_format(deadline, text));
    json_field_int(j, "daysLeft", deadline - ask->as_at);
}

static void write_assumptions(struct json *j, const struct ask *ask) {
    json_key(j, "assumptions");
    json_array_begin(j);
    json_cstr(j, ask->view.framework->declined_is_unknown ? "A declined answer (Z, U) counts as unknown."
                                                          : "A declined answer (Z, U) counts as complete.");
    if (ask->by_cells)
        json_cstr(j,
                  "Of a national return every mandatory cell counts in the total, and none among the items.");
    json_cstr(
        j,
        "The form's own checks V01 to V19, the finance parts 2A and 2B and the reasons for outliers are not judged yet.");
    json_end(j);
    json_key(j, "checks");
    json_array_begin(j);
    json_end(j);
}

static enum err run_get(struct db *db, void *context, struct fault *fault) {
    (void)db;
    struct ask *ask = context;
    buf_clear(&ask->p->body);
    enum err e = count_service(ask, ask->service, fault);
    if (e != OK) return e;
    struct json j = json_to(&ask->p->body);
    json_object_begin(&j);
    write_head(&j, ask);
    write_items(&j, ask);
    write_providers(&j, ask);
    write_assumptions(&j, ask);
    if (ask->r->who->role != ROLE_CHECKER) e = write_cells(&j, ask);
    json_end(&j);
    return e;
}

enum err handle_completeness(struct request *r, struct reply *p) {
    struct ask ask = {.r = r,
                      .p = p,
                      .service = request_param(r, "service"),
                      .as_at = app_today(app_of(r)),
                      .known_at = INSTANT_NONE};
    if (r->who->role == ROLE_PROVIDER) ask.provider = str_of(r->who->provider);
    enum err e = target_period(r, &ask.period);
    if (e == OK) e = query_day(r, "asAt", &ask.as_at);
    if (e == OK) e = query_instant(r, "knownAt", &ask.known_at);
    if (e == OK) e = page_ask(r, &ask.page);
    if (e != OK) return e;
    e = db_transaction(db_of(r), &(struct db_work){.run = run_get, .context = &ask, .read_only = true},
                       &r->fault);
    if (e == OK) reply_etag_of_body(p);
    return e;
}

/* ---- the list over services ---- */

static void write_row(struct json *j, const struct ask *ask) {
    json_object_begin(j);
    write_head(j, ask);
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
    enum err e = store_services_list(db, ask->r->arena, &services, &count);
    json_array_begin(&j);
    for (size_t i = 0; i < count && e == OK; i++) {
        if (ask->service.p && !str_eq(ask->service, services[i].id)) continue;
        ask->page.offset = UINT32_MAX; /* no cells here */
        e = count_service(ask, services[i].id, fault);
        if (e != OK || (ask->by_ready && is_ready(ask) != ask->want_ready)) continue;
        if (total >= from && total < until) write_row(&j, ask);
        total++;
    }
    json_end(&j);
    ask->page.offset = from;
    if (e == OK) page_write_finished(&ask->page, &ask->p->body, buf_str(&rows), total);
    buf_free(&rows);
    return e;
}

enum err handle_completeness_list(struct request *r, struct reply *p) {
    struct ask ask = {.r = r, .p = p, .as_at = app_today(app_of(r)), .known_at = INSTANT_NONE};
    /* Without ?period= the quarter that ended last. */
    ask.period = (int16_t)(period_of_day(ask.as_at) - 1);
    if (r->who->service[0]) ask.service = str_of(r->who->service);
    if (r->who->role == ROLE_PROVIDER) ask.provider = str_of(r->who->provider);
    ask.by_ready = request_query(r, "ready").p != NULL;
    enum err e = query_period(r, "period", &ask.period);
    if (e == OK) e = query_day(r, "asAt", &ask.as_at);
    if (e == OK) e = query_instant(r, "knownAt", &ask.known_at);
    if (e == OK) e = request_flag(r, "ready", &ask.want_ready);
    if (e == OK) e = page_ask(r, &ask.page);
    if (e != OK) return e;
    e = db_transaction(db_of(r), &(struct db_work){.run = run_list, .context = &ask, .read_only = true},
                       &r->fault);
    if (e == OK) reply_etag_of_body(p);
    return e;
}
