/* handshake: a TLS handshake that waits for its client costs nothing.
 *
 * libmicrohttpd 0.9.75 does not notice that gnutls_handshake() has read all there was (connection_https.c leaves the connection marked as
 * readable): it asks again and again, a whole processor, until the client's next flight arrives. That is a round trip for every client and
 * the whole deadline for one that stops halfway. So the reading end of the socket is ours (server/wire.h): where nothing is there, the
 * connection is suspended, and a thread that waits for all such sockets lets it go on. */
#ifndef QD_SERVER_HANDSHAKE_H
#define QD_SERVER_HANDSHAKE_H

#include <microhttpd.h>

#include "base/err.h"

struct handshakes;
struct handshake;

enum err handshakes_start(struct fault *fault, struct handshakes **out);
/* Nobody waits any more: who does, goes on. Before the library is stopped, which aborts with a connection suspended. */
void handshakes_stop(struct handshakes *all);
void handshakes_free(struct handshakes *all);

/* A connection has arrived; on the thread that will own it, as all that follows. */
struct handshake *handshake_begin(struct handshakes *all, struct MHD_Connection *connection, int fd);
/* Until the client has sent something; to be followed by telling the library EAGAIN. */
void handshake_wait(struct handshake *h);
void handshake_end(struct handshake *h); /* before the socket is closed */

#endif
