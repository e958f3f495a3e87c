/* webhook_ask: what the requests about webhooks share: whose they are, finding one, and how it is written. */
#ifndef QD_HANDLERS_WEBHOOK_ASK_H
#define QD_HANDLERS_WEBHOOK_ASK_H

#include "db/store_webhooks.h"
#include "handlers/app.h"

struct webhook_ask {
    struct request *r;
    struct reply *p;
    struct store_webhook_by by; /* service, and whose: the key's provider, or the commissioner */
    str id;                     /* {webhook} of the path */
    struct store_webhook webhook;
};
struct webhook_ask webhook_ask_of(struct request *r, struct reply *p);

/* Into ask->webhook. ERR_NOT_FOUND also for one of another owner. */
enum err webhook_ask_load(struct webhook_ask *ask, struct fault *fault);
/* TX: locks the service, so that webhooks are changed one at a time, then loads. */
enum err webhook_ask_lock(struct webhook_ask *ask, struct fault *fault);
/* secret: of one that is being made, STR_NONE writes null; NULL: it is not told of at all. */
void webhook_write(struct json *j, str service, const struct store_webhook *w, const str *secret);
/* {"at","status","error"}, or null where there was none; status null: no answer. */
void webhook_attempt_write(struct json *j, const char *key, const struct store_attempt *attempt);
/* ask->webhook, loaded anew, as the reply's body. */
enum err webhook_ask_answer(struct webhook_ask *ask, struct fault *fault);

#endif
