/* plan_ask: what the requests about one action plan share: who may see it, reading it, If-Match, and the answer with all of it. */
#ifndef QD_HANDLERS_PLAN_ASK_H
#define QD_HANDLERS_PLAN_ASK_H

#include <jansson.h>

#include "db/store_plans.h"
#include "handlers/app.h"

struct plan_ask {
    struct request *r;
    struct reply *p;
    str service, id;
    json_t *body;
    struct store_plan plan;
    int64_t at;   /* of what is done, once the service is locked; of a reading, up to when all is in it */
    bool as_form; /* the answer is the form (HTML) instead of JSON */
};
struct plan_ask plan_ask_of(struct request *r, struct reply *p);

bool plan_may_see(const struct principal *who, const struct store_plan *p);
enum plan_actor plan_actor_of(const struct principal *who);

/* Into ask->plan. ERR_NOT_FOUND also for a plan that the key may not see. */
enum err plan_ask_load(struct plan_ask *ask, struct fault *fault);
/* TX: locks the service, so that plans are changed one at a time, then loads. */
enum err plan_ask_lock(struct plan_ask *ask, struct fault *fault);
/* ERR_PRECONDITION_REQUIRED without If-Match. */
enum err plan_ask_needs_match(struct request *r);
/* ERR_STALE unless If-Match, where it was sent, names the version of ask->plan. */
enum err plan_ask_matches(const struct plan_ask *ask, struct fault *fault);
/* The whole plan as the reply's body, with its ETag. */
enum err plan_ask_answer(struct plan_ask *ask);

/* Sets one text from the member of the body and notes the change; false where it was not sent or is what it was. */
bool plan_ask_take(const struct plan_ask *ask, const char *name, str *field, struct json *changed);
/* TX. Stores ask->plan as it now is, with what changed (a JSON object), and answers with it. */
enum err plan_ask_store(struct plan_ask *ask, enum plan_status before, enum plan_happening happening,
                        str changed, str comment);

#endif
