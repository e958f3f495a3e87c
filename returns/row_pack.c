#include "returns/row_pack.h"

#include <endian.h>

enum { COLUMNS = 8, ESCAPE = '\\', LINES_KEPT = 1 << 20 };

/* ---- COPY ---- */

static void add16(struct buf *b, int16_t v) {
    uint16_t big = htobe16((uint16_t)v);
    buf_add(b, &big, sizeof big);
}
static void add32(struct buf *b, int32_t v) {
    uint32_t big = htobe32((uint32_t)v);
    buf_add(b, &big, sizeof big);
}
static void add_field(struct buf *b, int32_t bytes) {
    add32(b, bytes);
}
static void add_text(struct buf *b, str text) {
    add_field(b, (int32_t)text.n);
    buf_add_str(b, text);
}
static void add_int4(struct buf *b, int32_t v) {
    add_field(b, 4);
    add32(b, v);
}
static void add_int2(struct buf *b, int16_t v) {
    add_field(b, 2);
    add16(b, v);
}

void row_packer_begin(struct row_packer *p, struct spill *to, const struct row_pack_of *of) {
    static const char HEADER[] =
        "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0"; /* signature, flags 0, no extension; 19 bytes with the last NUL */
    *p = (struct row_packer){.to = to, .head = BUF_EMPTY, .lines = BUF_EMPTY, .first = 1};
    if (!to) return;
    spill_add(to, HEADER, sizeof HEADER);
    add16(&p->head, COLUMNS);
    add_text(&p->head, of->service);
    add_text(&p->head, of->provider);
    add_int2(&p->head, of->period);
    add_int2(&p->head, of->part);
    add_int4(&p->head, of->version);
}

static void write_pack(struct row_packer *p) {
    size_t head = p->head.n;
    add_int4(&p->head, (int32_t)p->first);
    add_int4(&p->head, (int32_t)p->rows);
    add_field(&p->head, (int32_t)p->lines.n - 1); /* without the last line break */
    spill_add(p->to, p->head.p, p->head.n);
    spill_add(p->to, p->lines.p, p->lines.n - 1);
    p->head.n = head;
    p->first += p->rows;
    p->rows = 0;
    /* Long free texts are rare: what a pack of them took is given back. */
    if (p->lines.room > LINES_KEPT) buf_free(&p->lines);
    buf_clear(&p->lines);
}

char *row_packer_room(struct row_packer *p, size_t most) {
    buf_reserve(&p->lines, most + 1);
    return p->lines.p + p->lines.n;
}

void row_packer_took(struct row_packer *p, size_t n) {
    p->lines.p[p->lines.n + n] = ROW_PACK_LINE;
    p->lines.n += n + 1;
    p->rows++;
    if (p->to && p->rows == ROW_PACK_ROWS) write_pack(p);
}

/* The bytes of the first `rows` lines. */
static size_t bytes_of(str lines, uint32_t rows) {
    const char *at = lines.p, *end = lines.p + lines.n;
    while (rows-- && at < end)
        at = (const char *)memchr(at, ROW_PACK_LINE, (size_t)(end - at)) + 1;
    return (size_t)(at - lines.p);
}

void row_packer_move(struct row_packer *p, struct row_packer *from) {
    str lines = buf_str(&from->lines);
    while (from->rows) {
        uint32_t room = ROW_PACK_ROWS - p->rows, rows = from->rows < room ? from->rows : room;
        size_t n = rows == from->rows ? lines.n : bytes_of(lines, rows);
        buf_add(&p->lines, lines.p, n);
        lines = (str){lines.p + n, lines.n - n};
        p->rows += rows;
        from->rows -= rows;
        if (p->rows == ROW_PACK_ROWS) write_pack(p);
    }
    buf_clear(&from->lines);
}

void row_packer_end(struct row_packer *p) {
    if (!p->to) return;
    if (p->rows) write_pack(p);
    spill_add(p->to, "\377\377", 2);
}

void row_packer_free(struct row_packer *p) {
    buf_free(&p->head);
    buf_free(&p->lines);
}

/* ---- free texts ---- */

/* What may not stand in a line by itself, and the digit that follows the backslash in its place. The backslash is the first, so that
 * turning the others back before it (as the views do) never meets one that was not meant. */
static const char ESCAPED[] = {ESCAPE, ROW_PACK_TAB, ROW_PACK_LINE};

char *row_text_write(char *out, str text) {
    for (size_t i = 0; i < text.n; i++) {
        const char *escaped = memchr(ESCAPED, text.p[i], sizeof ESCAPED);
        if (escaped) *out++ = ESCAPE;
        *out++ = escaped ? (char)('0' + (escaped - ESCAPED)) : text.p[i];
    }
    return out;
}

static str turn_back(str text, struct arena *a) {
    char *out = arena_alloc(a, text.n), *p = out;
    for (size_t i = 0; i < text.n; i++) {
        size_t which = text.p[i] == ESCAPE && i + 1 < text.n ? (size_t)(text.p[i + 1] - '0') : sizeof ESCAPED;
        if (which < sizeof ESCAPED) i++;
        *p++ = which < sizeof ESCAPED ? ESCAPED[which] : text.p[i];
    }
    return (str){out, (size_t)(p - out)};
}

str row_line_cut(str *line, struct arena *a) {
    str value = str_cut(line, ROW_PACK_TAB);
    if (!value.n) return STR_NONE;
    return memchr(value.p, ESCAPE, value.n) ? turn_back(value, a) : value;
}
