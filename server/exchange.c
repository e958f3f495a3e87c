/* exchange: the stages of a request, driven by libmicrohttpd's callbacks. Every path ends in a queued reply, a suspended
 * connection or a closed one: a final call that does none of these would be made again at once, for ever.
 *
 * Surprises of 0.9.75, each measured (docs: stack.md):
 * - a reply queued in the first call closes the connection, so it is queued there only when that is wanted;
 * - a reply cannot be queued while body bytes are handed over, so a fault found then is kept until the end;
 * - the connection must be suspended before the worker may learn of the job: the resume may come before we return. */
#include "server/exchange.h"

#include <microhttpd.h>
#include <unistd.h>

#include "base/date.h"
#include "server/layout.h"
#include "server/log.h"
#include "server/metrics.h"
#include "server/origin.h"
#include "server/wire.h"

struct address exchange_peer(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return origin_of_socket(info ? info->client_addr : NULL);
}

struct exchange *exchange_begin(struct server *server, struct MHD_Connection *connection,
                                struct visitor *visitor, struct wire *wire, struct key_seen *seen,
                                const char *target) {
    struct arena arena = ARENA_EMPTY;
    struct exchange *x = ARENA_NEW(&arena, struct exchange);
    x->arena = arena;
    x->server = server;
    x->connection = connection;
    x->visitor = visitor;
    x->wire = wire;
    x->seen = seen;
    x->peer = exchange_peer(connection);
    x->target = arena_str(&x->arena, str_of(target ? target : ""));
    if (target && server->layout_known) layout_hide_query(target);
    x->began = instant_now();
    x->request.arena = &x->arena;
    x->request.app = server->settings.app;
    spool_begin(&x->spool, server->spool_dir, 0);
    visitor_header_begins(visitor);
    return x;
}

/* ---- the answer ---- */

/* All of the body is in memory, and all of it will be sent: nothing follows a HEAD, nor what the library may take for one. */
static bool is_at_hand(const struct exchange *x) {
    return !x->reply.has_file && !x->reply.goes_on && x->facts.method < METHOD_COUNT &&
           x->facts.method != METHOD_HEAD;
}

/* Hands the finished reply to the library. False closes the connection. */
static bool hand_over(struct exchange *x) {
    if (atomic_load(&x->server->stopping) || x->server->settings.behind_proxy) x->close = true;
    bool at_hand = is_at_hand(x);
    struct MHD_Response *response = exchange_response(x);
    if (!response) return false;
    x->stage = STAGE_REPLY;
    visitor_reply_begins(x->visitor, x->sent);
    wire_reply_begins(x->wire, at_hand ? x->sent : 0);
    enum MHD_Result queued = MHD_queue_response(x->connection, (unsigned)x->status, response);
    if (response != x->prepared) MHD_destroy_response(response);
    if (queued != MHD_YES)
        log_event(LOG_ERROR, "reply-not-queued", "route", x->request.route ? x->request.route->name : "-",
                  "correlationId", x->request.correlation, NULL);
    return queued == MHD_YES;
}

static bool refuse(struct exchange *x) {
    exchange_refuse(x);
    return hand_over(x);
}

/* ---- the header ---- */

struct gathering {
    struct pair *pairs;
    size_t n;
};

static enum MHD_Result gather(void *context, enum MHD_ValueKind kind, const char *name, size_t name_n,
                              const char *value, size_t value_n) {
    (void)kind;
    struct gathering *g = context;
    g->pairs[g->n++] = (struct pair){{name, name_n}, {value ? value : "", value ? value_n : 0}};
    return MHD_YES;
}

/* From the method to the end of the empty line. */
static size_t header_bytes(const struct exchange *x) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return info ? info->header_size : 0;
}

/* When the client would wait in vain, or would have to send more than we care to throw away. Closes the connection. */
static bool must_answer_at_once(const struct exchange *x) {
    return x->facts.close || x->facts.expects_continue || x->facts.length > DRAIN_MAX;
}

/* The connections of a proxy are not counted for the proxy but, while they carry a request, for the client who sent it. */
static void count_for_its_client(struct exchange *x) {
    const struct server_settings *s = &x->server->settings;
    if (!s->per_ip_limit || !address_is_known(&x->from) ||
        !address_ranges_have(&s->trusted_proxies, &x->peer))
        return;
    if (!visitor_stands_for(x->visitor, &x->from, s->per_ip_limit))
        fail(&x->request.fault, ERR_TOO_MANY_REQUESTS, "More than %u requests from your address at once",
             s->per_ip_limit);
}

static bool header_is_there(struct exchange *x, const char *url, const char *method, const char *version) {
    int count = MHD_get_connection_values_n(x->connection, MHD_HEADER_KIND, NULL, NULL);
    struct gathering g = {ARENA_ARRAY(&x->arena, struct pair, count > 0 ? (size_t)count : 1), 0};
    MHD_get_connection_values_n(x->connection, MHD_HEADER_KIND, gather, &g);
    bool garbled = false;
    if (x->server->layout_known) {
        const struct layout layout = {method, header_bytes(x), url, x->target.n, version};
        garbled = layout_is_garbled(&layout, g.pairs, g.n);
        wire_header_is_there(x->wire, method, layout.length, POOL_BYTES);
    }
    exchange_admit(x, method, version, g.pairs, g.n, garbled);

    x->stage = STAGE_BODY;
    x->counted = true;
    atomic_fetch_add(&x->server->under_way, 1);
    visitor_body_begins(x->visitor);
    if (x->request.fault.err == OK) count_for_its_client(x);
    if (x->request.fault.err == OK) {
        visitor_welcome(x->visitor);
        x->spool.cap = exchange_body_cap(x);
        return true;
    }
    if (!must_answer_at_once(x)) return true;
    x->close = true;
    return refuse(x);
}

/* ---- the body ---- */

/* Who may send this and found our disk full is told so, which libmicrohttpd only does behind the body; others are not waited for as long. */
static uint64_t most_dropped(const struct exchange *x) {
    return x->request.fault.err == ERR_UNAVAILABLE ? exchange_body_cap(x) : DRAIN_MAX;
}

/* Takes the bytes, to keep or to drop. False when a refused client does not stop sending. */
static bool body_grows(struct exchange *x, const char *bytes, size_t n) {
    x->received += n;
    visitor_body_grows(x->visitor, x->received);
    if (x->request.fault.err == OK) {
        if (spool_add(&x->spool, bytes, n, &x->request.fault) != OK) spool_free(&x->spool);
        return true;
    }
    x->dropped += n;
    return x->dropped <= most_dropped(x);
}

/* ---- the work ---- */

static void work(struct job *job, void *worker, bool refused) {
    struct exchange *x = (struct exchange *)((char *)job - offsetof(struct exchange, job));
    if (refused) {
        fail(&x->request.fault, ERR_UNAVAILABLE,
             "The request waited too long for a worker, or the service is stopping");
        exchange_refuse(x);
    } else {
        exchange_run_handler(x, worker);
        exchange_keep(x);
    }
    x->request.body = x->request.received = STR_NONE;
    spool_free(&x->inflated);
    spool_free(&x->spool); /* here, since unmapping a large body takes a while */
    x->stage = STAGE_ANSWER;
    MHD_resume_connection(x->connection); /* from here on x is the I/O thread's */
}

static bool give_to_worker(struct exchange *x) {
    struct crew *crew = x->server->crews[x->request.route->lane];
    if (!crew_reserve(crew)) {
        fail(&x->request.fault, ERR_UNAVAILABLE,
             "The queue of this lane is full, or the service is stopping");
        return refuse(x);
    }
    x->stage = STAGE_WORKER;
    x->job.run = work;
    visitor_waits(x->visitor);
    MHD_suspend_connection(x->connection);
    crew_push(crew, &x->job);
    return true;
}

static bool request_is_complete(struct exchange *x) {
    struct request *r = &x->request;
    if (r->fault.err != OK) return refuse(x);
    if (exchange_remember(x)) return hand_over(x);
    if (spool_view(&x->spool, &r->fault, &r->received) != OK) return refuse(x);
    r->received_is_mapped = x->spool.map != NULL;
    r->body = r->received;
    r->body_is_mapped = r->received_is_mapped;
    if (r->route->lane != LANE_INLINE) return give_to_worker(x);
    exchange_run_handler(x, NULL);
    return hand_over(x);
}

/* False makes the library close the connection at once. */
bool exchange_step(struct exchange *x, const char *url, const char *method, const char *version,
                   const char *bytes, size_t *size) {
    if (x->stage == STAGE_LINE) return header_is_there(x, url, method, version);
    if (*size) {
        size_t n = *size;
        *size = 0;
        return x->stage == STAGE_BODY && body_grows(x, bytes, n);
    }
    if (x->stage == STAGE_BODY) return request_is_complete(x);
    if (x->stage == STAGE_ANSWER) return hand_over(x);
    log_event(LOG_ERROR, "unexpected-call", "correlationId", x->request.correlation, NULL);
    return false;
}

/* ---- the end ---- */

const char *exchange_digits(uint64_t v, char out[24]) {
    size_t at = 23;
    out[at] = '\0';
    do {
        out[--at] = (char)('0' + v % 10);
        v /= 10;
    } while (v);
    return out + at;
}

/* An answer from memory has changed nothing and told nothing new: its line may wait. */
static void log_request(const struct exchange *x, int64_t took_us, const char *how) {
    const struct request *r = &x->request;
    bool known = x->stage != STAGE_LINE && x->facts.method < METHOD_COUNT;
    char status[24], ms[24], in[24], out[24];
    int64_t took = took_us / 1000;
    (x->from_memory ? log_event_soon : log_event)(
        LOG_INFO, "request", "route", r->route ? r->route->name : NULL, "method",
        known ? method_name(x->facts.method) : NULL, "status", exchange_digits((uint64_t)x->status, status),
        "ms", exchange_digits(took > 0 ? (uint64_t)took : 0, ms), "bytesIn", exchange_digits(x->received, in),
        "bytesOut", exchange_digits(x->sent, out), "keyId", r->who ? r->who->key_id : NULL, "end", how,
        "correlationId", r->correlation[0] ? r->correlation : NULL, "from", x->from_memory ? "memory" : NULL,
        NULL);
}

void exchange_end(struct exchange *x, const char *how) {
    int64_t took_us = instant_now() - x->began;
    log_request(x, took_us, visitor_was_late(x->visitor) ? "late" : how);
    metrics_note(x->server->settings.metrics, x->request.route, x->status, took_us, x->received, x->sent);
    visitor_rests(x->visitor);
    if (x->counted) atomic_fetch_sub(&x->server->under_way, 1);
    spool_free(&x->inflated);
    spool_free(&x->spool);
    buf_free(&x->reply.body);
    exchange_response_again(x);
    kept_drop(x->server->kept, x->kept);
    if (x->reply.has_file) close(x->reply.file);
    stream_abandon(x->reply.stream);
    struct arena arena = x->arena;
    arena_free(&arena);
}
