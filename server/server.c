/* server: starts and stops the parts in their order, and holds the callbacks that libmicrohttpd wants. Knows no rule of HTTP.
 *
 * Threads: one that accepts (door), io_threads that run libmicrohttpd's epoll loops (they never block), workers per lane, the
 * janitor of the deadlines, the keeper of the streams and the porter of the handshakes. They all start with every signal blocked: signals are for the caller's thread. */
#include <microhttpd.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/key_format.h"
#include "server/clock.h"
#include "server/exchange.h"
#include "server/layout.h"
#include "server/log.h"
#include "server/origin.h"
#include "server/wire.h"

enum { QUEUE_PATIENCE_MS = 30000, LAST_REPLIES_MS = 1000, LIMIT_SLACK = 64 };
enum { KEY_BUCKETS = 1 << 14, ADDRESS_BUCKETS = 1 << 16, SAY_FULL_MS = 60 * 1000 };

/* ---- what the library calls ---- */

/* What a connection carries with it. */
struct caller {
    struct visitor *visitor;
    struct wire *wire;
    struct key_seen *seen;
};

static const struct caller *caller_of(struct MHD_Connection *connection) {
    static const struct caller NOBODY;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info && info->socket_context ? info->socket_context : &NOBODY;
}

/* Do the connections from there count for the address? Those of a trusted proxy count for its clients instead. */
static bool is_limited(const struct server *server, const struct address *peer) {
    const struct server_settings *s = &server->settings;
    return s->per_ip_limit && address_is_known(peer) && !address_ranges_have(&s->trusted_proxies, peer);
}

static struct caller *arrive(struct server *server, struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    int fd = info ? info->connect_fd : -1;
    info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    struct caller *caller = must_calloc(1, sizeof *caller);
    struct address peer = exchange_peer(connection);
    caller->visitor = visitor_arrive(server->deadlines, fd, server, is_limited(server, &peer) ? &peer : NULL);
    caller->seen = must_calloc(1, sizeof *caller->seen);
    if (info) caller->wire = wire_begin(server->handshakes, connection, info->tls_session, fd);
    return caller;
}

static void leave(struct caller *caller) {
    if (caller->wire) wire_end(caller->wire);
    visitor_leave(caller->visitor);
    key_forget(caller->seen);
    free(caller->seen);
    free(caller);
}

static void connection_changed(void *context, struct MHD_Connection *connection, void **socket_context,
                               enum MHD_ConnectionNotificationCode what) {
    if (what != MHD_CONNECTION_NOTIFY_CLOSED) *socket_context = arrive(context, connection);
    else if (*socket_context) leave(*socket_context);
}

static int certificate_wanted(gnutls_session_t session, const gnutls_datum_t *authorities,
                              int authority_count, const gnutls_pk_algorithm_t *kinds, int kind_count,
                              gnutls_pcert_st **chain, unsigned *chain_length, gnutls_privkey_t *key) {
    (void)authorities, (void)authority_count, (void)kinds, (void)kind_count;
    struct server *server = visitor_owner(caller_of(gnutls_session_get_ptr(session))->visitor);
    return tls_give(server->tls, chain, chain_length, key);
}

static void *line_arrived(void *context, const char *target, struct MHD_Connection *connection) {
    const struct caller *caller = caller_of(connection);
    return exchange_begin(context, connection, caller->visitor, caller->wire, caller->seen, target);
}

static enum MHD_Result called(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *bytes, size_t *size,
                              void **exchange) {
    (void)context, (void)connection;
    return *exchange && exchange_step(*exchange, url, method, version, bytes, size) ? MHD_YES : MHD_NO;
}

static void ended(void *context, struct MHD_Connection *connection, void **exchange,
                  enum MHD_RequestTerminationCode code) {
    (void)context;
    static const char *const HOW[] = {"complete", "error", "timeout", "shutdown", "lost", "aborted"};
    struct exchange *x = *exchange;
    if (!x) return;
    if (!x->status) { /* the library's own refusals: they have a status that we did not choose */
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_HTTP_STATUS);
        if (info) x->status = (int)info->http_status;
    }
    exchange_end(x, (size_t)code < sizeof HOW / sizeof *HOW ? HOW[code] : "error");
    *exchange = NULL;
}

__attribute__((format(printf, 2, 0))) static void library_says(void *context, const char *format,
                                                               va_list args) {
    (void)context;
    char words[400];
    vsnprintf(words, sizeof words, format, args);
    log_event(LOG_DEBUG, "library", "words", words, NULL);
}

static void library_panics(void *context, const char *file, unsigned line, const char *reason) {
    (void)context;
    char where[24];
    snprintf(where, sizeof where, "%u", line);
    log_event(LOG_ERROR, "library-panic", "file", file, "line", where, "reason", reason, NULL);
    abort();
}

/* ---- what the door calls ---- */

static void let_in(void *context, int fd, const struct sockaddr *from, socklen_t length) {
    struct server *server = context;
    struct address peer = origin_of_socket(from);
    if (is_limited(server, &peer) &&
        !deadlines_admit(server->deadlines, &peer, server->settings.per_ip_limit)) {
        close(fd);
        return;
    }
    MHD_add_connection(server->daemon, fd, from, length); /* closes fd itself when it refuses */
}

static void say_full(struct server *server) {
    char limit[24];
    int64_t now = clock_ms();
    if (server->said_full && now - server->said_full < SAY_FULL_MS) return;
    server->said_full = now;
    snprintf(limit, sizeof limit, "%u", server->settings.connection_limit);
    log_event(LOG_WARN, "connections-full", "limit", limit, NULL);
}

static bool is_full(void *context) {
    struct server *server = context;
    if (deadlines_count(server->deadlines) < server->settings.connection_limit) return false;
    say_full(server);
    deadlines_make_room(server->deadlines);
    return true;
}

/* ---- start ---- */

#define DEFAULT(field, value)                                                                                \
    if (!s->field) s->field = (value)

static void fill_defaults(struct server_settings *s) {
    DEFAULT(io_threads, 2);
    DEFAULT(read_workers, 4);
    DEFAULT(write_workers, 2);
    DEFAULT(connection_limit, 3000);
    DEFAULT(queue_limit, 64);
    DEFAULT(body_cap, 256ull << 20);
    DEFAULT(header_seconds, 10);
    DEFAULT(body_grace_seconds, 10);
    DEFAULT(body_min_rate, 1000);
    DEFAULT(request_seconds, 3600);
    DEFAULT(idle_seconds, 15);
    DEFAULT(stream_limit, 200);
    DEFAULT(streams_per_key, 8);
    DEFAULT(heartbeat_seconds, 15);
    DEFAULT(spool_dir, "/var/tmp");
}

static enum err start_deadlines(struct server *server, struct fault *fault) {
    const struct server_settings *s = &server->settings;
    const struct deadline_rules rules = {
        .header_ms = (int64_t)s->header_seconds * 1000,
        .idle_ms = (int64_t)s->idle_seconds * 1000,
        .grace_ms = (int64_t)s->body_grace_seconds * 1000,
        .min_rate = s->body_min_rate,
        .request_ms = (int64_t)s->request_seconds * 1000,
    };
    return deadlines_start(&rules, fault, &server->deadlines);
}

static enum err start_streams(struct server *server, struct fault *fault) {
    const struct server_settings *s = &server->settings;
    const struct stream_rules rules = {.most = s->stream_limit,
                                       .most_per_key = s->streams_per_key,
                                       .quiet_ms = (int64_t)s->heartbeat_seconds * 1000,
                                       .in_force = s->in_force,
                                       .app = s->app};
    return streams_start(&rules, fault, &server->streams);
}

static void *begin_reader(void *context) {
    const struct server_settings *s = context;
    return s->worker_begin ? s->worker_begin(s->app, LANE_READ) : NULL;
}

static void *begin_writer(void *context) {
    const struct server_settings *s = context;
    return s->worker_begin ? s->worker_begin(s->app, LANE_WRITE) : NULL;
}

static enum err start_crews(struct server *server, struct fault *fault) {
    struct server_settings *s = &server->settings;
    struct crew_settings crew = {.queue_limit = s->queue_limit,
                                 .patience_ms = QUEUE_PATIENCE_MS,
                                 .worker_end = s->worker_end,
                                 .context = s};
    crew.name = "read";
    crew.workers = s->read_workers;
    crew.worker_begin = begin_reader;
    enum err e = crew_start(&crew, fault, &server->crews[LANE_READ]);
    if (e) return e;
    crew.name = "write";
    crew.workers = s->write_workers;
    crew.worker_begin = begin_writer;
    return crew_start(&crew, fault, &server->crews[LANE_WRITE]);
}

static enum err start_library(struct server *server, struct fault *fault) {
    const struct server_settings *s = &server->settings;
    struct MHD_OptionItem options[16];
    size_t n = 0;
#define OPTION(name, number, pointer)                                                                        \
    options[n++] = (struct MHD_OptionItem){name, (intptr_t)(number), (void *)(uintptr_t)(pointer)}
    OPTION(MHD_OPTION_EXTERNAL_LOGGER, library_says, NULL); /* first, so that what follows is logged by it */
    OPTION(MHD_OPTION_CONNECTION_MEMORY_LIMIT, POOL_BYTES, NULL);
    /* Ours is the exact limit; the library's is divided among its threads and only a backstop. */
    OPTION(MHD_OPTION_CONNECTION_LIMIT, s->connection_limit + LIMIT_SLACK * s->io_threads, NULL);
    OPTION(MHD_OPTION_STRICT_FOR_CLIENT, 0,
           NULL); /* at 1 the library's own refusal is malformed; the guard refuses instead */
    OPTION(MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, NULL);
    OPTION(MHD_OPTION_NOTIFY_CONNECTION, connection_changed, server);
    OPTION(MHD_OPTION_NOTIFY_COMPLETED, ended, server);
    OPTION(MHD_OPTION_URI_LOG_CALLBACK, line_arrived, server);
    OPTION(MHD_OPTION_HTTPS_CERT_CALLBACK, 0, certificate_wanted);
    OPTION(MHD_OPTION_HTTPS_PRIORITIES, 0, TLS_PRIORITIES);
    if (s->io_threads > 1) OPTION(MHD_OPTION_THREAD_POOL_SIZE, s->io_threads, NULL);
    OPTION(MHD_OPTION_END, 0, NULL);
#undef OPTION
    MHD_set_panic_func(library_panics, NULL);
    server->layout_known = layout_is_known(MHD_get_version());
    if (!server->layout_known) log_event(LOG_WARN, "library-unknown", "version", MHD_get_version(), NULL);
    const unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TLS |
                           MHD_USE_ERROR_LOG | MHD_USE_NO_LISTEN_SOCKET;
    server->daemon =
        MHD_start_daemon(flags, 0, NULL, NULL, called, server, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
    return server->daemon
               ? OK
               : fail(fault, ERR_UNAVAILABLE, "libmicrohttpd %s does not start", MHD_get_version());
}

static enum err start_door(struct server *server, struct fault *fault) {
    const struct door_settings door = {server->settings.listen, server->settings.port, let_in, is_full,
                                       server};
    return door_open(&door, fault, &server->door);
}

static enum err start_all(struct server *server, struct fault *fault) {
    const struct server_settings *s = &server->settings;
    enum err e;
    server->router = router_new(s->routes, s->route_count, fault);
    if (!server->router) return fault ? fault->err : ERR_INTERNAL;
    if ((e = spool_check(server->spool_dir, fault))) return e;
    if ((e = tls_new(s->cert_file, s->key_file, fault, &server->tls))) return e;
    if ((e = start_door(server, fault))) return e;
    if ((e = start_deadlines(server, fault))) return e;
    if ((e = handshakes_start(fault, &server->handshakes))) return e;
    if ((e = start_streams(server, fault))) return e;
    if ((e = start_crews(server, fault))) return e;
    if ((e = start_library(server, fault))) return e;
    return door_run(server->door, fault);
}

/* A socket for each connection, a file for each body that is arriving, and what the workers' database connections need. */
static void make_room_for_descriptors(const struct server_settings *s) {
    const rlim_t others = 256;
    struct rlimit limit;
    rlim_t need = 2 * (rlim_t)s->connection_limit + others;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= need) return;
    limit.rlim_cur = limit.rlim_max == RLIM_INFINITY || need < limit.rlim_max ? need : limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur >= need) return;
    char have[24], want[24];
    snprintf(have, sizeof have, "%llu", (unsigned long long)limit.rlim_cur);
    snprintf(want, sizeof want, "%llu", (unsigned long long)need);
    log_event(LOG_WARN, "few-descriptors", "have", have, "want", want, NULL);
}

enum err server_start(const struct server_settings *s, struct fault *fault, struct server **out) {
    struct server *server = must_calloc(1, sizeof *server);
    server->settings = *s;
    fill_defaults(&server->settings);
    server->key_rates = rates_new(KEY_BUCKETS);
    server->address_rates = rates_new(ADDRESS_BUCKETS);
    server->kept = kept_new(server->settings.kept_bytes, exchange_response_drop);
    server->spool_dir = must_strdup(server->settings.spool_dir);
    server->hosts = must_strdup(server->settings.hosts ? server->settings.hosts : "");
    signal(SIGPIPE, SIG_IGN);
    make_room_for_descriptors(&server->settings);
    sigset_t all, before;
    sigfillset(&all);
    /* What a thread brings upon itself: blocked, the process would end without a sanitizer's report. */
    static const int OWN[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS};
    for (size_t i = 0; i < sizeof OWN / sizeof *OWN; i++)
        sigdelset(&all, OWN[i]);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    enum err e = start_all(server, fault);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    server->settings.listen = server->settings.cert_file = server->settings.key_file =
        NULL; /* the caller's strings may go */
    if (e) server_stop(server, 0);
    else *out = server;
    return e;
}

unsigned server_under_way(const struct server *s) {
    return atomic_load(&s->under_way);
}

uint16_t server_port(const struct server *s) {
    return door_port(s->door);
}

enum err server_reload_certificate(struct server *s, struct fault *fault) {
    return tls_reload(s->tls, fault);
}

/* ---- stop ---- */

static void wait_for_replies(struct server *server, int64_t at_most_ms) {
    const struct timespec nap = {0, 5 * 1000 * 1000};
    for (int64_t end = clock_ms() + at_most_ms; atomic_load(&server->under_way) && clock_ms() < end;)
        nanosleep(&nap, NULL);
}

static void stop_crews(struct server *server) {
    for (size_t i = 0; i <= LANE_WRITE; i++)
        if (server->crews[i]) crew_stop(server->crews[i]);
}

/* The order is the point. Newcomers first; then the streams are ended, and what else has begun may end in peace; then the workers, whose threads must be gone
 * before the library's, since a resume still touches the library's memory after the reply is out; the library last, with
 * nothing suspended. */
void server_stop(struct server *server, unsigned grace_seconds) {
    atomic_store(&server->stopping, true);
    if (server->door) door_shut(server->door);
    if (server->streams) streams_end(server->streams);
    if (server->daemon) wait_for_replies(server, (int64_t)grace_seconds * 1000);
    stop_crews(server);
    if (server->streams) streams_stop(server->streams);
    if (server->handshakes) handshakes_stop(server->handshakes);
    if (server->daemon) {
        wait_for_replies(server, LAST_REPLIES_MS);
        deadlines_stop(server->deadlines);
        MHD_stop_daemon(server->daemon);
    } else if (server->deadlines) {
        deadlines_stop(server->deadlines);
    }
    for (size_t i = 0; i <= LANE_WRITE; i++)
        if (server->crews[i]) crew_free(server->crews[i]);
    if (server->streams) streams_free(server->streams);
    if (server->handshakes) handshakes_free(server->handshakes);
    if (server->deadlines) deadlines_free(server->deadlines);
    if (server->door) door_free(server->door);
    if (server->tls) tls_free(server->tls);
    if (server->router) router_free(server->router);
    log_flush();
    kept_free(server->kept);
    rates_free(server->key_rates);
    rates_free(server->address_rates);
    free(server->spool_dir);
    free(server->hosts);
    free(server);
}
