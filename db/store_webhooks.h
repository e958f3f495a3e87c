/* store_webhooks: who is sent the events of a service, and how far each has come. What is to be sent is read from the events themselves
 * (store_events.h); a webhook is a cursor over them that moves after the receiver's answer. So nothing is lost wherever we are killed, and
 * what was sent without its answer having been noted is sent again with the same id.
 *
 * Whose: provider empty is the commissioner's. The functions for handlers see the webhooks of one owner only. */
#ifndef QD_DB_STORE_WEBHOOKS_H
#define QD_DB_STORE_WEBHOOKS_H

#include "db/store_events.h"

enum { WEBHOOKS_EACH_MOST = 20 }; /* of an owner, in a service */

/* An attempt and what came of it. */
struct store_attempt {
    int64_t at; /* INSTANT_NONE: there was none */
    int status; /* of HTTP; 0: no answer */
    str error;  /* empty: it was taken */
};

struct store_webhook {
    str id, provider, url;
    str kinds;  /* separated by blanks; empty: all that are handed out */
    str secret; /* only for store_webhook_put() */
    bool paused;
    str paused_because;
    int64_t created_at;
    str created_by;
    int64_t cursor;
    struct store_attempt last;
    str test_id;               /* empty: none was asked for */
    str test_state;            /* WAITING, DELIVERED, FAILED */
    struct store_attempt test; /* at: when it was asked for */
    int64_t dead, waiting;     /* events */
};

/* Who does something to a webhook, for the audit. */
struct store_webhook_by {
    str service, provider;
    str key_id, correlation;
    int64_t at;
};

/* TX, after store_service_lock(). Sets w->id (in a) and w->cursor; w->cursor -1: from now on. ERR_CONFLICT: the owner has
 * WEBHOOKS_EACH_MOST. */
enum err store_webhook_put(struct db *db, const struct store_webhook_by *by, struct store_webhook *w,
                           struct arena *a);
/* id STR_NONE: all. Oldest first. */
enum err store_webhooks_list(struct db *db, str service, str provider, str id, struct arena *a,
                             struct store_webhook **out, size_t *out_count);
enum webhook_change { WEBHOOK_PAUSE, WEBHOOK_RESUME, WEBHOOK_DELETE };
/* TX, of a webhook that store_webhooks_list() has given. ERR_CONFLICT: it is in no state for that. because: of a pause. */
enum err store_webhook_change(struct db *db, const struct store_webhook_by *by, str id,
                              enum webhook_change change, str because);
/* TX, likewise. ERR_CONFLICT: a test is waiting. */
enum err store_webhook_test(struct db *db, const struct store_webhook_by *by, str id);

struct store_delivery {
    struct store_event event; /* without its body */
    str state;                /* DUE, DEAD, DELIVERED */
    int attempts;
    int64_t first_at, next_at;
    struct store_attempt last;
};
bool store_delivery_state_is(str name);
/* state empty: all. Newest event first. */
enum err store_webhook_deliveries(struct db *db, str service, str id, str state, uint64_t offset,
                                  uint64_t limit, struct arena *a, struct store_delivery **out,
                                  size_t *out_count, uint64_t *out_total);
/* TX, likewise. seq 0: all that are dead. *out: how many are sent again. One event that is not dead is sent again too if it was delivered;
 * ERR_NOT_FOUND otherwise. */
enum err store_webhook_resend(struct db *db, const struct store_webhook_by *by, str id, int64_t seq,
                              int64_t *out);

/* ---- for the one that delivers ---- */

/* Is this connection the one that delivers, until it is lost? */
enum err store_webhooks_claim(struct db *db, bool *out);

struct store_webhook_due {
    str service, webhook, url, secret;
    int64_t seq;  /* 0: a test */
    int attempts; /* before this one */
    str id;       /* what a receiver knows it by */
    str body;     /* what is sent */
};
/* One thing of each webhook that is not in `busy` ("service/webhook service/webhook"). */
enum err store_webhooks_due(struct db *db, str busy, uint64_t limit, struct arena *a,
                            struct store_webhook_due **out, size_t *out_count);
/* TX. Moves the cursors of those that have nothing to be sent. */
enum err store_webhooks_pass(struct db *db, str busy);
/* TX. What came of it. wait_ms: until the next attempt; -1: it is dead. pause: why the webhook is to be paused; empty: it is not. An error
 * that is empty says it was taken. */
enum err store_webhook_result(struct db *db, const struct store_webhook_due *due, int status, str error,
                              int64_t wait_ms, str pause);

#endif
