/* cork: spares a connection the calls of the kernel by which libmicrohttpd 0.9.75 corks its socket and pushes what lies there.
 *
 * Over TLS it sets TCP_NODELAY behind every record that is to leave, though it is set, and corks before a header that is not to leave alone: one or
 * two calls of setsockopt() a reply, each a tenth of what a 304 takes. There is no option against that. So the program has a function of that
 * name, which the loader gives to all libraries in the place of the C library's: it does nothing where nothing would change, and otherwise calls that one. */
#ifndef QD_SERVER_CORK_H
#define QD_SERVER_CORK_H

#include <stdbool.h>

/* The connection has this socket from now on: what is sent leaves at once. */
void cork_begin(int fd);
void cork_end(int fd); /* before it is closed */
/* The reply that begins is gathered (server/wire.h): no piece of it needs to wait in the kernel for the next. */
void cork_reply_begins(int fd, bool is_gathered);

#endif
