/* See findings.h. Findings come nearly in order (rows ascend, columns within a row nearly), so that a new one
 * goes to the end or a few places before it. */
#include "returns/findings.h"

#include <stdlib.h>

#include "returns/part.h"

static const struct {
    const char *name;
    enum severity severity;
} CODES[] = {
#define X(name, severity) {#name, SEVERITY_##severity},
    FINDING_LIST(X)
#undef X
};

const char *finding_code_name(enum finding_code c) {
    return (unsigned)c < FINDING_CODE_COUNT ? CODES[c].name : "";
}

enum severity finding_code_severity(enum finding_code c) {
    return CODES[c].severity;
}

static bool comes_before(const struct finding *a, const struct finding *b) {
    return a->row != b->row ? a->row < b->row : a->order < b->order;
}

_Static_assert(FINDING_PLACES > COLUMNS_MAX + 1, "a place for each column, one before and one behind");

void findings_count(struct findings *f, const struct finding *what, uint64_t more) {
    unsigned place = what->order < FINDING_PLACES ? what->order : FINDING_PLACES - 1;
    if (!f->groups) f->groups = must_calloc(FINDING_CODE_COUNT, sizeof *f->groups);
    struct finding_group *g = &f->groups[what->code][place][what->severity];
    if (!g->count || what->row < g->first_row) g->first_row = what->row;
    if (what->column && place < FINDING_PLACES - 1) g->column = what->column;
    g->count += more;
    f->by_code[what->code] += more;
    *(what->severity == SEVERITY_ERROR ? &f->errors : &f->warnings) += more;
}

void findings_forget_words(struct findings *f) {
    f->kept_count = 0;
    arena_free(&f->arena);
}

/* Makes room in its place; NULL when it is not among the first. */
static struct finding *keep(struct findings *f, const struct finding *what) {
    if (!f->kept) f->kept = must_alloc(FINDINGS_KEPT * sizeof *f->kept);
    if (f->kept_count == FINDINGS_KEPT) {
        if (!comes_before(what, &f->kept[FINDINGS_KEPT - 1])) return NULL;
        f->kept_count--;
    }
    size_t at = f->kept_count++;
    while (at > 0 && comes_before(what, &f->kept[at - 1])) {
        f->kept[at] = f->kept[at - 1];
        at--;
    }
    f->kept[at] = *what;
    return &f->kept[at];
}

struct finding *findings_add(struct findings *f, const struct finding *what) {
    findings_count(f, what, 1);
    return f->only_counts ? NULL : keep(f, what);
}

/* Of the few codes that were found: all groups together are larger than the cache nearest to the processor. */
static void join_groups(struct findings *f, struct findings *later) {
    enum { GROUPS_OF_CODE = FINDING_PLACES * 2 };
    if (!f->groups) f->groups = must_calloc(FINDING_CODE_COUNT, sizeof *f->groups);
    for (size_t code = 0; code < FINDING_CODE_COUNT; code++) {
        if (!later->by_code[code]) continue;
        struct finding_group *to = &f->groups[code][0][0], *from = &later->groups[code][0][0];
        for (size_t i = 0; i < GROUPS_OF_CODE; i++) {
            if (!from[i].count) continue;
            uint64_t before = to[i].count;
            if (!before) to[i] = from[i];
            to[i].count = before + from[i].count;
            if (from[i].first_row < to[i].first_row) to[i].first_row = from[i].first_row;
        }
        memset(from, 0, sizeof *later->groups);
    }
}

void findings_join(struct findings *f, struct findings *later) {
    f->suppressed += later->suppressed;
    f->errors += later->errors;
    f->warnings += later->warnings;
    for (size_t i = 0; i < FINDING_CODE_COUNT; i++)
        f->by_code[i] += later->by_code[i];
    for (size_t i = 0; i < later->kept_count; i++) {
        struct finding *k = keep(f, &later->kept[i]);
        if (!k) break;
        k->detail = arena_str(&f->arena, k->detail);
        k->fix = arena_str(&f->arena, k->fix);
        if (k->column) k->column = arena_cstr(&f->arena, str_of(k->column));
    }
    if (later->groups && later->errors + later->warnings) join_groups(f, later);
    findings_forget_words(later);
    later->suppressed = later->errors = later->warnings = 0;
    memset(later->by_code, 0, sizeof later->by_code);
}

void findings_free(struct findings *f) {
    arena_free(&f->arena);
    free(f->kept);
    free(f->groups);
    *f = (struct findings){.arena = ARENA_EMPTY};
}
