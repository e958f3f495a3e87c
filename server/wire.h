/* wire: the bytes of a connection between GnuTLS and the socket.
 *
 * GnuTLS 3.7.9 asks the kernel twice for each record, its five bytes of header and then its body, and hands each record over by itself;
 * libmicrohttpd 0.9.75 sends the header of a reply and its body as records of their own. So a dashboard took two calls to be asked for and three to be
 * answered. Here what is there is taken at once, and a reply that lies in memory and is not large leaves as one. */
#ifndef QD_SERVER_WIRE_H
#define QD_SERVER_WIRE_H

#include <gnutls/gnutls.h>

#include "server/handshake.h"

struct wire;

/* A connection has arrived; on the thread that will own it, as all that follows. */
struct wire *wire_begin(struct handshakes *all, struct MHD_Connection *connection, gnutls_session_t session,
                        int fd);
void wire_end(struct wire *w); /* before the socket is closed */

/* The header of a request, of so many bytes, lies there; the memory of the connection, of so many, begins with it or with what came before it. */
void wire_header_is_there(struct wire *w, const char *header, size_t bytes, size_t memory_bytes);
/* A reply will be sent whose body, of so many bytes, follows its header without anybody having to wait for it. */
void wire_reply_begins(struct wire *w, uint64_t body_bytes);

#endif
