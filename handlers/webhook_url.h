/* webhook_url: is this an address that a webhook may have? Only what the text says is judged here; where a name leads is judged when the
 * socket is opened (server/webhook_post.h). */
#ifndef QD_HANDLERS_WEBHOOK_URL_H
#define QD_HANDLERS_WEBHOOK_URL_H

#include "base/arena.h"
#include "base/err.h"

enum { WEBHOOK_URL_MOST = 2000 };

/* *out: the address in its plain form, in the arena. ERR_INVALID with words that do not repeat it, for it may hold a token. */
enum err webhook_url_read(str url, bool allow_inside, struct arena *a, struct fault *fault, str *out);

#endif
