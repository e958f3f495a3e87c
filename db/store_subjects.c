#include "db/store_subjects.h"

#include <stdlib.h>

#include "base/json.h"
#include "db/audit.h"
#include "db/copy.h"
#include "db/row_sql.h"

bool store_is_about_people(const struct part *part) {
    for (size_t i = 0; i < part->column_count; i++)
        if (part->columns[i].flags & COLUMN_PSEUDONYM) return true;
    return false;
}

struct reading {
    enum err (*row)(void *context, const struct store_subject_row *row);
    void *context;
};

static int32_t number(const char *value, int length) {
    uint64_t n = 0;
    return value && str_to_uint((str){value, (size_t)length}, INT32_MAX, &n) ? (int32_t)n : 0;
}

enum { BEFORE_COLUMNS = 4 }; /* period, version, row, in force */

static enum err take(void *context, const char *const *values, const int *lengths) {
    struct reading *r = context;
    struct store_subject_row row = {
        .period = (int16_t)number(values[0], lengths[0]),
        .version = number(values[1], lengths[1]),
        .row = number(values[2], lengths[2]),
        .in_force = values[3] && values[3][0] == 't',
        .values = values + BEFORE_COLUMNS,
        .lengths = lengths + BEFORE_COLUMNS,
    };
    return r->row(r->context, &row);
}

enum err store_subject_rows(struct db *db, str service, str provider, str reference, const struct part *part,
                            enum err (*row)(void *context, const struct store_subject_row *row),
                            void *context) {
    struct reading r = {row, context};
    struct params p = params_of();
    params_text(&p, service);
    params_text(&p, provider);
    params_text(&p, reference);
    params_int2(&p, (int16_t)part->id);
    char *sql = row_sql_fill(STMT_subject_rows, part);
    enum err e = db_stream(db, sql, &p, take, &r);
    free(sql);
    return e;
}

enum err store_subject_tell(struct db *db, str service, str provider, str key_id, int64_t rows) {
    struct buf object = BUF_EMPTY, detail = BUF_EMPTY;
    struct json j = json_to(&detail);
    buf_printf(&object, "subjects/%.*s", STR_ARG(service));
    json_object_begin(&j);
    json_field_str(&j, "provider", provider);
    json_field_int(&j, "rows", rows);
    json_end(&j);
    enum err e = audit_append(db, &(struct audit_line){service, instant_now(), key_id, STR("SUBJECT_READ"),
                                                       buf_str(&object), buf_str(&detail)});
    buf_free(&object);
    buf_free(&detail);
    return e;
}
