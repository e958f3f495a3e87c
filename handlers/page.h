/* page: lists are {"results":[...],"metadata":{"total","limit","cursor"}}; `cursor` is null on the last page. */
#ifndef QD_HANDLERS_PAGE_H
#define QD_HANDLERS_PAGE_H

#include "base/json.h"
#include "server/http.h"

enum { PAGE_DEFAULT = 50, PAGE_MAX = 500 };

struct page {
    uint64_t limit, offset;
    size_t total, from, to; /* rows of this page: from <= i < to */
    char of[24];            /* stands in front of the number in cursors: what the pages are of; "": nothing */
};

/* ?limit= (1 to 500, default 50) and ?cursor= (as an earlier page gave it). */
enum err page_ask(struct request *r, struct page *out);
/* The same for pages of what lies between two versions: their cursors name both, so that every page is of the same two,
 * whatever comes in meanwhile. *from and *to are 0 or what else was asked for; a cursor of others is refused. */
enum err page_ask_between(struct request *r, struct page *out, int32_t *from, int32_t *to);
void page_pin_between(struct page *p, int32_t from, int32_t to);
/* Opens the envelope and the results; sets from and to. */
void page_begin(struct page *p, struct json *j, size_t total);
/* The same for rows that are only those of the page: the caller has chosen them by offset and limit. */
void page_begin_at(struct page *p, struct json *j, uint64_t total);
/* The whole envelope around a finished array of the page's rows. */
void page_write_finished(struct page *p, struct buf *out, str rows, uint64_t total);
void page_end(struct page *p, struct json *j);

/* A strong ETag from the body's SHA-256. */
void reply_etag_of_body(struct reply *p);

#endif
