/* transport: routes for each thing that the server room must do right:
 *   GET  /hello                       inline, anyone
 *   POST /echo                        inline, anyone, JSON: the body comes back
 *   PUT  /rows/{service}/{provider}   write worker, that provider: counts the bytes
 *   GET  /tagged                      read worker, ETag "v1"
 *   GET  /slow?ms=                    read worker, sleeps
 *   GET  /held                        read worker, waits for transport_release()
 *   GET  /fail?code=                  inline: returns an error, or a broken reply
 *   GET  /big?bytes=                  read worker, a reply of that size
 *   GET  /objects/{service}           inline, commissioner
 *   GET  /stream                      read worker, commissioner or provider: goes on
 *   GET  /health/live                 inline, anyone */
#include "tests/support/transport.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "server/log.h"
#include "tests/support/certificate.h"
#include "tests/support/suite.h"

enum { STREAMS_MAX = 1000 };

static struct {
    struct server *server;
    char dir[64];
    struct buf files[8];
    size_t file_count;
    int log_fd, stderr_copy;
    struct buf log;
    atomic_uint handled, running;
    pthread_mutex_t lock; /* of the streams */
    struct stream *streams[STREAMS_MAX];
    unsigned stream_count;
    atomic_uint called;
    atomic_bool revoked, released;
} world;

static bool becomes(bool (*holds)(const char *words, unsigned count), const char *words, unsigned count) {
    for (int64_t end = tls_now_ms() + PATIENCE_MS; tls_now_ms() < end; poll(NULL, 0, 2))
        if (holds(words, count)) return true;
    return false;
}

/* ---- routes ---- */

static enum err hello(struct request *r, struct reply *p) {
    buf_printf(&p->body, "{\"hello\":\"%s\"}", method_name(r->method));
    return OK;
}

static enum err echo(struct request *r, struct reply *p) {
    p->content_type = "application/octet-stream";
    p->status = 200;
    buf_add_str(&p->body, r->body);
    atomic_fetch_add(&world.handled, 1);
    return OK;
}

static enum err rows(struct request *r, struct reply *p) {
    atomic_fetch_add(&world.running, 1);
    uint64_t sum = 0;
    for (size_t i = 0; i < r->body.n; i++)
        sum += (unsigned char)r->body.p[i];
    buf_printf(&p->body, "{\"bytes\":%zu,\"sum\":%llu,\"provider\":\"%.*s\",\"key\":\"%s\"}", r->body.n,
               (unsigned long long)sum, STR_ARG(request_param(r, "provider")), r->who->key_id);
    p->status = 201;
    atomic_fetch_sub(&world.running, 1);
    atomic_fetch_add(&world.handled, 1);
    return OK;
}

static enum err tagged(struct request *r, struct reply *p) {
    (void)r;
    snprintf(p->etag, sizeof p->etag, "\"v1\"");
    buf_add_cstr(&p->body, "{\"tagged\":true}");
    return OK;
}

static enum err slow(struct request *r, struct reply *p) {
    uint64_t ms = 0;
    if (!str_to_uint(request_query(r, "ms"), 60000, &ms))
        return fail(&r->fault, ERR_BAD_PARAMETER, "ms is a number");
    atomic_fetch_add(&world.running, 1);
    struct timespec nap = {(time_t)(ms / 1000), (long)(ms % 1000) * 1000000L};
    nanosleep(&nap, NULL);
    atomic_fetch_sub(&world.running, 1);
    atomic_fetch_add(&world.handled, 1);
    buf_add_cstr(&p->body, "{\"slept\":true}");
    return OK;
}

static bool is_released(const char *words, unsigned count) {
    (void)words, (void)count;
    return atomic_load(&world.released);
}

static enum err held(struct request *r, struct reply *p) {
    (void)r;
    atomic_fetch_add(&world.running, 1);
    becomes(is_released, NULL, 0);
    atomic_fetch_sub(&world.running, 1);
    atomic_fetch_add(&world.handled, 1);
    buf_add_cstr(&p->body, "{\"held\":true}");
    return OK;
}

static enum err broken(struct request *r, struct reply *p) {
    str code = request_query(r, "code");
    if (str_is(code, "internal")) return fail(&r->fault, ERR_INTERNAL, "the secret words of libpq");
    if (str_is(code, "bare")) return ERR_CONFLICT;
    if (str_is(code, "unavailable")) return fail(&r->fault, ERR_UNAVAILABLE, "pool is empty");
    if (str_is(code, "status")) p->status = 42;
    if (str_is(code, "header")) {
        buf_add_cstr(&p->body, "{}");
        reply_header(r, p, "X-Odd", STR("a\r\nInjected: yes"));
    }
    if (str_is(code, "half")) {
        buf_add_cstr(&p->body, "{\"half\":");
        snprintf(p->etag, sizeof p->etag, "\"v9\"");
        return fail(&r->fault, ERR_INVALID, "the content is wrong in row 3");
    }
    return OK; /* and nothing else: a handler that breaks its contract */
}

static enum err big(struct request *r, struct reply *p) {
    uint64_t bytes = 0;
    if (!str_to_uint(request_query(r, "bytes"), 64u << 20, &bytes))
        return fail(&r->fault, ERR_BAD_PARAMETER, "bytes is a number");
    buf_reserve(&p->body, bytes);
    memset(p->body.p, 'x', bytes);
    p->body.n = bytes;
    p->content_type = "text/plain";
    return OK;
}

static enum err object(struct request *r, struct reply *p) {
    buf_printf(&p->body, "{\"service\":\"%.*s\"}", STR_ARG(request_param(r, "service")));
    return OK;
}

static void feeder_called(void *context) {
    (void)context;
    atomic_fetch_add(&world.called, 1);
}

static enum err stream(struct request *r, struct reply *p) {
    static const struct stream_feeder FEEDER = {.called = feeder_called, .heartbeat = {": still here\n", 13}};
    struct stream *s;
    p->content_type = "text/event-stream";
    enum err e = stream_begin(r, p, &FEEDER, &s);
    if (e != OK || !s) return e;
    pthread_mutex_lock(&world.lock);
    if (world.stream_count < STREAMS_MAX) world.streams[world.stream_count++] = s;
    else stream_drop(s);
    pthread_mutex_unlock(&world.lock);
    return OK;
}

static bool in_force(void *app, const struct principal *who) {
    (void)app, (void)who;
    return !atomic_load(&world.revoked);
}

static const struct route ROUTES[] = {
    {"hello", METHOD_GET, "/hello", ROLE_ANYONE, LANE_INLINE, BODY_NONE, "name asAt", hello, ""},
    {"health", METHOD_GET, "/health/live", ROLE_ANYONE, LANE_INLINE, BODY_NONE, "", hello, ""},
    {"echo", METHOD_POST, "/echo", ROLE_ANYONE, LANE_INLINE, BODY_JSON, "", echo, ""},
    {"rows", METHOD_PUT, "/rows/{service}/{provider}", ROLE_PROVIDER, LANE_WRITE, BODY_ROWS, "dryRun", rows,
     ""},
    {"tagged", METHOD_GET, "/tagged", ROLE_ANYONE, LANE_READ, BODY_NONE, "", tagged, ""},
    {"slow", METHOD_GET, "/slow", ROLE_ANYONE, LANE_READ, BODY_NONE, "ms", slow, ""},
    {"held", METHOD_GET, "/held", ROLE_ANYONE, LANE_READ, BODY_NONE, "", held, ""},
    {"fail", METHOD_GET, "/fail", ROLE_ANYONE, LANE_INLINE, BODY_NONE, "code", broken, ""},
    {"big", METHOD_GET, "/big", ROLE_ANYONE, LANE_READ, BODY_NONE, "bytes", big, ""},
    {"object", METHOD_GET, "/objects/{service}", ROLE_COMMISSIONER, LANE_INLINE, BODY_NONE, "", object, ""},
    {"stream", METHOD_GET, "/stream", ROLE_COMMISSIONER | ROLE_PROVIDER, LANE_READ, BODY_NONE, "", stream,
     ""},
};

static enum err authenticate(void *app, str credential, struct key_seen *seen, const struct address *from,
                             struct principal *out) {
    (void)app;
    (void)seen;
    (void)from;
    static const struct {
        const char *credential;
        struct principal who;
    } KEYS[] = {
        {"key-homerton", {ROLE_PROVIDER, "kid-homerton", "city-and-hackney", "homerton", "internal", 0}},
        {"key-commissioner", {ROLE_COMMISSIONER, "kid-commissioner", "city-and-hackney", "", "internal", 0}},
    };
    for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS; i++)
        if (str_is(credential, KEYS[i].credential)) {
            *out = KEYS[i].who;
            return OK;
        }
    return ERR_UNAUTHENTICATED;
}

/* ---- the world ---- */

const char *transport_dir(void) {
    return world.dir;
}

const char *transport_file(const char *name) {
    for (size_t i = 0; i < world.file_count; i++)
        if (str_ends_with(str_of(world.files[i].p), str_of(name))) return world.files[i].p;
    struct buf *path = &world.files[world.file_count++];
    buf_printf(path, "%s/%s", world.dir, name);
    buf_add_char(path, '\0');
    return path->p;
}

/* Standard error is the log while the server runs; tools/test.sh gives the sanitizers files of their own. */
static void catch_log(void) {
    world.log_fd = open(transport_file("log"), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    world.stderr_copy = dup(STDERR_FILENO);
    fflush(stderr);
    dup2(world.log_fd, STDERR_FILENO);
}

static void release_log(void) {
    dup2(world.stderr_copy, STDERR_FILENO);
    close(world.stderr_copy);
    close(world.log_fd);
}

str transport_log(void) {
    struct stat info;
    buf_clear(&world.log);
    if (fstat(world.log_fd, &info) == 0 && info.st_size > 0) {
        buf_reserve(&world.log, (size_t)info.st_size);
        ssize_t n = pread(world.log_fd, world.log.p, (size_t)info.st_size, 0);
        if (n > 0) world.log.n = (size_t)n;
    }
    return buf_str(&world.log);
}

bool transport_start(const struct server_settings *changes) {
    memset(&world, 0, sizeof world);
    pthread_mutex_init(&world.lock, NULL);
    snprintf(world.dir, sizeof world.dir, "/tmp/quarterday-transport-XXXXXX");
    if (!mkdtemp(world.dir) ||
        !certificate_make(transport_file("cert.pem"), transport_file("key.pem"), CERTIFICATE_GOOD)) {
        printf("no certificate in %s\n", world.dir);
        return false;
    }
    struct server_settings s = changes ? *changes : (struct server_settings){0};
    s.listen = s.listen ? s.listen : "127.0.0.1";
    s.cert_file = transport_file("cert.pem");
    s.key_file = transport_file("key.pem");
    s.spool_dir = s.spool_dir ? s.spool_dir : world.dir;
    s.body_cap = s.body_cap ? s.body_cap : 8u << 20;
    s.read_workers = s.read_workers ? s.read_workers : 2;
    s.write_workers = s.write_workers ? s.write_workers : 1;
    s.routes = ROUTES;
    s.route_count = sizeof ROUTES / sizeof *ROUTES;
    s.authenticate = authenticate;
    s.in_force = in_force;
    struct fault fault = {0};
    catch_log();
    if (server_start(&s, &fault, &world.server) == OK) return true;
    release_log();
    printf("the server does not start: %s\n", fault.detail);
    return false;
}

void transport_stop_server(unsigned grace_seconds) {
    if (world.server) server_stop(world.server, grace_seconds);
    world.server = NULL;
}

void transport_stop(void) {
    transport_stop_server(2);
    release_log();
    for (size_t i = 0; i < world.file_count; i++) {
        unlink(world.files[i].p);
        buf_free(&world.files[i]);
    }
    rmdir(world.dir);
    buf_free(&world.log);
}

uint16_t transport_port(void) {
    return server_port(world.server);
}

struct server *transport_server(void) {
    return world.server;
}

unsigned transport_streams(void) {
    pthread_mutex_lock(&world.lock);
    unsigned n = world.stream_count;
    pthread_mutex_unlock(&world.lock);
    return n;
}

struct stream *transport_stream(unsigned i) {
    pthread_mutex_lock(&world.lock);
    struct stream *s = world.streams[i];
    pthread_mutex_unlock(&world.lock);
    return s;
}

unsigned transport_streams_called(void) {
    return atomic_load(&world.called);
}

void transport_revoke(void) {
    atomic_store(&world.revoked, true);
}

unsigned transport_handled(void) {
    return atomic_load(&world.handled);
}

unsigned transport_running(void) {
    return atomic_load(&world.running);
}

static bool run_as_many(const char *words, unsigned count) {
    (void)words;
    return transport_running() >= count;
}

bool transport_wait_for_running(unsigned count) {
    return becomes(run_as_many, NULL, count);
}

static bool are_logged(const char *words, unsigned count) {
    return transport_log_lines(words) >= count;
}

bool transport_wait_for_lines(const char *words, unsigned count) {
    return becomes(are_logged, words, count);
}

void transport_release(void) {
    atomic_store(&world.released, true);
}

struct tls_answer transport_ask(const char *label, const char *request, int status) {
    struct tls_answer a;
    tls_ask(transport_port(), request, &a);
    CHECK(a.status == status, "%s: %d, expected %d: %.*s", label, a.status, status,
          STR_ARG(buf_str(&a.body)));
    return a;
}

bool transport_body_has(const struct tls_answer *a, const char *words) {
    struct buf copy = BUF_EMPTY;
    buf_add_str(&copy, buf_str(&a->body));
    char *text = buf_take(&copy, NULL);
    bool has = strstr(text, words) != NULL;
    free(text);
    return has;
}

unsigned transport_log_lines(const char *words) {
    str log = transport_log();
    unsigned n = 0;
    while (log.p) {
        str line = str_cut(&log, '\n');
        char text[600];
        snprintf(text, sizeof text, "%.*s", STR_ARG(line));
        n += strstr(text, words) != NULL;
    }
    return n;
}
