/* See part_schema.h. Codes are all that any edition of a list knows: which of them a period takes is no
 * matter of the schema. */
#include "returns/part_schema.h"

#include "returns/code_list.h"

static void write_types(struct json *j, const struct column *c) {
    json_key(j, "type");
    json_array_begin(j);
    if (c->kind == COL_INT || (c->flags & COLUMN_DIGIT_CODE)) json_cstr(j, "integer");
    if (c->kind == COL_DECIMAL) json_cstr(j, "number");
    if (c->kind == COL_FLAG) json_cstr(j, "boolean");
    json_cstr(j, "string");
    json_cstr(j, "null");
    json_end(j);
}

static void write_codes(struct json *j, const struct code_list *list) {
    json_key(j, "x-qd-codes");
    json_array_begin(j);
    for (size_t i = 0; i < list->count; i++) {
        const struct code_entry *e = &list->entries[i];
        bool repeated = false;
        for (size_t k = 0; k < i; k++)
            repeated |= strcmp(list->entries[k].code, e->code) == 0;
        if (!repeated) json_cstr(j, e->code);
    }
    json_end(j);
}

static void write_words(struct json *j, const char *const *words) {
    json_key(j, "x-qd-words");
    json_array_begin(j);
    for (size_t i = 0; words[i]; i++)
        json_cstr(j, words[i]);
    json_end(j);
}

static void write_aliases(struct json *j, const struct column *c) {
    json_key(j, "x-qd-aliases");
    json_array_begin(j);
    for (str rest = str_of(c->aliases); rest.p;)
        json_str(j, str_cut(&rest, '|'));
    json_end(j);
}

static void write_example(struct json *j, const struct column *c) {
    json_key(j, "example");
    if (c->kind == COL_INT || c->kind == COL_DECIMAL) json_raw(j, str_of(c->example));
    else json_cstr(j, c->example);
}

static void write_column(struct json *j, const struct column *c) {
    json_object_begin(j);
    write_types(j, c);
    json_field_cstr(j, "description", c->meaning);
    if (c->kind == COL_ID) json_field_cstr(j, "pattern", "^[A-Za-z0-9._-]{1,64}$");
    if (c->kind == COL_DATE) json_field_cstr(j, "format", "date");
    if (c->kind == COL_MONTH) json_field_cstr(j, "pattern", "^[0-9]{4}-[0-9]{2}$");
    if (c->kind == COL_TEXT) json_field_int(j, "maxLength", c->most);
    if (c->kind == COL_INT || c->kind == COL_DECIMAL) {
        json_field_int(j, "minimum", c->least);
        json_field_int(j, "maximum", c->most);
    }
    if (c->list) write_codes(j, c->list);
    if (c->words) write_words(j, c->words);
    if (c->flags & COLUMN_NATIONAL) json_field_bool(j, "x-qd-national", true);
    if (c->flags & COLUMN_NOT_STORED) json_field_bool(j, "x-qd-not-stored", true);
    if (c->aliases) write_aliases(j, c);
    if (c->example) write_example(j, c);
    json_end(j);
}

void part_schema_write_properties(struct json *j, const struct part *part) {
    json_object_begin(j);
    for (size_t i = 0; i < part->column_count; i++) {
        json_key(j, part->columns[i].name);
        write_column(j, &part->columns[i]);
    }
    json_end(j);
}

void part_schema_write(struct json *j, const struct part *part) {
    json_object_begin(j);
    json_field_cstr(j, "type", "object");
    json_field_cstr(j, "description", part->meaning);
    json_key(j, "required");
    json_array_begin(j);
    for (size_t i = 0; i < part->column_count; i++)
        if (part->columns[i].flags & COLUMN_REQUIRED) json_cstr(j, part->columns[i].name);
    json_end(j);
    json_key(j, "properties");
    part_schema_write_properties(j, part);
    json_end(j);
}
