/* server_cork: what the kernel was told, and that nothing of a reply stays in it. */
#include "server/cork.h"

#include <dlfcn.h>
#include <errno.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/suite.h"

/* A connection over loopback. */
static struct { int ours, theirs; } world;

static int begin(void) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t n = sizeof at;
    int listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    world.theirs = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool made = bind(listening, (struct sockaddr *)&at, n) == 0 && listen(listening, 1) == 0 &&
                getsockname(listening, (struct sockaddr *)&at, &n) == 0 &&
                connect(world.theirs, (struct sockaddr *)&at, n) == 0;
    world.ours = made ? accept(listening, NULL, NULL) : -1;
    close(listening);
    return world.ours >= 0 ? 0 : 1;
}

static int end(void) {
    cork_end(world.ours);
    return close(world.ours) | close(world.theirs);
}

static bool tell(int name, int on) {
    return setsockopt(world.ours, IPPROTO_TCP, name, &on, sizeof on) == 0;
}

static int told(int name) {
    int on = -1;
    socklen_t n = sizeof on;
    return getsockopt(world.ours, IPPROTO_TCP, name, &on, &n) == 0 ? on : -1;
}

/* Bytes that were sent and have not left. */
static int held(void) {
    int bytes = -1;
    return ioctl(world.ours, SIOCOUTQNSD, &bytes) == 0 ? bytes : -1;
}

static void send_some(void) {
    CHECK(send(world.ours, "some", 4, 0) == 4, "sent");
}

static void stands_in_its_place(void) {
    void *found = dlsym(RTLD_DEFAULT, "setsockopt"), *ours;
    int (*function)(int, int, int, const void *, socklen_t) = setsockopt;
    memcpy(&ours, &function, sizeof ours);
    CHECK(found == ours && dlsym(RTLD_NEXT, "setsockopt") != ours, "libraries call ours, ours calls theirs");
}

static void leaves_others_alone(void) {
    cork_end(world.ours);
    CHECK(tell(TCP_NODELAY, 1) && told(TCP_NODELAY) == 1, "set");
    CHECK(tell(TCP_NODELAY, 0) && told(TCP_NODELAY) == 0, "taken back");
    CHECK(tell(TCP_CORK, 1) && told(TCP_CORK) == 1, "corked");
    CHECK(tell(TCP_CORK, 0) && told(TCP_CORK) == 0, "uncorked");
    int keeps = 1, on = 1;
    socklen_t n = sizeof keeps;
    CHECK(setsockopt(world.ours, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on) == 0 &&
              getsockopt(world.ours, SOL_SOCKET, SO_KEEPALIVE, &keeps, &n) == 0 && keeps == 1,
          "another level");
    errno = 0;
    CHECK(setsockopt(-1, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == -1 && errno == EBADF, "no socket");
    CHECK(setsockopt(1 << 20, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == -1, "a number beyond the table");
}

static void spares_what_is_gathered(void) {
    cork_begin(world.ours);
    CHECK(told(TCP_NODELAY) == 1, "what is sent leaves at once");
    cork_reply_begins(world.ours, true);
    CHECK(tell(TCP_CORK, 1) && told(TCP_CORK) == 0, "not corked");
    send_some();
    CHECK(held() == 0 && tell(TCP_NODELAY, 1) && told(TCP_NODELAY) == 1, "gone without being pushed");
    cork_reply_begins(world.ours, false);
    send_some();
    CHECK(held() == 0, "nor the next");
}

/* As the library does it from the first large reply on: corked for good, each end pushed. */
static void pushes_what_is_corked(void) {
    cork_begin(world.ours);
    for (int gathered = 0; gathered <= 1; gathered++) {
        cork_reply_begins(world.ours, false);
        CHECK(tell(TCP_CORK, 1) && told(TCP_CORK) != 0, "corked");
        cork_reply_begins(world.ours, gathered);
        send_some();
        CHECK(held() == 4, "waits");
        CHECK(tell(TCP_NODELAY, 1) && held() == 0, "pushed, gathered %d", gathered);
    }
    CHECK(tell(TCP_CORK, 0) && told(TCP_CORK) == 0, "uncorked");
    send_some();
    CHECK(held() == 0 && tell(TCP_NODELAY, 1), "leaves at once again");
}

/* The next socket of the number is another's. */
static void forgets(void) {
    cork_begin(world.ours);
    cork_reply_begins(world.ours, true);
    cork_end(world.ours);
    CHECK(tell(TCP_CORK, 1) && told(TCP_CORK) == 1 && tell(TCP_CORK, 0), "corked as asked");
    cork_reply_begins(world.ours, true);
    CHECK(tell(TCP_CORK, 1) && told(TCP_CORK) == 1 && tell(TCP_CORK, 0), "a reply of nobody");
    cork_begin(-1);
    cork_end(-1);
    cork_reply_begins(1 << 20, true);
    cork_begin(world.theirs + 1000); /* no socket: left to the library */
    int on = 1;
    CHECK(setsockopt(world.theirs + 1000, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == -1, "fails as before");
}

void suite_server_cork(void) {
    suite_add("server_cork", begin, end);
    case_add("stands in the place of the C library's", stands_in_its_place);
    case_add("other sockets and options are left alone", leaves_others_alone);
    case_add("a gathered reply costs no call", spares_what_is_gathered);
    case_add("what was corked is pushed", pushes_what_is_corked);
    case_add("a socket that is closed is forgotten", forgets);
}
