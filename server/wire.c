/* wire: who has bytes left has a pail, nobody else: not a connection that rests, nor one that is slow.
 *
 * What has come and is in a pail counts as not yet read. libmicrohttpd looks at its sockets edge by edge, so it asks until it is told EAGAIN, and
 * here only the kernel says that, when the pail is empty. That a read brought less than it had room for says the same, but not for long: an edge
 * may come, and be seen, before libmicrohttpd asks again. (GnuTLS says EAGAIN by itself when a client has changed its keys; what lies in the pail then
 * waits for what comes next.)
 *
 * A record is held back only while more of its reply is sure to come. Bytes on the wire are counted as if they were bytes of the body, which are
 * fewer: the count may end too early, and then the rest leaves by itself, but never too late. */
#include "server/wire.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "base/arena.h"
#include "server/cork.h"
#include "server/resting.h"

enum { PAIL_BYTES = 32 * 1024 }; /* two records of the longest */

struct pail {
    size_t from, to;
    char bytes[PAIL_BYTES];
};

struct wire {
    struct handshake *handshake;
    int fd;
    bool open;         /* the handshake is done */
    bool header_due;   /* of a reply that is gathered */
    uint64_t body_due; /* the bytes behind it; 0: nothing is gathered */
    struct pail *come, *held;
    struct resting resting;
    size_t received; /* since the handshake, until the first header is there */
};

/* ---- pails ---- */

/* Each thread keeps one at hand. */
static pthread_key_t at_hand;

static void make_key(void) {
    pthread_key_create(&at_hand, free);
}

static struct pail *pail_take(void) {
    struct pail *p = pthread_getspecific(at_hand);
    if (p) pthread_setspecific(at_hand, NULL);
    else p = must_alloc(sizeof *p);
    p->from = p->to = 0;
    return p;
}

static void pail_give(struct pail *p) {
    if (pthread_getspecific(at_hand) || pthread_setspecific(at_hand, p) != 0) free(p);
}

static size_t left_in(const struct pail *p) {
    return p ? p->to - p->from : 0;
}

/* So much of it is done with. */
static void pail_pour(struct pail **p, size_t n) {
    (*p)->from += n;
    if (left_in(*p)) return;
    pail_give(*p);
    *p = NULL;
}

/* ---- what comes ---- */

/* As recv(). */
static ssize_t draw(struct wire *w) {
    w->come = pail_take();
    ssize_t n = recv(w->fd, w->come->bytes, PAIL_BYTES, 0);
    if (n > 0) {
        w->come->to = (size_t)n;
        resting_ends(&w->resting);
        return n;
    }
    int why = errno;
    pail_pour(&w->come, 0);
    if (n < 0 && (why == EAGAIN || why == EWOULDBLOCK)) {
        if (w->open) resting_begins(&w->resting);
        else handshake_wait(w->handshake);
    }
    errno = why;
    return n;
}

static ssize_t pull(gnutls_transport_ptr_t context, void *bytes, size_t size) {
    struct wire *w = context;
    if (!w->come) {
        ssize_t n = draw(w);
        if (n <= 0) return n;
    }
    size_t n = left_in(w->come) < size ? left_in(w->come) : size;
    memcpy(bytes, w->come->bytes + w->come->from, n);
    pail_pour(&w->come, n);
    if (w->open && !w->resting.from) w->received += n;
    return (ssize_t)n;
}

/* Empty lines may have come before the first header. Where it lies the memory stays, so one look is enough. */
void wire_header_is_there(struct wire *w, const char *header, size_t bytes, size_t memory_bytes) {
    if (w->resting.from || w->received < bytes) return;
    resting_know(&w->resting, header, memory_bytes, w->received - bytes);
}

/* ---- what goes ---- */

static bool is_last(const struct wire *w, size_t n) {
    return !w->body_due || (!w->header_due && n >= w->body_due);
}

static void count(struct wire *w, size_t n) {
    if (w->header_due) w->header_due = false;
    else w->body_due -= n < w->body_due ? n : w->body_due;
}

static void hold(struct wire *w, const giovec_t *pieces, int pieces_n) {
    if (!w->held) w->held = pail_take();
    for (int i = 0; i < pieces_n; i++) {
        memcpy(w->held->bytes + w->held->to, pieces[i].iov_base, pieces[i].iov_len);
        w->held->to += pieces[i].iov_len;
    }
}

/* Sends what was held and the pieces behind it; how much of the pieces went, or -1. */
static ssize_t let_go(struct wire *w, const giovec_t *pieces, int pieces_n) {
    enum { PIECES_MOST = 64 };
    struct iovec all[1 + PIECES_MOST];
    size_t held = left_in(w->held), n = 0;
    if (held) all[n++] = (struct iovec){w->held->bytes + w->held->from, held};
    for (int i = 0; i < pieces_n && i < PIECES_MOST; i++)
        all[n++] = (struct iovec){pieces[i].iov_base, pieces[i].iov_len};
    ssize_t sent = n == 1 ? send(w->fd, all->iov_base, all->iov_len, MSG_NOSIGNAL)
                          : sendmsg(w->fd, &(struct msghdr){.msg_iov = all, .msg_iovlen = n}, MSG_NOSIGNAL);
    if (sent < 0 || !held) return sent;
    pail_pour(&w->held, (size_t)sent < held ? (size_t)sent : held);
    if ((size_t)sent > held) return sent - (ssize_t)held;
    errno = EAGAIN;
    return -1;
}

static ssize_t push(gnutls_transport_ptr_t context, const giovec_t *pieces, int pieces_n) {
    struct wire *w = context;
    size_t n = 0;
    for (int i = 0; i < pieces_n; i++)
        n += pieces[i].iov_len;
    if (!is_last(w, n) && n <= PAIL_BYTES - (w->held ? w->held->to : 0)) {
        hold(w, pieces, pieces_n);
        count(w, n);
        return (ssize_t)n;
    }
    ssize_t sent = let_go(w, pieces, pieces_n);
    if (sent > 0) count(w, (size_t)sent);
    return sent;
}

void wire_reply_begins(struct wire *w, uint64_t body_bytes) {
    w->header_due = body_bytes > 0 && body_bytes <= PAIL_BYTES;
    w->body_due = w->header_due ? body_bytes : 0;
    cork_reply_begins(w->fd, w->header_due);
}

/* ---- a connection ---- */

/* The client's Finished is the last thing that is read of a handshake, whatever the version. */
static int finished(gnutls_session_t session, unsigned what, unsigned when, unsigned incoming,
                    const gnutls_datum_t *message) {
    (void)what, (void)when, (void)message;
    gnutls_transport_ptr_t from, to;
    gnutls_transport_get_ptr2(session, &from, &to);
    struct wire *w = from;
    if (incoming) w->open = true;
    return 0;
}

struct wire *wire_begin(struct handshakes *all, struct MHD_Connection *connection, gnutls_session_t session,
                        int fd) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_key);
    struct wire *w = must_calloc(1, sizeof *w);
    *w = (struct wire){.handshake = handshake_begin(all, connection, fd), .fd = fd};
    cork_begin(fd);
    gnutls_transport_set_ptr2(session, w, w);
    gnutls_transport_set_pull_function(session, pull);
    gnutls_transport_set_vec_push_function(session, push);
    gnutls_handshake_set_hook_function(session, GNUTLS_HANDSHAKE_FINISHED, GNUTLS_HOOK_POST, finished);
    return w;
}

/* Not always on the thread of the connection: it keeps no pail. */
void wire_end(struct wire *w) {
    cork_end(w->fd);
    handshake_end(w->handshake);
    free(w->come);
    free(w->held);
    free(w);
}
