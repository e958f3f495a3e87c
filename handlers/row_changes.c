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

/* ---- which rows ---- */

/* For each row of the new version the one that it was (1-based; 0: none), and for each of the old whether it is any. */
struct matching {
    const struct row_digests *before, *after;
    uint32_t *was;
    bool *is_kept;
};

static void keep(struct matching *m, uint32_t before, uint32_t after) {
    m->was[after] = before + 1;
    m->is_kept[before] = true;
}

static void match_keys(struct matching *m) {
    struct old_rows old;
    old_rows_begin(&old, m->before);
    struct body_window window = walk(m->after);
    for (size_t i = 0; i < m->after->count; i++) {
        const struct row_digest *was = old_rows_find(&old, m->after->rows[i].key);
        body_window_move(&window, (const char *)&m->after->rows[i]);
        if (was) keep(m, (uint32_t)(was - m->before->rows), (uint32_t)i);
    }
    free(old.slots);
}

struct numbered {
    struct hash128 content;
    uint32_t row;
};

static int by_content_and_row(const void *a, const void *b) {
    const struct numbered *x = a, *y = b;
    int order = by_content(&x->content, &y->content);
    return order ? order : x->row < y->row ? -1 : x->row > y->row;
}

static struct numbered *numbered_sorted(const struct row_digests *d) {
    struct numbered *all = must_calloc(d->count + 1, sizeof *all);
    struct body_window window = walk(d);
    for (size_t i = 0; i < d->count; i++) {
        all[i] = (struct numbered){d->rows[i].content, (uint32_t)i};
        body_window_move(&window, (const char *)&d->rows[i]);
    }
    qsort(all, d->count, sizeof *all, by_content_and_row);
    return all;
}

static void match_contents(struct matching *m) {
    struct numbered *old = numbered_sorted(m->before), *new = numbered_sorted(m->after);
    for (size_t i = 0, k = 0; i < m->before->count && k < m->after->count;) {
        int order = by_content(&old[i].content, &new[k].content);
        if (order == 0) keep(m, old[i].row, new[k].row);
        i += order <= 0;
        k += order >= 0;
    }
    free(old);
    free(new);
}

static void list_new_rows(const struct matching *m, struct row_change_list *out) {
    struct body_window before = walk(m->before), after = walk(m->after);
    for (uint32_t i = 0; i < m->after->count; i++) {
        const struct row_digest *now = &m->after->rows[i];
        const struct row_digest *was = m->was[i] ? &m->before->rows[m->was[i] - 1] : NULL;
        body_window_move(&after, (const char *)now);
        if (was) body_window_move(&before, (const char *)was);
        if (was && hash128_eq(was->content, now->content)) {
            out->counts.unchanged++;
            continue;
        }
        if (was) out->counts.updated++;
        else out->counts.created++;
        out->changes[out->count++] = (struct row_change){m->was[i], i + 1};
    }
}

void row_changes_list(const struct row_digests *before, const struct row_digests *after, bool keyed,
                      struct row_change_list *out) {
    struct matching m = {before, after, must_calloc(after->count + 1, sizeof *m.was),
                         must_calloc(before->count + 1, sizeof *m.is_kept)};
    *out = (struct row_change_list){.changes =
                                        must_calloc(before->count + after->count + 1, sizeof *out->changes)};
    if (keyed) match_keys(&m);
    else match_contents(&m);
    list_new_rows(&m, out);
    for (uint32_t i = 0; i < before->count; i++) {
        if (m.is_kept[i]) continue;
        out->changes[out->count++] = (struct row_change){i + 1, 0};
        out->counts.removed++;
    }
    free(m.was);
    free(m.is_kept);
}

void row_change_list_free(struct row_change_list *l) {
    free(l->changes);
    *l = (struct row_change_list){NULL, 0, {0}};
}
