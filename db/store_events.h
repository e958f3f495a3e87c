/* store_events: what others are told of. An event is written in the transaction of the change that it tells of, so that there is never
 * one without the other; readers follow with a cursor, which is the number of the last event that they have seen.
 *
 * Numbers are taken while the service's row is held: within a service they are in the order of the commits, and a reader who has seen
 * n never finds a smaller one later. They are not dense, and those of two services say nothing about each other. */
#ifndef QD_DB_STORE_EVENTS_H
#define QD_DB_STORE_EVENTS_H

#include "base/json.h"
#include "db/store.h"

/* What the feed hands out. The table holds more kinds (the trail of sign-offs, locks, plans, payments), which stay inside. */
/* clang-format off */
#define EVENT_LIST(X)                                                                                       \
    X(RETURN_ACCEPTED) /* a version of a part was stored */                                                 \
    X(RETURN_REFUSED)  /* a part that was sent has errors; nothing was stored */                            \
    X(PERIOD_FINAL)    /* everybody has signed, or the commissioner has said so */                          \
    X(KPI_RED)         /* a KPI of a period that is final, once for each */                                 \
    X(KPI_RECOVERED)   /* green in a later final period: its plan is closed */                              \
    X(PLAN_ESCALATED)  /* the calendar took a plan a level up */                                            \
    X(RETURN_DUE)      /* a return's deadline comes near, and it is not signed off */                       \
    X(RETURN_OVERDUE)  /* the deadline has passed, and it was never signed off */                           \
    X(PLAN_DUE)        /* a plan's due date comes near, and it is not submitted */
/* clang-format on */

enum event_kind {
#define X(name) EVENT_##name,
    EVENT_LIST(X)
#undef X
        EVENT_COUNT
};
const char *event_kind_name(enum event_kind kind);
/* False when there is no such name. */
bool event_kind_parse(str name, enum event_kind *out);

/* The names of those in a set of bits 1 << enum event_kind, separated by blanks. */
void event_kinds_write(struct buf *out, uint32_t kinds);
enum { EVENT_ALL = (1 << EVENT_COUNT) - 1 };

/* TX. Tells of something that is stored by no statement of its own. body: a JSON object; its member "provider", or its list
 * "providers", says whom it is about: those see it, the commissioner sees all. ERR_NOT_FOUND: no such service. */
enum err store_event_put(struct db *db, str service, enum event_kind kind, int64_t at, str body);

/* TX, after store_service_lock(). The same, unless one of that kind was told whose body contains `key`, a JSON object. *out_told, which
 * may be NULL: whether it was told now. */
enum err store_event_put_once(struct db *db, str service, enum event_kind kind, int64_t at, str body, str key,
                              bool *out_told);

struct store_event {
    int64_t seq, at;
    str kind;
    str body; /* JSON object */
};
struct store_events_ask {
    str service;
    str provider;   /* STR(""): everything of the service */
    int64_t after;  /* the last one seen; 0: from the first */
    uint32_t kinds; /* bits 1 << enum event_kind */
    uint64_t limit;
};
/* The event as others see it, in the feed and in what is sent to webhooks: the same bytes each time. */
void store_event_write(struct json *j, str service, const struct store_event *event);
/* Oldest first; out_total: how many come after `after` in all. */
enum err store_events_list(struct db *db, const struct store_events_ask *ask, struct arena *a,
                           struct store_event **out, size_t *out_count, uint64_t *out_total);
/* Hears of events from now on, on this connection, which the caller uses for nothing else that listens. *out_socket: becomes readable
 * when something may have come; it changes when the connection is made anew, so this is called before each wait. */
enum err store_events_listen(struct db *db, int *out_socket);
/* Has one come since? Also true when the connection was lost: then anything may have. Does not wait. */
bool store_events_heard(struct db *db);
/* The number of the newest event of the service, of whatever kind; 0: none. */
enum err store_events_newest(struct db *db, str service, int64_t *out);

#endif
