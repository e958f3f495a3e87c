/* cork: what is known of a socket lies in a table by its number, which one thread at a time uses; numbers beyond it are left to the library, as is a
 * socket whose option could not be set.
 *
 * Surprise: the library remembers what it has set. One that it has really corked stays so for good, since it then pushes by TCP_NODELAY alone;
 * that call must reach the kernel, or the end of a reply would lie there for 200 ms. */
#include "server/cork.h"

#include <dlfcn.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

enum { SOCKETS = 1 << 16 };
enum { IS_OURS = 1, IS_GATHERED = 2, IS_CORKED = 4 };

static _Atomic uint8_t table[SOCKETS];

static uint8_t state_of(int fd) {
    return fd >= 0 && fd < SOCKETS ? atomic_load_explicit(&table[fd], memory_order_relaxed) : 0;
}

static void set_state(int fd, uint8_t state) {
    atomic_store_explicit(&table[fd], state, memory_order_relaxed);
}

/* ---- the C library's ---- */

typedef int setsockopt_fn(int fd, int level, int name, const void *value, socklen_t n);
static setsockopt_fn *real;

static void find_real(void) {
    void *found = dlsym(RTLD_NEXT, "setsockopt");
    memcpy(&real, &found, sizeof real);
}

static int set_really(int fd, int level, int name, const void *value, socklen_t n) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, find_real);
    return real(fd, level, name, value, n);
}

/* ---- in its place ---- */

static bool is_on(const void *value, socklen_t n) {
    int on = 0;
    if (n == sizeof on) memcpy(&on, value, sizeof on);
    return on != 0;
}

/* Would it change nothing? */
static bool is_needless(uint8_t state, int name, bool on) {
    if (!(state & IS_OURS) || !on) return false;
    return name == TCP_NODELAY ? !(state & IS_CORKED) : (state & IS_GATHERED) != 0;
}

__attribute__((visibility("default"))) int setsockopt(int fd, int level, int name, const void *value,
                                                      socklen_t n) {
    bool ours = level == IPPROTO_TCP && (name == TCP_NODELAY || name == TCP_CORK);
    uint8_t state = ours ? state_of(fd) : 0;
    if (!(state & IS_OURS)) return set_really(fd, level, name, value, n);
    bool on = is_on(value, n);
    if (is_needless(state, name, on)) return 0;
    int rc = set_really(fd, level, name, value, n);
    if (rc == 0 && name == TCP_NODELAY)
        set_state(fd, on ? state : 0); /* taken off: no longer as cork_begin() left it */
    else if (rc == 0) set_state(fd, (uint8_t)(on ? state | IS_CORKED : state & ~IS_CORKED));
    return rc;
}

/* ---- a connection ---- */

void cork_begin(int fd) {
    const int on = 1;
    if (fd < 0 || fd >= SOCKETS) return;
    bool set = set_really(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0;
    set_state(fd, set ? IS_OURS : 0);
}

void cork_end(int fd) {
    if (state_of(fd)) set_state(fd, 0);
}

void cork_reply_begins(int fd, bool is_gathered) {
    uint8_t state = state_of(fd);
    if (state & IS_OURS) set_state(fd, (uint8_t)(is_gathered ? state | IS_GATHERED : state & ~IS_GATHERED));
}
