/* json: writes deterministic JSON into a buf, in the order of the calls, without a tree and without spaces.
 *
 *     struct json j = json_to(&out);
 *     json_object_begin(&j);
 *     json_key(&j, "ref"); json_cstr(&j, "1.4");
 *     json_field_int(&j, "numerator", 212);
 *     json_end(&j);
 */
#ifndef QD_BASE_JSON_H
#define QD_BASE_JSON_H

#include "base/buf.h"

struct json {
    struct buf *out;
    uint64_t is_object; /* one bit per open level: 1 object, 0 array */
    unsigned depth;     /* at most 60 */
    bool need_comma;
};

struct json json_to(struct buf *out);
void json_object_begin(struct json *j);
void json_array_begin(struct json *j);
void json_end(struct json *j); /* closes the innermost object or array */
void json_key_str(struct json *j, str key);
/* Here and below inline, so that the length of a literal is known where it stands. */
static inline void json_key(struct json *j, const char *key) {
    json_key_str(j, str_of(key));
}

void json_str(struct json *j, str s); /* STR_NONE (p == NULL) writes null; invalid UTF-8 becomes U+FFFD */
void json_cstr(struct json *j, const char *s);
void json_int(struct json *j, int64_t v);
void json_bool(struct json *j, bool v);
void json_put_null(struct json *j);
/* For a value that the caller writes by itself, right behind what is there: a number, a finished string. */
struct buf *json_value(struct json *j);
void json_raw(struct json *j, str finished); /* a finished JSON value, e.g. a decimal or a stored document */

static inline void json_field_str(struct json *j, const char *key, str v) {
    json_key(j, key);
    json_str(j, v);
}
static inline void json_field_cstr(struct json *j, const char *key, const char *v) {
    json_key(j, key);
    json_cstr(j, v);
}
static inline void json_field_int(struct json *j, const char *key, int64_t v) {
    json_key(j, key);
    json_int(j, v);
}
static inline void json_field_bool(struct json *j, const char *key, bool v) {
    json_key(j, key);
    json_bool(j, v);
}
static inline void json_field_null(struct json *j, const char *key) {
    json_key(j, key);
    json_put_null(j);
}
static inline void json_field_raw(struct json *j, const char *key, str finished) {
    json_key(j, key);
    json_raw(j, finished);
}

/* Only the quoted and escaped string. */
void json_quote(struct buf *out, str s);

#endif
