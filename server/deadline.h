/* deadline: absolute deadlines of connections. libmicrohttpd's own timeout counts from the last byte, so one byte a second
 * holds a connection for ever; here a janitor thread shuts the socket of whoever is late, whatever it sends meanwhile.
 *
 * A visitor is one connection. Its functions are called by the I/O thread that owns the connection; only the janitor looks
 * at all of them. */
#ifndef QD_SERVER_DEADLINE_H
#define QD_SERVER_DEADLINE_H

#include "base/err.h"

struct deadline_rules {
    int64_t header_ms;  /* handshake and header together, or header of a further request */
    int64_t idle_ms;    /* between two requests */
    int64_t grace_ms;   /* before the minimum rate is asked for, in both directions */
    int64_t min_rate;   /* bytes a second */
    int64_t request_ms; /* receiving, or sending the answer, whatever the rate */
};

struct deadlines;
struct visitor;

enum err deadlines_start(const struct deadline_rules *rules, struct fault *fault, struct deadlines **out);
/* Ends the janitor; visitors may still come to their end. */
void deadlines_stop(struct deadlines *all);
void deadlines_free(struct deadlines *all);
unsigned deadlines_count(struct deadlines *all); /* open connections */

struct visitor *visitor_arrive(struct deadlines *all, int fd, void *owner);
void visitor_leave(struct visitor *v); /* before the socket is closed: its number may be another's at once */
void *visitor_owner(const struct visitor *v);

void visitor_header_begins(struct visitor *v); /* the request line is there */
void visitor_body_begins(struct visitor *v);
void visitor_body_grows(struct visitor *v, uint64_t received);
void visitor_waits(struct visitor *v); /* a worker has the request: no deadline */
void visitor_reply_begins(struct visitor *v, uint64_t bytes);
void visitor_rests(struct visitor *v); /* the answer is out */
bool visitor_was_late(const struct visitor *v);

#endif
