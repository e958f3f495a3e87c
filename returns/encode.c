/* encode: one row as PostgreSQL's binary COPY wants it, and the digest of its content. The same values always
 * give the same bytes, whichever way they came. */
#include <endian.h>

#include "returns/content_digest.h"
#include "returns/judging.h"

enum { KEY_COLUMNS = 5, POSTGRES_EPOCH = 10957 /* 2000-01-01 */ };

static inline char *put16(char *p, uint16_t v) {
    v = htobe16(v);
    memcpy(p, &v, 2);
    return p + 2;
}

static inline char *put32(char *p, uint32_t v) {
    v = htobe32(v);
    memcpy(p, &v, 4);
    return p + 4;
}

/* Most texts are codes and short ids: two overlapping loads are quicker than a call. */
static inline void copy_short(char *to, const char *from, size_t n) {
    uint64_t first, last;
    if (n > 16) {
        memcpy(to, from, n);
    } else if (n >= 8) {
        memcpy(&first, from, 8);
        memcpy(&last, from + n - 8, 8);
        memcpy(to, &first, 8);
        memcpy(to + n - 8, &last, 8);
    } else if (n >= 4) {
        uint32_t left, right;
        memcpy(&left, from, 4);
        memcpy(&right, from + n - 4, 4);
        memcpy(to, &left, 4);
        memcpy(to + n - 4, &right, 4);
    } else if (n) {
        to[0] = from[0];
        to[n / 2] = from[n / 2];
        to[n - 1] = from[n - 1];
    }
}

static inline char *put_bytes(char *p, str s) {
    p = put32(p, (uint32_t)s.n);
    copy_short(p, s.p, s.n);
    return p + s.n;
}

static size_t longest(const struct column *c) {
    switch (c->kind) {
    case COL_TEXT: return (size_t)c->most * 4;
    case COL_WORDS: return sizeof((struct judging *)NULL)->joined;
    default: return 64;
    }
}

static enum encoded_as encoded_as(const struct column *c) {
    switch (c->kind) {
    case COL_DATE: return AS_DAY;
    case COL_INT: return AS_INT;
    case COL_FLAG: return AS_BOOL;
    case COL_DECIMAL: return AS_DECIMAL;
    default: return AS_TEXT;
    }
}

/* In `encoded` what every row begins with: number of fields, service, provider, period, version. */
void encode_plan(struct judging *j) {
    const struct judge_input *in = j->in;
    size_t bytes = 2 + 4 * KEY_COLUMNS + in->service.n + in->provider.n + 10;
    j->stored_count = 0;
    for (size_t i = 0; i < j->part->column_count; i++) {
        const struct column *c = &j->part->columns[i];
        if (c->flags & COLUMN_NOT_STORED) continue;
        j->stored[j->stored_count++] = (struct stored_column){(uint8_t)i, (uint8_t)encoded_as(c)};
        bytes += 4 + longest(c);
    }
    buf_reserve(&j->encoded, bytes);
    char *p = put16(j->encoded.p, (uint16_t)(KEY_COLUMNS + j->stored_count));
    p = put_bytes(p, in->service.p ? in->service : STR(""));
    p = put_bytes(p, in->provider.p ? in->provider : STR(""));
    p = put32(p, 2);
    p = put16(p, (uint16_t)in->period);
    p = put32(p, 4);
    p = put32(p, (uint32_t)in->version);
    j->prefix_bytes = (size_t)(p - j->encoded.p);
}

void encode_begin(struct judging *j) {
    static const char HEADER[] =
        "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0"; /* signature, flags 0, no extension; 19 bytes with the last NUL */
    encode_plan(j);
    if (j->in->service.p) spill_add(&j->out->copy, HEADER, 19);
}

/* PostgreSQL's numeric: digits to base 10,000, here always two before the point and one after it (it drops
 * leading and trailing zeros itself), and how many decimals are shown: no more than it takes. */
static char *put_decimal(char *p, int32_t hundredths) {
    uint32_t whole = (uint32_t)hundredths / 100, rest = (uint32_t)hundredths % 100;
    const uint16_t fields[] = {
        3,
        1,
        0,
        rest == 0        ? 0
        : rest % 10 == 0 ? 1
                         : 2,
        (uint16_t)(whole / 10000),
        (uint16_t)(whole % 10000),
        (uint16_t)(rest * 100)}; /* number and weight of the digits, sign, scale, digits */
    p = put32(p, sizeof fields);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        p = put16(p, fields[i]);
    return p;
}

static inline char *put_value(char *p, enum encoded_as as, const struct value *v) {
    if (as == AS_TEXT) return put_bytes(p, v->text);
    if (as == AS_BOOL) {
        p = put32(p, 1);
        *p = (char)v->number;
        return p + 1;
    }
    if (as == AS_DECIMAL) return put_decimal(p, v->number);
    p = put32(p, 4);
    return put32(p, (uint32_t)(as == AS_DAY ? v->number - POSTGRES_EPOCH : v->number));
}

void encode_row(struct judging *j, struct hash128 *out_content) {
    bool is_kept = j->in->service.p;
    char *row = is_kept ? spill_room(&j->out->copy, j->encoded.room) : j->encoded.p;
    if (is_kept) memcpy(row, j->encoded.p, j->prefix_bytes);
    char *p = row + j->prefix_bytes;
    p = put32(p, 4);
    p = put32(p, j->row.number);
    char *content = p;
    for (size_t i = 0; i < j->stored_count; i++) {
        struct stored_column c = j->stored[i];
        const struct value *v = &j->row.values[c.column];
        p = v->state == VALUE_GOOD ? put_value(p, c.as, v) : put32(p, UINT32_MAX);
    }
    *out_content = content_digest(content, (size_t)(p - content));
    if (is_kept) spill_took(&j->out->copy, (size_t)(p - row));
}

void encode_end(struct judging *j) {
    if (j->in->service.p) spill_add(&j->out->copy, "\377\377", 2);
    buf_free(&j->encoded);
}
