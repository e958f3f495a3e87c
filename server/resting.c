/* resting: looks at every byte before a page goes, so it need not know what the library keeps where, and half a request stays what it is. */
#include "server/resting.h"

#include <sys/mman.h>
#include <unistd.h>

#include "server/clock.h"

enum { OFTEN_MS = 1000 };

static size_t page_bytes(void) {
    return (size_t)sysconf(_SC_PAGESIZE);
}

void resting_know(struct resting *r, const char *memory, size_t bytes, size_t earlier_at_most) {
    size_t page = page_bytes();
    if (earlier_at_most >= bytes) return;
    uintptr_t from = ((uintptr_t)memory + page - 1) / page * page;
    uintptr_t to = ((uintptr_t)memory + bytes - earlier_at_most) / page * page;
    if (from >= to) return;
    r->from = (char *)from;
    r->to = (char *)to;
}

static bool is_zero(const char *page, size_t bytes) {
    const uint64_t *words = (const uint64_t *)(const void *)page;
    uint64_t any = 0;
    for (size_t i = 0; i < bytes / sizeof *words; i++)
        any |= words[i];
    return any == 0;
}

void resting_begins(struct resting *r) {
    if (!r->from) return;
    r->since = clock_about_ms();
    if (r->comes_often || r->has_given) return;
    size_t page = page_bytes();
    for (char *at = r->from, *end; at < r->to; at = end + page) {
        for (end = at; end < r->to && is_zero(end, page);)
            end += page;
        if (end > at) madvise(at, (size_t)(end - at), MADV_DONTNEED);
    }
    r->has_given = true;
}

void resting_ends(struct resting *r) {
    if (!r->from) return;
    r->comes_often = clock_about_ms() - r->since < OFTEN_MS;
    r->has_given = false;
}
