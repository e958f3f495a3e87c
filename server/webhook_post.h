/* webhook_post: sends signed POST requests to addresses that others have named, several at once, on one thread. Only over HTTPS, with the
 * certificate checked, without proxies, following no redirect, and only to addresses of the public Internet unless allowed: the address is
 * judged when the socket is about to be connected, so a name that resolves differently the second time gains nothing. */
#ifndef QD_SERVER_WEBHOOK_POST_H
#define QD_SERVER_WEBHOOK_POST_H

#include "base/err.h"

struct webhook_poster;
struct webhook_poster_how {
    const char *ca_file;     /* PEM, trusted beside the system's; "" for none */
    bool allow_inside;       /* private and loopback addresses too */
    uint32_t answer_seconds; /* all that a receiver may take */
};
/* how is copied, its text is borrowed. NULL when libcurl cannot start. All but webhook_poster_wake() belong to one thread. */
struct webhook_poster *webhook_poster_new(const struct webhook_poster_how *how);
/* What is under way is broken off. */
void webhook_poster_free(struct webhook_poster *p);

struct webhook_post {
    str url, secret, webhook, id, body;
    int attempt; /* from 1 */
    int64_t at;  /* instant, the time that is signed */
};
/* Begins; the texts must live until webhook_poster_take() has given `context` back. */
bool webhook_poster_send(struct webhook_poster *p, const struct webhook_post *post, void *context);

/* Goes on until something has ended, the socket (-1: none) is readable, somebody wakes it or the time is over. */
void webhook_poster_wait(struct webhook_poster *p, int socket, int timeout_ms);
/* From any thread. */
void webhook_poster_wake(struct webhook_poster *p);

struct webhook_answer {
    void *context;
    int status;      /* 0: no answer */
    char error[200]; /* a sentence's worth, without the address that was reached; "": it was taken (2xx) */
};
bool webhook_poster_take(struct webhook_poster *p, struct webhook_answer *out);

/* "v1=" and hex, with its NUL. The signed text is the seconds since 1970 as decimal digits, a dot, the body. */
enum { WEBHOOK_SIGNATURE_ROOM = 68 };
void webhook_sign(str secret, int64_t seconds, str body, char out[WEBHOOK_SIGNATURE_ROOM]);

#endif
