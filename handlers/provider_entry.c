#include "handlers/provider_entry.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const OPTIONAL[] = {"group", "from", "to"};

static bool is_text(const json_t *value, str want) {
    return json_is_string(value) && str_eq((str){json_string_value(value), json_string_length(value)}, want);
}

json_t *provider_entry_find(const json_t *framework, str provider, size_t *out_index) {
    json_t *list = json_object_get(framework, "providers");
    size_t i = 0;
    for (; i < json_array_size(list); i++) {
        json_t *one = json_array_get(list, i);
        if (!is_text(json_object_get(one, "id"), provider)) continue;
        if (out_index) *out_index = i;
        return one;
    }
    if (out_index) *out_index = i;
    return NULL;
}

/* A member that repeats the path may be there, since the answer to GET has it. */
static enum err check_repeated(const json_t *body, const char *name, str want, struct fault *fault) {
    const json_t *given = json_object_get(body, name);
    if (!given || is_text(given, want)) return OK;
    return fail(fault, ERR_INVALID, "/%s: is not '%.*s', as the address has it; leave it out.", name,
                STR_ARG(want));
}

enum err provider_entry_make(json_t *body, str service, str provider, struct fault *fault, json_t **out) {
    enum err e = check_repeated(body, "id", provider, fault);
    if (e == OK) e = check_repeated(body, "service", service, fault);
    if (e != OK) return e;
    if (!json_is_array(json_object_get(body, "expectedParts")))
        return fail(
            fault, ERR_INVALID,
            "/expectedParts: must list the parts that make the return complete; [] where nothing is expected.");
    json_t *entry = json_object();
    json_object_set_new(entry, "id", json_stringn(provider.p, provider.n));
    json_object_update(entry, body);
    json_object_del(entry, "service");
    for (size_t i = 0; i < sizeof OPTIONAL / sizeof *OPTIONAL; i++)
        if (!json_object_get(entry, OPTIONAL[i])) json_object_set_new(entry, OPTIONAL[i], json_null());
    *out = entry;
    return OK;
}

void provider_entry_place(json_t *framework, str provider, json_t *entry) {
    size_t index;
    bool known = provider_entry_find(framework, provider, &index) != NULL;
    json_t *list = json_object_get(framework, "providers");
    if (!json_is_array(list)) {
        list = json_array();
        json_object_set_new(framework, "providers", list);
    }
    if (known) json_array_set(list, index, entry);
    else json_array_append(list, entry);
}

void provider_entry_relate(struct fault *fault, size_t index) {
    char prefix[40];
    int n = snprintf(prefix, sizeof prefix, "/providers/%zu", index);
    if (n < 0 || strncmp(fault->detail, prefix, (size_t)n) != 0) return;
    const char *rest = fault->detail + n;
    if (*rest == '/' || *rest == ':') memmove(fault->detail, rest, strlen(rest) + 1);
}

static void write_text(struct json *j, const char *name, const json_t *entry) {
    const json_t *value = json_object_get(entry, name);
    json_field_str(j, name,
                   json_is_string(value) ? (str){json_string_value(value), json_string_length(value)}
                                         : STR_NONE);
}

void provider_entry_write(struct json *j, str service, const json_t *entry) {
    json_object_begin(j);
    json_field_str(j, "service", service);
    write_text(j, "id", entry);
    write_text(j, "name", entry);
    write_text(j, "group", entry);
    json_key(j, "expectedParts");
    json_array_begin(j);
    const json_t *parts = json_object_get(entry, "expectedParts");
    for (size_t i = 0; i < json_array_size(parts); i++)
        json_cstr(j, json_string_value(json_array_get(parts, i)));
    json_end(j);
    write_text(j, "from", entry);
    write_text(j, "to", entry);
    json_end(j);
}
