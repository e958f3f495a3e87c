/* GET /v1/returns/{service}/{provider}/{period}/{part}/changes: what changed between two versions: rows created, updated (which columns,
 * from what to what), removed. Rows are known by their key columns. The provider itself sees the rows, the commissioner numbers alone.
 *
 * The digests of both versions tell which rows differ; of the rows themselves only those of the page are read. In how many rows each
 * column differs takes all that differ: it never changes for two versions, and is kept. */
#include <stdio.h>

#include "db/store_changes.h"
#include "handlers/fixed_texts.h"
#include "handlers/handlers.h"
#include "handlers/page.h"
#include "handlers/row_changes.h"
#include "handlers/row_value.h"
#include "returns/csv_write.h"

enum { CSV_ROWS = 5000 }; /* changed rows of one CSV answer when no limit is asked for */

struct ask {
    struct request *r;
    struct reply *p;
    struct store_change_ask which;
    int32_t want_from, want_to; /* as asked; 0: the newest, and the one before it */
    struct store_version from, to;
    struct row_change_list list;
    struct buf columns_changed; /* JSON array */
    struct page page;
    bool with_rows, csv;
    struct json json;
    const struct column *columns[COLUMNS_MAX]; /* the stored ones, in order */
    size_t column_count;
};

static bool cell_differs(const struct store_change *c, size_t i) {
    if (!c->before[i] || !c->after[i]) return c->before[i] != c->after[i];
    return c->before_lengths[i] != c->after_lengths[i] ||
           memcmp(c->before[i], c->after[i], (size_t)c->after_lengths[i]) != 0;
}

static const char *kind_of(const struct store_change *c) {
    if (!c->row_before) return "CREATED";
    return c->row_after ? "UPDATED" : "REMOVED";
}

static bool is_update(const struct store_change *c) {
    return c->row_before && c->row_after;
}

/* ---- JSON ---- */

static void write_row_number(struct json *j, const char *key, int32_t row) {
    if (row) json_field_int(j, key, row);
    else json_field_null(j, key);
}

static void write_key(struct ask *ask, const struct store_change *c) {
    struct json *j = &ask->json;
    const char *const *values = c->row_after ? c->after : c->before;
    const int *lengths = c->row_after ? c->after_lengths : c->before_lengths;
    json_key(j, "key");
    json_object_begin(j);
    for (size_t i = 0; i < ask->column_count; i++) {
        if (!(ask->columns[i]->flags & COLUMN_KEY)) continue;
        json_key(j, ask->columns[i]->name);
        row_value_json(j, ask->columns[i], values[i], lengths[i]);
    }
    json_end(j);
}

static enum err json_change(void *context, const struct store_change *c) {
    struct ask *ask = context;
    struct json *j = &ask->json;
    json_object_begin(j);
    json_field_cstr(j, "change", kind_of(c));
    write_row_number(j, "row", c->row_after);
    write_row_number(j, "rowBefore", c->row_before);
    write_key(ask, c);
    json_key(j, "columns");
    json_array_begin(j);
    for (size_t i = 0; is_update(c) && i < ask->column_count; i++) {
        if (!cell_differs(c, i)) continue;
        json_object_begin(j);
        json_field_cstr(j, "column", ask->columns[i]->name);
        json_key(j, "before");
        row_value_json(j, ask->columns[i], c->before[i], c->before_lengths[i]);
        json_key(j, "after");
        row_value_json(j, ask->columns[i], c->after[i], c->after_lengths[i]);
        json_end(j);
    }
    json_end(j);
    json_end(j);
    return OK;
}

static void write_version(struct json *j, const char *key, const struct store_version *v) {
    char text[INSTANT_TEXT];
    json_key(j, key);
    if (!v->version) {
        json_put_null(j);
        return;
    }
    json_object_begin(j);
    json_field_int(j, "version", v->version);
    json_field_cstr(j, "receivedAt", instant_format(v->received_at, text));
    json_field_str(j, "key", v->key_id);
    json_field_int(j, "rows", v->rows);
    json_field_str(j, "reason", v->reason.n ? v->reason : STR_NONE);
    json_end(j);
}

static void write_columns(const struct ask *ask, const uint64_t changed[COLUMNS_MAX], struct buf *out) {
    const struct part *part = ask->which.part;
    struct json j = json_to(out);
    json_array_begin(&j);
    for (size_t i = 0; i < part->column_count; i++) {
        if (!changed[i]) continue;
        json_object_begin(&j);
        json_field_cstr(&j, "column", part->columns[i].name);
        json_field_int(&j, "changed", (int64_t)changed[i]);
        json_end(&j);
    }
    json_end(&j);
}

/* From the cache, or counted: versions do not change, so what was counted once holds. */
static enum err count_columns(struct ask *ask, struct db *db) {
    const struct store_change_ask *w = &ask->which;
    struct fixed_texts *texts = app_of(ask->r)->texts;
    struct buf columns = BUF_EMPTY;
    uint64_t changed[COLUMNS_MAX];
    str key = arena_printf(ask->r->arena, "changes/%.*s/%.*s/%d/%d/%d/%d", STR_ARG(w->service),
                           STR_ARG(w->provider), w->period, (int)w->part->id, w->from, w->to);
    enum err e = OK;
    if (!fixed_texts_get(texts, key, &columns)) {
        e = store_changes_columns(db, w, ask->list.changes, ask->list.count, changed);
        if (e == OK) write_columns(ask, changed, &columns);
        if (e == OK) fixed_texts_put(texts, key, buf_str(&columns));
    }
    buf_free(&ask->columns_changed);
    ask->columns_changed = columns;
    return e;
}

static void write_counts(struct ask *ask) {
    struct json *j = &ask->json;
    const struct row_changes *c = &ask->list.counts;
    json_field_int(j, "created", c->created);
    json_field_int(j, "updated", c->updated);
    json_field_int(j, "unchanged", c->unchanged);
    json_field_int(j, "removed", c->removed);
    json_field_raw(j, "columns", buf_str(&ask->columns_changed));
}

static enum err read_page(struct ask *ask, struct db *db,
                          enum err (*row)(void *context, const struct store_change *change)) {
    return store_changes_read(db, &ask->which, ask->list.changes + ask->page.from,
                              ask->page.to - ask->page.from, row, ask);
}

static enum err write_json(struct ask *ask, struct db *db) {
    char period[PERIOD_TEXT];
    struct json *j = &ask->json;
    enum err e = OK;
    *j = json_to(&ask->p->body);
    json_object_begin(j);
    json_field_str(j, "service", ask->which.service);
    json_field_str(j, "provider", ask->which.provider);
    json_field_cstr(j, "period", period_format(ask->which.period, period));
    json_field_cstr(j, "part", ask->which.part->name);
    write_version(j, "from", &ask->from);
    write_version(j, "to", &ask->to);
    write_counts(ask);
    if (ask->with_rows) {
        json_key(j, "changes");
        page_begin_at(&ask->page, j, ask->list.count);
        e = read_page(ask, db, json_change);
        page_end(&ask->page, j);
    }
    json_end(j);
    return e;
}

/* ---- CSV: a line for each cell that changed, one for each row that came or went ---- */

static void csv_line(struct ask *ask, const struct store_change *c, size_t cell) {
    struct buf *out = &ask->p->body;
    const char *const *values = c->row_after ? c->after : c->before;
    const int *lengths = c->row_after ? c->after_lengths : c->before_lengths;
    buf_add_cstr(out, kind_of(c));
    buf_add_char(out, ',');
    if (c->row_after) buf_printf(out, "%d", c->row_after);
    buf_add_char(out, ',');
    if (c->row_before) buf_printf(out, "%d", c->row_before);
    for (size_t i = 0; i < ask->column_count; i++) {
        if (!(ask->columns[i]->flags & COLUMN_KEY)) continue;
        buf_add_char(out, ',');
        row_value_csv(out, ask->columns[i], values[i], lengths[i]);
    }
    if (cell == ask->column_count) {
        buf_add_cstr(out, ",,,");
    } else {
        const struct column *column = ask->columns[cell];
        buf_printf(out, ",%s,", column->name);
        row_value_csv(out, column, c->before[cell], c->before_lengths[cell]);
        buf_add_char(out, ',');
        row_value_csv(out, column, c->after[cell], c->after_lengths[cell]);
    }
    csv_write_end_row(out);
}

static enum err csv_change(void *context, const struct store_change *c) {
    struct ask *ask = context;
    if (!is_update(c)) csv_line(ask, c, ask->column_count);
    for (size_t i = 0; is_update(c) && i < ask->column_count; i++)
        if (cell_differs(c, i)) csv_line(ask, c, i);
    return OK;
}

static enum err write_csv(struct ask *ask, struct db *db) {
    struct buf *out = &ask->p->body;
    size_t total = ask->list.count, from = ask->page.offset < total ? (size_t)ask->page.offset : total;
    ask->page.total = total;
    ask->page.from = from;
    ask->page.to = total - from > ask->page.limit ? from + (size_t)ask->page.limit : total;
    buf_add_cstr(out, "change,row,rowBefore");
    for (size_t i = 0; i < ask->column_count; i++)
        if (ask->columns[i]->flags & COLUMN_KEY) buf_printf(out, ",%s", ask->columns[i]->name);
    buf_add_cstr(out, ",column,before,after");
    csv_write_end_row(out);
    return read_page(ask, db, csv_change);
}

/* ---- the question ---- */

static enum err find_version(struct ask *ask, struct db *db, int32_t want, struct store_version *out,
                             struct fault *fault) {
    const struct store_change_ask *w = &ask->which;
    enum err e =
        store_version_get(db, w->service, w->provider, w->period, w->part->id, want, ask->r->arena, out);
    if (e == ERR_NOT_FOUND && want)
        return fail(fault, e, "%s of this period has no version %d.", w->part->name, want);
    if (e == ERR_NOT_FOUND) return fail(fault, e, "%s has not been sent for this period.", w->part->name);
    return e;
}

static enum err load(struct ask *ask, struct db *db, int32_t version, struct arena *a,
                     struct row_digests *out) {
    const struct store_change_ask *w = &ask->which;
    *out = (struct row_digests){NULL, 0, false};
    if (!version) return OK;
    return store_digests_load(db, w->service, w->provider, w->period, w->part->id, version, a, out);
}

static enum err list_changes(struct ask *ask, struct db *db) {
    struct arena a = ARENA_EMPTY;
    struct row_digests before, after;
    enum err e = load(ask, db, ask->which.from, &a, &before);
    if (e == OK) e = load(ask, db, ask->which.to, &a, &after);
    row_change_list_free(&ask->list);
    if (e == OK) row_changes_list(&before, &after, part_has_key(ask->which.part), &ask->list);
    arena_free(&a);
    return e;
}

static enum err run(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    buf_clear(&ask->p->body);
    ask->from = (struct store_version){0};
    enum err e = find_version(ask, db, ask->want_to, &ask->to, fault);
    if (e != OK) return e;
    ask->which.to = ask->to.version;
    ask->which.from = ask->want_from ? ask->want_from : ask->to.version - 1;
    if (ask->which.from) e = find_version(ask, db, ask->which.from, &ask->from, fault);
    if (e == OK) e = list_changes(ask, db);
    if (e == OK && !ask->csv) e = count_columns(ask, db);
    if (e != OK) return e;
    page_pin_between(&ask->page, ask->which.from, ask->which.to);
    return ask->csv ? write_csv(ask, db) : write_json(ask, db);
}

static void write_headers(struct ask *ask) {
    struct request *r = ask->r;
    char period[PERIOD_TEXT];
    ask->p->no_store = true;
    reply_header(r, ask->p, "Vary", STR("Accept"));
    if (!ask->csv) return;
    ask->p->content_type = "text/csv; charset=utf-8; header=present";
    period_format(ask->which.period, period);
    reply_header(r, ask->p, "Content-Disposition",
                 arena_printf(r->arena, "attachment; filename=\"%.*s-%s-%s-v%d-to-v%d.csv\"",
                              STR_ARG(ask->which.provider), period, ask->which.part->name, ask->which.from,
                              ask->which.to));
    if (ask->page.to >= ask->page.total) return;
    str limit = request_query(r, "limit");
    reply_header(r, ask->p, "Link",
                 arena_printf(r->arena, "<%.*s?from=%d&to=%d%s%.*s&cursor=o%zu>; rel=\"next\"",
                              STR_ARG(r->path), ask->which.from, ask->which.to, limit.p ? "&limit=" : "",
                              STR_ARG(limit), ask->page.to));
}

static enum err ask_versions(struct request *r, struct ask *ask) {
    uint64_t from = 0, to = 0;
    enum err e = query_count(r, "from", INT32_MAX, &from);
    if (e == OK) e = query_count(r, "to", INT32_MAX, &to);
    ask->want_from = (int32_t)from;
    ask->want_to = (int32_t)to;
    return e;
}

enum err handle_part_changes(struct request *r, struct reply *p) {
    static const char *const OFFERS[] = {"application/json", "text/csv"};
    struct ask ask = {
        .r = r,
        .p = p,
        .which = {.service = request_param(r, "service"), .provider = request_param(r, "provider")},
        .with_rows = r->who->role == ROLE_PROVIDER,
    };
    size_t choice = 0;
    enum err e = target_period(r, &ask.which.period);
    if (e == OK) e = target_part(r, &ask.which.part);
    if (e == OK) e = ask_versions(r, &ask);
    if (e == OK) e = page_ask_between(r, &ask.page, &ask.want_from, &ask.want_to);
    if (e == OK) e = request_negotiate(r, OFFERS, ask.with_rows ? 2 : 1, &choice);
    if (e != OK) return e;
    ask.csv = choice == 1;
    if (ask.csv && !request_query(r, "limit").p) ask.page.limit = CSV_ROWS;
    for (size_t i = 0; i < ask.which.part->column_count; i++)
        if (!(ask.which.part->columns[i].flags & COLUMN_NOT_STORED))
            ask.columns[ask.column_count++] = &ask.which.part->columns[i];
    e = db_transaction(db_of(r), &(struct db_work){.run = run, .context = &ask, .read_only = true},
                       &r->fault);
    row_change_list_free(&ask.list);
    buf_free(&ask.columns_changed);
    if (e != OK) {
        buf_free(&p->body);
        return e;
    }
    write_headers(&ask);
    reply_etag_of_body(p);
    return OK;
}
