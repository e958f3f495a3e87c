/* http: one request to the service and its answer; the only file that knows libcurl. TLS is always verified, nothing
 * is ever sent unencrypted, no redirection is followed. What says "later" (429, 503) is tried again, and a lost
 * connection too where sending twice is the same as sending once. */
#ifndef QD_CLIENT_HTTP_H
#define QD_CLIENT_HTTP_H

#include <jansson.h>

#include "base/buf.h"
#include "client/connection.h"
#include "client/progress.h"

struct http_ask {
    str path;         /* "/v1/...", escaped, with its query */
    const char *type; /* Content-Type of the body; NULL: let the service find out */
    const char *if_match;
    int body_fd; /* -1: a GET; otherwise a PUT of the file from its beginning */
    uint64_t body_bytes;
    struct progress *progress; /* NULL: none */
};

struct http_answer {
    long status; /* 0: none; `words` says why */
    bool interrupted;
    struct buf body;
    char words[900];
    json_t *json; /* the body, when it is JSON */
};

/* False: no answer, or one that only says that it failed on the service's side. To be closed in both cases. */
bool http_send(const struct connection *c, const struct http_ask *ask, struct http_answer *out);
void http_close(struct http_answer *a);

/* Says why there is no usable answer: `words`, or the problem's detail with advice for its status. The exit status. */
int http_explain(const struct connection *c, const struct http_answer *a);

#endif
