/* buf: bytes that grow. Memory is malloc'ed, so buf_take() can hand it to libmicrohttpd (which calls free()). */
#ifndef QD_BASE_BUF_H
#define QD_BASE_BUF_H

#include "base/str.h"

struct buf {
    char *p;
    size_t n, room;
};

#define BUF_EMPTY ((struct buf){NULL, 0, 0})

void buf_grow(struct buf *b, size_t more); /* for buf_reserve() */
/* Room for `more` bytes beyond n. */
static inline void buf_reserve(struct buf *b, size_t more) {
    if (more > b->room - b->n) buf_grow(b, more);
}
/* Where there is room, which is nearly always, without a call. */
static inline void buf_add(struct buf *b, const void *bytes, size_t n) {
    if (!n) return;
    buf_reserve(b, n);
    memcpy(b->p + b->n, bytes, n);
    b->n += n;
}
static inline void buf_add_char(struct buf *b, char c) {
    buf_reserve(b, 1);
    b->p[b->n++] = c;
}
static inline void buf_add_str(struct buf *b, str s) {
    buf_add(b, s.p, s.n);
}
static inline void buf_add_cstr(struct buf *b, const char *s) {
    buf_add(b, s, strlen(s));
}
void buf_add_uint(struct buf *b, uint64_t v);
void buf_add_int(struct buf *b, int64_t v);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
str buf_str(const struct buf *b);
/* The bytes (caller frees with free()); b is empty afterwards. NUL-terminated, not counted in *out_n. */
char *buf_take(struct buf *b, size_t *out_n);
void buf_clear(struct buf *b); /* keeps the memory */
void buf_free(struct buf *b);

#endif
