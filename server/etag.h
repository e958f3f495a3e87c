/* etag: does If-None-Match name the representation that we would send? Pure. */
#ifndef QD_SERVER_ETAG_H
#define QD_SERVER_ETAG_H

#include "server/http.h"

/* etag is strong, with its quotes. True for *, or when a list of any If-None-Match line has it (weak comparison, RFC 9110
 * 13.1.2: W/"x" equals "x"). */
bool etag_is_known(const struct request *r, str etag);

#endif
