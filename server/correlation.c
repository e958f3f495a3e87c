/* correlation: takes the caller's word only when it can go into headers, JSON and logs without a thought. */
#include "server/correlation.h"

#include "base/hash.h"

static bool is_plain_word(str s) {
    for (size_t i = 0; i < s.n; i++)
        if (!ascii_is_alnum(s.p[i]) && s.p[i] != '.' && s.p[i] != '_' && s.p[i] != '-') return false;
    return s.n >= 1 && s.n <= 64;
}

enum { UUID = 16 };

/* The kernel is asked for some at a time. */
static void take_random(uint8_t out[UUID]) {
    static _Thread_local uint8_t store[32 * UUID];
    static _Thread_local size_t left;
    if (!left) random_bytes(store, left = sizeof store);
    left -= UUID;
    memcpy(out, store + left, UUID);
}

static void make_uuid(char out[65]) {
    uint8_t b[UUID];
    char hex[33];
    take_random(b);
    b[6] = (uint8_t)((b[6] & 0x0f) | 0x40);
    b[8] = (uint8_t)((b[8] & 0x3f) | 0x80);
    hex_format(b, sizeof b, hex);
    static const size_t PARTS[] = {8, 4, 4, 4, 12};
    size_t from = 0, n = 0;
    for (size_t i = 0; i < 5; i++) {
        if (i) out[n++] = '-';
        memcpy(out + n, hex + from, PARTS[i]);
        n += PARTS[i];
        from += PARTS[i];
    }
    out[n] = '\0';
}

void correlation_choose(const struct pair *headers, size_t count, char out[65]) {
    str given = STR_NONE;
    size_t times = 0;
    for (size_t i = 0; i < count; i++)
        if (str_eq_nocase(headers[i].name, STR("X-Correlation-ID"))) {
            given = str_trim(headers[i].value);
            times++;
        }
    if (times != 1 || !is_plain_word(given)) {
        make_uuid(out);
        return;
    }
    memcpy(out, given.p, given.n);
    out[given.n] = '\0';
}
