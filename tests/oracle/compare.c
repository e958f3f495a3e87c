/* compare: asks the service the questions of a batch, and holds each answer against the oracle's, field by field, or line by line where the
 * answer is a list without a key: incomplete cells and breakdowns. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/num.h"
#include "tests/oracle/batch.h"
#include "tests/support/suite.h"

enum { TOLD_MOST = 40, LINES_MOST = 1500 };

/* One answer at a time. */
struct comparing {
    struct batch *batch;
    struct service *service;
    struct totals *total;
    size_t ask;
    char path[400];
    const json_t *answer;
};

/* ---- fields ---- */

static const json_t *at(const json_t *v, const char *path) {
    for (str rest = str_of(path); v && rest.p;) {
        str key = str_cut(&rest, '.');
        char name[64];
        snprintf(name, sizeof name, "%.*s", STR_ARG(key));
        v = json_object_get(v, name);
    }
    return v;
}

static bool is_equal(const json_t *v, const char *want, const char *column) {
    if (!v || json_is_null(v)) return !want;
    if (!want) return false;
    if (json_is_boolean(v)) return (want[0] == 't') == json_is_true(v);
    if (json_is_string(v)) return strcmp(json_string_value(v), want) == 0;
    double difference = json_number_value(v) - strtod(want, NULL);
    /* The interval is the one figure for which doubles are allowed. */
    return strstr(column, "interval95") ? difference < 0.0101 && difference > -0.0101
                                        : difference < 1e-9 && difference > -1e-9;
}

static void tell(struct comparing *c, const char *element, const char *column, const char *said,
                 const char *want) {
    struct trial *t = c->batch->asks[c->ask].trial;
    t->differences++;
    if (c->total->differences++ >= TOLD_MOST) return;
    fprintf(stderr, "oracle: seed %u, %s: %s %s: the service says %s, the oracle %s\n", t->story->seed,
            c->path, element, column, said, want);
}

static void tell_field(struct comparing *c, const char *element, const char *column, const json_t *v,
                       const char *want) {
    char *said = v ? json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(12)) : NULL;
    tell(c, element, column, said ? said : "(absent)", want ? want : "null");
    free(said);
}

static const json_t *element_of(const json_t *answer, const struct view *view, const char *key) {
    size_t i;
    json_t *element;
    json_array_foreach(json_object_get(answer, view->list), i,
                       element) if (strcmp(json_string_value(json_object_get(element, view->by)), key) ==
                                    0) return element;
    return NULL;
}

static void compare_row(struct comparing *x, const struct view *view, const PGresult *r, int row) {
    const char *key = view->list ? PQgetvalue(r, row, PQfnumber(r, view->by)) : "";
    const json_t *element = view->list ? element_of(x->answer, view, key) : x->answer;
    for (int c = 1; c < PQnfields(r); c++) {
        const char *column = PQfname(r, c), *want = PQgetisnull(r, row, c) ? NULL : PQgetvalue(r, row, c);
        if (strcmp(column, "place") == 0) continue;
        const json_t *v = at(element, column);
        x->total->fields++;
        if (!is_equal(v, want, column)) tell_field(x, key, column, v, want);
    }
}

static bool is_of(const PGresult *r, int row, size_t ask) {
    uint64_t n;
    return row < PQntuples(r) && str_to_uint(str_of(PQgetvalue(r, row, 0)), ASKS_MOST, &n) && n == ask;
}

/* ---- lines ---- */

struct lines {
    char *list[LINES_MOST];
    size_t count;
};

static void add_line(struct lines *l, struct buf *line) {
    buf_add_char(line, '\0');
    if (l->count < LINES_MOST) l->list[l->count++] = buf_take(line, &(size_t){0});
    else buf_free(line);
}

static int in_order(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Against the oracle's lines of the ask, which are sorted; `whole` false: they are passed over. Frees the lines. */
static void compare_lines(struct comparing *c, enum view_of_oracle view, struct lines *l, bool whole) {
    const PGresult *r = c->batch->answers[view];
    int *next = &c->batch->next[view];
    size_t row = 0;
    if (l->count) qsort(l->list, l->count, sizeof *l->list, in_order);
    for (; is_of(r, *next, c->ask); ++*next, row++) {
        const char *want = PQgetvalue(r, *next, 1), *said = row < l->count ? l->list[row] : "(no more)";
        if (!whole) continue;
        c->total->fields++;
        if (strcmp(said, want) != 0) tell(c, "its", "lines", said, want);
    }
    if (whole && row < l->count) tell(c, "its", "lines", l->list[row], "(no more)");
    for (size_t i = 0; i < l->count; i++)
        free(l->list[i]);
}

/* The incomplete cells as "provider/episodeId/item"; all of them, or none of them where they are more than a page. */
static void compare_incomplete(struct comparing *c) {
    const json_t *results = at(c->answer, "incomplete.results"),
                 *all = at(c->answer, "incomplete.metadata.total");
    struct lines l = {.count = 0};
    for (size_t i = 0; i < json_array_size(results); i++) {
        const json_t *cell = json_array_get(results, i);
        struct buf line = BUF_EMPTY;
        buf_printf(&line, "%s/%s/%s", json_string_value(at(cell, "provider")),
                   json_string_value(at(cell, "episodeId")), json_string_value(at(cell, "item")));
        add_line(&l, &line);
    }
    compare_lines(c, OF_INCOMPLETE, &l, all && (size_t)json_integer_value(all) == json_array_size(results));
}

/* "name/numerator/denominator"; nothing where nobody is in the cell. */
static void add_cell(struct lines *l, struct buf *name, const json_t *cell) {
    const json_t *below = json_object_get(cell, "denominator");
    int64_t numerator = (int64_t)json_integer_value(json_object_get(cell, "numerator"));
    bool is_rate = !json_is_null(below);
    if (is_rate ? json_integer_value(below) == 0 : numerator == 0) {
        buf_free(name);
        return;
    }
    buf_printf(name, "/%lld/", (long long)numerator);
    if (is_rate) buf_printf(name, "%lld", (long long)json_integer_value(below));
    add_line(l, name);
}

static void add_returns(struct lines *l, const json_t *list, const char *lead) {
    size_t i, k;
    json_t *one, *period;
    json_array_foreach(list, i, one) json_array_foreach(json_object_get(one, "periods"), k, period) {
        struct buf line = BUF_EMPTY;
        const char *code = json_string_value(json_object_get(one, "code"));
        buf_printf(&line, "%s %s %s%s%s", lead, json_string_value(json_object_get(one, "provider")),
                   json_string_value(period), code ? " " : "", code ? code : "");
        add_line(l, &line);
    }
}

/* The cells with somebody in them, the total, and what became of national returns. */
static void compare_breakdown(struct comparing *c) {
    const struct broken_down *d = &c->batch->asks[c->ask].breakdown;
    struct lines l = {.count = 0};
    size_t i;
    json_t *row;
    json_array_foreach(at(c->answer, "rows"), i, row) {
        struct buf name = BUF_EMPTY;
        for (int k = 0; k < 2 && d->by[k]; k++)
            buf_printf(&name, "%s%s", k ? "," : "",
                       json_string_value(json_object_get(json_object_get(row, "keys"), d->by[k])));
        add_cell(&l, &name, row);
    }
    struct buf name = BUF_EMPTY;
    buf_add_cstr(&name, "total");
    add_cell(&l, &name, at(c->answer, "total"));
    c->total->cells += l.count;
    c->total->returns += json_array_size(at(c->answer, "nationalReturns"));
    c->total->left_out += json_array_size(at(c->answer, "notCountedBecause"));
    add_returns(&l, at(c->answer, "nationalReturns"), "return");
    add_returns(&l, at(c->answer, "notCountedBecause"), "without");
    compare_lines(c, OF_BREAKDOWN, &l, true);
}

/* ---- a batch ---- */

static void compare_resource(struct comparing *c, enum resource of) {
    struct batch *b = c->batch;
    const struct question *q = &b->asks[c->ask];
    const struct trial *t = q->trial;
    bool asked = question_path(q, of, c->path, sizeof c->path);
    struct answer a = {0};
    if (asked) {
        a = service_get(c->service, q->provider >= 0 ? t->keys[q->provider] : t->commissioner, c->path);
        CHECK(a.status == 200, "%s: %ld %.*s", c->path, a.status, STR_ARG(str_sub(buf_str(&a.body), 0, 400)));
        c->total->answers++;
    }
    c->answer = a.json;
    for (size_t i = 0; i < VIEW_COUNT; i++) {
        if (VIEWS[i].of != of) continue;
        for (; is_of(b->answers[i], b->next[i], c->ask); b->next[i]++)
            if (asked) compare_row(c, &VIEWS[i], b->answers[i], b->next[i]);
    }
    if (of == COMPLETENESS) compare_incomplete(c);
    if (of == BREAKDOWN) compare_breakdown(c);
    answer_free(&a);
}

void batch_compare(struct batch *b, struct service *s, struct totals *total) {
    struct comparing c = {.batch = b, .service = s, .total = total};
    CHECK(!b->failed[0], "%s", b->failed);
    for (c.ask = 0; c.ask < b->ask_count; c.ask++)
        for (enum resource of = 0; of < RESOURCES; of++)
            compare_resource(&c, of);
    for (size_t i = 0; i < VIEW_COUNT; i++) {
        CHECK(b->next[i] == PQntuples(b->answers[i]), "all rows of %s are used", VIEWS[i].sql);
        PQclear(b->answers[i]);
    }
}
