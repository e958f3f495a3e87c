/* GET /v1/national-returns/{service}/{period}: the national return as it would be sent now, cell by cell, and beside what was sent; and its
 * history. What the commissioner adds to it is in national_entries.c. */
#include <jansson.h>
#include <stdlib.h>

#include "handlers/authority_ask.h"
#include "handlers/handlers.h"
#include "handlers/national_write.h"
#include "handlers/page.h"
#include "handlers/snapshot_ask.h"
#include "handlers/stamps.h"
#include "returns/authority.h"

struct ask {
    struct request *r;
    struct reply *p;
    str service;
    bool csv;
    struct national_view view;
};

/* ---- beside what was sent ---- */

/* The value of a cell in the copy; false when it has none. */
static bool sent_value(const json_t *rows, size_t cell, int64_t *out) {
    /* Copies are written cell by cell from the form of the same period, so the place is the same. */
    const json_t *value = json_object_get(json_array_get(rows, cell), "value");
    if (!json_is_integer(value)) return false;
    *out = json_integer_value(value);
    return true;
}

static void write_int_or_null(struct json *j, const char *key, bool known, int64_t value) {
    if (known) json_field_int(j, key, value);
    else json_field_null(j, key);
}

/* Every cell that is not as it was sent. */
static void write_difference(struct json *j, const struct national_filled *now, const json_t *rows) {
    json_key(j, "difference");
    json_array_begin(j);
    for (int c = 0; c < now->form->cell_count; c++) {
        int64_t sent = 0;
        bool was = sent_value(rows, (size_t)c, &sent), is = now->present[c];
        if (was == is && (!is || sent == now->values[c])) continue;
        json_object_begin(j);
        national_write_place(j, now->form, c);
        write_int_or_null(j, "current", is, now->values[c]);
        write_int_or_null(j, "submitted", was, sent);
        write_int_or_null(j, "difference", was && is, now->values[c] - sent);
        json_end(j);
    }
    json_end(j);
}

static void write_submitted(struct json *j, const struct ask *ask) {
    const struct store_national_entry *sent = &ask->view.newest[NATIONAL_SUBMISSION];
    if (!sent->version || ask->view.authority) {
        json_field_null(j, "submitted");
        return;
    }
    char at[INSTANT_TEXT];
    json_t *body = json_loadb(sent->body.p, sent->body.n, 0, NULL);
    json_t *rows = json_object_get(body, "rows");
    char *text = json_dumps(rows, JSON_COMPACT);
    json_key(j, "current");
    json_object_begin(j);
    national_write_rows(j, &ask->view.sum->filled);
    json_end(j);
    json_key(j, "submitted");
    json_object_begin(j);
    json_field_int(j, "number", sent->version);
    json_field_cstr(j, "submittedAt", instant_format(sent->at, at));
    json_field_str(j, "key", sent->key_id);
    json_field_raw(j, "rows", text ? str_of(text) : STR("[]"));
    json_end(j);
    write_difference(j, &ask->view.sum->filled, rows);
    free(text);
    json_decref(body);
}

static void write_assumptions(struct json *j, const struct national_view *v) {
    json_key(j, "assumptions");
    json_array_begin(j);
    if (v->authority) {
        json_cstr(
            j, "People of one authority. The finance is that of the whole service, so 2A and 2B are blank.");
        if (v->sum->left_out)
            json_cstr(
                j,
                "Providers that send the cells of the form instead of client records are left out: their cells know no "
                "authority.");
    } else {
        json_cstr(j, "All authorities together.");
        if (v->sum->by_cells)
            json_cstr(
                j,
                "The cells of providers that send the form instead of client records are added; finance is the "
                "commissioner's alone.");
    }
    if (v->sum->waiting)
        json_cstr(j, "People whose 4-week follow-up is still open are in SET and in no outcome.");
    json_end(j);
}

static void write_head(struct json *j, const struct ask *ask) {
    char text[PERIOD_TEXT];
    const struct national_view *v = &ask->view;
    json_field_str(j, "service", ask->service);
    json_field_cstr(j, "period", period_format(v->period, text));
    json_field_cstr(j, "asAt", day_format(v->as_at, text));
    json_field_str(j, "localAuthority",
                   v->authority ? arena_printf(ask->r->arena, "E%08u", (unsigned)v->authority) : STR_NONE);
    json_field_cstr(j, "formVersion", national_form_version(v->period));
}

static void write_return(struct json *j, const struct ask *ask) {
    const struct national_view *v = &ask->view;
    json_object_begin(j);
    write_head(j, ask);
    national_write_rows(j, &v->sum->filled);
    national_write_imputed(j, v->sum);
    national_write_checks(j, v);
    write_assumptions(j, v);
    json_field_int(j, "waiting", v->sum->waiting);
    write_submitted(j, ask);
    json_end(j);
}

static enum err run_get(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    buf_clear(&ask->p->body);
    (void)db;
    enum err e = national_view_load(&ask->view, ask->service, fault);
    if (e != OK) return e;
    struct json j = json_to(&ask->p->body);
    if (ask->csv) national_write_csv(&ask->p->body, &ask->view.sum->filled);
    else write_return(&j, ask);
    return OK;
}

static struct ask ask_of(struct request *r, struct reply *p) {
    struct ask ask = {.r = r, .p = p, .service = request_param(r, "service")};
    ask.view = (struct national_view){.r = r, .as_at = app_today(app_of(r)), .known_at = INSTANT_NONE};
    return ask;
}

static enum err read_question(struct request *r, struct ask *ask) {
    static const char *const OFFERS[] = {"application/json", "text/csv"};
    size_t choice = 0;
    enum err e = target_period(r, &ask->view.period);
    if (e == OK) e = query_day(r, "asAt", &ask->view.as_at);
    if (e == OK) e = query_instant(r, "knownAt", &ask->view.known_at);
    if (e == OK) e = query_snapshot(r, ask->service, &ask->view.as_at, &ask->view.known_at);
    if (e == OK) e = query_authority(r, "localAuthority", &ask->view.authority);
    if (e == OK) e = request_negotiate(r, OFFERS, 2, &choice);
    ask->csv = choice == 1;
    return e;
}

static void name_file(const struct ask *ask) {
    char period[PERIOD_TEXT];
    ask->p->content_type = "text/csv; charset=utf-8; header=present";
    reply_header(ask->r, ask->p, "Content-Disposition",
                 arena_printf(ask->r->arena, "attachment; filename=\"%.*s-%s-national.csv\"",
                              STR_ARG(ask->service), period_format(ask->view.period, period)));
}

enum err handle_national_get(struct request *r, struct reply *p) {
    struct ask ask = ask_of(r, p);
    enum err e = read_question(r, &ask);
    if (e == OK)
        e = db_transaction(db_of(r), &(struct db_work){.run = run_get, .context = &ask, .read_only = true},
                           &r->fault);
    if (e != OK) return e;
    reply_header(r, p, "Vary", STR("Accept"));
    if (ask.csv) name_file(&ask);
    answered_from(r, p, ask.view.known_at, &ask.view.view.service);
    reply_etag_of_body(p);
    return OK;
}

/* ---- history ---- */

static void write_entry(struct json *j, const struct store_national_entry *e) {
    char at[INSTANT_TEXT];
    json_object_begin(j);
    json_field_cstr(j, "kind", national_kind_name(e->kind));
    json_field_int(j, "version", e->version);
    json_field_cstr(j, "at", instant_format(e->at, at));
    json_field_str(j, "key", e->key_id);
    json_field_raw(j, "body", e->body);
    json_end(j);
}

struct history_ask {
    struct request *r;
    struct reply *p;
    str service;
    int16_t period;
    struct page page;
};

static enum err run_history(struct db *db, void *context, struct fault *fault) {
    struct history_ask *ask = context;
    struct service_view view;
    struct store_national_entry *list;
    size_t count;
    buf_clear(&ask->p->body);
    enum err e = service_view_load(ask->r, ask->service, INSTANT_NONE, ask->period, &view, fault);
    if (e == OK) e = store_national_list(db, ask->service, ask->period, ask->r->arena, &list, &count);
    if (e != OK) return e;
    struct json j = json_to(&ask->p->body);
    page_begin(&ask->page, &j, count);
    for (size_t i = ask->page.from; i < ask->page.to; i++)
        write_entry(&j, &list[i]);
    page_end(&ask->page, &j);
    return OK;
}

enum err handle_national_history(struct request *r, struct reply *p) {
    struct history_ask ask = {.r = r, .p = p, .service = request_param(r, "service")};
    enum err e = target_period(r, &ask.period);
    if (e == OK) e = page_ask(r, &ask.page);
    if (e != OK) return e;
    e = db_transaction(db_of(r), &(struct db_work){.run = run_history, .context = &ask, .read_only = true},
                       &r->fault);
    if (e == OK) reply_etag_of_body(p);
    return e;
}

/* ---- one copy ---- */

struct copy_ask {
    struct request *r;
    struct reply *p;
    str service;
    int16_t period;
    uint64_t number;
};

static enum err run_copy(struct db *db, void *context, struct fault *fault) {
    struct copy_ask *ask = context;
    struct service_view view;
    struct store_national_entry copy;
    buf_clear(&ask->p->body);
    enum err e = service_view_load(ask->r, ask->service, INSTANT_NONE, ask->period, &view, fault);
    if (e != OK) return e;
    e = store_national_get(db, ask->service, ask->period, NATIONAL_SUBMISSION, (int32_t)ask->number,
                           ask->r->arena, &copy);
    if (e == ERR_NOT_FOUND)
        return fail(fault, e, "There is no submission %llu of this quarter.",
                    (unsigned long long)ask->number);
    if (e == OK) national_write_copy(&ask->p->body, &copy);
    return e;
}

enum err handle_national_copy(struct request *r, struct reply *p) {
    struct copy_ask ask = {.r = r, .p = p, .service = request_param(r, "service")};
    str number = request_param(r, "number");
    enum err e = target_period(r, &ask.period);
    if (e != OK) return e;
    if (!str_to_uint(number, INT32_MAX, &ask.number))
        return fail(&r->fault, ERR_NOT_FOUND, "There is no submission '%.*s'; they are numbered from 1.",
                    STR_ARG(number));
    e = db_transaction(db_of(r), &(struct db_work){.run = run_copy, .context = &ask, .read_only = true},
                       &r->fault);
    if (e == OK) reply_etag_of_body(p);
    return e;
}
