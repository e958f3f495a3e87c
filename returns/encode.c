/* encode: what of a row is stored. Twice: as bytes whose digest tells changed rows from unchanged ones, and as the line that goes into the
 * database (row_pack.h). The same values always give the same bytes, whichever way they came. */
#include <endian.h>

#include "base/date.h"
#include "returns/content_digest.h"
#include "returns/judging.h"

/* Digests are stored: their bytes stay those of PostgreSQL's binary COPY, in which rows went in at first. */
enum { POSTGRES_EPOCH = 10957 /* 2000-01-01 */ };

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
    case COL_TEXT: return AS_FREE_TEXT;
    default: return AS_TEXT;
    }
}

void encode_begin(struct judging *j) {
    size_t bytes = 0;
    j->stored_count = 0;
    for (size_t i = 0; i < j->part->column_count; i++) {
        const struct column *c = &j->part->columns[i];
        if (c->flags & COLUMN_NOT_STORED) continue;
        j->stored[j->stored_count++] = (struct stored_column){(uint8_t)i, (uint8_t)encoded_as(c)};
        bytes += 4 + longest(c);
    }
    buf_reserve(&j->encoded, bytes);
    j->line_most = 2 * bytes;
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
    if (as == AS_TEXT || as == AS_FREE_TEXT) return put_bytes(p, v->text);
    if (as == AS_BOOL) {
        p = put32(p, 1);
        *p = (char)v->number;
        return p + 1;
    }
    if (as == AS_DECIMAL) return put_decimal(p, v->number);
    p = put32(p, 4);
    return put32(p, (uint32_t)(as == AS_DAY ? v->number - POSTGRES_EPOCH : v->number));
}

/* ---- the line ---- */

static char *write_number(char *p, int32_t number) {
    char digits[12], *d = digits + sizeof digits;
    uint32_t rest = number < 0 ? 0u - (uint32_t)number : (uint32_t)number;
    do
        *--d = (char)('0' + rest % 10);
    while (rest /= 10);
    if (number < 0) *--d = '-';
    size_t n = (size_t)(digits + sizeof digits - d);
    memcpy(p, d, n);
    return p + n;
}

/* No more decimals than it takes. */
static char *write_decimal(char *p, int32_t hundredths) {
    uint32_t rest = (uint32_t)hundredths % 100;
    p = write_number(p, hundredths / 100);
    if (!rest) return p;
    *p++ = '.';
    *p++ = (char)('0' + rest / 10);
    if (rest % 10) *p++ = (char)('0' + rest % 10);
    return p;
}

static inline char *write_value(char *p, enum encoded_as as, const struct value *v) {
    switch (as) {
    case AS_TEXT: copy_short(p, v->text.p, v->text.n); return p + v->text.n;
    case AS_FREE_TEXT: return row_text_write(p, v->text);
    case AS_DAY: day_format(v->number, p); return p + strlen("YYYY-MM-DD");
    case AS_INT: return write_number(p, v->number);
    case AS_BOOL: *p = v->number ? 't' : 'f'; return p + 1;
    case AS_DECIMAL: return write_decimal(p, v->number);
    }
    return p;
}

static void add_line(struct judging *j) {
    char *line = row_packer_room(&j->packer, j->line_most), *p = line;
    for (size_t i = 0; i < j->stored_count; i++) {
        struct stored_column c = j->stored[i];
        const struct value *v = &j->row.values[c.column];
        if (i) *p++ = ROW_PACK_TAB;
        if (v->state == VALUE_GOOD) p = write_value(p, c.as, v);
    }
    row_packer_took(&j->packer, (size_t)(p - line));
}

void encode_row(struct judging *j, struct hash128 *out_content) {
    char *p = j->encoded.p;
    for (size_t i = 0; i < j->stored_count; i++) {
        struct stored_column c = j->stored[i];
        const struct value *v = &j->row.values[c.column];
        p = v->state == VALUE_GOOD ? put_value(p, c.as, v) : put32(p, UINT32_MAX);
    }
    *out_content = content_digest(j->encoded.p, (size_t)(p - j->encoded.p));
    if (j->in->service.p) add_line(j);
}

void encode_end(struct judging *j) {
    buf_free(&j->encoded);
}
