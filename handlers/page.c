#include "handlers/page.h"

#include <stdio.h>

#include "base/hash.h"
#include "handlers/target.h"

static enum err no_cursor(struct request *r) {
    return fail(&r->fault, ERR_BAD_PARAMETER, "'%.*s' is no cursor; use metadata.cursor of the page before.",
                STR_ARG(request_query(r, "cursor")));
}

/* "o" and a number: opaque to callers, so that it may change its meaning. */
static enum err read_place(struct request *r, str cursor, struct page *out) {
    if (cursor.n < 2 || cursor.p[0] != 'o' ||
        !str_to_uint(str_sub(cursor, 1, cursor.n), 1u << 30, &out->offset))
        return no_cursor(r);
    return OK;
}

static enum err read_limit(struct request *r, struct page *out) {
    *out = (struct page){.limit = PAGE_DEFAULT};
    return query_count(r, "limit", PAGE_MAX, &out->limit);
}

enum err page_ask(struct request *r, struct page *out) {
    enum err e = read_limit(r, out);
    str cursor = request_query(r, "cursor");
    return e == OK && cursor.p ? read_place(r, cursor, out) : e;
}

static bool is_or_was_not_asked(uint64_t version, int32_t *asked) {
    bool fits = !*asked || (uint64_t)*asked == version;
    *asked = (int32_t)version;
    return fits;
}

/* "3-4-o50" */
enum err page_ask_between(struct request *r, struct page *out, int32_t *from, int32_t *to) {
    enum err e = read_limit(r, out);
    str cursor = request_query(r, "cursor");
    uint64_t first, second;
    if (e != OK || !cursor.p) return e;
    if (!memchr(cursor.p, '-', cursor.n)) return read_place(r, cursor, out);
    if (!str_to_uint(str_cut(&cursor, '-'), INT32_MAX, &first) ||
        !str_to_uint(str_cut(&cursor, '-'), INT32_MAX, &second))
        return no_cursor(r);
    if (!is_or_was_not_asked(first, from) || !is_or_was_not_asked(second, to))
        return fail(&r->fault, ERR_BAD_PARAMETER,
                    "The cursor is of the versions %llu and %llu; leave from and to out, or begin again.",
                    (unsigned long long)first, (unsigned long long)second);
    return cursor.p ? read_place(r, cursor, out) : no_cursor(r);
}

void page_pin_between(struct page *p, int32_t from, int32_t to) {
    snprintf(p->of, sizeof p->of, "%d-%d-", from, to);
}

void page_begin(struct page *p, struct json *j, size_t total) {
    p->total = total;
    p->from = p->offset < total ? (size_t)p->offset : total;
    p->to = total - p->from > p->limit ? p->from + (size_t)p->limit : total;
    json_object_begin(j);
    json_key(j, "results");
    json_array_begin(j);
}

void page_begin_at(struct page *p, struct json *j, uint64_t total) {
    page_begin(p, j, (size_t)total);
}

void page_write_finished(struct page *p, struct buf *out, str rows, uint64_t total) {
    struct json j = json_to(out);
    page_begin(p, &j, (size_t)total);
    out->n--; /* the array that page_begin opened is the one given */
    buf_add_str(out, (str){rows.p, rows.n - 1});
    page_end(p, &j);
}

void page_end(struct page *p, struct json *j) {
    char cursor[48];
    json_end(j);
    json_key(j, "metadata");
    json_object_begin(j);
    json_field_int(j, "total", (int64_t)p->total);
    json_field_int(j, "limit", (int64_t)p->limit);
    snprintf(cursor, sizeof cursor, "%so%zu", p->of, p->to);
    json_field_str(j, "cursor", p->to < p->total ? str_of(cursor) : STR_NONE);
    json_end(j);
    json_end(j);
}

void reply_etag_of_body(struct reply *p) {
    uint8_t digest[SHA256_BYTES];
    char hex[SHA256_HEX];
    sha256_of(buf_str(&p->body), digest);
    snprintf(p->etag, sizeof p->etag, "\"%.32s\"", hex_format(digest, sizeof digest, hex));
}
