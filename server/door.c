/* door: accepts and hands over. Must not speak TLS or HTTP, nor count anything itself. */
#include "server/door.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "server/log.h"

enum { BACKLOG = 1024, PAUSE_MS = 50 };

struct door {
    struct door_settings settings;
    int fd, bell; /* the bell ends the thread */
    uint16_t port;
    bool running;
    bool short_of_descriptors; /* said so in the log already */
    pthread_t porter;
};

static enum err bind_to(const struct addrinfo *a, const struct door_settings *s, struct fault *fault,
                        int *out_fd) {
    int fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return fail(fault, ERR_UNAVAILABLE, "Cannot make a socket: %s", strerror(errno));
    int on = 1, off = 0;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (a->ai_family == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (bind(fd, a->ai_addr, a->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0) {
        *out_fd = fd;
        return OK;
    }
    int why = errno;
    close(fd);
    if (why == EADDRINUSE)
        return fail(fault, ERR_UNAVAILABLE,
                    "Port %u of %s is in use: stop what uses it, or choose another port (0 takes a free one)",
                    s->port, s->address);
    if (why == EACCES)
        return fail(fault, ERR_UNAVAILABLE,
                    "Port %u needs rights that this user has not: choose one above 1023", s->port);
    return fail(fault, ERR_UNAVAILABLE, "Cannot listen on port %u of %s: %s", s->port, s->address,
                strerror(why));
}

static uint16_t port_of(int fd) {
    struct sockaddr_storage a;
    socklen_t n = sizeof a;
    if (getsockname(fd, (struct sockaddr *)&a, &n) != 0) return 0;
    if (a.ss_family == AF_INET6) return ntohs(((struct sockaddr_in6 *)&a)->sin6_port);
    return ntohs(((struct sockaddr_in *)&a)->sin_port);
}

enum err door_open(const struct door_settings *settings, struct fault *fault, struct door **out) {
    char service[8];
    snprintf(service, sizeof service, "%u", settings->port);
    const struct addrinfo want = {.ai_socktype = SOCK_STREAM,
                                  .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE};
    struct addrinfo *found = NULL;
    if (!settings->address || getaddrinfo(settings->address, service, &want, &found) != 0)
        return fail(fault, ERR_UNAVAILABLE,
                    "\"%s\" is not a numeric address to listen on, such as 127.0.0.1 or ::1",
                    settings->address ? settings->address : "");
    int fd = -1;
    enum err e = bind_to(found, settings, fault, &fd);
    freeaddrinfo(found);
    if (e) return e;
    int bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (bell < 0) {
        close(fd);
        return fail(fault, ERR_UNAVAILABLE, "Cannot make an event descriptor: %s", strerror(errno));
    }
    struct door *door = must_calloc(1, sizeof *door);
    *door = (struct door){.settings = *settings, .fd = fd, .bell = bell, .port = port_of(fd)};
    door->settings.address = NULL; /* the caller's string may go */
    *out = door;
    return OK;
}

uint16_t door_port(const struct door *door) {
    return door->port;
}

/* True when the bell rings before the time is over. */
static bool bell_rings(const struct door *door, int ms) {
    struct pollfd bell = {.fd = door->bell, .events = POLLIN};
    return poll(&bell, 1, ms) > 0;
}

/* False when the kernel has no descriptor or no memory for one more. */
static bool accept_all(struct door *door) {
    for (;;) {
        if (door->settings.is_full(door->settings.context)) return false;
        struct sockaddr_storage from;
        socklen_t n = sizeof from;
        int fd = accept4(door->fd, (struct sockaddr *)&from, &n, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd >= 0) {
            door->short_of_descriptors = false;
            door->settings.enter(door->settings.context, fd, (struct sockaddr *)&from, n);
            continue;
        }
        /* Anything else but a shortage concerns the one connection that went away before it came in. */
        if (errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM) return true;
        if (!door->short_of_descriptors) log_event(LOG_WARN, "accept-failed", "why", strerror(errno), NULL);
        door->short_of_descriptors = true;
        return false;
    }
}

static void *attend(void *argument) {
    struct door *door = argument;
    for (;;) {
        struct pollfd both[2] = {{.fd = door->fd, .events = POLLIN}, {.fd = door->bell, .events = POLLIN}};
        /* Without memory for a moment: whoever ends here is deaf until somebody notices. */
        if (poll(both, 2, -1) < 0) {
            nanosleep(&(struct timespec){0, PAUSE_MS * 1000000L}, NULL);
            continue;
        }
        if (both[1].revents) break;
        if ((both[0].revents & POLLIN) && !accept_all(door) && bell_rings(door, PAUSE_MS)) break;
    }
    return NULL;
}

enum err door_run(struct door *door, struct fault *fault) {
    int wrong = pthread_create(&door->porter, NULL, attend, door);
    if (wrong) return fail(fault, ERR_UNAVAILABLE, "Cannot start the accepting thread: %s", strerror(wrong));
    door->running = true;
    return OK;
}

void door_shut(struct door *door) {
    if (door->running) {
        uint64_t one = 1;
        while (write(door->bell, &one, sizeof one) < 0 && errno == EINTR)
            continue;
        pthread_join(door->porter, NULL);
        door->running = false;
    }
    if (door->fd >= 0) close(door->fd);
    door->fd = -1;
}

void door_free(struct door *door) {
    door_shut(door);
    close(door->bell);
    free(door);
}
