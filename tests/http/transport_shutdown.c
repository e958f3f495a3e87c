/* transport_shutdown: stopping with requests in flight, full queues, certificates replaced under way, starts that must fail. */
#include <gnutls/gnutls.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/support/certificate.h"
#include "tests/support/suite.h"
#include "tests/support/transport.h"

#define HOST "Host: localhost\r\n"
#define GET(path) "GET " path " HTTP/1.1\r\n" HOST "\r\n"

enum { WORKERS = 2, WAITING = 10, MANY = WORKERS + WAITING };
static const struct server_settings SMALL = {.read_workers = WORKERS, .queue_limit = WAITING};

static struct tls_client *ask(const char *request) {
    struct tls_client *c = tls_connect(transport_port());
    if (c) tls_send_text(c, request);
    return c;
}

/* The workers are held, and one more asks than there are places to wait: when it is refused, all others are known to wait. */
static void fill_the_places(struct tls_client *c[MANY + 1], const char *waiting) {
    for (int i = 0; i < WORKERS; i++)
        c[i] = ask(GET("/held"));
    CHECK(transport_wait_for_running(WORKERS), "the workers are held");
    for (int i = WORKERS; i <= MANY; i++)
        c[i] = ask(waiting);
    CHECK(transport_wait_for_lines("\"status\":503", 1), "the queue is full");
}

struct counts {
    int done, refused, ended; /* refused, and ended with that: the connection is closed */
};

static struct counts hear(struct tls_client *c[], int count) {
    struct counts n = {0, 0, 0};
    for (int i = 0; i < count; i++) {
        struct tls_answer a = {0};
        if (c[i] && tls_receive(c[i], &a, PATIENCE_MS)) {
            n.done += a.status == 200;
            n.refused += a.status == 503;
            n.ended += a.status == 503 && str_is(tls_answer_header(&a, "Connection"), "close");
        }
        tls_answer_free(&a);
        tls_close(c[i]);
    }
    return n;
}

static void *stop_server(void *grace) {
    transport_stop_server(*(unsigned *)grace);
    return NULL;
}

/* Asks again until it is told that the server stops, and checks that it is told well: a request that was let in just before is still answered, as the
 * last one of its connection; all after it are refused. */
static void wait_until_stopping(struct tls_client *kept) {
    struct tls_answer a = {.status = 200};
    bool last = false;
    for (int64_t end = tls_now_ms() + PATIENCE_MS; !last && tls_now_ms() < end;) {
        tls_answer_free(&a);
        if (!tls_send_text(kept, GET("/hello")) || !tls_receive(kept, &a, PATIENCE_MS)) break;
        last = a.status != 200 || str_is(tls_answer_header(&a, "Connection"), "close");
    }
    CHECK(last && (a.status == 503 || a.status == 200), "a new request on an old connection: %d", a.status);
    CHECK(str_is(tls_answer_header(&a, "Connection"), "close"), "and that is the end of it");
    tls_answer_free(&a);
}

static void finishes_what_has_begun(void) {
    if (!transport_start(&SMALL)) return CHECK(false, "no server");
    unsigned grace = PATIENCE_MS / 1000;
    pthread_t stopper;
    struct tls_client *idle = tls_connect(transport_port()), *kept = tls_connect(transport_port());
    struct tls_client *c[MANY + 1];
    fill_the_places(c, GET("/slow?ms=10"));
    pthread_create(&stopper, NULL, stop_server, &grace);
    wait_until_stopping(kept);
    int64_t began = tls_now_ms();
    transport_release();
    struct counts n = hear(c, MANY + 1);
    CHECK(n.done == MANY, "all that were under way are answered: %d of %d", n.done, MANY);
    pthread_join(stopper, NULL);
    CHECK(tls_now_ms() - began < PATIENCE_MS, "and it waits no longer than that: %d ms",
          (int)(tls_now_ms() - began));
    CHECK(tls_wait_for_end(idle, PATIENCE_MS) >= 0, "an idle connection does not hold it up");
    tls_close(idle);
    tls_close(kept);
    transport_stop();
}

/* Once it has said that it stops it closes the queue at once; were it late, some of those that wait would still be done. */
static void refuses_after_the_grace(void) {
    if (!transport_start(&SMALL)) return CHECK(false, "no server");
    unsigned grace = 0;
    pthread_t stopper;
    struct tls_client *c[MANY + 1], *kept = tls_connect(transport_port());
    fill_the_places(c, GET("/slow?ms=700"));
    pthread_create(&stopper, NULL, stop_server, &grace);
    wait_until_stopping(kept);
    poll(NULL, 0, 100);
    transport_release();
    struct counts n = hear(c, MANY + 1);
    CHECK(n.done >= WORKERS && n.done + n.refused == MANY + 1, "the running ones end: %d, refused: %d",
          n.done, n.refused);
    CHECK(n.ended > 0 && n.ended == n.refused - 1, "those that waited are refused, for good: %d", n.ended);
    pthread_join(stopper, NULL);
    tls_close(kept);
    transport_stop();
}

static void refuses_newcomers_while_stopping(void) {
    if (!transport_start(NULL)) return CHECK(false, "no server");
    uint16_t port = transport_port();
    unsigned grace = PATIENCE_MS / 1000;
    pthread_t stopper;
    struct tls_client *running = ask(GET("/held")), *kept = tls_connect(port);
    CHECK(transport_wait_for_running(1), "one runs");
    pthread_create(&stopper, NULL, stop_server, &grace);
    wait_until_stopping(kept);
    struct tls_client *late = NULL;
    for (int64_t end = tls_now_ms() + PATIENCE_MS; (late = tls_connect(port)) && tls_now_ms() < end;
         poll(NULL, 0, 5))
        tls_close(late);
    CHECK(!late, "a new connection is not taken");
    tls_close(late);
    transport_release();
    struct counts n = hear(&running, 1);
    CHECK(n.done == 1, "the running one is answered");
    pthread_join(stopper, NULL);
    tls_close(kept);
    transport_stop();
}

/* Clients that never rest, while the server stops: many rounds, for the sanitizers to watch. */
static atomic_bool go_on;
static atomic_uint busy_answers;

static void *be_busy(void *argument) {
    uint16_t port = *(uint16_t *)argument;
    while (atomic_load(&go_on)) {
        struct tls_client *c = tls_connect(port);
        if (!c) break;
        struct tls_answer a = {0};
        bool alive = true;
        for (int i = 0; alive && atomic_load(&go_on); i++) {
            alive = tls_send_text(c, i % 2 ? GET("/slow?ms=1") : GET("/hello")) &&
                    tls_receive(c, &a, PATIENCE_MS) && a.status == 200;
            atomic_fetch_add(&busy_answers, alive);
            tls_answer_free(&a);
        }
        tls_close(c);
    }
    return NULL;
}

static void stops_under_load(void) {
    enum { ROUNDS = 6, CLIENTS = 4 };
    for (int round = 0; round < ROUNDS; round++) {
        const struct server_settings s = {.read_workers = 2, .queue_limit = 4};
        if (!transport_start(&s)) return CHECK(false, "no server");
        uint16_t port = transport_port();
        pthread_t clients[CLIENTS];
        atomic_store(&go_on, true);
        atomic_store(&busy_answers, 0);
        for (int i = 0; i < CLIENTS; i++)
            pthread_create(&clients[i], NULL, be_busy, &port);
        int64_t began = tls_now_ms();
        while (atomic_load(&busy_answers) < 10 * (unsigned)(round + 1) && tls_now_ms() - began < PATIENCE_MS)
            poll(NULL, 0, 1);
        transport_stop_server(round % 2 ? 2 : 0);
        atomic_store(&go_on, false);
        for (int i = 0; i < CLIENTS; i++)
            pthread_join(clients[i], NULL);
        CHECK(atomic_load(&busy_answers) > 0, "round %d: it was busy", round);
        transport_stop();
    }
}

static void bounds_its_queue(void) {
    const struct server_settings s = {.read_workers = 1, .queue_limit = 2};
    if (!transport_start(&s)) return CHECK(false, "no server");
    struct tls_client *first = ask(GET("/held"));
    CHECK(transport_wait_for_running(1), "one runs");
    struct tls_client *c[6];
    for (int i = 0; i < 6; i++)
        c[i] = ask(GET("/slow?ms=1"));
    struct tls_answer a = transport_ask("inline, meanwhile", GET("/hello"), 200);
    tls_answer_free(&a);
    CHECK(transport_wait_for_lines("\"status\":503", 4), "four are refused");
    transport_release();
    int done = 0, refused = 0;
    for (int i = 0; i < 6; i++) {
        if (tls_receive(c[i], &a, PATIENCE_MS)) {
            done += a.status == 200;
            refused += a.status == 503 && str_is(tls_answer_header(&a, "Retry-After"), "2") &&
                       !tls_answer_header(&a, "Connection").p;
        }
        tls_answer_free(&a);
    }
    CHECK(done == 2 && refused == 4, "two wait, four are refused and keep their connection: %d, %d", done,
          refused);
    CHECK(tls_send_text(c[5], GET("/slow?ms=1")) && tls_receive(c[5], &a, PATIENCE_MS) && a.status == 200,
          "and may ask again: %d", a.status);
    tls_answer_free(&a);
    for (int i = 0; i < 6; i++)
        tls_close(c[i]);
    tls_close(first);
    transport_stop();
}

static void drains_small_refusals(void) {
    const struct server_settings s = {.body_cap = 100000};
    if (!transport_start(&s)) return CHECK(false, "no server");
#define ROWS "PUT /rows/city-and-hackney/homerton HTTP/1.1\r\n" HOST "Authorization: Bearer key-homerton\r\n"
    static char much[1 << 20];
    memset(much, 'a', sizeof much);
    struct tls_answer a;
    struct tls_client *c = tls_connect(transport_port());
    CHECK(tls_send_text(c, ROWS "Content-Length: 100001\r\n\r\n") && tls_send(c, much, 100001) &&
              tls_receive(c, &a, PATIENCE_MS) && a.status == 413,
          "a byte over the cap: %d", a.status);
    CHECK(!tls_answer_header(&a, "Connection").p, "is read to its end, so the connection stays");
    tls_answer_free(&a);
    CHECK(tls_send_text(c, ROWS "Content-Length: 100000\r\n\r\n") && tls_send(c, much, 100000) &&
              tls_receive(c, &a, PATIENCE_MS) && a.status == 201,
          "the cap itself: %d", a.status);
    tls_answer_free(&a);
    CHECK(tls_send_text(c, ROWS "Transfer-Encoding: chunked\r\n\r\n30d40\r\n") && tls_send(c, much, 200000) &&
              tls_send_text(c, "\r\n0\r\n\r\n") && tls_receive(c, &a, PATIENCE_MS) && a.status == 413,
          "chunks over the cap: %d", a.status);
    tls_answer_free(&a);
    CHECK(tls_send_text(c, GET("/hello")) && tls_receive(c, &a, PATIENCE_MS) && a.status == 200,
          "and the connection is still good: %d", a.status);
    tls_answer_free(&a);
    unsigned before = transport_handled();
    bool sent = tls_send_text(c, ROWS "Transfer-Encoding: chunked\r\n\r\nfffffff\r\n");
    for (int i = 0; sent && i < 8; i++)
        sent = tls_send(c, much, sizeof much);
    CHECK(tls_wait_for_end(c, PATIENCE_MS) >= 0, "who sends on and on is cut off");
    CHECK(transport_handled() == before, "and reaches no handler");
    tls_close(c);
    transport_stop();
}

/* ---- certificates ---- */

static void peer_certificate(uint16_t port, struct buf *out) {
    struct tls_client *c = tls_connect(port);
    buf_clear(out);
    if (c) buf_add_str(out, tls_certificate(c));
    tls_close(c);
}

static void replaces_the_certificate(void) {
    if (!transport_start(NULL)) return CHECK(false, "no server");
    struct buf before = BUF_EMPTY, after = BUF_EMPTY;
    struct fault fault = {0};
    struct tls_client *kept = tls_connect(transport_port());
    peer_certificate(transport_port(), &before);
    CHECK(certificate_make(transport_file("cert.pem"), transport_file("key.pem"), CERTIFICATE_GOOD),
          "a new pair");
    CHECK(server_reload_certificate(transport_server(), &fault) == OK, "is taken: %s", fault.detail);
    peer_certificate(transport_port(), &after);
    CHECK(before.n && after.n && !str_eq(buf_str(&before), buf_str(&after)), "the next handshake shows it");
    CHECK(certificate_make(transport_file("cert.pem"), transport_file("key.pem"), CERTIFICATE_EXPIRED),
          "an expired pair");
    CHECK(server_reload_certificate(transport_server(), &fault) != OK && strstr(fault.detail, "expired"),
          "is not: %s", fault.detail);
    peer_certificate(transport_port(), &before);
    CHECK(str_eq(buf_str(&before), buf_str(&after)), "the good one stays in force");
    struct tls_answer a;
    CHECK(tls_send_text(kept, GET("/hello")) && tls_receive(kept, &a, PATIENCE_MS) && a.status == 200,
          "an old connection goes on: %d", a.status);
    tls_answer_free(&a);
    tls_close(kept);
    buf_free(&before);
    buf_free(&after);
    transport_stop();
}

static bool handshake_with(uint16_t port, const char *priorities) {
    gnutls_session_t session;
    gnutls_certificate_credentials_t credentials;
    struct tls_client *c = tls_connect_silent(port);
    gnutls_init(&session, GNUTLS_CLIENT | GNUTLS_NO_SIGNAL);
    gnutls_certificate_allocate_credentials(&credentials);
    int rc = gnutls_priority_set_direct(session, priorities, NULL);
    gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, credentials);
    gnutls_transport_set_int(session, tls_fd(c));
    if (rc >= 0)
        while ((rc = gnutls_handshake(session)) < 0 && !gnutls_error_is_fatal(rc))
            poll(&(struct pollfd){.fd = tls_fd(c), .events = POLLIN}, 1, 100);
    gnutls_deinit(session);
    gnutls_certificate_free_credentials(credentials);
    tls_close(c);
    return rc == 0;
}

static void speaks_only_good_tls(void) {
    static const struct {
        const char *label, *priorities;
        bool accepted;
    } CASES[] = {
        {"TLS 1.3", "NORMAL:-VERS-ALL:+VERS-TLS1.3", true},
        {"TLS 1.2, AES-GCM", "NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+AES-128-GCM", true},
        {"TLS 1.2, ChaCha20", "NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+CHACHA20-POLY1305", true},
        {"TLS 1.2, CBC", "NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+AES-128-CBC:+AES-256-CBC:+SHA1:+SHA256",
         false},
        {"TLS 1.2, RSA key exchange", "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+RSA", false},
        {"TLS 1.1", "LEGACY:-VERS-ALL:+VERS-TLS1.1", false},
        {"TLS 1.0", "LEGACY:-VERS-ALL:+VERS-TLS1.0", false},
    };
    if (!transport_start(NULL)) return CHECK(false, "no server");
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        CHECK(handshake_with(transport_port(), CASES[i].priorities) == CASES[i].accepted, "%s",
              CASES[i].label);
    transport_stop();
}

/* ---- starts ---- */

static void refuses_bad_settings(void) {
    if (!transport_start(NULL)) return CHECK(false, "no server");
    static const struct route NONE[1];
    struct server_settings s = {.listen = "127.0.0.1",
                                .cert_file = transport_file("cert.pem"),
                                .key_file = transport_file("key.pem"),
                                .routes = NONE,
                                .route_count = 0};
    struct server *other = NULL;
    struct fault fault = {0};
    s.port = transport_port();
    CHECK(server_start(&s, &fault, &other) != OK && strstr(fault.detail, "in use") && !other,
          "a port in use: %s", fault.detail);
    s.port = 0;
    s.listen = "localhost";
    CHECK(server_start(&s, &fault, &other) != OK && strstr(fault.detail, "numeric address") && !other,
          "a name for an address: %s", fault.detail);
    s.listen = "192.0.2.1";
    CHECK(server_start(&s, &fault, &other) != OK && strstr(fault.detail, "Cannot listen") && !other,
          "an address of others: %s", fault.detail);
    s.listen = "127.0.0.1";
    s.key_file = "/nonexistent";
    CHECK(server_start(&s, &fault, &other) != OK && strstr(fault.detail, "/nonexistent") && !other,
          "no key: %s", fault.detail);
    s.cert_file = transport_file("expired.crt");
    s.key_file = transport_file("expired.key");
    CHECK(certificate_make(s.cert_file, s.key_file, CERTIFICATE_EXPIRED) &&
              server_start(&s, &fault, &other) != OK && strstr(fault.detail, "expired") && !other,
          "an expired certificate: %s", fault.detail);
    s.cert_file = transport_file("cert.pem");
    s.key_file = transport_file("key.pem");
    s.route_count = 1;
    CHECK(server_start(&s, &fault, &other) != OK && strstr(fault.detail, "Route") && !other,
          "a bad route: %s", fault.detail);
    s.route_count = 0;
    s.io_threads = 1;
    s.listen = "::1";
    enum err e = server_start(&s, &fault, &other);
    if (e) {
        CHECK(strstr(fault.detail, "::1"), "no IPv6 here: %s", fault.detail);
    } else {
        CHECK(server_port(other) != 0, "IPv6, one thread, a free port");
        server_stop(other, 0);
    }
    transport_stop();
}

static void limits_connections(void) {
    enum { IDLE_S = 2 };
    const struct server_settings s = {.connection_limit = 3, .idle_seconds = IDLE_S, .io_threads = 1};
    if (!transport_start(&s)) return CHECK(false, "no server");
    struct tls_client *c[3];
    struct tls_answer a;
    int64_t began = tls_now_ms();
    for (int i = 0; i < 3; i++) {
        c[i] = tls_connect(transport_port());
        CHECK(c[i] && tls_send_text(c[i], GET("/hello")) && tls_receive(c[i], &a, PATIENCE_MS) &&
                  a.status == 200,
              "%d is let in", i);
        tls_answer_free(&a);
    }
    a = transport_ask("one more", GET("/hello"), 200);
    CHECK(tls_now_ms() - began >= IDLE_S * 1000 - 100, "waits outside until an idler is gone: %d ms",
          (int)(tls_now_ms() - began));
    tls_answer_free(&a);
    for (int i = 0; i < 3; i++)
        tls_close(c[i]);
    transport_stop();
}

static void limits_each_address(void) {
    const struct server_settings s = {.per_ip_limit = 2};
    if (!transport_start(&s)) return CHECK(false, "no server");
    struct tls_client *c[3];
    struct tls_answer a;
    for (int i = 0; i < 3; i++) {
        c[i] = tls_connect(transport_port());
        bool good = c[i] && tls_send_text(c[i], GET("/hello")) && tls_receive(c[i], &a, 20000);
        CHECK(good == (i < 2), "%d: two of one address are let in, the third is not", i);
        if (good) tls_answer_free(&a);
    }
    tls_close(c[0]);
    for (int64_t end = tls_now_ms() + PATIENCE_MS; !c[2] && tls_now_ms() < end;) {
        poll(NULL, 0, 10);
        c[2] = tls_connect(transport_port());
    }
    CHECK(c[2], "until one of them goes");
    tls_close(c[1]);
    tls_close(c[2]);
    transport_stop();
}

void suite_transport_shutdown(void) {
    suite_add("transport_shutdown", NULL, NULL);
    case_add("what has begun is finished and answered", finishes_what_has_begun);
    case_add("after the grace what waits is refused, what runs ends", refuses_after_the_grace);
    case_add("newcomers are refused while it stops", refuses_newcomers_while_stopping);
    case_add("stopping under load, again and again", stops_under_load);
    case_add("a full queue is a 503 and harms nobody else", bounds_its_queue);
    case_add("small refused bodies are drained, large ones cut off", drains_small_refusals);
    case_add("a certificate is replaced under way", replaces_the_certificate);
    case_add("TLS 1.2 and 1.3 with forward secrecy only", speaks_only_good_tls);
    case_add("a start that must fail says why", refuses_bad_settings);
    case_add("at the limit newcomers wait outside", limits_connections);
    case_add("no address takes all places", limits_each_address);
}
