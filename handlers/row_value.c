#include "handlers/row_value.h"

#include "returns/csv_write.h"

static bool is_number(const struct column *c) {
    return c->kind == COL_INT || c->kind == COL_DECIMAL;
}

static str shown(const struct column *c, const char *value, int length) {
    if (c->kind == COL_FLAG) return value[0] == 't' ? STR("Y") : STR("N");
    return (str){value, (size_t)length};
}

void row_value_json(struct json *j, const struct column *c, const char *value, int length) {
    if (!value) json_put_null(j);
    else if (is_number(c)) json_raw(j, (str){value, (size_t)length});
    else json_str(j, shown(c, value, length));
}

void row_value_csv(struct buf *out, const struct column *c, const char *value, int length) {
    if (value) csv_write_field(out, shown(c, value, length), !is_number(c));
}
