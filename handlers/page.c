#include "handlers/page.h"

#include <stdio.h>

#include "base/hash.h"
#include "handlers/target.h"

enum err page_ask(struct request *r, struct page *out) {
    *out = (struct page){.limit = PAGE_DEFAULT};
    enum err e = query_count(r, "limit", PAGE_MAX, &out->limit);
    if (e != OK) return e;
    str cursor = request_query(r, "cursor");
    if (!cursor.p) return OK;
    /* "o" and a number: opaque to callers, so that it may change its meaning. */
    if (cursor.n < 2 || cursor.p[0] != 'o' ||
        !str_to_uint(str_sub(cursor, 1, cursor.n), 1u << 30, &out->offset))
        return fail(&r->fault, ERR_BAD_PARAMETER,
                    "'%.*s' is no cursor; use metadata.cursor of the page before.", STR_ARG(cursor));
    return OK;
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
    char cursor[32];
    json_end(j);
    json_key(j, "metadata");
    json_object_begin(j);
    json_field_int(j, "total", (int64_t)p->total);
    json_field_int(j, "limit", (int64_t)p->limit);
    snprintf(cursor, sizeof cursor, "o%zu", p->to);
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
