#include "handlers/row_changes.h"

#include <stdlib.h>

#include "base/arena.h"
#include "returns/body.h"

/* The rows of the old version by key: open addressing; the tag spares reading a row that cannot be the one. */
struct old_slot {
    uint32_t tag;
    uint32_t row; /* from 1; 0 is free */
};
struct old_rows {
    const struct row_digests *all;
    struct old_slot *slots;
    size_t mask;
    struct body_window window;
    unsigned looked; /* since the pages of the old version were given back */
};

static struct body_window walk(const struct row_digests *d) {
    struct body_window w;
    body_window_begin(&w, (str){(const char *)d->rows, d->count * sizeof *d->rows}, d->are_mapped);
    return w;
}

static void old_rows_begin(struct old_rows *o, const struct row_digests *before) {
    size_t size = 16;
    while (size < before->count + before->count / 2)
        size *= 2;
    *o = (struct old_rows){before, must_calloc(size, sizeof *o->slots), size - 1, walk(before), 0};
    for (size_t i = 0; i < before->count; i++) {
        struct hash128 key = before->rows[i].key;
        size_t at = (size_t)key.a & o->mask;
        while (o->slots[at].row)
            at = (at + 1) & o->mask;
        o->slots[at] = (struct old_slot){(uint32_t)key.b, (uint32_t)i + 1};
        body_window_move(&o->window, (const char *)&before->rows[i]);
    }
}

/* Rows may come in any order: now and then all pages that were read go back. */
static void rest_now_and_then(struct old_rows *o) {
    enum { LOOKS = 64 * 1024 };
    if (++o->looked < LOOKS) return;
    o->looked = 0;
    o->window = walk(o->all);
    body_window_move(&o->window, (const char *)(o->all->rows + o->all->count));
}

static const struct row_digest *old_rows_find(struct old_rows *o, struct hash128 key) {
    rest_now_and_then(o);
    for (size_t at = (size_t)key.a & o->mask; o->slots[at].row; at = (at + 1) & o->mask) {
        const struct row_digest *d = &o->all->rows[o->slots[at].row - 1];
        if (o->slots[at].tag == (uint32_t)key.b && hash128_eq(d->key, key)) return d;
    }
    return NULL;
}

struct row_changes row_changes_count(const struct row_digests *before, const struct row_digests *after) {
    struct row_changes c = {0};
    struct old_rows old;
    if (before->count == 0) {
        c.created = (uint32_t)after->count;
        return c;
    }
    old_rows_begin(&old, before);
    struct body_window window = walk(after);
    for (size_t i = 0; i < after->count; i++) {
        const struct row_digest *now = &after->rows[i], *was = old_rows_find(&old, now->key);
        body_window_move(&window, (const char *)now);
        if (!was) c.created++;
        else if (hash128_eq(was->content, now->content)) c.unchanged++;
        else c.updated++;
    }
    c.removed = (uint32_t)before->count - c.updated - c.unchanged;
    free(old.slots);
    return c;
}

static int by_content(const void *a, const void *b) {
    const struct hash128 *x = a, *y = b;
    if (x->a != y->a) return x->a < y->a ? -1 : 1;
    return x->b < y->b ? -1 : x->b > y->b;
}

static struct hash128 *contents_sorted(const struct row_digests *d) {
    struct hash128 *all = must_calloc(d->count + 1, sizeof *all);
    struct body_window window = walk(d);
    for (size_t i = 0; i < d->count; i++) {
        all[i] = d->rows[i].content;
        body_window_move(&window, (const char *)&d->rows[i]);
    }
    qsort(all, d->count, sizeof *all, by_content);
    return all;
}

struct row_changes row_changes_count_keyless(const struct row_digests *before,
                                             const struct row_digests *after) {
    struct hash128 *old = contents_sorted(before), *new = contents_sorted(after);
    uint32_t common = 0;
    for (size_t i = 0, k = 0; i < before->count && k < after->count;) {
        int order = by_content(&old[i], &new[k]);
        common += order == 0;
        i += order <= 0;
        k += order >= 0;
    }
    free(old);
    free(new);
    return (struct row_changes){.created = (uint32_t)after->count - common,
                                .unchanged = common,
                                .removed = (uint32_t)before->count - common};
}
