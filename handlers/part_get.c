/* GET /v1/returns/{service}/{provider}/{period}/{part}: the rows of a version, as CSV or JSON, for the provider that sent them; for a
 * commissioner with the scope CLIENT_ROWS, who says why, without clientId.
 * Written row by row as PostgreSQL sends them; what is downloaded as CSV goes back in as `unchanged`. */
#include <stdio.h>

#include "handlers/client_rows.h"
#include "handlers/handlers.h"
#include "handlers/row_value.h"
#include "returns/csv_write.h"

struct rows {
    const struct part *part;
    const struct column *columns[COLUMNS_MAX]; /* those that are shown, in order */
    size_t at[COLUMNS_MAX];
    size_t count;
    int64_t erased; /* rows that hold nothing any more: docs/privacy.md */
    struct buf *out;
    struct json json;
};

/* values come for all stored columns, in order; `at` says where those that are shown stand among them. */
static void pick_columns(struct rows *rows, const struct client_rows *who) {
    size_t stored = 0;
    for (size_t i = 0; i < rows->part->column_count; i++) {
        const struct column *c = &rows->part->columns[i];
        if (c->flags & COLUMN_NOT_STORED) continue;
        size_t at = stored++;
        if (client_rows_hide(who, c)) continue;
        rows->at[rows->count] = at;
        rows->columns[rows->count++] = c;
    }
}

static enum err csv_row(void *context, const char *const *values, const int *lengths) {
    struct rows *rows = context;
    for (size_t i = 0; i < rows->count; i++) {
        if (i) buf_add_char(rows->out, ',');
        row_value_csv(rows->out, rows->columns[i], values[rows->at[i]], lengths[rows->at[i]]);
    }
    csv_write_end_row(rows->out);
    return OK;
}

/* Ids of such rows are tokens. */
static bool is_erased(const struct rows *rows, const char *const *values, const int *lengths) {
    for (size_t i = 0; i < rows->count; i++) {
        str value = {values[rows->at[i]], (size_t)lengths[rows->at[i]]};
        if (rows->columns[i]->kind == COL_ID && str_starts_with(value, STR("erased-"))) return true;
    }
    return false;
}

static enum err json_row(void *context, const char *const *values, const int *lengths) {
    struct rows *rows = context;
    rows->erased += is_erased(rows, values, lengths);
    json_object_begin(&rows->json);
    for (size_t i = 0; i < rows->count; i++) {
        json_key(&rows->json, rows->columns[i]->name);
        row_value_json(&rows->json, rows->columns[i], values[rows->at[i]], lengths[rows->at[i]]);
    }
    json_end(&rows->json);
    return OK;
}

struct ask {
    struct request *r;
    struct rows rows;
    int16_t period;
    int32_t want;
    bool csv;
    struct store_version version;
    struct client_rows who;
};

static enum err read_rows(struct db *db, struct ask *ask, struct fault *fault) {
    str service = request_param(ask->r, "service"), provider = request_param(ask->r, "provider");
    const struct part *part = ask->rows.part;
    buf_clear(ask->rows.out);
    ask->rows.erased = 0;
    enum err e = store_version_get(db, service, provider, ask->period, part->id, ask->want, ask->r->arena,
                                   &ask->version);
    if (e == ERR_NOT_FOUND && ask->want)
        return fail(fault, e, "%s of this period has no version %d.", part->name, ask->want);
    if (e == ERR_NOT_FOUND) return fail(fault, e, "%s has not been sent for this period.", part->name);
    if (e != OK) return e;

    char period[PERIOD_TEXT], instant[INSTANT_TEXT];
    if (ask->csv) {
        for (size_t i = 0; i < ask->rows.count; i++)
            buf_printf(ask->rows.out, "%s%s", i ? "," : "", ask->rows.columns[i]->name);
        csv_write_end_row(ask->rows.out);
        return store_rows_read(db, service, provider, ask->period, part, ask->version.version, csv_row,
                               &ask->rows);
    }
    struct json *j = &ask->rows.json;
    *j = json_to(ask->rows.out);
    json_object_begin(j);
    json_field_str(j, "service", service);
    json_field_str(j, "provider", provider);
    json_field_cstr(j, "period", period_format(ask->period, period));
    json_field_cstr(j, "part", part->name);
    json_field_int(j, "version", ask->version.version);
    json_field_cstr(j, "receivedAt", instant_format(ask->version.received_at, instant));
    json_key(j, "rows");
    json_array_begin(j);
    e = store_rows_read(db, service, provider, ask->period, part, ask->version.version, json_row, &ask->rows);
    json_end(j);
    if (ask->rows.erased) json_field_int(j, "erasedRows", ask->rows.erased);
    json_end(j);
    return e;
}

/* The audit line comes last, so that its chain is held for a moment only; without it nothing is shown. */
static enum err run(struct db *db, void *context, struct fault *fault) {
    struct ask *ask = context;
    enum err e = read_rows(db, ask, fault);
    if (e != OK) return e;
    return client_rows_tell(&ask->who, ask->r, db, str_sub(ask->r->path, strlen("/v1/"), ask->r->path.n),
                            ask->version.version);
}

enum err handle_part_get(struct request *r, struct reply *p) {
    static const char *const OFFERS[] = {"application/json", "text/csv"};
    struct ask ask = {.r = r, .rows = {.out = &p->body}};
    uint64_t version = 0;
    size_t choice = 0;
    enum err e = target_period(r, &ask.period);
    if (e == OK) e = target_part(r, &ask.rows.part);
    if (e == OK) e = query_count(r, "version", INT32_MAX, &version);
    if (e == OK) e = client_rows_ask(r, "reason", &ask.who);
    if (e == OK) e = request_negotiate(r, OFFERS, 2, &choice);
    if (e != OK) return e;
    ask.want = (int32_t)version;
    ask.csv = choice == 1;
    pick_columns(&ask.rows, &ask.who);
    struct db_work work = {.run = run, .context = &ask, .read_only = !ask.who.is_others, .aside = true};
    e = db_transaction(db_of(r), &work, &r->fault);
    if (e != OK) {
        buf_free(&p->body);
        return e;
    }
    snprintf(p->etag, sizeof p->etag, "\"v%d\"", ask.version.version);
    p->no_store = true;
    reply_header(r, p, "Vary", STR("Accept"));
    if (ask.csv) {
        p->content_type = "text/csv; charset=utf-8; header=present";
        char period[PERIOD_TEXT];
        reply_header(r, p, "Content-Disposition",
                     arena_printf(r->arena, "attachment; filename=\"%.*s-%s-%s-v%d.csv\"",
                                  STR_ARG(request_param(r, "provider")), period_format(ask.period, period),
                                  ask.rows.part->name, ask.version.version));
    }
    return OK;
}
