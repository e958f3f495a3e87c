/* load PORT CLIENTS SECONDS|once|turns|hold STATUS < REQUESTS: sends the requests of standard input over CLIENTS connections with TLS that stay open, from
 * one thread; each sends its next when it has the whole answer, which must have STATUS (2: any of 200 to 299). For SECONDS again and again, each
 * connection beginning with another one; `once`: each request once, by whichever connection is free; `turns`: likewise, but a PUT goes alone, when all before it
 * have been answered, and neither it nor its time counts; `hold`: one request on each connection, then
 * the connections stay open and idle until standard output has a reader no more or the process is ended. Prints requests, seconds, and the median
 * and 99th percentile of an answer's time in seconds. Loopback only; any certificate is trusted. TLS 1.3 with one cipher, so that servers that
 * prefer different ones are asked for the same.
 *
 * A request may have a body, as long as its Content-Length says. TCP_NODELAY is set: without it each request would wait 40 ms. An answer 304 has
 * a length but no body. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "bench/clock.h"

enum { CLIENTS_MOST = 1024, HEAD_MOST = 8192, STALL_MS = 15000 };

/* What every server of the bench can: GnuTLS, and OpenSSL in nginx and Node. */
static const char PRIORITY[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-256-GCM";

struct client {
    int fd;
    gnutls_session_t session;
    str request;   /* under way; empty: none is */
    size_t turn;   /* of the requests: which is the next */
    double began;  /* of the request under way */
    size_t sent;   /* of the request */
    size_t head_n; /* bytes in head */
    uint64_t left; /* bytes of the body that are to come, once the head is there */
    bool has_head;
    char head[HEAD_MOST];
};

struct run {
    str *requests;
    size_t request_count, given; /* `given`: of `once` and `hold`, how many were begun */
    bool once, uncounted;
    uint64_t want_status;
    double spent; /* `turns`: in what counts */
    double ends;
    struct buf times; /* float, seconds of each answer */
    uint64_t answers;
};

static bool complain(const char *what, const char *why) {
    fprintf(stderr, "load: %s: %s\n", what, why);
    return false;
}

/* ---- connections ---- */

static bool open_client(struct client *c, uint16_t port, gnutls_certificate_credentials_t credentials) {
    struct sockaddr_in a = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int on = 1;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&a, sizeof a) != 0)
        return complain("connect", strerror(errno));
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    gnutls_init(&c->session, GNUTLS_CLIENT | GNUTLS_NO_SIGNAL);
    gnutls_priority_set_direct(c->session, PRIORITY, NULL);
    gnutls_credentials_set(c->session, GNUTLS_CRD_CERTIFICATE, credentials);
    gnutls_transport_set_int(c->session, c->fd);
    int rc;
    do
        rc = gnutls_handshake(c->session);
    while (rc < 0 && !gnutls_error_is_fatal(rc));
    if (rc < 0) return complain("handshake", gnutls_strerror(rc));
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    return true;
}

static void close_client(struct client *c) {
    if (c->session) gnutls_deinit(c->session);
    if (c->fd > 0) close(c->fd);
}

/* ---- one request, one answer ---- */

/* The client's next request, if there is one for it. */
static void begin(struct client *c, struct run *r) {
    c->began = now();
    c->sent = c->head_n = 0;
    c->has_head = false;
    c->request = STR_NONE;
    if (r->once ? r->given >= r->request_count : c->began >= r->ends) return;
    c->request = r->requests[r->once ? r->given : c->turn++ % r->request_count];
    r->given++;
}

static bool go_on_sending(struct client *c) {
    while (c->sent < c->request.n) {
        ssize_t n = gnutls_record_send(c->session, c->request.p + c->sent, c->request.n - c->sent);
        if (n < 0 && !gnutls_error_is_fatal((int)n)) return true;
        if (n < 0) return complain("send", gnutls_strerror((int)n));
        c->sent += (size_t)n;
    }
    return true;
}

static uint64_t length_in(str head) {
    uint64_t n = 0;
    while (head.p) {
        str value = str_cut(&head, '\n'), name = str_cut(&value, ':');
        if (str_eq_nocase(name, STR("content-length"))) str_to_uint(str_trim(value), UINT64_MAX, &n);
    }
    return n;
}

/* Takes what belongs to the head; sets *out_used to how much that was. */
static bool take_head(struct client *c, const struct run *r, const char *bytes, size_t n, size_t *out_used) {
    size_t before = c->head_n, piece = n < HEAD_MOST - before ? n : HEAD_MOST - before;
    memcpy(c->head + before, bytes, piece);
    c->head_n += piece;
    char *end = memmem(c->head, c->head_n, "\r\n\r\n", 4);
    *out_used = piece;
    if (!end) return c->head_n < HEAD_MOST || complain("answer", "the head has no end");
    uint64_t status = 0;
    size_t head_n = (size_t)(end - c->head) + 4;
    *out_used = head_n - before;
    str_to_uint(str_sub((str){c->head, head_n}, 9, 12), 999, &status);
    if (status != r->want_status && status / 100 != r->want_status) {
        fprintf(stderr, "load: answered %.*s\n", (int)c->head_n, c->head);
        return false;
    }
    c->has_head = true;
    c->left = status == 304 ? 0 : length_in((str){c->head, head_n});
    return true;
}

static void note(struct run *r, const struct client *c) {
    if (r->uncounted) return;
    float seconds = (float)(now() - c->began);
    buf_add(&r->times, &seconds, sizeof seconds);
    r->answers++;
}

/* Reads what is there; after a whole answer the next request goes out, until the time is over. */
static bool go_on_reading(struct client *c, struct run *r) {
    char bytes[16384];
    for (;;) {
        ssize_t got = gnutls_record_recv(c->session, bytes, sizeof bytes);
        if (got < 0 && !gnutls_error_is_fatal((int)got)) return true;
        if (got <= 0)
            return complain("receive", got ? gnutls_strerror((int)got) : "the connection was closed");
        size_t n = (size_t)got, used = 0;
        if (!c->has_head && !take_head(c, r, bytes, n, &used)) return false;
        if (!c->has_head) continue;
        if (n - used > c->left) return complain("answer", "longer than it said");
        c->left -= n - used;
        if (c->left) continue;
        note(r, c);
        begin(c, r);
        if (!go_on_sending(c)) return false;
    }
}

/* Those that wait for an answer; false when none does. */
static bool watch(struct client *clients, size_t count, struct pollfd *fds) {
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        bool waits = clients[i].request.n > 0;
        fds[i] = (struct pollfd){waits ? clients[i].fd : -1,
                                 (short)(POLLIN | (clients[i].sent < clients[i].request.n ? POLLOUT : 0)), 0};
        any |= waits;
    }
    return any;
}

static bool drive(struct run *r, struct client *clients, size_t count) {
    static struct pollfd fds[CLIENTS_MOST];
    for (size_t i = 0; i < count; i++) {
        clients[i].turn = i;
        begin(&clients[i], r);
        if (!go_on_sending(&clients[i])) return false;
    }
    while (watch(clients, count, fds)) {
        if (poll(fds, (nfds_t)count, STALL_MS) <= 0) return complain("poll", "no answer for 15 seconds");
        for (size_t i = 0; i < count; i++) {
            if ((fds[i].revents & POLLOUT) && !go_on_sending(&clients[i])) return false;
            if ((fds[i].revents & ~POLLOUT) && !go_on_reading(&clients[i], r)) return false;
        }
    }
    return true;
}

static bool is_put(const struct run *r, size_t i) {
    return str_starts_with(r->requests[i], STR("PUT "));
}

/* From one PUT to the next. */
static bool drive_turns(struct run *r, struct client *clients, size_t count) {
    size_t all = r->request_count;
    bool ok = true;
    for (size_t i = 0, end; ok && i < all; i = end) {
        r->uncounted = is_put(r, i);
        end = i + 1;
        while (!r->uncounted && end < all && !is_put(r, end))
            end++;
        r->given = i;
        r->request_count = end;
        double began = now();
        ok = drive(r, clients, r->uncounted ? 1 : count);
        if (!r->uncounted) r->spent += now() - began;
    }
    return ok;
}

/* One after the other, so that nobody is turned away for there being too many. */
static bool drive_in_turn(struct run *r, struct client *clients, size_t count) {
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        r->request_count = i + 1;
        ok = drive(r, &clients[i], 1);
    }
    return ok;
}

/* ---- the requests ---- */

/* Cuts what was given after each request's end. */
static bool cut_requests(str all, struct run *r) {
    struct buf list = BUF_EMPTY;
    while (all.n) {
        char *end = memmem(all.p, all.n, "\r\n\r\n", 4);
        if (!end) return complain("request", "a head has no end");
        size_t n = (size_t)(end - all.p) + 4;
        n += length_in((str){all.p, n});
        if (n > all.n) return complain("request", "a body is shorter than its Content-Length");
        buf_add(&list, &(str){all.p, n}, sizeof(str));
        all = (str){all.p + n, all.n - n};
    }
    r->request_count = list.n / sizeof(str);
    r->requests = (str *)(void *)list.p;
    return r->request_count || complain("request", "there is none");
}

static void read_all(FILE *in, struct buf *out) {
    char piece[65536];
    for (size_t n; (n = fread(piece, 1, sizeof piece, in)) > 0;)
        buf_add(out, piece, n);
}

/* ---- the whole ---- */

static int compare(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static void report(struct run *r, double seconds) {
    float *times = (float *)(void *)r->times.p;
    qsort(times, r->answers, sizeof *times, compare);
    printf("%llu %.6f %.6f %.6f\n", (unsigned long long)r->answers, seconds, (double)times[r->answers / 2],
           (double)times[r->answers * 99 / 100]);
    fflush(stdout);
}

/* What is said in the place of seconds. */
typedef bool drive_fn(struct run *r, struct client *clients, size_t count);
struct mode {
    const char *name;
    drive_fn *drive;
    bool hold;
};
static const struct mode MODES[] = {
    {"once", drive, false}, {"turns", drive_turns, false}, {"hold", drive_in_turn, true}};

static const struct mode *mode_find(const char *name) {
    for (size_t i = 0; i < sizeof MODES / sizeof *MODES; i++)
        if (str_is(str_of(name), MODES[i].name)) return &MODES[i];
    return NULL;
}

/* mode NULL: for so many seconds. */
static bool load(uint16_t port, size_t count, struct run *r, double seconds, const struct mode *mode) {
    struct client *clients = must_calloc(count, sizeof *clients);
    gnutls_certificate_credentials_t credentials;
    gnutls_certificate_allocate_credentials(&credentials);
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++)
        ok = open_client(&clients[i], port, credentials);
    double began = now();
    r->ends = began + seconds;
    drive_fn *how = mode ? mode->drive : drive;
    ok = ok && how(r, clients, count);
    if (ok && r->answers) report(r, r->spent > 0 ? r->spent : now() - began);
    /* Nothing more comes: until whoever reads the report has enough. */
    if (ok && mode && mode->hold) poll(&(struct pollfd){STDOUT_FILENO, 0, 0}, 1, -1);
    for (size_t i = 0; i < count; i++)
        close_client(&clients[i]);
    gnutls_certificate_free_credentials(credentials);
    free(clients);
    return ok && (r->answers || mode);
}

/* Each connection has one request, so the first stands for all. */
static void repeat_first(struct run *r, size_t count) {
    struct buf list = BUF_EMPTY;
    for (size_t i = 0; i < count; i++)
        buf_add(&list, &r->requests[0], sizeof(str));
    free(r->requests);
    r->requests = (str *)(void *)list.p;
    r->request_count = count;
}

int main(int argc, char **argv) {
    uint64_t port, count, seconds = 0;
    struct run r = {.times = BUF_EMPTY};
    struct buf given = BUF_EMPTY;
    const struct mode *mode = argc == 5 ? mode_find(argv[3]) : NULL;
    r.once = mode != NULL;
    if (argc != 5 || !str_to_uint(str_of(argv[1]), UINT16_MAX, &port) ||
        !str_to_uint(str_of(argv[2]), CLIENTS_MOST, &count) || !count ||
        (!r.once && !str_to_uint(str_of(argv[3]), 600, &seconds)) ||
        !str_to_uint(str_of(argv[4]), 599, &r.want_status)) {
        fprintf(stderr, "usage: load PORT CLIENTS SECONDS|once|turns|hold STATUS < REQUESTS\n");
        return 2;
    }
    read_all(stdin, &given);
    bool ok = cut_requests(buf_str(&given), &r);
    if (ok && mode && mode->hold) repeat_first(&r, count);
    ok = ok && load((uint16_t)port, count, &r, (double)seconds, mode);
    free(r.requests);
    buf_free(&r.times);
    buf_free(&given);
    return ok ? 0 : 1;
}
