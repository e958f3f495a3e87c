/* http: what a handler sees of HTTP. The only header of server/ that handlers/ may include.
 *
 * A request is owned by one thread at a time: an I/O thread while it arrives, one worker while its handler runs.
 * Everything a handler allocates for the request goes into request->arena; the reply's body is malloc'ed (buf) and
 * passes to libmicrohttpd. Handlers never see libmicrohttpd. */
#ifndef QD_SERVER_HTTP_H
#define QD_SERVER_HTTP_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/stamp.h"

enum method {
    METHOD_GET,
    METHOD_HEAD,
    METHOD_POST,
    METHOD_PUT,
    METHOD_PATCH,
    METHOD_DELETE,
    METHOD_OPTIONS,
    METHOD_COUNT
};
const char *method_name(enum method m);

/* Who holds a key. A bit set, so that a route can say who may. */
enum role {
    ROLE_ADMIN = 1,
    ROLE_COMMISSIONER = 2,
    ROLE_CHECKER = 4,
    ROLE_PROVIDER = 8,
    ROLE_FEED = 16,  /* reads the feeds of one service, and nothing else */
    ROLE_ANYONE = 0, /* no key needed */
};
/* Beside the roles of a route: keys of the public audience may ask, too; the handler then writes every number through
 * kpi/disclose.h. All other routes refuse them. */
enum { AUDIENCE_PUBLIC = 256 };
/* Beside the roles of a route that shows client rows: a commissioner may only with SCOPE_CLIENT_ROWS; the handler asks for the reason
 * and writes the audit line. */
enum { CLIENT_ROWS = 512 };
/* Beside the roles of a route whose change touches every service: no key that is bound to one may. */
enum { EVERY_SERVICE = 1024 };

/* What a key may beyond its role. A bit set. */
enum scope {
    SCOPE_CLIENT_ROWS = 1, /* a commissioner reads client rows, for a reason, with an audit line */
};

struct principal {
    enum role role;
    char key_id[24];   /* public part of the key: what logs and audit say */
    char service[65];  /* "" for admin and checker of every service */
    char provider[65]; /* only ROLE_PROVIDER */
    char audience[17]; /* "internal" or "public" */
    unsigned scopes;   /* bits of enum scope */
};

/* Where a handler runs. */
enum lane {
    LANE_INLINE, /* on the I/O thread: must not block, no worker, no database */
    LANE_READ,   /* on a read worker */
    LANE_WRITE,  /* on an upload worker */
};

enum body_policy {
    BODY_NONE, /* a body is a 400 */
    BODY_JSON, /* application/json, at most 1 MiB */
    BODY_ROWS, /* text/csv or application/json, missing type is sniffed; up to the body cap, spooled */
};

struct request;
struct reply;
/* Fills the reply, or returns an error whose words are in request->fault (fail(&request->fault, ...)). */
typedef enum err handler_fn(struct request *request, struct reply *reply);

enum { PARAMS_MAX = 6, QUERY_MAX = 16 };

struct route {
    const char *name;    /* "part.put": logs, tests, OpenAPI operationId */
    enum method method;  /* GET also serves HEAD */
    const char *pattern; /* "/v1/returns/{service}/{provider}/{period}/{part}" */
    unsigned roles;      /* who may: bits of enum role and of those above, or ROLE_ANYONE */
    enum lane lane;
    enum body_policy body;
    const char
        *query; /* known query parameters, separated by spaces; others are a 400 that names the nearest */
    handler_fn *handle;
    /* GET: what a success is written as; a 406 when the Accept header has room for nothing of it. NULL is application/json; "" leaves it to a
     * handler that offers several. */
    const char *offers;
};

struct pair {
    str name, value;
};

struct request {
    const struct route *route;
    enum method method;
    str path;                     /* as matched, without the query */
    str params[PARAMS_MAX];       /* of the pattern, in order; each is 1-64 of A-Z a-z 0-9 . _ - */
    struct pair query[QUERY_MAX]; /* decoded, valid UTF-8, each name at most once */
    size_t query_count;
    const struct pair *headers; /* as received */
    size_t header_count;
    const struct principal *who; /* NULL when anonymous */
    str received;                /* the body's bytes as they came; read-only; empty when there is none */
    bool received_is_mapped;
    str body;             /* the same, or what they were inflated to */
    bool body_is_mapped;  /* from a file: pages that have been read may be given back (returns/body.h) */
    char correlation[65]; /* X-Correlation-ID, the caller's or ours */
    bool hidden;          /* request_hides() */
    struct arena *arena;
    void *app;    /* server_settings.app */
    void *worker; /* what server_settings.worker_begin returned; NULL inline */
    struct fault fault;
};

/* The value of the pattern's {name}; empty when the pattern has none. */
str request_param(const struct request *r, const char *name);
/* The value of ?name=, or STR_NONE. "?flag" and "?flag=" are empty but not NONE. */
str request_query(const struct request *r, const char *name);
/* The first header of that name (case-insensitive), or STR_NONE. */
str request_header(const struct request *r, const char *name);
/* Content type without parameters, lower-case; STR_NONE when the header is missing. */
str request_content_type(const struct request *r);
/* Chooses by the Accept header (RFC 9110, q-values, wildcards; none given: the first offer). On failure the fault names the offers. */
enum err request_negotiate(struct request *r, const char *const offers[], size_t count, size_t *out_choice);
/* Whether the Accept header names that media type with a parameter set: "text/csv; annotate=1". */
bool request_accepts_with(const struct request *r, const char *media, const char *parameter);
/* Does Accept-Encoding have room for gzip? */
bool request_accepts_gzip(const struct request *r);
/* What is asked for is another's, or an id that this key can see nothing by: should the answer be that refusal, the audit hears of it (server/refusals.h).
 * Gives back e, so that a function can end in: return request_hides(r, fail(&r->fault, ERR_NOT_FOUND, ...)); */
enum err request_hides(struct request *r, enum err e);
/* ?name=true|false (empty counts as true, absent as false), otherwise ERR_BAD_PARAMETER. */
enum err request_flag(struct request *r, const char *name, bool *out);

/* Of which state of what is stored an answer was made. Two that are equal give the same answer to the same question. */
struct reply_state {
    uint64_t generation; /* of the service that is asked (db/freshness.h) */
    int32_t day;         /* today */
};

enum { REPLY_HEADERS_MAX = 8 };
struct reply {
    int status; /* 200 when left 0 */
    struct buf body;
    bool has_file; /* instead of body: a file from its first byte; it is closed when it has been sent */
    int file;
    uint64_t file_bytes;
    str lasting;  /* instead of body: bytes that live as long as the process, sent without a copy */
    bool goes_on; /* instead of body: a stream, by stream_begin() */
    struct stream *stream;
    const char *content_type; /* "application/json" when left NULL */
    char etag[72]; /* strong, with its quotes; "" for none. A GET whose If-None-Match has it becomes a 304 */
    bool no_store; /* Cache-Control: no-store instead of private, no-cache */
    /* May be sent again to the same question while the service and the day are the same (server/kept.h). Then the answer may depend on
     * nothing but what is stored of that service, the day, the rights of the key (not which key it is), the address, and the headers Accept and
     * Accept-Encoding; not on the time of the day. */
    bool may_be_kept;
    char stamp[STAMP_TEXT]; /* of the figures: Quarterday-Stamp (base/stamp.h); "" for none */
    struct pair headers[REPLY_HEADERS_MAX];
    size_t header_count;
};
/* name is a literal; value is copied into the arena. */
void reply_header(struct request *r, struct reply *p, const char *name, str value);

/* ---- replies that go on ---- */

/* A reply that is written while it lasts. The handler begins it and returns; from then on a feeder, which is a thread of somebody's own,
 * puts bytes into it, each time when the reader has taken those before. No thread of the server waits for a stream. */
struct stream;
struct stream_feeder {
    /* The reader has taken everything, or the stream is over. Called by threads of the server: must not block, nor ask the stream. */
    void (*called)(void *context);
    void *context;
    str heartbeat; /* lasting bytes, sent where nothing else was for a while, so that both ends notice that the other one is gone */
};
/* Makes the reply a stream; the last thing that a handler does. *out is the feeder's hold on it, given back by stream_drop(); NULL for HEAD,
 * where there is nothing to feed. ERR_TOO_MANY_REQUESTS: this key has as many open as it may; ERR_UNAVAILABLE: so have all together,
 * or the service is stopping. */
enum err stream_begin(struct request *r, struct reply *p, const struct stream_feeder *feeder,
                      struct stream **out);
/* OVER: the reader has gone, its key is no longer good, or the service is stopping; nothing more goes out. */
enum stream_state { STREAM_BUSY, STREAM_WAITS, STREAM_OVER };
enum stream_state stream_state(struct stream *s);
/* Copies the bytes. For streams that wait: what a busy one is given stays in memory. */
void stream_put(struct stream *s, str bytes);
/* The feeder has nothing more for it: it ends when everything that was put is sent. */
void stream_drop(struct stream *s);

/* Opens {"type":"/problems/...","title","status","detail","instance","code" and leaves the object open, for answers that add
 * members (an upload's errors[]); the caller adds, then json_end(). Sets the reply's status and content type. */
struct json problem_begin(struct request *r, struct reply *p, enum err e, str detail);

#endif
