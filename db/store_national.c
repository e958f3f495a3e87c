#include "db/store_national.h"

#include "base/json.h"
#include "db/audit.h"
#include "db/statements.h"

static const struct {
    const char *name, *event;
} KINDS[NATIONAL_KIND_COUNT] = {
    [NATIONAL_FINANCE] = {"FINANCE", "NATIONAL_FINANCE"},
    [NATIONAL_REASONS] = {"REASONS", "NATIONAL_REASONS"},
    [NATIONAL_SUBMISSION] = {"SUBMISSION", "NATIONAL_SUBMITTED"},
};

const char *national_kind_name(enum national_kind k) {
    return KINDS[k].name;
}

static enum national_kind kind_of(str name) {
    if (str_is(name, "FINANCE")) return NATIONAL_FINANCE;
    return str_is(name, "REASONS") ? NATIONAL_REASONS
                                   : NATIONAL_SUBMISSION; /* one of them by the table's check */
}

static enum err load(struct db *db, enum db_stmt stmt, const struct params *p, struct arena *a,
                     struct store_national_entry **out, size_t *out_count) {
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, stmt, p, &rows);
    if (e != OK) return e;
    int n = rows_count(&rows);
    struct store_national_entry *list = ARENA_ARRAY(a, struct store_national_entry, (size_t)n);
    for (int i = 0; i < n; i++)
        list[i] = (struct store_national_entry){
            .period = rows_int2(&rows, i, 0),
            .kind = kind_of(rows_text(&rows, i, 1)),
            .version = rows_int4(&rows, i, 2),
            .seq = rows_int8(&rows, i, 3),
            .at = rows_instant(&rows, i, 4),
            .key_id = arena_str(a, rows_text(&rows, i, 5)),
            .body = arena_str(a, rows_text(&rows, i, 6)),
        };
    *out = list;
    *out_count = (size_t)n;
    return OK;
}

enum err store_national_newest(struct db *db, str service, int16_t first, int16_t last, int64_t known_at,
                               struct arena *a, struct store_national_entry **out, size_t *out_count) {
    struct params p = params_of();
    params_text(&p, service);
    params_int2(&p, first);
    params_int2(&p, last);
    params_instant(&p, known_at);
    return load(db, STMT_national_entries_newest, &p, a, out, out_count);
}

enum err store_national_list(struct db *db, str service, int16_t period, struct arena *a,
                             struct store_national_entry **out, size_t *out_count) {
    struct params p = params_of();
    params_text(&p, service);
    params_int2(&p, period);
    return load(db, STMT_national_entries_list, &p, a, out, out_count);
}

enum err store_national_get(struct db *db, str service, int16_t period, enum national_kind kind,
                            int32_t version, struct arena *a, struct store_national_entry *out) {
    struct store_national_entry *list;
    size_t count;
    struct params p = params_of();
    params_text(&p, service);
    params_int2(&p, period);
    params_text(&p, str_of(KINDS[kind].name));
    params_int4(&p, version);
    enum err e = load(db, STMT_national_entry_get, &p, a, &list, &count);
    if (e == OK && count == 0) return ERR_NOT_FOUND;
    if (e == OK) *out = list[0];
    return e;
}

/* The audit line says which version, and of finance the amounts: the words of reasons are not for it. */
static enum err audit_entry(struct db *db, str service, const struct store_national_entry *entry,
                            str correlation) {
    char period[PERIOD_TEXT];
    struct buf object = BUF_EMPTY, detail = BUF_EMPTY;
    struct json j = json_to(&detail);
    json_object_begin(&j);
    json_field_int(&j, "version", entry->version);
    if (entry->kind == NATIONAL_FINANCE) json_field_raw(&j, "finance", entry->body);
    json_field_str(&j, "correlation", correlation);
    json_end(&j);
    buf_printf(&object, "national-returns/%.*s/%s", STR_ARG(service), period_format(entry->period, period));
    enum err e = audit_append(db, &(struct audit_line){service, entry->at, entry->key_id,
                                                       str_of(KINDS[entry->kind].event), buf_str(&object),
                                                       buf_str(&detail)});
    buf_free(&object);
    buf_free(&detail);
    return e;
}

static void describe(struct buf *out, str service, int16_t period, str correlation) {
    char text[PERIOD_TEXT];
    struct json j = json_to(out);
    json_object_begin(&j);
    json_field_str(&j, "service", service);
    json_field_cstr(&j, "period", period_format(period, text));
    json_field_str(&j, "correlation", correlation);
    json_end(&j);
}

enum err store_national_put(struct db *db, str service, struct store_national_entry *entry, str correlation) {
    struct buf event = BUF_EMPTY;
    struct params p = params_of();
    describe(&event, service, entry->period, correlation);
    params_text(&p, service);
    params_int2(&p, entry->period);
    params_text(&p, str_of(KINDS[entry->kind].name));
    params_instant(&p, entry->at);
    params_text(&p, entry->key_id);
    params_text(&p, entry->body);
    params_text(&p, str_of(KINDS[entry->kind].event));
    params_text(&p, buf_str(&event));
    ROWS rows = ROWS_NONE;
    enum err e = db_query(db, STMT_national_entry_put, &p, &rows);
    if (e == OK && rows_count(&rows) != 1) e = ERR_NOT_FOUND;
    if (e == OK) {
        entry->seq = rows_int8(&rows, 0, 0);
        entry->version = rows_int4(&rows, 0, 1);
        e = audit_entry(db, service, entry, correlation);
    }
    buf_free(&event);
    return e;
}
