/* origin: from where a request comes, where a proxy may stand in front. Pure.
 *
 * Of X-Forwarded-For or Forwarded only the last hop is read, the one that the proxy itself has seen, and only when the connection
 * comes from a proxy that is trusted: everything before it can be written by anybody. */
#ifndef QD_SERVER_ORIGIN_H
#define QD_SERVER_ORIGIN_H

#include <sys/socket.h>

#include "server/server.h"

/* The address of a connection; not known (all zeros) where it has none, as NULL has. */
struct address origin_of_socket(const struct sockaddr *at);

/* peer: of the connection. Not known (all zeros) when a trusted proxy does not say it, or not as an address. */
struct address origin_of(const struct address *peer, const struct server_settings *s,
                         const struct pair *headers, size_t count);

#endif
