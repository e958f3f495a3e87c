/* value: reading an answer that may have more, or less, than we know: what is absent is NULL, 0 or "". */
#ifndef QD_CLIENT_VALUE_H
#define QD_CLIENT_VALUE_H

#include <jansson.h>

#include "base/str.h"

/* Every text in it without control characters (text_add_plain): a service moves nobody's cursor. */
void value_make_plain(json_t *value);

static inline const json_t *value_at(const json_t *object, const char *key) {
    const json_t *v = json_object_get(object, key);
    return json_is_null(v) ? NULL : v;
}
static inline const char *value_text(const json_t *object, const char *key) {
    const char *text = json_string_value(value_at(object, key));
    return text ? text : "";
}
static inline long long value_int(const json_t *object, const char *key) {
    return json_integer_value(value_at(object, key));
}
static inline bool value_true(const json_t *object, const char *key) {
    return json_is_true(value_at(object, key));
}
static inline const char *plural(long long n) {
    return n == 1 ? "" : "s";
}

#endif
