/* What systemd is told: that the service answers, once it does, and that it stops. The test is systemd: a datagram socket in $NOTIFY_SOCKET. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/support/service.h"
#include "tests/support/suite.h"

static int listen_at(char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    snprintf(path, sizeof address.sun_path, "/tmp/quarterday-notify-%d", (int)getpid());
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    unlink(path);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) == 0) return fd;
    close(fd);
    return -1;
}

/* "" when nothing comes within a minute. */
static const char *told(int fd) {
    static char text[500];
    struct pollfd p = {.fd = fd, .events = POLLIN};
    ssize_t n = poll(&p, 1, 60000) == 1 ? recv(fd, text, sizeof text - 1, 0) : 0;
    text[n > 0 ? n : 0] = '\0';
    return text;
}

static void ready_and_stopping(void) {
    char path[sizeof((struct sockaddr_un *)0)->sun_path];
    int fd = listen_at(path);
    CHECK(fd >= 0, "a socket at %s", path);
    setenv("NOTIFY_SOCKET", path, 1);
    struct service *s = service_start(&(struct service_options){.today = NULL});
    unsetenv("NOTIFY_SOCKET");
    CHECK(s, "started");
    const char *ready = told(fd);
    CHECK(strstr(ready, "READY=1") && s && strstr(ready, s->url), "'%s'", ready);
    CHECK(s && service_stop(s) == 0, "stopped");
    CHECK(strcmp(told(fd), "STOPPING=1") == 0, "said before it ended");
    close(fd);
    unlink(path);
}

void suite_http_notify(void) {
    suite_add("http notify", NULL, NULL);
    case_add("systemd is told when it answers and when it stops", ready_and_stopping);
}
