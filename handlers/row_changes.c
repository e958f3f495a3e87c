#include "handlers/row_changes.h"

#include <stdlib.h>

#include "base/arena.h"

struct row_changes row_changes_count(const struct row_digest *before, size_t before_count,
                                     const struct row_digest *after, size_t after_count) {
    struct row_changes c = {0};
    if (before_count == 0) {
        c.created = (uint32_t)after_count;
        return c;
    }
    size_t size = 16;
    while (size < 2 * before_count)
        size *= 2;
    const struct row_digest **slots = must_calloc(size, sizeof(const struct row_digest *));
    for (size_t i = 0; i < before_count; i++) {
        size_t at = (size_t)before[i].key.a & (size - 1);
        while (slots[at])
            at = (at + 1) & (size - 1);
        slots[at] = &before[i];
    }
    uint32_t kept = 0;
    for (size_t i = 0; i < after_count; i++) {
        size_t at = (size_t)after[i].key.a & (size - 1);
        while (slots[at] && !hash128_eq(slots[at]->key, after[i].key))
            at = (at + 1) & (size - 1);
        if (!slots[at]) {
            c.created++;
            continue;
        }
        kept++;
        if (hash128_eq(slots[at]->content, after[i].content)) c.unchanged++;
        else c.updated++;
    }
    c.removed = (uint32_t)before_count - kept;
    free(slots);
    return c;
}

static int by_content(const void *a, const void *b) {
    const struct hash128 *x = a, *y = b;
    if (x->a != y->a) return x->a < y->a ? -1 : 1;
    return x->b < y->b ? -1 : x->b > y->b;
}

static struct hash128 *contents_sorted(const struct row_digest *rows, size_t count) {
    struct hash128 *all = must_calloc(count + 1, sizeof *all);
    for (size_t i = 0; i < count; i++)
        all[i] = rows[i].content;
    qsort(all, count, sizeof *all, by_content);
    return all;
}

struct row_changes row_changes_count_keyless(const struct row_digest *before, size_t before_count,
                                             const struct row_digest *after, size_t after_count) {
    struct hash128 *old = contents_sorted(before, before_count), *new = contents_sorted(after, after_count);
    uint32_t common = 0;
    for (size_t i = 0, k = 0; i < before_count && k < after_count;) {
        int order = by_content(&old[i], &new[k]);
        common += order == 0;
        i += order <= 0;
        k += order >= 0;
    }
    free(old);
    free(new);
    return (struct row_changes){.created = (uint32_t)after_count - common,
                                .unchanged = common,
                                .removed = (uint32_t)before_count - common};
}
