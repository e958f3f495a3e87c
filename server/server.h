/* server: the process's HTTPS face. Knows HTTP and threads, no KPI and no SQL: routes, authentication and per-worker state come from main.c. */
#ifndef QD_SERVER_SERVER_H
#define QD_SERVER_SERVER_H

#include "base/address.h"
#include "server/http.h"

struct key_seen;

struct server;

struct refusal {
    const struct principal *who;
    const struct route *route;
    enum err err;
    str service; /* the one that was asked for, whether there is one or not; empty: none was named */
    str path;
};

struct metrics;

struct server_settings {
    const char *listen;    /* "127.0.0.1", "::1", "0.0.0.0" */
    uint16_t port;         /* 0 takes a free one */
    const char *cert_file; /* PEM; reloaded by server_reload_certificate() */
    const char *key_file;
    const char *hosts;     /* names that Host may have, with commas between; NULL or "": any */
    const char *spool_dir; /* for the unnamed files of large bodies */
    uint64_t body_cap;     /* bytes; 256 MiB by default */
    uint64_t gzip_ratio;   /* how many times larger a gzip body may become; 0: none is taken */
    unsigned io_threads;   /* 2 */
    unsigned read_workers, write_workers;
    unsigned connection_limit;
    unsigned
        per_ip_limit; /* of one network (address_network()); a trusted proxy's count for its clients; 0: no limit */
    unsigned queue_limit; /* jobs waiting per lane; beyond that 503 with Retry-After */
    /* Absolute deadlines in seconds (security.md R4): TLS handshake and headers, grace and minimum rate of a body, a
     * whole request, an idle keep-alive connection. 0 takes the default. Tests shorten them. */
    unsigned header_seconds, body_grace_seconds, body_min_rate, request_seconds, idle_seconds;

    /* Streams: how many at once, of one key, and after how long without a byte the heartbeat is sent. 0 takes the default. */
    unsigned stream_limit, streams_per_key, heartbeat_seconds;
    /* Requests a minute (server/rates.h); 0: as many as they like. Of one key, its uploads apart; of one address without a key; and
     * how often an address may send a key that is none before it hears 429 in the place of 401. */
    unsigned key_per_minute, key_uploads_per_minute, address_per_minute, failures_per_minute;

    const struct route *routes;
    size_t route_count;
    struct metrics *metrics; /* what ends is noted there; may be NULL */
    void *app;
    /* The principal for a bearer credential that comes from this address, copied into *out; ERR_UNAUTHENTICATED otherwise. `seen` is kept
     * for the connection (base/key_format.h). Called on I/O threads: memory only. */
    enum err (*authenticate)(void *app, str credential, struct key_seen *seen, const struct address *from,
                             struct principal *out);
    /* Proxies that are believed when they say from where a request comes (server/origin.h). None: nobody is. */
    struct address_ranges trusted_proxies;
    bool reads_forwarded; /* in Forwarded, not in X-Forwarded-For */
    bool
        behind_proxy; /* every answer closes its connection: what a proxy took for one request can never be two */
    /* Is the key of a stream still good? Asked each second, memory only. May be NULL. */
    bool (*in_force)(void *app, const struct principal *who);
    /* What is wrong with a request that has a body by its address alone: refused before the body is sent. The handler finds
     * it too. Called on I/O threads: memory only. May be NULL. */
    enum err (*before_body)(struct request *r);
    /* A key was refused something that is not its own: 403, or 404 for what is hidden. Any thread, memory only. May be NULL. */
    void (*refused)(void *app, const struct refusal *what);
    /* Finished replies in memory (server/kept.h): how many bytes of them; 0: none. */
    size_t kept_bytes;
    /* The state of what the request asks for; false: it is not known, ask the database. Called on I/O threads: memory only. May be NULL:
     * nothing is kept. */
    bool (*reply_state)(const struct request *r, struct reply_state *out);
    void *(*worker_begin)(void *app, enum lane lane); /* on the worker's own thread */
    /* Before and after the handler of every request that a worker has. An error of the first is the answer. May be NULL. */
    enum err (*before_handler)(struct request *r);
    void (*after_handler)(struct request *r, struct reply *p);
    void (*worker_end)(void *worker);
};

/* Starts listening. On failure *out is untouched and the fault says what to do. */
enum err server_start(const struct server_settings *s, struct fault *fault, struct server **out);
uint16_t server_port(const struct server *s);
/* Requests whose header was judged and which have not ended. Any thread. */
unsigned server_under_way(const struct server *s);
/* Reads certificate and key again; the old ones stay in force when the new ones do not fit. */
enum err server_reload_certificate(struct server *s, struct fault *fault);
/* Stops accepting, lets every running handler finish and its reply go out (at most `grace_seconds`), then stops everything.
 * Never leaves a suspended request behind (libmicrohttpd would abort the process). */
void server_stop(struct server *s, unsigned grace_seconds);

/* May this principal do that on this object? Pure. ERR_UNAUTHENTICATED without a needed key, ERR_FORBIDDEN for a missing right,
 * ERR_NOT_FOUND for what belongs to others (service and provider are those of the path, empty when it has none). */
enum err authorise(const struct principal *who, const struct route *route, str service, str provider);

#endif
