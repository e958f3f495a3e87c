#include "returns/body.h"

#include <sys/mman.h>
#include <unistd.h>

static uintptr_t page_size(void) {
    return (uintptr_t)sysconf(_SC_PAGESIZE);
}

/* From the first whole page on: what lies before it in its page belongs to somebody else. */
void body_window_begin(struct body_window *w, str body, bool is_mapped) {
    size_t before = (size_t)(-(uintptr_t)body.p & (page_size() - 1));
    w->released = is_mapped && body.n >= BODY_STEP ? body.p + before : NULL;
}

/* MADV_DONTNEED drops the pages from this process; those of a file mapping come back from the file when read
 * again. */
void body_window_give_back(struct body_window *w, const char *upto) {
    size_t whole = (size_t)(upto - w->released) & ~(size_t)(page_size() - 1);
    if (whole && madvise((void *)(uintptr_t)w->released, whole, MADV_DONTNEED) != 0) {
        w->released = NULL;
        return;
    }
    w->released += whole;
}
