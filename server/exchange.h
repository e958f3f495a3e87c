/* exchange: one request and its reply, from the request line to the last byte. Internal to server/.
 *
 * Owned by one thread at a time: the I/O thread of its connection, or, between visitor_waits() and the resume, one worker. */
#ifndef QD_SERVER_EXCHANGE_H
#define QD_SERVER_EXCHANGE_H

#include <stdatomic.h>

#include "server/crew.h"
#include "server/deadline.h"
#include "server/door.h"
#include "server/guard.h"
#include "server/kept.h"
#include "server/rates.h"
#include "server/route.h"
#include "server/server.h"
#include "server/spool.h"
#include "server/stream.h"
#include "server/tls.h"

struct handshakes;
struct MHD_Connection;
struct MHD_Daemon;
struct MHD_Response;
struct wire;

enum {
    POOL_BYTES = 32 * 1024, /* the library's memory for one connection */
    JSON_BODY_MAX = 1 << 20,
    DRAIN_MAX = 1 << 20, /* of a refused body: more is not waited for */
    RETRY_AFTER_SECONDS = 2,
};

/* libmicrohttpd calls the same function for the header, for pieces of the body, at the end, and again after a resume, with
 * arguments that do not tell these apart. So the stage is ours. */
enum stage {
    STAGE_LINE,   /* the request line is known, the header not yet */
    STAGE_BODY,   /* the header was judged; the body arrives, if there is one */
    STAGE_WORKER, /* suspended: a worker has it, or will have it */
    STAGE_ANSWER, /* the reply is made, not yet handed to the library */
    STAGE_REPLY,  /* handed over */
};

struct server {
    struct server_settings settings;
    char *spool_dir, *hosts;
    struct router *router;
    struct tls *tls;
    struct deadlines *deadlines;
    struct handshakes *handshakes;
    struct streams *streams;
    struct rates *key_rates, *address_rates; /* apart, so that strangers cannot crowd out keys */
    struct door *door;
    struct kept_replies *kept;          /* NULL: none is kept */
    struct crew *crews[LANE_WRITE + 1]; /* by enum lane; none for LANE_INLINE */
    struct MHD_Daemon *daemon;
    bool layout_known;
    int64_t said_full; /* when the log was told last that every place is taken; the door's thread's */
    atomic_bool stopping;
    atomic_uint under_way; /* exchanges whose header was judged and which have not ended */
};

struct exchange {
    struct request request;
    struct reply reply;
    struct job job;
    struct server *server;
    struct MHD_Connection *connection;
    struct visitor *visitor;
    struct wire *wire;
    struct key_seen *seen; /* over the connection */
    struct arena arena;    /* holds this struct too */
    enum stage stage;
    struct guard_facts facts;
    struct principal who;
    struct rate_left rate;         /* what the answer says of the limit; none where limit is 0 */
    struct address peer, from;     /* of the connection; of whoever asks, once the header is there */
    str kept_key;                  /* by which the reply may be kept; .p NULL: it may not */
    struct reply_state state;      /* before the handler looked at anything */
    struct kept *kept;             /* what the reply is sent from; NULL: its own body */
    struct MHD_Response *prepared; /* the kept one\'s; NULL: it is not from there, or has been given back */
    bool from_memory;              /* and no handler made it */
    struct spool spool;
    bool gzipped;          /* the body came as gzip; a worker inflates it */
    struct spool inflated; /* to here */
    str target;            /* as received */
    bool counted;          /* in under_way */
    bool close;            /* the connection ends with this reply */
    bool head_only;
    int64_t began;     /* instant_now() */
    uint64_t received; /* bytes of the body */
    uint64_t dropped;  /* of them, after the refusal */
    int status;        /* of the reply that was handed over */
    uint64_t sent;     /* bytes of its body */
};

/* admission.c: judges the header; the first thing wrong goes into request.fault. Needs no library. */
void exchange_admit(struct exchange *x, const char *method, const char *version, struct pair *headers,
                    size_t count, bool garbled);
/* metering.c: each takes one from a bucket; ERR_TOO_MANY_REQUESTS when it is empty. */
enum err exchange_meter_key(struct exchange *x);
enum err exchange_meter_stranger(struct exchange *x);
enum err exchange_meter_failure(struct exchange *x);
/* admission.c: the deepest that a body of this exchange may go. */
uint64_t exchange_body_cap(const struct exchange *x);
/* Is the key still in force that the header was admitted with? ERR_UNAUTHENTICATED where not. */
enum err exchange_check_key(struct exchange *x);

/* remembered.c: the reply from memory. False: a handler must make it, and may then be kept by exchange_keep(), which also compresses it. */
bool exchange_remember(struct exchange *x);
void exchange_keep(struct exchange *x);

/* run.c: calls the handler, or makes the problem document of request.fault. Afterwards the reply is complete. */
void exchange_run_handler(struct exchange *x, void *worker);
void exchange_refuse(struct exchange *x);

/* reply.c: turns the reply into what libmicrohttpd sends; sets status and sent. NULL only when the library is out of memory. It is the caller's, but for
 * x->prepared. */
struct MHD_Response *exchange_response(struct exchange *x);
/* When x->prepared has been sent: it may be sent again. */
void exchange_response_again(struct exchange *x);
void exchange_response_drop(void *prepared);

/* exchange.c: the callbacks that server.c gives to the library, without its types. */
struct address exchange_peer(struct MHD_Connection *connection); /* at the other end of it */
struct exchange *exchange_begin(struct server *server, struct MHD_Connection *connection,
                                struct visitor *visitor, struct wire *wire, struct key_seen *seen,
                                const char *target);
bool exchange_step(struct exchange *x, const char *url, const char *method, const char *version,
                   const char *bytes, size_t *size);
void exchange_end(struct exchange *x, const char *how);
/* A number as a text, in those bytes. */
const char *exchange_digits(uint64_t v, char out[24]);

#endif
