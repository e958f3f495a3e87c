/* door: the listening socket and the thread that accepts.
 *
 * Not libmicrohttpd's own, for one reason: MHD_quiesce_daemon() of 0.9.75 races with its epoll threads for the listening
 * socket and aborts the process when it loses (read in daemon.c: both sides call EPOLL_CTL_DEL and panic on failure). Here
 * closing is ours, and so is what happens when descriptors run out. */
#ifndef QD_SERVER_DOOR_H
#define QD_SERVER_DOOR_H

#include <sys/socket.h>

#include "base/err.h"

struct door;

struct door_settings {
    const char *address; /* numeric, IPv4 or IPv6; "::" is both */
    uint16_t port;       /* 0 takes a free one */
    /* Takes the connection, or closes it. On the door's thread. */
    void (*enter)(void *context, int fd, const struct sockaddr *from, socklen_t length);
    bool (*is_full)(void *context); /* true leaves newcomers waiting in the kernel's queue */
    void *context;
};

/* Binds and listens; nobody is let in before door_run(). */
enum err door_open(const struct door_settings *settings, struct fault *fault, struct door **out);
uint16_t door_port(const struct door *door);
enum err door_run(struct door *door, struct fault *fault);
/* Closes the socket and ends the thread; connections already inside are not touched. */
void door_shut(struct door *door);
void door_free(struct door *door);

#endif
