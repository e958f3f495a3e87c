/* See summary.h. Columns that the part does not have stand in row 0, before all else, so that their findings are among
 * those kept unless there are more than a thousand of them. */
#include "returns/summary.h"

#include <stdlib.h>

struct lines {
    struct summary_line *list;
    size_t count;
};

static int by_weight(const void *a, const void *b) {
    const struct summary_line *x = a, *y = b;
    if (x->severity != y->severity) return x->severity == SEVERITY_ERROR ? -1 : 1;
    if (x->count != y->count) return x->count > y->count ? -1 : 1;
    if (x->code != y->code) return x->code < y->code ? -1 : 1;
    const char *p = x->column ? x->column : "", *q = y->column ? y->column : "";
    return strcmp(p, q);
}

static bool is_beyond(const struct finding *k) {
    return k->row == 0 && k->order >= FINDING_PLACES - 1;
}

static size_t beyond_count(const struct findings *f) {
    size_t n = 0;
    for (size_t i = 0; i < f->kept_count; i++)
        n += is_beyond(&f->kept[i]);
    return n;
}

/* One line for each of those kept; the rest of their group stays together. */
static void add_beyond(const struct findings *f, struct lines *lines) {
    for (size_t i = 0; i < f->kept_count; i++) {
        const struct finding *k = &f->kept[i];
        if (is_beyond(k))
            lines->list[lines->count++] = (struct summary_line){k->code, k->severity, k->column, 1, 0};
    }
}

static uint64_t beyond_of(const struct lines *lines, enum finding_code code, int severity) {
    uint64_t n = 0;
    for (size_t i = 0; i < lines->count; i++)
        n += lines->list[i].code == code && (int)lines->list[i].severity == severity;
    return n;
}

static void add_groups(const struct findings *f, enum finding_code code, uint64_t beyond[2],
                       struct lines *lines) {
    for (int place = 0; place < FINDING_PLACES; place++)
        for (int severity = 0; severity < 2; severity++) {
            const struct finding_group *g = &f->groups[code][place][severity];
            uint64_t count = g->count - (place == FINDING_PLACES - 1 ? beyond[severity] : 0);
            if (count)
                lines->list[lines->count++] =
                    (struct summary_line){code, (enum severity)severity, g->column, count, g->first_row};
        }
}

size_t summary_make(const struct findings *f, struct arena *a, struct summary_line **out) {
    uint64_t beyond[FINDING_CODE_COUNT][2];
    *out = NULL;
    if (!f->groups) return 0;
    size_t most = beyond_count(f) + (size_t)FINDING_CODE_COUNT * FINDING_PLACES * 2;
    struct lines lines = {must_alloc(most * sizeof *lines.list), 0};
    add_beyond(f, &lines);
    for (int code = 0; code < FINDING_CODE_COUNT; code++)
        for (int severity = 0; severity < 2; severity++)
            beyond[code][severity] = beyond_of(&lines, (enum finding_code)code, severity);
    for (int code = 0; code < FINDING_CODE_COUNT; code++)
        add_groups(f, (enum finding_code)code, beyond[code], &lines);
    qsort(lines.list, lines.count, sizeof *lines.list, by_weight);
    *out = ARENA_ARRAY(a, struct summary_line, lines.count);
    memcpy(*out, lines.list, lines.count * sizeof *lines.list);
    free(lines.list);
    return lines.count;
}
