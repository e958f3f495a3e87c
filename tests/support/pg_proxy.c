/* pg_proxy: see the header. A thread accepts, and has one thread for each connection: there are few. */
#include "tests/support/pg_proxy.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/arena.h"

struct pg_proxy {
    char dir[64];
    struct sockaddr_un own, server;
    int listening, stop[2];
    pthread_t thread;
    atomic_uint every, commits, running;
    atomic_uint lie_every, lies;
    atomic_uint broken[BREAK_KINDS];
};

struct link {
    struct pg_proxy *p;
    int client, server;
};

static bool send_all(int fd, const char *bytes, size_t n) {
    while (n > 0) {
        ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return false;
        bytes += sent;
        n -= (size_t)sent;
    }
    return true;
}

/* A simple query that ends in COMMIT, alone in what was sent: libpq waits for its answer before it sends more. */
static bool is_commit(const char *bytes, size_t n) {
    static const char COMMIT[] = "COMMIT";
    return n > sizeof COMMIT && bytes[0] == 'Q' &&
           memcmp(bytes + n - sizeof COMMIT, COMMIT, sizeof COMMIT) == 0;
}

/* The transaction ends with the server's side of the connection; the client's stays until it is used again, so that nothing is noticed. */
static bool lie(struct link *l) {
    static const char DONE[] = {'C', 0, 0, 0, 11, 'C', 'O', 'M', 'M', 'I', 'T', 0, 'Z', 0, 0, 0, 5, 'I'};
    close(l->server);
    l->server = -1;
    l->p->lies++;
    return send_all(l->client, DONE, sizeof DONE);
}

/* True: the connection goes on. */
static bool pass_commit(struct link *l, const char *bytes, size_t n) {
    unsigned every = l->p->every, lie_every = l->p->lie_every;
    unsigned number = every || lie_every ? ++l->p->commits : 0;
    if (lie_every && number % lie_every == 0) return lie(l);
    if (!every || number % every) return send_all(l->server, bytes, n);
    enum pg_break kind = number / every % BREAK_KINDS;
    char answer[8192];
    if (kind != BREAK_BEFORE) send_all(l->server, bytes, n);
    if (kind == BREAK_ANSWER_KEPT) (void)!recv(l->server, answer, sizeof answer, 0);
    l->p->broken[kind]++;
    return false;
}

static void *carry(void *context) {
    struct link *l = context;
    static _Thread_local char bytes[65536];
    for (bool on = true; on;) {
        struct pollfd fds[] = {{l->client, POLLIN, 0}, {l->server, POLLIN, 0}, {l->p->stop[0], POLLIN, 0}};
        if (poll(fds, 3, -1) < 0 && errno != EINTR) break;
        if (fds[2].revents) break;
        for (size_t i = 0; on && i < 2; i++) {
            if (!fds[i].revents) continue;
            ssize_t n = recv(fds[i].fd, bytes, sizeof bytes, 0);
            if (n <= 0 || l->server < 0) on = false;
            else if (i == 0 && is_commit(bytes, (size_t)n)) on = pass_commit(l, bytes, (size_t)n);
            else on = send_all(i == 0 ? l->server : l->client, bytes, (size_t)n);
        }
    }
    close(l->client);
    if (l->server >= 0) close(l->server);
    l->p->running--;
    free(l);
    return NULL;
}

static void begin_link(struct pg_proxy *p, int client) {
    pthread_t thread;
    struct link *l = must_calloc(1, sizeof *l);
    *l = (struct link){p, client, socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    p->running++;
    if (connect(l->server, (const struct sockaddr *)&p->server, sizeof p->server) == 0 &&
        pthread_create(&thread, NULL, carry, l) == 0) {
        pthread_detach(thread);
        return;
    }
    close(l->client);
    close(l->server);
    p->running--;
    free(l);
}

static void *take(void *context) {
    struct pg_proxy *p = context;
    for (;;) {
        struct pollfd fds[] = {{p->listening, POLLIN, 0}, {p->stop[0], POLLIN, 0}};
        if (poll(fds, 2, -1) < 0 && errno != EINTR) return NULL;
        if (fds[1].revents) return NULL;
        int client = accept4(p->listening, NULL, NULL, SOCK_CLOEXEC);
        if (client >= 0) begin_link(p, client);
    }
}

/* "host=/some/folder port=5432 ...": as tools/cluster.sh writes it. */
static bool take_places(struct pg_proxy *p, char *conninfo, size_t room) {
    const char *host = conninfo + strlen("host="), *rest = strstr(conninfo, " port=5432 ");
    if (strncmp(conninfo, "host=", 5) != 0 || !rest) return false;
    p->own.sun_family = p->server.sun_family = AF_UNIX;
    int n = snprintf(p->server.sun_path, sizeof p->server.sun_path, "%.*s/.s.PGSQL.5432", (int)(rest - host),
                     host);
    snprintf(p->dir, sizeof p->dir, "/tmp/qd-test-proxy-XXXXXX");
    if (n < 0 || (size_t)n >= sizeof p->server.sun_path || !mkdtemp(p->dir)) return false;
    snprintf(p->own.sun_path, sizeof p->own.sun_path, "%s/.s.PGSQL.5432", p->dir);
    char *copy = must_strdup(rest);
    snprintf(conninfo, room, "host=%s%s", p->dir, copy);
    free(copy);
    return true;
}

struct pg_proxy *pg_proxy_start(char *conninfo, size_t room) {
    struct pg_proxy *p = must_calloc(1, sizeof *p);
    p->listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (p->listening >= 0 && take_places(p, conninfo, room) && pipe2(p->stop, O_CLOEXEC) == 0 &&
        bind(p->listening, (const struct sockaddr *)&p->own, sizeof p->own) == 0 &&
        listen(p->listening, 64) == 0 && pthread_create(&p->thread, NULL, take, p) == 0)
        return p;
    fprintf(stderr, "pg_proxy: cannot be started: %s\n", strerror(errno));
    free(p);
    return NULL;
}

void pg_proxy_stop(struct pg_proxy *p) {
    close(p->stop[1]);
    pthread_join(p->thread, NULL);
    while (p->running > 0)
        poll(NULL, 0, 1);
    close(p->listening);
    close(p->stop[0]);
    unlink(p->own.sun_path);
    rmdir(p->dir);
    free(p);
}

void pg_proxy_break(struct pg_proxy *p, unsigned every) {
    p->every = every;
}

void pg_proxy_lie(struct pg_proxy *p, unsigned every) {
    p->lie_every = every;
}

unsigned pg_proxy_lies(struct pg_proxy *p) {
    return p->lies;
}

unsigned pg_proxy_broken(struct pg_proxy *p, enum pg_break kind) {
    return p->broken[kind];
}
