/* stream: all the replies of a server that go on (server/http.h says what one is): how many there may be, whose key is still good, who
 * has heard nothing for a while, and that they end before the library does. Internal to server/.
 *
 * A stream that has nothing to send is a suspended connection: no thread waits for it. It is resumed when something was put into it. */
#ifndef QD_SERVER_STREAM_H
#define QD_SERVER_STREAM_H

#include "server/http.h"

struct MHD_Response;
struct exchange;
struct streams;

struct stream_rules {
    unsigned most, most_per_key;
    int64_t quiet_ms; /* after so long without a byte the heartbeat is sent */
    /* Is the key still good? NULL: every key is. Any thread, must not block. */
    bool (*in_force)(void *app, const struct principal *who);
    void *app;
};

/* Starts the thread that looks after them, once a second. */
enum err streams_start(const struct stream_rules *rules, struct fault *fault, struct streams **out);
/* Lets none begin and ends all; they are gone when their last bytes are sent. Nothing is suspended afterwards. */
void streams_end(struct streams *all);
/* Ends the thread. */
void streams_stop(struct streams *all);
/* When the library has let go of all of them, and their feeders too. */
void streams_free(struct streams *all);

/* What the library sends for a reply that goes on; it owns the server's hold on the stream from then on. NULL: out of memory. */
struct MHD_Response *stream_response(struct exchange *x);
/* The reply does not go out. NULL does nothing. */
void stream_abandon(struct stream *s);

#endif
