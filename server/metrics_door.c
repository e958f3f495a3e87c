/* metrics_door: one thread, one request at a time, one answer a connection. What is asked here is always the same, so this reads a request line and
 * Host, and needs no library. */
#include "server/metrics_door.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "server/clock.h"

enum { BACKLOG = 16, REQUEST_MOST = 8192, PATIENCE_MS = 5000 };

struct metrics_door {
    void (*write)(void *context, struct buf *out);
    void *context;
    int fd, bell; /* the bell ends the thread */
    pthread_t porter;
};

/* False: nothing came until then, or the bell rings. */
static bool wait_for(const struct metrics_door *door, int fd, short what, int64_t until_ms) {
    struct pollfd both[2] = {{.fd = fd, .events = what}, {.fd = door->bell, .events = POLLIN}};
    int64_t left = until_ms < 0 ? -1 : until_ms - clock_ms();
    if (until_ms >= 0 && left <= 0) return false;
    int n = poll(both, 2, (int)left);
    if (n < 0 && errno == EINTR) return wait_for(door, fd, what, until_ms);
    return n > 0 && !both[1].revents;
}

/* The header, up to its empty line. */
static bool read_header(const struct metrics_door *door, int fd, struct buf *out, int64_t until_ms) {
    char piece[1024];
    while (out->n < REQUEST_MOST) {
        if (!wait_for(door, fd, POLLIN, until_ms)) return false;
        ssize_t n = recv(fd, piece, sizeof piece, MSG_DONTWAIT);
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (n <= 0) return false;
        buf_add(out, piece, (size_t)n);
        if (memmem(out->p, out->n, "\r\n\r\n", 4)) return true;
    }
    return false;
}

static void send_all(const struct metrics_door *door, int fd, str bytes, int64_t until_ms) {
    while (bytes.n && wait_for(door, fd, POLLOUT, until_ms)) {
        ssize_t n = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n <= 0) return;
        bytes = str_sub(bytes, (size_t)n, bytes.n);
    }
}

/* As a collector on this machine writes it. */
static bool has_local_name(str header) {
    for (str rest = header, line = str_cut(&rest, '\n'); line.p; line = str_cut(&rest, '\n')) {
        str name = str_cut(&line, ':');
        if (!str_eq_nocase(name, STR("Host"))) continue;
        str value = str_trim(line), host = str_cut(&value, ':');
        return str_is(host, "127.0.0.1") || str_eq_nocase(host, STR("localhost"));
    }
    return false;
}

struct answer {
    const char *status, *words; /* words NULL: the metrics */
    bool head_only;
};

static struct answer judge(str header) {
    str rest = header, line = str_cut(&rest, '\r'), method = str_cut(&line, ' '),
        target = str_cut(&line, ' ');
    bool head = str_is(method, "HEAD");
    if (!has_local_name(rest)) return (struct answer){"403 Forbidden", "Ask 127.0.0.1.\n", head};
    if (!str_is(target, "/metrics")) return (struct answer){"404 Not Found", "There is /metrics.\n", head};
    if (!head && !str_is(method, "GET"))
        return (struct answer){"405 Method Not Allowed\r\nAllow: GET, HEAD", "GET it.\n", head};
    return (struct answer){"200 OK", NULL, head};
}

static void serve(const struct metrics_door *door, int fd) {
    int64_t until = clock_ms() + PATIENCE_MS;
    struct buf header = BUF_EMPTY, body = BUF_EMPTY, out = BUF_EMPTY;
    if (read_header(door, fd, &header, until)) {
        struct answer a = judge(buf_str(&header));
        if (a.words) buf_add_cstr(&body, a.words);
        else door->write(door->context, &body);
        buf_printf(
            &out,
            "HTTP/1.1 %s\r\nContent-Type: text/plain; %scharset=utf-8\r\nContent-Length: %zu\r\nCache-Control: no-store\r\n"
            "X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
            a.status, a.words ? "" : "version=0.0.4; ", body.n);
        if (!a.head_only) buf_add_str(&out, buf_str(&body));
        send_all(door, fd, buf_str(&out), until);
        shutdown(fd, SHUT_WR);
    }
    buf_free(&header);
    buf_free(&body);
    buf_free(&out);
}

static void *attend(void *argument) {
    struct metrics_door *door = argument;
    while (wait_for(door, door->fd, POLLIN, -1)) {
        int fd = accept4(door->fd, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0) { /* gone already, or no descriptor is left for a while */
            struct pollfd bell = {.fd = door->bell, .events = POLLIN};
            poll(&bell, 1, 50);
            continue;
        }
        serve(door, fd);
        close(fd);
    }
    return NULL;
}

static bool listens(int fd, uint16_t port) {
    struct sockaddr_in here = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    return bind(fd, (struct sockaddr *)&here, sizeof here) == 0 && listen(fd, BACKLOG) == 0;
}

static void free_door(struct metrics_door *door) {
    if (door->fd >= 0) close(door->fd);
    if (door->bell >= 0) close(door->bell);
    free(door);
}

enum err metrics_door_open(uint16_t port, void (*write)(void *context, struct buf *out), void *context,
                           struct fault *fault, struct metrics_door **out) {
    struct metrics_door *door = must_calloc(1, sizeof *door);
    *door = (struct metrics_door){.write = write,
                                  .context = context,
                                  .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0),
                                  .bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    if (door->fd >= 0 && door->bell >= 0 && listens(door->fd, port) &&
        pthread_create(&door->porter, NULL, attend, door) == 0) {
        *out = door;
        return OK;
    }
    free_door(door);
    return fail(
        fault, ERR_UNAVAILABLE,
        "Port %u of 127.0.0.1 cannot be had for metrics: stop what uses it, or choose another metricsPort "
        "(0: none)",
        port);
}

void metrics_door_close(struct metrics_door *door) {
    if (!door) return;
    uint64_t one = 1;
    while (write(door->bell, &one, sizeof one) < 0 && errno == EINTR)
        continue;
    pthread_join(door->porter, NULL);
    free_door(door);
}
