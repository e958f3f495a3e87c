/* compress: a finished reply as gzip, where the client takes it and it is worth it. */
#ifndef QD_SERVER_COMPRESS_H
#define QD_SERVER_COMPRESS_H

#include "server/http.h"

/* Says in Vary that it depends on Accept-Encoding; replaces body and ETag, and names the coding, where the client accepts gzip and the body is not
 * small. One that has a Content-Encoding stays as it is. Without memory too. */
void compress_reply(struct request *r, struct reply *p);

#endif
