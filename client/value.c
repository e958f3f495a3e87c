#include "client/value.h"

#include "client/text.h"

void value_make_plain(json_t *value) {
    const char *key;
    size_t at;
    json_t *inner;
    if (json_is_string(value)) {
        struct buf plain = BUF_EMPTY;
        text_add_plain(&plain, (str){json_string_value(value), json_string_length(value)});
        json_string_setn(value, plain.n ? plain.p : "", plain.n);
        buf_free(&plain);
    }
    json_array_foreach(value, at, inner) value_make_plain(inner);
    json_object_foreach(value, key, inner) value_make_plain(inner);
}
