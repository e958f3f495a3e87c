/* reply: from struct reply to the library's response: the headers that every answer carries, ETag and 304, the body's memory.
 * A handler may set any of the standard headers itself; then ours is left out. */
#include <errno.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <unistd.h>

#include "server/etag.h"
#include "server/exchange.h"
#include "server/log.h"

static const struct {
    const char *name, *value;
} ALWAYS[] = {
    {"Strict-Transport-Security", "max-age=63072000; includeSubDomains"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
};

static bool handler_set(const struct reply *p, const char *name) {
    for (size_t i = 0; i < p->header_count; i++)
        if (str_eq_nocase(p->headers[i].name, str_of(name))) return true;
    return false;
}

/* The library takes C strings without line breaks and nothing empty; anything else would be header injection or a slip. */
static void put(const struct exchange *x, struct MHD_Response *response, const char *name, str value) {
    bool clean = value.n && strlen(value.p) == value.n;
    for (size_t i = 0; clean && i < value.n; i++)
        clean = (unsigned char)value.p[i] >= 0x20 && value.p[i] != 0x7f;
    if (clean && MHD_add_response_header(response, name, value.p) == MHD_YES) return;
    log_event(LOG_ERROR, "reply-header-refused", "name", name, "route",
              x->request.route ? x->request.route->name : "-", "correlationId", x->request.correlation, NULL);
}

static const char *cache_control(const struct exchange *x, int status) {
    bool reads = x->request.method == METHOD_GET || x->request.method == METHOD_HEAD;
    return reads && status < 400 && !x->reply.no_store ? "private, no-cache" : "no-store";
}

/* As the Government's API standards name them (UKHSA); Reset in seconds. */
static void put_rate(const struct exchange *x, struct MHD_Response *response) {
    const struct rate_left *left = &x->rate;
    const struct {
        const char *name;
        unsigned value;
    } LINES[] = {{"X-RateLimit-Limit", left->limit},
                 {"X-RateLimit-Remaining", left->remaining},
                 {"X-RateLimit-Reset", left->reset}};
    char text[24];
    for (size_t i = 0; left->limit && i < sizeof LINES / sizeof *LINES; i++)
        MHD_add_response_header(response, LINES[i].name, exchange_digits(LINES[i].value, text));
}

/* What belongs to the answer. */
static void put_own_headers(const struct exchange *x, struct MHD_Response *response, int status,
                            bool has_body) {
    const struct reply *p = &x->reply;
    for (size_t i = 0; i < sizeof ALWAYS / sizeof *ALWAYS; i++)
        if (!handler_set(p, ALWAYS[i].name))
            MHD_add_response_header(response, ALWAYS[i].name, ALWAYS[i].value);
    if (!handler_set(p, "Cache-Control"))
        MHD_add_response_header(response, "Cache-Control", cache_control(x, status));
    if (has_body && !handler_set(p, "Content-Type"))
        put(x, response, "Content-Type", str_of(p->content_type ? p->content_type : "application/json"));
    if (p->etag[0]) put(x, response, "ETag", str_of(p->etag));
    if (p->stamp[0]) put(x, response, "Quarterday-Stamp", str_of(p->stamp));
    for (size_t i = 0; i < p->header_count; i++)
        put(x, response, p->headers[i].name.p, p->headers[i].value);
}

/* What belongs to this request. */
static void put_request_headers(const struct exchange *x, struct MHD_Response *response) {
    put(x, response, "X-Correlation-ID", str_of(x->request.correlation));
    put_rate(x, response);
    if (x->close) MHD_add_response_header(response, "Connection", "close");
}

static void take_request_headers_off(const struct exchange *x, struct MHD_Response *response) {
    static const char *const NAMES[] = {"X-Correlation-ID", "X-RateLimit-Limit", "X-RateLimit-Remaining",
                                        "X-RateLimit-Reset"};
    size_t count = x->rate.limit ? sizeof NAMES / sizeof *NAMES : 1;
    for (size_t i = 0; i < count; i++) {
        const char *value = MHD_get_response_header(response, NAMES[i]);
        if (value) MHD_del_response_header(response, NAMES[i], value);
    }
}

/* ---- a file ---- */

/* The library itself reads a file in pieces of 4 KiB, each of them a TLS record and a call of its own. This is four records as large as they
 * may be; so much memory has a connection that sends a file. */
enum { FILE_PIECE = 64 * 1024 };

static ssize_t file_give(void *file, uint64_t position, char *out, size_t room) {
    ssize_t n;
    do {
        n = pread((int)(intptr_t)file, out, room, (off_t)position);
    } while (n < 0 && errno == EINTR);
    return n > 0 ? n : MHD_CONTENT_READER_END_WITH_ERROR;
}

static void file_close(void *file) {
    close((int)(intptr_t)file);
}

/* The file is closed with the response. */
static struct MHD_Response *take_file(struct reply *p, uint64_t *out_bytes) {
    struct MHD_Response *response = MHD_create_response_from_callback(p->file_bytes, FILE_PIECE, file_give,
                                                                      (void *)(intptr_t)p->file, file_close);
    *out_bytes = p->file_bytes;
    if (response) p->has_file = false;
    return response;
}

/* ---- the body ---- */

static struct MHD_Response *take_body(struct reply *p, uint64_t *out_bytes) {
    if (p->has_file) return take_file(p, out_bytes);
    if (p->lasting.n) {
        *out_bytes = p->lasting.n;
        return MHD_create_response_from_buffer(p->lasting.n, (void *)(uintptr_t)p->lasting.p,
                                               MHD_RESPMEM_PERSISTENT);
    }
    size_t n = 0;
    char *bytes = p->body.p ? buf_take(&p->body, &n) : NULL;
    *out_bytes = n;
    if (!n) {
        free(bytes);
        return MHD_create_response_from_buffer(0, (void *)(uintptr_t) "", MHD_RESPMEM_PERSISTENT);
    }
    struct MHD_Response *response = MHD_create_response_from_buffer(n, bytes, MHD_RESPMEM_MUST_FREE);
    if (!response) free(bytes);
    return response;
}

/* A 304 keeps the body's length, as HTTP wants it; the library sends no byte of it. */
static bool is_unchanged(const struct exchange *x, int status) {
    bool reads = x->request.method == METHOD_GET || x->request.method == METHOD_HEAD;
    return reads && status == 200 && x->reply.etag[0] && etag_is_known(&x->request, str_of(x->reply.etag));
}

/* Of a kept one: sent before, perhaps, and not by anybody else at this moment. One that closes its connection is not for the next. */
static struct MHD_Response *prepared_response(struct exchange *x) {
    struct MHD_Response *response = kept_prepared_take(x->server->kept, x->kept);
    if (!response) {
        response = take_body(&x->reply, &x->sent);
        if (!response) return NULL;
        put_own_headers(x, response, 200, true);
    }
    x->sent = x->reply.lasting.n;
    x->prepared = response;
    return response;
}

void exchange_response_again(struct exchange *x) {
    if (!x->prepared) return;
    take_request_headers_off(x, x->prepared);
    kept_prepared_give(x->server->kept, x->kept, x->prepared);
    x->prepared = NULL;
}

void exchange_response_drop(void *prepared) {
    MHD_destroy_response(prepared);
}

static struct MHD_Response *fresh_response(struct exchange *x, int status) {
    struct MHD_Response *response = x->reply.goes_on ? stream_response(x) : take_body(&x->reply, &x->sent);
    if (response) put_own_headers(x, response, status, x->sent > 0 || x->reply.goes_on);
    return response;
}

struct MHD_Response *exchange_response(struct exchange *x) {
    int status = x->reply.status ? x->reply.status : 200;
    if (is_unchanged(x, status)) status = 304;
    struct MHD_Response *response = x->kept && !x->close ? prepared_response(x) : fresh_response(x, status);
    if (!response) return NULL;
    put_request_headers(x, response);
    bool asks_for_head =
        x->facts.method == METHOD_HEAD; /* the request's own is not known where the guard refused it */
    if (status == 304 || asks_for_head) x->sent = 0;
    x->status = status;
    return response;
}
