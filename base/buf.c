#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"

void buf_grow(struct buf *b, size_t more) {
    size_t need;
    if (__builtin_add_overflow(b->n, more, &need) || need > SIZE_MAX / 4)
        need = SIZE_MAX / 4; /* fails loudly below */
    if (need <= b->room) return;
    size_t room = b->room < 128 ? 256 : b->room + b->room / 2;
    if (room < need) room = need;
    b->p = must_realloc(b->p, room);
    b->room = room;
}

void buf_add_uint(struct buf *b, uint64_t v) {
    char digits[20];
    size_t n = sizeof digits;
    do {
        digits[--n] = (char)('0' + v % 10);
        v /= 10;
    } while (v);
    buf_add(b, digits + n, sizeof digits - n);
}

void buf_add_int(struct buf *b, int64_t v) {
    if (v < 0) buf_add_char(b, '-');
    buf_add_uint(b, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

void buf_printf(struct buf *b, const char *format, ...) {
    va_list args;
    va_start(args, format);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n <= 0) return;
    buf_reserve(b, (size_t)n + 1);
    va_start(args, format);
    vsnprintf(b->p + b->n, (size_t)n + 1, format, args);
    va_end(args);
    b->n += (size_t)n;
}

str buf_str(const struct buf *b) {
    return (str){b->p, b->n};
}

char *buf_take(struct buf *b, size_t *out_n) {
    buf_reserve(b, 1);
    b->p[b->n] = '\0';
    char *p = b->p;
    if (out_n) *out_n = b->n;
    *b = BUF_EMPTY;
    return p;
}

void buf_clear(struct buf *b) {
    b->n = 0;
}

void buf_free(struct buf *b) {
    free(b->p);
    *b = BUF_EMPTY;
}
