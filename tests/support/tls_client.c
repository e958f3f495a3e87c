/* tls_client: owns a socket and a GnuTLS session. TCP_NODELAY is set: without it each request would wait 40 ms. */
#include "tests/support/tls_client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"

struct tls_client {
    int fd;
    bool ended;
    gnutls_session_t session; /* NULL without TLS */
    gnutls_certificate_credentials_t credentials;
    struct buf in;   /* received, not yet taken */
    struct buf held; /* records, not yet sent */
};

int64_t tls_now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

struct tls_client *tls_connect_silent_from(const char *address, uint16_t port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    struct sockaddr_in a = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct sockaddr_in own = {.sin_family = AF_INET};
    bool has_address = fd >= 0 && inet_pton(AF_INET, address, &own.sin_addr) == 1 &&
                       bind(fd, (struct sockaddr *)&own, sizeof own) == 0;
    if (!has_address || connect(fd, (struct sockaddr *)&a, sizeof a) != 0) {
        if (fd >= 0) close(fd);
        return NULL;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    struct tls_client *c = must_calloc(1, sizeof *c);
    c->fd = fd;
    return c;
}

struct tls_client *tls_connect_silent(uint16_t port) {
    return tls_connect_silent_from("127.0.0.1", port);
}

static bool wait_for(const struct tls_client *c, short events, int ms) {
    struct pollfd p = {.fd = c->fd, .events = events};
    return ms > 0 && poll(&p, 1, ms) > 0;
}

static bool shake_hands(struct tls_client *c) {
    if (gnutls_init(&c->session, GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL) < 0) return false;
    if (gnutls_certificate_allocate_credentials(&c->credentials) < 0) return false;
    gnutls_set_default_priority(c->session);
    gnutls_credentials_set(c->session, GNUTLS_CRD_CERTIFICATE, c->credentials);
    gnutls_transport_set_int(c->session, c->fd);
    for (int64_t end = tls_now_ms() + PATIENCE_MS; tls_now_ms() < end;) {
        int rc = gnutls_handshake(c->session);
        if (rc == GNUTLS_E_SUCCESS) return true;
        if (gnutls_error_is_fatal(rc)) return false;
        wait_for(c, gnutls_record_get_direction(c->session) ? POLLOUT : POLLIN, 200);
    }
    return false;
}

struct tls_client *tls_connect_from(const char *address, uint16_t port) {
    struct tls_client *c = tls_connect_silent_from(address, port);
    if (!c || shake_hands(c)) return c;
    tls_close(c);
    return NULL;
}

struct tls_client *tls_connect(uint16_t port) {
    return tls_connect_from("127.0.0.1", port);
}

void tls_close(struct tls_client *c) {
    if (!c) return;
    if (c->session) {
        if (!c->ended) gnutls_bye(c->session, GNUTLS_SHUT_WR);
        gnutls_deinit(c->session);
    }
    if (c->credentials) gnutls_certificate_free_credentials(c->credentials);
    close(c->fd);
    buf_free(&c->in);
    buf_free(&c->held);
    free(c);
}

void tls_vanish(struct tls_client *c) {
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    c->ended = true;
    tls_close(c);
}

int tls_fd(const struct tls_client *c) {
    return c->fd;
}

str tls_certificate(const struct tls_client *c) {
    unsigned n = 0;
    const gnutls_datum_t *chain = c->session ? gnutls_certificate_get_peers(c->session, &n) : NULL;
    return n ? (str){(const char *)chain[0].data, chain[0].size} : STR_NONE;
}

static bool send_through(struct tls_client *c, gnutls_session_t session, const void *bytes, size_t n) {
    const char *p = bytes;
    for (int64_t end = tls_now_ms() + PATIENCE_MS; n && tls_now_ms() < end;) {
        ssize_t sent = session ? gnutls_record_send(session, p, n) : send(c->fd, p, n, MSG_NOSIGNAL);
        if (session ? sent == GNUTLS_E_AGAIN || sent == GNUTLS_E_INTERRUPTED : sent < 0 && errno == EAGAIN) {
            wait_for(c, POLLOUT, 200);
            continue;
        }
        if (sent < 0) return false;
        p += sent;
        n -= (size_t)sent;
    }
    return n == 0;
}

bool tls_send(struct tls_client *c, const void *bytes, size_t n) {
    return send_through(c, c->session, bytes, n);
}

static ssize_t hold(gnutls_transport_ptr_t client, const void *bytes, size_t n) {
    struct tls_client *c = client;
    buf_add(&c->held, bytes, n);
    return (ssize_t)n;
}

static ssize_t receive_by_client(gnutls_transport_ptr_t client, void *bytes, size_t n) {
    struct tls_client *c = client;
    return recv(c->fd, bytes, n, 0);
}

void tls_hold(struct tls_client *c) {
    gnutls_transport_set_ptr(c->session, c);
    gnutls_transport_set_pull_function(c->session, receive_by_client);
    gnutls_transport_set_push_function(c->session, hold);
}

bool tls_let_go(struct tls_client *c, size_t piece) {
    bool ok = true;
    for (size_t at = 0, n; ok && at < c->held.n; at += n) {
        n = c->held.n - at < piece ? c->held.n - at : piece;
        ok = send_through(c, NULL, c->held.p + at, n);
    }
    buf_clear(&c->held);
    return ok;
}

bool tls_send_text(struct tls_client *c, const char *text) {
    return tls_send(c, text, strlen(text));
}

/* Reads what is there into c->in. False when nothing more will come, or nothing came in time. */
static bool read_more(struct tls_client *c, int64_t end) {
    char bytes[16384];
    while (!c->ended) {
        ssize_t n = c->session ? gnutls_record_recv(c->session, bytes, sizeof bytes)
                               : recv(c->fd, bytes, sizeof bytes, 0);
        if (n > 0) {
            buf_add(&c->in, bytes, (size_t)n);
            return true;
        }
        bool again = c->session ? n < 0 && !gnutls_error_is_fatal((int)n)
                                : n < 0 && (errno == EAGAIN || errno == EINTR);
        if (!again) {
            c->ended = true;
            return false;
        }
        int64_t left = end - tls_now_ms();
        if (left <= 0 || !wait_for(c, POLLIN, (int)left)) return false;
    }
    return false;
}

static void drop_front(struct buf *b, size_t n) {
    memmove(b->p, b->p + n, b->n - n);
    b->n -= n;
}

str tls_answer_header(const struct tls_answer *a, const char *name) {
    str rest = buf_str(&a->head);
    str_cut(&rest, '\n'); /* the status line */
    while (rest.p) {
        str value = str_cut(&rest, '\n'), field = str_cut(&value, ':');
        if (value.p && str_eq_nocase(field, str_of(name))) return str_trim(value);
    }
    return STR_NONE;
}

/* Length of the head with its empty line, or 0. */
static size_t head_length(str in) {
    for (size_t i = 0; i + 4 <= in.n; i++)
        if (memcmp(in.p + i, "\r\n\r\n", 4) == 0) return i + 4;
    return 0;
}

static bool receive(struct tls_client *c, struct tls_answer *out, int ms, bool head_only) {
    *out = (struct tls_answer){0};
    int64_t end = tls_now_ms() + ms;
    size_t head;
    while (!(head = head_length(buf_str(&c->in))))
        if (!read_more(c, end)) return false;
    buf_add(&out->head, c->in.p, head);
    drop_front(&c->in, head);
    uint64_t status = 0, length = 0;
    if (out->head.n < 12 || !str_to_uint(str_sub(buf_str(&out->head), 9, 12), 999, &status)) return false;
    str_to_uint(tls_answer_header(out, "Content-Length"), SIZE_MAX, &length);
    if (head_only || status == 304 || status == 204 || status < 200) length = 0;
    while (c->in.n < length)
        if (!read_more(c, end)) return false;
    buf_add(&out->body, c->in.p, length);
    drop_front(&c->in, length);
    out->status = (int)status;
    return true;
}

bool tls_receive(struct tls_client *c, struct tls_answer *out, int ms) {
    return receive(c, out, ms, false);
}

bool tls_receive_head_only(struct tls_client *c, struct tls_answer *out, int ms) {
    return receive(c, out, ms, true);
}

void tls_answer_free(struct tls_answer *a) {
    buf_free(&a->head);
    buf_free(&a->body);
    a->status = 0;
}

bool tls_wait_for_words(struct tls_client *c, const char *words, int ms) {
    size_t n = strlen(words);
    int64_t end = tls_now_ms() + ms;
    for (;;) {
        const char *at = c->in.n ? memmem(c->in.p, c->in.n, words, n) : NULL;
        if (at) {
            drop_front(&c->in, (size_t)(at - c->in.p) + n);
            return true;
        }
        if (!read_more(c, end)) return false;
    }
}

int tls_wait_for_end(struct tls_client *c, int ms) {
    int64_t began = tls_now_ms();
    while (read_more(c, began + ms))
        buf_clear(&c->in);
    return c->ended ? (int)(tls_now_ms() - began) : -1;
}

bool tls_ask(uint16_t port, const char *request, struct tls_answer *out) {
    *out = (struct tls_answer){0};
    struct tls_client *c = tls_connect(port);
    bool done = c && tls_send_text(c, request) && tls_receive(c, out, PATIENCE_MS);
    tls_close(c);
    return done;
}
