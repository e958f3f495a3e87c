/* deadline: absolute deadlines of connections, and who makes room when there are too many. libmicrohttpd's own timeout counts from the last byte, so one byte a second
 * holds a connection for ever; here a janitor thread shuts the socket of whoever is late, whatever it sends meanwhile.
 *
 * A visitor is one connection. Its functions are called by the I/O thread that owns the connection; only the janitor looks
 * at all of them. */
#ifndef QD_SERVER_DEADLINE_H
#define QD_SERVER_DEADLINE_H

#include "base/address.h"
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

/* Where there is no room the first to go are those who have had two seconds and have not shown a good header yet, the oldest first: an
 * honest client needs less, so whoever holds connections open only makes room for others.
 *
 * Ends some of them. The room is there a moment later, when their threads have noticed. */
void deadlines_make_room(struct deadlines *all);
/* May one more from there come in? Where `most` of that network are inside, one of them makes room; false when none has to. */
bool deadlines_admit(struct deadlines *all, const struct address *from, unsigned most);

/* from: NULL counts for no address. */
struct visitor *visitor_arrive(struct deadlines *all, int fd, void *owner, const struct address *from);
void visitor_leave(struct visitor *v); /* before the socket is closed: its number may be another's at once */
void *visitor_owner(const struct visitor *v);
void visitor_welcome(struct visitor *v); /* has shown a good header: makes room for nobody */
/* A proxy's connection counts for the client whose request it carries, until the answer is out; false when `most` others do already. */
bool visitor_stands_for(struct visitor *v, const struct address *client, unsigned most);

void visitor_header_begins(struct visitor *v); /* the request line is there */
void visitor_body_begins(struct visitor *v);
void visitor_body_grows(struct visitor *v, uint64_t received);
void visitor_waits(struct visitor *v); /* a worker has the request: no deadline */
void visitor_reply_begins(struct visitor *v, uint64_t bytes);
void visitor_rests(struct visitor *v); /* the answer is out */
bool visitor_was_late(const struct visitor *v);

#endif
