/* fuzz_query: the values of a query as the handlers take them: pages and their cursors, periods, days, instants, counts, authorities. The
 * input is a raw query; every reader is given all of it. What a page gives as the cursor of the next one is understood by it. */
#include <jansson.h>

#include "handlers/authority_ask.h"
#include "handlers/page.h"
#include "handlers/target.h"
#include "server/query.h"
#include "tests/fuzz/target.h"

#define KNOWN "limit cursor period asAt knownAt after n localAuthority dryRun"

/* The query's own words for what is wrong, or none. */
static bool reads(struct request *r, enum err e) {
    must(r->fault.err == e && (e == OK) == (r->fault.detail[0] == '\0'));
    must(str_is_utf8(str_of(r->fault.detail), NULL));
    r->fault = (struct fault){.err = OK};
    return e == OK;
}

/* The cursor that this page gives, "" at the end. */
static void cursor_after(struct page *p, uint64_t total, char out[64]) {
    struct buf text = BUF_EMPTY;
    struct json j = json_to(&text);
    page_begin_at(p, &j, total);
    page_end(p, &j);
    json_t *page = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, NULL);
    json_t *cursor = json_object_get(json_object_get(page, "metadata"), "cursor");
    must(page && (json_is_string(cursor) || json_is_null(cursor)));
    snprintf(out, 64, "%.60s", json_is_string(cursor) ? json_string_value(cursor) : "");
    json_decref(page);
    buf_free(&text);
}

static void turn_the_page(struct request *r, struct page *p) {
    char cursor[64];
    cursor_after(p, p->offset + p->limit + 1, cursor);
    must(cursor[0]);
    struct request next = {.arena = r->arena, .query_count = 1};
    next.query[0] = (struct pair){STR("cursor"), str_of(cursor)};
    struct page again = {0};
    must(page_ask(&next, &again) == OK && again.offset == p->offset + p->limit);
}

static void pages(struct request *r) {
    struct page p = {0};
    int32_t from = 0, to = 0;
    if (reads(r, page_ask(r, &p))) {
        must(p.limit >= 1 && p.limit <= PAGE_MAX);
        if (p.offset + p.limit < 1u << 30) turn_the_page(r, &p);
    }
    struct page between = {0};
    if (reads(r, page_ask_between(r, &between, &from, &to))) must(from >= 0 && to >= 0);
}

static void values(struct request *r) {
    int16_t period = -1;
    int32_t day = DAY_NONE;
    int64_t instant = INSTANT_NONE, after = -1;
    uint64_t count = 0;
    uint32_t authority = 0;
    bool flag;
    char text[INSTANT_TEXT];
    if (reads(r, query_period(r, "period", &period)) && period != -1)
        must(str_is(request_query(r, "period"), period_format(period, text)));
    if (reads(r, query_day(r, "asAt", &day)) && day != DAY_NONE)
        must(str_is(request_query(r, "asAt"), day_format(day, text)));
    reads(r, query_instant(r, "knownAt", &instant));
    if (reads(r, query_count(r, "n", 1000, &count))) must(count <= 1000);
    if (reads(r, query_after(r, &after))) must(after >= 0);
    reads(r, query_authority(r, "localAuthority", &authority));
    reads(r, request_flag(r, "dryRun", &flag));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena = ARENA_EMPTY;
    struct request r = {.arena = &arena};
    if (query_parse(&arena, (str){(const char *)data, size}, KNOWN, &r.fault, r.query, &r.query_count) ==
        OK) {
        pages(&r);
        values(&r);
    }
    arena_free(&arena);
    return 0;
}
