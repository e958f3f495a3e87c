#include "returns/schemas.h"

#include "base/date.h"
#include "returns/code_list.h"

#define ID_PATTERN "^[A-Za-z0-9._-]{1,64}$"

static bool is_required(const struct column *c) {
    return (c->flags & COLUMN_REQUIRED) != 0;
}

/* ---- what a column may hold: the same for both ---- */

static void write_codes(struct json *j, const struct code_list *list, int32_t on) {
    for (size_t i = 0; i < list->count; i++)
        if (code_entry_valid(&list->entries[i], on) && code_list_first(list, i, on))
            json_cstr(j, list->entries[i].code);
}

static bool has_codes(const struct code_list *list, int32_t on) {
    for (size_t i = 0; i < list->count; i++)
        if (code_entry_valid(&list->entries[i], on)) return true;
    return false;
}

/* One of the national characters, and a local one or none. */
static str ethnic_pattern(struct buf *out, const struct code_list *list, int32_t on) {
    buf_add_cstr(out, "^[");
    for (size_t i = 0; i < list->count; i++)
        if (code_entry_valid(&list->entries[i], on) && strlen(list->entries[i].code) == 1)
            buf_add_cstr(out, list->entries[i].code);
    buf_add_cstr(out, "][A-Z0-9]?$");
    return buf_str(out);
}

/* One of the words, or several joined by semicolons. */
static str words_pattern(struct buf *out, const char *const *words) {
    struct buf one = BUF_EMPTY;
    buf_add_char(&one, '(');
    for (size_t i = 0; words[i]; i++)
        buf_printf(&one, "%s%s", i ? "|" : "", words[i]);
    buf_add_char(&one, ')');
    buf_printf(out, "^%.*s(;%.*s)*$", STR_ARG(buf_str(&one)), STR_ARG(buf_str(&one)));
    buf_free(&one);
    return buf_str(out);
}

/* The pattern of a text; STR_NONE where it has none. It lives in room. */
static str column_pattern(struct buf *room, const struct column *c, int32_t on) {
    if (c->kind == COL_ID) return STR(ID_PATTERN);
    if (c->kind == COL_MONTH) return STR("^[0-9]{4}-(0[1-9]|1[0-2])$");
    if (c->kind == COL_ETHNIC) return ethnic_pattern(room, c->list, on);
    if (c->kind == COL_WORDS) return words_pattern(room, c->words);
    return STR_NONE;
}

static void write_enum(struct json *j, const struct column *c, int32_t on, bool with_null) {
    json_key(j, "enum");
    json_array_begin(j);
    if (c->kind == COL_CODE) write_codes(j, c->list, on);
    for (size_t i = 0; c->kind == COL_WORD && c->words[i]; i++)
        json_cstr(j, c->words[i]);
    if (with_null) json_put_null(j);
    json_end(j);
}

/* ---- JSON Schema ---- */

static const char *json_type(const struct column *c) {
    if (c->kind == COL_INT) return "integer";
    return c->kind == COL_DECIMAL ? "number" : "string";
}

static bool is_number(const struct column *c) {
    return c->kind == COL_INT || c->kind == COL_DECIMAL;
}

static void write_types(struct json *j, const struct column *c) {
    const char *type = json_type(c);
    if (is_required(c) && c->kind != COL_FLAG) {
        json_field_cstr(j, "type", type);
        return;
    }
    json_key(j, "type");
    json_array_begin(j);
    if (c->kind == COL_FLAG) json_cstr(j, "boolean");
    json_cstr(j, type);
    if (!is_required(c)) json_cstr(j, "null");
    json_end(j);
}

/* As a program has it, and as the service gives it back. */
static void write_flags(struct json *j, bool with_null) {
    json_key(j, "enum");
    json_array_begin(j);
    json_bool(j, true);
    json_bool(j, false);
    json_cstr(j, "Y");
    json_cstr(j, "N");
    if (with_null) json_put_null(j);
    json_end(j);
}

static void write_property(struct json *j, const struct column *c, int32_t on) {
    struct buf room = BUF_EMPTY;
    str pattern = column_pattern(&room, c, on);
    json_object_begin(j);
    write_types(j, c);
    json_field_cstr(j, "description", c->meaning);
    if (pattern.p) json_field_str(j, "pattern", pattern);
    if (c->kind == COL_DATE) json_field_cstr(j, "format", "date");
    if (c->kind == COL_TEXT) json_field_int(j, "maxLength", c->most);
    if (is_number(c)) {
        json_field_int(j, "minimum", c->least);
        json_field_int(j, "maximum", c->most);
    }
    /* A list that has no code in the period leaves only the blank. */
    if (c->kind == COL_CODE || c->kind == COL_WORD) write_enum(j, c, on, !is_required(c));
    if (c->kind == COL_FLAG) write_flags(j, !is_required(c));
    json_end(j);
    buf_free(&room);
}

static void write_row(struct json *j, const struct part *part, int32_t on) {
    json_object_begin(j);
    json_field_cstr(j, "type", "object");
    json_field_cstr(j, "description", part->meaning);
    json_key(j, "required");
    json_array_begin(j);
    for (size_t i = 0; i < part->column_count; i++)
        if (is_required(&part->columns[i])) json_cstr(j, part->columns[i].name);
    json_end(j);
    json_key(j, "properties");
    json_object_begin(j);
    for (size_t i = 0; i < part->column_count; i++) {
        json_key(j, part->columns[i].name);
        write_property(j, &part->columns[i], on);
    }
    json_end(j);
    json_end(j);
}

void schema_write_json(struct json *j, const struct part *part, int16_t period) {
    char text[PERIOD_TEXT];
    struct buf id = BUF_EMPTY;
    buf_printf(&id, "urn:quarterday:%s:%s", part->name, period_format(period, text));
    json_object_begin(j);
    json_field_cstr(j, "$schema", "https://json-schema.org/draft/2020-12/schema");
    json_field_str(j, "$id", buf_str(&id));
    json_field_cstr(j, "title", part->name);
    json_field_cstr(j, "type", "object");
    json_key(j, "required");
    json_array_begin(j);
    json_cstr(j, "rows");
    json_end(j);
    json_key(j, "properties");
    json_object_begin(j);
    json_key(j, "rows");
    json_object_begin(j);
    json_field_cstr(j, "type", "array");
    json_key(j, "items");
    write_row(j, part, period_first_day(period));
    json_end(j);
    json_end(j);
    json_end(j);
    buf_free(&id);
}

/* ---- Table Schema ---- */

static void write_constraints(struct json *j, const struct column *c, int16_t period) {
    struct buf room = BUF_EMPTY;
    char day[DAY_TEXT];
    int32_t on = period_first_day(period);
    str pattern = c->kind == COL_MONTH ? STR_NONE : column_pattern(&room, c, on);
    bool codes = c->kind == COL_CODE && has_codes(c->list, on); /* an empty enum is no Table Schema */
    json_key(j, "constraints");
    json_object_begin(j);
    json_field_bool(j, "required", is_required(c));
    if (pattern.p) json_field_str(j, "pattern", pattern);
    if (c->kind == COL_TEXT) json_field_int(j, "maxLength", c->most);
    if (c->kind == COL_CODE && !codes) json_field_int(j, "maxLength", 0);
    if (is_number(c)) {
        json_field_int(j, "minimum", c->least);
        json_field_int(j, "maximum", c->most);
    }
    if (c->flags & COLUMN_IN_PERIOD && c->kind == COL_DATE) {
        json_field_cstr(j, "minimum", day_format(on, day));
        json_field_cstr(j, "maximum", day_format(period_last_day(period), day));
    }
    if (codes || c->kind == COL_WORD) write_enum(j, c, on, false);
    json_end(j);
    buf_free(&room);
}

static void write_flag_values(struct json *j, const char *key, const char *first, const char *second) {
    json_key(j, key);
    json_array_begin(j);
    json_cstr(j, first);
    json_cstr(j, second);
    json_end(j);
}

static const char *field_type(const struct column *c) {
    if (is_number(c)) return c->kind == COL_INT ? "integer" : "number";
    if (c->kind == COL_FLAG) return "boolean";
    if (c->kind == COL_DATE) return "date";
    return c->kind == COL_MONTH ? "yearmonth" : "string";
}

static void write_field(struct json *j, const struct column *c, int16_t period) {
    json_object_begin(j);
    json_field_cstr(j, "name", c->name);
    json_field_cstr(j, "type", field_type(c));
    json_field_cstr(j, "description", c->meaning);
    if (c->example) json_field_cstr(j, "example", c->example);
    if (c->kind == COL_FLAG) {
        write_flag_values(j, "trueValues", "Y", "Yes");
        write_flag_values(j, "falseValues", "N", "No");
    }
    write_constraints(j, c, period);
    json_end(j);
}

static void write_key(struct json *j, const struct part *part) {
    json_key(j, "primaryKey");
    json_array_begin(j);
    for (size_t i = 0; i < part->column_count; i++)
        if (part->columns[i].flags & COLUMN_KEY) json_cstr(j, part->columns[i].name);
    json_end(j);
}

void schema_write_table(struct json *j, const struct part *part, int16_t period) {
    json_object_begin(j);
    json_field_cstr(j, "$schema", "https://datapackage.org/profiles/2.0/tableschema.json");
    json_field_cstr(j, "name", part->name);
    json_field_cstr(j, "description", part->meaning);
    json_key(j, "fields");
    json_array_begin(j);
    for (size_t i = 0; i < part->column_count; i++)
        write_field(j, &part->columns[i], period);
    json_end(j);
    json_field_cstr(j, "fieldsMatch", "partial"); /* columns may be left out, and come in any order */
    if (part_has_key(part)) write_key(j, part);
    json_key(j, "missingValues");
    json_array_begin(j);
    json_cstr(j, "");
    json_end(j);
    json_end(j);
}
