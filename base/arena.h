/* arena: memory of one request or one job; everything in it goes at once.
 * Allocation never returns NULL for a reasonable size: out of memory ends the process with a message, since a
 * half-built answer would be worse and nothing acknowledged is ever only in memory. */
#ifndef QD_BASE_ARENA_H
#define QD_BASE_ARENA_H

#include "base/str.h"

struct arena_block;
struct arena_end;
struct arena {
    struct arena_block *blocks;
    size_t left;
    char *next;
    struct arena_end *ends;
};

#define ARENA_EMPTY ((struct arena){NULL, 0, NULL, NULL})

/* Zeroed, aligned for any object. */
void *arena_alloc(struct arena *a, size_t bytes);
#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, count) ((type *)arena_alloc_array((a), sizeof(type), (count)))
void *arena_alloc_array(struct arena *a, size_t size, size_t count);
/* A copy with a NUL after it (not counted), so that .p is also a C string. */
str arena_str(struct arena *a, str s);
char *arena_cstr(struct arena *a, str s);
str arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Calls the function when the arena is freed, before its memory goes: for what is kept outside memory. */
void arena_on_free(struct arena *a, void (*end)(void *what), void *what);
void arena_free(struct arena *a);

/* malloc, calloc and realloc that end the process instead of returning NULL. Free with free(). */
void *must_alloc(size_t bytes);
void *must_calloc(size_t count, size_t size);
void *must_realloc(void *p, size_t bytes);
char *must_strdup(const char *s);
/* In large pages where it fills one and the kernel has them: a page fault for 2 MiB instead of 512, and a place in the
 * processor's table of pages for what is met at random. */
void *must_alloc_large(size_t bytes);

#endif
