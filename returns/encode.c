/* encode: one row as PostgreSQL's binary COPY wants it, and the digest of its content. The same values always give the same bytes,
 * whichever way they came. */
#include <endian.h>
#include <stdlib.h>

#include "returns/judging.h"

enum { KEY_COLUMNS = 5, POSTGRES_EPOCH = 10957 /* 2000-01-01 */ };

static char *put16(char *p, uint16_t v) {
    v = htobe16(v);
    memcpy(p, &v, 2);
    return p + 2;
}

static char *put32(char *p, uint32_t v) {
    v = htobe32(v);
    memcpy(p, &v, 4);
    return p + 4;
}

static char *put_bytes(char *p, str s) {
    p = put32(p, (uint32_t)s.n);
    memcpy(p, s.p, s.n);
    return p + s.n;
}

static bool is_stored(const struct column *c) {
    return !(c->flags & COLUMN_NOT_STORED);
}

static size_t longest(const struct column *c) {
    switch (c->kind) {
    case COL_TEXT: return (size_t)c->most * 4;
    case COL_WORDS: return sizeof((struct judging *)NULL)->joined;
    default: return 64;
    }
}

/* The header of the stream, and in `encoded` what every row begins with: number of fields, service, provider, period, version. */
void encode_begin(struct judging *j) {
    static const char HEADER[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0"; /* signature, flags 0, no extension; 19 bytes with the last NUL */
    const struct judge_input *in = j->in;
    size_t fields = KEY_COLUMNS, bytes = 2 + 4 * KEY_COLUMNS + in->service.n + in->provider.n + 10;
    for (size_t i = 0; i < j->part->column_count; i++) {
        if (!is_stored(&j->part->columns[i])) continue;
        fields++;
        bytes += 4 + longest(&j->part->columns[i]);
    }
    buf_reserve(&j->encoded, bytes);
    char *p = put16(j->encoded.p, (uint16_t)fields);
    p = put_bytes(p, in->service.p ? in->service : STR(""));
    p = put_bytes(p, in->provider.p ? in->provider : STR(""));
    p = put32(p, 2);
    p = put16(p, (uint16_t)in->period);
    p = put32(p, 4);
    p = put32(p, (uint32_t)in->version);
    j->prefix_bytes = (size_t)(p - j->encoded.p);
    if (in->service.p) spill_add(&j->out->copy, HEADER, 19);
}

static char *put_value(char *p, const struct column *c, const struct value *v) {
    switch (c->kind) {
    case COL_DATE:
        p = put32(p, 4);
        return put32(p, (uint32_t)(v->number - POSTGRES_EPOCH));
    case COL_INT:
        p = put32(p, 4);
        return put32(p, (uint32_t)v->number);
    case COL_FLAG:
        p = put32(p, 1);
        *p = (char)v->number;
        return p + 1;
    default: return put_bytes(p, v->text);
    }
}

void encode_row(struct judging *j, struct hash128 *out_content) {
    char *p = j->encoded.p + j->prefix_bytes;
    p = put32(p, 4);
    p = put32(p, j->row.number);
    char *content = p;
    for (size_t i = 0; i < j->part->column_count; i++) {
        const struct column *c = &j->part->columns[i];
        const struct value *v = &j->row.values[i];
        if (!is_stored(c)) continue;
        p = v->state == VALUE_GOOD ? put_value(p, c, v) : put32(p, UINT32_MAX);
    }
    *out_content = hash128_of((str){content, (size_t)(p - content)});
    if (j->in->service.p) spill_add(&j->out->copy, j->encoded.p, (size_t)(p - j->encoded.p));
}

void encode_end(struct judging *j) {
    if (j->in->service.p) spill_add(&j->out->copy, "\377\377", 2);
    buf_free(&j->encoded);
}
