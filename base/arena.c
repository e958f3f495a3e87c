#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

struct arena_block {
    struct arena_block *older;
    alignas(max_align_t) char bytes[];
};

enum { BLOCK = 16 * 1024 };

static _Noreturn void out_of_memory(size_t bytes) {
    fprintf(stderr,
            "quarterday: out of memory asking for %zu bytes; nothing acknowledged is lost, start it again\n",
            bytes);
    abort();
}

void *must_alloc(size_t bytes) {
    void *p = malloc(bytes ? bytes : 1);
    if (!p) out_of_memory(bytes);
    return p;
}

void *must_calloc(size_t count, size_t size) {
    void *p = calloc(count ? count : 1, size ? size : 1);
    if (!p) out_of_memory(count * size);
    return p;
}

void *must_alloc_large(size_t bytes) {
    enum { LARGE_PAGE = 2 << 20 };
    if (bytes < LARGE_PAGE) return must_alloc(bytes);
    size_t whole = (bytes + LARGE_PAGE - 1) & ~(size_t)(LARGE_PAGE - 1);
    void *p = aligned_alloc(LARGE_PAGE, whole);
    if (!p) out_of_memory(whole);
    madvise(p, whole, MADV_HUGEPAGE);
    return p;
}

void *must_realloc(void *old, size_t bytes) {
    void *p = realloc(old, bytes ? bytes : 1);
    if (!p) out_of_memory(bytes);
    return p;
}

char *must_strdup(const char *s) {
    size_t n = strlen(s) + 1;
    return memcpy(must_alloc(n), s, n);
}

void *arena_alloc(struct arena *a, size_t bytes) {
    const size_t grain = alignof(max_align_t);
    if (bytes > SIZE_MAX / 2) out_of_memory(bytes);
    bytes = bytes ? (bytes + grain - 1) / grain * grain : grain; /* also nothing has an address */
    if (bytes > a->left) {
        size_t room = bytes > BLOCK / 4 ? bytes : BLOCK;
        struct arena_block *b = must_alloc(sizeof *b + room);
        b->older = a->blocks;
        a->blocks = b;
        if (room == bytes && bytes != BLOCK)
            return memset(b->bytes, 0, bytes); /* its own block; keep the open one */
        a->next = b->bytes;
        a->left = room;
    }
    void *p = a->next;
    a->next += bytes;
    a->left -= bytes;
    return memset(p, 0, bytes);
}

void *arena_alloc_array(struct arena *a, size_t size, size_t count) {
    size_t bytes;
    if (__builtin_mul_overflow(size, count, &bytes)) out_of_memory(SIZE_MAX);
    return arena_alloc(a, bytes);
}

str arena_str(struct arena *a, str s) {
    char *p = arena_alloc(a, s.n + 1);
    if (s.n) memcpy(p, s.p, s.n);
    return (str){p, s.n};
}

char *arena_cstr(struct arena *a, str s) {
    char *p = arena_alloc(a, s.n + 1);
    if (s.n) memcpy(p, s.p, s.n);
    return p;
}

str arena_printf(struct arena *a, const char *format, ...) {
    va_list args;
    va_start(args, format);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n < 0) return STR_NONE;
    char *p = arena_alloc(a, (size_t)n + 1);
    va_start(args, format);
    vsnprintf(p, (size_t)n + 1, format, args);
    va_end(args);
    return (str){p, (size_t)n};
}

struct arena_end {
    struct arena_end *older;
    void (*end)(void *what);
    void *what;
};

void arena_on_free(struct arena *a, void (*end)(void *what), void *what) {
    struct arena_end *e = ARENA_NEW(a, struct arena_end);
    *e = (struct arena_end){a->ends, end, what};
    a->ends = e;
}

void arena_free(struct arena *a) {
    for (; a->ends; a->ends = a->ends->older)
        a->ends->end(a->ends->what);
    while (a->blocks) {
        struct arena_block *older = a->blocks->older;
        free(a->blocks);
        a->blocks = older;
    }
    *a = ARENA_EMPTY;
}
